//! geocod.io, version 1.5 (`address-matching.md` 2).

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
use zeroize::Zeroizing;

use super::{
    question::{Asked, failed, unintelligible},
    remote::Vendor,
};

const NAME: &str = "geocodio";
const PATH: &str = "/v1.5/geocode";
/// Less than this of the address was understood: the point is not that of the address.
const LEAST_SCORE: f64 = 0.5;

/// Asks geocod.io. Legislative districts are not asked for: they cost extra, and come by another plan than the rules.
pub struct Geocodio {
    url: Url,
    key: Zeroizing<String>,
}

impl Geocodio {
    /// With this key.
    ///
    /// # Panics
    /// Never: the service's address is one.
    #[must_use]
    pub fn new(key: String) -> Self {
        let url = "https://api.geocod.io/v1.5/geocode".parse().expect("an address");
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

impl Vendor for Geocodio {
    const NAME: &'static str = NAME;

    fn request(&self, address: &Address) -> Result<HttpRequest, GeocodeError> {
        let Asked { street, city, state, zip } = Asked::of(NAME, address)?;
        let fields =
            [("street", street.as_str()), ("city", &city), ("state", state.code()), ("postal_code", &zip)];
        let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
        Ok(HttpRequest::get(self.url.clone()).with_query(given).with_query([("api_key", self.key.as_str())]))
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
        Ok(answer.results.into_iter().filter_map(Found::read).collect())
    }
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    address_components: Parts,
    location: Point,
    accuracy: f64,
    accuracy_type: String,
}

#[derive(Deserialize)]
struct Point {
    lat: f64,
    lng: f64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parts {
    number: Option<String>,
    formatted_street: Option<String>,
    city: Option<String>,
    county: Option<String>,
    state: Option<String>,
    zip: Option<String>,
}

impl Found {
    fn read(self) -> Option<Geocoded> {
        let (accuracy, meters) = accuracy(&self.accuracy_type)?;
        if self.accuracy < LEAST_SCORE {
            return None;
        }
        let parts = self.address_components;
        let street = parts.formatted_street.map(|street| match parts.number {
            Some(number) => format!("{number} {street}"),
            None => street,
        });
        Some(Geocoded {
            location: Location { lat: self.location.lat, lng: self.location.lng },
            uncertainty_m: meters / self.accuracy.min(1.0),
            accuracy,
            components: Components {
                street,
                city: parts.city,
                state: parts.state.as_deref().and_then(State::parse),
                zipcode: parts.zip,
                county: parts.county,
                ..Components::default()
            },
            source: NAME,
        })
    }
}

/// The service's words, and how far off such a point may be, in meters: our estimates.
fn accuracy(word: &str) -> Option<(Accuracy, f64)> {
    Some(match word {
        "rooftop" | "point" => (Accuracy::Rooftop, 50.0),
        "nearest_rooftop_match" => (Accuracy::Range, 150.0),
        "range_interpolation" => (Accuracy::Range, 120.0),
        "intersection" => (Accuracy::Street, 100.0),
        "street_center" => (Accuracy::Street, 1_000.0),
        "place" => (Accuracy::City, 8_000.0),
        "county" | "state" => (Accuracy::Region, 100_000.0),
        _ => return None,
    })
}
