//! Time zones of ZIP codes, counties and telephone area codes, by their IANA names.
//!
//! `zones.bin`: the magic `TGT1`; the names; the sets of zones, each the places of its names; then three tables, of ZIP
//! codes, counties and area codes: 3 bytes of key, little-endian, and 1 of the set's place, ascending. Numbers are LEB128.

use std::sync::LazyLock;

use super::{bytes::Bytes, geoid::CountyGeoid, zips::number};

static FILE: &[u8] = include_bytes!("../../data/zones.bin");

/// The file, taken apart.
struct Tables {
    sets: Vec<Vec<&'static str>>,
    /// ZIP codes, counties, area codes.
    tables: [&'static [[u8; 4]]; 3],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut bytes = Bytes(FILE);
    bytes.take(4);
    let names: Vec<&'static str> = (0..bytes.number()).map(|_| bytes.text()).collect();
    let sets = (0..bytes.number())
        .map(|_| (0..bytes.number()).map(|_| names[usize::from(bytes.byte())]).collect())
        .collect();
    let tables = std::array::from_fn(|_| {
        let count = bytes.number() as usize;
        bytes.take(4 * count).as_chunks().0
    });
    Tables { sets, tables }
});

fn zones(table: usize, key: u32) -> &'static [&'static str] {
    let rows = TABLES.tables[table];
    let found = rows.binary_search_by_key(&key, |row| number(&row[..3]));
    found.map_or(&[], |at| &TABLES.sets[usize::from(rows[at][3])])
}

/// The zones of a ZIP code: two where a list and a map differ, so that who must be polite is so in both. None for military
/// mail and what is not known.
///
/// ```
/// use turnout_geo::data::zip_zones;
///
/// assert_eq!(zip_zones(54016), ["America/Chicago"]);
/// assert!(zip_zones(0).is_empty());
/// ```
#[must_use]
pub fn zip_zones(zip: u32) -> &'static [&'static str] {
    zones(0, zip)
}

/// The zones of a county, that of the most land first.
#[must_use]
pub fn county_zones(county: CountyGeoid) -> &'static [&'static str] {
    zones(1, county.number())
}

/// The zones of a telephone area code of the United States, by name; none for other codes.
#[must_use]
pub fn area_code_zones(code: u16) -> &'static [&'static str] {
    zones(2, code.into())
}
