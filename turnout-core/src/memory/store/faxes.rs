//! Faxes.

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    fax::Fax,
    ids::FaxId,
    ports::store::{Faxes, ReadFaxes, StoreError},
};

#[async_trait]
impl ReadFaxes for Rooms {
    async fn by_id(&mut self, id: FaxId) -> Result<Option<Fax>, StoreError> {
        Ok(self.faxes.get(&id).cloned())
    }
}

#[async_trait]
impl Faxes for Rooms {
    async fn insert(&mut self, fax: &Fax) -> Result<(), StoreError> {
        insert(&mut self.faxes, fax.id, fax, "fax")
    }

    async fn lock(&mut self, id: FaxId) -> Result<Option<Fax>, StoreError> {
        Ok(self.faxes.get(&id).cloned())
    }

    async fn update(&mut self, fax: &Fax) -> Result<(), StoreError> {
        let row = row(&mut self.faxes, &fax.id, "fax")?;
        (row.status, row.status_message, row.status_at) =
            (fax.status, fax.status_message.clone(), fax.status_at);
        row.modified_at = fax.modified_at;
        Ok(())
    }
}
