//! The forms that are filled: the official ones from a folder, or samples of our own where there is no folder.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use turnout_core::ports::forms::{FilledForm, FormFields, Forms, FormsError, PacketName, Stamp};

use crate::{About, Error, Mode, Packet, Section, compile, document};

/// The cover sheet of a registration, in the folder of official forms.
const COVER: &str = "register/cover.pdf";
/// The national registration form, in the folder of official forms.
const FORM: &str = "register/eac-nvra.pdf";

/// The packets of one folder of forms. Each is compiled when it is first asked for, and kept.
///
/// Reads its files when it compiles and never again: a new official form takes a new library.
pub struct FormLibrary {
    folder: Option<PathBuf>,
    registration: Mutex<Option<Arc<Packet>>>,
}

impl FormLibrary {
    /// Opens a folder that holds `register/cover.pdf` and `register/eac-nvra.pdf`; without a folder, the samples.
    ///
    /// # Errors
    /// When the folder lacks one of the forms. Whether they can be compiled shows when a packet is first asked for:
    /// see [`FormLibrary::packet`].
    pub fn open(folder: Option<&Path>) -> Result<Self, Error> {
        if let Some(folder) = folder {
            for form in [COVER, FORM] {
                let path = folder.join(form);
                if !path.is_file() {
                    return Err(Error::MissingForm { path });
                }
            }
        }
        Ok(Self { folder: folder.map(Path::to_owned), registration: Mutex::new(None) })
    }

    /// Whether the forms are the official ones, rather than samples of our own.
    #[must_use]
    pub fn is_official(&self) -> bool {
        self.folder.is_some()
    }

    /// A packet, compiled. The first time takes milliseconds and reads the folder; a server asks once at its start,
    /// so that a form that is no form is found then.
    ///
    /// # Errors
    /// When a form cannot be read or compiled; the error names it. Nothing is kept then, and the next call tries again.
    pub fn packet(&self, name: PacketName) -> Result<Arc<Packet>, Error> {
        match name {
            PacketName::Registration => {
                // whoever comes while it is compiled waits for it
                let mut kept = self.registration.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(packet) = &*kept {
                    return Ok(Arc::clone(packet));
                }
                let packet = Arc::new(self.registration()?);
                *kept = Some(Arc::clone(&packet));
                Ok(packet)
            }
            _ => Err(Error::NoPacket),
        }
    }

    /// The cover sheet, whose values become part of the page, and the form, on which the voter may go on writing.
    fn registration(&self) -> Result<Packet, Error> {
        let (cover, form) = match &self.folder {
            Some(folder) => (read(folder.join(COVER))?, read(folder.join(FORM))?),
            None => (document::cover(), document::form()),
        };
        let title =
            if self.is_official() { "Voter registration form" } else { "Sample voter registration form" };
        compile(
            &[
                Section { document: COVER, pdf: &cover, mode: Mode::Flatten },
                Section { document: FORM, pdf: &form, mode: Mode::Interactive },
            ],
            &About { title, language: "en-US" },
        )
    }
}

impl std::fmt::Debug for FormLibrary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormLibrary").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn read(path: PathBuf) -> Result<Vec<u8>, Error> {
    std::fs::read(&path).map_err(|source| Error::File { path, source })
}

#[async_trait]
impl Forms for FormLibrary {
    async fn fill(
        &self,
        packet: PacketName,
        fields: FormFields,
        stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError> {
        let packet = self.packet(packet).map_err(|error| match error {
            Error::NoPacket => FormsError::Missing,
            error => FormsError::Unreadable(error.into()),
        })?;
        packet.fill(&fields, &stamps).map_err(|error| FormsError::Unreadable(error.into()))
    }
}
