//! `election replace`.

use std::process::ExitCode;

use anyhow::{anyhow, bail};
use clap::Subcommand;
use turnout_core::{
    App,
    election::{ReplaceError, Replacement, find_to_replace, replace},
    problems::Problem,
};

use super::over_rows;

/// So many characters of a fact are shown around what is replaced.
const AROUND: usize = 30;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows where a text stands in facts about states that are Markdown or a URL, and what they would say; puts another in
    /// its place with --apply. Capital and small letters differ.
    Replace {
        /// The text that is looked for.
        old: String,
        /// The text in its place.
        new: String,
        /// Does it: in all of them, or in none where one could not say that.
        #[arg(long)]
        apply: bool,
    },
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Replace { old, new, apply } = command;
    over_rows::print(async |app, _| exchange(app, old, new, *apply).await)
}

async fn exchange(app: &App, old: &str, new: &str, apply: bool) -> anyhow::Result<String> {
    let seen = find_to_replace(app, old, new).await.map_err(explained)?;
    if seen.facts.is_empty() {
        return Ok("No fact says that: nothing to replace. Capital and small letters differ.\n".to_owned());
    }
    let shown = shown(&seen);
    if !seen.is_good() {
        bail!("{shown}\nNot all of them could say that; nothing was changed");
    }
    let count = format!("{} times in {} facts", seen.occurrences(), seen.facts.len());
    if !apply {
        return Ok(format!("{shown}\n{count}. Nothing was changed: --apply does it.\n"));
    }
    let done = replace(app, None, old, new, Some(&seen.seal)).await.map_err(explained)?;
    Ok(format!("{shown}\nReplaced: {} times in {} facts.\n", done.occurrences(), done.facts.len()))
}

fn explained(error: ReplaceError) -> anyhow::Error {
    match error {
        ReplaceError::Wrong(problems) => {
            let said = |(field, all): (&str, Vec<&Problem>)| {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                format!("{field}: {}", all.join(" "))
            };
            anyhow!("{}", problems.iter().map(said).collect::<Vec<_>>().join("\n"))
        }
        ReplaceError::Unfit(_) => anyhow!("not all of the facts could say that; nothing was changed"),
        ReplaceError::Overtaken(_) => {
            anyhow!("the facts were changed meanwhile; nothing was changed: run it again and look anew")
        }
        ReplaceError::Store(error) => error.into(),
    }
}

fn shown(replacement: &Replacement) -> String {
    let rows: Vec<[String; 4]> = replacement
        .facts
        .iter()
        .map(|it| {
            let wrong = it.complaint.as_ref().map(|problem| format!("  NO: {problem}"));
            let after = format!("{}{}", near(&it.after, &replacement.new), wrong.unwrap_or_default());
            [it.state.code().to_owned(), it.slug.clone(), it.occurrences.to_string(), after]
        })
        .collect();
    over_rows::table(["STATE", "FACT", "TIMES", "IT WOULD SAY"], &rows)
}

/// The text around its first occurrence, in one line.
fn near(text: &str, part: &str) -> String {
    let at = text.find(part).unwrap_or(0);
    let before: Vec<char> = text[..at].chars().rev().take(AROUND).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = text[at..].chars().take(part.chars().count() + AROUND).collect();
    let line = format!("{before}{after}");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
