//! Jobs, and what goes into the statements that take many at once.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    ids::{JobId, SubscriberId},
    jobs::{ClaimedJob, JobCounts, JobRecord, JobState, LaneDepth, NewJob, Outcome, Settlement},
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
    lane: String,
    subscriber_id: Option<Uuid>,
    attempts: i64,
    due_at: Moment,
    lease_until: Option<Moment>,
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
            "done" if row.last_error.is_some() => Some(JobState::Cancelled),
            "done" => Some(JobState::Done),
            "dead" => Some(JobState::Dead),
            _ => None,
        };
        Ok(Self {
            id: JobId(row.uuid),
            state: required::<JobRow, _>("state", &row.state, state)?,
            kind: row.kind,
            payload: row.payload.0,
            lane: row.lane,
            subscriber: row.subscriber_id.map(SubscriberId),
            attempts: u32::try_from(row.attempts).map_err(|_| corrupt::<JobRow>("attempts"))?,
            due_at: row.due_at.0,
            lease_until: row.lease_until.map(|moment| moment.0),
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
    place: Option<i64>,
    due_at: Moment,
    lease_until: Moment,
    /// The moment of its grant, which is no column.
    #[sqlx(skip)]
    pub(crate) begins_at: Option<DateTime<Utc>>,
}
table!(ClaimedRow, "job", statements::CLAIMED_COLUMNS, "job");

impl ClaimedRow {
    /// Whose turn it is: `RETURNING` promises no order.
    pub(crate) fn turn(&self) -> (Option<i64>, DateTime<Utc>, Uuid) {
        (self.place, self.due_at.0, self.uuid)
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
            begins_at: row.begins_at.unwrap_or(row.due_at.0),
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

/// How many there are in a lane.
#[derive(FromRow)]
pub(crate) struct DepthRow {
    lane: String,
    due: i64,
    oldest: Moment,
}
table!(DepthRow, "job", "lane, due, oldest", "job");

impl TryFrom<DepthRow> for LaneDepth {
    type Error = StoreError;

    fn try_from(row: DepthRow) -> Result<Self, StoreError> {
        let due = u64::try_from(row.due).map_err(|_| corrupt::<DepthRow>("due"))?;
        Ok(Self { lane: row.lane, due, oldest: row.oldest.0 })
    }
}

/// What a look at the lines finds.
#[derive(FromRow)]
pub(crate) struct LookRow {
    /// The lane; empty for the jobs that are in no line.
    pub(crate) lane: String,
    /// The priority; for the jobs that are in no line, one of [`LookRow::DELAYED`] and [`LookRow::LEASE`].
    pub(crate) priority: i64,
    /// When the first of them is due.
    pub(crate) moment: Option<Moment>,
    /// How far the grants of the lane reach.
    pub(crate) reach: Option<Moment>,
}
table!(LookRow, "job", "lane, priority, moment, reach", "job");

impl LookRow {
    /// Those that wait for their time.
    pub(crate) const DELAYED: i64 = -1;
    /// Those that a worker has.
    pub(crate) const LEASE: i64 = -2;
}

/// A job to be enqueued.
#[derive(Serialize)]
pub(crate) struct EnqueuedJob<'a> {
    uuid: String,
    kind: &'a str,
    payload: &'a Value,
    priority: i64,
    lane: &'a str,
    unique_key: Option<&'a str>,
    subscriber_id: Option<String>,
    pub(crate) is_due: bool,
    due_at: String,
    created_at: String,
}

impl<'a> From<&'a NewJob> for EnqueuedJob<'a> {
    fn from(job: &'a NewJob) -> Self {
        Self {
            uuid: job.id.0.simple().to_string(),
            kind: job.kind,
            payload: &job.payload,
            priority: job.priority as i64,
            lane: job.lane,
            unique_key: job.unique_key.as_deref(),
            subscriber_id: job.subscriber.map(|id| id.0.simple().to_string()),
            // a store has no clock: a job is due when it was so at its creation
            is_due: job.due_at <= job.created_at,
            due_at: Moment(job.due_at).text(),
            created_at: Moment(job.created_at).text(),
        }
    }
}

/// What becomes of a job.
#[derive(Serialize)]
pub(crate) struct SettledJob<'a> {
    uuid: String,
    fence: i64,
    state: &'static str,
    due_at: Option<String>,
    lease_until: Option<String>,
    finished_at: Option<String>,
    reason: Option<&'a str>,
    keeps_reason: bool,
    keeps_place: bool,
    given_back: i64,
}

impl<'a> From<&'a Settlement> for SettledJob<'a> {
    fn from(settlement: &'a Settlement) -> Self {
        let text = |moment: &DateTime<Utc>| Some(Moment(*moment).text());
        let plain = Self {
            uuid: settlement.id.0.simple().to_string(),
            fence: settlement.fence,
            state: "waiting",
            due_at: None,
            lease_until: None,
            finished_at: None,
            reason: None,
            keeps_reason: false,
            keeps_place: true,
            given_back: 0,
        };
        match &settlement.outcome {
            Outcome::Done { at } => Self { state: "done", finished_at: text(at), ..plain },
            Outcome::Retry { due_at, reason } => {
                Self { due_at: text(due_at), reason: Some(reason), keeps_place: false, ..plain }
            }
            Outcome::PutOff { until } => {
                Self { due_at: text(until), keeps_reason: true, keeps_place: false, given_back: 1, ..plain }
            }
            Outcome::Dead { at, reason } => {
                Self { state: "dead", finished_at: text(at), reason: Some(reason), ..plain }
            }
            Outcome::Released => Self { keeps_reason: true, given_back: 1, ..plain },
            Outcome::Renewed { until } => {
                Self { state: "running", lease_until: text(until), keeps_reason: true, ..plain }
            }
        }
    }
}
