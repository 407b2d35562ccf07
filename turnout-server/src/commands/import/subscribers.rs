//! `import subscribers`: who speaks for subscribers, from a table.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::Args;
use turnout_core::{
    App,
    subscription::import::{COLUMNS, ContactTable, ImportError},
};

use super::shown;
use crate::commands::{over_rows, progress::Bar};

#[derive(Debug, Args)]
pub(in crate::commands) struct Subscribers {
    /// CSV with the columns Subscriber Slug, Primary Contact First Name, Primary Contact Last Name, Primary Contact Email,
    /// Primary Contact Phone, EIN, Plan, Internal Notes. Only the first has to be there; an empty cell keeps what there is.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Subscribers {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let table = read(&self.file)?;
        over_rows::print(async |app, _| self.take_over(app, table).await)
    }

    async fn take_over(&self, app: &App, table: ContactTable) -> anyhow::Result<String> {
        let mut bar = Bar::of(table.len(), "subscribers:");
        let imported = table.take_over(app, self.dry_run, |slug| bar.step(slug)).await;
        bar.end();
        match imported {
            Ok(it) => {
                let done = if self.dry_run { "Nothing was written: this was a dry run.\n" } else { "" };
                let (added, changed, unchanged) = (it.added, it.changed, it.unchanged);
                Ok(format!(
                    "Subscriptions: {added} new, {changed} changed, {unchanged} as they were.\n{done}"
                ))
            }
            Err(ImportError::Refused(complaints)) => {
                let mut text = String::new();
                for complaint in complaints {
                    writeln!(text, "{complaint}")?;
                }
                bail!("{text}Nothing was imported: mend the table and run this again")
            }
            Err(ImportError::Store(error)) => Err(error.into()),
        }
    }
}

/// Reads a table; what is wrong with it becomes its complaints, with the lines of the rows.
fn read(path: &Path) -> anyhow::Result<ContactTable> {
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let name = shown(path);
    let mut table = ContactTable::default();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let first = format!("{name}, row 1");
    let heads = match reader.headers() {
        Ok(heads) => heads.clone(),
        Err(error) => bail!("{first}: {}", super::table::why(&error)),
    };
    let heads: Vec<&str> = heads.iter().collect();
    for (at, head) in heads.iter().enumerate() {
        if !COLUMNS.contains(head) {
            table
                .complain(&first, &format!("no column is called {head:?}; there are {}", COLUMNS.join(", ")));
        }
        if heads[..at].contains(head) {
            table.complain(&first, &format!("the column {head:?} is there twice"));
        }
    }
    if !heads.contains(&COLUMNS[0]) {
        table.complain(&first, &format!("the column {:?} is missing", COLUMNS[0]));
    }
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                let cells: BTreeMap<&str, &str> = heads.iter().copied().zip(&row).collect();
                table.row(&format!("{name}, row {line}"), &cells);
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                table.complain(&format!("{name}, row {line}"), &super::table::why(&error));
            }
        }
    }
    Ok(table)
}
