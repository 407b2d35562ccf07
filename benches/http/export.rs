//! An export of every registration, from the form to the file: how fast it is beside `COPY … TO STDOUT` of the same columns,
//! how much its worker grows, and whether each byte is what it has to be.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use futures_util::TryStreamExt as _;
use serde_json::json;
use sqlx::{Connection as _, PgConnection, Row as _};
use turnout_storage::sql::statements::reports;
use uuid::Uuid;

use crate::{
    machine,
    process::{Program, free_port},
    report::Report,
    truth,
    visitor::Visitor,
};

/// What an export has to reach: rows in a second, part of `COPY`, and megabytes that its worker may grow by.
const ROWS_PER_SECOND: f64 = 20_000.0;
const PART_OF_COPY: f64 = 0.5;
const GROWTH_MB: f64 = 50.0;
/// How long an export may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(900);

/// An export of every registration, from the form to the file.
pub(crate) async fn measure(
    report: &mut Report,
    program: &Program,
    (folder, database): (&Path, &str),
    (cookie, voters): (&str, u32),
) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(database).await?;
    let (copied, copy) = copy(&mut connection).await?;

    let web = program.start("serve", folder, database, "warn").await?;
    let mut visitor = Visitor::new(web.port, cookie).await?;
    let mut worker = worker(program, folder, database)?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = machine::memory(worker.id(), "VmRSS")?;
    visitor.submit("/manage/one/reports/create/", &[("type", "register")]).await?;
    let begun = Instant::now();
    while !is_made(&mut connection).await? {
        let log = folder.join("worker.log");
        ensure!(begun.elapsed() < PATIENCE, "the export does not end: see {}", log.display());
        ensure!(worker.try_wait()?.is_none(), "the worker ended: {}", std::fs::read_to_string(log)?);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = begun.elapsed();
    let growth = machine::memory(worker.id(), "VmHWM")? - before;
    worker.kill()?;
    worker.wait()?;
    web.stop().await?;
    let file = largest(folder)?;
    let size = fs::metadata(&file)?.len();
    let (rate, of_copy) = (f64::from(voters) / took.as_secs_f64(), f64::from(voters) / copy.as_secs_f64());
    println!();
    report.figure("export_s", "export, from its first row to the complete file", took.as_secs_f64(), "s");
    report.figure("export_rows_per_s", "export", rate, "rows/s");
    report.figure("copy_rows_per_s", "COPY … TO STDOUT of the same columns", of_copy, "rows/s");
    report.figure("export_part_of_copy", "export, part of COPY", rate / of_copy, "");
    report.figure("export_growth_mb", "export, growth of its worker", growth, "MB");
    report.figure("export_file_mb", "export, its file", size as f64 / 1e6, "MB");
    report.figure("copy_mb", "COPY, its bytes", copied as f64 / 1e6, "MB");
    report.target(format!("export: at least {ROWS_PER_SECOND} rows/s"), rate >= ROWS_PER_SECOND, false);
    report.target("export: at least half of COPY", rate / of_copy >= PART_OF_COPY, false);
    report.target(format!("export: the worker grows by at most {GROWTH_MB} MB"), growth <= GROWTH_MB, true);
    compare(report, database, &file, voters).await
}

/// Whether the file is what it has to be, byte by byte; if not, which line is another one.
async fn compare(report: &mut Report, database: &str, file: &Path, voters: u32) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(database).await?;
    let begun = Instant::now();
    let compared = truth::compare(&mut connection, file).await?;
    println!("{} lines of the export were compared in {:.0?}", compared.lines, begun.elapsed());
    // the header, and the one that all others are made of
    let lines = u64::from(voters) + 2;
    match &compared.difference {
        Some(difference) => println!("  {difference}"),
        None if compared.lines != lines => println!("  there have to be {lines}"),
        None => {}
    }
    let is_equal = compared.difference.is_none() && compared.lines == lines;
    report.put("export_equal", json!(is_equal));
    report.target("export: each byte is what SQL of its own says", is_equal, true);
    Ok(())
}

/// How many bytes `COPY` gives of the columns of the export, and how long that takes.
async fn copy(connection: &mut PgConnection) -> anyhow::Result<(u64, Duration)> {
    let made = reports::made().find(|(name, _)| name == "register.ROWS");
    let (_, text) = made.context("there is no export of registrations")?;
    let mut statement = text.postgres.to_owned();
    for (parameter, value) in [
        ("$1", format!("'{}'::uuid", Uuid::from_u128(1))),
        ("$2", "'infinity'::timestamptz".into()),
        ("$3", "'1970-01-01'::timestamptz".into()),
        ("$4", format!("'{}'::uuid", Uuid::nil())),
        ("$5", "ALL".into()),
    ] {
        statement = statement.replace(parameter, &value);
    }
    let begun = Instant::now();
    let mut bytes = 0;
    let copy = format!("COPY ({statement}) TO STDOUT WITH (FORMAT csv)");
    let mut rows = connection.copy_out_raw(&copy).await?;
    while let Some(part) = rows.try_next().await? {
        bytes += part.len() as u64;
    }
    Ok((bytes, begun.elapsed()))
}

/// Starts a worker.
fn worker(program: &Program, folder: &Path, database: &str) -> anyhow::Result<Child> {
    let mut command = program.command("worker", folder, database, free_port()?, "warn");
    let log = File::create(folder.join("worker.log"))?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(command.spawn()?)
}

/// Whether the export is complete.
async fn is_made(connection: &mut PgConnection) -> anyhow::Result<bool> {
    let row = sqlx::query("SELECT status FROM reporting_report").fetch_one(connection).await?;
    Ok(row.try_get::<String, _>(0)? == "Complete")
}

/// The largest file below a folder.
fn largest(folder: &Path) -> anyhow::Result<PathBuf> {
    fn gather(folder: &Path, files: &mut Vec<(u64, PathBuf)>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_dir() {
                gather(&entry.path(), files)?;
            } else {
                files.push((about.len(), entry.path()));
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    gather(folder, &mut files)?;
    Ok(files.into_iter().max().context("there is no file")?.1)
}
