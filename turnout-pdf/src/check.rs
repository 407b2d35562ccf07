//! Whether a folder's forms, the states' questions and what we fill in go together, with a message for each mistake.
//!
//! What a PDF is like comes in from outside as [`FormFacts`], so that whoever does not trust the files can find it out
//! in a process of its own. The rules are those of `pdf-forms.md` 6, 9 and 11 (2026-11).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};
use turnout_core::{
    absentee::{
        StateForm,
        form::{self as request, is_ours, own_names},
        state_form::{Answer, AutoField, Fill, Scalar},
    },
    address::State,
    register,
};

use crate::{
    About, Document, Error, FieldFacts, FieldKind, Folder, Mode, PageFacts, Section, compile,
    folder::metadata_place,
};

/// What a form is like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormFacts {
    /// Its pages, in order.
    pub pages: Vec<PageFacts>,
    /// Its fields, in the order of their first box.
    pub fields: Vec<FieldFacts>,
}

impl FormFacts {
    /// Compiles a form and tells what it is like. `place` is what to call it in an error.
    ///
    /// # Errors
    /// When it cannot be compiled.
    pub fn of(place: &str, pdf: &[u8]) -> Result<Self, Error> {
        let section = Section { document: place, pdf, mode: Mode::Interactive };
        let packet = compile(&[section], &About { title: "", language: "en-US" })?;
        Ok(Self { pages: packet.page_facts().collect(), fields: packet.field_facts().collect() })
    }

    fn kind(&self, name: &str) -> Option<&FieldKind> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.kind)
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The folder cannot be used.
    Broken,
    /// Something is not printed, or printed wrongly.
    Mistake,
    /// Something that one may want to know.
    Note,
}

/// Something found in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file's place in the folder.
    pub place: String,
    /// How much it matters.
    pub weight: Weight,
    /// What it is.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Everything that is to be said about a folder, by file and then by weight. `facts` has what each document is like, or
/// why it cannot be used.
#[must_use]
pub fn check(folder: &Folder, facts: &BTreeMap<Document, Result<FormFacts, String>>) -> Vec<Finding> {
    let mut check = Check { facts, findings: Vec::new() };
    if folder.document(Document::RegistrationForm).is_none() {
        check.broken(&Document::RegistrationForm.to_string(), "is missing".to_owned());
    }
    for (document, _) in folder.documents() {
        check.document(document);
    }
    for (state, metadata) in folder.metadata() {
        match &metadata.form {
            Ok(form) => check.state(state, form),
            Err(mistakes) => {
                for mistake in mistakes {
                    check.broken(&metadata_place(state), mistake.clone());
                }
            }
        }
    }
    check.coverage(folder);
    for place in folder.strays() {
        check.note(place, "is read by nobody".to_owned());
    }
    check.findings.sort_by(|a, b| (&a.place, a.weight).cmp(&(&b.place, b.weight)));
    check.findings
}

/// The names that the letter before blank forms has; they are filled for people who moved (`pdf-forms.md` 12).
const BLANK_FORMS: [&str; 8] = [
    "important_dates",
    "mailto_line_upper_1",
    "mailto_line_upper_2",
    "mailto_line_upper_3",
    "mailto_line_upper_4",
    "registration_nvrf_combined",
    "registration_rules",
    "state_deadline",
];

/// The names of the national form that are left to the voter.
const LEFT_TO_THE_VOTER: [&str; 3] = ["helped_applicant", "is_18_or_over_no", "us_citizen_no"];

