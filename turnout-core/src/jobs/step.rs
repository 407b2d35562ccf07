//! Claim, run, settle: one job, no loop.

use chrono::{DateTime, Utc};

use super::{ClaimedJob, JobContext, JobError};
use crate::{app::App, ports::store::StoreError};

/// Takes up to `limit` jobs that are due.
///
/// # Errors
/// When the store fails; nothing is claimed then.
pub async fn claim(app: &App, limit: u32) -> Result<Vec<ClaimedJob>, StoreError> {
    // a look costs no writer when nothing is due
    if next_due(app).await?.is_none_or(|due| due > app.now()) {
        return Ok(Vec::new());
    }
    let mut unit = app.store.begin().await?;
    let jobs = unit.jobs_mut().claim(app.now(), app.settings.jobs.lease, limit).await?;
    unit.commit().await?;
    if !jobs.is_empty() {
        app.reached("jobs.after_claim");
    }
    Ok(jobs)
}

/// When the next job is due.
///
/// # Errors
/// When the store fails.
pub async fn next_due(app: &App) -> Result<Option<DateTime<Utc>>, StoreError> {
    app.store.view().await?.jobs().next_due().await
}

/// Runs a claimed job and notes what became of it.
///
/// # Errors
/// When the outcome cannot be noted; the job's lease ends then, and another worker takes it.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), StoreError> {
    let kind = app.jobs.kind(&job.kind);
    let attempts = kind.and_then(|kind| kind.attempts).unwrap_or(app.settings.jobs.attempts);
    let context = JobContext::new(job);
    let outcome = if job.attempt > attempts {
        // it takes its workers with it
        Err(JobError::GiveUp("its workers were lost".into()))
    } else {
        app.jobs.run(app, job, &context).await
    };
    if outcome.is_ok() && context.is_finished() {
        return Ok(());
    }
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let jobs = unit.jobs_mut();
    let held = match outcome {
        Ok(()) => jobs.finish(job.id, job.fence, now).await?,
        Err(JobError::Retry(reason)) if job.attempt < attempts => {
            tracing::warn!(job.id = %job.id, job.kind, job.attempt, reason, "a job failed and is tried again");
            let backoff = kind.map(|kind| kind.backoff).unwrap_or_default();
            let due = backoff.retry_at(now, job.attempt, app.ids.fraction());
            jobs.retry(job.id, job.fence, due, &reason).await?
        }
        Err(JobError::Retry(reason) | JobError::GiveUp(reason)) => {
            tracing::error!(job.id = %job.id, job.kind, job.attempt, reason, "a job was given up");
            jobs.bury(job.id, job.fence, now, &reason).await?
        }
    };
    unit.commit().await?;
    app.reached("jobs.after_settle");
    if !held {
        tracing::warn!(job.id = %job.id, job.kind, "a job outlived its lease");
    }
    Ok(())
}

/// Gives claimed jobs back untouched: for a worker that stops.
///
/// # Errors
/// When the store fails; the leases end by themselves then.
pub async fn release(app: &App, jobs: &[ClaimedJob]) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    for job in jobs {
        unit.jobs_mut().release(job.id, job.fence).await?;
    }
    unit.commit().await
}

/// Runs everything that is due, one after the other, until nothing is; for tests and small programs.
///
/// # Errors
/// When the store fails.
pub async fn run_all_due(app: &App) -> Result<usize, StoreError> {
    let mut ran = 0;
    loop {
        let jobs = claim(app, 16).await?;
        if jobs.is_empty() {
            return Ok(ran);
        }
        for job in &jobs {
            run(app, job).await?;
        }
        ran += jobs.len();
    }
}
