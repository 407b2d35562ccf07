//! The exact rule by which a point is on one side of an edge or on the other.
//!
//! Every point is taken to lie an infinitely small step east of where it is, and a far smaller one north. Then no point
//! lies on an edge or on a corner, any path between two points crosses each edge or does not, and what lies exactly on
//! a shared border belongs to exactly one of two neighbors. It is the crossing rule with half-open edges, for a ray
//! that goes east. Products have 128 bits: nothing is rounded.

use crate::point::GeoPoint;

/// Whether `point`, moved by its small step, lies left of the edge when looking from `a` to `b`.
fn is_left(a: GeoPoint, b: GeoPoint, point: GeoPoint) -> bool {
    let [dx, dy] = [i64::from(b.lon) - i64::from(a.lon), i64::from(b.lat) - i64::from(a.lat)];
    let [px, py] = [i64::from(point.lon) - i64::from(a.lon), i64::from(point.lat) - i64::from(a.lat)];
    let cross = i128::from(dx) * i128::from(py) - i128::from(dy) * i128::from(px);
    match cross {
        0 if dy == 0 => dx > 0,
        0 => dy < 0,
        _ => cross > 0,
    }
}

/// Whether the way from `point` first east or west, then north or south to `end` crosses the edge an odd number of times.
pub(super) fn crosses(a: GeoPoint, b: GeoPoint, point: GeoPoint, end: GeoPoint) -> bool {
    let corner = GeoPoint { lon: end.lon, lat: point.lat };
    let mut odd = false;
    if (a.lat > point.lat) != (b.lat > point.lat) {
        let (west, east) = (point.lon.min(corner.lon), point.lon.max(corner.lon));
        let beside = (a.lon < west && b.lon < west) || (a.lon > east && b.lon > east);
        odd ^= !beside && is_left(a, b, point) != is_left(a, b, corner);
    }
    if (a.lon > corner.lon) != (b.lon > corner.lon) {
        let (south, north) = (corner.lat.min(end.lat), corner.lat.max(end.lat));
        let beside = (a.lat < south && b.lat < south) || (a.lat > north && b.lat > north);
        odd ^= !beside && is_left(a, b, corner) != is_left(a, b, end);
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook: does a ray from the point to the east cross the edge, whose lower end counts and upper does not?
    fn ray_crosses(a: GeoPoint, b: GeoPoint, point: GeoPoint) -> bool {
        let (a, b) = if a.lat < b.lat { (a, b) } else { (b, a) };
        a.lat <= point.lat
            && point.lat < b.lat
            && i128::from(b.lon - a.lon) * i128::from(point.lat - a.lat)
                > i128::from(b.lat - a.lat) * i128::from(point.lon - a.lon)
    }

    #[test]
    fn a_way_between_two_points_crosses_a_ring_as_the_rays_from_both_say() {
        let points: Vec<GeoPoint> =
            (0..5).flat_map(|lon| (0..5).map(move |lat| GeoPoint { lon, lat })).collect();
        let mut inside = 0;
        for (i, a) in points.iter().enumerate() {
            for (j, b) in points.iter().enumerate() {
                let c = points[(i * 7 + j * 3) % points.len()];
                let ring = [(*a, *b), (*b, c), (c, *a)];
                let is_inside =
                    |point| ring.iter().filter(|(a, b)| ray_crosses(*a, *b, point)).count() % 2 == 1;
                for from in &points {
                    inside += usize::from(is_inside(*from));
                    for to in &points {
                        let odd = ring.iter().filter(|(a, b)| crosses(*a, *b, *from, *to)).count() % 2 == 1;
                        assert_eq!(odd, is_inside(*from) != is_inside(*to), "{ring:?} {from:?} {to:?}");
                    }
                }
            }
        }
        assert!(inside > 1000);
    }
}
