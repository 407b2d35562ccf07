//! What the long-running roles share: log lines, a runtime, and a stop that waits.

use std::process::ExitCode;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::settings;
use crate::{
    config::{Config, Role},
    observe::Observers,
};

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
    let observers = Observers::begin(&config)?;
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
        let ended = CancellationToken::new();
        let working = async {
            let done = tokio::select! {
                done = work(config, stop) => done,
                () = listening => Ok(()),
            };
            ended.cancel();
            done
        };
        let (done, ()) = tokio::join!(working, observers.run(ended.clone()));
        done
    })?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
