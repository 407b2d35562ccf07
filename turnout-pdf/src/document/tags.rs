//! What a screen reader is told of a document of ours: its headings, paragraphs, lists and fields, in reading order.
//!
//! Follows PDF/UA-1 (ISO 14289-1): whatever is drawn belongs to an element here or is marked as an artifact. `compile`
//! writes the elements into the packet's structure tree.

use std::collections::BTreeMap;

/// The elements of a document, in reading order.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    pub(crate) elements: Vec<Element>,
    /// Fields that are headings, and the fields over which they stand: they are drawn when those say something.
    pub(crate) headings: BTreeMap<String, String>,
}

/// What a part of a document is, ISO 32000-1, 14.8.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Heading1,
    Heading2,
    Paragraph,
    List,
    ListItem,
    Label,
    ListBody,
    Form,
    Figure,
    /// Nothing: a heading that is not drawn.
    Nothing,
}

impl Role {
    /// Its name in a PDF.
    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Self::Heading1 => b"H1",
            Self::Heading2 => b"H2",
            Self::Paragraph => b"P",
            Self::List => b"L",
            Self::ListItem => b"LI",
            Self::Label => b"Lbl",
            Self::ListBody => b"LBody",
            Self::Form => b"Form",
            Self::Figure => b"Figure",
            Self::Nothing => b"NonStruct",
        }
    }
}

/// A part of a document.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) role: Role,
    /// What stands for it in words, for a picture.
    pub(crate) alternative: Option<&'static str>,
    pub(crate) kids: Vec<Kid>,
}

/// What an element holds.
#[derive(Debug)]
pub(crate) enum Kid {
    Element(Element),
    /// What is drawn on a page under a number.
    Marked {
        page: usize,
        mark: u32,
    },
    /// A field on a page: the box where it stays one, else what is written there. The only one in its element, whose
    /// role is then a paragraph's.
    Field {
        page: usize,
        name: String,
    },
    /// The picture put on a page: a signature.
    Stamp {
        page: usize,
    },
}

/// Builds the elements while a document is drawn.
#[derive(Debug, Default)]
pub(super) struct Builder {
    elements: Vec<Element>,
    /// Elements that were begun and not ended, the innermost last.
    open: Vec<Element>,
    headings: BTreeMap<String, String>,
}

impl Builder {
    /// Begins an element within the one begun last.
    pub(super) fn begin(&mut self, role: Role) {
        self.open.push(Element { role, alternative: None, kids: Vec::new() });
    }

    /// Makes a field the heading of another.
    pub(super) fn heads(&mut self, heading: String, below: &str) {
        self.headings.insert(heading, below.to_owned());
    }

    /// Says in words what the element begun last shows.
    pub(super) fn alternative(&mut self, words: &'static str) {
        self.open.last_mut().expect("an element was begun").alternative = Some(words);
    }

    /// Puts something into the element begun last.
    pub(super) fn add(&mut self, kid: Kid) {
        self.open.last_mut().expect("an element was begun").kids.push(kid);
    }

    /// Ends the element begun last.
    pub(super) fn end(&mut self) {
        let element = self.open.pop().expect("an element was begun");
        match self.open.last_mut() {
            Some(parent) => parent.kids.push(Kid::Element(element)),
            None => self.elements.push(element),
        }
    }

    /// All of it.
    pub(super) fn finish(self) -> Tags {
        debug_assert!(self.open.is_empty(), "every element that was begun is ended");
        Tags { elements: self.elements, headings: self.headings }
    }
}
