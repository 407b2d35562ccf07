//! Subscriptions, wishes to subscribe, and what opens subscribers' accounts elsewhere.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, newest_first, row};
use crate::{
    ids::{InterestId, SubscriberId},
    page::{Page, PageRequest},
    ports::store::{ReadSubscriptions, StoreError, Subscriptions},
    secret::IntegrationKey,
    subscription::{ExternalTool, Integration, Interest, InterestStatus, Product, Subscription},
};

#[async_trait]
impl ReadSubscriptions for Rooms {
    async fn by_subscriber(&mut self, subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError> {
        Ok(self.subscriptions.get(&subscriber).cloned())
    }

    async fn interest(&mut self, id: InterestId) -> Result<Option<Interest>, StoreError> {
        Ok(self.interests.get(&id).cloned())
    }

    async fn interests(
        &mut self,
        status: InterestStatus,
        page: &PageRequest<(DateTime<Utc>, InterestId)>,
    ) -> Result<Page<Interest, (DateTime<Utc>, InterestId)>, StoreError> {
        let rows = self.interests.values().filter(|it| it.status == status).cloned();
        Ok(newest_first(rows, page, |it| (it.created_at, it.id)))
    }

    async fn products(&mut self, limit: u32) -> Result<Vec<Product>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.products.values().take(limit).cloned().collect())
    }

    async fn integration_key(
        &mut self,
        subscriber: SubscriberId,
        tool: ExternalTool,
    ) -> Result<Option<IntegrationKey>, StoreError> {
        let found = self.integrations.values().filter(|it| it.subscriber == subscriber && it.tool == tool);
        Ok(found.max_by_key(|it| (it.created_at, it.id)).map(|it| it.key.clone()))
    }
}

#[async_trait]
impl Subscriptions for Rooms {
    async fn insert(&mut self, subscription: &Subscription) -> Result<(), StoreError> {
        insert(&mut self.subscriptions, subscription.subscriber, subscription, "subscription")
    }

    async fn lock(&mut self, subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError> {
        self.by_subscriber(subscriber).await
    }

    async fn update(&mut self, subscription: &Subscription) -> Result<(), StoreError> {
        let row = row(&mut self.subscriptions, &subscription.subscriber, "subscription")?;
        *row = Subscription { id: row.id, created_at: row.created_at, ..subscription.clone() };
        Ok(())
    }

    async fn insert_interest(&mut self, interest: &Interest) -> Result<(), StoreError> {
        insert(&mut self.interests, interest.id, interest, "interest")
    }

    async fn lock_interest(&mut self, id: InterestId) -> Result<Option<Interest>, StoreError> {
        self.interest(id).await
    }

    async fn update_interest(&mut self, interest: &Interest) -> Result<(), StoreError> {
        let row = row(&mut self.interests, &interest.id, "interest")?;
        *row = Interest { created_at: row.created_at, ..interest.clone() };
        Ok(())
    }

    async fn put_integration(&mut self, integration: &Integration) -> Result<(), StoreError> {
        self.remove_integration(integration.subscriber, integration.tool).await?;
        insert(&mut self.integrations, integration.id, integration, "integration")
    }

    async fn remove_integration(
        &mut self,
        subscriber: SubscriberId,
        tool: ExternalTool,
    ) -> Result<u64, StoreError> {
        let integrations = Arc::make_mut(&mut self.integrations);
        let before = integrations.len();
        integrations.retain(|_, it| it.subscriber != subscriber || it.tool != tool);
        Ok(u64::try_from(before - integrations.len()).unwrap_or(u64::MAX))
    }
}
