//! Files made for persons: their rows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    file::{FileType, StoredFile},
    ids::FileId,
    ports::store::{Files, ReadFiles, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::files::{FileRow, bind_file},
    session::{Session, query},
    statements::files as statements,
};

#[async_trait]
impl<D: Dialect> ReadFiles for Session<D> {
    async fn by_id(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        self.optional::<FileRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn unpurged(
        &mut self,
        kinds: &[FileType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.wire()).collect();
        let statement =
            query(statements::UNPURGED).bind(Json(kinds)).bind(Moment(before)).bind(i64::from(limit));
        self.all::<FileRow, _>(statement).await
    }

    async fn undeleted(&mut self, limit: u32) -> Result<Vec<StoredFile>, StoreError> {
        self.all::<FileRow, _>(query(statements::UNDELETED).bind(i64::from(limit))).await
    }

    async fn preview_of(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        self.optional::<FileRow, _>(query(statements::PREVIEW_OF).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Files for Session<D> {
    async fn insert(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        let statement = bind_file(query(statements::INSERT), file).bind(Moment(file.created_at));
        self.change_one("file", statement).await
    }

    async fn lock(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        self.optional::<FileRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        self.change_one("file", bind_file(query(statements::UPDATE), file)).await
    }

    async fn set_preview(&mut self, preview: FileId, of: FileId) -> Result<(), StoreError> {
        self.change_one("file", query(statements::SET_PREVIEW).bind(preview.0).bind(of.0)).await
    }
}
