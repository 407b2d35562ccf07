//! Taking over a supplier's whole list of regions and offices.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{KnownRegion, Office, OfficeAddress},
    page::{Page, PageRequest},
    ports::store::{OfficeLists, ReadOfficeLists, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::officials::{AddressRow, KnownRegionRow, OfficeRow},
    session::{Session, Statement, query},
    statements::{Text, office_lists as statements},
};

/// One more than the page has, after that number.
fn page<D: Dialect>(text: Text, after: Option<i64>, limit: u32) -> Statement<D> {
    query(text).bind(after.unwrap_or(i64::MIN)).bind(i64::from(limit) + 1)
}

#[async_trait]
impl<D: Dialect> ReadOfficeLists for Session<D> {
    async fn regions(
        &mut self,
        asked: PageRequest<RegionId>,
    ) -> Result<Page<KnownRegion, RegionId>, StoreError> {
        let statement = page(statements::REGIONS, asked.after.map(|id| id.0), asked.limit);
        let rows = self.all::<KnownRegionRow, KnownRegion>(statement).await?;
        Ok(Page::cut(rows, asked.limit, |known| known.region.id))
    }

    async fn offices(&mut self, asked: PageRequest<OfficeId>) -> Result<Page<Office, OfficeId>, StoreError> {
        let statement = page(statements::OFFICES, asked.after.map(|id| id.0), asked.limit);
        let rows = self.all::<OfficeRow, Office>(statement).await?;
        Ok(Page::cut(rows, asked.limit, |office| office.id))
    }

    async fn addresses(
        &mut self,
        asked: PageRequest<OfficeAddressId>,
    ) -> Result<Page<OfficeAddress, OfficeAddressId>, StoreError> {
        let statement = page(statements::ADDRESSES, asked.after.map(|id| id.0), asked.limit);
        let rows = self.all::<AddressRow, OfficeAddress>(statement).await?;
        let number = |address: &OfficeAddress| address.id.unwrap_or(OfficeAddressId(i64::MAX));
        Ok(Page::cut(rows, asked.limit, number))
    }
}

#[async_trait]
impl<D: Dialect> OfficeLists for Session<D> {
    async fn retire_region(
        &mut self,
        id: RegionId,
        at: DateTime<Utc>,
        successor: Option<RegionId>,
    ) -> Result<(), StoreError> {
        let statement = query(statements::RETIRE_REGION)
            .bind(id.0)
            .bind(Moment(at))
            .bind(successor.map(|successor| successor.0));
        self.change_one("region", statement).await
    }

    async fn delete_office(&mut self, id: OfficeId) -> Result<(), StoreError> {
        self.change_one("office", query(statements::DELETE_OFFICE).bind(id.0)).await
    }

    async fn delete_address(&mut self, id: OfficeAddressId) -> Result<(), StoreError> {
        self.change_one("address", query(statements::DELETE_ADDRESS).bind(id.0)).await
    }
}
