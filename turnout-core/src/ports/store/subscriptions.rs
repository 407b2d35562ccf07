//! Subscriptions, wishes to subscribe, and what opens subscribers' accounts elsewhere.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{InterestId, SubscriberId},
    page::{Page, PageRequest},
    secret::IntegrationKey,
    subscription::{ExternalTool, Integration, Interest, InterestStatus, Product, Subscription},
};

/// What this room is called.
const ROOM: &str = "subscriptions";

/// Reads subscriptions.
#[async_trait]
pub trait ReadSubscriptions: Send {
    /// The subscription of a subscriber, if it has one.
    async fn by_subscriber(&mut self, subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError>;

    /// A wish to subscribe.
    async fn interest(&mut self, id: InterestId) -> Result<Option<Interest>, StoreError>;

    /// A page of the wishes that have come so far, newest first; of the same moment, by id downwards. A key is that of the
    /// last row of the page before.
    async fn interests(
        &mut self,
        status: InterestStatus,
        page: &PageRequest<(DateTime<Utc>, InterestId)>,
    ) -> Result<Page<Interest, (DateTime<Utc>, InterestId)>, StoreError>;

    /// What was sold once: the first so many by id.
    async fn products(&mut self, limit: u32) -> Result<Vec<Product>, StoreError>;

    /// What opens the subscriber's account there, if it has one: of several, what was made last.
    async fn integration_key(
        &mut self,
        subscriber: SubscriberId,
        tool: ExternalTool,
    ) -> Result<Option<IntegrationKey>, StoreError>;
}

/// Changes subscriptions.
#[async_trait]
pub trait Subscriptions: ReadSubscriptions {
    /// A new subscription. Conflict when the subscriber has one.
    async fn insert(&mut self, subscription: &Subscription) -> Result<(), StoreError>;

    /// The subscription of a subscriber, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError>;

    /// Writes every column of a subscription that was locked in this unit, but for id, subscriber and `created_at`.
    async fn update(&mut self, subscription: &Subscription) -> Result<(), StoreError>;

    /// A new wish. Conflict when the id is taken.
    async fn insert_interest(&mut self, interest: &Interest) -> Result<(), StoreError>;

    /// The wish, held until the unit ends: nobody else changes it meanwhile.
    async fn lock_interest(&mut self, id: InterestId) -> Result<Option<Interest>, StoreError>;

    /// Writes every column of a wish that was locked in this unit, but for id and `created_at`.
    async fn update_interest(&mut self, interest: &Interest) -> Result<(), StoreError>;

    /// A key, in place of all that the subscriber has there.
    async fn put_integration(&mut self, integration: &Integration) -> Result<(), StoreError>;

    /// Takes the subscriber's keys there away, and says how many there were.
    async fn remove_integration(
        &mut self,
        subscriber: SubscriberId,
        tool: ExternalTool,
    ) -> Result<u64, StoreError>;
}

#[async_trait]
impl ReadSubscriptions for AbsentRoom {
    async fn by_subscriber(&mut self, _subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn interest(&mut self, _id: InterestId) -> Result<Option<Interest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn interests(
        &mut self,
        _status: InterestStatus,
        _page: &PageRequest<(DateTime<Utc>, InterestId)>,
    ) -> Result<Page<Interest, (DateTime<Utc>, InterestId)>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn products(&mut self, _limit: u32) -> Result<Vec<Product>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn integration_key(
        &mut self,
        _subscriber: SubscriberId,
        _tool: ExternalTool,
    ) -> Result<Option<IntegrationKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Subscriptions for AbsentRoom {
    async fn insert(&mut self, _subscription: &Subscription) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _subscription: &Subscription) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_interest(&mut self, _interest: &Interest) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_interest(&mut self, _id: InterestId) -> Result<Option<Interest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_interest(&mut self, _interest: &Interest) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn put_integration(&mut self, _integration: &Integration) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove_integration(
        &mut self,
        _subscriber: SubscriberId,
        _tool: ExternalTool,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
