//! How soon a job begins in a system that rests: woken in the process, by PostgreSQL, by Redis.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    jobs::{JobContext, JobError, JobHandler, JobKind},
    ports::{ids::IdSource as _, store::Store, wake::Wake},
};
use turnout_server::{system::RandomIds, worker::Worker};
use turnout_storage::{
    in_process::LocalWake,
    postgres::{PgOptions, PgStore},
    redis::{Redis, RedisWake},
};

use crate::{
    Outcome, Report,
    places::{self, Database, Place},
    throughput::Nothing,
};

const TELLS: &str = "bench.tell";
/// How many jobs are enqueued, each when everything rests.
const JOBS: usize = 100;
/// How long it rests before each.
const REST: Duration = Duration::from_millis(60);

/// Tells that it begins.
struct Tells(Mutex<UnboundedSender<Instant>>);

impl JobHandler for Tells {
    type Payload = Nothing;

    async fn run(&self, _: &App, _: Nothing, _: &JobContext) -> Result<(), JobError> {
        // nobody listens any more at the end
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).send(Instant::now());
        Ok(())
    }
}

/// Who enqueues, and who works: two stores, or one.
struct Sides {
    enqueues: Arc<dyn Store>,
    works: Arc<dyn Store>,
    wake: Arc<dyn Wake>,
}

/// Median and p99 of the time from the commit to the beginning.
async fn woken(report: &mut Report, name: &str, sides: Sides) -> Outcome<()> {
    let (tell, mut told) = unbounded_channel();
    let tells = JobKind::new(TELLS, Tells(Mutex::new(tell)));
    let app = places::app(sides.works).with_job(tells.clone()).build();
    let other = places::app(sides.enqueues).with_job(tells).build();
    let stop = CancellationToken::new();
    let work = Worker::new(app, sides.wake, 4).run(stop.clone());
    let enqueue = async {
        let mut times = Vec::new();
        for _ in 0..JOBS {
            sleep(REST).await;
            let mut unit = other.store.begin().await?;
            unit.jobs_mut().enqueue(&other.job(TELLS, &Nothing {})).await?;
            unit.commit().await?;
            let committed = Instant::now();
            let begun = timeout(Duration::from_secs(10), told.recv()).await?.ok_or("nobody tells")?;
            // it may begin before we know of the commit
            times.push(begun.saturating_duration_since(committed).as_secs_f64() * 1000.0);
        }
        stop.cancel();
        Outcome::Ok(times)
    };
    let ((), times) = tokio::join!(work, enqueue);
    let mut times = times?;
    times.sort_by(f64::total_cmp);
    let (median, p99) = (times[JOBS / 2], times[JOBS * 99 / 100]);
    report.figure(format_args!("woken {name}, median"), median, "ms");
    report.figure(format_args!("woken {name}, p99"), p99, "ms");
    report.target(format_args!("woken {name}: {p99:.1} ms at p99, at most 100 ms"), p99 <= 100.0);
    Ok(())
}

pub(crate) async fn measure(report: &mut Report) -> Outcome<()> {
    for place in [Place::Sqlite, Place::Postgres] {
        let wake: Arc<dyn Wake> = Arc::new(LocalWake::new());
        let store = place.create().await?.open(Arc::clone(&wake)).await?;
        let sides = Sides { enqueues: Arc::clone(&store), works: store, wake };
        woken(report, &format!("in the process, {}", place.name()), sides).await?;
    }

    let Database::Postgres(url) = Place::Postgres.create().await? else { return Err("no server".into()) };
    let wake: Arc<dyn Wake> = Arc::new(LocalWake::new());
    let listens = Arc::new(PgStore::open(&url, PgOptions::default().with_wake(Arc::clone(&wake)))?);
    let works: Arc<dyn Store> = Arc::<PgStore>::clone(&listens);
    let enqueues: Arc<dyn Store> = Arc::new(PgStore::open(&url, PgOptions::default())?);
    let by_postgres = woken(report, "by LISTEN/NOTIFY", Sides { enqueues, works, wake });
    tokio::select! {
        done = by_postgres => done?,
        never = listens.listen() => match never {},
    }

    let database = Place::Postgres.create().await?;
    let redis = places::variable("TURNOUT_TEST_REDIS_URL")?;
    let mut wakes = Vec::new();
    for _ in 0..2 {
        let redis = Redis::new(&redis, "bench", None)?;
        wakes.push(Arc::new(RedisWake::open(redis, RandomIds.uuid()).await) as Arc<dyn Wake>);
    }
    let [ours, theirs] = wakes.try_into().map_err(|_| "two wakes")?;
    let sides = Sides {
        enqueues: database.open(theirs).await?,
        works: database.open(Arc::clone(&ours)).await?,
        wake: ours,
    };
    woken(report, "by Redis", sides).await
}
