//! Databases of their own on the PostgreSQL server that `make test` starts.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Deref,
    path::Path,
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use turnout_storage::postgres::{PgOptions, PgStore};
use url::Url;

/// Where the server is.
const SERVER: &str = "TURNOUT_TEST_POSTGRES_URL";
/// Ours among the advisory locks of the server's own database: who makes the template holds it.
const TEMPLATE_LOCK: i64 = 4_301_125;
/// How a database is made: it sorts as dictionaries of English do, so that whatever is to be sorted by its bytes has to
/// say so.
const NEW: &str = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'";

/// A database of its own, gone when dropped.
pub(crate) struct Database {
    name: String,
}

impl Database {
    /// One in which there is nothing.
    pub(crate) async fn empty() -> Self {
        Self::create(NEW).await
    }

    /// One that is up to date: a copy of one that was migrated once.
    pub(crate) async fn migrated() -> Self {
        let template = template().await;
        Self::create(&format!("TEMPLATE {template}")).await
    }

    async fn create(how: &str) -> Self {
        let mut server = server().await;
        let name = "SELECT 'turnout_test_' || replace(gen_random_uuid()::text, '-', '')";
        let name: String = sqlx::query_scalar(name).fetch_one(&mut server).await.unwrap();
        run(&mut server, format!("CREATE DATABASE {name} {how}")).await;
        Self { name }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        address_of(&self.name)
    }

    /// Its address with these parameters, and no others.
    pub(crate) fn url_with(&self, parameters: &[(&str, &str)]) -> String {
        let mut address: Url = self.url().parse().unwrap();
        address.set_query(None);
        address.query_pairs_mut().extend_pairs(parameters);
        address.into()
    }

    /// A connection that the store knows nothing of.
    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    /// A store in it.
    pub(crate) fn open(&self, options: PgOptions) -> PgStore {
        PgStore::open(&self.url(), options).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // a runtime cannot wait inside another one
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                run(&mut server().await, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        // the server may be gone already; its folder goes with it
        let _ = dropped.join();
    }
}

/// A store in a database that goes with it.
pub(crate) struct Fresh {
    store: PgStore,
    pub(crate) database: Database,
}

impl Deref for Fresh {
    type Target = PgStore;

    fn deref(&self) -> &PgStore {
        &self.store
    }
}

impl From<Database> for Fresh {
    fn from(database: Database) -> Self {
        Self { store: database.open(PgOptions::default()), database }
    }
}

pub(crate) async fn fresh() -> Fresh {
    fresh_with(PgOptions::default()).await
}

pub(crate) async fn fresh_with(options: PgOptions) -> Fresh {
    let database = Database::migrated().await;
    Fresh { store: database.open(options), database }
}

/// The address of the server; a test that needs it fails without, and never passes by not running.
#[expect(clippy::disallowed_methods, reason = "where scripts/servers.sh puts it")]
fn server_address() -> Url {
    let address = std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} is not set: run this by make test, or by scripts/with_servers.sh COMMAND")
    });
    address.parse().unwrap()
}

fn address_of(database: &str) -> String {
    let mut address = server_address();
    address.set_path(database);
    address.into()
}

async fn server() -> PgConnection {
    PgConnection::connect(server_address().as_str()).await.unwrap()
}

async fn run(connection: &mut PgConnection, statement: String) {
    raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// The database that the others are copied from. Made by whoever comes first, for the migrations there are.
async fn template() -> String {
    let name = format!("turnout_template_{:016x}", migrations());
    let mut server = server().await;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut server).await.unwrap();
    let found: Option<bool> = sqlx::query_scalar("SELECT datistemplate FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut server)
        .await
        .unwrap();
    if found != Some(true) {
        // what is there is half made
        run(&mut server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&mut server, format!("CREATE DATABASE {name} {NEW}")).await;
        let store = PgStore::open(&address_of(&name), PgOptions::default()).unwrap();
        store.migrate(|_| {}).await.unwrap();
        store.close().await;
        run(&mut server, format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true"))
            .await;
    }
    // the lock goes with the connection
    name
}

/// A number that is another one when a migration is.
fn migrations() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort_unstable();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}
