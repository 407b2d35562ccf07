//! A worker on a whole store: leases, lanes, many at once, and what is measured.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    app::AppBuilder,
    jobs::{Backoff, JobContext, JobError, JobHandler, JobKind, NewJob, Rate},
    memory::MemoryStore,
    ports::{store::Store as _, wake::Wake},
};
use turnout_server::{
    measures,
    system::{RandomIds, SystemClock},
    worker::Worker,
};
use turnout_storage::in_process::LocalWake;

const KIND: &str = "test.note";

/// Notes when it ran, does something, and takes a while.
#[derive(Clone, Default)]
struct Notes {
    begun: Arc<Mutex<Vec<Instant>>>,
    takes: Duration,
    panics: Arc<AtomicU32>,
}

impl JobHandler for Notes {
    type Payload = serde_json::Value;

    async fn run(&self, _: &App, _: Self::Payload, _: &JobContext) -> Result<(), JobError> {
        self.begun.lock().unwrap().push(Instant::now());
        let panics = self.panics.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        assert!(panics.is_err(), "as the test wants it");
        sleep(self.takes).await;
        Ok(())
    }
}

/// An app over memory, with workers that are at work.
struct Shop {
    app: App,
    store: MemoryStore,
    stop: CancellationToken,
    workers: Vec<tokio::task::JoinHandle<()>>,
}

