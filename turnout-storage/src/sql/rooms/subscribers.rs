//! Subscribers and their slugs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    ids::{SlugId, SubscriberId},
    page::{Page, PageRequest},
    ports::store::{ReadSubscribers, StoreError, Subscribers},
    subscriber::{Plan, Slug, Subscriber},
};

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::Moment,
    rows::subscribers::{SlugRow, SubscriberRow, bind_subscriber},
    session::{Session, query},
    statements::subscribers as statements,
};

#[async_trait]
impl<D: Dialect> ReadSubscribers for Session<D> {
    async fn by_id(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        self.optional::<SubscriberRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_slug(&mut self, slug: &str) -> Result<Option<Subscriber>, StoreError> {
        if is_unfindable(slug) {
            return Ok(None);
        }
        self.optional::<SubscriberRow, _>(query(statements::BY_SLUG).bind(slug)).await
    }

    async fn default(&mut self) -> Result<Option<Subscriber>, StoreError> {
        self.optional::<SubscriberRow, _>(query(statements::DEFAULT)).await
    }

    async fn slug(&mut self, id: SlugId) -> Result<Option<Slug>, StoreError> {
        self.optional::<SlugRow, _>(query(statements::SLUG).bind(id.0)).await
    }

    async fn newest(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, SubscriberId)>,
    ) -> Result<Page<Subscriber, (DateTime<Utc>, SubscriberId)>, StoreError> {
        let one_more = i64::from(page.limit) + 1;
        let statement = match page.after {
            None => query(statements::FIRST_NEWEST).bind(one_more),
            Some((at, id)) => query(statements::NEWEST).bind(Moment(at)).bind(id.0).bind(one_more),
        };
        let rows = self.all::<SubscriberRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &Subscriber| (it.created_at, it.id)))
    }
}

#[async_trait]
impl<D: Dialect> Subscribers for Session<D> {
    async fn insert(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        let statement =
            bind_subscriber(query(statements::INSERT), subscriber).bind(Moment(subscriber.created_at));
        self.change_one("subscriber", statement).await?;
        // without a subscription the plan is premium
        if subscriber.plan != Plan::Premium {
            let statement = query(statements::SUBSCRIBE)
                .bind(subscriber.id.0)
                .bind(subscriber.plan.wire())
                .bind(Moment(subscriber.created_at));
            self.change_one("subscription", statement).await?;
        }
        Ok(())
    }

    async fn lock(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        self.optional::<SubscriberRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        self.change_one("subscriber", bind_subscriber(query(statements::UPDATE), subscriber)).await
    }

    async fn insert_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
        let statement = query(statements::INSERT_SLUG)
            .bind(slug.id.0)
            .bind(slug.subscriber.0)
            .bind(&slug.slug)
            .bind(Moment(slug.created_at));
        self.change_one("slug", statement).await
    }
}
