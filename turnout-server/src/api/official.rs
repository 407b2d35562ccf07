//! `/v1/official/…` (`http-api.md` 10).

use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use turnout_core::{
    address::State,
    ids::RegionId,
    official::{OfficeAddress, OfficeWithAddresses, Region},
    person::Phone,
    ports::store::RegionFilter,
};

use crate::http::{ApiError, Request, Response, response};

/// A region with its offices (10.2).
#[derive(Serialize)]
pub(super) struct RegionAnswer {
    external_id: RegionId,
    name: Option<String>,
    county: Option<String>,
    municipality: Option<String>,
    offices: Vec<OfficeAnswer>,
}

impl RegionAnswer {
    pub(super) fn new(region: Region, offices: Vec<OfficeWithAddresses>) -> Self {
        Self {
            external_id: region.id,
            name: region.name,
            county: region.county,
            municipality: region.municipality,
            offices: offices.into_iter().map(OfficeAnswer::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct OfficeAnswer {
    hours: Option<String>,
    notes: Option<String>,
    addresses: Vec<AddressAnswer>,
}

#[derive(Serialize)]
struct AddressAnswer {
    address: Option<String>,
    address2: Option<String>,
    address3: Option<String>,
    city: Option<String>,
    state: Option<State>,
    zipcode: Option<String>,
    location: Option<String>,
    website: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    is_physical: bool,
    is_regular_mail: bool,
    process_domestic_registrations: bool,
    process_absentee_requests: bool,
    process_absentee_ballots: bool,
    process_overseas_requests: bool,
    process_overseas_ballots: bool,
    lat: Option<f64>,
    lng: Option<f64>,
}

impl From<OfficeAddress> for AddressAnswer {
    fn from(address: OfficeAddress) -> Self {
        let national = |phone: &Phone| phone.national();
        Self {
            location: address.location.map(|it| format!("SRID=4326;POINT ({} {})", it.lng, it.lat)),
            lat: address.location.map(|it| it.lat),
            lng: address.location.map(|it| it.lng),
            phone: address.phone.as_ref().map(national),
            fax: address.fax.as_ref().map(national),
            address: address.address,
            address2: address.address2,
            address3: address.address3,
            city: address.city,
            state: address.state,
            zipcode: address.zipcode,
            website: address.website,
            email: address.email,
            is_physical: address.is_physical,
            is_regular_mail: address.is_regular_mail,
            process_domestic_registrations: address.process_domestic_registrations,
            process_absentee_requests: address.process_absentee_requests,
            process_absentee_ballots: address.process_absentee_ballots,
            process_overseas_requests: address.process_overseas_requests,
            process_overseas_ballots: address.process_overseas_ballots,
        }
    }
}

impl From<OfficeWithAddresses> for OfficeAnswer {
    fn from(OfficeWithAddresses { office, addresses }: OfficeWithAddresses) -> Self {
        Self {
            hours: office.hours,
            notes: office.notes,
            addresses: addresses.into_iter().map(AddressAnswer::from).collect(),
        }
    }
}

/// `GET /v1/official/state/{code}/`: an unknown state and a territory have no regions.
///
/// # Errors
/// When the store fails.
pub async fn state(request: Request) -> Result<Response, ApiError> {
    let given = |name| request.query(name).filter(|value| !value.is_empty());
    let filter = RegionFilter { county: given("county"), municipality: given("municipality") };
    let regions = match State::parse(request.segment("code")).filter(|state| !state.is_territory()) {
        Some(state) => request.app().store.view().await?.officials().regions(state, &filter).await?,
        None => Vec::new(),
    };
    let body: Vec<_> =
        regions.iter().map(|region| json!({ "name": region.name, "external_id": region.id })).collect();
    Ok(response::json(StatusCode::OK, &body))
}

/// `GET /v1/official/region/{external_id}/`: hidden ones too.
///
/// # Errors
/// When there is no such region or the store fails.
pub async fn region(request: Request) -> Result<Response, ApiError> {
    let id = request.segment("external_id");
    let id =
        Some(id).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())).and_then(|id| id.parse().ok());
    let id = RegionId(id.ok_or_else(ApiError::not_found)?);
    let mut view = request.app().store.view().await?;
    let region = view.officials().region(id).await?.ok_or_else(ApiError::not_found)?;
    let offices = view.officials().offices(id).await?;
    Ok(response::json(StatusCode::OK, &RegionAnswer::new(region, offices)))
}

/// `GET /v1/official/address/`
///
/// # Errors
/// Always: the resource is switched off.
pub async fn address(_: Request) -> Result<Response, ApiError> {
    let body = json!({ "alert": "This resource has been disabled." });
    Err(ApiError::new(StatusCode::NOT_FOUND, body))
}

#[cfg(test)]
mod tests {
    use turnout_core::official::Location;

    use super::*;

    #[test]
    fn a_place_is_a_text_and_two_numbers_and_an_empty_phone_stays_empty() {
        let address = OfficeAddress {
            location: Some(Location { lat: 37.799, lng: -122.0 }),
            phone: Some(Phone::from_stored("+16175557890".into())),
            fax: Some(Phone::from_stored(String::new())),
            ..OfficeAddress::default()
        };
        let answer = AddressAnswer::from(address);
        assert_eq!(answer.location.as_deref(), Some("SRID=4326;POINT (-122 37.799)"));
        assert_eq!((answer.lat, answer.lng), (Some(37.799), Some(-122.0)));
        assert_eq!(answer.phone.as_deref(), Some("(617) 555-7890"));
        assert_eq!(answer.fax.as_deref(), Some(""));
    }
}
