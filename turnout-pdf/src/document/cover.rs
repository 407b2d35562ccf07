//! The sample cover sheet: what to do with the form, where it goes, and until when.

use super::layout::{INNER, MARGIN, Paper};

/// Draws the sample cover sheet. Its fields are named as those of the official one (`pdf-forms.md` 9).
pub(crate) fn cover() -> Vec<u8> {
    let mut paper = Paper::new("Sample cover sheet");
    paper.page();
    paper.heading(MARGIN, 728.0, 22.0, "Your registration form is ready");
    paper.text(MARGIN, 706.0, 11.0, "You are not registered yet. Four steps are left.");

    let steps = [
        (
            "Check",
            "Read the form on the next page. Correct what is wrong, and fill in by hand what is still empty.",
        ),
        (
            "Sign",
            "Sign it by hand and write the date beside your name. Without a signature it does not count.",
        ),
        ("Enclose", "If your state asks for a copy of a document, put the copy in with the form."),
        ("Mail", "Put the form into an envelope with a stamp and send it to the address below."),
    ];
    let mut y = 674.0;
    for (number, (verb, text)) in (1..).zip(steps) {
        paper.heading(MARGIN, y, 12.0, &format!("{number}"));
        paper.heading(MARGIN + 20.0, y, 12.0, verb);
        y = paper.paragraph(MARGIN + 90.0, y, INNER - 90.0, 11.0, text) - 8.0;
    }

    y -= 14.0;
    paper.part(y, "Mail it to");
    for line in 1..=5u8 {
        let rect = [MARGIN + 4.0, y - 8.0 - 18.0 * f32::from(line), INNER - 8.0, 17.0];
        paper.print_line(&format!("mailto_line_{line}"), &format!("Mail to, line {line}"), rect);
    }
    y -= 124.0;
    paper.part(y, "When");
    let rect = [MARGIN + 4.0, y - 50.0, INNER - 8.0, 42.0];
    paper.print_lines("2020_state_deadline_full", "When the form must be mailed", rect);
    y -= 76.0;
    paper.part(y, "Special rules of your state, if any");
    let rect = [MARGIN + 4.0, y - 158.0, INNER - 8.0, 150.0];
    paper.print_lines("warnings_registration", "Special rules of your state, if any", rect);
    paper.finish()
}
