//! `forms install`: a new folder in the place of the present one.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use sha2::{Digest as _, Sha256};
use turnout_core::{address::State, mover::LETTERS};
use turnout_pdf::{
    Document, Folder, FormLibrary,
    check::{Weight, check},
};

use super::{
    Packet, UNUSABLE,
    check::{report, summary},
    configured, counted, examine, preview, write,
};

#[derive(Debug, Args)]
pub(in crate::commands) struct Install {
    /// The new forms folder, whole: what it lacks will be gone.
    dir: PathBuf,
    /// The folder to replace. Without it, the one of TURNOUT_FORMS_DIR.
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Where to put the previews.
    #[arg(long, value_name = "FOLDER", default_value = "forms-preview")]
    previews: PathBuf,
    /// Replaces the folder. The code is that of the run that made the previews, and says that they were looked at.
    #[arg(long, value_name = "CODE")]
    confirm: Option<String>,
}

impl Install {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let target = match &self.to {
            Some(folder) => folder.clone(),
            None => {
                configured()?.context("name the folder to replace: set TURNOUT_FORMS_DIR, or use --to")?
            }
        };
        let target = resolved(&target)?;
        let folder = Folder::read(&self.dir)?;
        let findings = check(&folder, &examine::all(&folder)?);
        print!("{}", report(&findings, false));
        println!("{}", summary(&folder, &findings));
        if findings.iter().any(|finding| finding.weight == Weight::Broken) {
            eprintln!("turnout-server: the new folder cannot be used; nothing was changed");
            return Ok(ExitCode::from(UNUSABLE));
        }
        let new = Tree::of(&folder);
        let code = new.code();
        if let Some(given) = &self.confirm {
            ensure!(
                *given == code,
                "the code {given} is not that of the folder as it is now, {code}: look at new previews first"
            );
            let kept = replace(&new, &target)?;
            println!("\nInstalled in {}.", target.display());
            if let Some(kept) = kept {
                println!("What was there before is kept in {}.", kept.display());
            }
            println!("Servers take it within seconds.");
            return Ok(ExitCode::SUCCESS);
        }
        let present = Folder::read(&target).unwrap_or_default();
        let changes = Changes::between(&present, &folder);
        print!("\n{changes}");
        let previews = changes.previews(&folder);
        let library = FormLibrary::open(Some(&self.dir))?;
        // previews of another folder are not among them
        let shown = self.previews.join(&code);
        for (name, (state, packet, tracker)) in &previews {
            let filled = preview::filled(&library, *state, *packet, *tracker);
            let filled = filled.with_context(|| format!("no preview of {name}"))?;
            write(&shown.join(name), &filled.pdf)?;
        }
        let to = self.to.as_ref().map(|to| format!(" --to {}", to.display())).unwrap_or_default();
        println!(
            "\n{} in {}. Look at them; then:\n\n  turnout-server forms install {}{to} --confirm {code}",
            counted(previews.len(), "preview"),
            shown.display(),
            self.dir.display()
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// The folder behind links, if there is one.
fn resolved(target: &Path) -> anyhow::Result<PathBuf> {
    match fs::canonicalize(target) {
        Ok(target) if target.is_dir() => Ok(target),
        Ok(_) => bail!("{} is no folder", target.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(std::path::absolute(target)?),
        Err(error) => Err(error).with_context(|| format!("{} cannot be looked at", target.display())),
    }
}

/// The files that a library reads, by their place; nothing else is installed.
struct Tree {
    files: BTreeMap<String, Arc<[u8]>>,
}

impl Tree {
    fn of(folder: &Folder) -> Self {
        let documents = folder.documents().map(|(document, pdf)| (document.to_string(), Arc::clone(pdf)));
        let questions = folder
            .metadata()
            .map(|(state, metadata)| (format!("absentee/states/{state}.yml"), Arc::clone(&metadata.file)));
        let fonts = folder.fonts().map(|(place, font)| (place.to_owned(), font.bytes().into()));
        Self { files: documents.chain(questions).chain(fonts).collect() }
    }

    /// Stands for exactly these files.
    fn code(&self) -> String {
        let mut digest = Sha256::new();
        for (place, bytes) in &self.files {
            for part in [place.as_bytes(), bytes] {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        }
        hex::encode(&digest.finalize()[..4])
    }

    /// Writes the files into a new folder, for good.
    fn write(&self, root: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(root)?;
        for (place, bytes) in &self.files {
            let path = root.join(place);
            write(&path, bytes)?;
            File::open(&path)?.sync_all()?;
        }
        for folder in ["absentee/states", "absentee", "register", "fonts", ""] {
            let folder = root.join(folder);
            if folder.is_dir() {
                File::open(folder)?.sync_all()?;
            }
        }
        Ok(())
    }
}

/// Puts the files in the place of a folder in one step. Returns where what was there is kept.
fn replace(new: &Tree, target: &Path) -> anyhow::Result<Option<PathBuf>> {
    let (Some(above), Some(name)) = (target.parent(), target.file_name()) else {
        bail!("{} cannot be replaced", target.display());
    };
    fs::create_dir_all(above).with_context(|| format!("{} cannot be made", above.display()))?;
    let beside = |ending: &str| target.with_file_name(format!(".{}.{ending}", name.to_string_lossy()));
    let above = File::open(above)?;
    above.try_lock().ok().context("somebody else is installing just now")?;
    let (staged, kept) = (beside("new"), beside("before"));
    // what a run that was stopped has left
    remove(&staged)?;
    new.write(&staged).with_context(|| format!("{} cannot be written", staged.display()))?;
    let there = target.exists();
    if there {
        exchange(&staged, target).with_context(|| {
            format!(
                "{} cannot be replaced: if something is mounted there, name a folder within it",
                target.display()
            )
        })?;
        remove(&kept)?;
        fs::rename(&staged, &kept)?;
    } else {
        fs::rename(&staged, target)?;
    }
    above.sync_all()?;
    Ok(there.then_some(kept))
}

/// Lets two folders change places: whoever looks finds one or the other.
fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

fn remove(path: &Path) -> anyhow::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} is in the way", path.display()))
        }
        _ => Ok(()),
    }
}

