//! `/manage/election/…`: what voters have to know about each state, for those who keep it (`flows.md` 21).
//!
//! `states.rs` looks by state, `fields.rs` by kind of fact, `fact.rs` changes one, `proposals.rs` is what a second person
//! publishes, `replace.rs` puts one text in another's place everywhere.

pub(super) mod fact;
pub(super) mod fields;
pub(super) mod proposals;
pub(super) mod replace;
pub(super) mod states;

use turnout_core::{
    address::State,
    election::{FieldFormat, FieldType, StateInformation, edit::web_address},
};

use super::blocks::Cell;
use crate::http::{ApiError, Request};

/// Where states are listed.
const STATES: &str = "/manage/election/state/";
/// Where kinds of facts are listed.
const FIELDS: &str = "/manage/election/fieldinformationtype/";
/// Where it is listed what waits for a second person.
const PROPOSALS: &str = "/manage/election/proposals/";

/// The state in the path.
fn state_of(request: &Request) -> Result<State, ApiError> {
    State::parse(&request.segment("code").to_ascii_uppercase()).ok_or_else(ApiError::not_found)
}

fn state_path(state: State) -> String {
    format!("{STATES}{}/", state.code())
}

fn fact_path(state: State, slug: &str) -> String {
    format!("{STATES}{}/{slug}/", state.code())
}

fn field_path(slug: &str) -> String {
    format!("{FIELDS}{slug}/")
}

/// What people call a fact.
fn fact_name(state: State, field: &FieldType) -> String {
    format!("{} in {}", field.long_name, state.name())
}

/// A text as its kind has it read.
fn value(format: Option<FieldFormat>, text: &str) -> Cell {
    match format {
        _ if text.is_empty() => Cell::None,
        Some(FieldFormat::Boolean) => Cell::Yes(text.eq_ignore_ascii_case("true")),
        Some(FieldFormat::Url) if web_address(text).is_some() => Cell::link(text, text),
        Some(FieldFormat::Markdown) => Cell::prose(text),
        Some(FieldFormat::Url | FieldFormat::Date) | None => Cell::long(text),
    }
}

/// Where a fact comes from, and when somebody looked.
fn source(fact: &StateInformation) -> Cell {
    let source = fact.source.as_str();
    let checked = fact.checked_on.map(|day| format!("checked on {day}")).unwrap_or_default();
    match (web_address(source), checked.is_empty()) {
        (Some(url), _) => {
            let host = url.host_str().unwrap_or(source).to_owned();
            let link = super::blocks::Link::new(host, source);
            Cell::Links(vec![if checked.is_empty() { link } else { link.note(checked) }])
        }
        (None, true) => Cell::text(source),
        (None, false) if source.is_empty() => Cell::text(checked),
        (None, false) => Cell::text(format!("{source}, {checked}")),
    }
}
