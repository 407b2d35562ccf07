//! A store that has jobs and nothing else.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::{sync::Notify, time::sleep};
use turnout_core::{
    ids::JobId,
    jobs::{
        ClaimedJob, Ended, JobCounts, JobFilter, JobRecord, JobState, Lane, LaneDepth, NewJob, Outcome, Rate,
        Settlement,
    },
    page::{Page, PageRequest},
    ports::{
        store::{
            Actions, Elections, Files, Jobs, Officials, ReadActions, ReadElections, ReadFiles, ReadJobs,
            ReadOfficials, ReadRegistrations, ReadSubscribers, Registrations, Store, StoreError, Subscribers,
            Unit, View,
        },
        wake::Wake,
    },
};

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) jobs: Mutex<Vec<JobRecord>>,
    ticks: Mutex<Vec<(String, DateTime<Utc>)>>,
    pub(crate) fails: AtomicBool,
    pub(crate) looks: AtomicUsize,
    purging: AtomicUsize,
    pub(crate) most_purging: AtomicUsize,
    changed: Notify,
}

/// Jobs in memory. Every write lasts at once, which is enough for one worker.
#[derive(Clone, Default)]
pub(crate) struct OnlyJobs(pub(crate) Arc<Inner>);

impl OnlyJobs {
    fn set(&self, id: JobId, change: impl FnOnce(&mut JobRecord)) -> bool {
        let mut jobs = self.0.jobs.lock().unwrap();
        jobs.iter_mut().find(|job| job.id == id).map(change).is_some()
    }

    pub(crate) fn states(&self) -> Vec<JobState> {
        self.0.jobs.lock().unwrap().iter().map(|job| job.state).collect()
    }

