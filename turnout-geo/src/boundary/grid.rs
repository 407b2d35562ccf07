//! The words of an index: where a cell is found, what is in it, and the question which areas a point is in.
//!
//! A table covers the layer with pages of 16 x 16 cells; a cell that holds many edges is split once more into 8 x 8.
//! Each of the three is a *node*, one word, whose upper two bits say what it is:
//!
//! | | lower 30 bits |
//! |---|---|
//! | plain | the set of areas that all of the cell is in |
//! | leaf | where in the leaves: the set at the cell's center, the number of runs, and each run: the set that one enters or leaves by crossing it, the number of points, longitude and latitude of each |
//! | branch | where in the pages or blocks the smaller cells are, by row from the south, from west to east |
//!
//! A set is 0 for no area, `n + 1` for area `n` alone, and beyond that a place in the sets: how many areas, and which.

use smallvec::SmallVec;

use super::{AreaId, exact::crosses};
use crate::point::GeoPoint;

/// Bits of a page, a cell and the part of a split cell, in 1e-7 degrees: 0.84, 0.052 and 0.0066 degrees.
pub(super) const PAGE: u32 = 23;
pub(super) const CELL: u32 = 19;
pub(super) const PART: u32 = 16;

/// Numbers of words in a page and in a block.
pub(super) const PAGE_WORDS: usize = 1 << (2 * (PAGE - CELL));
pub(super) const BLOCK_WORDS: usize = 1 << (2 * (CELL - PART));

/// A node, unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Plain(u32),
    Leaf(usize),
    Branch(usize),
}

const LEAF: u32 = 1 << 30;
const BRANCH: u32 = 2 << 30;
/// What fits beside the kind.
pub(super) const LIMIT: u32 = 1 << 30;

impl Node {
    pub(super) fn unpack(word: u32) -> Option<Self> {
        let rest = word & (LIMIT - 1);
        match word & !(LIMIT - 1) {
            0 => Some(Self::Plain(rest)),
            LEAF => Some(Self::Leaf(rest as usize)),
            BRANCH => Some(Self::Branch(rest as usize)),
            _ => None,
        }
    }

    pub(super) fn pack(self) -> u32 {
        match self {
            Self::Plain(set) => set,
            Self::Leaf(at) => LEAF | at as u32,
            Self::Branch(at) => BRANCH | at as u32,
        }
    }
}

/// A coordinate counted from the far west or south, so that cells begin at multiples of their size.
pub(super) fn unsigned(coordinate: i32) -> u32 {
    coordinate.cast_unsigned() ^ (1 << 31)
}

/// The coordinate again.
pub(super) fn signed(unsigned: u32) -> i32 {
    (unsigned ^ (1 << 31)).cast_signed()
}

/// The center of the cell of `1 << bits` units that the point is in.
pub(super) fn center(point: GeoPoint, bits: u32) -> GeoPoint {
    let middle = |coordinate| signed((unsigned(coordinate) >> bits << bits) + (1 << (bits - 1)));
    GeoPoint { lon: middle(point.lon), lat: middle(point.lat) }
}

/// Where in a page of cells, or in a block of parts, the point's own is.
pub(super) fn place(point: GeoPoint, outer: u32, inner: u32) -> usize {
    let side = outer - inner;
    let position = |coordinate| (unsigned(coordinate) >> inner) as usize & ((1 << side) - 1);
    position(point.lat) << side | position(point.lon)
}

/// The table's extent, in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Extent {
    pub(super) west: u32,
    pub(super) south: u32,
    pub(super) columns: u32,
    pub(super) rows: u32,
}

impl Extent {
    /// Where in the table the point's page is.
    pub(super) fn place(self, point: GeoPoint) -> Option<usize> {
        let column = (unsigned(point.lon) >> PAGE).wrapping_sub(self.west);
        let row = (unsigned(point.lat) >> PAGE).wrapping_sub(self.south);
        (column < self.columns && row < self.rows).then(|| (row * self.columns + column) as usize)
    }
}

