//! Everything in one SQLite file.
//!
//! [`SqliteStore`] opens it; a view is a read transaction of the readers' pool, a unit is `BEGIN IMMEDIATE` on the
//! one writer connection. Here are the connections; migrations are in `migrate.rs`, what SQLite does differently in
//! `dialect.rs`, the rooms in `sql/`.

mod dialect;
mod migrate;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use turnout_core::ports::{
    store::{Store, StoreError, Unit, View},
    wake::Wake,
};

pub use crate::sql::{migrate::Progress, pool_use::PoolUse};
use crate::{
    error::{OpenError, failed},
    sql::{
        session::{Session, traced},
        transaction::{SqlUnit, SqlView},
    },
};

/// How far a commit has to get before it counts (decision 19).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// On the disk: what was confirmed survives a power cut.
    #[default]
    Full,
    /// With the operating system: survives a crash of the program, may lose the last commits in a power cut.
    Normal,
}

/// How a [`SqliteStore`] is opened.
#[derive(Clone)]
pub struct SqliteOptions {
    synchronous: Synchronous,
    busy_timeout: Duration,
    readers: u32,
    wake: Option<Arc<dyn Wake>>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { synchronous: Synchronous::Full, busy_timeout: Duration::from_secs(30), readers: 4, wake: None }
    }
}

impl SqliteOptions {
    /// How far a commit has to get. `Full` unless set.
    #[must_use]
    pub fn with_synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// How long to wait for another process, or for a free connection. 30 seconds unless set.
    #[must_use]
    pub fn with_busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// How many views may be open at once, at least 1. 4 unless set.
    #[must_use]
    pub fn with_readers(mut self, readers: u32) -> Self {
        self.readers = readers.max(1);
        self
    }

    /// Whom to wake after a commit that enqueued a job which is due.
    #[must_use]
    pub fn with_wake(mut self, wake: Arc<dyn Wake>) -> Self {
        self.wake = Some(wake);
        self
    }
}

/// A store in one SQLite file.
///
/// ```no_run
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
///
/// let store = SqliteStore::open("turnout.db", SqliteOptions::default()).await?;
/// store.migrate(|step| println!("{} of {}: {}", step.done, step.total, step.name)).await?;
/// # Ok(())
/// # }
/// ```
pub struct SqliteStore {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    wake: Option<Arc<dyn Wake>>,
    writer_acquisitions: AtomicU64,
}

impl SqliteStore {
    /// Opens the file, and makes an empty one if there is none. Does not migrate it.
    pub async fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, OpenError> {
        let path = path.as_ref().to_owned();
        let synchronous = match options.synchronous {
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Normal => SqliteSynchronous::Normal,
        };
        let connect = SqliteConnectOptions::new()
            .filename(&path)
            .foreign_keys(true)
            .busy_timeout(options.busy_timeout)
            .synchronous(synchronous)
            .disable_statement_logging();
        let pool =
            || SqlitePoolOptions::new().acquire_timeout(options.busy_timeout).test_before_acquire(false);
        // turning on the WAL does not wait for other processes that do the same; the lock does
        let lock = migrate::lock(&path).await?;
        create_private(&path).map_err(|source| OpenError::File { path: path.clone(), source })?;
        let writer = pool()
            .max_connections(1)
            .connect_with(connect.clone().journal_mode(SqliteJournalMode::Wal))
            .await
            .map_err(|source| OpenError::Open { path: path.clone(), source: source.into() })?;
        drop(lock);
        let readers = pool().max_connections(options.readers).connect_lazy_with(connect.read_only(true));
        Ok(Self { path, writer, readers, wake: options.wake, writer_acquisitions: AtomicU64::new(0) })
    }

    /// How many units were begun since the store was opened. Views never take the writer connection.
    #[must_use]
    pub fn writer_acquisitions(&self) -> u64 {
        self.writer_acquisitions.load(Ordering::Relaxed)
    }

    /// The connections that are open, by pool.
    #[must_use]
    pub fn connections(&self) -> Vec<PoolUse> {
        vec![PoolUse::of("writer", &self.writer), PoolUse::of("readers", &self.readers)]
    }

    /// Closes all connections, and with them the WAL. Views and units that are open end first.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// An empty file that only its owner may read; SQLite gives its companions the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[async_trait]
impl Store for SqliteStore {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        let span = traced("view");
        let mut transaction = self.readers.begin().await.map_err(|error| failed("view", error))?;
        // BEGIN alone takes no snapshot, the first read does
        sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
            .fetch_optional(&mut *transaction)
            .await
            .map_err(|error| failed("view", error))?;
        Ok(Box::new(SqlView(Session::new(transaction).within(span))))
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.writer_acquisitions.fetch_add(1, Ordering::Relaxed);
        let span = traced("unit");
        let transaction =
            self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failed("unit", error))?;
        Ok(Box::new(SqlUnit { session: Session::new(transaction).within(span), wake: self.wake.clone() }))
    }

    async fn complaints(&self) -> Vec<String> {
        match self.pending().await {
            Ok(0) => Vec::new(),
            Ok(_) => vec!["database migrations pending".to_owned()],
            Err(error) => {
                tracing::warn!(%error, "the database does not answer");
                vec!["database unavailable".to_owned()]
            }
        }
    }
}
