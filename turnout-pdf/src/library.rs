//! The forms that are filled: the official ones from a folder, or samples of our own where there is no folder.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError, RwLock},
};

use async_trait::async_trait;
#[cfg(feature = "images")]
use bytes::Bytes;
#[cfg(feature = "images")]
use turnout_core::file::{ImageKind, PictureError};
use turnout_core::{
    absentee::StateForm,
    address::State,
    ports::forms::{FilledForm, FormFields, Forms, FormsError, PacketName, PacketPage, Stamp},
};

use crate::{
    About, Document, Error, Mode, Packet, Section, Typeface, compile, document,
    folder::{Found, files, metadata_place},
    kept::Kept,
    packets,
    stock::Stock,
};

/// How many bytes of compiled packets are kept, unless said otherwise. The largest packet has about 2 MB.
const KEPT: usize = 64 << 20;

/// The packets of one folder of forms. Each is compiled when it is first asked for, and kept within a bound.
///
/// Whatever is asked of it is answered from the folder as it was when it was last read as a whole; see
/// [`FormLibrary::refresh`].
pub struct FormLibrary {
    folder: Option<PathBuf>,
    kept: usize,
    fonts: Vec<Typeface>,
    /// What is in force. Replaced as a whole.
    shelf: RwLock<Arc<Shelf>>,
    /// What the folder looked like when [`FormLibrary::refresh`] looked last.
    looked: Mutex<Look>,
}

/// What the folder looked like.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    /// Nothing when it could not be looked at.
    files: Option<Vec<Found>>,
    /// Whether this is what was read, or found to be unusable.
    settled: bool,
}

/// What is in force.
struct Shelf {
    folder: Option<Arc<Stock>>,
    kept: Kept,
}

impl FormLibrary {
    /// Opens a folder of official forms, or the samples without one. The folder has to hold `register/eac-nvra.pdf`
    /// and no metadata with mistakes; sheets around a form that it lacks are drawn by us.
    ///
    /// # Errors
    /// When the folder cannot be used so. Whether its PDFs can be compiled shows when a packet is first asked for, see
    /// [`FormLibrary::packet`], or all at once, see [`FormLibrary::verify`].
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let files = match folder {
            Some(folder) => Some(files(folder)?),
            None => None,
        };
        let read = folder.map(usable).transpose()?;
        let shelf = Shelf { folder: read.map(Arc::new), kept: Kept::new(KEPT) };
        Ok(Self {
            folder: folder.map(Path::to_owned),
            kept: KEPT,
            fonts: Vec::new(),
            shelf: RwLock::new(Arc::new(shelf)),
            looked: Mutex::new(Look { files, settled: true }),
        })
    }

    /// Keeps at most so many bytes of compiled packets, and at least the one that was asked for last.
    #[must_use]
    pub fn keeping(mut self, bytes: usize) -> Self {
        self.kept = bytes;
        let shelf = Shelf { folder: self.shelf().folder.clone(), kept: Kept::new(bytes) };
        self.shelf = RwLock::new(Arc::new(shelf));
        self
    }

    /// Looks for letters that the forms' and the bundled fonts lack in these, in their order, after those of the folder's
    /// `fonts/`. For the start: packets that were compiled before do not know of them.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Vec<Typeface>) -> Self {
        self.fonts = fonts;
        self
    }

    /// Whether the forms are the official ones, rather than samples of our own.
    #[must_use]
    pub fn is_official(&self) -> bool {
        self.folder.is_some()
    }

    fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A packet, compiled. The first time takes milliseconds; a server asks once at its start, so that a form that is
    /// no form is found then.
    ///
    /// # Errors
    /// When there is no such form, or it cannot be compiled; the error names it. Nothing is kept then, and the next
    /// call tries again.
    pub fn packet(&self, name: PacketName) -> Result<Arc<Packet>, Error> {
        let shelf = self.shelf();
        let name = packets::kept_as(name);
        shelf.kept.get(name, || {
            let own = shelf.folder.iter().flat_map(|it| it.folder().fonts()).map(|(_, font)| font);
            let fonts = own.chain(&self.fonts);
            let fonts: Vec<Typeface> = fonts.cloned().collect();
            Ok(packets::compiled(name, shelf.folder.as_deref())?.with_fonts(&fonts))
        })
    }

    /// What a state asks for its ballot request form.
    #[must_use]
    pub fn questions(&self, state: State) -> Option<Arc<StateForm>> {
        static SAMPLE: LazyLock<Arc<StateForm>> = LazyLock::new(|| Arc::new(document::state_form()));
        match &self.shelf().folder {
            Some(stock) => stock.folder().state_form(state).cloned(),
            None => packets::has_sample(state).then(|| Arc::clone(&SAMPLE)),
        }
    }

    /// Compiles every document of the folder and keeps none: about a second for 88 forms.
    ///
    /// # Errors
    /// The documents that cannot be compiled, each with the reason.
    pub fn verify(&self) -> Result<(), Vec<Error>> {
        let shelf = self.shelf();
        let broken = shelf.folder.as_deref().map(broken).unwrap_or_default();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// Looks whether the folder has changed, and if so takes it, once all of it can be used; until then, and when
    /// something in it is broken, what is in force stays. True when new forms are in force.
    ///
    /// A change is taken at the second look that finds it, so that files which are just being copied are let finish;
    /// call it every few seconds. What was found to be broken is not tried again until it changes.
    ///
    /// # Errors
    /// What is wrong with the changed folder, once for each change.
    pub fn refresh(&self) -> Result<bool, Vec<Error>> {
        let Some(path) = &self.folder else { return Ok(false) };
        let found = files(path);
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let now = found.as_ref().ok();
        if looked.files.as_ref() != now {
            *looked = Look { files: now.cloned(), settled: false };
            return Ok(false);
        }
        if looked.settled {
            return Ok(false);
        }
        looked.settled = true;
        drop(looked);
        found.map_err(|error| vec![error])?;
        let folder = usable(path).map_err(|error| vec![error])?;
        let broken = broken(&folder);
        if !broken.is_empty() {
            return Err(broken);
        }
        let shelf = Shelf { folder: Some(Arc::new(folder)), kept: Kept::new(self.kept) };
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        Ok(true)
    }
}

