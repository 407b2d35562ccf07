//! From a layer to the words of its index.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::{
    BoundaryError,
    exact::crosses,
    grid::{BLOCK_WORDS, CELL, Extent, LIMIT, Node, PAGE, PAGE_WORDS, PART, center, place, signed, unsigned},
    layer::{Arc, Layer},
};
use crate::point::{GeoPoint, UNITS_PER_DEGREE};

/// A cell with more edges than this is split.
const SPLIT: usize = 12;

/// What [`super::grid::Grid`] reads.
pub(super) struct Built {
    pub(super) extent: Extent,
    pub(super) table: Vec<u32>,
    pub(super) pages: Vec<u32>,
    pub(super) blocks: Vec<u32>,
    pub(super) leaves: Vec<u32>,
    pub(super) sets: Vec<u32>,
}

/// That an edge touches a cell: the cell, the arc, and the number of the edge's first point.
type Touch = (u32, u32, u32);

pub(super) fn build(layer: &Layer) -> Result<Built, BoundaryError> {
    check(layer)?;
    let mut builder = Builder::new(layer);
    builder.fill_rows();
    builder.put_edges();
    let Builder { mut built, sets, .. } = builder;
    built.sets = sets.words;
    let longest = [&built.pages, &built.blocks, &built.leaves, &built.sets].into_iter().map(Vec::len).max();
    if longest.unwrap_or_default() + layer.areas.len() >= LIMIT as usize - 1 {
        Err(BoundaryError::TooLarge)
    } else {
        Ok(built)
    }
}

/// What the rest may rely on.
fn check(layer: &Layer) -> Result<(), BoundaryError> {
    let areas = layer.areas.len();
    if areas >= LIMIT as usize / 2 || layer.arcs.len() >= LIMIT as usize {
        return Err(BoundaryError::TooLarge);
    }
    let most = GeoPoint { lon: 180 * UNITS_PER_DEGREE, lat: 90 * UNITS_PER_DEGREE };
    let on_earth = |point: &GeoPoint| {
        (-most.lon..=most.lon).contains(&point.lon) && (-most.lat..=most.lat).contains(&point.lat)
    };
    let fits = |arc: &Arc| {
        arc.points.len() >= 2
            && arc.points.iter().all(on_earth)
            && arc.areas.iter().all(|area| (*area as usize) < areas)
            && arc.areas.is_sorted_by(|one, next| one < next)
    };
    if layer.arcs.iter().all(fits) { Ok(()) } else { Err(BoundaryError::BadLayer) }
}

struct Builder<'a> {
    arcs: &'a [Arc],
    /// The set of each arc.
    arc_sets: Vec<u32>,
    sets: Sets,
    built: Built,
}

impl<'a> Builder<'a> {
    fn new(layer: &'a Layer) -> Self {
        let mut sets = Sets { areas: layer.areas.len() as u32, words: Vec::new(), known: HashMap::new() };
        let arc_sets = layer.arcs.iter().map(|arc| sets.reference(&arc.areas)).collect();
        let extent = extent(&layer.arcs);
        let table = vec![0; (extent.columns * extent.rows) as usize];
        let points: usize = layer.arcs.iter().map(|arc| arc.points.len()).sum();
        // two words a point, and half of it again for points in several cells and for heads
        let leaves = Vec::with_capacity(3 * points);
        let built = Built { extent, table, pages: vec![], blocks: vec![], leaves, sets: vec![] };
        Self { arcs: &layer.arcs, arc_sets, sets, built }
    }

    /// Gives every cell the set of areas at its center, row by row from west to east.
    fn fill_rows(&mut self) {
        let mut crossings = self.row_crossings();
        // arcs stay in their order
        crossings.sort_by_key(|(row, column, _)| u64::from(*row) << 32 | u64::from(*column));
        for row in crossings.chunk_by(|one, next| one.0 == next.0) {
            let mut inside: SmallVec<[u32; 2]> = SmallVec::new();
            let mut from = 0;
            for column in row.chunk_by(|one, next| one.1 == next.1) {
                let set = self.sets.reference(&inside);
                if set != 0 {
                    (from..column[0].1).for_each(|at| *self.cell(row[0].0, at) = Node::Plain(set).pack());
                }
                column.iter().for_each(|(.., arc)| xor(&mut inside, &self.arcs[*arc as usize].areas));
                from = column[0].1;
            }
        }
    }

    /// Where edges cross the rows' center lines: the row, the first column whose center is past the edge, the arc.
    fn row_crossings(&self) -> Vec<Touch> {
        const HALF: i64 = 1 << (CELL - 1);
        // the first row or column whose center is at or beyond the coordinate
        let first = |coordinate: i64| (coordinate + HALF - 1) >> CELL;
        let mut crossings = Vec::new();
        for (arc, line) in (0..).zip(self.arcs) {
            for [a, b] in pairs(&line.points) {
                let (low, high) = if a.lat < b.lat { (a, b) } else { (b, a) };
                let [x, y, end_x, end_y] =
                    [low.lon, low.lat, high.lon, high.lat].map(|value| i64::from(unsigned(value)));
                for row in first(y)..first(end_y) {
                    // rounded up: a center right on the edge is past it
                    let past = x - share(y - (row << CELL) - HALF, end_x - x, end_y - y);
                    crossings.push((row as u32, first(past) as u32, arc));
                }
            }
        }
        crossings
    }

