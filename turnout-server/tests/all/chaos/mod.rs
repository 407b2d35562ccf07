//! Processes that are killed while they enqueue and run jobs, over a database that crashes: no job is lost, and none has
//! its effect twice.
//!
//! Here are how much and how long; `jobs.rs` is what is enqueued and what it does, `processes.rs` who is killed,
//! `receiver.rs` the server that is posted to, `count.rs` what is found at the end. The long form is `make chaos`.

mod count;
mod jobs;
mod processes;
mod receiver;

use std::{path::Path, time::Duration};

use rand::RngExt as _;
use serde::Serialize;
use tokio::time::{Instant, sleep};
use turnout_core::ports::clock::Clock as _;
use turnout_server::system::SystemClock;

use count::Database;
use jobs::Share;
use processes::{Processes, Task};
use receiver::Receiver;

use crate::support::{OwnPostgres, OwnRedis};

/// Where the long form writes what it found.
const REPORT: &str = "TURNOUT_CHAOS_REPORT";

/// How much is done, and for how long.
struct Form {
    /// How many jobs there are. Half of them are enqueued by processes that are killed meanwhile.
    jobs: u32,
    workers: usize,
    /// The last job becomes due, and the last one is enqueued, after so long.
    lasts: Duration,
    /// What is not done after so long is lost.
    patience: Duration,
}

/// What was found at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
struct Tally {
    /// How many jobs there were to be.
    jobs: u32,
    /// Those whose effect, or whose row, or who themselves are missing.
    lost: u32,
    /// Those of which something is there twice, or in two versions.
    doubled: u32,
    /// Those that were given up.
    dead: u32,
    /// How many processes were killed.
    kills: u32,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self {
            jobs: self.jobs + other.jobs,
            lost: self.lost + other.lost,
            doubled: self.doubled + other.doubled,
            dead: self.dead + other.dead,
            kills: self.kills + other.kills,
        }
    }

    fn is_well(&self) -> bool {
        *self == Self { jobs: self.jobs, kills: self.kills, ..Self::default() } && self.kills > 0
    }
}

/// The servers of one run, which are stopped and started again in its course.
enum Servers {
    /// SQLite has none.
    None,
    Own(OwnPostgres, OwnRedis),
}

impl Servers {
    fn restart_database(&self) {
        if let Self::Own(postgres, _) = self {
            postgres.stop_at_once();
            postgres.start_again();
        }
    }

    async fn restart_redis(&mut self) {
        if let Self::Own(_, redis) = self {
            redis.stop();
            redis.start().await;
        }
    }
}

async fn on_postgres(form: &Form) -> Tally {
    let postgres = OwnPostgres::start();
    let mut redis = OwnRedis::new();
    redis.start().await;
    let database = Database::Postgres(postgres.url());
    let redis_address = redis.address();
    run(form, database, Some(redis_address), Servers::Own(postgres, redis)).await
}

async fn on_sqlite(form: &Form) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let file = |folder: &Path| folder.join("turnout.db").to_str().unwrap().to_owned();
    run(form, Database::Sqlite(file(folder.path())), None, Servers::None).await
}

/// Enqueues, works, kills and restarts until every job has come to an end, and counts.
async fn run(form: &Form, database: Database, redis: Option<String>, mut servers: Servers) -> Tally {
    let receiver = Receiver::start().await;
    let task = Task { database: database.clone(), redis, receiver: receiver.url() };
    jobs::migrate(&database).await;
    let (half, lasts) = (form.jobs / 2, form.lasts);
    let share = |first, end| Share { first, end, begun: SystemClock.now(), lasts };
    jobs::enqueue_in_advance(&task, &share(0, half)).await;
    let shares = [share(half, half + half / 2), share(half + half / 2, form.jobs)];
    let mut processes = Processes::start(task, form.workers, &shares);
    let begun = Instant::now();
    let mut kills = 0;
    let mut next_kill = begun + Duration::from_secs(1);
    let mut restarts = [form.lasts.mul_f64(0.3), form.lasts.mul_f64(0.6)].map(Some);
    loop {
        sleep(Duration::from_millis(100)).await;
        processes.look();
        let elapsed = begun.elapsed();
        if restarts[0].take_if(|after| elapsed > *after).is_some() {
            servers.restart_database();
        }
        if restarts[1].take_if(|after| elapsed > *after).is_some() {
            servers.restart_redis().await;
        }
        if database.finished().await == form.jobs || elapsed > form.patience {
            break;
        }
        if Instant::now() >= next_kill {
            next_kill += Duration::from_secs(1);
            kills += processes.kill_some(rand::rng().random());
        }
    }
    println!("{} jobs came to an end after {:?}", form.jobs, begun.elapsed());
    processes.stop().await;
    count::tally(form.jobs, kills, &database, &receiver).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_job_is_lost_or_done_twice_by_workers_that_are_killed_over_a_postgres_that_crashes() {
    let (lasts, patience) = (Duration::from_secs(8), Duration::from_secs(60));
    let tally = on_postgres(&Form { jobs: 800, workers: 4, lasts, patience }).await;
    assert!(tally.is_well(), "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_job_is_lost_or_done_twice_by_workers_that_are_killed_over_one_sqlite_file() {
    let (lasts, patience) = (Duration::from_secs(6), Duration::from_secs(60));
    let tally = on_sqlite(&Form { jobs: 400, workers: 2, lasts, patience }).await;
    assert!(tally.is_well(), "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make chaos runs it"]
async fn at_length() {
    let form = |jobs, workers, seconds| Form {
        jobs,
        workers,
        lasts: Duration::from_secs(seconds),
        patience: Duration::from_secs(10 * seconds),
    };
    let postgres = on_postgres(&form(10_000, 4, 60)).await;
    println!("PostgreSQL: {postgres:?}");
    let sqlite = on_sqlite(&form(2_000, 2, 20)).await;
    println!("SQLite: {sqlite:?}");
    let both = postgres.and(sqlite);
    std::fs::write(jobs::variable(REPORT), serde_json::to_string(&both).unwrap()).unwrap();
    assert!(postgres.is_well() && sqlite.is_well(), "{both:?}");
}
