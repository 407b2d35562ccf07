//! The loop around `turnout_core::jobs::step`: claims what is due, runs a bounded number at once, notes what became of
//! them many at a time, drains on a stop.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use tokio::{
    task::{self, JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    jobs::{ClaimedJob, JobError, Settlement, step},
    ports::{store::StoreError, wake::Wake},
};

use crate::{measures::jobs::perform, observe::pulse::Pulse};

/// A look is never further away than this, as a wake-up is only a hint.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// A job that another worker was quicker to claim is not asked for in a circle.
const SHORTEST_REST: Duration = Duration::from_millis(20);
/// How long a store that fails is left alone.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a stop waits for running jobs; the rest is broken off and given back.
const DRAIN: Duration = Duration::from_secs(20);
/// Jobs that end this close together are settled together.
const GATHER: Duration = Duration::from_millis(1);
/// A job that runs for longer is left to another worker when its lease ends.
const LONGEST_RUN: Duration = Duration::from_secs(3600);

/// Runs jobs. Any number of workers may share a store.
pub struct Worker {
    app: App,
    wake: Arc<dyn Wake>,
    at_once: usize,
    longest_rest: Duration,
    drain: Duration,
    pulse: Pulse,
    running: JoinSet<Vec<Settlement>>,
    held: HashMap<task::Id, Held>,
    /// What ended and is still to be noted.
    ended: Vec<Settlement>,
}

/// Jobs that run in one task: one, or those of a kind that runs together.
struct Held {
    jobs: Vec<ClaimedJob>,
    since: Instant,
}

impl Held {
    fn is_kept(&self) -> bool {
        self.since.elapsed() < LONGEST_RUN
    }
}

/// What to do after a look at the store.
enum Next {
    /// Nothing is to be claimed for so long.
    Rest(Duration),
    /// As many jobs run as may.
    Full,
}

