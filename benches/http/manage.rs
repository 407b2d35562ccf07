//! `make bench-manage`: how long the pages of the management site take for a subscriber with a million registrations, and some
//! hundred thousand records of each other tool, on PostgreSQL, and those of staff, beside their own statements; and an export
//! of all registrations, beside `COPY … TO STDOUT` of the same columns and compared with what it has to be, byte by byte. The
//! last line is JSON.
//!
//! Which statements a page has, and with which values, is read from the database's own log of one request; they are then run
//! again, one after the other, by themselves. `TURNOUT_BENCH_VOTERS` asks for another number of registrations, of which all other
//! numbers are parts.

#[expect(dead_code, reason = "the other bench uses all of it")]
mod client;
mod export;
#[expect(dead_code, reason = "the other bench uses all of it")]
mod machine;
mod others;
mod people;
#[expect(dead_code, reason = "the other bench uses all of it")]
mod process;
mod replay;
#[expect(dead_code, reason = "the other bench uses all of it")]
mod report;
mod staff;
mod truth;
mod visitor;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use url::Url;

use people::run;
use process::Program;
use replay::Replay;
use report::{Report, rounded};
use visitor::Visitor;

/// How often each page is asked for.
const TIMES: usize = 200;
/// What a page may take, and how many times what its statements take.
const LIMIT_MS: f64 = 50.0;
const LIMIT_RATIO: f64 = 3.0;

#[expect(clippy::disallowed_methods, reason = "a bench has no Config")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn needed(name: &str) -> anyhow::Result<String> {
    variable(name).with_context(|| format!("{name} is not set: run this by make bench-manage"))
}

fn main() -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let passed = runtime.block_on(measure())?;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure() -> anyhow::Result<bool> {
    let folder = PathBuf::from(needed("TURNOUT_BENCH_DIR")?);
    let mut database: Url = needed("TURNOUT_TEST_POSTGRES_URL")?.parse()?;
    let log = PathBuf::from(needed("TURNOUT_BENCH_POSTGRES_LOG")?);
    let voters: u32 = variable("TURNOUT_BENCH_VOTERS").map_or(Ok(1_000_000), |it| it.parse())?;
    let program = Program { binary: needed("TURNOUT_BENCH_SERVER")?.into(), forms: None };
    let mut server = PgConnection::connect(database.as_str()).await?;
    run(&mut server, "CREATE DATABASE bench_manage").await?;
    database.set_path("bench_manage");
    program.run("migrate", &folder, database.as_str(), &[])?;
    let begun = Instant::now();
    let cookie = people::fill(database.as_str(), voters).await?;
    println!("{voters} registrations in {:.0?}", begun.elapsed());
    let begun = Instant::now();
    others::fill(database.as_str(), voters).await?;
    let of_staff = staff::fill(database.as_str(), voters).await?;
    println!("everything else in {:.0?}", begun.elapsed());

    let mut report = Report::default();
    report.put("voters", json!(voters));
    let mut of_subscriber = people::pages(voters);
    of_subscriber.extend(others::pages(voters));
    let asked = [(cookie.as_str(), of_subscriber), (of_staff.as_str(), staff::pages(voters))];
    pages(&mut report, &program, (&folder, database.as_str()), (&mut server, &log), asked).await?;
    export::measure(&mut report, &program, (&folder, database.as_str()), (&cookie, voters)).await?;
    Ok(report.finish())
}

/// Every list, search and detail page: each with the cookie of who asks for it.
async fn pages(
    report: &mut Report,
    program: &Program,
    (folder, database): (&Path, &str),
    (server, log): (&mut PgConnection, &Path),
    asked: [(&str, Vec<(String, String)>); 2],
) -> anyhow::Result<()> {
    let running = program.start("serve", folder, database, "warn").await?;
    println!(
        "{:<42} {:>8} {:>8} {:>8} {:>8} {:>6} {:>5}",
        "page", "p50 ms", "p99 ms", "own p50", "own p99", "ratio", "stmts"
    );
    let mut figures = serde_json::Map::new();
    let asked = asked.into_iter().flat_map(|(cookie, pages)| pages.into_iter().map(move |it| (cookie, it)));
    for (cookie, (name, path)) in asked {
        let mut visitor = Visitor::new(running.port, cookie).await?;
        visitor.get(&path).await?;
        let learned = Replay::learn(server, log, async || visitor.get(&path).await.map(drop)).await?;
        let mut own = learned.ready(database).await?;
        let (mut times, mut owns) = (Vec::with_capacity(TIMES), Vec::with_capacity(TIMES));
        for _ in 0..TIMES {
            let begun = Instant::now();
            visitor.get(&path).await?;
            times.push(begun.elapsed());
            owns.push(own.run().await?);
        }
        let ((p50, p99), (own50, own99)) = (quantiles(times), quantiles(owns));
        let ratio = p99 / own99;
        println!(
            "{name:<42} {p50:>8.2} {p99:>8.2} {own50:>8.2} {own99:>8.2} {ratio:>6.2} {:>5}",
            own.statements()
        );
        report.target(format!("{name}: p99 at most {LIMIT_MS} ms"), p99 <= LIMIT_MS, false);
        let within = format!("{name}: p99 at most {LIMIT_RATIO} times that of its statements");
        report.target(within, ratio <= LIMIT_RATIO, false);
        figures.insert(
            name,
            json!({ "p50_ms": rounded(p50), "p99_ms": rounded(p99), "own_p50_ms": rounded(own50),
                "own_p99_ms": rounded(own99), "ratio": rounded(ratio), "statements": own.statements() }),
        );
    }
    report.put("pages", figures.into());
    running.stop().await
}

/// The median and the 99th percentile, in milliseconds.
fn quantiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |it| it.as_secs_f64() * 1e3);
    (at(50), at(99))
}
