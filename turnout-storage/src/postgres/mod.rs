//! Everything in one PostgreSQL database, which any number of processes share.
//!
//! [`PgStore`] opens it; a view is one snapshot (`REPEATABLE READ READ ONLY`), a unit is `READ COMMITTED` and holds the
//! rows that it locks. Here are the connections; migrations are in `migrate.rs`, wake-ups in `listen.rs`, what
//! PostgreSQL does differently in `dialect.rs`, the rooms in `sql/`.

mod address;
mod dialect;
mod listen;
mod migrate;
mod origin;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{PgPool, Postgres, Transaction, postgres::PgPoolOptions};
use tokio::time::timeout;
use turnout_core::ports::{
    store::{Store, StoreError, Unit, View},
    wake::Wake,
};

use address::Address;
pub use origin::PgOrigin;

pub use crate::sql::{migrate::Progress, pool_use::PoolUse};
use crate::{
    error::{OpenError, failed, lost},
    sql::{
        session::{Session, traced},
        transaction::{SqlUnit, SqlView},
    },
};

/// What is called out when a job is due.
const CHANNEL: &str = "turnout_job";

/// How long the health check waits: who asks has little patience.
const ANSWER: Duration = Duration::from_secs(3);

/// How a [`PgStore`] is opened.
#[derive(Clone)]
pub struct PgOptions {
    connections: u32,
    patience: Duration,
    statement_timeout: Duration,
    lock_timeout: Duration,
    application_name: String,
    reports: Option<String>,
    wake: Option<Arc<dyn Wake>>,
}

impl Default for PgOptions {
    fn default() -> Self {
        Self {
            connections: 4,
            patience: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
            application_name: "turnout".to_owned(),
            reports: None,
            wake: None,
        }
    }
}

impl PgOptions {
    /// How many connections there may be at once, at least 1; as many again to the server of the reports. 4 unless set.
    #[must_use]
    pub fn with_connections(mut self, connections: u32) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// How long to wait for a free connection, or for a server that is just starting. 10 seconds unless set.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How long a statement may take. 30 seconds unless set; what the address says in `options` wins.
    #[must_use]
    pub fn with_statement_timeout(mut self, timeout: Duration) -> Self {
        self.statement_timeout = timeout;
        self
    }

    /// How long to wait for a row that another unit holds. 10 seconds unless set; what the address says in `options`
    /// wins.
    #[must_use]
    pub fn with_lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// What the server calls us in `pg_stat_activity`. `turnout` unless set here or in the address.
    #[must_use]
    pub fn with_application_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.application_name);
        self
    }

    /// The address of a server that is read for reports, be it a moment behind. The same server unless set.
    #[must_use]
    pub fn with_reports(mut self, url: &str) -> Self {
        self.reports = Some(url.to_owned());
        self
    }

    /// Whom to wake in this process after a commit that enqueued a job which is due; and, while
    /// [`PgStore::listen`] runs, after such a commit of any other process.
    #[must_use]
    pub fn with_wake(mut self, wake: Arc<dyn Wake>) -> Self {
        self.wake = Some(wake);
        self
    }
}

/// A store in a PostgreSQL database.
///
/// ```no_run
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// use turnout_storage::postgres::{PgOptions, PgStore};
///
/// let store = PgStore::open("postgres://turnout@localhost/turnout", PgOptions::default())?;
/// store.migrate(|step| println!("{} of {}: {}", step.done + 1, step.total, step.name)).await?;
/// # Ok(())
/// # }
/// ```
pub struct PgStore {
    address: Address,
    pool: PgPool,
    reports: Option<(Address, PgPool)>,
    attempts: u32,
    wake: Option<Arc<dyn Wake>>,
}

impl PgStore {
    /// Reads the addresses; connects only when it has to, so the server may still be down. Does not migrate. Needs a
    /// tokio runtime.
    ///
    /// An address is `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`; `postgresql` and `postgis` mean the same.
    /// What it leaves out comes from the `PG…` variables of the environment, as with every client of PostgreSQL.
    /// `pgbouncer=true` in it says that a pooler stands between, which hands the connection to others after each
    /// transaction: statements are prepared anew each time then, and nobody can listen.
    pub fn open(url: &str, options: PgOptions) -> Result<Self, OpenError> {
        let pool = |address: &Address| {
            PgPoolOptions::new()
                .max_connections(options.connections)
                .acquire_timeout(options.patience)
                // a unit that cannot begin on a connection that was lost takes the next one
                .test_before_acquire(false)
                .connect_lazy_with(address.connect.clone())
        };
        let address = Address::read(url, &options)?;
        let reports = options.reports.as_deref().map(|url| Address::read(url, &options)).transpose()?;
        Ok(Self {
            pool: pool(&address),
            address,
            reports: reports.map(|address| (address.clone(), pool(&address))),
            // every connection of the pool may be lost
            attempts: options.connections + 1,
            wake: options.wake,
        })
    }

    /// The connections that are open, by pool.
    #[must_use]
    pub fn connections(&self) -> Vec<PoolUse> {
        let reports = self.reports.as_ref().map(|(_, pool)| PoolUse::of("reports", pool));
        [PoolUse::of("main", &self.pool)].into_iter().chain(reports).collect()
    }

    /// Closes all connections. Views and units that are open end first.
    pub async fn close(&self) {
        if let Some((_, pool)) = &self.reports {
            pool.close().await;
        }
        self.pool.close().await;
    }

    /// Begins a transaction, on another connection when the first one was lost in the meantime: nothing has happened yet.
    async fn transaction(
        &self,
        pool: &PgPool,
        begin: String,
        what: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut attempt = 1;
        loop {
            match pool.begin_with(sqlx::AssertSqlSafe(begin.clone())).await {
                Err(error) if lost(&error) && attempt < self.attempts => attempt += 1,
                begun => return begun.map_err(|error| failed(what, error)),
            }
        }
    }

    async fn snapshot(&self, address: &Address, pool: &PgPool) -> Result<Box<dyn View>, StoreError> {
        let span = traced("view");
        let begin = address.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY");
        let transaction = self.transaction(pool, begin, "view").await?;
        Ok(Box::new(SqlView(Session::new(transaction).with_kept_statements(!address.pooled).within(span))))
    }
}

#[async_trait]
impl Store for PgStore {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.snapshot(&self.address, &self.pool).await
    }

    async fn report_view(&self) -> Result<Box<dyn View>, StoreError> {
        match &self.reports {
            Some((address, pool)) => self.snapshot(address, pool).await,
            None => self.view().await,
        }
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        let span = traced("unit");
        let begin = self.address.begin("ISOLATION LEVEL READ COMMITTED");
        let transaction = self.transaction(&self.pool, begin, "unit").await?;
        let session = Session::new(transaction).with_kept_statements(!self.address.pooled).within(span);
        Ok(Box::new(SqlUnit { session, wake: self.wake.clone() }))
    }

    async fn complaints(&self) -> Vec<String> {
        match timeout(ANSWER, self.pending()).await {
            Ok(Ok(0)) => Vec::new(),
            Ok(Ok(_)) => vec!["database migrations pending".to_owned()],
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the database does not answer");
                vec!["database unavailable".to_owned()]
            }
            Err(_) => {
                tracing::warn!("the database does not answer in time");
                vec!["database unavailable".to_owned()]
            }
        }
    }
}
