//! `retention`.

use std::process::ExitCode;

use clap::Args;
use turnout_core::{
    App,
    retention::{self, Kind},
};

use super::{over_rows, progress::Bar};

/// Deletes what is older than it may become: `KEEP_…_DAYS`.
///
/// Otherwise a job does it every night. What is stopped goes on where it was.
#[derive(Debug, Args)]
pub(super) struct Retention {
    /// Counts it, and deletes nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Retention {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        over_rows::print(async |app, _| if self.dry_run { count(app).await } else { delete(app).await })
    }
}

/// After how many days a kind goes.
fn days(app: &App, kind: Kind) -> String {
    let days = app.settings.retention.days.get(&kind);
    days.map_or_else(|| format!("never ({})", kind.variable()), |days| format!("{days} days"))
}

async fn count(app: &App) -> anyhow::Result<String> {
    let counts = retention::count(app).await?;
    let rows = Kind::ALL.map(|kind| {
        let old = counts.get(&kind).map_or_else(|| "-".to_owned(), ToString::to_string);
        [kind.name().to_owned(), days(app, kind), old]
    });
    let table = over_rows::table(["WHAT", "KEPT FOR", "OLDER"], &rows);
    Ok(table + "Nothing was deleted: this was a dry run.\n")
}

async fn delete(app: &App) -> anyhow::Result<String> {
    let mut bar = Bar::of(app.settings.retention.days.len(), "deleting what is old:");
    let outcome = retention::run(app, None, |kind| bar.step(kind.name())).await?;
    bar.end();
    let rows: Vec<[String; 3]> = Kind::ALL
        .iter()
        .map(|kind| {
            let deleted = outcome.deleted.get(kind).copied().unwrap_or_default();
            [kind.name().to_owned(), days(app, *kind), deleted.to_string()]
        })
        .collect();
    Ok(over_rows::table(["WHAT", "KEPT FOR", "DELETED"], &rows))
}
