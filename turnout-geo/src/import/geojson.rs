//! GeoJSON (RFC 7946): a collection of features, each a polygon or several.

use std::io::Read;

use geojson::{Feature, FeatureReader, GeometryValue, JsonValue};

use super::{Attributes, ImportError, Projection, ring};
use crate::boundary::Shape;

/// The areas of a feature collection, in its order; a feature without a geometry is left out.
///
/// # Errors
/// [`ImportError`]
pub fn read(
    from: impl Read,
    attributes: Attributes<'_>,
    projection: &Projection,
) -> Result<Vec<Shape>, ImportError> {
    let mut shapes = Vec::new();
    for feature in FeatureReader::from_reader(from).features() {
        let feature = feature.map_err(|error| ImportError::malformed("GeoJSON", error))?;
        shapes.extend(area(&feature, attributes, projection)?);
    }
    Ok(shapes)
}

fn area(
    feature: &Feature,
    attributes: Attributes<'_>,
    projection: &Projection,
) -> Result<Option<Shape>, ImportError> {
    let polygons = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => std::slice::from_ref(coordinates),
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
        Some(_) => return Err(ImportError::NotAnArea),
        None => return Ok(None),
    };
    let mut rings = Vec::new();
    for from in polygons.iter().flatten() {
        let mut short = false;
        let points = from.iter().map(|position| match position.as_slice() {
            [x, y, ..] => (*x, *y),
            _ => {
                short = true;
                (0.0, 0.0)
            }
        });
        rings.push(ring(points, projection)?);
        if short {
            return Err(ImportError::Malformed { format: "GeoJSON", source: None });
        }
    }
    Ok(Some(Shape { area: attributes.area(|name| text(feature, name))?, rings }))
}

/// A property as text.
pub(super) fn text(feature: &Feature, name: &str) -> Option<String> {
    match feature.property(name)? {
        JsonValue::String(text) => Some(text.clone()),
        JsonValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
