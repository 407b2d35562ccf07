//! Filled PDF forms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use zeroize::Zeroizing;

use super::Disabled;
use crate::error::BoxError;

/// What is to be filled: one or more documents, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PacketName {
    /// The cover sheet (flattened) and the national registration form (editable) (`pdf-forms.md` 3).
    Registration,
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
}

impl FormFields {
    /// No values yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text, over what was there.
    pub fn set_text(&mut self, name: &str, text: &str) {
        self.values.insert(name.to_owned(), FieldValue::Text(Zeroizing::new(text.to_owned())));
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

/// An image to be put on a page.
pub struct Stamp {
    /// The page of the whole packet, from 0.
    pub page: usize,
    /// Left, bottom, width and height in PDF points of the page.
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
}
