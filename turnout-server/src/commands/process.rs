//! What the long-running roles share: log lines, a runtime, and a stop that waits.

use std::{
    io::{self, IsTerminal as _},
    panic,
    process::ExitCode,
};

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::settings;
use crate::config::{Config, Role};

/// What a shell shows for a process that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Runs a role until it ends or SIGTERM or Ctrl-C asks it to; a second one does not wait.
///
/// Refuses to start when a setting is wrong.
pub(super) fn run(
    role: Role,
    work: impl AsyncFnOnce(Config, CancellationToken) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let (config, complaints) = settings(role)?;
    if !complaints.is_empty() {
        anyhow::bail!("these settings have to be mended before a start:\n{complaints}");
    }
    log(&config);
    for warning in complaints.warnings() {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("no runtime: is the limit of threads reached?")?;
    runtime.block_on(async {
        let stop = CancellationToken::new();
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let asked = stop.clone();
        let listening = async move {
            let mut next = async || tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} };
            next().await;
            tracing::info!("stopping; once more stops at once");
            asked.cancel();
            next().await;
            std::process::exit(INTERRUPTED);
        };
        tokio::select! {
            done = work(config, stop) => done,
            () = listening => Ok(()),
        }
    })?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Lines for a person on a developer's machine, JSON in production. A panic is logged by its place alone: its text may
/// hold what was worked on.
fn log(config: &Config) {
    let filter = EnvFilter::builder().parse_lossy(&config.log);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let lines = lines.with_ansi(io::stderr().is_terminal());
    // an error says that a logger is there already, which is as good
    let _ = if config.debug { lines.with_target(false).try_init() } else { lines.json().try_init() };
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
}
