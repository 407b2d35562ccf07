//! Web sites that are built of what is known about states.

use async_trait::async_trait;
use url::Url;

use super::Disabled;
use crate::error::{ProviderError, ProviderErrorKind};

/// Has a web site built anew.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, ports::builds::SiteBuilds};
/// use url::Url;
///
/// /// A site that asks for what it shows, and needs no building.
/// struct Live;
/// #[async_trait]
/// impl SiteBuilds for Live {
///     async fn begin(&self, _: &Url) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait SiteBuilds: Send + Sync {
    /// Has a build begin by calling `hook`, an address that is as good as a password. `Ok` means that it was taken, not that
    /// the site is built.
    async fn begin(&self, hook: &Url) -> Result<(), ProviderError>;
}

#[async_trait]
impl SiteBuilds for Disabled {
    async fn begin(&self, _hook: &Url) -> Result<(), ProviderError> {
        Err(ProviderError::new("builds", ProviderErrorKind::Disabled))
    }
}
