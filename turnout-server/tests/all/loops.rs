//! The loops of the worker and the scheduler.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use turnout_core::{App, jobs::JobState, ports::clock::Clock as _};
use turnout_server::{
    scheduler,
    system::{RandomIds, SystemClock},
    worker::Worker,
};

use turnout_storage::in_process::LocalWake;

use crate::support::OnlyJobs;

const PURGE: &str = turnout_core::jobs::schedule::PurgeFinished::KIND;

fn app(store: &OnlyJobs) -> App {
    App::builder(store.clone(), SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef").build()
}

async fn enqueue(app: &App, kind: &'static str, delay: TimeDelta) {
    let job = app.job(kind, &serde_json::json!({})).at(SystemClock.now() + delay);
    app.store.begin().await.unwrap().jobs_mut().enqueue(&job).await.unwrap();
}

/// A worker that is at work, and what stops it.
#[expect(clippy::disallowed_methods, reason = "a test has no task tracker")]
fn start(app: &App, store: &OnlyJobs, at_once: usize) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let stop = CancellationToken::new();
    let worker = Worker::new(app.clone(), Arc::new(store.clone()), at_once);
    (stop.clone(), tokio::spawn(worker.run(stop)))
}

#[tokio::test]
async fn a_worker_runs_what_is_due_two_at_once_and_leaves_what_it_does_not_know_to_others() {
    let store = OnlyJobs::default();
    let app = app(&store);
    for kind in [PURGE, PURGE, PURGE, PURGE, "nobody.knows"] {
        enqueue(&app, kind, TimeDelta::zero()).await;
    }
    let (stop, worker) = start(&app, &store, 2);
    store.until(|states| states.iter().filter(|state| **state == JobState::Done).count() == 4).await;
    assert_eq!(store.0.most_purging.load(Ordering::SeqCst), 2);
    stop.cancel();
    worker.await.unwrap();
    let others = store.states().into_iter().filter(|state| *state != JobState::Done);
    assert_eq!(others.collect::<Vec<_>>(), [JobState::Waiting], "a newer version may know it");
}

#[tokio::test]
async fn a_resting_worker_is_woken_and_keeps_the_time_of_a_delayed_job() {
    let store = OnlyJobs::default();
    let app = app(&store);
    let (stop, worker) = start(&app, &store, 2);
    sleep(Duration::from_millis(100)).await;
    let looks = store.0.looks.load(Ordering::SeqCst);
    assert!(looks <= 3, "{looks} looks at a store in which nothing waits");

    enqueue(&app, PURGE, TimeDelta::milliseconds(300)).await;
    sleep(Duration::from_millis(100)).await;
    assert_eq!(store.states(), [JobState::Waiting], "it ran before its time");
    store.until(|states| states == [JobState::Done]).await;
    let looks = store.0.looks.load(Ordering::SeqCst) - looks;
    assert!(looks < 30, "{looks} looks for one job");
    stop.cancel();
    worker.await.unwrap();
}

/// The store wakes nobody here, as SQLite wakes no other process.
#[tokio::test]
async fn a_worker_that_nobody_wakes_finds_a_job_within_the_rest_it_was_given() {
    let store = OnlyJobs::default();
    let app = app(&store);
    let (stop, asleep) = (CancellationToken::new(), Arc::new(LocalWake::new()));
    let worker = Worker::new(app.clone(), asleep, 2).with_longest_rest(Duration::from_millis(200));
    let found = async {
        sleep(Duration::from_millis(50)).await;
        enqueue(&app, PURGE, TimeDelta::zero()).await;
        let within = store.until(|states| states == [JobState::Done]);
        tokio::time::timeout(Duration::from_millis(1000), within).await.expect("it rested too long");
        stop.cancel();
    };
    tokio::join!(worker.run(stop.clone()), found);
}

#[tokio::test]
async fn a_stop_lets_a_running_job_end_and_starts_no_other() {
    let store = OnlyJobs::default();
    let app = app(&store);
    enqueue(&app, PURGE, TimeDelta::zero()).await;
    enqueue(&app, PURGE, TimeDelta::zero()).await;
    let (stop, worker) = start(&app, &store, 1);
    store.until(|states| states.contains(&JobState::Running)).await;
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(store.states(), [JobState::Done, JobState::Waiting]);
}

#[tokio::test]
async fn a_stop_gives_a_job_back_that_does_not_end_in_time() {
    let store = OnlyJobs::default();
    let app = app(&store);
    enqueue(&app, PURGE, TimeDelta::zero()).await;
    let stop = CancellationToken::new();
    let worker = Worker::new(app.clone(), Arc::new(store.clone()), 1).with_drain(Duration::from_millis(5));
    let stopped = async {
        store.until(|states| states == [JobState::Running]).await;
        stop.cancel();
    };
    tokio::join!(worker.run(stop.clone()), stopped);
    assert_eq!(store.states(), [JobState::Waiting]);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(store.states(), [JobState::Waiting], "it went on after it was given back");
}

#[tokio::test]
async fn a_store_that_fails_is_left_alone_for_a_while_and_a_stop_still_stops() {
    let store = OnlyJobs::default();
    store.0.fails.store(true, Ordering::SeqCst);
    let (stop, worker) = start(&app(&store), &store, 2);
    sleep(Duration::from_millis(200)).await;
    let looks = store.0.looks.load(Ordering::SeqCst);
    assert_eq!(looks, 1, "a store that is down is asked again at once");
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(1), worker).await.unwrap().unwrap();
}

#[tokio::test]
async fn two_schedulers_enqueue_what_was_missed_once_and_stop() {
    let store = OnlyJobs::default();
    let app = app(&store);
    let stop = CancellationToken::new();
    let both = async { tokio::join!(scheduler::run(&app, stop.clone()), scheduler::run(&app, stop.clone())) };
    let stopped = async {
        sleep(Duration::from_millis(100)).await;
        stop.cancel();
    };
    tokio::time::timeout(Duration::from_secs(1), async { tokio::join!(both, stopped) }).await.unwrap();
    let jobs = store.0.jobs.lock().unwrap();
    let mut kinds: Vec<&str> = jobs.iter().map(|job| job.kind.as_str()).collect();
    kinds.sort_unstable();
    let hourly = ["search.complete", "search.pack", "voter.check_new", "voter.recheck", "webhook.sweep"];
    let first = [
        "account.forget_sessions",
        "election.call_webhooks",
        "file.purge",
        PURGE,
        "report.count",
        "retention.expire",
    ];
    assert_eq!(kinds, [&first[..], &hourly[..]].concat());
}
