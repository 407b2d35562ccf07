//! Why a form cannot be compiled, a packet not filled, or a folder not used.

use std::path::PathBuf;

use turnout_core::{error::BoxError, file::PictureError};

/// What went wrong. Names the document, the field or the limit; never a value that was filled in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is not a well-formed PDF.
    #[error("not a well-formed PDF")]
    Malformed(#[source] BoxError),
    /// The file lacks something that every form has.
    #[error("the PDF has no {0}")]
    Lacks(&'static str),
    /// The file is larger than a form is allowed to be, or has more of something.
    #[error("the PDF has {found} {what}; at most {limit} are allowed")]
    TooMuch {
        /// What is counted.
        what: &'static str,
        /// How much there is.
        found: usize,
        /// How much may be.
        limit: usize,
    },
    /// Objects lie in one another deeper than any honest form needs, or in a circle.
    #[error("{what} of the PDF are nested deeper than {limit} levels")]
    TooDeep {
        /// What is nested.
        what: &'static str,
        /// The greatest depth allowed.
        limit: usize,
    },
    /// The file is encrypted; save it without a password first.
    #[error("the PDF is encrypted; save it without a password")]
    Encrypted,
    /// The file is an XFA form, whose fields are not the PDF's own.
    #[error("the PDF is an XFA form; save it as a plain AcroForm")]
    Xfa,
    /// A rectangle is not finite or lies off every page.
    #[error("the rectangle of {what} is not usable")]
    BadRect {
        /// The field's or page's name.
        what: String,
    },
    /// One name stands for fields of different kinds.
    #[error("the field {name} is of two kinds at once")]
    MixedKinds {
        /// The field's name.
        name: String,
    },
    /// A document of a packet was not usable.
    #[error("{document} cannot be used as a form")]
    Document {
        /// The document's file or name.
        document: String,
        /// What is wrong with it.
        #[source]
        source: Box<Error>,
    },
    /// No forms make up a packet of that name.
    #[error("there is no such packet")]
    NoPacket,
    /// A state's metadata has mistakes.
    #[error("{document} has mistakes: {}", .mistakes.join("; "))]
    Metadata {
        /// The file's place in the folder.
        document: String,
        /// Every mistake.
        mistakes: Vec<String>,
    },
    /// The forms folder lacks a form.
    #[error("{} is missing: put the form there, or unset the forms folder to use the built-in samples", .path.display())]
    MissingForm {
        /// The file that is looked for.
        path: PathBuf,
    },
    /// A file of the forms folder cannot be read.
    #[error("{} cannot be read", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A font cannot be used: it is none, its maker does not allow that parts of it go into documents, or its outlines
    /// are damaged.
    #[error("the font cannot be used")]
    Font,
    /// A picture is to be put on a page that the packet does not have.
    #[error("the packet has no page {page}")]
    NoPage {
        /// The page asked for, from 0.
        page: usize,
    },
    /// A picture cannot be used.
    #[error("the picture cannot be used: {0}")]
    Picture(#[from] PictureError),
    /// A picture is to be put on a page, and this build takes none.
    #[error("turnout-pdf was built without its feature `images`")]
    NoPictures,
}

impl Error {
    /// The same error, naming the document it is about.
    pub(crate) fn of(self, document: &str) -> Self {
        Self::Document { document: document.to_owned(), source: Box::new(self) }
    }
}
