//! `forms examine`: one PDF in a process of its own, so that whatever it does to whoever reads it ends there.
//!
//! The process takes its limits itself before it reads a byte: time on the processor, memory, open files, and no file
//! written. The one that started it also looks at the clock.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, Write as _},
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, ExitCode, ExitStatus, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::Args;
use rustix::process::{Resource, Rlimit, setrlimit};
use turnout_pdf::{Document, Folder, check::FormFacts};

/// How long a form may take on the processor, in seconds. The largest real one takes a tenth of one.
const SECONDS: u64 = 10;
/// How long it may take by the clock.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much memory the process may have, in bytes.
const MEMORY: u64 = 512 << 20;
/// The most that is read of a form, and of what is said about it, in bytes.
const MOST: u64 = 16 << 20;

#[derive(Debug, Args)]
pub(in crate::commands) struct Examine {
    /// What to call the PDF, which comes in on the standard input.
    place: String,
}

impl Examine {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        limit_ourselves().context("no limits, no examination")?;
        let mut pdf = Vec::new();
        io::stdin().take(MOST).read_to_end(&mut pdf)?;
        match FormFacts::of(&self.place, &pdf) {
            Ok(facts) => serde_json::to_writer(io::stdout().lock(), &facts)?,
            // what is said goes into a report about the place
            Err(error) => {
                write!(io::stdout(), "{}", reason(&error))?;
                return Ok(ExitCode::FAILURE);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Why a document cannot be used, without its name.
fn reason(error: &turnout_pdf::Error) -> String {
    let mut error: &dyn std::error::Error = match error {
        turnout_pdf::Error::Document { source, .. } => source,
        error => error,
    };
    let mut said = error.to_string();
    while let Some(source) = error.source() {
        error = source;
        said.push_str(&format!(": {error}"));
    }
    said
}

fn limit_ourselves() -> io::Result<()> {
    for (resource, most) in [
        (Resource::Cpu, SECONDS),
        (Resource::As, MEMORY),
        (Resource::Nofile, 16),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// What each document of a folder is like, or why it cannot be used: as many at once as there are processors.
pub(super) fn all(folder: &Folder) -> anyhow::Result<BTreeMap<Document, Result<FormFacts, String>>> {
    let waiting = Mutex::new(folder.documents());
    let found = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors())
            .map(|_| {
                scope.spawn(|| -> anyhow::Result<()> {
                    loop {
                        let next = locked(&waiting).next();
                        let Some((document, pdf)) = next else { return Ok(()) };
                        let facts = one(&document.to_string(), pdf)?;
                        locked(&found).insert(document, facts);
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no examination panics"))
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One document, in a process of its own.
fn one(place: &str, pdf: &[u8]) -> anyhow::Result<Result<FormFacts, String>> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["forms", "examine", "--", place])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("no process for the examination: is the limit of processes reached?")?;
    let (mut to, from) = (child.stdin.take(), child.stdout.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            // a process that has seen enough closes its end
            let _ = to.as_mut().map(|to| to.write_all(pdf));
        });
        let reading = scope.spawn(move || {
            let mut said = Vec::new();
            from.map(|from| from.take(MOST).read_to_end(&mut said)).transpose()?;
            io::Result::Ok(said)
        });
        let status = patiently(&mut child)?;
        let said = reading.join().expect("reading does not panic")?;
        Ok(verdict(status, &said))
    })
}

/// Waits for a process, and ends it when it takes too long.
fn patiently(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begun.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// What came of it.
fn verdict(status: Option<ExitStatus>, said: &[u8]) -> Result<FormFacts, String> {
    const ABORT: i32 = 6;
    const KILL: i32 = 9;
    const TOO_LONG: i32 = 24;
    let Some(status) = status else { return Err("took too long to be read".to_owned()) };
    match (status.code(), status.signal()) {
        (Some(0), _) => serde_json::from_slice(said).map_err(|_| "could not be examined".to_owned()),
        (Some(1), _) if !said.is_empty() => Err(String::from_utf8_lossy(said).into_owned()),
        (_, Some(KILL | TOO_LONG)) => Err(format!("took more than {SECONDS} seconds to be read")),
        (_, Some(ABORT)) => Err(format!("took more than {} MB of memory to be read", MEMORY >> 20)),
        _ => Err("brought down whoever read it".to_owned()),
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_the_process_ends_something_is_said() {
        let ended = |raw| Some(ExitStatus::from_raw(raw));
        let said = |status, said: &str| verdict(status, said.as_bytes());
        let facts = FormFacts { pages: Vec::new(), fields: Vec::new() };
        assert_eq!(said(ended(0), r#"{"pages":[],"fields":[]}"#), Ok(facts));
        for (status, text, expected) in [
            (ended(0), "", "could not be examined"),
            (ended(1 << 8), "the PDF is encrypted", "the PDF is encrypted"),
            (ended(1 << 8), "", "brought down whoever read it"),
            (ended(101 << 8), "", "brought down whoever read it"),
            (ended(24), "", "took more than 10 seconds to be read"),
            (ended(9), "", "took more than 10 seconds to be read"),
            (ended(6), "", "took more than 512 MB of memory to be read"),
            (ended(11), "", "brought down whoever read it"),
            (None, "", "took too long to be read"),
        ] {
            assert_eq!(said(status, text), Err(expected.to_owned()), "{status:?}");
        }
    }

    #[test]
    fn a_reason_names_its_causes_and_not_the_document() {
        let error = FormFacts::of("GA.pdf", b"<html>").expect_err("it is no form");
        let said = reason(&error);
        assert!(said.starts_with("not a well-formed PDF: ") && !said.contains("GA.pdf"), "{said}");
    }
}
