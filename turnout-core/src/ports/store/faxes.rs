//! Faxes.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{fax::Fax, ids::FaxId};

/// What this room is called.
const ROOM: &str = "faxes";

/// Reads faxes.
#[async_trait]
pub trait ReadFaxes: Send {
    /// The fax, if there is one.
    async fn by_id(&mut self, id: FaxId) -> Result<Option<Fax>, StoreError>;
}

/// Changes faxes.
#[async_trait]
pub trait Faxes: ReadFaxes {
    /// A new fax. Conflict when the id is taken.
    async fn insert(&mut self, fax: &Fax) -> Result<(), StoreError>;

    /// The fax, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: FaxId) -> Result<Option<Fax>, StoreError>;

    /// Writes status, message, their time and `modified_at` of a fax that was locked in this unit; nothing else changes.
    async fn update(&mut self, fax: &Fax) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadFaxes for AbsentRoom {
    async fn by_id(&mut self, _id: FaxId) -> Result<Option<Fax>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Faxes for AbsentRoom {
    async fn insert(&mut self, _fax: &Fax) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: FaxId) -> Result<Option<Fax>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _fax: &Fax) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