/// The names that a document has to have, so that what is filled in stands somewhere (`pdf-forms.md` 3 and 9).
fn needed(document: Document) -> &'static [&'static str] {
    match document {
        Document::RegistrationCover => &["2020_state_deadline_full", "mailto_line_1", "mailto_line_5"],
        Document::RegistrationForm | Document::RegistrationMailForm => &[
            "address1",
            "address2",
            "city",
            "date_of_birth",
            "first_name",
            "is_18_or_over",
            "last_name",
            "mailing_address1",
            "mailing_city",
            "mailing_state",
            "mailing_zipcode",
            "middle_name",
            "phone_number",
            "state",
            "state_id_number",
            "us_citizen",
            "zipcode",
        ],
        Document::RegistrationLetter => &["2020_state_deadline", "mailto_line_1", "mailto_line_4"],
        Document::RegistrationLetterOf(_) | Document::RequestLetterNoTracker => {
            &["2020_state_deadline", "mailto_line_upper_1", "mailto_line_upper_4"]
        }
        Document::RequestLetter => &[
            "2020_state_deadline",
            "external_tool_absentee_ballot_tracker",
            "mailto_line_upper_1",
            "mailto_line_upper_4",
        ],
        Document::BlankFormsCover(_) => &BLANK_FORMS,
        Document::RequestCover => &["2020_state_deadline_full", "leo_contact_info", "mailto", "vbm_warnings"],
        Document::Envelope => &["mailto_line_1", "mailto_line_4"],
        Document::FaxCover => &["full_name", "leo_fax", "num_pages", "region"],
        Document::Request(_) | Document::RequestMailForm(_) => &[],
    }
}

/// Whether we set a name on a document that is not a state's form, or know that it stays free.
fn is_known(document: Document, name: &str) -> bool {
    // an office's address has four lines at most; the sheets have room for one more
    is_mapped(document, None, name) || LEFT_TO_THE_VOTER.contains(&name) || name == "mailto_line_5"
}

/// Whether a field of a document is set for some voter: from the registration or the request, from an answer to the
/// state's questions, or by itself. The others are left to the voter.
#[must_use]
pub fn is_mapped(document: Document, questions: Option<&StateForm>, name: &str) -> bool {
    match document {
        Document::RegistrationCover
        | Document::RegistrationForm
        | Document::RegistrationLetter
        | Document::RegistrationLetterOf(_)
        | Document::RegistrationMailForm => register::form::KEYS.contains(&name),
        Document::BlankFormsCover(_) => BLANK_FORMS.contains(&name),
        Document::Request(state) | Document::RequestMailForm(state) => {
            is_ours(name)
                || own_names(state).any(|(theirs, _)| theirs == name)
                || questions.is_some_and(|questions| is_asked(questions, name))
        }
        Document::RequestCover
        | Document::Envelope
        | Document::FaxCover
        | Document::RequestLetter
        | Document::RequestLetterNoTracker => is_ours(name),
    }
}

/// Whether an answer or an automatic field sets a name.
fn is_asked(questions: &StateForm, name: &str) -> bool {
    let does_nothing =
        |auto: &AutoField| matches!(auto, AutoField::Static { value: Scalar::Flag(false), .. });
    let mut autos = questions.auto_fields.iter().filter(|auto| !does_nothing(auto));
    questions.answers().iter().any(|(slug, _)| *slug == name) || autos.any(|auto| auto.slug() == name)
}

/// What every request holds, and the names under which it can stand on a form.
const MANDATORY: [(&str, &[&str]); 11] = [
    ("first_name", &["first_name", "full_name"]),
    ("last_name", &["last_name", "full_name"]),
    ("address1", &["address1", "address1_2", "address1_2_city", "full_address"]),
    ("address2", &["address2", "address1_2", "address1_2_city", "full_address"]),
    ("city", &["city", "address1_2_city", "address_city_state_zip", "full_address"]),
    ("zipcode", &["zipcode", "address_city_state_zip", "full_address"]),
    ("mailing_address1", &["address1", "address1_2", "full_address"]),
    ("mailing_address2", &["address2", "address1_2", "full_address"]),
    ("mailing_city", &["city", "city_state_zip", "full_address"]),
    ("mailing_state", &["state", "city_state_zip", "full_address"]),
    ("mailing_zipcode", &["zipcode", "city_state_zip", "full_address"]),
];

/// Whether a form has a place for what every request holds.
fn has_place(form: &FormFacts, state: State, (item, names): (&str, &[&str])) -> bool {
    let is_there = |name: &str| {
        form.kind(name).is_some()
            || own_names(state).any(|(theirs, ours)| ours == name && form.kind(theirs).is_some())
    };
    let mailing = item.starts_with("mailing_");
    names.iter().any(|name| match mailing {
        true => is_there(&format!("mailing_{name}")) || is_there(&format!("mailing_or_reg_{name}")),
        false => is_there(name),
    })
}

