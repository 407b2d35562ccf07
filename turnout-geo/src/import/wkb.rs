//! Well-known binary, as PostGIS and GeoPackage hold it: polygons and multipolygons, also with Z, M and an SRID; alone, and
//! in a table.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Read,
};

use csv::StringRecord;

use super::{Attributes, ImportError, Projection, ring};
use crate::{boundary::Shape, point::GeoPoint};

/// The rings of a polygon or multipolygon, for [`crate::boundary::Shape::rings`].
///
/// # Errors
/// [`ImportError::NotAnArea`] for other geometries, [`ImportError::Malformed`], [`ImportError::NotOnEarth`].
///
/// ```
/// use turnout_geo::import::{Projection, wkb};
///
/// // POLYGON((0 0, 1 0, 0 1, 0 0)), little-endian
/// let mut bytes = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
/// bytes.extend([0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0].iter().flat_map(|value: &f64| value.to_le_bytes()));
/// let rings = wkb::read(&bytes, &Projection::DEGREES).unwrap();
/// assert_eq!(rings[0][1].lon, 10_000_000);
/// ```
pub fn read(bytes: &[u8], projection: &Projection) -> Result<Vec<Vec<GeoPoint>>, ImportError> {
    let mut reader = Reader::new(bytes);
    let rings = match reader.head()? {
        (POLYGON, dimensions) => reader.polygon(dimensions, projection)?,
        (MULTIPOLYGON, _) => {
            let mut rings = Vec::new();
            for _ in 0..reader.count()? {
                let (POLYGON, dimensions) = reader.head()? else { return Err(MALFORMED) };
                rings.extend(reader.polygon(dimensions, projection)?);
            }
            rings
        }
        _ => return Err(ImportError::NotAnArea),
    };
    if reader.bytes.is_empty() { Ok(rings) } else { Err(MALFORMED) }
}

/// What the column of geometries is called: by PostGIS' own loader, by ogr2ogr, and by others.
const GEOMETRY: [&str; 6] = ["geom", "wkb_geometry", "the_geom", "geometry", "shape", "wkb"];

/// The areas of a table, in its order: comma-separated, with a head, and a column of geometries, called `geom` or the like,
/// each the hexadecimal digits of its WKB, as `\copy (select …) to 'towns.csv' csv header` writes a table of PostGIS. Names
/// of columns are the same in capitals; a row without a geometry is left out.
///
/// Where no projection is given, each geometry's own SRID says which it is, and one without it is in degrees.
///
/// # Errors
/// [`ImportError::NoAttribute`] for a column that is missing, and [`ImportError::Row`] for what is wrong with a row.
///
/// ```
/// use turnout_geo::import::{Attributes, wkb};
///
/// // PostGIS' form of POLYGON((0 0, 1 0, 0 1, 0 0)) in EPSG:4326
/// let one = "000000000000F03F";
/// let zero = "0000000000000000";
/// let points = [zero, zero, one, zero, zero, one, zero, zero].concat();
/// let table = format!("geoid,name,geom\n2502109175,Brookline,0103000020E61000000100000004000000{points}\n");
/// let attributes = Attributes { key: "GEOID", name: "NAME", kind: None };
/// let towns = wkb::read_table(table.as_bytes(), attributes, None).unwrap();
/// assert_eq!((towns[0].area.name.as_str(), towns[0].rings[0][1].lon), ("Brookline", 10_000_000));
/// ```
pub fn read_table(
    from: impl Read,
    attributes: Attributes<'_>,
    projection: Option<&Projection>,
) -> Result<Vec<Shape>, ImportError> {
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(from);
    let head = table.headers().map_err(not_a_table)?.clone();
    let column = |name: &str| head.iter().position(|column| column.eq_ignore_ascii_case(name));
    let needed = |name: &str| column(name).ok_or_else(|| ImportError::NoAttribute(name.to_owned()));
    for name in [Some(attributes.key), Some(attributes.name), attributes.kind].into_iter().flatten() {
        needed(name)?;
    }
    let geometry = GEOMETRY.iter().find_map(|name| column(name));
    let geometry = geometry.ok_or_else(|| ImportError::NoAttribute(GEOMETRY.join(", nor ")))?;
    let mut projections = Projections { given: projection, known: BTreeMap::new() };
    let mut shapes = Vec::new();
    let mut record = StringRecord::new();
    for row in 2.. {
        if !table.read_record(&mut record).map_err(not_a_table)? {
            break;
        }
        let field = |name: &str| column(name).and_then(|column| record.get(column)).map(str::to_owned);
        let mut area = || {
            let digits = record.get(geometry).unwrap_or_default();
            let Some(rings) = projections.read(digits)? else { return Ok(None) };
            Ok(Some(Shape { area: attributes.area(field)?, rings }))
        };
        shapes.extend(area().map_err(|source| ImportError::Row { row, source: Box::new(source) })?);
    }
    Ok(shapes)
}

