//! From a file's coordinates to degrees.

use std::fmt;

use proj4rs::{Proj, transform::transform};

use super::ImportError;
use crate::point::GeoPoint;

/// What a file's coordinates mean. NAD83 is taken for WGS84.
///
/// ```
/// use turnout_geo::import::Projection;
///
/// // the State House in Boston, in meters on the Massachusetts mainland grid
/// let point = Projection::epsg(26986).unwrap().point(235_900.0, 900_900.0).unwrap();
/// assert!((point.lat_degrees() - 42.358).abs() < 0.005 && (point.lon_degrees() + 71.064).abs() < 0.005);
/// ```
pub struct Projection(Option<Box<(Proj, Proj)>>);

impl Projection {
    /// Longitude and latitude in degrees: no projection.
    pub const DEGREES: Self = Self(None);

    /// The projection of an EPSG code, such as 26986 for the Massachusetts mainland or 3071 for Wisconsin.
    ///
    /// # Errors
    /// [`ImportError::UnknownProjection`]
    pub fn epsg(code: u16) -> Result<Self, ImportError> {
        Self::from_proj(Proj::from_epsg_code(code))
    }

    /// The projection of a `.prj` file, as far as it says a code or is in degrees.
    ///
    /// # Errors
    /// [`ImportError::UnknownProjection`]: then the caller has to name the code.
    pub fn from_prj(text: &str) -> Result<Self, ImportError> {
        let text = text.trim_start();
        if text.starts_with("GEOGCS") || text.starts_with("GEOGCRS") {
            return Ok(Self::DEGREES);
        }
        // the last authority is that of the whole, in WKT 1: AUTHORITY["EPSG","26986"], and in WKT 2: ID["EPSG",26986]
        let code = ["AUTHORITY[\"EPSG\",", "ID[\"EPSG\","]
            .iter()
            .filter_map(|mark| text.rsplit_once(mark))
            .find_map(|(_, code)| code.trim_start_matches('"').split(['"', ']']).next()?.parse().ok())
            .or_else(|| known_by_name(text));
        code.map_or(Err(ImportError::UnknownProjection), Self::epsg)
    }

    fn from_proj(proj: Result<Proj, proj4rs::errors::Error>) -> Result<Self, ImportError> {
        let degrees = Proj::from_proj_string("+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs");
        match (proj, degrees) {
            (Ok(proj), _) if proj.is_latlong() => Ok(Self::DEGREES),
            (Ok(proj), Ok(degrees)) => Ok(Self(Some(Box::new((proj, degrees))))),
            _ => Err(ImportError::UnknownProjection),
        }
    }

    /// The point at these coordinates: east and north, or longitude and latitude.
    ///
    /// # Errors
    /// [`ImportError::NotOnEarth`]
    pub fn point(&self, x: f64, y: f64) -> Result<GeoPoint, ImportError> {
        let (lon, lat) = match &self.0 {
            None => (x, y),
            Some(pair) => {
                let mut point = (x, y, 0.0);
                transform(&pair.0, &pair.1, &mut point).map_err(|_| ImportError::NotOnEarth)?;
                (point.0.to_degrees(), point.1.to_degrees())
            }
        };
        GeoPoint::from_degrees(lat, lon).ok_or(ImportError::NotOnEarth)
    }
}

/// The codes of projections that ESRI's files name without a code, of the states whose layers we import.
fn known_by_name(text: &str) -> Option<u16> {
    let name = text.strip_prefix("PROJCS[\"")?.split('"').next()?;
    let known = [
        ("NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001", 26986),
        ("NAD_1983_HARN_Wisconsin_TM", 3071),
        ("NAD_1983_HARN_Transverse_Mercator", 3071),
        ("NAD_1983_Michigan_GeoRef_Meters", 3078),
        ("WGS_1984_Web_Mercator_Auxiliary_Sphere", 3857),
    ];
    known.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

impl fmt::Debug for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref().map_or("Projection(degrees)", |_| "Projection(projected)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn massachusetts_meters_are_where_they_should_be() {
        // the grid's origin and the central meridian, by the definition of EPSG:26986
        let grid = Projection::epsg(26986).expect("a known code");
        let origin = grid.point(200_000.0, 750_000.0).expect("a point");
        assert_eq!((origin.lat, origin.lon), (410_000_000, -715_000_000));
    }

    #[test]
    fn a_prj_file_says_its_projection_or_is_refused() {
        let degrees = "GEOGCS[\"GCS_North_American_1983\",DATUM[\"D_North_American_1983\",SPHEROID[\"GRS_1980\",6378137,298.257222101]],PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.017453292519943295]]";
        assert_eq!(
            Projection::from_prj(degrees).expect("degrees").point(-71.5, 41.0).expect("a point").lat,
            410_000_000
        );
        for meters in [
            "PROJCS[\"NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001\",GEOGCS[]]",
            "PROJCS[\"NAD83 / Massachusetts Mainland\",GEOGCS[AUTHORITY[\"EPSG\",\"4269\"]],AUTHORITY[\"EPSG\",\"26986\"]]",
            "PROJCRS[\"NAD83 / Massachusetts Mainland\",ID[\"EPSG\",26986]]",
        ] {
            let point = Projection::from_prj(meters)
                .expect("a known one")
                .point(200_000.0, 750_000.0)
                .expect("a point");
            assert_eq!(point.lon, -715_000_000, "{meters}");
        }
        assert!(matches!(Projection::from_prj("PROJCS[\"Mars\"]"), Err(ImportError::UnknownProjection)));
        assert!(matches!(Projection::DEGREES.point(235_900.0, 900_900.0), Err(ImportError::NotOnEarth)));
    }
}
