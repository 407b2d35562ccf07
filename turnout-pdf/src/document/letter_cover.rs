//! The letters that a mail house puts before a printed form. The upper left stays free: the voter's address is printed
//! there. Below is a slip whose address shows through the window of the envelope to the office.

use super::{
    Drawn, Kind,
    layout::{INNER, MARGIN, Paper, Style},
};

/// Where the slip begins.
const SLIP: f32 = 244.0;
/// Where what is said begins: below the voter's address.
const TOP: f32 = 548.0;

/// Draws the letter before a registration form. Its fields are named as those of the official ones of the states.
pub(crate) fn registration_letter(kind: Kind) -> Drawn {
    let mut paper = Paper::new("Letter with a voter registration form", kind);
    paper.page();
    paper.title(MARGIN, TOP, Style::TITLE, "Here is your registration form");
    paper.text(MARGIN, TOP - 24.0, Style::LEAD, "You are not registered yet. Three steps are left.");
    paper.steps(
        MARGIN,
        TOP - 62.0,
        INNER,
        &[
            ("Check", "Read the form. Correct what is wrong, and fill in by hand what is still empty. A blank one is enclosed."),
            ("Sign", "Sign it by hand and write the date beside your name. Without a signature it does not count."),
            ("Mail", "Tear off the slip below. Put it and the form into the return envelope; the address must show in the window."),
        ],
    );
    slip(&mut paper);
    paper.finish()
}

/// Draws the letter before a ballot request form, printed on both sides: its second page is empty. With a tracker, it
/// says where the ballot can be followed.
pub(crate) fn request_letter(kind: Kind, tracker: bool) -> Drawn {
    let mut paper = Paper::new("Letter with a ballot request form", kind);
    paper.page();
    paper.title(MARGIN, TOP, Style::TITLE, "Here is your ballot request form");
    paper.text(MARGIN, TOP - 24.0, Style::LEAD, "No ballot is on its way yet. Three steps are left.");
    let y = paper.steps(
        MARGIN,
        TOP - 62.0,
        INNER,
        &[
            ("Check", "Read the form. Correct what is wrong, and fill in by hand what is still empty."),
            ("Sign", "Sign it by hand and write the date beside your name. The signature may be compared with the one that your election office has."),
            ("Mail", "Tear off the slip below. Put it and the form into the return envelope; the address must show in the window."),
        ],
    );
    if tracker {
        paper.text(MARGIN, y - 2.0, Style::BODY, "Follow your ballot at");
        let rect = [MARGIN + 104.0, y - 7.0, INNER - 104.0, 17.0];
        paper.print_line("external_tool_absentee_ballot_tracker", "Where to follow the ballot", rect);
    }
    slip(&mut paper);
    paper.page();
    paper.text(
        MARGIN,
        60.0,
        Style::NOTE,
        "This side is empty, so that the form begins on a sheet of its own.",
    );
    paper.finish()
}

/// Draws the letter before two blank registration forms. Its fields are named as those of the official covers.
pub(crate) fn blank_forms_letter(kind: Kind) -> Drawn {
    const COLUMN: f32 = (INNER - 24.0) / 2.0;
    const SECOND: f32 = MARGIN + COLUMN + 24.0;
    let mut paper = Paper::new("Letter with blank voter registration forms", kind);
    paper.page();
    paper.title(MARGIN, TOP, Style::TITLE, "Register to vote at your new home");
    let y = paper.paragraph(
        MARGIN,
        TOP - 22.0,
        INNER,
        Style::BODY,
        "Two blank forms are enclosed, one to spare. Fill one in with a pen, sign it, tear off the slip below, and mail both \
         in the return envelope; the address must show in the window.",
    );
    let y = y - 12.0;
    let height = y - SLIP - 20.0;
    paper.heading(MARGIN, y, COLUMN, Style::HEADING, "Who can register");
    paper.print_lines("registration_rules", "Who can register", [MARGIN, SLIP + 10.0, COLUMN, height]);
    paper.heading(SECOND, y, COLUMN, Style::HEADING, "What your state wants on the form");
    let rect = [SECOND, SLIP + 10.0, COLUMN, height];
    paper.print_lines("registration_nvrf_combined", "What your state wants on the form", rect);
    paper.dashes(SLIP);
    paper.heavy_frame([MARGIN, 160.0, 310.0, 56.0]);
    paper.text(MARGIN + 10.0, 198.0, Style::NOTE, "Your form");
    paper.print_lines("state_deadline", "When the form must be mailed", [MARGIN + 10.0, 164.0, 290.0, 32.0]);
    window(&mut paper);
    paper.finish()
}

fn slip(paper: &mut Paper) {
    paper.dashes(SLIP);
    paper.heavy_frame([MARGIN, 160.0, 310.0, 56.0]);
    paper.text(MARGIN + 10.0, 196.0, Style::BODY, "Your form must be");
    paper.print_bold(
        "2020_state_deadline",
        "When the form must be mailed",
        [MARGIN + 10.0, 168.0, 290.0, 22.0],
    );
    window(paper);
}

fn window(paper: &mut Paper) {
    paper.text(MARGIN, 132.0, Style::NOTE, "This address must show in the window of the return envelope:");
    paper.address("mailto_line_upper", 4, MARGIN + 10.0, 120.0, 300.0, 17.0);
}
