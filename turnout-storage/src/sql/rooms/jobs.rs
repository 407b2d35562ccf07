//! Jobs, lanes and ticks.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use turnout_core::{
    ids::JobId,
    jobs::{
        ClaimedJob, Ended, JobCounts, JobFilter, JobRecord, JobState, Lane, LaneDepth, NewJob, Priority,
        Rate, Settlement,
    },
    page::{Page, PageRequest},
    ports::store::{Jobs, ReadJobs, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::{END_OF_TIME, Moment},
    rows::jobs::{ClaimedRow, CountsRow, DepthRow, EnqueuedJob, JobRow, LookRow, SettledJob},
    session::{Session, query},
    statements::{Text, jobs as statements},
};

/// So many jobs whose time has come, or whose worker was lost, join the line in one claim.
const JOIN_AT_ONCE: i64 = 1000;
/// So many rows are read at once to find some among them.
const PORTION: i64 = 500;

#[async_trait]
impl<D: Dialect> ReadJobs for Session<D> {
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        self.optional::<JobRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn next_due(&mut self, lanes: &[Lane]) -> Result<Option<DateTime<Utc>>, StoreError> {
        let moment = |row: LookRow| {
            let due = row.moment?.0;
            let lane = lanes.iter().find(|lane| lane.name == row.lane);
            let opens = lane.zip(row.reach).and_then(|(lane, reach)| lane.opens(reach.0));
            Some(opens.map_or(due, |opens| opens.max(due)))
        };
        Ok(self.look(lanes).await?.into_iter().filter_map(moment).min())
    }

    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let statement = query(statements::COUNTS).bind(Moment(now));
        Ok(self.optional::<CountsRow, _>(statement).await?.unwrap_or_default())
    }

    async fn depths(&mut self, now: DateTime<Utc>) -> Result<Vec<LaneDepth>, StoreError> {
        self.all::<DepthRow, _>(query(statements::DEPTHS).bind(Moment(now))).await
    }

    async fn list(
        &mut self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<JobRecord, JobId>, StoreError> {
        let statement = match filter.state {
            None => statements::LIST,
            Some(JobState::Waiting) => statements::LIST_WAITING,
            Some(JobState::Running) => statements::LIST_RUNNING,
            Some(JobState::Dead) => statements::LIST_DEAD,
            Some(JobState::Done) => statements::LIST_DONE,
            Some(JobState::Cancelled) => statements::LIST_CANCELLED,
        };
        let is_wanted = |job: &JobRecord| {
            filter.kind.as_ref().is_none_or(|kind| job.kind == *kind)
                && filter.lane.as_ref().is_none_or(|lane| job.lane == *lane)
        };
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        // what a person looks for among others has no index of its own, and is read in portions
        let is_all = filter.kind.is_none() && filter.lane.is_none();
        let portion = if is_all { i64::from(page.limit) + 1 } else { PORTION };
        // no job has the smallest id
        let (mut rows, mut after) = (Vec::new(), page.after.map_or(Uuid::nil(), |id| id.0));
        loop {
            let read = query(statement).bind(after).bind(portion);
            let read: Vec<JobRecord> = self.all::<JobRow, _>(read).await?;
            let is_last = i64::try_from(read.len()).unwrap_or(i64::MAX) < portion;
            after = read.last().map_or(after, |job| job.id.0);
            rows.extend(read.into_iter().filter(is_wanted));
            if is_last || rows.len() > limit {
                break;
            }
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.id);
        Ok(Page { rows, next })
    }

    async fn ended(
        &mut self,
        how: Ended,
        kind: Option<&str>,
        page: &PageRequest<(DateTime<Utc>, JobId)>,
    ) -> Result<Page<JobRecord, (DateTime<Utc>, JobId)>, StoreError> {
        let text = match (how, kind) {
            (Ended::Done, None) => statements::ENDED_DONE,
            (Ended::Dead, None) => statements::ENDED_DEAD,
            (Ended::Done, Some(_)) => statements::ENDED_DONE_OF,
            (Ended::Dead, Some(_)) => statements::ENDED_DEAD_OF,
        };
        let key = |it: &JobRecord| (it.finished_at.unwrap_or_default(), it.id);
        let after = page.after.unwrap_or((END_OF_TIME, JobId(Uuid::max())));
        let statement = query(text).bind(Moment(after.0)).bind(after.1.0).bind(i64::from(page.limit) + 1);
        let statement = match kind {
            Some(kind) => statement.bind(kind),
            None => statement,
        };
        let rows: Vec<JobRecord> = self.all::<JobRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, key))
    }
}

