//! Shapefiles: the `.shp` and the `.dbf`, whose records go together.

use std::io::{Read, Seek};

use shapefile::{
    Reader, ShapeReader,
    dbase::{FieldValue, Record},
    record::{polygon::GenericPolygon, traits::HasXY},
};

use super::{Attributes, ImportError, Projection, ring};
use crate::boundary::Shape;

/// The areas of a shapefile, in its order; a record without a shape is left out.
///
/// # Errors
/// [`ImportError`]
pub fn read(
    shp: impl Read + Seek,
    dbf: impl Read + Seek,
    attributes: Attributes<'_>,
    projection: &Projection,
) -> Result<Vec<Shape>, ImportError> {
    let records = shapefile::dbase::Reader::new(dbf).map_err(malformed)?;
    let mut reader = Reader::new(ShapeReader::new(shp).map_err(malformed)?, records);
    let mut shapes = Vec::new();
    for item in reader.iter_shapes_and_records() {
        let (shape, record) = item.map_err(malformed)?;
        shapes.extend(area(shape, &record, attributes, projection)?);
    }
    Ok(shapes)
}

pub(super) fn malformed(source: impl Into<turnout_core::error::BoxError>) -> ImportError {
    ImportError::malformed("a shapefile", source)
}

fn area(
    from: shapefile::Shape,
    record: &Record,
    attributes: Attributes<'_>,
    projection: &Projection,
) -> Result<Option<Shape>, ImportError> {
    let rings = match from {
        shapefile::Shape::Polygon(polygon) => rings(&polygon, projection)?,
        shapefile::Shape::PolygonM(polygon) => rings(&polygon, projection)?,
        shapefile::Shape::PolygonZ(polygon) => rings(&polygon, projection)?,
        shapefile::Shape::NullShape => return Ok(None),
        _ => return Err(ImportError::NotAnArea),
    };
    Ok(Some(Shape { area: attributes.area(|name| text(record, name))?, rings }))
}

/// An attribute as text.
pub(super) fn text(record: &Record, name: &str) -> Option<String> {
    match record.get(name)? {
        FieldValue::Character(text) => Some(text.clone().unwrap_or_default()),
        FieldValue::Numeric(Some(number)) => Some(number.to_string()),
        FieldValue::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

fn rings<P: HasXY>(
    polygon: &GenericPolygon<P>,
    projection: &Projection,
) -> Result<Vec<Vec<crate::point::GeoPoint>>, ImportError> {
    polygon
        .rings()
        .iter()
        .map(|one| ring(one.points().iter().map(|point| (point.x(), point.y())), projection))
        .collect()
}
