//! Each official form, in both modes.

use turnout_pdf::{About, Mode, Section, compile};

use crate::support::{boxes, every_form, page_boxes, unsound, values};

const ABOUT: About<'_> = About { title: "A form", language: "en-US" };

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
            if let Some(complaint) = unsound(&filled.pdf) {
                complaints.push(format!("{name} {mode:?}: {complaint}"));
            }
            if page_boxes(pdf) != page_boxes(&filled.pdf) {
                complaints.push(format!(
                    "{name} {mode:?}: {:?} {:?}",
                    page_boxes(pdf),
                    page_boxes(&filled.pdf)
                ));
            }
            let left = boxes(&filled.pdf).len();
            let expected = if mode == Mode::Flatten { 0 } else { boxes(pdf).len() };
            if left != expected {
                complaints.push(format!("{name} {mode:?}: {left} boxes instead of {expected}"));
            }
            let report = filled.report;
            if !report.unknown.is_empty() || !report.missing_glyph.is_empty() || !report.bad_state.is_empty()
            {
                complaints.push(format!("{name} {mode:?}: {report:?}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
