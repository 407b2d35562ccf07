//! What becomes of messages, by channel and reason, and what else the Django service counts, as counters.

use metrics::counter;
use turnout_core::{
    address::State,
    decision::{Channel, Decision, Purpose},
    ports::measures::{HandOver, Measures},
};

/// What was decided about messages.
const DECISIONS: &str = "turnout_message_decisions_total";
/// Messages that were handed to a vendor, or were to be.
const MESSAGES: &str = "turnout_messages_total";

/// Calls that named a subscriber that is not there (`http-api.md` 1.8).
pub(super) const UNKNOWN_SUBSCRIBER: &str = "turnout.multi_tenant.unknown_subscriber_request";
/// Voters that the roll has as registered (`http-api.md` 5).
pub(super) const REGISTERED: &str = "turnout.verifier.registered";
/// Voters that it has not.
pub(super) const UNREGISTERED: &str = "turnout.verifier.unregistered";

/// Counts for Prometheus. Dots in names are `_` there.
#[derive(Debug, Clone, Copy)]
pub struct MessageMeasures;

impl Measures for MessageMeasures {
    fn decided(&self, channel: Channel, purpose: Purpose, decision: Decision) {
        let outcome = match decision {
            Decision::Send => "send",
            Decision::HoldUntil(..) => "hold",
            Decision::Refuse(_) => "refuse",
        };
        let reason = decision.rule().map_or_else(|| "none".to_owned(), |rule| rule.to_string());
        counter!(DECISIONS, "channel" => channel.wire(), "purpose" => purpose.wire(), "outcome" => outcome, "reason" => reason)
            .increment(1);
    }

    fn handed_over(&self, channel: Channel, outcome: HandOver) {
        let (outcome, reason) = match outcome {
            HandOver::Taken => ("taken", "none"),
            HandOver::InDoubt => ("unknown", "in_doubt"),
            HandOver::Failed(failure) => ("failed", failure.wire()),
        };
        counter!(MESSAGES, "channel" => channel.wire(), "outcome" => outcome, "reason" => reason)
            .increment(1);
    }

    fn unknown_subscriber(&self) {
        counter!(UNKNOWN_SUBSCRIBER).increment(1);
    }

    fn looked_up(&self, state: Option<State>, registered: bool) {
        let name = if registered { REGISTERED } else { UNREGISTERED };
        counter!(name, "state" => state.map_or("none", State::code)).increment(1);
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{decision::Rule, sms::Failure};

    use super::*;
    use crate::measures::handle;

    #[test]
    fn messages_are_counted_by_channel_and_reason() {
        let handle = handle();
        MessageMeasures.decided(Channel::Fax, Purpose::Service, Decision::Refuse(Rule::Stopped));
        MessageMeasures.handed_over(Channel::Letter, HandOver::Failed(Failure::Throttled));
        MessageMeasures.handed_over(Channel::Letter, HandOver::Taken);
        MessageMeasures.unknown_subscriber();
        MessageMeasures.looked_up(Some(State::Oh), true);
        MessageMeasures.looked_up(None, false);
        let shown = handle.render();
        for line in [
            "turnout_multi_tenant_unknown_subscriber_request 1",
            "turnout_verifier_registered{state=\"OH\"} 1",
            "turnout_verifier_unregistered{state=\"none\"} 1",
            "turnout_message_decisions_total{channel=\"fax\",purpose=\"service\",outcome=\"refuse\",reason=\"consent.stopped\"} 1",
            "turnout_messages_total{channel=\"letter\",outcome=\"failed\",reason=\"throttled\"} 1",
            "turnout_messages_total{channel=\"letter\",outcome=\"taken\",reason=\"none\"} 1",
        ] {
            assert!(shown.contains(line), "{shown}");
        }
    }
}
