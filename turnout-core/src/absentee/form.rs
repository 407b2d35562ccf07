//! What goes on paper: the fields of the states' ballot request forms and of the sheets around them
//! (`pdf-forms.md` 4, 5, 7 and 8, 2026-11).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use bytes::Bytes;
use chrono::NaiveDate;
use serde_json::Value;

use super::{
    BallotRequest, StateForm, SubmissionType,
    contact::office_contact,
    state_form::{AutoField, Fill, Scalar},
};
use crate::{
    address::{Address, State},
    official::{Contact, directory_url},
    ports::{
        forms::{FilledForm, FormFields, Forms, FormsError, PacketName, PacketPage, Part, Stamp},
        store::{StoreError, View},
    },
    register::form::{address, deadline_sentence, filled},
    secret::StateIdNumber,
    settings::Origins,
    wording::plain_text,
};

/// What the form and its cover need to know beside the request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestFacts {
    /// The name of the region.
    pub region: Option<String>,
    /// Its county.
    pub county: Option<String>,
    /// How the region's office is reached.
    pub contact: Contact,
    /// Where all offices are listed, a URL; empty when unknown.
    pub directory_url: String,
    /// The mail deadline as the state's fact says it, Markdown; empty when none is known.
    pub deadline: String,
    /// The first day on which to apply, Markdown; empty when none is known.
    pub first_day: String,
    /// The state's warnings, Markdown; empty when there are none.
    pub warnings: String,
    /// Where a ballot is tracked, a URL; empty when the state has no such tool.
    pub tracker_url: String,
}

/// Reads the facts for a request.
///
/// # Errors
/// When the store fails.
pub async fn request_facts(
    view: &mut dyn View,
    request: &BallotRequest,
    origins: &Origins,
) -> Result<RequestFacts, StoreError> {
    let state = request.address.state;
    let mut facts = RequestFacts { directory_url: directory_url(origins, state), ..RequestFacts::default() };
    if let Some(id) = request.region {
        if let Some(region) = view.officials().region(id).await? {
            (facts.region, facts.county) = (region.name, region.county);
        }
        facts.contact = office_contact(view, id).await?.contact;
    }
    let Some(state) = state else { return Ok(facts) };
    for (slug, fact) in [
        ("vbm_deadline_mail", &mut facts.deadline),
        ("vbm_first_day_to_apply", &mut facts.first_day),
        ("vbm_warnings", &mut facts.warnings),
        ("external_tool_absentee_ballot_tracker", &mut facts.tracker_url),
    ] {
        *fact = view.elections().text(state, slug).await?.unwrap_or_default();
    }
    Ok(facts)
}

/// The packet for a request that goes that way; nothing without a state.
#[must_use]
pub fn packet(request: &BallotRequest, way: SubmissionType, facts: &RequestFacts) -> Option<PacketName> {
    let state = request.address.state?;
    let tracker = way == SubmissionType::PrintAndForward && !facts.tracker_url.trim().is_empty();
    Some(PacketName::BallotRequest { state, way, tracker })
}

/// Fills the form of a request for the way it goes. The signature, a PNG or JPEG, goes only onto a form that is sent
/// to the office at once, and only where the state says at which place. What the state's file says of an election that is
/// over [`today`](super::past::today_everywhere) is left out.
///
/// # Errors
/// [`FormsError::Missing`] when the state has no form; else when a form cannot be read.
pub async fn fill(
    forms: &dyn Forms,
    request: &BallotRequest,
    way: SubmissionType,
    facts: &RequestFacts,
    number: Option<StateIdNumber>,
    signature: Option<Bytes>,
    today: NaiveDate,
) -> Result<FilledForm, FormsError> {
    let packet = packet(request, way, facts).ok_or(FormsError::Missing)?;
    let form = state_form(forms, request, today).await?;
    let pages = forms.pages(packet).await?;
    let signed = matches!(way, SubmissionType::LeoEmail | SubmissionType::LeoFax);
    let stamps = match (&form, signature.filter(|_| signed)) {
        (Some(form), Some(image)) => stamps(form, &pages, &image),
        _ => Vec::new(),
    };
    forms.fill(packet, fields(request, facts, form.as_ref(), pages.len(), number), stamps).await
}

