//! How long each kind of record is kept. Voters' records are kept until somebody says otherwise, as in the Django service;
//! what only the machinery needs has an end by itself.

pub mod jobs;
mod run;

use std::collections::BTreeMap;

use chrono::TimeDelta;

pub use run::{Outcome, count, run};

/// A kind of record that may have an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Registrations, with their actions, events, files and letters.
    Registrations,
    /// Ballot requests, likewise.
    BallotRequests,
    /// Questions to the voter roll, likewise.
    Lookups,
    /// Requests to be reminded, likewise.
    Reminders,
    /// Questions about polling places, likewise.
    PollingPlaces,
    /// People who moved, with their letters, in whose rows nothing changed.
    MoverLeads,
    /// Voters whom the rolls know and no action leads to any more.
    Voters,
    /// Texts that came and went. Who wants none stays noted.
    Texts,
    /// Whom blasts were for that are done.
    Recipients,
    /// What was decided about mails that were held.
    HeldMails,
    /// What subscribers' programs were told, and what they could not be told.
    Deliveries,
    /// Who did what on the management site.
    Changes,
}

/// How a table ages.
#[derive(Debug, PartialEq, Eq)]
pub struct Aging {
    /// The table.
    pub table: &'static str,
    /// Its id.
    pub key: &'static str,
    /// The moment that counts: a column of the table.
    pub moment: &'static str,
    /// Whether other rows hang on it, so that it is erased by the catalogue of the room `subject`.
    pub is_record: bool,
}

impl Kind {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 12] = [
        Self::Registrations,
        Self::BallotRequests,
        Self::Lookups,
        Self::Reminders,
        Self::PollingPlaces,
        Self::MoverLeads,
        Self::Voters,
        Self::Texts,
        Self::Recipients,
        Self::HeldMails,
        Self::Deliveries,
        Self::Changes,
    ];

    /// The variable that says after how many days it goes.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::Registrations => "KEEP_REGISTRATIONS_DAYS",
            Self::BallotRequests => "KEEP_BALLOT_REQUESTS_DAYS",
            Self::Lookups => "KEEP_LOOKUPS_DAYS",
            Self::Reminders => "KEEP_REMINDERS_DAYS",
            Self::PollingPlaces => "KEEP_POLLING_PLACES_DAYS",
            Self::MoverLeads => "KEEP_MOVER_LEADS_DAYS",
            Self::Voters => "KEEP_VOTERS_DAYS",
            Self::Texts => "KEEP_TEXTS_DAYS",
            Self::Recipients => "KEEP_BLAST_RECIPIENTS_DAYS",
            Self::HeldMails => "KEEP_HELD_MAILS_DAYS",
            Self::Deliveries => "KEEP_WEBHOOK_DELIVERIES_DAYS",
            Self::Changes => "KEEP_CHANGES_DAYS",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Registrations => "registrations",
            Self::BallotRequests => "ballot requests",
            Self::Lookups => "questions to the roll",
            Self::Reminders => "reminders",
            Self::PollingPlaces => "polling places",
            Self::MoverLeads => "leads of people who moved",
            Self::Voters => "voters of the rolls",
            Self::Texts => "texts",
            Self::Recipients => "recipients of blasts",
            Self::HeldMails => "held mails",
            Self::Deliveries => "deliveries of webhooks",
            Self::Changes => "log of the site",
        }
    }

    /// The fewest days that it may be kept for: before that it is still of use.
    #[must_use]
    pub fn fewest_days(self) -> u32 {
        match self {
            // a source is asked for up to thirty days again, and mails follow a letter for a month
            Self::MoverLeads => 90,
            // it is tried for three days, and its endpoint for five
            Self::Deliveries => 7,
            _ => 1,
        }
    }

    /// Where it is kept.
    #[must_use]
    pub fn aging(self) -> Aging {
        let (table, key, moment) = match self {
            Self::Registrations => ("register_registration", "uuid", "created_at"),
            Self::BallotRequests => ("absentee_ballotrequest", "uuid", "created_at"),
            Self::Lookups => ("verifier_lookup", "uuid", "created_at"),
            Self::Reminders => ("reminder_reminderrequest", "uuid", "created_at"),
            Self::PollingPlaces => ("polling_place_pollingplacelookup", "uuid", "created_at"),
            Self::MoverLeads => ("integration_moverlead", "uuid", "modified_at"),
            Self::Voters => ("voter_voter", "uuid", "modified_at"),
            Self::Texts => ("smsbot_smsmessage", "uuid", "created_at"),
            Self::Recipients => ("blast_recipient", "uuid", "finished_at"),
            Self::HeldMails => ("held_mail", "message_id", "decided_at"),
            // when it was put in line, for the first time or again: what is sent again is seen until it is settled
            Self::Deliveries => ("webhook_delivery", "uuid", "queued_at"),
            Self::Changes => ("change_entry", "uuid", "at"),
        };
        Aging { table, key, moment, is_record: self <= Self::MoverLeads }
    }
}

/// After how many days each kind goes; what is not there stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionSettings {
    /// The days.
    pub days: BTreeMap<Kind, u32>,
}

/// What is about people stays until somebody says otherwise, as nothing brings it back. What only tells how messages went, by
/// ids, has an end.
impl Default for RetentionSettings {
    fn default() -> Self {
        Self { days: BTreeMap::from([(Kind::HeldMails, 90), (Kind::Deliveries, 30)]) }
    }
}

impl RetentionSettings {
    /// How long a kind is kept; nothing when that is for good.
    #[must_use]
    pub fn span(&self, kind: Kind) -> Option<TimeDelta> {
        self.days.get(&kind).map(|days| TimeDelta::days(i64::from(*days)))
    }
}