/// Names in the files were written as a tool prints them that writes XML.
fn unescaped(name: &str) -> String {
    name.replace("&apos;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

struct Check<'a> {
    facts: &'a BTreeMap<Document, Result<FormFacts, String>>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn add(&mut self, place: &str, weight: Weight, text: String) {
        self.findings.push(Finding { place: place.to_owned(), weight, text });
    }

    fn broken(&mut self, place: &str, text: String) {
        self.add(place, Weight::Broken, text);
    }

    fn mistake(&mut self, place: &str, text: String) {
        self.add(place, Weight::Mistake, text);
    }

    fn note(&mut self, place: &str, text: String) {
        self.add(place, Weight::Note, text);
    }

    fn form(&self, document: Document) -> Option<&'a FormFacts> {
        self.facts.get(&document)?.as_ref().ok()
    }

    /// A document by itself: it can be used, and has what we fill.
    fn document(&mut self, document: Document) {
        let place = document.to_string();
        let form = match self.facts.get(&document) {
            Some(Ok(form)) => form,
            Some(Err(why)) => return self.broken(&place, why.clone()),
            None => return,
        };
        for name in needed(document).iter().filter(|name| form.kind(name).is_none()) {
            self.mistake(&place, format!("has no field {name}, so what we fill in there is not printed"));
        }
        if document.state().is_none() {
            for field in form.fields.iter().filter(|field| !is_known(document, &field.name)) {
                self.mistake(&place, format!("the field {} is filled by nobody", field.name));
            }
        }
        for field in form.fields.iter().filter(|field| document.state().is_some() && is_ours(&field.name)) {
            let flag = request::FLAGS.contains(&field.name.as_str());
            match (&field.kind, flag) {
                (FieldKind::Button { .. }, false) => {
                    self.mistake(
                        &place,
                        format!("the field {} is a box to check, but gets a text", field.name),
                    );
                }
                (FieldKind::Text { .. } | FieldKind::Choice { .. }, true) => {
                    self.mistake(&place, format!("the field {} is for a text, but gets a check", field.name));
                }
                _ => {}
            }
        }
    }

    /// A state's questions and automatic fields beside its forms.
    fn state(&mut self, state: State, metadata: &StateForm) {
        let place = metadata_place(state);
        for document in [Document::Request(state), Document::RequestMailForm(state)] {
            let Some(form) = self.form(document) else { continue };
            if form.pages.len() != metadata.pages {
                let (has, says) = (form.pages.len(), metadata.pages);
                let plural = if has == 1 { "" } else { "s" };
                let text = format!("has {has} page{plural}, but {place} says {says}; the PDF's are counted");
                self.mistake(&document.to_string(), text);
            }
            self.unexplained(state, metadata, document, form);
        }
        self.doubled(&place, metadata);
        self.elections(&place, metadata);
        let Some(form) = self.form(Document::Request(state)) else {
            if self.facts.get(&Document::Request(state)).is_none() {
                self.mistake(&place, format!("there is no {}", Document::Request(state)));
            }
            return;
        };
        self.answers(state, &place, metadata, form);
        self.auto_fields(&place, metadata, form);
        self.manual_fields(state, &place, metadata, form);
        self.signatures(&place, metadata, form);
        let is_listed = |item: &str| metadata.missing_mandatory_fields.iter().any(|name| name == item);
        let (there, missing): (Vec<_>, Vec<_>) =
            MANDATORY.into_iter().partition(|item| has_place(form, state, *item));
        for (item, _) in missing.into_iter().filter(|(item, _)| !is_listed(item)) {
            self.mistake(&place, format!("the form has no place for {item}"));
        }
        let there: Vec<&str> =
            there.into_iter().map(|(item, _)| item).filter(|item| is_listed(item)).collect();
        if !there.is_empty() {
            let text = format!("listed as missing, but the form has a place for: {}", there.join(", "));
            self.note(&place, text);
        }
    }

    /// Fields of a form that nobody has an account of.
    fn unexplained(&mut self, state: State, metadata: &StateForm, document: Document, form: &FormFacts) {
        let mut known: BTreeSet<String> = metadata.manual_fields.iter().map(|name| unescaped(name)).collect();
        known.extend(metadata.answers().into_iter().map(|(slug, _)| slug.to_owned()));
        known.extend(metadata.auto_fields.iter().map(|auto| auto.slug().to_owned()));
        known.extend(own_names(state).map(|(theirs, _)| theirs.to_owned()));
        // where the signature goes as a picture
        known.insert("signature".to_owned());
        let unknown: Vec<&str> = form
            .fields
            .iter()
            .filter(|field| field.kind != FieldKind::Other)
            .map(|field| field.name.as_str())
            .filter(|name| !is_ours(name) && !known.contains(*name))
            .collect();
        if !unknown.is_empty() {
            let text = format!(
                "{} of its fields are filled by nobody and not listed under manual_fields: {}",
                unknown.len(),
                unknown.join(", ")
            );
            self.note(&document.to_string(), text);
        }
    }

    /// Names that a list has twice.
    fn doubled(&mut self, place: &str, metadata: &StateForm) {
        let mut seen = BTreeSet::new();
        for name in metadata.manual_fields.iter().filter(|name| !seen.insert(name.as_str())) {
            self.note(place, format!("manual_fields lists {name} twice"));
        }
        let mut seen = BTreeSet::new();
        for (slug, _) in metadata.answers().into_iter().filter(|(slug, _)| !seen.insert(*slug)) {
            self.mistake(place, format!("two questions have the slug {slug}"));
        }
    }

    /// What names an election by its day, and so is right for that one only.
    fn elections(&mut self, place: &str, metadata: &StateForm) {
        let named = metadata.election_days();
        if !named.is_empty() {
            let text = format!(
                "names the day of an election in {}: when that is over, it is neither printed nor shown, and no such form is signed online",
                named.join(", ")
            );
            self.note(place, text);
        }
    }

    fn answers(&mut self, state: State, place: &str, metadata: &StateForm, form: &FormFacts) {
        for (slug, answer) in metadata.answers() {
            let is_virtual = metadata.virtual_fields.iter().any(|name| name == slug);
            let Some(kind) = form.kind(slug) else {
                let listed = if is_virtual { ", as virtual_fields says" } else { "" };
                let pdf = format!("{state}.pdf");
                self.mistake(place, format!("the answer {slug} is asked for, but {pdf} has no such field{listed}: it is not printed"));
                continue;
            };
            if is_virtual {
                self.note(place, format!("{slug} is listed under virtual_fields, but the form has it"));
            }
            match (answer, kind) {
                (Answer::Flag, FieldKind::Button { .. })
                | (Answer::Text, FieldKind::Text { .. } | FieldKind::Choice { .. })
                | (Answer::OneOf(_), FieldKind::Text { .. }) => {}
                (Answer::OneOf(values), FieldKind::Button { states: allowed })
                | (Answer::OneOf(values), FieldKind::Choice { options: allowed, .. }) => {
                    for value in values.iter().filter(|value| !allowed.iter().any(|known| known == *value)) {
                        self.mistake(
                            place,
                            format!("{slug} can be “{value}”, which the field does not know"),
                        );
                    }
                }
                _ => self.mistake(place, format!("{slug} does not fit the kind of its field")),
            }
        }
    }

    fn auto_fields(&mut self, place: &str, metadata: &StateForm, form: &FormFacts) {
        let is_known = |name: &str| {
            is_ours(name)
                || metadata.answers().iter().any(|(slug, _)| *slug == name)
                || metadata.auto_fields.iter().any(|auto| auto.slug() == name)
        };
        for auto in &metadata.auto_fields {
            let slug = auto.slug();
            let values = match auto {
                AutoField::Static { value, .. } | AutoField::When { fill: Fill::Value(value), .. } => {
                    Some(value)
                }
                _ => None,
            };
            let sources: Vec<&String> = match auto {
                AutoField::Copy { field, .. } => vec![field],
                AutoField::When { condition, fill: Fill::From(from), .. } => vec![condition, from],
                AutoField::When { condition, .. } => vec![condition],
                _ => Vec::new(),
            };
            for source in sources.into_iter().filter(|source| !is_known(source)) {
                self.mistake(
                    place,
                    format!("the automatic field {slug} looks at {source}, which nobody sets"),
                );
            }
            if values == Some(&Scalar::Flag(false)) {
                self.mistake(place, format!("the automatic field {slug} has the value false, which does nothing: a box is off unless it is checked"));
            }
            let Some(kind) = form.kind(slug) else {
                self.mistake(place, format!("the automatic field {slug} is no field of the form"));
                continue;
            };
            let fits = match (values, kind) {
                (_, FieldKind::Other) | (None, FieldKind::Button { .. }) => false,
                (Some(Scalar::Flag(_)), kind) => matches!(kind, FieldKind::Button { .. }),
                (Some(Scalar::Text(text)), FieldKind::Button { states }) => states.contains(text),
                (Some(Scalar::Text(text)), FieldKind::Choice { options, free }) => {
                    *free || options.contains(text)
                }
                (Some(Scalar::Text(text)), FieldKind::Text { max_len, .. }) => {
                    max_len.is_none_or(|most| text.chars().count() <= most)
                }
                (None, _) => true,
            };
            if !fits {
                self.mistake(place, format!("the automatic field {slug} does not fit its field"));
            }
        }
    }

    fn manual_fields(&mut self, state: State, place: &str, metadata: &StateForm, form: &FormFacts) {
        let names: BTreeSet<String> = metadata.manual_fields.iter().map(|name| unescaped(name)).collect();
        let (there, nowhere): (Vec<&str>, Vec<&str>) =
            names.iter().map(String::as_str).partition(|name| form.kind(name).is_some());
        // a number goes into one of these only when the voter chooses it
        let is_filled =
            |name: &str| request::KEYS.contains(&name) || own_names(state).any(|(theirs, _)| theirs == name);
        let filled: Vec<&str> = there.into_iter().filter(|name| is_filled(name)).collect();
        if !nowhere.is_empty() {
            self.note(
                place,
                format!("manual fields that are on no page of the form: {}", nowhere.join(", ")),
            );
        }
        if !filled.is_empty() {
            self.note(place, format!("manual fields that we fill: {}", filled.join(", ")));
        }
    }

    fn signatures(&mut self, place: &str, metadata: &StateForm, form: &FormFacts) {
        for (number, found) in &metadata.signatures {
            let Some(page) = number.checked_sub(1).and_then(|index| form.pages.get(index)) else {
                self.mistake(
                    place,
                    format!("a signature goes on page {number}, which the form does not have"),
                );
                continue;
            };
            let [left, bottom, right, top] = page.visible;
            let [x, y, width, height] = found.on_page(page.visible, page.turn);
            if x < left || y < bottom || x + width > right || y + height > top {
                self.mistake(place, format!("the signature on page {number} leaves the page"));
            }
        }
        match (metadata.sections.is_some(), metadata.signatures.is_empty()) {
            (true, true) => {
                self.mistake(
                    place,
                    "questions are asked for signing online, but no place for the signature is given"
                        .to_owned(),
                );
            }
            (false, false) => {
                self.note(
                    place,
                    "there is a place for a signature, but no questions that lead to signing online"
                        .to_owned(),
                );
            }
            _ => {}
        }
    }

    /// States without a form or without questions.
    fn coverage(&mut self, folder: &Folder) {
        let states = State::ALL.iter().filter(|state| !state.is_territory());
        let has_form = |state: &State| folder.document(Document::Request(*state)).is_some();
        let has_questions: BTreeSet<State> = folder.metadata().map(|(state, _)| state).collect();
        let codes =
            |states: Vec<&State>| states.iter().map(|state| state.code()).collect::<Vec<_>>().join(", ");
        let without: Vec<&State> = states.clone().filter(|state| !has_form(state)).collect();
        if !without.is_empty() {
            let text = format!("no ballot request form for {}", codes(without));
            self.note("absentee/states", text);
        }
        let silent: Vec<&State> =
            states.filter(|state| has_form(state) && !has_questions.contains(state)).collect();
        if !silent.is_empty() {
            let text = format!("no questions (.yml) for {}: their fields are not compared", codes(silent));
            self.note("absentee/states", text);
        }
    }
}
