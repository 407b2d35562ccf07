//! Contact lists: whoever uses a tool is passed on to the list of the organization that runs the service and, where the
//! subscriber has one of its own and sees the action, to that (`flows.md` 14, 2026-11; quirks Q20, Q56, Q83).
//!
//! `person.rs` is what a list is told of somebody, `sync.rs` passes an action on, `status.rs` follows what a number says of
//! texts and what lists say of their people, `unsubscribe.rs` what is said of mails, `run.rs` looks for actions that are on no list and stops where too much would
//! change, `forms.rs` what people are entered on, `lead.rs` people who moved, `contact.rs` the contacts at subscribers,
//! `jobs.rs` what happens when. The service that keeps the lists is behind [`CrmSync`](crate::ports::crm::CrmSync).
//!
//! Of two answers to whether somebody may be written to, the more restrictive counts, be it ours or the list's. Nobody who
//! asked for no more is subscribed again by what is passed on, but only by saying so.

mod contact;
mod forms;
pub mod jobs;
mod lead;
mod person;
mod run;
mod status;
mod sync;
mod unsubscribe;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

pub use lead::{CrmLead, push_lead};
pub use run::{Rehearsal, is_on, pass_on_missing, rehearse};
pub(crate) use unsubscribe::follow_meanwhile;

use crate::{
    ids::{ActionId, ContactLinkId, SubscriberId, SyncRunId},
    ports::crm::{CrmPersonId, ListStatus},
};

/// That an action was passed on to a list, or is about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactLink {
    /// Its id.
    pub id: ContactLinkId,
    /// The action.
    pub action: ActionId,
    /// Whose list; that of the organization that runs the service without one.
    pub subscriber: Option<SubscriberId>,
    /// What the list calls the person. Nothing until it has said so.
    pub person: Option<CrmPersonId>,
    /// What the list last said of the e-mail address.
    pub email: Option<ListStatus>,
    /// What it said of the number, or was told.
    pub phone: Option<ListStatus>,
    /// How often the list did not take the person.
    pub refusals: u32,
    /// When it was first to be passed on.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl ContactLink {
    /// One of an action that is about to be passed on. It has the same id whoever makes it, so that there is one.
    #[must_use]
    pub fn begun(action: ActionId, subscriber: Option<SubscriberId>, now: DateTime<Utc>) -> Self {
        let (person, email, phone) = (None, None, None);
        let id = Self::id_of(action, subscriber);
        Self { id, action, subscriber, person, email, phone, refusals: 0, created_at: now, modified_at: now }
    }

    fn id_of(action: ActionId, subscriber: Option<SubscriberId>) -> ContactLinkId {
        let list = subscriber.map_or_else(Uuid::nil, |subscriber| subscriber.0);
        let hash = Sha256::new().chain_update(b"contact link").chain_update(action.0).chain_update(list);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        ContactLinkId(Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// A look at all actions that are on no list, as far as its people were passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRun {
    /// Its id.
    pub id: SyncRunId,
    /// Of how many in a hundred people it may change whether they are written to.
    pub most_percent: u32,
    /// How many were passed on, or were about to be.
    pub people: u32,
    /// Of how many of them it would change whether they are written to.
    pub changes: u32,
    /// When it was stopped because they were too many.
    pub stopped_at: Option<DateTime<Utc>>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// Fewer people are counted as so many: one change among three is no sign of anything.
const FEW: u32 = 20;

impl SyncRun {
    /// A run that begins.
    #[must_use]
    pub fn new(id: SyncRunId, most_percent: u32, now: DateTime<Utc>) -> Self {
        let (people, changes, stopped_at) = (0, 0, None);
        Self { id, most_percent, people, changes, stopped_at, created_at: now, modified_at: now }
    }

    /// Counts one more of its people. From the change on that is one too many it is stopped, and that change is not made.
    pub fn count(&mut self, changes: bool, now: DateTime<Utc>) {
        self.people = self.people.saturating_add(1);
        self.changes = self.changes.saturating_add(u32::from(changes));
        self.modified_at = now;
        if self.is_too_much() && self.stopped_at.is_none() {
            self.stopped_at = Some(now);
        }
    }

    /// Whether it changes more than it may.
    fn is_too_much(&self) -> bool {
        let people = u64::from(self.people.max(FEW));
        u64::from(self.changes) * 100 > people * u64::from(self.most_percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn an_action_has_one_link_to_each_list_whoever_makes_it() {
        let of = |action, subscriber: Option<u128>| {
            ContactLink::id_of(ActionId(id(action)), subscriber.map(|it| SubscriberId(id(it))))
        };
        assert_eq!(of(1, None), of(1, None));
        let all = [of(1, None), of(2, None), of(1, Some(1)), of(1, Some(2)), of(2, Some(1))];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn a_run_is_stopped_by_the_change_that_is_one_too_many() {
        let now = DateTime::UNIX_EPOCH;
        let stopped = |most, counted: &[(u32, bool)]| {
            let mut run = SyncRun::new(SyncRunId(id(1)), most, now);
            for (times, changes) in counted {
                for _ in 0..*times {
                    run.count(*changes, now);
                }
            }
            run.stopped_at.is_some()
        };
        for (most, counted, is_stopped) in [
            (10, &[(1, true)][..], false),
            (10, &[(2, true)], false),
            (10, &[(3, true)], true),
            (10, &[(70, false), (10, true)], true),
            (10, &[(90, false), (10, true)], false),
            (10, &[(90, false), (11, true)], true),
            (0, &[(90, false)], false),
            (0, &[(90, false), (1, true)], true),
            (100, &[(5_000, true)], false),
        ] {
            assert_eq!(stopped(most, counted), is_stopped, "{most} {counted:?}");
        }
    }
}