    /// The word of a cell; its page comes into being.
    fn cell(&mut self, row: u32, column: u32) -> &mut u32 {
        let point = GeoPoint { lon: signed(column << CELL), lat: signed(row << CELL) };
        let built = &mut self.built;
        let page = &mut built.table
            [built.extent.place(point).expect("what an arc touches or crosses is in its extent")];
        if *page == 0 {
            *page = Node::Branch(built.pages.len()).pack();
            built.pages.resize(built.pages.len() + PAGE_WORDS, 0);
        }
        let Some(Node::Branch(at)) = Node::unpack(*page) else {
            unreachable!("a page of the table is a branch")
        };
        &mut built.pages[at + place(point, PAGE, CELL)]
    }

    /// Puts the edges into the cells that they touch.
    fn put_edges(&mut self) {
        let mut touches: Vec<Touch> = Vec::new();
        for (arc, line) in (0..).zip(self.arcs) {
            for (edge, [a, b]) in (0..).zip(pairs(&line.points)) {
                touched(a, b, CELL, |row, column| touches.push((row << 16 | column, arc, edge)));
            }
        }
        // arcs and edges stay in their order
        touches.sort_by_key(|touch| touch.0);
        for cell in touches.chunk_by(|one, next| one.0 == next.0) {
            let (row, column) = (cell[0].0 >> 16, cell[0].0 & 0xffff);
            let center_set = *self.cell(row, column);
            let node = if cell.len() > SPLIT {
                self.block(row, column, center_set, cell)
            } else {
                self.leaf(center_set, cell)
            };
            *self.cell(row, column) = node.pack();
        }
    }

    /// A cell's parts.
    fn block(&mut self, row: u32, column: u32, center_set: u32, cell: &[Touch]) -> Node {
        const SIDE: u32 = CELL - PART;
        let mut touches: Vec<Touch> = Vec::new();
        for &(_, arc, edge) in cell {
            let [a, b] = self.edge(arc, edge);
            touched(a, b, PART, |part_row, part_column| {
                if part_row >> SIDE == row && part_column >> SIDE == column {
                    touches.push((part_row << 16 | part_column, arc, edge));
                }
            });
        }
        touches.sort_by_key(|touch| touch.0);
        let corner = |number: usize| {
            let (part_row, part_column) = (number >> SIDE, number & ((1 << SIDE) - 1));
            let [lat, lon] = [(row, part_row), (column, part_column)]
                .map(|(outer, part)| (outer << SIDE | part as u32) << PART);
            GeoPoint { lon: signed(lon), lat: signed(lat) }
        };
        let mut rest = &touches[..];
        let parts: [&[Touch]; BLOCK_WORDS] = std::array::from_fn(|number| {
            let point = corner(number);
            let key = (unsigned(point.lat) >> PART) << 16 | unsigned(point.lon) >> PART;
            let (here, after) = rest.split_at(rest.partition_point(|touch| touch.0 <= key));
            rest = after;
            here
        });
        // from center to center, of the whole to the first part and then of a part to its neighbor: only what lies in
        // the two can be crossed
        let mut sets = [0; BLOCK_WORDS];
        let mut block = [0; BLOCK_WORDS];
        for number in 0..BLOCK_WORDS {
            let point = center(corner(number), PART);
            sets[number] = match number.checked_sub(if number >> SIDE << SIDE == number {
                1 << SIDE
            } else {
                1
            }) {
                None => {
                    let middle =
                        center(GeoPoint { lon: signed(column << CELL), lat: signed(row << CELL) }, CELL);
                    self.set_at(point, middle, center_set, &[cell])
                }
                Some(from) => {
                    self.set_at(point, center(corner(from), PART), sets[from], &[parts[from], parts[number]])
                }
            };
            block[number] = match parts[number] {
                [] => Node::Plain(sets[number]),
                here => self.leaf(sets[number], here),
            }
            .pack();
        }
        let at = self.built.blocks.len();
        self.built.blocks.extend(block);
        Node::Branch(at)
    }

    /// The set at a point, from that at another and the edges that lie where one goes straight between the two.
    fn set_at(&mut self, point: GeoPoint, from: GeoPoint, from_set: u32, touches: &[&[Touch]]) -> u32 {
        let mut crossed: SmallVec<[(u32, u32); 8]> = SmallVec::new();
        for &(_, arc, edge) in touches.iter().copied().flatten() {
            let [a, b] = self.edge(arc, edge);
            // an edge may be in both parts
            if crosses(a, b, point, from) && !crossed.contains(&(arc, edge)) {
                crossed.push((arc, edge));
            }
        }
        if crossed.is_empty() {
            return from_set;
        }
        let mut inside = self.sets.areas_of(from_set);
        crossed.iter().for_each(|(arc, _)| xor(&mut inside, &self.arcs[*arc as usize].areas));
        self.sets.reference(&inside)
    }

