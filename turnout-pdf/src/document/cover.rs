//! The cover sheets: what to do with the form, where it goes, and until when.

use super::{
    Drawn, Kind,
    layout::{INNER, MARGIN, Paper, Style},
};

/// The width of a column, and where the second begins.
const COLUMN: f32 = (INNER - 30.0) / 2.0;
const SECOND: f32 = MARGIN + COLUMN + 30.0;

/// Draws the cover sheet of a registration form. Its fields are named as those of the official one.
pub(crate) fn registration_cover(kind: Kind) -> Drawn {
    let mut paper = Paper::new("Cover sheet of a voter registration form", kind);
    paper.page();
    paper.title(MARGIN, 714.0, Style::TITLE, "Your registration form is ready");
    paper.text(MARGIN, 690.0, Style::LEAD, "You are not registered yet. Four steps are left.");
    let y = paper.steps(
        MARGIN,
        652.0,
        INNER,
        &[
            (
                "Check",
                "Read the form on the next page. Correct what is wrong, and fill in by hand what is still empty.",
            ),
            (
                "Sign",
                "Sign it by hand and write the date beside your name. Without a signature it does not count.",
            ),
            ("Enclose", "If your state asks for a copy of a document, put the copy in with the form."),
            ("Mail", "Put the form into an envelope with a stamp, and send it to the address below."),
        ],
    );
    let y = y - 14.0;
    paper.heading(MARGIN, y, COLUMN, Style::HEADING, "Mail it to");
    paper.address("mailto_line", 5, MARGIN, y - 10.0, COLUMN, 17.0);
    paper.heading(SECOND, y, COLUMN, Style::HEADING, "When");
    paper.print_lines(
        "2020_state_deadline_full",
        "When the form must be mailed",
        [SECOND, y - 95.0, COLUMN, 84.0],
    );
    let y = y - 132.0;
    warnings(&mut paper, "warnings_registration", y);
    paper.finish()
}

/// Draws the cover sheet of a ballot request form.
pub(crate) fn request_cover(kind: Kind) -> Drawn {
    let mut paper = Paper::new("Cover sheet of a ballot request form", kind);
    paper.page();
    paper.title(MARGIN, 714.0, Style::TITLE, "Your ballot request form is ready");
    paper.text(MARGIN, 690.0, Style::LEAD, "No ballot is on its way yet. Three steps are left.");
    let y = paper.steps(
        MARGIN,
        652.0,
        INNER,
        &[
            (
                "Check",
                "Read the form on the next page. Correct what is wrong, and fill in by hand what is still empty.",
            ),
            (
                "Sign",
                "Sign it by hand and write the date beside your name. The signature may be compared with the one \
                 that your election office has.",
            ),
            (
                "Send",
                "Mail the form, or take it to your election office. The last page is an envelope. If the deadline \
                 is near, ask the office whether you may fax or e-mail it.",
            ),
        ],
    );
    let y = y - 14.0;
    paper.heading(MARGIN, y, COLUMN, Style::HEADING, "Mail it to");
    paper.print_lines("mailto", "Mail it to", [MARGIN, y - 88.0, COLUMN, 77.0]);
    paper.heading(SECOND, y, COLUMN, Style::HEADING, "When");
    let deadline = [SECOND, y - 47.0, COLUMN, 36.0];
    paper.print_lines("2020_state_deadline_full", "When the form must be mailed", deadline);
    paper.text(SECOND, y - 62.0, Style::NOTE, "The office takes it from this day on:");
    let earliest = [SECOND, y - 98.0, COLUMN, 33.0];
    paper.print_lines("vbm_first_day_to_apply", "The first day on which the office takes it", earliest);
    let y = y - 126.0;
    paper.heading(MARGIN, y, INNER, Style::HEADING, "Questions? Ask your election office");
    paper.print_lines("leo_contact_info", "How to ask the election office", [MARGIN, y - 45.0, INNER, 34.0]);
    let y = y - 74.0;
    warnings(&mut paper, "vbm_warnings", y);
    paper.finish()
}

fn warnings(paper: &mut Paper, name: &str, y: f32) {
    let words = "Special rules of your state";
    paper.heading_of(name, MARGIN, y, INNER, words);
    paper.print_lines(name, words, [MARGIN, 44.0, INNER, y - 55.0]);
}
