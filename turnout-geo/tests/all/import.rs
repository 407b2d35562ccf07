//! The readers of areas: on real files, and on 20,000 damaged ones of each format.

use std::io::Cursor;

use proj4rs::{Proj, transform::transform};
use shapefile::{
    ShapeWriter,
    dbase::{FieldValue, Record, TableWriterBuilder},
    record::polygon::PolygonRing,
};
use turnout_geo::{
    GeoPoint,
    boundary::{BoundaryIndex, Layer, Shape},
    import::{Attributes, ImportError, Projection, geojson, shapefile as shp, wkb},
};

use crate::support::{self, Random};

const NAMED: Attributes<'static> = Attributes { key: "GEOID", name: "NAME", kind: None };
/// Those of the file of towns.
const TOWN: Attributes<'static> = Attributes { key: "geoid", name: "name", kind: None };

fn towns() -> Vec<Shape> {
    let file = support::read("data/ma_towns_census_75m.geojson");
    geojson::read(&file[..], TOWN, &Projection::DEGREES).unwrap()
}

/// Some small towns.
fn few_towns() -> Vec<Shape> {
    let mut towns = towns();
    towns.retain(|town| town.rings.iter().map(Vec::len).sum::<usize>() < 60);
    towns.truncate(4);
    towns
}

/// A shapefile of these shapes, its coordinates given by the function.
fn written(shapes: &[Shape], project: impl Fn(GeoPoint) -> (f64, f64)) -> (Vec<u8>, Vec<u8>) {
    let (mut shp, mut dbf) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    let mut shapes_to = ShapeWriter::new(&mut shp);
    let mut records = TableWriterBuilder::new()
        .add_character_field("GEOID".try_into().unwrap(), 12)
        .add_character_field("NAME".try_into().unwrap(), 40)
        .build_with_dest(&mut dbf);
    for shape in shapes {
        let rings = shape.rings.iter().map(|ring| {
            let point = |point: &GeoPoint| {
                let (x, y) = project(*point);
                shapefile::Point::new(x, y)
            };
            PolygonRing::Outer(ring.iter().map(point).collect())
        });
        shapes_to.write_shape(&shapefile::Polygon::with_rings(rings.collect())).unwrap();
        let mut record = Record::default();
        record.insert("GEOID".to_owned(), FieldValue::Character(Some(shape.area.key.clone())));
        record.insert("NAME".to_owned(), FieldValue::Character(Some(shape.area.name.clone())));
        records.write_record(&record).unwrap();
    }
    drop(shapes_to);
    drop(records);
    (shp.into_inner(), dbf.into_inner())
}

/// A multipolygon of these rings, each a polygon of its own.
fn to_wkb(rings: &[Vec<GeoPoint>], big_endian: bool) -> Vec<u8> {
    let count = |number: u32| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let number = |number: f64| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
    let head = |kind: u32| [u8::from(!big_endian)].into_iter().chain(count(kind));
    let mut bytes: Vec<u8> = head(6).chain(count(rings.len() as u32)).collect();
    for ring in rings {
        bytes.extend(head(3).chain(count(1)).chain(count(ring.len() as u32)));
        bytes.extend(
            ring.iter().flat_map(|point| [point.lon_degrees(), point.lat_degrees()]).flat_map(number),
        );
    }
    bytes
}

fn degrees(point: GeoPoint) -> (f64, f64) {
    (point.lon_degrees(), point.lat_degrees())
}

#[test]
fn real_files_are_read() {
    let towns = towns();
    assert_eq!(towns.len(), 351);
    let index = BoundaryIndex::build(&Layer::from_shapes("town", "", towns)).unwrap();
    let town = |lat, lon| {
        index
            .at(GeoPoint::from_degrees(lat, lon).unwrap())
            .first()
            .map(|town| index.area(*town).unwrap().name)
    };
    assert_eq!(town(42.3736, -71.1097), Some("Cambridge"));
    assert_eq!(town(41.0, -71.0), None);

    let mut alaska = Vec::new();
    let file = support::read("data/ak_house_districts_2013plan.geojson.gz");
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&file[..]), &mut alaska).unwrap();
    let attributes = Attributes { key: "name", name: "ocdid", kind: Some("type") };
    let districts = geojson::read(&alaska[..], attributes, &Projection::DEGREES).unwrap();
    assert_eq!(districts.len(), 40);
    let index = BoundaryIndex::build(&Layer::from_shapes("district", "2013", districts)).unwrap();
    // Juneau
    let juneau = index.at(GeoPoint::from_degrees(58.3019, -134.4197).unwrap());
    assert_eq!(juneau.iter().map(|area| index.area(*area).unwrap().key).collect::<Vec<_>>(), ["33"]);

    let [dbf, shp] = ["dbf", "shp"]
        .map(|kind| Cursor::new(support::read(&format!("data/counties_500k/cb_2016_us_state_500k.{kind}"))));
    let states = shp::read(shp, dbf, Attributes::CENSUS, &Projection::DEGREES).unwrap();
    assert_eq!(states.len(), 56);
}

