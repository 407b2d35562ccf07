//! What goes on paper: the fields of the national form and its cover sheet (`pdf-forms.md` 3, 2026-11).

use super::Registration;
use crate::{
    address::Address,
    app::App,
    official::{Purpose, best_address},
    person::PersonName,
    ports::{
        forms::FormFields,
        store::{StoreError, View},
    },
    secret::StateIdNumber,
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
fn deadline_sentence(deadline: &str) -> String {
    let lower = deadline.trim().trim_end_matches('.').to_lowercase();
    match lower.split_whitespace().next() {
        None => "Mail your form as soon as possible.".to_owned(),
        Some("postmarked" | "received") => format!("Your form must be {lower}."),
        Some(_) => format!("Your form must arrive by {lower}."),
    }
}

/// The fields of the packet. Takes the identification number and lets go of it on the paper.
#[must_use]
pub fn fields(
    registration: &Registration,
    facts: &MailingFacts,
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
    for (index, line) in facts.lines.iter().enumerate() {
        form.set_text(&format!("mailto_line_{}", index + 1), line);
        form.set_text(&format!("mailto_line_upper_{}", index + 1), &line.to_uppercase());
    }
    let sentence = deadline_sentence(&facts.deadline);
    form.set_text("state_deadlines", &sentence);
    form.set_text("2020_state_deadline", "mailed as soon as possible");
    form.set_text("2020_state_deadline_full", &sentence);
    form.set_text("warnings_registration", &facts.warnings);
    form
}

fn filled(text: &Option<String>) -> Option<&str> {
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

fn address(form: &mut FormFields, prefix: &str, address: &Address) {
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
    let state = registration.address.state.map(|state| state.code()).unwrap_or_default();
    let last = registration.name.last.as_deref().unwrap_or_default();
    crate::file::file_name(&[state, last, "registrationform"])
}

/// The address under which a voter's form is downloaded.
#[must_use]
pub fn download_url(app: &App, file: &crate::file::StoredFile) -> String {
    let token = app.file_tokens.issue(file);
    format!("{}/download/{}/?token={}", app.settings.origins.primary, file.id, token.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_a_sentence_whatever_the_fact_says() {
        for (fact, sentence) in [
            (
                "Postmarked 15 days before Election Day.",
                "Your form must be postmarked 15 days before election day.",
            ),
            ("Received 8 days before", "Your form must be received 8 days before."),
            ("October 5", "Your form must arrive by october 5."),
            ("", "Mail your form as soon as possible."),
            ("  ", "Mail your form as soon as possible."),
        ] {
            assert_eq!(deadline_sentence(fact), sentence);
        }
    }
}
