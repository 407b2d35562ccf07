//! The sample registration form: what the national form asks, on a page of ours, and a page to mail it with.

use super::layout::{INNER, MARGIN, Paper};

/// Draws the sample registration form. Its fields are named as those of the official one.
pub(crate) fn form() -> Vec<u8> {
    let mut paper = Paper::new("Sample voter registration form");
    application(&mut paper);
    mailing(&mut paper);
    paper.finish()
}

fn application(paper: &mut Paper) {
    paper.page();
    paper.heading(MARGIN, 744.0, 16.0, "Voter registration application");
    paper.note(MARGIN, 732.0, "Shows how a filled form looks. No election office accepts it.");

    paper.part(714.0, "Before you begin");
    question(paper, 696.0, "Are you a citizen of the United States?", "us_citizen");
    question(paper, 680.0, "Will you be 18 years old on or before election day?", "is_18_or_over");
    paper.note(MARGIN, 669.0, "If you check “No” at either question, do not fill in the rest.");

    paper.part(652.0, "1  Your name");
    honorifics(paper, 633.0, "Your name", "");
    paper.row(603.0, "Your name", &names(""));

    paper.part(582.0, "2  Where you live");
    paper.row(549.0, "Home address", &street(""));
    paper.row(520.0, "Home address", &place(""));

    paper.part(499.0, "3  Where you get your mail, if elsewhere");
    paper.row(
        466.0,
        "Mailing address",
        &[
            ("mailing_address1", "Address", 2.4),
            ("mailing_city", "City or town", 1.6),
            ("mailing_state", "State", 0.6),
            ("mailing_zipcode", "ZIP code", 0.9),
        ],
    );

    paper.part(445.0, "4  About you");
    paper.row(
        412.0,
        "About you",
        &[
            ("date_of_birth", "Date of birth (month/day/year)", 1.0),
            ("phone_number", "Telephone (optional)", 1.0),
            ("state_id_number", "ID number, as your state asks for it", 1.4),
        ],
    );
    paper.row(
        383.0,
        "About you",
        &[
            ("party", "Choice of party, where your state asks for it", 1.0),
            ("race_ethnicity", "Race or ethnic group, where your state asks for it", 1.0),
        ],
    );

    paper.part(362.0, "A  Your name when you registered last, if it was another");
    honorifics(paper, 343.0, "Former name", "previous_");
    paper.row(313.0, "Former name", &names("previous_"));

    paper.part(292.0, "B  Your address when you registered last");
    paper.row(259.0, "Former address", &street("previous_"));
    paper.row(230.0, "Former address", &place("previous_"));

    paper.part(209.0, "5  Your signature");
    paper.paragraph(
        MARGIN,
        193.0,
        INNER,
        8.5,
        "On an official form you would swear here that what you have written is true, that you are a citizen and old \
         enough, and that you meet your state’s requirements. A false statement can be punished.",
    );
    paper.rule(MARGIN, 154.0, 340.0);
    paper.note(MARGIN, 145.0, "Full name, signed by hand");
    paper.rule(MARGIN + 360.0, 154.0, INNER - 360.0);
    paper.note(MARGIN + 360.0, 145.0, "Date");

    paper.part(127.0, "C  Who helped you, if you cannot sign");
    paper.note(MARGIN, 113.0, "Name, address and telephone of the person who helped (telephone optional)");
    paper.lines(
        "helped_applicant",
        "Name, address and telephone of the person who helped",
        [MARGIN, 68.0, INNER, 40.0],
    );
    paper.note(MARGIN, 54.0, "Sign the form before you mail it; the next page says where to.");
}

fn mailing(paper: &mut Paper) {
    paper.page();
    paper.heading(MARGIN, 744.0, 16.0, "Mail your form");
    let y = paper.paragraph(
        MARGIN,
        720.0,
        INNER,
        11.0,
        "Fold the signed form, put it into an envelope with a stamp, and write this address on it:",
    );
    let (left, width, height) = (MARGIN, 380.0, 190.0);
    paper.frame([left, y - 6.0 - height, width, height]);
    paper.frame([left + width - 52.0, y - 66.0, 40.0, 48.0]);
    paper.note(left + width - 43.0, y - 45.0, "stamp");
    for line in 1..=5u8 {
        let rect = [left + 60.0, y - 70.0 - 20.0 * f32::from(line), width - 80.0, 17.0];
        paper.print_line(&format!("mailto_line_{line}"), &format!("Mail to, line {line}"), rect);
    }
    paper.rule(MARGIN, y - 220.0, INNER);
    paper.paragraph(
        MARGIN,
        y - 240.0,
        INNER,
        9.0,
        "This page and the one before were drawn because no folder of official forms is set up. Whoever runs this \
         service names one in TURNOUT_FORMS_DIR; then the official form is filled instead.",
    );
}

/// A question to be answered by one of two boxes.
fn question(paper: &mut Paper, y: f32, text: &str, name: &str) {
    paper.text(MARGIN, y, 9.5, text);
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
