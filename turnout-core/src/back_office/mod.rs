//! Record pages: what staff may look up of single rows, and the little of it that may be set by hand (`flows.md` 20.2,
//! 2026-11).
//!
//! `entities.rs` is the table of what there is: which columns are shown, which of them in lists, which may be set. `look.rs`
//! reads, and notes who looked at what of a person; `find.rs` finds one; `edit.rs` sets. What is done with a record, such as running a job
//! again, is a use-case of that record's room. A secret is in no column here: no store reads one for these pages.

mod edit;
mod entities;
mod find;
mod look;

use chrono::{DateTime, Utc};

pub use edit::{EditError, edit};
pub use entities::{Column, Edit, Entity, Kind, Narrowing, Order, Shape};
pub use find::{Found, find, sought};
pub use look::{id_of_number, list, look};

/// Where a record stands among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKey {
    /// When it was made; of those that go by their id, when it was changed; of those that go by a number, 1970.
    pub at: DateTime<Utc>,
    /// Its id: a UUID with hyphens, a code, a slug.
    pub id: String,
}

/// What a column of a record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// A text, an id, a word for a choice.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Moment(DateTime<Utc>),
}

impl Value {
    /// As it is kept in the log.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Nothing => serde_json::Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Moment(moment) => moment.to_rfc3339().into(),
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.to_owned()))
    }
}

impl From<Option<DateTime<Utc>>> for Value {
    fn from(moment: Option<DateTime<Utc>>) -> Self {
        moment.map_or(Self::Nothing, Self::Moment)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

impl From<Option<bool>> for Value {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Self::Nothing, Self::Flag)
    }
}

/// A record, or as much of it as a list shows.
///
/// No `Debug`: it may be a person's data.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it stands.
    pub key: RecordKey,
    /// What it holds, in the order of its entity's columns: all of them, or those that lists show.
    pub values: Vec<Value>,
}

impl Record {
    /// What a column holds; nothing where the record has no such column, or a list does not show it.
    #[must_use]
    pub fn value(&self, shape: &Shape, column: &str) -> &Value {
        let at = shape.columns.iter().position(|it| it.name == column);
        at.and_then(|at| self.values.get(at)).unwrap_or(&Value::Nothing)
    }
}
