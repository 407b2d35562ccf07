//! Forms as pages: their fields with what was entered and what is wrong with it. That of a registration is here whole.
//!
//! Field names are those of the API (`http-api.md` 3.1); the date of birth alone is entered in three parts.

use http::StatusCode;
use turnout_core::{
    address::State,
    app::App,
    person::{Gender, Party, RaceEthnicity, Title},
    ports::store::StoreError,
    problems::Problems,
    subscriber,
};

use super::{
    carried::Carried,
    facts::states_by_name,
    frame::{Frame, Keep},
    speech::Speech,
    visit::{LANGUAGE_SWITCH, Visit},
};

/// The one field that is never shown again.
const NUMBER: &str = "state_id_number";

/// Where the date of birth is entered: month, day, year.
const BIRTH: [&str; 3] = ["birth_month", "birth_day", "birth_year"];

/// What somebody entered. Has no `Debug`.
#[derive(Default)]
pub(super) struct Entered(Vec<(String, String)>);

impl Entered {
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// Without what was left empty.
    pub(super) fn filled(&self) -> Self {
        Self(self.0.iter().filter(|(name, _)| !self.text(name).trim().is_empty()).cloned().collect())
    }

    /// Whether it was sent to be shown in another language.
    pub(super) fn switches_language(&self) -> bool {
        !self.text(LANGUAGE_SWITCH).is_empty()
    }

    /// Whether the number was entered.
    fn has_number(&self) -> bool {
        !self.text(NUMBER).trim().is_empty()
    }

    /// The pairs for the use-case: those of the fields of this form, the three parts of the date as one, and what
    /// the page knows itself.
    pub(super) fn to_pairs(
        &self,
        state: State,
        speech: Speech,
        consent: Option<&Consent>,
        carried: &Carried,
    ) -> Vec<(String, String)> {
        let form = Form::new(state, speech, &Self::default(), &Problems::new(), consent);
        let mut pairs = self.pairs_of(&form);
        pairs.push(("state".to_owned(), state.code().to_owned()));
        pairs.push(("language".to_owned(), speech.tag().to_owned()));
        pairs.extend(carried.fields());
        pairs
    }

    /// The pairs of the fields of a form, the three parts of the date as one.
    pub(super) fn pairs_of(&self, form: &Form) -> Vec<(String, String)> {
        let known: Vec<_> = form.fields().map(|field| field.name).collect();
        let mut pairs: Vec<_> =
            self.0.iter().filter(|(name, _)| known.contains(&name.as_str())).cloned().collect();
        let parts = BIRTH.map(|name| self.text(name).trim());
        if parts.iter().any(|part| !part.is_empty()) {
            let [month, day, year] = parts;
            pairs.push(("date_of_birth".to_owned(), format!("{year}-{month}-{day}")));
        }
        pairs
    }
}

/// What somebody agrees to who wants texts, and the field that keeps it.
pub(super) struct Consent {
    pub(super) field: &'static str,
    pub(super) words: String,
}

impl Consent {
    /// What a voter of a page agrees to who wants texts; nothing where none are sent. A subscriber's own words are not
    /// translated.
    pub(super) async fn of(app: &App, speech: Speech, carried: &Carried) -> Result<Option<Self>, StoreError> {
        let mut view = app.store.view().await?;
        let offered = subscriber::text_consent(view.as_mut(), carried.subscriber()).await?;
        let words = |sender: &str| speech.say_with("sms-agree", [("name", sender.into())]);
        Ok(offered
            .map(|it| Self { field: it.field, words: it.own_words.unwrap_or_else(|| words(&it.sender)) }))
    }
}

/// What came with a form in which the voter could agree to texts.
pub(super) struct Sent {
    pub(super) entered: Entered,
    pub(super) carried: Carried,
    pub(super) consent: Option<Consent>,
}

