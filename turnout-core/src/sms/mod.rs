//! Text messages: numbers with what they allow, and every text that came or went (`flows.md` 8, 2026-11).
//!
//! `receive.rs` is a text that a voter wrote; `opt.rs` what a partner's program says of a number; `receipt.rs` how far the
//! carrier has brought a text; `send.rs` the way of a text of ours; `poll.rs` asks for texts that nobody told us of;
//! `unkept.rs` one whose words are not kept; `say.rs` what tools say to voters, `welcome.rs` the greeting; `map.rs` maps to polling places; `words.rs` what we say
//! unless an operator says it otherwise; `segments.rs` counts what a text costs. Whether and when a text goes is decided in
//! the room `decision`, by what is in the room `consent`. A number that has opted out is written to in one case only: as
//! the answer to what it wrote itself.

mod opt;
mod poll;
mod receipt;
mod receive;
pub(crate) mod say;
mod send;
pub(crate) mod unkept;
mod words;

pub mod jobs;
pub mod map;
pub mod segments;
pub mod welcome;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

pub use opt::{OptError, opt_fields, opt_in, opt_out};
pub use receipt::{receipt, receipt_url};
pub use receive::{Incoming, Reply, receive};
pub use send::{Text, enqueue, enqueue_with_pictures};
pub(crate) use send::{enqueue_by, recipient as recipient_of};

use crate::{
    app::App,
    consent::{Choice, Mark, Scope},
    decision::{Decision, Purpose, Rule, Whereabouts},
    error::ProviderErrorKind,
    ids::{BlastId, MessageId, SubscriberId},
    language::Language,
    person::{Phone, demographics::choices},
};

/// What pictures are called among what goes with a text, as in the rows of the Django service.
const MEDIA: &str = "media_url";

choices! {
    /// Which way a text goes.
    Direction {
        In = "in", "In";
        Out = "out", "Out";
    }
    /// How far the carrier has brought a text. Its words are the carrier's, but for *unknown*: nobody knows whether the
    /// carrier has it.
    MessageStatus {
        Accepted = "accepted", "Accepted";
        Unknown = "unknown", "Unknown";
        Queued = "queued", "Queued";
        Sending = "sending", "Sending";
        Sent = "sent", "Sent";
        Failed = "failed", "Failed";
        Delivered = "delivered", "Delivered";
        Undelivered = "undelivered", "Undelivered";
        Receiving = "receiving", "Receiving";
        Received = "received", "Received";
        Read = "read", "Read";
    }
    /// Why a text failed that the carrier never had.
    Failure {
        Stopped = "stopped", "The carrier knows that the number has opted out";
        Rejected = "rejected", "The carrier said no";
        Throttled = "throttled", "The carrier was too busy at every try";
        Unreachable = "unreachable", "The carrier was away at every try";
        Unintelligible = "unintelligible", "The carrier's answer could not be read";
        Disabled = "disabled", "No carrier is configured";
        NoMap = "no_map", "No way could be shown from the address";
        GivenUp = "given_up", "Its job was given up";
    }
}

impl From<ProviderErrorKind> for Failure {
    fn from(kind: ProviderErrorKind) -> Self {
        match kind {
            ProviderErrorKind::Rejected => Self::Rejected,
            ProviderErrorKind::Throttled => Self::Throttled,
            ProviderErrorKind::Unreachable => Self::Unreachable,
            ProviderErrorKind::Unintelligible => Self::Unintelligible,
            ProviderErrorKind::Disabled => Self::Disabled,
        }
    }
}

impl MessageStatus {
    /// How far along the way it is. Those at the same stage exclude each other.
    fn stage(self) -> u8 {
        match self {
            Self::Accepted => 0,
            Self::Unknown => 1,
            Self::Queued => 2,
            Self::Sending | Self::Receiving => 3,
            Self::Sent => 4,
            Self::Received | Self::Delivered | Self::Undelivered | Self::Failed => 5,
            Self::Read => 6,
        }
    }

    /// Whether it may or may not have been handed over, as far as anybody knows.
    pub(crate) fn is_doubtful(self) -> bool {
        matches!(self, Self::Accepted | Self::Unknown)
    }

    /// Whether a text of which `known` was the last that is known can be here now. Receipts arrive in any order, and a late
    /// one undoes nothing.
    #[must_use]
    pub fn may_follow(self, known: Option<Self>) -> bool {
        known.is_none_or(|known| self.stage() > known.stage())
    }
}

