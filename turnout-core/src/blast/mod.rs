//! Blasts: the same text to many at once (`flows.md` 8.6, 2026-11; quirk Q87).
//!
//! A blast is planned, approved by somebody else, and started. The plan looks up whom it is for, once, and keeps every
//! number in a row of its own ([`Recipient`]): what is approved are these numbers and these words, known by a [`Seal`] over
//! all of them. Whoever changes either has a plan that nobody has approved.
//!
//! `filter.rs` is the language of audiences; `audience.rs` finds whom one describes, or takes an uploaded list; `plan.rs`
//! counts, decides and seals; `run.rs` approves, starts, stops and sends the text to one number first; `outcome.rs` is what
//! became of each; `jobs.rs` is what happens later, `map.rs` what goes with a text that shows the way to a polling place. Whether a number is written to is decided in the room `decision`, by the
//! plan for a look ahead and by [`sms::jobs`](crate::sms::jobs) right before the text is handed over, where the blast is
//! looked at as well: stopped is stopped.

mod audience;
pub mod filter;
pub mod jobs;
mod map;
mod outcome;
mod plan;
mod run;

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

pub use audience::{Listed, Upload, read_list};
pub use filter::Filter;
#[cfg(feature = "memory")]
pub(crate) use map::note_of;
pub use outcome::{Outcome, Progress, Reached, progress};
pub use plan::{Audience, Draft, MOST_LISTED, Plan, PlanError, Sample, overview, plan, plan_later};
pub use run::{RunError, approve, start, stop, test};

use crate::{
    app::App,
    change::Change,
    decision::{Rule, Whereabouts},
    ids::{BlastId, MessageId, SubscriberId, UserId},
    person::{Phone, demographics::choices},
    ports::{
        maps::Voting,
        store::{StoreError, Unit},
    },
};

choices! {
    /// The tools whose voters a blast may be for.
    Tool {
        Register = "register", "Registration";
        Absentee = "absentee", "Ballot request";
        Verify = "verify", "Question to the voter roll";
        Remind = "remind", "Request to be reminded";
    }
    /// How far a blast is.
    BlastStatus {
        Planning = "planning", "Being planned, or its planning broke off";
        Planned = "planned", "Planned";
        Approved = "approved", "Approved";
        Running = "running", "Running";
        Stopped = "stopped", "Stopped";
        Done = "done", "Done";
    }
    /// What the plan says of a number.
    Planned {
        Send = "send", "It would go now";
        Hold = "hold", "It would wait";
        Refuse = "refuse", "It is not written to";
    }
}

/// An amount in millionths of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// Reads dollars with up to six digits after the point: `150`, `0.0083`. Nothing of what is negative, or more than a
    /// million.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        if !is_digits(whole) || !is_digits(part) || whole.len() > 7 || part.len() > 6 {
            return None;
        }
        let whole: i64 = whole.parse().ok().filter(|whole| *whole <= 1_000_000)?;
        let part: i64 = format!("{part:0<6}").parse().ok()?;
        Some(Self(whole * 1_000_000 + part))
    }

    /// So many times this.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)))
    }
}

/// Dollars, with cents and what is below them.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:06}", self.0 % 1_000_000);
        let below = part[2..].trim_end_matches('0');
        write!(f, "{}.{}{below}", self.0 / 1_000_000, &part[..2])
    }
}

/// By what a plan is known: a hash over its words, its sender, its budget and every number with what was decided of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seal([u8; 32]);

impl Seal {
    /// Reads the text form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|it| it.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The first ten signs, by which a person names it.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string()[..10].to_owned()
    }
}

/// 64 hex digits.
impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes a seal: what the blast says, then its recipients in the order of their ids.
pub(crate) struct Sealing(Sha256);

