//! The embedded time zones against tables that were made from the same sources by other means.

use std::collections::BTreeSet;

use turnout_geo::data::{CountyGeoid, area_code_zones, county_zones, zip_zones};

use crate::support;

/// Compares the zones of each row of a table of the shared folder, in any order, and counts the rows.
fn compare(path: &str, column: usize, zones: impl Fn(&str) -> &'static [&'static str]) -> usize {
    let text = String::from_utf8(support::read(path)).unwrap();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        let expected: BTreeSet<&str> = columns[column].split(';').collect();
        let found: BTreeSet<&str> = zones(columns[0]).iter().copied().collect();
        assert_eq!(found, expected, "{line}");
        rows += 1;
    }
    rows
}

#[test]
fn zones_of_zip_codes_are_those_of_the_table() {
    assert!(compare("data/zip_timezone.csv", 1, |zip| zip_zones(zip.parse().unwrap())) > 41_200);
}

#[test]
fn zones_of_counties_are_those_of_the_table() {
    assert!(
        compare("data/county_timezone.csv", 3, |geoid| county_zones(CountyGeoid::parse(geoid).unwrap()))
            > 3_200
    );
}

#[test]
fn zones_of_area_codes_are_those_of_the_table() {
    assert!(compare("data/area_codes.csv", 2, |code| area_code_zones(code.parse().unwrap())) > 360);
}
