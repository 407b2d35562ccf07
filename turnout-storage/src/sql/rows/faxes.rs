//! Faxes.

use sqlx::FromRow;
use turnout_core::{
    fax::{Fax, FaxStatus, FaxThen, TASK_OF_BALLOT_REQUEST},
    ids::{BallotRequestId, FaxId, FileId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, officials::stored_phone, required, table};
use crate::sql::{moment::Moment, statements::faxes as statements};

#[derive(FromRow)]
pub(crate) struct FaxRow {
    uuid: Uuid,
    token: Uuid,
    storage_item_id: Uuid,
    to: Option<String>,
    status: String,
    status_message: Option<String>,
    status_timestamp: Option<Moment>,
    on_complete_task: Option<String>,
    on_complete_task_arg: Option<String>,
    created_at: Moment,
    modified_at: Moment,
}
table!(FaxRow, "fax_fax", statements::COLUMNS, "fax");

impl TryFrom<FaxRow> for Fax {
    type Error = StoreError;

    fn try_from(row: FaxRow) -> Result<Self, StoreError> {
        let then = match (row.on_complete_task.as_deref(), row.on_complete_task_arg.as_deref()) {
            (None | Some(""), _) => None,
            (Some(TASK_OF_BALLOT_REQUEST), Some(id)) => Some(FaxThen::BallotRequest(required::<FaxRow, _>(
                "on_complete_task_arg",
                id,
                BallotRequestId::parse,
            )?)),
            _ => return Err(corrupt::<FaxRow>("on_complete_task")),
        };
        Ok(Self {
            id: FaxId(row.uuid),
            token: row.token,
            file: FileId(row.storage_item_id),
            to: stored_phone(row.to),
            status: required::<FaxRow, _>("status", &row.status, FaxStatus::parse)?,
            status_message: row.status_message,
            status_at: row.status_timestamp.map(|moment| moment.0),
            then,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// The two columns that say what follows a fax.
pub(crate) fn columns_of(then: Option<FaxThen>) -> (Option<&'static str>, Option<String>) {
    match then {
        Some(FaxThen::BallotRequest(id)) => (Some(TASK_OF_BALLOT_REQUEST), Some(id.to_string())),
        None => (None, None),
    }
}
