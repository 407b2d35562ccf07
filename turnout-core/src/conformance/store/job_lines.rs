//! What the room of jobs promises of many at once: batches, lanes, turns, and what a person does with jobs.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    commit, is_conflict,
    jobs::{LEASE, bury, claim_one, enqueue, record, settle},
    unit, view,
};
use crate::{
    conformance::rows::{at, job, uuid},
    ids::{JobId, SubscriberId},
    jobs::{
        DEFAULT_LANE, JobFilter, JobState, Lane, LaneDepth, NewJob, Outcome, Priority, Rate, Settlement,
        lanes::LANES,
    },
    page::PageRequest,
    ports::store::{Store, Unit},
};

/// A job that is due at once.
fn due(number: u128, lane: &'static str, subscriber: Option<u128>) -> NewJob {
    NewJob { lane, subscriber: subscriber.map(|it| SubscriberId(uuid(it))), ..job(number, 0) }
}

fn lane(name: &'static str, per_second: Option<u32>) -> Lane {
    Lane { name, rate: per_second.map(Rate::per_second), takes_turns: false }
}

async fn numbers(unit: &mut dyn Unit, now: DateTime<Utc>, limit: u32, lanes: &[Lane]) -> Vec<u128> {
    let claimed = unit.jobs_mut().claim(now, LEASE, limit, lanes).await.expect("a claim");
    claimed.iter().map(|job| job.id.0.as_u128()).collect()
}

/// Within the batch too; and all or none.
pub async fn many_jobs_are_enqueued_at_once_and_those_that_are_kept_out_left_out(store: &dyn Store) {
    let keyed = |number, key: &str| NewJob { unique_key: Some(key.into()), ..job(number, 0) };
    let mut first = unit(store).await;
    let jobs = [job(1, 0), keyed(2, "a"), keyed(3, "a"), keyed(4, "b"), job(5, 90)];
    assert_eq!(first.jobs_mut().enqueue_all(&jobs).await.expect("jobs"), 4);
    assert_eq!(first.jobs_mut().enqueue_all(&[keyed(6, "b"), job(7, 0)]).await.expect("jobs"), 1);
    assert_eq!(first.jobs_mut().enqueue_all(&[]).await.expect("nothing"), 0);
    assert_eq!(numbers(first.as_mut(), at(0), 9, LANES).await, [1, 2, 4, 7]);
    commit(first).await;
    let mut second = unit(store).await;
    assert!(is_conflict(&second.jobs_mut().enqueue_all(&[job(8, 0), job(1, 0)]).await));
    drop(second);
    assert_eq!(view(store).await.jobs().by_id(JobId(uuid(8))).await.expect("a read"), None);
}

/// The others stay as they are.
pub async fn many_jobs_are_settled_at_once_each_by_its_fence(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &(1..=5).map(|number| job(number, 0)).collect::<Vec<_>>()).await;
    let claimed = unit.jobs_mut().claim(at(0), LEASE, 9, LANES).await.expect("a claim");
    let outcomes = [
        Outcome::Done { at: at(1) },
        Outcome::Retry { due_at: at(50), reason: "later".into() },
        Outcome::Dead { at: at(2), reason: "never".into() },
        Outcome::Released,
        Outcome::Done { at: at(1) },
    ];
    let mut settlements: Vec<Settlement> = claimed
        .iter()
        .zip(outcomes)
        .map(|(job, outcome)| Settlement { id: job.id, fence: job.fence, outcome })
        .collect();
    settlements[4].fence += 1;
    let mut held = unit.jobs_mut().settle(&settlements).await.expect("a settlement");
    held.sort_unstable();
    assert_eq!(held, (1..=4).map(|number| JobId(uuid(number))).collect::<Vec<_>>());
    let mut found = Vec::new();
    for number in 1..=5 {
        let it = record(unit.as_mut(), number).await;
        found.push((it.state, it.attempts, it.due_at, it.finished_at, it.last_error));
    }
    assert_eq!(
        found,
        [
            (JobState::Done, 1, at(0), Some(at(1)), None),
            (JobState::Waiting, 1, at(50), None, Some("later".to_owned())),
            (JobState::Dead, 1, at(0), Some(at(2)), Some("never".to_owned())),
            (JobState::Waiting, 0, at(0), None, None),
            (JobState::Running, 1, at(0), None, None),
        ]
    );
    assert_eq!(unit.jobs_mut().settle(&settlements).await.expect("a look"), [], "all fences are old");
    assert_eq!(unit.jobs_mut().settle(&[]).await.expect("nothing"), []);
}

