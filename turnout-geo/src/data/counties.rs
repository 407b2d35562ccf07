//! The counties of the United States and of its territories, at 1:500,000.
//!
//! `county.bin` begins with the magic `TGC1` and the vintage; then come the kinds of county, each state with its
//! counties, which states each page of 0.84 degrees touches, and the lengths of the pieces that follow. A piece has the
//! borders of one state, or those between two, so that a state is read alone. Numbers are LEB128, coordinates
//! differences in 1e-6 degrees.

use std::sync::OnceLock;

use smallvec::{SmallVec, smallvec};
use turnout_core::address::State;

use super::{
    bytes::Bytes,
    geoid::{CountyGeoid, state_of_fips},
};
use crate::{
    boundary::{Arc, Area, BoundaryIndex, Layer},
    point::GeoPoint,
};

static FILE: &[u8] = include_bytes!("../../data/county.bin");

/// Bits of a page, in 1e-7 degrees.
const PAGE: u32 = 23;

/// A county, or what takes its place: a parish, a borough, an independent city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct County {
    /// The Census' number.
    pub geoid: CountyGeoid,
    /// Its name alone: `Fairfax`.
    pub name: &'static str,
    /// `County`, `Parish`, `city`, …; nothing for the District of Columbia.
    pub kind: &'static str,
}

/// The counties; get them from [`counties()`].
#[derive(Debug)]
pub struct Counties {
    vintage: &'static str,
    /// Ascending, so state by state.
    counties: Vec<County>,
    states: Vec<CountiesOfState>,
    /// A page and the position of a state that touches it, ascending.
    pages: Vec<(u32, u8)>,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct CountiesOfState {
    state: State,
    /// The position of its first county.
    first: u32,
    count: u32,
    index: OnceLock<BoundaryIndex>,
}

/// The borders between two states, or within one.
#[derive(Debug, Clone, Copy)]
struct Piece {
    states: [u8; 2],
    bytes: &'static [u8],
}

/// The counties that come with the crate. Borders are made ready state by state, when a point first asks for them.
///
/// ```
/// use turnout_geo::{GeoPoint, data::counties};
///
/// let courthouse = GeoPoint::from_degrees(38.846_2, -77.306_4).unwrap();
/// let county = counties().at(courthouse).unwrap();
/// assert_eq!((county.geoid.to_string().as_str(), county.name, county.kind), ("51600", "Fairfax", "city"));
///
/// // and what else is within a mile
/// let near = counties().within(courthouse, 1609.0);
/// assert!(near.iter().any(|(county, _)| county.geoid.to_string() == "51059"));
/// ```
#[must_use]
pub fn counties() -> &'static Counties {
    static COUNTIES: OnceLock<Counties> = OnceLock::new();
    COUNTIES.get_or_init(|| Counties::read(FILE))
}

impl Counties {
    fn read(file: &'static [u8]) -> Self {
        let mut bytes = Bytes(file);
        bytes.take(4);
        let vintage = bytes.text();
        let kinds: Vec<&'static str> = (0..bytes.number()).map(|_| bytes.text()).collect();
        let mut counties = Vec::new();
        let states = (0..bytes.number())
            .map(|_| {
                let state =
                    state_of_fips(bytes.byte()).expect("embedded states are known: a test reads them all");
                let (first, count) = (counties.len() as u32, bytes.number());
                let mut code = 0;
                for _ in 0..count {
                    code += bytes.number() as u16;
                    let geoid = CountyGeoid::new(state, code)
                        .expect("embedded counties are numbered: a test reads them all");
                    counties.push(County { geoid, name: bytes.text(), kind: kinds[bytes.byte() as usize] });
                }
                CountiesOfState { state, first, count, index: OnceLock::new() }
            })
            .collect();
        let mut page = 0;
        let pages = (0..bytes.number())
            .map(|_| {
                page += bytes.number();
                (page, bytes.byte())
            })
            .collect();
        let lengths: Vec<([u8; 2], usize)> =
            (0..bytes.number()).map(|_| ([bytes.byte(), bytes.byte()], bytes.number() as usize)).collect();
        let pieces =
            lengths.into_iter().map(|(states, length)| Piece { states, bytes: bytes.take(length) }).collect();
        Self { vintage, counties, states, pages, pieces }
    }

