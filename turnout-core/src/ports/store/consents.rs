//! The ledger of who agreed to be written to.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{consent::Entry, decision::Channel, ids::ConsentId};

/// What this room is called.
const ROOM: &str = "consents";

/// Reads the ledger.
#[async_trait]
pub trait ReadConsents: Send {
    /// The entry, if there is one.
    async fn by_id(&mut self, id: ConsentId) -> Result<Option<Entry>, StoreError>;

    /// All entries of an address on a channel, by when it was said, then by when it was recorded.
    async fn of(&mut self, channel: Channel, address: &str) -> Result<Vec<Entry>, StoreError>;

    /// The same of several addresses, each named once; of which an entry is, it says itself.
    async fn of_all(&mut self, channel: Channel, addresses: &[&str]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for address in addresses {
            entries.extend(self.of(channel, address).await?);
        }
        Ok(entries)
    }
}

/// Adds to the ledger. Nothing is changed in it, or taken out.
#[async_trait]
pub trait Consents: ReadConsents {
    /// A new entry. Conflict when the id is taken.
    async fn insert(&mut self, entry: &Entry) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadConsents for AbsentRoom {
    async fn by_id(&mut self, _id: ConsentId) -> Result<Option<Entry>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of(&mut self, _channel: Channel, _address: &str) -> Result<Vec<Entry>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Consents for AbsentRoom {
    async fn insert(&mut self, _entry: &Entry) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