#[async_trait]
impl<D: Dialect> Jobs for Session<D> {
    async fn enqueue_all(&mut self, jobs: &[NewJob]) -> Result<u64, StoreError> {
        let jobs: Vec<EnqueuedJob<'_>> = jobs.iter().map(EnqueuedJob::from).collect();
        if jobs.is_empty() {
            return Ok(0);
        }
        let added = self.change("job", query(statements::ENQUEUE).bind(Json(&jobs))).await?;
        if added > 0 && jobs.iter().any(|job| job.is_due) {
            self.note_due_job();
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
        let look = self.join_line(now, lanes).await?;
        let mut turn = Turn { now, until: now + lease, left: limit, claimed: Vec::new() };
        for priority in Priority::ALL {
            let has_jobs = |lane: &&Lane| {
                let is_line = |row: &&LookRow| row.lane == lane.name && row.priority == priority as i64;
                look.iter().find(is_line).is_some_and(|row| row.moment.is_some())
            };
            let mut open: Vec<Lane> = lanes.iter().filter(has_jobs).copied().collect();
            while turn.left > 0 && !open.is_empty() {
                let mut still_open = Vec::new();
                for (index, lane) in open.iter().enumerate() {
                    let waiting = u32::try_from(open.len() - index).unwrap_or(u32::MAX);
                    let share = turn.left.div_ceil(waiting);
                    let count = self.claim_of(lane, priority, share, &mut turn).await?;
                    if count == share && share > 0 {
                        still_open.push(*lane);
                    }
                }
                open = still_open;
            }
        }
        turn.claimed.into_iter().map(ClaimedJob::try_from).collect()
    }

    async fn take_turns(
        &mut self,
        lane: &'static str,
        rate: Rate,
        now: DateTime<Utc>,
        count: u32,
    ) -> Result<DateTime<Utc>, StoreError> {
        let reach = self.hold(lane, statements::WAIT_FOR_LANE).await?;
        self.take_grants(lane, rate.take(reach, now, count)).await?;
        Ok(rate.slot(reach, now, 0))
    }

    async fn settle(&mut self, settlements: &[Settlement]) -> Result<Vec<JobId>, StoreError> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let jobs: Vec<SettledJob<'_>> = settlements.iter().map(SettledJob::from).collect();
        let held: Vec<Uuid> = self.values(query(statements::SETTLE).bind(Json(&jobs))).await?;
        Ok(held.into_iter().map(JobId).collect())
    }

    async fn requeue(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let requeued = query(statements::REQUEUE).bind(id.0).bind(Moment(now));
        let requeued = self.change("job", requeued).await? > 0;
        if requeued {
            self.note_due_job();
        }
        Ok(requeued)
    }

    async fn cancel(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.change("job", query(statements::CANCEL).bind(id.0).bind(Moment(now))).await? > 0)
    }

    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.change("job", query(statements::PURGE).bind(Moment(before)).bind(i64::from(limit))).await
    }

    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        let statement = query(statements::TICK).bind(name).bind(Moment(tick));
        Ok(self.change("tick", statement).await? > 0)
    }

    async fn forget_ticks(&mut self, name: &str, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.change("tick", query(statements::FORGET_TICKS).bind(name).bind(Moment(before))).await
    }
}

