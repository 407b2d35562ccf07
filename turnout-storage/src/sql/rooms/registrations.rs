//! Registrations.

use async_trait::async_trait;
use turnout_core::{
    ids::{ActionId, FileId, RegistrationId},
    ports::store::{ReadRegistrations, Registrations, StoreError},
    register::Registration,
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::registrations::{RegistrationRow, bind_registration},
    session::{Session, query},
    statements::registrations as statements,
};

#[async_trait]
impl<D: Dialect> ReadRegistrations for Session<D> {
    async fn by_id(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query(statements::BY_ACTION).bind(id.0)).await
    }

    async fn by_file(&mut self, id: FileId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query(statements::BY_FILE).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Registrations for Session<D> {
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let statement = bind_registration(query(statements::INSERT), registration)
            .bind(registration.action.map(|id| id.0))
            .bind(registration.subscriber.map(|id| id.0))
            .bind(Moment(registration.created_at));
        self.change_one("registration", statement).await
    }

    async fn lock(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let statement = bind_registration(query(statements::UPDATE), registration);
        self.change_one("registration", statement).await
    }
}