    /// As of which year the counties are.
    #[must_use]
    pub fn vintage(&self) -> &'static str {
        self.vintage
    }

    /// All of them, by number.
    #[must_use]
    pub fn all(&self) -> &[County] {
        &self.counties
    }

    /// The county of this number, in this vintage.
    #[must_use]
    pub fn by_geoid(&self, geoid: CountyGeoid) -> Option<&County> {
        self.counties.binary_search_by_key(&geoid, |county| county.geoid).ok().map(|at| &self.counties[at])
    }

    /// The county that the point is in; nothing at sea and abroad.
    #[must_use]
    pub fn at(&self, point: GeoPoint) -> Option<&County> {
        self.states_on(page_of(point.lat) << 9 | page_of(point.lon)).find_map(|position| {
            let state = &self.states[position as usize];
            let area = *self.index_of(state).at(point).first()?;
            Some(&self.counties[(state.first + area.0) as usize])
        })
    }

    /// The counties that a disc around the point touches, by distance in meters; the one that it is in has none.
    #[must_use]
    pub fn within(&self, point: GeoPoint, radius_m: f64) -> Vec<(&County, f64)> {
        let (east, north) = point.meters_per_unit();
        let corner = |sign: f64| GeoPoint {
            lon: point.lon.saturating_add((sign * radius_m / east) as i32),
            lat: point.lat.saturating_add((sign * radius_m / north) as i32),
        };
        let mut found: Vec<(&County, f64)> = Vec::new();
        for state in self.states_near(corner(-1.0), corner(1.0)) {
            let near = self.index_of(state).within(point, radius_m);
            found.extend(
                near.iter()
                    .map(|near| (&self.counties[(state.first + near.area.0) as usize], near.distance_m)),
            );
        }
        found.sort_by(|one, other| one.1.total_cmp(&other.1));
        found
    }

    /// The index of one state's counties, whose keys are their numbers.
    #[must_use]
    pub fn index(&self, state: State) -> Option<&BoundaryIndex> {
        self.states.iter().find(|known| known.state == state).map(|state| self.index_of(state))
    }

    /// The layer of all counties, or of one state's.
    #[must_use]
    pub fn layer(&self, state: Option<State>) -> Layer {
        let chosen = |position: u8| state.is_none_or(|state| self.states[position as usize].state == state);
        let counties = match self.states.iter().find(|known| Some(known.state) == state) {
            Some(state) => state.first..state.first + state.count,
            None => 0..self.counties.len() as u32,
        };
        let mut arcs = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.states.into_iter().any(chosen)) {
            let mut bytes = Bytes(piece.bytes);
            while !bytes.0.is_empty() {
                let (areas, points) = read_arc(&mut bytes);
                // the other state's side of a border between states is not this layer's
                let areas: SmallVec<[u32; 2]> = areas
                    .into_iter()
                    .filter(|area| counties.contains(area))
                    .map(|area| area - counties.start)
                    .collect();
                if !areas.is_empty() {
                    arcs.push(Arc { areas, points });
                }
            }
        }
        let areas = self.counties[counties.start as usize..counties.end as usize].iter().map(|county| Area {
            key: county.geoid.to_string(),
            name: county.name.to_owned(),
            kind: county.kind.to_owned(),
        });
        Layer { name: "county".to_owned(), vintage: self.vintage.to_owned(), areas: areas.collect(), arcs }
    }

    fn index_of<'a>(&self, state: &'a CountiesOfState) -> &'a BoundaryIndex {
        state.index.get_or_init(|| {
            BoundaryIndex::build(&self.layer(Some(state.state)))
                .expect("embedded counties can be indexed: a test does it")
        })
    }

    /// The positions of the states that touch a page.
    fn states_on(&self, page: u32) -> impl Iterator<Item = u8> {
        let first = self.pages.partition_point(|(known, _)| *known < page);
        self.pages[first..].iter().take_while(move |(known, _)| *known == page).map(|(_, state)| *state)
    }

    /// The states that may be between two corners, the south-western and the north-eastern.
    fn states_near(&self, from: GeoPoint, to: GeoPoint) -> impl Iterator<Item = &CountiesOfState> {
        let pages = |from: i32, to: i32| page_of(from)..=page_of(to);
        let mut near: SmallVec<[u8; 8]> = SmallVec::new();
        for page in pages(from.lat, to.lat)
            .flat_map(|row| pages(from.lon, to.lon).map(move |column| row << 9 | column))
        {
            let first = self.pages.partition_point(|(known, _)| *known < page);
            near.extend(
                self.pages[first..].iter().take_while(|(known, _)| *known == page).map(|(_, state)| *state),
            );
        }
        near.sort_unstable();
        near.dedup();
        near.into_iter().map(|position| &self.states[position as usize])
    }
}

/// The row or column of pages that a coordinate is in, of 512.
fn page_of(coordinate: i32) -> u32 {
    (coordinate.cast_unsigned() ^ 1 << 31) >> PAGE
}

/// An arc: its counties, by position, and its points.
fn read_arc(bytes: &mut Bytes<'_>) -> (SmallVec<[u32; 2]>, Vec<GeoPoint>) {
    let first = bytes.number();
    let areas = match bytes.number() {
        0 => smallvec![first],
        further => smallvec![first, first + further],
    };
    let count = bytes.number();
    let (mut lon, mut lat) = (0, 0);
    let points = (0..count).map(|_| {
        lon += bytes.signed();
        lat += bytes.signed();
        // from 1e-6 degrees
        GeoPoint { lon: lon * 10, lat: lat * 10 }
    });
    (areas, points.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_counties() {
        let counties = counties();
        assert_eq!(counties.all().len(), 3233);
        for state in State::ALL {
            let index = counties.index(*state).expect("a state");
            let known = counties.all().iter().filter(|county| county.geoid.state() == *state).count();
            assert_eq!(index.area_count() as usize, known, "{state:?}");
            assert!(known > 0, "{state:?}");
        }
    }
}
