//! What voters have to know about each state: profiles, facts, and the kinds of facts there are.
//!
//! The nouns are here; `facts.rs` is what comes with the program, `edit.rs` how a fact is changed and by whom, `replace.rs`
//! how one text is put in another's place everywhere, `import.rs` how those of another server are taken over, `sheet.rs` how
//! facts are looked at. `published.rs` is what follows of a
//! change at a CDN, `webhooks.rs` at sites that are built of facts; of the tools of the states (`tools.rs`), `redirects.rs` has
//! the addresses that lead to them, `monitors.rs` whether they are there.

pub mod edit;
mod facts;
pub mod import;
pub mod jobs;
pub mod monitors;
pub mod published;
pub mod redirects;
mod replace;
pub mod sheet;
mod tools;
pub mod webhooks;

use chrono::{DateTime, NaiveDate, Utc};

pub use facts::{Basis, MailDeadline, StateFacts};
pub use replace::{ReplaceError, Replaced, Replacement, find_to_replace, replace};
pub use tools::{STATE_TOOLS, StateTool};

use crate::{
    address::State,
    ids::{FieldTypeId, InformationId, ProposalId, UserId},
    person::demographics::choices,
};

choices! {
    /// How the text of a fact is to be read.
    FieldFormat {
        Markdown = "Markdown", "Markdown";
        Boolean = "Boolean", "Boolean";
        Url = "URL", "URL";
        Date = "Date", "Date";
    }
}

/// A state's switches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateProfile {
    /// Which state.
    pub code: State,
    /// Its name, as stored.
    pub name: String,
    /// Whether a registration form may be mailed to the voter for signing.
    pub allow_print_and_forward: Option<bool>,
    /// Whether a ballot request form may.
    pub allow_absentee_print_and_forward: Option<bool>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// A kind of fact about states, by its slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldType {
    /// Its id.
    pub id: FieldTypeId,
    /// Its name on the wire, at most 50 characters, unique.
    pub slug: String,
    /// Its name for people.
    pub long_name: String,
    /// Help for editors, Markdown.
    pub help_text: Option<String>,
    /// How its texts are to be read; nothing means plain text.
    pub format: Option<FieldFormat>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// One fact about one state. There is a row for each pair of state (territories aside) and field type (invariant 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateInformation {
    /// Its id.
    pub id: InformationId,
    /// The state.
    pub state: State,
    /// The kind of fact.
    pub field_type: FieldTypeId,
    /// The fact in the form of its field type; empty when unknown.
    pub text: String,
    /// Remarks of those who keep it.
    pub notes: String,
    /// Where it comes from, a URL or a text; empty when nobody said.
    pub source: String,
    /// When somebody last looked whether it still holds.
    pub checked_on: Option<NaiveDate>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// What somebody wants a fact to say, and somebody else has yet to publish. There is at most one for each fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id: another proposal for the same fact has another one.
    pub id: ProposalId,
    /// The fact.
    pub information: InformationId,
    /// The text, in the form of the fact's field type.
    pub text: String,
    /// Remarks.
    pub notes: String,
    /// Where it comes from.
    pub source: String,
    /// When somebody looked it up.
    pub checked_on: Option<NaiveDate>,
    /// Who proposes it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// When the fact had been changed last at that time.
    pub base: DateTime<Utc>,
}

/// A fact as its field type reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// Nothing is known.
    None,
    /// Markdown, a URL or plain text.
    Text(String),
    /// True if and only if the text says `true`, in any case.
    Boolean(bool),
    /// A date.
    Date(NaiveDate),
}

/// Reads a fact's text by its format (`domain.md` 5.4).
#[must_use]
pub fn fact_value(format: Option<FieldFormat>, text: &str) -> FactValue {
    if text.is_empty() {
        return FactValue::None;
    }
    match format {
        Some(FieldFormat::Boolean) => FactValue::Boolean(text.eq_ignore_ascii_case("true")),
        Some(FieldFormat::Date) => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or(FactValue::None, FactValue::Date)
        }
        Some(FieldFormat::Markdown | FieldFormat::Url) | None => FactValue::Text(text.to_owned()),
    }
}
