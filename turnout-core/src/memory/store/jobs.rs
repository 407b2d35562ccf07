//! Jobs and ticks.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::rooms::{Rooms, insert};
use crate::{
    ids::JobId,
    jobs::{ClaimedJob, JobCounts, JobRecord, JobState, NewJob},
    page::{Page, PageRequest},
    ports::store::{Jobs, ReadJobs, StoreError},
};

/// A job and how far it is.
#[derive(Debug, Clone)]
pub(super) struct KeptJob {
    job: NewJob,
    state: JobState,
    attempts: u32,
    fence: i64,
    due_at: DateTime<Utc>,
    lease_until: Option<DateTime<Utc>>,
    last_error: Option<String>,
    finished_at: Option<DateTime<Utc>>,
}

impl KeptJob {
    fn new(job: &NewJob) -> Self {
        Self {
            job: job.clone(),
            state: JobState::Waiting,
            attempts: 0,
            fence: 0,
            due_at: job.due_at,
            lease_until: None,
            last_error: None,
            finished_at: None,
        }
    }

    /// From when on a worker may take it.
    fn claimable_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            JobState::Waiting => Some(self.due_at),
            JobState::Running => self.lease_until,
            JobState::Done | JobState::Dead => None,
        }
    }

    fn record(&self) -> JobRecord {
        JobRecord {
            id: self.job.id,
            kind: self.job.kind.to_owned(),
            payload: self.job.payload.clone(),
            state: self.state,
            attempts: self.attempts,
            due_at: self.due_at,
            last_error: self.last_error.clone(),
            created_at: self.job.created_at,
            finished_at: self.finished_at,
        }
    }

    fn claim(&mut self, until: DateTime<Utc>) -> ClaimedJob {
        self.state = JobState::Running;
        self.attempts += 1;
        self.fence += 1;
        self.lease_until = Some(until);
        ClaimedJob {
            id: self.job.id,
            kind: self.job.kind.to_owned(),
            payload: self.job.payload.clone(),
            attempt: self.attempts,
            fence: self.fence,
            due_at: self.due_at,
            lease_until: until,
        }
    }
}

impl Rooms {
    /// Changes a job that is held by this fence and gives it up. False when it is not held by it.
    fn settle(&mut self, id: JobId, fence: i64, change: impl FnOnce(&mut KeptJob)) -> bool {
        let held = |it: &KeptJob| it.state == JobState::Running && it.fence == fence;
        if !self.jobs.get(&id).is_some_and(held) {
            return false;
        }
        if let Some(job) = Arc::make_mut(&mut self.jobs).get_mut(&id) {
            job.lease_until = None;
            change(job);
        }
        true
    }
}

#[async_trait]
impl ReadJobs for Rooms {
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        Ok(self.jobs.get(&id).map(KeptJob::record))
    }

    async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.jobs.values().filter_map(KeptJob::claimable_at).min())
    }

    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let mut counts = JobCounts::default();
        for job in self.jobs.values() {
            match job.state {
                JobState::Waiting if job.due_at <= now => counts.due += 1,
                JobState::Waiting => counts.delayed += 1,
                JobState::Running => counts.running += 1,
                JobState::Dead => counts.dead += 1,
                JobState::Done => {}
            }
        }
        Ok(counts)
    }

    async fn unfinished(&mut self, page: PageRequest<JobId>) -> Result<Page<JobRecord, JobId>, StoreError> {
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let mut rows = self
            .jobs
            .values()
            .filter(|it| it.state != JobState::Done && page.after.is_none_or(|after| it.job.id > after));
        let page: Vec<JobRecord> = rows.by_ref().take(limit).map(KeptJob::record).collect();
        let next = page.last().map(|it| it.id).filter(|_| rows.next().is_some());
        Ok(Page { rows: page, next })
    }
}

#[async_trait]
impl Jobs for Rooms {
    async fn enqueue(&mut self, job: &NewJob) -> Result<bool, StoreError> {
        let held = |it: &KeptJob| it.state != JobState::Done && it.job.unique_key == job.unique_key;
        if job.unique_key.is_some() && self.jobs.values().any(held) {
            return Ok(false);
        }
        insert(&mut self.jobs, job.id, &KeptJob::new(job), "job")?;
        // a store has no clock: a job is due when it was so at its creation
        self.enqueued_due |= job.due_at <= job.created_at;
        Ok(true)
    }

    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let claimable = |it: &&mut KeptJob| it.claimable_at().is_some_and(|moment| moment <= now);
        let mut jobs: Vec<_> = Arc::make_mut(&mut self.jobs).values_mut().filter(claimable).collect();
        jobs.sort_by_key(|it| (it.job.priority, it.due_at, it.job.id));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(jobs.into_iter().take(limit).map(|job| job.claim(now + lease)).collect())
    }

    async fn finish(&mut self, id: JobId, fence: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.settle(id, fence, |job| {
            job.state = JobState::Done;
            job.last_error = None;
            job.finished_at = Some(now);
        }))
    }

    async fn retry(
        &mut self,
        id: JobId,
        fence: i64,
        due_at: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError> {
        Ok(self.settle(id, fence, |job| {
            job.state = JobState::Waiting;
            job.due_at = due_at;
            job.last_error = Some(reason.to_owned());
        }))
    }

    async fn bury(
        &mut self,
        id: JobId,
        fence: i64,
        now: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError> {
        Ok(self.settle(id, fence, |job| {
            job.state = JobState::Dead;
            job.last_error = Some(reason.to_owned());
            job.finished_at = Some(now);
        }))
    }

    async fn release(&mut self, id: JobId, fence: i64) -> Result<bool, StoreError> {
        // the fence stays: it only ever grows
        Ok(self.settle(id, fence, |job| {
            job.state = JobState::Waiting;
            job.attempts -= 1;
        }))
    }

    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let old = |it: &&KeptJob| {
            it.state == JobState::Done && it.finished_at.is_some_and(|moment| moment < before)
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let ids: Vec<JobId> = self.jobs.values().filter(old).take(limit).map(|it| it.job.id).collect();
        for id in &ids {
            Arc::make_mut(&mut self.jobs).remove(id);
        }
        Ok(ids.len() as u64)
    }

    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(Arc::make_mut(&mut self.ticks).insert((name.to_owned(), tick)))
    }
}
