//! Checks 4 and 10: every letter stands where it belongs, and can be read again.

use std::collections::HashMap;

use turnout_core::ports::forms::{FieldValue, FormFields};
use turnout_pdf::Mode;

use super::{Complaints, Form, MODES, forms};
use crate::support::{
    Box, fields,
    paper::{Letter, Rect, is_in, letters},
    ran,
};

/// The letters of a filled form that the blank form does not have at that place, in order.
pub(super) fn added(blank: &[Letter], filled: &[u8]) -> Vec<Letter> {
    let mut old: HashMap<(usize, char), Vec<Rect>> = HashMap::new();
    for letter in blank {
        old.entry((letter.page, letter.letter)).or_default().push(letter.rect);
    }
    let is_old = |letter: &Letter| {
        let same = old.get(&(letter.page, letter.letter)).into_iter().flatten();
        let is_near = |rect: &Rect| (0..4).all(|side| (rect[side] - letter.rect[side]).abs() < 0.1);
        same.into_iter().any(is_near)
    };
    letters(filled).into_iter().filter(|letter| !is_old(letter)).collect()
}

/// What is wrong with a text in a box, whose letters are those whose middle lies in it.
pub(super) fn misplaced(found: &Box, text: &str, added: &[Letter]) -> Option<String> {
    let inside: Vec<&Letter> = added
        .iter()
        .filter(|letter| letter.page == found.page && is_in(found.rect, 2.0, letter.middle()))
        .collect();
    let read: String = inside.iter().map(|letter| letter.letter).collect();
    let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // a neighbour that overlaps may have letters here too
    let Some(at) = read.find(&expected) else {
        return Some(format!("{}: {expected} is not in {read:?} in {:?}", found.name, found.rect));
    };
    let own = &inside[read[..at].chars().count()..][..expected.chars().count()];
    let [left, _, right, _] = found.rect;
    let out = own.iter().find(|letter| letter.rect[0] < left - 1.5 || letter.rect[2] > right + 1.5)?;
    Some(format!("{}: {out:?} sticks out of {:?}", found.name, found.rect))
}

/// The boxes of a form that show a text among the values, with the text.
pub(super) fn shown<'f>(form: &'f Form, values: &'f FormFields) -> impl Iterator<Item = (&'f Box, &'f str)> {
    form.boxes.iter().filter_map(|found| match values.get(&found.name) {
        Some(FieldValue::Text(text)) if found.kind != b"Btn" => Some((found, text.as_str())),
        _ => None,
    })
}

#[test]
fn check_4_every_text_stands_in_every_box_of_its_field_and_no_letter_stands_elsewhere() {
    let mut complaints = Complaints::default();
    let mut seen = 0;
    for form in &forms() {
        let (values, blank) = (form.values(), letters(&form.pdf));
        for mode in MODES {
            let added = added(&blank, &form.filled(mode, &values).pdf);
            for (found, text) in shown(form, &values) {
                seen += 1;
                if let Some(complaint) = misplaced(found, text, &added) {
                    complaints.add(form, mode, complaint);
                }
            }
            for letter in &added {
                let is_home =
                    |found: &Box| found.page == letter.page && is_in(found.rect, 1.5, letter.middle());
                if !form.boxes.iter().any(is_home) {
                    complaints.add(form, mode, format!("{letter:?} stands in no box"));
                }
            }
        }
    }
    complaints.are_none();
    assert!(seen > 2_700, "only {seen} boxes were looked at");
}

#[test]
fn check_10_names_of_many_countries_are_read_again_and_what_has_no_letter_is_reported() {
    let mut complaints = Complaints::default();
    for form in &forms() {
        let widest = form
            .boxes
            .iter()
            .filter(|found| found.kind == b"Tx" && found.max_len.is_none())
            .max_by(|a, b| (a.rect[2] - a.rect[0]).total_cmp(&(b.rect[2] - b.rect[0])));
        let Some(widest) = widest else { continue };
        let name = "José Nguyễn Łukasz Дмитрий Ελένη";
        let mut values = FormFields::new();
        values.set_text(&widest.name, name);
        for mode in MODES {
            let filled = form.filled(mode, &values);
            let folder = tempfile::tempdir().unwrap();
            let (read, _) = ran(folder.path(), "pdftotext", &["-layout", "form.pdf", "-"], &filled.pdf);
            if let Some(word) = name.split(' ').find(|word| !read.contains(word)) {
                complaints.add(form, mode, format!("{word} is not read again"));
            }
            if !filled.report.is_complete() {
                complaints.add(form, mode, format!("{:?}", filled.report));
            }
            let told = fields(&filled.pdf);
            if mode == Mode::Interactive && !told.iter().any(|field| field.value == name) {
                complaints.add(form, mode, "qpdf does not read the name");
            }
        }
        values.set_text(&widest.name, "a \u{1F5F3}");
        let report = form.filled(Mode::Flatten, &values).report;
        if report.missing_glyph != [widest.name.clone()] {
            complaints.add(form, Mode::Flatten, "a letter that no font has is not reported");
        }
    }
    complaints.are_none();
}
