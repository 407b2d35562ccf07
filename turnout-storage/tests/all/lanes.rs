//! A lane's rate holds over any number of workers and over a restart, by a clock that stands where it is put.

use chrono::TimeDelta;
use turnout_core::{
    conformance::rows::{at, job},
    jobs::{Lane, NewJob, Rate},
    ports::store::Store,
};

const PER_SECOND: i64 = 100;
const BURST: i64 = 10;
const LANE: Lane = Lane { name: "paced", rate: Some(Rate::per_second(100)), takes_turns: false };

/// Each worker asks every so many milliseconds.
const EVERY: i64 = 7;

type Workers = [Box<dyn Store>; 4];

/// One worker's claim, at a moment in milliseconds.
async fn claim(store: &dyn Store, millis: i64, wanted: u32) -> i64 {
    let mut unit = store.begin().await.unwrap();
    let now = at(0) + TimeDelta::milliseconds(millis);
    let jobs = unit.jobs_mut().claim(now, TimeDelta::hours(1), wanted, &[LANE]).await.unwrap();
    unit.commit().await.unwrap();
    jobs.len().try_into().unwrap()
}

async fn holds_its_rate(open: impl AsyncFn() -> Workers) {
    let mut workers = open().await;
    let jobs: Vec<NewJob> = (1..=500).map(|number| NewJob { lane: LANE.name, ..job(number, 0) }).collect();
    let mut unit = workers[0].begin().await.unwrap();
    assert_eq!(unit.jobs_mut().enqueue_all(&jobs).await.unwrap(), 500);
    unit.commit().await.unwrap();

    let mut taken: Vec<(i64, i64)> = Vec::new();
    for step in 0..300 {
        if step == 150 {
            drop(workers);
            workers = open().await;
        }
        // one of them has a clock that is behind
        let moments = [step * EVERY, step * EVERY, step * EVERY - 3, step * EVERY + 2];
        let [a, b, c, d] = &workers;
        let (a, b, c, d) = tokio::join!(
            claim(&**a, moments[0], 3),
            claim(&**b, moments[1], 1),
            claim(&**c, moments[2], 7),
            claim(&**d, moments[3], 2),
        );
        taken.extend(moments.into_iter().zip([a, b, c, d]));
    }
    let total: i64 = taken.iter().map(|(_, count)| count).sum();
    let window = 299 * EVERY;
    assert!(total * 1000 >= PER_SECOND * window * 95 / 100, "{total} in {window} ms: it is kept waiting");
    taken.sort_unstable();
    for from in 0..taken.len() {
        let mut sum = 0;
        for (moment, count) in &taken[from..] {
            sum += count;
            // clocks that differ by 5 ms may be taken for that much time
            let most = PER_SECOND * (moment - taken[from].0 + 5) / 1000 + BURST;
            assert!(sum <= most, "{sum} from {} ms to {moment} ms", taken[from].0);
        }
    }
}

#[tokio::test]
async fn a_lane_holds_its_rate_over_four_workers_in_memory() {
    let store = turnout_core::memory::MemoryStore::new();
    holds_its_rate(async || std::array::from_fn(|_| Box::new(store.clone()) as _)).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_lane_holds_its_rate_over_four_workers_and_a_restart_on_sqlite() {
    use turnout_storage::sqlite::{SqliteOptions, SqliteStore, Synchronous};
    let database = crate::world::fresh().await;
    let options = SqliteOptions::default().with_synchronous(Synchronous::Normal);
    let open = async || {
        Box::new(SqliteStore::open(database.path(), options.clone()).await.unwrap()) as Box<dyn Store>
    };
    holds_its_rate(async || [open().await, open().await, open().await, open().await]).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_lane_holds_its_rate_over_four_workers_and_a_restart_on_postgres() {
    use turnout_storage::postgres::PgOptions;
    let database = crate::postgres_server::Database::migrated().await;
    let open = || Box::new(database.open(PgOptions::default().with_connections(1))) as _;
    holds_its_rate(async || std::array::from_fn(|_| open())).await;
}
