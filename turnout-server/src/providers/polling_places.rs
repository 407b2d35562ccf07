//! Who knows polling places: our own locator, and Google's Civic Information API, version 2 (`flows.md` 8.7; docs of Google:
//! "elections: voterInfoQuery", 2026-11). What Google answers is said once and kept nowhere.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use turnout_core::{
    address::{Address, State},
    error::{ProviderError, ProviderErrorKind},
    official::Location,
    ports::{
        http::{HttpClient, HttpRequest, HttpResponse, StatusCode},
        maps::{Place, PollingPlaceLocator, Voting},
    },
};
use url::Url;

use crate::config::Secret;

const LOCATOR: &str = "locator";
const CIVIC: &str = "civic";
/// Somebody waits.
const TIMEOUT: TimeDelta = TimeDelta::seconds(8);
/// The election that is asked about, as the Django service asks.
const ELECTION: &str = "7000";

/// Our own locator.
pub struct OwnLocator {
    http: Arc<dyn HttpClient>,
    url: Url,
}

/// Google's.
pub struct Civic {
    http: Arc<dyn HttpClient>,
    url: Url,
    key: Secret,
}

#[derive(Deserialize)]
struct OwnAnswer {
    #[serde(default)]
    data: OwnPlaces,
}

#[derive(Default, Deserialize)]
struct OwnPlaces {
    #[serde(default)]
    election_day_locations: Vec<OwnPlace>,
    #[serde(default)]
    early_vote_locations: Vec<OwnPlace>,
}

