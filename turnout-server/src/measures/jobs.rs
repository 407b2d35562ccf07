//! How many jobs wait, for how long, and what their runs come to.
//!
//! The labels are names from our code: kinds, lanes, outcomes. A kind that this program does not know is `unknown`.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use metrics::{counter, gauge, histogram};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use turnout_core::{
    App,
    jobs::{ClaimedJob, Outcome, Settlement, step},
    ports::store::StoreError,
};

use crate::system::SystemClock;

/// How long the runs of a kind take.
pub(super) const SECONDS: &str = "turnout_job_seconds";
/// The bounds of its buckets, in seconds.
pub(super) const BOUNDS: [f64; 8] = [0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0, 300.0];

/// How often it is measured what waits.
const EVERY: Duration = Duration::from_secs(15);

/// Runs claimed jobs of one kind, and counts and times each run; says what is still to be noted. What is logged meanwhile
/// has the kind, and the id of a job that runs by itself.
pub(crate) async fn perform(app: &App, jobs: &[ClaimedJob]) -> Vec<Settlement> {
    let begun = Instant::now();
    let kind = jobs.first().map_or("none", |job| app.jobs.name(&job.kind).unwrap_or("unknown"));
    let span = match jobs {
        [job] => tracing::info_span!("job", kind, id = %job.id, attempt = job.attempt),
        several => tracing::info_span!("job", kind, together = several.len()),
    };
    let settlements = step::perform_all(app, jobs, Some(Arc::new(SystemClock))).instrument(span).await;
    for (job, settlement) in jobs.iter().zip(&settlements) {
        let outcome = match settlement.as_ref().map(|it| &it.outcome) {
            Some(Outcome::Retry { .. }) => "failed",
            Some(Outcome::Dead { .. }) => "given up",
            _ => "done",
        };
        let kind = app.jobs.name(&job.kind).unwrap_or("unknown");
        histogram!(SECONDS, "kind" => kind).record(begun.elapsed());
        counter!("turnout_jobs_total", "kind" => kind, "outcome" => outcome).increment(1);
    }
    settlements.into_iter().flatten().collect()
}

/// Measures what waits, and whatever `look` does, until `stop`. Any number of processes may: each says the same. Needs a tokio runtime.
pub async fn watch(app: &App, look: impl Fn() + Send + Sync, stop: CancellationToken) {
    while !stop.is_cancelled() {
        look();
        super::handle().run_upkeep();
        if let Err(error) = measure(app).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "it cannot be measured what waits");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(EVERY) => {}
        }
    }
}

/// Depth of each lane and age of its oldest due job; how many jobs are in which state.
///
/// # Errors
/// When the store fails; the measures stay as they were then.
pub async fn measure(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let mut view = app.store.report_view().await?;
    let depths = view.jobs().depths(now).await?;
    let counts = view.jobs().counts(now).await?;
    drop(view);
    let mut quiet: BTreeSet<&str> = app.jobs.lane_names().collect();
    for depth in &depths {
        quiet.remove(depth.lane.as_str());
        let age = (now - depth.oldest).as_seconds_f64();
        set(&depth.lane, depth.due, age);
    }
    for lane in quiet {
        set(lane, 0, 0.0);
    }
    for (state, count) in
        [("due", counts.due), ("delayed", counts.delayed), ("running", counts.running), ("dead", counts.dead)]
    {
        gauge!("turnout_jobs", "state" => state).set(count as f64);
    }
    Ok(())
}

fn set(lane: &str, due: u64, age: f64) {
    gauge!("turnout_jobs_due", "lane" => lane.to_owned()).set(due as f64);
    gauge!("turnout_jobs_oldest_due_seconds", "lane" => lane.to_owned()).set(age);
}
