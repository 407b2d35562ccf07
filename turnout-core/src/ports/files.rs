//! Bytes of files, and links to them.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Disabled;
use crate::error::BoxError;

/// What went wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The store does not answer, or has no room; trying again later may help.
    #[error("the file store is not available")]
    Unavailable(#[source] BoxError),
    /// The key is no name of an object.
    #[error("not a key of the file store")]
    BadKey,
    /// No file store is configured.
    #[error("no file store is configured")]
    Disabled,
}

/// Keeps bytes under keys, and gives links to them that end by themselves.
///
/// Keys are `[A-Za-z0-9._-]+`, at most 200 characters, not beginning with a dot.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Keeps `bytes` under `key`, whole or not at all; what was there before is replaced.
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError>;

    /// The bytes, if there are any.
    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError>;

    /// Deletes the bytes. Nothing there is no error.
    async fn delete(&self, key: &str) -> Result<(), FileError>;

    /// A URL under which anybody gets the bytes as an attachment called `name`, until `until`.
    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError>;
}

/// A file store that somebody else holds too: the server answers the links of a local one.
#[async_trait]
impl<F: FileStore + ?Sized> FileStore for std::sync::Arc<F> {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        (**self).put(key, bytes, content_type).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        (**self).get(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        (**self).delete(key).await
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        (**self).link(key, name, until).await
    }
}

#[async_trait]
impl FileStore for Disabled {
    async fn put(&self, _key: &str, _bytes: Bytes, _content_type: &str) -> Result<(), FileError> {
        Err(FileError::Disabled)
    }

    async fn get(&self, _key: &str) -> Result<Option<Bytes>, FileError> {
        Err(FileError::Disabled)
    }

    async fn delete(&self, _key: &str) -> Result<(), FileError> {
        Err(FileError::Disabled)
    }

    async fn link(&self, _key: &str, _name: &str, _until: DateTime<Utc>) -> Result<String, FileError> {
        Err(FileError::Disabled)
    }
}
