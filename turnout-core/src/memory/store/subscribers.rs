//! Subscribers and their slugs.

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    ids::{SlugId, SubscriberId},
    ports::store::{ReadSubscribers, StoreError, Subscribers},
    subscriber::{Slug, Subscriber},
};

#[async_trait]
impl ReadSubscribers for Rooms {
    async fn by_id(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.subscribers.get(&id).cloned())
    }

    async fn by_slug(&mut self, slug: &str) -> Result<Option<Subscriber>, StoreError> {
        let found = self.slugs.values().find(|it| it.slug == slug);
        Ok(found.and_then(|slug| self.subscribers.get(&slug.subscriber)).cloned())
    }

    async fn default(&mut self) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.subscribers.values().min_by_key(|it| (it.created_at, it.id)).cloned())
    }

    async fn slug(&mut self, id: SlugId) -> Result<Option<Slug>, StoreError> {
        Ok(self.slugs.get(&id).cloned())
    }
}

#[async_trait]
impl Subscribers for Rooms {
    async fn insert(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        insert(&mut self.subscribers, subscriber.id, subscriber, "subscriber")
    }

    async fn update(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        let row = row(&mut self.subscribers, &subscriber.id, "subscriber")?;
        *row = Subscriber { plan: row.plan, created_at: row.created_at, ..subscriber.clone() };
        Ok(())
    }

    async fn insert_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
        if self.slugs.values().any(|it| it.slug == slug.slug) {
            return Err(StoreError::Conflict { entity: "slug" });
        }
        insert(&mut self.slugs, slug.id, slug, "slug")
    }
}
