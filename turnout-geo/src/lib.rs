#![doc = include_str!("../README.md")]

mod address;
pub mod boundary;
#[cfg(feature = "boundaries")]
pub mod data;
mod gazetteer;
#[cfg(feature = "boundaries")]
pub mod geocode;
#[cfg(feature = "import")]
pub mod import;
mod parse;
mod point;
#[cfg(feature = "boundaries")]
pub mod region;

pub use address::{HouseNumber, Kind, NumberForm, Parsed, RawAddress, Street, Unit};
pub use gazetteer::{Gazetteer, PlaceKey, PlaceSet, Zip5};
pub use parse::{DeliveryLine, Direction, Suffix, UnitKind, parse, parse_fields};
pub use point::{GeoPoint, UNITS_PER_DEGREE};