/// As long as it is not another's.
pub async fn who_holds_a_job_keeps_it_for_longer(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let first = claim_one(unit.as_mut(), 0).await;
    let until = |seconds| Outcome::Renewed { until: at(seconds) };
    assert!(settle(unit.jobs_mut(), &first, until(100)).await);
    assert_eq!(record(unit.as_mut(), 1).await.lease_until, Some(at(100)));
    assert_eq!(numbers(unit.as_mut(), at(99), 9, LANES).await, []);
    let second = claim_one(unit.as_mut(), 100).await;
    assert!(!settle(unit.jobs_mut(), &first, until(500)).await);
    assert_eq!(record(unit.as_mut(), 1).await.lease_until, Some(second.lease_until));
    assert!(unit.jobs_mut().finish(second.id, second.fence, at(101)).await.expect("an end"));
    assert!(!settle(unit.jobs_mut(), &second, until(500)).await);
}

/// However many one of them has.
pub async fn subscribers_take_turns_in_a_lane(store: &dyn Store) {
    let mut unit = unit(store).await;
    let many: Vec<NewJob> = (100..140).map(|number| due(number, DEFAULT_LANE, Some(1))).collect();
    unit.jobs_mut().enqueue_all(&many).await.expect("jobs");
    assert_eq!(numbers(unit.as_mut(), at(0), 3, LANES).await, [100, 101, 102]);
    let few = [due(1, DEFAULT_LANE, Some(2)), due(2, DEFAULT_LANE, None), due(3, DEFAULT_LANE, Some(2))];
    enqueue(unit.as_mut(), &few).await;
    enqueue(unit.as_mut(), &[due(4, DEFAULT_LANE, None)]).await;
    assert_eq!(numbers(unit.as_mut(), at(0), 7, LANES).await, [1, 2, 103, 3, 4, 104, 105]);
    // who comes back is not asked to make up for the turns that nobody else took
    enqueue(unit.as_mut(), &[due(5, DEFAULT_LANE, Some(2))]).await;
    assert_eq!(numbers(unit.as_mut(), at(0), 2, LANES).await, [5, 106]);
}

/// Of those that come due together, each has its oldest first.
pub async fn jobs_that_come_due_take_turns_too(store: &dyn Store) {
    let of = |number, subscriber, moment| NewJob {
        due_at: at(moment),
        ..due(number, DEFAULT_LANE, Some(subscriber))
    };
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[of(1, 1, 12), of(2, 1, 11), of(3, 1, 10), of(4, 2, 15), of(5, 2, 90)]).await;
    assert_eq!(numbers(unit.as_mut(), at(20), 9, LANES).await, [3, 4, 2, 1]);
}

/// One lane does not keep another waiting.
pub async fn lanes_share_what_is_claimed_and_urgent_jobs_go_first(store: &dyn Store) {
    let lanes = [lane("one", None), lane("two", None), lane("three", None)];
    let mut unit = unit(store).await;
    let jobs = |lane, from: u128| (from..from + 10).map(|number| due(number, lane, None)).collect::<Vec<_>>();
    enqueue(unit.as_mut(), &jobs("one", 100)).await;
    enqueue(unit.as_mut(), &jobs("two", 200)[..1]).await;
    enqueue(unit.as_mut(), &jobs("three", 300)).await;
    let urgent = NewJob { priority: Priority::High, ..due(1, "three", None) };
    enqueue(unit.as_mut(), &[urgent]).await;
    let mut claimed = numbers(unit.as_mut(), at(0), 8, &lanes).await;
    assert_eq!(claimed[0], 1);
    claimed.sort_unstable();
    assert_eq!(claimed, [1, 100, 101, 102, 200, 300, 301, 302]);
    assert_eq!(numbers(unit.as_mut(), at(0), 1, &lanes[2..]).await, [303]);
}

