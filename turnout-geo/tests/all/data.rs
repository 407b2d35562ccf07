//! The embedded data against their manifest and their sources.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};
use turnout_geo::{
    GeoPoint,
    data::{counties, zips},
};

use crate::support;

#[test]
fn the_embedded_files_are_those_of_the_manifest() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let manifest = fs::read_to_string(data.join("MANIFEST")).unwrap();
    let mut size = 0;
    for line in manifest.lines() {
        let (sha256, name) = line.split_once("  ").unwrap();
        let bytes = fs::read(data.join(name)).unwrap();
        size += bytes.len();
        assert_eq!(hex::encode(Sha256::digest(&bytes)), sha256, "{name}");
    }
    assert!(manifest.lines().count() >= 2 && size < 5_000_000, "{size} bytes");
}

#[test]
fn the_notice_names_whose_the_data_are() {
    let notice = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/NOTICE")).unwrap();
    assert!(
        notice.contains("GeoNames") && notice.contains("CC BY 4.0") && notice.contains("US Census Bureau")
    );
}

#[test]
fn zip_codes_are_those_of_the_source() {
    let table = String::from_utf8(support::read("data/zip_geonames_us.txt")).unwrap();
    let mut rows = 0;
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let entry = zips().get(columns[1].parse().unwrap()).unwrap();
        if entry.state.is_some() && columns[4].is_empty() {
            continue; // the second row of a ZIP code, for military mail
        }
        rows += 1;
        assert_eq!(entry.place, columns[2]);
        assert_eq!(
            entry.state.map_or("", |state| state.code()),
            if columns[4] == "MH" { "" } else { columns[4] }
        );
        let county = entry.county.map(|county| county.to_string()).unwrap_or_default();
        assert!(columns[6].is_empty() || columns[4] == "MH" || county[2..] == *columns[6], "{line}");
        assert_eq!(
            entry.point,
            GeoPoint::from_degrees(columns[9].parse().unwrap(), columns[10].parse().unwrap()).unwrap()
        );
    }
    assert_eq!((rows, zips().iter().len()), (41_488, 41_488));
}

#[test]
fn a_county_is_found_whatever_states_were_asked_before() {
    let all = turnout_geo::boundary::BoundaryIndex::build(&counties().layer(None)).unwrap();
    let mut random = support::Random(13);
    for entry in zips().iter() {
        let point = random.around(entry.point, 100_000);
        let key = all.at(point).first().and_then(|area| all.area(*area)).map(|area| area.key.to_owned());
        assert_eq!(counties().at(point).map(|county| county.geoid.to_string()), key, "{point:?}");
    }
}
