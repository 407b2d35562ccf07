//! The file form of an index, which is its form in memory: words of 32 bits in the order of the machine that wrote them.
//!
//! The header: two words of magic, the version, the number of areas, the extent (west, south, columns, rows, in pages),
//! then length and CRC-32 of each section, and the CRC-32 of the header so far. The sections follow without a gap.
//! A file is checked as a whole when it is read, so that questions need no checks.

use std::io::{Read, Write};

use zerocopy::IntoBytes;

use super::{
    BoundaryError, BoundaryIndex,
    build::Built,
    grid::{BLOCK_WORDS, Extent, Grid, Node, PAGE, PAGE_WORDS},
    layer::Layer,
};
use crate::section::{self, checksum, text};

const MAGIC: [u32; 2] = [0x6f65_6774, 0x7865_646e]; // "tgeo" "ndex"
const VERSION: u32 = 1;

/// The sections, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section {
    Table,
    Pages,
    Blocks,
    Leaves,
    Sets,
    Text,
}

pub(super) const SECTIONS: usize = 6;
/// Words before the sections.
const HEADER: usize = 8 + 2 * SECTIONS + 1;
/// No index is larger, in words: 2 GiB.
const LARGEST: usize = 1 << 29;

impl BoundaryIndex {
    /// Writes the file form.
    ///
    /// # Errors
    /// [`BoundaryError::Io`]
    pub fn write(&self, mut to: impl Write) -> Result<(), BoundaryError> {
        Ok(to.write_all(self.words.as_bytes())?)
    }

    /// Reads the file form into one piece of memory and checks it; nothing is built.
    ///
    /// # Errors
    /// [`BoundaryError::NotAnIndex`], [`BoundaryError::Damaged`], [`BoundaryError::Io`].
    pub fn read(mut from: impl Read) -> Result<Self, BoundaryError> {
        let mut header = [0; HEADER];
        from.read_exact(header.as_mut_bytes())?;
        if header[..2] != MAGIC || header[2] != VERSION {
            return Err(BoundaryError::NotAnIndex);
        }
        if header[HEADER - 1] != checksum(&header[..HEADER - 1]) {
            return Err(BoundaryError::Damaged("header"));
        }
        let sections = sections(&header);
        let length = sections[SECTIONS - 1].end;
        if length > LARGEST {
            return Err(BoundaryError::TooLarge);
        }
        let mut words = vec![0; length].into_boxed_slice();
        words[..HEADER].copy_from_slice(&header);
        from.read_exact(words[HEADER..].as_mut_bytes())?;
        if from.read(&mut [0])? != 0 {
            return Err(BoundaryError::Damaged("something follows"));
        }
        for (number, section) in sections.iter().enumerate() {
            if header[8 + 2 * number + 1] != checksum(&words[section.clone()]) {
                return Err(BoundaryError::Damaged("checksum"));
            }
        }
        let extent = Extent { west: header[4], south: header[5], columns: header[6], rows: header[7] };
        let index = Self { words, sections, extent, areas: header[3] };
        check(&index.grid())?;
        check_text(index.section(Section::Text), index.areas)?;
        Ok(index)
    }
}

/// Puts the sections together.
pub(super) fn assemble(layer: &Layer, built: Built) -> Result<BoundaryIndex, BoundaryError> {
    let texts = layer.areas.iter().flat_map(|area| [&area.key, &area.name, &area.kind]);
    let text = section::texts([&layer.name, &layer.vintage].into_iter().chain(texts));
    let text = text.ok_or(BoundaryError::TooLarge)?;
    let contents = [built.table, built.pages, built.blocks, built.leaves, built.sets, text];
    let areas = layer.areas.len() as u32;
    let extent = built.extent;
    let mut words =
        vec![MAGIC[0], MAGIC[1], VERSION, areas, extent.west, extent.south, extent.columns, extent.rows];
    for section in &contents {
        words.extend([u32::try_from(section.len()).map_err(|_| BoundaryError::TooLarge)?, checksum(section)]);
    }
    words.push(checksum(&words));
    let sections = sections(&words);
    if sections[SECTIONS - 1].end > LARGEST {
        return Err(BoundaryError::TooLarge);
    }
    words.reserve_exact(sections[SECTIONS - 1].end - words.len());
    contents.iter().for_each(|section| words.extend(section));
    Ok(BoundaryIndex { words: words.into_boxed_slice(), sections, extent, areas })
}

/// Where the sections lie, from their lengths in the header.
fn sections(header: &[u32]) -> [std::ops::Range<usize>; SECTIONS] {
    let mut end = HEADER;
    std::array::from_fn(|number| {
        let begin = end;
        end += header[8 + 2 * number] as usize;
        begin..end
    })
}

fn check_text(words: &[u32], areas: u32) -> Result<(), BoundaryError> {
    let texts = 3 * areas as usize + 2;
    if (0..texts).all(|number| text(words, number).is_some()) {
        Ok(())
    } else {
        Err(BoundaryError::Damaged("text"))
    }
}

/// Checks that everything that a node, a run or a set points at is there.
fn check(grid: &Grid<'_>) -> Result<(), BoundaryError> {
    let side = 1 << (32 - PAGE);
    let Extent { west, south, columns, rows } = grid.extent;
    let fits = |from: u32, count: u32| from <= side && count <= side - from;
    if !fits(west, columns) || !fits(south, rows) || grid.table.len() != (columns * rows) as usize {
        return Err(BoundaryError::Damaged("extent"));
    }
    check_nodes(grid, grid.table, Some((grid.pages.len(), PAGE_WORDS)))?;
    check_nodes(grid, grid.pages, Some((grid.blocks.len(), BLOCK_WORDS)))?;
    check_nodes(grid, grid.blocks, None)
}

/// Checks nodes whose branches, where they may have any, are so many words among so many.
fn check_nodes(
    grid: &Grid<'_>,
    nodes: &[u32],
    branches: Option<(usize, usize)>,
) -> Result<(), BoundaryError> {
    for word in nodes {
        let fine = match Node::unpack(*word) {
            Some(Node::Plain(set)) => is_set(grid, set),
            Some(Node::Leaf(at)) => is_leaf(grid, at).is_some(),
            Some(Node::Branch(at)) => branches.is_some_and(|(length, words)| at + words <= length),
            None => false,
        };
        if !fine {
            return Err(BoundaryError::Damaged("cells"));
        }
    }
    Ok(())
}

fn is_set(grid: &Grid<'_>, set: u32) -> bool {
    let Some(at) = set.checked_sub(grid.areas + 1) else { return true };
    let areas =
        grid.sets.get(at as usize).and_then(|count| grid.sets[at as usize + 1..].get(..*count as usize));
    areas.is_some_and(|areas| areas.iter().all(|area| *area < grid.areas))
}

/// A leaf is one whose runs all are: at least one point each, of a set that there is.
fn is_leaf(grid: &Grid<'_>, at: usize) -> Option<()> {
    let (head, mut rest) = grid.leaves.get(at..)?.split_at_checked(2)?;
    for _ in 0..head[1] {
        let (run, after) = rest.split_at_checked(2)?;
        let words = (run[1] as usize).checked_mul(2)?;
        rest = after.split_at_checked(words)?.1;
        is_set(grid, run[0]).then_some(())?;
    }
    is_set(grid, head[0]).then_some(())
}