/// Whoever does not know a lane does not know its rate.
pub async fn jobs_of_other_lanes_are_left_alone(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[due(1, "one", None)]).await;
    let other = [lane("two", None)];
    assert_eq!(numbers(unit.as_mut(), at(0), 9, &other).await, []);
    assert_eq!(unit.jobs().next_due(&other).await.expect("a read"), None);
    assert_eq!(unit.jobs().next_due(&[lane("one", None)]).await.expect("a read"), Some(at(0)));
}

/// Whatever was claimed before, and however often somebody asks; the moment of the next grant is told.
pub async fn a_lane_grants_no_more_than_its_rate(store: &dyn Store) {
    let lanes = [lane("slow", Some(4)), lane("fast", Some(30))];
    let jobs: Vec<NewJob> =
        (0..200).map(|it| due(it, if it < 100 { "slow" } else { "fast" }, None)).collect();
    let mut first = unit(store).await;
    first.jobs_mut().enqueue_all(&jobs[1..]).await.expect("jobs");
    commit(first).await;
    let mut taken: BTreeMap<bool, Vec<i64>> = BTreeMap::new();
    for step in 0..50 {
        let millis = step * 37;
        let now = at(0) + TimeDelta::milliseconds(millis);
        let mut unit = unit(store).await;
        for _ in 0..2 {
            for number in numbers(unit.as_mut(), now, 20, &lanes).await {
                taken.entry(number < 100).or_default().push(millis);
            }
        }
        let next = unit.jobs().next_due(&lanes).await.expect("a read").expect("jobs wait");
        assert!(next > now && next <= now + TimeDelta::milliseconds(34), "{}", next - now);
        commit(unit).await;
    }
    for (is_slow, rate, burst) in [(true, 4, 1), (false, 30, 3)] {
        let taken = &taken[&is_slow];
        for (first, from) in taken.iter().enumerate() {
            for (last, to) in taken.iter().enumerate().skip(first) {
                let count = i64::try_from(last - first + 1).expect("a small number");
                assert!(count * 1000 <= (to - from) * rate + burst * 1000, "{count} from {from} to {to}");
            }
        }
        // and hardly less: somebody asks every 37 milliseconds
        let least = usize::try_from(rate * 49 * 37 / 1000 * 3 / 4).expect("a small number");
        assert!(taken.len() >= least, "{} of {rate} a second", taken.len());
    }
}

/// Each at the moment of its grant, though some are claimed at once; in a lane without a rate at the moment of the claim.
pub async fn jobs_of_a_lane_begin_one_after_the_other(store: &dyn Store) {
    let lanes = [lane("fast", Some(30)), lane("free", None)];
    let jobs: Vec<NewJob> = (1..20).map(|it| due(it, if it < 10 { "fast" } else { "free" }, None)).collect();
    let mut unit = unit(store).await;
    unit.jobs_mut().enqueue_all(&jobs).await.expect("jobs");
    let mut begin = async |lane: &Lane, millis| {
        let now = at(0) + TimeDelta::milliseconds(millis);
        let claimed = unit.jobs_mut().claim(now, TimeDelta::minutes(1), 3, &[*lane]).await.expect("jobs");
        claimed.iter().map(|job| (job.begins_at - at(0)).num_microseconds()).collect::<Vec<_>>()
    };
    assert_eq!(begin(&lanes[0], 0).await, [Some(0), Some(33_334), Some(66_668)]);
    // one grant has come back, and reaches as far as those before
    assert_eq!(begin(&lanes[0], 40).await, [Some(100_002)]);
    assert_eq!(begin(&lanes[0], 1_000).await, [Some(1_000_000), Some(1_033_334), Some(1_066_668)]);
    assert_eq!(begin(&lanes[1], 50).await, [Some(50_000); 3]);
}

