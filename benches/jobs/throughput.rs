//! How many jobs are enqueued and done in a second, next to the limit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    jobs::{JobContext, JobError, JobHandler, JobKind, NewJob},
    ports::wake::Wake,
};
use turnout_server::worker::Worker;
use turnout_storage::in_process::LocalWake;

use crate::{
    Outcome, Report,
    bare::{self, Bare},
    places::{self, Database, Place},
};

pub(crate) const COUNT: &str = "bench.count";
pub(crate) const WORKERS: usize = 4;
/// How many jobs a worker claims, runs and settles at once.
const AT_ONCE: usize = 64;
const SINGLE: usize = 1_000;
const BATCH: usize = 100;
const BATCHES: usize = 100;
/// How many are done.
const DONE: usize = 20_000;
/// Of each figure, the best of so many rounds, in which ours and the limit take turns.
const ROUNDS: usize = 3;

#[derive(Serialize, Deserialize)]
pub(crate) struct Nothing {}

/// Does nothing but count.
pub(crate) struct Counts(pub(crate) Arc<AtomicUsize>);

impl JobHandler for Counts {
    type Payload = Nothing;

    async fn run(&self, _: &App, _: Nothing, _: &JobContext) -> Result<(), JobError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// A second.
fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

pub(crate) fn jobs(app: &App, count: usize) -> Vec<NewJob> {
    (0..count).map(|_| app.job(COUNT, &Nothing {})).collect()
}

/// Enqueues that many in units of that size.
pub(crate) async fn enqueue(app: &App, count: usize, together: usize) -> Outcome<()> {
    for _ in 0..count / together {
        let mut unit = app.store.begin().await?;
        unit.jobs_mut().enqueue_all(&jobs(app, together)).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn opened(place: Place) -> Outcome<(Database, App)> {
    let database = place.create().await?;
    let store = database.open(Arc::new(LocalWake::new())).await?;
    let counts = JobKind::new(COUNT, Counts(Arc::default()));
    Ok((database, places::app(store).with_job(counts).build()))
}

async fn enqueued(place: Place, count: usize, together: usize) -> Outcome<[f64; 2]> {
    let (_, app) = opened(place).await?;
    let begun = Instant::now();
    enqueue(&app, count, together).await?;
    let ours = rate(count, begun.elapsed());
    let (database, app) = opened(place).await?;
    let mut bare = Bare::open(&database).await?;
    let mut spent = Duration::ZERO;
    for _ in 0..count / together {
        let jobs = bare::enqueued(&jobs(&app, together));
        let begun = Instant::now();
        bare.enqueue(&jobs).await?;
        spent += begun.elapsed();
    }
    Ok([ours, rate(count, spent)])
}

#[expect(clippy::disallowed_methods, reason = "a bench has no task tracker")]
async fn done(place: Place) -> Outcome<[f64; 2]> {
    let database = place.create().await?;
    let wake: Arc<dyn Wake> = Arc::new(LocalWake::new());
    let counted = Arc::new(AtomicUsize::new(0));
    let app = places::app(database.open(Arc::clone(&wake)).await?)
        .with_job(JobKind::new(COUNT, Counts(Arc::clone(&counted))))
        .build();
    enqueue(&app, DONE, 1_000).await?;
    let stop = CancellationToken::new();
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(Worker::new(app.clone(), Arc::clone(&wake), AT_ONCE).run(stop.clone()));
    }
    while counted.load(Ordering::Relaxed) < DONE {
        sleep(Duration::from_millis(2)).await;
    }
    // and settled
    while app.store.view().await?.jobs().counts(app.now()).await?.running > 0 {
        sleep(Duration::from_millis(1)).await;
    }
    let ours = rate(DONE, begun.elapsed());
    stop.cancel();
    while workers.join_next().await.is_some() {}

    let (database, app) = opened(place).await?;
    enqueue(&app, DONE, 1_000).await?;
    // SQLite has one writer
    let connections = if place == Place::Sqlite { 1 } else { WORKERS };
    let mut bare = Vec::new();
    for _ in 0..connections {
        bare.push(Bare::open(&database).await?);
    }
    let begun = Instant::now();
    let work = bare.into_iter().map(|bare| tokio::spawn(bare.work(AT_ONCE as i64)));
    let mut total = 0;
    for worker in work.collect::<Vec<_>>() {
        total += worker.await??;
    }
    let limit = rate(total, begun.elapsed());
    if total != DONE {
        return Err(format!("{total} of {DONE} jobs were done").into());
    }
    Ok([ours, limit])
}

pub(crate) async fn measure(report: &mut Report, place: Place) -> Outcome<()> {
    let name = place.name();
    let asked = if place == Place::Sqlite { 5_000.0 } else { 3_000.0 };
    for what in ["enqueued one by one", "enqueued in hundreds", "done by four workers"] {
        let mut best = [0.0_f64; 2];
        for _ in 0..ROUNDS {
            let round = match what {
                "enqueued one by one" => enqueued(place, SINGLE, 1).await?,
                "enqueued in hundreds" => enqueued(place, BATCH * BATCHES, BATCH).await?,
                _ => done(place).await?,
            };
            best = [best[0].max(round[0]), best[1].max(round[1])];
        }
        let [ours, limit] = best;
        report.figure(format_args!("{name}: {what}"), ours, "/s");
        report.figure(format_args!("{name}: {what}, the limit"), limit, "/s");
        report.target(
            format_args!("{name}: {what}: {:.0} % of the limit, at least 50 %", 100.0 * ours / limit),
            ours >= 0.5 * limit,
        );
        if what == "done by four workers" {
            report.target(format_args!("{name}: at least {asked} jobs are done in a second"), ours >= asked);
        }
    }
    Ok(())
}
