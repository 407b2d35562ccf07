//! Filled PDF forms.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::Disabled;
use crate::{
    absentee::{StateForm, SubmissionType},
    address::State,
    error::BoxError,
    file::{ImageKind, PictureError},
};

/// What is to be filled: one or more documents, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PacketName {
    /// The cover sheet (flattened) and the national registration form (editable) (`pdf-forms.md` 3).
    Registration,
    /// What the mail house prints for a voter of that state: the state's cover letter, the national form filled, and
    /// the same form blank; all flattened (`pdf-forms.md` 3).
    RegistrationMail(State),
    /// What the mail house prints for who moved to that state: the cover in the state's size of letters, and the national
    /// form twice, blank; all flattened (`pdf-forms.md` 12).
    BlankForms(State),
    /// A state's ballot request form with what the way of submission takes (`pdf-forms.md` 8): for e-mail the form
    /// alone, for fax a fax cover before it, to print at home a cover sheet before it and an envelope after it, from
    /// the mail house a cover letter before it.
    BallotRequest {
        /// The state.
        state: State,
        /// How the form reaches the office.
        way: SubmissionType,
        /// Whether the mail house's cover letter names a ballot tracker. Nothing to any other way.
        tracker: bool,
    },
}

/// What a field of a form gets.
///
/// No `Debug`, no `Clone`: it may hold an identification number, and is wiped when dropped.
pub enum FieldValue {
    /// A text.
    Text(Zeroizing<String>),
    /// A checked box.
    On,
}

/// The values for a packet's fields, by name. Every document of the packet is given all of them.
///
/// No `Debug`, no `Serialize`, no `Clone`: it holds an identification number on its way to the paper.
#[derive(Default)]
pub struct FormFields {
    values: BTreeMap<String, FieldValue>,
    cut: Vec<String>,
}

/// The most characters of a text that go onto paper (`pdf-forms.md` 2).
const MAX_CHARACTERS: usize = 1024;
/// The same of a passage.
const MAX_PASSAGE: usize = 8192;

impl FormFields {
    /// No values yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text, over what was there, cleaned: composed letters (NFC), at most 1,024 characters, no control
    /// characters but tabs and line ends (`pdf-forms.md` 2). Accents stay.
    pub fn set_text(&mut self, name: &str, text: &str) {
        self.set(name, text, MAX_CHARACTERS);
    }

    /// Sets a passage of several sentences, likewise, of at most 8,192 characters: what a state says fills half a page.
    pub fn set_passage(&mut self, name: &str, text: &str) {
        self.set(name, text, MAX_PASSAGE);
    }

    fn set(&mut self, name: &str, text: &str, most: usize) {
        self.cut.retain(|cut| cut != name);
        let mut clean = Zeroizing::new(String::with_capacity(text.len()));
        for (index, c) in text.nfc().filter(|c| is_printable(*c)).enumerate() {
            if index == most {
                self.cut.push(name.to_owned());
                break;
            }
            clean.push(c);
        }
        self.values.insert(name.to_owned(), FieldValue::Text(clean));
    }

    /// The names of the texts that were cut at the greatest length.
    #[must_use]
    pub fn cut(&self) -> &[String] {
        &self.cut
    }

    /// Sets what stands under another name, over what was there; nothing when nothing stands there.
    pub fn copy(&mut self, from: &str, to: &str) {
        let value = match self.values.get(from) {
            Some(FieldValue::Text(text)) => FieldValue::Text(text.clone()),
            Some(FieldValue::On) => FieldValue::On,
            None => return,
        };
        if self.cut.iter().any(|cut| cut == from) && !self.cut.iter().any(|cut| cut == to) {
            self.cut.push(to.to_owned());
        }
        self.values.insert(to.to_owned(), value);
    }

    /// The same values for another packet, which is filled in the same breath: a number is not kept between the two.
    pub(crate) fn twin(&self) -> Self {
        let twin = |value: &FieldValue| match value {
            FieldValue::Text(text) => FieldValue::Text(text.clone()),
            FieldValue::On => FieldValue::On,
        };
        let values = self.values.iter().map(|(name, value)| (name.clone(), twin(value))).collect();
        Self { values, cut: self.cut.clone() }
    }

    /// Sets a text if there is one.
    pub fn set_text_if(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.set_text(name, text);
        }
    }

    /// Checks a box.
    pub fn set_on(&mut self, name: &str) {
        self.values.insert(name.to_owned(), FieldValue::On);
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.values.get(name)
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(FieldValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether the box of a name is checked.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(FieldValue::On))
    }

    /// All names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldValue)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// Whether a character may stand on paper: no control character but tabs and line ends, and a character at all.
fn is_printable(c: char) -> bool {
    let is_kept = matches!(c, '\t' | '\n' | '\u{B}' | '\r' | '\u{C}');
    let is_none = matches!(u32::from(c), 0xFDD0..=0xFDEF) || u32::from(c) & 0xFFFE == 0xFFFE;
    is_kept || !(c.is_control() || is_none)
}

/// An image to be put on a page.
pub struct Stamp {
    /// The page of the whole packet, from 0.
    pub page: usize,
    /// Left, bottom, width and height in PDF points of the page, before it is turned. The picture is fitted in, keeping
    /// its ratio, and stands upright when the page is shown.
    pub rect: [f32; 4],
    /// The image: PNG or JPEG.
    pub image: Bytes,
}

