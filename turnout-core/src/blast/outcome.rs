//! What became of each of whom a blast is for.

use std::collections::BTreeMap;

use super::Planned;
use crate::{
    app::App,
    decision::Rule,
    ids::BlastId,
    ports::store::{Reckoned, StoreError},
    sms::{Failure, MessageStatus},
};

/// How far somebody is, as rows have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// What the plan said.
    pub planned: Planned,
    /// The rule that held or refused the number in the plan.
    pub planned_rule: Option<Rule>,
    /// How far the carrier has brought the text.
    pub status: Option<MessageStatus>,
    /// The rule that held the text last, or refused it.
    pub rule: Option<Rule>,
    /// Whether that held it, and did not refuse it.
    pub was_held: bool,
    /// Whether it waits for its hour now.
    pub is_held: bool,
    /// Why the text failed, if the carrier never had it.
    pub failure: Option<Failure>,
    /// Whether the carrier gave it a name.
    pub has_carrier_id: bool,
}

/// What became of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The text waits for its turn.
    Waiting,
    /// The text waits for an hour at which it may go.
    Held(Rule),
    /// The carrier has it.
    Sent,
    /// It arrived.
    Delivered,
    /// It did not, and will not; why, if the carrier never had it.
    Failed(Option<Failure>),
    /// It was not sent, by that rule.
    Refused(Rule),
    /// It was handed over, and nobody said what became of it. It is not sent again.
    Unknown,
}

impl Outcome {
    /// What rows come to.
    #[must_use]
    pub fn of(reached: &Reached) -> Self {
        use MessageStatus as Is;
        match (reached.planned, reached.planned_rule) {
            (Planned::Refuse, rule) => return Self::Refused(rule.unwrap_or(Rule::NoConsent)),
            (Planned::Send | Planned::Hold, _) => {}
        }
        match (reached.status, reached.rule) {
            (None, Some(rule)) if reached.is_held => Self::Held(rule),
            (None, _) => Self::Waiting,
            // what refuses a text does not hold it
            (Some(Is::Failed), Some(rule))
                if !reached.has_carrier_id && !reached.was_held && reached.failure.is_none() =>
            {
                Self::Refused(rule)
            }
            (Some(Is::Failed | Is::Undelivered), _) => Self::Failed(reached.failure),
            (Some(Is::Delivered | Is::Read), _) => Self::Delivered,
            (Some(Is::Unknown), _) => Self::Unknown,
            (Some(Is::Accepted), _) if !reached.has_carrier_id => Self::Unknown,
            (Some(_), _) => Self::Sent,
        }
    }

    /// Its name, without the rule.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held(_) => "held",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed(_) => "failed",
            Self::Refused(_) => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// The rule that held or refused it.
    #[must_use]
    pub fn rule(self) -> Option<Rule> {
        match self {
            Self::Held(rule) | Self::Refused(rule) => Some(rule),
            _ => None,
        }
    }

    /// Why it failed, if the carrier never had it.
    #[must_use]
    pub fn failure(self) -> Option<Failure> {
        if let Self::Failed(failure) = self { failure } else { None }
    }

    /// Whether its text is still to be handed over.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Held(_))
    }
}

/// How many came to what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress(pub BTreeMap<Outcome, u64>);

impl Progress {
    pub(crate) fn of(reckoned: &[Reckoned]) -> Self {
        let mut progress = Self::default();
        for it in reckoned {
            *progress.0.entry(Outcome::of(&it.reached)).or_default() += it.count;
        }
        progress
    }

    /// How many came to something of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> u64 {
        self.0.iter().filter(|(outcome, _)| outcome.name() == name).map(|(_, count)| count).sum()
    }

    /// How many texts are still to be handed over.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.0.iter().filter(|(outcome, _)| outcome.is_open()).map(|(_, count)| count).sum()
    }
}

/// How far a blast is.
///
/// # Errors
/// When the store fails.
pub async fn progress(app: &App, blast: BlastId) -> Result<Progress, StoreError> {
    let reckoned = app.store.view().await?.blasts().reckon(blast, app.now()).await?;
    Ok(Progress::of(&reckoned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_that_rows_can_be_is_an_outcome() {
        let plain = Reached {
            planned: Planned::Send,
            planned_rule: None,
            status: None,
            rule: None,
            was_held: false,
            is_held: false,
            failure: None,
            has_carrier_id: false,
        };
        let morning = Some(Rule::Courtesy);
        for (reached, outcome) in [
            (plain, Outcome::Waiting),
            (Reached { planned: Planned::Hold, planned_rule: morning, ..plain }, Outcome::Waiting),
            (
                Reached { rule: morning, was_held: true, is_held: true, ..plain },
                Outcome::Held(Rule::Courtesy),
            ),
            // its hour has come
            (Reached { rule: morning, was_held: true, ..plain }, Outcome::Waiting),
            (
                Reached { planned: Planned::Refuse, planned_rule: Some(Rule::Stopped), ..plain },
                Outcome::Refused(Rule::Stopped),
            ),
            (
                Reached { status: Some(MessageStatus::Failed), rule: Some(Rule::Stopped), ..plain },
                Outcome::Refused(Rule::Stopped),
            ),
            // it was held, went, and failed
            (
                Reached { status: Some(MessageStatus::Failed), rule: morning, was_held: true, ..plain },
                Outcome::Failed(None),
            ),
            (Reached { status: Some(MessageStatus::Failed), ..plain }, Outcome::Failed(None)),
            (
                Reached { status: Some(MessageStatus::Failed), failure: Some(Failure::Throttled), ..plain },
                Outcome::Failed(Some(Failure::Throttled)),
            ),
            (Reached { status: Some(MessageStatus::Accepted), ..plain }, Outcome::Unknown),
            (Reached { status: Some(MessageStatus::Unknown), ..plain }, Outcome::Unknown),
            (Reached { status: Some(MessageStatus::Accepted), has_carrier_id: true, ..plain }, Outcome::Sent),
            (Reached { status: Some(MessageStatus::Queued), has_carrier_id: true, ..plain }, Outcome::Sent),
            (
                Reached { status: Some(MessageStatus::Delivered), has_carrier_id: true, ..plain },
                Outcome::Delivered,
            ),
            (
                Reached { status: Some(MessageStatus::Undelivered), has_carrier_id: true, ..plain },
                Outcome::Failed(None),
            ),
        ] {
            assert_eq!(Outcome::of(&reached), outcome, "{reached:?}");
        }
    }
}
