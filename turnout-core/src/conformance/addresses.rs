//! What an [`AddressVerifier`] promises.

use crate::{
    address::Address,
    ports::addresses::{AddressVerifier, Deliverability},
};

/// A test for every case of a verifier. The function opens a [`Verifiable`].
#[macro_export]
macro_rules! address_verifier_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            addresses,
            [
                mail_arrives_at_an_address_that_the_carrier_knows,
                an_address_that_is_nearly_right_is_corrected_and_arrives,
                a_correction_is_an_address_that_is_right,
                mail_does_not_arrive_where_the_carrier_does_not_go,
                an_address_of_too_little_says_nothing,
            ]
        );
    };
}

/// A verifier, and three addresses of which it knows what the names say.
pub struct Verifiable<V> {
    /// The verifier.
    pub verifier: V,
    /// Mail arrives there.
    pub good: Address,
    /// Mail arrives, at another address than is written.
    pub nearly: Address,
    /// Mail does not arrive.
    pub bad: Address,
}

async fn ask<V: AddressVerifier>(it: &Verifiable<V>, address: &Address) -> Deliverability {
    it.verifier.verify(address).await.expect("an answer")
}

/// As it is.
pub async fn mail_arrives_at_an_address_that_the_carrier_knows(it: &Verifiable<impl AddressVerifier>) {
    assert_eq!(ask(it, &it.good).await, Deliverability::Deliverable);
}

/// It says at which address.
pub async fn an_address_that_is_nearly_right_is_corrected_and_arrives(it: &Verifiable<impl AddressVerifier>) {
    let found = ask(it, &it.nearly).await;
    let Deliverability::Corrected(right) = &found else { panic!("{found:?}") };
    assert!(*right != it.nearly && right.can_take_mail());
    assert_eq!(found.arrives(), Some(true));
}

/// Asked about, it needs no correction.
pub async fn a_correction_is_an_address_that_is_right(it: &Verifiable<impl AddressVerifier>) {
    let Deliverability::Corrected(right) = ask(it, &it.nearly).await else { panic!("no correction") };
    assert_eq!(ask(it, &right).await, Deliverability::Deliverable);
}

/// That is an answer and no error.
pub async fn mail_does_not_arrive_where_the_carrier_does_not_go(it: &Verifiable<impl AddressVerifier>) {
    let found = ask(it, &it.bad).await;
    assert_eq!((&found, found.arrives()), (&Deliverability::Undeliverable, Some(false)));
}

/// Nothing, no street, or a street and nothing that says where.
pub async fn an_address_of_too_little_says_nothing(it: &Verifiable<impl AddressVerifier>) {
    let nowhere = Address { city: None, state: None, zipcode: None, ..it.good.clone() };
    let no_state = Address { state: None, zipcode: None, ..it.good.clone() };
    let no_street = Address { address1: Some("  ".into()), ..it.good.clone() };
    for little in [Address::default(), nowhere, no_state, no_street] {
        assert!(!little.can_take_mail());
        let found = ask(it, &little).await;
        assert_eq!((&found, found.arrives()), (&Deliverability::Unknown, None), "{little:?}");
    }
}
