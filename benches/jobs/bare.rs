//! The statements of the store in a loop, with nothing around them: the limit.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::{
    Connection as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    types::Json,
};
use turnout_core::{
    jobs::{LANES, NewJob, Priority},
    ports::clock::Clock as _,
};
use turnout_server::system::SystemClock;
use turnout_storage::sql::statements::{Text, jobs};
use uuid::Uuid;

use crate::{Outcome, places::Database};

/// One connection.
pub(crate) enum Bare {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The text of the statement of that name.
fn text(name: &str) -> Text {
    let found = jobs::ALL.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("the store has no statement {name}")).1
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// As the store hands jobs over.
pub(crate) fn enqueued(jobs: &[NewJob]) -> Value {
    let job = |job: &NewJob| {
        json!({
            "uuid": job.id.0.simple().to_string(), "kind": job.kind, "payload": job.payload,
            "priority": job.priority as i64, "lane": job.lane, "unique_key": null, "subscriber_id": null,
            "is_due": true, "due_at": moment(job.due_at), "created_at": moment(job.created_at),
        })
    };
    jobs.iter().map(job).collect()
}

fn settled(claimed: &[(Uuid, i64)], now: DateTime<Utc>) -> Value {
    let settlement = |(id, fence): &(Uuid, i64)| {
        json!({
            "uuid": id.simple().to_string(), "fence": fence, "state": "done", "due_at": null, "lease_until": null,
            "finished_at": moment(now), "reason": null, "keeps_reason": false, "keeps_place": true, "given_back": 0,
        })
    };
    claimed.iter().map(settlement).collect()
}

impl Bare {
    pub(crate) async fn open(database: &Database) -> Outcome<Self> {
        Ok(match database {
            Database::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).foreign_keys(true);
                let options =
                    options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
                Self::Sqlite(SqliteConnection::connect_with(&options).await?)
            }
            Database::Postgres(url) => Self::Postgres(PgConnection::connect(url).await?),
        })
    }

    /// One transaction that enqueues.
    pub(crate) async fn enqueue(&mut self, jobs: &Value) -> Outcome<()> {
        let text = text("ENQUEUE");
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                sqlx::query(text.sqlite).bind(Json(jobs)).execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                sqlx::query(text.postgres).bind(Json(jobs)).execute(&mut *transaction).await?;
                // those who rest are to hear of it
                sqlx::query("SELECT pg_notify('turnout_job', '')").execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// Transactions that settle what the one before claimed, and claim up to `limit`, until nothing is left. How many
    /// jobs that were.
    pub(crate) async fn work(mut self, limit: i64) -> Outcome<usize> {
        let (mut claimed, mut done) = (Vec::new(), 0);
        loop {
            let settled = claimed.len();
            claimed = self.settle_and_claim(&claimed, limit).await?;
            done += settled;
            if claimed.is_empty() && settled == 0 {
                return Ok(done);
            }
        }
    }

    async fn settle_and_claim(&mut self, held: &[(Uuid, i64)], limit: i64) -> Outcome<Vec<(Uuid, i64)>> {
        let now = SystemClock.now();
        let until = now + TimeDelta::minutes(5);
        let (settle, look, claim) = (text("SETTLE"), text("LOOK"), text("CLAIM"));
        let (settled, priority) = (Json(settled(held, now)), Priority::Default as i64);
        let names: Vec<&str> = LANES.iter().map(|lane| lane.name).collect();
        let lanes = Json(names);
        let rows: Vec<Claimed> = match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                sqlx::query(settle.sqlite).bind(settled).fetch_all(&mut *transaction).await?;
                sqlx::query(look.sqlite).bind(lanes).fetch_all(&mut *transaction).await?;
                let claim = sqlx::query_as(claim.sqlite).bind(moment(now)).bind(moment(until)).bind(limit);
                let rows = claim.bind("default").bind(priority).fetch_all(&mut *transaction).await?;
                transaction.commit().await?;
                rows
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                sqlx::query(settle.postgres).bind(settled).fetch_all(&mut *transaction).await?;
                sqlx::query(look.postgres).bind(lanes).fetch_all(&mut *transaction).await?;
                let claim = sqlx::query_as(claim.postgres).bind(now).bind(until).bind(limit);
                let rows = claim.bind("default").bind(priority).fetch_all(&mut *transaction).await?;
                transaction.commit().await?;
                rows
            }
        };
        Ok(rows.into_iter().map(|row| (row.uuid, row.fence)).collect())
    }
}

#[derive(sqlx::FromRow)]
struct Claimed {
    uuid: Uuid,
    fence: i64,
}
