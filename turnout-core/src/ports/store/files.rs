//! Files made for persons.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;
use crate::{
    file::{FileType, StoredFile},
    ids::FileId,
};

/// What a store lacks that has files and no previews.
const PREVIEWS: &str = "previews";

/// Reads files' rows.
#[async_trait]
pub trait ReadFiles: Send {
    /// The file's row, claimed or not, purged or not.
    async fn by_id(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError>;

    /// Files of these types made before `before` and not purged, oldest first, `limit` at the most.
    async fn unpurged(
        &mut self,
        kinds: &[FileType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<StoredFile>, StoreError>;

    /// Purged files whose bytes may still be there: those with a key, `limit` at the most.
    async fn undeleted(&mut self, limit: u32) -> Result<Vec<StoredFile>, StoreError>;

    /// The newest claimed preview of a file that is not purged. Not required.
    async fn preview_of(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        let _ = id;
        Err(StoreError::Absent(PREVIEWS))
    }
}

/// Changes files' rows.
#[async_trait]
pub trait Files: ReadFiles {
    /// A new row. Conflict when the id is taken.
    async fn insert(&mut self, file: &StoredFile) -> Result<(), StoreError>;

    /// The row, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError>;

    /// Writes every column of a row that was locked in this unit, but for id and `created_at`.
    async fn update(&mut self, file: &StoredFile) -> Result<(), StoreError>;

    /// Notes of which file another is a preview. Not required.
    async fn set_preview(&mut self, preview: FileId, of: FileId) -> Result<(), StoreError> {
        let _ = (preview, of);
        Err(StoreError::Absent(PREVIEWS))
    }
}
