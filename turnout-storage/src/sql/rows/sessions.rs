//! Who is signed in.

use sqlx::FromRow;
use turnout_core::{
    account::{Session, SessionStage},
    ids::{SessionId, UserId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{moment::Moment, statements::sessions as statements};

#[derive(FromRow)]
pub(crate) struct SessionRow {
    uuid: Uuid,
    user_id: Uuid,
    token_hash: Vec<u8>,
    stage: String,
    agent: String,
    seen_at: Moment,
    expires: Moment,
    created_at: Moment,
}
table!(SessionRow, "account_session", statements::COLUMNS, "session");

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId(row.uuid),
            user: UserId(row.user_id),
            token_hash: row.token_hash,
            stage: required::<SessionRow, _>("stage", &row.stage, SessionStage::parse)?,
            agent: row.agent,
            seen_at: row.seen_at.0,
            expires: row.expires.0,
            created_at: row.created_at.0,
        })
    }
}
