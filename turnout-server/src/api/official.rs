//! `/v1/official/…` (`http-api.md` 10).

use http::StatusCode;
use serde_json::{Value, json};
use turnout_core::{
    address::State,
    ids::RegionId,
    official::{OfficeAddress, OfficeWithAddresses, Region},
    person::Phone,
    ports::store::RegionFilter,
};

use super::submission::NamedRegion;
use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Detail, Operation, shape},
};

shape! {
    /// A region with its offices.
    pub(super) struct RegionAnswer: "RegionDetail" {
        /// Its number.
        external_id: RegionId,
        /// Its name.
        name: Option<String>,
        /// Its county.
        county: Option<String>,
        /// Its municipality.
        municipality: Option<String>,
        /// The offices, by number.
        offices: Vec<OfficeAnswer>,
    }
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

shape! {
    /// An election office.
    struct OfficeAnswer: "Office" {
        /// When it is open.
        hours: Option<String>,
        /// What else is to be known.
        notes: Option<String>,
        /// Its addresses, by number.
        addresses: Vec<AddressAnswer>,
    }
}

shape! {
    /// An address of an election office.
    struct AddressAnswer: "OfficeAddress" {
        /// The first line.
        address: Option<String>,
        /// The second line.
        address2: Option<String>,
        /// The third line.
        address3: Option<String>,
        /// The city.
        city: Option<String>,
        /// The postal code of the state.
        state: Option<State>,
        /// The ZIP code.
        zipcode: Option<String>,
        /// Where it is, as `SRID=4326;POINT (<lng> <lat>)`.
        location: Option<String>,
        /// The web site.
        website: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// The telephone, in national format.
        phone: Option<String>,
        /// The fax, in national format.
        fax: Option<String>,
        /// Whether one can go there.
        is_physical: bool,
        /// Whether it takes mail.
        is_regular_mail: bool,
        /// Whether it takes registrations.
        process_domestic_registrations: bool,
        /// Whether it takes ballot requests.
        process_absentee_requests: bool,
        /// Whether it takes ballots by mail.
        process_absentee_ballots: bool,
        /// Whether it takes ballot requests from overseas.
        process_overseas_requests: bool,
        /// Whether it takes ballots from overseas.
        process_overseas_ballots: bool,
        /// Degrees north.
        lat: Option<f64>,
        /// Degrees east.
        lng: Option<f64>,
    }
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

/// Describes [`state`].
#[must_use]
pub fn state_operation() -> Operation {
    Operation::new("listRegions", "The regions of a state")
        .segment("code", "The state's postal code, in upper case; there are none of another.", word())
        .query("county", "Only those of this county.")
        .query("municipality", "Only those of this municipality.")
        .answers::<Vec<NamedRegion>>(StatusCode::OK, "By name, without hidden ones")
}

/// A segment of letters, digits, `-` and `_`.
fn word() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" })
}

/// Describes [`region`].
#[must_use]
pub fn region_operation() -> Operation {
    Operation::new("getRegion", "A region with its offices")
        .segment("external_id", "The region's number.", json!({ "type": "string", "pattern": "^[0-9]+$" }))
        .answers::<RegionAnswer>(StatusCode::OK, "The region, a hidden one, too")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such region")
}

shape! {
    /// Why there is nothing.
    struct Alert: "Alert" {
        /// A sentence.
        alert: &'static str,
    }
}

/// Describes [`address`].
#[must_use]
pub fn address_operation() -> Operation {
    Operation::new("addressLookup", "Switched off")
        .without_store()
        .answers::<Alert>(StatusCode::NOT_FOUND, "Always")
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
    let body: Vec<NamedRegion> = regions.into_iter().map(NamedRegion::from).collect();
    Ok(response::json(StatusCode::OK, &body))
}

/// `GET /v1/official/region/{external_id}/`: hidden ones too. Answers are kept as finished bytes.
///
/// # Errors
/// When there is no such region or the store fails.
pub async fn region(request: Request) -> Result<Response, ApiError> {
    let id = request.segment("external_id");
    let id =
        Some(id).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())).and_then(|id| id.parse().ok());
    let id = RegionId(id.ok_or_else(ApiError::not_found)?);
    let store = &request.app().store;
    let make = async {
        let mut view = store.view().await?;
        let region = view.officials().region(id).await?.ok_or_else(ApiError::not_found)?;
        let offices = view.officials().offices(id).await?;
        serde_json::to_vec(&RegionAnswer::new(region, offices)).map_err(ApiError::internal)
    };
    request.kept_regions().json(&request, &id.to_string(), make).await
}

/// `GET /v1/official/address/`
///
/// # Errors
/// Always: the resource is switched off.
pub async fn address(_: Request) -> Result<Response, ApiError> {
    let body = Alert { alert: "This resource has been disabled." };
    Err(ApiError::new(StatusCode::NOT_FOUND, json!(body)))
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
