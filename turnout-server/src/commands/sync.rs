//! `sync`: what others list, taken over or published now.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use turnout_core::{
    App,
    absentee::{LinkChange, LinksError, refresh_links},
    address::State,
    register::counties::{self, CountyList},
};

use super::over_rows;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The pages by which the voters of Florida's counties ask for a ballot: all of them, or none.
    FloridaLinks(FloridaLinks),
    /// Publishes the counties and municipalities that Pennsylvania's online registration knows.
    PaCounties(PaCounties),
}

#[derive(Debug, Args)]
pub(super) struct FloridaLinks {
    /// Says what would change, and changes nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct PaCounties {
    /// Fetches the list, says what is in it, and publishes nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::FloridaLinks(FloridaLinks { dry_run }) => {
            over_rows::print(async |app, _| florida_links(app, *dry_run).await)
        }
        Command::PaCounties(PaCounties { dry_run }) => over_rows::print(async |app, config| {
            let has_key = config.pennsylvania.as_ref().is_some_and(|it| it.key.is_some());
            ensure!(has_key, "sync pa-counties needs PA_OVR_KEY");
            pa_counties(app, *dry_run).await
        }),
    }
}

/// What was published, in words.
async fn pa_counties(app: &App, dry_run: bool) -> anyhow::Result<String> {
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

async fn florida_links(app: &App, dry_run: bool) -> anyhow::Result<String> {
    match refresh_links(app, State::Fl, dry_run).await {
        Ok(changes) => Ok(listed(&changes, dry_run)),
        Err(LinksError::Wrong(complaints)) => {
            let lines: Vec<String> = complaints.iter().map(|complaint| format!("\n  {complaint}")).collect();
            bail!("nothing was taken over, as the list is wrong:{}", lines.concat())
        }
        Err(error) => Err(anyhow::Error::new(error).context("nothing was taken over")),
    }
}

fn listed(changes: &[LinkChange], dry_run: bool) -> String {
    let rows: Vec<[String; 4]> = changes
        .iter()
        .map(|change| {
            let before = change.before.clone().unwrap_or_else(|| "-".to_owned());
            [change.region.to_string(), change.name.clone(), before, change.now.clone()]
        })
        .collect();
    let mut text = match rows.is_empty() {
        true => "Nothing has changed.\n".to_owned(),
        false => over_rows::table(["REGION", "NAME", "BEFORE", "NOW"], &rows),
    };
    if dry_run {
        text.push_str("\nNothing was written.\n");
    }
    text
}
