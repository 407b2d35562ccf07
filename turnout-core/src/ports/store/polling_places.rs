//! What locators of polling places answered.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{ActionId, PollingPlaceLookupId},
    polling_place::PollingPlaceLookup,
};

/// What this room is called.
const ROOM: &str = "polling places";

/// Reads reports.
#[async_trait]
pub trait ReadPollingPlaces: Send {
    /// The report, if there is one.
    async fn by_id(&mut self, id: PollingPlaceLookupId) -> Result<Option<PollingPlaceLookup>, StoreError>;

    /// The report of an action.
    async fn by_action(&mut self, id: ActionId) -> Result<Option<PollingPlaceLookup>, StoreError>;
}

/// Adds reports.
#[async_trait]
pub trait PollingPlaces: ReadPollingPlaces {
    /// A new report. Conflict when the id or the action is taken.
    async fn insert(&mut self, report: &PollingPlaceLookup) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadPollingPlaces for AbsentRoom {
    async fn by_id(&mut self, _id: PollingPlaceLookupId) -> Result<Option<PollingPlaceLookup>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_action(&mut self, _id: ActionId) -> Result<Option<PollingPlaceLookup>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl PollingPlaces for AbsentRoom {
    async fn insert(&mut self, _report: &PollingPlaceLookup) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
