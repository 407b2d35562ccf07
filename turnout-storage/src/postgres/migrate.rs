//! Bringing the database up to date: one process at a time, by an advisory lock of the database.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, migrate::Migrator, query_scalar, raw_sql};
use tokio::time::sleep;
use turnout_core::ports::store::StoreError;

use super::PgStore;
use crate::{
    error::{OpenError, failed},
    sql::{
        migrate::{Progress, apply_pending, missing},
        statements::views,
    },
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Ours among the advisory locks of the database: `turnout` as a number.
const LOCK: i64 = 0x0074_7572_6e6f_7574;
/// How often a process asks whether another one is done. Waiting inside the server would hold a snapshot, which an index
/// that is built `CONCURRENTLY` waits for.
const ASK_AGAIN: Duration = Duration::from_millis(50);

impl PgStore {
    /// Applies what is pending, and tells `progress` before each migration. Returns how many there were. Any number of
    /// processes may do so at once: the first one works, the others wait and find nothing to do. Then the views that others
    /// read are made, if they are not what they should be.
    ///
    /// Statements may take as long as they need, but wait for a table no longer than a unit for a row: everybody who wants
    /// the table waits behind them.
    pub async fn migrate(&self, progress: impl FnMut(Progress) + Send) -> Result<usize, OpenError> {
        if self.address.pooled {
            return Err(OpenError::Pooled);
        }
        let options = self.address.patient.clone();
        let reach = |error: sqlx::Error| OpenError::Reach {
            host: format!("{}:{}", options.get_host(), options.get_port()),
            name: options.get_database().unwrap_or_default().to_owned(),
            source: error.into(),
        };
        let mut connection = PgConnection::connect_with(&options).await.map_err(reach)?;
        let broken = |error: sqlx::Error| OpenError::Migration(error.into());
        while !lock(&mut connection).await.map_err(broken)? {
            sleep(ASK_AGAIN).await;
        }
        // the lock goes with the connection
        let applied = apply_pending(&mut connection, &MIGRATIONS, progress).await?;
        make_views(&mut connection).await.map_err(broken)?;
        connection.close().await.map_err(broken)?;
        Ok(applied)
    }

    /// How many migrations are to be applied. Only reads; in a transaction, as a pooler hands the connection to others
    /// between the preparation of a statement and its run otherwise.
    pub(super) async fn pending(&self) -> Result<usize, StoreError> {
        let begin = self.address.begin("READ ONLY");
        let mut transaction = self.transaction(&self.pool, begin, "view").await?;
        let kept = !self.address.pooled;
        let broken = |error| failed("migration", error);
        let noted = sqlx::query_as("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").persistent(kept);
        let (noted,): (bool,) = noted.fetch_one(&mut *transaction).await.map_err(broken)?;
        let mut applied: Vec<(i64,)> = Vec::new();
        if noted {
            let versions =
                sqlx::query_as("SELECT version FROM _sqlx_migrations WHERE success").persistent(kept);
            applied = versions.fetch_all(&mut *transaction).await.map_err(broken)?;
        }
        Ok(missing(&MIGRATIONS, &applied))
    }
}

/// All of them or none; whoever reads one meanwhile is waited for as whoever holds a table.
async fn make_views(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mark: Option<String> = query_scalar(views::MARK).fetch_one(&mut *connection).await?;
    if mark == Some(views::mark()) {
        return Ok(());
    }
    let mut transaction = connection.begin().await?;
    for statement in views::making() {
        raw_sql(AssertSqlSafe(statement)).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn lock(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let lock = sqlx::query_as("SELECT pg_try_advisory_lock($1)").bind(LOCK);
    let (held,): (bool,) = lock.fetch_one(connection).await?;
    Ok(held)
}
