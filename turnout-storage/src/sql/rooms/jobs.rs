//! Jobs and ticks.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use turnout_core::{
    ids::JobId,
    jobs::{ClaimedJob, JobCounts, JobRecord, NewJob, Priority},
    page::{Page, PageRequest},
    ports::store::{Jobs, ReadJobs, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::jobs::{ClaimedRow, CountsRow, JobRow},
    session::{Session, query},
    statements::jobs as statements,
};

#[async_trait]
impl<D: Dialect> ReadJobs for Session<D> {
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        self.optional::<JobRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let found: Vec<Option<Moment>> = self.values(query(statements::NEXT_DUE)).await?;
        Ok(found.into_iter().flatten().next().map(|moment| moment.0))
    }

    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let statement = query(statements::COUNTS).bind(Moment(now));
        Ok(self.optional::<CountsRow, _>(statement).await?.unwrap_or_default())
    }

    async fn unfinished(&mut self, page: PageRequest<JobId>) -> Result<Page<JobRecord, JobId>, StoreError> {
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let statement = match page.after {
            None => query(statements::UNFINISHED),
            Some(id) => query(statements::UNFINISHED_AFTER).bind(id.0),
        };
        let statement = statement.bind(i64::from(page.limit) + 1);
        let mut rows: Vec<JobRecord> = self.all::<JobRow, _>(statement).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.id);
        Ok(Page { rows, next })
    }
}

#[async_trait]
impl<D: Dialect> Jobs for Session<D> {
    async fn enqueue(&mut self, job: &NewJob) -> Result<bool, StoreError> {
        let statement = query(statements::ENQUEUE)
            .bind(job.id.0)
            .bind(job.kind)
            .bind(Json(&job.payload))
            .bind(job.priority as i64)
            .bind(&job.unique_key)
            .bind(job.subscriber.map(|id| id.0))
            .bind(Moment(job.due_at))
            .bind(Moment(job.created_at));
        let added = self.change("job", statement).await? > 0;
        // a store has no clock: a job is due when it was so at its creation
        if added && job.due_at <= job.created_at {
            self.note_due_job();
        }
        Ok(added)
    }

    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let statement = query(statements::CLAIM)
            .bind(Moment(now))
            .bind(Moment(now + lease))
            .bind(i64::from(limit))
            .bind(Priority::High as i64)
            .bind(Priority::Default as i64);
        let mut rows: Vec<ClaimedRow> = self.rows(statement).await?;
        rows.sort_unstable_by_key(ClaimedRow::turn);
        rows.into_iter().map(ClaimedJob::try_from).collect()
    }

    async fn finish(&mut self, id: JobId, fence: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let statement = query(statements::FINISH).bind(id.0).bind(fence).bind(Moment(now));
        Ok(self.change("job", statement).await? > 0)
    }

    async fn retry(
        &mut self,
        id: JobId,
        fence: i64,
        due_at: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let statement = query(statements::RETRY).bind(id.0).bind(fence).bind(Moment(due_at)).bind(reason);
        Ok(self.change("job", statement).await? > 0)
    }

    async fn bury(
        &mut self,
        id: JobId,
        fence: i64,
        now: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let statement = query(statements::BURY).bind(id.0).bind(fence).bind(Moment(now)).bind(reason);
        Ok(self.change("job", statement).await? > 0)
    }

    async fn release(&mut self, id: JobId, fence: i64) -> Result<bool, StoreError> {
        Ok(self.change("job", query(statements::RELEASE).bind(id.0).bind(fence)).await? > 0)
    }

    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.change("job", query(statements::PURGE).bind(Moment(before)).bind(i64::from(limit))).await
    }

    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        let statement = query(statements::TICK).bind(name).bind(Moment(tick));
        Ok(self.change("tick", statement).await? > 0)
    }
}
