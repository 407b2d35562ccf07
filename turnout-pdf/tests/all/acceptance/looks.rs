//! Checks 5, 6, 8, 9 and 12: what the pages look like, drawn by poppler and by mupdf.

use turnout_core::ports::forms::FormFields;
use turnout_pdf::Mode;

use super::{Complaints, Form, MODES, forms};
use crate::support::{
    Box,
    paper::{Renderer, drawn, is_in},
    ran,
};

/// The names of the states of each button, one more in each round, until every state had its turn.
fn rounds(form: &Form) -> Vec<FormFields> {
    let states = form.states();
    let most = states.values().map(std::collections::BTreeSet::len).max().unwrap_or_default();
    let round = |number: usize| {
        let mut values = FormFields::new();
        for (name, states) in &states {
            values.set_text(name, states.iter().nth(number).map_or("Off", String::as_str));
        }
        values
    };
    (0..most).map(round).collect()
}

#[test]
fn check_5_a_check_is_seen_in_its_own_box_and_in_no_other_of_its_group() {
    let mut complaints = Complaints::default();
    let mut seen = 0;
    for form in &forms() {
        let buttons: Vec<&Box> =
            form.boxes.iter().filter(|found| found.kind == b"Btn" && !found.states.is_empty()).collect();
        if buttons.is_empty() {
            continue;
        }
        let mut off = FormFields::new();
        for button in &buttons {
            off.set_text(&button.name, "Off");
        }
        for mode in MODES {
            let packet = form.packet(mode);
            let look =
                |values: &FormFields| drawn(Renderer::Mupdf, &packet.fill(values, &[]).unwrap().pdf, 100).0;
            let unchecked = look(&off);
            for values in rounds(form) {
                let checked = look(&values);
                let changed: Vec<Vec<((f32, f32), f32)>> =
                    unchecked.iter().zip(&checked).map(|(before, after)| before.inked(after)).collect();
                for button in &buttons {
                    let inside = changed[button.page].iter().filter(|(at, _)| is_in(button.rect, 0.0, *at));
                    let more: f32 = inside.map(|(_, ink)| ink).sum();
                    let state = values.text(&button.name).unwrap();
                    let is_on = state != "Off" && button.states.iter().any(|own| own == state.as_bytes());
                    seen += usize::from(is_on);
                    if is_on != (more > 0.5) && (is_on || more > 0.1) {
                        let what = format!("{} {state}: {more} more ink in {:?}", button.name, button.rect);
                        complaints.add(form, mode, what);
                    }
                }
            }
        }
    }
    complaints.are_none();
    assert!(seen > 900, "only {seen} checks were looked at");
}

/// The complaints of a program that it does not have of the blank form, numbers aside.
fn new_complaints(blank: &str, filled: &str) -> Vec<String> {
    let plain = |line: &str| line.replace(|c: char| c.is_ascii_digit(), "");
    let old: Vec<String> = blank.lines().map(plain).collect();
    filled.lines().filter(|line| !old.contains(&plain(line))).map(ToOwned::to_owned).collect()
}

fn nothing_changes_outside_of_the_boxes(mode: Mode) {
    let mut complaints = Complaints::default();
    let mut compared = 0;
    for form in &forms() {
        let (blank, known) = drawn(Renderer::Poppler, &form.pdf, 72);
        let (filled, said) = drawn(Renderer::Poppler, &form.filled(mode, &form.values()).pdf, 72);
        for complaint in new_complaints(&known, &said) {
            complaints.add(form, mode, format!("pdftoppm complains: {complaint}"));
        }
        for (page, (before, after)) in blank.iter().zip(&filled).enumerate() {
            let own: Vec<&Box> = form.boxes.iter().filter(|found| found.page == page).collect();
            let outside = before.differing(after, 60).into_iter().map(|at| before.place(at));
            let mut outside = outside.filter(|place| !own.iter().any(|found| is_in(found.rect, 2.0, *place)));
            if let Some(place) = outside.next() {
                let what = format!("page {page}: {place:?} and {} more dots changed", outside.count());
                complaints.add(form, mode, what);
            }
            compared += 1;
        }
    }
    complaints.are_none();
    assert!(compared > 120, "only {compared} pages were compared");
}

#[test]
fn check_6_nothing_changes_outside_of_the_boxes_of_a_flattened_form() {
    nothing_changes_outside_of_the_boxes(Mode::Flatten);
}

#[test]
fn check_6_nothing_changes_outside_of_the_boxes_of_an_editable_form() {
    nothing_changes_outside_of_the_boxes(Mode::Interactive);
}

#[test]
fn check_8_a_second_renderer_has_nothing_to_say_and_changes_nothing_outside_of_the_boxes_either() {
    let mut complaints = Complaints::default();
    for form in &forms() {
        let (blank, known) = drawn(Renderer::Mupdf, &form.pdf, 72);
        for mode in MODES {
            let (filled, said) = drawn(Renderer::Mupdf, &form.filled(mode, &form.values()).pdf, 72);
            for complaint in new_complaints(&known, &said) {
                complaints.add(form, mode, format!("mutool complains: {complaint}"));
            }
            for (page, (before, after)) in blank.iter().zip(&filled).enumerate() {
                let own: Vec<&Box> = form.boxes.iter().filter(|found| found.page == page).collect();
                let outside = before.differing(after, 60).into_iter().map(|at| before.place(at));
                let count =
                    outside.filter(|place| !own.iter().any(|found| is_in(found.rect, 2.0, *place))).count();
                if count > 0 {
                    complaints.add(form, mode, format!("page {page}: {count} dots changed outside"));
                }
            }
        }
    }
    complaints.are_none();
}

