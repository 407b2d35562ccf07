//! Untrusted input: the body of a request as a map, and typed readers that gather every complaint.
//!
//! The kinds of fields, what each accepts and its messages are those of `http-api.md` 1.5 (2026-11); the three
//! ways in which a form differs from JSON are those of 1.1. Nothing here knows a tool; drafts say which field is
//! of which kind.

use std::{collections::BTreeMap, fmt::Display};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde_json::{Map, Number, Value, value::RawValue};
use uuid::Uuid;

use crate::{
    address::{State, Zipcode},
    asked::{Choice, Field, Kind, Notes, spellings},
    ids::{RegionId, parse_uuid},
    language::Language,
    person::{LONGEST_EMAIL, Phone, is_email},
    problems::{Problem, Problems},
};

/// How the input was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON: values have types.
    Json,
    /// A form: every value is a text, an unchecked box is missing.
    Form,
}

/// The body of a request: names and values, nothing checked. Has no `Debug`, as it holds what a voter typed.
pub struct Input {
    values: Map<String, Value>,
    /// As they were written: the values with a number that a [`Value`] keeps as a fraction, be it because it is too large
    /// for 64 bits.
    written: BTreeMap<String, Box<RawValue>>,
    format: Format,
    /// What it is asked for, where somebody wants to know.
    notes: Option<Notes>,
}

/// What a form gives under a name.
#[derive(Clone, PartialEq, Eq)]
pub enum FormValue {
    /// What was typed or chosen.
    Text(String),
    /// A file, by its name. No field takes one: it is refused as a value of the wrong type.
    File(String),
}

impl From<String> for FormValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A file is an object, as no form has one otherwise.
impl From<FormValue> for Value {
    fn from(value: FormValue) -> Self {
        match value {
            FormValue::Text(text) => Self::String(text),
            FormValue::File(name) => Self::Object(Map::from_iter([("file".to_owned(), Self::String(name))])),
        }
    }
}

/// Why a JSON body gives no names and values.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is no JSON.
    #[error(transparent)]
    Syntax(#[from] serde_json::Error),
    /// It is null.
    #[error("the body is null")]
    Null,
    /// It is of another type, by the name that the contract's messages have for it.
    #[error("the body is no object but a {0}")]
    NotAnObject(&'static str),
}

impl Input {
    /// The object of a JSON body.
    #[must_use]
    pub fn json(values: Map<String, Value>) -> Self {
        Self { values, written: BTreeMap::new(), format: Format::Json, notes: None }
    }

    /// A JSON body as it was received. Of duplicate keys the last counts; `NaN`, `Infinity`, invalid UTF-8 and unpaired
    /// surrogates are no JSON. A whole number keeps all its digits, however many there are.
    ///
    /// # Errors
    /// When the body is no JSON object.
    pub fn parse_json(body: &[u8]) -> Result<Self, JsonError> {
        let values = match serde_json::from_slice(body)? {
            Value::Object(values) => values,
            Value::Null => return Err(JsonError::Null),
            Value::Number(_) => {
                return Err(JsonError::NotAnObject(number_type(&String::from_utf8_lossy(body))));
            }
            other => return Err(JsonError::NotAnObject(type_name(&other))),
        };
        let mut input = Self::json(values);
        if input.values.values().any(holds_fraction) {
            input.written = serde_json::from_slice(body)?;
            input.written.retain(|name, _| input.values.get(name).is_some_and(holds_fraction));
        }
        Ok(input)
    }

    /// The pairs of a form body, in order. A name that comes again makes a list; one-value fields read its last.
    #[must_use]
    pub fn form<V: Into<FormValue>>(pairs: impl IntoIterator<Item = (String, V)>) -> Self {
        let mut values = Map::new();
        for (name, value) in pairs {
            let value = Value::from(value.into());
            match values.get_mut(&name) {
                None => {
                    values.insert(name, value);
                }
                Some(Value::Array(list)) => list.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        Self { values, written: BTreeMap::new(), format: Format::Form, notes: None }
    }

    /// An empty one that notes what it is asked for.
    pub(crate) fn taking_notes() -> Self {
        Self { notes: Some(Notes::default()), ..Self::json(Map::new()) }
    }

    /// What it was asked for.
    pub(crate) fn into_notes(self) -> Vec<Field> {
        self.notes.map_or_else(Vec::new, Notes::into_fields)
    }

    /// How it was written.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The names given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Names and values as one text, the same for the same input whatever the order of its names. Identification numbers are
    /// left out.
    #[must_use]
    pub fn normalized(&self) -> Vec<u8> {
        let told: BTreeMap<&String, &Value> =
            self.values.iter().filter(|(name, _)| !name.starts_with("state_id_number")).collect();
        serde_json::to_vec(&told).expect("a map with text keys is JSON")
    }

    /// The value of a name as it was written.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        match self.values.get(name) {
            Some(Value::Array(list)) if self.format == Format::Form => list.last(),
            value => value,
        }
    }

    /// The digits of a whole number that is too large for 64 bits.
    fn large_number(&self, name: &str) -> Option<&str> {
        let text = self.written.get(name)?.get();
        is_whole(text).then_some(text)
    }

    /// The text of a number: all digits of a whole one.
    fn number_text(&self, name: &str, number: &Number) -> String {
        self.large_number(name).map_or_else(|| number.to_string(), str::to_owned)
    }

    /// The [text form](text_form) of a value of this input, its numbers as written.
    fn text_form(&self, name: &str, value: &Value) -> String {
        self.written.get(name).map_or_else(|| text_form(value), |raw| written_form(raw.get()))
    }

    /// Whether Python would call the value true: not missing, null, false, zero or empty.
    #[must_use]
    pub fn is_truthy(&self, name: &str) -> bool {
        self.value(name).is_some_and(is_truthy)
    }
}

/// Whether Python would call a value true: not null, false, zero or empty.
#[must_use]
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// The texts that are a boolean's true (`http-api.md` 1.5).
pub const YES: [&str; 13] = ["t", "T", "y", "Y", "yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1"];

/// The texts that are a boolean's false.
pub const NO: [&str; 13] =
    ["f", "F", "n", "N", "no", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0"];

/// The texts that are a boolean's null.
pub const NEITHER: [&str; 4] = ["null", "Null", "NULL", ""];

/// What became of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given<T> {
    /// It was not there, or it was refused.
    Absent,
    /// It was null.
    Null,
    /// It was there.
    Value(T),
}

impl<T> Given<T> {
    /// The value, if there is one.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, if there is one, by reference.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the field was there, with a value or null.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Writes what was given over `target`; leaves it alone when nothing was.
    pub fn store(self, target: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *target = None,
            Self::Value(value) => *target = Some(value),
        }
    }

    fn map<U>(self, f: impl FnOnce(T) -> Option<U>) -> Option<Given<U>> {
        Some(match self {
            Self::Absent => Given::Absent,
            Self::Null => Given::Null,
            Self::Value(value) => Given::Value(f(value)?),
        })
    }
}

