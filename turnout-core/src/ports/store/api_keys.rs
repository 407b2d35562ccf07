//! Keys of partners' programs.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    api_key::ApiKey,
    ids::{ApiKeyId, SubscriberId},
    page::{Page, PageRequest},
};

/// What this room is called.
const ROOM: &str = "API keys";

/// Reads keys.
#[async_trait]
pub trait ReadApiKeys: Send {
    /// The key, deactivated or not.
    async fn by_id(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// All keys of a subscriber, deactivated ones too, oldest first; of the same moment, by id.
    async fn of_subscriber(&mut self, subscriber: SubscriberId) -> Result<Vec<ApiKey>, StoreError>;

    /// A page of all keys, by id.
    async fn list(&mut self, page: PageRequest<ApiKeyId>) -> Result<Page<ApiKey, ApiKeyId>, StoreError>;
}

/// Changes keys.
#[async_trait]
pub trait ApiKeys: ReadApiKeys {
    /// A new key. Conflict when the id is taken.
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError>;

    /// The key, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Writes every column of a key that was locked in this unit, but for id and `created_at`.
    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadApiKeys for AbsentRoom {
    async fn by_id(&mut self, _id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of_subscriber(&mut self, _subscriber: SubscriberId) -> Result<Vec<ApiKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn list(&mut self, _page: PageRequest<ApiKeyId>) -> Result<Page<ApiKey, ApiKeyId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl ApiKeys for AbsentRoom {
    async fn insert(&mut self, _key: &ApiKey) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _key: &ApiKey) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
