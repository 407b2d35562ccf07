//! What the room of jobs promises.

use chrono::TimeDelta;

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::{
        rows::{action, at, job, uuid},
        together,
    },
    ids::{JobId, SubscriberId},
    jobs::{ClaimedJob, JobCounts, JobRecord, JobState, NewJob, Outcome, Priority, Settlement, lanes::LANES},
    page::PageRequest,
    ports::store::{Jobs, Store, Unit},
};

/// A test for every case of the room of jobs.
#[macro_export]
macro_rules! jobs_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            jobs,
            [$($open)+],
            store::jobs,
            [
                a_job_comes_back_as_it_was_enqueued,
                a_job_is_enqueued_once_per_id,
                jobs_are_claimed_by_priority_and_then_oldest_first,
                jobs_that_are_not_due_are_not_claimed,
                two_workers_never_claim_one_job,
                a_job_whose_lease_has_ended_is_claimed_again,
                a_worker_that_lost_its_lease_settles_nothing,
                a_job_that_is_done_is_settled_once,
                a_job_ends_with_what_its_unit_writes,
                a_job_that_failed_waits_for_its_next_moment,
                a_job_that_was_given_up_is_kept_with_its_reason,
                a_job_given_back_was_never_tried,
                a_job_that_is_put_off_waits_and_was_never_tried,
                a_unique_key_holds_until_its_job_is_done,
                the_next_moment_to_look_is_that_of_a_job_or_a_lease,
                jobs_are_counted_by_state,
                unfinished_jobs_come_in_pages,
                what_ended_comes_in_pages_the_last_first,
                old_done_jobs_are_deleted_and_no_others,
                a_tick_is_noted_once,
            ]
        );
    };
}

/// A test for every case of the room of jobs that is about many of them: batches, lanes and turns.
#[macro_export]
macro_rules! job_lines_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            job_lines,
            [$($open)+],
            store::job_lines,
            [
                many_jobs_are_enqueued_at_once_and_those_that_are_kept_out_left_out,
                many_jobs_are_settled_at_once_each_by_its_fence,
                who_holds_a_job_keeps_it_for_longer,
                subscribers_take_turns_in_a_lane,
                jobs_that_come_due_take_turns_too,
                lanes_share_what_is_claimed_and_urgent_jobs_go_first,
                jobs_of_other_lanes_are_left_alone,
                a_lane_grants_no_more_than_its_rate,
                jobs_of_a_lane_begin_one_after_the_other,
                grants_of_a_dropped_unit_were_never_taken,
                a_dead_or_delayed_job_is_requeued_with_all_its_attempts,
                a_waiting_or_dead_job_is_called_off_and_its_key_is_free,
                jobs_are_listed_by_state_kind_and_lane,
                depths_of_lanes_count_what_is_due,
            ]
        );
    };
}

pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);

pub(super) async fn enqueue(unit: &mut dyn Unit, jobs: &[NewJob]) {
    for job in jobs {
        assert!(unit.jobs_mut().enqueue(job).await.expect("a job"), "{:?}", job.id);
    }
}

/// Number, attempt and fence of what is claimed.
async fn claim(unit: &mut dyn Unit, now: i64, limit: u32) -> Vec<(u128, u32, i64)> {
    let claimed = unit.jobs_mut().claim(at(now), LEASE, limit, LANES).await.expect("a claim");
    claimed.iter().map(|job| (job.id.0.as_u128(), job.attempt, job.fence)).collect()
}

