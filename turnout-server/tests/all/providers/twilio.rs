//! Texts by Twilio, over real sockets: handed over, listed, and those that came in.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    conformance::{Guarded, texts::text},
    error::ProviderErrorKind,
    person::Phone,
    ports::{
        clock::Clock as _,
        sms::{OutgoingSms, SmsError, SmsLog as _, SmsSender as _},
    },
};
use turnout_server::{
    config::Secret,
    providers::{http_client::Reqwest, twilio::Twilio},
    system::SystemClock,
};

use crate::support::TwilioPeer;

fn twilio(peer: &TwilioPeer) -> Twilio {
    let (account, token, service) = TwilioPeer::keys();
    Twilio::new(Arc::new(Reqwest::new().unwrap()), &peer.origin(), account, token, service)
}

async fn carrier() -> Guarded<Twilio, TwilioPeer> {
    let peer = TwilioPeer::start().await;
    Guarded::new(twilio(&peer), peer)
}
turnout_core::sms_sender_conformance!(sender, carrier);
turnout_core::sms_log_conformance!(log, carrier);

fn beginning() -> DateTime<Utc> {
    SystemClock.now() - TimeDelta::minutes(1)
}

#[tokio::test]
async fn pictures_go_with_a_text_as_links() {
    let peer = TwilioPeer::start().await;
    let media = vec!["https://example.org/a.png?b=c&d".to_owned(), "https://example.org/e.png".to_owned()];
    twilio(&peer).send(&OutgoingSms { media: media.clone(), ..text(1) }).await.unwrap();
    let [sent] = peer.sent().try_into().unwrap();
    assert_eq!((sent.media, sent.body), (media, text(1).text));
}

#[tokio::test]
async fn what_twilio_does_not_take_is_refused_and_nothing_of_it_is_said() {
    let peer = TwilioPeer::start().await;
    let twilio = twilio(&peer);
    let long = OutgoingSms { text: "x".repeat(1_601), ..text(1) };
    let plain = OutgoingSms { receipt_url: Some("http://example.org/".into()), ..text(1) };
    for refused in [long, plain] {
        let Err(SmsError::NotSent(error)) = twilio.send(&refused).await else { panic!("it is refused") };
        let said = format!("{error} {error:?}");
        assert_eq!(error.kind, ProviderErrorKind::Rejected);
        assert!(!said.contains("617555") && !said.contains("xxx") && !said.contains("hush"), "{said}");
    }
    assert_eq!(peer.sent().len(), 0);
    let (account, _, service) = TwilioPeer::keys();
    let http = Arc::new(Reqwest::new().unwrap());
    let stranger = Twilio::new(http, &peer.origin(), account, Secret::new("no".into()), service);
    assert!(matches!(stranger.send(&text(1)).await, Err(SmsError::NotSent(_))));
    let error = stranger.sent_to(&text(1).to, beginning()).await.err().unwrap();
    assert_eq!(error.kind, ProviderErrorKind::Rejected);
}

#[tokio::test]
async fn a_text_that_was_taken_without_a_word_is_in_the_list_a_little_later() {
    let peer = TwilioPeer::start().await;
    let twilio = twilio(&peer);
    peer.lags(TimeDelta::milliseconds(600));
    peer.drops_answers(1);
    assert!(matches!(twilio.send(&text(1)).await, Err(SmsError::InDoubt(_))));
    assert!(twilio.sent_to(&text(1).to, beginning()).await.unwrap().is_empty());
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let listed = twilio.sent_to(&text(1).to, beginning()).await.unwrap();
    let [listed] = listed.as_slice() else { panic!("{} texts", listed.len()) };
    assert_eq!(listed.text.as_deref(), Some(text(1).text.as_str()));
    assert_eq!(listed.status.map(|status| status.wire()), Some("accepted"));
}

#[tokio::test]
async fn a_list_is_read_to_its_end_and_answers_to_voters_are_not_among_what_was_handed_over() {
    let peer = TwilioPeer::start().await;
    let twilio = twilio(&peer);
    for number in 0..10 {
        twilio.send(&OutgoingSms { to: text(1).to, ..text(number) }).await.unwrap();
        peer.replies("+16175557891", "You are unsubscribed.");
    }
    let listed = twilio.sent_to(&text(1).to, beginning()).await.unwrap();
    assert_eq!(listed.len(), 10);
    let now = SystemClock.now();
    assert!(listed.iter().all(|text| (now - text.at).num_seconds() < 60), "by its clock");
    // the password goes nowhere else
    peer.strays();
    let error = twilio.sent_to(&text(1).to, beginning()).await.err().unwrap();
    assert_eq!(error.kind, ProviderErrorKind::Unintelligible);
    for (answer, kind) in
        [((429, 20429), ProviderErrorKind::Throttled), ((503, 20503), ProviderErrorKind::Unreachable)]
    {
        peer.fails(&[answer]);
        let error = twilio.sent_to(&text(1).to, beginning()).await.err().unwrap();
        assert_eq!(error.kind, kind);
    }
}

#[tokio::test]
async fn texts_that_came_in_are_listed_with_their_senders() {
    let peer = TwilioPeer::start().await;
    let twilio = twilio(&peer);
    let ours = Phone::from_stored("+15005550006".into());
    for number in 0..7 {
        peer.comes_in(&format!("+1617555780{number}"), ours.e164(), "STOP");
    }
    peer.comes_in("+16175557809", "+15005550007", "to another number");
    twilio.send(&OutgoingSms { to: ours.clone(), ..text(1) }).await.unwrap();
    let mut received = twilio.received_by(&ours, beginning()).await.unwrap();
    received.sort_by_key(|text| text.from.clone());
    let senders: Vec<&str> = received.iter().map(|text| text.from.as_str()).collect();
    assert_eq!(senders.len(), 7);
    assert_eq!((senders[0], received[0].text.as_deref()), ("+16175557800", Some("STOP")));
    assert!(received.iter().all(|text| !text.carrier_id.is_empty()));
}
