//! Checks 4 and 10: every letter stands where it belongs, and can be read again.

use std::{collections::HashMap, path::Path};

use lopdf::{Document, Object};
use turnout_core::ports::forms::{FieldValue, FormFields};
use turnout_pdf::{Mode, Typeface};

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

/// Looks for the texts of a form in both modes, and for letters that stand in no box. Returns how many texts it looked for.
fn look(form: &Form, complaints: &mut Complaints) -> usize {
    let (values, blank) = (form.values(), letters(&form.pdf));
    let mut looked = 0;
    for mode in MODES {
        let added = added(&blank, &form.filled(mode, &values).pdf);
        for (found, text) in shown(form, &values) {
            looked += 1;
            if let Some(complaint) = misplaced(found, text, &added) {
                complaints.add(form, mode, complaint);
            }
        }
        for letter in &added {
            let is_home = |found: &Box| found.page == letter.page && is_in(found.rect, 1.5, letter.middle());
            if !form.boxes.iter().any(is_home) {
                complaints.add(form, mode, format!("{letter:?} stands in no box"));
            }
        }
    }
    looked
}

#[test]
fn check_4_every_text_stands_in_every_box_of_its_field_and_no_letter_stands_elsewhere() {
    let mut complaints = Complaints::default();
    let looked: usize = forms().iter().map(|form| look(form, &mut complaints)).sum();
    complaints.are_none();
    assert!(looked > 2_700, "only {looked} boxes were looked at");
}

/// The same form with its pages turned further, larger than before to the left and below, and cropped.
fn turned(form: Form, by: i64) -> Form {
    let mut document = Document::load_mem(&form.pdf).unwrap();
    let ids: Vec<_> = document.page_iter().collect();
    for (id, page) in ids.into_iter().zip(&form.pages) {
        let entries = document.get_object_mut(id).unwrap().as_dict_mut().unwrap();
        let [left, bottom, right, top] = page.media;
        entries.set("MediaBox", [left - 36.0, bottom - 50.5, right, top].map(Object::Real).to_vec());
        entries.set("CropBox", [left - 9.0, bottom - 18.0, right, top].map(Object::Real).to_vec());
        entries.set("Rotate", (page.turn + by) % 360);
    }
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    Form::new(form.name, pdf)
}

#[test]
fn check_4_holds_on_pages_that_are_turned_by_180_and_270_degrees_and_begin_off_the_corner() {
    let mut complaints = Complaints::default();
    let mut looked = 0;
    for (index, form) in forms().into_iter().enumerate() {
        let form = turned(form, [180, 270][index % 2]);
        assert!(form.pages.iter().all(|page| page.turn != 0 || form.name.contains("TX")), "{}", form.name);
        looked += look(&form, &mut complaints);
    }
    complaints.are_none();
    assert!(looked > 2_700, "only {looked} boxes were looked at");
}

#[test]
fn check_10_a_chinese_name_stands_in_its_box_when_a_font_is_given() {
    let mut complaints = Complaints::default();
    let font = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fonts/chinese.ttf");
    let font = Typeface::open(&font).unwrap();
    let name = "李明 王小紅";
    for form in &forms() {
        let Some(widest) = form.widest() else { continue };
        let mut values = FormFields::new();
        values.set_text(&widest.name, name);
        let blank = letters(&form.pdf);
        for mode in MODES {
            let filled =
                form.packet(mode).with_fonts(std::slice::from_ref(&font)).fill(&values, &[]).unwrap();
            if !filled.report.is_complete() {
                complaints.add(form, mode, format!("{:?}", filled.report));
            }
            let added = added(&blank, &filled.pdf);
            for complaint in shown(form, &values).filter_map(|(found, text)| misplaced(found, text, &added)) {
                complaints.add(form, mode, complaint);
            }
        }
        if form.filled(Mode::Flatten, &values).report.missing_glyph != [widest.name.clone()] {
            complaints.add(form, Mode::Flatten, "without the font its letters are missing without a word");
        }
    }
    complaints.are_none();
}

#[test]
fn check_10_names_of_many_countries_are_read_again_and_what_has_no_letter_is_reported() {
    let mut complaints = Complaints::default();
    for form in &forms() {
        let Some(widest) = form.widest() else { continue };
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
