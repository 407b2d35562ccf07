//! `county.bin`, as `src/data/counties.rs` describes it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

use turnout_core::error::BoxError;
use turnout_geo::{
    GeoPoint,
    boundary::{Arc, Area, BoundaryIndex, Layer},
    import::{Attributes, Projection, shapefile},
};

use super::{fetch::Archive, writer::Writer};

/// The Census' codes of legal/statistical area descriptions, as far as counties have them.
const KINDS: [(&str, &str); 11] = [
    ("00", ""),
    ("03", "City and Borough"),
    ("04", "Borough"),
    ("05", "Census Area"),
    ("06", "County"),
    ("07", "District"),
    ("10", "Island"),
    ("12", "Municipality"),
    ("13", "Municipio"),
    ("15", "Parish"),
    ("25", "city"),
];

/// The layer, by number, in 1e-6 degrees.
pub(crate) fn read(archive: &Archive) -> Result<Layer, BoxError> {
    let member =
        |kind: &str| archive.member(&format!("_plotly_geo/package_data/cb_2016_us_county_500k.{kind}"));
    let (shp, dbf) = (Cursor::new(member("shp")?), Cursor::new(member("dbf")?));
    let mut shapes = shapefile::read(shp, dbf, Attributes::CENSUS, &Projection::DEGREES)?;
    shapes.sort_by(|one, other| one.area.key.cmp(&other.area.key));
    for point in shapes.iter_mut().flat_map(|shape| &mut shape.rings).flatten() {
        // the source has 1e-6 degrees, but for what its software left behind
        *point = GeoPoint { lon: to_tens(point.lon), lat: to_tens(point.lat) };
    }
    Ok(Layer::from_shapes("county", &archive.vintage, shapes))
}

pub(crate) fn build(layer: &Layer) -> Result<Vec<u8>, BoxError> {
    let mut states: BTreeMap<u8, Vec<&Area>> = BTreeMap::new();
    for area in &layer.areas {
        states.entry(area.key[..2].parse()?).or_default().push(area);
    }
    let state_of_area: Vec<u8> =
        (0..).zip(states.values()).flat_map(|(state, areas)| areas.iter().map(move |_| state)).collect();
    let mut pieces: BTreeMap<[u8; 2], Vec<&Arc>> = BTreeMap::new();
    for arc in &layer.arcs {
        let states = match arc.areas[..] {
            [one] => [one, one],
            [one, other] => [one, other],
            _ => return Err("counties overlap".into()),
        };
        pieces.entry(states.map(|area| state_of_area[area as usize])).or_default().push(arc);
    }

    let mut writer = Writer(b"TGC1".to_vec());
    writer.text(&layer.vintage);
    writer.number(KINDS.len() as u32);
    KINDS.iter().for_each(|(_, kind)| writer.text(kind));
    write_states(&mut writer, &states)?;
    write_pages(&mut writer, layer, &state_of_area, states.len() as u8)?;
    let written: Vec<([u8; 2], Vec<u8>)> =
        pieces.into_iter().map(|(states, arcs)| (states, write_arcs(&arcs))).collect();
    writer.number(written.len() as u32);
    for (states, bytes) in &written {
        states.iter().for_each(|state| writer.byte(*state));
        writer.number(bytes.len() as u32);
    }
    written.iter().for_each(|(_, bytes)| writer.0.extend(bytes));
    Ok(writer.0)
}

/// The nearest multiple of ten.
fn to_tens(units: i32) -> i32 {
    (units + 5).div_euclid(10) * 10
}

fn write_states(writer: &mut Writer, states: &BTreeMap<u8, Vec<&Area>>) -> Result<(), BoxError> {
    writer.number(states.len() as u32);
    for (fips, counties) in states {
        writer.byte(*fips);
        writer.number(counties.len() as u32);
        let mut last = 0;
        for county in counties {
            let code = county.key[2..].parse::<u32>()?;
            writer.number(code - last);
            last = code;
            writer.text(&county.name);
            let kind =
                KINDS.iter().position(|(lsad, _)| *lsad == county.kind).ok_or("an unknown kind of county")?;
            writer.byte(kind as u8);
        }
    }
    Ok(())
}

/// Which states each page touches: a page is a state's if the disc around one of 256 cells of it touches the state.
fn write_pages(writer: &mut Writer, layer: &Layer, state_of_area: &[u8], states: u8) -> Result<(), BoxError> {
    const PAGE: u32 = 23;
    const CELL: u32 = 19;
    /// Half the diagonal of a cell at the equator, and a little more.
    const REACH_M: f64 = 4_200.0;
    let mut pages: BTreeSet<(u32, u8)> = BTreeSet::new();
    for state in 0..states {
        let mut of_state = layer.clone();
        of_state
            .arcs
            .iter_mut()
            .for_each(|arc| arc.areas.retain(|area| state_of_area[*area as usize] == state));
        of_state.arcs.retain(|arc| !arc.areas.is_empty());
        let index = BoundaryIndex::build(&of_state)?;
        let points = || of_state.arcs.iter().flat_map(|arc| &arc.points);
        let pages_of = |coordinate: fn(&GeoPoint) -> i32| {
            points().map(move |point| unsigned(coordinate(point)) >> PAGE).collect::<BTreeSet<u32>>()
        };
        let columns = pages_of(|point| point.lon);
        for row in pages_of(|point| point.lat) {
            for column in &columns {
                let middle =
                    |page: u32, cell: u32| signed((page << PAGE) + (cell << CELL) + (1 << (CELL - 1)));
                let mut cells = (0..16).flat_map(|y| (0..16).map(move |x| (x, y)));
                if cells.any(|(x, y)| {
                    !index
                        .within(GeoPoint { lon: middle(*column, x), lat: middle(row, y) }, REACH_M)
                        .is_empty()
                }) {
                    pages.insert((row << 9 | column, state));
                }
            }
        }
    }
    writer.number(pages.len() as u32);
    let mut last = 0;
    for (page, state) in pages {
        writer.number(page - last);
        last = page;
        writer.byte(state);
    }
    Ok(())
}

/// A coordinate counted from the far west or south, and back.
fn unsigned(coordinate: i32) -> u32 {
    coordinate.cast_unsigned() ^ 1 << 31
}

fn signed(unsigned: u32) -> i32 {
    (unsigned ^ 1 << 31).cast_signed()
}

fn write_arcs(arcs: &[&Arc]) -> Vec<u8> {
    let mut writer = Writer::default();
    for arc in arcs {
        writer.number(arc.areas[0]);
        writer.number(arc.areas.get(1).map_or(0, |other| other - arc.areas[0]));
        writer.number(arc.points.len() as u32);
        let mut last = GeoPoint { lon: 0, lat: 0 };
        for point in &arc.points {
            writer.signed((point.lon - last.lon) / 10);
            writer.signed((point.lat - last.lat) / 10);
            last = *point;
        }
    }
    writer.0
}
