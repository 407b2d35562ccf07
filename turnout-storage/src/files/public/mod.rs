//! Files for everybody: in a folder whose addresses the server itself answers, or in a public bucket.

#[cfg(feature = "local-files")]
mod local;
mod parted;
#[cfg(feature = "s3")]
mod s3;

use chrono::TimeDelta;
#[cfg(any(feature = "local-files", feature = "s3"))]
use turnout_core::ports::{files::FileError, public_files::is_public_key};

#[cfg(feature = "local-files")]
pub use local::LocalPublicFiles;
pub use parted::PartedPublicFiles;
#[cfg(feature = "s3")]
pub use s3::S3PublicFiles;

/// The value of `Cache-Control` for a file that may be kept so long.
#[must_use]
pub fn cache_control(cache: TimeDelta) -> String {
    match cache.num_seconds() {
        seconds if seconds > 0 => format!("public, max-age={seconds}"),
        _ => "no-cache".to_owned(),
    }
}

#[cfg(any(feature = "local-files", feature = "s3"))]
fn checked(key: &str) -> Result<&str, FileError> {
    if is_public_key(key) { Ok(key) } else { Err(FileError::BadKey) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_kept_is_asked_for_each_time() {
        for (seconds, value) in [(3_600, "public, max-age=3600"), (0, "no-cache"), (-5, "no-cache")] {
            assert_eq!(cache_control(TimeDelta::seconds(seconds)), value);
        }
    }
}
