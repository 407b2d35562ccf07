//! Statements with their values, on either database, with nothing around them.

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    types::Json,
};
use turnout_storage::sql::statements::Text;
use uuid::Uuid;

use crate::plan::Step;

/// What stands for a placeholder.
pub(crate) enum Value {
    Text(Option<String>),
    Flag(Option<bool>),
    Number(Option<i64>),
    Small(i32),
    Id(Option<Uuid>),
    Moment(Option<DateTime<Utc>>),
    Day(Option<NaiveDate>),
    Bytes(Option<Vec<u8>>),
    Json(Option<serde_json::Value>),
}

/// A database with as many connections as the server has.
pub(crate) enum Database {
    /// One writer, four readers.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// Four connections.
    Postgres(PgPool),
}

/// Runs steps on one kind of connection; each database's types have to be known.
macro_rules! on_one {
    ($module:ident, $db:ty, $moment:expr) => {
        mod $module {
            use super::*;

            pub(super) type Connection = <$db as sqlx::Database>::Connection;

            pub(super) async fn run(connection: &mut Connection, steps: &[Step]) -> Result<(), sqlx::Error> {
                for step in steps {
                    let text = step.text.$module;
                    // what this database has no statement for
                    if text.is_empty() {
                        continue;
                    }
                    let mut query = sqlx::query::<$db>(text);
                    for value in &step.values {
                        query = match value {
                            Value::Text(it) => query.bind(it.as_deref()),
                            Value::Flag(it) => query.bind(*it),
                            Value::Number(it) => query.bind(*it),
                            Value::Small(it) => query.bind(*it),
                            Value::Id(it) => query.bind(*it),
                            Value::Moment(it) => query.bind(it.map($moment)),
                            Value::Day(it) => query.bind(*it),
                            Value::Bytes(it) => query.bind(it.as_deref()),
                            Value::Json(it) => query.bind(it.as_ref().map(Json)),
                        };
                    }
                    query.fetch_all(&mut *connection).await?;
                }
                Ok(())
            }

            /// The id of the row that a statement without values gives.
            pub(super) async fn id(connection: &mut Connection, text: Text) -> Result<Uuid, sqlx::Error> {
                use sqlx::Row as _;
                sqlx::query::<$db>(text.$module).fetch_one(connection).await?.try_get("uuid")
            }
        }
    };
}
on_one!(sqlite, Sqlite, moment_text);
on_one!(postgres, Postgres, microseconds);

/// A moment as the store keeps it in SQLite.
pub(crate) fn moment_text(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn microseconds(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.trunc_subsecs(6)
}

impl Database {
    /// Opens one, with the durability of production.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            let connect = SqliteConnectOptions::new()
                .filename(path)
                .foreign_keys(true)
                .synchronous(SqliteSynchronous::Full);
            let pool = || SqlitePoolOptions::new().test_before_acquire(false);
            let wal = connect.clone().journal_mode(SqliteJournalMode::Wal);
            let writer = pool().max_connections(1).connect_with(wal).await?;
            let readers = pool().max_connections(4).connect_lazy_with(connect.read_only(true));
            return Ok(Self::Sqlite { writer, readers });
        }
        let connect: PgConnectOptions = url.parse()?;
        let connect = connect.options([("synchronous_commit", "on")]);
        let pool = PgPoolOptions::new().max_connections(4).test_before_acquire(false);
        Ok(Self::Postgres(pool.connect_lazy_with(connect)))
    }

    /// The steps in one transaction, which is on the disk when this ends.
    pub(crate) async fn write(&self, steps: &[Step]) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite { writer, .. } => {
                let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
                sqlite::run(&mut transaction, steps).await?;
                transaction.commit().await
            }
            Self::Postgres(pool) => {
                let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
                postgres::run(&mut transaction, steps).await?;
                transaction.commit().await
            }
        }
    }

    /// The id of the row that a statement without values gives.
    pub(crate) async fn id(&self, text: Text) -> Result<Uuid, sqlx::Error> {
        match self {
            Self::Sqlite { readers, .. } => sqlite::id(&mut *readers.acquire().await?, text).await,
            Self::Postgres(pool) => postgres::id(&mut *pool.acquire().await?, text).await,
        }
    }
}
