//! Single rows, as record pages show and set them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    back_office::{Entity, Record, RecordKey, Value},
    page::{Page, PageRequest},
};

/// What this room is called.
const ROOM: &str = "records";

/// Reads rows of every table that has record pages, without what is secret in them.
#[async_trait]
pub trait ReadRecords: Send {
    /// A page of an entity's records, in its order, with the columns that lists show. `narrow` is the subscriber, the telephone
    /// number or the word that the entity is narrowed by; one that is narrowed by nothing takes none.
    async fn page(
        &mut self,
        entity: Entity,
        narrow: Option<&str>,
        page: &PageRequest<RecordKey>,
    ) -> Result<Page<Record, RecordKey>, StoreError>;

    /// The record with this id, with all its columns. Nothing where the text is no id.
    async fn one(&mut self, entity: Entity, id: &str) -> Result<Option<Record>, StoreError>;
}

/// Sets columns of rows.
#[async_trait]
pub trait Records: ReadRecords {
    /// The record, held until the unit ends. Other where nothing of the entity may be set.
    async fn lock(&mut self, entity: Entity, id: &str) -> Result<Option<Record>, StoreError>;

    /// Sets one column of a record that was locked in this unit, and when it was changed. Other where the column may not
    /// be set.
    async fn set(
        &mut self,
        entity: Entity,
        id: &str,
        column: &str,
        value: &Value,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadRecords for AbsentRoom {
    async fn page(
        &mut self,
        _entity: Entity,
        _narrow: Option<&str>,
        _page: &PageRequest<RecordKey>,
    ) -> Result<Page<Record, RecordKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn one(&mut self, _entity: Entity, _id: &str) -> Result<Option<Record>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Records for AbsentRoom {
    async fn lock(&mut self, _entity: Entity, _id: &str) -> Result<Option<Record>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn set(
        &mut self,
        _entity: Entity,
        _id: &str,
        _column: &str,
        _value: &Value,
        _now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
