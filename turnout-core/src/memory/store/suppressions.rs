//! E-mail addresses that are not mailed.

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    ports::store::{ReadSuppressions, StoreError, Suppressions},
    suppression::{AddressKey, Suppression, SuppressionReason},
};

#[async_trait]
impl ReadSuppressions for Rooms {
    async fn of(&mut self, address: AddressKey) -> Result<Vec<Suppression>, StoreError> {
        let of_it = self.suppressions.values().filter(|row| row.address == address);
        let mut rows: Vec<Suppression> = of_it.cloned().collect();
        rows.sort_by_key(|row| row.reason.wire());
        Ok(rows)
    }
}

#[async_trait]
impl Suppressions for Rooms {
    async fn lock(
        &mut self,
        address: AddressKey,
        reason: SuppressionReason,
    ) -> Result<Option<Suppression>, StoreError> {
        Ok(self.suppressions.get(&(address, reason)).cloned())
    }

    async fn lock_or_insert(&mut self, fresh: &Suppression) -> Result<Suppression, StoreError> {
        let key = (fresh.address, fresh.reason);
        if let Some(row) = self.suppressions.get(&key) {
            return Ok(row.clone());
        }
        insert(&mut self.suppressions, key, fresh, "suppression")?;
        Ok(fresh.clone())
    }

    async fn update(&mut self, suppression: &Suppression) -> Result<(), StoreError> {
        let key = (suppression.address, suppression.reason);
        let row = row(&mut self.suppressions, &key, "suppression")?;
        (row.source, row.since) = (suppression.source, suppression.since);
        (row.lifted_at, row.modified_at) = (suppression.lifted_at, suppression.modified_at);
        Ok(())
    }
}
