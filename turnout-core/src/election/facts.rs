//! Facts about each state that come with the program: `data/states.toml`, each with source and as-of date.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono_tz::Tz;
use serde::Deserialize;

use crate::address::State;

/// How a deadline is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The form is postmarked by that day.
    Postmarked,
    /// The form has arrived by that day.
    Received,
}

/// Until when a registration form has to be mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MailDeadline {
    /// How it is met.
    pub basis: Basis,
    /// How many days before Election Day.
    pub days_before: u16,
}

/// What is known about a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateFacts {
    /// Its time zones, that of the most counties first.
    pub time_zones: Vec<Tz>,
    /// Whether it accepts the national form.
    pub accepts_nvrf: bool,
    /// Where the national form is mailed, line by line.
    #[serde(default)]
    pub mailing_address: Vec<String>,
    /// What the state adds to that address: whole sentences in English, no line of an address.
    #[serde(default)]
    pub mailing_advice: Vec<String>,
    /// Where voters register online, a URL.
    pub online_registration_url: Option<String>,
    /// Where voters check their registration, a URL.
    pub status_url: Option<String>,
    /// The state's election office on the web, a URL.
    pub election_website: Option<String>,
    /// Until when the form has to be mailed; nothing where only a placeholder was published.
    pub mail_deadline: Option<MailDeadline>,
}

#[derive(Deserialize)]
struct File {
    source: String,
    as_of: String,
    states: BTreeMap<State, StateFacts>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/states.toml")).expect("a test reads this very file")
});

impl StateFacts {
    /// The facts about a state.
    ///
    /// # Panics
    /// Never: a test sees to it that every state is in the file.
    #[must_use]
    pub fn of(state: State) -> &'static Self {
        FILE.states.get(&state).expect("a test sees to it that every state is there")
    }

    /// Who published the facts.
    #[must_use]
    pub fn source() -> &'static str {
        &FILE.source
    }

    /// The month for which they were published, `YYYY-MM`.
    #[must_use]
    pub fn as_of() -> &'static str {
        &FILE.as_of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_facts_and_at_least_one_time_zone() {
        for state in State::ALL {
            assert!(!StateFacts::of(*state).time_zones.is_empty(), "{state}");
        }
        assert_eq!(FILE.states.len(), State::ALL.len());
        assert_eq!((StateFacts::source(), StateFacts::as_of()), ("vote.gov", "2025-01"));
    }

    #[test]
    fn the_states_without_the_national_form_are_those_of_the_federal_data() {
        let without: Vec<_> =
            State::ALL.iter().filter(|it| !StateFacts::of(**it).accepts_nvrf).map(|it| it.code()).collect();
        assert_eq!(without, ["AS", "GU", "MP", "ND", "NH", "PR", "VI", "WI", "WY"]);
    }

    #[test]
    fn placeholders_are_no_deadlines() {
        assert!(
            State::ALL.iter().all(|it| StateFacts::of(*it).mail_deadline.is_none_or(|d| d.days_before > 0))
        );
        let alaska = StateFacts::of(State::Ak).mail_deadline.expect("Alaska has a deadline");
        assert_eq!((alaska.basis, alaska.days_before), (Basis::Postmarked, 30));
        assert_eq!(StateFacts::of(State::Nh).mail_deadline, None);
    }
}
