//! Requests to be reminded.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{ActionId, ReminderId},
    reminder::ReminderRequest,
};

/// What this room is called.
const ROOM: &str = "reminders";

/// Reads requests.
#[async_trait]
pub trait ReadReminders: Send {
    /// The request, if there is one.
    async fn by_id(&mut self, id: ReminderId) -> Result<Option<ReminderRequest>, StoreError>;

    /// The request of an action.
    async fn by_action(&mut self, id: ActionId) -> Result<Option<ReminderRequest>, StoreError>;
}

/// Adds requests.
#[async_trait]
pub trait Reminders: ReadReminders {
    /// A new request. Conflict when the id or the action is taken.
    async fn insert(&mut self, request: &ReminderRequest) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadReminders for AbsentRoom {
    async fn by_id(&mut self, _id: ReminderId) -> Result<Option<ReminderRequest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_action(&mut self, _id: ActionId) -> Result<Option<ReminderRequest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Reminders for AbsentRoom {
    async fn insert(&mut self, _request: &ReminderRequest) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
