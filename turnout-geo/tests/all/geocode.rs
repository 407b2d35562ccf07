//! The county of real addresses, by ZIP code, state and place; nothing is told of where they are.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use turnout_core::{
    address::{Address, State},
    memory::{FrozenClock, MemoryCache},
};
use turnout_geo::{
    GeoPoint, Zip5,
    data::{place_counties, zips},
    geocode::{Cached, CountyOutcome, Reason, ZipCentroids, county_by_zip, county_of},
    parse,
};

use crate::support;

/// An address as the state's file has it, its point, and its county.
struct Labelled {
    street: String,
    zip: Zip5,
    state: Option<State>,
    city: String,
    point: GeoPoint,
    county: String,
}

fn labelled() -> Vec<Labelled> {
    let text = String::from_utf8(support::read("labels/county_rrad.jsonl")).unwrap();
    let read = |line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let (input, expected) = (&row["input"], &row["expected"]);
        let text = |name: &str| input[name].as_str().unwrap();
        let degrees = |name: &str| input[name].as_f64().unwrap();
        Labelled {
            street: text("street").to_owned(),
            zip: Zip5::parse(text("zip")).unwrap(),
            state: State::parse(text("state")),
            city: text("city").to_owned(),
            point: GeoPoint::from_degrees(degrees("lat"), degrees("lng")).unwrap(),
            county: expected["county_geoid"].as_str().unwrap().to_owned(),
        }
    };
    text.lines().map(read).collect()
}

#[test]
fn counties_of_real_addresses_are_right_or_said_to_be_uncertain() {
    let labelled = labelled();
    let (mut right, mut wrong) = (0, 0);
    for Labelled { street, zip, state, city, county, .. } in &labelled {
        let text = format!("{street}, {city}, {} {zip}", state.unwrap().code());
        match county_of(&parse(&text, &zips())).unwrap().outcome {
            CountyOutcome::One(one) if one.county.to_string() == *county => right += 1,
            CountyOutcome::One(_) => wrong += 1,
            CountyOutcome::Ambiguous(counties) => {
                assert!(
                    counties.iter().any(|one| one.county.to_string() == *county),
                    "{zip}: {county} is not listed"
                );
            }
            CountyOutcome::None => panic!("{zip} is known"),
        }
    }
    // by the center alone it were 98.5 % and 1.5 %
    let all = labelled.len();
    assert!(wrong * 1000 < all * 5, "{wrong} wrong of {all}");
    assert!(right * 1000 >= all * 985, "{right} right of {all}");
}

#[test]
fn a_place_that_no_zip_code_is_called_after_decides_between_counties() {
    let county = |place| county_by_zip(Zip5::parse("21225").unwrap(), Some(State::Md), place);
    assert_eq!(county(None).reason, Reason::Straddles);
    for place in ["Brooklyn Park", "BROOKLYN PARK", "Town of Brooklyn Park"] {
        let found = county(Some(place));
        assert!(
            matches!(found.outcome, CountyOutcome::One(one) if one.county.to_string() == "24003"),
            "{place}"
        );
        assert_eq!(found.reason, Reason::Place);
    }
    // the city around it, whose name people write on both sides of its line
    assert_eq!(county(Some("Baltimore")).reason, Reason::Straddles);
}

#[test]
fn most_places_are_in_one_county_and_none_in_another_state() {
    let mut places = 0;
    for place in place_counties() {
        assert!(place.counties.iter().all(|county| county.state() == place.state), "{place:?}");
        places += usize::from(place.counties.len() == 1);
    }
    assert!(places > 4_000, "{places} are in one county");
}

#[test]
fn what_has_no_county_says_why() {
    let reason = |zip: &str, state| county_by_zip(Zip5::parse(zip).unwrap(), state, None);
    for (zip, state, expected) in [
        ("00000", None, Reason::UnknownZip),
        ("09001", None, Reason::MilitaryMail),
        ("02138", Some(State::Tx), Reason::OtherState),
    ] {
        let found = reason(zip, state);
        assert_eq!((found.outcome, found.reason), (CountyOutcome::None, expected), "{zip}");
    }
}

#[test]
fn every_zip_code_of_a_state_has_an_answer() {
    let (mut one, mut several) = (0, 0);
    for entry in zips().iter().filter(|entry| entry.state.is_some()) {
        match county_by_zip(Zip5::parse(&format!("{:05}", entry.zip)).unwrap(), entry.state, None).outcome {
            CountyOutcome::One(_) => one += 1,
            CountyOutcome::Ambiguous(counties) => {
                assert!(counties.len() > 1);
                several += 1;
            }
            CountyOutcome::None => panic!("{:05} has no county", entry.zip),
        }
    }
    assert!(one > 30_000 && several < 6_000, "{one} and {several}");
}

#[test]
fn nearly_all_addresses_are_within_the_uncertainty_of_their_zip_code() {
    let labelled = labelled();
    let is_within = |one: &&Labelled| {
        let entry = zips().get(one.zip.number()).unwrap();
        entry.point.distance_m(one.point) <= f64::from(entry.uncertainty_m)
    };
    let within = labelled.iter().filter(is_within).count();
    assert!(within * 100 >= labelled.len() * 94, "{within}");
}

fn in_zip(zip: &str) -> Address {
    Address { zipcode: Some(zip.into()), state: Some(State::Vt), ..Address::default() }
}

async fn centroids() -> (ZipCentroids, Address, Address) {
    // the other one is in Massachusetts
    (ZipCentroids, in_zip("05478"), in_zip("02138"))
}

async fn cached() -> (Cached<ZipCentroids>, Address, Address) {
    let cache = MemoryCache::new(FrozenClock::at("2026-11-03T12:00:00Z".parse().unwrap()));
    let cached = Cached::new(ZipCentroids, Arc::new(cache), b"a secret", TimeDelta::hours(1));
    (cached, in_zip("05478"), in_zip("02138"))
}

turnout_core::geocoder_conformance!(centroids_conform, centroids);
turnout_core::geocoder_conformance!(cached_conforms, cached);
