//! Any bytes as streets: a shapefile, GeoJSON, or the file form of an index; what can be read can be indexed and asked.
#![no_main]

mod forge;

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use turnout_geo::{
    data::zips,
    import::{
        Projection,
        streets::{RangeAttributes, read_geojson, read_shapefile},
    },
    parse,
    streets::StreetIndex,
};

const ASKED: [&str; 6] = [
    "52A Main St, Brookline MA 02446",
    "101 N Main Street, Brookline MA",
    "71-01 Mian St, 02446",
    "12 County Road 43, 02446",
    "W512 9th Ave, Brookline MA 02446",
    "PO Box 1, Brookline MA 02446",
];

// The first byte says which; a shapefile is the length of its .shp, 2 bytes, that, and its .dbf. An index is its
// sections.
fuzz_target!(|data: &[u8]| {
    let Some((format, rest)) = data.split_first() else { return };
    let edges = match format % 3 {
        0 => read_geojson(rest, RangeAttributes::TIGER, &Projection::DEGREES),
        1 => {
            let Some((length, rest)) = rest.split_first_chunk() else { return };
            let (shp, dbf) = rest.split_at(rest.len().min(usize::from(u16::from_le_bytes(*length))));
            read_shapefile(Cursor::new(shp), Cursor::new(dbf), RangeAttributes::TIGER, &Projection::DEGREES)
        }
        _ => {
            let Some(file) = forge::file::<4>([0x6f65_6774, 0x7473_6772], &[], rest) else { return };
            return StreetIndex::read(&file[..]).iter().for_each(ask);
        }
    };
    let Ok(edges) = edges else { return };
    let index = StreetIndex::build(edges).expect("so few streets can be indexed");
    ask(&index);
    let mut file = Vec::new();
    index.write(&mut file).expect("memory takes it");
    let again = StreetIndex::read(&file[..]).expect("what was written is read again");
    assert_eq!(again.range_count(), index.range_count());
});

fn ask(index: &StreetIndex) {
    for address in ASKED {
        for place in index.find(&parse(address, &zips())) {
            assert!(place.uncertainty_m.is_finite());
        }
    }
}