/// Fills the form of a request twice: for the voter to print at home, and for the mail house (`pdf-forms.md` 8). The same is on
/// both.
///
/// # Errors
/// As [`fill`].
pub(super) async fn fill_forwarded(
    forms: &dyn Forms,
    request: &BallotRequest,
    facts: &RequestFacts,
    number: Option<StateIdNumber>,
    today: NaiveDate,
) -> Result<(FilledForm, FilledForm), FormsError> {
    use SubmissionType::{PrintAndForward, SelfPrint};
    let named = |way| packet(request, way, facts).ok_or(FormsError::Missing);
    let (at_home, by_mail) = (named(SelfPrint)?, named(PrintAndForward)?);
    let form = state_form(forms, request, today).await?;
    let pages = forms.pages(at_home).await?.len();
    let ours = fields(request, facts, form.as_ref(), pages, number);
    let theirs = ours.twin();
    Ok((forms.fill(at_home, ours, Vec::new()).await?, forms.fill(by_mail, theirs, Vec::new()).await?))
}

/// What the request's state asks that day.
async fn state_form(
    forms: &dyn Forms,
    request: &BallotRequest,
    today: NaiveDate,
) -> Result<Option<StateForm>, FormsError> {
    Ok(match request.address.state {
        Some(state) => forms.state_form(state).await?.map(|form| form.as_of(today)),
        None => None,
    })
}

/// Where the signature goes on the pages of a packet.
#[must_use]
pub fn stamps(form: &StateForm, pages: &[PacketPage], image: &Bytes) -> Vec<Stamp> {
    let page = |number: usize| pages.iter().position(|page| page.part == Part::Form && page.number == number);
    form.signatures
        .iter()
        .filter_map(|(number, place)| Some((page(*number)?, place)))
        .map(|(page, place)| {
            let rect = place.on_page(pages[page].visible, pages[page].turn);
            Stamp { page, rect, image: image.clone() }
        })
        .collect()
}

/// The fields of the packet, which has so many pages. Takes the identification number and lets go of it on the paper.
#[must_use]
pub fn fields(
    request: &BallotRequest,
    facts: &RequestFacts,
    state_form: Option<&StateForm>,
    pages: usize,
    number: Option<StateIdNumber>,
) -> FormFields {
    let mut form = FormFields::new();
    let chosen = answers(&mut form, request.state_fields.as_ref());
    match (number, chosen) {
        (Some(number), Some(chosen)) => number.write_onto_also(&mut form, chosen),
        (Some(number), None) => number.write_onto(&mut form),
        (None, _) => {}
    }
    person(&mut form, request);
    addresses(&mut form, request);
    office(&mut form, facts);
    let auto_fields = state_form.map(|form| form.auto_fields.as_slice()).unwrap_or_default();
    for auto in auto_fields {
        fill_in(&mut form, auto, request.submit_date);
    }
    form.set_text("2020_state_deadline", "mailed as soon as possible");
    form.set_text("2020_state_deadline_full", &deadline_sentence(&plain_text(&facts.deadline)));
    form.set_text("external_tool_absentee_ballot_tracker", facts.tracker_url.trim());
    form.set_text("num_pages", &pages.to_string());
    for (theirs, ours) in request.address.state.map(own_names).into_iter().flatten() {
        form.copy(ours, theirs);
    }
    form
}

/// The choices of a document for the number: which box it is written into.
const NUMBER_CHOICES: [&str; 3] = ["state_id_number_opt_1", "state_id_number_opt_2", "state_id_number_opt_3"];

/// Sets the voter's answers to the state's questions; a name that is ours is never taken from them. Returns the field
/// that the voter chose for the number.
fn answers(form: &mut FormFields, answers: Option<&Value>) -> Option<&'static str> {
    let Some(Value::Object(answers)) = answers else { return None };
    for (name, answer) in answers.iter().filter(|(name, _)| !is_ours(name)) {
        match answer {
            Value::Bool(true) => form.set_on(name),
            Value::Number(number) => form.set_text(name, &number.to_string()),
            Value::String(text) => form.set_text(name, text),
            // not checked, or nothing that fits on a line
            Value::Bool(false) | Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }
    let is_chosen = |name: &&str| match answers.get(*name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        _ => false,
    };
    NUMBER_CHOICES.into_iter().find(is_chosen)
}