/// What a field accepts.
#[derive(Debug, Clone, Copy, Default)]
#[must_use]
pub struct Rules {
    required: bool,
    null: bool,
    blank: bool,
    most: Option<usize>,
}

impl Rules {
    /// May be missing; neither null nor blank.
    pub const fn optional() -> Self {
        Self { required: false, null: false, blank: false, most: None }
    }

    /// Must be there; neither null nor blank.
    pub const fn required() -> Self {
        Self { required: true, ..Self::optional() }
    }

    /// Must be there when `required`.
    pub const fn required_if(required: bool) -> Self {
        Self { required, ..Self::optional() }
    }

    /// May also be null.
    pub const fn or_null(mut self) -> Self {
        self.null = true;
        self
    }

    /// May also be an empty text.
    pub const fn or_blank(mut self) -> Self {
        self.blank = true;
        self
    }

    /// May have so many characters at the most.
    pub const fn at_most(mut self, characters: usize) -> Self {
        self.most = Some(characters);
        self
    }
}

/// Reads typed fields from an [`Input`] and gathers what is wrong with them.
pub struct Reader<'a> {
    input: &'a Input,
    problems: Problems,
    partial: bool,
}

impl<'a> Reader<'a> {
    /// Reads a whole record: required fields must be there.
    #[must_use]
    pub fn whole(input: &'a Input) -> Self {
        Self { input, problems: Problems::new(), partial: false }
    }

    /// Reads a part of a record: nothing is required, and a box missing from a form is left alone.
    #[must_use]
    pub fn partial(input: &'a Input) -> Self {
        Self { input, problems: Problems::new(), partial: true }
    }

    /// The complaints so far.
    #[must_use]
    pub fn into_problems(self) -> Problems {
        self.problems
    }

    /// Adds a complaint that this reader could not know.
    pub fn complain(&mut self, name: &str, problem: Problem) {
        self.problems.add(name, problem);
    }

    /// Notes the field where somebody wants to know what is asked for.
    fn note(&self, name: &str, rules: Rules, kind: impl FnOnce() -> Kind) {
        if let Some(notes) = &self.input.notes {
            notes.note(Field {
                name: name.to_owned(),
                kind: kind(),
                required: rules.required && !self.partial,
                null: rules.null,
                blank: rules.blank,
                most: rules.most,
            });
        }
    }

