//! From an address to where it is.
//!
//! | | |
//! |---|---|
//! | [`county_by_zip`] | the county by the ZIP code alone, offline: most addresses need no more |
//! | [`county_of`] | the same, and by the number where a street of the town's grid is a border of counties |
//! | [`ZipCentroids`] | the middle of a ZIP code, offline |
//! | [`Cached`] | another geocoder that remembers |
//! | `Remote` | one that is asked over HTTP: a `Vendor`, with time-outs, repetitions and rests; feature `vendors` |
//! | `Geocodio` | geocod.io; feature `geocodio` |
//! | `Census` | the US Census Bureau; feature `census` |
//! | `TargetSmart` | TargetSmart's district service; feature `targetsmart` |
//!
//! All of them are the port `Geocoder` of turnout-core; who is asked first is the business of
//! [`AddressMatcher`](crate::AddressMatcher).

mod cached;
#[cfg(feature = "census")]
mod census;
mod centroid;
#[cfg(feature = "geocodio")]
mod geocodio;
mod grid;
#[cfg(feature = "vendors")]
mod question;
#[cfg(feature = "vendors")]
mod remote;
#[cfg(feature = "targetsmart")]
mod targetsmart;
mod zip;

pub use cached::Cached;
#[cfg(feature = "census")]
pub use census::Census;
pub use centroid::ZipCentroids;
#[cfg(feature = "geocodio")]
pub use geocodio::Geocodio;
#[cfg(feature = "vendors")]
pub use remote::{Patience, Remote, Vendor};
#[cfg(feature = "targetsmart")]
pub use targetsmart::TargetSmart;
pub use zip::{CountyCandidate, CountyMatch, CountyOutcome, Reason, county_by_zip, county_of};

/// Why a geocoder was not asked: it failed shortly before. The cause of its errors while it is let be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it failed shortly before, and is not asked for a while")]
pub struct Resting;
