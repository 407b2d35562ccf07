//! Statements with their values, on either database, with nothing around them.

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use serde::Serialize;
use sqlx::{
    FromRow, PgPool, Postgres, Sqlite, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    types::Json,
};
use turnout_storage::sql::statements::Text;
use uuid::Uuid;

use crate::plan::{Step, Texts};

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

/// A region as it is answered.
#[derive(FromRow, Serialize)]
pub(crate) struct Region {
    external_id: i64,
    name: Option<String>,
    county: Option<String>,
    municipality: Option<String>,
    #[sqlx(skip)]
    offices: Vec<Office>,
}

#[derive(FromRow, Serialize)]
struct Office {
    #[serde(skip)]
    external_id: i64,
    hours: Option<String>,
    notes: Option<String>,
    #[sqlx(skip)]
    addresses: Vec<Address>,
}

#[derive(FromRow, Serialize)]
struct Address {
    #[serde(skip)]
    office_id: Option<i64>,
    address: Option<String>,
    address2: Option<String>,
    address3: Option<String>,
    city: Option<String>,
    state_id: Option<String>,
    zipcode: Option<String>,
    website: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    is_physical: Option<bool>,
    is_regular_mail: Option<bool>,
    process_domestic_registrations: Option<bool>,
    process_absentee_requests: Option<bool>,
    process_absentee_ballots: Option<bool>,
    process_overseas_requests: Option<bool>,
    process_overseas_ballots: Option<bool>,
    location_lat: Option<f64>,
    location_lng: Option<f64>,
}

impl Region {
    fn with(mut self, offices: Vec<Office>, mut addresses: Vec<Address>) -> Self {
        self.offices = offices;
        for office in &mut self.offices {
            let is_its = |it: &mut Address| it.office_id == Some(office.external_id);
            office.addresses = addresses.extract_if(.., is_its).collect();
        }
        self
    }
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

            pub(super) async fn region(
                connection: &mut Connection,
                texts: &Texts,
                id: i64,
            ) -> Result<Option<Region>, sqlx::Error> {
                let region = sqlx::query_as::<$db, Region>(texts.region.$module).bind(id);
                let Some(region) = region.fetch_optional(&mut *connection).await? else { return Ok(None) };
                let offices = sqlx::query_as::<$db, Office>(texts.offices.$module).bind(id);
                let offices = offices.fetch_all(&mut *connection).await?;
                let addresses = sqlx::query_as::<$db, Address>(texts.addresses.$module).bind(id);
                let addresses = addresses.fetch_all(&mut *connection).await?;
                Ok(Some(region.with(offices, addresses)))
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

    /// A region with its offices, of one snapshot.
    pub(crate) async fn region(&self, texts: &Texts, id: i64) -> Result<Option<Region>, sqlx::Error> {
        match self {
            Self::Sqlite { readers, .. } => sqlite::region(&mut *readers.begin().await?, texts, id).await,
            Self::Postgres(pool) => {
                let mut transaction =
                    pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                postgres::region(&mut transaction, texts, id).await
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