    /// The value of a name before its kind is looked at. `None` where it was refused.
    fn raw(&mut self, name: &str, rules: Rules) -> Given<&'a Value> {
        match self.input.value(name) {
            None => {
                if rules.required && !self.partial {
                    self.problems.add(name, Problem::Required);
                }
                Given::Absent
            }
            Some(Value::Null) => self.null(name, rules),
            Some(Value::String(text)) if text.is_empty() && self.input.format == Format::Form => {
                if rules.blank {
                    Given::Value(self.input.value(name).expect("it was there a line above"))
                } else if rules.null {
                    Given::Null
                } else if !rules.required {
                    Given::Absent
                } else {
                    Given::Value(self.input.value(name).expect("it was there a line above"))
                }
            }
            Some(value) => Given::Value(value),
        }
    }

    fn null<T>(&mut self, name: &str, rules: Rules) -> Given<T> {
        if rules.null {
            return Given::Null;
        }
        self.problems.add(name, Problem::Null);
        Given::Absent
    }

    fn refuse<T>(&mut self, name: &str, problem: Problem) -> Given<T> {
        self.problems.add(name, problem);
        Given::Absent
    }

    /// A text, or a number taken as one; trimmed.
    pub fn text(&mut self, name: &str, rules: Rules) -> Given<String> {
        self.note(name, rules, || Kind::Text);
        let value = match self.raw(name, rules) {
            Given::Absent => return Given::Absent,
            Given::Null => return Given::Null,
            Given::Value(value) => value,
        };
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => self.input.number_text(name, number),
            _ => return self.refuse(name, Problem::NotAString),
        };
        if text.contains('\0') {
            return self.refuse(name, Problem::NullCharacters);
        }
        if text.is_empty() && !rules.blank {
            return self.refuse(name, Problem::Blank);
        }
        if let Some(most) = rules.most
            && text.chars().count() > most
        {
            return self.refuse(name, Problem::TooLong(most));
        }
        Given::Value(text)
    }

    /// A text that `read` understands; `problem` where it does not. An accepted blank is null.
    fn parsed<T>(
        &mut self,
        name: &str,
        rules: Rules,
        problem: Problem,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Given<T> {
        let given = self.text(name, rules);
        if let Given::Value(text) = &given
            && text.is_empty()
        {
            return Given::Null;
        }
        given.map(|text| read(&text)).unwrap_or_else(|| self.refuse(name, problem))
    }

    /// A ZIP code.
    pub fn zipcode(&mut self, name: &str, rules: Rules) -> Given<Zipcode> {
        self.note(name, rules, || Kind::Zipcode);
        self.parsed(name, rules, Problem::Zipcode, Zipcode::parse)
    }

    /// An e-mail address, letter case kept. Without a limit of its own, one too long is none.
    pub fn email(&mut self, name: &str, rules: Rules) -> Given<String> {
        self.note(name, rules, || Kind::Email);
        let fits = |text: &str| rules.most.is_some() || text.chars().count() <= LONGEST_EMAIL;
        let is_email = |text: &str| fits(text) && is_email(text);
        self.parsed(name, rules, Problem::Email, |text| is_email(text).then(|| text.to_owned()))
    }

    /// A phone number. A JSON number or another type is no phone number (quirk Q30).
    pub fn phone(&mut self, name: &str, rules: Rules) -> Given<Phone> {
        self.note(name, rules, || Kind::Phone);
        match self.raw(name, rules) {
            Given::Value(value) if !value.is_string() => self.refuse(name, Problem::Phone),
            Given::Value(_) => self.parsed(name, rules, Problem::Phone, Phone::parse),
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
        }
    }

    /// One of the choices that `read` knows by wire value. A blank is a wrong choice, or null where blank is accepted.
    pub fn choice<T: Choice>(
        &mut self,
        name: &str,
        rules: Rules,
        read: impl Fn(&str) -> Option<T>,
    ) -> Given<T> {
        self.note(name, rules, || Kind::Choice(spellings(&read)));
        let value = match self.raw(name, rules) {
            Given::Absent => return Given::Absent,
            Given::Null => return Given::Null,
            Given::Value(value) => value,
        };
        if let Value::String(text) = value {
            let text = text.trim();
            if text.is_empty() && rules.blank {
                return Given::Null;
            }
            if let Some(choice) = read(text) {
                return Given::Value(choice);
            }
            return self.refuse(name, Problem::NotAChoice(text.to_owned()));
        }
        self.refuse(name, Problem::NotAChoice(self.input.text_form(name, value)))
    }

    /// A state's upper-case postal code.
    pub fn state(&mut self, name: &str, rules: Rules) -> Given<State> {
        self.choice(name, rules, State::parse)
    }

    /// A date, `YYYY-MM-DD`; month and day may have one digit.
    pub fn date(&mut self, name: &str, rules: Rules) -> Given<NaiveDate> {
        self.note(name, rules, || Kind::Date);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(value) => match value.as_str().and_then(parse_date) {
                Some(date) => Given::Value(date),
                None => self.refuse(name, Problem::Date),
            },
        }
    }

    /// A moment in ISO 8601 with a time part; UTC where it has no offset.
    pub fn datetime(&mut self, name: &str, rules: Rules) -> Given<DateTime<Utc>> {
        self.note(name, rules, || Kind::DateTime);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(value) => match value.as_str().and_then(parse_datetime) {
                Some(moment) => Given::Value(moment),
                None => self.refuse(name, Problem::DateTime),
            },
        }
    }

    /// A boolean in one of its spellings. A box missing from a form is false; a nullable one stays absent.
    pub fn boolean(&mut self, name: &str, rules: Rules) -> Given<bool> {
        self.note(name, rules, || Kind::Boolean);
        let form = self.input.format == Format::Form;
        let value = match self.input.value(name) {
            None if form && !self.partial && !rules.required => return Given::Value(false),
            None => return self.raw(name, rules).map(|_| None).unwrap_or(Given::Absent),
            Some(value) => value,
        };
        match boolean_of(value) {
            Some(Some(yes)) => Given::Value(yes),
            Some(None) if rules.null => Given::Null,
            Some(None) if value.is_null() => self.null(name, rules),
            Some(None) if form && value.as_str() == Some("") && !rules.required => Given::Absent,
            _ => self.refuse(name, Problem::Boolean),
        }
    }

    /// A box that has to be checked.
    pub fn must_be_true(&mut self, name: &str, rules: Rules) -> Given<bool> {
        self.note(name, rules, || Kind::MustBeTrue);
        let value = match self.input.value(name) {
            None => {
                if rules.required && !self.partial {
                    self.problems.add(name, Problem::Required);
                }
                return Given::Absent;
            }
            Some(Value::Null) => return self.null(name, rules),
            Some(value) => value,
        };
        match boolean_of(value) {
            Some(Some(true)) => Given::Value(true),
            Some(Some(false)) => self.refuse(name, Problem::MustBeTrue),
            _ => self.refuse(name, Problem::Boolean),
        }
    }

    /// A UUID, or an integer that is its 128-bit value.
    pub fn uuid(&mut self, name: &str, rules: Rules) -> Given<Uuid> {
        self.note(name, rules, || Kind::Uuid);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(value) => match self.uuid_of(name, value) {
                Some(id) => Given::Value(id),
                None => self.refuse(name, Problem::Uuid),
            },
        }
    }

    fn uuid_of(&self, name: &str, value: &Value) -> Option<Uuid> {
        match value {
            Value::String(text) => parse_uuid(text.trim()),
            Value::Number(number) => self.input.number_text(name, number).parse().ok().map(Uuid::from_u128),
            _ => None,
        }
    }

    /// The key of an object that has a UUID. Whether the object exists is for the caller to say.
    pub fn uuid_key(&mut self, name: &str, rules: Rules) -> Given<Uuid> {
        self.note(name, rules, || Kind::UuidKey);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(Value::String(text)) if text.is_empty() => self.null(name, rules),
            Given::Value(value @ (Value::Number(_) | Value::Bool(_))) => {
                self.refuse(name, Problem::NoSuchObject(self.input.text_form(name, value)))
            }
            Given::Value(value) => match value.as_str().and_then(parse_uuid) {
                Some(id) => Given::Value(id),
                None => self.refuse(name, Problem::KeyNotAUuid(self.input.text_form(name, value))),
            },
        }
    }

    /// The key of a region. Whether it exists is for the caller to say.
    pub fn region(&mut self, name: &str, rules: Rules) -> Given<RegionId> {
        self.note(name, rules, || Kind::Region);
        let value = match self.raw(name, rules) {
            Given::Absent => return Given::Absent,
            Given::Null => return Given::Null,
            Given::Value(value) => value,
        };
        match value {
            Value::String(text) if text.is_empty() => self.null(name, rules),
            Value::Number(number) => match number.as_i64() {
                Some(id) => Given::Value(RegionId(id)),
                None => self.refuse(name, Problem::NoSuchObject(self.input.text_form(name, value))),
            },
            Value::String(text) => {
                let digits = text.trim().strip_prefix(['-', '+']).unwrap_or(text.trim());
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return self.refuse(name, Problem::KeyType("str"));
                }
                match text.trim().parse() {
                    Ok(id) => Given::Value(RegionId(id)),
                    Err(_) => self.refuse(name, Problem::NoSuchObject(text.clone())),
                }
            }
            Value::Bool(_) => self.refuse(name, Problem::NoSuchObject(text_form(value))),
            other => self.refuse(name, Problem::KeyType(type_name(other))),
        }
    }

    /// A state by its code, where the contract speaks of an object's key.
    pub fn state_key(&mut self, name: &str, rules: Rules) -> Given<State> {
        self.note(name, rules, || Kind::StateKey);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(Value::String(text)) if text.is_empty() => self.null(name, rules),
            Given::Value(Value::String(text)) => match State::parse(text) {
                Some(state) => Given::Value(state),
                None => self.refuse(name, Problem::NoSuchObject(text.clone())),
            },
            Given::Value(value @ (Value::Number(_) | Value::Bool(_))) => {
                self.refuse(name, Problem::NoSuchObject(self.input.text_form(name, value)))
            }
            Given::Value(value) => self.refuse(name, Problem::KeyType(type_name(value))),
        }
    }

    /// A whole number.
    pub fn integer(&mut self, name: &str, rules: Rules) -> Given<i64> {
        self.note(name, rules, || Kind::Integer);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(value) => {
                let number =
                    value.as_i64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
                match number {
                    Some(number) => Given::Value(number),
                    None => self.refuse(name, Problem::Integer),
                }
            }
        }
    }

    /// A number, with a fraction or without; a text that says one is one, as in a form. Neither a boolean nor a list is, nor
    /// what is infinite or no number.
    pub fn number(&mut self, name: &str, rules: Rules) -> Given<f64> {
        self.note(name, rules, || Kind::Number);
        match self.raw(name, rules) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(value) => {
                let number =
                    value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
                match number.filter(|number| number.is_finite()) {
                    Some(number) => Given::Value(number),
                    None => self.refuse(name, Problem::Number),
                }
            }
        }
    }

    /// Any JSON value; in a form, a JSON text. No text in it may hold a null character, which not every store can keep.
    pub fn json(&mut self, name: &str, rules: Rules) -> Given<Value> {
        self.note(name, rules, || Kind::Json);
        match self.any_json(name, rules) {
            Given::Value(value) if holds_null_character(&value) => self.refuse(name, Problem::NullCharacters),
            given => given,
        }
    }

    fn any_json(&mut self, name: &str, rules: Rules) -> Given<Value> {
        match self.input.value(name) {
            None => {
                if rules.required && !self.partial {
                    self.problems.add(name, Problem::Required);
                }
                Given::Absent
            }
            Some(Value::Null) => self.null(name, rules),
            Some(Value::String(text)) if self.input.format == Format::Form => {
                match serde_json::from_str(text) {
                    Ok(Value::Null) => self.null(name, rules),
                    Ok(value) => Given::Value(value),
                    Err(_) => self.refuse(name, Problem::Json),
                }
            }
            Some(Value::Object(_)) if self.input.format == Format::Form => self.refuse(name, Problem::Json),
            Some(value) => Given::Value(value.clone()),
        }
    }

    /// A list of choices; complaints name the element.
    pub fn choices<T: Choice>(
        &mut self,
        name: &str,
        rules: Rules,
        read: impl Fn(&str) -> Option<T>,
    ) -> Given<Vec<T>> {
        self.note(name, rules, || Kind::Choices(spellings(&read)));
        let value = match self.input.values.get(name) {
            None => {
                if rules.required && !self.partial {
                    self.problems.add(name, Problem::Required);
                }
                return Given::Absent;
            }
            Some(Value::Null) => return self.null(name, rules),
            Some(value) => value,
        };
        let single;
        let list = match value {
            Value::Array(list) => list,
            Value::String(text) if self.input.format == Format::Form => {
                if text.is_empty() {
                    return Given::Absent;
                }
                single = vec![Value::String(text.clone())];
                &single
            }
            Value::Number(_) if self.input.large_number(name).is_some() => {
                return self.refuse(name, Problem::NotAList("int"));
            }
            other => return self.refuse(name, Problem::NotAList(type_name(other))),
        };
        let written: Option<Vec<&RawValue>> =
            self.input.written.get(name).and_then(|raw| serde_json::from_str(raw.get()).ok());
        let mut choices = Vec::with_capacity(list.len());
        for (index, value) in list.iter().enumerate() {
            let choice = value.as_str().and_then(&read);
            match (choice, value) {
                (Some(choice), _) => choices.push(choice),
                (None, Value::Null) => self.problems.add_element(name, index, Problem::Null),
                (None, value) => {
                    let text = written
                        .as_ref()
                        .map_or_else(|| text_form(value), |written| written_form(written[index].get()));
                    self.problems.add_element(name, index, Problem::NotAChoice(text));
                }
            }
        }
        if self.problems.has(name) { Given::Absent } else { Given::Value(choices) }
    }

    /// The language that somebody would like; what is none is passed over.
    pub fn language(&mut self, name: &str) -> Option<Language> {
        self.note(name, Rules::optional(), || Kind::Language);
        self.input.value(name).and_then(Value::as_str).and_then(Language::parse)
    }
}

