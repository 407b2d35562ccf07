//! Files made for persons.

use sqlx::FromRow;
use turnout_core::{
    file::{FileType, StoredFile},
    ids::{FileId, SubscriberId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::files as statements};

#[derive(FromRow)]
pub(crate) struct FileRow {
    uuid: Uuid,
    app: String,
    file: String,
    name: String,
    email: Option<String>,
    partner_id: Option<Uuid>,
    generation: i32,
    imported_token_hash: Option<Vec<u8>>,
    expires: Moment,
    first_download: Option<Moment>,
    purged: Option<Moment>,
    claimed: bool,
    modified_at: Moment,
    created_at: Moment,
}
table!(FileRow, "storage_storageitem", statements::COLUMNS, "file");

impl TryFrom<FileRow> for StoredFile {
    type Error = StoreError;

    fn try_from(row: FileRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: FileId(row.uuid),
            kind: required::<FileRow, _>("app", &row.app, FileType::parse)?,
            key: row.file,
            name: row.name,
            email: row.email,
            subscriber: row.partner_id.map(SubscriberId),
            generation: row.generation,
            imported_token_hash: row.imported_token_hash,
            expires: row.expires.0,
            first_download: row.first_download.map(|moment| moment.0),
            purged: row.purged.map(|moment| moment.0),
            claimed: row.claimed,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT` (all but the last) and `UPDATE` (all) take.
pub(crate) fn bind_file<D: Dialect>(statement: Statement<D>, file: &StoredFile) -> Statement<D> {
    statement
        .bind(file.id.0)
        .bind(file.kind.wire())
        .bind(&file.key)
        .bind(&file.name)
        .bind(&file.email)
        .bind(file.subscriber.map(|id| id.0))
        .bind(file.generation)
        .bind(&file.imported_token_hash)
        .bind(Moment(file.expires))
        .bind(file.first_download.map(Moment))
        .bind(file.purged.map(Moment))
        .bind(file.claimed)
        .bind(Moment(file.modified_at))
}