/// Nor were its jobs.
pub async fn grants_of_a_dropped_unit_were_never_taken(store: &dyn Store) {
    let lanes = [lane("slow", Some(1))];
    let mut first = unit(store).await;
    enqueue(first.as_mut(), &[due(1, "slow", None), due(2, "slow", None)]).await;
    commit(first).await;
    for _ in 0..2 {
        let mut dropped = unit(store).await;
        assert_eq!(numbers(dropped.as_mut(), at(0), 9, &lanes).await, [1]);
    }
    let mut second = unit(store).await;
    assert_eq!(numbers(second.as_mut(), at(0), 9, &lanes).await, [1]);
    assert_eq!(numbers(second.as_mut(), at(0), 9, &lanes).await, []);
    assert_eq!(second.jobs().next_due(&lanes).await.expect("a read"), Some(at(1)));
    assert_eq!(numbers(second.as_mut(), at(1), 9, &lanes).await, [2]);
}

/// What runs or is done, or in line already, stays as it is.
pub async fn a_dead_or_delayed_job_is_requeued_with_all_its_attempts(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0), job(2, 0), job(3, 0), job(4, 0), job(5, 90)]).await;
    let claimed = unit.jobs_mut().claim(at(0), LEASE, 3, LANES).await.expect("a claim");
    assert!(bury(unit.jobs_mut(), &claimed[0], 1, "reason").await);
    assert!(unit.jobs_mut().finish(claimed[1].id, claimed[1].fence, at(1)).await.expect("an end"));
    for (number, requeued) in [(1, true), (2, false), (3, false), (4, false), (5, true), (9, false)] {
        let done = unit.jobs_mut().requeue(JobId(uuid(number)), at(20)).await.expect("a look");
        assert_eq!(done, requeued, "{number}");
    }
    let it = record(unit.as_mut(), 1).await;
    assert_eq!((it.state, it.attempts, it.due_at, it.finished_at), (JobState::Waiting, 0, at(20), None));
    assert_eq!(it.last_error.as_deref(), Some("reason"), "it is told why");
    assert_eq!(numbers(unit.as_mut(), at(20), 9, LANES).await, [4, 1, 5]);
    assert_eq!(record(unit.as_mut(), 1).await.attempts, 1);
    assert!(!bury(unit.jobs_mut(), &claimed[0], 21, "late").await, "its fence is an old one");
}

/// What runs or is done is not called back.
pub async fn a_waiting_or_dead_job_is_called_off_and_its_key_is_free(store: &dyn Store) {
    let keyed = |number| NewJob { unique_key: Some(format!("key {number}")), ..job(number, 0) };
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[keyed(1), keyed(2), keyed(3), keyed(4), job(5, 90)]).await;
    let claimed = unit.jobs_mut().claim(at(0), LEASE, 3, LANES).await.expect("a claim");
    assert!(bury(unit.jobs_mut(), &claimed[0], 1, "reason").await);
    assert!(unit.jobs_mut().finish(claimed[1].id, claimed[1].fence, at(1)).await.expect("an end"));
    for (number, called_off) in
        [(1, true), (2, false), (3, false), (4, true), (5, true), (1, false), (9, false)]
    {
        let done = unit.jobs_mut().cancel(JobId(uuid(number)), at(7)).await.expect("a look");
        assert_eq!(done, called_off, "{number}");
    }
    for (number, reason) in [(1, "reason"), (4, "called off"), (5, "called off")] {
        let it = record(unit.as_mut(), number).await;
        assert_eq!((it.state, it.finished_at), (JobState::Cancelled, Some(at(7))));
        assert_eq!(it.last_error.as_deref(), Some(reason));
    }
    assert!(unit.jobs_mut().finish(claimed[2].id, claimed[2].fence, at(8)).await.expect("an end"));
    assert_eq!(numbers(unit.as_mut(), at(10_000), 9, LANES).await, []);
    assert!(unit.jobs_mut().enqueue(&NewJob { id: JobId(uuid(8)), ..keyed(4) }).await.expect("a job"));
    assert!(!unit.jobs_mut().requeue(JobId(uuid(1)), at(9)).await.expect("a look"));
    assert_eq!(unit.jobs_mut().purge(at(8), 9).await.expect("a purge"), 4);
}