fn person(form: &mut FormFields, request: &BallotRequest) {
    let name = &request.name;
    for (field, value) in [
        ("first_name", &name.first),
        ("middle_name", &name.middle),
        ("last_name", &name.last),
        ("suffix", &name.suffix),
        ("email", &request.email),
    ] {
        form.set_text_if(field, filled(value));
    }
    if let Some(suffix) = filled(&name.suffix) {
        let plain: String = suffix.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
        if ["jr", "sr", "ii", "iii", "iv"].contains(&plain.as_str()) {
            form.set_on(&format!("suffix_{plain}"));
        }
    }
    if let Some(initial) = filled(&name.middle).and_then(|middle| middle.chars().next()) {
        form.set_text("middle_initial", &initial.to_uppercase().to_string());
    }
    form.set_text("full_name", &name.full());
    if let Some(date) = request.date_of_birth {
        for (field, format) in [
            ("date_of_birth", "%m/%d/%Y"),
            ("month_of_birth", "%m"),
            ("day_of_birth", "%d"),
            ("year_of_birth", "%Y"),
        ] {
            form.set_text(field, &date.format(format).to_string());
        }
    }
    form.set_text_if("phone", request.phone.as_ref().map(|phone| phone.national()).as_deref());
    if request.us_citizen == Some(true) {
        form.set_on("us_citizen");
    }
    // nobody completes without confirming it
    form.set_on("is_18_or_over");
}

fn addresses(form: &mut FormFields, request: &BallotRequest) {
    let (home, mailing) = (&request.address, &request.mailing_address);
    address(form, "", home);
    address(form, "mailing_", mailing);
    let home_lines = Lines::of(home);
    form.set_text("address1_2", &home_lines.street);
    form.set_text("address1_2_city", &joined(", ", [home_lines.street.as_str(), text(&home.city)]));
    form.set_text("address_city_state_zip", &home_lines.place);
    form.set_text("full_address", &home_lines.full);
    if mailing.state.is_some() {
        form.set_on("has_mailing_address");
        Lines::of(mailing).write(form, "mailing_");
    } else {
        form.set_on("same_mailing_address");
    }
    let either = if mailing.state.is_some() { mailing } else { home };
    address(form, "mailing_or_reg_", either);
    Lines::of(either).write(form, "mailing_or_reg_");

    let printed = &request.request_mailing_address;
    address(form, "request_mailing_", printed);
    let lines = [text(&printed.address1), text(&printed.address2), &Lines::of(printed).place];
    form.set_text("request_mailing_address_full", &joined("\n", lines));
}

/// An address on lines; a part that is missing is empty.
struct Lines {
    /// Both lines of the street.
    street: String,
    /// `City, ST zip`.
    place: String,
    /// All on one line.
    full: String,
}

impl Lines {
    fn of(address: &Address) -> Self {
        let street = joined(" ", [text(&address.address1), text(&address.address2)]);
        let state = address.state.map(|state| state.code()).unwrap_or_default();
        let rest = joined(" ", [state, text(&address.zipcode)]);
        let place = joined(", ", [text(&address.city), &rest]);
        let full = joined(" ", [street.as_str(), &place]);
        Self { street, place, full }
    }

    fn write(&self, form: &mut FormFields, prefix: &str) {
        form.set_text(&format!("{prefix}address1_2"), &self.street);
        form.set_text(&format!("{prefix}city_state_zip"), &self.place);
        form.set_text(&format!("{prefix}full_address"), &self.full);
    }
}

fn text(part: &Option<String>) -> &str {
    part.as_deref().map(str::trim).unwrap_or_default()
}

/// The parts that say something, with a separator between.
fn joined<const N: usize>(separator: &str, parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(separator)
}

