//! What a packet says of its pages and fields to whoever checks forms.

use serde::{Deserialize, Serialize};

use super::{
    Kind, Rect,
    packet::{Field, Slot},
    text::as_text,
};

/// What a page is like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageFacts {
    /// The section it comes from, the first being 0.
    pub section: usize,
    /// Left, bottom, right and top of what is seen of it, in points, before it is turned.
    pub visible: Rect,
    /// How far it is turned to the right when it is shown, in degrees.
    pub turn: u16,
}

/// What a field is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFacts {
    /// Its full name.
    pub name: String,
    /// What goes there.
    pub kind: FieldKind,
}

impl FieldFacts {
    pub(super) fn of(field: &Field, slots: &[Slot]) -> Self {
        let kind = match &field.kind {
            Kind::Text { multiline, .. } => FieldKind::Text { multiline: *multiline, max_len: field.max_len },
            Kind::Button { exports, .. } => {
                let states = slots.iter().flat_map(Slot::on_states).map(as_text);
                let mut states: Vec<String> = states.chain(exports.iter().cloned()).collect();
                states.sort();
                states.dedup();
                FieldKind::Button { states }
            }
            Kind::Choice { options, free } => FieldKind::Choice {
                options: options.iter().map(|(stored, _)| stored.clone()).collect(),
                free: *free,
            },
            Kind::Other => FieldKind::Other,
        };
        Self { name: field.name.clone(), kind }
    }
}

/// What goes into a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// A text.
    Text {
        /// Whether lines are broken.
        multiline: bool,
        /// The most letters it takes.
        max_len: Option<usize>,
    },
    /// A check, or one of several states.
    Button {
        /// The states other than off, and what they are called outside, sorted.
        states: Vec<String>,
    },
    /// A line of a list.
    Choice {
        /// The lines.
        options: Vec<String>,
        /// Whether a text of one's own may be given.
        free: bool,
    },
    /// Nothing that a filling sets: a push button, a digital signature.
    Other,
}
