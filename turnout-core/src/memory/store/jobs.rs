//! Jobs and ticks.

use std::{cmp::max, collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::rooms::{Rooms, insert};
use crate::{
    ids::{JobId, SubscriberId},
    jobs::{
        ClaimedJob, Ended, JobCounts, JobFilter, JobRecord, JobState, Lane, LaneDepth, NewJob, Outcome,
        Priority, Rate, Settlement,
    },
    page::{Page, PageRequest},
    ports::store::{Jobs, ReadJobs, StoreError},
};

/// So many jobs whose time has come, or whose worker was lost, join the line in one claim.
const JOIN_AT_ONCE: usize = 1000;

/// A job and how far it is.
#[derive(Debug, Clone)]
pub(super) struct KeptJob {
    job: NewJob,
    state: JobState,
    attempts: u32,
    fence: i64,
    /// Its place in the line of its lane; none while it waits for its time.
    place: Option<u64>,
    due_at: DateTime<Utc>,
    lease_until: Option<DateTime<Utc>>,
    last_error: Option<String>,
    finished_at: Option<DateTime<Utc>>,
}

/// Who stands in line together.
type Line = (&'static str, Priority);

impl KeptJob {
    fn new(job: &NewJob, place: Option<u64>) -> Self {
        Self {
            job: job.clone(),
            state: JobState::Waiting,
            attempts: 0,
            fence: 0,
            place,
            due_at: job.due_at,
            lease_until: None,
            last_error: None,
            finished_at: None,
        }
    }

    fn line(&self) -> Line {
        (self.job.lane, self.job.priority)
    }

    /// Whose turn it is.
    fn turn(&self) -> (Option<u64>, DateTime<Utc>, JobId) {
        (self.place, self.due_at, self.job.id)
    }

    fn is_in_line(&self) -> bool {
        self.state == JobState::Waiting && self.place.is_some()
    }

    fn is_delayed(&self) -> bool {
        self.state == JobState::Waiting && self.place.is_none()
    }

    /// Whether its worker was lost.
    fn is_lost(&self, now: DateTime<Utc>) -> bool {
        self.state == JobState::Running && self.lease_until.is_some_and(|moment| moment <= now)
    }

    fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.is_lost(now) || self.state == JobState::Waiting && self.due_at <= now
    }

    fn record(&self) -> JobRecord {
        JobRecord {
            id: self.job.id,
            kind: self.job.kind.to_owned(),
            payload: self.job.payload.clone(),
            state: self.state,
            lane: self.job.lane.to_owned(),
            subscriber: self.job.subscriber,
            attempts: self.attempts,
            due_at: self.due_at,
            lease_until: self.lease_until,
            last_error: self.last_error.clone(),
            created_at: self.job.created_at,
            finished_at: self.finished_at,
        }
    }

    fn claim(&mut self, begins_at: DateTime<Utc>, until: DateTime<Utc>) -> ClaimedJob {
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
            begins_at,
            lease_until: until,
        }
    }

    fn settle(&mut self, outcome: &Outcome) {
        self.lease_until = None;
        match outcome.clone() {
            Outcome::Done { at } => {
                (self.state, self.finished_at, self.last_error) = (JobState::Done, Some(at), None);
            }
            Outcome::Retry { due_at, reason } => {
                (self.state, self.due_at, self.last_error) = (JobState::Waiting, due_at, Some(reason));
                self.place = None;
            }
            Outcome::PutOff { until } => {
                (self.state, self.due_at, self.place) = (JobState::Waiting, until, None);
                self.attempts -= 1;
            }
            Outcome::Dead { at, reason } => {
                (self.state, self.finished_at, self.last_error) = (JobState::Dead, Some(at), Some(reason));
            }
            // the fence stays: it only ever grows
            Outcome::Released => {
                self.state = JobState::Waiting;
                self.attempts -= 1;
            }
            Outcome::Renewed { until } => self.lease_until = Some(until),
        }
    }
}

/// The next place of each subscriber in each line, as far as somebody asked.
#[derive(Default)]
struct Places(BTreeMap<(Line, Option<SubscriberId>), u64>);

