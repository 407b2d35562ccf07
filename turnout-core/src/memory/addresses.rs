//! A mail carrier that knows its addresses beforehand.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::{fails, locked};
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
    ports::addresses::{AddressVerifier, Deliverability},
};

/// Knows the addresses that it was told, and keeps what it was asked. Mail arrives nowhere else.
///
/// ```
/// use turnout_core::address::{Address, State};
/// use turnout_core::memory::PostOffice;
/// use turnout_core::ports::addresses::{AddressVerifier, Deliverability};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let office = PostOffice::new();
/// let home = Address {
///     address1: Some("12 Elm St".into()),
///     state: Some(State::Ma),
///     zipcode: Some("01103".into()),
///     ..Address::default()
/// };
/// office.knows(&home, Deliverability::Deliverable);
/// assert_eq!(office.verify(&home).await.expect("an answer"), Deliverability::Deliverable);
/// assert_eq!(office.verify(&Address::default()).await.expect("an answer"), Deliverability::Unknown);
/// office.close(1);
/// assert!(office.verify(&home).await.is_err_and(|error| error.is_transient()));
/// assert_eq!(office.asked().len(), 3);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct PostOffice {
    known: Arc<Mutex<Vec<(Address, Deliverability)>>>,
    asked: Arc<Mutex<Vec<Address>>>,
    closed: Arc<Mutex<u32>>,
}

impl PostOffice {
    /// Knows no address.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on this is what there is to say of an address.
    pub fn knows(&self, address: &Address, deliverability: Deliverability) {
        let mut known = locked(&self.known);
        known.retain(|(other, _)| other != address);
        known.push((address.clone(), deliverability));
    }

    /// The next `times` questions get no answer.
    pub fn close(&self, times: u32) {
        *locked(&self.closed) = times;
    }

    /// What was asked so far, oldest first.
    #[must_use]
    pub fn asked(&self) -> Vec<Address> {
        locked(&self.asked).clone()
    }
}

#[async_trait]
impl AddressVerifier for PostOffice {
    async fn verify(&self, address: &Address) -> Result<Deliverability, ProviderError> {
        locked(&self.asked).push(address.clone());
        if fails(&self.closed) {
            return Err(ProviderError::new("post office", ProviderErrorKind::Unreachable));
        }
        if !address.can_take_mail() {
            return Ok(Deliverability::Unknown);
        }
        let known = locked(&self.known);
        let found = known.iter().find(|(other, _)| other == address);
        Ok(found.map_or(Deliverability::Undeliverable, |(_, answer)| answer.clone()))
    }
}
