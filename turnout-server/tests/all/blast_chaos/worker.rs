//! Who works: processes that are this program again, and are killed.

use std::{
    io::Read as _,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    jobs::Rate,
    ports::{clock::Clock, wake::Wake},
    settings::{JobSettings, Settings},
};
use turnout_server::{
    config::Secret,
    providers::{http_client::Reqwest, twilio::Twilio},
    system::{RandomIds, SystemClock},
    worker::Worker,
};
use turnout_storage::{
    in_process::LocalWake,
    postgres::{PgOptions, PgStore},
};

use super::carrier::{ACCOUNT, SERVICE, TOKEN};

/// Where a process is told what to do.
const TASK: &str = "TURNOUT_TEST_BLAST";
/// A job that was held by a worker that was killed is another's after so long.
const LEASE: TimeDelta = TimeDelta::seconds(3);
/// How many jobs a worker runs at once; texts that were claimed together are one.
const AT_ONCE: usize = 4;

/// The real time and a bit.
#[derive(Clone, Copy)]
pub(super) struct Ahead(pub(super) TimeDelta);

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.0
    }
}

/// What every process is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Task {
    /// The address of the database.
    pub(super) database: String,
    /// The address of the carrier.
    pub(super) carrier: String,
    /// How far the clock is ahead.
    pub(super) ahead_ms: i64,
    /// The rate of the lane.
    pub(super) per_second: u32,
}

impl Task {
    /// What a process works with.
    pub(super) fn open(&self) -> (App, Arc<dyn Wake>) {
        let wake: Arc<dyn Wake> = Arc::new(LocalWake::new());
        let options = PgOptions::default().with_connections(AT_ONCE as u32 + 2).with_wake(Arc::clone(&wake));
        let store = PgStore::open(&self.database, options).unwrap();
        let http = Arc::new(Reqwest::new().unwrap());
        let base = self.carrier.parse().unwrap();
        let token = Secret::new(TOKEN.to_owned());
        let twilio = Twilio::new(http, &base, ACCOUNT.to_owned(), token, SERVICE.to_owned());
        let clock = Ahead(TimeDelta::milliseconds(self.ahead_ms));
        let jobs = JobSettings { lease: LEASE, ..JobSettings::default() };
        let app = App::builder(store, clock, RandomIds, b"0123456789abcdef0123456789abcdef")
            .with_settings(Settings { jobs, ..Settings::default() })
            .with_sms(twilio.clone())
            .with_sms_log(twilio)
            .with_lane("blast-sms", Rate::per_second(self.per_second));
        (app.build(), wake)
    }
}

#[expect(clippy::disallowed_methods, reason = "how a process is told what to do")]
pub(super) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the chaos starts it"]
async fn works() {
    let task: Task = serde_json::from_str(&variable(TASK)).unwrap();
    let (app, wake) = task.open();
    let stop = CancellationToken::new();
    let stops = stop.clone();
    std::thread::spawn(move || {
        // until who started this process lets it go, or is gone
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        stops.cancel();
    });
    let worker = Worker::new(app, wake, AT_ONCE).with_longest_rest(Duration::from_millis(500));
    worker.run(stop).await;
}

/// Processes that work.
pub(super) struct Workers {
    told: String,
    children: Vec<Child>,
}

impl Workers {
    pub(super) fn start(task: &Task, count: usize) -> Self {
        let told = serde_json::to_string(task).unwrap();
        let children = (0..count).map(|_| spawn(&told)).collect();
        Self { told, children }
    }

    /// `kill -9`, and the next one in its place.
    pub(super) fn kill_one(&mut self, random: u32) {
        let which = random as usize % self.children.len();
        for child in &mut self.children {
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "a worker ended with {ended:?}");
        }
        let child = &mut self.children[which];
        child.kill().unwrap();
        child.wait().unwrap();
        *child = spawn(&self.told);
    }

    /// Each ends well.
    pub(super) async fn stop(mut self) {
        for child in &mut self.children {
            drop(child.stdin.take());
        }
        let patience = Instant::now() + Duration::from_secs(20);
        for child in &mut self.children {
            let status = loop {
                assert!(Instant::now() < patience, "a worker does not stop");
                if let Some(status) = child.try_wait().unwrap() {
                    break status;
                }
                sleep(Duration::from_millis(10)).await;
            };
            assert!(status.success(), "a worker ended with {status}");
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for child in &mut self.children {
            // both fail only when it has ended already
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn spawn(told: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "blast_chaos::worker::works", "--ignored", "--nocapture"])
        .env(TASK, told)
        // whose end is that of the process that holds it
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}