/// Reads a folder that can stand for the official forms.
fn usable(path: &Path) -> Result<Stock, Error> {
    let stock = Stock::read(path)?;
    if !stock.has(Document::RegistrationForm) {
        return Err(Error::MissingForm { path: path.join(Document::RegistrationForm.to_string()) });
    }
    for (state, metadata) in stock.folder().metadata() {
        if let Err(mistakes) = &metadata.form {
            return Err(Error::Metadata { document: metadata_place(state), mistakes: mistakes.clone() });
        }
    }
    Ok(stock)
}

/// The documents of a folder that cannot be compiled.
fn broken(stock: &Stock) -> Vec<Error> {
    let about = About { title: "", language: "en-US" };
    let compiled = |document: Document| {
        let Some(pdf) = stock.document(document)? else { return Ok(()) };
        let name = document.to_string();
        compile(&[Section { document: &name, pdf: &pdf, mode: Mode::Interactive }], &about).map(drop)
    };
    stock.documents().filter_map(|document| compiled(document).err()).collect()
}

impl std::fmt::Debug for FormLibrary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormLibrary").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[async_trait]
impl Forms for FormLibrary {
    async fn fill(
        &self,
        packet: PacketName,
        fields: FormFields,
        stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError> {
        let packet = self.packet(packet).map_err(refused)?;
        let mut filled =
            packet.fill(&fields, &stamps).map_err(|error| FormsError::Unreadable(error.into()))?;
        // what was too long before it came to a field
        for name in fields.cut().iter().filter(|name| packet.has(name)) {
            if !filled.report.truncated.contains(name) {
                filled.report.truncated.push(name.clone());
            }
        }
        Ok(filled)
    }

    #[cfg(feature = "images")]
    async fn picture(&self, picture: Bytes) -> Result<ImageKind, PictureError> {
        crate::image::Picture::read(&picture)?;
        ImageKind::of(&picture)
    }

    async fn pages(&self, packet: PacketName) -> Result<Vec<PacketPage>, FormsError> {
        let compiled = self.packet(packet).map_err(refused)?;
        Ok(packets::pages(packet, &compiled))
    }

    async fn state_form(&self, state: State) -> Result<Option<Arc<StateForm>>, FormsError> {
        Ok(self.questions(state))
    }
}

fn refused(error: Error) -> FormsError {
    match error {
        Error::NoPacket => FormsError::Missing,
        error => FormsError::Unreadable(error.into()),
    }
}
