//! Claim, run, settle: one job, no loop.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{ClaimedJob, JobContext, JobError, Lane, Outcome, Settlement};
use crate::{
    app::App,
    ids::JobId,
    ports::{store::StoreError, timer::Timer},
};

/// When it is tried again to note what follows from a dead job.
const NOTED_LATER: TimeDelta = TimeDelta::minutes(1);

/// Takes up to `limit` jobs that are due.
///
/// # Errors
/// When the store fails; nothing is claimed then.
pub async fn claim(app: &App, limit: u32) -> Result<Vec<ClaimedJob>, StoreError> {
    // a look costs no writer when nothing is due
    if next_due(app).await?.is_none_or(|due| due > app.now()) {
        return Ok(Vec::new());
    }
    settle_and_claim(app, &[], limit).await
}

/// When there is something to claim.
///
/// # Errors
/// When the store fails.
pub async fn next_due(app: &App) -> Result<Option<DateTime<Utc>>, StoreError> {
    app.store.view().await?.jobs().next_due(&app.jobs.lanes()).await
}

/// Whether a job runs together with others of its kind that were claimed with it.
#[must_use]
pub fn is_together(app: &App, job: &ClaimedJob) -> bool {
    app.jobs.kind(&job.kind).is_some_and(|kind| kind.is_together)
}

/// Runs a claimed job and says what is to become of it; nothing when the job noted that itself. It waits for nothing.
pub async fn perform(app: &App, job: &ClaimedJob) -> Option<Settlement> {
    perform_all(app, std::slice::from_ref(job), None).await.pop().flatten()
}

/// Runs claimed jobs of one kind and says what is to become of each, in their order; nothing of one that noted that itself.
/// They wait for their turns by that timer.
pub async fn perform_all(
    app: &App,
    jobs: &[ClaimedJob],
    timer: Option<Arc<dyn Timer>>,
) -> Vec<Option<Settlement>> {
    let Some(kind) = jobs.first().map(|job| job.kind.as_str()) else { return Vec::new() };
    let attempts = attempts_of(app, kind);
    let contexts: Vec<JobContext> =
        jobs.iter().map(|job| JobContext::new(job, attempts, timer.clone())).collect();
    // a job that was tried often enough takes its workers with it
    let alive = || jobs.iter().zip(&contexts).filter(|(job, _)| job.attempt <= attempts);
    let tried = alive().map(|(job, context)| (job.payload.clone(), context)).collect();
    let mut ran = app.jobs.run_all(app, kind, tried).await.into_iter();
    let mut settlements = Vec::with_capacity(jobs.len());
    for (job, context) in jobs.iter().zip(&contexts) {
        let outcome = if job.attempt <= attempts { ran.next() } else { None };
        let outcome = outcome.unwrap_or_else(|| Err(JobError::GiveUp("its workers were lost".into())));
        if outcome.is_ok() && context.is_finished() {
            settlements.push(None);
            continue;
        }
        settlements.push(Some(give_up(app, job, judge(app, job, outcome)).await));
    }
    settlements
}

/// Tells a job that is to be dead; it is not yet when what follows from that cannot be noted.
async fn give_up(app: &App, job: &ClaimedJob, settlement: Settlement) -> Settlement {
    let Outcome::Dead { reason, .. } = &settlement.outcome else { return settlement };
    match app.jobs.give_up(app, job, reason).await {
        Ok(()) => settlement,
        Err(error) => {
            tracing::warn!(job.id = %job.id, job.kind, %error, "what follows from a dead job is noted later");
            Settlement { outcome: Outcome::PutOff { until: app.now() + NOTED_LATER }, ..settlement }
        }
    }
}

/// What is to become of a job that came to this.
#[must_use]
pub fn judge(app: &App, job: &ClaimedJob, outcome: Result<(), JobError>) -> Settlement {
    let at = app.now();
    let outcome = match outcome {
        Ok(()) => Outcome::Done { at },
        Err(JobError::PutOff(until)) => Outcome::PutOff { until },
        Err(JobError::Retry(reason)) if job.attempt < attempts_of(app, &job.kind) => {
            tracing::warn!(job.id = %job.id, job.kind, job.attempt, reason, "a job failed and is tried again");
            let backoff = app.jobs.kind(&job.kind).map(|kind| kind.backoff).unwrap_or_default();
            Outcome::Retry { due_at: backoff.retry_at(at, job.attempt, app.ids.fraction()), reason }
        }
        Err(JobError::Retry(reason) | JobError::GiveUp(reason)) => {
            tracing::error!(job.id = %job.id, job.kind, job.attempt, reason, "a job was given up");
            Outcome::Dead { at, reason }
        }
    };
    Settlement { id: job.id, fence: job.fence, outcome }
}

