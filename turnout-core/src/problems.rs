//! What is wrong with somebody's input: every complaint, under the name of its field.
//!
//! [`Problems`] are gathered, never thrown one by one. Their English text is the wire contract
//! (`http-api.md` 1.4 and 1.5, 2026-11); a page translates by [`Problem::key`].

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value, json};

/// The name under which complaints about several fields together stand.
pub const NON_FIELD: &str = "non_field_errors";

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The field is missing.
    Required,
    /// The field is null.
    Null,
    /// The field is empty.
    Blank,
    /// The value is not a text.
    NotAString,
    /// The text has a NUL character.
    NullCharacters,
    /// The text has more than so many characters.
    TooLong(usize),
    /// Not five digits.
    Zipcode,
    /// Not one of the choices; holds the value's text.
    NotAChoice(String),
    /// Not a date.
    Date,
    /// Not a date with a time.
    DateTime,
    /// Not an e-mail address.
    Email,
    /// Not a phone number.
    Phone,
    /// Not a boolean.
    Boolean,
    /// A box that has to be checked is not.
    MustBeTrue,
    /// Not a UUID.
    Uuid,
    /// Not a whole number.
    Integer,
    /// Not a number.
    Number,
    /// No object has this key; holds the key's text.
    NoSuchObject(String),
    /// The key has the wrong type; holds the type's name.
    KeyType(&'static str),
    /// The key of an object is not a UUID; holds its text.
    KeyNotAUuid(String),
    /// Not JSON.
    Json,
    /// Not a list; holds the type's name.
    NotAList(&'static str),
    /// A sentence of the contract that fits one place only: its key for translation and its text.
    Other(&'static str, String),
}

impl Problem {
    /// The key of the complaint's translation.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Required => "problem-required",
            Self::Null => "problem-null",
            Self::Blank => "problem-blank",
            Self::NotAString => "problem-not-a-string",
            Self::NullCharacters => "problem-null-characters",
            Self::TooLong(_) => "problem-too-long",
            Self::Zipcode => "problem-zipcode",
            Self::NotAChoice(_) => "problem-not-a-choice",
            Self::Date => "problem-date",
            Self::DateTime => "problem-date-time",
            Self::Email => "problem-email",
            Self::Phone => "problem-phone",
            Self::Boolean => "problem-boolean",
            Self::MustBeTrue => "problem-must-be-true",
            Self::Uuid => "problem-uuid",
            Self::Integer => "problem-integer",
            Self::Number => "problem-number",
            Self::NoSuchObject(_) => "problem-no-such-object",
            Self::KeyType(_) => "problem-key-type",
            Self::KeyNotAUuid(_) => "problem-uuid",
            Self::Json => "problem-json",
            Self::NotAList(_) => "problem-not-a-list",
            Self::Other(key, _) => key,
        }
    }
}

/// The English text of the wire contract.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("This field is required."),
            Self::Null => f.write_str("This field may not be null."),
            Self::Blank => f.write_str("This field may not be blank."),
            Self::NotAString => f.write_str("Not a valid string."),
            Self::NullCharacters => f.write_str("Null characters are not allowed."),
            Self::TooLong(most) => write!(f, "Ensure this field has no more than {most} characters."),
            Self::Zipcode => f.write_str("Zip codes are 5 digits"),
            Self::NotAChoice(value) => write!(f, "\"{value}\" is not a valid choice."),
            Self::Date => f.write_str("Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
            Self::DateTime => f.write_str(
                "Datetime has wrong format. Use one of these formats instead: \
                 YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
            ),
            Self::Email => f.write_str("Enter a valid email address."),
            Self::Phone => f.write_str("Enter a valid phone number."),
            Self::Boolean => f.write_str("Must be a valid boolean."),
            Self::MustBeTrue => f.write_str("Must be true"),
            Self::Uuid => f.write_str("Must be a valid UUID."),
            Self::Integer => f.write_str("A valid integer is required."),
            Self::Number => f.write_str("A valid number is required."),
            Self::NoSuchObject(key) => write!(f, "Invalid pk \"{key}\" - object does not exist."),
            Self::KeyType(kind) => write!(f, "Incorrect type. Expected pk value, received {kind}."),
            Self::KeyNotAUuid(text) => write!(f, "'{text}' is not a valid UUID."),
            Self::Json => f.write_str("Value must be valid JSON."),
            Self::NotAList(kind) => write!(f, "Expected a list of items but got type \"{kind}\"."),
            Self::Other(_, text) => f.write_str(text),
        }
    }
}

/// The complaints about one field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    /// About the field as a whole.
    Whole(Vec<Problem>),
    /// About elements of a list, by index.
    Elements(BTreeMap<usize, Vec<Problem>>),
}

/// Every complaint about an input, by field. Not an error until it is non-empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    fields: BTreeMap<String, Entry>,
}

impl Problems {
    /// No complaint yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One complaint about one field.
    #[must_use]
    pub fn one(field: &str, problem: Problem) -> Self {
        let mut problems = Self::new();
        problems.add(field, problem);
        problems
    }

    /// Adds a complaint about a field.
    pub fn add(&mut self, field: &str, problem: Problem) {
        match self.fields.entry(field.to_owned()).or_insert_with(|| Entry::Whole(Vec::new())) {
            Entry::Whole(problems) => problems.push(problem),
            entry @ Entry::Elements(_) => *entry = Entry::Whole(vec![problem]),
        }
    }

    /// Adds a complaint about an element of a list.
    pub fn add_element(&mut self, field: &str, index: usize, problem: Problem) {
        let entry = self.fields.entry(field.to_owned()).or_insert_with(|| Entry::Elements(BTreeMap::new()));
        if let Entry::Elements(elements) = entry {
            elements.entry(index).or_default().push(problem);
        }
    }

    /// Whether there is no complaint.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether there is a complaint about this field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// The complaints field by field, in the order of the names. Those about list elements stand under the list.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Vec<&Problem>)> {
        self.fields.iter().map(|(field, entry)| {
            let problems = match entry {
                Entry::Whole(problems) => problems.iter().collect(),
                Entry::Elements(elements) => elements.values().flatten().collect(),
            };
            (field.as_str(), problems)
        })
    }

    /// Nothing, or these problems as an error.
    ///
    /// # Errors
    /// The problems themselves, when there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The body of a 400 answer: `{"<field>": ["<message>", …]}` (`http-api.md` 1.4).
    #[must_use]
    pub fn to_json(&self) -> Value {
        let texts =
            |problems: &Vec<Problem>| -> Vec<String> { problems.iter().map(ToString::to_string).collect() };
        let body: Map<String, Value> = self
            .fields
            .iter()
            .map(|(field, entry)| {
                let value = match entry {
                    Entry::Whole(problems) => json!(texts(problems)),
                    Entry::Elements(elements) => elements
                        .iter()
                        .map(|(index, problems)| (index.to_string(), json!(texts(problems))))
                        .collect::<Map<_, _>>()
                        .into(),
                };
                (field.clone(), value)
            })
            .collect();
        body.into()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} fields have problems", self.fields.len())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_stand_under_their_fields() {
        let mut problems = Problems::one("state", Problem::NotAChoice("ZZ".into()));
        problems.add("email", Problem::Required);
        problems.add_element("initial_events", 1, Problem::NotAChoice("x".into()));
        assert_eq!(
            problems.to_json(),
            json!({
                "state": ["\"ZZ\" is not a valid choice."],
                "email": ["This field is required."],
                "initial_events": {"1": ["\"x\" is not a valid choice."]},
            })
        );
        assert!(problems.into_result().is_err());
    }
}
