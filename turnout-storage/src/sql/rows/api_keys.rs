//! Keys of partners' programs.

use sqlx::FromRow;
use turnout_core::{
    api_key::{ApiKey, SecretHash},
    ids::{ApiKeyId, SubscriberId, UserId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, table};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::api_keys as statements};

#[derive(FromRow)]
pub(crate) struct ApiKeyRow {
    uuid: Uuid,
    partner_id: Option<Uuid>,
    secret_hash: Vec<u8>,
    description: Option<String>,
    created_by_id: Option<Uuid>,
    deactivated_by_id: Option<Uuid>,
    deactivated_at: Option<Moment>,
    modified_at: Moment,
    created_at: Moment,
}
table!(ApiKeyRow, "apikey_apikey", statements::COLUMNS, "API key");

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        let hash = row.secret_hash.try_into().map_err(|_| corrupt::<ApiKeyRow>("secret_hash"))?;
        Ok(Self {
            id: ApiKeyId(row.uuid),
            subscriber: row.partner_id.map(SubscriberId),
            hash: SecretHash(hash),
            description: row.description,
            created_by: row.created_by_id.map(UserId),
            deactivated_by: row.deactivated_by_id.map(UserId),
            deactivated_at: row.deactivated_at.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT` (all but the last) and `UPDATE` (all) take.
pub(crate) fn bind_api_key<D: Dialect>(statement: Statement<D>, key: &ApiKey) -> Statement<D> {
    statement
        .bind(key.id.0)
        .bind(key.subscriber.map(|id| id.0))
        .bind(&key.hash.0[..])
        .bind(&key.description)
        .bind(key.created_by.map(|id| id.0))
        .bind(key.deactivated_by.map(|id| id.0))
        .bind(key.deactivated_at.map(Moment))
        .bind(Moment(key.modified_at))
}