impl Places {
    /// The place behind the last one of the same subscriber, and not before the front of the line.
    fn next(&mut self, rooms: &Rooms, line: Line, subscriber: Option<SubscriberId>) -> u64 {
        let place = self.0.entry((line, subscriber)).or_insert_with(|| {
            let line = || rooms.jobs.values().filter(|it| it.is_in_line() && it.line() == line);
            let front = line().filter_map(|it| it.place).min();
            let last = line().filter(|it| it.job.subscriber == subscriber).filter_map(|it| it.place).max();
            max(front.unwrap_or(1), last.map_or(1, |last| last + 1))
        });
        *place += 1;
        *place - 1
    }
}

impl Rooms {
    fn job_mut(&mut self, id: JobId, is_meant: impl FnOnce(&KeptJob) -> bool) -> Option<&mut KeptJob> {
        if !self.jobs.get(&id).is_some_and(is_meant) {
            return None;
        }
        Arc::make_mut(&mut self.jobs).get_mut(&id)
    }

    fn ids_of<K: Ord>(
        &self,
        is_meant: impl Fn(&KeptJob) -> bool,
        order: impl Fn(&KeptJob) -> K,
        limit: usize,
    ) -> Vec<JobId> {
        let mut jobs: Vec<&KeptJob> = self.jobs.values().filter(|job| is_meant(job)).collect();
        jobs.sort_by_key(|job| order(job));
        jobs.into_iter().take(limit).map(|job| job.job.id).collect()
    }

    /// Those whose time has come, and those whose worker was lost, stand in line.
    fn join_line(&mut self, now: DateTime<Utc>) {
        for id in self.ids_of(|job| job.is_lost(now), |job| (job.lease_until, job.job.id), JOIN_AT_ONCE) {
            if let Some(job) = self.job_mut(id, |_| true) {
                (job.state, job.lease_until) = (JobState::Waiting, None);
            }
        }
        let is_due = |job: &KeptJob| job.is_delayed() && job.due_at <= now;
        let joining = self.ids_of(is_due, |job| (job.due_at, job.job.id), JOIN_AT_ONCE);
        let mut places = Places::default();
        let placed: Vec<(JobId, u64)> = joining
            .into_iter()
            .filter_map(|id| {
                let job = self.jobs.get(&id)?;
                Some((id, places.next(self, job.line(), job.job.subscriber)))
            })
            .collect();
        for (id, place) in placed {
            if let Some(job) = self.job_mut(id, |_| true) {
                job.place = Some(place);
            }
        }
    }

    /// Takes the first of a line.
    fn claim_of(
        &mut self,
        line: Line,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
        slot: impl Fn(u32) -> DateTime<Utc>,
    ) -> Vec<ClaimedJob> {
        let is_meant = |job: &KeptJob| job.is_in_line() && job.line() == line && job.due_at <= now;
        let ids = self.ids_of(is_meant, KeptJob::turn, usize::try_from(limit).unwrap_or(usize::MAX));
        let jobs = Arc::make_mut(&mut self.jobs);
        let slots = (0..).map(slot);
        ids.into_iter()
            .zip(slots)
            .filter_map(|(id, slot)| jobs.get_mut(&id).map(|job| job.claim(slot, until)))
            .collect()
    }

    /// When the first of a line may be taken.
    fn front(&self, lane: &Lane, priority: Priority) -> Option<DateTime<Utc>> {
        let line = self.jobs.values().filter(|it| it.is_in_line() && it.line() == (lane.name, priority));
        let due = line.min_by_key(|it| it.turn())?.due_at;
        let opens = self.lanes.get(lane.name).and_then(|reach| lane.opens(*reach));
        Some(opens.map_or(due, |opens| due.max(opens)))
    }
}

