//! The sample ballot request form, and what a state would ask for it.

use turnout_core::absentee::{
    StateForm,
    state_form::{AutoField, Block, Choice, Radio, Section, SignatureBox, TextBlock},
};

use super::{
    Drawn, Kind,
    layout::{INNER, MARGIN, Paper, Style},
    sample::part,
};

/// What the voter declares by signing.
const STATEMENT: &str = "I am a citizen of the United States, I am entitled to vote in this election, and what I have \
                         written here is true.";

/// Draws the sample ballot request form. Its fields are named as those of the official ones.
///
/// On one that is signed online, a screen reader is told of the signature.
pub(crate) fn request_form(signed: bool) -> Drawn {
    let mut paper = Paper::new("Sample ballot request form", Kind::Sample);
    paper.page();
    paper.title(MARGIN, 738.0, Style::FORM_TITLE, "Application for a ballot by mail");
    let note = "Shows how a filled form looks. No election office accepts it.";
    paper.text(MARGIN, 725.0, Style::NOTE, note);

    part(&mut paper, 697.0, "1  Which ballots you ask for");
    let which = "Which ballots";
    let x = paper.check(
        "election_next",
        "For the next election",
        &format!("{which}: for the next election"),
        MARGIN,
        674.0,
    );
    paper.check(
        "election_year",
        "For every election of this year",
        &format!("{which}: for every election of this year"),
        x + 14.0,
        674.0,
    );

    part(&mut paper, 648.0, "2  Who you are");
    paper.row(
        614.0,
        "Your name",
        &[
            ("last_name", "Last name", 1.2),
            ("first_name", "First name", 1.0),
            ("middle_name", "Middle names", 1.0),
            ("suffix", "Suffix", 0.4),
        ],
    );
    paper.row(
        582.0,
        "About you",
        &[
            ("date_of_birth", "Date of birth (month/day/year)", 1.0),
            ("state_id_number", "ID number, as your state asks for it", 1.4),
        ],
    );
    paper.row(
        550.0,
        "About you",
        &[("email", "E-mail (optional)", 1.4), ("phone", "Telephone (optional)", 1.0)],
    );

    part(&mut paper, 522.0, "3  Where you are registered");
    paper.row(
        488.0,
        "Home address",
        &[("address1", "Street and number", 3.0), ("address2", "Apartment or lot", 1.0)],
    );
    paper.row(
        456.0,
        "Home address",
        &[
            ("city", "City or town", 1.8),
            ("county", "County", 1.4),
            ("state", "State", 0.5),
            ("zipcode", "ZIP code", 0.8),
        ],
    );

    part(&mut paper, 428.0, "4  Where the ballot is to be sent");
    paper.check(
        "same_mailing_address",
        "To the address above",
        "Send the ballot to the home address",
        MARGIN,
        405.0,
    );
    paper.check(
        "has_mailing_address",
        "To this address:",
        "Send the ballot to another address",
        MARGIN + 150.0,
        405.0,
    );
    paper.row(
        373.0,
        "Mailing address",
        &[("mailing_address1_2", "Street and number, or post office box", 1.0)],
    );
    paper.row(
        341.0,
        "Mailing address",
        &[
            ("mailing_city", "City or town", 2.4),
            ("mailing_state", "State", 0.6),
            ("mailing_zipcode", "ZIP code", 1.0),
        ],
    );

    part(&mut paper, 313.0, "5  Your declaration");
    paper.paragraph(MARGIN, 295.0, INNER, Style::SMALL, STATEMENT);
    paper.rule(MARGIN, 218.0, 320.0);
    if signed {
        paper.signature("The voter’s signature");
    }
    paper.text(MARGIN, 208.0, Style::NOTE, "Full name, signed by hand");
    let date = [MARGIN + 340.0, 220.0, INNER - 340.0, 18.0];
    paper.print_line("date_signed", "Date of the signature", date);
    paper.rule(MARGIN + 340.0, 218.0, INNER - 340.0);
    paper.text(MARGIN + 340.0, 208.0, Style::NOTE, "Date");

    paper.rule(MARGIN, 112.0, INNER);
    paper.paragraph(
        MARGIN,
        96.0,
        INNER,
        Style::SMALL,
        "This page was drawn because no folder of official forms is set up. Whoever runs this service names one in \
         TURNOUT_FORMS_DIR; then the official form of the state is filled instead.",
    );
    paper.finish()
}

/// What a state would ask for the sample form.
pub(crate) fn state_form() -> StateForm {
    let option = |label: &str, slug: &str, default| Choice {
        label: label.into(),
        slug: Some(slug.into()),
        default,
        ..Choice::default()
    };
    let which = Radio {
        label: Some("Which ballots do you ask for?".into()),
        required: true,
        options: vec![
            option("For the next election", "election_next", Some(true)),
            option("For every election of this year", "election_year", None),
        ],
        ..Radio::default()
    };
    let number = TextBlock {
        slug: "state_id_number".into(),
        label: Some("ID number".into()),
        note: Some(
            "The number of your driver’s license, or the last four digits of your Social Security number."
                .into(),
        ),
        ..TextBlock::default()
    };
    let section = |label: &str, block| Section {
        label: Some(label.into()),
        content: Some(vec![block]),
        ..Section::default()
    };
    StateForm {
        pages: 1,
        // stands on the line for the signature
        signatures: [(1, SignatureBox { x: 34, y: 226, width: 330, height: 44 })].into(),
        signature_statement: Some(STATEMENT.into()),
        sections: Some(vec![
            section("Elections", Block::Radio(which)),
            section("Identification", Block::Text(number)),
        ]),
        auto_fields: vec![AutoField::Today { slug: "date_signed".into() }],
        ..StateForm::default()
    }
}
