//! From documents to a packet, once.
//!
//! A packet is one finished file but for what a voter changes: its pages, pictures and fonts are bytes that every
//! filling copies, its fields are slots that say where and how to write. `file` and `read` read foreign files, `fields`
//! finds their fields, `merge` copies their objects; `builder` puts the packet together, with its pages (`page`), the
//! boxes of its fields (`boxes`) and the fields that stay fields (`interactive`). Nothing here sees a voter's data.

mod boxes;
mod builder;
mod facts;
mod fields;
mod file;
mod fonts;
mod interactive;
mod merge;
mod packet;
mod page;
mod read;
mod structure;
mod text;

use self::{builder::Builder, structure::Structure};
pub use self::{
    facts::{FieldFacts, FieldKind, PageFacts},
    packet::Packet,
};
pub(crate) use self::{
    fields::{Kind, Style},
    file::MAX_FILE,
    fonts::PacketFont,
    packet::{Appearance, Field, Page, Slot},
    read::Rect,
    structure::{Marks, write_element},
};
use crate::{Error, document::tags::Tags};

/// What becomes of the fields of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The values become part of the page; no field is left.
    Flatten,
    /// The fields stay, filled in, and the voter may go on writing.
    Interactive,
    /// The document is printed as it is: it gets no values, and no field is left.
    Blank,
}

/// One document of a packet.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// What to call the document in an error: its file's name.
    pub document: &'a str,
    /// The PDF.
    pub pdf: &'a [u8],
    /// What becomes of its fields.
    pub mode: Mode,
}

/// What a packet says about itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The title that a reader shows.
    pub title: &'a str,
    /// The language of its text: `en-US`.
    pub language: &'a str,
}

/// Compiles documents into a packet. Two interactive fields of one name in two documents keep their own value: the
/// second is written as `name_2` in the second document, and so on; both are filled from `name`.
///
/// # Errors
/// When a document is not a sound PDF, is encrypted or an XFA form, or exceeds a limit (8 MB, 50,000 objects,
/// 40 pages, 2,000 boxes, 64 levels). The error names the document.
pub fn compile(sections: &[Section<'_>], about: &About<'_>) -> Result<Packet, Error> {
    let sections: Vec<_> = sections.iter().map(|section| (*section, None)).collect();
    compile_tagged(&sections, about)
}

/// The same of documents that may come with what a screen reader is told. Where all do, the packet keeps PDF/UA-1.
pub(crate) fn compile_tagged(
    sections: &[(Section<'_>, Option<&Tags>)],
    about: &About<'_>,
) -> Result<Packet, Error> {
    let mut builder = Builder::new();
    if sections.iter().all(|(_, tags)| tags.is_some()) {
        builder.structure = Some(Structure::new(&mut builder.objects));
    }
    for (index, (section, tags)) in sections.iter().enumerate() {
        builder.section(index, section, *tags).map_err(|error| error.of(section.document))?;
    }
    Ok(builder.finish(about))
}