impl Sealing {
    pub(crate) fn of(blast: &Blast) -> Self {
        let mut sealing = Self(Sha256::new());
        sealing.add(b"turnout blast");
        sealing.add(blast.id.0.as_bytes());
        sealing.add(blast.content.as_bytes());
        sealing.add(blast.map.map(Voting::wire).unwrap_or_default().as_bytes());
        sealing.add(blast.sender.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        sealing.add(blast.filter.as_deref().unwrap_or_default().as_bytes());
        sealing.add(&blast.price.0.to_be_bytes());
        sealing.add(&blast.budget.0.to_be_bytes());
        sealing
    }

    pub(crate) fn recipient(&mut self, recipient: &Recipient) {
        self.add(recipient.id.0.as_bytes());
        self.add(recipient.phone.e164().as_bytes());
        self.add(recipient.address.as_deref().unwrap_or_default().as_bytes());
        // what waits for the morning is the same plan in the morning
        self.add(&[u8::from(recipient.planned == Planned::Refuse)]);
    }

    pub(crate) fn end(self) -> Seal {
        Seal(self.0.finalize().into())
    }

    /// With its length, so that no two sequences run together.
    fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }
}

/// Somebody who does something with a blast: by name, and where the person has an account and is signed in, by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The name.
    pub name: String,
    /// The account.
    pub user: Option<UserId>,
}

impl By {
    /// Somebody who is signed in.
    #[must_use]
    pub fn user(user: UserId, name: impl Into<String>) -> Self {
        Self { name: name.into(), user: Some(user) }
    }

    /// With a name of 1 to 100 characters; nothing where it is none.
    fn named(self) -> Option<Self> {
        let name = self.name.trim();
        (1..=100).contains(&name.chars().count()).then(|| Self { name: name.to_owned(), user: self.user })
    }

    fn at(self, at: DateTime<Utc>) -> Signed {
        Signed { by: self.name, user: self.user, at }
    }
}

/// Somebody at a terminal.
impl From<&str> for By {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), user: None }
    }
}

/// Somebody at a terminal.
impl From<&String> for By {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

/// Notes in the log who did what with a blast: without what it says and whom it is for.
pub(crate) async fn note(
    app: &App,
    unit: &mut dyn Unit,
    blast: &Blast,
    by: Option<UserId>,
    act: &'static str,
) -> Result<(), StoreError> {
    let change = Change { subscriber: blast.sender, ..Change::new(app, by, "blast", blast.id, act) };
    match change.write(unit).await {
        // a store that keeps no log keeps none of this
        Err(StoreError::Absent(_)) => Ok(()),
        written => written,
    }
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// A person, by name.
    pub by: String,
    /// The person's account; nothing of who did it at a terminal.
    pub user: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Signed {
    /// Whether it may have been that person: two accounts tell it, and names where one of the two has none.
    fn may_be(&self, by: &str, user: Option<UserId>) -> bool {
        match (self.user, user) {
            (Some(one), Some(other)) => one == other,
            _ => is_same(&self.by, by),
        }
    }
}

/// Whether two names are of one person, as far as names tell.
fn is_same(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    bare(one) == bare(other)
}

/// The same text to many at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Blast {
    /// Its id.
    pub id: BlastId,
    /// What people call it.
    pub name: String,
    /// The campaign it belongs to.
    pub campaign: Option<String>,
    /// What it says; of one with maps, with blanks for what each map says.
    pub content: String,
    /// Where each is shown the way to, on a map that goes along; nothing of a text alone.
    pub map: Option<Voting>,
    /// Whose text it is; nothing for the organization that runs the service.
    pub sender: Option<SubscriberId>,
    /// Whom it is for, as it was written; nothing where a list was uploaded.
    pub filter: Option<String>,
    /// How far it is.
    pub status: BlastStatus,
    /// What a segment of a text costs.
    pub price: Micros,
    /// What all of it may cost.
    pub budget: Micros,
    /// How many segments the text has.
    pub segments: u32,
    /// How many numbers it is for that are not refused; known when it is planned.
    pub sendable: u64,
    /// Who planned it last.
    pub planned: Option<Signed>,
    /// What was planned.
    pub seal: Option<Seal>,
    /// Who had the text sent to a number of his own, since it was planned.
    pub tested: Option<Signed>,
    /// Who approved it.
    pub approved: Option<Signed>,
    /// What was approved.
    pub approved_seal: Option<Seal>,
    /// How often it was started. Jobs of an earlier run do nothing.
    pub run: u32,
    /// How many texts of this run were put in line.
    pub enqueued: u64,
    /// Who started it last.
    pub started: Option<Signed>,
    /// Who stopped it last.
    pub stopped: Option<Signed>,
    /// When the last text had gone its way.
    pub finished_at: Option<DateTime<Utc>>,
    /// When it was first planned.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// Without what it says.
impl fmt::Debug for Blast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blast").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

impl Blast {
    /// What all of it costs, if everybody gets it who is not refused.
    #[must_use]
    pub fn cost(&self) -> Micros {
        self.price.times(u64::from(self.segments)).times(self.sendable)
    }

    /// Whether somebody approved what is planned now.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approved.is_some() && self.seal.is_some() && self.approved_seal == self.seal
    }
}

/// Somebody whom a blast is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its id, which the text to this number will have as well.
    pub id: MessageId,
    /// The number: no blast has it twice.
    pub phone: Phone,
    /// Where whoever has it may be.
    pub whereabouts: Whereabouts,
    /// From where the way is shown, in one line; only of a blast with maps, and only until that is done.
    pub address: Option<String>,
    /// What the plan says of it.
    pub planned: Planned,
    /// The rule that held or refused it in the plan.
    pub rule: Option<Rule>,
}

