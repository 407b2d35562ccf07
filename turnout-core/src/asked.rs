//! What a use-case reads of its input: the names, kinds and rules of its fields.
//!
//! Nothing is written down twice: an [`Input`] that takes notes ([`fields`]) is read by the very code that reads a
//! request, and what was asked of it is the list. The document of the API is made of these lists.

use std::sync::{Mutex, PoisonError};

use crate::input::Input;

/// A closed world of values that a field may have.
pub trait Choice: Copy + 'static {
    /// Every value.
    const EVERY: &'static [Self];

    /// How it can be written: on the wire, and as a label.
    fn spellings(self) -> [&'static str; 2];
}

/// What a field holds, and how it may be written (`http-api.md` 1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// Five digits.
    Zipcode,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// One of these texts.
    Choice(Vec<&'static str>),
    /// A date.
    Date,
    /// A moment.
    DateTime,
    /// Yes or no.
    Boolean,
    /// Yes, and nothing else.
    MustBeTrue,
    /// A UUID.
    Uuid,
    /// The key of an object that has a UUID.
    UuidKey,
    /// The number of a region.
    Region,
    /// The code of a state, where the contract speaks of an object's key.
    StateKey,
    /// A whole number.
    Integer,
    /// A number, with a fraction or without.
    Number,
    /// Any JSON.
    Json,
    /// A list of these texts.
    Choices(Vec<&'static str>),
    /// The id of a file, a UUID or its short form. What is wrong with it is said in a way of its own.
    FileId,
    /// The tag of a language; what is none is passed over.
    Language,
}

/// A field that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be null.
    pub null: bool,
    /// Whether it may be an empty text.
    pub blank: bool,
    /// How many characters it may have.
    pub most: Option<usize>,
}

/// The fields that `read` asks an input for, in that order.
///
/// ```
/// use turnout_core::{
///     asked::{Kind, fields},
///     input::{Reader, Rules},
/// };
/// let asked = fields(|input| {
///     Reader::whole(input).date("date_of_birth", Rules::required());
/// });
/// assert_eq!((asked[0].name.as_str(), &asked[0].kind, asked[0].required), ("date_of_birth", &Kind::Date, true));
/// ```
#[must_use]
pub fn fields(read: impl FnOnce(&Input)) -> Vec<Field> {
    let input = Input::taking_notes();
    read(&input);
    input.into_notes()
}

/// The fields that were asked for so far.
#[derive(Default)]
pub(crate) struct Notes(Mutex<Vec<Field>>);

impl Notes {
    /// Notes a field. A kind that is read by the means of another notes itself first.
    pub(crate) fn note(&self, field: Field) {
        let mut fields = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !fields.iter().any(|it| it.name == field.name) {
            fields.push(field);
        }
    }

    pub(crate) fn into_fields(self) -> Vec<Field> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The spellings that `read` takes, those of the wire first.
pub(crate) fn spellings<T: Choice>(read: impl Fn(&str) -> Option<T>) -> Vec<&'static str> {
    let mut taken = Vec::new();
    for place in 0..2 {
        let written = T::EVERY.iter().map(|choice| choice.spellings()[place]);
        for text in written.filter(|text| read(text).is_some()) {
            if !taken.contains(&text) {
                taken.push(text);
            }
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        address::State,
        input::{Reader, Rules},
        person::Title,
    };

    #[test]
    fn a_field_is_noted_with_its_own_kind_and_rules() {
        let asked = fields(|input| {
            let mut r = Reader::whole(input);
            r.zipcode("zipcode", Rules::required());
            r.phone("phone", Rules::optional());
            r.text("name", Rules::optional().or_null().or_blank().at_most(5));
        });
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            kind,
            required: false,
            null: false,
            blank: false,
            most: None,
        };
        assert_eq!(
            asked,
            [
                Field { required: true, ..field("zipcode", Kind::Zipcode) },
                field("phone", Kind::Phone),
                Field { null: true, blank: true, most: Some(5), ..field("name", Kind::Text) },
            ]
        );
    }

    #[test]
    fn of_a_part_of_a_record_nothing_is_required() {
        let asked = fields(|input| {
            Reader::partial(input).date("date_of_birth", Rules::required());
        });
        assert!(!asked[0].required);
    }

    #[test]
    fn choices_are_those_that_are_taken_and_no_more() {
        assert_eq!(spellings(Title::parse), ["Mr", "Mrs", "Miss", "Ms", "Mx"]);
        assert_eq!(
            spellings(Title::parse_or_label),
            ["Mr", "Mrs", "Miss", "Ms", "Mx", "Mr.", "Mrs.", "Ms.", "Mx."]
        );
        assert_eq!(spellings(|code| State::parse(code).filter(|it| !it.is_territory())).len(), 51);
    }
}
