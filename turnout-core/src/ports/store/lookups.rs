//! Questions to the voter roll.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{ActionId, LookupId},
    verifier::Lookup,
};

/// What this room is called.
const ROOM: &str = "lookups";

/// Reads questions.
#[async_trait]
pub trait ReadLookups: Send {
    /// The question, if there is one.
    async fn by_id(&mut self, id: LookupId) -> Result<Option<Lookup>, StoreError>;

    /// The question of an action.
    async fn by_action(&mut self, id: ActionId) -> Result<Option<Lookup>, StoreError>;
}

/// Adds questions.
#[async_trait]
pub trait Lookups: ReadLookups {
    /// A new question. Conflict when the id or the action is taken.
    async fn insert(&mut self, question: &Lookup) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadLookups for AbsentRoom {
    async fn by_id(&mut self, _id: LookupId) -> Result<Option<Lookup>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_action(&mut self, _id: ActionId) -> Result<Option<Lookup>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Lookups for AbsentRoom {
    async fn insert(&mut self, _question: &Lookup) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
