//! Whether mail arrives at an address.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
};

/// Asks the mail carrier's data about an address.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{address::Address, error::ProviderError, ports::addresses::AddressVerifier};
///
/// /// Believes every address with a ZIP code.
/// struct Trusting;
/// #[async_trait]
/// impl AddressVerifier for Trusting {
///     async fn is_deliverable(&self, address: &Address) -> Result<bool, ProviderError> {
///         Ok(address.zipcode.is_some())
///     }
/// }
/// ```
#[async_trait]
pub trait AddressVerifier: Send + Sync {
    /// Whether mail arrives there. An error means: not known.
    async fn is_deliverable(&self, address: &Address) -> Result<bool, ProviderError>;
}

#[async_trait]
impl AddressVerifier for Disabled {
    async fn is_deliverable(&self, _address: &Address) -> Result<bool, ProviderError> {
        Err(ProviderError::new("addresses", ProviderErrorKind::Disabled))
    }
}