/// Claims the one job that is due.
pub(super) async fn claim_one(unit: &mut dyn Unit, now: i64) -> ClaimedJob {
    let mut claimed = unit.jobs_mut().claim(at(now), LEASE, 1, LANES).await.expect("a claim");
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

pub(super) async fn record(unit: &mut dyn Unit, number: u128) -> JobRecord {
    unit.jobs().by_id(JobId(uuid(number))).await.expect("a read").expect("the job is there")
}

/// Settles a job, and says whether its fence was the present one.
pub(super) async fn settle(jobs: &mut dyn Jobs, job: &ClaimedJob, outcome: Outcome) -> bool {
    let settlement = Settlement { id: job.id, fence: job.fence, outcome };
    let held = jobs.settle(&[settlement]).await.expect("a settlement");
    assert!(held.is_empty() || held == [job.id]);
    !held.is_empty()
}

async fn retry(jobs: &mut dyn Jobs, job: &ClaimedJob, due: i64, reason: &str) -> bool {
    settle(jobs, job, Outcome::Retry { due_at: at(due), reason: reason.into() }).await
}

pub(super) async fn bury(jobs: &mut dyn Jobs, job: &ClaimedJob, now: i64, reason: &str) -> bool {
    settle(jobs, job, Outcome::Dead { at: at(now), reason: reason.into() }).await
}

async fn release(jobs: &mut dyn Jobs, job: &ClaimedJob) -> bool {
    settle(jobs, job, Outcome::Released).await
}

/// And as it is claimed.
pub async fn a_job_comes_back_as_it_was_enqueued(store: &dyn Store) {
    let put = NewJob { lane: "voter", subscriber: Some(SubscriberId(uuid(3))), ..job(1, 7) };
    let mut first = unit(store).await;
    enqueue(first.as_mut(), std::slice::from_ref(&put)).await;
    commit(first).await;
    let mut second = unit(store).await;
    let waiting = JobRecord {
        id: put.id,
        kind: put.kind.to_owned(),
        payload: put.payload.clone(),
        state: JobState::Waiting,
        lane: put.lane.to_owned(),
        subscriber: put.subscriber,
        attempts: 0,
        due_at: put.due_at,
        lease_until: None,
        last_error: None,
        created_at: put.created_at,
        finished_at: None,
    };
    assert_eq!(record(second.as_mut(), 1).await, waiting);
    assert_eq!(second.jobs().by_id(JobId(uuid(2))).await.expect("a read"), None);
    let claimed = claim_one(second.as_mut(), 9).await;
    let expected = ClaimedJob {
        id: put.id,
        kind: put.kind.to_owned(),
        payload: put.payload,
        attempt: 1,
        fence: claimed.fence,
        due_at: at(7),
        begins_at: at(9),
        lease_until: at(9) + LEASE,
    };
    assert_eq!(claimed, expected);
    let running =
        JobRecord { state: JobState::Running, attempts: 1, lease_until: Some(at(9) + LEASE), ..waiting };
    assert_eq!(record(second.as_mut(), 1).await, running);
}

/// The second time is a conflict.
pub async fn a_job_is_enqueued_once_per_id(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    assert!(is_conflict(&unit.jobs_mut().enqueue(&job(1, 5)).await));
}

/// So many at the most; of the same moment, by id.
pub async fn jobs_are_claimed_by_priority_and_then_oldest_first(store: &dyn Store) {
    let urgent = |number, due| NewJob { priority: Priority::High, ..job(number, due) };
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 5), job(6, 3), urgent(3, 9), job(2, 3), urgent(4, 8)]).await;
    let numbers = |claimed: Vec<(u128, u32, i64)>| claimed.iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(numbers(claim(unit.as_mut(), 10, 3).await), [4, 3, 2]);
    assert_eq!(numbers(claim(unit.as_mut(), 10, 3).await), [6, 1]);
    assert_eq!(numbers(claim(unit.as_mut(), 10, 3).await), []);
}

/// But at that very moment they are.
pub async fn jobs_that_are_not_due_are_not_claimed(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 10)]).await;
    assert_eq!(claim(unit.as_mut(), 9, 5).await, []);
    assert_eq!(claim(unit.as_mut(), 10, 5).await.len(), 1);
}

