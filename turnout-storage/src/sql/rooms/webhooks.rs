//! Endpoints of subscribers, and what is delivered to them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    ids::{ActionId, DeliveryId, EndpointId, SubscriberId},
    page::{Page, PageRequest},
    ports::store::{ReadWebhooks, StoreError, Webhooks},
    webhook::{Delivery, DeliveryKey, DeliveryStatus, Endpoint, Failure, Listeners, Window},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::{END_OF_TIME, Moment},
    rows::webhooks::{DeliveryRow, EndpointRow, SubjectRow, bind_delivery, bind_endpoint},
    session::{Session, query},
    statements::webhooks as statements,
};

#[async_trait]
impl<D: Dialect> ReadWebhooks for Session<D> {
    async fn endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        self.optional::<EndpointRow, _>(query(statements::ENDPOINT).bind(id.0)).await
    }

    async fn of_subscriber(&mut self, subscriber: SubscriberId) -> Result<Vec<Endpoint>, StoreError> {
        self.all::<EndpointRow, _>(query(statements::OF_SUBSCRIBER).bind(subscriber.0)).await
    }

    async fn open_endpoints(&mut self) -> Result<Vec<Endpoint>, StoreError> {
        self.all::<EndpointRow, _>(query(statements::OPEN)).await
    }

    async fn listeners(&mut self, action: ActionId) -> Result<Option<Listeners>, StoreError> {
        let found = Self::rows::<SubjectRow>(self, query(statements::SUBJECT).bind(action.0)).await?;
        let Some(row) = found.first() else { return Ok(None) };
        let (subject, voter) = (row.subject()?, row.voter());
        let endpoints = ReadWebhooks::of_subscriber(self, SubscriberId(row.partner_id)).await?;
        Ok((!endpoints.is_empty()).then_some(Listeners { subject, voter, endpoints }))
    }

    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.optional::<DeliveryRow, _>(query(statements::DELIVERY).bind(id.0)).await
    }

    async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        page: &PageRequest<DeliveryKey>,
    ) -> Result<Page<Delivery, DeliveryKey>, StoreError> {
        let (moment, id) = page.after.map_or((END_OF_TIME, Uuid::max()), |it| (it.occurred_at, it.id.0));
        let text = if status.is_some() { statements::PAGE_OF_STATUS } else { statements::PAGE };
        let statement =
            query(text).bind(endpoint.0).bind(Moment(moment)).bind(id).bind(i64::from(page.limit) + 1);
        let statement = match status {
            Some(status) => statement.bind(status.wire()),
            None => statement,
        };
        let rows = self.all::<DeliveryRow, Delivery>(statement).await?;
        Ok(Page::cut(rows, page.limit, Delivery::key))
    }

    async fn count(
        &mut self,
        endpoint: EndpointId,
        status: DeliveryStatus,
        most: u32,
    ) -> Result<u64, StoreError> {
        let statement = query(statements::COUNT).bind(endpoint.0).bind(status.wire()).bind(i64::from(most));
        let counts: Vec<i64> = self.values(statement).await?;
        Ok(counts.first().copied().unwrap_or(0).unsigned_abs())
    }

    async fn next_due(
        &mut self,
        endpoint: EndpointId,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError> {
        let statement = query(statements::NEXT_DUE).bind(endpoint.0).bind(i64::from(shard)).bind(Moment(now));
        self.optional::<DeliveryRow, _>(statement).await
    }
}

#[async_trait]
impl<D: Dialect> Webhooks for Session<D> {
    async fn insert_endpoint(&mut self, endpoint: &Endpoint) -> Result<(), StoreError> {
        let statement = bind_endpoint(query(statements::INSERT_ENDPOINT), endpoint)
            .bind(endpoint.created_by.map(|id| id.0))
            .bind(Moment(endpoint.created_at));
        self.change_one("endpoint", statement).await
    }

    async fn lock_endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        self.optional::<EndpointRow, _>(query(statements::LOCK_ENDPOINT).bind(id.0)).await
    }

    async fn update_endpoint(&mut self, endpoint: &Endpoint) -> Result<(), StoreError> {
        self.change_one("endpoint", bind_endpoint(query(statements::UPDATE_ENDPOINT), endpoint)).await
    }

    async fn hold_action(&mut self, action: ActionId) -> Result<(), StoreError> {
        let _held: Vec<Uuid> = self.values(query(statements::HOLD_ACTION).bind(action.0)).await?;
        self.change("action", query(statements::HOLD_VOTER).bind(action.0)).await.map(drop)
    }

    async fn insert_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        let (about, event) = (delivery.about, delivery.about.and_then(|about| about.event));
        let statement = bind_delivery(query(statements::INSERT_DELIVERY), delivery)
            .bind(delivery.endpoint.0)
            .bind(delivery.topic.wire())
            .bind(about.map(|about| about.action.0))
            .bind(about.map(|about| about.tool.wire()))
            .bind(about.map(|about| about.record))
            .bind(about.and_then(|about| about.state).map(|state| state.code()))
            .bind(event.map(|(id, _)| id.0))
            .bind(event.map(|(_, kind)| kind.wire()))
            .bind(Moment(delivery.occurred_at))
            .bind(i64::from(delivery.shard))
            .bind(delivery.position);
        self.change_one("delivery", statement).await
    }

    async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.optional::<DeliveryRow, _>(query(statements::LOCK_DELIVERY).bind(id.0)).await
    }

    async fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        self.change_one("delivery", bind_delivery(query(statements::UPDATE_DELIVERY), delivery)).await
    }

    async fn queue_waiting(&mut self, endpoint: EndpointId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let statement = query(statements::QUEUE_WAITING).bind(endpoint.0).bind(Moment(now));
        self.change("delivery", statement).await?;
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
        let statement = query(statements::QUEUE_AGAIN)
            .bind(endpoint.0)
            .bind(Moment(window.from))
            .bind(Moment(window.to))
            .bind(Moment(asked_at))
            .bind(Moment(now))
            .bind(i64::from(limit));
        self.change("delivery", statement).await
    }

    async fn give_up_waiting(&mut self, endpoint: EndpointId) -> Result<(), StoreError> {
        let statement = query(statements::GIVE_UP_WAITING).bind(endpoint.0).bind(Failure::EndpointOff.wire());
        self.change("delivery", statement).await?;
        Ok(())
    }
}
