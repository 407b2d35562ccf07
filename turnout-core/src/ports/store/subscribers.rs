//! Subscribers and their slugs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;
use crate::{
    ids::{SlugId, SubscriberId},
    page::{Page, PageRequest},
    subscriber::{Slug, Subscriber},
};

/// Reads subscribers.
#[async_trait]
pub trait ReadSubscribers: Send {
    /// The subscriber, if there is one.
    async fn by_id(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError>;

    /// The subscriber with this slug, case-sensitively, whatever its status.
    async fn by_slug(&mut self, slug: &str) -> Result<Option<Subscriber>, StoreError>;

    /// The subscriber that was made first; of the same moment, by id.
    async fn default(&mut self) -> Result<Option<Subscriber>, StoreError>;

    /// A slug by id.
    async fn slug(&mut self, id: SlugId) -> Result<Option<Slug>, StoreError>;

    /// A page of all subscribers, newest first; of the same moment, by id downwards. A key is that of the last row of the
    /// page before.
    async fn newest(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, SubscriberId)>,
    ) -> Result<Page<Subscriber, (DateTime<Utc>, SubscriberId)>, StoreError>;
}

/// Changes subscribers.
#[async_trait]
pub trait Subscribers: ReadSubscribers {
    /// A new subscriber. Its default slug may follow later in the unit. A plan that it would not have without a
    /// subscription makes one. Conflict when the id is taken.
    async fn insert(&mut self, subscriber: &Subscriber) -> Result<(), StoreError>;

    /// The subscriber, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError>;

    /// Writes every column of a subscriber but for id, plan and `created_at`.
    async fn update(&mut self, subscriber: &Subscriber) -> Result<(), StoreError>;

    /// A new slug. Conflict when the slug is taken, by whomever.
    async fn insert_slug(&mut self, slug: &Slug) -> Result<(), StoreError>;
}
