//! Each official form, in both modes.

use turnout_core::ports::forms::FormFields;
use turnout_pdf::{About, Mode, Packet, Section, compile};

use crate::support::{Box, boxes, dots, every_form, forms, origins, page_boxes, unsound, values, words};

const ABOUT: About<'_> = About { title: "A form", language: "en-US" };

fn packet(pdf: &[u8], mode: Mode) -> Packet {
    compile(&[Section { document: "form", pdf, mode }], &ABOUT).unwrap()
}

fn form(name: &str) -> Vec<u8> {
    std::fs::read(forms().join(name)).unwrap()
}

#[test]
fn every_official_form_is_filled_in_both_modes_and_is_a_sound_file() {
    let forms = every_form();
    assert_eq!(forms.len(), 88, "the folder of official forms is not complete");
    let mut complaints = Vec::new();
    for (name, pdf) in &forms {
        for mode in [Mode::Flatten, Mode::Interactive] {
            let packet = match compile(&[Section { document: name, pdf, mode }], &ABOUT) {
                Ok(packet) => packet,
                Err(error) => {
                    complaints.push(format!("{name} {mode:?}: {error:?}"));
                    continue;
                }
            };
            let filled = packet.fill(&values(pdf), &[]).unwrap();
            let mut complain = |what: String| complaints.push(format!("{name} {mode:?}: {what}"));
            if let Some(complaint) = unsound(&filled.pdf) {
                complain(complaint);
            }
            if page_boxes(pdf) != page_boxes(&filled.pdf) {
                complain(format!("{:?} {:?}", page_boxes(pdf), page_boxes(&filled.pdf)));
            }
            let left = boxes(&filled.pdf).len();
            let expected = if mode == Mode::Flatten { 0 } else { boxes(pdf).len() };
            if left != expected {
                complain(format!("{left} boxes instead of {expected}"));
            }
            let report = filled.report;
            if !report.unknown.is_empty() || !report.missing_glyph.is_empty() || !report.bad_state.is_empty()
            {
                complain(format!("{report:?}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_text_of_every_official_form_stands_in_its_box() {
    let mut complaints = Vec::new();
    let mut seen = 0;
    for (name, pdf) in &every_form() {
        let data = values(pdf);
        let filled = packet(pdf, Mode::Flatten).fill(&data, &[]).unwrap();
        let words = words(&filled.pdf);
        let origins = origins(pdf);
        for found in boxes(pdf).iter().filter(|found| found.kind == b"Tx") {
            let Some([x, y]) = origins[found.page] else { continue };
            let [left, bottom, right, top] = found.rect;
            let whole = data.text(&found.name).unwrap();
            // a box with a greatest length takes the beginning; letters in cells are words of their own
            let mut text: String = whole.to_owned();
            if filled.report.truncated.contains(&found.name) {
                text.pop();
            }
            let inside: String = words
                .iter()
                .filter(|word| word.page == found.page)
                .filter(|word| word.rect[0] + x < right && word.rect[2] + x > left)
                .filter(|word| (bottom - 2.0..top + 2.0).contains(&(y + (word.rect[1] + word.rect[3]) / 2.0)))
                .map(|word| word.text.as_str())
                .collect();
            while !text.is_empty() && !inside.contains(&text) && filled.report.truncated.contains(&found.name)
            {
                text.pop();
            }
            if text.is_empty() || !inside.contains(&text) {
                complaints.push(format!("{name} {}: {whole} is not in {inside:?}", found.name));
            }
            let alone = words.iter().filter(|word| word.page == found.page && word.text == whole);
            for word in alone.filter(|word| word.rect[1] + y < top && word.rect[3] + y > bottom) {
                let same = boxes(pdf).iter().filter(|other| other.name == found.name).count();
                if same == 1 && (word.rect[0] + x < left - 1.5 || word.rect[2] + x > right + 1.5) {
                    complaints
                        .push(format!("{name} {}: {word:?} sticks out of {:?}", found.name, found.rect));
                }
            }
            seen += 1;
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(seen > 1_300, "only {seen} boxes were looked at");
}

/// How much ink there is in a rectangle, in points of full black.
fn ink((width, height, dots): &(usize, usize, Vec<u8>), [left, bottom, right, top]: [f32; 4]) -> f32 {
    let inside = |at: &usize| {
        let (x, y) = ((at % width) as f32 + 0.5, (height - at / width) as f32 - 0.5);
        (left..right).contains(&x) && (bottom..top).contains(&y)
    };
    (0..dots.len()).filter(inside).map(|at| f32::from(255 - dots[at]) / 255.0).sum()
}

#[test]
fn a_filled_page_is_the_blank_page_outside_of_its_boxes() {
    for (name, pages) in [
        ("register/eac-nvra.pdf", 2),
        ("register/cover.pdf", 1),
        ("absentee/states/DE.pdf", 1),
        ("absentee/states/PA-print-and-forward.pdf", 1),
    ] {
        let pdf = form(name);
        for mode in [Mode::Flatten, Mode::Interactive] {
            let filled = packet(&pdf, mode).fill(&values(&pdf), &[]).unwrap();
            for page in 0..pages {
                let (width, height, before) = dots(&pdf, page);
                let (_, _, after) = dots(&filled.pdf, page);
                let rects: Vec<[f32; 4]> =
                    boxes(&pdf).iter().filter(|found| found.page == page).map(|found| found.rect).collect();
                let changed =
                    (0..before.len()).filter(|at| before[*at].abs_diff(after[*at]) > 60).filter(|at| {
                        let (x, y) = ((at % width) as f32 + 0.5, (height - at / width) as f32 - 0.5);
                        !rects.iter().any(|[left, bottom, right, top]| {
                            (left - 2.0..right + 2.0).contains(&x) && (bottom - 2.0..top + 2.0).contains(&y)
                        })
                    });
                assert_eq!(changed.count(), 0, "{name} {mode:?} page {page}");
            }
        }
    }
}

#[test]
fn a_checked_box_is_seen_to_be_checked() {
    let pdf = form("register/eac-nvra.pdf");
    let blank = dots(&pdf, 0);
    let checks: Vec<Box> = boxes(&pdf).into_iter().filter(|found| found.kind == b"Btn").collect();
    assert_eq!(checks.len(), 22);
    let mut values = FormFields::new();
    for check in &checks {
        values.set_on(&check.name);
    }
    for mode in [Mode::Flatten, Mode::Interactive] {
        let filled = packet(&pdf, mode).fill(&values, &[]).unwrap();
        let filled = dots(&filled.pdf, 0);
        for check in &checks {
            assert!(ink(&filled, check.rect) > ink(&blank, check.rect) + 1.0, "{} {mode:?}", check.name);
        }
    }
}

#[test]
fn a_group_of_radio_buttons_stays_one_field_with_one_value() {
    let pdf = form("absentee/states/ME.pdf");
    let packet = packet(&pdf, Mode::Interactive);
    let mut tried = 0;
    for group in boxes(&pdf).iter().filter(|found| found.kind == b"Btn" && found.flags & 1 << 15 != 0) {
        let state = group.states.iter().find(|state| *state != b"Off").unwrap();
        let mut values = FormFields::new();
        values.set_text(&group.name, std::str::from_utf8(state).unwrap());
        let filled = packet.fill(&values, &[]).unwrap();
        assert!(filled.report.is_complete());
        let document = lopdf::Document::load_mem(&filled.pdf).unwrap();
        let form = document.catalog().unwrap().get(b"AcroForm").unwrap().as_dict().unwrap();
        let fields = form.get(b"Fields").unwrap().as_array().unwrap();
        let named: Vec<&lopdf::Dictionary> = fields
            .iter()
            .map(|field| document.get_dictionary(field.as_reference().unwrap()).unwrap())
            .filter(|field| field.get(b"T").unwrap().as_str().unwrap() == group.name.as_bytes())
            .collect();
        let [field] = named.as_slice() else { panic!("{} is {} fields", group.name, named.len()) };
        assert_eq!(field.get(b"V").unwrap().as_name().unwrap(), state.as_slice());
        let kids = field.get(b"Kids").unwrap().as_array().unwrap();
        assert!(kids.len() > 1);
        let on = kids.iter().filter(|kid| {
            let kid = document.get_dictionary(kid.as_reference().unwrap()).unwrap();
            kid.get(b"AS").unwrap().as_name().unwrap() == state.as_slice()
        });
        assert_eq!(on.count(), 1, "{}", group.name);
        tried += 1;
    }
    assert!(tried > 3, "{tried}");
}

#[test]
fn what_a_blank_form_shows_stays_where_nothing_is_filled_in() {
    for (name, shown) in
        [("absentee/states/NC-print-and-forward.pdf", "CountyAddress"), ("absentee/states/MN.pdf", "phone")]
    {
        let pdf = form(name);
        let preset = |pdf: &[u8]| {
            boxes(pdf).into_iter().find(|found| found.name.starts_with(shown)).and_then(|found| found.value)
        };
        let blank = packet(&pdf, Mode::Interactive).fill(&FormFields::new(), &[]).unwrap();
        assert!(preset(&pdf).is_some(), "{name} presets nothing in {shown}");
        assert_eq!(preset(&blank.pdf), preset(&pdf), "{name}");
    }
    // ME checks `By Mail` from the start; flattened and untouched it looks as the form itself does
    let pdf = form("absentee/states/ME.pdf");
    let flat = packet(&pdf, Mode::Flatten).fill(&FormFields::new(), &[]).unwrap();
    let (before, after) = (dots(&pdf, 0), dots(&flat.pdf, 0));
    let different = before.2.iter().zip(&after.2).filter(|(a, b)| a.abs_diff(**b) > 60).count();
    assert!(different < 20, "{different} dots differ");
}

#[test]
fn letters_in_cells_stand_in_their_cells_and_what_is_too_long_is_reported() {
    let pdf = form("absentee/states/PA.pdf");
    let comb = boxes(&pdf).into_iter().find(|found| found.flags & 1 << 24 != 0).unwrap();
    let mut values = FormFields::new();
    values.set_text(&comb.name, "12345678901234567890123456789012345");
    let filled = packet(&pdf, Mode::Flatten).fill(&values, &[]).unwrap();
    assert_eq!(filled.report.truncated, std::slice::from_ref(&comb.name));
    let [left, bottom, right, top] = comb.rect;
    let digits: String = words(&filled.pdf)
        .iter()
        .filter(|word| word.page == comb.page && word.rect[0] > left - 1.0 && word.rect[2] < right + 1.0)
        .filter(|word| (bottom..top).contains(&((word.rect[1] + word.rect[3]) / 2.0)))
        .map(|word| word.text.as_str())
        .collect();
    assert!(digits.len() > 2 && "12345678901234567890".starts_with(&digits), "{digits}");
}
