//! What a voter has to know about a state, in words.

use turnout_core::{
    address::State,
    election::{Basis, StateFacts},
};

use super::speech::Speech;

/// A state's facts as the page shows them.
pub(super) struct Facts {
    pub(super) state: String,
    pub(super) accepted: bool,
    pub(super) deadline: Option<String>,
    pub(super) online: Option<&'static str>,
    pub(super) mail_to: &'static [String],
    pub(super) status: Option<&'static str>,
    pub(super) office: Option<&'static str>,
    source: &'static str,
    month: String,
    year: &'static str,
    speech: Speech,
}

impl Facts {
    pub(super) fn of(state: State, speech: Speech) -> Self {
        let facts = StateFacts::of(state);
        let (year, month) = StateFacts::as_of().split_once('-').unwrap_or((StateFacts::as_of(), "01"));
        let deadline = facts.mail_deadline.map(|deadline| {
            let key = match deadline.basis {
                Basis::Postmarked => "facts-deadline-postmarked",
                Basis::Received => "facts-deadline-received",
            };
            speech.say_with(key, [("days", deadline.days_before.into())])
        });
        Self {
            state: speech.state(state),
            accepted: facts.accepts_nvrf,
            deadline,
            online: facts.online_registration_url.as_deref(),
            mail_to: &facts.mailing_address,
            status: facts.status_url.as_deref(),
            office: facts.election_website.as_deref(),
            source: StateFacts::source(),
            month: speech.say(&format!("month-{month}")),
            year,
            speech,
        }
    }

    /// A sentence with the state's name in it.
    pub(super) fn say(&self, key: &str) -> String {
        self.speech.say_with(
            key,
            [
                ("state", self.state.as_str().into()),
                ("source", self.source.into()),
                ("month", self.month.as_str().into()),
                // a text, so that no language groups its digits
                ("year", self.year.into()),
            ],
        )
    }
}

/// Code and name of every state, in the order of the names.
pub(super) fn states_by_name(speech: Speech) -> Vec<(&'static str, String)> {
    let mut states: Vec<_> = State::ALL.iter().map(|state| (state.code(), speech.state(*state))).collect();
    states.sort_by(|one, other| one.1.cmp(&other.1));
    states
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_that_is_not_on_the_list_is_told_so_with_source_and_month() {
        let facts = Facts::of(State::Wy, Speech::English);
        assert!(!facts.accepted);
        let told = facts.say("refused");
        for part in ["vote.gov", "Wyoming", "January 2025"] {
            assert!(told.contains(part), "{told}");
        }
        assert!(Facts::of(State::Wy, Speech::Spanish).say("refused").contains("enero de 2025"));
    }

    #[test]
    fn every_state_has_words_in_both_languages() {
        for speech in Speech::ALL {
            for state in State::ALL {
                let facts = Facts::of(*state, *speech);
                assert!(facts.office.is_some() || facts.online.is_some(), "{state} leads nowhere");
                assert_eq!(facts.deadline.is_some(), StateFacts::of(*state).mail_deadline.is_some());
            }
            assert_eq!(states_by_name(*speech).len(), State::ALL.len());
        }
    }
}
