//! The twelve checks that a filler of official forms has to pass, over each of the 88 forms in both modes, by programs
//! that know nothing of it: qpdf, pdftk, poppler and mupdf. A name below says which check it is.

mod files;
mod looks;
mod places;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use turnout_core::ports::forms::{FilledForm, FormFields};
use turnout_pdf::{About, Mode, Packet, Section, compile};

use crate::support::{
    Box, boxes, every_form, fields,
    paper::{Page, pages},
};

const MODES: [Mode; 2] = [Mode::Flatten, Mode::Interactive];

/// An official form.
struct Form {
    name: String,
    pdf: Vec<u8>,
    boxes: Vec<Box>,
    pages: Vec<Page>,
}

impl Form {
    fn new(name: String, pdf: Vec<u8>) -> Self {
        Self { boxes: boxes(&pdf), pages: pages(&pdf), name, pdf }
    }

    /// The widest box to write any text in.
    fn widest(&self) -> Option<&Box> {
        let width = |found: &Box| found.rect[2] - found.rect[0];
        let texts = self.boxes.iter().filter(|found| found.kind == b"Tx" && found.max_len.is_none());
        texts.max_by(|a, b| width(a).total_cmp(&width(b)))
    }

    fn packet(&self, mode: Mode) -> Packet {
        let section = Section { document: &self.name, pdf: &self.pdf, mode };
        compile(&[section], &About { title: "A form", language: "en-US" }).unwrap()
    }

    fn filled(&self, mode: Mode, values: &FormFields) -> FilledForm {
        self.packet(mode).fill(values, &[]).unwrap()
    }

    /// The boxes of each field by its name.
    fn fields(&self) -> BTreeMap<&str, Vec<&Box>> {
        let mut fields: BTreeMap<&str, Vec<&Box>> = BTreeMap::new();
        for found in &self.boxes {
            fields.entry(&found.name).or_default().push(found);
        }
        fields
    }

    /// The states other than off of each field of buttons, in order.
    fn states(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let mut states: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for found in self.boxes.iter().filter(|found| found.kind == b"Btn") {
            let on = found.states.iter().filter(|state| *state != b"Off");
            let on = on.map(|state| String::from_utf8(state.clone()).unwrap());
            states.entry(&found.name).or_default().extend(on);
        }
        states
    }

    /// A value for every field: a text of its own for each one to write in, no longer than it takes, a cross where there
    /// is room for no more, and the first of its states for each one to check.
    fn values(&self) -> FormFields {
        let mut values = FormFields::new();
        for (index, (name, boxes)) in self.fields().into_iter().enumerate() {
            let widest = boxes.iter().map(|found| found.rect[2] - found.rect[0]).fold(0.0, f32::max);
            let own = format!("Łé{index}");
            match boxes[0].kind.as_slice() {
                b"Tx" if widest < 16.0 => values.set_text(name, "X"),
                b"Tx" => {
                    let text: String = own.chars().take(boxes[0].max_len.unwrap_or(9)).collect();
                    values.set_text(name, &text);
                }
                b"Ch" => {
                    let told = fields(&self.pdf).into_iter().find(|told| told.name == name).unwrap();
                    values.set_text(name, told.choices.last().unwrap());
                }
                _ => {}
            }
        }
        for (name, states) in self.states() {
            if let Some(state) = states.first() {
                values.set_text(name, state);
            }
        }
        values
    }
}

/// All official forms.
fn forms() -> Vec<Form> {
    let forms: Vec<Form> = every_form().into_iter().map(|(name, pdf)| Form::new(name, pdf)).collect();
    assert_eq!(forms.len(), 88, "the folder of official forms is not complete");
    forms
}

/// What is wrong, form by form.
#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn add(&mut self, form: &Form, mode: Mode, what: impl std::fmt::Display) {
        self.0.push(format!("{} {mode:?}: {what}", form.name));
    }

    #[track_caller]
    fn are_none(self) {
        assert!(self.0.is_empty(), "{} complaints\n{}", self.0.len(), self.0.join("\n"));
    }
}