/// A telephone number that wrote to us, was written to, or was said something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The number.
    pub phone: Phone,
    /// A key of older times. Nothing refers to it.
    pub id: Uuid,
    /// When it was greeted.
    pub welcomed_at: Option<DateTime<Utc>>,
    /// When it asked not to be written to.
    pub opted_out_at: Option<DateTime<Utc>>,
    /// When it asked to be written to.
    pub opted_in_at: Option<DateTime<Utc>>,
    /// The language of the voter who was last greeted by it; English where it is not known.
    pub language: Option<Language>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl Number {
    /// A number of which nothing is known.
    #[must_use]
    pub fn new(app: &App, phone: Phone) -> Self {
        let now = app.now();
        Self {
            phone,
            id: app.ids.uuid(),
            welcomed_at: None,
            opted_out_at: None,
            opted_in_at: None,
            language: None,
            created_at: now,
            modified_at: now,
        }
    }

    /// Whether it must not be written to. Where both were asked for, the newer counts, and at the same moment the stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        match (self.opted_out_at, self.opted_in_at) {
            (Some(out), Some(back)) => out >= back,
            (out, _) => out.is_some(),
        }
    }

    /// What the row says, as the ledger of consent would: of numbers that were taken over there is no more.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let mark = |choice, at: Option<DateTime<Utc>>| at.map(|at| Mark { choice, scope: Scope::All, at });
        [mark(Choice::Stopped, self.opted_out_at), mark(Choice::Granted, self.opted_in_at)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Notes that it asked at that moment not to be written to.
    pub(crate) fn stop(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) {
        (self.opted_out_at, self.opted_in_at, self.modified_at) = (Some(at), None, now);
    }

    /// Notes that it asked at that moment to be written to.
    pub(crate) fn join(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) {
        (self.opted_in_at, self.opted_out_at, self.modified_at) = (Some(at), None, now);
    }

    /// Notes what it said last, as far as it counts: nothing, where nothing is left that was not taken back.
    pub(crate) fn say_as(&mut self, last: Option<Mark>, now: DateTime<Utc>) {
        let at = |choice| last.filter(|mark| mark.choice == choice).map(|mark| mark.at);
        (self.opted_out_at, self.opted_in_at) = (at(Choice::Stopped), at(Choice::Granted));
        self.modified_at = now;
    }
}

/// A text that came or went.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Whose number it came from or went to.
    pub phone: Option<Phone>,
    /// Which way it goes.
    pub direction: Direction,
    /// What it says.
    pub text: Option<String>,
    /// How far it has come. A text of ours has none until it is handed over.
    pub status: Option<MessageStatus>,
    /// Since when; of an unknown one, when it was about to be handed over.
    pub status_at: Option<DateTime<Utc>>,
    /// Why it failed, if it did so before the carrier had it.
    pub failure: Option<Failure>,
    /// What the carrier calls it.
    pub carrier_id: Option<String>,
    /// What goes with it, such as pictures.
    pub more: Option<Value>,
    /// The blast that it belongs to.
    pub blast: Option<BlastId>,
    /// What for it is written, if it is ours; unknown of what was taken over.
    pub purpose: Option<Purpose>,
    /// Whose text it is, if it is ours; nothing for the organization that runs the service.
    pub sender: Option<SubscriberId>,
    /// Where whoever gets it may be, as it was known when it was written.
    pub whereabouts: Option<Whereabouts>,
    /// The rule that held it last, or refused it.
    pub rule: Option<Rule>,
    /// Until when that held it.
    pub held_until: Option<DateTime<Utc>>,
    /// When it was last decided whether it goes.
    pub decided_at: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// Without what it says and to whom.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("direction", &self.direction)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// A text of which nothing else is known.
    fn new(app: &App, phone: Phone, direction: Direction, text: Option<String>) -> Self {
        let now = app.now();
        Self {
            id: MessageId(app.ids.uuid()),
            phone: Some(phone),
            direction,
            text,
            status: None,
            status_at: None,
            failure: None,
            carrier_id: None,
            more: None,
            blast: None,
            purpose: None,
            sender: None,
            whereabouts: None,
            rule: None,
            held_until: None,
            decided_at: None,
            created_at: now,
            modified_at: now,
        }
    }

    /// Notes what was decided about it.
    fn decided(&mut self, decision: Decision, now: DateTime<Utc>) {
        (self.decided_at, self.modified_at) = (Some(now), now);
        match decision {
            // what held it before stays known
            Decision::Send => {}
            Decision::HoldUntil(until, rule) => (self.rule, self.held_until) = (Some(rule), Some(until)),
            Decision::Refuse(rule) => (self.rule, self.held_until) = (Some(rule), None),
        }
    }

    /// Where the pictures are that go with it.
    #[must_use]
    pub fn media(&self) -> Vec<String> {
        let links = self.more.as_ref().and_then(|more| more.get(MEDIA)?.as_array());
        links.into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned)).collect()
    }

    /// Notes that it will not go, and why, unless it has come further.
    fn fail(&mut self, failure: Failure, now: DateTime<Utc>) {
        if self.reach(MessageStatus::Failed, now) {
            self.failure = Some(failure);
        }
    }

    /// Notes how far it has come, unless that is known already.
    fn reach(&mut self, status: MessageStatus, now: DateTime<Utc>) -> bool {
        let news = status.may_follow(self.status);
        if news {
            (self.status, self.status_at, self.modified_at) = (Some(status), Some(now), now);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_receipt_undoes_nothing() {
        use MessageStatus::{Accepted, Delivered, Failed, Queued, Read, Sending, Sent, Undelivered};
        for (known, next, may) in [
            (None, Accepted, true),
            (None, Delivered, true),
            (Some(Accepted), Queued, true),
            (Some(Queued), Delivered, true),
            (Some(Delivered), Sent, false),
            (Some(Delivered), Queued, false),
            (Some(Delivered), Delivered, false),
            (Some(Delivered), Failed, false),
            (Some(Undelivered), Delivered, false),
            (Some(Failed), Sending, false),
            (Some(Delivered), Read, true),
            (Some(Read), Delivered, false),
        ] {
            assert_eq!(next.may_follow(known), may, "{known:?} {next:?}");
        }
    }

    #[test]
    fn in_whatever_order_receipts_arrive_a_text_ends_at_the_furthest() {
        for status in MessageStatus::ALL {
            let mut known = None;
            for next in MessageStatus::ALL.iter().chain([status]) {
                if next.may_follow(known) {
                    known = Some(*next);
                }
            }
            assert_eq!(known, Some(MessageStatus::Read));
        }
    }
}