#[test]
fn lines_are_no_areas() {
    let line = String::from_utf8(support::read("data/al_bessemer_cutoff.geojson")).unwrap();
    let lines = format!("{{\"type\": \"FeatureCollection\", \"features\": [{line}]}}");
    let attributes = Attributes { key: "name", name: "name", kind: None };
    let read = |text: &str| geojson::read(text.as_bytes(), attributes, &Projection::DEGREES);
    assert!(matches!(read(&lines), Err(ImportError::NotAnArea)));
    for no_collection in [&line, "{}", "[]", ""] {
        assert!(matches!(read(no_collection), Err(ImportError::Malformed { .. })), "{no_collection}");
    }
    let [dbf, shp] = ["dbf", "shp"].map(|kind| {
        Cursor::new(support::read(&format!("data/tiger_addrfeat/tl_2021_30059_addrfeat.{kind}")))
    });
    assert!(matches!(
        shp::read(shp, dbf, Attributes::CENSUS, &Projection::DEGREES),
        Err(ImportError::NotAnArea)
    ));
    assert!(matches!(wkb::read(&[1, 1, 0, 0, 0], &Projection::DEGREES), Err(ImportError::NotAnArea)));
}

#[test]
fn an_attribute_that_is_not_there_is_named() {
    let file = support::read("data/ma_towns_census_75m.geojson");
    let attributes = Attributes { key: "TOWN_ID", ..TOWN };
    let error = geojson::read(&file[..], attributes, &Projection::DEGREES).unwrap_err();
    assert_eq!(error.to_string(), "there is no attribute TOWN_ID");
}

#[test]
fn each_format_gives_the_same_shapes() {
    let towns = few_towns();
    assert_eq!(towns.len(), 4);
    let (shp, dbf) = written(&towns, degrees);
    let mut read = shp::read(Cursor::new(shp), Cursor::new(dbf), NAMED, &Projection::DEGREES).unwrap();
    // a shapefile turns its rings
    let layer =
        |shapes: &[Shape]| BoundaryIndex::build(&Layer::from_shapes("town", "", shapes.to_vec())).unwrap();
    let (index, again) = (layer(&towns), layer(&read));
    let mut random = Random(17);
    for town in &towns {
        let corner = town.rings[0][0];
        for _ in 0..1_000 {
            let point = random.around(corner, 200_000);
            assert_eq!(index.at(point), again.at(point));
        }
    }
    for (one, other) in read.iter_mut().zip(&towns) {
        assert_eq!(one.area, other.area);
        for big_endian in [false, true] {
            assert_eq!(
                wkb::read(&to_wkb(&other.rings, big_endian), &Projection::DEGREES).unwrap(),
                other.rings
            );
        }
    }
}

/// A table as PostGIS writes it: geometries with an SRID, in hexadecimal digits.
fn table(shapes: &[Shape], srid: u32, rings: impl Fn(&Shape) -> Vec<u8>) -> String {
    let row = |shape: &Shape| {
        let wkb = rings(shape);
        // a multipolygon that has an SRID
        let with_srid = [&[1][..], &0x2000_0006_u32.to_le_bytes(), &srid.to_le_bytes(), &wkb[5..]].concat();
        let digits = hex::encode_upper(with_srid);
        format!("{},\"{}\",{digits}\n", shape.area.key, shape.area.name)
    };
    format!("geoid,NAME,geom\n{}", shapes.iter().map(row).collect::<String>())
}

