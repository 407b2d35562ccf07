//! Webhooks that are called when facts about states change.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert};
use crate::{
    election::webhooks::UpdateWebhook,
    ids::UpdateWebhookId,
    ports::store::{ReadUpdateWebhooks, StoreError, UpdateWebhooks},
};

impl Rooms {
    /// Changes a webhook, and says whether there is one.
    fn change_webhook(&mut self, id: UpdateWebhookId, change: impl FnOnce(&mut UpdateWebhook)) -> bool {
        Arc::make_mut(&mut self.update_webhooks).get_mut(&id).map(change).is_some()
    }
}

#[async_trait]
impl ReadUpdateWebhooks for Rooms {
    async fn all(&mut self) -> Result<Vec<UpdateWebhook>, StoreError> {
        let mut all: Vec<UpdateWebhook> = self.update_webhooks.values().cloned().collect();
        all.sort_by_key(|it| (it.created_at, it.id));
        Ok(all)
    }
}

#[async_trait]
impl UpdateWebhooks for Rooms {
    async fn insert(&mut self, webhook: &UpdateWebhook) -> Result<(), StoreError> {
        insert(&mut self.update_webhooks, webhook.id, webhook, "webhook")
    }

    async fn readdress(
        &mut self,
        id: UpdateWebhookId,
        url: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        Ok(self.change_webhook(id, |it| (it.url, it.modified_at) = (Some(url.to_owned()), now)))
    }

    async fn remove(&mut self, id: UpdateWebhookId) -> Result<bool, StoreError> {
        Ok(Arc::make_mut(&mut self.update_webhooks).remove(&id).is_some())
    }

    async fn forget(&mut self, id: UpdateWebhookId) -> Result<bool, StoreError> {
        Ok(self.change_webhook(id, |it| (it.seen, it.last_triggered) = (None, None)))
    }

    async fn called(&mut self, id: UpdateWebhookId, at: DateTime<Utc>, seen: &str) -> Result<(), StoreError> {
        self.change_webhook(id, |it| {
            (it.last_triggered, it.seen, it.failed_at) = (Some(at), Some(seen.to_owned()), None);
        });
        Ok(())
    }

    async fn failed(&mut self, id: UpdateWebhookId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.change_webhook(id, |it| it.failed_at = Some(at));
        Ok(())
    }
}
