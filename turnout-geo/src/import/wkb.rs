//! Well-known binary, as PostGIS and GeoPackage hold it: polygons and multipolygons, also with Z, M and an SRID.

use super::{ImportError, Projection, ring};
use crate::point::GeoPoint;

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
    let mut reader = Reader { bytes, big_endian: false };
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

const POLYGON: u32 = 3;
const MULTIPOLYGON: u32 = 6;
const MALFORMED: ImportError = ImportError::Malformed { format: "WKB", source: None };

struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Reader<'_> {
    /// Byte order, type and the number of coordinates of a point. Extended WKB has flags in the upper bits and may
    /// carry an SRID; ISO WKB counts Z and M in thousands.
    fn head(&mut self) -> Result<(u32, usize), ImportError> {
        let [order] = self.take::<1>()?;
        self.big_endian = order == 0;
        let word = self.count()?;
        if word & 0x2000_0000 != 0 {
            self.count()?;
        }
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
