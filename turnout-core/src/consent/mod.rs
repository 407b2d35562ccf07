//! Who agreed to be written to, and who asked not to be: a ledger to which entries are only ever added.
//!
//! What counts is derived from it ([`Standing`]): of the entries that concern a sender and a purpose, the newest by when it
//! was said, and at the same moment the no. What was taken back is taken back by another entry. `ledger.rs` adds entries,
//! `by_hand.rs` those of somebody of the organization, `words.rs` understands what a voter writes. Whether something is sent
//! is decided in the room `decision`.

mod by_hand;
mod ledger;
mod words;

use chrono::{DateTime, Utc};

pub use by_hand::{About, EnterError, Said, read_scope, said_of, stop, undo, undo_shown, write_scope};
pub(crate) use ledger::record_entry;
pub use ledger::{Statement, Ticked, given_on_form, marks_of, record};
pub use words::Wish;

use crate::{
    decision::{Channel, Purpose},
    ids::{ConsentId, SubscriberId},
    language::Language,
    person::demographics::choices,
};

choices! {
    /// What was said.
    Choice {
        Granted = "granted", "Yes";
        Stopped = "stopped", "No";
        Withdrawn = "withdrawn", "Taken back";
    }
    /// By which way it was said.
    Origin {
        Text = "text", "A text that the voter wrote";
        Form = "form", "A box that the voter ticked on a form";
        Program = "program", "A partner's program";
        Link = "link", "The link or button in a mail";
        Carrier = "carrier", "The carrier, which knew of a stop";
        Staff = "staff", "Somebody of the organization";
        Import = "import", "Taken over from another service";
    }
}

impl Choice {
    /// Whether it is a yes or a no, and not that one is taken back.
    #[must_use]
    pub fn is_said(self) -> bool {
        self != Self::Withdrawn
    }
}

/// For whose messages it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// Those of the organization that runs the service.
    Service,
    /// Those of a subscriber.
    Subscriber(SubscriberId),
    /// Those of everybody for one purpose.
    Purpose(Purpose),
}

impl Scope {
    /// Whether it concerns a message of that sender, which is the organization that runs the service without one, for that
    /// purpose.
    #[must_use]
    pub fn concerns(self, sender: Option<SubscriberId>, purpose: Purpose) -> bool {
        match self {
            Self::All => true,
            Self::Service => sender.is_none(),
            Self::Subscriber(subscriber) => sender == Some(subscriber),
            Self::Purpose(of) => of == purpose,
        }
    }

    /// Its name in rows.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Service => "service",
            Self::Subscriber(_) => "subscriber",
            Self::Purpose(_) => "purpose",
        }
    }
}

/// A yes or no, as far as it counts; or that what was said at that moment for the same messages is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Which of them.
    pub choice: Choice,
    /// For whose messages.
    pub scope: Scope,
    /// When it was said; of a taking back, when that was said which is taken back.
    pub at: DateTime<Utc>,
}

impl Mark {
    /// Whether this takes the other back.
    #[must_use]
    pub fn takes_back(&self, other: &Self) -> bool {
        self.choice == Choice::Withdrawn
            && other.choice.is_said()
            && (self.scope, self.at) == (other.scope, other.at)
    }
}

/// An entry of the ledger.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: ConsentId,
    /// On which channel.
    pub channel: Channel,
    /// Whose: a number as E.164, or a mail address in lower case.
    pub address: String,
    /// What was said, for whose messages, when.
    pub mark: Mark,
    /// By which way.
    pub origin: Origin,
    /// The text that the voter was shown, or wrote.
    pub text: Option<String>,
    /// Its language.
    pub language: Option<Language>,
    /// Where the text was shown: the address of a page; or why somebody of the organization entered it.
    pub context: Option<String>,
    /// When the entry was made.
    pub recorded_at: DateTime<Utc>,
}

/// Without whose it is, and what was written.
impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("mark", &self.mark)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// Whether somebody may be written to, as far as he said so himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// He said nothing about it.
    Unknown,
    /// He agreed.
    Granted,
    /// He asked not to be.
    Stopped,
}

