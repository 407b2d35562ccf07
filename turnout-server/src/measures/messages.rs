//! What becomes of messages, by channel and reason, as counters.

use metrics::counter;
use turnout_core::{
    decision::{Channel, Decision, Purpose},
    ports::measures::{HandOver, Measures},
};

/// What was decided about messages.
const DECISIONS: &str = "turnout_message_decisions_total";
/// Messages that were handed to a vendor, or were to be.
const MESSAGES: &str = "turnout_messages_total";

/// Counts for Prometheus.
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
        let shown = handle.render();
        for line in [
            "turnout_message_decisions_total{channel=\"fax\",purpose=\"service\",outcome=\"refuse\",reason=\"consent.stopped\"} 1",
            "turnout_messages_total{channel=\"letter\",outcome=\"failed\",reason=\"throttled\"} 1",
            "turnout_messages_total{channel=\"letter\",outcome=\"taken\",reason=\"none\"} 1",
        ] {
            assert!(shown.contains(line), "{shown}");
        }
    }
}