/// What did not go onto the paper as it was given: names of fields, never their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FillReport {
    /// Names that no document of the packet has. Harmless.
    pub unknown: Vec<String>,
    /// Texts set smaller than the form says, so that they fit.
    pub shrunk: Vec<String>,
    /// Texts that do not fit even at the smallest size.
    pub overflow: Vec<String>,
    /// Texts cut at the field's greatest length.
    pub truncated: Vec<String>,
    /// Texts with a character that no font has.
    pub missing_glyph: Vec<String>,
    /// Boxes and choices that have no such state.
    pub bad_state: Vec<String>,
}

impl FillReport {
    /// Whether the voter's data stand on the paper as given, unknown names and smaller letters aside.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.overflow.is_empty()
            && self.truncated.is_empty()
            && self.missing_glyph.is_empty()
            && self.bad_state.is_empty()
    }
}

/// What a page of a packet belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A sheet of ours before the form.
    Cover,
    /// The form.
    Form,
    /// The form once more, without the voter's data.
    Blank,
    /// The sheet with the address.
    Envelope,
}

/// A page of a packet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PacketPage {
    /// What it belongs to.
    pub part: Part,
    /// Which page of that part, the first being 1.
    pub number: usize,
    /// Left, bottom, right and top of what is seen of it, in points, before it is turned.
    pub visible: [f32; 4],
    /// How far it is turned to the right when it is shown, in degrees: 0, 90, 180 or 270.
    pub turn: u16,
}

/// A filled packet.
pub struct FilledForm {
    /// The PDF.
    pub pdf: Bytes,
    /// What did not go onto the paper as given.
    pub report: FillReport,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a form was not filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormsError {
    /// There is no such packet.
    #[error("there is no such form")]
    Missing,
    /// A document of the packet cannot be read.
    #[error("a form cannot be read")]
    Unreadable(#[source] BoxError),
    /// No form filler is configured.
    #[error("no form filler is configured")]
    Disabled,
}

/// Fills forms. Works on the processor: a server wraps it in one that leaves the runtime's threads alone.
///
/// ```
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use turnout_core::ports::forms::{FilledForm, FillReport, FormFields, Forms, FormsError, PacketName, Stamp};
///
/// /// Gives the same blank paper to everybody.
/// struct Blank(Bytes);
/// #[async_trait]
/// impl Forms for Blank {
///     async fn fill(
///         &self, _: PacketName, _: FormFields, _: Vec<Stamp>,
///     ) -> Result<FilledForm, FormsError> {
///         Ok(FilledForm { pdf: self.0.clone(), report: FillReport::default(), pages: 1 })
///     }
/// }
/// ```
#[async_trait]
pub trait Forms: Send + Sync {
    /// Fills a packet. Takes the values for good: they are wiped with it.
    async fn fill(
        &self,
        packet: PacketName,
        fields: FormFields,
        stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError>;

    /// The pages of a packet, in order: how many there are, and where a signature goes.
    async fn pages(&self, packet: PacketName) -> Result<Vec<PacketPage>, FormsError> {
        let _ = packet;
        Err(FormsError::Missing)
    }

    /// Whether a picture can be put on a page, so that an upload is refused at once rather than when the form is filled:
    /// what it is, or why not. As long as nobody unpacks it, what it says of itself is believed.
    async fn picture(&self, picture: Bytes) -> Result<ImageKind, PictureError> {
        ImageKind::of(&picture)
    }

    /// What a state asks for its ballot request form; nothing where nobody wrote that down.
    async fn state_form(&self, state: State) -> Result<Option<Arc<StateForm>>, FormsError> {
        let _ = state;
        Ok(None)
    }
}

#[async_trait]
impl Forms for Disabled {
    async fn fill(
        &self,
        _packet: PacketName,
        _fields: FormFields,
        _stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError> {
        Err(FormsError::Disabled)
    }

    async fn pages(&self, _packet: PacketName) -> Result<Vec<PacketPage>, FormsError> {
        Err(FormsError::Disabled)
    }

    async fn state_form(&self, _state: State) -> Result<Option<Arc<StateForm>>, FormsError> {
        Err(FormsError::Disabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cleaned_and_keeps_its_accents() {
        let mut form = FormFields::new();
        form.set_text("name", "Jose\u{301}\u{7}\u{FFFF} Łukasz\t<&>\r\n");
        assert_eq!(form.text("name"), Some("José Łukasz\t<&>\r\n"));
        form.set_text("long", &"é".repeat(1_025));
        assert_eq!(form.text("long").map(|text| text.chars().count()), Some(1_024));
        form.copy("long", "too");
        assert_eq!(form.cut(), ["long", "too"]);
        form.set_text("long", "short");
        assert_eq!(form.cut(), ["too"]);
    }

    #[test]
    fn a_copy_is_what_stands_there_and_nothing_copies_nothing() {
        let mut form = FormFields::new();
        form.set_on("yes");
        form.set_text("kept", "1");
        for (from, to) in [("yes", "also"), ("no", "kept"), ("kept", "twice")] {
            form.copy(from, to);
        }
        assert!(form.is_on("also"));
        assert_eq!((form.text("kept"), form.text("twice")), (Some("1"), Some("1")));
    }
}
