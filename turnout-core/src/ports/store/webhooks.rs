//! Endpoints of subscribers, and what is delivered to them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{ActionId, DeliveryId, EndpointId, SubscriberId},
    page::{Page, PageRequest},
    webhook::{Delivery, DeliveryKey, DeliveryStatus, Endpoint, Listeners, Window},
};

/// What this room is called.
const ROOM: &str = "webhooks";

/// Reads endpoints and deliveries.
#[async_trait]
pub trait ReadWebhooks: Send {
    /// The endpoint, removed or not.
    async fn endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;

    /// The endpoints of a subscriber that were not removed, oldest first; of the same moment, by id.
    async fn of_subscriber(&mut self, subscriber: SubscriberId) -> Result<Vec<Endpoint>, StoreError>;

    /// Every endpoint that takes something, by id.
    async fn open_endpoints(&mut self) -> Result<Vec<Endpoint>, StoreError>;

    /// Who is to be told of an action: nobody unless it belongs to a tool's record, its subscriber sees it, is active, may
    /// use the API, and has endpoints.
    async fn listeners(&mut self, action: ActionId) -> Result<Option<Listeners>, StoreError>;

    /// The delivery, if there is one.
    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError>;

    /// A page of what is delivered to an endpoint, what happened last first; of the same moment, by id downwards. Only of one
    /// status, where one is given.
    async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        page: &PageRequest<DeliveryKey>,
    ) -> Result<Page<Delivery, DeliveryKey>, StoreError>;

    /// How many deliveries to an endpoint have that status; `most` for as many or more.
    async fn count(
        &mut self,
        endpoint: EndpointId,
        status: DeliveryStatus,
        most: u32,
    ) -> Result<u64, StoreError>;

    /// What is to be delivered next in a line of an endpoint: the delivery that waits, is due, and has none before it, in
    /// whichever line, that waits and is of the same action or of one whose voter is the same by now; of several the one that is
    /// due longest.
    async fn next_due(
        &mut self,
        endpoint: EndpointId,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError>;
}

/// Changes endpoints and deliveries.
#[async_trait]
pub trait Webhooks: ReadWebhooks {
    /// A new endpoint. Conflict when the id is taken.
    async fn insert_endpoint(&mut self, endpoint: &Endpoint) -> Result<(), StoreError>;

    /// The endpoint, held until the unit ends: nobody else changes it meanwhile.
    async fn lock_endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;

    /// Writes every column of an endpoint that was locked in this unit, but for id, subscriber, who made it and when.
    async fn update_endpoint(&mut self, endpoint: &Endpoint) -> Result<(), StoreError>;

    /// Holds an action and its voter, where it has one, until the unit ends: nobody else who does so adds deliveries of either
    /// meanwhile.
    async fn hold_action(&mut self, action: ActionId) -> Result<(), StoreError>;

    /// A new delivery to its endpoint, behind those of the same action and of others of the same voter: at its own position, or
    /// at a higher one where that is not behind them. The action is held. Conflict when the id is taken.
    async fn insert_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError>;

    /// The delivery, held until the unit ends.
    async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError>;

    /// Writes how far a delivery is that was locked in this unit: all but what it tells, to whom, and its position.
    async fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError>;

    /// Has what waits for an endpoint due now, and tried for as long as if it were new.
    async fn queue_waiting(&mut self, endpoint: EndpointId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Puts in line again what of an endpoint's deliveries happened in the window, does not wait, and was put in line before
    /// `asked_at`: up to `limit`, what happened first first. Returns how many.
    async fn queue_again(
        &mut self,
        endpoint: EndpointId,
        window: Window,
        asked_at: DateTime<Utc>,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Gives up what waits for an endpoint that is no more.
    async fn give_up_waiting(&mut self, endpoint: EndpointId) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadWebhooks for AbsentRoom {
    async fn endpoint(&mut self, _id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of_subscriber(&mut self, _subscriber: SubscriberId) -> Result<Vec<Endpoint>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn open_endpoints(&mut self) -> Result<Vec<Endpoint>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn listeners(&mut self, _action: ActionId) -> Result<Option<Listeners>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn delivery(&mut self, _id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn deliveries(
        &mut self,
        _endpoint: EndpointId,
        _status: Option<DeliveryStatus>,
        _page: &PageRequest<DeliveryKey>,
    ) -> Result<Page<Delivery, DeliveryKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn count(
        &mut self,
        _endpoint: EndpointId,
        _status: DeliveryStatus,
        _most: u32,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn next_due(
        &mut self,
        _endpoint: EndpointId,
        _shard: u8,
        _now: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Webhooks for AbsentRoom {
    async fn insert_endpoint(&mut self, _endpoint: &Endpoint) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_endpoint(&mut self, _id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_endpoint(&mut self, _endpoint: &Endpoint) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn hold_action(&mut self, _action: ActionId) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_delivery(&mut self, _delivery: &Delivery) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_delivery(&mut self, _id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_delivery(&mut self, _delivery: &Delivery) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn queue_waiting(&mut self, _endpoint: EndpointId, _now: DateTime<Utc>) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn queue_again(
        &mut self,
        _endpoint: EndpointId,
        _window: Window,
        _asked_at: DateTime<Utc>,
        _now: DateTime<Utc>,
        _limit: u32,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn give_up_waiting(&mut self, _endpoint: EndpointId) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
