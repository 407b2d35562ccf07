//! The table of all official forms in `docs/forms.md`, and check 4 once more with what a voter would enter: every name
//! that we set is found again in every box of its field.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use turnout_core::{
    absentee::{StateForm, form as request, sample_facts, sample_request, state_form::Answer},
    address::{Address, State},
    person::Title,
    ports::forms::{FormFields, PacketName},
    register,
    secret::StateIdNumber,
    settings::Origins,
};
use turnout_pdf::{
    Document, Folder, Mode,
    check::{Finding, Weight, check, is_mapped},
};

use super::{
    Complaints, Form, forms,
    places::{added, misplaced, shown},
};
use crate::{
    check::facts,
    support::paper::{Renderer, drawn, is_in, letters},
};

const BEGIN: &str = "<!-- generated: make forms-table -->\n";
const END: &str = "<!-- end -->\n";

fn number() -> Option<StateIdNumber> {
    Some(StateIdNumber::new("QX726194".into()))
}

/// What a form is filled with: several voters, so that what only one of them has is seen too.
fn voters(folder: &Folder, document: Document) -> Vec<FormFields> {
    use Document::{
        BlankFormsCover, RegistrationCover, RegistrationForm, RegistrationLetter, RegistrationLetterOf,
        RegistrationMailForm,
    };
    let state = document.state().unwrap_or(State::Ma);
    match document {
        RegistrationCover
        | RegistrationForm
        | RegistrationLetter
        | RegistrationLetterOf(_)
        | RegistrationMailForm => {
            let voter = |(title, suffix): (Option<Title>, &str)| {
                let (mut voter, mut facts) = register::form::sample(State::Pa);
                voter.mailing_address.address2 = Some("Box 7".into());
                for name in [&mut voter.name, &mut voter.previous_name] {
                    (name.title, name.suffix) = (title, Some(suffix.into()));
                }
                facts.lines.extend(["Floor 2".into(), "Room 3".into()]);
                register::form::fields(&voter, &facts, PacketName::Registration, number())
            };
            let titles = [Some(Title::Mr), Some(Title::Mrs), Some(Title::Miss), Some(Title::Ms), None];
            let voters = titles.into_iter().zip(["Jr.", "Sr.", "II", "III", "IV"]).map(voter);
            let forms = [RegistrationForm, RegistrationMailForm];
            voters.take(if forms.contains(&document) { 5 } else { 1 }).collect()
        }
        BlankFormsCover(_) => {
            let mut values = FormFields::new();
            for line in 1..=4 {
                values.set_text(&format!("mailto_line_upper_{line}"), &format!("LINE {line}"));
            }
            for name in ["registration_rules", "registration_nvrf_combined", "important_dates"] {
                values
                    .set_text(name, &"A rule that is printed on some lines.\n• And another one.\n".repeat(3));
            }
            values.set_text("state_deadline", "Must be postmarked 15 days before Election Day.");
            vec![values]
        }
        _ => {
            let questions = folder.state_form(state).map(|form| &**form);
            let mut facts = sample_facts(state, &Origins::default());
            facts.contact.address.as_mut().unwrap().address3 = Some("Floor 2".into());
            let voter = |choice: &str, at_home: bool, suffix: &str| {
                let mut voter = sample_request(state);
                voter.name.suffix = Some(suffix.into());
                voter.mailing_address.address2 = Some("Box 7".into());
                if at_home {
                    voter.mailing_address = Address::default();
                }
                let mut answers = serde_json::Map::from_iter([(choice.to_owned(), true.into())]);
                for (slug, answer) in questions.map(|form| form.answers()).unwrap_or_default() {
                    let answer = match answer {
                        Answer::Flag => true.into(),
                        Answer::OneOf(values) => values[values.len() - 1].into(),
                        Answer::Text => "Sample".into(),
                    };
                    answers.insert(slug.to_owned(), answer);
                }
                voter.state_fields = Some(answers.into());
                request::fields(&voter, &facts, questions, 1, number())
            };
            let mut voters = vec![
                voter("state_id_number_opt_1", false, "Jr."),
                voter("state_id_number_opt_2", true, "Jr."),
            ];
            // its form has a box for each
            if state == State::Md {
                let others = ["Sr.", "II", "III", "IV"];
                voters.extend(others.map(|suffix| voter("state_id_number_opt_1", false, suffix)));
            }
            voters
        }
    }
}