impl Worker {
    /// Runs at most `at_once` jobs at the same time, and at least one; so many are claimed and settled at once too.
    /// `wake` is the store's.
    #[must_use]
    pub fn new(app: App, wake: Arc<dyn Wake>, at_once: usize) -> Self {
        Self {
            app,
            wake,
            at_once: at_once.max(1),
            longest_rest: LONGEST_REST,
            drain: DRAIN,
            pulse: Pulse::default(),
            running: JoinSet::new(),
            held: HashMap::new(),
            ended: Vec::new(),
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

    /// Beats at each look at the store, whether that answers or not.
    #[must_use]
    pub fn with_pulse(mut self, pulse: Pulse) -> Self {
        self.pulse = pulse;
        self
    }

    /// Works until `stop`, then lets end what runs, and gives back what does not end in time. Needs a tokio runtime.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            self.pulse.beat();
            let next = self.look().await.unwrap_or_else(|error| {
                tracing::error!(error = &error as &dyn std::error::Error, "the worker cannot reach its jobs");
                Next::Rest(PAUSE)
            });
            let (rest, is_full) = match next {
                Next::Rest(rest) => (rest, false),
                Next::Full => (self.longest_rest, true),
            };
            let rest = rest.min(self.until_renewal());
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = self.running.join_next_with_id(), if self.ended.is_empty() => self.gather(ended).await,
                () = self.wake.wait(), if !is_full && self.ended.is_empty() => {}
                () = sleep(rest) => {}
            }
        }
        self.drain().await;
    }

    /// Notes what ended, keeps what runs, and starts what is due, as far as there is room.
    async fn look(&mut self) -> Result<Next, StoreError> {
        self.renew().await;
        // those that run together are one
        let free = self.at_once.saturating_sub(self.held.len());
        let limit = u32::try_from(free).unwrap_or(u32::MAX);
        let jobs = if self.ended.is_empty() {
            if free == 0 {
                return Ok(Next::Full);
            }
            step::claim(&self.app, limit).await?
        } else {
            self.settle_and_claim(limit).await?
        };
        for jobs in self.tasks(jobs) {
            let (app, held) = (self.app.clone(), jobs.clone());
            let begins_at = jobs.iter().map(|job| job.begins_at).min().unwrap_or_else(|| app.now());
            let pause = (begins_at - app.now()).to_std().unwrap_or_default();
            let running = self.running.spawn(async move {
                if !pause.is_zero() {
                    sleep(pause).await;
                }
                perform(&app, &jobs).await
            });
            self.held.insert(running.id(), Held { jobs: held, since: Instant::now() });
        }
        if self.held.len() >= self.at_once { Ok(Next::Full) } else { self.rest().await.map(Next::Rest) }
    }

    /// What runs in one task each.
    fn tasks(&self, jobs: Vec<ClaimedJob>) -> Vec<Vec<ClaimedJob>> {
        let mut tasks: Vec<Vec<ClaimedJob>> = Vec::with_capacity(jobs.len());
        for job in jobs {
            let is_same = |task: &&mut Vec<ClaimedJob>| task.iter().all(|it| it.kind == job.kind);
            match tasks.iter_mut().find(is_same) {
                Some(task) if step::is_together(&self.app, &job) => task.push(job),
                _ => tasks.push(vec![job]),
            }
        }
        tasks
    }

    /// Both in one unit; when that fails, at least what ended is noted.
    async fn settle_and_claim(&mut self, limit: u32) -> Result<Vec<ClaimedJob>, StoreError> {
        let done = step::settle_and_claim(&self.app, &self.ended, limit).await;
        if done.is_err() {
            step::settle(&self.app, &self.ended).await?;
        }
        self.ended.clear();
        done
    }

    /// How long there is nothing to do.
    async fn rest(&self) -> Result<Duration, StoreError> {
        let Some(due) = step::next_due(&self.app).await? else { return Ok(self.longest_rest) };
        let rest = (due - self.app.now()).to_std().unwrap_or(Duration::ZERO);
        // what is due is another worker's to take; what is not, such as a grant, has its exact moment
        let rest = if rest.is_zero() { SHORTEST_REST } else { rest };
        Ok(rest.min(self.longest_rest))
    }

    /// Takes what ended, and waits a moment for what ends with it.
    async fn gather(&mut self, ended: Result<(task::Id, Vec<Settlement>), JoinError>) {
        self.end(ended);
        if !self.running.is_empty() {
            sleep(GATHER).await;
        }
        while let Some(ended) = self.running.try_join_next_with_id() {
            self.end(ended);
        }
    }

    fn end(&mut self, ended: Result<(task::Id, Vec<Settlement>), JoinError>) {
        let (id, settlements) = match ended {
            Ok((id, settlements)) => (id, Ok(settlements)),
            Err(error) => (error.id(), Err(error)),
        };
        let Some(Held { jobs, .. }) = self.held.remove(&id) else { return };
        match settlements {
            Ok(settlements) => self.ended.extend(settlements),
            // the text of a panic may hold what the jobs worked on
            Err(_) => {
                let broken = || Err(JobError::Retry("it broke off".into()));
                self.ended.extend(jobs.iter().map(|job| step::judge(&self.app, job, broken())));
            }
        }
    }

    /// How long until a job is to be kept: half of its lease is over then.
    fn until_renewal(&self) -> Duration {
        let now = self.app.now();
        let until =
            |job: &ClaimedJob| (job.lease_until - self.half_lease(job) - now).to_std().unwrap_or_default();
        let kept = self.held.values().filter(|held| held.is_kept());
        let next = kept.flat_map(|held| &held.jobs).map(until).min();
        next.unwrap_or(LONGEST_RUN).max(SHORTEST_REST)
    }

    fn half_lease(&self, job: &ClaimedJob) -> TimeDelta {
        step::lease_of(&self.app, &job.kind) / 2
    }

    /// Keeps the jobs whose lease is half over.
    async fn renew(&mut self) {
        let now = self.app.now();
        let is_half_over = |job: &ClaimedJob| job.lease_until - self.half_lease(job) <= now;
        let kept = self.held.values().filter(|held| held.is_kept()).flat_map(|held| &held.jobs);
        let mut jobs: Vec<ClaimedJob> = kept.filter(|job| is_half_over(job)).cloned().collect();
        if jobs.is_empty() {
            return;
        }
        if let Err(error) = step::renew(&self.app, &mut jobs).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "running jobs cannot be kept");
            return;
        }
        for held in self.held.values_mut().flat_map(|held| &mut held.jobs) {
            if let Some(job) = jobs.iter().find(|job| job.id == held.id) {
                *held = job.clone();
            }
        }
    }

    /// Lets end what runs; notes it as it ends.
    async fn finish(&mut self) {
        while !self.running.is_empty() {
            let renewal = self.until_renewal();
            tokio::select! {
                Some(ended) = self.running.join_next_with_id() => self.gather(ended).await,
                () = sleep(renewal) => self.renew().await,
            }
            if step::settle(&self.app, &self.ended).await.is_ok() {
                self.ended.clear();
            }
        }
    }

    async fn drain(&mut self) {
        let is_over = timeout(self.drain, self.finish()).await.is_ok();
        self.running.abort_all();
        while let Some(ended) = self.running.join_next_with_id().await {
            // one that was broken off is still held
            if !matches!(&ended, Err(error) if error.is_cancelled()) {
                self.end(ended);
            }
        }
        if let Err(error) = step::settle(&self.app, &self.ended).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "what became of jobs could not be noted; they are tried again when their leases end"
            );
        }
        if is_over {
            return;
        }
        let broken_off: Vec<ClaimedJob> = self.held.drain().flat_map(|(_, held)| held.jobs).collect();
        tracing::warn!(jobs = broken_off.len(), "jobs that did not end in time are given back");
        if let Err(error) = step::release(&self.app, &broken_off).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "jobs could not be given back; they are tried again when their leases end"
            );
        }
    }
}
