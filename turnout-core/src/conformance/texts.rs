//! What a [`SmsSender`] promises, and a [`SmsLog`] beside it.

use chrono::{DateTime, Utc};

use crate::{
    conformance::rows::uuid,
    ids::MessageId,
    person::Phone,
    ports::sms::{OutgoingSms, SmsLog, SmsSender},
};

/// A test for every case of a carrier of texts, which is opened without any.
#[macro_export]
macro_rules! sms_sender_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            texts,
            [
                a_text_is_taken_and_named,
                each_text_has_a_name_of_its_own,
                a_text_may_say_anything_and_have_pictures,
            ]
        );
    };
}

/// A test for every case of a carrier that has a list of its texts, too.
#[macro_export]
macro_rules! sms_log_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            texts,
            [
                a_text_that_was_taken_is_in_the_list_as_it_was_named,
                the_same_text_is_in_the_list_as_often_as_it_was_taken,
                a_number_that_got_none_has_none_in_the_list,
                the_list_holds_nothing_of_before,
            ]
        );
    };
}

/// A text with that number, to one of two telephones.
#[must_use]
pub fn text(number: u128) -> OutgoingSms {
    OutgoingSms {
        id: MessageId(uuid(number)),
        from: None,
        to: phone(number.is_multiple_of(2)),
        text: format!("Vote on day {number}."),
        media: Vec::new(),
        receipt_url: None,
    }
}

fn phone(is_even: bool) -> Phone {
    Phone::from_stored(if is_even { "+16175557890" } else { "+16175557891" }.into())
}

/// Before anything was sent.
const BEGINNING: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// By the name it is known in receipts and in the list.
pub async fn a_text_is_taken_and_named(carrier: &impl SmsSender) {
    let sent = carrier.send(&text(1)).await.expect("it is taken");
    assert!(!sent.carrier_id.is_empty());
}

/// Be it to the same number.
pub async fn each_text_has_a_name_of_its_own(carrier: &impl SmsSender) {
    let mut names = Vec::new();
    for number in 1..6 {
        names.push(carrier.send(&text(number)).await.expect("it is taken").carrier_id);
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5);
}

/// Signs of a form, of other scripts, and many of them.
pub async fn a_text_may_say_anything_and_have_pictures(carrier: &impl SmsSender) {
    for (number, words) in [(1, "a=b&c+d%20 ñ 👍\nSTOP"), (2, &*"x".repeat(1_600))] {
        let media = vec!["https://files.example.org/map.png?a=b&c=d".to_owned()];
        let receipt_url = Some("https://example.org/v1/smsbot/x/".to_owned());
        let text = OutgoingSms { text: words.into(), media, receipt_url, ..text(number) };
        carrier.send(&text).await.expect("it is taken");
    }
}

/// With its words.
pub async fn a_text_that_was_taken_is_in_the_list_as_it_was_named<C: SmsSender + SmsLog>(carrier: &C) {
    let words = "a=b&c+d%20 ñ 👍\nSTOP";
    let sent = carrier.send(&OutgoingSms { text: words.into(), ..text(1) }).await.expect("it is taken");
    carrier.send(&text(2)).await.expect("it is taken");
    let listed = carrier.sent_to(&text(1).to, BEGINNING).await.expect("a list");
    let [listed] = listed.as_slice() else { panic!("{} texts", listed.len()) };
    assert_eq!((listed.carrier_id.as_str(), listed.text.as_deref()), (sent.carrier_id.as_str(), Some(words)));
}

/// A carrier knows no text again.
pub async fn the_same_text_is_in_the_list_as_often_as_it_was_taken<C: SmsSender + SmsLog>(carrier: &C) {
    for _ in 0..3 {
        carrier.send(&text(1)).await.expect("it is taken");
    }
    assert_eq!(carrier.sent_to(&text(1).to, BEGINNING).await.expect("a list").len(), 3);
}

/// That is no error.
pub async fn a_number_that_got_none_has_none_in_the_list<C: SmsSender + SmsLog>(carrier: &C) {
    carrier.send(&text(1)).await.expect("it is taken");
    assert!(carrier.sent_to(&text(2).to, BEGINNING).await.expect("a list").is_empty());
    assert!(carrier.received_by(&text(2).to, BEGINNING).await.expect("a list").is_empty());
}

/// Far in the future nothing was sent yet.
pub async fn the_list_holds_nothing_of_before<C: SmsSender + SmsLog>(carrier: &C) {
    carrier.send(&text(1)).await.expect("it is taken");
    let future = "2999-01-01T00:00:00Z".parse().expect("a moment");
    assert!(carrier.sent_to(&text(1).to, future).await.expect("a list").is_empty());
}