/// A row: what a form has, and what became of it.
struct Row {
    document: Document,
    fields: usize,
    /// The fields that we set for some voter, as the names say.
    mapped: BTreeSet<String>,
    /// Those that were set for ours.
    filled: BTreeSet<String>,
    /// Those whose value was found in each of their boxes.
    seen: BTreeSet<String>,
}

/// Fills a form for each of its voters and looks for every value.
fn row(form: &Form, folder: &Folder, complaints: &mut Complaints) -> Row {
    let document = Document::at(&form.name).unwrap();
    let packet = form.packet(Mode::Flatten);
    let fields = form.fields();
    let questions = questions(document, folder);
    let mapped = fields.keys().filter(|name| is_mapped(document, questions, name));
    let mut row = Row {
        document,
        fields: fields.len(),
        mapped: mapped.map(|name| (*name).to_owned()).collect(),
        filled: BTreeSet::new(),
        seen: BTreeSet::new(),
    };
    let blank = letters(&form.pdf);
    let mut off = FormFields::new();
    for name in form.states().into_keys() {
        off.set_text(name, "Off");
    }
    let unchecked = drawn(Renderer::Mupdf, &packet.fill(&off, &[]).unwrap().pdf, 100).0;
    for values in voters(folder, document) {
        let filled = packet.fill(&values, &[]).unwrap();
        if !filled.report.is_complete() {
            complaints.add(form, Mode::Flatten, format!("{:?}", filled.report));
        }
        let mut unseen = BTreeSet::new();
        let added = added(&blank, &filled.pdf);
        for (found, text) in shown(form, &values) {
            if let Some(complaint) = misplaced(found, text, &added) {
                complaints.add(form, Mode::Flatten, complaint);
                unseen.insert(&found.name);
            }
        }
        let checked = drawn(Renderer::Mupdf, &filled.pdf, 100).0;
        let inked: Vec<_> =
            unchecked.iter().zip(&checked).map(|(before, after)| before.inked(after)).collect();
        let buttons = form.boxes.iter().filter(|found| found.kind == b"Btn");
        for found in buttons.filter(|found| values.get(&found.name).is_some()) {
            // of a group one box is checked
            let own = &fields[found.name.as_str()];
            let ink = own.iter().flat_map(|own| {
                inked[own.page].iter().filter(|(at, _)| is_in(own.rect, 0.0, *at)).map(|(_, ink)| ink)
            });
            if ink.sum::<f32>() < 0.5 {
                complaints.add(form, Mode::Flatten, format!("{} is not checked", found.name));
                unseen.insert(&found.name);
            }
        }
        let set = fields.keys().filter(|name| values.get(name).is_some());
        for name in set.map(|name| (*name).to_owned()) {
            if !unseen.contains(&name) {
                row.seen.insert(name.clone());
            }
            row.filled.insert(name);
        }
    }
    for name in row.filled.symmetric_difference(&row.mapped) {
        complaints.add(form, Mode::Flatten, format!("{name} is set, or said to be set, but not both"));
    }
    row
}

/// What the state of a form asks.
fn questions(document: Document, folder: &Folder) -> Option<&StateForm> {
    match document {
        Document::Request(state) | Document::RequestMailForm(state) => {
            folder.state_form(state).map(|form| &**form)
        }
        _ => None,
    }
}

/// The names that a registration has and a request has not: forms for requests that ask for them are not filled there.
const OF_REGISTRATIONS: [&str; 10] = [
    "party",
    "previous_address1",
    "previous_address2",
    "previous_city",
    "previous_first_name",
    "previous_last_name",
    "previous_middle_name",
    "previous_state",
    "previous_suffix",
    "previous_zipcode",
];

