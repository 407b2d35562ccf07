//! What a job knows of its own run.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, Utc};

use super::{ClaimedJob, JobError, Outcome, Settlement};
use crate::{
    app::App,
    ids::JobId,
    ports::{store::Unit, timer::Timer},
};

/// What a job knows of its own run.
pub struct JobContext {
    /// The job's id: the same at every try.
    pub id: JobId,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Whether there is no try after this one: when it fails, it is given up.
    pub is_last: bool,
    fence: i64,
    finished: AtomicBool,
    timer: Option<Arc<dyn Timer>>,
}

impl fmt::Debug for JobContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobContext")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl JobContext {
    pub(super) fn new(job: &ClaimedJob, attempts: u32, timer: Option<Arc<dyn Timer>>) -> Self {
        Self {
            id: job.id,
            attempt: job.attempt,
            is_last: job.attempt >= attempts,
            fence: job.fence,
            finished: AtomicBool::new(false),
            timer,
        }
    }

    /// Waits for a moment that is close, as a worker can; a program that runs its jobs one after the other does not.
    pub async fn wait_until(&self, app: &App, moment: DateTime<Utc>) {
        let time = moment - app.now();
        if let Some(timer) = self.timer.as_ref().filter(|_| time > chrono::TimeDelta::zero()) {
            timer.wait(time).await;
        }
    }

    /// A text that is the same at every try of this job and of no other.
    #[must_use]
    pub fn unique(&self) -> String {
        self.id.0.simple().to_string()
    }

    /// Notes in the job's own unit that it is done: what the unit writes and the end of the job are committed together,
    /// so the effect is there exactly once, whatever is lost on the way. Commit the unit and return `Ok(())` then.
    ///
    /// # Errors
    /// When another worker has the job by now: drop the unit then, its effect is the other's to have.
    pub async fn finish_in(&self, unit: &mut dyn Unit, now: DateTime<Utc>) -> Result<(), JobError> {
        if !unit.jobs_mut().finish(self.id, self.fence, now).await? {
            return Err(JobError::Retry("the lease has ended".into()));
        }
        self.finished.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Notes in the job's own unit that it is to be run again at `until`, and that this was no try: what the unit writes and
    /// the new time are committed together. Commit the unit and return `Ok(())` then.
    ///
    /// # Errors
    /// When another worker has the job by now: drop the unit then.
    pub async fn put_off_in(&self, unit: &mut dyn Unit, until: DateTime<Utc>) -> Result<(), JobError> {
        let put_off = Settlement { id: self.id, fence: self.fence, outcome: Outcome::PutOff { until } };
        if unit.jobs_mut().settle(&[put_off]).await?.is_empty() {
            return Err(JobError::Retry("the lease has ended".into()));
        }
        self.finished.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Whether the job noted its end itself.
    pub(super) fn is_finished(&self) -> bool {
        self.finished.load(Ordering::Relaxed)
    }
}