/// A date as the contract takes it: year of four digits, month and day of one or two.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || !digits(year, 4..=4) || !digits(month, 1..=2) || !digits(day, 1..=2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        .filter(|date| *date >= NaiveDate::from_ymd_opt(1, 1, 1).expect("the first day of the first year"))
}

/// A moment as the contract takes it: ISO 8601 with a time part, UTC where it has no offset.
#[must_use]
pub fn parse_datetime(text: &str) -> Option<DateTime<Utc>> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let date = parse_date(date)?;
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let clock = clock.trim_end();
    let clock = ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|format| chrono::NaiveTime::parse_from_str(clock, format).ok())?;
    let local: NaiveDateTime = date.and_time(clock);
    let offset = match zone {
        "" | "Z" | "z" => 0,
        zone => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
            if !(digits.len() == 2 || digits.len() == 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let hours: i32 = digits[..2].parse().ok()?;
            let minutes: i32 = digits.get(2..).filter(|rest| !rest.is_empty()).unwrap_or("0").parse().ok()?;
            sign * (hours * 60 + minutes)
        }
    };
    let moment = Utc.from_utc_datetime(&local);
    moment.checked_sub_signed(chrono::TimeDelta::minutes(offset.into()))
}

/// A spelling of a boolean: true, false, null, or none of them.
fn holds_null_character(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(holds_null_character),
        Value::Object(map) => {
            map.iter().any(|(name, value)| name.contains('\0') || holds_null_character(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn boolean_of(value: &Value) -> Option<Option<bool>> {
    match value {
        Value::Bool(yes) => Some(Some(*yes)),
        Value::Null => Some(None),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(Some(true)),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(Some(false)),
        Value::String(text) => match text.as_str() {
            text if YES.contains(&text) => Some(Some(true)),
            text if NO.contains(&text) => Some(Some(false)),
            text if NEITHER.contains(&text) => Some(None),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a whole number too large for 64 bits may be in it, which a [`Value`] keeps as a fraction.
fn holds_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(holds_fraction),
        Value::Object(map) => map.values().any(holds_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// Whether a JSON text is a number without a fraction and an exponent.
fn is_whole(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of a number's type, by its text.
fn number_type(text: &str) -> &'static str {
    if is_whole(text.trim()) { "int" } else { "float" }
}

/// The name of a value's type as the contract's messages have it.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// The text of a value inside a message: `True`, `None`, `['CA']`, `{}`; a text as it is (`http-api.md` 1.5).
#[must_use]
pub fn text_form(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => nested_form(other),
    }
}

/// The text form of a value by its JSON, in which numbers are as written.
fn written_form(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(Value::String(text)) => text,
        _ => nested_written_form(json),
    }
}

fn nested_written_form(json: &str) -> String {
    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(json) {
        return list_form(list.into_iter().map(|it| nested_written_form(it.get())));
    }
    if let Ok(map) = serde_json::from_str::<BTreeMap<String, &RawValue>>(json) {
        return map_form(map.into_iter().map(|(name, it)| (name, nested_written_form(it.get()))));
    }
    match serde_json::from_str(json) {
        Ok(Value::Number(_)) | Err(_) => json.to_owned(),
        Ok(value) => nested_form(&value),
    }
}

fn list_form(forms: impl Iterator<Item = String>) -> String {
    format!("[{}]", forms.collect::<Vec<_>>().join(", "))
}

fn map_form<N: Display>(forms: impl Iterator<Item = (N, String)>) -> String {
    format!("{{{}}}", forms.map(|(name, form)| format!("'{name}': {form}")).collect::<Vec<_>>().join(", "))
}

fn nested_form(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("'{text}'"),
        Value::Array(list) => list_form(list.iter().map(nested_form)),
        Value::Object(map) => map_form(map.iter().map(|(name, value)| (name, nested_form(value)))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::action::EventType;

    fn json_input(value: Value) -> Input {
        match value {
            Value::Object(map) => Input::json(map),
            _ => panic!("an object"),
        }
    }

    fn messages(input: &Input, read: impl FnOnce(&mut Reader<'_>)) -> Value {
        let mut reader = Reader::whole(input);
        read(&mut reader);
        reader.into_problems().to_json()
    }

    #[test]
    fn the_order_of_names_and_identification_numbers_are_not_told() {
        let told = |body: &str| Input::parse_json(body.as_bytes()).map(|it| it.normalized()).expect(body);
        assert_eq!(told(r#"{"a": 1, "b": "x", "state_id_number": "D1"}"#), told(r#"{"b": "x", "a": 1}"#));
        assert_eq!(told(r#"{"a": 1, "state_id_number_2": "D1"}"#), br#"{"a":1}"#);
        assert_ne!(told(r#"{"a": 1}"#), told(r#"{"a": "1"}"#));
    }

    #[test]
    fn texts_take_numbers_and_nothing_else() {
        let input = json_input(json!({"a": 12, "b": true, "c": ["x"], "d": {}, "e": "  x\n", "f": "a\u{0}"}));
        let mut reader = Reader::whole(&input);
        let rules = Rules::required();
        assert_eq!(reader.text("a", rules), Given::Value("12".to_owned()));
        assert_eq!(reader.text("e", rules), Given::Value("x".to_owned()));
        for name in ["b", "c", "d", "f"] {
            assert_eq!(reader.text(name, rules), Given::Absent);
        }
        assert_eq!(
            reader.into_problems().to_json(),
            json!({"b": ["Not a valid string."], "c": ["Not a valid string."], "d": ["Not a valid string."],
                   "f": ["Null characters are not allowed."]})
        );
    }

    #[test]
    fn no_text_inside_json_may_hold_a_null_character() {
        for value in [json!("a\u{0}"), json!([1, {"a": ["\u{0}"]}]), json!({"a\u{0}": 1})] {
            let input = json_input(json!({"state_fields": value}));
            assert_eq!(
                messages(&input, |reader| {
                    reader.json("state_fields", Rules::optional().or_null());
                }),
                json!({"state_fields": ["Null characters are not allowed."]})
            );
        }
        let input = json_input(json!({"state_fields": {"a": ["b", null, 1.5, true]}}));
        let given = Reader::whole(&input).json("state_fields", Rules::optional());
        assert_eq!(given, Given::Value(json!({"a": ["b", null, 1.5, true]})));
    }

    #[test]
    fn missing_null_and_blank_have_their_own_messages() {
        let input = json_input(json!({"n": null, "b": "  "}));
        assert_eq!(
            messages(&input, |reader| {
                for name in ["m", "n", "b"] {
                    reader.text(name, Rules::required());
                }
            }),
            json!({"m": ["This field is required."], "n": ["This field may not be null."],
                   "b": ["This field may not be blank."]})
        );
    }

    #[test]
    fn choices_show_values_of_another_type_in_text_form() {
        for (value, shown) in [
            (json!("zz"), "zz"),
            (json!(""), ""),
            (json!(5), "5"),
            (json!(true), "True"),
            (json!(["CA"]), "['CA']"),
            (json!({}), "{}"),
        ] {
            let input = json_input(json!({"state": value}));
            assert_eq!(
                messages(&input, |reader| {
                    reader.state("state", Rules::required());
                }),
                json!({"state": [format!("\"{shown}\" is not a valid choice.")]})
            );
        }
    }

    #[test]
    fn dates_may_have_one_digit_months_and_nothing_looser() {
        for good in ["1990-1-2", "1990-01-02", "2030-12-31"] {
            assert!(parse_date(good).is_some(), "{good}");
        }
        for bad in
            ["", "90-01-02", "1990-13-01", "1990-02-30", "1990-01-02T00:00", "01/02/1990", "0000-01-01"]
        {
            assert!(parse_date(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn moments_without_an_offset_are_utc() {
        let noon = Utc.with_ymd_and_hms(2020, 10, 1, 12, 0, 0).single().expect("a moment");
        for good in
            ["2020-10-01T12:00", "2020-10-01T12:00:00Z", "2020-10-01T08:00:00-04:00", "2020-10-01 14:00+0200"]
        {
            assert_eq!(parse_datetime(good), Some(noon), "{good}");
        }
        for bad in ["2020-10-01", "", "noon", "2020-10-01T25:00", "2020-10-01T12:00:00+1"] {
            assert_eq!(parse_datetime(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_box_missing_from_a_form_is_false_and_from_json_absent() {
        let form = Input::form([("x".to_owned(), "y".to_owned())]);
        assert_eq!(
            Reader::whole(&form).boolean("sms_opt_in", Rules::optional().or_null()),
            Given::Value(false)
        );
        assert_eq!(Reader::partial(&form).boolean("sms_opt_in", Rules::optional().or_null()), Given::Absent);
        let json = json_input(json!({}));
        assert_eq!(Reader::whole(&json).boolean("sms_opt_in", Rules::optional().or_null()), Given::Absent);
    }

    #[test]
    fn an_empty_form_value_is_what_the_field_accepts() {
        let form = Input::form(["a", "b", "c", "d"].map(|name| (name.to_owned(), String::new())));
        let mut reader = Reader::whole(&form);
        assert_eq!(reader.text("a", Rules::optional().or_null().or_blank()), Given::Value(String::new()));
        assert_eq!(reader.date("b", Rules::optional().or_null()), Given::Null);
        assert_eq!(reader.phone("c", Rules::optional()), Given::Absent);
        assert_eq!(reader.text("d", Rules::required()), Given::Absent);
        assert_eq!(reader.into_problems().to_json(), json!({"d": ["This field may not be blank."]}));
    }

    #[test]
    fn a_file_is_what_no_field_takes() {
        let names = ["text", "date", "box", "must", "id", "key", "region", "state", "json", "list"];
        let file = || FormValue::File("a.txt".to_owned());
        let form = Input::form(names.map(|name| (name.to_owned(), file())));
        let rules = Rules::optional().or_null().or_blank();
        let found = messages(&form, |reader| {
            reader.text("text", rules);
            reader.date("date", rules);
            reader.boolean("box", rules);
            reader.must_be_true("must", rules);
            reader.uuid("id", rules);
            reader.uuid_key("key", rules);
            reader.region("region", rules);
            reader.state("state", rules);
            reader.json("json", rules);
            reader.choices("list", rules, State::parse);
        });
        assert_eq!(
            found,
            json!({
                "text": ["Not a valid string."],
                "date": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],
                "box": ["Must be a valid boolean."],
                "must": ["Must be a valid boolean."],
                "id": ["Must be a valid UUID."],
                "key": ["'{'file': 'a.txt'}' is not a valid UUID."],
                "region": ["Incorrect type. Expected pk value, received dict."],
                "state": ["\"{'file': 'a.txt'}\" is not a valid choice."],
                "json": ["Value must be valid JSON."],
                "list": ["Expected a list of items but got type \"dict\"."],
            })
        );
        let last = Input::form(
            [("a", "x".to_owned().into()), ("a", file())].map(|(it, value)| (it.to_owned(), value)),
        );
        assert!(last.value("a").is_some_and(Value::is_object));
    }

    #[test]
    fn a_box_that_must_be_checked_says_so() {
        let input = json_input(json!({"a": false, "b": "", "c": null, "d": "yes"}));
        assert_eq!(
            messages(&input, |reader| {
                for name in ["a", "b", "c", "d", "e"] {
                    reader.must_be_true(name, Rules::required());
                }
            }),
            json!({"a": ["Must be true"], "b": ["Must be a valid boolean."],
                   "c": ["This field may not be null."], "e": ["This field is required."]})
        );
    }

    #[test]
    fn regions_are_named_by_number_or_its_text() {
        for (value, outcome) in [
            (json!(7), Ok(7)),
            (json!("007"), Ok(7)),
            (json!("x"), Err("Incorrect type. Expected pk value, received str.")),
            (json!([1]), Err("Incorrect type. Expected pk value, received list.")),
            (json!(true), Err("Invalid pk \"True\" - object does not exist.")),
            (
                json!("99999999999999999999"),
                Err("Invalid pk \"99999999999999999999\" - object does not exist."),
            ),
        ] {
            let input = json_input(json!({"region": value}));
            let mut reader = Reader::whole(&input);
            let given = reader.region("region", Rules::optional().or_null());
            match outcome {
                Ok(id) => assert_eq!(given, Given::Value(RegionId(id))),
                Err(message) => {
                    assert_eq!(reader.into_problems().to_json(), json!({"region": [message]}));
                }
            }
        }
    }

    #[test]
    fn a_whole_number_keeps_all_its_digits() {
        let body = br#"{"text": 123456789012345678901234, "negative": -99999999999999999999, "small": 12,
            "id": 22774453838368691933757882222884355840, "too large": 999999999999999999999999999999999999999999,
            "region": 99999999999999999999, "key": 18446744073709551616, "state": 1.50,
            "choice": [99999999999999999999, {"a": [1e2, "x", null, true]}],
            "events": ["Start", 99999999999999999999], "no list": 99999999999999999999}"#;
        let input = Input::parse_json(body).expect("it is an object");
        let mut reader = Reader::whole(&input);
        let rules = Rules::required();
        for (name, text) in
            [("text", "123456789012345678901234"), ("negative", "-99999999999999999999"), ("small", "12")]
        {
            assert_eq!(reader.text(name, rules), Given::Value(text.to_owned()));
        }
        let id = Uuid::from_u128(22_774_453_838_368_691_933_757_882_222_884_355_840);
        assert_eq!(reader.uuid("id", rules), Given::Value(id));
        reader.uuid("too large", rules);
        reader.region("region", rules);
        reader.uuid_key("key", rules);
        reader.state("state", rules);
        reader.state("choice", rules);
        reader.choices("events", rules, EventType::parse_from_client);
        reader.choices("no list", rules, State::parse);
        assert_eq!(
            reader.into_problems().to_json(),
            json!({
                "too large": ["Must be a valid UUID."],
                "region": ["Invalid pk \"99999999999999999999\" - object does not exist."],
                "key": ["Invalid pk \"18446744073709551616\" - object does not exist."],
                "state": ["\"1.50\" is not a valid choice."],
                "choice": ["\"[99999999999999999999, {'a': [1e2, 'x', None, True]}]\" is not a valid choice."],
                "events": {"1": ["\"99999999999999999999\" is not a valid choice."]},
                "no list": ["Expected a list of items but got type \"int\"."],
            })
        );
    }

    #[test]
    fn of_a_repeated_key_the_last_value_is_the_one_as_written() {
        let body = br#"{"a": 99999999999999999999, "b": 5, "a": 7, "b": 88888888888888888888}"#;
        let input = Input::parse_json(body).expect("it is an object");
        let mut reader = Reader::whole(&input);
        assert_eq!(reader.text("a", Rules::required()), Given::Value("7".to_owned()));
        assert_eq!(reader.text("b", Rules::required()), Given::Value("88888888888888888888".to_owned()));
    }

    #[test]
    fn a_body_that_is_no_object_is_named_by_its_type() {
        for (body, kind) in [
            ("[]", "list"),
            ("\"a\"", "str"),
            ("true", "bool"),
            ("5", "int"),
            (" -99999999999999999999 ", "int"),
            ("5.0", "float"),
            ("5e3", "float"),
        ] {
            let refused = Input::parse_json(body.as_bytes()).err();
            assert!(matches!(refused, Some(JsonError::NotAnObject(name)) if name == kind), "{body}");
        }
        assert!(matches!(Input::parse_json(b"null"), Err(JsonError::Null)));
    }

    #[test]
    fn elements_of_a_list_are_named_by_index() {
        let input = json_input(json!({"e": ["Start", "zz", null], "f": "Start"}));
        let read = EventType::parse_from_client;
        assert_eq!(
            messages(&input, |reader| {
                reader.choices("e", Rules::optional(), read);
                reader.choices("f", Rules::optional(), read);
            }),
            json!({"e": {"1": ["\"zz\" is not a valid choice."], "2": ["This field may not be null."]},
                   "f": ["Expected a list of items but got type \"str\"."]})
        );
    }
}
