//! Endpoints of subscribers, and what is delivered to them.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    ids::{ActionId, DeliveryId, EndpointId, SubscriberId},
    listing::Tool,
    page::{Page, PageRequest},
    ports::store::{ReadWebhooks, StoreError, Webhooks},
    subscriber::SubscriberStatus,
    webhook::{Delivery, DeliveryKey, DeliveryStatus, Endpoint, Failure, Listeners, Subject, Window},
};

impl Rooms {
    /// The record of an action, and whose it is.
    fn subject(&self, action: ActionId) -> Option<(Subject, Option<SubscriberId>)> {
        let is = |of: Option<ActionId>| of == Some(action);
        if let Some(it) = self.registrations.values().find(|it| is(it.action)) {
            let subject = Subject { tool: Tool::Register, record: it.id.0, state: it.address.state };
            return Some((subject, it.subscriber));
        }
        if let Some(it) = self.ballot_requests.values().find(|it| is(it.action)) {
            let subject = Subject { tool: Tool::Absentee, record: it.id.0, state: it.address.state };
            return Some((subject, it.subscriber));
        }
        if let Some(it) = self.lookups.values().find(|it| is(it.action)) {
            let subject = Subject { tool: Tool::Verify, record: it.id.0, state: it.voter.address.state };
            return Some((subject, it.subscriber));
        }
        if let Some(it) = self.reminders.values().find(|it| is(it.action)) {
            let subject = Subject { tool: Tool::Remind, record: it.id.0, state: it.voter.address.state };
            return Some((subject, it.subscriber));
        }
        let it = self.polling_places.values().find(|it| is(it.action))?;
        let subject = Subject { tool: Tool::Locate, record: it.id.0, state: it.address.state };
        Some((subject, it.subscriber))
    }

    fn deliveries_of(&self, endpoint: EndpointId) -> impl Iterator<Item = &Delivery> {
        self.deliveries.values().filter(move |it| it.endpoint == endpoint)
    }

    /// Those that have an order with it: of the same action, and of others of the same voter, to the same endpoint.
    fn in_order_with(&self, delivery: &Delivery) -> impl Iterator<Item = &Delivery> {
        let voter_of = |action: ActionId| self.voter_links.get(&action).copied();
        let action = delivery.about.map(|about| about.action);
        let voter = action.and_then(voter_of);
        self.deliveries_of(delivery.endpoint).filter(move |it| {
            let its = it.about.map(|about| about.action);
            its.is_some() && (its == action || voter.is_some() && its.and_then(voter_of) == voter)
        })
    }

    /// Whether one waits that goes before it.
    fn is_blocked(&self, delivery: &Delivery) -> bool {
        let mut others = self.in_order_with(delivery);
        others.any(|it| it.position < delivery.position && it.status == DeliveryStatus::Waiting)
    }

    fn change_deliveries(
        &mut self,
        endpoint: EndpointId,
        is_meant: impl Fn(&Delivery) -> bool,
        change: impl Fn(&mut Delivery),
    ) {
        let deliveries = Arc::make_mut(&mut self.deliveries).values_mut();
        deliveries.filter(|it| it.endpoint == endpoint && is_meant(it)).for_each(change);
    }
}

