//! Bytes of files: a local folder, or a bucket on S3. The rows that say whose they are belong to the store.

mod keys;
#[cfg(feature = "local-files")]
mod local;
#[cfg(feature = "s3")]
mod s3;

pub use keys::{LONGEST_LINK, Prefix, attachment};
#[cfg(feature = "local-files")]
pub use local::LocalFiles;
#[cfg(feature = "s3")]
pub use s3::{S3, S3Files, S3Options};
