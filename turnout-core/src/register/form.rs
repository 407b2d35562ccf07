//! What goes on paper: the fields of the national form and its cover sheet (`pdf-forms.md` 3, 2026-11).

use super::Registration;
pub use crate::file::download_url;
use crate::{
    address::{Address, State},
    ids::{ActionId, RegistrationId},
    official::{Purpose, best_address},
    person::{Gender, Party, PersonName, Phone, RaceEthnicity, Title},
    ports::{
        forms::{FormFields, PacketName},
        store::{StoreError, View},
    },
    secret::StateIdNumber,
    wording::plain_text,
};

/// What the state says that goes on the cover sheet, and where the form is mailed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailingFacts {
    /// The office's address, line by line; empty when none is known.
    pub lines: Vec<String>,
    /// The mail deadline as the state's fact says it; empty when none is known.
    pub deadline: String,
    /// The state's warnings, Markdown; empty when there are none.
    pub warnings: String,
    /// The state's tool for checking a registration; empty when unknown.
    pub status_tool_url: String,
}

/// Reads where a registration's form is mailed: to its region's office, else to the statewide address. A region
/// without an address counts as none (quirk Q41).
///
/// # Errors
/// When the store fails.
pub async fn mailing_facts(
    view: &mut dyn View,
    registration: &Registration,
) -> Result<MailingFacts, StoreError> {
    let mut facts = MailingFacts::default();
    if let Some(region) = registration.region {
        let offices = view.officials().offices(region).await?;
        facts.lines =
            best_address(&offices, Purpose::Registration).map_or_else(Vec::new, |best| best.lines());
    }
    let Some(state) = registration.address.state else { return Ok(facts) };
    if facts.lines.is_empty() {
        let text = view.elections().text(state, "registration_nvrf_submission_address").await?;
        facts.lines = text
            .unwrap_or_default()
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
    }
    let elections = view.elections();
    facts.deadline = elections.text(state, "registration_deadline_mail").await?.unwrap_or_default();
    facts.warnings = elections.text(state, "warnings_registration").await?.unwrap_or_default();
    facts.status_tool_url = elections.text(state, "external_tool_verify_status").await?.unwrap_or_default();
    Ok(facts)
}

/// The sentence about the deadline for the cover sheet.
pub(crate) fn deadline_sentence(deadline: &str) -> String {
    let lower = deadline.trim().trim_end_matches('.').to_lowercase();
    match lower.split_whitespace().next() {
        // the covers say elsewhere to mail it as soon as possible
        None => "Do not wait: your election office can tell you the last day.".to_owned(),
        Some("postmarked" | "received") => format!("Your form must be {lower}."),
        Some(_) => format!("Your form must arrive by {lower}."),
    }
}

/// How many lines the address has on a sheet.
fn most_lines(packet: PacketName) -> usize {
    match packet {
        // the cover letter's address shows through the window of an envelope
        PacketName::RegistrationMail(_) => 4,
        _ => 5,
    }
}

/// Lines of an address, at most so many: neighbors that are short together become one line. The last line, which has
/// the city, stays alone.
pub(crate) fn folded(lines: &[String], most: usize) -> Vec<String> {
    let mut lines = lines.to_vec();
    while lines.len() > most.max(2) {
        let length = |at: &usize| lines[*at].len() + lines[at + 1].len();
        let Some(at) = (0..lines.len() - 2).min_by_key(length) else { break };
        let next = lines.remove(at + 1);
        lines[at] = format!("{}, {next}", lines[at]);
    }
    lines
}

/// The fields of the packet. Takes the identification number and lets go of it on the paper.
#[must_use]
pub fn fields(
    registration: &Registration,
    facts: &MailingFacts,
    packet: PacketName,
    number: Option<StateIdNumber>,
) -> FormFields {
    let mut form = FormFields::new();
    name(&mut form, "", &registration.name);
    name(&mut form, "previous_", &registration.previous_name);
    address(&mut form, "", &registration.address);
    address(&mut form, "previous_", &registration.previous_address);
    address(&mut form, "mailing_", &registration.mailing_address);
    // the form has no field for the second line of the mailing address (quirk Q07)
    let mailing = &registration.mailing_address;
    if let (Some(line1), Some(line2)) = (filled(&mailing.address1), filled(&mailing.address2)) {
        form.set_text("mailing_address1", &format!("{line1} {line2}"));
    }
    if let Some(date) = registration.date_of_birth {
        form.set_text("date_of_birth", &date.format("%m/%d/%Y").to_string());
    }
    form.set_text_if("email", filled(&registration.email));
    if let Some(phone) = &registration.phone {
        form.set_text("phone", &phone.national());
        form.set_text("phone_number", &phone.national());
    }
    form.set_text_if("gender", registration.gender.map(|gender| gender.label()));
    form.set_text_if("party", registration.party.map(|party| party.label()));
    if registration.address.state.is_some_and(|state| state.asks_race()) {
        form.set_text_if("race_ethnicity", registration.race_ethnicity.map(|race| race.label()));
    }
    if registration.us_citizen == Some(true) {
        form.set_on("us_citizen");
    }
    // nobody completes without confirming it
    form.set_on("is_18_or_over");
    if let Some(number) = number {
        number.write_onto(&mut form);
    }
    mail_to(&mut form, facts, packet);
    let sentence = deadline_sentence(&plain_text(&facts.deadline));
    form.set_text("state_deadlines", &sentence);
    form.set_text("2020_state_deadline", "mailed as soon as possible");
    form.set_text("2020_state_deadline_full", &sentence);
    form.set_text("warnings_registration", &plain_text(&facts.warnings));
    form
}

