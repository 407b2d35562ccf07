//! The forms folder: which files it has, what each is for, and the states' metadata.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use turnout_core::{absentee::StateForm, address::State};

use crate::{Error, Typeface, compile::MAX_FILE, yaml};

/// The most files that are looked at. The real folders have about 120.
const MAX_FILES: usize = 1_000;

/// What the states' files look like, for editors; lies beside them and is not read.
const SCHEMA: &str = "absentee/states.schema.json";

/// What a document of the folder is for, by its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Document {
    /// `register/cover.pdf`
    RegistrationCover,
    /// `register/eac-nvra.pdf`
    RegistrationForm,
    /// `register/print-and-forward-cover.pdf`
    RegistrationLetter,
    /// `register/print-and-forward-cover-XX.pdf`
    RegistrationLetterOf(State),
    /// `register/print-and-forward-eac-nvra.pdf`
    RegistrationMailForm,
    /// `register/blank-register-forms-cover-NNpt.pdf`, in points.
    BlankFormsCover(u8),
    /// `absentee/cover.pdf`
    RequestCover,
    /// `absentee/envelope.pdf`
    Envelope,
    /// `absentee/fax-cover.pdf`
    FaxCover,
    /// `absentee/print-and-forward-cover.pdf`, which says where the ballot is tracked.
    RequestLetter,
    /// `absentee/print-and-forward-cover-notracker.pdf`
    RequestLetterNoTracker,
    /// `absentee/states/XX.pdf`
    Request(State),
    /// `absentee/states/XX-print-and-forward.pdf`
    RequestMailForm(State),
}

impl Document {
    /// The document at a place; nothing where none is looked for.
    #[must_use]
    pub fn at(place: &str) -> Option<Self> {
        let state = |code: &str| State::parse(code).filter(|state| !state.is_territory());
        if let Some(name) = place.strip_prefix("absentee/states/").and_then(|name| name.strip_suffix(".pdf"))
        {
            return match name.strip_suffix("-print-and-forward") {
                Some(code) => state(code).map(Self::RequestMailForm),
                None => state(name).map(Self::Request),
            };
        }
        if let Some(name) = place.strip_prefix("register/print-and-forward-cover-") {
            return State::parse(name.strip_suffix(".pdf")?).map(Self::RegistrationLetterOf);
        }
        Some(match place {
            "register/cover.pdf" => Self::RegistrationCover,
            "register/eac-nvra.pdf" => Self::RegistrationForm,
            "register/print-and-forward-cover.pdf" => Self::RegistrationLetter,
            "register/print-and-forward-eac-nvra.pdf" => Self::RegistrationMailForm,
            "register/blank-register-forms-cover-10pt.pdf" => Self::BlankFormsCover(10),
            "register/blank-register-forms-cover-9pt.pdf" => Self::BlankFormsCover(9),
            "register/blank-register-forms-cover-8pt.pdf" => Self::BlankFormsCover(8),
            "absentee/cover.pdf" => Self::RequestCover,
            "absentee/envelope.pdf" => Self::Envelope,
            "absentee/fax-cover.pdf" => Self::FaxCover,
            "absentee/print-and-forward-cover.pdf" => Self::RequestLetter,
            "absentee/print-and-forward-cover-notracker.pdf" => Self::RequestLetterNoTracker,
            _ => return None,
        })
    }

    /// The state whose ballot request form it is.
    #[must_use]
    pub fn state(self) -> Option<State> {
        match self {
            Self::Request(state) | Self::RequestMailForm(state) => Some(state),
            _ => None,
        }
    }
}

/// Its place in the folder.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RegistrationCover => f.write_str("register/cover.pdf"),
            Self::RegistrationForm => f.write_str("register/eac-nvra.pdf"),
            Self::RegistrationLetter => f.write_str("register/print-and-forward-cover.pdf"),
            Self::RegistrationLetterOf(state) => write!(f, "register/print-and-forward-cover-{state}.pdf"),
            Self::RegistrationMailForm => f.write_str("register/print-and-forward-eac-nvra.pdf"),
            Self::BlankFormsCover(size) => write!(f, "register/blank-register-forms-cover-{size}pt.pdf"),
            Self::RequestCover => f.write_str("absentee/cover.pdf"),
            Self::Envelope => f.write_str("absentee/envelope.pdf"),
            Self::FaxCover => f.write_str("absentee/fax-cover.pdf"),
            Self::RequestLetter => f.write_str("absentee/print-and-forward-cover.pdf"),
            Self::RequestLetterNoTracker => f.write_str("absentee/print-and-forward-cover-notracker.pdf"),
            Self::Request(state) => write!(f, "absentee/states/{state}.pdf"),
            Self::RequestMailForm(state) => write!(f, "absentee/states/{state}-print-and-forward.pdf"),
        }
    }
}

