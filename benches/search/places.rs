//! A database of each kind, gone at the end.

use std::path::PathBuf;

use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, raw_sql, sqlite::SqliteConnectOptions,
};
use turnout_core::ports::store::Store;
use turnout_storage::{
    postgres::{PgOptions, PgStore},
    sqlite::{SqliteOptions, SqliteStore},
};

/// A store and where it is.
pub(crate) enum Place {
    /// In a file in a folder of its own.
    Sqlite(SqliteStore, tempfile::TempDir),
    /// In the server that `scripts/servers.sh` started.
    Postgres(Box<PgStore>),
}

/// A number from the environment.
#[expect(clippy::disallowed_methods, reason = "how who starts the bench says it")]
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "where scripts/servers.sh puts it")]
fn server() -> String {
    std::env::var("TURNOUT_TEST_POSTGRES_URL").expect("run this by make bench-search")
}

impl Place {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open_file(&folder).await;
        store.migrate(|_| {}).await.expect("migrations");
        Self::Sqlite(store, folder)
    }

    pub(crate) async fn postgres() -> Self {
        let store = PgStore::open(&server(), PgOptions::default()).expect("an address");
        store.migrate(|_| {}).await.expect("migrations");
        Self::Postgres(Box::new(store))
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(..) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        match self {
            Self::Sqlite(store, _) => store,
            Self::Postgres(store) => store.as_ref(),
        }
    }

    /// How many bytes the database takes.
    pub(crate) async fn bytes(&self) -> u64 {
        let bytes: i64 = match self {
            Self::Sqlite(_, folder) => {
                let options = SqliteConnectOptions::new().filename(file(folder));
                let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
                let bytes = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
                sqlx::query_scalar(bytes).fetch_one(&mut connection).await.expect("a size")
            }
            Self::Postgres(_) => {
                let mut connection = PgConnection::connect(&server()).await.expect("a connection");
                let bytes = "SELECT pg_database_size(current_database())";
                sqlx::query_scalar(bytes).fetch_one(&mut connection).await.expect("a size")
            }
        };
        u64::try_from(bytes).unwrap_or(0)
    }

    /// What the server does by itself in time.
    pub(crate) async fn settle(&self) {
        if let Self::Postgres(_) = self {
            let mut connection = PgConnection::connect(&server()).await.expect("a connection");
            raw_sql(AssertSqlSafe("VACUUM ANALYZE")).execute(&mut connection).await.expect("a vacuum");
        }
    }

    /// New connections, which have nothing in their caches.
    pub(crate) async fn reopen(&mut self) {
        self.close().await;
        match self {
            Self::Sqlite(store, folder) => *store = open_file(folder).await,
            Self::Postgres(store) => {
                **store = PgStore::open(&server(), PgOptions::default()).expect("an address")
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store, _) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("turnout.db")
}

async fn open_file(folder: &tempfile::TempDir) -> SqliteStore {
    SqliteStore::open(file(folder), SqliteOptions::default()).await.expect("a file")
}