impl Sent {
    /// Reads it.
    pub(super) async fn of(app: &App, visit: Visit<'_>, body: &[u8]) -> Result<Self, StoreError> {
        let carried = visit.carried();
        let consent = Consent::of(app, visit.speech(), &carried).await?;
        let entered = Entered::new(url::form_urlencoded::parse(body).into_owned().collect());
        Ok(Self { entered, carried, consent })
    }
}

/// One field.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    /// What has become of an entry that is not shown again.
    pub(super) note: Option<String>,
    pub(super) value: String,
    pub(super) errors: Vec<String>,
    pub(super) required: bool,
    pub(super) look: Look,
    pub(super) autocomplete: Option<&'static str>,
    /// How much fits into it: a class of the style sheet.
    pub(super) width: &'static str,
}

/// How a field is entered.
pub(super) enum Look {
    /// In a line; its `type` and `inputmode`.
    Line(&'static str, &'static str),
    /// From a list: value and words.
    Pick(Vec<(&'static str, String)>),
    /// By a box to check.
    Tick,
}

impl Field {
    /// What describes it, by id.
    pub(super) fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.note.is_some() {
            ids.push(format!("{}-note", self.name));
        }
        if !self.errors.is_empty() {
            ids.push(format!("{}-error", self.name));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// The date of birth: three fields in a group of their own.
pub(super) struct Birth {
    pub(super) hint: String,
    pub(super) errors: Vec<String>,
    pub(super) parts: Vec<Field>,
}

/// Fields that most people do not need, folded away while nothing is in them.
pub(super) struct Folded {
    pub(super) title: String,
    pub(super) hint: Option<String>,
    pub(super) open: bool,
    pub(super) fields: Vec<Field>,
}

/// A part of a section.
pub(super) enum Part {
    /// One field.
    Single(Field),
    /// The date of birth.
    Birth(Birth),
    /// Folded fields.
    Folded(Folded),
}

/// A group of fields under one heading.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) hint: Option<String>,
    /// Whether all of it may be left out, where its fields do not say so themselves.
    pub(super) optional: bool,
    pub(super) parts: Vec<Part>,
}

/// A line of the summary of mistakes.
pub(super) struct Mistake {
    /// The id of the field; nothing when it is about no field of the form.
    pub(super) target: Option<&'static str>,
    pub(super) label: String,
    pub(super) text: String,
}

/// The whole form.
pub(super) struct Form {
    pub(super) sections: Vec<Section>,
    pub(super) mistakes: Vec<Mistake>,
    /// Whether the number was entered, so that it has to be entered again.
    pub(super) number_again: bool,
}

/// What surrounds a form on its page, by how many mistakes are in it.
pub(super) struct Around<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) mistakes_heading: String,
    pub(super) status: StatusCode,
    pub(super) keep: Keep,
}

impl<'a> Around<'a> {
    /// Of the form with that id.
    pub(super) fn of(
        visit: Visit<'a>,
        id: &'static str,
        heading: &str,
        mistakes: usize,
        entered: &Entered,
    ) -> Self {
        let speech = visit.speech();
        let mut frame = visit.frame(heading.to_owned()).around_form(id);
        let is_wrong = mistakes > 0;
        if is_wrong {
            frame.title = speech.say_with("mistake-title", [("title", heading.into())]);
        }
        Self {
            frame,
            mistakes_heading: speech.say_with("mistakes-heading", [("count", mistakes.into())]),
            status: if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK },
            keep: if is_wrong || !entered.is_empty() { Keep::Never } else { Keep::Public },
        }
    }
}

/// What a field is made of, before it is filled.
pub(super) struct Maker<'a> {
    pub(super) speech: Speech,
    pub(super) entered: &'a Entered,
    pub(super) problems: &'a Problems,
}