/// A state's metadata as its file has it.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// The file.
    pub file: Arc<[u8]>,
    /// What it says, or every mistake it has.
    pub form: Result<Arc<StateForm>, Vec<String>>,
}

/// A forms folder, read as a whole: later changes of its files do not touch it.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    documents: BTreeMap<Document, Arc<[u8]>>,
    metadata: BTreeMap<State, Metadata>,
    /// With their places.
    fonts: Vec<(String, Typeface)>,
    strays: Vec<String>,
}

impl Folder {
    /// Reads a folder. Whether its forms are what they should be is not looked at, but for their size.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read or is too large, or a font cannot be used.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut folder = Self::default();
        for file in files(path)? {
            folder.add(path, &file)?;
        }
        Ok(folder)
    }

    /// Reads one more file of the folder.
    pub(crate) fn add(&mut self, root: &Path, file: &Found) -> Result<(), Error> {
        let place = file.path.strip_prefix(root).unwrap_or(&file.path).to_string_lossy().replace('\\', "/");
        let read = || -> Result<Vec<u8>, Error> {
            let size = usize::try_from(file.size).unwrap_or(usize::MAX);
            let limit = if is_font(&place) { MAX_FONT } else { MAX_FILE };
            if size > limit {
                return Err(Error::TooMuch { what: "bytes", found: size, limit }.of(&place));
            }
            std::fs::read(&file.path).map_err(|source| Error::File { path: file.path.clone(), source })
        };
        if let Some(document) = Document::at(&place) {
            self.documents.insert(document, read()?.into());
        } else if let Some(state) = metadata_of(&place) {
            let file: Arc<[u8]> = read()?.into();
            let form = match std::str::from_utf8(&file) {
                Ok(text) => yaml::read(text).map(Arc::new),
                Err(_) => Err(vec!["is no text in UTF-8".to_owned()]),
            };
            self.metadata.insert(state, Metadata { file, form });
        } else if is_font(&place) {
            let font = Typeface::read(read()?).map_err(|error| error.of(&place))?;
            self.fonts.push((place, font));
        } else if place != SCHEMA {
            self.strays.push(place);
        }
        Ok(())
    }

    /// The documents, in the order of what they are for.
    pub fn documents(&self) -> impl Iterator<Item = (Document, &Arc<[u8]>)> {
        self.documents.iter().map(|(document, pdf)| (*document, pdf))
    }

    /// Lets go of a document.
    pub(crate) fn forget(&mut self, document: Document) {
        self.documents.remove(&document);
    }

    /// One document.
    #[must_use]
    pub fn document(&self, document: Document) -> Option<&Arc<[u8]>> {
        self.documents.get(&document)
    }

    /// The metadata of the states that have a file, by state.
    pub fn metadata(&self) -> impl Iterator<Item = (State, &Metadata)> {
        self.metadata.iter().map(|(state, metadata)| (*state, metadata))
    }

    /// What a state asks; nothing when it has no file, or one with mistakes.
    #[must_use]
    pub fn state_form(&self, state: State) -> Option<&Arc<StateForm>> {
        self.metadata.get(&state)?.form.as_ref().ok()
    }

    /// The fonts for letters that the forms' and the bundled ones lack, with their places, in the order of these.
    pub fn fonts(&self) -> impl Iterator<Item = (&str, &Typeface)> {
        self.fonts.iter().map(|(place, font)| (place.as_str(), font))
    }

    /// The files that nothing asks for.
    pub fn strays(&self) -> impl Iterator<Item = &str> {
        self.strays.iter().map(String::as_str)
    }
}

/// The place of a state's metadata.
pub(crate) fn metadata_place(state: State) -> String {
    format!("absentee/states/{state}.yml")
}

