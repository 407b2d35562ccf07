//! New databases, and what a worker of ours needs to work on one.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU32},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, raw_sql};
use turnout_core::{
    App,
    app::AppBuilder,
    ports::{store::Store, wake::Wake},
};
use turnout_server::system::{RandomIds, SystemClock};
use turnout_storage::{
    postgres::{PgOptions, PgStore},
    sqlite::{SqliteOptions, SqliteStore},
};

use crate::Outcome;

/// Numbers the databases.
static NEXT: AtomicU32 = AtomicU32::new(1);

#[expect(clippy::disallowed_methods, reason = "where scripts/bench_jobs.sh puts things")]
pub(crate) fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: run this by make bench-jobs").into())
}

/// Where files are: on the disk of the machine.
pub(crate) fn folder() -> Outcome<PathBuf> {
    Ok(variable("TURNOUT_BENCH_DIR")?.into())
}

/// Which kind of database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Sqlite,
    Postgres,
}

impl Place {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// A new database that is up to date.
    pub(crate) async fn create(self) -> Outcome<Database> {
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        match self {
            Self::Sqlite => {
                let path = folder()?.join(format!("{number}.db"));
                let store = SqliteStore::open(&path, SqliteOptions::default()).await?;
                store.migrate(|_| {}).await?;
                store.close().await;
                Ok(Database::Sqlite(path))
            }
            Self::Postgres => {
                let mut url: url::Url = variable("TURNOUT_TEST_POSTGRES_URL")?.parse()?;
                let mut server = PgConnection::connect(url.as_str()).await?;
                let create = format!("CREATE DATABASE bench_{number}");
                raw_sql(AssertSqlSafe(create)).execute(&mut server).await?;
                url.set_path(&format!("bench_{number}"));
                PgStore::open(url.as_str(), PgOptions::default())?.migrate(|_| {}).await?;
                Ok(Database::Postgres(url.into()))
            }
        }
    }
}

/// One database.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    /// A store in it, with a connection for each worker.
    pub(crate) async fn open(&self, wake: Arc<dyn Wake>) -> Outcome<Arc<dyn Store>> {
        Ok(match self {
            Self::Sqlite(path) => {
                Arc::new(SqliteStore::open(path, SqliteOptions::default().with_wake(wake)).await?)
            }
            Self::Postgres(url) => {
                let options = PgOptions::default().with_connections(8).with_wake(wake);
                Arc::new(PgStore::open(url, options)?)
            }
        })
    }

    /// Runs a statement.
    pub(crate) async fn run(&self, statement: &str) -> Outcome<()> {
        let statement = raw_sql(AssertSqlSafe(statement.to_owned()));
        match self {
            Self::Sqlite(path) => {
                let path = path.to_str().ok_or("a path that is no text")?;
                statement.execute(&mut SqliteConnection::connect(path).await?).await?;
            }
            Self::Postgres(url) => {
                statement.execute(&mut PgConnection::connect(url).await?).await?;
            }
        }
        Ok(())
    }
}

/// Begins an App that works on a store.
pub(crate) fn app(store: Arc<dyn Store>) -> AppBuilder {
    App::builder(store, SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef")
}