impl Maker<'_> {
    fn field(&self, name: &'static str, look: Look, width: &'static str) -> Field {
        let value = if name == NUMBER { String::new() } else { self.entered.text(name).to_owned() };
        let hint = format!("hint-{name}");
        let again = name == NUMBER && self.entered.has_number();
        Field {
            name,
            label: self.speech.say(&format!("field-{name}")),
            hint: self.speech.knows(&hint).then(|| self.speech.say(&hint)),
            note: again.then(|| self.speech.say("number-again")),
            value,
            errors: self.errors(name),
            required: false,
            look,
            autocomplete: None,
            width,
        }
    }

    fn errors(&self, name: &str) -> Vec<String> {
        let found = self.problems.iter().find(|(field, _)| *field == name);
        found.map_or_else(Vec::new, |(_, problems)| {
            problems.into_iter().map(|problem| self.speech.problem(name, problem)).collect()
        })
    }

    pub(super) fn line(&self, name: &'static str, width: &'static str) -> Field {
        self.field(name, Look::Line("text", "text"), width)
    }

    pub(super) fn zipcode(&self, name: &'static str) -> Field {
        let mut field = self.field(name, Look::Line("text", "numeric"), "short");
        field.hint = Some(self.speech.say("hint-zipcode"));
        field
    }

    pub(super) fn state(&self, name: &'static str) -> Field {
        self.field(name, Look::Pick(states_by_name(self.speech)), "medium")
    }

    fn pick(&self, name: &'static str, family: &str, wires: impl Iterator<Item = &'static str>) -> Field {
        let words = |wire: &'static str| (wire, self.speech.say(&format!("choice-{family}-{wire}")));
        self.field(name, Look::Pick(wires.map(words).collect()), "medium")
    }

    fn title(&self, name: &'static str) -> Field {
        let mut field = self.pick(name, "title", Title::ALL.iter().map(|it| it.wire()));
        field.width = "short";
        field
    }

    fn folded(&self, key: &str, fields: Vec<Field>) -> Part {
        let hint = format!("{key}-hint");
        Part::Folded(Folded {
            title: self.speech.say(key),
            hint: self.speech.knows(&hint).then(|| self.speech.say(&hint)),
            open: fields.iter().any(|field| !field.value.is_empty() || !field.errors.is_empty()),
            fields,
        })
    }

    pub(super) fn section(&self, key: &str, parts: Vec<Part>) -> Section {
        let hint = format!("{key}-hint");
        Section {
            title: self.speech.say(key),
            hint: self.speech.knows(&hint).then(|| self.speech.say(&hint)),
            optional: false,
            parts,
        }
    }
}

impl Field {
    pub(super) fn needed(mut self) -> Part {
        self.required = true;
        Part::Single(self)
    }

    pub(super) fn optional(self) -> Part {
        Part::Single(self)
    }

    pub(super) fn known_as(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }
}

impl Form {
    /// The form of a state, with what was entered and what is wrong. No `consent` where no texts are sent.
    pub(super) fn new(
        state: State,
        speech: Speech,
        entered: &Entered,
        problems: &Problems,
        consent: Option<&Consent>,
    ) -> Self {
        let make = Maker { speech, entered, problems };
        let sections = vec![
            name(&make),
            birth(&make, true),
            address(&make),
            contact(&make, "hint-email", consent),
            about(&make, state),
            make.section("section-number", vec![make.line(NUMBER, "medium").known_as("off").needed()]),
            make.section(
                "section-confirm",
                vec![
                    make.field("us_citizen", Look::Tick, "").needed(),
                    make.field("is_18_or_over", Look::Tick, "").needed(),
                ],
            ),
        ];
        Self { number_again: entered.has_number(), ..Self::of(&make, sections) }
    }

    /// The form of these sections, with what is wrong in them.
    pub(super) fn of(make: &Maker<'_>, sections: Vec<Section>) -> Self {
        let mut form = Self { sections, mistakes: Vec::new(), number_again: false };
        form.mistakes = form.mistakes_in_order(make.speech, make.problems);
        form
    }

