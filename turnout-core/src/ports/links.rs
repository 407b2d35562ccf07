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
}

#[async_trait]
impl LinkShortener for Disabled {
    async fn shorten(&self, _url: &str) -> Result<String, ProviderError> {
        Err(ProviderError::new("links", ProviderErrorKind::Disabled))
    }
}