#[async_trait]
impl ReadJobs for Rooms {
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        Ok(self.jobs.get(&id).map(KeptJob::record))
    }

    async fn next_due(&mut self, lanes: &[Lane]) -> Result<Option<DateTime<Utc>>, StoreError> {
        let fronts = lanes.iter().flat_map(|lane| Priority::ALL.map(|priority| self.front(lane, priority)));
        let delayed = self.jobs.values().filter(|it| it.is_delayed()).map(|it| Some(it.due_at));
        let leases = self.jobs.values().filter(|it| it.state == JobState::Running).map(|it| it.lease_until);
        Ok(fronts.chain(delayed).chain(leases).flatten().min())
    }

    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let mut counts = JobCounts::default();
        for job in self.jobs.values() {
            match job.state {
                _ if job.is_due(now) => counts.due += 1,
                JobState::Waiting => counts.delayed += 1,
                JobState::Running => counts.running += 1,
                JobState::Dead => counts.dead += 1,
                JobState::Done | JobState::Cancelled => {}
            }
        }
        Ok(counts)
    }

    async fn depths(&mut self, now: DateTime<Utc>) -> Result<Vec<LaneDepth>, StoreError> {
        let mut depths: BTreeMap<&str, LaneDepth> = BTreeMap::new();
        for job in self.jobs.values().filter(|job| job.is_due(now)) {
            let (lane, oldest) = (job.job.lane, job.due_at);
            let new = || LaneDepth { lane: lane.to_owned(), due: 0, oldest };
            let depth = depths.entry(lane).or_insert_with(new);
            depth.due += 1;
            depth.oldest = depth.oldest.min(oldest);
        }
        Ok(depths.into_values().collect())
    }

    async fn list(
        &mut self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<JobRecord, JobId>, StoreError> {
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let is_meant = |it: &&KeptJob| {
            let is_unfinished = !matches!(it.state, JobState::Done | JobState::Cancelled);
            filter.state.map_or(is_unfinished, |state| it.state == state)
                && filter.kind.as_ref().is_none_or(|kind| it.job.kind == kind)
                && filter.lane.as_ref().is_none_or(|lane| it.job.lane == lane)
                && page.after.is_none_or(|after| it.job.id > after)
        };
        let mut rows = self.jobs.values().filter(is_meant);
        let page: Vec<JobRecord> = rows.by_ref().take(limit).map(KeptJob::record).collect();
        let next = page.last().map(|it| it.id).filter(|_| rows.next().is_some());
        Ok(Page { rows: page, next })
    }

    async fn ended(
        &mut self,
        how: Ended,
        kind: Option<&str>,
        page: &PageRequest<(DateTime<Utc>, JobId)>,
    ) -> Result<Page<JobRecord, (DateTime<Utc>, JobId)>, StoreError> {
        let state = match how {
            Ended::Done => JobState::Done,
            Ended::Dead => JobState::Dead,
        };
        let key = |it: &KeptJob| (it.finished_at.unwrap_or_default(), it.job.id);
        let is_meant = |it: &&KeptJob| {
            it.state == state
                && kind.is_none_or(|kind| it.job.kind == kind)
                && page.after.is_none_or(|after| key(it) < after)
        };
        let mut jobs: Vec<&KeptJob> = self.jobs.values().filter(is_meant).collect();
        jobs.sort_by_key(|it| std::cmp::Reverse(key(it)));
        let rows = jobs.into_iter().map(KeptJob::record).collect();
        Ok(Page::cut(rows, page.limit, |it: &JobRecord| (it.finished_at.unwrap_or_default(), it.id)))
    }
}

