//! Faxes.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ids::FaxId,
    person::Phone,
};

/// A fax, ready to go. No `Debug`: its links open a voter's document.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingFax {
    /// Stays the same however often it is tried: a gateway that knows it drops it.
    pub id: FaxId,
    /// The number of the machine.
    pub to: Phone,
    /// Where the gateway fetches the document, for some hours.
    pub pdf_url: String,
    /// Where it reports.
    pub callback_url: String,
}

/// Sends faxes.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, ports::fax::{FaxSender, OutgoingFax}};
///
/// /// Accepts every fax and drops it.
/// struct Void;
/// #[async_trait]
/// impl FaxSender for Void {
///     async fn send(&self, _: &OutgoingFax) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait FaxSender: Send + Sync {
    /// Hands the fax to the gateway. `Ok` means accepted, not sent; whether it was sent is reported to the callback.
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError>;
}

#[async_trait]
impl FaxSender for Disabled {
    async fn send(&self, _fax: &OutgoingFax) -> Result<(), ProviderError> {
        Err(ProviderError::new("fax", ProviderErrorKind::Disabled))
    }
}
