//! Taking over a supplier's whole list of regions and offices.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, Table, row};
use crate::{
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{Gone, KnownRegion, Office, OfficeAddress},
    page::{Page, PageRequest},
    ports::store::{OfficeLists, ReadOfficeLists, StoreError},
};

/// A page of a table, with its keys.
fn page<K: Ord + Copy, V: Clone>(table: &Table<K, V>, page: PageRequest<K>) -> Page<(K, V), K> {
    let rows = table.iter().filter(|(key, _)| page.after.is_none_or(|after| **key > after));
    Page::cut(rows.map(|(key, row)| (*key, row.clone())).collect(), page.limit, |(key, _)| *key)
}

fn without_keys<K, V>(page: Page<(K, V), K>) -> Page<V, K> {
    Page { rows: page.rows.into_iter().map(|(_, row)| row).collect(), next: page.next }
}

/// Deletes a row that has to be there.
fn delete<K: Ord + Clone, V: Clone>(
    table: &mut Table<K, V>,
    key: &K,
    entity: &'static str,
) -> Result<(), StoreError> {
    row(table, key, entity)?;
    Arc::make_mut(table).remove(key);
    Ok(())
}

#[async_trait]
impl ReadOfficeLists for Rooms {
    async fn regions(
        &mut self,
        asked: PageRequest<RegionId>,
    ) -> Result<Page<KnownRegion, RegionId>, StoreError> {
        let Page { rows, next } = page(&self.regions, asked);
        let known = |(id, region)| KnownRegion { region, gone: self.gone_regions.get(&id).cloned() };
        Ok(Page { rows: rows.into_iter().map(known).collect(), next })
    }

    async fn offices(&mut self, asked: PageRequest<OfficeId>) -> Result<Page<Office, OfficeId>, StoreError> {
        Ok(without_keys(page(&self.offices, asked)))
    }

    async fn addresses(
        &mut self,
        asked: PageRequest<OfficeAddressId>,
    ) -> Result<Page<OfficeAddress, OfficeAddressId>, StoreError> {
        Ok(without_keys(page(&self.addresses, asked)))
    }
}

#[async_trait]
impl OfficeLists for Rooms {
    async fn retire_region(
        &mut self,
        id: RegionId,
        at: DateTime<Utc>,
        successor: Option<RegionId>,
    ) -> Result<(), StoreError> {
        row(&mut self.regions, &id, "region")?;
        Arc::make_mut(&mut self.gone_regions).insert(id, Gone { at, successor });
        Ok(())
    }

    async fn delete_office(&mut self, id: OfficeId) -> Result<(), StoreError> {
        delete(&mut self.offices, &id, "office")
    }

    async fn delete_address(&mut self, id: OfficeAddressId) -> Result<(), StoreError> {
        delete(&mut self.addresses, &id, "address")
    }
}