#[test]
fn a_table_of_postgis_gives_the_same_shapes() {
    let towns = few_towns();
    let text = table(&towns, 4326, |town| to_wkb(&town.rings, false));
    for projection in [None, Some(&Projection::DEGREES)] {
        assert_eq!(wkb::read_table(text.as_bytes(), NAMED, projection).unwrap(), towns);
    }
    let without = text.replace("geom", "geography");
    let missing = |table: &str| wkb::read_table(table.as_bytes(), NAMED, None).unwrap_err().to_string();
    assert!(missing(&without).starts_with("there is no attribute geom, nor wkb_geometry"));
    assert_eq!(missing(&text.replace("geoid", "gid")), "there is no attribute GEOID");

    let empty = "GEOID,name,the_geom\n1,nowhere,\n2,elsewhere,\\x\n";
    assert_eq!(wkb::read_table(empty.as_bytes(), NAMED, None).unwrap(), []);
    let bad = format!("{empty}3,here,0102\n");
    let error = wkb::read_table(bad.as_bytes(), NAMED, None).unwrap_err();
    assert_eq!(error.to_string(), "row 4 of the table");
    assert!(
        matches!(error, ImportError::Row { source, .. } if matches!(*source, ImportError::Malformed { .. }))
    );
}

#[test]
fn a_geometry_says_itself_how_it_is_projected() {
    // the State House in Boston, in meters on the mainland grid
    let corners =
        [(235_900.0, 900_900.0), (236_900.0, 900_900.0), (236_900.0, 901_900.0), (235_900.0, 900_900.0)];
    let projected = |_: &Shape| {
        let mut bytes =
            [&[1][..], &6_u32.to_le_bytes(), &1_u32.to_le_bytes(), &[1], &3_u32.to_le_bytes()].concat();
        bytes.extend([1_u32.to_le_bytes(), (corners.len() as u32).to_le_bytes()].concat());
        bytes.extend(
            corners.iter().flat_map(|(x, y): &(f64, f64)| [x.to_le_bytes(), y.to_le_bytes()].concat()),
        );
        bytes
    };
    let house = [Shape { area: few_towns()[0].area.clone(), rings: Vec::new() }];
    let text = table(&house, 26986, projected);
    let read = wkb::read_table(text.as_bytes(), NAMED, None).unwrap();
    let corner = read[0].rings[0][0];
    assert_eq!(corner, Projection::epsg(26986).unwrap().point(235_900.0, 900_900.0).unwrap());
    assert!((corner.lat_degrees() - 42.358).abs() < 0.005);
    // what is said by hand goes before
    let degrees = wkb::read_table(text.as_bytes(), NAMED, Some(&Projection::DEGREES)).unwrap_err();
    assert!(matches!(degrees, ImportError::Row { source, .. } if matches!(*source, ImportError::NotOnEarth)));
    for unknown in [999_999, 1] {
        let error = wkb::read_table(table(&house, unknown, projected).as_bytes(), NAMED, None).unwrap_err();
        assert!(
            matches!(error, ImportError::Row { source, .. } if matches!(*source, ImportError::UnknownProjection)),
            "{unknown}"
        );
    }
}

#[test]
fn a_projected_file_is_where_it_should_be() {
    let towns = few_towns();
    let grid = Proj::from_epsg_code(26986).unwrap();
    let longlat = Proj::from_proj_string("+proj=longlat +ellps=GRS80 +no_defs").unwrap();
    let (shp, dbf) = written(&towns, |point| {
        let mut projected = (point.lon_degrees().to_radians(), point.lat_degrees().to_radians(), 0.0);
        transform(&longlat, &grid, &mut projected).unwrap();
        assert!(
            (30_000.0..340_000.0).contains(&projected.0) && (770_000.0..970_000.0).contains(&projected.1)
        );
        (projected.0, projected.1)
    });
    let read =
        shp::read(Cursor::new(&shp), Cursor::new(&dbf), NAMED, &Projection::epsg(26986).unwrap()).unwrap();
    for (one, other) in read.iter().zip(&towns) {
        let sorted = |shape: &Shape| {
            let mut points: Vec<GeoPoint> = shape.rings.iter().flatten().copied().collect();
            points.sort_unstable();
            points
        };
        let (one, other) = (sorted(one), sorted(other));
        assert_eq!(one.len(), other.len());
        assert!(
            one.iter()
                .zip(&other)
                .all(|(one, other)| (one.lon - other.lon).abs() <= 1 && (one.lat - other.lat).abs() <= 1)
        );
    }
    let as_degrees = shp::read(Cursor::new(shp), Cursor::new(dbf), NAMED, &Projection::DEGREES);
    assert!(matches!(as_degrees, Err(ImportError::NotOnEarth)));
}