/// Four workers at once, until nothing is left.
pub async fn two_workers_never_claim_one_job(store: &dyn Store) {
    let mut first = unit(store).await;
    let jobs: Vec<NewJob> = (1..=40).map(|number| job(number, 0)).collect();
    enqueue(first.as_mut(), &jobs).await;
    commit(first).await;
    let worker = || async {
        let mut mine = Vec::new();
        loop {
            let mut unit = unit(store).await;
            let claimed = claim(unit.as_mut(), 1, 3).await;
            commit(unit).await;
            if claimed.is_empty() {
                return mine;
            }
            mine.extend(claimed);
        }
    };
    let claimed: Vec<Vec<(u128, u32, i64)>> =
        together((0..4).map(|_| Box::pin(worker()) as _).collect()).await;
    let mut numbers: Vec<u128> = claimed.into_iter().flatten().map(|(number, ..)| number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u128>>());
}

/// With the next attempt and a new fence.
pub async fn a_job_whose_lease_has_ended_is_claimed_again(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let first = claim_one(unit.as_mut(), 0).await;
    assert_eq!(claim(unit.as_mut(), 59, 5).await, []);
    let second = claim_one(unit.as_mut(), 60).await;
    assert_eq!((second.id, second.attempt, second.due_at), (first.id, 2, at(0)));
    assert!(second.fence > first.fence);
}

/// Whatever it wants to say of the job.
pub async fn a_worker_that_lost_its_lease_settles_nothing(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let old = claim_one(unit.as_mut(), 0).await;
    let new = claim_one(unit.as_mut(), 60).await;
    let before = record(unit.as_mut(), 1).await;
    let jobs = unit.jobs_mut();
    assert!(!jobs.finish(old.id, old.fence, at(61)).await.expect("a look"));
    assert!(!retry(jobs, &old, 61, "late").await);
    assert!(!bury(jobs, &old, 61, "late").await);
    assert!(!release(jobs, &old).await);
    assert!(!jobs.finish(JobId(uuid(9)), new.fence, at(61)).await.expect("a look"));
    assert_eq!(record(unit.as_mut(), 1).await, before);
    assert!(unit.jobs_mut().finish(new.id, new.fence, at(61)).await.expect("an end"));
}

/// The same fence is worth nothing afterwards.
pub async fn a_job_that_is_done_is_settled_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let claimed = claim_one(unit.as_mut(), 0).await;
    assert!(unit.jobs_mut().finish(claimed.id, claimed.fence, at(5)).await.expect("an end"));
    let done = record(unit.as_mut(), 1).await;
    assert_eq!((done.state, done.attempts, done.finished_at), (JobState::Done, 1, Some(at(5))));
    let jobs = unit.jobs_mut();
    assert!(!jobs.finish(claimed.id, claimed.fence, at(9)).await.expect("a look"));
    assert!(!retry(jobs, &claimed, 9, "late").await);
    assert_eq!(record(unit.as_mut(), 1).await, done);
    assert_eq!(claim(unit.as_mut(), 10_000, 5).await, []);
}

/// Or with nothing of it.
pub async fn a_job_ends_with_what_its_unit_writes(store: &dyn Store) {
    let mut first = unit(store).await;
    enqueue(first.as_mut(), &[job(1, 0)]).await;
    let claimed = claim_one(first.as_mut(), 0).await;
    commit(first).await;
    for lasts in [false, true] {
        let mut own = unit(store).await;
        own.actions_mut().insert(&action(9)).await.expect("an action");
        assert!(own.jobs_mut().finish(claimed.id, claimed.fence, at(1)).await.expect("an end"));
        if lasts {
            commit(own).await;
        } else {
            drop(own);
        }
        let mut view = view(store).await;
        let job = view.jobs().by_id(claimed.id).await.expect("a read").expect("the job is there");
        assert_eq!(job.state == JobState::Done, lasts);
        assert_eq!(view.actions().by_id(action(9).id).await.expect("a read").is_some(), lasts);
    }
}

/// With its reason.
pub async fn a_job_that_failed_waits_for_its_next_moment(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let claimed = claim_one(unit.as_mut(), 0).await;
    let retried = retry(unit.jobs_mut(), &claimed, 30, "the vendor is away").await;
    assert!(retried);
    let waiting = record(unit.as_mut(), 1).await;
    assert_eq!((waiting.state, waiting.attempts, waiting.due_at), (JobState::Waiting, 1, at(30)));
    assert_eq!(waiting.last_error.as_deref(), Some("the vendor is away"));
    assert_eq!(claim(unit.as_mut(), 29, 5).await, []);
    let again = claim_one(unit.as_mut(), 30).await;
    assert_eq!((again.attempt, again.due_at), (2, at(30)));
    assert!(again.fence > claimed.fence);
}