/// A form's values as pdftk wants them.
fn fdf(values: &FormFields) -> String {
    let mut fdf = String::from("%FDF-1.2\n1 0 obj<</FDF<</Fields[");
    for (name, _) in values.iter() {
        let value = values.text(name).map_or("/On".to_owned(), |text| format!("({text})"));
        fdf += &format!("<</T({name})/V{value}>>");
    }
    fdf + "]>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
}

#[test]
fn check_9_a_form_of_fixed_sizes_looks_as_pdftk_fills_it() {
    for name in ["register/eac-nvra.pdf", "register/print-and-forward-eac-nvra.pdf"] {
        let form = forms().into_iter().find(|form| form.name == name).unwrap();
        // what both can write: pdftk loses accents
        let mut values = FormFields::new();
        for (field, value) in [
            ("first_name", "Jose"),
            ("last_name", "Sample"),
            ("address1", "12 Elm Street"),
            ("city", "Springfield"),
            ("state", "MA"),
            ("zipcode", "01103"),
            ("date_of_birth", "05/04/1980"),
            ("previous_last_name", "Example"),
        ] {
            values.set_text(field, value);
        }
        for field in ["us_citizen", "is_18_or_over", "title_mr"] {
            values.set_on(field);
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("values.fdf"), fdf(&values)).unwrap();
        let arguments = ["form.pdf", "fill_form", "values.fdf", "output", "filled.pdf", "flatten"];
        ran(folder.path(), "pdftk", &arguments, &form.pdf);
        let theirs = std::fs::read(folder.path().join("filled.pdf")).unwrap();
        let ours = form.filled(Mode::Flatten, &values).pdf;
        let pages = |pdf: &[u8]| drawn(Renderer::Poppler, pdf, 60).0;
        let (blank, theirs, ours) = (pages(&form.pdf), pages(&theirs), pages(&ours));
        let mut filled = 0;
        for ((blank, theirs), ours) in blank.iter().zip(&theirs).zip(&ours) {
            let differing = theirs.differing(ours, 60).len();
            assert!(differing * 500 < ours.dots.len(), "{name}: {differing} dots differ");
            filled += ours.differing(blank, 60).len();
        }
        assert!(filled > 300, "{name}: only {filled} dots were filled in");
    }
}

/// A picture of 40 by 10, transparent but for a black bar from corner to corner.
#[cfg(feature = "images")]
fn signature() -> bytes::Bytes {
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 40, 10);
    encoder.set_color(png::ColorType::GrayscaleAlpha);
    encoder.set_depth(png::BitDepth::Eight);
    let pixel = |at: usize| if (at % 40) / 4 == at / 40 { [0, 255] } else { [0, 0] };
    let pixels: Vec<u8> = (0..400).flat_map(pixel).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    picture.into()
}

#[cfg(feature = "images")]
#[test]
fn check_12_a_signature_lies_in_its_box_and_leaves_its_corners_as_they_were() {
    use turnout_core::ports::forms::Stamp;
    use turnout_pdf::{Document, FormLibrary};

    let library = FormLibrary::open(Some(&crate::support::forms())).unwrap();
    let mut signed = 0;
    for form in &forms() {
        let Some(Document::Request(state)) = Document::at(&form.name) else { continue };
        let Some(questions) = library.questions(state) else { continue };
        for mode in MODES {
            let packet = form.packet(mode);
            for (number, place) in &questions.signatures {
                let page = number - 1;
                let seen = &form.pages[page];
                let turn = u16::try_from(seen.turn).unwrap();
                let [left, bottom, width, height] = place.on_page(seen.visible, turn);
                let stamp = Stamp { page, rect: [left, bottom, width, height], image: signature() };
                let bare = packet.fill(&FormFields::new(), &[]).unwrap().pdf;
                let with = packet.fill(&FormFields::new(), &[stamp]).unwrap().pdf;
                for renderer in [Renderer::Poppler, Renderer::Mupdf] {
                    let page = |pdf: &[u8]| drawn(renderer, pdf, 72).0.swap_remove(page);
                    let (before, after) = (page(&bare), page(&with));
                    let changed: Vec<(f32, f32)> =
                        before.differing(&after, 60).into_iter().map(|at| before.place(at)).collect();
                    assert!(changed.len() > 20, "{} {mode:?}: {} dots", form.name, changed.len());
                    let box_ = [left, bottom, left + width, bottom + height];
                    let (x, y) = (left + width / 2.0, bottom + height / 2.0);
                    // the bar runs from the upper left to the lower right: the other corners are transparent
                    let is_bare = |(a, b): &(f32, f32)| (a - x) * (b - y) > 100.0;
                    for place in &changed {
                        assert!(is_in(box_, 1.0, *place), "{} {mode:?}: {place:?} is outside", form.name);
                        assert!(!is_bare(place), "{} {mode:?}: {place:?} is black", form.name);
                    }
                    signed += 1;
                }
            }
        }
    }
    assert_eq!(signed, 9 * 4, "signatures were drawn");
}
