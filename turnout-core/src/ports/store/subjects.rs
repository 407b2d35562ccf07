//! What is kept of one person, over all tables.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, Row, StoreError};
use crate::{
    ids::ReceiptId,
    retention::Kind,
    subject::{Clue, Holding, SignedReceipt},
};

/// What this room is called.
const ROOM: &str = "rows by person";

/// Finds rows by [the catalogue](crate::subject::HOLDINGS). Not required.
#[async_trait]
pub trait ReadSubjects: Send {
    /// The rows in which a clue has one of these values, with every column but the hidden ones: ids as UUIDs with hyphens,
    /// moments as texts. Ids are given in any form.
    async fn find(
        &mut self,
        holding: &'static Holding,
        clue: &'static Clue,
        values: &[String],
    ) -> Result<Vec<Row>, StoreError>;

    /// How many rows of a kind are older than a moment.
    async fn count_older(&mut self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Ids of rows of a kind that are older, the oldest first.
    async fn older(
        &mut self,
        kind: Kind,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError>;

    /// A receipt.
    async fn receipt(&mut self, id: ReceiptId) -> Result<Option<SignedReceipt>, StoreError>;

    /// The newest receipts.
    async fn receipts(&mut self, limit: u32) -> Result<Vec<SignedReceipt>, StoreError>;
}

/// Erases rows by the catalogue. Not required.
#[async_trait]
pub trait Subjects: ReadSubjects {
    /// Does to the rows in which a clue has one of these values what the catalogue says; how many were deleted.
    async fn erase(
        &mut self,
        holding: &'static Holding,
        clue: &'static Clue,
        values: &[String],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;

    /// Deletes some rows of a kind that are older than a moment, of a kind that nothing hangs on; how many.
    async fn delete_older(
        &mut self,
        kind: Kind,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Adds a receipt. Conflict when its id is taken.
    async fn insert_receipt(&mut self, receipt: &SignedReceipt) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadSubjects for AbsentRoom {
    async fn find(
        &mut self,
        _holding: &'static Holding,
        _clue: &'static Clue,
        _values: &[String],
    ) -> Result<Vec<Row>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn count_older(&mut self, _kind: Kind, _before: DateTime<Utc>) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn older(
        &mut self,
        _kind: Kind,
        _before: DateTime<Utc>,
        _limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn receipt(&mut self, _id: ReceiptId) -> Result<Option<SignedReceipt>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn receipts(&mut self, _limit: u32) -> Result<Vec<SignedReceipt>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Subjects for AbsentRoom {
    async fn erase(
        &mut self,
        _holding: &'static Holding,
        _clue: &'static Clue,
        _values: &[String],
        _now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn delete_older(
        &mut self,
        _kind: Kind,
        _before: DateTime<Utc>,
        _limit: u32,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_receipt(&mut self, _receipt: &SignedReceipt) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