#[async_trait]
impl ReadWebhooks for Rooms {
    async fn endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        Ok(self.endpoints.get(&id).cloned())
    }

    async fn of_subscriber(&mut self, subscriber: SubscriberId) -> Result<Vec<Endpoint>, StoreError> {
        let is_its = |it: &&Endpoint| it.subscriber == subscriber && it.removed_at.is_none();
        let mut endpoints: Vec<Endpoint> = self.endpoints.values().filter(is_its).cloned().collect();
        endpoints.sort_by_key(|it| (it.created_at, it.id));
        Ok(endpoints)
    }

    async fn open_endpoints(&mut self) -> Result<Vec<Endpoint>, StoreError> {
        Ok(self.endpoints.values().filter(|it| it.is_open()).cloned().collect())
    }

    async fn listeners(&mut self, action: ActionId) -> Result<Option<Listeners>, StoreError> {
        let is_visible = self.actions.get(&action).is_some_and(|it| it.visible_to_subscriber);
        let Some((subject, Some(subscriber))) = self.subject(action).filter(|_| is_visible) else {
            return Ok(None);
        };
        let may = self
            .subscribers
            .get(&subscriber)
            .is_some_and(|it| it.has_api_access && it.status == SubscriberStatus::Active);
        let endpoints = if may { self.of_subscriber(subscriber).await? } else { Vec::new() };
        let voter = self.voter_links.get(&action).copied();
        Ok((!endpoints.is_empty()).then_some(Listeners { subject, voter, endpoints }))
    }

    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        Ok(self.deliveries.get(&id).cloned())
    }

    async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        page: &PageRequest<DeliveryKey>,
    ) -> Result<Page<Delivery, DeliveryKey>, StoreError> {
        let is_meant = |it: &&Delivery| {
            status.is_none_or(|status| it.status == status) && page.after.is_none_or(|after| it.key() < after)
        };
        let mut rows: Vec<Delivery> = self.deliveries_of(endpoint).filter(is_meant).cloned().collect();
        rows.sort_by_key(|it| std::cmp::Reverse(it.key()));
        Ok(Page::cut(rows, page.limit, Delivery::key))
    }

    async fn count(
        &mut self,
        endpoint: EndpointId,
        status: DeliveryStatus,
        most: u32,
    ) -> Result<u64, StoreError> {
        let count = self.deliveries_of(endpoint).filter(|it| it.status == status).count() as u64;
        Ok(count.min(most.into()))
    }

    async fn next_due(
        &mut self,
        endpoint: EndpointId,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError> {
        let is_due = |it: &&Delivery| {
            it.status == DeliveryStatus::Waiting
                && it.next_at <= now
                && it.shard == shard
                && !self.is_blocked(it)
        };
        let due = self.deliveries_of(endpoint).filter(is_due);
        Ok(due.min_by_key(|it| (it.next_at, it.position, it.id)).cloned())
    }
}

#[async_trait]
impl Webhooks for Rooms {
    async fn insert_endpoint(&mut self, endpoint: &Endpoint) -> Result<(), StoreError> {
        insert(&mut self.endpoints, endpoint.id, endpoint, "endpoint")
    }

    async fn lock_endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        self.endpoint(id).await
    }

    async fn update_endpoint(&mut self, endpoint: &Endpoint) -> Result<(), StoreError> {
        let row = row(&mut self.endpoints, &endpoint.id, "endpoint")?;
        *row = Endpoint {
            subscriber: row.subscriber,
            created_by: row.created_by,
            created_at: row.created_at,
            ..endpoint.clone()
        };
        Ok(())
    }

    async fn hold_action(&mut self, _action: ActionId) -> Result<(), StoreError> {
        Ok(())
    }

    async fn insert_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        let last = self.in_order_with(delivery).map(|it| it.position).max().unwrap_or(0);
        let placed = Delivery { position: delivery.position.max(last + 1), ..delivery.clone() };
        insert(&mut self.deliveries, delivery.id, &placed, "delivery")
    }

    async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.delivery(id).await
    }

    async fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        let row = row(&mut self.deliveries, &delivery.id, "delivery")?;
        row.status = delivery.status;
        (row.queued_at, row.next_at) = (delivery.queued_at, delivery.next_at);
        (row.attempts, row.tried_at) = (delivery.attempts, delivery.tried_at);
        (row.answer, row.failure) = (delivery.answer, delivery.failure);
        Ok(())
    }

    async fn queue_waiting(&mut self, endpoint: EndpointId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let waits = |it: &Delivery| it.status == DeliveryStatus::Waiting;
        self.change_deliveries(endpoint, waits, |it| it.queue_again(now));
        Ok(())
    }

    async fn queue_again(
        &mut self,
        endpoint: EndpointId,
        window: Window,
        asked_at: DateTime<Utc>,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let is_meant = |it: &&Delivery| {
            it.status != DeliveryStatus::Waiting && window.holds(it.occurred_at) && it.queued_at < asked_at
        };
        let mut meant: Vec<DeliveryKey> =
            self.deliveries_of(endpoint).filter(is_meant).map(Delivery::key).collect();
        meant.sort_unstable();
        meant.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        self.change_deliveries(endpoint, |it| meant.contains(&it.key()), |it| it.queue_again(now));
        Ok(meant.len() as u64)
    }

    async fn give_up_waiting(&mut self, endpoint: EndpointId) -> Result<(), StoreError> {
        let waits = |it: &Delivery| it.status == DeliveryStatus::Waiting;
        self.change_deliveries(endpoint, waits, |it| {
            (it.status, it.failure) = (DeliveryStatus::Dead, Some(Failure::EndpointOff));
        });
        Ok(())
    }
}
