//! Pictures that voters uploaded: their rows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    file::{SecureUpload, UploadType},
    ids::UploadId,
    ports::store::{ReadUploads, StoreError, Uploads},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::uploads::{UploadRow, bind_upload},
    session::{Session, query},
    statements::uploads as statements,
};

#[async_trait]
impl<D: Dialect> ReadUploads for Session<D> {
    async fn by_id(&mut self, id: UploadId) -> Result<Option<SecureUpload>, StoreError> {
        self.optional::<UploadRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn unpurged(
        &mut self,
        kinds: &[UploadType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<SecureUpload>, StoreError> {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.wire()).collect();
        let statement =
            query(statements::UNPURGED).bind(Json(kinds)).bind(Moment(before)).bind(i64::from(limit));
        self.all::<UploadRow, _>(statement).await
    }

    async fn undeleted(&mut self, limit: u32) -> Result<Vec<SecureUpload>, StoreError> {
        self.all::<UploadRow, _>(query(statements::UNDELETED).bind(i64::from(limit))).await
    }
}

#[async_trait]
impl<D: Dialect> Uploads for Session<D> {
    async fn insert(&mut self, upload: &SecureUpload) -> Result<(), StoreError> {
        let statement = bind_upload(query(statements::INSERT), upload).bind(Moment(upload.created_at));
        self.change_one("upload", statement).await
    }

    async fn lock(&mut self, id: UploadId) -> Result<Option<SecureUpload>, StoreError> {
        self.optional::<UploadRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, upload: &SecureUpload) -> Result<(), StoreError> {
        self.change_one("upload", bind_upload(query(statements::UPDATE), upload)).await
    }
}
