//! Blasts, whom they are for, and what became of each.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{AbsentRoom, StoreError};
use crate::{
    address::Address,
    blast::{Blast, Filter, Reached, Recipient, Tool},
    ids::{BlastId, MessageId},
    page::{Page, PageRequest},
    person::Phone,
};

/// What this room is called.
const ROOM: &str = "blasts";

/// Somebody who used a tool and left a number. No `Debug`: it is a person's data.
#[derive(Clone, PartialEq, Eq)]
pub struct Reachable {
    /// The record of the tool.
    pub record: Uuid,
    /// The number.
    pub phone: Phone,
    /// Where the voter lives.
    pub address: Address,
}

/// How many numbers of a blast are as far as that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoned {
    /// How far.
    pub reached: Reached,
    /// How many.
    pub count: u64,
}

/// Reads blasts.
#[async_trait]
pub trait ReadBlasts: Send {
    /// The blast, if there is one. Those that were taken over from the Django service are none: they cannot be started.
    async fn by_id(&mut self, id: BlastId) -> Result<Option<Blast>, StoreError>;

    /// All blasts, by id.
    async fn list(&mut self, page: PageRequest<BlastId>) -> Result<Page<Blast, BlastId>, StoreError>;

    /// Whether it runs at this moment.
    async fn is_running(&mut self, id: BlastId) -> Result<bool, StoreError>;

    /// Those whom a filter describes and who left a number at that tool, by the id of their record. A number that is there
    /// twice is given twice.
    async fn audience(
        &mut self,
        filter: &Filter,
        tool: Tool,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Reachable, Uuid>, StoreError>;

    /// Whom a blast is for, by id.
    async fn recipients(
        &mut self,
        blast: BlastId,
        page: PageRequest<MessageId>,
    ) -> Result<Page<Recipient, MessageId>, StoreError>;

    /// Somebody whom a blast is for, and which.
    async fn recipient(&mut self, id: MessageId) -> Result<Option<(BlastId, Recipient)>, StoreError>;

    /// How far each is of whom a blast is for, at `now`, by id.
    async fn reached(
        &mut self,
        blast: BlastId,
        now: DateTime<Utc>,
        page: PageRequest<MessageId>,
    ) -> Result<Page<(Recipient, Reached), MessageId>, StoreError>;

    /// How many are how far at `now`, in any order.
    async fn reckon(&mut self, blast: BlastId, now: DateTime<Utc>) -> Result<Vec<Reckoned>, StoreError>;
}

/// Changes blasts.
#[async_trait]
pub trait Blasts: ReadBlasts {
    /// The blast, held until the unit ends.
    async fn lock(&mut self, id: BlastId) -> Result<Option<Blast>, StoreError>;

    /// A new blast. Conflict when the id is taken.
    async fn insert(&mut self, blast: &Blast) -> Result<(), StoreError>;

    /// Writes everything of a blast that was locked in this unit but `created_at`.
    async fn update(&mut self, blast: &Blast) -> Result<(), StoreError>;

    /// Adds whom a blast is for; those whose number it has already are left out. Returns how many were added.
    async fn add(&mut self, blast: BlastId, recipients: &[Recipient]) -> Result<u64, StoreError>;

    /// Takes away up to `limit` of those whom a blast is for and to whom no text was written. Returns how many.
    async fn clear(&mut self, blast: BlastId, limit: u32) -> Result<u64, StoreError>;

    /// Forgets the addresses of whom a blast was for.
    async fn forget_addresses(&mut self, blast: BlastId) -> Result<(), StoreError>;

    /// Writes the texts of a page of whom the blast is for, in the order of their ids, each under the id of its recipient and
    /// once; none to whom the plan refuses. Returns those of the page that wait to be handed over, those written earlier
    /// too.
    async fn write_texts(
        &mut self,
        blast: BlastId,
        now: DateTime<Utc>,
        page: PageRequest<MessageId>,
    ) -> Result<Page<MessageId, MessageId>, StoreError>;
}

#[async_trait]
impl ReadBlasts for AbsentRoom {
    async fn by_id(&mut self, _id: BlastId) -> Result<Option<Blast>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn list(&mut self, _page: PageRequest<BlastId>) -> Result<Page<Blast, BlastId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn is_running(&mut self, _id: BlastId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn audience(
        &mut self,
        _filter: &Filter,
        _tool: Tool,
        _page: PageRequest<Uuid>,
    ) -> Result<Page<Reachable, Uuid>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn recipients(
        &mut self,
        _blast: BlastId,
        _page: PageRequest<MessageId>,
    ) -> Result<Page<Recipient, MessageId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn recipient(&mut self, _id: MessageId) -> Result<Option<(BlastId, Recipient)>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn reached(
        &mut self,
        _blast: BlastId,
        _now: DateTime<Utc>,
        _page: PageRequest<MessageId>,
    ) -> Result<Page<(Recipient, Reached), MessageId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn reckon(&mut self, _blast: BlastId, _now: DateTime<Utc>) -> Result<Vec<Reckoned>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Blasts for AbsentRoom {
    async fn lock(&mut self, _id: BlastId) -> Result<Option<Blast>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert(&mut self, _blast: &Blast) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _blast: &Blast) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn add(&mut self, _blast: BlastId, _recipients: &[Recipient]) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn clear(&mut self, _blast: BlastId, _limit: u32) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn forget_addresses(&mut self, _blast: BlastId) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn write_texts(
        &mut self,
        _blast: BlastId,
        _now: DateTime<Utc>,
        _page: PageRequest<MessageId>,
    ) -> Result<Page<MessageId, MessageId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