/// Where the form is mailed, line by line.
fn mail_to(form: &mut FormFields, facts: &MailingFacts, packet: PacketName) {
    for (index, line) in folded(&facts.lines, most_lines(packet)).iter().enumerate() {
        form.set_text(&format!("mailto_line_{}", index + 1), line);
        form.set_text(&format!("mailto_line_upper_{}", index + 1), &line.to_uppercase());
    }
}

/// The same fields for what the mail house prints.
pub(super) fn fields_for_mail(form: &FormFields, facts: &MailingFacts, packet: PacketName) -> FormFields {
    let mut twin = form.twin();
    mail_to(&mut twin, facts, packet);
    twin
}

pub(crate) fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

fn name(form: &mut FormFields, prefix: &str, name: &PersonName) {
    for (field, value) in
        [("first_name", &name.first), ("middle_name", &name.middle), ("last_name", &name.last)]
    {
        form.set_text_if(&format!("{prefix}{field}"), filled(value));
    }
    if let Some(title) = name.title {
        form.set_on(&format!("{prefix}title_{}", title.wire().to_lowercase()));
    }
    if let Some(suffix) = filled(&name.suffix) {
        form.set_text(&format!("{prefix}suffix"), suffix);
        let plain: String = suffix.chars().filter(|c| *c != '.').collect();
        form.set_on(&format!("{prefix}suffix_{}", plain.trim().to_lowercase()));
    }
}

pub(crate) fn address(form: &mut FormFields, prefix: &str, address: &Address) {
    for (field, value) in [
        ("address1", &address.address1),
        ("address2", &address.address2),
        ("city", &address.city),
        ("zipcode", &address.zipcode),
    ] {
        form.set_text_if(&format!("{prefix}{field}"), filled(value));
    }
    form.set_text_if(&format!("{prefix}state"), address.state.map(|state| state.code()));
}

/// The name under which the form is downloaded: `ca-smith-registrationform.pdf` (`pdf-forms.md` 10).
#[must_use]
pub fn file_name(registration: &Registration) -> String {
    named(registration, "")
}

/// The same of the form that the mail house prints: `ca-smith-registrationform-mail.pdf`.
#[must_use]
pub fn mail_file_name(registration: &Registration) -> String {
    named(registration, "mail")
}

fn named(registration: &Registration, mail: &str) -> String {
    let state = registration.address.state.map(|state| state.code()).unwrap_or_default();
    let last = registration.name.last.as_deref().unwrap_or_default();
    crate::file::file_name(&[state, last, "registrationform", mail])
}

/// Every name that we may set for a registration: what the form and its covers can count on.
pub const KEYS: &[&str] = &[
    "2020_state_deadline",
    "2020_state_deadline_full",
    "address1",
    "address2",
    "city",
    "date_of_birth",
    "email",
    "first_name",
    "gender",
    "is_18_or_over",
    "last_name",
    "mailing_address1",
    "mailing_address2",
    "mailing_city",
    "mailing_state",
    "mailing_zipcode",
    "mailto_line_1",
    "mailto_line_2",
    "mailto_line_3",
    "mailto_line_4",
    "mailto_line_5",
    "mailto_line_upper_1",
    "mailto_line_upper_2",
    "mailto_line_upper_3",
    "mailto_line_upper_4",
    "mailto_line_upper_5",
    "middle_name",
    "party",
    "phone",
    "phone_number",
    "previous_address1",
    "previous_address2",
    "previous_city",
    "previous_first_name",
    "previous_last_name",
    "previous_middle_name",
    "previous_state",
    "previous_suffix",
    "previous_suffix_ii",
    "previous_suffix_iii",
    "previous_suffix_iv",
    "previous_suffix_jr",
    "previous_suffix_sr",
    "previous_title_miss",
    "previous_title_mr",
    "previous_title_mrs",
    "previous_title_ms",
    "previous_title_mx",
    "previous_zipcode",
    "race_ethnicity",
    "state",
    "state_deadlines",
    "state_id_number",
    "suffix",
    "suffix_ii",
    "suffix_iii",
    "suffix_iv",
    "suffix_jr",
    "suffix_sr",
    "title_miss",
    "title_mr",
    "title_mrs",
    "title_ms",
    "title_mx",
    "us_citizen",
    "warnings_registration",
    "zipcode",
];

