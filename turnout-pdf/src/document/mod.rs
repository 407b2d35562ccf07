//! Documents of our own: the sheets around a form for whoever's folder has none, and sample forms for whoever has no
//! folder at all.
//!
//! They are drawn as plain fillable PDFs with the field names of the official ones (`pdf-forms.md` 3, 9 and 11,
//! 2026-11), go through the same compiling and filling, and tell a screen reader what is where. Each page of a sample
//! says that it is one. `layout` knows paper, `tags` what is read aloud, the others what stands on each sheet. Nothing
//! here sees a voter's data.

mod cover;
mod envelope;
mod fax_cover;
mod layout;
mod letter_cover;
mod request;
mod sample;
pub(crate) mod tags;

pub(crate) use self::{
    cover::{registration_cover, request_cover},
    envelope::envelope,
    fax_cover::fax_cover,
    letter_cover::{blank_forms_letter, registration_letter, request_letter},
    request::{request_form, state_form},
    sample::registration_form,
};

use self::tags::Tags;

/// A document, and what a screen reader is told of it.
pub(crate) struct Drawn {
    pub(crate) pdf: Vec<u8>,
    pub(crate) tags: Tags,
}

/// What a document of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A sheet that goes with an official form.
    Sheet,
    /// A sample, or a sheet that goes with one.
    Sample,
}