impl Standing {
    /// What all that was said comes to, for a message of that sender for that purpose. A yes of the future does not count
    /// yet; a no does, as no clock is a reason to write to somebody who does not want it. What was taken back is as if it had
    /// not been said, in whatever order that is heard.
    #[must_use]
    pub fn of(marks: &[Mark], sender: Option<SubscriberId>, purpose: Purpose, now: DateTime<Utc>) -> Self {
        let counts = |mark: &&Mark| {
            mark.choice.is_said()
                && mark.scope.concerns(sender, purpose)
                && (mark.choice == Choice::Stopped || mark.at <= now)
                && !marks.iter().any(|other| other.takes_back(mark))
        };
        // of the same moment the no is the greater
        let newest = marks.iter().filter(counts).max_by_key(|mark| (mark.at, mark.choice));
        match newest.map(|mark| mark.choice) {
            None | Some(Choice::Withdrawn) => Self::Unknown,
            Some(Choice::Granted) => Self::Granted,
            Some(Choice::Stopped) => Self::Stopped,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn mark(choice: Choice, scope: Scope, day: i64) -> Mark {
        Mark { choice, scope, at: at(day) }
    }

    #[test]
    fn the_newest_word_counts_in_whatever_order_they_arrive_and_at_one_moment_the_no() {
        use Choice::{Granted, Stopped};
        for (marks, standing) in [
            (vec![], Standing::Unknown),
            (vec![(Granted, 1)], Standing::Granted),
            (vec![(Granted, 1), (Stopped, 2)], Standing::Stopped),
            (vec![(Stopped, 2), (Granted, 1)], Standing::Stopped),
            (vec![(Stopped, 2), (Granted, 3)], Standing::Granted),
            (vec![(Granted, 3), (Stopped, 2)], Standing::Granted),
            (vec![(Granted, 3), (Stopped, 3)], Standing::Stopped),
            (vec![(Stopped, 3), (Granted, 3)], Standing::Stopped),
            // now is day 10
            (vec![(Granted, 11)], Standing::Unknown),
            (vec![(Granted, 9), (Stopped, 11)], Standing::Stopped),
            (vec![(Stopped, 9), (Granted, 11)], Standing::Stopped),
        ] {
            let all: Vec<Mark> = marks.iter().map(|(choice, day)| mark(*choice, Scope::All, *day)).collect();
            assert_eq!(Standing::of(&all, None, Purpose::Reminder, at(10)), standing, "{marks:?}");
        }
    }

    #[test]
    fn what_was_taken_back_is_as_if_it_had_not_been_said_in_whatever_order_it_is_heard() {
        use Choice::{Granted, Stopped, Withdrawn};
        for (marks, standing) in [
            (vec![(Stopped, 2), (Withdrawn, 2)], Standing::Unknown),
            (vec![(Withdrawn, 2), (Stopped, 2)], Standing::Unknown),
            (vec![(Granted, 1), (Stopped, 2), (Withdrawn, 2)], Standing::Granted),
            (vec![(Stopped, 1), (Granted, 2), (Withdrawn, 2)], Standing::Stopped),
            // said twice and taken back once
            (vec![(Granted, 1), (Stopped, 2), (Stopped, 3), (Withdrawn, 3)], Standing::Stopped),
            // said again since
            (vec![(Granted, 1), (Stopped, 2), (Withdrawn, 2), (Stopped, 4)], Standing::Stopped),
            (vec![(Withdrawn, 5)], Standing::Unknown),
            // a no of the future, now being day 10
            (vec![(Granted, 1), (Stopped, 11), (Withdrawn, 11)], Standing::Granted),
        ] {
            let all: Vec<Mark> = marks.iter().map(|(choice, day)| mark(*choice, Scope::All, *day)).collect();
            assert_eq!(Standing::of(&all, None, Purpose::Reminder, at(10)), standing, "{marks:?}");
        }
        // what was said for others is not touched by it
        let marks = [
            mark(Granted, Scope::Service, 1),
            mark(Stopped, Scope::All, 2),
            mark(Withdrawn, Scope::Service, 2),
        ];
        assert_eq!(Standing::of(&marks, None, Purpose::Reminder, at(10)), Standing::Stopped);
    }

    #[test]
    fn a_yes_to_one_sender_is_no_yes_to_another_and_lifts_a_no_to_all_for_that_one() {
        let (ours, theirs) = (SubscriberId(Uuid::from_u128(1)), SubscriberId(Uuid::from_u128(2)));
        let marks = [mark(Choice::Stopped, Scope::All, 1), mark(Choice::Granted, Scope::Subscriber(ours), 2)];
        let standing = |sender| Standing::of(&marks, sender, Purpose::Reminder, at(10));
        assert_eq!(standing(Some(ours)), Standing::Granted);
        assert_eq!(standing(Some(theirs)), Standing::Stopped);
        assert_eq!(standing(None), Standing::Stopped);
        let service = [mark(Choice::Granted, Scope::Service, 1)];
        assert_eq!(Standing::of(&service, None, Purpose::Chase, at(10)), Standing::Granted);
        assert_eq!(Standing::of(&service, Some(ours), Purpose::Chase, at(10)), Standing::Unknown);
    }
}
