//! The load: wrk, one thread, so many connections that each ask again as soon as they are answered.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::{calls::Call, machine};

/// How many requests are open at once.
pub(crate) const CONNECTIONS: usize = 16;

/// What one run of wrk gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Answers with a status of 400 or more, and connections that broke.
    pub(crate) failures: u64,
    /// How much of all processors wrk itself took, and how much the server, from 0 to 1.
    pub(crate) own_share: f64,
    pub(crate) server_share: f64,
    /// The memory that the server has afterwards, in MB.
    pub(crate) memory: f64,
}

/// As `load.lua` writes it.
#[derive(Deserialize)]
struct Said {
    requests: u64,
    microseconds: f64,
    p50: f64,
    p99: f64,
    refused: u64,
    broken: u64,
}

/// Who asks.
pub(crate) struct Loader {
    script: PathBuf,
    bodies: PathBuf,
}

impl Loader {
    /// One that keeps its files in `folder`.
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        let script = folder.join("load.lua");
        std::fs::write(&script, include_str!("load.lua"))?;
        Ok(Self { script, bodies: folder.join("bodies") })
    }

    /// Asks `path` for so many seconds, with these bodies in turn.
    pub(crate) fn run(
        &self,
        call: Call,
        (port, process): (u16, u32),
        path: &str,
        bodies: &[String],
        seconds: u32,
    ) -> anyhow::Result<Load> {
        let mut wrk = Command::new("wrk");
        wrk.args([
            "-t",
            "1",
            "-c",
            &CONNECTIONS.to_string(),
            "-d",
            &format!("{seconds}s"),
            "--timeout",
            "30s",
        ])
        .arg("-s")
        .arg(&self.script)
        .arg(format!("http://127.0.0.1:{port}{path}"))
        .args(["--", call.method()]);
        if !bodies.is_empty() {
            let mut file = std::fs::File::create(&self.bodies)?;
            for body in bodies {
                writeln!(file, "{body}")?;
            }
            wrk.arg(&self.bodies);
        }
        let before = (machine::processor_time_of_children()?, machine::processor_time(process)?);
        let output = wrk.output().context("wrk does not run: apt-get install wrk")?;
        let after = (machine::processor_time_of_children()?, machine::processor_time(process)?);
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "wrk failed: {text} {}", String::from_utf8_lossy(&output.stderr));
        let said: Said = serde_json::from_str(text.lines().last().unwrap_or_default())
            .with_context(|| format!("wrk did not say what it saw: {text}"))?;
        let seconds = said.microseconds / 1e6;
        let share = |time: f64| time / (seconds * machine::cores() as f64);
        Ok(Load {
            rate: said.requests as f64 / seconds,
            p50: said.p50 / 1000.0,
            p99: said.p99 / 1000.0,
            failures: said.refused + said.broken,
            own_share: share(after.0 - before.0),
            server_share: share(after.1 - before.1),
            memory: machine::memory(process, "VmRSS")?,
        })
    }
}
