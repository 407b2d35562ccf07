//! Geocoders over HTTP, by a script: what is asked, what is understood of the answers, and what happens when there is none.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    address::{Address, State},
    memory::{FrozenClock, MemoryCache, ScriptedHttp},
    ports::{
        clock::Clock as _,
        geocoder::{Accuracy, GeocodeErrorKind, Geocoded, Geocoder},
        http::{HeaderValue, HttpErrorKind, HttpResponse, StatusCode, header::RETRY_AFTER},
    },
};
use turnout_geo::geocode::{Cached, Census, Geocodio, Patience, Remote, Resting, TargetSmart, Vendor};

pub(crate) const GEOCODIO: &str = "api.geocod.io";
pub(crate) const CENSUS: &str = "geocoding.geo.census.gov";
pub(crate) const TARGETSMART: &str = "api.targetsmart.com";

/// An address as a voter types it.
pub(crate) fn address(street: &str, city: &str, state: State, zip: &str) -> Address {
    Address {
        address1: Some(street.to_owned()),
        address2: None,
        city: Some(city.to_owned()),
        state: Some(state),
        zipcode: Some(zip.to_owned()),
    }
}

pub(crate) fn brookline() -> Address {
    address("52A St Paul St", "Brookline", State::Ma, "02446")
}

/// A network by script and a clock that jumps over pauses.
#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) http: ScriptedHttp,
    pub(crate) clock: FrozenClock,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let clock = FrozenClock::at("2026-11-03T12:00:00Z".parse().unwrap());
        Self { http: ScriptedHttp::new(), clock }
    }

    pub(crate) fn asks<V: Vendor>(&self, vendor: V) -> Remote<V> {
        let (http, clock) = (Arc::new(self.http.clone()), Arc::new(self.clock.clone()));
        Remote::new(vendor, http, clock.clone(), clock)
    }

    fn geocodio(&self) -> Remote<Geocodio> {
        self.asks(Geocodio::new("hush".into()))
    }

    pub(crate) fn answers(&self, host: &str, body: &Value) {
        self.http.answer(host, HttpResponse::json(StatusCode::OK, body));
    }

    fn refuses(&self, host: &str, status: u16) {
        let status = StatusCode::from_u16(status).unwrap();
        self.http.answer(host, HttpResponse::json(status, &json!({ "error": "for 52A St Paul St" })));
    }

    /// The query of the last request.
    fn query(&self) -> Vec<(String, String)> {
        let requests = self.http.requests();
        requests.last().unwrap().url.query_pairs().into_owned().collect()
    }
}

/// An answer of geocod.io, version 1.5, to an address that it knows.
pub(crate) fn geocodio_answer(
    kind: &str,
    score: f64,
    lat: f64,
    lng: f64,
    county: &str,
    state: &str,
) -> Value {
    json!({
        "input": { "address_components": { "street": "St Paul", "state": state } },
        "results": [{
            "address_components": {
                "number": "52", "street": "St Paul", "suffix": "St", "formatted_street": "St Paul St",
                "city": "Brookline", "county": county, "state": state, "zip": "02446", "country": "US",
            },
            "formatted_address": "52 St Paul St, Brookline, MA 02446",
            "location": { "lat": lat, "lng": lng },
            "accuracy": score,
            "accuracy_type": kind,
            "source": "MassGIS",
        }],
    })
}

/// An answer of the Census' geographies to an address that it knows.
pub(crate) fn census_answer(
    lat: f64,
    lng: f64,
    state: &str,
    county: [&str; 2],
    subdivision: [&str; 2],
) -> Value {
    json!({ "result": {
        "input": { "benchmark": { "id": "4" } },
        "addressMatches": [{
            "tigerLine": { "side": "L", "tigerLineId": "85712281" },
            "coordinates": { "x": lng, "y": lat },
            "addressComponents": { "zip": "02446", "streetName": "ST PAUL", "city": "BROOKLINE", "state": state },
            "matchedAddress": "52 ST PAUL ST, BROOKLINE, MA, 02446",
            "geographies": {
                "Counties": [{ "GEOID": county[0], "NAME": county[1], "LSADC": "06" }],
                "County Subdivisions": [{ "GEOID": subdivision[0], "NAME": subdivision[1], "LSADC": "43" }],
            },
        }],
    } })
}

/// An answer of TargetSmart's district service to an address that it knows.
pub(crate) fn targetsmart_answer(
    state: &str,
    county: &str,
    township: &str,
    point: Option<[&str; 2]>,
) -> Value {
    json!({
        "input": { "search_type": "address" },
        "error": null,
        "match_found": true,
        "match_data": {
            "vb.vf_reg_cass_state": state, "vb.vf_county_name": county,
            "vb.vf_municipal_district": "", "vb.vf_township": township,
            "z9_latitude": point.map(|point| point[0]), "z9_longitude": point.map(|point| point[1]),
        },
    })
}

