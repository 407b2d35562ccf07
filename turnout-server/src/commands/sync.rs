//! `sync`: what others list, taken over or published now.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use turnout_core::{
    App,
    absentee::{LinkChange, LinkChanges, LinksError, apply_links, compare_links},
    address::State,
    election::{
        monitors::{self, MonitorChanges},
        redirects::{self, Fallback},
    },
    register::counties::{self, CountyList},
};

use super::{contacts::Contacts, import, over_rows, progress::Bar};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Passes voters on who are on no contact list though they should be. The lists are told by workers.
    ActionNetwork(Contacts),
    /// The list of election offices, from US Vote Foundation by USVOTEFOUNDATION_KEY.
    Offices(Offices),
    /// The pages by which the voters of Florida's counties ask for a ballot: all of them, or none.
    FloridaLinks(FloridaLinks),
    /// Fetches leads about people who moved from their source, each once. What follows is done by workers.
    Movers(import::FetchMovers),
    /// Publishes addresses that lead to the tools of the states.
    Redirects(DryRun),
    /// Has the monitor at UPTIME_URL watch the tools of the states.
    Uptime(DryRun),
    /// Publishes the counties and municipalities that Pennsylvania's online registration knows.
    PaCounties(DryRun),
}

#[derive(Debug, Args)]
pub(super) struct Offices {
    /// Says what would be done, row by row, and does nothing.
    #[arg(long)]
    dry_run: bool,
    /// Takes the list although it lacks much: more than 5 % of what there is, in all or of a state, more than half of a
    /// state, or records that the supplier counts.
    #[arg(long)]
    accept_losses: bool,
}

#[derive(Debug, Args)]
pub(super) struct FloridaLinks {
    /// Says what would change, and changes nothing.
    #[arg(long, conflicts_with = "apply")]
    dry_run: bool,
    /// Writes what would change into a file of JSON, for somebody to look at, and changes nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["apply", "dry_run"])]
    save: Option<PathBuf>,
    /// Does what such a file says, if every page is still as it was when that was written. Asks nobody for the list.
    #[arg(long, value_name = "FILE")]
    apply: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DryRun {
    /// Says what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::ActionNetwork(contacts) => over_rows::print(async |app, _| contacts.run(app).await),
        Command::Offices(Offices { dry_run, accept_losses }) => {
            import::Offices::fetched(*dry_run, *accept_losses).run()
        }
        Command::FloridaLinks(links) => over_rows::print(async |app, _| links.run(app).await),
        Command::Movers(movers) => movers.run(),
        Command::Redirects(DryRun { dry_run }) => {
            over_rows::print(async |app, _| redirects(app, *dry_run).await)
        }
        Command::Uptime(DryRun { dry_run }) => over_rows::print(async |app, config| {
            ensure!(config.publishing.monitor.is_some(), "sync uptime needs UPTIME_URL and UPTIME_SECRET");
            uptime(app, *dry_run).await
        }),
        Command::PaCounties(DryRun { dry_run }) => over_rows::print(async |app, config| {
            let has_key = config.pennsylvania.as_ref().is_some_and(|it| it.key.is_some());
            ensure!(has_key, "sync pa-counties needs PA_OVR_KEY");
            pa_counties(app, *dry_run).await
        }),
    }
}