/// A claim, and how far it is.
struct Turn {
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    left: u32,
    claimed: Vec<ClaimedRow>,
}

impl<D: Dialect> Session<D> {
    async fn look(&mut self, lanes: &[Lane]) -> Result<Vec<LookRow>, StoreError> {
        let names: Vec<&str> = lanes.iter().map(|lane| lane.name).collect();
        self.rows(query(statements::LOOK).bind(Json(&names))).await
    }

    /// Those whose time has come, and those whose worker was lost, stand in line; says what the lines are like then.
    async fn join_line(&mut self, now: DateTime<Utc>, lanes: &[Lane]) -> Result<Vec<LookRow>, StoreError> {
        let look = self.look(lanes).await?;
        let is_due = |row: &LookRow| row.moment.is_some_and(|moment| moment.0 <= now);
        let has_come = |which| look.iter().any(|row| row.priority == which && is_due(row));
        let (lost, delayed) = (has_come(LookRow::LEASE), has_come(LookRow::DELAYED));
        for (is_wanted, statement) in
            [(lost, statements::JOIN_LOST), (lost || delayed, statements::JOIN_DELAYED)]
        {
            if is_wanted {
                self.change("job", query(statement).bind(Moment(now)).bind(JOIN_AT_ONCE)).await?;
            }
        }
        if lost || delayed { self.look(lanes).await } else { Ok(look) }
    }

    /// Takes the first of a line, as many as its lane grants, and says how many there were.
    async fn claim_of(
        &mut self,
        lane: &Lane,
        priority: Priority,
        share: u32,
        turn: &mut Turn,
    ) -> Result<u32, StoreError> {
        let (mut limit, mut held) = (share, None);
        if lane.rate.is_some() {
            let Some(reach) = self.hold(lane.name, statements::HOLD_LANE).await? else { return Ok(0) };
            limit = lane.open(Some(reach), turn.now).map_or(share, |open| open.min(share));
            held = lane.claimed_rate().map(|rate| (rate, reach));
        }
        if limit == 0 {
            return Ok(0);
        }
        let claim = query(statements::CLAIM)
            .bind(Moment(turn.now))
            .bind(Moment(turn.until))
            .bind(i64::from(limit))
            .bind(lane.name)
            .bind(priority as i64);
        let mut rows: Vec<ClaimedRow> = self.rows(claim).await?;
        rows.sort_unstable_by_key(ClaimedRow::turn);
        for (number, row) in (0..).zip(&mut rows) {
            let slot = |(rate, reach): (Rate, _)| rate.slot(Some(reach), turn.now, number);
            row.begins_at = Some(held.map_or(turn.now, slot));
        }
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        if let (Some((rate, reach)), 1..) = (held, count) {
            self.take_grants(lane.name, rate.take(Some(reach), turn.now, count)).await?;
        }
        turn.left -= count;
        turn.claimed.append(&mut rows);
        Ok(count)
    }

    /// How far the grants of a lane reach, which nobody else takes from until this unit ends. Nothing when somebody does.
    async fn hold(&mut self, lane: &str, hold: Text) -> Result<Option<DateTime<Utc>>, StoreError> {
        for is_known in [true, false] {
            if !is_known {
                // from long ago: everything is granted
                let open = query(statements::OPEN_LANE).bind(lane).bind(Moment(DateTime::UNIX_EPOCH));
                self.change("lane", open).await?;
            }
            let held: Vec<Moment> = self.values(query(hold).bind(lane)).await?;
            if let Some(reach) = held.into_iter().next() {
                return Ok(Some(reach.0));
            }
        }
        Ok(None)
    }

    async fn take_grants(&mut self, lane: &str, reach: DateTime<Utc>) -> Result<(), StoreError> {
        self.change_one("lane", query(statements::TAKE_GRANTS).bind(lane).bind(Moment(reach))).await
    }
}
