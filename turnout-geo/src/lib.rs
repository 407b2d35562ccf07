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
#[cfg(feature = "boundaries")]
mod matcher;
mod parse;
mod point;
#[cfg(feature = "boundaries")]
pub mod region;
mod section;
#[cfg(feature = "boundaries")]
pub mod streets;
#[cfg(feature = "boundaries")]
mod time_zones;

pub use address::{HouseNumber, Kind, NumberForm, Parsed, RawAddress, Street, Unit};
pub use gazetteer::{Gazetteer, PlaceKey, PlaceSet, Zip5};
#[cfg(feature = "boundaries")]
pub use matcher::{AddressMatcher, FinderQuestion, Finders, MatchEvent, MatchObserver};
pub use parse::{DeliveryLine, Direction, Suffix, UnitKind, parse, parse_fields};
pub use point::{GeoPoint, UNITS_PER_DEGREE};
#[cfg(feature = "boundaries")]
pub use time_zones::EmbeddedZones;