/// What was published, in words.
async fn pa_counties(app: &App, dry_run: bool) -> anyhow::Result<String> {
    let bar = Bar::turning("fetching the counties");
    let lists = counties::fetch(app).await.context("nothing was published");
    bar.end();
    let mut said = String::new();
    for list in lists? {
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

/// Where each address leads, and why where that is a page of ours.
async fn redirects(app: &App, dry_run: bool) -> anyhow::Result<String> {
    let all = redirects::redirects(app).await?;
    let mut said = String::new();
    for redirect in &all {
        let why = match redirect.fallback {
            None => String::new(),
            Some(why @ (Fallback::NoTool | Fallback::NoAddress)) => format!(" ({why})"),
        };
        writeln!(said, "{} → {}{why}", redirect.key(), redirect.to)?;
    }
    if dry_run {
        said += "Nothing was published: this was a dry run.\n";
        return Ok(said);
    }
    let mut bar = Bar::of(all.len(), "publishing");
    let done = redirects::publish(app, &all, |redirect| bar.step(redirect.state.code())).await;
    bar.end();
    done.context("not all of them could be published; run it again")?;
    writeln!(said, "{} addresses were published.", all.len())?;
    Ok(said)
}

async fn uptime(app: &App, dry_run: bool) -> anyhow::Result<String> {
    let bar = Bar::turning("asking the monitor");
    let changes = monitors::compare(app).await.context("nothing was changed");
    bar.end();
    let changes = changes?;
    if !dry_run {
        let bar = Bar::turning("telling the monitor");
        let done = monitors::carry_out(app, &changes).await;
        bar.end();
        done.context("not everything was changed; run it again")?;
    }
    let MonitorChanges { added, changed, stopped, unchanged } = &changes;
    let mut said = String::new();
    for page in added {
        writeln!(said, "+ {} {}", page.description, page.url)?;
    }
    for (before, page) in changed {
        let again = if before.is_active { "" } else { " (watched again)" };
        writeln!(said, "~ {} {}{again}, before: {}", page.description, page.url, before.page.description)?;
    }
    for page in stopped {
        writeln!(said, "- {} {}", page.page.description, page.page.url)?;
    }
    let (added, changed, stopped) = (added.len(), changed.len(), stopped.len());
    writeln!(said, "{added} added, {changed} changed, {stopped} stopped, {unchanged} unchanged.")?;
    if dry_run {
        said += "Nothing was changed: this was a dry run.\n";
    }
    Ok(said)
}

impl FloridaLinks {
    async fn run(&self, app: &App) -> anyhow::Result<String> {
        if let Some(file) = &self.apply {
            let set = read(file)?;
            return applied(app, &set).await;
        }
        let bar = Bar::turning("fetching the list");
        let set = compare_links(app, State::Fl).await.map_err(explained);
        bar.end();
        let set = set?;
        if let Some(file) = &self.save {
            let json = serde_json::to_string_pretty(&set).context("the changes are JSON")?;
            fs::write(file, json + "\n").with_context(|| format!("{} cannot be written", file.display()))?;
            let apply = format!("sync florida-links --apply {}", file.display());
            return Ok(format!("{}\nNothing was written; {apply} does this.\n", listed(&set.changes)));
        }
        if self.dry_run {
            return Ok(format!("{}\nNothing was written.\n", listed(&set.changes)));
        }
        applied(app, &set).await
    }
}

fn read(file: &Path) -> anyhow::Result<LinkChanges> {
    let bytes =
        fs::read(file).with_context(|| format!("{} cannot be read: is the name right?", file.display()))?;
    let what = || format!("nothing was written, as {} is no file of --save", file.display());
    serde_json::from_slice(&bytes).with_context(what)
}

async fn applied(app: &App, set: &LinkChanges) -> anyhow::Result<String> {
    apply_links(app, set).await.map_err(explained)?;
    Ok(listed(&set.changes))
}

fn explained(error: LinksError) -> anyhow::Error {
    match error {
        LinksError::Wrong(complaints) => {
            let lines: Vec<String> = complaints.iter().map(|complaint| format!("\n  {complaint}")).collect();
            anyhow::anyhow!("nothing was taken over, as the list is wrong:{}", lines.concat())
        }
        error => anyhow::Error::new(error).context("nothing was taken over"),
    }
}

fn listed(changes: &[LinkChange]) -> String {
    let rows: Vec<[String; 4]> = changes
        .iter()
        .map(|change| {
            let before = change.before.clone().unwrap_or_else(|| "-".to_owned());
            [change.region.to_string(), change.name.clone(), before, change.now.clone()]
        })
        .collect();
    match rows.is_empty() {
        true => "Nothing has changed.\n".to_owned(),
        false => over_rows::table(["REGION", "NAME", "BEFORE", "NOW"], &rows),
    }
}