/// What a new folder changes.
struct Changes {
    added: Vec<Document>,
    changed: Vec<Document>,
    gone: Vec<Document>,
    /// States with other questions, and in a word what became of them.
    questions: BTreeMap<State, &'static str>,
}

impl Changes {
    fn between(before: &Folder, after: &Folder) -> Self {
        let documents = || after.documents().map(|(document, _)| document);
        let states = after.metadata().chain(before.metadata()).map(|(state, _)| state);
        let questions = states.filter_map(|state| {
            let word = match (before.state_form(state), after.state_form(state)) {
                (None, Some(_)) => "new",
                (Some(_), None) => "gone",
                (before, after) if before != after => "changed",
                _ => return None,
            };
            Some((state, word))
        });
        let is_other = |document: &Document| {
            before.document(*document).is_some_and(|pdf| after.document(*document) != Some(pdf))
        };
        Self {
            added: documents().filter(|document| before.document(*document).is_none()).collect(),
            changed: documents().filter(is_other).collect(),
            gone: before.documents().map(|(it, _)| it).filter(|it| after.document(*it).is_none()).collect(),
            questions: questions.collect(),
        }
    }

    /// A preview for everything that is new or has changed: its name, and what is filled.
    fn previews(&self, folder: &Folder) -> BTreeMap<String, Filling> {
        let questions = self.questions.keys().map(|state| Document::Request(*state));
        let documents = self.added.iter().chain(&self.changed).copied().chain(questions);
        documents.flat_map(|document| previews_of(document, folder)).collect()
    }
}

/// What is filled for a preview: a packet of a state, with or without a ballot tracker.
type Filling = (State, Packet, bool);

/// The previews that show a document.
fn previews_of(document: Document, folder: &Folder) -> Vec<(String, Filling)> {
    let first = folder.documents().find_map(|(document, _)| document.state());
    let general = State::ALL
        .iter()
        .copied()
        .find(|state| folder.document(Document::RegistrationLetterOf(*state)).is_none());
    let (first_or_any, general) = (first.unwrap_or(State::ALL[0]), general.unwrap_or(State::ALL[0]));
    // a sheet around ballot requests is shown with the first form that there is
    let sheet = |name: &str, packet, tracker| match first {
        Some(state) => vec![(format!("{name}.pdf"), (state, packet, tracker))],
        None => Vec::new(),
    };
    let one = |name: String, state, packet| vec![(format!("{name}.pdf"), (state, packet, true))];
    match document {
        Document::RegistrationCover | Document::RegistrationForm => {
            one("registration".to_owned(), first_or_any, Packet::Registration)
        }
        Document::RegistrationLetter | Document::RegistrationMailForm => {
            one("registration-mail".to_owned(), general, Packet::RegistrationMail)
        }
        Document::RegistrationLetterOf(state) => {
            one(format!("registration-mail-{state}"), state, Packet::RegistrationMail)
        }
        Document::RequestCover | Document::Envelope => sheet("cover-and-envelope", Packet::SelfPrint, true),
        Document::FaxCover => sheet("fax-cover", Packet::LeoFax, true),
        Document::RequestLetter => sheet("letter", Packet::PrintAndForward, true),
        Document::RequestLetterNoTracker => sheet("letter-no-tracker", Packet::PrintAndForward, false),
        Document::Request(state) if folder.document(document).is_some() => {
            let mut previews = one(format!("{state}-self-print"), state, Packet::SelfPrint);
            if folder.state_form(state).is_some_and(|form| !form.signatures.is_empty()) {
                previews.extend(one(format!("{state}-leo-email"), state, Packet::LeoEmail));
            }
            previews
        }
        Document::RequestMailForm(state) => {
            one(format!("{state}-print-and-forward"), state, Packet::PrintAndForward)
        }
        Document::BlankFormsCover(points) => match LETTERS.iter().find(|rule| rule.points == points) {
            Some(rule) => one(format!("blank-forms-{points}pt"), rule.state, Packet::BlankForms),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [("new", &self.added), ("changed", &self.changed), ("gone", &self.gone)];
        for (word, documents) in lists {
            for document in documents {
                writeln!(f, "{word:<8} {document}")?;
            }
        }
        for (state, word) in &self.questions {
            writeln!(f, "{word:<8} absentee/states/{state}.yml")?;
        }
        if lists.iter().all(|(_, documents)| documents.is_empty()) && self.questions.is_empty() {
            writeln!(f, "Nothing is new.")?;
        }
        Ok(())
    }
}
