//! `zip_county.bin`, as `src/data/zip_counties.rs` describes it, from the crosswalk of ZIP codes to Census tracts.

use std::collections::BTreeMap;

use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::RowAccessor,
};
use turnout_core::error::BoxError;
use turnout_geo::data::CountyGeoid;

use super::{fetch::Archive, writer::Writer};

/// The crosswalk still has the numbers of two counties that were renamed in 2015.
const RENAMED: [(&str, &str); 2] = [("46113", "46102"), ("02270", "02158")];

/// Parts of a ZIP code's addresses.
#[derive(Default)]
struct Shares {
    residential: f64,
    all: f64,
}

pub(crate) fn build(archive: &Archive) -> Result<Vec<u8>, BoxError> {
    let file = archive.member("ziptool/resources/zip_tract_122021.parquet")?;
    let mut zips: BTreeMap<u32, BTreeMap<CountyGeoid, Shares>> = BTreeMap::new();
    for row in SerializedFileReader::new(bytes::Bytes::from(file))?.get_row_iter(None)? {
        // zip, tract, city, state, residential, business, other, all
        let row = row?;
        let county = row.get_string(1)?.get(..5).ok_or("a tract has eleven digits")?;
        let county = RENAMED.iter().find(|(old, _)| *old == county).map_or(county, |(_, new)| new);
        let county = CountyGeoid::parse(county).ok_or("a tract begins with its county")?;
        let shares = zips.entry(row.get_string(0)?.parse()?).or_default().entry(county).or_default();
        shares.residential += row.get_double(4)?;
        shares.all += row.get_double(7)?;
    }

    let mut writer = Writer(b"TGH1".to_vec());
    for (zip, counties) in &zips {
        let has_residents = counties.values().any(|shares| shares.residential > 0.0);
        let share = |shares: &Shares| if has_residents { shares.residential } else { shares.all };
        let mut counties: Vec<(u32, CountyGeoid)> = counties
            .iter()
            .map(|(county, shares)| ((share(shares) * f64::from(u16::MAX)).round() as u32, *county))
            .filter(|(share, _)| *share > 0)
            .collect();
        counties.sort_by_key(|(share, county)| (u32::MAX - share, *county));
        for (share, county) in counties {
            writer.fixed(*zip, 3);
            writer.fixed(county.number(), 3);
            writer.fixed(share.min(u32::from(u16::MAX)), 2);
        }
    }
    Ok(writer.0)
}