/// A registration that has everything, about nobody, and what would be known of its office: for previews and tests.
///
/// # Panics
/// Never: its dates and numbers exist.
#[must_use]
pub fn sample(state: State) -> (Registration, MailingFacts) {
    let some = |text: &str| Some(text.to_owned());
    let nobody = uuid::Uuid::nil();
    let made = chrono::DateTime::from_timestamp(1_790_000_000, 0).expect("a moment that exists");
    let mut registration = Registration::new(RegistrationId(nobody), ActionId(nobody), None, made);
    registration.name = PersonName {
        title: Some(Title::Mr),
        first: some("José"),
        middle: some("Quincy"),
        last: some("Sample"),
        suffix: some("Jr."),
    };
    registration.previous_name =
        PersonName { last: some("Example"), suffix: None, ..registration.name.clone() };
    registration.date_of_birth = chrono::NaiveDate::from_ymd_opt(1980, 5, 4);
    registration.email = some("jose.sample@example.org");
    registration.phone = Phone::parse("413-555-0123");
    registration.gender = Some(Gender::Male);
    registration.race_ethnicity = Some(RaceEthnicity::Multi);
    registration.party = Some(Party::None);
    registration.us_citizen = Some(true);
    let address = |street: &str, unit: Option<&str>, city: &str, zipcode: &str| Address {
        address1: some(street),
        address2: unit.map(ToOwned::to_owned),
        city: some(city),
        state: Some(state),
        zipcode: some(zipcode),
    };
    registration.address = address("12 Elm Street", Some("Apt 3"), "Springfield", "01103");
    registration.mailing_address = address("PO Box 45", None, "Riverside", "01002");
    registration.previous_address = address("7 Oak Road", Some("Lot 2"), "Lakeside", "01004");
    let facts = MailingFacts {
        lines: vec![
            "Springfield Election Office".into(),
            "1 Main Street".into(),
            format!("Springfield, {state} 01103"),
        ],
        deadline: "Postmarked 15 days before Election Day.".into(),
        warnings: "Send a copy of **one** of these:\n\n- a photo ID\n- another proof of where you live"
            .into(),
        status_tool_url: String::new(),
    };
    (registration, facts)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_set_and_what_a_form_can_count_on_are_the_same() {
        let (mut registration, mut facts) = sample(State::Pa);
        facts.lines = ["a", "b", "c", "d", "e"].map(Into::into).into();
        let mut found = BTreeSet::new();
        let suffixes = ["Jr.", "Sr.", "II", "III", "IV"];
        for (title, suffix) in Title::ALL.iter().zip(suffixes) {
            for name in [&mut registration.name, &mut registration.previous_name] {
                (name.title, name.suffix) = (Some(*title), Some(suffix.into()));
            }
            registration.mailing_address.address2 = Some("Room 2".into());
            let number = StateIdNumber::new("1".into());
            let form = fields(&registration, &facts, PacketName::Registration, Some(number));
            found.extend(form.iter().map(|(name, _)| name.to_owned()));
        }
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), KEYS);
    }

    #[test]
    fn a_long_address_loses_no_line() {
        let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let long = lines("Office of the Secretary|Elections|Suite 1|PO Box 2|Main St 3|Town, PA 1");
        assert_eq!(
            folded(&long, 5),
            lines("Office of the Secretary|Elections|Suite 1, PO Box 2|Main St 3|Town, PA 1")
        );
        assert_eq!(
            folded(&long, 4),
            lines("Office of the Secretary|Elections, Suite 1, PO Box 2|Main St 3|Town, PA 1")
        );
        assert_eq!(folded(&long[..3], 4), long[..3]);
    }

    #[test]
    fn what_a_state_wrote_is_printed_without_its_marks() {
        let (registration, facts) = sample(State::Pa);
        let form = fields(&registration, &facts, PacketName::Registration, None);
        assert_eq!(
            form.text("warnings_registration"),
            Some("Send a copy of one of these:\n\n- a photo ID\n- another proof of where you live")
        );
        assert_eq!(form.text("mailing_address1"), Some("PO Box 45"));
        assert!(form.get("state_id_number").is_none());
    }

    #[test]
    fn the_deadline_is_a_sentence_whatever_the_fact_says() {
        for (fact, sentence) in [
            (
                "Postmarked 15 days before Election Day.",
                "Your form must be postmarked 15 days before election day.",
            ),
            ("Received 8 days before", "Your form must be received 8 days before."),
            ("October 5", "Your form must arrive by october 5."),
            ("", "Do not wait: your election office can tell you the last day."),
            ("  ", "Do not wait: your election office can tell you the last day."),
        ] {
            assert_eq!(deadline_sentence(fact), sentence);
        }
    }
}
