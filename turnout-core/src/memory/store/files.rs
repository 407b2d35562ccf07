//! Files' rows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    file::{FileType, StoredFile},
    ids::FileId,
    ports::store::{Files, ReadFiles, StoreError},
};

#[async_trait]
impl ReadFiles for Rooms {
    async fn by_id(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        Ok(self.files.get(&id).cloned())
    }

    async fn unpurged(
        &mut self,
        kinds: &[FileType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let wanted =
            |it: &&StoredFile| it.purged.is_none() && it.created_at < before && kinds.contains(&it.kind);
        let mut files: Vec<StoredFile> = self.files.values().filter(wanted).cloned().collect();
        files.sort_by_key(|it| (it.created_at, it.id));
        files.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(files)
    }

    async fn undeleted(&mut self, limit: u32) -> Result<Vec<StoredFile>, StoreError> {
        let undeleted = self.files.values().filter(|it| it.purged.is_some() && !it.key.is_empty());
        Ok(undeleted.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }
}

#[async_trait]
impl Files for Rooms {
    async fn insert(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        insert(&mut self.files, file.id, file, "file")
    }

    async fn lock(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        Ok(self.files.get(&id).cloned())
    }

    async fn update(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        let row = row(&mut self.files, &file.id, "file")?;
        *row = StoredFile { created_at: row.created_at, ..file.clone() };
        Ok(())
    }
}
