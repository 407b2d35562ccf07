//! The loop around `turnout_core::jobs::step`: claims what is due, runs a bounded number at once, drains on a stop.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    task::{self, JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    jobs::{ClaimedJob, step},
    ports::{store::StoreError, wake::Wake},
};

/// A look is never further away than this, as a wake-up is only a hint.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// A job that another worker was quicker to claim is not asked for in a circle.
const SHORTEST_REST: Duration = Duration::from_millis(20);
/// How long a store that fails is left alone.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a stop waits for running jobs; the rest is broken off and given back.
const DRAIN: Duration = Duration::from_secs(20);

/// Runs jobs. Any number of workers may share a store.
pub struct Worker {
    app: App,
    wake: Arc<dyn Wake>,
    at_once: usize,
    longest_rest: Duration,
    drain: Duration,
    running: JoinSet<Result<(), StoreError>>,
    held: HashMap<task::Id, ClaimedJob>,
}

/// What to do after a look at the store.
enum Next {
    /// Look again: something was claimed.
    Look,
    /// Nothing is due for so long.
    Rest(Duration),
    /// As many jobs run as may.
    Full,
}

impl Worker {
    /// Runs at most `at_once` jobs at the same time, and at least one. `wake` is the store's.
    #[must_use]
    pub fn new(app: App, wake: Arc<dyn Wake>, at_once: usize) -> Self {
        Self {
            app,
            wake,
            at_once: at_once.max(1),
            longest_rest: LONGEST_REST,
            drain: DRAIN,
            running: JoinSet::new(),
            held: HashMap::new(),
        }
    }

    /// Looks at the store after that long at most: for a worker that other processes do not wake. 2 seconds unless
    /// set. A look at a store in which nothing is due reads, and writes nothing.
    #[must_use]
    pub fn with_longest_rest(mut self, rest: Duration) -> Self {
        self.longest_rest = rest.max(SHORTEST_REST);
        self
    }

    /// Waits that long at a stop for the jobs that run. 20 seconds unless set.
    #[must_use]
    pub fn with_drain(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    /// Works until `stop`, then lets end what runs, and gives back what does not end in time. Needs a tokio runtime.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let next = self.look().await.unwrap_or_else(|error| {
                tracing::error!(error = &error as &dyn std::error::Error, "the worker cannot read jobs");
                Next::Rest(PAUSE)
            });
            let (rest, is_full) = match next {
                Next::Look => continue,
                Next::Rest(rest) => (rest, false),
                Next::Full => (self.longest_rest, true),
            };
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = self.running.join_next_with_id() => note(ended, &mut self.held),
                () = self.wake.wait(), if !is_full => {}
                () = sleep(rest), if !is_full => {}
            }
        }
        self.drain().await;
    }

    /// Starts what is due, as far as there is room.
    async fn look(&mut self) -> Result<Next, StoreError> {
        let free = self.at_once - self.running.len();
        if free == 0 {
            return Ok(Next::Full);
        }
        let jobs = step::claim(&self.app, u32::try_from(free).unwrap_or(u32::MAX)).await?;
        if jobs.is_empty() {
            let due = step::next_due(&self.app).await?;
            let rest = due.and_then(|due| (due - self.app.now()).to_std().ok());
            let rest = if due.is_some() { rest.unwrap_or(SHORTEST_REST) } else { self.longest_rest };
            return Ok(Next::Rest(rest.clamp(SHORTEST_REST, self.longest_rest)));
        }
        for job in jobs {
            let (app, held) = (self.app.clone(), job.clone());
            let running = self.running.spawn(async move { step::run(&app, &job).await });
            self.held.insert(running.id(), held);
        }
        Ok(Next::Look)
    }

    async fn drain(&mut self) {
        let all = async {
            while let Some(ended) = self.running.join_next_with_id().await {
                note(ended, &mut self.held);
            }
        };
        if timeout(self.drain, all).await.is_ok() {
            return;
        }
        self.running.abort_all();
        while let Some(ended) = self.running.join_next_with_id().await {
            // one that was broken off is still held
            if !matches!(&ended, Err(error) if error.is_cancelled()) {
                note(ended, &mut self.held);
            }
        }
        let broken_off: Vec<ClaimedJob> = self.held.drain().map(|(_, job)| job).collect();
        tracing::warn!(jobs = broken_off.len(), "jobs that did not end in time are given back");
        if let Err(error) = step::release(&self.app, &broken_off).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "jobs could not be given back; they are tried again when their leases end"
            );
        }
    }
}

/// What a job came to is in the store already, unless it could not be written there.
fn note(
    ended: Result<(task::Id, Result<(), StoreError>), JoinError>,
    held: &mut HashMap<task::Id, ClaimedJob>,
) {
    let (id, outcome) = match ended {
        Ok((id, outcome)) => (id, Ok(outcome)),
        Err(error) => (error.id(), Err(error)),
    };
    held.remove(&id);
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "what became of a job could not be noted; it is tried again when its lease ends"
            );
        }
        // the text of a panic may hold what the job worked on
        Err(_) => tracing::error!("a job broke off; it is tried again when its lease ends"),
    }
}