/// And never claimed again.
pub async fn a_job_that_was_given_up_is_kept_with_its_reason(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let claimed = claim_one(unit.as_mut(), 0).await;
    let buried = bury(unit.jobs_mut(), &claimed, 5, "no such voter").await;
    assert!(buried);
    let dead = record(unit.as_mut(), 1).await;
    assert_eq!((dead.state, dead.finished_at), (JobState::Dead, Some(at(5))));
    assert_eq!(dead.last_error.as_deref(), Some("no such voter"));
    assert_eq!(claim(unit.as_mut(), 10_000, 5).await, []);
}

/// Its place in the queue is the old one; only the fence is used up.
pub async fn a_job_given_back_was_never_tried(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 3)]).await;
    let before = record(unit.as_mut(), 1).await;
    let first = claim_one(unit.as_mut(), 5).await;
    assert!(release(unit.jobs_mut(), &first).await);
    assert_eq!(record(unit.as_mut(), 1).await, before);
    assert!(!release(unit.jobs_mut(), &first).await);
    let second = claim_one(unit.as_mut(), 5).await;
    assert_eq!((second.attempt, second.due_at), (1, at(3)));
    assert!(second.fence > first.fence);
}

/// Nor is its reason of an earlier failure lost.
pub async fn a_job_that_is_put_off_waits_and_was_never_tried(store: &dyn Store) {
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[job(1, 0)]).await;
    let first = claim_one(unit.as_mut(), 0).await;
    assert!(retry(unit.jobs_mut(), &first, 5, "a first reason").await);
    let second = claim_one(unit.as_mut(), 5).await;
    assert_eq!(second.attempt, 2);
    assert!(settle(unit.jobs_mut(), &second, Outcome::PutOff { until: at(90) }).await);
    assert!(!settle(unit.jobs_mut(), &second, Outcome::PutOff { until: at(91) }).await);
    let waiting = record(unit.as_mut(), 1).await;
    assert_eq!((waiting.state, waiting.attempts, waiting.due_at), (JobState::Waiting, 1, at(90)));
    assert_eq!(waiting.last_error.as_deref(), Some("a first reason"));
    assert_eq!(claim(unit.as_mut(), 89, 5).await, []);
    let third = claim_one(unit.as_mut(), 90).await;
    assert_eq!(third.attempt, 2);
    assert!(third.fence > second.fence);
}

/// Waiting, running or dead, it keeps others out; jobs without a key are kept out by none.
pub async fn a_unique_key_holds_until_its_job_is_done(store: &dyn Store) {
    let keyed = |number| NewJob { unique_key: Some("key".into()), ..job(number, 0) };
    let mut unit = unit(store).await;
    enqueue(unit.as_mut(), &[keyed(1)]).await;
    assert!(!unit.jobs_mut().enqueue(&keyed(2)).await.expect("a look"), "it waits");
    assert_eq!(unit.jobs().by_id(JobId(uuid(2))).await.expect("a read"), None);
    let first = claim_one(unit.as_mut(), 0).await;
    assert!(!unit.jobs_mut().enqueue(&keyed(2)).await.expect("a look"), "it runs");
    unit.jobs_mut().finish(first.id, first.fence, at(1)).await.expect("an end");
    enqueue(unit.as_mut(), &[keyed(2)]).await;
    let second = claim_one(unit.as_mut(), 1).await;
    bury(unit.jobs_mut(), &second, 1, "reason").await;
    assert!(!unit.jobs_mut().enqueue(&keyed(3)).await.expect("a look"), "it is dead");
    let other = NewJob { unique_key: Some("Key".into()), ..job(4, 0) };
    enqueue(unit.as_mut(), &[other, job(5, 0), job(6, 0)]).await;
}

