//! Short links, for texts.

use async_trait::async_trait;

use super::Disabled;
use crate::error::{ProviderError, ProviderErrorKind};

/// Makes long links short.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, ports::links::LinkShortener};
///
/// /// Leaves every link as it is.
/// struct Same;
/// #[async_trait]
/// impl LinkShortener for Same {
///     async fn shorten(&self, url: &str) -> Result<String, ProviderError> { Ok(url.to_owned()) }
/// }
/// ```
#[async_trait]
pub trait LinkShortener: Send + Sync {
    /// A short link that leads there. Each call may make another one.
    async fn shorten(&self, url: &str) -> Result<String, ProviderError>;

    /// A short link that leads there and is called `name`, or, where that leads elsewhere already, `name-1` to `name-9`; the
    /// same one at each call. Any short link where nobody gives them names, or all of those lead elsewhere.
    async fn shorten_as(&self, _name: &str, url: &str) -> Result<String, ProviderError> {
        self.shorten(url).await
    }
}

#[async_trait]
impl LinkShortener for Disabled {
    async fn shorten(&self, _url: &str) -> Result<String, ProviderError> {
        Err(ProviderError::new("links", ProviderErrorKind::Disabled))
    }
}
