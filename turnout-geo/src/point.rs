//! Points on the earth, as whole numbers.

/// A point, longitude and latitude in 1e-7 degrees (about a centimeter), so that geometry can be exact.
///
/// The datum is WGS84; NAD83, which US sources use, is taken for the same (they differ by one or two meters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GeoPoint {
    /// Longitude, east positive, at most 180 degrees either way.
    pub lon: i32,
    /// Latitude, north positive, at most 90 degrees either way.
    pub lat: i32,
}

/// Units of a [`GeoPoint`] in a degree.
pub const UNITS_PER_DEGREE: i32 = 10_000_000;
/// Meters in a degree of latitude, on the sphere with the earth's mean radius of 6,371,008.8 m.
const METERS_PER_DEGREE: f64 = 111_195.08;

impl GeoPoint {
    /// The point nearest to these degrees; nothing where they are no place on earth.
    ///
    /// ```
    /// use turnout_geo::GeoPoint;
    /// let capitol = GeoPoint::from_degrees(38.889_8, -77.009_1).unwrap();
    /// assert_eq!(capitol.lat, 388_898_000);
    /// assert!(GeoPoint::from_degrees(f64::NAN, 0.0).is_none());
    /// assert!(GeoPoint::from_degrees(91.0, 0.0).is_none());
    /// ```
    #[must_use]
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Self> {
        let units = |degrees: f64, most: f64| {
            // false for what is not a number, too
            (degrees.abs() <= most).then(|| (degrees * f64::from(UNITS_PER_DEGREE)).round() as i32)
        };
        Some(Self { lon: units(lon, 180.0)?, lat: units(lat, 90.0)? })
    }

    /// Degrees north.
    #[must_use]
    pub fn lat_degrees(self) -> f64 {
        f64::from(self.lat) / f64::from(UNITS_PER_DEGREE)
    }

    /// Degrees east.
    #[must_use]
    pub fn lon_degrees(self) -> f64 {
        f64::from(self.lon) / f64::from(UNITS_PER_DEGREE)
    }

    /// Meters to another point, along the great circle of a sphere: right within half a percent.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let [from, to] =
            [self, other].map(|point| (point.lat_degrees().to_radians(), point.lon_degrees().to_radians()));
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let chord = half(to.0 - from.0) + from.0.cos() * to.0.cos() * half(to.1 - from.1);
        2.0 * chord.sqrt().min(1.0).asin().to_degrees() * METERS_PER_DEGREE
    }

    /// Meters in one unit of longitude and of latitude, here.
    pub(crate) fn meters_per_unit(self) -> (f64, f64) {
        let north = METERS_PER_DEGREE / f64::from(UNITS_PER_DEGREE);
        (north * self.lat_degrees().to_radians().cos(), north)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_map() {
        let at = |lat, lon| GeoPoint::from_degrees(lat, lon).expect("a point");
        let boston = at(42.360_1, -71.058_9);
        for (to, meters) in
            [(boston, 0.0), (at(40.712_8, -74.006_0), 306_100.0), (at(42.373_6, -71.109_7), 4_440.0)]
        {
            let measured = boston.distance_m(to);
            assert!((measured - meters).abs() <= meters * 0.005, "{measured} instead of {meters}");
        }
        // over the antimeridian
        assert!(at(52.0, 179.9).distance_m(at(52.0, -179.9)) < 14_000.0);
    }

    #[test]
    fn degrees_come_back() {
        let point = GeoPoint::from_degrees(-14.270_972_1, 179.999_999_9).expect("a point");
        assert_eq!((point.lat, point.lon), (-142_709_721, 1_799_999_999));
        assert!((point.lat_degrees() + 14.270_972_1).abs() < 1e-9);
        assert!((point.lon_degrees() - 179.999_999_9).abs() < 1e-9);
    }
}
