//! Actions and their events.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    action::{Action, Event, EventType, Source},
    ids::ActionId,
};

/// Reads actions.
#[async_trait]
pub trait ReadActions: Send {
    /// The action, if there is one.
    async fn by_id(&mut self, id: ActionId) -> Result<Option<Action>, StoreError>;

    /// The tool's record that the action belongs to.
    async fn source(&mut self, id: ActionId) -> Result<Option<Source>, StoreError>;

    /// Everything that happened to an action, oldest first; of the same moment, by id.
    async fn events(&mut self, id: ActionId) -> Result<Vec<Event>, StoreError>;

    /// Whether any of these happened to the action.
    async fn has_event(&mut self, id: ActionId, kinds: &[EventType]) -> Result<bool, StoreError>;
}

/// Changes actions.
#[async_trait]
pub trait Actions: ReadActions {
    /// A new action. Conflict when the id is taken.
    async fn insert(&mut self, action: &Action) -> Result<(), StoreError>;

    /// Something happened to an action. Events are only ever added.
    async fn record(&mut self, event: &Event) -> Result<(), StoreError>;
}
