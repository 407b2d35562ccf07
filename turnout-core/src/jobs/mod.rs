//! Jobs: what happens later, durably.
//!
//! A job is enqueued in the same unit of work as the write it follows from; that is the outbox. `kind.rs` is what a kind
//! of job is, `registry.rs` lists every one there is, `schedule.rs` every cadence, `step.rs` is claim → run → settle. The
//! loop around it, and the runtime, are the worker's.

mod backoff;
mod context;
mod kind;
pub mod registry;
pub mod schedule;
pub mod step;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use backoff::Backoff;
pub use context::JobContext;
pub use kind::{JobHandler, JobKind};
pub use registry::Registry;

use crate::{
    error::ProviderError,
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
    /// While a job with this key exists and is not finished, no second one is enqueued.
    pub unique_key: Option<String>,
    /// Whose work it is, for fair turns.
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
    /// How many tries there were.
    pub attempts: u32,
    /// Not before this moment.
    pub due_at: DateTime<Utc>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it was done or given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// How many jobs are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Due and waiting for a worker.
    pub due: u64,
    /// Waiting for their time.
    pub delayed: u64,
    /// Claimed.
    pub running: u64,
    /// Given up.
    pub dead: u64,
}

/// Why a job did not succeed. The reason is a clause without personal data.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may succeed later.
    #[error("{0}")]
    Retry(String),
    /// It never will.
    #[error("{0}")]
    GiveUp(String),
}

impl From<ProviderError> for JobError {
    fn from(error: ProviderError) -> Self {
        if error.is_transient() { Self::Retry(error.to_string()) } else { Self::GiveUp(error.to_string()) }
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