fn office(form: &mut FormFields, facts: &RequestFacts) {
    form.set_text_if("county", filled(&facts.county));
    form.set_text_if("region", filled(&facts.region));
    let address = facts.contact.address.as_ref();
    let lines = address.map(|address| address.lines()).unwrap_or_default();
    form.set_text("mailto", &lines.join("\n"));
    for (index, line) in lines.iter().enumerate() {
        form.set_text(&format!("mailto_line_{}", index + 1), line);
        form.set_text(&format!("mailto_line_upper_{}", index + 1), &line.to_uppercase());
    }
    if let Some(address) = address {
        for (field, line) in [
            ("mailto_address1", &address.address),
            ("mailto_address2", &address.address2),
            ("mailto_address3", &address.address3),
        ] {
            form.set_text_if(field, filled(line));
        }
        form.set_text_if("mailto_city_state_zip", address.city_state_zip().as_deref());
    }
    form.set_text("leo_contact_info", &contact_info(facts));
    form.set_text_if("leo_fax", facts.contact.fax.as_ref().map(|fax| fax.national()).as_deref());
    let or = |fact: &str, default: &str| {
        let plain = plain_text(fact);
        if plain.is_empty() { default.to_owned() } else { plain }
    };
    let deadline = plain_text(&facts.deadline).to_lowercase();
    form.set_text("vbm_deadline", if deadline.is_empty() { "As soon as possible." } else { &deadline });
    form.set_text("vbm_first_day_to_apply", &or(&facts.first_day, "At least 55 days before the election."));
    form.set_text("vbm_warnings", &plain_text(&facts.warnings));
}

/// How the voter asks the office; where its address is unknown, where to look for it.
fn contact_info(facts: &RequestFacts) -> String {
    let contact = &facts.contact;
    let email = contact.email.as_ref().map(|email| format!("Email: {email}"));
    let phone = contact.phone.as_ref().map(|phone| format!("Phone: {}", phone.national()));
    let lines: Vec<String> = email.into_iter().chain(phone).filter(|_| contact.address.is_some()).collect();
    if lines.is_empty() { facts.directory_url.clone() } else { lines.join("\n") }
}

/// Fills in what goes onto the form by itself.
fn fill_in(form: &mut FormFields, auto: &AutoField, submit_date: Option<NaiveDate>) {
    match auto {
        AutoField::Today { slug } => {
            let date = submit_date.map(|date| date.format("%m/%d/%Y").to_string());
            form.set_text_if(slug, date.as_deref());
        }
        AutoField::Static { slug, value } => set(form, slug, value),
        AutoField::Copy { slug, field } => form.copy(field, slug),
        AutoField::When { condition, value, slug, fill } => {
            let holds = match value {
                Scalar::Text(text) => form.text(condition) == Some(text),
                Scalar::Flag(flag) => form.is_on(condition) == *flag,
            };
            match fill {
                _ if !holds => {}
                Fill::Value(value) => set(form, slug, value),
                Fill::From(field) => form.copy(field, slug),
            }
        }
    }
}

fn set(form: &mut FormFields, slug: &str, value: &Scalar) {
    match value {
        Scalar::Text(text) => form.set_text(slug, text),
        Scalar::Flag(true) => form.set_on(slug),
        // a box that is not checked
        Scalar::Flag(false) => {}
    }
}

static OWN_NAMES: LazyLock<BTreeMap<State, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/form_names.toml")).expect("a test reads this very file")
});

/// The names that a state's form has for fields of ours: theirs and ours.
pub fn own_names(state: State) -> impl Iterator<Item = (&'static str, &'static str)> {
    OWN_NAMES.get(&state).into_iter().flatten().map(|(theirs, ours)| (theirs.as_str(), ours.as_str()))
}

/// Every name that we may set for a ballot request, whatever the state: what its form can count on.
pub const KEYS: &[&str] = &[
    "2020_state_deadline",
    "2020_state_deadline_full",
    "address1",
    "address1_2",
    "address1_2_city",
    "address2",
    "address_city_state_zip",
    "city",
    "county",
    "date_of_birth",
    "day_of_birth",
    "email",
    "external_tool_absentee_ballot_tracker",
    "first_name",
    "full_address",
    "full_name",
    "has_mailing_address",
    "is_18_or_over",
    "last_name",
    "leo_contact_info",
    "leo_fax",
    "mailing_address1",
    "mailing_address1_2",
    "mailing_address2",
    "mailing_city",
    "mailing_city_state_zip",
    "mailing_full_address",
    "mailing_or_reg_address1",
    "mailing_or_reg_address1_2",
    "mailing_or_reg_address2",
    "mailing_or_reg_city",
    "mailing_or_reg_city_state_zip",
    "mailing_or_reg_full_address",
    "mailing_or_reg_state",
    "mailing_or_reg_zipcode",
    "mailing_state",
    "mailing_zipcode",
    "mailto",
    "mailto_address1",
    "mailto_address2",
    "mailto_address3",
    "mailto_city_state_zip",
    "mailto_line_1",
    "mailto_line_2",
    "mailto_line_3",
    "mailto_line_4",
    "mailto_line_upper_1",
    "mailto_line_upper_2",
    "mailto_line_upper_3",
    "mailto_line_upper_4",
    "middle_initial",
    "middle_name",
    "month_of_birth",
    "num_pages",
    "phone",
    "region",
    "request_mailing_address1",
    "request_mailing_address2",
    "request_mailing_address_full",
    "request_mailing_city",
    "request_mailing_state",
    "request_mailing_zipcode",
    "same_mailing_address",
    "state",
    "state_id_number",
    "suffix",
    "suffix_ii",
    "suffix_iii",
    "suffix_iv",
    "suffix_jr",
    "suffix_sr",
    "us_citizen",
    "vbm_deadline",
    "vbm_first_day_to_apply",
    "vbm_warnings",
    "year_of_birth",
    "zipcode",
];

