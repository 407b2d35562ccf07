//! `messages check` and `messages preview`: whether translations are whole and fresh, and everything we say, about
//! nobody. `messages send-test` is in `send_test.rs`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;
use turnout_core::{
    language::Language,
    ports::wording::Wording as _,
    sms::segments::{Segments, suggestions},
    wording::{Flaw, SAMPLE_SENDER, TranslationFlaw, flaws, own_flaws, sample, sample_texts, stamps},
};

#[cfg(feature = "embedded")]
use super::send_test;
use super::settings;
use crate::{
    config::Role,
    locales::{self, OwnLocale},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists sentences whose translation is missing, has other blanks, or is of an English that has changed since.
    #[command(
        after_help = "Exit codes: 0 all translations are whole and fresh; 1 some are not, or something went wrong."
    )]
    Check {
        /// Notes that this language of the folder translates the present English, before looking.
        #[arg(long, value_name = "LANGUAGE")]
        translated: Option<String>,
        #[command(flatten)]
        from: From,
    },
    /// Writes every mail, as HTML and plain text, and all texts in each language, with made-up data, into a folder.
    Preview {
        /// The folder, which is made.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// Only this language.
        #[arg(long)]
        language: Option<String>,
        #[command(flatten)]
        from: From,
    },
    /// Sends every mail, with made-up data, to those who test them, by the mail server that is set.
    #[cfg(feature = "embedded")]
    SendTest(send_test::Arguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct From {
    /// The folder of languages of your own. Without it, the one of TURNOUT_LOCALES_DIR.
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,
}

impl From {
    /// The folder, whatever else is wrong with the settings.
    fn folder(&self) -> anyhow::Result<Option<PathBuf>> {
        match &self.from {
            Some(folder) => Ok(Some(folder.clone())),
            None => Ok(settings(Role::AllInOne)?.0.locales),
        }
    }
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check { translated, from } => {
            let folder = from.folder()?;
            if let Some(tag) = translated {
                note_translated(&locales::read(folder.as_deref())?, tag)?;
            }
            let (found, report) = check(&locales::read(folder.as_deref())?)?;
            print!("{report}");
            Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        #[cfg(feature = "embedded")]
        Command::SendTest(arguments) => send_test::run(arguments),
        Command::Preview { out, language, from } => {
            let count = preview(out, language.as_deref(), from.folder()?.as_deref())?;
            println!(
                "{}: {count} files. Begin with texts.en.txt, or open one of the .html in a browser.",
                out.display()
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Writes the stamps of the present English beside the language's file.
fn note_translated(locales: &[OwnLocale], tag: &str) -> anyhow::Result<()> {
    let locale = locales.iter().find(|it| it.language.to_string().eq_ignore_ascii_case(tag));
    let locale = locale.with_context(|| format!("the folder has no {tag}.ftl"))?;
    let path = locale.path.with_extension("tsv");
    std::fs::write(&path, stamps()).with_context(|| format!("{} cannot be written", path.display()))
}

fn check(locales: &[OwnLocale]) -> anyhow::Result<(Vec<TranslationFlaw>, String)> {
    let mut found = own_flaws();
    let mut report = String::new();
    for locale in locales {
        let tag = locale.language.to_string();
        let of = flaws(&tag, &locale.source, locale.stamps.as_deref())?;
        // a part of a language that is built in need not have the rest
        let is_part = matches!(tag.as_str(), "en" | "es");
        let counts = |it: &TranslationFlaw| !(is_part && it.flaw == Flaw::Missing);
        found.extend(of.into_iter().filter(counts));
        if locale.stamps.is_none() {
            writeln!(
                report,
                "{tag}: no stamps, so nobody knows what is stale: --translated {tag} makes them"
            )?;
        }
    }
    for flaw in &found {
        writeln!(report, "{flaw}")?;
    }
    match found.len() {
        0 => writeln!(report, "All translations are whole.")?,
        1 => writeln!(report, "1 sentence has a flaw.")?,
        count => writeln!(report, "{count} sentences have flaws.")?,
    }
    Ok((found, report))
}

/// Says how many files it wrote.
fn preview(out: &Path, only: Option<&str>, folder: Option<&Path>) -> anyhow::Result<usize> {
    let wording = locales::wording(folder)?;
    let is_wanted = |it: &Language| only.is_none_or(|only| it.to_string().eq_ignore_ascii_case(only));
    let languages: Vec<Language> = wording.languages().into_iter().filter(is_wanted).collect();
    anyhow::ensure!(!languages.is_empty(), "{} is not spoken", only.unwrap_or_default());
    std::fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
    let mut count = 0;
    let mut write = |name: String, content: &str| {
        count += 1;
        let path = out.join(name);
        std::fs::write(&path, content).with_context(|| format!("{} cannot be written", path.display()))
    };
    for language in languages {
        for message in sample() {
            let mail = wording.render(&message, &language)?;
            let (tag, text) = (message.tag(), format!("{}\n\n{}", mail.subject, mail.text));
            write(format!("{tag}.{language}.html"), &mail.html)?;
            write(format!("{tag}.{language}.txt"), &text)?;
        }
        let mut all = String::new();
        for message in sample_texts() {
            let text = wording.text(&message, SAMPLE_SENDER, &language)?.text;
            let Segments { encoding, length, count } = Segments::of(&text);
            writeln!(all, "{} ({encoding:?}, {length}, segments: {count})\n{text}", message.tag())?;
            for suggestion in suggestions(&text) {
                writeln!(all, "fewer segments with {:?} for {}", suggestion.instead, suggestion.sign)?;
            }
            all.push('\n');
        }
        write(format!("texts.{language}.txt"), &all)?;
    }
    Ok(count)
}