    pub(crate) async fn until(&self, what: impl Fn(&[JobState]) -> bool) {
        for _ in 0..500 {
            if what(&self.states()) {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not come to that within 5 s: {:?}", self.states());
    }

    fn check(&self) -> Result<(), StoreError> {
        self.0.looks.fetch_add(1, Ordering::SeqCst);
        let is_down = self.0.fails.load(Ordering::SeqCst);
        if is_down { Err(StoreError::Unavailable("down".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Store for OnlyJobs {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.check()?;
        Ok(Box::new(self.clone()))
    }
    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.check()?;
        Ok(Box::new(self.clone()))
    }
    async fn complaints(&self) -> Vec<String> {
        Vec::new()
    }
}

macro_rules! absent {
    ($($name:ident: $room:ident),*) => {$(
        fn $name(&mut self) -> &mut dyn $room {
            unimplemented!("jobs are the only room")
        }
    )*};
}

impl View for OnlyJobs {
    absent!(actions: ReadActions, registrations: ReadRegistrations, subscribers: ReadSubscribers);
    absent!(elections: ReadElections, officials: ReadOfficials, files: ReadFiles);
    fn jobs(&mut self) -> &mut dyn ReadJobs {
        self
    }
}

#[async_trait]
impl Unit for OnlyJobs {
    absent!(actions_mut: Actions, registrations_mut: Registrations, subscribers_mut: Subscribers);
    absent!(elections_mut: Elections, officials_mut: Officials, files_mut: Files);
    fn jobs_mut(&mut self) -> &mut dyn Jobs {
        self
    }
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl ReadJobs for OnlyJobs {
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        Ok(self.0.jobs.lock().unwrap().iter().find(|job| job.id == id).cloned())
    }
    async fn next_due(&mut self, _: &[Lane]) -> Result<Option<DateTime<Utc>>, StoreError> {
        let jobs = self.0.jobs.lock().unwrap();
        Ok(jobs.iter().filter(|job| job.state == JobState::Waiting).map(|job| job.due_at).min())
    }
    async fn counts(&mut self, _: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        unimplemented!("no loop counts")
    }
    async fn depths(&mut self, _: DateTime<Utc>) -> Result<Vec<LaneDepth>, StoreError> {
        unimplemented!("no loop measures")
    }
    async fn list(
        &mut self,
        _: &JobFilter,
        _: PageRequest<JobId>,
    ) -> Result<Page<JobRecord, JobId>, StoreError> {
        unimplemented!("no loop lists")
    }
    async fn ended(
        &mut self,
        _: Ended,
        _: Option<&str>,
        _: &PageRequest<(DateTime<Utc>, JobId)>,
    ) -> Result<Page<JobRecord, (DateTime<Utc>, JobId)>, StoreError> {
        unimplemented!("no loop lists")
    }
}

#[async_trait]
impl Jobs for OnlyJobs {
    async fn enqueue_all(&mut self, jobs: &[NewJob]) -> Result<u64, StoreError> {
        self.0.jobs.lock().unwrap().extend(jobs.iter().map(JobRecord::from));
        self.wake();
        Ok(jobs.len() as u64)
    }
    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
        _: &[Lane],
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let mut jobs = self.0.jobs.lock().unwrap();
        let due = jobs.iter_mut().filter(|job| job.state == JobState::Waiting && job.due_at <= now);
        let claimed = due.take(limit as usize).map(|job| {
            job.state = JobState::Running;
            ClaimedJob {
                id: job.id,
                kind: job.kind.clone(),
                payload: job.payload.clone(),
                attempt: 1,
                fence: 1,
                due_at: job.due_at,
                begins_at: now,
                lease_until: now + lease,
            }
        });
        Ok(claimed.collect())
    }
    async fn take_turns(
        &mut self,
        _: &'static str,
        _: Rate,
        _: DateTime<Utc>,
        _: u32,
    ) -> Result<DateTime<Utc>, StoreError> {
        unimplemented!("no loop takes turns")
    }
    async fn settle(&mut self, settlements: &[Settlement]) -> Result<Vec<JobId>, StoreError> {
        let held = |settlement: &&Settlement| {
            self.set(settlement.id, |job| match settlement.outcome.clone() {
                Outcome::Done { .. } => job.state = JobState::Done,
                Outcome::Dead { .. } => job.state = JobState::Dead,
                Outcome::Retry { due_at, .. } => (job.state, job.due_at) = (JobState::Waiting, due_at),
                Outcome::PutOff { until } => (job.state, job.due_at) = (JobState::Waiting, until),
                Outcome::Released => job.state = JobState::Waiting,
                Outcome::Renewed { until } => job.lease_until = Some(until),
            })
        };
        Ok(settlements.iter().filter(held).map(|settlement| settlement.id).collect())
    }
    async fn requeue(&mut self, _: JobId, _: DateTime<Utc>) -> Result<bool, StoreError> {
        unimplemented!("no loop requeues")
    }
    async fn cancel(&mut self, _: JobId, _: DateTime<Utc>) -> Result<bool, StoreError> {
        unimplemented!("no loop calls off")
    }
    /// Takes a while, so that a test sees how many do it at once.
    async fn purge(&mut self, _: DateTime<Utc>, _: u32) -> Result<u64, StoreError> {
        let now = self.0.purging.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most_purging.fetch_max(now, Ordering::SeqCst);
        sleep(Duration::from_millis(60)).await;
        self.0.purging.fetch_sub(1, Ordering::SeqCst);
        Ok(0)
    }
    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut ticks = self.0.ticks.lock().unwrap();
        let mark = (name.to_owned(), tick);
        let is_new = !ticks.contains(&mark);
        ticks.push(mark);
        Ok(is_new)
    }
    async fn forget_ticks(&mut self, name: &str, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.0.ticks.lock().unwrap().retain(|(of, tick)| of != name || *tick >= before);
        Ok(0)
    }
}

#[async_trait]
impl Wake for OnlyJobs {
    fn wake(&self) {
        self.0.changed.notify_one();
    }
    async fn wait(&self) {
        self.0.changed.notified().await;
    }
}
