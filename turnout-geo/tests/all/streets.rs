//! Streets with house numbers: a whole county of the Census, a city's own file, and what is found in them.

use std::{io::Cursor, sync::Arc};

use serde_json::Value;
use turnout_core::{
    address::{Address, State},
    ports::geocoder::{Accuracy, Geocoder},
};
use turnout_geo::{
    GeoPoint,
    data::zips,
    import::{
        ImportError, Projection,
        streets::{RangeAttributes, read_geojson, read_shapefile},
    },
    parse,
    streets::{StreetEdge, StreetError, StreetIndex, StreetPlace, Streets},
};

use crate::support::{Random, read};

fn meagher_edges() -> Vec<StreetEdge> {
    let file = |end: &str| Cursor::new(read(&format!("data/tiger_addrfeat/tl_2021_30059_addrfeat.{end}")));
    read_shapefile(file("shp"), file("dbf"), RangeAttributes::TIGER, &Projection::DEGREES).unwrap()
}

/// Meagher County, Montana.
fn meagher() -> StreetIndex {
    StreetIndex::build(meagher_edges()).unwrap()
}

fn cambridge() -> StreetIndex {
    let attributes = RangeAttributes {
        line: "ID",
        name: "Street",
        left: ["L_From", "L_To", "ZIP_Left"],
        right: ["R_From", "R_To", "ZIP_Right"],
    };
    let bytes = read("data/cambridge_ma/TRANS_Centerlines.geojson");
    StreetIndex::build(read_geojson(&bytes[..], attributes, &Projection::DEGREES).unwrap()).unwrap()
}

fn find(index: &StreetIndex, address: &str) -> Vec<StreetPlace> {
    index.find(&parse(address, &zips()))
}

fn only(index: &StreetIndex, address: &str) -> StreetPlace {
    let found = find(index, address);
    assert_eq!(found.len(), 1, "{address}: {found:?}");
    found[0].clone()
}

#[test]
fn a_county_of_the_census_is_read_as_a_whole() {
    let edges = meagher_edges();
    // a line has a row for each of its names
    assert!(edges.len() > 400 && edges.len() < 677, "{}", edges.len());
    let index = StreetIndex::build(edges).unwrap();
    assert!(index.street_count() > 200, "{}", index.street_count());
    assert!(index.range_count() > 700, "{}", index.range_count());
    assert!(index.memory_bytes() < 100_000, "{}", index.memory_bytes());
}

/// 102-100 and 198-104 are on one side of one line, which falls from 198 to 100.
#[test]
fn a_number_lies_between_those_of_its_side_of_its_block() {
    let index = meagher();
    let at = |number: u32| only(&index, &format!("{number} Main St, White Sulphur Springs MT 59642"));
    let [low, middle, high] = [100, 150, 198].map(at);
    assert!(low.has_number && middle.has_number && high.has_number);
    let (half, whole) = (low.point.distance_m(middle.point), low.point.distance_m(high.point));
    assert!((half / whole - 0.5).abs() < 0.2, "{half} of {whole}");
    assert!(whole < 4.0 * middle.uncertainty_m, "{whole} {middle:?}");
}

#[test]
fn both_sides_of_a_street_are_told_apart() {
    let index = cambridge();
    let [odd, even] =
        [1351, 1350].map(|number| only(&index, &format!("{number} Cambridge St, Cambridge MA 02139")));
    let apart = odd.point.distance_m(even.point);
    assert!(apart > 12.0 && apart < 40.0, "{apart}");
}

