//! `sync pa-counties`.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use turnout_core::{
    App,
    register::counties::{self, CountyList},
};

use super::over_rows;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Publishes the counties and municipalities that Pennsylvania's online registration knows.
    PaCounties {
        /// Fetches the list, says what is in it, and publishes nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::PaCounties { dry_run } = command;
    over_rows::print(async |app, config| {
        let has_key = config.pennsylvania.as_ref().is_some_and(|it| it.key.is_some());
        ensure!(has_key, "sync pa-counties needs PA_OVR_KEY");
        publish(app, *dry_run).await
    })
}

/// What was published, in words.
async fn publish(app: &App, dry_run: bool) -> anyhow::Result<String> {
    let mut said = String::new();
    for list in counties::fetch(app).await.context("nothing was published")? {
        let CountyList { key, counties } = &list;
        let municipalities: usize = counties.iter().map(|it| it.municipalities.len()).sum();
        write!(said, "{} counties with {municipalities} municipalities: ", counties.len())?;
        if dry_run {
            writeln!(said, "not published, as this was a dry run.")?;
        } else {
            counties::publish(app, &list).await.context("the list could not be published")?;
            writeln!(said, "published at {}", app.public_files.url(key)?)?;
        }
    }
    Ok(said)
}