fn attempts_of(app: &App, kind: &str) -> u32 {
    app.jobs.kind(kind).and_then(|kind| kind.attempts).unwrap_or(app.settings.jobs.attempts)
}

/// Notes what became of jobs.
///
/// # Errors
/// When the store fails; nothing is noted then. A lease that ends meanwhile makes its job another worker's.
pub async fn settle(app: &App, settlements: &[Settlement]) -> Result<(), StoreError> {
    if settlements.is_empty() {
        return Ok(());
    }
    let mut unit = app.store.begin().await?;
    let held = unit.jobs_mut().settle(settlements).await?;
    unit.commit().await?;
    settled(app, settlements, &held);
    Ok(())
}

/// Notes what became of jobs, and takes up to `limit` others that are due, in one unit; of jobs that run together some more,
/// as many of them are one to whoever runs them.
///
/// # Errors
/// When the store fails; nothing is noted or claimed then.
pub async fn settle_and_claim(
    app: &App,
    settlements: &[Settlement],
    limit: u32,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let (now, lease) = (app.now(), app.settings.jobs.lease);
    let mut unit = app.store.begin().await?;
    let rows = unit.jobs_mut();
    let held = rows.settle(settlements).await?;
    let mut jobs = rows.claim(now, lease, limit, &app.jobs.lanes()).await?;
    for (lane, more) in together(app, &jobs) {
        jobs.extend(rows.claim(now, lease, more, &[lane]).await?);
    }
    let mut longer = Vec::new();
    for job in &mut jobs {
        let own = lease_of(app, &job.kind);
        if own != lease {
            job.lease_until = now + own;
            longer.push(renewal(job));
        }
    }
    rows.settle(&longer).await?;
    unit.commit().await?;
    if !jobs.is_empty() {
        app.reached("jobs.after_claim");
    }
    if !settlements.is_empty() {
        settled(app, settlements, &held);
    }
    Ok(jobs)
}

/// The lanes from which more is taken, as jobs of theirs run together, and how many more.
fn together(app: &App, jobs: &[ClaimedJob]) -> Vec<(Lane, u32)> {
    let is_of = |lane: &Lane| {
        jobs.iter()
            .filter(|job| app.jobs.kind(&job.kind).is_some_and(|it| it.is_together && it.lane == lane.name))
            .count()
    };
    let more = |lane: Lane| match u32::try_from(is_of(&lane)) {
        Ok(count) if count > 0 && count < app.settings.jobs.together => {
            Some((lane, app.settings.jobs.together - count))
        }
        _ => None,
    };
    app.jobs.lanes().into_iter().filter_map(more).collect()
}

/// Keeps jobs for longer that are still running: each for the lease of its kind from now.
///
/// # Errors
/// When the store fails; the leases end as they would have.
pub async fn renew(app: &App, jobs: &mut [ClaimedJob]) -> Result<(), StoreError> {
    let now = app.now();
    for job in jobs.iter_mut() {
        job.lease_until = now + lease_of(app, &job.kind);
    }
    settle(app, &jobs.iter().map(renewal).collect::<Vec<_>>()).await
}

/// After how long a job of this kind is another worker's.
#[must_use]
pub fn lease_of(app: &App, kind: &str) -> TimeDelta {
    let lease = app.settings.jobs.lease;
    match app.jobs.kind(kind) {
        // what runs together is short: its own lease is there to be shorter
        Some(kind) if kind.is_together => kind.lease.map_or(lease, |own| own.min(lease)),
        Some(kind) => kind.lease.unwrap_or(lease),
        None => lease,
    }
}

fn renewal(job: &ClaimedJob) -> Settlement {
    Settlement { id: job.id, fence: job.fence, outcome: Outcome::Renewed { until: job.lease_until } }
}

fn settled(app: &App, settlements: &[Settlement], held: &[JobId]) {
    app.reached("jobs.after_settle");
    if held.len() == settlements.len() {
        return;
    }
    for lost in settlements.iter().filter(|it| !held.contains(&it.id)) {
        tracing::warn!(job.id = %lost.id, "a job outlived its lease");
    }
}

/// Runs a claimed job and notes what became of it.
///
/// # Errors
/// When the outcome cannot be noted; the job's lease ends then, and another worker takes it.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), StoreError> {
    match perform(app, job).await {
        Some(settlement) => settle(app, &[settlement]).await,
        None => Ok(()),
    }
}

/// Gives claimed jobs back untouched: for a worker that stops.
///
/// # Errors
/// When the store fails; the leases end by themselves then.
pub async fn release(app: &App, jobs: &[ClaimedJob]) -> Result<(), StoreError> {
    let given_back =
        |job: &ClaimedJob| Settlement { id: job.id, fence: job.fence, outcome: Outcome::Released };
    let given_back: Vec<Settlement> = jobs.iter().map(given_back).collect();
    settle(app, &given_back).await
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
