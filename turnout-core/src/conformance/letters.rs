//! What a [`LetterSender`] promises.

use bytes::Bytes;

use crate::{
    address::{Address, State},
    conformance::rows::uuid,
    error::ProviderErrorKind,
    ids::{ActionId, LetterId},
    ports::letters::{Correspondent, LetterSender, OutgoingLetter, Sides},
};

/// A test for every case of a mail house, which is opened without letters.
#[macro_export]
macro_rules! letter_sender_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            letters,
            [
                a_letter_is_taken_and_found_by_its_action,
                the_same_letter_is_taken_once_however_often_it_is_handed_over,
                letters_of_an_action_come_in_the_order_in_which_they_were_taken,
                an_action_without_letters_has_none,
                a_letter_that_was_called_off_is_not_there,
                nobody_calls_off_a_letter_that_is_not_there,
            ]
        );
    };
}

/// A letter with that number about the action with that number.
#[must_use]
pub fn letter(number: u128, action: u128) -> OutgoingLetter {
    let address = Address {
        address1: Some("12 Elm Street".into()),
        address2: Some("Apt 3".into()),
        city: Some("Springfield".into()),
        state: Some(State::Ma),
        zipcode: Some("01103".into()),
    };
    OutgoingLetter {
        id: LetterId(uuid(number)),
        action: ActionId(uuid(action)),
        to: Correspondent { name: "José Q. Núñez".into(), address: address.clone() },
        from: Correspondent { name: "Registrars".into(), address: Address { address2: None, ..address } },
        pdf: Bytes::from_static(b"%PDF-1.7\r\n\x00\xff--\r\n%%EOF\n"),
        sides: Sides::One,
    }
}

/// By the id under which it was taken.
pub async fn a_letter_is_taken_and_found_by_its_action(house: &impl LetterSender) {
    let taken = house.send(&letter(1, 10)).await.expect("it is taken");
    assert!(!taken.id.is_empty());
    assert_eq!(house.of_action(ActionId(uuid(10))).await.expect("a list"), [taken]);
}

/// Each time with the same answer.
pub async fn the_same_letter_is_taken_once_however_often_it_is_handed_over(house: &impl LetterSender) {
    let first = house.send(&letter(1, 10)).await.expect("it is taken");
    for _ in 0..3 {
        assert_eq!(house.send(&letter(1, 10)).await.expect("it is taken"), first);
    }
    assert_eq!(house.of_action(ActionId(uuid(10))).await.expect("a list"), [first]);
}

/// Those of others are not among them.
pub async fn letters_of_an_action_come_in_the_order_in_which_they_were_taken(house: &impl LetterSender) {
    let mut of_ten = Vec::new();
    for (number, action) in [(3, 10), (2, 11), (1, 10)] {
        let taken = house.send(&letter(number, action)).await.expect("it is taken");
        if action == 10 {
            of_ten.push(taken);
        }
    }
    assert_eq!(house.of_action(ActionId(uuid(10))).await.expect("a list"), of_ten);
}

/// That is no error.
pub async fn an_action_without_letters_has_none(house: &impl LetterSender) {
    house.send(&letter(1, 10)).await.expect("it is taken");
    assert_eq!(house.of_action(ActionId(uuid(12))).await.expect("a list"), []);
}

/// The others stay.
pub async fn a_letter_that_was_called_off_is_not_there(house: &impl LetterSender) {
    let first = house.send(&letter(1, 10)).await.expect("it is taken");
    let second = house.send(&letter(2, 10)).await.expect("it is taken");
    house.call_off(&second.id).await.expect("it is not printed yet");
    assert_eq!(house.of_action(ActionId(uuid(10))).await.expect("a list"), [first]);
}

/// Trying again would not help.
pub async fn nobody_calls_off_a_letter_that_is_not_there(house: &impl LetterSender) {
    let error = house.call_off("ltr_0000000000000000").await.expect_err("there is none");
    assert_eq!(error.kind, ProviderErrorKind::Rejected);
}
