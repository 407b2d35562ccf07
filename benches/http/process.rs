//! Processes that answer: the server as a user starts it, and the bare endpoint.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{bail, ensure};
use bytes::Bytes;
use rustix::process::{Pid, Signal, kill_process};

use crate::client;

/// How long a process may take to answer first, and to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, and what every run of it is told.
pub(crate) struct Program {
    /// The release binary.
    pub(crate) binary: PathBuf,
    /// The official forms; samples of ours without.
    pub(crate) forms: Option<PathBuf>,
}

/// A process that answers on a port of the loopback address.
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
    log: PathBuf,
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

impl Program {
    /// A command of the server that keeps rows there and all else in `folder`. No setting of the caller reaches it.
    pub(crate) fn command(&self, role: &str, folder: &Path, database: &str, port: u16, log: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(role.split(' '))
            .current_dir(folder)
            .env_clear()
            .envs([
                ("DEBUG", "true"),
                ("HOST", "127.0.0.1"),
                ("PORT", port.to_string().as_str()),
                ("ALLOWED_HOSTS", "127.0.0.1"),
                ("RATE_LIMITS", "off"),
                ("TURNOUT_LOG", log),
                ("DATABASE_URL", database),
            ])
            .env("TURNOUT_DATA_DIR", folder);
        if let Some(forms) = &self.forms {
            command.env("TURNOUT_FORMS_DIR", forms);
        }
        command
    }

    /// Runs a command that ends by itself.
    pub(crate) fn run(
        &self,
        role: &str,
        folder: &Path,
        database: &str,
        more: &[&Path],
    ) -> anyhow::Result<()> {
        let mut command = self.command(role, folder, database, free_port()?, "warn");
        let output = command.args(more).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "turnout-server {role}: {said}");
        Ok(())
    }

    /// Starts a role that answers.
    pub(crate) async fn start(
        &self,
        role: &str,
        folder: &Path,
        database: &str,
        log: &str,
    ) -> anyhow::Result<Running> {
        let port = free_port()?;
        let command = self.command(role, folder, database, port, log);
        Running::start(command, port, folder.join(format!("{role}.log"))).await
    }
}

impl Running {
    /// Starts a command, and waits until it answers there.
    pub(crate) async fn start(mut command: Command, port: u16, log: PathBuf) -> anyhow::Result<Self> {
        let file = File::create(&log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let mut running = Self { child: command.spawn()?, port, log };
        let begun = Instant::now();
        while client::ask(port, "GET", "/-/health/", Bytes::new()).await.is_err() {
            if let Some(status) = running.child.try_wait()? {
                bail!("a server ended with {status}: {}", std::fs::read_to_string(&running.log)?);
            }
            ensure!(begun.elapsed() < PATIENCE, "a server does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(running)
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it said so far.
    pub(crate) fn log(&self) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
    }

    /// Asks it to stop, and waits.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(begun.elapsed() < PATIENCE, "a server does not stop");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // one that has ended already cannot be killed
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
