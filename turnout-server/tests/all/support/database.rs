//! A database of its own on the PostgreSQL server that `make test` starts.

use std::time::UNIX_EPOCH;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use url::Url;

/// Where the server is.
const SERVER: &str = "TURNOUT_TEST_POSTGRES_URL";
/// Ours among the advisory locks of the server's own database: who makes a template holds it.
const TEMPLATE_LOCK: i64 = 4_301_126;

/// An empty database, gone when dropped.
pub(crate) struct Database(String);

impl Database {
    pub(crate) async fn empty() -> Self {
        let mut server = PgConnection::connect(server().as_str()).await.unwrap();
        Self::create(&mut server, "").await
    }

    /// A copy of one that `fill` has filled, once for this build of the tests.
    pub(crate) async fn copy_of(name: &str, fill: impl AsyncFnOnce(Url)) -> Self {
        let template = format!("turnout_{name}_{:x}", build());
        let mut server = PgConnection::connect(server().as_str()).await.unwrap();
        if !is_ready(&mut server, &template).await {
            sqlx::query("SELECT pg_advisory_lock($1)")
                .bind(TEMPLATE_LOCK)
                .execute(&mut server)
                .await
                .unwrap();
            // somebody else may have made it meanwhile
            if !is_ready(&mut server, &template).await {
                // what is there is half made
                run(&mut server, format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)")).await;
                run(&mut server, format!("CREATE DATABASE {template}")).await;
                fill(address_of(&template)).await;
                let closed = "ALLOW_CONNECTIONS false IS_TEMPLATE true";
                run(&mut server, format!("ALTER DATABASE {template} WITH {closed}")).await;
            }
            sqlx::query("SELECT pg_advisory_unlock($1)")
                .bind(TEMPLATE_LOCK)
                .execute(&mut server)
                .await
                .unwrap();
        }
        Self::create(&mut server, &format!("TEMPLATE {template}")).await
    }

    async fn create(server: &mut PgConnection, how: &str) -> Self {
        let name = "SELECT 'turnout_server_' || replace(gen_random_uuid()::text, '-', '')";
        let name: String = sqlx::query_scalar(name).fetch_one(&mut *server).await.unwrap();
        run(server, format!("CREATE DATABASE {name} {how}")).await;
        Self(name)
    }

    /// Its address.
    pub(crate) fn url(&self) -> Url {
        address_of(&self.0)
    }

    /// A look at it from outside.
    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(self.url().as_str()).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.0);
        // a runtime cannot wait inside another one
        let dropped = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut server = PgConnection::connect(server().as_str()).await.unwrap();
                run(&mut server, drop).await;
            });
        });
        // the server may be gone already; its folder goes with it
        let _ = dropped.join();
    }
}

/// The address of the server; a test that needs it fails without, and never passes by not running.
#[expect(clippy::disallowed_methods, reason = "where scripts/servers.sh puts it")]
fn server() -> Url {
    let address = std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} is not set: run this by make test, or by scripts/with_servers.sh COMMAND")
    });
    address.parse().unwrap()
}

fn address_of(database: &str) -> Url {
    let mut url = server();
    url.set_path(database);
    url
}

async fn run(connection: &mut PgConnection, statement: String) {
    raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

async fn is_ready(server: &mut PgConnection, template: &str) -> bool {
    let found = sqlx::query_scalar("SELECT datistemplate FROM pg_database WHERE datname = $1");
    found.bind(template).fetch_optional(server).await.unwrap() == Some(true)
}

/// A number that is another one when the tests were built anew.
fn build() -> u128 {
    let program = std::env::current_exe().unwrap().metadata().unwrap();
    program.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos()
}
