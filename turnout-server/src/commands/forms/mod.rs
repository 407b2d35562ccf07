//! `forms check`, `forms show`, `forms preview`, `forms install`.
//!
//! Files that nobody has looked at yet are compiled in processes of their own, under limits: `examine`. What is in the
//! forms folder already is trusted.

mod check;
mod examine;
mod install;
mod preview;
mod show;
mod signature;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use turnout_core::{absentee::SubmissionType, address::State};
use turnout_pdf::FormLibrary;

use super::settings;
use crate::config::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Says everything that is wrong with a forms folder, at once.
    ///
    /// Compiles each PDF in a process of its own, with limits on time and memory, and compares the fields with the
    /// states' questions and with what we fill in.
    #[command(
        after_help = "Exit codes: 0 nothing is wrong; 1 something would not be printed, or printed wrongly; \
                            3 the folder cannot be used."
    )]
    Check(check::Check),
    /// Shows what there is for a state: its documents, its questions, and what goes onto its form by itself.
    Show(show::Show),
    /// Fills a state's form for nobody and writes the PDF.
    Preview(preview::Preview),
    /// Fills a state's ballot request for nobody with a signature, to see where it lands, and writes the PDF.
    SignatureSample(signature::SignatureSample),
    /// Puts a new forms folder in the place of the present one, at once, after a look at previews.
    ///
    /// Run it once to check the folder and to have every form that is new or has changed filled for nobody. Look at
    /// the previews. Run it again with the code that the first run printed: the folder then takes the place of the
    /// present one in one step, and the present one is kept beside it. Servers take it within seconds.
    #[command(
        after_help = "Exit codes: 0 done; 1 something went wrong, and nothing was changed; 3 the new folder \
                            cannot be used."
    )]
    Install(install::Install),
    /// Compiles one PDF under limits and says what it is like. For `check` and `install`.
    #[command(hide = true)]
    Examine(examine::Examine),
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(check) => check.run(),
        Command::Show(show) => show.run(),
        Command::Preview(preview) => preview.run(),
        Command::SignatureSample(sample) => sample.run(),
        Command::Install(install) => install.run(),
        Command::Examine(examine) => examine.run(),
    }
}

/// The folder cannot be used.
const UNUSABLE: u8 = 3;

#[derive(Debug, Args)]
struct From {
    /// The forms folder. Without it, the one of TURNOUT_FORMS_DIR; without that, the built-in samples.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl From {
    fn library(&self) -> anyhow::Result<FormLibrary> {
        let folder = match &self.dir {
            Some(folder) => Some(folder.clone()),
            None => configured()?,
        };
        Ok(FormLibrary::open(folder.as_deref())?)
    }
}

/// The folder of TURNOUT_FORMS_DIR, whatever else is wrong with the settings.
fn configured() -> anyhow::Result<Option<PathBuf>> {
    Ok(settings(Role::Serve)?.0.forms)
}

/// A state or the District of Columbia, by its postal code in any case.
fn state(code: &str) -> Result<State, String> {
    State::parse(&code.to_ascii_uppercase())
        .ok_or_else(|| "a postal code is expected: AL, AK, AZ … WY".to_owned())
}

/// Which packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Packet {
    /// Ballot request to print at home: cover, form, envelope.
    SelfPrint,
    /// Ballot request e-mailed to the election office: the signed form.
    LeoEmail,
    /// Ballot request faxed to the election office: fax cover, signed form.
    LeoFax,
    /// Ballot request printed by the mail house: letter, form.
    PrintAndForward,
    /// Registration to print at home: cover, form.
    Registration,
    /// Registration printed by the mail house: letter, form, blank form.
    RegistrationMail,
    /// Blank registration forms for who moved, printed by the mail house: letter, form, form.
    BlankForms,
}

impl Packet {
    fn way(self) -> Option<SubmissionType> {
        match self {
            Self::SelfPrint => Some(SubmissionType::SelfPrint),
            Self::LeoEmail => Some(SubmissionType::LeoEmail),
            Self::LeoFax => Some(SubmissionType::LeoFax),
            Self::PrintAndForward => Some(SubmissionType::PrintAndForward),
            Self::Registration | Self::RegistrationMail | Self::BlankForms => None,
        }
    }
}

/// Writes a file, and the folder it lies in.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    use anyhow::Context as _;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}

/// `1 page`, `2 pages`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Appends a text, broken into lines of a terminal; all but the first begin further in.
fn indented(text: &mut String, words: &str, depth: usize, further: usize) {
    const WIDTH: usize = 100;
    let mut line = " ".repeat(depth);
    let mut begun = false;
    for word in words.split(' ').filter(|word| !word.trim().is_empty()).map(str::trim) {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = " ".repeat(depth + further);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    text.push_str(&line);
    text.push('\n');
}
