//! Letters.

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    ids::{ActionId, LetterId},
    letter::Letter,
    ports::store::{Letters, ReadLetters, StoreError},
};

#[async_trait]
impl ReadLetters for Rooms {
    async fn by_id(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        Ok(self.letters.get(&id).cloned())
    }

    async fn by_action(&mut self, action: ActionId) -> Result<Option<Letter>, StoreError> {
        Ok(self.letters.values().find(|letter| letter.action == action).cloned())
    }
}

#[async_trait]
impl Letters for Rooms {
    async fn insert(&mut self, letter: &Letter) -> Result<(), StoreError> {
        if self.letters.values().any(|other| other.action == letter.action) {
            return Err(StoreError::Conflict { entity: "letter" });
        }
        insert(&mut self.letters, letter.id, letter, "letter")
    }

    async fn lock(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        Ok(self.letters.get(&id).cloned())
    }

    async fn lock_by_external_id(&mut self, external_id: &str) -> Result<Option<Letter>, StoreError> {
        let found = self.letters.values().find(|letter| letter.external_id.as_deref() == Some(external_id));
        Ok(found.cloned())
    }

    async fn update(&mut self, letter: &Letter) -> Result<(), StoreError> {
        let row = row(&mut self.letters, &letter.id, "letter")?;
        (row.external_id, row.modified_at) = (letter.external_id.clone(), letter.modified_at);
        Ok(())
    }
}
