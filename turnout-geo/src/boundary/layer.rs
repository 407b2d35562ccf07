//! A layer before it is indexed: its areas, and the arcs between them.

use std::collections::HashMap;

use smallvec::SmallVec;

use crate::point::GeoPoint;

/// What is known of an area besides its shape.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Area {
    /// Its key in the source, such as a Census GEOID.
    pub key: String,
    /// Its name without its type: `Fairfax`.
    pub name: String,
    /// The type of area as the source writes it, such as the Census' LSAD code; may be empty.
    pub kind: String,
}

/// An area and its rings, outer ones and holes, in any order and direction: inside is what an odd number of them encloses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// Which area.
    pub area: Area,
    /// Its rings; one that does not end where it began is closed.
    pub rings: Vec<Vec<GeoPoint>>,
}

/// A line at which one enters or leaves the same areas all along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arc {
    /// Positions in [`Layer::areas`], ascending: both neighbors of a shared border, one area at a coast.
    pub areas: SmallVec<[u32; 2]>,
    /// At least two points.
    pub points: Vec<GeoPoint>,
}

/// Areas of one kind (counties, towns, districts) and of one vintage. They need not cover everything; they may overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layer {
    /// What the areas are: `county`.
    pub name: String,
    /// As of when, in the source's words: `2016`.
    pub vintage: String,
    /// The areas.
    pub areas: Vec<Area>,
    /// Their borders, each once.
    pub arcs: Vec<Arc>,
}

impl Layer {
    /// The layer of these shapes: borders that two shapes share point by point become one arc.
    #[must_use]
    pub fn from_shapes(name: &str, vintage: &str, shapes: Vec<Shape>) -> Self {
        let mut edges = Edges::default();
        for (area, shape) in (0..).zip(&shapes) {
            for (from, to) in shape.rings.iter().flat_map(|ring| ring_edges(ring)) {
                edges.toggle(from, to, area);
            }
        }
        let mut arcs = Vec::new();
        for ring in shapes.iter().flat_map(|shape| &shape.rings) {
            let mut open: Option<Arc> = None;
            for (from, to) in ring_edges(ring) {
                let areas = edges.take(from, to);
                if let Some(arc) = open.as_mut().filter(|arc| arc.areas == areas) {
                    arc.points.push(to);
                    continue;
                }
                arcs.extend(open.take());
                if !areas.is_empty() {
                    open = Some(Arc { areas, points: vec![from, to] });
                }
            }
            arcs.extend(open);
        }
        Self {
            name: name.to_owned(),
            vintage: vintage.to_owned(),
            areas: shapes.into_iter().map(|shape| shape.area).collect(),
            arcs,
        }
    }
}

/// The edges of a ring, the one that closes it included; points that are the same as the one before count once.
fn ring_edges(ring: &[GeoPoint]) -> impl Iterator<Item = (GeoPoint, GeoPoint)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)).filter(|(from, to)| from != to)
}

/// Which areas each edge bounds, whatever the direction.
#[derive(Default)]
struct Edges(HashMap<(GeoPoint, GeoPoint), SmallVec<[u32; 2]>>);

impl Edges {
    /// The edge bounds this area; one that bounds it twice, there and back, does not.
    fn toggle(&mut self, from: GeoPoint, to: GeoPoint, area: u32) {
        let areas = self.0.entry((from.min(to), from.max(to))).or_default();
        match areas.last() {
            Some(last) if *last == area => drop(areas.pop()),
            _ => areas.push(area),
        }
    }

    /// The areas of an edge at the first call for it, none later.
    fn take(&mut self, from: GeoPoint, to: GeoPoint) -> SmallVec<[u32; 2]> {
        self.0.get_mut(&(from.min(to), from.max(to))).map(std::mem::take).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(key: &str, west: i32, south: i32, size: i32) -> Shape {
        let corners = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)];
        Shape {
            area: Area { key: key.to_owned(), ..Area::default() },
            rings: vec![corners.iter().map(|(x, y)| GeoPoint { lon: west + x, lat: south + y }).collect()],
        }
    }

    #[test]
    fn a_shared_border_is_one_arc() {
        let layer =
            Layer::from_shapes("square", "", vec![square("west", 0, 0, 10), square("east", 10, 0, 10)]);
        let shared: Vec<&Arc> = layer.arcs.iter().filter(|arc| arc.areas.len() == 2).collect();
        assert_eq!(shared.len(), 1);
        assert_eq!(shared[0].points, [GeoPoint { lon: 10, lat: 0 }, GeoPoint { lon: 10, lat: 10 }]);
        let edges: usize = layer.arcs.iter().map(|arc| arc.points.len() - 1).sum();
        assert_eq!(edges, 7);
    }

    #[test]
    fn a_way_there_and_back_is_no_border() {
        let mut spiked = square("spiked", 0, 0, 10);
        spiked.rings[0].splice(
            1..1,
            [GeoPoint { lon: 5, lat: 0 }, GeoPoint { lon: 5, lat: 5 }, GeoPoint { lon: 5, lat: 0 }],
        );
        let layer = Layer::from_shapes("square", "", vec![spiked]);
        let spike = GeoPoint { lon: 5, lat: 5 };
        assert!(layer.arcs.iter().all(|arc| !arc.points.contains(&spike)));
        let open = Layer::from_shapes(
            "square",
            "",
            vec![Shape { rings: vec![square("", 0, 0, 10).rings[0][..4].to_vec()], ..Shape::default() }],
        );
        assert_eq!(open.arcs[0].points.len(), 5);
    }
}
