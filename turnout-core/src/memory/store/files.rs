//! Files' rows.

use std::sync::Arc;

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

    async fn preview_of(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        let previews = self.previews.iter().filter(|(_, of)| **of == id);
        let files = previews.filter_map(|(preview, _)| self.files.get(preview));
        let there = files.filter(|it| it.claimed && it.purged.is_none());
        Ok(there.max_by_key(|it| (it.modified_at, it.id)).cloned())
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

    async fn set_preview(&mut self, preview: FileId, of: FileId) -> Result<(), StoreError> {
        row(&mut self.files, &preview, "file")?;
        Arc::make_mut(&mut self.previews).insert(preview, of);
        Ok(())
    }
}
