//! Regions and offices.

use sqlx::FromRow;
use turnout_core::{
    address::State,
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{Gone, KnownRegion, Location, Office, OfficeAddress, Region},
    person::Phone,
    ports::store::StoreError,
};

use super::{corrupt, optional, table};
use crate::sql::{
    moment::Moment,
    statements::{office_lists, officials as statements},
};

#[derive(FromRow)]
pub(crate) struct RegionRow {
    external_id: i64,
    name: Option<String>,
    county: Option<String>,
    municipality: Option<String>,
    municipality_type: Option<String>,
    state_id: Option<String>,
    hidden: Option<bool>,
    external_updated: Option<Moment>,
}
table!(RegionRow, "official_region", statements::REGION_COLUMNS, "region");

impl TryFrom<RegionRow> for Region {
    type Error = StoreError;

    fn try_from(row: RegionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: RegionId(row.external_id),
            name: row.name,
            county: row.county,
            municipality: row.municipality,
            municipality_type: row.municipality_type,
            state: optional::<RegionRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
            hidden: row.hidden.unwrap_or(false),
            external_updated: row.external_updated.map(|moment| moment.0),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct KnownRegionRow {
    #[sqlx(flatten)]
    region: RegionRow,
    gone_at: Option<Moment>,
    replaced_by: Option<i64>,
}
table!(KnownRegionRow, "official_region", office_lists::KNOWN_REGION_COLUMNS, "region");

impl TryFrom<KnownRegionRow> for KnownRegion {
    type Error = StoreError;

    fn try_from(row: KnownRegionRow) -> Result<Self, StoreError> {
        let successor = row.replaced_by.map(RegionId);
        Ok(Self {
            region: row.region.try_into()?,
            gone: row.gone_at.map(|moment| Gone { at: moment.0, successor }),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct OfficeRow {
    external_id: i64,
    region_id: Option<i64>,
    hours: Option<String>,
    notes: Option<String>,
    external_updated: Option<Moment>,
}
table!(OfficeRow, "official_office", statements::OFFICE_COLUMNS, "office");

impl TryFrom<OfficeRow> for Office {
    type Error = StoreError;

    fn try_from(row: OfficeRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: OfficeId(row.external_id),
            region: row.region_id.map(RegionId),
            hours: row.hours,
            notes: row.notes,
            external_updated: row.external_updated.map(|moment| moment.0),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct AddressRow {
    external_id: i64,
    office_id: Option<i64>,
    address: Option<String>,
    address2: Option<String>,
    address3: Option<String>,
    city: Option<String>,
    state_id: Option<String>,
    zipcode: Option<String>,
    website: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    location_lat: Option<f64>,
    location_lng: Option<f64>,
    is_physical: Option<bool>,
    is_regular_mail: Option<bool>,
    process_domestic_registrations: Option<bool>,
    process_absentee_requests: Option<bool>,
    process_absentee_ballots: Option<bool>,
    process_overseas_requests: Option<bool>,
    process_overseas_ballots: Option<bool>,
    external_updated: Option<Moment>,
}
table!(AddressRow, "official_address", statements::ADDRESS_COLUMNS, "address");

impl TryFrom<AddressRow> for OfficeAddress {
    type Error = StoreError;

    fn try_from(row: AddressRow) -> Result<Self, StoreError> {
        let location = match (row.location_lat, row.location_lng) {
            (Some(lat), Some(lng)) => Some(Location { lat, lng }),
            (None, None) => None,
            _ => return Err(corrupt::<AddressRow>("location_lat")),
        };
        Ok(Self {
            id: Some(OfficeAddressId(row.external_id)),
            office: row.office_id.map(OfficeId),
            address: row.address,
            address2: row.address2,
            address3: row.address3,
            city: row.city,
            state: optional::<AddressRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
            zipcode: row.zipcode,
            website: row.website,
            email: row.email,
            // the API shows an empty number as the supplier sent it (`http-api.md` 10.2)
            phone: row.phone.map(Phone::from_stored),
            fax: row.fax.map(Phone::from_stored),
            location,
            is_physical: row.is_physical.unwrap_or(false),
            is_regular_mail: row.is_regular_mail.unwrap_or(false),
            process_domestic_registrations: row.process_domestic_registrations.unwrap_or(false),
            process_absentee_requests: row.process_absentee_requests.unwrap_or(false),
            process_absentee_ballots: row.process_absentee_ballots.unwrap_or(false),
            process_overseas_requests: row.process_overseas_requests.unwrap_or(false),
            process_overseas_ballots: row.process_overseas_ballots.unwrap_or(false),
            external_updated: row.external_updated.map(|moment| moment.0),
        })
    }
}

/// Null and the empty text are no number.
pub(crate) fn stored_phone(text: Option<String>) -> Option<Phone> {
    text.filter(|text| !text.is_empty()).map(Phone::from_stored)
}
