//! Keys of partners' programs.

use async_trait::async_trait;
use turnout_core::{
    api_key::ApiKey,
    ids::{ApiKeyId, SubscriberId},
    page::{Page, PageRequest},
    ports::store::{ApiKeys, ReadApiKeys, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::api_keys::{ApiKeyRow, bind_api_key},
    session::{Session, query},
    statements::api_keys as statements,
};

#[async_trait]
impl<D: Dialect> ReadApiKeys for Session<D> {
    async fn by_id(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.optional::<ApiKeyRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn of_subscriber(&mut self, subscriber: SubscriberId) -> Result<Vec<ApiKey>, StoreError> {
        self.all::<ApiKeyRow, _>(query(statements::OF_SUBSCRIBER).bind(subscriber.0)).await
    }

    async fn list(&mut self, page: PageRequest<ApiKeyId>) -> Result<Page<ApiKey, ApiKeyId>, StoreError> {
        let one_more = i64::from(page.limit) + 1;
        let statement = match page.after {
            None => query(statements::FIRST_PAGE).bind(one_more),
            Some(after) => query(statements::PAGE).bind(after.0).bind(one_more),
        };
        let rows = self.all::<ApiKeyRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |key: &ApiKey| key.id))
    }
}

#[async_trait]
impl<D: Dialect> ApiKeys for Session<D> {
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let statement = bind_api_key(query(statements::INSERT), key).bind(Moment(key.created_at));
        self.change_one("API key", statement).await
    }

    async fn lock(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.optional::<ApiKeyRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        self.change_one("API key", bind_api_key(query(statements::UPDATE), key)).await
    }
}
