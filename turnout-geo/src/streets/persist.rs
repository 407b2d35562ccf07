//! The file form of an index, which is its form in memory: words of 32 bits in the order of the machine that wrote them.
//!
//! The header: two words of magic, the version, then length and CRC-32 of each section, and the CRC-32 of the header so
//! far. The sections follow without a gap. A file is checked as a whole when it is read.

use std::{
    io::{Read, Write},
    ops::Range,
};

use zerocopy::IntoBytes;

use super::{ROW, RangeRow, StreetError, StreetIndex, line};
use crate::section::{checksum, text};

const MAGIC: [u32; 2] = [0x6f65_6774, 0x7473_6772]; // "tgeo" "rgst"
const VERSION: u32 = 1;

/// The sections, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section {
    /// The keys of streets, sorted.
    Keys,
    /// The first range of each street, and the number of ranges.
    Streets,
    /// The ranges, by street.
    Ranges,
    /// ZIP code and street, sorted.
    Zips,
    /// The bytes of lines.
    Lines,
}

pub(super) const SECTIONS: usize = 5;
/// Words before the sections.
const HEADER: usize = 3 + 2 * SECTIONS + 1;
/// No index is larger, in words: 2 GiB.
const LARGEST: usize = 1 << 29;

impl StreetIndex {
    /// Writes the file form.
    ///
    /// # Errors
    /// [`StreetError::Io`]
    pub fn write(&self, mut to: impl Write) -> Result<(), StreetError> {
        Ok(to.write_all(self.words.as_bytes())?)
    }

    /// Reads the file form into one piece of memory and checks it; nothing is built.
    ///
    /// # Errors
    /// [`StreetError::NotAnIndex`], [`StreetError::Damaged`], [`StreetError::Io`].
    pub fn read(mut from: impl Read) -> Result<Self, StreetError> {
        let mut header = [0; HEADER];
        from.read_exact(header.as_mut_bytes())?;
        if header[..2] != MAGIC || header[2] != VERSION {
            return Err(StreetError::NotAnIndex);
        }
        if header[HEADER - 1] != checksum(&header[..HEADER - 1]) {
            return Err(StreetError::Damaged("header"));
        }
        let sections = sections(&header);
        let length = sections[SECTIONS - 1].end;
        if length > LARGEST {
            return Err(StreetError::TooLarge);
        }
        let mut words = vec![0; length].into_boxed_slice();
        words[..HEADER].copy_from_slice(&header);
        from.read_exact(words[HEADER..].as_mut_bytes())?;
        if from.read(&mut [0])? != 0 {
            return Err(StreetError::Damaged("end"));
        }
        for (number, section) in sections.iter().enumerate() {
            if header[3 + 2 * number + 1] != checksum(&words[section.clone()]) {
                return Err(StreetError::Damaged("checksum"));
            }
        }
        let index = Self { words, sections };
        index.check()?;
        Ok(index)
    }

    /// Checks that everything that is pointed at is there, so that questions need no checks.
    fn check(&self) -> Result<(), StreetError> {
        let fine = |fine: bool, part| if fine { Ok(()) } else { Err(StreetError::Damaged(part)) };
        let begins = self.section(Section::Streets);
        fine(begins.first() == Some(&0) && begins.is_sorted(), "streets")?;
        fine(self.section(Section::Ranges).len().is_multiple_of(ROW), "ranges")?;
        fine(begins.last().is_some_and(|last| *last as usize == self.range_count()), "streets")?;
        let keys = self.section(Section::Keys);
        let key = |street| text(keys, street);
        fine((0..self.street_count()).all(|street| key(street).is_some()), "keys")?;
        fine((1..self.street_count()).all(|street| key(street - 1) < key(street)), "keys")?;
        let rows = self.section(Section::Ranges).as_chunks::<ROW>().0;
        let is_line = |row: &[u32; ROW]| line::read(self.lines(), RangeRow::unpack(row).line).is_some();
        fine(rows.iter().all(is_line), "lines")?;
        let zips = self.section(Section::Zips);
        let (pairs, rest) = zips.as_chunks::<2>();
        let is_street = |pair: &[u32; 2]| (pair[1] as usize) < self.street_count();
        fine(rest.is_empty() && pairs.is_sorted() && pairs.iter().all(is_street), "ZIP codes")
    }
}

/// Puts the sections together.
pub(super) fn assemble(contents: [Vec<u32>; SECTIONS]) -> Result<StreetIndex, StreetError> {
    let mut words = vec![MAGIC[0], MAGIC[1], VERSION];
    for section in &contents {
        words.extend([u32::try_from(section.len()).map_err(|_| StreetError::TooLarge)?, checksum(section)]);
    }
    words.push(checksum(&words));
    let sections = sections(&words);
    if sections[SECTIONS - 1].end > LARGEST {
        return Err(StreetError::TooLarge);
    }
    contents.iter().for_each(|section| words.extend(section));
    Ok(StreetIndex { words: words.into_boxed_slice(), sections })
}

/// Where the sections lie, from their lengths in the header.
fn sections(header: &[u32]) -> [Range<usize>; SECTIONS] {
    let mut end = HEADER;
    std::array::from_fn(|number| {
        let begin = end;
        end += header[3 + 2 * number] as usize;
        begin..end
    })
}