/// Done and dead ones are no reason to look.
pub async fn the_next_moment_to_look_is_that_of_a_job_or_a_lease(store: &dyn Store) {
    let mut unit = unit(store).await;
    assert_eq!(unit.jobs().next_due(LANES).await.expect("a read"), None);
    enqueue(unit.as_mut(), &[job(1, 5), job(2, 90)]).await;
    assert_eq!(unit.jobs().next_due(LANES).await.expect("a read"), Some(at(5)));
    let first = claim_one(unit.as_mut(), 10).await;
    assert_eq!(unit.jobs().next_due(LANES).await.expect("a read"), Some(at(70)));
    unit.jobs_mut().finish(first.id, first.fence, at(11)).await.expect("an end");
    assert_eq!(unit.jobs().next_due(LANES).await.expect("a read"), Some(at(90)));
    let second = claim_one(unit.as_mut(), 90).await;
    bury(unit.jobs_mut(), &second, 91, "reason").await;
    assert_eq!(unit.jobs().next_due(LANES).await.expect("a read"), None);
}

/// What waits is due or not at a moment; what a lost worker had is due.
pub async fn jobs_are_counted_by_state(store: &dyn Store) {
    let mut unit = unit(store).await;
    assert_eq!(unit.jobs().counts(at(0)).await.expect("a read"), JobCounts::default());
    let jobs: Vec<NewJob> = (1..=8).map(|number| job(number, number as i64)).collect();
    enqueue(unit.as_mut(), &jobs).await;
    let claimed = unit.jobs_mut().claim(at(4), LEASE, 10, LANES).await.expect("a claim");
    unit.jobs_mut().finish(claimed[0].id, claimed[0].fence, at(4)).await.expect("an end");
    bury(unit.jobs_mut(), &claimed[1], 4, "reason").await;
    commit(unit).await;
    let counts = view(store).await.jobs().counts(at(7)).await.expect("a read");
    assert_eq!(counts, JobCounts { due: 3, delayed: 1, running: 2, dead: 1 });
    let counts = view(store).await.jobs().counts(at(64)).await.expect("a read");
    assert_eq!(counts, JobCounts { due: 6, delayed: 0, running: 0, dead: 1 });
}

/// By id, as many as asked for, with the key of the next page only when there is one.
pub async fn unfinished_jobs_come_in_pages(store: &dyn Store) {
    let mut unit = unit(store).await;
    let jobs: Vec<NewJob> = (1..=6).rev().map(|number| job(number, number as i64)).collect();
    enqueue(unit.as_mut(), &jobs).await;
    let claimed = unit.jobs_mut().claim(at(3), LEASE, 10, LANES).await.expect("a claim");
    unit.jobs_mut().finish(claimed[0].id, claimed[0].fence, at(4)).await.expect("an end");
    bury(unit.jobs_mut(), &claimed[1], 4, "reason").await;
    commit(unit).await;
    let mut view = view(store).await;
    let mut after = None;
    for (numbers, more) in [(&[2, 3][..], true), (&[4, 5], true), (&[6], false)] {
        let page = view.jobs().unfinished(PageRequest { after, limit: 2 }).await.expect("a read");
        let found: Vec<u128> = page.rows.iter().map(|row| row.id.0.as_u128()).collect();
        assert_eq!((&*found, page.next.is_some()), (numbers, more));
        after = page.next;
    }
    let all = view.jobs().unfinished(PageRequest { after: None, limit: 5 }).await.expect("a read");
    assert_eq!((all.rows.len(), all.next), (5, None));
}

