//! Webhooks that are called when facts about states change.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    election::webhooks::UpdateWebhook,
    ids::UpdateWebhookId,
    ports::store::{ReadUpdateWebhooks, StoreError, UpdateWebhooks},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::update_webhooks::UpdateWebhookRow,
    session::{Session, query},
    statements::update_webhooks as statements,
};

/// What the room calls a row.
const WEBHOOK: &str = "webhook";

#[async_trait]
impl<D: Dialect> ReadUpdateWebhooks for Session<D> {
    async fn all(&mut self) -> Result<Vec<UpdateWebhook>, StoreError> {
        Session::all::<UpdateWebhookRow, _>(self, query(statements::ALL_OF_THEM)).await
    }
}

#[async_trait]
impl<D: Dialect> UpdateWebhooks for Session<D> {
    async fn insert(&mut self, webhook: &UpdateWebhook) -> Result<(), StoreError> {
        let statement = query(statements::INSERT)
            .bind(webhook.id.0)
            .bind(&webhook.name)
            .bind(webhook.kind.map(|kind| kind.wire()))
            .bind(&webhook.url)
            .bind(webhook.last_triggered.map(Moment))
            .bind(webhook.is_active)
            .bind(&webhook.seen)
            .bind(webhook.failed_at.map(Moment))
            .bind(Moment(webhook.created_at))
            .bind(Moment(webhook.modified_at));
        self.change_one(WEBHOOK, statement).await
    }

    async fn readdress(
        &mut self,
        id: UpdateWebhookId,
        url: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let statement = query(statements::READDRESS).bind(id.0).bind(url.to_owned()).bind(Moment(now));
        Ok(self.change(WEBHOOK, statement).await? > 0)
    }

    async fn remove(&mut self, id: UpdateWebhookId) -> Result<bool, StoreError> {
        Ok(self.change(WEBHOOK, query(statements::REMOVE).bind(id.0)).await? > 0)
    }

    async fn forget(&mut self, id: UpdateWebhookId) -> Result<bool, StoreError> {
        Ok(self.change(WEBHOOK, query(statements::FORGET).bind(id.0)).await? > 0)
    }

    async fn called(&mut self, id: UpdateWebhookId, at: DateTime<Utc>, seen: &str) -> Result<(), StoreError> {
        let statement = query(statements::CALLED).bind(id.0).bind(Moment(at)).bind(seen.to_owned());
        self.change(WEBHOOK, statement).await.map(drop)
    }

    async fn failed(&mut self, id: UpdateWebhookId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.change(WEBHOOK, query(statements::FAILED).bind(id.0).bind(Moment(at))).await.map(drop)
    }
}
