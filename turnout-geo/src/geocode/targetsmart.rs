//! TargetSmart's district service: the municipality in which the voters of an address vote (`address-matching.md` 2).

use chrono::{DateTime, Utc};
use serde::Deserialize;
use turnout_core::{
    address::{Address, State},
    official::Location,
    ports::{
        geocoder::{Accuracy, Components, GeocodeError, GeocodeErrorKind, Geocoded},
        http::{HeaderName, HttpRequest, HttpResponse},
    },
};
use url::Url;
use zeroize::Zeroizing;

use super::{
    question::{Asked, failed, unintelligible},
    remote::Vendor,
};
use crate::{data::zips, gazetteer::Zip5};

const NAME: &str = "targetsmart";
const PATH: &str = "/service/district";
const KEY: HeaderName = HeaderName::from_static("x-api-key");
/// A point is the middle of a nine-digit ZIP code: how far off that may be, in meters, our estimate.
const UNCERTAINTY_M: f64 = 300.0;

/// Asks TargetSmart.
pub struct TargetSmart {
    url: Url,
    key: Zeroizing<String>,
}

impl TargetSmart {
    /// With this key.
    ///
    /// # Panics
    /// Never: the service's address is one.
    #[must_use]
    pub fn new(key: String) -> Self {
        let url = "https://api.targetsmart.com/service/district".parse().expect("an address");
        Self { url, key: Zeroizing::new(key) }
    }

    /// Asks another server that speaks the same, such as a simulator; its path is left out.
    #[must_use]
    pub fn with_base_url(mut self, mut base: Url) -> Self {
        base.set_path(PATH);
        self.url = base;
        self
    }
}

impl Vendor for TargetSmart {
    const NAME: &'static str = NAME;

    fn request(&self, address: &Address) -> Result<HttpRequest, GeocodeError> {
        let Asked { street, city, state, zip } = Asked::of(NAME, address)?;
        let line = format!("{street}, {city}, {state} {zip}");
        let fields = [
            ("search_type", "address"),
            ("address", line.trim_end()),
            ("state", state.code()),
            ("zip5", zip.get(..5).unwrap_or_default()),
        ];
        let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
        HttpRequest::get(self.url.clone())
            .with_query(given)
            .with_secret_header(KEY, &self.key)
            .map_err(|error| GeocodeError::new(NAME, GeocodeErrorKind::Refused).because(error))
    }

    fn answer(
        &self,
        address: &Address,
        response: &HttpResponse,
        now: DateTime<Utc>,
    ) -> Result<Vec<Geocoded>, GeocodeError> {
        if !response.status.is_success() {
            return Err(failed(NAME, response, now));
        }
        let answer: Answer = response.read_json().map_err(|error| unintelligible(NAME, error))?;
        if answer.match_found == Some(false) {
            return Ok(Vec::new());
        }
        let found = answer.match_data.filter(|found| found.state.is_some() && found.county.is_some());
        let found = found.ok_or_else(|| GeocodeError::new(NAME, GeocodeErrorKind::Unintelligible))?;
        Ok(found.read(address).into_iter().collect())
    }
}

#[derive(Deserialize)]
struct Answer {
    match_found: Option<bool>,
    match_data: Option<Found>,
}

/// State and county are always there; the municipality has one of its keys, or none.
#[derive(Deserialize)]
struct Found {
    #[serde(rename = "vb.vf_reg_cass_state")]
    state: Option<String>,
    #[serde(rename = "vb.vf_county_name")]
    county: Option<String>,
    #[serde(rename = "vb.vf_municipal_district")]
    municipal_district: Option<String>,
    #[serde(rename = "vb.vf_township")]
    township: Option<String>,
    #[serde(rename = "z9_latitude", default)]
    latitude: Degrees,
    #[serde(rename = "z9_longitude", default)]
    longitude: Degrees,
}

/// A number, or the text of one.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Degrees {
    Number(f64),
    Text(String),
    #[default]
    None,
}

impl Degrees {
    fn read(&self) -> Option<f64> {
        match self {
            Self::Number(degrees) => Some(*degrees),
            Self::Text(text) => text.trim().parse().ok(),
            Self::None => None,
        }
    }
}

impl Found {
    /// Where the answer has no point, the middle of the ZIP code.
    fn read(self, address: &Address) -> Option<Geocoded> {
        let point = self.latitude.read().zip(self.longitude.read());
        let (location, uncertainty_m, accuracy) = match point {
            Some((lat, lng)) => (Location { lat, lng }, UNCERTAINTY_M, Accuracy::Zip9),
            None => {
                let zip = address.zipcode.as_deref().and_then(|zip| Zip5::parse(zip.get(..5)?))?;
                let entry = zips().get(zip.number())?;
                let (lat, lng) = (entry.point.lat_degrees(), entry.point.lon_degrees());
                (Location { lat, lng }, f64::from(entry.uncertainty_m), Accuracy::Zip)
            }
        };
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Some(Geocoded {
            location,
            uncertainty_m,
            accuracy,
            components: Components {
                state: self.state.as_deref().and_then(State::parse),
                county: given(self.county),
                municipality: given(self.municipal_district).or_else(|| given(self.township)),
                ..Components::default()
            },
            source: NAME,
        })
    }
}