    /// Every field that is sent under its own name.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.parts).flat_map(|part| match part {
            Part::Single(field) => std::slice::from_ref(field),
            Part::Folded(folded) => folded.fields.as_slice(),
            Part::Birth(_) => &[],
        })
    }

    fn mistakes_in_order(&self, speech: Speech, problems: &Problems) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let mut told = Vec::new();
        let mut tell = |name: &'static str, target: &'static str, label: &str, errors: &[String]| {
            told.push(name);
            for text in errors {
                let (label, text) = (label.to_owned(), text.clone());
                mistakes.push(Mistake { target: Some(target), label, text });
            }
        };
        for part in self.sections.iter().flat_map(|section| &section.parts) {
            match part {
                Part::Single(field) => tell(field.name, field.name, &field.label, &field.errors),
                Part::Folded(folded) => {
                    for field in &folded.fields {
                        tell(field.name, field.name, &field.label, &field.errors);
                    }
                }
                Part::Birth(birth) => {
                    let label = speech.say("field-date_of_birth");
                    tell("date_of_birth", BIRTH[0], &label, &birth.errors);
                }
            }
        }
        for (name, list) in problems.iter().filter(|(name, _)| !told.contains(name)) {
            for problem in list {
                let key = format!("field-{name}");
                let label = if speech.knows(&key) { speech.say(&key) } else { speech.say("register-form") };
                mistakes.push(Mistake { target: None, label, text: speech.problem(name, problem) });
            }
        }
        mistakes
    }
}

fn name(make: &Maker<'_>) -> Section {
    let before = vec![
        make.title("previous_title"),
        make.line("previous_first_name", "medium"),
        make.line("previous_middle_name", "medium"),
        make.line("previous_last_name", "medium"),
        make.line("previous_suffix", "short"),
    ];
    make.section(
        "section-name",
        vec![
            make.title("title").known_as("honorific-prefix").optional(),
            make.line("first_name", "medium").known_as("given-name").needed(),
            make.line("middle_name", "medium").known_as("additional-name").optional(),
            make.line("last_name", "medium").known_as("family-name").needed(),
            make.line("suffix", "short").known_as("honorific-suffix").optional(),
            make.folded("section-previous-name", before),
        ],
    )
}

/// The date of birth.
pub(super) fn birth(make: &Maker<'_>, is_required: bool) -> Section {
    let errors = make.errors("date_of_birth");
    let parts = BIRTH.into_iter().zip(["bday-month", "bday-day", "bday-year"]).map(|(name, known)| {
        let width = if name == BIRTH[2] { "year" } else { "two" };
        let mut field = make.field(name, Look::Line("text", "numeric"), width).known_as(known);
        field.required = is_required;
        field
    });
    let birth = Birth { hint: make.speech.say("hint-date_of_birth"), errors, parts: parts.collect() };
    Section { optional: !is_required, ..make.section("section-birth", vec![Part::Birth(birth)]) }
}

fn address(make: &Maker<'_>) -> Section {
    let mailing = vec![
        make.line("mailing_address1", "long"),
        make.line("mailing_address2", "medium"),
        make.line("mailing_city", "medium"),
        make.state("mailing_state"),
        make.zipcode("mailing_zipcode"),
    ];
    let before = vec![
        make.line("previous_address1", "long"),
        make.line("previous_address2", "medium"),
        make.line("previous_city", "medium"),
        make.state("previous_state"),
        make.zipcode("previous_zipcode"),
    ];
    make.section(
        "section-address",
        vec![
            make.line("address1", "long").known_as("address-line1").needed(),
            make.line("address2", "medium").known_as("address-line2").optional(),
            make.line("city", "medium").known_as("address-level2").needed(),
            make.zipcode("zipcode").known_as("postal-code").needed(),
            make.folded("section-mailing", mailing),
            make.folded("section-previous-address", before),
        ],
    )
}

