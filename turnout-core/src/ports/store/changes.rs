//! Who did what.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    change::{Change, ChangeFilter},
    ids::ChangeId,
    page::{Page, PageRequest},
};

/// What this room is called.
const ROOM: &str = "log of changes";

/// Where a page of the log goes on: the moment and the id of its last entry.
type At = (DateTime<Utc>, ChangeId);

/// Reads the log.
#[async_trait]
pub trait ReadChanges: Send {
    /// A page of the entries that fit, newest first; of the same moment, the greater id first.
    async fn page(
        &mut self,
        filter: &ChangeFilter,
        page: &PageRequest<At>,
    ) -> Result<Page<Change, At>, StoreError>;

    /// An entry.
    async fn by_id(&mut self, id: ChangeId) -> Result<Option<Change>, StoreError>;
}

/// Adds to the log. Nothing in it is changed.
#[async_trait]
pub trait Changes: ReadChanges {
    /// A new entry. Conflict when the id is taken.
    async fn insert(&mut self, change: &Change) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadChanges for AbsentRoom {
    async fn page(
        &mut self,
        _filter: &ChangeFilter,
        _page: &PageRequest<At>,
    ) -> Result<Page<Change, At>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_id(&mut self, _id: ChangeId) -> Result<Option<Change>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Changes for AbsentRoom {
    async fn insert(&mut self, _change: &Change) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
