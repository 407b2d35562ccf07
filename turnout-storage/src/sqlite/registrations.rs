//! Registrations.

use async_trait::async_trait;
use sqlx::{query, query_as, types::Json};
use turnout_core::{
    ids::{ActionId, FileId, RegistrationId},
    ports::store::{ReadRegistrations, Registrations, StoreError},
    register::Registration,
};

use super::session::Session;
use crate::sql::{
    moment::Moment,
    rows::registrations::{RegistrationRow, bind_registration},
    statements::registrations as statements,
};

#[async_trait]
impl ReadRegistrations for Session {
    async fn by_id(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query_as(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query_as(statements::BY_ACTION).bind(id.0)).await
    }

    async fn by_file(&mut self, id: FileId) -> Result<Option<Registration>, StoreError> {
        self.optional::<RegistrationRow, _>(query_as(statements::BY_FILE).bind(id.0)).await
    }
}

#[async_trait]
impl Registrations for Session {
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let statement = bind_registration!(query(statements::INSERT), registration)
            .bind(registration.action.map(|id| id.0))
            .bind(registration.subscriber.map(|id| id.0))
            .bind(Moment(registration.created_at));
        self.change_one("registration", statement).await
    }

    /// There is one writer: the unit holds every row.
    async fn lock(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        ReadRegistrations::by_id(self, id).await
    }

    async fn update(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let statement = bind_registration!(query(statements::UPDATE), registration);
        self.change_one("registration", statement).await
    }
}
