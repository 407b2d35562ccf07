//! Letters.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{ActionId, LetterId},
    letter::Letter,
};

/// What this room is called.
const ROOM: &str = "letters";

/// Reads letters.
#[async_trait]
pub trait ReadLetters: Send {
    /// The letter, if there is one.
    async fn by_id(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError>;

    /// The letter of an action.
    async fn by_action(&mut self, action: ActionId) -> Result<Option<Letter>, StoreError>;
}

/// Changes letters.
#[async_trait]
pub trait Letters: ReadLetters {
    /// A new letter. Conflict when the id is taken or the action has a letter.
    async fn insert(&mut self, letter: &Letter) -> Result<(), StoreError>;

    /// The letter, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError>;

    /// The same by the id of the mail house.
    async fn lock_by_external_id(&mut self, external_id: &str) -> Result<Option<Letter>, StoreError>;

    /// Writes the mail house's id and `modified_at` of a letter that was locked in this unit; nothing else changes.
    async fn update(&mut self, letter: &Letter) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadLetters for AbsentRoom {
    async fn by_id(&mut self, _id: LetterId) -> Result<Option<Letter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_action(&mut self, _action: ActionId) -> Result<Option<Letter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Letters for AbsentRoom {
    async fn insert(&mut self, _letter: &Letter) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: LetterId) -> Result<Option<Letter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_by_external_id(&mut self, _external_id: &str) -> Result<Option<Letter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _letter: &Letter) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
