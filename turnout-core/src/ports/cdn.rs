//! What stands between us and the readers of what is public, and keeps it.

use async_trait::async_trait;

use super::Disabled;
use crate::error::{ProviderError, ProviderErrorKind};

/// Has what a CDN keeps forgotten, by the tags that our answers carry.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, ports::cdn::CachePurger};
///
/// /// Keeps nothing, so that there is nothing to forget.
/// struct Through;
/// #[async_trait]
/// impl CachePurger for Through {
///     async fn purge(&self, _: &[String]) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait CachePurger: Send + Sync {
    /// Forgets every answer that carries one of these tags, as they stand in `Cache-Tag`. `Ok` means that all of them are
    /// forgotten; after an error some may be, and the same call is made again.
    async fn purge(&self, tags: &[String]) -> Result<(), ProviderError>;
}

#[async_trait]
impl CachePurger for Disabled {
    async fn purge(&self, _tags: &[String]) -> Result<(), ProviderError> {
        Err(ProviderError::new("cdn", ProviderErrorKind::Disabled))
    }
}

/// A tag as it stands in `Cache-Tag` (`http-api.md` 1.6): `to` and the environment before it; lower case; letters, digits, `_`
/// and `-` kept, runs of blanks and `-` one `-`, all else dropped.
///
/// ```
/// use turnout_core::ports::cdn::tag;
///
/// assert_eq!(tag("prod", "IL"), "toprodil");
/// assert_eq!(tag("prod", "tag_1.2.3"), "toprodtag_123");
/// ```
#[must_use]
pub fn tag(environment: &str, raw: &str) -> String {
    let text = format!("to{environment}{raw}");
    let mut slug = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            _ if letter.is_ascii_alphanumeric() || letter == '_' => slug.push(letter.to_ascii_lowercase()),
            _ if letter != '-' && !letter.is_whitespace() => {}
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug
}
