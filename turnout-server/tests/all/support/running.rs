//! The real binary at work, on a folder and a port of its own.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
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
        let address = free_address();
        let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_turnout-server"))
            .arg(role)
            .current_dir(folder)
            .env_clear()
            .env("PORT", address.port().to_string())
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        // an error says that another test chose one before
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy();
        let mut running = Self { child, address, client: client.build().unwrap() };
        for _ in 0..600 {
            let answer = running.client.get(running.url("/-/health/")).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return running;
            }
            if let Some(status) = running.child.try_wait().unwrap() {
                panic!("it ended with {status}: {}", std::fs::read_to_string(folder.join("log")).unwrap());
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("it is not healthy within 30 s: {}", std::fs::read_to_string(folder.join("log")).unwrap());
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
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        for _ in 0..500 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("it did not stop within 10 s");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // both fail only when it has ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
