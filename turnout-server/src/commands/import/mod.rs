//! `import django`, `import movers`, `import offices`, `import state-info`, `import gis`, `import streets`.

mod archive;
mod django;
mod gis;
mod movers;
#[cfg(feature = "postgres")]
mod moving;
mod offices;
mod state_info;
mod streets;
mod subscribers;
mod table;

pub(super) use movers::FetchMovers;
pub(super) use offices::Offices;

use std::{path::Path, process::ExitCode};

use anyhow::ensure;
use clap::Subcommand;
use turnout_core::{address::State, official::generated};
use turnout_geo::region::RegionFinder;

use super::{roles, settings};
use crate::{
    config::{Config, Role},
    wiring::{self, Wired},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Takes over the Django service: its rows, from its database or from a document that its command `dumpdata` wrote.
    ///
    /// Nothing there is changed, and the same again changes nothing: what was changed here since stays as it is. A database
    /// is taken over part by part. A run that was stopped goes on where it was, a later one reads what was written there
    /// since. A document is taken over as a whole, or not at all.
    Django(django::Django),
    /// Takes over a list of election offices: regions, their offices, and the offices' addresses.
    ///
    /// The list is taken over whole, or not at all: what is new is added, what changed is changed, what the list lacks is
    /// gone. The same list again changes nothing.
    Offices(offices::Offices),
    /// Takes over facts about states from another server with our API.
    ///
    /// What is new or says something else is taken over, with a line in the history of each fact; what is only here stays. A
    /// fact whose text is not as its kind says is left as it is here. All the rest is taken over, or nothing.
    StateInfo(state_info::StateInformation),
    /// Takes in leads about people who moved, each once. Those with something wrong are left out, and said by their line.
    Movers(movers::Movers),
    /// Takes over boundaries of towns, places and house districts, from files of the Census and of states.
    Gis(gis::Gis),
    /// Takes over streets with house numbers, from the Census' address ranges: addresses are then located offline.
    Streets(streets::Streets),
    /// Takes over who speaks for subscribers, their plans and our notes of them, from a table.
    ///
    /// All rows are taken over, or none. An empty cell keeps what there is.
    Subscribers(subscribers::Subscribers),
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Django(django) => django.run(),
        Command::Offices(offices) => offices.run(),
        Command::StateInfo(info) => info.run(),
        Command::Movers(movers) => movers.run(),
        Command::Gis(gis) => gis.run(),
        Command::Streets(streets) => streets.run(),
        Command::Subscribers(subscribers) => subscribers.run(),
    }
}

/// The settings of the database and of folders, and nothing else.
fn configured() -> anyhow::Result<Config> {
    let (config, complaints) = settings(Role::Migrate)?;
    ensure!(complaints.is_empty(), "these settings have to be mended first:\n{complaints}");
    Ok(config)
}

/// Everything, with a database that is up to date.
async fn wired(config: &Config) -> anyhow::Result<Wired> {
    let wired = wiring::wire(config).await?;
    let complaints = wired.app.store.complaints().await;
    ensure!(complaints.is_empty(), "{}", roles::advice(&complaints));
    Ok(wired)
}

/// A state or the District of Columbia, by its postal code in any case.
fn state(code: &str) -> Result<State, String> {
    let state = State::parse(&code.to_ascii_uppercase()).filter(|state| !state.is_territory());
    state.ok_or_else(|| format!("{code:?} is not the code of a state: WI, for example"))
}

/// The name of a file, for messages.
fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Puts into the store what the finder generates where there is no list, and says so.
async fn put_generated(wired: &Wired, finder: &RegionFinder) -> anyhow::Result<()> {
    let generated = generated::put(&wired.app, &finder.generated()).await?;
    if generated.put + generated.gone > 0 {
        eprintln!(
            "Regions made of the Census' names, where there is no list of offices: {} new or changed, {} gone.",
            generated.put, generated.gone
        );
    }
    Ok(())
}
