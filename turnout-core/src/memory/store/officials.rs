//! Regions and offices.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::Rooms;
use crate::{
    address::State,
    ids::RegionId,
    official::{Office, OfficeAddress, OfficeWithAddresses, Region},
    ports::store::{Officials, ReadOfficials, RegionFilter, StoreError},
};

impl Rooms {
    /// The region that took its place, else itself.
    fn present(&self, region: RegionId) -> RegionId {
        self.gone_regions.get(&region).and_then(|gone| gone.successor).unwrap_or(region)
    }
}

#[async_trait]
impl ReadOfficials for Rooms {
    async fn region(&mut self, id: RegionId) -> Result<Option<Region>, StoreError> {
        Ok(self.regions.get(&self.present(id)).cloned())
    }

    async fn regions(&mut self, state: State, filter: &RegionFilter) -> Result<Vec<Region>, StoreError> {
        let fits = |wanted: &Option<String>, has: &Option<String>| wanted.is_none() || wanted == has;
        let mut regions: Vec<Region> = self
            .regions
            .values()
            .filter(|it| it.state == Some(state) && !it.hidden && !self.gone_regions.contains_key(&it.id))
            .filter(|it| fits(&filter.county, &it.county) && fits(&filter.municipality, &it.municipality))
            .cloned()
            .collect();
        regions.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(regions)
    }

    async fn offices(&mut self, region: RegionId) -> Result<Vec<OfficeWithAddresses>, StoreError> {
        let region = self.present(region);
        let offices = self.offices.values().filter(|it| it.region == Some(region));
        Ok(offices
            .map(|office| OfficeWithAddresses {
                office: office.clone(),
                addresses: self
                    .addresses
                    .values()
                    .filter(|it| it.office == Some(office.id))
                    .cloned()
                    .collect(),
            })
            .collect())
    }
}

#[async_trait]
impl Officials for Rooms {
    async fn put_region(&mut self, region: &Region) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.gone_regions).remove(&region.id);
        Arc::make_mut(&mut self.regions).insert(region.id, region.clone());
        Ok(())
    }

    async fn put_office(&mut self, office: &Office) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.offices).insert(office.id, office.clone());
        Ok(())
    }

    async fn put_address(&mut self, address: &OfficeAddress) -> Result<(), StoreError> {
        let id = address.id.ok_or_else(|| StoreError::Other("the address has no number".into()))?;
        Arc::make_mut(&mut self.addresses).insert(id, address.clone());
        Ok(())
    }
}
