//! Whether mail arrives at an address.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
};

/// What the mail carrier's data say of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deliverability {
    /// Mail arrives there.
    Deliverable,
    /// Mail arrives, at this address: the one that was asked about, with another number, street, place or ZIP code than
    /// was written. Spelling alone is no correction.
    Corrected(Address),
    /// Mail does not arrive, or not surely: the unit is missing, or there is none.
    Undeliverable,
    /// Too little is said to look anything up: no street, or neither a ZIP code nor a city with its state.
    Unknown,
}

impl Deliverability {
    /// Whether mail arrives; nothing where that is not known.
    #[must_use]
    pub fn arrives(&self) -> Option<bool> {
        match self {
            Self::Deliverable | Self::Corrected(_) => Some(true),
            Self::Undeliverable => Some(false),
            Self::Unknown => None,
        }
    }
}

/// Asks the mail carrier's data about an address.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{
///     address::Address,
///     error::ProviderError,
///     ports::addresses::{AddressVerifier, Deliverability},
/// };
///
/// /// Believes every address with a ZIP code.
/// struct Trusting;
/// #[async_trait]
/// impl AddressVerifier for Trusting {
///     async fn verify(&self, address: &Address) -> Result<Deliverability, ProviderError> {
///         Ok(match address.zipcode {
///             Some(_) => Deliverability::Deliverable,
///             None => Deliverability::Unknown,
///         })
///     }
/// }
/// ```
#[async_trait]
pub trait AddressVerifier: Send + Sync {
    /// Whether mail arrives there. An error means that nobody could be asked, which says nothing of the address. A voter
    /// waits for the answer.
    async fn verify(&self, address: &Address) -> Result<Deliverability, ProviderError>;
}

#[async_trait]
impl AddressVerifier for Disabled {
    async fn verify(&self, _address: &Address) -> Result<Deliverability, ProviderError> {
        Err(ProviderError::new("addresses", ProviderErrorKind::Disabled))
    }
}
