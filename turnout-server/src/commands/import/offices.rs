//! `import offices`: a list of election offices from files.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use clap::Args;
use serde_json::{Deserializer, Value, json};
use turnout_core::{
    address::State,
    official::{
        Complaint, ListDraft, OfficeList,
        sync::{self, SyncOptions, Synced, Tally},
    },
};

use super::{configured, put_generated, shown, state, table, wired};
use crate::{commands::progress::Bar, config::Config};

/// How many values that were left out are shown.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub(in crate::commands) struct Offices {
    /// JSON in the shape of US Vote Foundation (regions, and offices with their addresses; whole, or page after page), or
    /// CSV with its names as columns, an address a row. Several files are one list.
    #[arg(required_unless_present = "fetch", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Fetches the list from US Vote Foundation instead, by USVOTEFOUNDATION_KEY.
    #[arg(long, conflicts_with = "files")]
    fetch: bool,
    /// The list has only these states: nothing of others is touched.
    #[arg(long = "state", value_name = "CODE", value_parser = state, value_delimiter = ',')]
    states: Vec<State>,
    /// Says what would be done, row by row, and does nothing.
    #[arg(long)]
    dry_run: bool,
    /// Takes the list although it lacks much: more than 5 % of what there is, in all or of a state, more than half of a
    /// state, or records that the supplier counts.
    #[arg(long)]
    accept_losses: bool,
    /// The summary as JSON, with which region each generated one became.
    #[arg(long)]
    json: bool,
}

/// A list that was read, or what is wrong with it.
type Read = Result<OfficeList, Vec<Complaint>>;
/// What taking over a list did, and the list.
type Taken = (Synced, OfficeList);

impl Offices {
    /// The whole list, fetched.
    pub(in crate::commands) fn fetched(dry_run: bool, accept_losses: bool) -> Self {
        Self { files: Vec::new(), fetch: true, states: Vec::new(), dry_run, accept_losses, json: false }
    }

