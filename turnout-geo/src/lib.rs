#![doc = include_str!("../README.md")]

pub mod boundary;
#[cfg(feature = "boundaries")]
pub mod data;
#[cfg(feature = "import")]
pub mod import;
mod point;

pub use point::{GeoPoint, UNITS_PER_DEGREE};