/// Together or each alone, in pages by id.
pub async fn jobs_are_listed_by_state_kind_and_lane(store: &dyn Store) {
    let mut unit = unit(store).await;
    let other = NewJob { kind: "test.other", ..due(6, "voter", None) };
    let jobs = [job(1, 0), job(2, 0), job(3, 0), job(4, 0), job(5, 90), other, due(7, "voter", None)];
    enqueue(unit.as_mut(), &jobs).await;
    let claimed = unit.jobs_mut().claim(at(0), LEASE, 3, &LANES[..1]).await.expect("a claim");
    assert!(bury(unit.jobs_mut(), &claimed[0], 1, "reason").await);
    assert!(unit.jobs_mut().finish(claimed[1].id, claimed[1].fence, at(1)).await.expect("an end"));
    assert!(unit.jobs_mut().cancel(JobId(uuid(4)), at(7)).await.expect("a look"));
    commit(unit).await;
    let mut view = view(store).await;
    let mut list = async |state, kind: Option<&str>, lane: Option<&str>| {
        let filter = JobFilter { state, kind: kind.map(Into::into), lane: lane.map(Into::into) };
        let (mut numbers, mut after) = (Vec::new(), None);
        loop {
            let page = PageRequest { after, limit: 2 };
            let page = view.jobs().list(&filter, page).await.expect("a read");
            numbers.extend(page.rows.iter().map(|row| row.id.0.as_u128()));
            after = page.next;
            if after.is_none() {
                return numbers;
            }
        }
    };
    assert_eq!(list(None, None, None).await, [1, 3, 5, 6, 7]);
    assert_eq!(list(None, Some("test.job"), None).await, [1, 3, 5, 7]);
    assert_eq!(list(None, Some("test.other"), Some("voter")).await, [6]);
    for (state, numbers) in [
        (JobState::Waiting, &[5, 6, 7][..]),
        (JobState::Running, &[3]),
        (JobState::Dead, &[1]),
        (JobState::Done, &[2]),
        (JobState::Cancelled, &[4]),
    ] {
        assert_eq!(list(Some(state), None, None).await, numbers, "{state:?}");
        assert_eq!(list(Some(state), Some("no.such"), None).await, [], "{state:?}");
    }
    assert_eq!(list(Some(JobState::Waiting), None, Some("voter")).await, [6, 7]);
}

/// What came due without anybody looking, and what lost workers had, too.
pub async fn depths_of_lanes_count_what_is_due(store: &dyn Store) {
    let mut unit = unit(store).await;
    let at_moment = |number, lane, moment| NewJob { due_at: at(moment), ..due(number, lane, None) };
    let jobs = [due(1, "voter", None), at_moment(2, "voter", 5), at_moment(3, "geocode", 90), job(4, 0)];
    enqueue(unit.as_mut(), &jobs).await;
    assert_eq!(numbers(unit.as_mut(), at(0), 1, &LANES[..1]).await, [4]);
    commit(unit).await;
    let mut view = view(store).await;
    let depth = |lane: &str, due, oldest| LaneDepth { lane: lane.to_owned(), due, oldest: at(oldest) };
    let mut depths = async |now| view.jobs().depths(at(now)).await.expect("a read");
    assert_eq!(depths(0).await, [depth("voter", 1, 0)]);
    assert_eq!(depths(9).await, [depth("voter", 2, 0)]);
    assert_eq!(depths(90).await, [depth("default", 1, 0), depth("geocode", 1, 90), depth("voter", 2, 0)]);
}
