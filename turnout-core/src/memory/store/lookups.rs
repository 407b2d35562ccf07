//! Questions to the voter roll.

use async_trait::async_trait;

use super::rooms::{Rooms, insert};
use crate::{
    ids::{ActionId, LookupId},
    ports::store::{Lookups, ReadLookups, StoreError},
    verifier::Lookup,
};

#[async_trait]
impl ReadLookups for Rooms {
    async fn by_id(&mut self, id: LookupId) -> Result<Option<Lookup>, StoreError> {
        Ok(self.lookups.get(&id).cloned())
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<Lookup>, StoreError> {
        Ok(self.lookups.values().find(|it| it.action == Some(id)).cloned())
    }
}

#[async_trait]
impl Lookups for Rooms {
    async fn insert(&mut self, question: &Lookup) -> Result<(), StoreError> {
        let action = question.action;
        if action.is_some() && self.lookups.values().any(|it| it.action == action) {
            return Err(StoreError::Conflict { entity: "lookup" });
        }
        insert(&mut self.lookups, question.id, question, "lookup")
    }
}
