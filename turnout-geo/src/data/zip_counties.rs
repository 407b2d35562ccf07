//! In which counties a ZIP code's addresses lie.
//!
//! `zip_county.bin` is read in place: the magic `TGH1`, then 8 bytes for each ZIP code and county, little-endian: ZIP (3
//! bytes), county (3), share in 1/65535 (2); by ZIP, the largest share first.

use super::{geoid::CountyGeoid, zips::number};

static FILE: &[u8] = include_bytes!("../../data/zip_county.bin");

const HEAD: usize = 4;
const ROW: usize = 8;

/// A county and its part of a ZIP code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountyShare {
    /// The county, in the vintage of [`super::counties()`].
    pub county: CountyGeoid,
    /// Its share of the residential addresses, at most 1; of all addresses where nobody lives.
    pub share: f64,
}

/// The counties that a ZIP code's addresses lie in, the largest share first; empty for ZIP codes that are not known.
///
/// From the crosswalk that the US Department of Housing and Urban Development makes of the Postal Service's addresses.
///
/// ```
/// use turnout_geo::data::zip_counties;
///
/// // Hudson, Wisconsin, is all in St. Croix County; Brentwood, Tennessee, is a quarter Nashville's
/// assert_eq!(zip_counties(54016).count(), 1);
/// let brentwood: Vec<_> = zip_counties(37027).collect();
/// assert_eq!((brentwood[0].county.to_string(), (brentwood[1].share * 100.0) as u32), ("47187".to_owned(), 25));
/// ```
pub fn zip_counties(zip: u32) -> impl Iterator<Item = CountyShare> {
    let rows: &'static [[u8; ROW]] = FILE[HEAD..].as_chunks().0;
    let first = rows.partition_point(|row| number(&row[..3]) < zip);
    rows[first..].iter().take_while(move |row| number(&row[..3]) == zip).filter_map(|row| {
        let county = CountyGeoid::from_number(number(&row[3..6]))?;
        Some(CountyShare { county, share: f64::from(number(&row[6..])) / f64::from(u16::MAX) })
    })
}
