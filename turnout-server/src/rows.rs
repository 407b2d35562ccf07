//! The database, whichever it is: the only place that names one.

use std::{convert::Infallible, future::pending, path::Path, sync::Arc};

use anyhow::Context as _;
use turnout_core::ports::{store::Store, wake::Wake};
#[cfg(feature = "postgres")]
use turnout_storage::postgres::{PgOptions, PgStore};
pub use turnout_storage::sqlite::{PoolUse, Progress};
use turnout_storage::{
    error::OpenError,
    sqlite::{self, SqliteOptions, SqliteStore},
};

#[cfg(feature = "postgres")]
use crate::config::ServerPlace;
use crate::config::{Role, RowPlace, Synchronous};

/// The database that rows are kept in.
pub enum Rows {
    /// A file.
    Sqlite(Arc<SqliteStore>),
    /// A server.
    #[cfg(feature = "postgres")]
    Postgres(Arc<PgStore>),
}

impl Rows {
    /// Opens it for a process of that role, which a due job wakes by `wake`. Does not migrate.
    ///
    /// # Errors
    /// When it cannot be used; says what to do next. A server that is down is no error yet.
    pub async fn open(place: &RowPlace, role: Role, wake: Arc<dyn Wake>) -> anyhow::Result<Self> {
        match place {
            RowPlace::File { path, synchronous } => Self::open_file(path, *synchronous, wake).await,
            #[cfg(feature = "postgres")]
            RowPlace::Server(server) => Self::open_server(server, role, wake),
            #[cfg(not(feature = "postgres"))]
            RowPlace::Server(_) => {
                anyhow::bail!("DATABASE_URL needs a build with the feature postgres: {role:?}")
            }
        }
    }

    async fn open_file(path: &Path, synchronous: Synchronous, wake: Arc<dyn Wake>) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            make_private(folder)?;
        }
        let synchronous = match synchronous {
            Synchronous::Full => sqlite::Synchronous::Full,
            Synchronous::Normal => sqlite::Synchronous::Normal,
        };
        let options = SqliteOptions::default().with_synchronous(synchronous).with_wake(wake);
        let store = SqliteStore::open(path, options).await;
        let store = store.context("no database; TURNOUT_DATA_DIR or DATABASE_URL may name another place")?;
        Ok(Self::Sqlite(Arc::new(store)))
    }

    #[cfg(feature = "postgres")]
    fn open_server(server: &ServerPlace, role: Role, wake: Arc<dyn Wake>) -> anyhow::Result<Self> {
        let mut options = PgOptions::default()
            .with_connections(server.connections)
            .with_application_name(&format!("turnout {}", role.name()))
            .with_wake(wake);
        if let Some(reports) = &server.reports {
            options = options.with_reports(reports.reveal());
        }
        let store = PgStore::open(server.url.reveal(), options);
        let store = store.context("mend DATABASE_URL or READONLY_DATABASE_URL")?;
        Ok(Self::Postgres(Arc::new(store)))
    }

    /// As the port.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::<SqliteStore>::clone(store),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => Arc::<PgStore>::clone(store),
        }
    }

    /// Brings it up to date, and tells `progress` before each migration. Returns how many there were.
    ///
    /// # Errors
    /// When one fails, or another version of this program was here; says what to do next.
    pub async fn migrate(&self, progress: impl FnMut(Progress) + Send) -> Result<usize, OpenError> {
        match self {
            Self::Sqlite(store) => store.migrate(progress).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.migrate(progress).await,
        }
    }

    /// Whether [`listen`](Self::listen) hears of other processes.
    #[must_use]
    pub fn hears_others(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.hears_others(),
        }
    }

    /// Wakes this process when another one has committed a job that is due. Ends never; drop it to stop.
    pub async fn listen(&self) -> Infallible {
        match self {
            Self::Sqlite(_) => pending().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.listen().await,
        }
    }

    /// The connections that are open, by pool.
    #[must_use]
    pub fn connections(&self) -> Vec<PoolUse> {
        match self {
            Self::Sqlite(store) => store.connections(),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.connections(),
        }
    }

    /// Closes all connections. Views and units that are open end first.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// Rows hold what voters wrote, so a folder that we make is for its owner only.
fn make_private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(|| {
        format!(
            "the folder {} cannot be made: make it, or set TURNOUT_DATA_DIR or DATABASE_URL",
            folder.display()
        )
    })
}
