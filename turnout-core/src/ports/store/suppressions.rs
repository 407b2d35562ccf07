//! E-mail addresses that are not mailed.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::suppression::{AddressKey, Suppression, SuppressionReason};

/// What this room is called.
const ROOM: &str = "suppressions";

/// Reads who is not mailed.
#[async_trait]
pub trait ReadSuppressions: Send {
    /// What is noted of an address, by the name of the reason: one row for each, those that count no more too.
    async fn of(&mut self, address: AddressKey) -> Result<Vec<Suppression>, StoreError>;
}

/// Changes who is not mailed.
#[async_trait]
pub trait Suppressions: ReadSuppressions {
    /// The row of an address and a reason, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(
        &mut self,
        address: AddressKey,
        reason: SuppressionReason,
    ) -> Result<Option<Suppression>, StoreError>;

    /// The same; where there is no row, `fresh` becomes it.
    async fn lock_or_insert(&mut self, fresh: &Suppression) -> Result<Suppression, StoreError>;

    /// Writes source, times and `modified_at` of a row that was locked in this unit; nothing else changes.
    async fn update(&mut self, suppression: &Suppression) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadSuppressions for AbsentRoom {
    async fn of(&mut self, _address: AddressKey) -> Result<Vec<Suppression>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Suppressions for AbsentRoom {
    async fn lock(
        &mut self,
        _address: AddressKey,
        _reason: SuppressionReason,
    ) -> Result<Option<Suppression>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_or_insert(&mut self, _fresh: &Suppression) -> Result<Suppression, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _suppression: &Suppression) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