fn not_a_table(error: csv::Error) -> ImportError {
    ImportError::malformed("a table with commas", error)
}

/// The projections of a table's geometries.
struct Projections<'a> {
    given: Option<&'a Projection>,
    known: BTreeMap<u32, Projection>,
}

impl Projections<'_> {
    /// The rings of a geometry; none where there is no geometry.
    fn read(&mut self, digits: &str) -> Result<Option<Vec<Vec<GeoPoint>>>, ImportError> {
        // how PostgreSQL writes what is bytes and no geometry
        let digits = digits.strip_prefix("\\x").unwrap_or(digits);
        if digits.is_empty() {
            return Ok(None);
        }
        let bytes = hex::decode(digits).map_err(|error| ImportError::malformed("WKB", error))?;
        if let Some(projection) = self.given {
            return read(&bytes, projection).map(Some);
        }
        let mut reader = Reader::new(&bytes);
        reader.head()?;
        let projection = match reader.srid.filter(|srid| *srid != 0) {
            None => &Projection::DEGREES,
            Some(srid) => match self.known.entry(srid) {
                Entry::Occupied(known) => &*known.into_mut(),
                Entry::Vacant(vacant) => {
                    let code = u16::try_from(srid).map_err(|_| ImportError::UnknownProjection)?;
                    &*vacant.insert(Projection::epsg(code)?)
                }
            },
        };
        read(&bytes, projection).map(Some)
    }
}

const POLYGON: u32 = 3;
const MULTIPOLYGON: u32 = 6;
const MALFORMED: ImportError = ImportError::Malformed { format: "WKB", source: None };

struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    /// What the coordinates mean, of the geometry whose head was read last, if it says that.
    srid: Option<u32>,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, big_endian: false, srid: None }
    }

    /// Byte order, type and the number of coordinates of a point. Extended WKB has flags in the upper bits and may
    /// carry an SRID; ISO WKB counts Z and M in thousands.
    fn head(&mut self) -> Result<(u32, usize), ImportError> {
        let [order] = self.take::<1>()?;
        self.big_endian = order == 0;
        let word = self.count()?;
        let has_srid = word & 0x2000_0000 != 0;
        self.srid = has_srid.then(|| self.count()).transpose()?;
        let plain = word & 0x0fff_ffff;
        let flags = [word & 0x8000_0000 != 0, word & 0x4000_0000 != 0];
        let thousands = match plain / 1000 {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(MALFORMED),
        };
        Ok((plain % 1000, 2 + thousands + flags.iter().filter(|flag| **flag).count()))
    }

    fn polygon(
        &mut self,
        dimensions: usize,
        projection: &Projection,
    ) -> Result<Vec<Vec<GeoPoint>>, ImportError> {
        let mut rings = Vec::new();
        for _ in 0..self.count()? {
            let mut points = Vec::new();
            for _ in 0..self.count()? {
                let point = (self.number()?, self.number()?);
                (2..dimensions).try_for_each(|_| self.number().map(drop))?;
                points.push(point);
            }
            rings.push(ring(points.into_iter(), projection)?);
        }
        Ok(rings)
    }

    fn count(&mut self) -> Result<u32, ImportError> {
        let bytes = self.take()?;
        Ok(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn number(&mut self) -> Result<f64, ImportError> {
        let bytes = self.take()?;
        Ok(if self.big_endian { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], ImportError> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or(MALFORMED)?;
        self.bytes = rest;
        Ok(*taken)
    }
}
