//! E-mail addresses that are not mailed.

use sqlx::FromRow;
use turnout_core::{
    ports::store::StoreError,
    suppression::{AddressKey, Suppression, SuppressionReason, SuppressionSource},
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{moment::Moment, statements::suppressions as statements};

#[derive(FromRow)]
pub(crate) struct SuppressionRow {
    address_key: Uuid,
    reason: String,
    source: String,
    since: Moment,
    lifted_at: Option<Moment>,
    created_at: Moment,
    modified_at: Moment,
}
table!(SuppressionRow, "email_suppression", statements::COLUMNS, "suppression");

impl TryFrom<SuppressionRow> for Suppression {
    type Error = StoreError;

    fn try_from(row: SuppressionRow) -> Result<Self, StoreError> {
        Ok(Self {
            address: AddressKey(row.address_key),
            reason: required::<SuppressionRow, _>("reason", &row.reason, SuppressionReason::parse)?,
            source: required::<SuppressionRow, _>("source", &row.source, SuppressionSource::parse)?,
            since: row.since.0,
            lifted_at: row.lifted_at.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
