//! Where the team that runs the service talks.

use async_trait::async_trait;

use super::Disabled;
use crate::error::{ProviderError, ProviderErrorKind};

/// Tells the team something.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, ports::chat::TeamChat};
///
/// /// A room without anybody in it.
/// struct Empty;
/// #[async_trait]
/// impl TeamChat for Empty {
///     async fn say(&self, _: &str) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait TeamChat: Send + Sync {
    /// Says a few lines of plain text, in which addresses on the web become links. Nothing that tells who a person is.
    async fn say(&self, text: &str) -> Result<(), ProviderError>;
}

#[async_trait]
impl TeamChat for Disabled {
    async fn say(&self, _text: &str) -> Result<(), ProviderError> {
        Err(ProviderError::new("chat", ProviderErrorKind::Disabled))
    }
}
