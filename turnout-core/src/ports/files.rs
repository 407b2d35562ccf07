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
    /// Visitors cannot be sent to that address.
    #[error("not an address to send visitors to")]
    BadRedirect,
    /// No file store is configured.
    #[error("no file store is configured")]
    Disabled,
}

/// The longest key, in characters.
pub(super) const LONGEST_KEY: usize = 200;

/// Whether it is a key: `[A-Za-z0-9._-]+`, at most 200 characters, not beginning with a dot.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !text.is_empty() && text.len() <= LONGEST_KEY && !text.starts_with('.') && text.bytes().all(allowed)
}

/// Keeps bytes under keys, and gives links to them that end by themselves. What is a key, [`is_key`] says.
///
/// ```
/// # #[cfg(feature = "memory")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use turnout_core::{memory::MemoryFiles, ports::files::FileStore};
///
/// let files = MemoryFiles::new();
/// files.put("261125.x7k2m.form.pdf", "%PDF-1.7".into(), "application/pdf").await?;
/// let until = "2026-11-25T12:00:15Z".parse()?;
/// let link = files.link("261125.x7k2m.form.pdf", "form.pdf", until).await?;
/// assert!(files.open(&link, "2026-11-25T12:00:00Z".parse()?).is_some());
/// assert!(files.open(&link, until).is_none());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "memory"))]
/// # fn main() {}
/// ```
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Keeps `bytes` under `key`, whole or not at all; what was there before is replaced.
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError>;

    /// Begins a file that is too long to be held as a whole. Nobody sees any of it before it is finished; what was there
    /// before stays until then.
    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError>;

    /// The bytes, if there are any.
    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError>;

    /// Deletes the bytes. Nothing there is no error.
    async fn delete(&self, key: &str) -> Result<(), FileError>;

    /// Deletes the bytes under many keys, in few calls where the store can. After an error some of them may be gone;
    /// deleting all of them again is right.
    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        for key in keys {
            self.delete(key).await?;
        }
        Ok(())
    }

    /// A URL under which anybody gets the bytes as an attachment called `name`, until `until`.
    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError>;
}

/// A file that is being written. Dropped before it is finished it is none; what a process that dies leaves of it is deleted
/// with the key, or replaced by the next file of that key, where the store cannot let go of it by itself.
#[async_trait]
pub trait FileWriter: Send {
    /// The next bytes.
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError>;

    /// Keeps what was written, whole or not at all.
    async fn finish(self: Box<Self>) -> Result<(), FileError>;

    /// Lets go of what was written.
    async fn discard(self: Box<Self>);
}

/// A file store that somebody else holds too: the server answers the links of a local one.
#[async_trait]
impl<F: FileStore + ?Sized> FileStore for std::sync::Arc<F> {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        (**self).put(key, bytes, content_type).await
    }

    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        (**self).begin(key, content_type).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        (**self).get(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        (**self).delete(key).await
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        (**self).delete_all(keys).await
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

    async fn begin(&self, _key: &str, _content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leaves_a_folder_or_is_hidden_in_it() {
        for good in ["261125.Ab3.ma-form.pdf", "a", "A_b-c..d", "-", "_", &"x".repeat(200)] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", ".", "..", ".put-x", "../a", "a/b", "/a", "a\\b", "a b", "a\0", "é", &"x".repeat(201)]
        {
            assert!(!is_key(bad), "{bad}");
        }
    }
}