/// Those that were done before a moment, so many at the most; dead ones stay.
pub async fn old_done_jobs_are_deleted_and_no_others(store: &dyn Store) {
    let mut unit = unit(store).await;
    let jobs: Vec<NewJob> = (1..=5).map(|number| job(number, number as i64)).collect();
    enqueue(unit.as_mut(), &jobs).await;
    let claimed = unit.jobs_mut().claim(at(4), LEASE, 10, LANES).await.expect("a claim");
    for job in &claimed[..3] {
        unit.jobs_mut().finish(job.id, job.fence, at(10)).await.expect("an end");
    }
    bury(unit.jobs_mut(), &claimed[3], 10, "reason").await;
    for (before, limit, deleted) in [(10, 10, 0), (11, 2, 2), (11, 2, 1), (11, 2, 0)] {
        let count = unit.jobs_mut().purge(at(before), limit).await.expect("a purge");
        assert_eq!(count, deleted, "before {before}, {limit}");
    }
    commit(unit).await;
    let left = view(store).await.jobs().unfinished(PageRequest { after: None, limit: 9 }).await;
    let left: Vec<u128> = left.expect("a read").rows.iter().map(|row| row.id.0.as_u128()).collect();
    assert_eq!(left, [4, 5]);
}

/// Per name and moment; not at all when the unit is dropped. Old ones are forgotten.
pub async fn a_tick_is_noted_once(store: &dyn Store) {
    let mut dropped = unit(store).await;
    assert!(dropped.jobs_mut().tick("nightly", at(0)).await.expect("a tick"));
    drop(dropped);
    let mut first = unit(store).await;
    assert!(first.jobs_mut().tick("nightly", at(0)).await.expect("a tick"));
    assert!(!first.jobs_mut().tick("nightly", at(0)).await.expect("a tick"));
    assert!(first.jobs_mut().tick("nightly", at(1)).await.expect("a tick"));
    commit(first).await;
    let mut second = unit(store).await;
    assert!(second.jobs_mut().tick("hourly", at(0)).await.expect("a tick"));
    assert!(!second.jobs_mut().tick("nightly", at(1)).await.expect("a tick"));
    for (before, forgotten) in [(0, 0), (1, 1), (1, 0)] {
        assert_eq!(second.jobs_mut().forget_ticks("nightly", at(before)).await.expect("it works"), forgotten);
    }
    assert!(second.jobs_mut().tick("nightly", at(0)).await.expect("a tick"));
    assert!(!second.jobs_mut().tick("hourly", at(0)).await.expect("a tick"));
}

/// Those that were given up and those that were done, each apart, and of a kind alone.
pub async fn what_ended_comes_in_pages_the_last_first(store: &dyn Store) {
    use crate::jobs::Ended;

    let mut unit = unit(store).await;
    let jobs: Vec<NewJob> = (1..=9)
        .map(|number| NewJob { kind: if number % 2 == 0 { "even" } else { "odd" }, ..job(number, 0) })
        .collect();
    unit.jobs_mut().enqueue_all(&jobs).await.expect("they are enqueued");
    let claimed = unit.jobs_mut().claim(at(10), TimeDelta::minutes(1), 9, LANES).await.expect("a claim");
    for it in &claimed {
        let number = i64::try_from(it.id.0.as_u128()).expect("a small number");
        // two of them at the same moment
        let ended = at(20 + number / 2);
        let outcome = match number {
            1..=3 => Outcome::Done { at: ended },
            4..=8 => Outcome::Dead { at: ended, reason: "so".into() },
            _ => Outcome::Released,
        };
        let settled = unit.jobs_mut().settle(&[Settlement { id: it.id, fence: it.fence, outcome }]).await;
        assert_eq!(settled.expect("it is settled"), [it.id]);
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (how, kind, pages) in [
        (Ended::Dead, None, &[&[8, 7][..], &[6, 5], &[4]][..]),
        (Ended::Dead, Some("even"), &[&[8, 6], &[4]]),
        (Ended::Done, None, &[&[3, 2], &[1]]),
        (Ended::Done, Some("neither"), &[&[]]),
    ] {
        let (mut after, mut found) = (None, Vec::new());
        loop {
            let page = PageRequest { after, limit: 2 };
            let page = view.jobs().ended(how, kind, &page).await.expect("a read");
            found.push(page.rows.iter().map(|job| job.id.0.as_u128()).collect::<Vec<_>>());
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, pages, "{how:?} {kind:?}");
    }
}
