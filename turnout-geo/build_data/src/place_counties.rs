//! `place_county.bin`, as `src/data/place_counties.rs` describes it, from GeoNames' table of places with at least 500
//! inhabitants (tab-separated, without a head).

use std::collections::{BTreeMap, BTreeSet};

use turnout_core::{address::State, error::BoxError};
use turnout_geo::{
    GeoPoint, PlaceKey,
    boundary::{BoundaryIndex, Layer},
    data::{CountyGeoid, fips_of},
};

use super::{fetch::Archive, writer::Writer};

/// Kinds of place whose names are in nobody's address: sections of towns, and what is gone.
const LEFT_OUT: [&str; 3] = ["PPLX", "PPLQ", "PPLH"];
/// A borough that is written after the name of a place in it: `Jackson Heights, Queens`.
const BOROUGH: (State, &str) = (State::Ny, "Queens");
/// How thinly people live in a town, for its size on the map.
const PER_SQUARE_KM: f64 = 500.0;
/// The Census' code of an independent city, into which no place beside it reaches.
const INDEPENDENT_CITY: &str = "25";

/// A place and the counties that it may lie in.
struct Place<'a> {
    name: &'a str,
    counties: BTreeSet<CountyGeoid>,
}

/// `known` are the names that the ZIP codes have.
pub(crate) fn build(
    archive: &Archive,
    counties: &Layer,
    known: &BTreeSet<PlaceKey>,
) -> Result<Vec<u8>, BoxError> {
    let table = String::from_utf8(archive.member("package/dist/cities500.txt")?)?;
    let index = BoundaryIndex::build(counties)?;
    let mut places: BTreeMap<(u8, PlaceKey), Place<'_>> = BTreeMap::new();
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, _, name, _, lat, lon, _, kind, "US", _, state, _, _, _, population, ..] = columns[..] else {
            continue;
        };
        let (Some(state), false) = (State::parse(state), LEFT_OUT.contains(&kind)) else { continue };
        let key = PlaceKey::new(state, name);
        if known.contains(&key) || (state, name) == BOROUGH {
            continue;
        }
        let point =
            GeoPoint::from_degrees(lat.parse()?, lon.parse()?).ok_or("a place that is not on earth")?;
        let near = counties_near(&index, state, point, population.parse()?);
        let place = places.entry((fips_of(state), key)).or_insert(Place { name, counties: BTreeSet::new() });
        place.counties.extend(near);
    }
    Ok(write(&places))
}

/// The county of a place, and those that it may reach into as it is so large and so near to them.
fn counties_near(index: &BoundaryIndex, state: State, center: GeoPoint, population: u32) -> Vec<CountyGeoid> {
    let reach_m = 1_000.0 * (f64::from(population) / PER_SQUARE_KM / std::f64::consts::PI).sqrt();
    let near = index.within(center, reach_m).into_iter().filter_map(|near| {
        let area = index.area(near.area)?;
        let is_closed = near.distance_m > 0.0 && area.kind == INDEPENDENT_CITY;
        CountyGeoid::parse(area.key).filter(|county| county.state() == state && !is_closed)
    });
    near.collect()
}

fn write(places: &BTreeMap<(u8, PlaceKey), Place<'_>>) -> Vec<u8> {
    let mut rows: Vec<(u8, &Place<'_>)> = places.iter().map(|((state, _), place)| (*state, place)).collect();
    rows.sort_unstable_by_key(|(state, place)| (*state, place.name));
    let mut writer = Writer(b"TGP1".to_vec());
    writer.number(rows.len() as u32);
    for (state, place) in rows {
        writer.byte(state);
        writer.text(place.name);
        writer.byte(place.counties.len() as u8);
        place.counties.iter().for_each(|county| writer.fixed(county.number() % 1000, 2));
    }
    writer.0
}
