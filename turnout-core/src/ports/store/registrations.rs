//! Registrations.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    ids::{ActionId, FileId, RegistrationId},
    register::Registration,
};

/// Reads registrations.
#[async_trait]
pub trait ReadRegistrations: Send {
    /// The registration, if there is one.
    async fn by_id(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError>;

    /// The registration of an action.
    async fn by_action(&mut self, id: ActionId) -> Result<Option<Registration>, StoreError>;

    /// The registration whose form this file is, be it the voter's or the mail house's.
    async fn by_file(&mut self, id: FileId) -> Result<Option<Registration>, StoreError>;
}

/// Changes registrations.
#[async_trait]
pub trait Registrations: ReadRegistrations {
    /// A new registration. Conflict when the id or the action is taken.
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError>;

    /// The registration, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError>;

    /// Writes every column of a registration that was locked in this unit, but for id, action, subscriber and
    /// `created_at`, which no call changes.
    async fn update(&mut self, registration: &Registration) -> Result<(), StoreError>;
}
