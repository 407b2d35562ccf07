//! What is enqueued, what it does, and the roles of the processes that do so.

use std::{io::Read as _, ops::Range, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    action::{Action, Event, EventType},
    ids::{ActionId, EventId},
    jobs::{Backoff, JobContext, JobError, JobHandler, JobKind},
    ports::{
        ids::IdSource as _,
        store::{Store, StoreError},
        wake::Wake,
    },
    settings::{JobSettings, Settings},
};
use turnout_server::{
    system::{RandomIds, SystemClock},
    worker::Worker,
};
use turnout_storage::{
    in_process::LocalWake,
    postgres::{PgOptions, PgStore},
    redis::{Redis, RedisWake},
    sqlite::{SqliteOptions, SqliteStore},
};
use uuid::Uuid;

use super::{count::Database, processes::Task, receiver::KEY};

/// Where a process is told what to do.
pub(super) const TASK: &str = "TURNOUT_TEST_CHAOS";
/// A job that was held by a worker that was killed is another's after so long.
const LEASE: TimeDelta = TimeDelta::seconds(2);
/// How many jobs a worker runs at once.
const AT_ONCE: usize = 8;
/// How many are enqueued in one unit by who is not killed.
const TOGETHER: usize = 500;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Writes a row in the unit in which it ends.
    InItsUnit,
    /// Writes a row in a unit of its own, known again by the job's id; ends in another.
    InAnotherUnit,
    /// Posts to a server, which knows it again by its key.
    Posted,
}

impl Effect {
    /// A third each.
    pub(super) fn of(number: u32) -> Self {
        [Self::InItsUnit, Self::InAnotherUnit, Self::Posted][number as usize % 3]
    }

    fn kind(self) -> &'static str {
        match self {
            Self::InItsUnit => "chaos.write_and_end",
            Self::InAnotherUnit => "chaos.write",
            Self::Posted => "chaos.post",
        }
    }
}

/// The row that is written together with the job of that number.
pub(super) fn row_of(number: u32) -> Uuid {
    Uuid::from_u128(0xc4a0_5000_0000_0000 + u128::from(number))
}

/// What that job posts.
pub(super) fn body(number: u32) -> Vec<u8> {
    format!("the body of {number}").into_bytes()
}

/// The payload.
#[derive(Debug, Serialize, Deserialize)]
struct Work {
    number: u32,
}

impl Work {
    fn effect(&self, id: Uuid, now: DateTime<Utc>) -> Event {
        let action = ActionId(row_of(self.number));
        Event { id: EventId(id), action, kind: EventType::Start, created_at: now }
    }
}

struct WritesAndEnds;

impl JobHandler for WritesAndEnds {
    type Payload = Work;

    async fn run(&self, app: &App, work: Work, context: &JobContext) -> Result<(), JobError> {
        let mut unit = app.store.begin().await?;
        // an id of its own each time: nothing but the end of the job keeps a second one away
        unit.actions_mut().record(&work.effect(app.ids.uuid(), app.now())).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        unit.commit().await?;
        Ok(())
    }
}

struct Writes;

impl JobHandler for Writes {
    type Payload = Work;

    async fn run(&self, app: &App, work: Work, context: &JobContext) -> Result<(), JobError> {
        let mut unit = app.store.begin().await?;
        match unit.actions_mut().record(&work.effect(context.id.0, app.now())).await {
            Err(StoreError::Conflict { .. }) => return Ok(()),
            written => written?,
        }
        unit.commit().await?;
        Ok(())
    }
}

struct Posts {
    client: reqwest::Client,
    url: String,
}

impl JobHandler for Posts {
    type Payload = Work;

    async fn run(&self, _: &App, work: Work, context: &JobContext) -> Result<(), JobError> {
        let post = self.client.post(&self.url).header(KEY, context.unique()).body(body(work.number));
        let posted = post.send().await.and_then(reqwest::Response::error_for_status);
        posted.map(drop).map_err(|_| JobError::Retry("the server did not take it".into()))
    }
}

/// Some of the numbers, and when each is enqueued or due: one after the other from `begun` on, until it has lasted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Share {
    pub(super) first: u32,
    pub(super) end: u32,
    pub(super) begun: DateTime<Utc>,
    pub(super) lasts: Duration,
}

impl Share {
    fn moment(&self, number: u32) -> DateTime<Utc> {
        let part = f64::from(number - self.first) / f64::from(self.end - self.first);
        self.begun + TimeDelta::from_std(self.lasts.mul_f64(part)).unwrap()
    }
}

