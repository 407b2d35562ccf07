//! How exactly a lane of 100 jobs a second keeps its rate, with four workers.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    jobs::{JobContext, JobError, JobHandler, JobKind, Rate},
    ports::wake::Wake,
};
use turnout_server::worker::Worker;
use turnout_storage::in_process::LocalWake;

use crate::{
    Outcome, Report,
    places::{self, Place},
    throughput::{Nothing, WORKERS},
};

const PACED: &str = "bench.paced";
const PER_SECOND: u32 = 100;
const LASTS: Duration = Duration::from_secs(20);

/// Notes when it begins.
struct Notes(Arc<Mutex<Vec<Instant>>>);

impl JobHandler for Notes {
    type Payload = Nothing;

    async fn run(&self, _: &App, _: Nothing, _: &JobContext) -> Result<(), JobError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        Ok(())
    }
}

/// The most within any second.
fn peak(begun: &[Instant]) -> usize {
    let within = |first: usize| {
        begun[first..].partition_point(|moment| *moment - begun[first] < Duration::from_secs(1))
    };
    (0..begun.len()).map(within).max().unwrap_or(0)
}

pub(crate) async fn measure(report: &mut Report, place: Place) -> Outcome<()> {
    let database = place.create().await?;
    let wake: Arc<dyn Wake> = Arc::new(LocalWake::new());
    let notes = Arc::new(Mutex::new(Vec::new()));
    let app = places::app(database.open(Arc::clone(&wake)).await?)
        .with_job(JobKind::new(PACED, Notes(Arc::clone(&notes))).in_lane(PACED))
        .with_lane(PACED, Rate::per_second(PER_SECOND))
        .build();
    let count = PER_SECOND * (LASTS.as_secs() as u32 + 5);
    let jobs: Vec<_> = (0..count).map(|_| app.job(PACED, &Nothing {})).collect();
    let mut unit = app.store.begin().await?;
    unit.jobs_mut().enqueue_all(&jobs).await?;
    unit.commit().await?;
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(Worker::new(app.clone(), Arc::clone(&wake), 16).run(stop.clone()));
    }
    sleep(LASTS + Duration::from_secs(1)).await;
    stop.cancel();
    while workers.join_next().await.is_some() {}
    let mut begun = notes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    begun.sort_unstable();
    let Some(first) = begun.first().copied() else { return Err("no job of the lane began".into()) };
    begun.retain(|moment| *moment - first < LASTS);
    let mean = begun.len() as f64 / LASTS.as_secs_f64();
    let name = place.name();
    report.figure(format_args!("{name}: a lane of 100/s, mean over 20 s"), mean, "/s");
    report.figure(format_args!("{name}: a lane of 100/s, peak of a second"), peak(&begun) as f64, "/s");
    let asked = f64::from(PER_SECOND);
    report.target(
        format_args!("{name}: a lane of 100/s has a mean of {mean:.1}/s, within 5 %"),
        (mean - asked).abs() <= 0.05 * asked,
    );
    Ok(())
}