/// Bytes as a careless disk or a malicious sender would change them.
fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len().max(1) as u64) as usize;
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), random.next() as u8),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => {
                let extreme =
                    [0, 1, 0x7fff_ffff, 0xffff_ffff, 0x8000_0000, 0x00ff_ffff_u32][random.below(6) as usize];
                let extreme =
                    if random.below(2) == 0 { extreme.to_le_bytes() } else { extreme.to_be_bytes() };
                bytes.iter_mut().skip(at).zip(extreme).for_each(|(byte, new)| *byte = new);
            }
            4 => {
                let part: Vec<u8> = bytes[at..].iter().copied().take(random.below(64) as usize).collect();
                let to = random.below(bytes.len() as u64 + 1) as usize;
                bytes.splice(to..to, part);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
    }
    bytes
}

const MUTATIONS: usize = 20_000;

/// Whether a layer can be made of what was read: it is an index or an error, too.
fn index(shapes: Vec<Shape>) {
    let index = BoundaryIndex::build(&Layer::from_shapes("damaged", "", shapes));
    assert!(index.is_ok(), "points on earth can be indexed");
}

#[test]
fn damaged_shapefiles_are_errors_and_never_a_panic() {
    let (shp, dbf) = written(&few_towns(), degrees);
    let mut random = Random(19);
    let mut refused = 0;
    for number in 0..MUTATIONS {
        let (mut shp, mut dbf) = (shp.clone(), dbf.clone());
        if number % 3 < 2 {
            shp = damaged(&shp, &mut random);
        } else {
            dbf = damaged(&dbf, &mut random);
        }
        match shp::read(Cursor::new(shp), Cursor::new(dbf), NAMED, &Projection::DEGREES) {
            Ok(shapes) if number % 10 == 0 => index(shapes),
            Ok(_) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > MUTATIONS / 4, "{refused}");
}

#[test]
fn damaged_geojson_is_an_error_and_never_a_panic() {
    let file = support::read("data/ma_towns_census_75m.geojson");
    // the head and one feature
    let text = String::from_utf8(file).unwrap();
    let end = text.match_indices("\"Feature\"").nth(1).map(|(at, _)| at).unwrap();
    let end = text[..end].rfind(',').unwrap();
    let one = format!("{}]}}", &text[..end]);
    assert_eq!(geojson::read(one.as_bytes(), TOWN, &Projection::DEGREES).unwrap().len(), 1);
    let mut random = Random(23);
    let mut refused = 0;
    for number in 0..MUTATIONS {
        match geojson::read(&damaged(one.as_bytes(), &mut random)[..], TOWN, &Projection::DEGREES) {
            Ok(shapes) if number % 10 == 0 => index(shapes),
            Ok(_) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > MUTATIONS / 4, "{refused}");
}

#[test]
fn damaged_wkb_is_an_error_and_never_a_panic() {
    let bytes = to_wkb(&few_towns()[0].rings, false);
    let mut random = Random(29);
    let mut refused = 0;
    for number in 0..MUTATIONS {
        match wkb::read(&damaged(&bytes, &mut random), &Projection::DEGREES) {
            Ok(rings) if number % 10 == 0 => index(vec![Shape { rings, ..Shape::default() }]),
            Ok(_) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > MUTATIONS / 4, "{refused}");
}

#[test]
fn damaged_tables_are_errors_and_never_a_panic() {
    let text = table(&few_towns()[..1], 4326, |town| to_wkb(&town.rings, false));
    let mut random = Random(31);
    let mut refused = 0;
    for number in 0..MUTATIONS {
        match wkb::read_table(&damaged(text.as_bytes(), &mut random)[..], NAMED, None) {
            Ok(shapes) if number % 10 == 0 => index(shapes),
            Ok(_) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > MUTATIONS / 4, "{refused}");
}
