//! `make bench-http`: how many requests of each kind the release binary answers in a second, how long they take, and how
//! much memory it has, on SQLite and on PostgreSQL; beside a bare hyper endpoint that runs the same statements with the
//! same durability, which is the limit. The last line is JSON.
//!
//! The server runs as `turnout-server serve`, limits off, log at `warn`; the jobs that it enqueues are left to workers,
//! of which there is none. Server and limit take turns, [`ROUNDS`] times; figures are medians, and a ratio is the median
//! of the ratios of the turns. wrk asks from the same machine, so its own share of the processors is shown.
//!
//! The exit code is not 0 when something is wrong that does not depend on how quiet the machine is: a call that is
//! refused, statements that are not the server's, more memory at idle than was asked for.

mod bare;
mod calls;
mod client;
mod load;
mod machine;
mod measured;
mod place;
mod plan;
mod process;
mod report;
mod seen;
mod sql;
mod voters;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use serde_json::{Map, Value, json};
use url::Url;

use bare::Task;
use calls::Call;
use load::{CONNECTIONS, Loader};
use measured::{Measured, ROUNDS, Sides};
use place::{Place, Prepared};
use process::Program;
use report::{ORIGINAL_MEMORY, Report, rounded};

#[expect(clippy::disallowed_methods, reason = "a bench has no Config")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn needed(name: &str) -> anyhow::Result<String> {
    variable(name).with_context(|| format!("{name} is not set: run this by make bench-http"))
}

fn main() -> anyhow::Result<ExitCode> {
    let mut given = std::env::args().skip(1);
    if given.next().as_deref() == Some("bare") {
        let task: Task = serde_json::from_str(&given.next().context("no task")?)?;
        return bare::serve(task).map(|()| ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let passed = runtime.block_on(measure())?;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The official forms where they are known, as bench-pdf finds them.
fn official_forms() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = variable("TURNOUT_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let forms = variable("TURNOUT_FORMS_DIR").map_or_else(|| shared.join("forms"), PathBuf::from);
    forms.canonicalize().ok()
}

async fn measure() -> anyhow::Result<bool> {
    let folder = PathBuf::from(needed("TURNOUT_BENCH_DIR")?);
    let server: Url = needed("TURNOUT_TEST_POSTGRES_URL")?.parse()?;
    let seconds: u32 = variable("TURNOUT_BENCH_SECONDS").map_or(Ok(3), |it| it.parse())?;
    let program = Program { binary: needed("TURNOUT_BENCH_SERVER")?.into(), forms: official_forms() };
    let loader = Loader::new(&folder)?;
    let mut report = Report::default();
    println!(
        "{} processors, {CONNECTIONS} connections, {ROUNDS} rounds of {seconds} s each, medians; forms: {}\n",
        machine::cores(),
        program.forms.as_ref().map_or("samples".to_owned(), |it| it.display().to_string()),
    );
    let (median, p99) = machine::fsync(&folder)?;
    report.figure("fsync_ms", "fsync of 4 KiB, median", median, "ms");
    report.figure("fsync_p99_ms", "fsync of 4 KiB, p99", p99, "ms");
    for place in [Place::Sqlite, Place::Postgres] {
        let prepared = place.prepare(&program, &folder, &server).await?;
        at_idle(&mut report, &program, place, &prepared).await?;
        let differences = seen::differences(&program, place, &prepared).await?;
        let same = format!("{}: the bare endpoint runs the server's statements", place.name());
        report.target(same, differences.is_empty(), true);
        for difference in differences {
            println!("{difference}");
        }
        let figures = under_load(&mut report, &program, &loader, (place, &prepared), seconds).await?;
        report.put(place.name(), figures);
    }
    Ok(report.finish())
}

/// How much memory the whole product has when nobody asks.
async fn at_idle(
    report: &mut Report,
    program: &Program,
    place: Place,
    prepared: &Prepared,
) -> anyhow::Result<()> {
    let without = Program { binary: program.binary.clone(), forms: None };
    let (original, part) = ORIGINAL_MEMORY;
    for (forms, program, firm) in [("samples as forms", &without, true), ("official forms", program, false)] {
        if !firm && program.forms.is_none() {
            continue;
        }
        let running = program.start("all-in-one", &prepared.folder, &prepared.seed, "warn").await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let memory = machine::memory(running.id(), "VmRSS")?;
        running.stop().await?;
        let key = format!("{}, idle with {forms}, MB", place.name());
        report.figure(&key, format!("{}: all-in-one at idle, {forms}", place.name()), memory, "MB");
        let target = format!("{}: at idle, with {forms}, at most {:.1} MB", place.name(), original / part);
        report.target(target, memory <= original / part, firm);
    }
    Ok(())
}

/// Every call, on the server and beside it.
async fn under_load(
    report: &mut Report,
    program: &Program,
    loader: &Loader,
    (place, prepared): (Place, &Prepared),
    seconds: u32,
) -> anyhow::Result<Value> {
    let ours = program.start("serve", &prepared.folder, &prepared.ours, "warn").await?;
    let task = Task {
        port: 0,
        database: prepared.bare.clone(),
        folder: prepared.folder.clone(),
        forms: program.forms.clone(),
    };
    let bare = bare::start(task).await?;
    let sides = Sides { ours: &ours, bare: &bare };
    Measured::head(place);
    let (mut figures, mut all) = (Map::new(), Vec::new());
    for call in Call::ALL {
        let measured = Measured::new(loader, &sides, (place, prepared), call, seconds)?;
        measured.print();
        figures.insert(call.key().to_owned(), measured.json());
        all.push(measured);
    }
    for measured in &all {
        measured.targets(report);
    }
    for (key, name, running) in [("most_mb", "the server", &ours), ("limit_most_mb", "the limit", &bare)] {
        let most = machine::memory(running.id(), "VmHWM")?;
        println!("{:<58} {:>10} MB", format!("{}: {name}, at its most", place.name()), rounded(most));
        figures.insert(key.to_owned(), json!(rounded(most)));
    }
    ours.stop().await?;
    Ok(Value::Object(figures))
}
