//! The loop around `turnout_core::jobs::schedule`: looks at the table of cadences every half minute.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use turnout_core::{App, jobs::schedule};

use crate::observe::pulse::Pulse;

/// How often the table is looked at.
const EVERY: Duration = Duration::from_secs(30);
/// How far a start looks back for moments that nobody was there for. A moment is enqueued once, whoever asks.
const LOOK_BACK: TimeDelta = TimeDelta::days(1);

/// Enqueues what is due, until `stop`. Any number of schedulers may share a store. Needs a tokio runtime.
pub async fn run(app: &App, stop: CancellationToken) {
    run_beating(app, &Pulse::default(), stop).await;
}

/// The same, and beats at each look at the table.
pub async fn run_beating(app: &App, pulse: &Pulse, stop: CancellationToken) {
    let mut since = app.now() - LOOK_BACK;
    while !stop.is_cancelled() {
        pulse.beat();
        let now = app.now();
        match schedule::run(app, since).await {
            Ok(_) => since = now,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the scheduler cannot enqueue jobs"
                );
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(EVERY) => {}
        }
    }
}
