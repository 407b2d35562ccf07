//! A database of its own on the PostgreSQL server that `make test` starts.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use url::Url;

/// Where the server is.
const SERVER: &str = "TURNOUT_TEST_POSTGRES_URL";

/// An empty database, gone when dropped.
pub(crate) struct Database(String);

impl Database {
    pub(crate) async fn empty() -> Self {
        let mut server = PgConnection::connect(server().as_str()).await.unwrap();
        let name = "SELECT 'turnout_server_' || replace(gen_random_uuid()::text, '-', '')";
        let name: String = sqlx::query_scalar(name).fetch_one(&mut server).await.unwrap();
        raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut server).await.unwrap();
        Self(name)
    }

    /// Its address.
    pub(crate) fn url(&self) -> Url {
        let mut url = server();
        url.set_path(&self.0);
        url
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
                raw_sql(AssertSqlSafe(drop)).execute(&mut server).await.unwrap();
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
