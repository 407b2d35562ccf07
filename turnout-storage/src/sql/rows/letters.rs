//! Letters.

use sqlx::FromRow;
use turnout_core::{
    ids::{ActionId, LetterId, SubscriberId},
    letter::Letter,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, table};
use crate::sql::{moment::Moment, statements::letters as statements};

#[derive(FromRow)]
pub(crate) struct LetterRow {
    uuid: Uuid,
    external_id: Option<String>,
    action_id: Option<Uuid>,
    subscriber_id: Option<Uuid>,
    created_at: Moment,
    modified_at: Moment,
}
table!(LetterRow, "integration_link", statements::COLUMNS, "letter");

impl TryFrom<LetterRow> for Letter {
    type Error = StoreError;

    fn try_from(row: LetterRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: LetterId(row.uuid),
            action: row.action_id.map(ActionId).ok_or_else(|| corrupt::<LetterRow>("action_id"))?,
            subscriber: row.subscriber_id.map(SubscriberId),
            external_id: row.external_id.filter(|id| !id.is_empty()),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
