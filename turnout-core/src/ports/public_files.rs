//! Files for everybody, each under an address that stays.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use url::Url;

use super::{
    Disabled,
    files::{FileError, LONGEST_KEY, is_key},
};

/// The longest address that a visitor is sent on to, in bytes: more, S3 does not keep.
const LONGEST_REDIRECT: usize = 2_048;

/// A file for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFile {
    /// What a visitor gets.
    pub bytes: Bytes,
    /// What it is: `application/json`.
    pub content_type: String,
    /// How long a browser or a CDN may keep it.
    pub cache: TimeDelta,
    /// Where a visitor is sent instead.
    pub redirect: Option<Url>,
}

impl PublicFile {
    /// Sends visitors on to `address`.
    #[must_use]
    pub fn redirect(address: Url, cache: TimeDelta) -> Self {
        Self { bytes: Bytes::new(), content_type: "text/plain".into(), cache, redirect: Some(address) }
    }

    /// Whether visitors may be sent where this file sends them: `http` or `https`, at most 2,048 bytes.
    ///
    /// # Errors
    /// [`FileError::BadRedirect`] when not.
    pub fn check(&self) -> Result<(), FileError> {
        let is_good = |address: &Url| {
            matches!(address.scheme(), "http" | "https") && address.as_str().len() <= LONGEST_REDIRECT
        };
        if self.redirect.as_ref().is_none_or(is_good) { Ok(()) } else { Err(FileError::BadRedirect) }
    }
}

/// Whether it is a key of a public file: keys of files between slashes, at most 200 characters together.
#[must_use]
pub fn is_public_key(text: &str) -> bool {
    text.len() <= LONGEST_KEY && text.split('/').all(is_key)
}

/// Publishes files under keys that stay, such as `pa-counties/counties.json`. What is a key, [`is_public_key`] says.
///
/// ```
/// use std::{
///     collections::BTreeMap,
///     sync::{Mutex, PoisonError},
/// };
///
/// use async_trait::async_trait;
/// use chrono::TimeDelta;
/// use turnout_core::ports::{
///     files::FileError,
///     public_files::{PublicFile, PublicFiles, is_public_key},
/// };
///
/// /// A site that is kept in a map.
/// #[derive(Default)]
/// struct Site(Mutex<BTreeMap<String, PublicFile>>);
///
/// #[async_trait]
/// impl PublicFiles for Site {
///     async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError> {
///         file.check()?;
///         if !is_public_key(key) {
///             return Err(FileError::BadKey);
///         }
///         self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), file);
///         Ok(())
///     }
///
///     async fn remove(&self, key: &str) -> Result<(), FileError> {
///         if !is_public_key(key) {
///             return Err(FileError::BadKey);
///         }
///         self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
///         Ok(())
///     }
///
///     fn url(&self, key: &str) -> Result<String, FileError> {
///         if is_public_key(key) { Ok(format!("https://files.example/{key}")) } else { Err(FileError::BadKey) }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let site = Site::default();
/// let counties = PublicFile {
///     bytes: "[]".into(),
///     content_type: "application/json".into(),
///     cache: TimeDelta::hours(1),
///     redirect: None,
/// };
/// site.publish("pa-counties/counties.json", counties.clone()).await?;
/// assert_eq!(site.url("pa-counties/counties.json")?, "https://files.example/pa-counties/counties.json");
/// let tool = PublicFile::redirect("https://example.org/register".parse()?, TimeDelta::minutes(5));
/// site.publish("state-redirect/MA/external_tool_ovr", tool).await?;
/// site.remove("state-redirect/MA/external_tool_ovr").await?;
/// site.remove("state-redirect/MA/external_tool_ovr").await?;
/// assert!(matches!(site.publish("../counties.json", counties).await, Err(FileError::BadKey)));
/// let nowhere = PublicFile::redirect("javascript:alert(1)".parse()?, TimeDelta::zero());
/// assert!(matches!(site.publish("x", nowhere).await, Err(FileError::BadRedirect)));
/// # assert_eq!(site.0.lock().unwrap().keys().collect::<Vec<_>>(), ["pa-counties/counties.json"]);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait PublicFiles: Send + Sync {
    /// Publishes the file under `key`, whole or not at all; what was there before is replaced.
    async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError>;

    /// Takes the file away. Nothing there is no error. Whoever kept it may go on showing it until its cache time is over.
    async fn remove(&self, key: &str) -> Result<(), FileError>;

    /// The address under which everybody reads what is published under `key`, now or later.
    fn url(&self, key: &str) -> Result<String, FileError>;
}

/// Public files that somebody else holds too: the server answers for a local folder of them.
#[async_trait]
impl<F: PublicFiles + ?Sized> PublicFiles for std::sync::Arc<F> {
    async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError> {
        (**self).publish(key, file).await
    }

    async fn remove(&self, key: &str) -> Result<(), FileError> {
        (**self).remove(key).await
    }

    fn url(&self, key: &str) -> Result<String, FileError> {
        (**self).url(key)
    }
}

#[async_trait]
impl PublicFiles for Disabled {
    async fn publish(&self, _key: &str, _file: PublicFile) -> Result<(), FileError> {
        Err(FileError::Disabled)
    }

    async fn remove(&self, _key: &str) -> Result<(), FileError> {
        Err(FileError::Disabled)
    }

    fn url(&self, _key: &str) -> Result<String, FileError> {
        Err(FileError::Disabled)
    }
}
