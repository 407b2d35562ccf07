//! `make bench-jobs`: how many jobs are enqueued and done, how long a claim takes, how exactly a lane keeps its rate, how
//! soon a resting worker begins. What is asked for and whether it is met, then one line of JSON.
//!
//! Everything is on the disk, with the durability of production: SQLite with `synchronous=FULL`, PostgreSQL with `fsync`
//! and `synchronous_commit`. The limit is that of the same statements in a loop, without us.

mod bare;
mod claims;
mod disk;
mod pace;
mod places;
mod throughput;
mod wakes;

use std::fmt::Display;

use serde_json::{Map, Value, json};

use places::Place;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What was measured, and what was asked for.
#[derive(Default)]
struct Report {
    figures: Map<String, Value>,
    missed: Vec<String>,
}

impl Report {
    fn figure(&mut self, name: impl Display, value: f64, unit: &str) {
        let rounded = if value < 100.0 { (value * 1000.0).round() / 1000.0 } else { value.round() };
        println!("{name:<50} {rounded:>12} {unit}");
        self.figures.insert(format!("{name}, {unit}"), json!(rounded));
    }

    /// Says whether something is as it should be.
    fn target(&mut self, what: impl Display, is_met: bool) {
        println!("  {} {what}", if is_met { "met:   " } else { "MISSED:" });
        if !is_met {
            self.missed.push(what.to_string());
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Outcome<()> {
    let mut report = Report::default();
    disk::measure(&mut report)?;
    for place in [Place::Sqlite, Place::Postgres] {
        throughput::measure(&mut report, place).await?;
        claims::measure(&mut report, place).await?;
        pace::measure(&mut report, place).await?;
    }
    wakes::measure(&mut report).await?;
    report.figure("memory at its most", disk::most_memory()?, "MB");
    let Report { mut figures, missed } = report;
    figures.insert("missed".to_owned(), json!(missed));
    println!("{}", Value::Object(figures));
    Ok(())
}
