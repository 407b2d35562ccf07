//! Pictures that voters uploaded.

use sqlx::FromRow;
use turnout_core::{
    file::{SecureUpload, UploadType},
    ids::UploadId,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::uploads as statements};

#[derive(FromRow)]
pub(crate) struct UploadRow {
    uuid: Uuid,
    upload_type: String,
    file: String,
    content_type: String,
    purged: Option<Moment>,
    modified_at: Moment,
    created_at: Moment,
}
table!(UploadRow, "storage_secureuploaditem", statements::COLUMNS, "upload");

impl TryFrom<UploadRow> for SecureUpload {
    type Error = StoreError;

    fn try_from(row: UploadRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: UploadId(row.uuid),
            kind: required::<UploadRow, _>("upload_type", &row.upload_type, UploadType::parse)?,
            key: row.file,
            content_type: row.content_type,
            purged: row.purged.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT` (all but the last) and `UPDATE` (all) take.
pub(crate) fn bind_upload<D: Dialect>(statement: Statement<D>, upload: &SecureUpload) -> Statement<D> {
    statement
        .bind(upload.id.0)
        .bind(upload.kind.wire())
        .bind(&upload.key)
        .bind(&upload.content_type)
        .bind(upload.purged.map(Moment))
        .bind(Moment(upload.modified_at))
}
