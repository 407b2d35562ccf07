//! The gazetteer of the parser: ZIP codes, and the places they are called after.

use std::sync::LazyLock;

use turnout_core::address::State;

use super::{Zips, zips};
use crate::gazetteer::{Gazetteer, PlaceKey, PlaceSet, Zip5};

/// Made at the first question, in a few milliseconds.
static PLACES: LazyLock<PlaceSet> = LazyLock::new(|| {
    let places = zips().iter().filter_map(|entry| Some(PlaceKey::new(entry.state?, entry.place)));
    places.collect()
});

impl Gazetteer for Zips {
    fn zip(&self, zip: Zip5) -> Option<(State, &str)> {
        let entry = self.get(zip.number())?;
        Some((entry.state?, entry.place))
    }

    fn has_place(&self, place: PlaceKey) -> bool {
        PLACES.has(place)
    }
}
