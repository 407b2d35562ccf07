//! Subscriptions, wishes to subscribe, and what opens subscribers' accounts elsewhere.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    ids::{InterestId, SubscriberId},
    page::{Page, PageRequest},
    ports::store::{ReadSubscriptions, StoreError, Subscriptions},
    secret::IntegrationKey,
    subscription::{ExternalTool, Integration, Interest, InterestStatus, KEY_NAME, Product, Subscription},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::subscriptions::{InterestRow, ProductRow, SubscriptionRow, bind_interest, bind_subscription},
    session::{Session, query},
    statements::subscriptions as statements,
};

#[async_trait]
impl<D: Dialect> ReadSubscriptions for Session<D> {
    async fn by_subscriber(&mut self, subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError> {
        self.optional::<SubscriptionRow, _>(query(statements::BY_SUBSCRIBER).bind(subscriber.0)).await
    }

    async fn interest(&mut self, id: InterestId) -> Result<Option<Interest>, StoreError> {
        self.optional::<InterestRow, _>(query(statements::INTEREST).bind(id.0)).await
    }

    async fn interests(
        &mut self,
        status: InterestStatus,
        page: &PageRequest<(DateTime<Utc>, InterestId)>,
    ) -> Result<Page<Interest, (DateTime<Utc>, InterestId)>, StoreError> {
        let one_more = i64::from(page.limit) + 1;
        let statement = match page.after {
            None => query(statements::FIRST_INTERESTS).bind(status.wire()).bind(one_more),
            Some((at, id)) => {
                let after = query(statements::INTERESTS).bind(status.wire()).bind(Moment(at)).bind(id.0);
                after.bind(one_more)
            }
        };
        let rows = self.all::<InterestRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &Interest| (it.created_at, it.id)))
    }

    async fn products(&mut self, limit: u32) -> Result<Vec<Product>, StoreError> {
        self.all::<ProductRow, _>(query(statements::PRODUCTS).bind(i64::from(limit))).await
    }

    async fn integration_key(
        &mut self,
        subscriber: SubscriberId,
        tool: ExternalTool,
    ) -> Result<Option<IntegrationKey>, StoreError> {
        let statement = query(statements::KEY).bind(subscriber.0).bind(tool.wire()).bind(KEY_NAME);
        let found: Vec<String> = self.values(statement).await?;
        Ok(found.into_iter().next().map(IntegrationKey::new))
    }
}

#[async_trait]
impl<D: Dialect> Subscriptions for Session<D> {
    async fn insert(&mut self, subscription: &Subscription) -> Result<(), StoreError> {
        let statement = bind_subscription(query(statements::INSERT), subscription);
        self.change_one("subscription", statement.bind(Moment(subscription.created_at))).await
    }

    async fn lock(&mut self, subscriber: SubscriberId) -> Result<Option<Subscription>, StoreError> {
        self.optional::<SubscriptionRow, _>(query(statements::LOCK).bind(subscriber.0)).await
    }

    async fn update(&mut self, subscription: &Subscription) -> Result<(), StoreError> {
        self.change_one("subscription", bind_subscription(query(statements::UPDATE), subscription)).await
    }

    async fn insert_interest(&mut self, interest: &Interest) -> Result<(), StoreError> {
        let statement = bind_interest(query(statements::INSERT_INTEREST), interest);
        self.change_one("interest", statement.bind(Moment(interest.created_at))).await
    }

    async fn lock_interest(&mut self, id: InterestId) -> Result<Option<Interest>, StoreError> {
        self.optional::<InterestRow, _>(query(statements::LOCK_INTEREST).bind(id.0)).await
    }

    async fn update_interest(&mut self, interest: &Interest) -> Result<(), StoreError> {
        self.change_one("interest", bind_interest(query(statements::UPDATE_INTEREST), interest)).await
    }

    async fn put_integration(&mut self, integration: &Integration) -> Result<(), StoreError> {
        self.remove_integration(integration.subscriber, integration.tool).await?;
        let statement = query(statements::INSERT_KEY)
            .bind(integration.id.0)
            .bind(integration.subscriber.0)
            .bind(integration.tool.wire())
            .bind(KEY_NAME)
            .bind(integration.key.reveal())
            .bind(Moment(integration.created_at))
            .bind(Moment(integration.modified_at));
        self.change_one("integration", statement).await
    }

    async fn remove_integration(
        &mut self,
        subscriber: SubscriberId,
        tool: ExternalTool,
    ) -> Result<u64, StoreError> {
        let statement = query(statements::REMOVE_KEYS).bind(subscriber.0).bind(tool.wire()).bind(KEY_NAME);
        self.change("integration", statement).await
    }
}
