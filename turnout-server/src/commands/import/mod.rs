//! `import django`, `import offices`, `import gis`, `import streets`.

mod archive;
mod django;
mod gis;
mod offices;
mod streets;
mod table;

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
    /// Takes over rows of the Django service, from a document that its command `dumpdata` wrote.
    ///
    /// All of it is taken over, or nothing. The same document again changes nothing, and what was changed here since stays
    /// as it is.
    Django(django::Django),
    /// Takes over a list of election offices: regions, their offices, and the offices' addresses.
    ///
    /// The list is taken over whole, or not at all: what is new is added, what changed is changed, what the list lacks is
    /// gone. The same list again changes nothing.
    Offices(offices::Offices),
    /// Takes over boundaries of towns, places and house districts, from files of the Census and of states.
    Gis(gis::Gis),
    /// Takes over streets with house numbers, from the Census' address ranges: addresses are then located offline.
    Streets(streets::Streets),
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Django(django) => django.run(),
        Command::Offices(offices) => offices.run(),
        Command::Gis(gis) => gis.run(),
        Command::Streets(streets) => streets.run(),
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