/// The sections that answer questions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid<'a> {
    pub(super) extent: Extent,
    pub(super) areas: u32,
    pub(super) table: &'a [u32],
    pub(super) pages: &'a [u32],
    pub(super) blocks: &'a [u32],
    pub(super) leaves: &'a [u32],
    pub(super) sets: &'a [u32],
}

/// The smallest cell around a point: what is in it, and its size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) node: Node,
    pub(super) bits: u32,
}

impl<'a> Grid<'a> {
    pub(super) fn cell(&self, point: GeoPoint) -> Cell {
        let Some(place_of_page) = self.extent.place(point) else {
            return Cell { node: Node::Plain(0), bits: PAGE };
        };
        let mut cell = Cell { node: node(self.table[place_of_page]), bits: PAGE };
        for (words, bits) in [(self.pages, CELL), (self.blocks, PART)] {
            let Node::Branch(at) = cell.node else { break };
            cell = Cell { node: node(words[at + place(point, cell.bits, bits)]), bits };
        }
        cell
    }

    /// Which areas the point is in.
    pub(super) fn at(&self, point: GeoPoint) -> SmallVec<[AreaId; 2]> {
        let cell = self.cell(point);
        match cell.node {
            Node::Plain(set) => self.set(set).collect(),
            Node::Leaf(at) => {
                let leaf = Leaf { words: &self.leaves[at..] };
                let center = center(point, cell.bits);
                let mut inside: SmallVec<[AreaId; 2]> = self.set(leaf.center_set()).collect();
                for run in leaf.runs() {
                    if run.is_crossed(point, center) {
                        self.set(run.set).for_each(|area| toggle(&mut inside, area));
                    }
                }
                inside
            }
            Node::Branch(_) => SmallVec::new(),
        }
    }

    /// The areas of a set, ascending.
    pub(super) fn set(&self, set: u32) -> impl Iterator<Item = AreaId> + 'a {
        let (alone, several) = match set.checked_sub(self.areas + 1) {
            None => ((set > 0).then(|| AreaId(set - 1)), &[][..]),
            Some(at) => {
                let words = &self.sets[at as usize..];
                (None, &words[1..=words[0] as usize])
            }
        };
        alone.into_iter().chain(several.iter().map(|area| AreaId(*area)))
    }
}

/// A node of a checked index.
fn node(word: u32) -> Node {
    Node::unpack(word).unwrap_or(Node::Plain(0))
}

fn toggle(areas: &mut SmallVec<[AreaId; 2]>, area: AreaId) {
    match areas.iter().position(|known| *known == area) {
        Some(position) => drop(areas.remove(position)),
        None => areas.push(area),
    }
}

/// A cell with borders in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf<'a> {
    /// From its first word on; what follows it may follow.
    pub(super) words: &'a [u32],
}

impl<'a> Leaf<'a> {
    pub(super) fn center_set(self) -> u32 {
        self.words[0]
    }

    pub(super) fn runs(self) -> impl Iterator<Item = Run<'a>> {
        let mut rest = &self.words[2..];
        (0..self.words[1]).map(move |_| {
            let (points, after) = rest[2..].split_at(2 * rest[1] as usize);
            let run = Run { set: rest[0], points };
            rest = after;
            run
        })
    }
}

/// A piece of an arc: the edges that may lie in a cell, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) set: u32,
    points: &'a [u32],
}

impl Run<'_> {
    pub(super) fn edges(self) -> impl Iterator<Item = (GeoPoint, GeoPoint)> {
        let point = |words: &[u32]| GeoPoint { lon: words[0].cast_signed(), lat: words[1].cast_signed() };
        self.points.windows(4).step_by(2).map(move |words| (point(&words[..2]), point(&words[2..])))
    }

    /// Whether one enters or leaves the run's areas on the way from the point to the cell's center.
    fn is_crossed(self, point: GeoPoint, center: GeoPoint) -> bool {
        self.edges().fold(false, |odd, (a, b)| odd ^ crosses(a, b, point, center))
    }
}
