//! How far borders are from a point.

use std::collections::BTreeMap;

use super::{
    AreaId,
    grid::{Cell, Grid, Leaf, Node, signed, unsigned},
};
use crate::point::{GeoPoint, UNITS_PER_DEGREE};

/// An area near a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Which.
    pub area: AreaId,
    /// Meters to its nearest border; none when the point is inside.
    pub distance_m: f64,
}

pub(super) fn within(grid: &Grid<'_>, point: GeoPoint, radius_m: f64) -> Vec<Near> {
    let mut nearest: BTreeMap<AreaId, f64> = BTreeMap::new();
    borders(grid, point, radius_m, |set, distance_m| {
        for area in grid.set(set) {
            let known = nearest.entry(area).or_insert(distance_m);
            *known = known.min(distance_m);
        }
    });
    nearest.extend(grid.at(point).into_iter().map(|area| (area, 0.0)));
    let mut near: Vec<Near> =
        nearest.into_iter().map(|(area, distance_m)| Near { area, distance_m }).collect();
    near.sort_by(|one, other| one.distance_m.total_cmp(&other.distance_m));
    near
}

pub(super) fn border_distance(grid: &Grid<'_>, point: GeoPoint, radius_m: f64) -> Option<f64> {
    let mut nearest: Option<f64> = None;
    borders(grid, point, radius_m, |_, distance_m| {
        nearest = Some(nearest.map_or(distance_m, |known| known.min(distance_m)))
    });
    nearest
}

/// Calls with the set and the distance of each run of edges that the disc touches; of one run perhaps several times.
fn borders(grid: &Grid<'_>, point: GeoPoint, radius_m: f64, mut border: impl FnMut(u32, f64)) {
    const TURN: i64 = 360 * UNITS_PER_DEGREE as i64;
    let scale = point.meters_per_unit();
    let reach =
        |meters_per_unit: f64| (radius_m / meters_per_unit).clamp(0.0, TURN as f64 / 2.0).ceil() as i64;
    let (reach_lon, reach_lat) = (reach(scale.0), reach(scale.1));
    let most = |degrees: i64| degrees * i64::from(UNITS_PER_DEGREE);
    let (south, north) = (i64::from(point.lat) - reach_lat, i64::from(point.lat) + reach_lat);
    // the disc again to the west and to the east, for what lies on the other side of the antimeridian
    for turn in [0, -TURN, TURN] {
        let lon = i64::from(point.lon) + turn;
        let (west, east) = ((lon - reach_lon).max(-most(180)), (lon + reach_lon).min(most(180)));
        if west > east {
            continue;
        }
        let corners = [(west, south.max(-most(90))), (east, north.min(most(90)))];
        let [from, to] = corners.map(|(lon, lat)| GeoPoint { lon: lon as i32, lat: lat as i32 });
        each_cell(grid, from, to, |leaf| {
            for run in leaf.runs() {
                let distances = run.edges().map(|(a, b)| distance_m((lon, point.lat.into()), scale, a, b));
                let nearest = distances.fold(f64::INFINITY, f64::min);
                if nearest <= radius_m {
                    border(run.set, nearest);
                }
            }
        });
    }
}

/// Calls with every cell in the box that has borders.
fn each_cell(grid: &Grid<'_>, from: GeoPoint, to: GeoPoint, mut each: impl FnMut(Leaf<'_>)) {
    let (east, north) = (unsigned(to.lon), unsigned(to.lat));
    // steps of the smallest cell met in the row: a larger one may be met again, which changes nothing
    let mut lat = unsigned(from.lat);
    while lat <= north {
        let mut lon = unsigned(from.lon);
        let mut lowest = 32;
        while lon <= east {
            let Cell { node, bits } = grid.cell(GeoPoint { lon: signed(lon), lat: signed(lat) });
            if let Node::Leaf(at) = node {
                each(Leaf { words: &grid.leaves[at..] });
            }
            lowest = lowest.min(bits);
            lon = next(lon, bits);
        }
        lat = next(lat, lowest);
    }
}

/// Where the next cell begins.
fn next(coordinate: u32, bits: u32) -> u32 {
    ((coordinate >> bits) + 1) << bits
}

/// Meters from a point to an edge, on a map that is right around the point.
fn distance_m(point: (i64, i64), scale: (f64, f64), a: GeoPoint, b: GeoPoint) -> f64 {
    let on_map = |end: GeoPoint| {
        ((i64::from(end.lon) - point.0) as f64 * scale.0, (i64::from(end.lat) - point.1) as f64 * scale.1)
    };
    let (from, to) = (on_map(a), on_map(b));
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(from.0 * dx + from.1 * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (from.0 + along * dx).hypot(from.1 + along * dy)
}