#[async_trait]
impl Jobs for Rooms {
    async fn enqueue_all(&mut self, jobs: &[NewJob]) -> Result<u64, StoreError> {
        let mut places = Places::default();
        let place = |job: &NewJob| {
            // a store has no clock: a job is due when it was so at its creation
            let is_due = job.due_at <= job.created_at;
            is_due.then(|| places.next(self, (job.lane, job.priority), job.subscriber))
        };
        let placed: Vec<Option<u64>> = jobs.iter().map(place).collect();
        let mut added = 0;
        for (job, place) in jobs.iter().zip(placed) {
            let is_open = |it: &KeptJob| !matches!(it.state, JobState::Done | JobState::Cancelled);
            let holds = |it: &KeptJob| is_open(it) && it.job.unique_key == job.unique_key;
            if job.unique_key.is_some() && self.jobs.values().any(holds) {
                continue;
            }
            insert(&mut self.jobs, job.id, &KeptJob::new(job, place), "job")?;
            self.enqueued_due |= place.is_some();
            added += 1;
        }
        Ok(added)
    }

    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
        lanes: &[Lane],
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        self.join_line(now);
        let mut claimed = Vec::new();
        for priority in Priority::ALL {
            let mut open: Vec<&Lane> =
                lanes.iter().filter(|lane| self.front(lane, priority).is_some()).collect();
            loop {
                let mut left = limit.saturating_sub(u32::try_from(claimed.len()).unwrap_or(u32::MAX));
                if left == 0 || open.is_empty() {
                    break;
                }
                let mut still_open = Vec::new();
                for (index, lane) in open.iter().enumerate() {
                    let share = left.div_ceil(u32::try_from(open.len() - index).unwrap_or(u32::MAX));
                    let reach = self.lanes.get(lane.name).copied();
                    let granted = lane.open(reach, now).map_or(share, |open| open.min(share));
                    let rate = lane.claimed_rate();
                    let slot = |number| rate.map_or(now, |rate| rate.slot(reach, now, number));
                    let jobs = self.claim_of((lane.name, priority), now, now + lease, granted, slot);
                    let count = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
                    if let (Some(rate), 1..) = (rate, count) {
                        let reach = rate.take(reach, now, count);
                        Arc::make_mut(&mut self.lanes).insert(lane.name, reach);
                    }
                    if count == share && share > 0 {
                        still_open.push(*lane);
                    }
                    left -= count;
                    claimed.extend(jobs);
                }
                open = still_open;
            }
        }
        Ok(claimed)
    }

    async fn take_turns(
        &mut self,
        lane: &'static str,
        rate: Rate,
        now: DateTime<Utc>,
        count: u32,
    ) -> Result<DateTime<Utc>, StoreError> {
        let reach = self.lanes.get(lane).copied();
        Arc::make_mut(&mut self.lanes).insert(lane, rate.take(reach, now, count));
        Ok(rate.slot(reach, now, 0))
    }

    async fn settle(&mut self, settlements: &[Settlement]) -> Result<Vec<JobId>, StoreError> {
        let mut held = Vec::new();
        for Settlement { id, fence, outcome } in settlements {
            let is_held = |it: &KeptJob| it.state == JobState::Running && it.fence == *fence;
            if let Some(job) = self.job_mut(*id, is_held) {
                job.settle(outcome);
                held.push(*id);
            }
        }
        Ok(held)
    }

    async fn requeue(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let is_meant = |it: &KeptJob| it.state == JobState::Dead || it.is_delayed();
        let Some(job) = self.job_mut(id, is_meant) else { return Ok(false) };
        (job.state, job.attempts, job.finished_at) = (JobState::Waiting, 0, None);
        (job.place, job.due_at) = (None, now);
        self.enqueued_due = true;
        Ok(true)
    }

    async fn cancel(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let is_meant = |it: &KeptJob| matches!(it.state, JobState::Waiting | JobState::Dead);
        let Some(job) = self.job_mut(id, is_meant) else { return Ok(false) };
        (job.state, job.finished_at) = (JobState::Cancelled, Some(now));
        job.last_error.get_or_insert_with(|| "called off".to_owned());
        Ok(true)
    }

    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let is_old = |it: &KeptJob| {
            matches!(it.state, JobState::Done | JobState::Cancelled)
                && it.finished_at.is_some_and(|moment| moment < before)
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let ids = self.ids_of(is_old, |job| (job.finished_at, job.job.id), limit);
        for id in &ids {
            Arc::make_mut(&mut self.jobs).remove(id);
        }
        Ok(ids.len() as u64)
    }

    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(Arc::make_mut(&mut self.ticks).insert((name.to_owned(), tick)))
    }

    async fn forget_ticks(&mut self, name: &str, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let ticks = self.ticks.len();
        Arc::make_mut(&mut self.ticks).retain(|(of, tick)| of != name || *tick >= before);
        Ok((ticks - self.ticks.len()) as u64)
    }
}
