//! A packet: one finished file but for what a voter changes, and the slots that say where and how to write that.

use std::{collections::BTreeMap, sync::Arc};

use super::{FieldFacts, Kind, Marks, PacketFont, PageFacts, Rect, Style};
use crate::{
    font::Typeface,
    syntax::{Id, Objects},
};

/// Documents, one after the other, ready to be filled any number of times. Immutable; share it in an `Arc`.
pub struct Packet {
    pub(crate) objects: Objects,
    pub(crate) root: Id,
    pub(crate) info: Id,
    pub(crate) fingerprint: [u8; 16],
    pub(crate) pages: Vec<Page>,
    pub(crate) fields: Vec<Field>,
    pub(crate) slots: Vec<Slot>,
    /// The fields of each name, in order.
    pub(crate) names: BTreeMap<String, Vec<usize>>,
    /// What its fields are set in, what has the letters that these lack, and fonts that were added.
    pub(crate) fonts: Vec<PacketFont>,
}

impl std::fmt::Debug for Packet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packet")
            .field("pages", &self.pages.len())
            .field("fields", &self.fields.len())
            .field("bytes", &self.objects.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Packet {
    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// How many bytes every filling copies.
    #[must_use]
    pub fn size(&self) -> usize {
        self.objects.bytes.len()
    }

    /// Its pages, in order.
    pub fn page_facts(&self) -> impl Iterator<Item = PageFacts> + '_ {
        self.pages.iter().map(|page| page.facts)
    }

    /// The fields that a filling may set, and those that nobody fills, in the order of their first box.
    pub fn field_facts(&self) -> impl Iterator<Item = FieldFacts> + '_ {
        self.fields.iter().map(|field| FieldFacts::of(field, &self.slots[field.slots.clone()]))
    }

    /// Looks for letters that the form's and the bundled fonts lack in these, in their order; of more than eight, the
    /// first eight. Nothing of them is in the packet; a filling gets the letters it uses.
    #[must_use]
    pub fn with_fonts(mut self, fonts: &[Typeface]) -> Self {
        self.fonts.retain(|font| !font.is_extra);
        self.fonts.extend(fonts.iter().take(8).map(|Typeface(font)| PacketFont::extra(Arc::clone(font))));
        self
    }

    /// Whether a filling may set a name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The names that a filling may set, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// A page of the packet.
pub(crate) struct Page {
    pub(crate) facts: PageFacts,
    /// The number of what is drawn over it, written by every filling.
    pub(crate) overlay: Id,
    /// What is marked on it, where the packet has a structure.
    pub(crate) marks: Option<Marks>,
    /// The page's box.
    pub(crate) bounds: Rect,
    /// What is drawn whatever the values, and the layer it lies in: appearances of stamps and notes on the blank form.
    pub(crate) always: Vec<(Appearance, Option<Id>)>,
}

/// A field, with all its boxes.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether a filling sets it: no field of a blank document is.
    pub(crate) takes: bool,
    pub(crate) max_len: Option<usize>,
    /// Its boxes, as a range of [`Packet::slots`].
    pub(crate) slots: std::ops::Range<usize>,
    /// The field over which it stands: it is drawn when that one says something.
    pub(crate) heads: Option<String>,
    /// What the blank form says and does not draw by itself.
    pub(crate) undrawn: Option<String>,
    /// The object that an interactive field has apart from its boxes: the number and its entries but for `/V`.
    pub(crate) parent: Option<(Id, Vec<u8>)>,
    /// `/V` of the blank form, or nothing.
    pub(crate) blank: Vec<u8>,
}

/// A box of a field.
pub(crate) struct Slot {
    pub(crate) page: usize,
    pub(crate) rect: Rect,
    /// Quarter turns to the left, `/MK /R`.
    pub(crate) turns: u8,
    pub(crate) style: Style,
    pub(crate) quadding: u8,
    /// Operators that draw the box's ground and border.
    pub(crate) ground: Vec<u8>,
    /// The appearance on the blank form.
    pub(crate) normal: Option<Appearance>,
    /// A button's states and what they look like.
    pub(crate) states: Vec<(Vec<u8>, Appearance)>,
    /// A button's state on the blank form.
    pub(crate) state: Vec<u8>,
    /// Whether it is drawn on paper.
    pub(crate) visible: bool,
    /// The layer it lies in, which may be hidden.
    pub(crate) layer: Option<Id>,
    /// An interactive box: its number and its entries but for those that a filling sets.
    pub(crate) widget: Option<(Id, Vec<u8>)>,
    /// The element of a heading, where the packet has a structure: its number, and its entries but for its role.
    pub(crate) element: Option<(Id, Vec<u8>)>,
    /// An interactive box: its number in the tree of parents, where the packet has a structure.
    pub(crate) key: Option<u32>,
    /// A flattened box: the mark of what is written there.
    pub(crate) mark: Option<u32>,
}

impl Slot {
    /// Width and height as the letters see them.
    pub(crate) fn size(&self) -> (f32, f32) {
        let [left, bottom, right, top] = self.rect;
        let (width, height) = (right - left, top - bottom);
        if self.turns % 2 == 1 { (height, width) } else { (width, height) }
    }

    /// The states other than off.
    pub(crate) fn on_states(&self) -> impl Iterator<Item = &[u8]> {
        self.states.iter().map(|(state, _)| state.as_slice()).filter(|state| *state != b"Off")
    }
}

/// A form to be drawn, and the matrix that puts it into its box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appearance {
    pub(crate) id: Id,
    pub(crate) matrix: [f32; 6],
}