    /// Takes it over, and says what came of it.
    pub(in crate::commands) fn run(&self) -> anyhow::Result<ExitCode> {
        let read = if self.fetch { None } else { Some(self.read()?.check()) };
        if let Some(Err(complaints)) = &read {
            return Ok(refuse(complaints));
        }
        let config = configured()?;
        ensure!(!self.fetch || config.officials.is_some(), "fetching the list needs USVOTEFOUNDATION_KEY");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let taken = runtime.block_on(self.take_over(&config, read))?;
        let (synced, list) = match taken {
            Ok(taken) => taken,
            Err(complaints) => return Ok(refuse(&complaints)),
        };
        if self.json {
            println!("{:#}", as_json(&synced, &list, self.dry_run));
        } else {
            print!("{}", as_text(&synced, &list, self.dry_run));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What taking over the list did, and the list; or all complaints about one that was fetched.
    async fn take_over(
        &self,
        config: &Config,
        read: Option<Read>,
    ) -> anyhow::Result<Result<Taken, Vec<Complaint>>> {
        let wired = wired(config).await?;
        let list = match read {
            Some(list) => list,
            None => {
                let bar = Bar::turning("fetching the list");
                let draft = wired.app.officials.fetch().await.context("nothing was imported")?;
                bar.end();
                draft.check()
            }
        };
        let list = match list {
            Ok(list) => list,
            Err(complaints) => return Ok(Err(complaints)),
        };
        if !self.dry_run {
            // what the list's regions take the place of
            put_generated(&wired, &wired.regions.finder()).await?;
        }
        let states: BTreeSet<State> = self.states.iter().copied().collect();
        let options = SyncOptions {
            states: (!states.is_empty()).then_some(states),
            dry_run: self.dry_run,
            accept_losses: self.accept_losses,
        };
        let bar = Bar::turning("taking over the list");
        let synced = sync::take_over(&wired.app, &list, &options).await.context(
            "nothing was imported; --accept-losses takes a list that lacks much, --state one of some states",
        )?;
        bar.end();
        wired.rows.close().await;
        Ok(Ok((synced, list)))
    }

    /// The list out of all files.
    fn read(&self) -> anyhow::Result<ListDraft> {
        let mut draft = ListDraft::default();
        let mut bar = Bar::of(self.files.len(), "reading");
        for path in &self.files {
            bar.step(&shown(path));
            let bytes = fs::read(path)
                .with_context(|| format!("{} cannot be read: is the name right?", path.display()))?;
            read_file(&mut draft, path, &bytes);
        }
        bar.end();
        Ok(draft)
    }
}

/// Says everything that is wrong with the list.
fn refuse(complaints: &[Complaint]) -> ExitCode {
    eprintln!("Nothing was imported. What is wrong with the list, {} in all:", complaints.len());
    complaints.iter().for_each(|complaint| eprintln!("  {complaint}"));
    ExitCode::FAILURE
}

fn read_file(draft: &mut ListDraft, path: &Path, bytes: &[u8]) {
    let name = shown(path);
    let begin = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(begin, Some(b'{' | b'[')) {
        read_json(draft, &name, bytes);
    } else {
        table::read(draft, &name, bytes);
    }
}

/// One value, or pages one after the other.
fn read_json(draft: &mut ListDraft, name: &str, bytes: &[u8]) {
    for (at, page) in (1..).zip(Deserializer::from_slice(bytes).into_iter::<Value>()) {
        let place = if at == 1 { name.to_owned() } else { format!("{name}, page {at}") };
        match page {
            Ok(page) => draft.read(&place, &page),
            Err(error) => return draft.complain(&place, &format!("this is no JSON: {error}")),
        }
    }
}

fn rows(synced: &Synced) -> [(&'static str, Tally); 3] {
    [("regions", synced.regions), ("offices", synced.offices), ("addresses", synced.addresses)]
}

fn as_text(synced: &Synced, list: &OfficeList, dry_run: bool) -> String {
    let mut text = String::new();
    if dry_run {
        for difference in &synced.differences {
            writeln!(text, "{difference}").expect("text takes text");
        }
    }
    writeln!(text, "{:<10}{:>8}{:>9}{:>11}{:>7}", "", "added", "changed", "unchanged", "gone")
        .expect("text takes text");
    for (name, tally) in rows(synced) {
        let Tally { added, changed, unchanged, gone } = tally;
        writeln!(text, "{name:<10}{added:>8}{changed:>9}{unchanged:>11}{gone:>7}").expect("text takes text");
    }
    let replaced = synced.replaced.len();
    if replaced > 0 {
        let alone = synced.replaced.iter().filter(|(_, new)| new.is_none()).count();
        writeln!(
            text,
            "{replaced} generated regions gave way; {alone} of them to none of the list in particular \
             (--json names all)."
        )
        .expect("text takes text");
    }
    if list.of_territories > 0 {
        writeln!(text, "{} regions and offices of territories were left out.", list.of_territories)
            .expect("text takes text");
    }
    for complaint in list.left_out.iter().take(SHOWN) {
        writeln!(text, "{complaint}").expect("text takes text");
    }
    if let more @ 1.. = list.left_out.len().saturating_sub(SHOWN) {
        writeln!(text, "… and {more} more values were left out (--json has all).").expect("text takes text");
    }
    if dry_run {
        text += "Nothing was written: this was a dry run.\n";
    }
    text
}

fn as_json(synced: &Synced, list: &OfficeList, dry_run: bool) -> Value {
    let tally = |tally: Tally| {
        let Tally { added, changed, unchanged, gone } = tally;
        json!({ "added": added, "changed": changed, "unchanged": unchanged, "gone": gone })
    };
    let replaced: Vec<Value> =
        synced.replaced.iter().map(|(old, new)| json!({ "generated": old, "region": new })).collect();
    let left_out: Vec<String> = list.left_out.iter().map(ToString::to_string).collect();
    json!({
        "dry_run": dry_run,
        "regions": tally(synced.regions),
        "offices": tally(synced.offices),
        "addresses": tally(synced.addresses),
        "replaced": replaced,
        "of_territories": list.of_territories,
        "left_out": left_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_one_after_the_other_are_one_list_and_broken_ones_are_named() {
        let page = |id: i64| json!({"objects": [{"id": id, "region_name": "A", "state_abbr": "MA"}]});
        let mut draft = ListDraft::default();
        read_file(&mut draft, Path::new("x/pages.json"), format!(" {}\n{}", page(1), page(2)).as_bytes());
        assert_eq!(draft.check().expect("a list").regions.len(), 2);
        let mut draft = ListDraft::default();
        read_file(&mut draft, Path::new("x/pages.json"), format!("{}\n{{\"objects\": [", page(1)).as_bytes());
        let complaints = draft.check().expect_err("a complaint");
        assert!(
            complaints[0].to_string().starts_with("pages.json, page 2: this is no JSON: EOF"),
            "{complaints:?}"
        );
    }
}