/// The [`KEYS`] under which a box is checked rather than a text written.
pub const FLAGS: &[&str] = &[
    "has_mailing_address",
    "is_18_or_over",
    "same_mailing_address",
    "suffix_ii",
    "suffix_iii",
    "suffix_iv",
    "suffix_jr",
    "suffix_sr",
    "us_citizen",
];

/// Whether a name is one that we set.
#[must_use]
pub fn is_ours(name: &str) -> bool {
    static SET: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| KEYS.iter().copied().chain(NUMBER_CHOICES).collect());
    SET.contains(name)
}

/// The name under which the form is downloaded: `ma-mcadams-ballotrequest.pdf`, with `-mail` before the dot when the
/// mail house prints it (`pdf-forms.md` 10).
#[must_use]
pub fn file_name(request: &BallotRequest, way: SubmissionType) -> String {
    let state = request.address.state.map(|state| state.code()).unwrap_or_default();
    let last = request.name.last.as_deref().unwrap_or_default();
    let mail = if way == SubmissionType::PrintAndForward { "mail" } else { "" };
    crate::file::file_name(&[state, last, "ballotrequest", mail])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::{sample_facts, sample_request, state_form::SignatureBox},
        *,
    };
    use crate::{ports::forms::FieldValue, settings::Origins};

    fn filled_in(request: &BallotRequest, form: Option<&StateForm>) -> FormFields {
        fields(request, &sample_facts(State::Ma, &Origins::default()), form, 3, None)
    }

    fn request() -> BallotRequest {
        sample_request(State::Ma)
    }

    #[test]
    fn composed_texts_leave_out_what_is_missing() {
        let with = filled_in(&request(), None);
        let mut sparse = request();
        (sparse.name.middle, sparse.address.address2) = (None, None);
        sparse.mailing_address = Address::default();
        let without = filled_in(&sparse, None);
        for (name, full, short) in [
            ("full_name", "José Quincy Sample", "José Sample"),
            ("middle_initial", "Q", ""),
            ("address1_2", "12 Elm Street Apt 3", "12 Elm Street"),
            ("address1_2_city", "12 Elm Street Apt 3, Springfield", "12 Elm Street, Springfield"),
            ("address_city_state_zip", "Springfield, MA 01103", "Springfield, MA 01103"),
            (
                "full_address",
                "12 Elm Street Apt 3 Springfield, MA 01103",
                "12 Elm Street Springfield, MA 01103",
            ),
            ("mailing_city_state_zip", "Riverside, MA 01002", ""),
            ("mailing_or_reg_city_state_zip", "Riverside, MA 01002", "Springfield, MA 01103"),
            ("mailing_or_reg_address1", "PO Box 45", "12 Elm Street"),
            ("mailing_full_address", "PO Box 45 Riverside, MA 01002", ""),
            ("month_of_birth", "05", "05"),
            ("date_of_birth", "05/04/1980", "05/04/1980"),
            ("phone", "(413) 555-0123", "(413) 555-0123"),
        ] {
            assert_eq!(with.text(name).unwrap_or_default(), full, "{name}");
            assert_eq!(without.text(name).unwrap_or_default(), short, "{name}");
        }
        assert!(with.is_on("has_mailing_address") && !with.is_on("same_mailing_address"));
        assert!(!without.is_on("has_mailing_address") && without.is_on("same_mailing_address"));
    }

    #[test]
    fn the_office_is_reached_as_its_addresses_say_else_through_the_directory() {
        let mut facts = sample_facts(State::Ma, &Origins::default());
        let form = fields(&request(), &facts, None, 1, None);
        assert_eq!(form.text("mailto_line_upper_1"), Some("SPRINGFIELD ELECTION OFFICE"));
        assert_eq!(form.text("mailto_city_state_zip"), Some("Springfield, MA 01103"));
        assert_eq!(
            form.text("leo_contact_info"),
            Some("Email: elections@springfield.example\nPhone: (413) 555-0100")
        );
        assert_eq!(form.text("leo_fax"), Some("(413) 555-0101"));
        facts.contact.address = None;
        let form = fields(&request(), &facts, None, 1, None);
        assert_eq!(form.text("leo_contact_info"), Some("http://localhost:8000/local-election-offices/"));
        assert_eq!(form.text("mailto"), Some(""));
    }

    #[test]
    fn facts_are_sentences_or_their_defaults() {
        let mut facts = sample_facts(State::Ma, &Origins::default());
        facts.warnings = "Bring **one** of:\n\n* a bill\n* [a form](https://example.org/f)".into();
        let form = fields(&request(), &facts, None, 1, None);
        assert_eq!(form.text("vbm_deadline"), Some("received 5 days before election day."));
        let sentence = "Your form must be received 5 days before election day.";
        assert_eq!(form.text("2020_state_deadline_full"), Some(sentence));
        assert_eq!(
            form.text("vbm_warnings"),
            Some("Bring one of:\n\n- a bill\n- a form (https://example.org/f)")
        );
        let form = fields(&request(), &RequestFacts::default(), None, 1, None);
        assert_eq!(form.text("vbm_deadline"), Some("As soon as possible."));
        assert_eq!(form.text("vbm_first_day_to_apply"), Some("At least 55 days before the election."));
        assert_eq!(
            form.text("2020_state_deadline_full"),
            Some("Do not wait: your election office can tell you the last day.")
        );
    }

    #[test]
    fn answers_go_onto_the_form_but_never_over_what_is_ours() {
        let mut request = request();
        request.state_fields = Some(json!({
            "excuse_age": true, "excuse_jury": false, "ward": 7, "party": "Green", "nothing": null,
            "last_name": "Mallory", "mailto_line_1": "Elsewhere", "state_id_number": "1", "list": [1],
        }));
        let form = filled_in(&request, None);
        assert!(form.is_on("excuse_age"));
        assert_eq!((form.text("ward"), form.text("party")), (Some("7"), Some("Green")));
        assert_eq!(form.text("last_name"), Some("Sample"));
        assert_eq!(form.text("mailto_line_1"), Some("Springfield Election Office"));
        for name in ["excuse_jury", "nothing", "list", "state_id_number"] {
            assert!(form.get(name).is_none(), "{name}");
        }
    }

    #[test]
    fn the_number_is_also_written_where_the_voter_chose() {
        for (answers, expected) in [
            (json!({}), None),
            (json!({"state_id_number_opt_1": false, "state_id_number_opt_2": true}), Some(1)),
            (json!({"state_id_number_opt_1": true, "state_id_number_opt_2": true}), Some(0)),
            (json!({"state_id_number_opt_3": "yes"}), Some(2)),
        ] {
            let mut request = request();
            request.state_fields = Some(answers.clone());
            let facts = RequestFacts::default();
            let number = StateIdNumber::new("QX-7261".into());
            let form = fields(&request, &facts, None, 1, Some(number));
            assert_eq!(form.text("state_id_number"), Some("QX-7261"));
            for (index, name) in NUMBER_CHOICES.into_iter().enumerate() {
                let written = (expected == Some(index)).then_some("QX-7261");
                assert_eq!(form.text(name), written, "{answers} {name}");
                assert!(!form.is_on(name));
            }
            // chosen without a number, nothing is written
            let form = fields(&request, &facts, None, 1, None);
            assert!(NUMBER_CHOICES.iter().all(|name| form.get(name).is_none()), "{answers}");
        }
    }

    #[test]
    fn auto_fields_are_filled_in_order_from_what_stands_there() {
        let text = |text: &str| Scalar::Text(text.into());
        let form = StateForm {
            auto_fields: vec![
                AutoField::Today { slug: "date_signed".into() },
                AutoField::Static { slug: "election".into(), value: text("General") },
                AutoField::Static { slug: "general".into(), value: Scalar::Flag(true) },
                AutoField::Static { slug: "primary".into(), value: Scalar::Flag(false) },
                AutoField::Copy { slug: "signed_again".into(), field: "date_signed".into() },
                AutoField::Copy { slug: "empty".into(), field: "no_such".into() },
                AutoField::When {
                    condition: "election".into(),
                    value: text("General"),
                    slug: "printed".into(),
                    fill: Fill::From("full_name".into()),
                },
                AutoField::When {
                    condition: "has_mailing_address".into(),
                    value: Scalar::Flag(true),
                    slug: "send_elsewhere".into(),
                    fill: Fill::Value(Scalar::Flag(true)),
                },
                AutoField::When {
                    condition: "us_citizen".into(),
                    value: Scalar::Flag(false),
                    slug: "never".into(),
                    fill: Fill::Value(Scalar::Flag(false)),
                },
            ],
            ..StateForm::default()
        };
        let mut request = request();
        let paper = filled_in(&request, Some(&form));
        assert_eq!(paper.text("date_signed"), Some("09/15/2026"));
        assert_eq!(paper.text("signed_again"), Some("09/15/2026"));
        assert_eq!(paper.text("printed"), Some("José Quincy Sample"));
        assert!(paper.is_on("general") && paper.is_on("send_elsewhere"));
        for name in ["primary", "empty", "never"] {
            assert!(paper.get(name).is_none(), "{name}");
        }
        request.submit_date = None;
        assert!(filled_in(&request, Some(&form)).get("date_signed").is_none());
    }

    #[test]
    fn north_carolina_calls_our_fields_by_names_of_its_own() {
        let form = filled_in(&sample_request(State::Nc), None);
        assert_eq!(form.text("last_name_xxx"), Some("Sample"));
        assert_eq!(form.text("mailing_city_state_zip_xxx"), form.text("mailing_city_state_zip"));
        assert!(own_names(State::Nc).all(|(theirs, ours)| is_ours(ours) && !is_ours(theirs)));
        assert_eq!(own_names(State::Nc).count(), 17);
        assert!(filled_in(&request(), None).get("last_name_xxx").is_none());
    }

    #[test]
    fn what_is_set_and_what_a_form_can_count_on_are_the_same() {
        let (mut whole, mut at_home) = (request(), request());
        whole.mailing_address.address2 = Some("Floor 2".into());
        whole.request_mailing_address = whole.mailing_address.clone();
        at_home.mailing_address = Address::default();
        let mut facts = sample_facts(State::Ma, &Origins::default());
        if let Some(address) = &mut facts.contact.address {
            (address.address2, address.address3) = (Some("Room 1".into()), Some("Second floor".into()));
        }
        let mut found = BTreeSet::new();
        let named = ["Sr.", "II", "III", "IV"].map(|suffix| {
            let mut request = request();
            request.name.suffix = Some(suffix.into());
            request
        });
        for request in [whole, at_home].into_iter().chain(named) {
            let form = fields(&request, &facts, None, 3, Some(StateIdNumber::new("1".into())));
            for (name, value) in form.iter() {
                assert_eq!(matches!(value, FieldValue::On), FLAGS.contains(&name), "{name}");
                found.insert(name.to_owned());
            }
        }
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), KEYS);
    }

    #[test]
    fn a_signature_goes_onto_the_page_of_the_form_that_has_the_box() {
        let visible = [0.0, 0.0, 612.0, 792.0];
        let page = |part, number| PacketPage { part, number, visible, turn: 0 };
        let place = SignatureBox { x: 10, y: 10, width: 100, height: 20 };
        let form = StateForm { signatures: [(2, place), (9, place)].into(), ..StateForm::default() };
        let pages = [page(Part::Cover, 1), page(Part::Form, 1), page(Part::Form, 2), page(Part::Blank, 2)];
        let found = stamps(&form, &pages, &Bytes::from_static(b"png"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].page, found[0].rect), (2, place.on_page(visible, 0)));
    }

    #[test]
    fn a_file_is_named_after_state_and_voter() {
        let request = request();
        assert_eq!(file_name(&request, SubmissionType::SelfPrint), "ma-sample-ballotrequest.pdf");
        assert_eq!(file_name(&request, SubmissionType::PrintAndForward), "ma-sample-ballotrequest-mail.pdf");
    }
}
