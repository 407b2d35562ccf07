//! What locators of polling places answered.

use async_trait::async_trait;

use super::rooms::{Rooms, insert};
use crate::{
    ids::{ActionId, PollingPlaceLookupId},
    polling_place::PollingPlaceLookup,
    ports::store::{PollingPlaces, ReadPollingPlaces, StoreError},
};

#[async_trait]
impl ReadPollingPlaces for Rooms {
    async fn by_id(&mut self, id: PollingPlaceLookupId) -> Result<Option<PollingPlaceLookup>, StoreError> {
        Ok(self.polling_places.get(&id).cloned())
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<PollingPlaceLookup>, StoreError> {
        Ok(self.polling_places.values().find(|it| it.action == Some(id)).cloned())
    }
}

#[async_trait]
impl PollingPlaces for Rooms {
    async fn insert(&mut self, report: &PollingPlaceLookup) -> Result<(), StoreError> {
        let action = report.action;
        if action.is_some() && self.polling_places.values().any(|it| it.action == action) {
            return Err(StoreError::Conflict { entity: "polling place lookup" });
        }
        insert(&mut self.polling_places, report.id, report, "polling place lookup")
    }
}
