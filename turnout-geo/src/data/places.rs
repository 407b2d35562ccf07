//! The gazetteer of the parser: ZIP codes, the places they are called after, and other places.

use std::sync::LazyLock;

use turnout_core::address::State;

use super::{Zips, place_counties, zips};
use crate::gazetteer::{Gazetteer, PlaceKey, PlaceSet, Zip5};

/// Made at the first question, in a few milliseconds; 1.4 MB.
static PLACES: LazyLock<Places> = LazyLock::new(Places::new);

struct Places {
    /// For each ZIP code, its row and one more; 0 for none.
    row_of_zip: Box<[u16]>,
    rows: Box<[(State, PlaceKey)]>,
    names: PlaceSet,
}

impl Places {
    fn new() -> Self {
        let mut row_of_zip = vec![0; 100_000];
        let mut rows = Vec::new();
        for entry in zips().iter() {
            let Some(state) = entry.state else { continue };
            rows.push((state, PlaceKey::new(state, entry.place)));
            row_of_zip[entry.zip as usize] = rows.len() as u16;
        }
        let others = place_counties().map(|place| PlaceKey::new(place.state, place.name));
        let names = rows.iter().map(|(_, place)| *place).chain(others).collect();
        Self { row_of_zip: row_of_zip.into(), rows: rows.into(), names }
    }
}

impl Gazetteer for Zips {
    fn zip(&self, zip: Zip5) -> Option<(State, PlaceKey)> {
        let places = &*PLACES;
        let row = places.row_of_zip[zip.number() as usize].checked_sub(1)?;
        Some(places.rows[usize::from(row)])
    }

    fn has_place(&self, place: PlaceKey) -> bool {
        PLACES.names.has(place)
    }
}