#[derive(Deserialize)]
struct OwnPlace {
    location_name: Option<String>,
    address_line_1: Option<String>,
    address_line_2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    dates_hours: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CivicAnswer {
    #[serde(default)]
    polling_locations: Vec<CivicPlace>,
    #[serde(default)]
    early_vote_sites: Vec<CivicPlace>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CivicPlace {
    #[serde(default)]
    address: CivicAddress,
    name: Option<String>,
    polling_hours: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CivicAddress {
    location_name: Option<String>,
    line1: Option<String>,
    line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
}

impl OwnLocator {
    /// Asks at `base`.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: &Url) -> Self {
        let mut url = base.clone();
        url.set_path("/lookup");
        Self { http, url }
    }

    fn request(&self, address: &str) -> HttpRequest {
        HttpRequest::get(self.url.clone()).with_query([("address", address)]).with_timeout(TIMEOUT)
    }

    fn answer(response: HttpResponse, voting: Voting) -> Result<Option<Place>, ProviderError> {
        let answer: OwnAnswer = read(LOCATOR, response)?;
        let places = match voting {
            Voting::ElectionDay => answer.data.election_day_locations,
            Voting::Early => answer.data.early_vote_locations,
        };
        Ok(places.into_iter().next().map(|it| Place {
            name: it.location_name.unwrap_or_default(),
            address: address([it.address_line_1, it.address_line_2, it.city, it.state, it.zip]),
            hours: it.dates_hours.unwrap_or_default(),
            location: location(it.lat, it.lon),
        }))
    }
}

impl Civic {
    /// Asks at `base` with this key.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: &Url, key: Secret) -> Self {
        let mut url = base.clone();
        url.set_path("/civicinfo/v2/voterinfo");
        Self { http, url, key }
    }

    fn request(&self, address: &str) -> HttpRequest {
        let query = [("electionId", ELECTION), ("address", address), ("key", self.key.reveal())];
        HttpRequest::get(self.url.clone()).with_query(query).with_timeout(TIMEOUT)
    }

    /// 400 is an address that Google cannot read, 404 one of which it knows nothing.
    fn answer(response: HttpResponse, voting: Voting) -> Result<Option<Place>, ProviderError> {
        if matches!(response.status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND) {
            return Ok(None);
        }
        let answer: CivicAnswer = read(CIVIC, response)?;
        let places = match voting {
            Voting::ElectionDay => answer.polling_locations,
            Voting::Early => answer.early_vote_sites,
        };
        Ok(places.into_iter().next().map(|it| {
            let CivicAddress { location_name, line1, line2, city, state, zip } = it.address;
            Place {
                name: it.name.or(location_name).unwrap_or_default(),
                address: address([line1, line2, city, state, zip]),
                hours: it.polling_hours.unwrap_or_default(),
                location: location(it.latitude, it.longitude),
            }
        }))
    }
}

fn read<T: serde::de::DeserializeOwned>(
    name: &'static str,
    response: HttpResponse,
) -> Result<T, ProviderError> {
    let response = response.success(name)?;
    let unintelligible = |error| ProviderError::new(name, ProviderErrorKind::Unintelligible).because(error);
    response.read_json().map_err(unintelligible)
}

fn address([address1, address2, city, state, zipcode]: [Option<String>; 5]) -> Address {
    let filled = |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    Address {
        address1: filled(address1),
        address2: filled(address2),
        city: filled(city),
        state: state.and_then(|code| State::parse(&code.trim().to_uppercase())),
        zipcode: filled(zipcode),
    }
}

/// 0, 0 is what somebody writes who does not know.
fn location(lat: Option<f64>, lng: Option<f64>) -> Option<Location> {
    let (lat, lng) = (lat?, lng?);
    let is_one = lat.abs() <= 90.0 && lng.abs() <= 180.0 && (lat.abs() > 1.0 || lng.abs() > 1.0);
    is_one.then_some(Location { lat, lng })
}

#[async_trait]
impl PollingPlaceLocator for OwnLocator {
    async fn locate(&self, address: &str, voting: Voting) -> Result<Option<Place>, ProviderError> {
        let answered = self.http.send(self.request(address)).await.map_err(|error| error.at(LOCATOR))?;
        Self::answer(answered, voting)
    }
}

#[async_trait]
impl PollingPlaceLocator for Civic {
    async fn locate(&self, address: &str, voting: Voting) -> Result<Option<Place>, ProviderError> {
        let answered = self.http.send(self.request(address)).await.map_err(|error| error.at(CIVIC))?;
        Self::answer(answered, voting)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn ok(body: &Value) -> HttpResponse {
        HttpResponse::json(StatusCode::OK, body)
    }

    fn civic() -> Value {
        json!({
            "kind": "civicinfo#voterInfoResponse",
            "pollingLocations": [
                {
                    "address": {"locationName": "Library", "line1": "326 S 7th St", "city": "Springfield",
                        "state": "IL", "zip": "62701"},
                    "pollingHours": "6am - 7pm", "latitude": 39.7989, "longitude": -89.6479,
                },
                {"address": {"locationName": "Another"}},
            ],
            "earlyVoteSites": [{"name": "Clerk", "address": {"line1": "200 S 9th St", "state": "XX"},
                "latitude": 0.0, "longitude": 0.0}],
        })
    }

    #[test]
    fn google_says_the_first_place_of_each_kind() {
        let day = Civic::answer(ok(&civic()), Voting::ElectionDay).expect("an answer").expect("a place");
        assert_eq!((day.name.as_str(), day.hours.as_str()), ("Library", "6am - 7pm"));
        assert_eq!(day.address.lines(), ["326 S 7th St", "Springfield, IL 62701"]);
        assert!(day.location == Some(Location { lat: 39.7989, lng: -89.6479 }));
        let early = Civic::answer(ok(&civic()), Voting::Early).expect("an answer").expect("a place");
        assert_eq!((early.name.as_str(), early.address.state, early.location), ("Clerk", None, None));
        assert!(Civic::answer(ok(&json!({})), Voting::Early).expect("an answer").is_none());
    }

    #[test]
    fn an_address_that_google_does_not_know_has_no_place_and_anything_else_is_a_failure() {
        for status in [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND] {
            let answer = Civic::answer(HttpResponse::new(status), Voting::Early);
            assert!(answer.expect("an answer").is_none());
        }
        for (status, kind) in [
            (StatusCode::FORBIDDEN, ProviderErrorKind::Rejected),
            (StatusCode::TOO_MANY_REQUESTS, ProviderErrorKind::Throttled),
            (StatusCode::BAD_GATEWAY, ProviderErrorKind::Unreachable),
        ] {
            let error = Civic::answer(HttpResponse::new(status), Voting::Early).err().expect("a failure");
            assert_eq!(error.kind, kind);
        }
        let garbage = HttpResponse::new(StatusCode::OK).with_body("<html>");
        let error = Civic::answer(garbage, Voting::Early).err().expect("a failure");
        assert_eq!(error.kind, ProviderErrorKind::Unintelligible);
    }

    #[test]
    fn our_own_says_the_first_place_of_each_kind() {
        let body = json!({"data": {"election_day_locations": [
            {"location_name": "Hall", "address_line_1": "1 Main St", "city": "Lima", "state": "oh", "zip": "45801",
             "dates_hours": "7am-8pm", "lat": 40.74, "lon": -84.1, "source": "dnc"}]}});
        let day = OwnLocator::answer(ok(&body), Voting::ElectionDay).expect("an answer").expect("a place");
        assert_eq!(day.address.lines(), ["1 Main St", "Lima, OH 45801"]);
        assert!(day.location == Some(Location { lat: 40.74, lng: -84.1 }));
        assert!(OwnLocator::answer(ok(&body), Voting::Early).expect("an answer").is_none());
        assert!(OwnLocator::answer(ok(&json!({})), Voting::Early).expect("an answer").is_none());
    }
}
