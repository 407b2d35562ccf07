//! The sample registration form: what the national form asks, on a page of ours, and a page to mail it with.

use super::{
    Drawn, Kind,
    layout::{INNER, MARGIN, Paper, Style},
};

/// Draws the sample registration form. Its fields are named as those of the official one.
pub(crate) fn registration_form() -> Drawn {
    let mut paper = Paper::new("Sample voter registration form", Kind::Sample);
    application(&mut paper);
    mailing(&mut paper);
    paper.finish()
}

fn application(paper: &mut Paper) {
    paper.page();
    paper.title(MARGIN, 742.0, Style::FORM_TITLE, "Voter registration application");
    let note = "Shows how a filled form looks. No election office accepts it.";
    paper.text(MARGIN, 729.0, Style::NOTE, note);

    part(paper, 707.0, "Before you begin");
    question(paper, 688.0, "Are you a citizen of the United States?", "us_citizen");
    question(paper, 672.0, "Will you be 18 years old on or before election day?", "is_18_or_over");
    paper.text(MARGIN, 660.0, Style::NOTE, "If you check “No” at either question, do not fill in the rest.");

    part(paper, 641.0, "1  Your name");
    honorifics(paper, 621.0, "Your name", "");
    paper.row(591.0, "Your name", &names(""));

    part(paper, 571.0, "2  Where you live");
    paper.row(539.0, "Home address", &street(""));
    paper.row(510.0, "Home address", &place(""));

    part(paper, 490.0, "3  Where you get your mail, if elsewhere");
    paper.row(
        458.0,
        "Mailing address",
        &[
            ("mailing_address1", "Address", 2.4),
            ("mailing_city", "City or town", 1.6),
            ("mailing_state", "State", 0.6),
            ("mailing_zipcode", "ZIP code", 0.9),
        ],
    );

    part(paper, 438.0, "4  About you");
    paper.row(
        406.0,
        "About you",
        &[
            ("date_of_birth", "Date of birth (month/day/year)", 1.0),
            ("phone_number", "Telephone (optional)", 1.0),
            ("state_id_number", "ID number, as your state asks for it", 1.4),
        ],
    );
    paper.row(
        377.0,
        "About you",
        &[
            ("party", "Choice of party, where your state asks for it", 1.0),
            ("race_ethnicity", "Race or ethnic group, where your state asks for it", 1.0),
        ],
    );

    part(paper, 357.0, "A  Your name when you registered last, if it was another");
    honorifics(paper, 337.0, "Former name", "previous_");
    paper.row(307.0, "Former name", &names("previous_"));

    part(paper, 287.0, "B  Your address when you registered last");
    paper.row(255.0, "Former address", &street("previous_"));
    paper.row(226.0, "Former address", &place("previous_"));

    part(paper, 206.0, "5  Your signature");
    paper.paragraph(
        MARGIN,
        189.0,
        INNER,
        Style::SMALL,
        "On an official form you would swear here that what you have written is true, that you are a citizen and old \
         enough, and that you meet your state’s requirements. A false statement can be punished.",
    );
    paper.rule(MARGIN, 150.0, 340.0);
    paper.text(MARGIN, 140.0, Style::NOTE, "Full name, signed by hand");
    paper.rule(MARGIN + 360.0, 150.0, INNER - 360.0);
    paper.text(MARGIN + 360.0, 140.0, Style::NOTE, "Date");

    part(paper, 119.0, "C  Who helped you, if you cannot sign");
    let note = "Name, address and telephone of the person who helped (telephone optional)";
    paper.text(MARGIN, 104.0, Style::NOTE, note);
    let spoken = "Name, address and telephone of the person who helped";
    paper.lines("helped_applicant", spoken, [MARGIN, 62.0, INNER, 38.0]);
    let note = "Sign the form before you mail it; the next page says where to.";
    paper.text(MARGIN, 46.0, Style::NOTE, note);
}

/// The heading of a part of a form.
pub(super) fn part(paper: &mut Paper, y: f32, text: &str) {
    paper.heading(MARGIN, y, INNER, Style::PART, text);
}

fn mailing(paper: &mut Paper) {
    paper.page();
    part(paper, 735.0, "Mail your form");
    let y = paper.paragraph(
        MARGIN,
        708.0,
        INNER,
        Style::BODY,
        "Fold the signed form, put it into an envelope with a stamp, and write this address on it:",
    );
    let (left, width, height) = (MARGIN, 380.0, 190.0);
    paper.frame([left, y - 6.0 - height, width, height]);
    paper.frame([left + width - 56.0, y - 74.0, 44.0, 54.0]);
    paper.text(left + width - 44.0, y - 50.0, Style::NOTE, "Stamp");
    paper.address("mailto_line", 5, left + 60.0, y - 70.0, width - 80.0, 20.0);
    paper.rule(MARGIN, y - 226.0, INNER);
    paper.paragraph(
        MARGIN,
        y - 246.0,
        INNER,
        Style::SMALL,
        "This page and the one before were drawn because no folder of official forms is set up. Whoever runs this \
         service names one in TURNOUT_FORMS_DIR; then the official form is filled instead.",
    );
}

/// A question to be answered by one of two boxes.
fn question(paper: &mut Paper, y: f32, text: &str, name: &str) {
    paper.text(MARGIN, y, Style::SMALL, text);
    let next = paper.check(name, "Yes", &format!("{text} Yes"), MARGIN + 290.0, y - 2.0);
    paper.check(&format!("{name}_no"), "No", &format!("{text} No"), next, y - 2.0);
}

/// The boxes for titles and suffixes.
fn honorifics(paper: &mut Paper, y: f32, part: &str, prefix: &str) {
    const TITLES: [(&str, &str); 4] = [("mr", "Mr."), ("mrs", "Mrs."), ("miss", "Miss"), ("ms", "Ms.")];
    const SUFFIXES: [(&str, &str); 5] =
        [("jr", "Jr."), ("sr", "Sr."), ("ii", "II"), ("iii", "III"), ("iv", "IV")];
    let mut x = MARGIN;
    for (value, label) in TITLES {
        x = paper.check(&format!("{prefix}title_{value}"), label, &format!("{part}: title {label}"), x, y);
    }
    x = MARGIN + 290.0;
    for (value, label) in SUFFIXES {
        x = paper.check(&format!("{prefix}suffix_{value}"), label, &format!("{part}: suffix {label}"), x, y);
    }
}

type Cells = Vec<(String, &'static str, f32)>;

fn names(prefix: &str) -> Cells {
    cells(
        prefix,
        [
            ("last_name", "Last name", 1.2),
            ("first_name", "First name", 1.0),
            ("middle_name", "Middle names", 1.0),
        ],
    )
}

fn street(prefix: &str) -> Cells {
    cells(prefix, [("address1", "Street and number", 3.0), ("address2", "Apartment or lot", 1.0)])
}

fn place(prefix: &str) -> Cells {
    cells(prefix, [("city", "City or town", 2.4), ("state", "State", 0.6), ("zipcode", "ZIP code", 1.0)])
}

fn cells<const N: usize>(prefix: &str, cells: [(&str, &'static str, f32); N]) -> Cells {
    cells.into_iter().map(|(name, label, share)| (format!("{prefix}{name}"), label, share)).collect()
}
