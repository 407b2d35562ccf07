//! Documents of our own: a registration form and a cover sheet for whoever has no official ones at hand.
//!
//! They are drawn as plain fillable PDFs with the field names of the official ones (`pdf-forms.md` 3, 2026-11) and go
//! through the same compiling and filling. Each page says that it is a sample. `layout` knows paper, `cover` and
//! `sample` what stands on it. Nothing here sees a voter's data.

mod cover;
mod layout;
mod sample;

pub(crate) use self::{cover::cover, sample::form};

/// What stands on each page.
const MARK: &str = "SAMPLE – not an official form";