/// How the voter is reached, with what the e-mail address is for.
pub(super) fn contact(make: &Maker<'_>, email_hint: &str, consent: Option<&Consent>) -> Section {
    let mut email = make.field("email", Look::Line("email", "email"), "long").known_as("email");
    email.hint = Some(make.speech.say(email_hint));
    let mut parts = vec![
        email.needed(),
        make.field("phone", Look::Line("tel", "tel"), "medium").known_as("tel").optional(),
    ];
    if let Some(consent) = consent {
        let mut agree = make.field(consent.field, Look::Tick, "");
        consent.words.clone_into(&mut agree.label);
        parts.push(agree.optional());
    }
    make.section("section-contact", parts)
}

fn about(make: &Maker<'_>, state: State) -> Section {
    let mut parts = vec![make.pick("gender", "gender", Gender::ALL.iter().map(|it| it.wire())).optional()];
    if state.asks_race() {
        let wires = RaceEthnicity::ALL.iter().map(|it| it.wire());
        parts.push(make.pick("race_ethnicity", "race_ethnicity", wires).optional());
    }
    parts.push(make.pick("party", "party", Party::ALL.iter().map(|it| it.wire())).optional());
    make.section("section-about", parts)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::{
        input::Input,
        problems::{NON_FIELD, Problem},
        register::{RegistrationDraft, Scope},
    };

    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn form(state: State, entered: &[(&str, &str)], problems: &Problems) -> Form {
        Form::new(state, Speech::English, &Entered::new(pairs(entered)), problems, Some(&agree("sms_opt_in")))
    }

    fn agree(field: &'static str) -> Consent {
        Consent { field, words: "I agree.".into() }
    }

    fn sent(entered: &[(&str, &str)], consent: Option<&Consent>) -> Vec<(String, String)> {
        Entered::new(pairs(entered)).to_pairs(State::Fl, Speech::Spanish, consent, &Carried::default())
    }

    fn check(entered: &[(&str, &str)]) -> Problems {
        let pairs = sent(entered, None);
        RegistrationDraft::check(&Input::form(pairs), Scope::Whole, false).1
    }

    const WHOLE: &[(&str, &str)] = &[
        ("first_name", "José"),
        ("last_name", "Núñez"),
        ("birth_month", "4"),
        ("birth_day", "17"),
        ("birth_year", "1990"),
        ("address1", "1 Main St"),
        ("city", "Miami"),
        ("zipcode", "33101"),
        ("email", "jose@example.org"),
        ("phone", ""),
        ("gender", ""),
        ("title", ""),
        ("mailing_state", ""),
        ("previous_zipcode", ""),
        ("state_id_number", "1234"),
        ("us_citizen", "true"),
        ("is_18_or_over", "true"),
    ];

    #[test]
    fn the_form_sends_what_the_use_case_takes() {
        assert!(check(WHOLE).is_empty(), "{:?}", check(WHOLE));
    }

    #[test]
    fn every_field_that_the_use_case_wants_is_marked_and_on_the_form() {
        let problems = check(&[]);
        let form = form(State::Fl, &[], &problems);
        let told: Vec<_> = form.mistakes.iter().filter_map(|mistake| mistake.target).collect();
        assert_eq!(
            told,
            [
                "first_name",
                "last_name",
                "birth_month",
                "address1",
                "city",
                "zipcode",
                "email",
                "state_id_number",
                "us_citizen",
                "is_18_or_over"
            ]
        );
        assert_eq!(form.mistakes.len(), told.len());
        let needed: Vec<_> = form.fields().filter(|it| it.required).map(|it| it.name).collect();
        assert!(needed.iter().all(|name| told.contains(name)), "{needed:?}");
    }

    #[test]
    fn an_impossible_date_is_one_mistake() {
        for (month, day, year) in
            [("2", "30", "1990"), ("4", "17", "90"), ("April", "17", "1990"), ("4", "", "")]
        {
            let mut entered = WHOLE.to_vec();
            for (name, value) in BIRTH.into_iter().zip([month, day, year]) {
                entered.push((name, value));
            }
            let problems = check(&entered);
            assert_eq!(problems.iter().count(), 1, "{month}/{day}/{year}");
            let form = form(State::Fl, &entered, &problems);
            assert_eq!(form.mistakes[0].target, Some("birth_month"));
        }
    }

    #[test]
    fn a_field_that_is_not_on_the_form_is_not_passed_on() {
        let entered = [
            ("initial_events", "Finish"),
            ("request_mailing_address1", "x"),
            ("utm_source", "x"),
            ("sms_opt_in", "true"),
            ("first_name", "A"),
        ];
        let names = |consent: Option<&Consent>| -> Vec<String> {
            sent(&entered, consent).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(None), ["first_name", "state", "language"]);
        assert_eq!(names(Some(&agree("sms_opt_in_subscriber"))), ["first_name", "state", "language"]);
        assert_eq!(names(Some(&agree("sms_opt_in"))), ["sms_opt_in", "first_name", "state", "language"]);
    }

    #[test]
    fn the_number_is_never_in_the_form_again() {
        let form = form(State::Ca, &[("state_id_number", "D1234567"), ("city", "Fresno")], &Problems::new());
        let value = |name: &str| form.fields().find(|field| field.name == name).unwrap().value.clone();
        assert_eq!((value("state_id_number").as_str(), value("city").as_str()), ("", "Fresno"));
    }

    #[test]
    fn whoever_entered_the_number_is_told_to_enter_it_again() {
        for (number, again) in [("D1234567", true), (" ", false), ("", false)] {
            let form = form(State::Ca, &[("state_id_number", number)], &Problems::new());
            assert_eq!(form.number_again, again);
            let field = form.fields().find(|field| field.name == NUMBER).unwrap();
            assert_eq!(field.note.is_some(), again);
            assert_eq!(field.described_by().unwrap().contains("state_id_number-note"), again);
        }
    }

    #[test]
    fn race_is_asked_where_the_state_asks() {
        for state in State::ALL {
            let asked = form(*state, &[], &Problems::new()).fields().any(|it| it.name == "race_ethnicity");
            assert_eq!(asked, state.asks_race(), "{state}");
        }
    }

    #[test]
    fn what_is_folded_opens_when_something_is_in_it() {
        let open = |form: &Form| -> Vec<bool> {
            form.sections
                .iter()
                .flat_map(|section| &section.parts)
                .filter_map(|part| match part {
                    Part::Folded(folded) => Some(folded.open),
                    Part::Single(_) | Part::Birth(_) => None,
                })
                .collect()
        };
        assert_eq!(open(&form(State::Ca, &[], &Problems::new())), [false, false, false]);
        let problems = Problems::one("mailing_zipcode", Problem::Zipcode);
        assert_eq!(open(&form(State::Ca, &[("previous_suffix", "Jr.")], &problems)), [true, true, false]);
    }

    #[test]
    fn a_mistake_about_no_field_is_told_too() {
        let mut problems = Problems::one(NON_FIELD, Problem::Other("problem-new", "Not this way.".into()));
        problems.add("state", Problem::NotAChoice("ZZ".into()));
        let form = form(State::Ca, &[], &problems);
        let told: Vec<_> = form.mistakes.iter().map(|it| (it.target, it.text.as_str())).collect();
        assert_eq!(told, [(None, "Not this way."), (None, "Choose one from the list.")]);
    }

    #[test]
    fn every_field_and_choice_has_words_in_both_languages() {
        for speech in Speech::ALL {
            for state in [State::Fl, State::Ca] {
                let consent = agree("sms_opt_in_subscriber");
                let form = Form::new(state, *speech, &Entered::default(), &Problems::new(), Some(&consent));
                for field in form.fields() {
                    assert!(!field.label.starts_with("field-"), "{}", field.label);
                    if let Look::Pick(choices) = &field.look {
                        assert!(choices.iter().all(|(_, words)| !words.starts_with("choice-")));
                    }
                }
            }
        }
    }
}
