//! Uploads' rows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    file::{SecureUpload, UploadType},
    ids::UploadId,
    ports::store::{ReadUploads, StoreError, Uploads},
};

#[async_trait]
impl ReadUploads for Rooms {
    async fn by_id(&mut self, id: UploadId) -> Result<Option<SecureUpload>, StoreError> {
        Ok(self.uploads.get(&id).cloned())
    }

    async fn unpurged(
        &mut self,
        kinds: &[UploadType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<SecureUpload>, StoreError> {
        let wanted =
            |it: &&SecureUpload| it.purged.is_none() && it.created_at < before && kinds.contains(&it.kind);
        let mut uploads: Vec<SecureUpload> = self.uploads.values().filter(wanted).cloned().collect();
        uploads.sort_by_key(|it| (it.created_at, it.id));
        uploads.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(uploads)
    }

    async fn undeleted(&mut self, limit: u32) -> Result<Vec<SecureUpload>, StoreError> {
        let undeleted = self.uploads.values().filter(|it| it.purged.is_some() && !it.key.is_empty());
        Ok(undeleted.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }
}

#[async_trait]
impl Uploads for Rooms {
    async fn insert(&mut self, upload: &SecureUpload) -> Result<(), StoreError> {
        insert(&mut self.uploads, upload.id, upload, "upload")
    }

    async fn lock(&mut self, id: UploadId) -> Result<Option<SecureUpload>, StoreError> {
        Ok(self.uploads.get(&id).cloned())
    }

    async fn update(&mut self, upload: &SecureUpload) -> Result<(), StoreError> {
        let row = row(&mut self.uploads, &upload.id, "upload")?;
        *row = SecureUpload { created_at: row.created_at, ..upload.clone() };
        Ok(())
    }
}
