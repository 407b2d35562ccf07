//! Requests to be reminded.

use async_trait::async_trait;

use super::rooms::{Rooms, insert};
use crate::{
    ids::{ActionId, ReminderId},
    ports::store::{ReadReminders, Reminders, StoreError},
    reminder::ReminderRequest,
};

#[async_trait]
impl ReadReminders for Rooms {
    async fn by_id(&mut self, id: ReminderId) -> Result<Option<ReminderRequest>, StoreError> {
        Ok(self.reminders.get(&id).cloned())
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<ReminderRequest>, StoreError> {
        Ok(self.reminders.values().find(|it| it.action == Some(id)).cloned())
    }
}

#[async_trait]
impl Reminders for Rooms {
    async fn insert(&mut self, request: &ReminderRequest) -> Result<(), StoreError> {
        let action = request.action;
        if action.is_some() && self.reminders.values().any(|it| it.action == action) {
            return Err(StoreError::Conflict { entity: "reminder request" });
        }
        insert(&mut self.reminders, request.id, request, "reminder request")
    }
}
