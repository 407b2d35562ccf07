//! The processes of a run: those that work, those that enqueue, and how they are killed and started again.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::{
    count::Database,
    jobs::{Share, TASK},
};

/// What every process is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) database: Database,
    /// The address of Redis, where wake-ups go through it.
    pub(super) redis: Option<String>,
    /// The address of the server that jobs post to.
    pub(super) receiver: String,
}

/// One process, which is this program again, in another role.
struct Process {
    child: Child,
    role: &'static str,
    told: String,
    has_ended: bool,
}

impl Process {
    fn start(role: &'static str, told: String) -> Self {
        Self { child: spawn(role, &told), role, told, has_ended: false }
    }

    /// `kill -9`, and the next one in its place.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(self.role, &self.told);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // both fail only when it has ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(role: &str, told: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("chaos::jobs::{role}"), "--ignored", "--nocapture"])
        .env(TASK, told)
        // whose end is that of the process that holds it
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Workers, and enqueuers until they have nothing left to enqueue.
pub(super) struct Processes {
    workers: Vec<Process>,
    enqueuers: Vec<Process>,
}

impl Processes {
    pub(super) fn start(task: Task, workers: usize, shares: &[Share]) -> Self {
        let told = |share: Option<&Share>| serde_json::to_string(&(&task, share)).unwrap();
        Self {
            workers: (0..workers).map(|_| Process::start("worker", told(None))).collect(),
            enqueuers: shares.iter().map(|share| Process::start("enqueuer", told(Some(share)))).collect(),
        }
    }

    /// Sees who has ended. Enqueuers do when they are done; nobody else does by itself.
    pub(super) fn look(&mut self) {
        for enqueuer in &mut self.enqueuers {
            if let Some(status) = enqueuer.child.try_wait().unwrap() {
                assert!(status.success(), "an enqueuer ended with {status}");
                enqueuer.has_ended = true;
            }
        }
        for worker in &mut self.workers {
            let ended = worker.child.try_wait().unwrap();
            assert!(ended.is_none(), "a worker ended with {ended:?}");
        }
    }

    /// Kills a worker, and an enqueuer unless all are done; how many that were. Who it is follows from `random`.
    pub(super) fn kill_some(&mut self, random: u32) -> u32 {
        let random = random as usize;
        let worker = random % self.workers.len();
        self.workers[worker].kill();
        let mut busy: Vec<_> = self.enqueuers.iter_mut().filter(|enqueuer| !enqueuer.has_ended).collect();
        if busy.is_empty() {
            return 1;
        }
        let enqueuer = random / 7 % busy.len();
        busy[enqueuer].kill();
        2
    }

    /// Tells the workers to stop; each gives back what it holds and ends well.
    pub(super) async fn stop(mut self) {
        for worker in &mut self.workers {
            drop(worker.child.stdin.take());
        }
        let patience = Instant::now() + Duration::from_secs(10);
        for worker in &mut self.workers {
            let status = loop {
                assert!(Instant::now() < patience, "a worker does not stop");
                if let Some(status) = worker.child.try_wait().unwrap() {
                    break status;
                }
                sleep(Duration::from_millis(10)).await;
            };
            assert!(status.success(), "a worker ended with {status}");
        }
    }
}
