//! What locators of polling places answered.

use async_trait::async_trait;
use turnout_core::{
    ids::{ActionId, PollingPlaceLookupId},
    polling_place::PollingPlaceLookup,
    ports::store::{PollingPlaces, ReadPollingPlaces, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    rows::polling_places::{PollingPlaceRow, bind_polling_place},
    session::{Session, query},
    statements::polling_places as statements,
};

#[async_trait]
impl<D: Dialect> ReadPollingPlaces for Session<D> {
    async fn by_id(&mut self, id: PollingPlaceLookupId) -> Result<Option<PollingPlaceLookup>, StoreError> {
        self.optional::<PollingPlaceRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<PollingPlaceLookup>, StoreError> {
        self.optional::<PollingPlaceRow, _>(query(statements::BY_ACTION).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> PollingPlaces for Session<D> {
    async fn insert(&mut self, report: &PollingPlaceLookup) -> Result<(), StoreError> {
        self.change_one("polling place lookup", bind_polling_place(query(statements::INSERT), report)).await
    }
}
