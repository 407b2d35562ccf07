//! `forms check`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use turnout_pdf::{
    Folder,
    check::{Finding, Weight, check},
};

use super::{UNUSABLE, counted, examine, indented};

#[derive(Debug, Args)]
pub(in crate::commands) struct Check {
    /// The forms folder.
    dir: PathBuf,
    /// Leaves out what is merely worth knowing.
    #[arg(long)]
    no_notes: bool,
}

impl Check {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let folder = match Folder::read(&self.dir) {
            Ok(folder) => folder,
            Err(error) => {
                eprintln!("turnout-server: {:#}", anyhow::Error::from(error));
                return Ok(ExitCode::from(UNUSABLE));
            }
        };
        let findings = check(&folder, &examine::all(&folder)?);
        print!("{}", report(&findings, !self.no_notes));
        println!("{}", summary(&folder, &findings));
        Ok(match findings.iter().map(|finding| finding.weight).min() {
            Some(Weight::Broken) => ExitCode::from(UNUSABLE),
            Some(Weight::Mistake) => ExitCode::FAILURE,
            Some(Weight::Note) | None => ExitCode::SUCCESS,
        })
    }
}

/// What was found, file by file.
pub(super) fn report(findings: &[Finding], with_notes: bool) -> String {
    let mut text = String::new();
    let mut place = "";
    for finding in findings.iter().filter(|finding| with_notes || finding.weight != Weight::Note) {
        if finding.place != place {
            place = &finding.place;
            text += &format!("{place}\n");
        }
        let weight = match finding.weight {
            Weight::Broken => "broken",
            Weight::Mistake => "mistake",
            Weight::Note => "note",
        };
        // the weight stands in a column of its own
        let mut lines = String::new();
        indented(&mut lines, &finding.text, 11, 0);
        text += &format!("  {weight:<8} {}", lines.trim_start());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

pub(super) fn summary(folder: &Folder, findings: &[Finding]) -> String {
    let count = |weight| findings.iter().filter(|finding| finding.weight == weight).count();
    let forms = counted(folder.documents().count(), "PDF");
    let questions = counted(folder.metadata().count(), "file");
    let (broken, mistakes, notes) = (count(Weight::Broken), count(Weight::Mistake), count(Weight::Note));
    let found = if broken + mistakes + notes == 0 {
        "nothing to complain of".to_owned()
    } else {
        format!("{broken} broken, {}, {}", counted(mistakes, "mistake"), counted(notes, "note"))
    };
    format!("{forms} and {questions} of questions: {found}.")
}