#[test]
fn the_fields_left_to_the_voter_are_the_816_of_the_django_service_and_fourteen_more_less_22() {
    let folder = Folder::read(&crate::support::forms()).unwrap();
    let (mut left, mut of_registrations) = (0, 0);
    let mut by_form = BTreeMap::new();
    for form in &forms() {
        let document = Document::at(&form.name).unwrap();
        let questions = questions(document, &folder);
        let fields = form.fields();
        let own: Vec<&str> =
            fields.into_keys().filter(|name| !is_mapped(document, questions, name)).collect();
        let is_request = matches!(document, Document::Request(_) | Document::RequestMailForm(_));
        of_registrations += own.iter().filter(|name| is_request && OF_REGISTRATIONS.contains(name)).count();
        left += own.len();
        by_form.insert(document, own.len());
    }
    assert_eq!(left, 816 + 14 - 22);
    // counted as set there, though no request has them
    assert_eq!(of_registrations, 12);
    // of 36 fields nine are on no page; 17 of 48 are filled, where none of the 32 that are listed was; three letters of
    // eight fields, of which four were filled
    let request = |state| by_form[&Document::Request(state)];
    assert_eq!((request(State::Ia), request(State::Nc)), (20 - 9, 32 - 1));
    let letters = by_form.iter().filter(|(document, _)| matches!(document, Document::BlankFormsCover(_)));
    assert_eq!(letters.map(|(_, left)| *left).collect::<Vec<_>>(), [0; 3]);
    // the fifth line of an address of four, and a box that is “filled” with false
    assert_eq!((by_form[&Document::Envelope], request(State::Wy)), (1, 2));
}

/// What is to be known of a form, in words.
fn remarks(form: &Form, folder: &Folder, findings: &[Finding]) -> String {
    let mut remarks = Vec::new();
    for (number, page) in (1..).zip(&form.pages) {
        let mut says = |what: String| remarks.push(format!("page {number} {what}"));
        if page.turn != 0 {
            says(format!("is turned by {}°", page.turn));
        }
        if page.media[0] != 0.0 || page.media[1] != 0.0 {
            says("begins off the corner".to_owned());
        }
        if page.visible != page.media {
            says("is cropped".to_owned());
        }
        let [width, height] = [page.visible[2] - page.visible[0], page.visible[3] - page.visible[1]];
        if (width - 612.0).abs() > 8.0 || (height - 792.0).abs() > 8.0 {
            says(format!("has {width:.0} × {height:.0} points"));
        }
    }
    let document = Document::at(&form.name).unwrap();
    if let (Document::Request(state), None) =
        (document, document.state().and_then(|it| folder.state_form(it)))
    {
        remarks.push(format!("no {state}.yml"));
    }
    let yml = form.name.replace(".pdf", ".yml");
    let mistakes = findings.iter().filter(|finding| finding.place == form.name || finding.place == yml);
    let mistakes = mistakes.filter(|finding| finding.weight == Weight::Mistake);
    remarks.extend(mistakes.map(|finding| finding.text.replace('|', "\\|")));
    remarks.join("; ")
}

/// The table, as Markdown.
fn table(complaints: &mut Complaints) -> String {
    let folder = Folder::read(&crate::support::forms()).unwrap();
    let findings = check(&folder, &facts(&folder));
    let mut table = String::from(
        "| form | pages | fields | mapped | filled | seen | skipped | manual | signature | remarks |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|---|---|\n",
    );
    let mut sums = [0; 6];
    for form in &forms() {
        let row = row(form, &folder, complaints);
        let questions = match row.document {
            Document::Request(state) => folder.state_form(state),
            _ => None,
        };
        let signed = questions.into_iter().flat_map(|form| form.signatures.iter());
        let signed: Vec<String> = signed.map(|(page, _)| format!("page {page}")).collect();
        let skipped = row.filled.difference(&row.seen).count();
        let (mapped, filled, seen) = (row.mapped.len(), row.filled.len(), row.seen.len());
        let counts = [row.fields, mapped, filled, seen, skipped, row.fields - mapped];
        let name = form.name.trim_end_matches(".pdf");
        table += &format!("| {name} | {} |", form.pages.len());
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
            table += &format!(" {count} |");
        }
        table += &format!(" {} | {} |\n", signed.join(", "), remarks(form, &folder, &findings));
    }
    let [fields, mapped, filled, seen, skipped, manual] = sums;
    table + &format!("| **all** | | {fields} | {mapped} | {filled} | {seen} | {skipped} | {manual} | | |\n")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a switch of this test, not a setting")]
fn the_table_of_forms_in_the_book_is_what_is_found_on_the_paper() {
    let mut complaints = Complaints::default();
    let table = table(&mut complaints);
    complaints.are_none();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/forms.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}\n{table}\n{END}{after}");
    if std::env::var("TURNOUT_BLESS").is_ok_and(|it| it == "1") {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "docs/forms.md is out of date: run make forms-table and commit it");
}