/// Whether a place is that of a font.
fn is_font(place: &str) -> bool {
    let name = place.strip_prefix("fonts/").map(str::to_ascii_lowercase).unwrap_or_default();
    [".ttf", ".otf", ".ttc", ".otc"].iter().any(|ending| name.ends_with(ending))
}

fn metadata_of(place: &str) -> Option<State> {
    let code = place.strip_prefix("absentee/states/")?.strip_suffix(".yml")?;
    State::parse(code).filter(|state| !state.is_territory())
}

/// A file, and what changes when it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

/// The largest font, in bytes: one with all Chinese letters has about 20 million.
const MAX_FONT: usize = 32 << 20;

/// All files of a folder and of the folders in it, sorted; hidden ones are left out.
pub(crate) fn files(root: &Path) -> Result<Vec<Found>, Error> {
    let failed = |path: &Path, source| Error::File { path: path.to_owned(), source };
    let mut found = Vec::new();
    let mut folders = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|source| failed(&folder, source))? {
            let path = entry.map_err(|source| failed(&folder, source))?.path();
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            let about = std::fs::metadata(&path).map_err(|source| failed(&path, source))?;
            if about.is_dir() && depth < 3 {
                folders.push((path, depth + 1));
            } else if about.is_file() {
                found.push(Found { path, size: about.len(), modified: about.modified().ok() });
            }
            if found.len() + folders.len() > MAX_FILES {
                let found = found.len() + folders.len();
                return Err(
                    Error::TooMuch { what: "files", found, limit: MAX_FILES }.of(&root.display().to_string())
                );
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_document_and_its_place_name_one_another() {
        for place in [
            "register/cover.pdf",
            "register/eac-nvra.pdf",
            "register/print-and-forward-cover.pdf",
            "register/print-and-forward-cover-TX.pdf",
            "register/print-and-forward-eac-nvra.pdf",
            "register/blank-register-forms-cover-10pt.pdf",
            "register/blank-register-forms-cover-8pt.pdf",
            "absentee/cover.pdf",
            "absentee/envelope.pdf",
            "absentee/fax-cover.pdf",
            "absentee/print-and-forward-cover.pdf",
            "absentee/print-and-forward-cover-notracker.pdf",
            "absentee/states/GA.pdf",
            "absentee/states/NC-print-and-forward.pdf",
        ] {
            assert_eq!(Document::at(place).unwrap().to_string(), place);
        }
        for place in
            ["cover.pdf", "absentee/states/ga.pdf", "absentee/states/PR.pdf", "absentee/states/GA.txt"]
        {
            assert_eq!(Document::at(place), None, "{place}");
        }
    }

    #[test]
    fn a_folder_is_read_as_it_is_and_hidden_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let states = folder.path().join("absentee/states");
        std::fs::create_dir_all(&states).unwrap();
        for (name, text) in [
            ("GA.pdf", "a form"),
            ("GA.yml", "pages: 1"),
            ("TX.yml", "pages: none"),
            ("NY.yml", "\u{FF}"),
            (".GA.yml.swp", "x"),
            ("notes.txt", "x"),
        ] {
            std::fs::write(states.join(name), text).unwrap();
        }
        std::fs::write(states.join("NY.yml"), b"\xFF").unwrap();
        let read = Folder::read(folder.path()).unwrap();
        assert_eq!(
            read.documents().map(|(document, _)| document).collect::<Vec<_>>(),
            [Document::Request(State::Ga)]
        );
        assert_eq!(read.strays().collect::<Vec<_>>(), ["absentee/states/notes.txt"]);
        assert_eq!(read.state_form(State::Ga).unwrap().pages, 1);
        let mistakes: Vec<usize> =
            read.metadata().map(|(_, it)| it.form.as_ref().map_or_else(Vec::len, |_| 0)).collect();
        assert_eq!(mistakes, [0, 1, 1]);
        assert!(read.state_form(State::Tx).is_none());
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("register")).unwrap();
        let file = std::fs::File::create(folder.path().join("register/cover.pdf")).unwrap();
        file.set_len(MAX_FILE as u64 + 1).unwrap();
        let error = Folder::read(folder.path()).unwrap_err();
        assert!(
            matches!(&error, Error::Document { document, .. } if document == "register/cover.pdf"),
            "{error}"
        );
    }
}