    fn leaf(&mut self, center_set: u32, touches: &[Touch]) -> Node {
        let follows = |one: &Touch, next: &Touch| one.1 == next.1 && one.2 + 1 == next.2;
        let leaves = &mut self.built.leaves;
        let at = leaves.len();
        leaves.extend([center_set, touches.chunk_by(follows).count() as u32]);
        for run in touches.chunk_by(follows) {
            let (_, arc, first) = run[0];
            let points = &self.arcs[arc as usize].points[first as usize..][..=run.len()];
            leaves.extend([self.arc_sets[arc as usize], points.len() as u32]);
            leaves.extend(
                points.iter().flat_map(|point| [point.lon.cast_unsigned(), point.lat.cast_unsigned()]),
            );
        }
        Node::Leaf(at)
    }

    fn edge(&self, arc: u32, edge: u32) -> [GeoPoint; 2] {
        let points = &self.arcs[arc as usize].points;
        [points[edge as usize], points[edge as usize + 1]]
    }
}

fn pairs(points: &[GeoPoint]) -> impl Iterator<Item = [GeoPoint; 2]> + '_ {
    points.windows(2).map(|pair| [pair[0], pair[1]])
}

/// The pages that the arcs touch, and those between.
fn extent(arcs: &[Arc]) -> Extent {
    let points = || arcs.iter().flat_map(|arc| &arc.points);
    let range = |coordinate: fn(&GeoPoint) -> i32| {
        let pages = points().map(|point| unsigned(coordinate(point)) >> PAGE);
        pages.fold(None, |range: Option<(u32, u32)>, page| {
            Some(range.map_or((page, page), |(from, to)| (from.min(page), to.max(page))))
        })
    };
    match (range(|point| point.lon), range(|point| point.lat)) {
        (Some((west, east)), Some((south, north))) => {
            Extent { west, south, columns: east - west + 1, rows: north - south + 1 }
        }
        _ => Extent::default(),
    }
}

/// Calls with row and column of every cell that the edge touches, perhaps of some that it only comes near to.
fn touched(a: GeoPoint, b: GeoPoint, bits: u32, mut cell: impl FnMut(u32, u32)) {
    let (low, high) = if a.lat < b.lat { (a, b) } else { (b, a) };
    let [x, y, end_x, end_y] = [low.lon, low.lat, high.lon, high.lat].map(|value| i64::from(unsigned(value)));
    let (west, east) = (x.min(end_x), x.max(end_x));
    let one_row_or_column = y >> bits == end_y >> bits || west >> bits == east >> bits;
    for row in y >> bits..=end_y >> bits {
        let (from, to) = if one_row_or_column {
            (west, east)
        } else {
            let x_at = |line: i64| x + share(line.clamp(y, end_y) - y, end_x - x, end_y - y);
            let (enters, leaves) = (x_at(row << bits), x_at((row + 1) << bits));
            // one unit more on either side, for what was rounded
            ((enters.min(leaves) - 1).max(west), (enters.max(leaves) + 1).min(east))
        };
        (from >> bits..=to >> bits).for_each(|column| cell(row as u32, column as u32));
    }
}

/// `part / whole` of `length`, rounded down.
fn share(part: i64, length: i64, whole: i64) -> i64 {
    match part.checked_mul(length) {
        // a machine divides 64 bits at once, and most edges are short
        Some(product) => product.div_euclid(whole),
        None => (i128::from(part) * i128::from(length)).div_euclid(i128::from(whole)) as i64,
    }
}

/// Enters what one is outside of, leaves what one is inside of.
fn xor(inside: &mut SmallVec<[u32; 2]>, areas: &[u32]) {
    for area in areas {
        match inside.binary_search(area) {
            Ok(position) => drop(inside.remove(position)),
            Err(position) => inside.insert(position, *area),
        }
    }
}

/// The sets in use, each kept once.
struct Sets {
    areas: u32,
    words: Vec<u32>,
    known: HashMap<SmallVec<[u32; 2]>, u32>,
}

impl Sets {
    fn reference(&mut self, areas: &[u32]) -> u32 {
        match areas {
            [] => 0,
            [area] => area + 1,
            _ => *self.known.entry(SmallVec::from_slice(areas)).or_insert_with(|| {
                let at = self.words.len() as u32;
                self.words.push(areas.len() as u32);
                self.words.extend(areas);
                self.areas + 1 + at
            }),
        }
    }

    fn areas_of(&self, set: u32) -> SmallVec<[u32; 2]> {
        match set.checked_sub(self.areas + 1) {
            None => (0..set).next_back().into_iter().collect(),
            Some(at) => {
                let words = &self.words[at as usize..];
                SmallVec::from_slice(&words[1..=words[0] as usize])
            }
        }
    }
}
