//! Keys of partners' programs.

use std::ops::Bound;

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    api_key::ApiKey,
    ids::{ApiKeyId, SubscriberId},
    page::{Page, PageRequest},
    ports::store::{ApiKeys, ReadApiKeys, StoreError},
};

#[async_trait]
impl ReadApiKeys for Rooms {
    async fn by_id(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.api_keys.get(&id).cloned())
    }

    async fn of_subscriber(&mut self, subscriber: SubscriberId) -> Result<Vec<ApiKey>, StoreError> {
        let mut keys: Vec<ApiKey> =
            self.api_keys.values().filter(|key| key.subscriber == Some(subscriber)).cloned().collect();
        keys.sort_by_key(|key| (key.created_at, key.id));
        Ok(keys)
    }

    async fn list(&mut self, page: PageRequest<ApiKeyId>) -> Result<Page<ApiKey, ApiKeyId>, StoreError> {
        let after = page.after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.api_keys.range((after, Bound::Unbounded)).map(|(_, key)| key.clone()).collect();
        Ok(Page::cut(rows, page.limit, |key: &ApiKey| key.id))
    }
}

#[async_trait]
impl ApiKeys for Rooms {
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        insert(&mut self.api_keys, key.id, key, "API key")
    }

    async fn lock(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.api_keys.get(&id).cloned())
    }

    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let row = row(&mut self.api_keys, &key.id, "API key")?;
        *row = ApiKey { created_at: row.created_at, ..key.clone() };
        Ok(())
    }
}
