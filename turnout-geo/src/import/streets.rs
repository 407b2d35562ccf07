//! Streets with house numbers: the Census' address ranges (TIGER ADDRFEAT), and files like them.

use std::{
    collections::BTreeMap,
    io::{Read, Seek},
};

use geojson::{FeatureReader, GeometryValue};
use shapefile::{Reader, ShapeReader, record::traits::HasXY};

use super::{ImportError, Projection, geojson as json, ring, shapefile as shp};
use crate::{
    gazetteer::Zip5,
    point::GeoPoint,
    streets::{HouseKey, NumberRange, Parity, Side, StreetEdge},
};

/// Which attributes of the file hold what.
#[derive(Debug, Clone, Copy)]
pub struct RangeAttributes<'a> {
    /// What is the same in all rows of one line: `TLID`.
    pub line: &'a str,
    /// The name of the street.
    pub name: &'a str,
    /// On the left side: the number at the beginning, that at the end, and the ZIP code.
    pub left: [&'a str; 3],
    /// The same on the right side.
    pub right: [&'a str; 3],
}

impl RangeAttributes<'_> {
    /// Those of TIGER's ADDRFEAT files.
    pub const TIGER: RangeAttributes<'static> = RangeAttributes {
        line: "TLID",
        name: "FULLNAME",
        left: ["LFROMHN", "LTOHN", "ZIPL"],
        right: ["RFROMHN", "RTOHN", "ZIPR"],
    };

    /// The sides that have house numbers. A number of 0 stands for none, and a side without a ZIP code has no place.
    fn ranges(&self, value: impl Fn(&str) -> Option<String>) -> Vec<NumberRange> {
        let range = |side, [from, to, zip]: [&str; 3]| {
            let text = |name: &str| value(name).map(|text| text.trim().to_owned());
            let house =
                |name: &str| text(name).filter(|text| text != "0").and_then(|text| HouseKey::parse(&text));
            let (from, to) = (house(from)?, house(to)?);
            let parity = Parity::of(from, to);
            Some(NumberRange { side, from, to, parity, zip: Zip5::parse(&text(zip)?)? })
        };
        [range(Side::Left, self.left), range(Side::Right, self.right)].into_iter().flatten().collect()
    }
}

/// The blocks of a shapefile of lines.
///
/// # Errors
/// [`ImportError`]
pub fn read_shapefile(
    shp: impl Read + Seek,
    dbf: impl Read + Seek,
    attributes: RangeAttributes<'_>,
    projection: &Projection,
) -> Result<Vec<StreetEdge>, ImportError> {
    let records = shapefile::dbase::Reader::new(dbf).map_err(shp::malformed)?;
    let mut reader = Reader::new(ShapeReader::new(shp).map_err(shp::malformed)?, records);
    let mut blocks = Blocks::default();
    for item in reader.iter_shapes_and_records() {
        let (shape, record) = item.map_err(shp::malformed)?;
        let points = match &shape {
            shapefile::Shape::Polyline(line) => points(line.parts(), projection)?,
            shapefile::Shape::PolylineM(line) => points(line.parts(), projection)?,
            shapefile::Shape::PolylineZ(line) => points(line.parts(), projection)?,
            shapefile::Shape::NullShape => continue,
            _ => return Err(ImportError::NotALine),
        };
        blocks.add(attributes, |name| shp::text(&record, name), points)?;
    }
    Ok(blocks.finish())
}

/// The blocks of a GeoJSON collection of lines.
///
/// # Errors
/// [`ImportError`]
pub fn read_geojson(
    from: impl Read,
    attributes: RangeAttributes<'_>,
    projection: &Projection,
) -> Result<Vec<StreetEdge>, ImportError> {
    let mut blocks = Blocks::default();
    for feature in FeatureReader::from_reader(from).features() {
        let feature = feature.map_err(|error| ImportError::malformed("GeoJSON", error))?;
        let lines = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
            Some(GeometryValue::LineString { coordinates }) => std::slice::from_ref(coordinates),
            Some(GeometryValue::MultiLineString { coordinates }) => coordinates,
            Some(_) => return Err(ImportError::NotALine),
            None => continue,
        };
        let positions = lines.iter().flatten().map(|position| match position.as_slice() {
            [x, y, ..] => Ok(projection.point(*x, *y)?),
            _ => Err(ImportError::Malformed { format: "GeoJSON", source: None }),
        });
        let points = positions.collect::<Result<_, _>>()?;
        blocks.add(attributes, |name| json::text(&feature, name), points)?;
    }
    Ok(blocks.finish())
}

fn points<P: HasXY>(parts: &[Vec<P>], projection: &Projection) -> Result<Vec<GeoPoint>, ImportError> {
    ring(parts.iter().flatten().map(|point| (point.x(), point.y())), projection)
}

/// Blocks by their line: a line has a row for each of its names, and for each range where the numbers of a side have
/// gaps.
#[derive(Default)]
struct Blocks(BTreeMap<String, StreetEdge>);

impl Blocks {
    fn add(
        &mut self,
        attributes: RangeAttributes<'_>,
        value: impl Fn(&str) -> Option<String>,
        line: Vec<GeoPoint>,
    ) -> Result<(), ImportError> {
        let needed = |name: &str| value(name).ok_or_else(|| ImportError::NoAttribute(name.to_owned()));
        let key = needed(attributes.line)?;
        let name = value(attributes.name).unwrap_or_default();
        let empty = || StreetEdge { names: [].into(), line, ranges: Vec::new() };
        let block = self.0.entry(key).or_insert_with(empty);
        if !name.trim().is_empty() {
            block.names.insert(name.trim().to_owned());
        }
        for range in attributes.ranges(value) {
            merge(&mut block.ranges, range);
        }
        Ok(())
    }

    fn finish(self) -> Vec<StreetEdge> {
        self.0.into_values().collect()
    }
}

/// Two ranges of one side of one line are parts of one range, which is that of the whole line.
fn merge(ranges: &mut Vec<NumberRange>, range: NumberRange) {
    let rises = |range: &NumberRange| range.from <= range.to;
    let is_alike = |known: &&mut NumberRange| {
        (known.side, known.zip, known.parity) == (range.side, range.zip, range.parity)
            && (rises(known) == rises(&range) || known.from == known.to || range.from == range.to)
    };
    let Some(known) = ranges.iter_mut().find(is_alike) else { return ranges.push(range) };
    let falls = !rises(known) || !rises(&range);
    let all = [known.from, known.to, range.from, range.to];
    let (least, most) =
        all.iter().fold((all[0], all[0]), |(least, most), one| (least.min(*one), most.max(*one)));
    (known.from, known.to) = if falls { (most, least) } else { (least, most) };
}
