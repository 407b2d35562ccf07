//! From an address to where it is. So far: the county, by ZIP code alone and offline (`zip.rs`).

mod zip;

pub use zip::{CountyCandidate, CountyMatch, CountyOutcome, Reason, county_by_zip};
