//! The supplier of regions and offices.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    official::ListDraft,
};

/// Gives the whole list of regions, offices and their addresses.
///
/// ```
/// use async_trait::async_trait;
/// use serde_json::json;
/// use turnout_core::{error::ProviderError, official::ListDraft, ports::officials::OfficialsSource};
///
/// /// A country with one election office.
/// struct One;
/// #[async_trait]
/// impl OfficialsSource for One {
///     async fn fetch(&self) -> Result<ListDraft, ProviderError> {
///         let mut draft = ListDraft::default();
///         draft.read("ours", &json!([{"id": 1, "region_name": "Everywhere", "state_abbr": "DC"}]));
///         Ok(draft)
///     }
/// }
/// ```
#[async_trait]
pub trait OfficialsSource: Send + Sync {
    /// All of it, as it is at this moment; what is wrong with it is found by [`ListDraft::check`].
    async fn fetch(&self) -> Result<ListDraft, ProviderError>;
}

#[async_trait]
impl OfficialsSource for Disabled {
    async fn fetch(&self) -> Result<ListDraft, ProviderError> {
        Err(ProviderError::new("officials", ProviderErrorKind::Disabled))
    }
}
