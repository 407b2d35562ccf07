//! Reading areas from files: shapefiles, GeoJSON and WKB, in degrees or projected; and streets with house numbers.
//!
//! What comes from a file is never trusted: a damaged one gives an error, and no count in it is believed before the
//! bytes are there. To show how far a reader is, wrap what it reads from. `layers.rs` knows the files that are published.

pub mod geojson;
#[cfg(feature = "boundaries")]
pub mod layers;
pub mod project;
pub mod shapefile;
#[cfg(feature = "boundaries")]
pub mod streets;
pub mod wkb;

pub use project::Projection;

use crate::{boundary::Area, point::GeoPoint};

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It is not what its format says.
    #[error("not {format} as it should be")]
    Malformed {
        /// The format.
        format: &'static str,
        /// The cause, where a library knows it.
        #[source]
        source: Option<turnout_core::error::BoxError>,
    },
    /// A geometry without area, such as a line.
    #[error("a geometry that is no polygon")]
    NotAnArea,
    /// A geometry that is no line, where streets are read.
    #[error("a geometry that is no line")]
    NotALine,
    /// An attribute that names the areas is missing.
    #[error("there is no attribute {0}")]
    NoAttribute(String),
    /// Coordinates that are no place on earth; often the projection is another one.
    #[error("coordinates that are no place on earth: is it another projection?")]
    NotOnEarth,
    /// A projection that we do not know.
    #[error("an unknown projection: name its EPSG code")]
    UnknownProjection,
    /// A row of a table cannot be read.
    #[error("row {row} of the table")]
    Row {
        /// Which; the head is the first.
        row: u64,
        /// Why not.
        #[source]
        source: Box<ImportError>,
    },
    /// An area of which nothing says the state; holds its key.
    #[error("nothing says which state the area {0:?} is of: name the state")]
    NoState(String),
}

impl ImportError {
    fn malformed(format: &'static str, source: impl Into<turnout_core::error::BoxError>) -> Self {
        Self::Malformed { format, source: Some(source.into()) }
    }
}

/// Which attributes of the file are an area's key, name and kind.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a> {
    /// The key: `GEOID` in Census files.
    pub key: &'a str,
    /// The name: `NAME` in Census files.
    pub name: &'a str,
    /// The kind: `LSAD` in Census files; none leaves it empty.
    pub kind: Option<&'a str>,
}

impl Attributes<'_> {
    /// Those of the Census' files.
    pub const CENSUS: Attributes<'static> = Attributes { key: "GEOID", name: "NAME", kind: Some("LSAD") };

    /// An area from what the file has under each attribute.
    fn area(&self, value: impl Fn(&str) -> Option<String>) -> Result<Area, ImportError> {
        let needed = |name: &str| value(name).ok_or_else(|| ImportError::NoAttribute(name.to_owned()));
        let kind = self.kind.map(needed).transpose()?.unwrap_or_default();
        Ok(Area { key: needed(self.key)?, name: needed(self.name)?, kind })
    }
}

/// A ring, from the file's coordinates.
fn ring(
    points: impl Iterator<Item = (f64, f64)>,
    projection: &Projection,
) -> Result<Vec<GeoPoint>, ImportError> {
    points.map(|(x, y)| projection.point(x, y)).collect()
}