/// Without the number.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient")
            .field("id", &self.id)
            .field("planned", &self.planned)
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_and_written_exactly() {
        for (text, micros, written) in [
            ("150", 150_000_000, "150.00"),
            ("0.0083", 8_300, "0.0083"),
            ("1.5", 1_500_000, "1.50"),
            ("0.000001", 1, "0.000001"),
            ("1000000", 1_000_000_000_000, "1000000.00"),
            ("0", 0, "0.00"),
        ] {
            let amount = Micros::parse(text).expect("an amount");
            assert_eq!((amount, amount.to_string().as_str()), (Micros(micros), written));
        }
        for text in ["", "-1", "1,5", "1.", ".5", "1.0000001", "1000001", "NaN", "9999999999999999999"] {
            assert_eq!(Micros::parse(text), None, "{text}");
        }
        assert_eq!(Micros(i64::MAX / 2).times(3), Micros(i64::MAX));
    }

    #[test]
    fn two_accounts_tell_two_people_apart_and_else_their_names_do() {
        let user = |number| Some(UserId(uuid::Uuid::from_u128(number)));
        let signed = |by: &str, user| Signed { by: by.into(), user, at: DateTime::UNIX_EPOCH };
        for (planned, by, account, may_be) in [
            (signed("Ann", user(1)), "Ann", user(1), true),
            (signed("Ann", user(1)), "Ann", user(2), false),
            (signed("Ann", user(1)), "Bob", user(1), true),
            (signed("Ann", None), " ann", user(1), true),
            (signed("Ann", user(1)), "ANN", None, true),
            (signed("Ann", None), "Bob", user(1), false),
        ] {
            assert_eq!(planned.may_be(by, account), may_be, "{planned:?} and {by}, {account:?}");
        }
    }

    #[test]
    fn a_seal_is_read_as_it_is_written() {
        let seal = Sealing(Sha256::new()).end();
        assert_eq!(Seal::parse(&seal.to_string()), Some(seal));
        assert_eq!(seal.short().len(), 10);
        for text in ["", &"g".repeat(64), &"a".repeat(63), &"é".repeat(32)] {
            assert_eq!(Seal::parse(text), None, "{text}");
        }
    }
}
