//! Pictures that voters uploaded.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    file::{SecureUpload, UploadType},
    ids::UploadId,
};

/// What this room is called.
const ROOM: &str = "uploads";

/// Reads uploads' rows.
#[async_trait]
pub trait ReadUploads: Send {
    /// The upload's row, purged or not.
    async fn by_id(&mut self, id: UploadId) -> Result<Option<SecureUpload>, StoreError>;

    /// Uploads of these types made before `before` and not purged, oldest first, `limit` at the most.
    async fn unpurged(
        &mut self,
        kinds: &[UploadType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<SecureUpload>, StoreError>;

    /// Purged uploads whose bytes may still be there: those with a key, `limit` at the most.
    async fn undeleted(&mut self, limit: u32) -> Result<Vec<SecureUpload>, StoreError>;
}

/// Changes uploads' rows.
#[async_trait]
pub trait Uploads: ReadUploads {
    /// A new row. Conflict when the id is taken.
    async fn insert(&mut self, upload: &SecureUpload) -> Result<(), StoreError>;

    /// The row, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: UploadId) -> Result<Option<SecureUpload>, StoreError>;

    /// Writes every column of a row that was locked in this unit, but for id and `created_at`.
    async fn update(&mut self, upload: &SecureUpload) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadUploads for AbsentRoom {
    async fn by_id(&mut self, _id: UploadId) -> Result<Option<SecureUpload>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unpurged(
        &mut self,
        _kinds: &[UploadType],
        _before: DateTime<Utc>,
        _limit: u32,
    ) -> Result<Vec<SecureUpload>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn undeleted(&mut self, _limit: u32) -> Result<Vec<SecureUpload>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Uploads for AbsentRoom {
    async fn insert(&mut self, _upload: &SecureUpload) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: UploadId) -> Result<Option<SecureUpload>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _upload: &SecureUpload) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
