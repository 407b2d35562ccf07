//! Jobs: what happens later, durably.
//!
//! A job is enqueued in the same unit of work as the write it follows from; that is the outbox. `kind.rs` is what a kind
//! of job is, `registry.rs` lists every one there is, `lanes.rs` paces those that share a rate, `schedule.rs` lists every
//! cadence, `manage.rs` runs again what was given up, drops it or calls off what waits, `step.rs` is claim → run → settle. The loop around it, and the runtime, are the worker's.

mod backoff;
mod context;
mod kind;
pub mod lanes;
mod manage;
pub mod registry;
pub mod schedule;
mod settlement;
pub mod step;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use backoff::Backoff;
pub use context::JobContext;
pub use kind::{JobHandler, JobKind};
pub use lanes::{DEFAULT_LANE, LANES, Lane, Rate};
pub use manage::{CallOffError, ManageError, call_off, drop_dead, run_again, run_dead_again};
pub use registry::Registry;
pub use settlement::{Outcome, Settlement};

use crate::{
    error::{ProviderError, ProviderErrorKind},
    ids::{JobId, SubscriberId},
    ports::store::StoreError,
};

/// How urgent a job is; of jobs that are due, the smaller number goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A voter waits for it.
    High = 0,
    /// Everything else.
    Default = 10,
}

impl Priority {
    /// The most urgent first.
    pub const ALL: [Self; 2] = [Self::High, Self::Default];
}

/// A job to be enqueued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What is to be done: `room.verb`.
    pub kind: &'static str,
    /// With what: ids only, never a person's data.
    pub payload: Value,
    /// Not before this moment.
    pub due_at: DateTime<Utc>,
    /// How urgent it is.
    pub priority: Priority,
    /// Which jobs it shares a rate with.
    pub lane: &'static str,
    /// While a job with this key exists and is not finished, no second one is enqueued.
    pub unique_key: Option<String>,
    /// Whose work it is: within a lane, subscribers take turns.
    pub subscriber: Option<SubscriberId>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Proof of this claim. A worker that lost its lease settles nothing: its fence is old.
    pub fence: i64,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When it is to begin: the moment of its lane's grant, a tenth of a second after the claim at most; that of the claim
    /// in a lane without a rate.
    pub begins_at: DateTime<Utc>,
    /// Until when the claim holds.
    pub lease_until: DateTime<Utc>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time or for a worker.
    Waiting,
    /// A worker has it.
    Running,
    /// It was done.
    Done,
    /// It was given up; kept with its reason.
    Dead,
    /// Somebody called it off.
    Cancelled,
}

impl JobState {
    /// All of them, in the order of a job's life.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Dead, Self::Done, Self::Cancelled];

    /// Its name, as commands and addresses have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads such a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How a job ended that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was done.
    Done,
    /// It was given up.
    Dead,
}

/// A job as the store knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// How far it is.
    pub state: JobState,
    /// Which jobs it shares a rate with.
    pub lane: String,
    /// Whose work it is.
    pub subscriber: Option<SubscriberId>,
    /// How many tries there were.
    pub attempts: u32,
    /// Not before this moment.
    pub due_at: DateTime<Utc>,
    /// Until when a worker has it.
    pub lease_until: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it was done, given up or called off.
    pub finished_at: Option<DateTime<Utc>>,
}

impl From<&NewJob> for JobRecord {
    /// The job as it is when it was just enqueued.
    fn from(job: &NewJob) -> Self {
        Self {
            id: job.id,
            kind: job.kind.to_owned(),
            payload: job.payload.clone(),
            state: JobState::Waiting,
            lane: job.lane.to_owned(),
            subscriber: job.subscriber,
            attempts: 0,
            due_at: job.due_at,
            lease_until: None,
            last_error: None,
            created_at: job.created_at,
            finished_at: None,
        }
    }
}

/// How many jobs are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Due and waiting for a worker; those whose worker was lost too.
    pub due: u64,
    /// Waiting for their time.
    pub delayed: u64,
    /// With a worker.
    pub running: u64,
    /// Given up.
    pub dead: u64,
}

/// What waits in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneDepth {
    /// The lane.
    pub lane: String,
    /// How many of its jobs are due.
    pub due: u64,
    /// Since when the oldest of them is.
    pub oldest: DateTime<Utc>,
}

/// Which jobs are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// How far they are; without it those that are waiting, running or dead.
    pub state: Option<JobState>,
    /// What is to be done.
    pub kind: Option<String>,
    /// Which lane they are in.
    pub lane: Option<String>,
}

/// Why a job did not succeed. The reason is a clause without personal data.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JobError {
    /// It may succeed later.
    #[error("{0}")]
    Retry(String),
    /// It never will.
    #[error("{0}")]
    GiveUp(String),
    /// It is not its time: it is run again then, and this was no try.
    #[error("it is put off")]
    PutOff(DateTime<Utc>),
}

impl From<ProviderError> for JobError {
    fn from(error: ProviderError) -> Self {
        if error.is_transient() { Self::Retry(error.to_string()) } else { Self::GiveUp(error.to_string()) }
    }
}

impl JobError {
    /// As of any failure at a vendor, but an answer that cannot be read is not the end: it may have broken off, or what was
    /// asked may have been done, which the next try sees.
    pub(crate) fn though_unread(error: ProviderError) -> Self {
        match error.kind {
            ProviderErrorKind::Unintelligible => Self::Retry(error.to_string()),
            _ => error.into(),
        }
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt { .. } | StoreError::Absent(_) => Self::GiveUp(error.to_string()),
            other => Self::Retry(other.to_string()),
        }
    }
}
