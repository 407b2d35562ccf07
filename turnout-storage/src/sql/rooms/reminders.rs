//! Requests to be reminded.

use async_trait::async_trait;
use turnout_core::{
    ids::{ActionId, ReminderId},
    ports::store::{ReadReminders, Reminders, StoreError},
    reminder::ReminderRequest,
};

use crate::sql::{
    dialect::Dialect,
    rows::reminders::{ReminderRow, bind_reminder},
    session::{Session, query},
    statements::reminders as statements,
};

#[async_trait]
impl<D: Dialect> ReadReminders for Session<D> {
    async fn by_id(&mut self, id: ReminderId) -> Result<Option<ReminderRequest>, StoreError> {
        self.optional::<ReminderRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<ReminderRequest>, StoreError> {
        self.optional::<ReminderRow, _>(query(statements::BY_ACTION).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Reminders for Session<D> {
    async fn insert(&mut self, request: &ReminderRequest) -> Result<(), StoreError> {
        self.change_one("reminder request", bind_reminder(query(statements::INSERT), request)).await
    }
}
