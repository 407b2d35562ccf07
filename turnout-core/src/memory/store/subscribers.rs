//! Subscribers and their slugs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, newest_first, row};
use crate::{
    ids::{SlugId, SubscriberId, SubscriptionId},
    page::{Page, PageRequest},
    ports::store::{ReadSubscribers, StoreError, Subscribers},
    subscriber::{Plan, Slug, Subscriber},
    subscription::{Contact, Subscription},
};

impl Rooms {
    /// With the plan of its subscription.
    fn planned(&self, subscriber: &Subscriber) -> Subscriber {
        let plan = self.subscriptions.get(&subscriber.id).map_or(Plan::Premium, |it| it.plan);
        Subscriber { plan, ..subscriber.clone() }
    }
}

#[async_trait]
impl ReadSubscribers for Rooms {
    async fn by_id(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.subscribers.get(&id).map(|it| self.planned(it)))
    }

    async fn by_slug(&mut self, slug: &str) -> Result<Option<Subscriber>, StoreError> {
        let found = self.slugs.values().find(|it| it.slug == slug);
        let found = found.and_then(|slug| self.subscribers.get(&slug.subscriber));
        Ok(found.map(|it| self.planned(it)))
    }

    async fn default(&mut self) -> Result<Option<Subscriber>, StoreError> {
        let first = self.subscribers.values().min_by_key(|it| (it.created_at, it.id));
        Ok(first.map(|it| self.planned(it)))
    }

    async fn slug(&mut self, id: SlugId) -> Result<Option<Slug>, StoreError> {
        Ok(self.slugs.get(&id).cloned())
    }

    async fn newest(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, SubscriberId)>,
    ) -> Result<Page<Subscriber, (DateTime<Utc>, SubscriberId)>, StoreError> {
        let rows = self.subscribers.values().map(|it| self.planned(it));
        Ok(newest_first(rows, page, |it| (it.created_at, it.id)))
    }
}

#[async_trait]
impl Subscribers for Rooms {
    async fn insert(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        insert(&mut self.subscribers, subscriber.id, subscriber, "subscriber")?;
        if subscriber.plan == Plan::Premium {
            return Ok(());
        }
        let subscription = Subscription {
            id: SubscriptionId(subscriber.id.0),
            subscriber: subscriber.id,
            interest: None,
            product: None,
            plan: subscriber.plan,
            expires: None,
            contact: Contact::default(),
            ein: None,
            internal_notes: None,
            created_at: subscriber.created_at,
            modified_at: subscriber.created_at,
        };
        insert(&mut self.subscriptions, subscriber.id, &subscription, "subscription")
    }

    async fn lock(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        ReadSubscribers::by_id(self, id).await
    }

    async fn update(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        let row = row(&mut self.subscribers, &subscriber.id, "subscriber")?;
        *row = Subscriber { created_at: row.created_at, ..subscriber.clone() };
        Ok(())
    }

    async fn insert_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
        if self.slugs.values().any(|it| it.slug == slug.slug) {
            return Err(StoreError::Conflict { entity: "slug" });
        }
        insert(&mut self.slugs, slug.id, slug, "slug")
    }
}
