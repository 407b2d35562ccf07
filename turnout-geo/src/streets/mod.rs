//! Streets with the house numbers along them: where an address is, offline.
//!
//! The sources are the address ranges of the Census (TIGER ADDRFEAT) and files like them: a line for each block, and for
//! each of its sides the first and the last number that a house there may have. A [`StreetIndex`] has those of a state in
//! one piece of memory (`persist.rs`), is built from [`StreetEdge`]s (`build.rs`, which `import::streets` reads), and
//! finds the place of a number between the numbers of the ends (`find.rs`). [`Streets`] are those of several states, as a
//! geocoder.

mod build;
mod find;
mod geocoder;
mod key;
mod line;
mod persist;

use std::ops::Range;

use zerocopy::IntoBytes;

pub use build::{NumberRange, Side, StreetEdge};
pub use find::StreetPlace;
pub use geocoder::Streets;
pub use key::{HouseKey, Parity};

use crate::{gazetteer::Zip5, section};

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreetError {
    /// There are more streets than an index can have.
    #[error("too many streets for one index: build one per state")]
    TooLarge,
    /// It is no index, or one of another version.
    #[error("not an index of streets of this version: build it again")]
    NotAnIndex,
    /// The index was damaged on its way.
    #[error("a damaged index of streets, in its {0}: build it again")]
    Damaged(&'static str),
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// The streets of a state with their house numbers.
#[derive(Debug)]
pub struct StreetIndex {
    words: Box<[u32]>,
    sections: [Range<usize>; persist::SECTIONS],
}

/// Words of a [`RangeRow`].
const ROW: usize = 4;

/// A side of a block, as it lies in the index: ZIP code and flags, the number at the beginning and at the end of the
/// line, and where its line begins among the bytes of lines.
#[derive(Debug, Clone, Copy)]
struct RangeRow {
    zip: u32,
    side: Side,
    parity: Parity,
    from: HouseKey,
    to: HouseKey,
    line: usize,
}

/// Bits of a row's first word, above the 17 of the ZIP code.
const RIGHT: u32 = 1 << 31;
const ODD: u32 = 1 << 30;
const EVEN: u32 = 1 << 29;

impl RangeRow {
    fn pack(self) -> Option<[u32; ROW]> {
        let side = if self.side == Side::Right { RIGHT } else { 0 };
        let parity = match self.parity {
            Parity::Odd => ODD,
            Parity::Even => EVEN,
            Parity::Both => 0,
        };
        Some([self.zip | side | parity, self.from.number(), self.to.number(), u32::try_from(self.line).ok()?])
    }

    fn unpack(words: &[u32; ROW]) -> Self {
        let parity = match words[0] & (ODD | EVEN) {
            ODD => Parity::Odd,
            EVEN => Parity::Even,
            _ => Parity::Both,
        };
        Self {
            zip: words[0] & 0x1_ffff,
            side: if words[0] & RIGHT == 0 { Side::Left } else { Side::Right },
            parity,
            from: HouseKey::of_number(words[1]),
            to: HouseKey::of_number(words[2]),
            line: words[3] as usize,
        }
    }

    fn has(&self, house: HouseKey) -> bool {
        self.parity.has(house) && house.is_between(self.from, self.to)
    }
}

impl StreetIndex {
    /// How many streets there are; one that has houses in several towns is one.
    #[must_use]
    pub fn street_count(&self) -> usize {
        self.section(persist::Section::Streets).len() - 1
    }

    /// How many sides of blocks there are.
    #[must_use]
    pub fn range_count(&self) -> usize {
        self.section(persist::Section::Ranges).len() / ROW
    }

    /// Bytes of memory.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of_val(&*self.words)
    }

    fn section(&self, section: persist::Section) -> &[u32] {
        &self.words[self.sections[section as usize].clone()]
    }

    /// The key of a street, by its position in the order of keys.
    fn key(&self, street: usize) -> &str {
        section::text(self.section(persist::Section::Keys), street).unwrap_or_default()
    }

    /// The sides of a street's blocks, by ZIP code.
    fn ranges(&self, street: usize) -> impl Iterator<Item = RangeRow> + use<'_> {
        let streets = self.section(persist::Section::Streets);
        let (from, to) = (streets[street] as usize, streets[street + 1] as usize);
        let rows = self.section(persist::Section::Ranges).as_chunks::<ROW>().0;
        rows[from..to].iter().map(RangeRow::unpack)
    }

    /// The streets that have houses in a ZIP code.
    fn streets_in(&self, zip: Zip5) -> impl Iterator<Item = usize> + use<'_> {
        let pairs = self.section(persist::Section::Zips).as_chunks::<2>().0;
        let from = pairs.partition_point(|pair| pair[0] < zip.number());
        pairs[from..].iter().take_while(move |pair| pair[0] == zip.number()).map(|pair| pair[1] as usize)
    }

    fn lines(&self) -> &[u8] {
        self.section(persist::Section::Lines).as_bytes()
    }
}