#[test]
fn a_street_is_found_however_it_is_written() {
    let index = cambridge();
    let expected = only(&index, "1351 Cambridge St, Cambridge MA 02139");
    for address in [
        "1351 CAMBRIDGE STREET, CAMBRIDGE, MA 02139",
        "1351 Cambridge, Cambridge MA 02139",
        "1351 Cambridge Ave, Cambridge MA 02139",
        "1351 Cambrige St, Cambridge MA 02139",
        "1351A Cambridge St #4, Cambridge MA 02139",
        "1351 Cambridge St, Cambridge MA",
    ] {
        assert_eq!(only(&index, address), expected, "{address}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let index = cambridge();
    for address in [
        "1351 Nowhere St, Cambridge MA 02139",
        "1351 Cambridge St, Boston MA 02110",
        "PO Box 1351, Cambridge MA 02139",
        "Cambridge MA 02139",
        "",
    ] {
        assert_eq!(find(&index, address), [], "{address}");
    }
}

#[test]
fn a_number_that_the_street_does_not_have_is_somewhere_on_the_street() {
    let index = cambridge();
    for found in find(&index, "99999 Cambridge St, Cambridge MA 02139") {
        assert!(!found.has_number && found.uncertainty_m > 200.0, "{found:?}");
    }
    let other = only(&index, "1351 Cambridge St, Cambridge MA 02139");
    let street = only(&index, "Cambridge St, Cambridge MA 02139");
    assert!(street.point.distance_m(other.point) <= street.uncertainty_m);
}

/// Of the real addresses of Cambridge.
#[test]
fn real_addresses_are_within_their_uncertainty() {
    let index = cambridge();
    let (mut found, mut within) = (0, 0);
    let text = String::from_utf8(read("labels/ma_town_rrad.jsonl")).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["input"].take());
    for input in rows.filter(|input| input["city"] == "Cambridge") {
        let degrees = |name: &str| input[name].as_f64().unwrap();
        let point = GeoPoint::from_degrees(degrees("lat"), degrees("lng")).unwrap();
        let field = |name: &str| input[name].as_str().unwrap();
        let place = only(&index, &format!("{}, Cambridge MA {}", field("street"), field("zip")));
        found += 1;
        within += u32::from(place.has_number && place.point.distance_m(point) <= place.uncertainty_m);
    }
    assert_eq!((found, within), (6, 6));
}

#[test]
fn the_file_form_gives_the_same_places_and_a_damaged_one_none() {
    let index = meagher();
    let mut bytes = Vec::new();
    index.write(&mut bytes).unwrap();
    let again = StreetIndex::read(&bytes[..]).unwrap();
    let address = "150 Main St, White Sulphur Springs MT 59642";
    assert_eq!(find(&again, address), find(&index, address));
    assert_eq!(again.range_count(), index.range_count());

    assert!(matches!(StreetIndex::read(&bytes[..bytes.len() - 1]), Err(StreetError::Io(_))));
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(StreetIndex::read(&longer[..]), Err(StreetError::Damaged(_))));
    assert!(matches!(StreetIndex::read(&[0; 1000][..]), Err(StreetError::NotAnIndex)));
    let mut random = Random(7);
    for _ in 0..200 {
        let mut damaged = bytes.clone();
        let at = random.below(damaged.len() as u64) as usize;
        damaged[at] ^= 1 << random.below(8);
        assert!(StreetIndex::read(&damaged[..]).is_err(), "byte {at}");
    }
}

#[test]
fn areas_are_no_streets() {
    let bytes = read("data/cambridge_ma/BOUNDARY_CityBoundary.geojson");
    let read = read_geojson(&bytes[..], RangeAttributes::TIGER, &Projection::DEGREES);
    assert!(matches!(read, Err(ImportError::NotALine)));
    assert_eq!(StreetIndex::build([]).unwrap().street_count(), 0);
    assert_eq!(find(&StreetIndex::build([]).unwrap(), "1 Main St, Cambridge MA 02139"), []);
}

#[tokio::test]
async fn as_a_geocoder_streets_know_the_states_that_they_have() {
    let streets = Streets::new().with_state(State::Ma, Arc::new(cambridge()));
    let address = |state, zip: &str| Address {
        address1: Some("1351 Cambridge St".into()),
        city: Some("Cambridge".into()),
        state: Some(state),
        zipcode: Some(zip.into()),
        ..Address::default()
    };
    let found = streets.geocode(&address(State::Ma, "02139")).await.unwrap();
    assert_eq!((found.len(), found[0].accuracy, found[0].source), (1, Accuracy::Range, "streets"));
    assert_eq!(found[0].components.zipcode.as_deref(), Some("02139"));
    assert_eq!(streets.geocode(&address(State::Md, "21613")).await.unwrap(), []);
    assert!(streets.geocode(&Address::default()).await.is_err());
}

async fn open() -> (Streets, Address, Address) {
    let address = |street: &str| Address {
        address1: Some(street.into()),
        city: Some("Cambridge".into()),
        state: Some(State::Ma),
        zipcode: Some("02139".into()),
        ..Address::default()
    };
    let streets = Streets::new().with_state(State::Ma, Arc::new(cambridge()));
    (streets, address("1351 Cambridge St"), address("1351 Nowhere St"))
}

turnout_core::geocoder_conformance!(conforms, open);
