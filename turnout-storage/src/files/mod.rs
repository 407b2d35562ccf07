//! Bytes of files: local folders, or buckets on S3. The rows that say whose they are belong to the store.

#[cfg(feature = "local-files")]
mod folder;
mod keys;
#[cfg(feature = "local-files")]
mod local;
mod public;
#[cfg(feature = "s3")]
mod s3;

pub use keys::{LONGEST_LINK, Prefix, attachment};
#[cfg(feature = "local-files")]
pub use local::LocalFiles;
#[cfg(feature = "local-files")]
pub use public::LocalPublicFiles;
#[cfg(feature = "s3")]
pub use public::S3PublicFiles;
pub use public::{PartedPublicFiles, cache_control};
#[cfg(feature = "s3")]
pub use s3::{S3, S3Files, S3Options};
