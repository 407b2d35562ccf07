//! Webhooks that are called when facts about states change.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{election::webhooks::UpdateWebhook, ids::UpdateWebhookId};

/// What this room is called.
const ROOM: &str = "update webhooks";

/// Reads webhooks.
#[async_trait]
pub trait ReadUpdateWebhooks: Send {
    /// All there are, the oldest first: a handful.
    async fn all(&mut self) -> Result<Vec<UpdateWebhook>, StoreError>;
}

/// Changes webhooks. Name and whether one is active are set as those of any record.
#[async_trait]
pub trait UpdateWebhooks: ReadUpdateWebhooks {
    /// Adds a webhook. Conflict when the id is taken.
    async fn insert(&mut self, webhook: &UpdateWebhook) -> Result<(), StoreError>;

    /// Another address. Says whether there is such a webhook.
    async fn readdress(
        &mut self,
        id: UpdateWebhookId,
        url: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Takes it away. Says whether there was one.
    async fn remove(&mut self, id: UpdateWebhookId) -> Result<bool, StoreError>;

    /// Forgets which facts it has seen, so that it is called. Says whether there is such a webhook.
    async fn forget(&mut self, id: UpdateWebhookId) -> Result<bool, StoreError>;

    /// It took a call, with these facts. Nothing where it is gone.
    async fn called(&mut self, id: UpdateWebhookId, at: DateTime<Utc>, seen: &str) -> Result<(), StoreError>;

    /// It did not take a call. Nothing where it is gone.
    async fn failed(&mut self, id: UpdateWebhookId, at: DateTime<Utc>) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadUpdateWebhooks for AbsentRoom {
    async fn all(&mut self) -> Result<Vec<UpdateWebhook>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl UpdateWebhooks for AbsentRoom {
    async fn insert(&mut self, _webhook: &UpdateWebhook) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn readdress(
        &mut self,
        _id: UpdateWebhookId,
        _url: &str,
        _now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove(&mut self, _id: UpdateWebhookId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn forget(&mut self, _id: UpdateWebhookId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn called(
        &mut self,
        _id: UpdateWebhookId,
        _at: DateTime<Utc>,
        _seen: &str,
    ) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn failed(&mut self, _id: UpdateWebhookId, _at: DateTime<Utc>) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
