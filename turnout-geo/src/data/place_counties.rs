//! In which counties a place may lie that no ZIP code is called after.
//!
//! `place_county.bin`: the magic `TGP1` and the number of places, as LEB128; of each the FIPS code of its state (1 byte),
//! its name, how many counties (1 byte), and their numbers in the state (2 each, little-endian). By state, then by name.

use smallvec::SmallVec;
use turnout_core::address::State;

use super::{
    bytes::Bytes,
    geoid::{CountyGeoid, state_of_fips},
    zips::number,
};

static FILE: &[u8] = include_bytes!("../../data/place_county.bin");

/// A place that is in addresses though no ZIP code is called after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceCounty {
    /// Its state.
    pub state: State,
    /// Its name, in ASCII.
    pub name: &'static str,
    /// The county of its center, and those near enough that it may reach into them, ascending, in the vintage of
    /// [`super::counties()`]. Where two places of the state have the name, those of both.
    pub counties: SmallVec<[CountyGeoid; 1]>,
}

/// The places of at least 500 inhabitants that no ZIP code is called after, by state, from GeoNames (CC BY 4.0).
///
/// ```
/// use turnout_core::address::State;
/// use turnout_geo::data::place_counties;
///
/// // its ZIP code is called Brooklyn, and is half Baltimore's
/// let park = place_counties().find(|place| place.state == State::Md && place.name == "Brooklyn Park").unwrap();
/// assert!(park.counties.iter().any(|county| county.to_string() == "24003"));
/// assert!(park.counties.iter().all(|county| county.to_string() != "24510"));
/// ```
pub fn place_counties() -> impl Iterator<Item = PlaceCounty> {
    let mut bytes = Bytes(FILE);
    bytes.take(4);
    (0..bytes.number()).filter_map(move |_| {
        let state = state_of_fips(bytes.byte());
        let name = bytes.text();
        let codes = (0..bytes.byte()).map(|_| number(bytes.take(2)) as u16);
        let codes: SmallVec<[u16; 1]> = codes.collect();
        let state = state?;
        let counties = codes.into_iter().filter_map(|code| CountyGeoid::new(state, code)).collect();
        Some(PlaceCounty { state, name, counties })
    })
}
