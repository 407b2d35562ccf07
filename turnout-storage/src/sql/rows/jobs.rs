//! Jobs.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    ids::JobId,
    jobs::{ClaimedJob, JobCounts, JobRecord, JobState},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, required, table};
use crate::sql::{moment::Moment, statements::jobs as statements};

#[derive(FromRow)]
pub(crate) struct JobRow {
    uuid: Uuid,
    kind: String,
    payload: Json<Value>,
    state: String,
    attempts: i64,
    due_at: Moment,
    last_error: Option<String>,
    created_at: Moment,
    finished_at: Option<Moment>,
}
table!(JobRow, "job", statements::COLUMNS, "job");

impl TryFrom<JobRow> for JobRecord {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        let state = |text: &str| match text {
            "waiting" => Some(JobState::Waiting),
            "running" => Some(JobState::Running),
            "done" => Some(JobState::Done),
            "dead" => Some(JobState::Dead),
            _ => None,
        };
        Ok(Self {
            id: JobId(row.uuid),
            state: required::<JobRow, _>("state", &row.state, state)?,
            kind: row.kind,
            payload: row.payload.0,
            attempts: u32::try_from(row.attempts).map_err(|_| corrupt::<JobRow>("attempts"))?,
            due_at: row.due_at.0,
            last_error: row.last_error,
            created_at: row.created_at.0,
            finished_at: row.finished_at.map(|moment| moment.0),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct ClaimedRow {
    uuid: Uuid,
    kind: String,
    payload: Json<Value>,
    attempts: i64,
    fence: i64,
    priority: i64,
    due_at: Moment,
    lease_until: Moment,
}
table!(ClaimedRow, "job", statements::CLAIMED_COLUMNS, "job");

impl ClaimedRow {
    /// Whose turn it is: `RETURNING` promises no order.
    pub(crate) fn turn(&self) -> (i64, DateTime<Utc>, Uuid) {
        (self.priority, self.due_at.0, self.uuid)
    }
}

impl TryFrom<ClaimedRow> for ClaimedJob {
    type Error = StoreError;

    fn try_from(row: ClaimedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: JobId(row.uuid),
            kind: row.kind,
            payload: row.payload.0,
            attempt: u32::try_from(row.attempts).map_err(|_| corrupt::<ClaimedRow>("attempts"))?,
            fence: row.fence,
            due_at: row.due_at.0,
            lease_until: row.lease_until.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct CountsRow {
    due: i64,
    delayed: i64,
    running: i64,
    dead: i64,
}
table!(CountsRow, "job", "due, delayed, running, dead", "job");

impl TryFrom<CountsRow> for JobCounts {
    type Error = StoreError;

    fn try_from(row: CountsRow) -> Result<Self, StoreError> {
        let count = |column, number| u64::try_from(number).map_err(|_| corrupt::<CountsRow>(column));
        Ok(Self {
            due: count("due", row.due)?,
            delayed: count("delayed", row.delayed)?,
            running: count("running", row.running)?,
            dead: count("dead", row.dead)?,
        })
    }
}