async fn one(geocoder: &impl Geocoder, address: &Address) -> Geocoded {
    let found = geocoder.geocode(address).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

async fn failure(geocoder: &impl Geocoder) -> GeocodeErrorKind {
    let error = geocoder.geocode(&brookline()).await.unwrap_err();
    let said = format!("{error} {error:?}");
    assert!(!said.contains("Paul") && !said.contains("hush"), "{said}");
    error.kind
}

#[tokio::test]
async fn geocodio_is_asked_by_fields_and_its_point_has_an_uncertainty() {
    let lab = Lab::new();
    lab.answers(GEOCODIO, &geocodio_answer("rooftop", 1.0, 42.342, -71.115, "Norfolk County", "MA"));
    let found = one(&lab.geocodio(), &brookline()).await;
    assert_eq!((found.location.lat, found.location.lng), (42.342, -71.115));
    assert_eq!((found.accuracy, found.uncertainty_m, found.source), (Accuracy::Rooftop, 50.0, "geocodio"));
    let components = found.components;
    assert_eq!(components.street.as_deref(), Some("52 St Paul St"));
    assert_eq!(components.county.as_deref(), Some("Norfolk County"));
    assert_eq!((components.state, components.zipcode.as_deref()), (Some(State::Ma), Some("02446")));
    let request = &lab.http.requests()[0];
    assert_eq!(request.url.path(), "/v1.5/geocode");
    assert_eq!(request.timeout, TimeDelta::seconds(6));
    let asked = [
        ("street", "52 St Paul St"),
        ("city", "Brookline"),
        ("state", "MA"),
        ("postal_code", "02446"),
        ("api_key", "hush"),
    ];
    assert_eq!(lab.query(), asked.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn a_less_certain_point_of_geocodio_is_said_to_be_farther_off() {
    let lab = Lab::new();
    for (kind, score, expected) in [
        ("point", 1.0, Some((Accuracy::Rooftop, 50.0))),
        ("range_interpolation", 0.8, Some((Accuracy::Range, 150.0))),
        ("nearest_rooftop_match", 1.0, Some((Accuracy::Range, 150.0))),
        ("street_center", 1.0, Some((Accuracy::Street, 1_000.0))),
        ("place", 1.0, Some((Accuracy::City, 8_000.0))),
        ("state", 1.0, Some((Accuracy::Region, 100_000.0))),
        // too little of it was understood, or it is of a kind that we do not know
        ("rooftop", 0.3, None),
        ("guess", 1.0, None),
    ] {
        lab.answers(GEOCODIO, &geocodio_answer(kind, score, 42.3, -71.1, "Norfolk County", "MA"));
        let found = lab.geocodio().geocode(&brookline()).await.unwrap();
        let found = found.first().map(|found| (found.accuracy, found.uncertainty_m));
        assert_eq!(found, expected, "{kind} {score}");
    }
}

#[tokio::test]
async fn the_census_names_county_and_municipality_by_number() {
    let lab = Lab::new();
    let counties = ["25021", "Norfolk County"];
    lab.answers(CENSUS, &census_answer(42.342, -71.115, "MA", counties, ["2502109175", "Brookline town"]));
    let found = one(&lab.asks(Census::new()), &brookline()).await;
    assert_eq!((found.accuracy, found.location.lng), (Accuracy::Range, -71.115));
    let components = found.components;
    assert_eq!(components.municipality.as_deref(), Some("Brookline town"));
    assert_eq!(components.municipality_geoid.as_deref(), Some("2502109175"));
    assert_eq!(components.county_geoid.as_deref(), Some("25021"));
    assert_eq!(components.street.as_deref(), Some("52 ST PAUL ST"));
    let query = lab.query();
    for (name, value) in
        [("street", "52 St Paul St"), ("benchmark", "Public_AR_Current"), ("vintage", "Current_Current")]
    {
        assert!(query.contains(&(name.to_owned(), value.to_owned())), "{query:?}");
    }
    assert_eq!(lab.http.requests()[0].url.path(), "/geocoder/geographies/address");
}

#[tokio::test]
async fn an_address_that_a_source_does_not_know_has_no_place() {
    let lab = Lab::new();
    lab.answers(GEOCODIO, &json!({ "input": {}, "results": [] }));
    assert_eq!(lab.geocodio().geocode(&brookline()).await.unwrap(), []);
    lab.answers(CENSUS, &json!({ "result": { "input": {}, "addressMatches": [] } }));
    assert_eq!(lab.asks(Census::new()).geocode(&brookline()).await.unwrap(), []);
    lab.answers(TARGETSMART, &json!({ "input": {}, "error": null, "match_found": false, "match_data": {} }));
    assert_eq!(lab.asks(TargetSmart::new("hush".into())).geocode(&brookline()).await.unwrap(), []);
}

#[tokio::test]
async fn the_district_service_names_the_municipality_and_has_its_key_in_a_header() {
    let lab = Lab::new();
    let targetsmart = lab.asks(TargetSmart::new("hush".into()));
    let georgia = address("4416 Ethan Allen Hwy", "Georgia", State::Vt, "05478-1234");
    lab.answers(TARGETSMART, &targetsmart_answer("VT", "FRANKLIN", "GEORGIA", Some(["44.7269", "-73.1201"])));
    let found = one(&targetsmart, &georgia).await;
    assert_eq!((found.accuracy, found.uncertainty_m), (Accuracy::Zip9, 300.0));
    assert_eq!(found.location.lat, 44.7269);
    assert_eq!(found.components.municipality.as_deref(), Some("GEORGIA"));
    assert_eq!(found.components.county.as_deref(), Some("FRANKLIN"));
    let request = &lab.http.requests()[0];
    assert_eq!(request.headers["x-api-key"], "hush");
    let query = lab.query();
    for (name, value) in [
        ("search_type", "address"),
        ("address", "4416 Ethan Allen Hwy, Georgia, VT 05478-1234"),
        ("state", "VT"),
        ("zip5", "05478"),
    ] {
        assert!(query.contains(&(name.to_owned(), value.to_owned())), "{query:?}");
    }
    // without a point the ZIP code's middle stands for it
    lab.answers(TARGETSMART, &targetsmart_answer("VT", "FRANKLIN", "GEORGIA", None));
    let found = one(&targetsmart, &georgia).await;
    assert_eq!(found.accuracy, Accuracy::Zip);
    assert!(found.uncertainty_m > 1_000.0);
    // its keys are gone
    lab.answers(TARGETSMART, &json!({ "match_found": true, "match_data": { "county": "FRANKLIN" } }));
    assert_eq!(failure(&targetsmart).await, GeocodeErrorKind::Unintelligible);
}

#[tokio::test]
async fn an_address_of_too_little_is_not_sent() {
    let lab = Lab::new();
    let without = |change: fn(&mut Address)| {
        let mut address = brookline();
        change(&mut address);
        address
    };
    for address in [
        without(|address| address.address1 = None),
        without(|address| address.address1 = Some("  ".into())),
        without(|address| address.state = None),
        without(|address| (address.city, address.zipcode) = (None, None)),
    ] {
        let error = lab.geocodio().geocode(&address).await.unwrap_err();
        assert_eq!(error.kind, GeocodeErrorKind::BadAddress);
    }
    assert!(lab.http.requests().is_empty());
}

#[tokio::test]
async fn a_vendor_that_is_busy_or_away_is_asked_again_after_a_pause() {
    let lab = Lab::new();
    let begun = lab.clock.now();
    lab.refuses(GEOCODIO, 503);
    lab.http.fail(GEOCODIO, HttpErrorKind::Broken);
    lab.answers(GEOCODIO, &geocodio_answer("rooftop", 1.0, 42.3, -71.1, "Norfolk County", "MA"));
    one(&lab.geocodio(), &brookline()).await;
    assert_eq!(lab.http.requests().len(), 3);
    assert_eq!(lab.clock.now() - begun, TimeDelta::milliseconds(500 + 1_000));
}

#[tokio::test]
async fn a_vendor_is_not_asked_again_before_it_wants_to_be() {
    let lab = Lab::new();
    let begun = lab.clock.now();
    let busy = |seconds: &'static str| {
        let busy = HttpResponse::new(StatusCode::TOO_MANY_REQUESTS);
        lab.http.answer(GEOCODIO, busy.with_header(RETRY_AFTER, HeaderValue::from_static(seconds)));
    };
    busy("4");
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    let geocodio = lab.geocodio();
    geocodio.geocode(&brookline()).await.unwrap();
    assert_eq!(lab.clock.now() - begun, TimeDelta::seconds(4));
    // longer than a voter waits
    busy("120");
    assert_eq!(failure(&geocodio).await, GeocodeErrorKind::Throttled(Some(TimeDelta::seconds(120))));
    let asked = lab.http.requests().len();
    lab.clock.advance(TimeDelta::seconds(119));
    let error = geocodio.geocode(&brookline()).await.unwrap_err();
    assert!(error.source.is_some_and(|cause| cause.is::<Resting>()));
    assert_eq!(lab.http.requests().len(), asked, "it is let be");
    lab.clock.advance(TimeDelta::seconds(1));
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    geocodio.geocode(&brookline()).await.unwrap();
}

#[tokio::test]
async fn what_went_wrong_is_told_apart_and_only_what_may_pass_is_tried_again() {
    for (status, kind, asked) in [
        (403, GeocodeErrorKind::Refused, 1),
        (401, GeocodeErrorKind::Refused, 1),
        (422, GeocodeErrorKind::BadAddress, 1),
        (400, GeocodeErrorKind::BadAddress, 1),
        (302, GeocodeErrorKind::Unintelligible, 1),
        (429, GeocodeErrorKind::Throttled(None), 3),
        (500, GeocodeErrorKind::Unreachable, 3),
    ] {
        let lab = Lab::new();
        (0..3).for_each(|_| lab.refuses(GEOCODIO, status));
        assert_eq!(failure(&lab.geocodio()).await, kind, "{status}");
        assert_eq!(lab.http.requests().len(), asked, "{status}");
    }
    let lab = Lab::new();
    lab.http.answer(GEOCODIO, HttpResponse::new(StatusCode::OK).with_body("<html>52A St Paul St"));
    assert_eq!(failure(&lab.geocodio()).await, GeocodeErrorKind::Unintelligible);
    assert_eq!(failure(&lab.geocodio()).await, GeocodeErrorKind::Unreachable, "the script is at its end");
}

#[tokio::test]
async fn who_is_away_or_refuses_the_key_is_let_be_for_a_while() {
    for (status, rest) in [(500, TimeDelta::seconds(30)), (403, TimeDelta::minutes(5))] {
        let lab = Lab::new();
        let geocodio = lab.geocodio();
        (0..3).for_each(|_| lab.refuses(GEOCODIO, status));
        let kind = failure(&geocodio).await;
        let asked = lab.http.requests().len();
        lab.clock.advance(rest - TimeDelta::seconds(1));
        assert_eq!(failure(&geocodio).await, kind);
        assert_eq!(lab.http.requests().len(), asked);
        lab.clock.advance(TimeDelta::seconds(1));
        failure(&geocodio).await;
        assert!(lab.http.requests().len() > asked);
    }
}

#[tokio::test]
async fn all_tries_together_take_no_longer_than_the_budget() {
    let lab = Lab::new();
    let patience = Patience {
        retries: 100,
        pause: TimeDelta::seconds(1),
        budget: TimeDelta::seconds(5),
        ..Patience::default()
    };
    let begun = lab.clock.now();
    let geocodio = lab.geocodio().with_patience(patience);
    assert_eq!(failure(&geocodio).await, GeocodeErrorKind::Unreachable);
    // pauses of 1 and 2 seconds; the next one would be too long
    assert_eq!(lab.clock.now() - begun, TimeDelta::seconds(3));
    let timeouts: Vec<_> = lab.http.requests().iter().map(|request| request.timeout.num_seconds()).collect();
    assert_eq!(timeouts, [5, 4, 2]);
}

#[tokio::test]
async fn an_answer_is_remembered_under_a_key_that_does_not_tell_the_address() {
    let lab = Lab::new();
    let cache = MemoryCache::new(lab.clock.clone());
    let cached =
        |secret: &[u8]| Cached::new(lab.geocodio(), Arc::new(cache.clone()), secret, TimeDelta::hours(1));
    let geocodio = cached(b"a secret");
    lab.answers(GEOCODIO, &geocodio_answer("rooftop", 1.0, 42.3, -71.1, "Norfolk County", "MA"));
    let first = one(&geocodio, &brookline()).await;
    // the same, written otherwise
    let again = address("52a Saint Paul STREET", "BROOKLINE", State::Ma, "02446");
    for same in [brookline(), address("52A St. Paul St.", "brookline", State::Ma, "02446")] {
        assert_eq!(one(&geocodio, &same).await, first);
    }
    assert_eq!(lab.http.requests().len(), 1);
    assert_eq!(cache.keys().len(), 1);
    let key = &cache.keys()[0];
    let digits = key.strip_prefix("geocode:").unwrap();
    assert!(digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    // another house, another secret, a later day
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    let other = address("54 St Paul St", "Brookline", State::Ma, "02446");
    assert_eq!(geocodio.geocode(&other).await.unwrap(), []);
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    assert_eq!(cached(b"another").geocode(&brookline()).await.unwrap(), []);
    lab.clock.advance(TimeDelta::hours(1));
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    assert_eq!(geocodio.geocode(&again).await.unwrap(), []);
    assert_eq!(lab.http.requests().len(), 4);
}

#[tokio::test]
async fn failures_are_not_remembered() {
    let lab = Lab::new();
    let cache = Arc::new(MemoryCache::new(lab.clock.clone()));
    let geocodio = Cached::new(lab.geocodio(), cache, b"a secret", TimeDelta::hours(1));
    lab.refuses(GEOCODIO, 422);
    assert_eq!(failure(&geocodio).await, GeocodeErrorKind::BadAddress);
    lab.answers(GEOCODIO, &geocodio_answer("rooftop", 1.0, 42.3, -71.1, "Norfolk County", "MA"));
    one(&geocodio, &brookline()).await;
}
