//! States and facts about them.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    address::State,
    election::{FieldType, StateInformation, StateProfile},
};

/// Reads states and facts.
#[async_trait]
pub trait ReadElections: Send {
    /// All states and territories, by code.
    async fn states(&mut self) -> Result<Vec<StateProfile>, StoreError>;

    /// One state or territory.
    async fn state(&mut self, state: State) -> Result<Option<StateProfile>, StoreError>;

    /// All field types, by slug.
    async fn field_types(&mut self) -> Result<Vec<FieldType>, StoreError>;

    /// One field type, case-sensitively.
    async fn field_type(&mut self, slug: &str) -> Result<Option<FieldType>, StoreError>;

    /// Every fact about every state, by state code, then by slug.
    async fn information(&mut self) -> Result<Vec<StateInformation>, StoreError>;

    /// Every fact about one state, by slug.
    async fn information_of_state(&mut self, state: State) -> Result<Vec<StateInformation>, StoreError>;

    /// One kind of fact about every state, by state code.
    async fn information_of_field(&mut self, slug: &str) -> Result<Vec<StateInformation>, StoreError>;

    /// The text of one fact; nothing when there is no such row. An empty text is an empty text.
    async fn text(&mut self, state: State, slug: &str) -> Result<Option<String>, StoreError>;
}

/// Changes states and facts.
#[async_trait]
pub trait Elections: ReadElections {
    /// Adds or overwrites a state, by code.
    async fn put_state(&mut self, profile: &StateProfile) -> Result<(), StoreError>;

    /// Adds a field type. Conflict when the slug is taken.
    async fn insert_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError>;

    /// Overwrites name, help, format and `modified_at` of a field type, by id.
    async fn update_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError>;

    /// Adds a fact. Conflict when the state has one of this field type.
    async fn insert_information(&mut self, information: &StateInformation) -> Result<(), StoreError>;

    /// Overwrites text, notes, source, day of the check and `modified_at` of a fact, by id.
    async fn update_information(&mut self, information: &StateInformation) -> Result<(), StoreError>;
}
