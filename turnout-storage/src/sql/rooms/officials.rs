//! Regions and offices.

use async_trait::async_trait;
use turnout_core::{
    address::State,
    ids::RegionId,
    official::{Office, OfficeAddress, OfficeWithAddresses, Region},
    ports::store::{Officials, ReadOfficials, RegionFilter, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::Moment,
    rows::officials::{AddressRow, OfficeRow, RegionRow},
    session::{Session, query},
    statements::officials as statements,
};

#[async_trait]
impl<D: Dialect> ReadOfficials for Session<D> {
    async fn region(&mut self, id: RegionId) -> Result<Option<Region>, StoreError> {
        self.optional::<RegionRow, _>(query(statements::REGION).bind(id.0)).await
    }

    async fn regions(&mut self, state: State, filter: &RegionFilter) -> Result<Vec<Region>, StoreError> {
        if [&filter.county, &filter.municipality].into_iter().flatten().any(|text| is_unfindable(text)) {
            return Ok(Vec::new());
        }
        let statement =
            query(statements::REGIONS).bind(state.code()).bind(&filter.county).bind(&filter.municipality);
        self.all::<RegionRow, _>(statement).await
    }

    async fn offices(&mut self, region: RegionId) -> Result<Vec<OfficeWithAddresses>, StoreError> {
        let offices: Vec<Office> =
            self.all::<OfficeRow, _>(query(statements::OFFICES).bind(region.0)).await?;
        let mut addresses: Vec<OfficeAddress> =
            self.all::<AddressRow, _>(query(statements::ADDRESSES).bind(region.0)).await?;
        let with_addresses = |office: Office| {
            let addresses = addresses.extract_if(.., |address| address.office == Some(office.id)).collect();
            OfficeWithAddresses { office, addresses }
        };
        Ok(offices.into_iter().map(with_addresses).collect())
    }
}

#[async_trait]
impl<D: Dialect> Officials for Session<D> {
    async fn put_region(&mut self, region: &Region) -> Result<(), StoreError> {
        let statement = query(statements::PUT_REGION)
            .bind(region.id.0)
            .bind(&region.name)
            .bind(&region.county)
            .bind(&region.municipality)
            .bind(&region.municipality_type)
            .bind(region.state.map(|state| state.code()))
            .bind(region.hidden)
            .bind(region.external_updated.map(Moment));
        self.change_one("region", statement).await
    }

    async fn put_office(&mut self, office: &Office) -> Result<(), StoreError> {
        let statement = query(statements::PUT_OFFICE)
            .bind(office.id.0)
            .bind(office.region.map(|id| id.0))
            .bind(&office.hours)
            .bind(&office.notes)
            .bind(office.external_updated.map(Moment));
        self.change_one("office", statement).await
    }

    async fn put_address(&mut self, address: &OfficeAddress) -> Result<(), StoreError> {
        let Some(id) = address.id else {
            return Err(StoreError::Other("an office's address needs the supplier's number".into()));
        };
        let statement = query(statements::PUT_ADDRESS)
            .bind(id.0)
            .bind(address.office.map(|id| id.0))
            .bind(&address.address)
            .bind(&address.address2)
            .bind(&address.address3)
            .bind(&address.city)
            .bind(address.state.map(|state| state.code()))
            .bind(&address.zipcode)
            .bind(&address.website)
            .bind(&address.email)
            .bind(address.phone.as_ref().map(|phone| phone.e164()))
            .bind(address.fax.as_ref().map(|fax| fax.e164()))
            .bind(address.location.map(|location| location.lat))
            .bind(address.location.map(|location| location.lng))
            .bind(address.is_physical)
            .bind(address.is_regular_mail)
            .bind(address.process_domestic_registrations)
            .bind(address.process_absentee_requests)
            .bind(address.process_absentee_ballots)
            .bind(address.process_overseas_requests)
            .bind(address.process_overseas_ballots)
            .bind(address.external_updated.map(Moment));
        self.change_one("address", statement).await
    }
}
