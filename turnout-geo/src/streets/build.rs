//! From blocks, in any order, to the index.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    RangeRow, StreetError, StreetIndex,
    key::{HouseKey, Parity, StreetKey},
    line, persist,
};
use crate::{gazetteer::Zip5, point::GeoPoint, section};

/// A side of a line, seen from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// The house numbers that one side of a block may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// Which side.
    pub side: Side,
    /// At the beginning of the line.
    pub from: HouseKey,
    /// At its end; it may be the smaller one.
    pub to: HouseKey,
    /// Which of those between.
    pub parity: Parity,
    /// The ZIP code of the houses there.
    pub zip: Zip5,
}

/// A block of a street: from one crossing to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreetEdge {
    /// What the street is called there, every name that it has: `N Main St`, `State Hwy 360`.
    pub names: BTreeSet<String>,
    /// The middle of the street.
    pub line: Vec<GeoPoint>,
    /// The house numbers along it.
    pub ranges: Vec<NumberRange>,
}

impl StreetIndex {
    /// The index of these blocks. Streets without a name that can be read, and lines of fewer than two points, are left out.
    ///
    /// # Errors
    /// [`StreetError::TooLarge`]
    pub fn build(edges: impl IntoIterator<Item = StreetEdge>) -> Result<Self, StreetError> {
        let mut streets: BTreeMap<String, Vec<RangeRow>> = BTreeMap::new();
        let mut lines = Vec::new();
        for edge in edges.into_iter().filter(|edge| edge.line.len() > 1 && !edge.ranges.is_empty()) {
            let keys: BTreeSet<String> = edge
                .names
                .iter()
                .filter_map(|name| StreetKey::of_name(name))
                .map(StreetKey::into_text)
                .collect();
            let line = lines.len();
            if !keys.is_empty() {
                line::write(&edge.line, &mut lines);
            }
            for key in keys {
                let rows = edge.ranges.iter().map(|range| RangeRow {
                    zip: range.zip.number(),
                    side: range.side,
                    parity: range.parity,
                    from: range.from,
                    to: range.to,
                    line,
                });
                streets.entry(key).or_default().extend(rows);
            }
        }
        assemble(streets, &lines)
    }
}

fn assemble(streets: BTreeMap<String, Vec<RangeRow>>, lines: &[u8]) -> Result<StreetIndex, StreetError> {
    let number = |number: usize| u32::try_from(number).map_err(|_| StreetError::TooLarge);
    let (mut begins, mut ranges, mut zips) = (vec![0], Vec::new(), BTreeSet::new());
    for (street, rows) in streets.values().enumerate() {
        let mut rows = rows.clone();
        rows.sort_by_key(|row| (row.zip, row.from.min(row.to)));
        for row in rows {
            zips.insert((row.zip, number(street)?));
            ranges.extend(row.pack().ok_or(StreetError::TooLarge)?);
        }
        begins.push(number(ranges.len() / super::ROW)?);
    }
    let keys = section::texts(streets.keys()).ok_or(StreetError::TooLarge)?;
    let zips = zips.into_iter().flat_map(|(zip, street)| [zip, street]).collect();
    persist::assemble([keys, begins, ranges, zips, section::packed(lines)])
}
