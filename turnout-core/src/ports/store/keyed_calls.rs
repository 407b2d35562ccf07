//! Calls that carry a key.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::keyed_call::{KeptAnswer, KeyedCall};

/// What this room is called.
const ROOM: &str = "keyed calls";

/// Reads calls.
#[async_trait]
pub trait ReadKeyedCalls: Send {
    /// The call in this place, if there is one.
    async fn by_place(&mut self, place: &[u8; 32]) -> Result<Option<KeyedCall>, StoreError>;
}

/// Changes calls.
#[async_trait]
pub trait KeyedCalls: ReadKeyedCalls {
    /// Adds a call, unless there is one in its place; says whether there was none. Waits for a unit that is adding one.
    async fn add(&mut self, call: &KeyedCall) -> Result<bool, StoreError>;

    /// Takes over a call without an answer whose lease has ended at `now`; says whether it did. Of two that try, one does.
    async fn take_over(
        &mut self,
        place: &[u8; 32],
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Keeps the answer, if the call is still there.
    async fn answer(&mut self, place: &[u8; 32], answer: &KeptAnswer) -> Result<(), StoreError>;

    /// Removes a call without an answer, if there is one.
    async fn remove(&mut self, place: &[u8; 32]) -> Result<(), StoreError>;

    /// Removes the call in this place if it was made not after that moment.
    async fn forget(&mut self, place: &[u8; 32], until: DateTime<Utc>) -> Result<(), StoreError>;

    /// Removes so many calls at the most that were made not after that moment; says how many.
    async fn purge(&mut self, until: DateTime<Utc>, limit: u32) -> Result<u64, StoreError>;
}

#[async_trait]
impl ReadKeyedCalls for AbsentRoom {
    async fn by_place(&mut self, _place: &[u8; 32]) -> Result<Option<KeyedCall>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl KeyedCalls for AbsentRoom {
    async fn add(&mut self, _call: &KeyedCall) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn take_over(
        &mut self,
        _place: &[u8; 32],
        _now: DateTime<Utc>,
        _lease_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn answer(&mut self, _place: &[u8; 32], _answer: &KeptAnswer) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove(&mut self, _place: &[u8; 32]) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn forget(&mut self, _place: &[u8; 32], _until: DateTime<Utc>) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn purge(&mut self, _until: DateTime<Utc>, _limit: u32) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
