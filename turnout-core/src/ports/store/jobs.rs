//! Jobs.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;
use crate::{
    ids::JobId,
    jobs::{
        ClaimedJob, Ended, JobCounts, JobFilter, JobRecord, Lane, LaneDepth, NewJob, Outcome, Rate,
        Settlement,
    },
    page::{Page, PageRequest},
};

/// Reads jobs.
#[async_trait]
pub trait ReadJobs: Send {
    /// The job, in whatever state.
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError>;

    /// The moment to look again: when the next job is due or the next lease ends, or, where jobs of a lane wait for a
    /// grant, when that comes. In the past when something can be claimed. Nothing when nothing waits in these lanes.
    async fn next_due(&mut self, lanes: &[Lane]) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// How many jobs are in which state at `now`.
    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError>;

    /// What waits at `now` in each lane in which something does, by name.
    async fn depths(&mut self, now: DateTime<Utc>) -> Result<Vec<LaneDepth>, StoreError>;

    /// Jobs that the filter describes, by id.
    async fn list(
        &mut self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<JobRecord, JobId>, StoreError>;

    /// Jobs that are done, or dead, those that ended last first. Only those of a kind, where one is given.
    async fn ended(
        &mut self,
        how: Ended,
        kind: Option<&str>,
        page: &PageRequest<(DateTime<Utc>, JobId)>,
    ) -> Result<Page<JobRecord, (DateTime<Utc>, JobId)>, StoreError>;

    /// Unfinished jobs (waiting, running, dead), by id.
    async fn unfinished(&mut self, page: PageRequest<JobId>) -> Result<Page<JobRecord, JobId>, StoreError> {
        self.list(&JobFilter::default(), page).await
    }
}

/// Enqueues and settles jobs.
#[async_trait]
pub trait Jobs: ReadJobs {
    /// Adds jobs, and says how many. One whose unique key is that of a job that is waiting, running or dead is left out.
    /// Conflict when an id is taken.
    async fn enqueue_all(&mut self, jobs: &[NewJob]) -> Result<u64, StoreError>;

    /// Adds a job. False, and nothing added, when its unique key is that of a job that is waiting, running or dead.
    /// Conflict when the id is taken.
    async fn enqueue(&mut self, job: &NewJob) -> Result<bool, StoreError> {
        Ok(self.enqueue_all(std::slice::from_ref(job)).await? > 0)
    }

    /// Takes up to `limit` jobs that are due at `now` or whose lease has ended, for `lease`. Each gets the next attempt
    /// number and a new fence. No two workers ever hold the same fence.
    ///
    /// Urgent jobs go first. Of the same urgency, the lanes share what is taken, in the order in which they are given
    /// where it cannot be shared evenly; within a lane the subscribers take turns, and each has its oldest first. No more
    /// is taken of a lane than its rate grants, whoever else claims; jobs of lanes that are not given are left alone.
    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
        lanes: &[Lane],
    ) -> Result<Vec<ClaimedJob>, StoreError>;

    /// Takes turns of a lane whose jobs do so themselves ([`Lane::takes_turns`]), one for each of `count` that are about to ask
    /// the vendor, and says when the first is; each other one is an interval of that rate later ([`Rate::turn`]). They are
    /// nobody else's once the unit is committed, which keeps the lane for itself until then.
    async fn take_turns(
        &mut self,
        lane: &'static str,
        rate: Rate,
        now: DateTime<Utc>,
        count: u32,
    ) -> Result<DateTime<Utc>, StoreError>;

    /// Notes what became of claimed jobs, each named once, and says whose fence was the present one. Nothing is changed
    /// of the others: another worker has them, or they are settled.
    async fn settle(&mut self, settlements: &[Settlement]) -> Result<Vec<JobId>, StoreError>;

    /// The job is done. False, and nothing changed, when the fence is not the present one.
    async fn finish(&mut self, id: JobId, fence: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let settlement = Settlement { id, fence, outcome: Outcome::Done { at: now } };
        Ok(!self.settle(&[settlement]).await?.is_empty())
    }

    /// Has a job run now that is dead or waits for its time, with all its attempts before it. False, and nothing
    /// changed, when it is neither.
    async fn requeue(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Calls off a job that is waiting or dead; its unique key is free then. False, and nothing changed, when it is
    /// neither: what runs cannot be called back.
    async fn cancel(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Deletes up to `limit` jobs that were done or called off before `before`; dead ones stay. Returns how many.
    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError>;

    /// Notes that the schedule `name` ran for its moment `tick`. False when somebody noted it already.
    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Forgets the moments of the schedule `name` before `before`. Returns how many.
    async fn forget_ticks(&mut self, name: &str, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
