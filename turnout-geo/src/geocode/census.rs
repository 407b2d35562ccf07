//! The geocoder of the US Census Bureau: free, without a key, with the areas that a point is in.
//! (<https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html>, 2025.)

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use turnout_core::{
    address::{Address, State},
    official::Location,
    ports::{
        geocoder::{Accuracy, Components, GeocodeError, Geocoded},
        http::{HttpRequest, HttpResponse},
    },
};
use url::Url;

use super::{
    question::{Asked, failed, unintelligible},
    remote::Vendor,
};

const NAME: &str = "census";
const PATH: &str = "/geocoder/geographies/address";
/// Addresses are placed between the numbers of a street's ends: how far off that may be, in meters, our estimate.
const UNCERTAINTY_M: f64 = 120.0;
/// An answer with its areas has some ten kilobytes a match.
const ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// Asks the Census Bureau, by its newest addresses and boundaries.
pub struct Census {
    url: Url,
}

impl Default for Census {
    fn default() -> Self {
        Self::new()
    }
}

impl Census {
    /// The public service.
    ///
    /// # Panics
    /// Never: the service's address is one.
    #[must_use]
    pub fn new() -> Self {
        let url = "https://geocoding.geo.census.gov/geocoder/geographies/address";
        Self { url: url.parse().expect("an address") }
    }

    /// Asks another server that speaks the same, such as a simulator; its path is left out.
    #[must_use]
    pub fn with_base_url(mut self, mut base: Url) -> Self {
        base.set_path(PATH);
        self.url = base;
        self
    }
}

impl Vendor for Census {
    const NAME: &'static str = NAME;

    fn request(&self, address: &Address) -> Result<HttpRequest, GeocodeError> {
        let Asked { street, city, state, zip } = Asked::of(NAME, address)?;
        let fields = [("street", street.as_str()), ("city", &city), ("state", state.code()), ("zip", &zip)];
        let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
        let request = HttpRequest::get(self.url.clone()).with_query(given).with_query([
            ("benchmark", "Public_AR_Current"),
            ("vintage", "Current_Current"),
            ("layers", "Counties,County Subdivisions"),
            ("format", "json"),
        ]);
        Ok(request.with_answer_limit(ANSWER_BYTES))
    }

    fn answer(
        &self,
        _address: &Address,
        response: &HttpResponse,
        now: DateTime<Utc>,
    ) -> Result<Vec<Geocoded>, GeocodeError> {
        if !response.status.is_success() {
            return Err(failed(NAME, response, now));
        }
        let answer: Answer = response.read_json().map_err(|error| unintelligible(NAME, error))?;
        Ok(answer.result.matches.into_iter().map(Match::read).collect())
    }
}

#[derive(Deserialize)]
struct Answer {
    result: Matches,
}

#[derive(Deserialize)]
struct Matches {
    #[serde(rename = "addressMatches")]
    matches: Vec<Match>,
}

#[derive(Deserialize)]
struct Match {
    coordinates: Coordinates,
    #[serde(rename = "matchedAddress")]
    matched: Option<String>,
    #[serde(rename = "addressComponents", default)]
    parts: Parts,
    #[serde(default)]
    geographies: BTreeMap<String, Vec<Area>>,
}

/// East and north, in degrees.
#[derive(Deserialize)]
struct Coordinates {
    x: f64,
    y: f64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parts {
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
}

#[derive(Deserialize)]
struct Area {
    #[serde(rename = "GEOID")]
    geoid: Option<String>,
    #[serde(rename = "NAME")]
    name: Option<String>,
}

impl Match {
    fn read(self) -> Geocoded {
        let area = |layer: &str| self.geographies.get(layer).and_then(|areas| areas.first());
        let name = |area: &Area| area.name.clone();
        let geoid = |area: &Area| area.geoid.clone();
        let (county, subdivision) = (area("Counties"), area("County Subdivisions"));
        Geocoded {
            location: Location { lat: self.coordinates.y, lng: self.coordinates.x },
            uncertainty_m: UNCERTAINTY_M,
            accuracy: Accuracy::Range,
            components: Components {
                street: self.matched.as_deref().and_then(|all| all.split(',').next()).map(str::to_owned),
                state: self.parts.state.as_deref().and_then(State::parse),
                county: county.and_then(name),
                county_geoid: county.and_then(geoid),
                municipality: subdivision.and_then(name),
                municipality_geoid: subdivision.and_then(geoid),
                city: self.parts.city,
                zipcode: self.parts.zip,
            },
            source: NAME,
        }
    }
}
