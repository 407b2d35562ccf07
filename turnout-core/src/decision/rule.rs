//! The rules by which something is held or refused: what each is called, says, and comes from.

use std::{borrow::Cow, fmt};

use super::StateLaw;
use crate::address::State;

/// A rule that held or refused something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// The owner of the address said no, and nothing newer.
    Stopped,
    /// The owner of the number never agreed to texts.
    NoConsent,
    /// The address takes nothing.
    Suppressed,
    /// What it would answer was not written just now.
    LateReply,
    /// The number got as many texts this month as were promised at most.
    MonthlyCap,
    /// The number got as many texts today as the state allows.
    DailyCap(State),
    /// It is night where the recipient may be, by federal law.
    FederalHours,
    /// It is no hour at which we write to people who do not wait for it.
    Courtesy,
    /// The state allows no texts at this hour or on this day.
    StateHours(State),
    /// No hour of the week is allowed everywhere where the recipient may be.
    NoCommonHour,
}

impl Rule {
    /// Every rule; those of states for each state whose law has it.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = [
            Self::Stopped,
            Self::NoConsent,
            Self::Suppressed,
            Self::LateReply,
            Self::MonthlyCap,
            Self::FederalHours,
            Self::Courtesy,
            Self::NoCommonHour,
        ];
        let states = super::LAWS.iter().flat_map(|law| {
            let cap = law.most_a_day.map(|_| Self::DailyCap(law.state));
            [Some(Self::StateHours(law.state)), cap].into_iter().flatten()
        });
        plain.into_iter().chain(states)
    }

    /// Reads an id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::all().find(|rule| rule.id() == id)
    }

    /// What it is called in rows and measures: `hours.state.TX`.
    #[must_use]
    pub fn id(self) -> Cow<'static, str> {
        match self {
            Self::Stopped => "consent.stopped".into(),
            Self::NoConsent => "consent.none".into(),
            Self::Suppressed => "suppressed".into(),
            Self::LateReply => "reply.late".into(),
            Self::MonthlyCap => "cap.month".into(),
            Self::DailyCap(state) => format!("cap.day.{state}").into(),
            Self::FederalHours => "hours.federal".into(),
            Self::Courtesy => "hours.courtesy".into(),
            Self::StateHours(state) => format!("hours.state.{state}").into(),
            Self::NoCommonHour => "hours.none".into(),
        }
    }

    /// What it says, a sentence for an operator.
    #[must_use]
    pub fn sentence(self) -> Cow<'static, str> {
        match self {
            Self::Stopped => "The recipient asked not to be written to, and nothing newer is known.".into(),
            Self::NoConsent => "The recipient never agreed to texts of this sender.".into(),
            Self::Suppressed => {
                "The address does not take messages: it bounced or its owner complained.".into()
            }
            Self::LateReply => "An answer goes within five minutes of what it answers, or not at all.".into(),
            Self::MonthlyCap => {
                "A number gets at most four texts in thirty days that it did not ask for.".into()
            }
            Self::DailyCap(state) => {
                format!("{} allows no more texts to a number within 24 hours.", state.name()).into()
            }
            Self::FederalHours => "Texts go from 8:00 to 21:00 of the recipient's time.".into(),
            Self::Courtesy => "What nobody waits for goes from 9:00 to 20:00 of the recipient's time.".into(),
            Self::StateHours(state) => {
                format!("{} allows no texts at this hour or on this day.", state.name()).into()
            }
            Self::NoCommonHour => "No hour is allowed in every place where the recipient may be.".into(),
        }
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Stopped => "47 CFR 64.1200(a)(10); CAN-SPAM, 15 U.S.C. 7704(a)(4)",
            Self::NoConsent => "47 U.S.C. 227(b)(1)(A)",
            Self::Suppressed => "the rules of receiving mail providers, RFC 8058 and their sender guidelines",
            Self::LateReply => "47 CFR 64.1200(a)(12)",
            Self::MonthlyCap => "our own promise to whoever agrees to texts",
            Self::FederalHours => "47 CFR 64.1200(c)(1)",
            Self::Courtesy | Self::NoCommonHour => "our own courtesy",
            Self::DailyCap(state) | Self::StateHours(state) => {
                StateLaw::of(state).map_or("no law of the state's", |law| law.source)
            }
        }
    }

    /// When the source was last looked at, `YYYY-MM-DD`. None was read in a primary source: what counts in a dispute is the
    /// law itself.
    #[must_use]
    pub fn checked_on(self) -> &'static str {
        match self {
            Self::DailyCap(state) | Self::StateHours(state) => {
                StateLaw::of(state).map_or("2026-11-23", |law| law.checked_on)
            }
            _ => "2026-11-23",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_is_read_back_from_its_id_and_says_where_it_comes_from() {
        let mut ids = BTreeSet::new();
        for rule in Rule::all() {
            assert!(ids.insert(rule.id()), "{rule}");
            assert_eq!(Rule::parse(&rule.id()), Some(rule));
            assert!(rule.sentence().ends_with('.') && !rule.source().is_empty(), "{rule}");
            assert!(chrono::NaiveDate::parse_from_str(rule.checked_on(), "%Y-%m-%d").is_ok(), "{rule}");
        }
        assert_eq!(Rule::parse("hours.state.OH"), None, "Ohio has no hours of its own");
    }
}