/// What a process works with.
async fn open(task: &Task) -> (App, Arc<dyn Wake>) {
    let wake: Arc<dyn Wake> = match &task.redis {
        Some(address) => {
            let redis = Redis::new(address, "chaos", None).unwrap();
            Arc::new(RedisWake::open(redis, RandomIds.uuid()).await)
        }
        None => Arc::new(LocalWake::new()),
    };
    let store: Arc<dyn Store> = match &task.database {
        Database::Sqlite(path) => {
            let options = SqliteOptions::default().with_wake(Arc::clone(&wake));
            Arc::new(SqliteStore::open(path, options).await.unwrap())
        }
        Database::Postgres(url) => {
            let options = PgOptions::default().with_connections(AT_ONCE as u32).with_wake(Arc::clone(&wake));
            Arc::new(PgStore::open(url, options).unwrap())
        }
    };
    // an error says that another test chose one before
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap();
    let posts = Posts { client, url: task.receiver.clone() };
    // what is tried again at all is tried again within the time of a test
    let backoff = Backoff::new(TimeDelta::milliseconds(100), TimeDelta::seconds(1));
    let jobs = JobSettings { lease: LEASE, ..JobSettings::default() };
    let app = App::builder(store, SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef")
        .with_settings(Settings { jobs, ..Settings::default() })
        .with_job(JobKind::new(Effect::InItsUnit.kind(), WritesAndEnds).with_backoff(backoff))
        .with_job(JobKind::new(Effect::InAnotherUnit.kind(), Writes).with_backoff(backoff))
        .with_job(JobKind::new(Effect::Posted.kind(), posts).with_backoff(backoff));
    (app.build(), wake)
}

/// Brings the database up to date.
pub(super) async fn migrate(database: &Database) {
    match database {
        Database::Sqlite(path) => {
            let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
            store.migrate(|_| {}).await.unwrap();
            store.close().await;
        }
        Database::Postgres(url) => {
            let store = PgStore::open(url, PgOptions::default()).unwrap();
            store.migrate(|_| {}).await.unwrap();
            store.close().await;
        }
    }
}

/// Writes the rows of these numbers and enqueues their jobs, due at that moment each, in one unit.
async fn enqueue(
    app: &App,
    numbers: Range<u32>,
    due: impl Fn(u32) -> DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    for number in numbers {
        let now = app.now();
        let row = Action {
            id: ActionId(row_of(number)),
            visible_to_subscriber: true,
            last_voter_lookup: None,
            created_at: now,
            modified_at: now,
        };
        unit.actions_mut().insert(&row).await?;
        let job = app.job(Effect::of(number).kind(), &Work { number }).at(due(number));
        unit.jobs_mut().enqueue(&job).await?;
    }
    unit.commit().await
}

/// Enqueues jobs that become due one after the other.
pub(super) async fn enqueue_in_advance(task: &Task, share: &Share) {
    let (app, _) = open(task).await;
    for first in (share.first..share.end).step_by(TOGETHER) {
        let numbers = first..share.end.min(first + TOGETHER as u32);
        enqueue(&app, numbers, |number| share.moment(number)).await.unwrap();
    }
}

/// Goes on where the process before was killed, and enqueues each when its time has come, whatever happens to the
/// database meanwhile.
async fn enqueue_as_time_passes(app: &App, share: &Share) {
    let mut number = share.first;
    while let Err(error) = go_on(app, share, &mut number).await {
        assert!(error.is_transient(), "{error:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn go_on(app: &App, share: &Share, number: &mut u32) -> Result<(), StoreError> {
    // nobody knows whether a unit lasts when the process was killed, or the database was gone, before it was said
    *number = first_missing(app, *number..share.end).await?;
    while *number < share.end {
        sleep((share.moment(*number) - app.now()).to_std().unwrap_or_default()).await;
        enqueue(app, *number..*number + 1, |_| app.now()).await?;
        *number += 1;
    }
    Ok(())
}

/// They are enqueued one after the other, so it is found by halves.
async fn first_missing(app: &App, numbers: Range<u32>) -> Result<u32, StoreError> {
    let Range { mut start, mut end } = numbers;
    let mut view = app.store.view().await?;
    while start < end {
        let middle = start + (end - start) / 2;
        match view.actions().by_id(ActionId(row_of(middle))).await? {
            Some(_) => start = middle + 1,
            None => end = middle,
        }
    }
    Ok(start)
}

#[expect(clippy::disallowed_methods, reason = "how a process is told what to do")]
pub(super) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn told() -> (Task, Option<Share>) {
    serde_json::from_str(&variable(TASK)).unwrap()
}

/// Runs `then` when who started this process lets it go, or is gone.
fn when_let_go(then: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        then();
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the chaos starts it"]
async fn worker() {
    let (task, _) = told();
    let (app, wake) = open(&task).await;
    let stop = CancellationToken::new();
    let stops = stop.clone();
    when_let_go(move || stops.cancel());
    let worker = Worker::new(app, wake, AT_ONCE).with_longest_rest(Duration::from_millis(500));
    worker.run(stop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the chaos starts it"]
async fn enqueuer() {
    let (task, share) = told();
    let (app, _) = open(&task).await;
    when_let_go(|| std::process::exit(1));
    enqueue_as_time_passes(&app, &share.unwrap()).await;
}
