//! Who says which features are on, if not the database.

use std::{path::PathBuf, time::Duration};

use super::{
    geocoding::{Keyed, keyed},
    reader::Reader,
};

/// Optimizely.
#[derive(Debug)]
pub struct Rollouts {
    /// The SDK key, and where data files are.
    pub vendor: Keyed,
    /// From one look at the data file to the next.
    pub every: Duration,
    /// Where the last good file is kept for the next start.
    pub copy: PathBuf,
}

impl Rollouts {
    pub(super) fn read(reader: &mut Reader<'_>, copy: PathBuf) -> Option<Self> {
        const KEY: &str = "OPTIMIZELY_SDK_KEY";
        let vendor = keyed(reader, KEY, "OPTIMIZELY_BASE_URL");
        let seconds: u32 = reader.number("OPTIMIZELY_UPDATE_INTERVAL_SECONDS", 1);
        if reader.is_set(KEY) && !cfg!(feature = "http-client") {
            reader.complaints.wrong(KEY, "needs a build with the feature http-client; unset it", "");
        }
        vendor.map(|vendor| Self { vendor, every: Duration::from_secs(seconds.into()), copy })
    }
}
