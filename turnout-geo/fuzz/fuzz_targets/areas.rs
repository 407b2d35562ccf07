//! Any bytes as a shapefile, GeoJSON, WKB or the file form of an index; what can be read can be indexed and asked.
#![no_main]

mod forge;

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use turnout_geo::{
    GeoPoint,
    boundary::{BoundaryIndex, Layer, Shape},
    import::{Attributes, Projection, geojson, shapefile, wkb},
};

const NAMED: Attributes<'static> = Attributes { key: "GEOID", name: "NAME", kind: None };

// The first byte says which; a shapefile is the length of its .shp, 2 bytes, that, and its .dbf. An index is its number
// of areas and its extent, a byte each, and its sections.
fuzz_target!(|data: &[u8]| {
    let Some((format, rest)) = data.split_first() else { return };
    let shapes = match format % 4 {
        0 => geojson::read(rest, NAMED, &Projection::DEGREES),
        1 => wkb::read(rest, &Projection::DEGREES).map(|rings| vec![Shape { rings, ..Shape::default() }]),
        2 => {
            let Some((length, rest)) = rest.split_first_chunk() else { return };
            let (shp, dbf) = rest.split_at(rest.len().min(usize::from(u16::from_le_bytes(*length))));
            shapefile::read(Cursor::new(shp), Cursor::new(dbf), NAMED, &Projection::DEGREES)
        }
        _ => {
            let Some((head, rest)) = rest.split_first_chunk::<5>() else { return };
            // pages from -47 degrees on, as far as points are asked for
            let [areas, west, south, columns, rows] = head.map(u32::from);
            let head = [areas, 200 + west, 200 + south, columns, rows];
            let Some(file) = forge::file::<5>([0x6f65_6774, 0x7865_646e], &head, rest) else { return };
            return BoundaryIndex::read(&file[..]).iter().for_each(ask);
        }
    };
    if let Ok(shapes) = shapes {
        // a layer of the whole earth takes a page for each 0.84 degrees: too long for a fuzzer
        let is_small = |point: &GeoPoint| point.lon.abs() < 100_000_000 && point.lat.abs() < 100_000_000;
        if shapes.iter().flat_map(|shape| &shape.rings).flatten().all(is_small) {
            ask(&BoundaryIndex::build(&Layer::from_shapes("fuzz", "", shapes))
                .expect("points on earth can be indexed"));
        }
    }
});

fn ask(index: &BoundaryIndex) {
    for step in -20..20 {
        let point = GeoPoint { lon: step * 7_000_001, lat: step * 5_000_003 };
        index.at(point).into_iter().for_each(|area| assert!(index.area(area).is_some()));
        let near = index.within(point, 2_000.0);
        assert!(near.iter().all(|near| index.area(near.area).is_some()));
    }
}
