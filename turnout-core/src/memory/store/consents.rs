//! The ledger of who agreed to be written to.

use async_trait::async_trait;

use super::rooms::{Rooms, insert};
use crate::{
    consent::Entry,
    decision::Channel,
    ids::ConsentId,
    ports::store::{Consents, ReadConsents, StoreError},
};

#[async_trait]
impl ReadConsents for Rooms {
    async fn by_id(&mut self, id: ConsentId) -> Result<Option<Entry>, StoreError> {
        Ok(self.consents.get(&id).cloned())
    }

    async fn of(&mut self, channel: Channel, address: &str) -> Result<Vec<Entry>, StoreError> {
        let is_of = |entry: &&Entry| entry.channel == channel && entry.address == address;
        let mut entries: Vec<Entry> = self.consents.values().filter(is_of).cloned().collect();
        entries.sort_by_key(|entry| (entry.mark.at, entry.recorded_at, entry.id));
        Ok(entries)
    }
}

#[async_trait]
impl Consents for Rooms {
    async fn insert(&mut self, entry: &Entry) -> Result<(), StoreError> {
        insert(&mut self.consents, entry.id, entry, "consent")
    }
}
