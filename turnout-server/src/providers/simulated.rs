//! A mail carrier for the embedded run, which asks nobody.

use async_trait::async_trait;
use turnout_core::{
    address::Address,
    error::ProviderError,
    ports::addresses::{AddressVerifier, Deliverability},
};

/// Believes that mail arrives everywhere, but where the first line says otherwise, so that both can be tried: with the word
/// `undeliverable` in it mail does not arrive, and `misspelled` is corrected to `Main`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SimulatedAddresses;

#[async_trait]
impl AddressVerifier for SimulatedAddresses {
    async fn verify(&self, address: &Address) -> Result<Deliverability, ProviderError> {
        if !address.can_take_mail() {
            return Ok(Deliverability::Unknown);
        }
        let street = address.address1.as_deref().unwrap_or_default();
        let is = |word: &str, said: &str| word.eq_ignore_ascii_case(said);
        if street.split_whitespace().any(|word| is(word, "undeliverable")) {
            return Ok(Deliverability::Undeliverable);
        }
        if !street.split_whitespace().any(|word| is(word, "misspelled")) {
            return Ok(Deliverability::Deliverable);
        }
        let words = street.split_whitespace().map(|word| if is(word, "misspelled") { "Main" } else { word });
        let street = words.collect::<Vec<_>>().join(" ");
        Ok(Deliverability::Corrected(Address { address1: Some(street), ..address.clone() }))
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{address::State, conformance::addresses::Verifiable};

    use super::*;

    async fn simulated() -> Verifiable<SimulatedAddresses> {
        let address = |street: &str| Address {
            address1: Some(street.into()),
            address2: None,
            city: Some("Denver".into()),
            state: Some(State::Co),
            zipcode: Some("80202".into()),
        };
        let (good, nearly) = (address("1 Main St"), address("1 Misspelled St"));
        Verifiable { verifier: SimulatedAddresses, good, nearly, bad: address("1 Undeliverable St") }
    }
    turnout_core::address_verifier_conformance!(addresses, simulated);
}
