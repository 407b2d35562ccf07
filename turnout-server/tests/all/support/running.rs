//! The real binary at work, on a folder and a port of its own.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use reqwest::redirect;
use tokio::time::sleep;

/// A role that runs until it is stopped. Killed when dropped.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
    client: reqwest::Client,
}

impl Running {
    /// Starts `role` in `folder` with these settings and no others, and waits until it is healthy.
    pub(crate) async fn start(role: &str, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let started = Self::try_start(role, folder, settings).await;
        started.unwrap_or_else(|status| panic!("it ended with {status}: {}", log(folder)))
    }

    /// As [`start`](Self::start); how it ended, when it did so before it was healthy.
    pub(crate) async fn try_start(
        role: &str,
        folder: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self, ExitStatus> {
        let mut running = Self::spawn(role, folder, settings);
        for _ in 0..1500 {
            let answer = running.client.get(running.url("/-/health/")).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return Ok(running);
            }
            if let Some(status) = running.child.try_wait().unwrap() {
                return Err(status);
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("it is not healthy within 30 s: {}", log(folder));
    }

    /// As [`start`](Self::start), without waiting: for roles that answer nobody.
    pub(crate) fn spawn(role: &str, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let address = free_address();
        let lines = std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_turnout-server"))
            .arg(role)
            .current_dir(folder)
            .env_clear()
            .env("PORT", address.port().to_string())
            .env("HTTP_SHUTDOWN_DELAY_SECONDS", "0")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(lines.try_clone().unwrap())
            .stderr(lines)
            .spawn()
            .unwrap();
        // an error says that another test chose one before
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy();
        Self { child, address, client: client.build().unwrap() }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Who asks. Follows no redirect.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Asks it to stop, as a supervisor does, and waits for its end.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended(Duration::from_secs(10)).await.expect("it did not stop within 10 s")
    }

    /// Sends it a signal: `TERM`, `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().unwrap();
        assert!(sent.success(), "no signal could be sent: {sent}");
    }

    /// How it ended, when it does so within that time.
    pub(crate) async fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let patience = Instant::now() + within;
        loop {
            let status = self.child.try_wait().unwrap();
            if status.is_some() || Instant::now() > patience {
                return status;
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// `kill -9`; gone when this returns.
    #[cfg(feature = "crash-points")]
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // both fail only when it has ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap()
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The number that a statement gives over the database of an embedded run; 0 where it gives none.
#[cfg(all(feature = "crash-points", any(feature = "sqs", feature = "http-client")))]
pub(crate) async fn counted(folder: &Path, statement: &'static str) -> i64 {
    use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new().filename(folder.join("var/turnout.db"));
    let options = options.busy_timeout(std::time::Duration::from_secs(30));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let count = sqlx::query_scalar(statement).fetch_optional(&mut database).await.unwrap();
    database.close().await.unwrap();
    count.unwrap_or_default()
}
