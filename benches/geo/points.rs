//! Where to measure: around places where people live, evenly over the country, and beside borders.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use turnout_geo::{
    GeoPoint,
    data::{counties, zips},
};

/// Numbers at random, the same for the same seed (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// At least 0, less than 1.
    fn even(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.even() * limit as f64) as usize
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.even()).ln()).sqrt() * (std::f64::consts::TAU * self.even()).cos()
    }
}

/// Centers of ZIP codes, with a deviation of 0.03 degrees.
pub(crate) fn populated(count: usize) -> Vec<GeoPoint> {
    let mut random = Random(1);
    let zips: Vec<GeoPoint> = zips().iter().filter(|zip| zip.state.is_some()).map(|zip| zip.point).collect();
    let mut near = || {
        let center = zips[random.below(zips.len())];
        let [lat, lon] =
            [center.lat_degrees(), center.lon_degrees()].map(|degrees| degrees + 0.03 * random.normal());
        GeoPoint::from_degrees(lat, lon)
    };
    std::iter::repeat_with(&mut near).flatten().take(count).collect()
}

/// Evenly over the box of the 48 states.
pub(crate) fn uniform(count: usize) -> Vec<GeoPoint> {
    let mut random = Random(2);
    let mut point = || GeoPoint::from_degrees(24.5 + 25.0 * random.even(), -125.0 + 58.0 * random.even());
    std::iter::repeat_with(&mut point).flatten().take(count).collect()
}

/// Within 100 meters of a corner of a border.
pub(crate) fn beside_borders(count: usize) -> Vec<GeoPoint> {
    let mut random = Random(3);
    let layer = counties().layer(None);
    let corners: Vec<GeoPoint> = layer.arcs.iter().flat_map(|arc| arc.points.iter().copied()).collect();
    let mut point = || {
        let corner = corners[random.below(corners.len())];
        // 0.0006 degrees of latitude are 67 meters
        let [lat, lon] = [corner.lat_degrees(), corner.lon_degrees()]
            .map(|degrees| degrees + 0.0012 * (random.even() - 0.5));
        GeoPoint::from_degrees(lat, lon)
    };
    std::iter::repeat_with(&mut point).flatten().take(count).collect()
}

/// Writes `populated`, `uniform` and `borders` into the folder: longitude and latitude as doubles, little-endian.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    let sets = [
        ("populated", populated(1_000_000)),
        ("uniform", uniform(1_000_000)),
        ("borders", beside_borders(100_000)),
    ];
    for (name, points) in sets {
        let mut file = io::BufWriter::new(fs::File::create(folder.join(name))?);
        for point in points {
            file.write_all(&point.lon_degrees().to_le_bytes())?;
            file.write_all(&point.lat_degrees().to_le_bytes())?;
        }
        file.flush()?;
    }
    Ok(())
}
