//! Webhooks that are called when facts about states change.

use sqlx::FromRow;
use turnout_core::{
    election::webhooks::{UpdateWebhook, WebhookType},
    ids::UpdateWebhookId,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{optional, table};
use crate::sql::{moment::Moment, statements::update_webhooks as statements};

#[derive(FromRow)]
pub(crate) struct UpdateWebhookRow {
    uuid: Uuid,
    name: Option<String>,
    #[sqlx(rename = "type")]
    kind: Option<String>,
    trigger_url: Option<String>,
    last_triggered: Option<Moment>,
    active: Option<bool>,
    seen: Option<String>,
    failed_at: Option<Moment>,
    created_at: Moment,
    modified_at: Moment,
}
table!(UpdateWebhookRow, "election_updatenotificationwebhook", statements::COLUMNS, "webhook");

impl TryFrom<UpdateWebhookRow> for UpdateWebhook {
    type Error = StoreError;

    fn try_from(row: UpdateWebhookRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: UpdateWebhookId(row.uuid),
            name: row.name,
            kind: optional::<UpdateWebhookRow, _>("type", row.kind.as_deref(), WebhookType::parse)?,
            url: row.trigger_url,
            is_active: row.active.unwrap_or_default(),
            last_triggered: row.last_triggered.map(|at| at.0),
            seen: row.seen,
            failed_at: row.failed_at.map(|at| at.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
