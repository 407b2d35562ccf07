//! Where an address is, and how well that is known.

use crate::{data::CountyGeoid, point::GeoPoint};

/// How far off a point may be that somebody gave, in meters: some for a roof that was not the door, some for boundaries
/// at 1:500,000.
const GIVEN_M: f64 = 50.0;

/// Where an address is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Located {
    /// The most likely point.
    pub point: GeoPoint,
    /// It may as well be as far away as this, in meters.
    pub uncertainty_m: f64,
    /// The county that whoever located it names; it is possible even where the point is in another.
    pub county: Option<CountyGeoid>,
}

impl Located {
    /// A point that somebody gave, right within 50 m.
    #[must_use]
    pub fn at(point: GeoPoint) -> Self {
        Self { point, uncertainty_m: GIVEN_M, county: None }
    }
}