impl Shop {
    #[expect(clippy::disallowed_methods, reason = "a test has no task tracker")]
    fn open(workers: usize, at_once: usize, kinds: impl FnOnce(AppBuilder) -> AppBuilder) -> Self {
        let wakes: Vec<Arc<LocalWake>> = (0..workers).map(|_| Arc::new(LocalWake::new())).collect();
        let store = MemoryStore::new().with_wake(Arc::new(All(wakes.clone())));
        let builder =
            App::builder(store.clone(), SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef");
        let (app, stop) = (kinds(builder).build(), CancellationToken::new());
        let worker = |wake| tokio::spawn(Worker::new(app.clone(), wake, at_once).run(stop.clone()));
        let workers = wakes.into_iter().map(|wake| worker(wake)).collect();
        Self { app, store, stop, workers }
    }

    async fn enqueue(&self, count: usize) {
        let jobs: Vec<NewJob> = (0..count).map(|_| self.app.job(KIND, &serde_json::json!({}))).collect();
        let mut unit = self.store.begin().await.unwrap();
        unit.jobs_mut().enqueue_all(&jobs).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// Waits until nothing is left to do.
    async fn until_idle(&self) {
        for _ in 0..1000 {
            let counts = self.store.view().await.unwrap().jobs().counts(self.app.now()).await.unwrap();
            if counts.due + counts.delayed + counts.running == 0 {
                return;
            }
            sleep(Duration::from_millis(5)).await;
        }
        panic!("it did not end within 5 s");
    }

    async fn close(self) {
        self.stop.cancel();
        for worker in self.workers {
            worker.await.unwrap();
        }
    }
}

/// Wakes each of them.
struct All(Vec<Arc<LocalWake>>);

#[async_trait::async_trait]
impl Wake for All {
    fn wake(&self) {
        for wake in &self.0 {
            wake.wake();
        }
    }

    async fn wait(&self) {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_job_begins_at_once_on_an_idle_system() {
    let notes = Notes::default();
    let shop = Shop::open(2, 4, |app| app.with_job(JobKind::new(KIND, notes.clone())));
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        sleep(Duration::from_millis(60)).await;
        let begun = Instant::now();
        shop.enqueue(1).await;
        shop.until_idle().await;
        slowest = slowest.max(*notes.begun.lock().unwrap().last().unwrap() - begun);
    }
    assert!(slowest < Duration::from_millis(100), "{slowest:?}");
    shop.close().await;
}

#[tokio::test]
async fn a_job_that_runs_longer_than_its_lease_stays_with_its_worker() {
    let notes = Notes { takes: Duration::from_millis(900), ..Notes::default() };
    let kind = JobKind::new(KIND, notes.clone()).with_lease(TimeDelta::milliseconds(300));
    let shop = Shop::open(2, 4, |app| app.with_job(kind));
    shop.enqueue(2).await;
    shop.until_idle().await;
    assert_eq!(notes.begun.lock().unwrap().len(), 2, "another worker took it");
    shop.close().await;
}

#[tokio::test]
async fn a_job_that_panics_is_tried_again_after_its_wait_and_others_go_on() {
    let notes = Notes { panics: Arc::new(AtomicU32::new(2)), ..Notes::default() };
    let backoff = Backoff::new(TimeDelta::milliseconds(20), TimeDelta::milliseconds(20));
    let shop = Shop::open(1, 4, |app| app.with_job(JobKind::new(KIND, notes.clone()).with_backoff(backoff)));
    shop.enqueue(3).await;
    shop.until_idle().await;
    assert_eq!(notes.begun.lock().unwrap().len(), 5);
    let counts = shop.store.view().await.unwrap().jobs().counts(shop.app.now()).await.unwrap();
    assert_eq!(counts.dead, 0);
    shop.close().await;
}

#[tokio::test]
async fn jobs_of_a_lane_begin_at_its_rate_and_are_waited_for_not_asked_for_in_a_circle() {
    let notes = Notes::default();
    let kind = JobKind::new(KIND, notes.clone()).in_lane("paced");
    let shop = Shop::open(2, 8, |app| app.with_job(kind).with_lane("paced", Rate::per_second(20)));
    shop.enqueue(12).await;
    let units = shop.store.units_begun();
    shop.until_idle().await;
    let begun = notes.begun.lock().unwrap().clone();
    // all but the burst wait 50 milliseconds each
    let took = begun.iter().max().unwrap().duration_since(*begun.iter().min().unwrap());
    assert!((450..900).contains(&took.as_millis()), "{took:?}");
    let units = shop.store.units_begun() - units;
    assert!(units < 12 * 6, "{units} units for 12 jobs");
    shop.close().await;
}

#[tokio::test]
async fn jobs_that_end_together_are_noted_together() {
    let notes = Notes::default();
    let shop = Shop::open(1, 64, |app| app.with_job(JobKind::new(KIND, notes.clone())));
    let units = shop.store.units_begun();
    shop.enqueue(256).await;
    shop.until_idle().await;
    let units = shop.store.units_begun() - units;
    assert!(units <= 40, "{units} units for 256 jobs");
    assert_eq!(notes.begun.lock().unwrap().len(), 256);
    shop.close().await;
}

#[tokio::test]
async fn depths_ages_and_runs_are_measured_under_names_from_the_code() {
    let measured = measures::handle();
    let notes = Notes::default();
    let shop = Shop::open(1, 4, |app| app.with_job(JobKind::new(KIND, notes.clone())));
    shop.enqueue(3).await;
    let stranger = shop.app.job("no.such", &serde_json::json!({}));
    let elsewhere = NewJob { lane: "elsewhere", ..shop.app.job(KIND, &serde_json::json!({})) };
    let elsewhere = NewJob { due_at: elsewhere.due_at - TimeDelta::hours(1), ..elsewhere };
    let mut unit = shop.store.begin().await.unwrap();
    unit.jobs_mut().enqueue_all(&[stranger, elsewhere]).await.unwrap();
    unit.commit().await.unwrap();
    for _ in 0..200 {
        let counts = shop.store.view().await.unwrap().jobs().counts(shop.app.now()).await.unwrap();
        if counts.due == 1 && counts.running == 0 {
            break;
        }
        sleep(Duration::from_millis(5)).await;
    }
    measures::jobs::measure(&shop.app).await.unwrap();
    measured.run_upkeep();
    let text = measured.render();
    for line in [
        r#"turnout_jobs_due{lane="elsewhere"} 1"#,
        r#"turnout_jobs_due{lane="voter"} 0"#,
        // of a kind that only a newer version may know
        r#"turnout_jobs{state="dead"} 0"#,
        r#"turnout_jobs_total{kind="test.note",outcome="done"} 3"#,
        r#"turnout_jobs_total{kind="unknown",outcome="failed"} 1"#,
        r#"turnout_job_seconds_bucket{kind="test.note",le="+Inf"} 3"#,
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is missing in:\n{text}");
    }
    let age = text.lines().find(|it| it.starts_with(r#"turnout_jobs_oldest_due_seconds{lane="elsewhere"}"#));
    let age: f64 = age.unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!((3600.0..3700.0).contains(&age), "{age}");
    shop.close().await;
}
