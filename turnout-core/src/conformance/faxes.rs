//! What a [`FaxSender`] promises.

use crate::{
    conformance::rows::uuid,
    ids::FaxId,
    person::Phone,
    ports::fax::{FaxSender, OutgoingFax},
};

/// A test for every case of a fax gateway.
#[macro_export]
macro_rules! fax_sender_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            faxes,
            [
                a_fax_is_taken,
                the_same_fax_may_be_handed_over_again_with_another_link,
                faxes_to_one_machine_are_all_taken,
            ]
        );
    };
}

/// A fax with that number.
#[must_use]
pub fn fax(number: u128) -> OutgoingFax {
    OutgoingFax {
        id: FaxId(uuid(number)),
        to: Phone::from_stored("+16175557890".into()),
        pdf_url: format!("https://files.example.org/{number}.pdf?signature=a%2Bb&until=1"),
        callback_url: format!("https://example.org/v1/fax/gateway_callback/?token={}", uuid(number + 1_000)),
    }
}

/// That is all that is known of it until the gateway reports.
pub async fn a_fax_is_taken(gateway: &impl FaxSender) {
    gateway.send(&fax(1)).await.expect("it is taken");
}

/// As after a crash: that is no error.
pub async fn the_same_fax_may_be_handed_over_again_with_another_link(gateway: &impl FaxSender) {
    for until in 1..4 {
        let pdf_url = format!("{}&again={until}", fax(1).pdf_url);
        gateway.send(&OutgoingFax { pdf_url, ..fax(1) }).await.expect("it is taken");
    }
}

/// However many there are.
pub async fn faxes_to_one_machine_are_all_taken(gateway: &impl FaxSender) {
    for number in 1..6 {
        gateway.send(&fax(number)).await.expect("it is taken");
    }
}
