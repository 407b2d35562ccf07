//! What single official forms have that others have not.

use turnout_core::ports::forms::FormFields;
use turnout_pdf::{About, Mode, Packet, Section, compile};

use crate::support::{boxes, forms, paper::dots, words};

const ABOUT: About<'_> = About { title: "A form", language: "en-US" };

fn packet(pdf: &[u8], mode: Mode) -> Packet {
    compile(&[Section { document: "form", pdf, mode }], &ABOUT).unwrap()
}

fn form(name: &str) -> Vec<u8> {
    std::fs::read(forms().join(name)).unwrap()
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
    let different = before.differing(&after, 60).len();
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
