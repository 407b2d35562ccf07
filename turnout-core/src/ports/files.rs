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
/// use std::{
///     collections::BTreeMap,
///     sync::{Arc, Mutex, MutexGuard, PoisonError},
/// };
///
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use chrono::{DateTime, Utc};
/// use turnout_core::ports::files::{FileError, FileStore, FileWriter, is_key};
///
/// /// Keeps files in a map. A clone is the same store.
/// #[derive(Clone, Default)]
/// struct Shelf(Arc<Mutex<BTreeMap<String, Bytes>>>);
///
/// impl Shelf {
///     fn files(&self, key: &str) -> Result<MutexGuard<'_, BTreeMap<String, Bytes>>, FileError> {
///         if !is_key(key) {
///             return Err(FileError::BadKey);
///         }
///         Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner))
///     }
/// }
///
/// #[async_trait]
/// impl FileStore for Shelf {
///     async fn put(&self, key: &str, bytes: Bytes, _content_type: &str) -> Result<(), FileError> {
///         self.files(key)?.insert(key.to_owned(), bytes);
///         Ok(())
///     }
///
///     async fn begin(&self, key: &str, _content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
///         drop(self.files(key)?);
///         Ok(Box::new(Sheets { shelf: self.clone(), key: key.to_owned(), bytes: Vec::new() }))
///     }
///
///     async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
///         Ok(self.files(key)?.get(key).cloned())
///     }
///
///     async fn delete(&self, key: &str) -> Result<(), FileError> {
///         self.files(key)?.remove(key);
///         Ok(())
///     }
///
///     async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
///         drop(self.files(key)?);
///         // one that the world follows has a signature in it, or anybody makes links
///         let pairs = [("name", name), ("until", &until.timestamp().to_string())];
///         let link = url::Url::parse_with_params(&format!("https://files.example/{key}"), pairs);
///         link.map(Into::into).map_err(|_| FileError::BadKey)
///     }
/// }
///
/// /// A file that is not on the shelf before it is finished.
/// struct Sheets {
///     shelf: Shelf,
///     key: String,
///     bytes: Vec<u8>,
/// }
///
/// #[async_trait]
/// impl FileWriter for Sheets {
///     async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
///         self.bytes.extend_from_slice(&bytes);
///         Ok(())
///     }
///
///     async fn finish(self: Box<Self>) -> Result<(), FileError> {
///         let Self { shelf, key, bytes } = *self;
///         shelf.files(&key)?.insert(key, bytes.into());
///         Ok(())
///     }
///
///     async fn discard(self: Box<Self>) {}
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let files = Shelf::default();
/// files.put("261125.x7k2m.form.pdf", "%PDF-1.7".into(), "application/pdf").await?;
/// let link = files.link("261125.x7k2m.form.pdf", "form.pdf", "2026-11-25T12:00:15Z".parse()?).await?;
/// assert_eq!(link, "https://files.example/261125.x7k2m.form.pdf?name=form.pdf&until=1795608015");
/// assert!(matches!(files.put("../form.pdf", Bytes::new(), "application/pdf").await, Err(FileError::BadKey)));
///
/// let mut export = files.begin("voters.csv", "text/csv").await?;
/// export.write("first_name\n".into()).await?;
/// assert_eq!(files.get("voters.csv").await?, None, "nobody sees a part of it");
/// export.write("Ada\n".into()).await?;
/// export.finish().await?;
/// assert_eq!(files.get("voters.csv").await?, Some("first_name\nAda\n".into()));
/// files.delete("voters.csv").await?;
/// files.delete("voters.csv").await?;
/// assert_eq!(files.get("voters.csv").await?, None);
/// # Ok(())
/// # }
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
///
/// ```
/// use std::{
///     fs::{self, File},
///     io::{self, Write as _},
///     path::{Path, PathBuf},
/// };
///
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use turnout_core::ports::files::{FileError, FileWriter};
///
/// /// Writes beside the file, and moves it into its place when it is whole.
/// struct Beside {
///     file: File,
///     part: PathBuf,
///     place: PathBuf,
/// }
///
/// fn away(error: io::Error) -> FileError {
///     FileError::Unavailable(error.into())
/// }
///
/// impl Beside {
///     fn begin(place: &Path) -> Result<Self, FileError> {
///         let part = place.with_extension("part");
///         let file = File::create(&part).map_err(away)?;
///         Ok(Self { file, part, place: place.to_owned() })
///     }
/// }
///
/// // a store that is waited for, such as a disk under load, does this off the threads of the runtime
/// #[async_trait]
/// impl FileWriter for Beside {
///     async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
///         self.file.write_all(&bytes).map_err(away)
///     }
///
///     async fn finish(self: Box<Self>) -> Result<(), FileError> {
///         self.file.sync_all().map_err(away)?;
///         fs::rename(&self.part, &self.place).map_err(away)
///     }
///
///     async fn discard(self: Box<Self>) {}
/// }
///
/// impl Drop for Beside {
///     fn drop(&mut self) {
///         // of a file that was finished there is no part any more
///         let _ = fs::remove_file(&self.part);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let place = std::env::temp_dir().join(format!("turnout-example-{}.csv", std::process::id()));
/// let mut writer = Box::new(Beside::begin(&place)?);
/// writer.write("first_name\n".into()).await?;
/// drop(writer);
/// assert!(!place.exists() && !place.with_extension("part").exists(), "nothing is left of it");
///
/// let mut writer: Box<dyn FileWriter> = Box::new(Beside::begin(&place)?);
/// for part in ["first_name\n", "Ada\n"] {
///     assert!(!place.exists(), "nobody sees a part of it");
///     writer.write(part.into()).await?;
/// }
/// writer.finish().await?;
/// assert_eq!(fs::read_to_string(&place)?, "first_name\nAda\n");
///
/// let mut writer: Box<dyn FileWriter> = Box::new(Beside::begin(&place)?);
/// writer.write("half a file".into()).await?;
/// writer.discard().await;
/// assert_eq!(fs::read_to_string(&place)?, "first_name\nAda\n", "what was there stays");
/// # fs::remove_file(&place)?;
/// # Ok(())
/// # }
/// ```
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
