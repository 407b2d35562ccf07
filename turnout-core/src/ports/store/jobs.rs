//! Jobs.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;
use crate::{
    ids::JobId,
    jobs::{ClaimedJob, JobCounts, JobRecord, NewJob},
    page::{Page, PageRequest},
};

/// Reads jobs.
#[async_trait]
pub trait ReadJobs: Send {
    /// The job, in whatever state.
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError>;

    /// When the next job is due or the next lease ends: the moment to look again. Nothing when nothing waits.
    async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// How many jobs are in which state at `now`.
    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError>;

    /// Unfinished jobs (waiting, running, dead), by id.
    async fn unfinished(&mut self, page: PageRequest<JobId>) -> Result<Page<JobRecord, JobId>, StoreError>;
}

/// Enqueues and settles jobs.
#[async_trait]
pub trait Jobs: ReadJobs {
    /// Adds a job. False, and nothing added, when its unique key is that of a job that is waiting, running or dead.
    /// Conflict when the id is taken.
    async fn enqueue(&mut self, job: &NewJob) -> Result<bool, StoreError>;

    /// Takes up to `limit` jobs that are due at `now` or whose lease has ended, by priority, then oldest due first,
    /// for `lease`. Each gets the next attempt number and a new fence. No two workers ever hold the same fence.
    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
    ) -> Result<Vec<ClaimedJob>, StoreError>;

    /// The job is done. False, and nothing changed, when the fence is not the present one.
    async fn finish(&mut self, id: JobId, fence: i64, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// The job is to be tried again at `due_at`. False, and nothing changed, when the fence is not the present one.
    async fn retry(
        &mut self,
        id: JobId,
        fence: i64,
        due_at: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError>;

    /// The job is given up and kept. False, and nothing changed, when the fence is not the present one.
    async fn bury(
        &mut self,
        id: JobId,
        fence: i64,
        now: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError>;

    /// Gives a claimed job back untouched, as if it had never been claimed. False when the fence is not the present one.
    async fn release(&mut self, id: JobId, fence: i64) -> Result<bool, StoreError>;

    /// Deletes up to `limit` jobs that were done before `before`; dead ones stay. Returns how many.
    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError>;

    /// Notes that the schedule `name` ran for its moment `tick`. False when somebody noted it already.
    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError>;
}
