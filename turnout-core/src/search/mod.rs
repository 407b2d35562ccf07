//! Search of a subscriber's voters by name and e-mail address; of questions about polling places by the address.
//!
//! A person is found by all words of a query, each at the beginning of one of the person's terms. `terms.rs` makes
//! terms and words from texts, by the same rules; how a store finds them quickly is its own business
//! ([`ports::store::Search`](crate::ports::store::Search)). `jobs.rs` keeps the lists quick and complete.

pub mod jobs;
mod terms;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use terms::{SearchQuery, Terms};

use crate::{
    absentee::BallotRequest,
    action::Action,
    ids::{ActionId, SubscriberId},
    listing::Tool,
    polling_place::PollingPlaceLookup,
    ports::store::{StoreError, Unit, unless_absent},
    register::Registration,
    reminder::ReminderRequest,
    verifier::Lookup,
};

/// Whose voters, and which tool they used: no search ever reaches beyond one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VoterList {
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// The tool.
    pub tool: Tool,
}

/// The place of a person in a list, which is read from the greatest to the least: newest first, of the same moment by
/// the action's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListKey {
    /// When the tool's record was made, to the microsecond.
    pub created_at: DateTime<Utc>,
    /// The action it belongs to.
    pub action: ActionId,
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The list.
    pub list: VoterList,
    /// The place in it; it never changes.
    pub key: ListKey,
    /// What the person is found by.
    pub terms: Terms,
}

/// The records that stand for voters in the lists: those of one tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Records {
    /// Registrations.
    #[default]
    Registrations,
    /// Ballot requests.
    BallotRequests,
    /// Questions to the voter roll.
    Lookups,
    /// Requests to be reminded.
    Reminders,
    /// Questions about polling places.
    PollingPlaces,
}

impl Records {
    /// The tool that makes them.
    #[must_use]
    pub fn tool(self) -> Tool {
        match self {
            Self::Registrations => Tool::Register,
            Self::BallotRequests => Tool::Absentee,
            Self::Lookups => Tool::Verify,
            Self::Reminders => Tool::Remind,
            Self::PollingPlaces => Tool::Locate,
        }
    }

    /// Those of the next tool.
    fn next(self) -> Option<Self> {
        match self {
            Self::Registrations => Some(Self::BallotRequests),
            Self::BallotRequests => Some(Self::Lookups),
            Self::Lookups => Some(Self::Reminders),
            Self::Reminders => Some(Self::PollingPlaces),
            Self::PollingPlaces => None,
        }
    }
}

/// How far a look through all records of one tool has come: they come by subscriber, then oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LookedAt {
    /// Whose voter it is.
    pub subscriber: SubscriberId,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// The record's id.
    pub record: Uuid,
}

/// When and how new entries of a list are packed for quick search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// Only where at least so many entries are not packed yet.
    pub from: u32,
    /// So many entries at once, and about so many in one block. At least 1.
    pub block: u32,
}

impl Default for Packing {
    /// `make bench-search` measures a million voters with these.
    fn default() -> Self {
        Self { from: 1_024, block: 16_384 }
    }
}

impl Listed {
    /// The entry of a registration. None without a subscriber or an action: nobody lists it.
    #[must_use]
    pub fn registration(it: &Registration) -> Option<Self> {
        let list = VoterList { subscriber: it.subscriber?, tool: Tool::Register };
        let key = ListKey { created_at: it.created_at, action: it.action? };
        Some(Self { list, key, terms: Terms::of(&it.name, it.email.as_deref()) })
    }

    /// The entry of a ballot request, likewise.
    #[must_use]
    pub fn ballot_request(it: &BallotRequest) -> Option<Self> {
        let list = VoterList { subscriber: it.subscriber?, tool: Tool::Absentee };
        let key = ListKey { created_at: it.created_at, action: it.action? };
        Some(Self { list, key, terms: Terms::of(&it.name, it.email.as_deref()) })
    }

    /// The entry of a question to the voter roll, likewise.
    #[must_use]
    pub fn lookup(it: &Lookup) -> Option<Self> {
        let list = VoterList { subscriber: it.subscriber?, tool: Tool::Verify };
        let key = ListKey { created_at: it.created_at, action: it.action? };
        Some(Self { list, key, terms: Terms::of(&it.voter.name, it.voter.email.as_deref()) })
    }

    /// The entry of a request to be reminded, likewise.
    #[must_use]
    pub fn reminder(it: &ReminderRequest) -> Option<Self> {
        let list = VoterList { subscriber: it.subscriber?, tool: Tool::Remind };
        let key = ListKey { created_at: it.created_at, action: it.action? };
        Some(Self { list, key, terms: Terms::of(&it.voter.name, it.voter.email.as_deref()) })
    }

    /// The entry of a question about a polling place, likewise: of the address, as nobody's name is known.
    #[must_use]
    pub fn polling_place(it: &PollingPlaceLookup) -> Option<Self> {
        let list = VoterList { subscriber: it.subscriber?, tool: Tool::Locate };
        let key = ListKey { created_at: it.created_at, action: it.action? };
        let address = &it.address;
        let texts =
            [&it.unstructured_address, &address.address1, &address.address2, &address.city, &address.zipcode];
        let terms = Terms::of_texts(texts.into_iter().flatten().map(String::as_str));
        Some(Self { list, key, terms })
    }
}

/// Lists a new record, in the unit that inserts it. Only what is visible to the subscriber is ever listed
/// (`domain.md` 7, invariant 9).
pub(crate) async fn list(
    unit: &mut dyn Unit,
    action: &Action,
    entry: Option<Listed>,
) -> Result<(), StoreError> {
    match entry.filter(|_| action.visible_to_subscriber) {
        // a store without this room finds nobody, and is good for everything else
        Some(entry) => unless_absent(unit.search_mut().insert(&entry).await),
        None => Ok(()),
    }
}

/// Notes what a changed record is found by from now on, in the unit that changes it.
pub(crate) async fn relist(unit: &mut dyn Unit, entry: Option<Listed>) -> Result<(), StoreError> {
    match entry {
        Some(entry) => unless_absent(unit.search_mut().update(&entry).await).map(drop),
        None => Ok(()),
    }
}
