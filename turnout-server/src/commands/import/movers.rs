//! `import movers` and `sync movers`: leads about people who moved, from a table or from their source.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use clap::Args;
use turnout_core::{
    App,
    mover::{LEAD_FIELDS, LeadComplaint, LeadDraft, TakenIn, pull, take_in},
    ports::movers::LookBack,
};

use super::shown;
use crate::commands::{over_rows, progress::Bar};

/// How many complaints are shown.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
pub(in crate::commands) struct Movers {
    /// CSV with the names of a lead's fields as columns, a lead a row: `email` and `created_at`, by which it is known again,
    /// and what else there is of `first_name`, `last_name`, `move_date`, and of `new_` and `old_` with `address1`,
    /// `address2`, `city`, `state`, `zipcode`, `zipcode_plus4`, `housing_tenure`. Other columns are left out.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(in crate::commands) struct FetchMovers {
    /// How many hours back the source is asked; without it an hour more than since everything was fetched.
    #[arg(long, value_name = "N", conflicts_with = "days", value_parser = clap::value_parser!(u32).range(1..))]
    hours: Option<u32>,
    /// How many days back it is asked.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    days: Option<u32>,
    /// Says what would be stored, and stores nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What is said when the store failed halfway.
const HALFWAY: &str = "not all leads were stored; run it again, and the rest is";

impl FetchMovers {
    pub(in crate::commands) fn run(&self) -> anyhow::Result<ExitCode> {
        over_rows::print(async |app, config| {
            ensure!(config.movers.is_some(), "sync movers needs MOVER_ID");
            self.fetch(app).await
        })
    }

    async fn fetch(&self, app: &App) -> anyhow::Result<String> {
        let back = self.hours.map(LookBack::Hours).or(self.days.map(LookBack::Days));
        let mut bar = Bar::turning("fetching leads");
        let taken = pull(app, back, self.dry_run, &mut |done, _| bar.reached(done)).await;
        bar.end();
        Ok(said(&taken.context(HALFWAY)?, "lead", self.dry_run))
    }
}

/// Rows that could be read, with their lines, and complaints about the others.
#[derive(Default)]
struct Rows {
    drafts: Vec<(usize, LeadDraft)>,
    complaints: Vec<LeadComplaint>,
    left_out: Vec<String>,
}

impl Movers {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let name = shown(&self.file);
        let bytes = fs::read(&self.file).with_context(|| format!("{name} cannot be read"))?;
        let rows =
            read(&bytes).with_context(|| format!("{name} is no table of leads: nothing was imported"))?;
        if !rows.left_out.is_empty() {
            eprintln!("Columns that nobody asks for: {}.", rows.left_out.join(", "));
        }
        over_rows::print(async |app, _| {
            let drafts: Vec<(usize, &LeadDraft)> =
                rows.drafts.iter().map(|(line, draft)| (*line, draft)).collect();
            let mut bar = Bar::of(drafts.len(), "leads");
            let taken = take_in(app, &drafts, self.dry_run, &mut |done, _| bar.reached(done)).await;
            bar.end();
            let mut taken = taken.context(HALFWAY)?;
            taken.read += rows.complaints.len();
            taken.wrong += rows.complaints.len();
            taken.complaints.extend(rows.complaints.iter().cloned());
            taken.complaints.sort_by_key(|complaint| complaint.position);
            Ok(said(&taken, "line", self.dry_run))
        })
    }
}

/// Reads a table. A row that cannot be read is a complaint about its line.
fn read(bytes: &[u8]) -> anyhow::Result<Rows> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // lines are counted by their feeds, before which the reader would stop
    let returns = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    let bytes: Vec<u8> = (0..bytes.len()).filter(|at| !returns(*at)).map(|at| bytes[at]).collect();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let heads: Vec<String> = reader.headers()?.iter().map(ToOwned::to_owned).collect();
    let needed = ["email", "created_at"];
    let has = |name: &str| heads.iter().any(|head| LeadDraft::from_row([(head.as_str(), "x")]).has(name));
    let missing: Vec<&str> = needed.into_iter().filter(|name| !has(name)).collect();
    ensure!(
        missing.is_empty(),
        "the column {} is missing; a lead has {}",
        missing.join(" and "),
        LEAD_FIELDS.join(", ")
    );
    let left_out = heads.iter().filter(|head| !LeadDraft::reads(head)).cloned().collect();
    let mut rows = Rows { left_out, ..Rows::default() };
    for row in reader.records() {
        let line = |position: Option<&csv::Position>| {
            usize::try_from(position.map_or(0, csv::Position::line)).unwrap_or(usize::MAX)
        };
        match row {
            Ok(row) => {
                let cells = heads.iter().map(String::as_str).zip(row.iter());
                rows.drafts.push((line(row.position()), LeadDraft::from_row(cells)));
            }
            Err(error) => {
                let what = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("it has {len} cells, where the first row has {expected_len}")
                    }
                    csv::ErrorKind::Utf8 { .. } => "it is not UTF-8: save the table as CSV UTF-8".to_owned(),
                    _ => "it cannot be read".to_owned(),
                };
                rows.complaints.push(LeadComplaint { position: line(error.position()), what });
            }
        }
    }
    Ok(rows)
}

/// What became of leads, in words; `place` is what their positions count.
fn said(taken: &TakenIn, place: &str, dry_run: bool) -> String {
    let TakenIn { read, added, known, wrong, complaints } = taken;
    let mut text = format!("{read} leads: {added} new, {known} known before, {wrong} left out as wrong.\n");
    for LeadComplaint { position, what } in complaints.iter().take(SHOWN) {
        text += &format!("  {place} {position}: {what}\n");
    }
    if complaints.len() > SHOWN {
        text += &format!("  and {} complaints more\n", complaints.len() - SHOWN);
    }
    if dry_run {
        text += "\nNothing was written.\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_lines_and_those_that_cannot_be_read_are_complaints() {
        let table = "\u{feff}Email,Created At,new_state,score\r\na@b.co,2026-10-02 12:00:00,\"O\nH\",1\r\n\
                     b@b.co,2026-10-02,OH\r\nc@b.co,2026-10-02,OH,2\r\n";
        let rows = read(table.as_bytes()).expect("a table");
        assert_eq!(rows.drafts.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!((rows.complaints.len(), rows.complaints[0].position), (1, 4));
        assert_eq!(rows.left_out, ["score"]);
    }

    #[test]
    fn a_table_without_what_a_lead_is_known_by_is_refused() {
        let Err(error) = read(b"name,new_state\nAna,OH\n") else { panic!("a table") };
        let said = error.to_string();
        assert!(said.contains("email and created_at") && said.contains("new_housing_tenure"), "{said}");
    }

    #[test]
    fn complaints_are_shown_up_to_a_point() {
        let complaint = |position| LeadComplaint { position, what: "email is missing".into() };
        let taken = TakenIn {
            read: 60,
            wrong: 60,
            complaints: (1..=60).map(complaint).collect(),
            ..TakenIn::default()
        };
        let text = said(&taken, "line", true);
        assert!(
            text.contains("line 1: email is missing") && text.contains("and 10 complaints more"),
            "{text}"
        );
        assert!(text.ends_with("Nothing was written.\n"));
    }
}
