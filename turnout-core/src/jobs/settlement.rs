//! What became of a claimed job.

use chrono::{DateTime, Utc};

use crate::ids::JobId;

/// What became of a job that a worker had claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The job.
    pub id: JobId,
    /// The fence of the claim.
    pub fence: i64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What becomes of a claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// It is to be tried again.
    Retry {
        /// Not before this moment.
        due_at: DateTime<Utc>,
        /// Why it failed: a clause without personal data.
        reason: String,
    },
    /// It is to wait, as if it had not been claimed and not been due.
    PutOff {
        /// Not before this moment.
        until: DateTime<Utc>,
    },
    /// It is given up and kept.
    Dead {
        /// Since when.
        at: DateTime<Utc>,
        /// Why: a clause without personal data.
        reason: String,
    },
    /// It goes back to its place in line, as if it had never been claimed.
    Released,
    /// Its worker keeps it for longer.
    Renewed {
        /// Until when.
        until: DateTime<Utc>,
    },
}
