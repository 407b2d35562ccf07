//! Registrations.

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    ids::{ActionId, FileId, RegistrationId},
    ports::store::{ReadRegistrations, Registrations, StoreError},
    register::Registration,
};

#[async_trait]
impl ReadRegistrations for Rooms {
    async fn by_id(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        Ok(self.registrations.get(&id).cloned())
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<Registration>, StoreError> {
        Ok(self.registrations.values().find(|it| it.action == Some(id)).cloned())
    }

    async fn by_file(&mut self, id: FileId) -> Result<Option<Registration>, StoreError> {
        let mut all = self.registrations.values();
        Ok(all.find(|it| it.result_item == Some(id) || it.result_item_mail == Some(id)).cloned())
    }
}

#[async_trait]
impl Registrations for Rooms {
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let action = registration.action;
        if action.is_some() && self.registrations.values().any(|it| it.action == action) {
            return Err(StoreError::Conflict { entity: "registration" });
        }
        insert(&mut self.registrations, registration.id, registration, "registration")
    }

    async fn lock(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        Ok(self.registrations.get(&id).cloned())
    }

    async fn update(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let row = row(&mut self.registrations, &registration.id, "registration")?;
        *row = Registration {
            action: row.action,
            subscriber: row.subscriber,
            created_at: row.created_at,
            ..registration.clone()
        };
        Ok(())
    }
}
