//! The ZIP codes: place, state, county and center of each.
//!
//! `zip.bin` is read in place: the magic `TGZ1`; the numbers of rows and of bytes of names, of 4 bytes each; for each of
//! the first three digits the number of rows before, of 2 bytes, 1001 of them; 18 bytes a row; the names, each a length
//! and its bytes. All of it is little-endian. A row: ZIP (3 bytes), latitude and longitude in 1e-4 degrees (3 each), number
//! of the county in the state (2, 65535 for none), FIPS code of the state (1, 0 for none), place of its name (3), accuracy (1),
//! uncertainty in 100 m (2).

use turnout_core::address::State;

use super::geoid::{CountyGeoid, state_of_fips};
use crate::point::GeoPoint;

static FILE: &[u8] = include_bytes!("../../data/zip.bin");

const HEAD: usize = 12;
const PREFIXES: usize = 1001;
const ROW: usize = 18;

/// What is known of a ZIP code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZipEntry {
    /// The five digits, as a number.
    pub zip: u32,
    /// The place that most of its mail is addressed to.
    pub place: &'static str,
    /// The state; nothing for military mail (`APO AE`) and for the Marshall Islands.
    pub state: Option<State>,
    /// The county that the source gives, in the source's vintage: Connecticut's are its planning regions of 2022.
    pub county: Option<CountyGeoid>,
    /// The center.
    pub point: GeoPoint,
    /// How good the center is, in the source's words: 1 an estimate, 4 a place's center, 6 the center of addresses; 0 unknown.
    pub accuracy: u8,
    /// Meters from the center within which nearly all of its addresses are to be expected: an estimate, 1.4 times the way
    /// to the third nearest center of other ZIP codes. Of 1,600 real addresses 95 % are within it.
    pub uncertainty_m: u32,
}

/// The ZIP codes; get them from [`zips()`].
#[derive(Debug, Clone, Copy)]
pub struct Zips {
    prefixes: &'static [u8],
    rows: &'static [[u8; ROW]],
    names: &'static [u8],
}

/// The ZIP codes that come with the crate, from GeoNames (CC BY 4.0).
///
/// ```
/// use turnout_core::address::State;
/// use turnout_geo::data::zips;
///
/// let entry = zips().get(5478).unwrap();
/// assert_eq!((entry.place, entry.state), ("Saint Albans", Some(State::Vt)));
/// assert!(zips().get(0).is_none());
/// ```
#[must_use]
pub fn zips() -> Zips {
    let (prefixes, rest) = FILE[HEAD..].split_at(2 * PREFIXES);
    let (rows, names) = rest.split_at(ROW * number(&FILE[4..8]) as usize);
    Zips { prefixes, rows: rows.as_chunks().0, names }
}

impl Zips {
    /// What is known of a ZIP code.
    #[must_use]
    pub fn get(&self, zip: u32) -> Option<ZipEntry> {
        let prefix = usize::try_from(zip / 100).ok().filter(|prefix| prefix + 1 < PREFIXES)?;
        let before = |prefix: usize| number(&self.prefixes[2 * prefix..2 * prefix + 2]) as usize;
        let rows = &self.rows[before(prefix)..before(prefix + 1)];
        let at = rows.binary_search_by_key(&zip, |row| number(&row[..3])).ok()?;
        Some(self.entry(&rows[at]))
    }

    /// All of them, ascending.
    pub fn iter(self) -> impl ExactSizeIterator<Item = ZipEntry> {
        self.rows.iter().map(move |row| self.entry(row))
    }

    fn entry(&self, row: &[u8; ROW]) -> ZipEntry {
        let degrees = |bytes: &[u8]| (number(bytes) << 8).cast_signed() >> 8;
        let state = state_of_fips(row[11]);
        let name = &self.names[number(&row[12..15]) as usize..];
        ZipEntry {
            zip: number(&row[..3]),
            place: std::str::from_utf8(&name[1..=name[0] as usize]).unwrap_or_default(),
            state,
            county: state.and_then(|state| CountyGeoid::new(state, number(&row[9..11]) as u16)),
            // from 1e-4 degrees
            point: GeoPoint { lat: degrees(&row[3..6]) * 1000, lon: degrees(&row[6..9]) * 1000 },
            accuracy: row[15],
            uncertainty_m: number(&row[16..]) * 100,
        }
    }
}

/// A little-endian number of at most four bytes.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
