//! Checks 1, 2, 3, 7 and 11: the files as other programs read them.

use std::collections::BTreeMap;

use turnout_core::ports::forms::{FieldValue, FormFields};
use turnout_pdf::Mode;

use super::{Complaints, MODES, forms};
use crate::support::{boxes, fields, paper::pages, ran, unsound};

#[test]
fn check_1_every_filled_form_is_a_sound_file() {
    let mut complaints = Complaints::default();
    for form in &forms() {
        for mode in MODES {
            if let Some(complaint) = unsound(&form.filled(mode, &form.values()).pdf) {
                complaints.add(form, mode, complaint);
            }
        }
    }
    complaints.are_none();
}

/// The values that pdftk finds, by field; it has no word for nothing.
fn by_pdftk(pdf: &[u8]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let (dump, _) = ran(folder.path(), "pdftk", &["form.pdf", "dump_data_fields_utf8"], pdf);
    let fields = dump.split("---\n").map(|field| {
        let entry = |key: &str| {
            let line = field.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or_default()
                .replace("&apos;", "'")
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
        };
        (entry("FieldName: "), entry("FieldValue: "))
    });
    fields.filter(|(name, _)| !name.is_empty()).collect()
}

#[test]
fn check_2_two_programs_read_back_every_value_of_an_editable_form() {
    let mut complaints = Complaints::default();
    let mut read = 0;
    for form in &forms() {
        let values = form.values();
        let filled = form.filled(Mode::Interactive, &values);
        let (by_qpdf, by_pdftk) = (fields(&filled.pdf), by_pdftk(&filled.pdf));
        for (name, value) in values.iter() {
            let FieldValue::Text(value) = value else { panic!("{name} is a check") };
            let button = form.fields()[name][0].kind == b"Btn";
            let expected = if button { format!("/{}", **value) } else { value.to_string() };
            // qpdf tells each box, and a radio button's value with the group
            let told: Vec<&str> =
                by_qpdf.iter().filter(|field| field.name == name).map(|field| field.value.as_str()).collect();
            if told.is_empty() || told.iter().any(|told| *told != expected) {
                complaints.add(form, Mode::Interactive, format!("{name} is {told:?} instead of {expected}"));
            }
            if by_pdftk.get(name).is_none_or(|read| *read != **value) {
                complaints.add(
                    form,
                    Mode::Interactive,
                    format!("{name} is {:?} to pdftk", by_pdftk.get(name)),
                );
            }
            read += 1;
        }
    }
    complaints.are_none();
    assert!(read > 1_850, "only {read} fields were read");
}

#[test]
fn check_3_a_flattened_form_has_no_field_left() {
    let mut complaints = Complaints::default();
    for form in &forms() {
        let filled = form.filled(Mode::Flatten, &form.values());
        let left = (boxes(&filled.pdf).len(), fields(&filled.pdf).len());
        let names_a_form = filled.pdf.windows(9).any(|bytes| bytes == b"/AcroForm" || bytes == b"ot/Widget");
        if left != (0, 0) || names_a_form {
            complaints.add(form, Mode::Flatten, format!("{left:?} boxes are left"));
        }
    }
    complaints.are_none();
}

#[test]
fn check_7_pages_keep_their_boxes_and_their_turn() {
    let mut complaints = Complaints::default();
    let (mut turned, mut offset, mut cropped) = (0, 0, 0);
    for form in &forms() {
        for mode in MODES {
            let after = pages(&form.filled(mode, &form.values()).pdf);
            if after != form.pages {
                complaints.add(form, mode, format!("{after:?} instead of {:?}", form.pages));
            }
        }
        for page in &form.pages {
            turned += usize::from(page.turn != 0);
            offset += usize::from(page.media[0] != 0.0 || page.media[1] != 0.0);
            cropped += usize::from(page.media != page.visible);
        }
    }
    complaints.are_none();
    // the pages that go wrong first are among them
    assert!(turned > 0 && offset > 0 && cropped > 0, "{turned} turned, {offset} offset, {cropped} cropped");
}

#[test]
fn check_11_the_same_values_give_the_same_bytes_and_nothing_to_report() {
    let mut complaints = Complaints::default();
    for form in &forms() {
        for mode in MODES {
            let (packet, again) = (form.packet(mode), form.packet(mode));
            let first = packet.fill(&form.values(), &[]).unwrap();
            for packet in [&packet, &again] {
                if packet.fill(&form.values(), &[]).unwrap().pdf != first.pdf {
                    complaints.add(form, mode, "other bytes");
                }
            }
            if !first.report.is_complete() || !first.report.unknown.is_empty() {
                complaints.add(form, mode, format!("{:?}", first.report));
            }
        }
    }
    complaints.are_none();
}

/// Flags of fields that may go: formatted text, secrets and files.
const DROPPED: i64 = 1 << 25 | 1 << 13 | 1 << 20;

/// What makes a field one that a voter can write into.
fn nature(pdf: &[u8]) -> BTreeMap<String, (String, i64, Vec<String>)> {
    let fields = fields(pdf).into_iter();
    fields.map(|field| (field.name, (field.kind, field.flags & !DROPPED, field.choices))).collect()
}

#[test]
fn fields_that_are_left_to_the_voter_stay_as_editable_as_they_were() {
    let mut complaints = Complaints::default();
    let mut counted = 0;
    for form in &forms() {
        let filled = form.filled(Mode::Interactive, &FormFields::new());
        let (before, after) = (boxes(&form.pdf), boxes(&filled.pdf));
        let what = |boxes: &[crate::support::Box]| -> Vec<_> {
            let rounded = |rect: [f32; 4]| rect.map(|side| (side * 10.0).round());
            let mut found: Vec<_> = boxes
                .iter()
                .map(|found| {
                    (found.name.clone(), found.page, rounded(found.rect), found.max_len, found.states.len())
                })
                .collect();
            found.sort_by(|a, b| a.partial_cmp(b).unwrap());
            found
        };
        if what(&before) != what(&after) {
            complaints.add(form, Mode::Interactive, "other boxes");
        }
        let after = nature(&filled.pdf);
        for (name, nature) in nature(&form.pdf) {
            // a field on no page cannot be written into
            if form.fields().contains_key(name.as_str()) && after.get(&name) != Some(&nature) {
                let now = after.get(&name);
                complaints.add(form, Mode::Interactive, format!("{name} was {nature:?} and is {now:?}"));
            }
        }
        counted += after.len();
    }
    complaints.are_none();
    assert!(counted > 1_850, "only {counted} fields were compared");
}

#[test]
fn a_filled_form_is_hardly_larger_than_the_blank_one() {
    let mut complaints = Complaints::default();
    let (mut before, mut after) = (0, 0);
    for form in &forms() {
        for mode in MODES {
            let size = form.filled(mode, &form.values()).pdf.len();
            // what lay compressed in object streams lies open, and a font of common letters comes
            if size > form.pdf.len() * 5 / 4 + (64 << 10) {
                complaints.add(form, mode, format!("{size} bytes of {}", form.pdf.len()));
            }
            (before, after) = (before + form.pdf.len(), after + size);
        }
    }
    complaints.are_none();
    assert!(after < before, "{after} bytes of {before}: old revisions came along");
}
