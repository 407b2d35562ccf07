//! Which actions were passed on to contact lists.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    crm::{ContactLink, SyncRun},
    ids::{ActionId, ContactLinkId, MoverLeadId, SubscriberId, SyncRunId},
    person::Phone,
    ports::crm::CrmPersonId,
    suppression::AddressKey,
};

/// What this room is called.
const ROOM: &str = "contact links";

/// After so many refusals an action is passed on no more.
pub const MOST_REFUSALS: u32 = 5;

/// An action of a tool, and on which lists it still has to be. Refused by a list often enough it need not be there
/// ([`MOST_REFUSALS`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlinked {
    /// The action.
    pub action: ActionId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whose voter it is.
    pub subscriber: Option<SubscriberId>,
    /// Whether the subscriber sees it.
    pub is_visible: bool,
    /// Whether it is not yet on the list of the organization that runs the service.
    pub of_service: bool,
    /// Whether it is not yet on that of the subscriber, should there be one.
    pub of_subscriber: bool,
}

/// Something by which somebody may be on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// An action that was passed on, or is about to be.
    Link(ContactLinkId),
    /// That somebody moved.
    Lead(MoverLeadId),
}

/// One of which it is not noted by which key its address is found. No `Debug`: it holds the address.
#[derive(Clone, PartialEq, Eq)]
pub struct Unkeyed {
    /// Which.
    pub of: Listed,
    /// The e-mail address, if there is one.
    pub email: Option<String>,
}

/// An address and a list that may have it. No `Debug`, likewise.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedAddress {
    /// Whose list; that of the organization that runs the service without one.
    pub subscriber: Option<SubscriberId>,
    /// The e-mail address.
    pub email: String,
}

/// Reads them.
#[async_trait]
pub trait ReadContactLinks: Send {
    /// What is known of an action on a list: that of a subscriber, or that of the organization that runs the service. Of
    /// several, which only rows of the Django service are, one of somebody who is there.
    async fn of(
        &mut self,
        action: ActionId,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError>;

    /// Those of actions with this number, on all lists: the newest record first, a hundred of each tool at the most.
    async fn of_phone(&mut self, phone: &Phone) -> Result<Vec<ContactLink>, StoreError>;

    /// The one of somebody on a list that was changed last.
    async fn last_of(
        &mut self,
        person: &CrmPersonId,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError>;

    /// Those of which no key is noted ([`ContactLinks::note_key`]), of links and leads `limit` each at the most.
    async fn unkeyed(&mut self, limit: u32) -> Result<Vec<Unkeyed>, StoreError>;

    /// The addresses that are found by that key, each once for each list, in no order. What was noted before an address was
    /// changed may find the new one.
    async fn of_address(&mut self, key: AddressKey) -> Result<Vec<ListedAddress>, StoreError>;

    /// Actions of tools that were made before `before`, oldest first, from behind `after` on, `limit` at the most: those
    /// too that are on every list.
    async fn unlinked(
        &mut self,
        before: DateTime<Utc>,
        after: Option<(DateTime<Utc>, ActionId)>,
        limit: u32,
    ) -> Result<Vec<Unlinked>, StoreError>;

    /// How far a run is.
    async fn run(&mut self, id: SyncRunId) -> Result<Option<SyncRun>, StoreError>;
}

/// Changes them.
#[async_trait]
pub trait ContactLinks: ReadContactLinks {
    /// What is known of the action on the list, else this, which is added; held until the unit ends: nobody else changes it
    /// meanwhile.
    async fn lock_or_insert(&mut self, fresh: &ContactLink) -> Result<ContactLink, StoreError>;

    /// Writes what the list says, the refusals and `modified_at` of one that was locked in this unit; nothing else changes.
    async fn update(&mut self, link: &ContactLink) -> Result<(), StoreError>;

    /// Notes by which key the address of one is found; without one that it has none. Nothing happens when it is gone.
    async fn note_key(&mut self, of: Listed, key: Option<AddressKey>) -> Result<(), StoreError>;

    /// A new run. Conflict when the id is taken.
    async fn insert_run(&mut self, run: &SyncRun) -> Result<(), StoreError>;

    /// The run, held until the unit ends.
    async fn lock_run(&mut self, id: SyncRunId) -> Result<Option<SyncRun>, StoreError>;

    /// Writes what was counted and whether it was stopped of one that was locked in this unit.
    async fn update_run(&mut self, run: &SyncRun) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadContactLinks for AbsentRoom {
    async fn of(
        &mut self,
        _action: ActionId,
        _subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of_phone(&mut self, _phone: &Phone) -> Result<Vec<ContactLink>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn last_of(
        &mut self,
        _person: &CrmPersonId,
        _subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unkeyed(&mut self, _limit: u32) -> Result<Vec<Unkeyed>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of_address(&mut self, _key: AddressKey) -> Result<Vec<ListedAddress>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unlinked(
        &mut self,
        _before: DateTime<Utc>,
        _after: Option<(DateTime<Utc>, ActionId)>,
        _limit: u32,
    ) -> Result<Vec<Unlinked>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn run(&mut self, _id: SyncRunId) -> Result<Option<SyncRun>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl ContactLinks for AbsentRoom {
    async fn lock_or_insert(&mut self, _fresh: &ContactLink) -> Result<ContactLink, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _link: &ContactLink) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn note_key(&mut self, _of: Listed, _key: Option<AddressKey>) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_run(&mut self, _run: &SyncRun) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_run(&mut self, _id: SyncRunId) -> Result<Option<SyncRun>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_run(&mut self, _run: &SyncRun) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
