//! `zip.bin`, as `src/data/zips.rs` describes it, from GeoNames' table (tab-separated, without a head).

use std::collections::{BTreeMap, BTreeSet};

use turnout_core::{address::State, error::BoxError};
use turnout_geo::{GeoPoint, PlaceKey, data::fips_of};

use super::{fetch::Archive, writer::Writer};

/// The columns that we keep.
struct Row<'a> {
    place: &'a str,
    state: Option<State>,
    county: Option<u32>,
    /// Both in 1e-4 degrees.
    lat: i32,
    lon: i32,
    accuracy: u8,
}

/// The centers of the ZIP codes of a state.
pub(crate) fn centers(archive: &Archive) -> Result<Vec<(u32, GeoPoint)>, BoxError> {
    let table = table(archive)?;
    Ok(rows(&table)?
        .iter()
        .filter(|(_, row)| row.state.is_some())
        .map(|(zip, row)| (*zip, row.center()))
        .collect())
}

/// The places that the ZIP codes are called after.
pub(crate) fn names(archive: &Archive) -> Result<BTreeSet<PlaceKey>, BoxError> {
    let table = table(archive)?;
    let name = |row: &Row<'_>| row.state.map(|state| PlaceKey::new(state, row.place));
    Ok(rows(&table)?.values().filter_map(name).collect())
}

fn table(archive: &Archive) -> Result<String, BoxError> {
    Ok(String::from_utf8(archive.member("package/data/US.txt")?)?)
}

fn rows(table: &str) -> Result<BTreeMap<u32, Row<'_>>, BoxError> {
    let mut rows: BTreeMap<u32, Row<'_>> = BTreeMap::new();
    for line in table.lines() {
        let (zip, row) = read(line)?;
        // two ZIP codes have a second row without a state, as military mail
        if rows.get(&zip).is_none_or(|known| known.state.is_none()) {
            rows.insert(zip, row);
        }
    }
    Ok(rows)
}

impl Row<'_> {
    fn center(&self) -> GeoPoint {
        GeoPoint { lat: self.lat * 1000, lon: self.lon * 1000 }
    }
}

pub(crate) fn build(archive: &Archive) -> Result<Vec<u8>, BoxError> {
    let table = table(archive)?;
    let rows = rows(&table)?;
    let mut names = Writer::default();
    let mut places: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows.values() {
        places.entry(row.place).or_insert_with(|| {
            let at = names.0.len() as u32;
            names.byte(row.place.len() as u8);
            names.0.extend(row.place.bytes());
            at
        });
    }
    if let Some(long) = places.keys().find(|place| place.len() > 255) {
        return Err(format!("{long} is too long a name").into());
    }

    let mut writer = Writer(b"TGZ1".to_vec());
    writer.fixed(rows.len() as u32, 4);
    writer.fixed(names.0.len() as u32, 4);
    for prefix in 0..=1000 {
        writer.fixed(rows.range(..prefix * 100).count() as u32, 2);
    }
    let uncertainties = uncertainties(&rows);
    for ((zip, row), uncertainty) in rows.iter().zip(uncertainties) {
        writer.fixed(*zip, 3);
        writer.fixed(row.lat.cast_unsigned(), 3);
        writer.fixed(row.lon.cast_unsigned(), 3);
        writer.fixed(row.county.unwrap_or(u32::from(u16::MAX)), 2);
        writer.byte(row.state.map_or(0, fips_of));
        writer.fixed(places[row.place], 3);
        writer.byte(row.accuracy);
        writer.fixed(uncertainty, 2);
    }
    writer.0.extend(names.0);
    Ok(writer.0)
}

fn read(line: &str) -> Result<(u32, Row<'_>), BoxError> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [_, zip, place, _, state, _, county, _, _, lat, lon, accuracy] = columns[..] else {
        return Err(format!("twelve columns are expected: {line}").into());
    };
    let units = |degrees: &str| degrees.parse::<f64>().map(|degrees| (degrees * 1e4).round() as i32);
    let row = Row {
        place,
        state: State::parse(state),
        county: (!county.is_empty()).then(|| county.parse()).transpose()?,
        lat: units(lat)?,
        lon: units(lon)?,
        accuracy: accuracy.parse().unwrap_or_default(),
    };
    Ok((zip.parse()?, row))
}

/// Of each row the way to the third nearest center that is elsewhere, times 1.4, in 100 m, rounded up.
fn uncertainties(rows: &BTreeMap<u32, Row<'_>>) -> Vec<u32> {
    const FACTOR: f64 = 1.4;
    let mut centers: Vec<GeoPoint> = rows.values().map(Row::center).collect();
    centers.sort_unstable_by_key(|center| (center.lat, center.lon));
    centers.dedup();
    let third = |center: GeoPoint| {
        let mut nearest = [f64::INFINITY; 3];
        let mut look = |other: &GeoPoint| {
            // further north or south there are no nearer ones
            let is_over = center.distance_m(GeoPoint { lat: other.lat, ..center }) > nearest[2];
            if *other != center && !is_over {
                let further = center.distance_m(*other);
                let at = nearest.partition_point(|known| *known < further);
                nearest[at..].rotate_right(usize::from(at < 3));
                if let Some(place) = nearest.get_mut(at) {
                    *place = further;
                }
            }
            is_over
        };
        let from = centers.partition_point(|other| other.lat < center.lat);
        let _ = centers[from..].iter().any(&mut look);
        let _ = centers[..from].iter().rev().any(&mut look);
        nearest[2]
    };
    rows.values()
        .map(|row| (third(row.center()) * FACTOR / 100.0).ceil().min(f64::from(u16::MAX)) as u32)
        .collect()
}
