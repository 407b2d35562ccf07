//! The rows behind a [`TestServer`](super::TestServer): a SQLite file in the test's folder, or, where
//! `TURNOUT_TEST_STORE=postgres` says so, a database of its own on the PostgreSQL server that `make test` starts.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use sqlx::Connection as _;
use turnout_core::ports::store::{Store, StoreError, Unit, View};
#[cfg(all(feature = "embedded", feature = "postgres"))]
use turnout_storage::postgres::{PgOptions, PgStore};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore, Synchronous};

#[cfg(all(feature = "embedded", feature = "postgres"))]
use super::Database;

/// Says which database the servers of the tests use: `sqlite`, as without it, or `postgres`.
const WHICH: &str = "TURNOUT_TEST_STORE";

/// A store of one test. It counts who writes.
pub(crate) struct TestStore {
    rows: Arc<dyn Store>,
    address: Address,
    units: AtomicU64,
    #[cfg(all(feature = "embedded", feature = "postgres"))]
    _database: Option<Database>,
}

/// Where the rows are, for another door to them.
#[derive(Clone)]
pub(crate) enum Address {
    File(PathBuf),
    #[cfg(all(feature = "embedded", feature = "postgres"))]
    Server(url::Url),
}

impl Address {
    /// A store of the same rows.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::File(path) => {
                let options = SqliteOptions::default().with_synchronous(Synchronous::Normal);
                Arc::new(SqliteStore::open(path, options).await.unwrap())
            }
            #[cfg(all(feature = "embedded", feature = "postgres"))]
            Self::Server(url) => Arc::new(PgStore::open(url.as_str(), PgOptions::default()).unwrap()),
        }
    }

    /// The first column of rows, texts.
    pub(crate) async fn rows(&self, statement: &'static str) -> Vec<String> {
        match self {
            Self::File(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::query_scalar(statement).fetch_all(&mut connection).await.unwrap()
            }
            #[cfg(all(feature = "embedded", feature = "postgres"))]
            Self::Server(url) => {
                let mut connection = sqlx::PgConnection::connect(url.as_str()).await.unwrap();
                sqlx::query_scalar(statement).fetch_all(&mut connection).await.unwrap()
            }
        }
    }
}

impl TestStore {
    /// A store of its own that is up to date, and filled by `furnish`.
    pub(crate) async fn open(folder: &Path, furnish: impl AsyncFnOnce(Arc<dyn Store>)) -> Self {
        match which().as_deref() {
            None | Some("sqlite") => Self::in_file(folder, furnish).await,
            #[cfg(all(feature = "embedded", feature = "postgres"))]
            Some("postgres") => Self::on_server(furnish).await,
            Some(other) => panic!("{WHICH}={other} is no database of this build"),
        }
    }

    async fn in_file(folder: &Path, furnish: impl AsyncFnOnce(Arc<dyn Store>)) -> Self {
        let path = folder.join("test.db");
        let options = SqliteOptions::default().with_synchronous(Synchronous::Normal);
        let store = Arc::new(SqliteStore::open(&path, options).await.unwrap());
        store.migrate(|_| {}).await.unwrap();
        furnish(Arc::<SqliteStore>::clone(&store)).await;
        Self {
            rows: store,
            address: Address::File(path),
            units: AtomicU64::new(0),
            #[cfg(all(feature = "embedded", feature = "postgres"))]
            _database: None,
        }
    }

    /// A copy of one that was filled once per build.
    #[cfg(all(feature = "embedded", feature = "postgres"))]
    async fn on_server(furnish: impl AsyncFnOnce(Arc<dyn Store>)) -> Self {
        let database = Database::copy_of("furnished", async |url| {
            let store = Arc::new(PgStore::open(url.as_str(), PgOptions::default()).unwrap());
            store.migrate(|_| {}).await.unwrap();
            furnish(Arc::<PgStore>::clone(&store)).await;
            store.close().await;
        });
        let database = database.await;
        let mut url = database.url();
        // what these tests are about is not whether rows outlive a power cut
        url.query_pairs_mut().append_pair("options", "-c synchronous_commit=off");
        let address = Address::Server(url);
        Self { rows: address.open().await, address, units: AtomicU64::new(0), _database: Some(database) }
    }

    /// Where the rows are.
    pub(crate) fn address(&self) -> Address {
        self.address.clone()
    }

    /// How many units were begun.
    pub(crate) fn units(&self) -> u64 {
        self.units.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Store for TestStore {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.rows.view().await
    }

    async fn report_view(&self) -> Result<Box<dyn View>, StoreError> {
        self.rows.report_view().await
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.units.fetch_add(1, Ordering::Relaxed);
        self.rows.begin().await
    }

    async fn complaints(&self) -> Vec<String> {
        self.rows.complaints().await
    }
}

#[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
fn which() -> Option<String> {
    std::env::var(WHICH).ok()
}
