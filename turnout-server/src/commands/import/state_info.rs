//! `import state-info`: facts about states from another server with our API, or from a file of what one says.

use std::{fmt::Write as _, fs, path::Path, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use turnout_core::{
    App,
    election::import::{self, FieldInfo, Imported, StateInfo, StateInfoDraft},
};
use url::Url;

use crate::{
    commands::{over_rows, progress::Bar},
    config::Config,
    providers::{http_client::Reqwest, state_info::StateInfoServer},
};

/// How much of a text is shown on a line.
const SHOWN: usize = 120;

#[derive(Debug, Args)]
pub(in crate::commands) struct StateInformation {
    /// Where the server is, such as https://api.example.org, or a file of JSON: what its `/v1/election/field/` or
    /// `/v1/election/state/` says, or both as `{"fields": […], "states": […]}`. STATE_INFO_URL where nothing is said.
    #[arg(value_name = "URL|FILE")]
    from: Option<String>,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
}

impl StateInformation {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        over_rows::print(async |app, config| self.take_over(app, config).await)
    }

    async fn take_over(&self, app: &App, config: &Config) -> anyhow::Result<String> {
        let from = self.from.clone().unwrap_or_else(|| config.publishing.state_info.to_string());
        let draft = match address(&from) {
            Some(base) => fetched(base).await.with_context(|| format!("nothing was imported from {from}"))?,
            None => read(Path::new(&from))?,
        };
        let info: StateInfo = match draft.check() {
            Ok(info) => info,
            Err(complaints) => {
                bail!("nothing was imported, as this cannot be read:\n  {}", complaints.join("\n  "))
            }
        };
        let bar = Bar::turning("taking over the facts");
        let imported = import::take_over(app, &info, &from, self.dry_run).await;
        bar.end();
        Ok(as_text(&imported.context("nothing was imported")?, self.dry_run))
    }
}

/// What begins as an address of the web does.
fn address(text: &str) -> Option<Url> {
    let is_address = text.starts_with("http://") || text.starts_with("https://");
    Url::parse(text).ok().filter(|_| is_address)
}

async fn fetched(base: Url) -> anyhow::Result<StateInfoDraft> {
    let server = StateInfoServer::new(Arc::new(Reqwest::new()?), base);
    let mut bar = Bar::of(StateInfoServer::lists(), "fetching");
    let fetched = server.fetch(|path| bar.step(path)).await;
    bar.end();
    Ok(fetched?)
}

fn read(path: &Path) -> anyhow::Result<StateInfoDraft> {
    let bytes = fs::read(path);
    let bytes = bytes.with_context(|| format!("{} cannot be read: is the name right?", path.display()))?;
    let json = serde_json::from_slice(&bytes);
    let json = json.with_context(|| format!("nothing was imported, as {} is no JSON", path.display()))?;
    ensure!(json != serde_json::json!([]), "nothing was imported, as {} is empty", path.display());
    let mut draft = StateInfoDraft::default();
    draft.read(&super::shown(path), &json);
    Ok(draft)
}

fn as_text(imported: &Imported, dry_run: bool) -> String {
    let mut text = String::new();
    let field =
        |it: &FieldInfo| format!("{} ({})", it.name, it.format.map_or("plain text", |format| format.label()));
    for change in &imported.fields {
        let before = change.before.as_ref().map(field);
        lines(&mut text, &format!("kind of fact {}", change.slug), before.as_deref(), &field(&change.after));
    }
    for change in &imported.facts {
        let what = format!("{} {}", change.state.code(), change.slug);
        lines(&mut text, &what, change.before.as_deref(), &change.after);
    }
    for left in &imported.left_out {
        writeln!(text, "! {left} It stays as it is here.").expect("text takes text");
    }
    let Imported { fields, facts, left_out, unchanged, only_here } = imported;
    let (fields, facts, left_out) = (fields.len(), facts.len(), left_out.len());
    writeln!(
        text,
        "{fields} kinds of facts and {facts} facts new or changed, {unchanged} facts unchanged, {left_out} left out, \
         {only_here} only here."
    )
    .expect("text takes text");
    if dry_run {
        text += "Nothing was written: this was a dry run.\n";
    }
    text
}

/// What there was and what there is, on a line each.
fn lines(text: &mut String, what: &str, before: Option<&str>, after: &str) {
    writeln!(text, "{} {what}", if before.is_some() { '~' } else { '+' }).expect("text takes text");
    for (sign, said) in before.map(|before| ('-', before)).into_iter().chain([('+', after)]) {
        writeln!(text, "    {sign} {}", short(said)).expect("text takes text");
    }
}

/// As much of a text as goes on a line.
fn short(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &flat[..end]),
        None => flat,
    }
}
