//! What is in the database and at the receiver when all is over.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use uuid::Uuid;

use super::{
    Tally,
    jobs::{self, Effect},
    receiver::Receiver,
};

/// Where the rows are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Database {
    /// The path of the file.
    Sqlite(String),
    /// The address.
    Postgres(String),
}

/// Runs a query on either.
macro_rules! rows {
    ($database:expr, $query:expr) => {
        match $database {
            Database::Sqlite(path) => {
                let mut connection = SqliteConnection::connect(path).await?;
                sqlx::query_as($query).fetch_all(&mut connection).await
            }
            Database::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await?;
                sqlx::query_as($query).fetch_all(&mut connection).await
            }
        }
    };
}

impl Database {
    /// How many jobs came to an end. None while the database does not answer.
    pub(super) async fn finished(&self) -> u32 {
        self.count().await.map_or(0, |count| u32::try_from(count).unwrap())
    }

    async fn count(&self) -> Result<i64, sqlx::Error> {
        let found: Vec<(i64,)> =
            rows!(self, "SELECT count(*) FROM job WHERE state = 'done' OR state = 'dead'")?;
        Ok(found[0].0)
    }

    /// The number, the id and the state of each job.
    async fn jobs(&self) -> Result<Vec<(i64, Uuid, String)>, sqlx::Error> {
        rows!(self, "SELECT CAST(payload ->> 'number' AS bigint), uuid, state FROM job")
    }

    /// The rows that were written together with the jobs, and how many effects each has.
    async fn effects(&self) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
        rows!(
            self,
            "SELECT a.uuid, count(e.uuid) FROM action_action a \
             LEFT JOIN event_tracking_event e ON e.action_id = a.uuid GROUP BY a.uuid"
        )
    }
}

/// Goes through all jobs that there should be.
pub(super) async fn tally(total: u32, kills: u32, database: &Database, receiver: &Receiver) -> Tally {
    let mut jobs = HashMap::<i64, Vec<(Uuid, String)>>::new();
    for (number, id, state) in database.jobs().await.unwrap() {
        jobs.entry(number).or_default().push((id, state));
    }
    let effects: HashMap<Uuid, i64> = database.effects().await.unwrap().into_iter().collect();
    let mut tally = Tally { jobs: total, kills, ..Tally::default() };
    for number in 0..total {
        let row = effects.get(&jobs::row_of(number)).copied();
        let of_number = jobs.remove(&i64::from(number)).unwrap_or_default();
        let (Some(row), [(id, state), others @ ..]) = (row, of_number.as_slice()) else {
            println!("{number}: row {row:?}, jobs {of_number:?}");
            tally.lost += 1;
            continue;
        };
        let effects = match Effect::of(number) {
            Effect::InItsUnit | Effect::InAnotherUnit => usize::try_from(row).unwrap(),
            Effect::Posted => {
                let key = id.simple().to_string();
                // what came has to be what was to come
                receiver.bodies(&key) * usize::from(receiver.has(&key, &jobs::body(number)))
            }
        };
        tally.dead += u32::from(state == "dead");
        tally.lost += u32::from(effects == 0 || state != "done");
        tally.doubled += u32::from(effects > 1 || !others.is_empty());
        if effects != 1 || state != "done" {
            println!("{number}: {effects} effects, {state}");
        }
    }
    // a job that nobody wrote
    tally.doubled += u32::try_from(jobs.len()).unwrap();
    tally
}
