//! `/v1/smsbot/…` (`http-api.md` 15, `flows.md` 8).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha1::Sha1;
use turnout_core::{
    address::State,
    consent::{self, About, Choice, Mark, Origin, Scope, Standing},
    decision::{Channel, Purpose, Rule},
    error::{ProviderError, ProviderErrorKind},
    ids::{MessageId, UserId},
    jobs::JobState,
    person::Phone,
    ports::{sms::SmsError, store::Store as _},
    sms::{Direction, Message, MessageStatus, Number},
    switch::{self, SwitchName, SwitchValue},
};
use url::form_urlencoded;
use uuid::Uuid;

use crate::support::{Answer, Partner, TWILIO_TOKEN, TestServer};

const PHONE: &str = "+16175557890";
const INCOMING: &str = "/v1/smsbot/twilio/";
const EMPTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response />"#;
const STOPPED: &str = "You are unsubscribed, and get no texts from us. Reply JOIN to subscribe again.";
const AUTOREPLY: &str = "Nobody reads what is sent to this number. Reply HELP for help, STOP to unsubscribe.";

fn said(text: &str) -> String {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>{text}</Message></Response>"#)
}

/// What Twilio would sign a form with.
fn signature(token: &str, url: &str, fields: &[(&str, &str)]) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let text: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(format!("{url}{text}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A call of Twilio's.
async fn call(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let url = format!("{}{path}", server.app.settings.origins.primary);
    let signature = signature(TWILIO_TOKEN, &url, fields);
    server.ask("POST", path).header("x-twilio-signature", &signature).form(&form(fields)).send().await
}

/// A text of a voter's, and what is answered.
async fn text(server: &TestServer, body: &str, id: &str) -> String {
    let answer = call(server, INCOMING, &[("From", PHONE), ("Body", body), ("MessageSid", id)]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/xml")));
    answer.text()
}

fn phone() -> Phone {
    Phone::parse(PHONE).unwrap()
}

async fn number(server: &TestServer) -> Option<Number> {
    server.store.view().await.unwrap().messages().number(&phone()).await.unwrap()
}

async fn is_stopped(server: &TestServer) -> bool {
    number(server).await.unwrap().is_stopped()
}

async fn last_to(server: &TestServer) -> Option<Message> {
    server.store.view().await.unwrap().messages().last_to(&phone()).await.unwrap()
}

async fn set(server: &TestServer, name: &str, text: &str) {
    let name = SwitchName::parse(name).unwrap();
    switch::set(&server.app, name, Some(&SwitchValue::Text(text.into()))).await.unwrap();
}

async fn first_party(server: &TestServer) -> Partner {
    let partner = server.partner(1).await;
    server.change_subscriber(partner.subscriber, |it| it.is_first_party = true).await;
    partner
}

async fn opt(server: &TestServer, partner: &Partner, way: &str, body: &serde_json::Value) -> Answer {
    server.ask("POST", &format!("/v1/smsbot/opt-{way}/")).by(partner).json(body).send().await
}

/// A first-party program, at three in the afternoon of Boston.
async fn first_party_by_day(server: &TestServer) -> Partner {
    let day = server.app.now().date_naive().and_hms_opt(20, 0, 0).unwrap().and_utc();
    server.clock.advance(day - server.app.now());
    first_party(server).await
}

fn time(server: &TestServer, minutes: i64) -> String {
    (server.app.now() + TimeDelta::minutes(minutes)).to_rfc3339()
}

#[tokio::test]
async fn a_stop_is_noted_and_answered_with_the_operators_words_alone() {
    let server = TestServer::new().await;
    assert_eq!(text(&server, " Stop. ", "SM1").await, EMPTY);
    let stopped = number(&server).await.unwrap();
    assert_eq!((stopped.opted_out_at, stopped.opted_in_at), (Some(server.app.now()), None));
    set(&server, "smsbot.stop", "Bye & thanks").await;
    assert_eq!(text(&server, "UNSUBSCRIBE", "SM2").await, said("Bye &amp; thanks"));
    let answer = last_to(&server).await.unwrap();
    assert_eq!((answer.text.as_deref(), answer.direction), (Some("Bye & thanks"), Direction::Out));
    assert_eq!((answer.status, answer.carrier_id), (None, None));
}

#[tokio::test]
async fn every_word_of_the_contract_is_understood() {
    let server = TestServer::new().await;
    for (number, word) in ["STOP", "stopall", "Unsubscribe", "CANCEL", "end", "QUIT"].into_iter().enumerate()
    {
        text(&server, "JOIN", &format!("SMJ{number}")).await;
        assert!(!is_stopped(&server).await);
        text(&server, word, &format!("SMS{number}")).await;
        assert!(is_stopped(&server).await, "{word}");
    }
    let help = text(&server, "info", "SM1").await;
    assert!(help.contains("STOP"), "{help}");
    set(&server, "smsbot.help", "Call us.").await;
    assert_eq!(text(&server, "HELP", "SM2").await, said("Call us."));
    set(&server, "smsbot.join_success", "Welcome back.").await;
    assert_eq!(text(&server, "join", "SM3").await, said("Welcome back."));
    let joined = number(&server).await.unwrap();
    assert_eq!((joined.opted_out_at, joined.opted_in_at), (None, Some(server.app.now())));
}

#[tokio::test]
async fn anything_else_is_answered_once_in_a_while() {
    let server = TestServer::new().await;
    assert_eq!(text(&server, "Where do I vote?", "SM1").await, said(AUTOREPLY));
    assert_eq!(text(&server, "Hello?", "SM2").await, EMPTY);
    server.clock.advance(TimeDelta::minutes(719));
    assert_eq!(text(&server, "Hello?", "SM3").await, EMPTY);
    server.clock.advance(TimeDelta::minutes(1));
    assert_eq!(text(&server, "Hello?", "SM4").await, said(AUTOREPLY));
    // who has opted out gets other words, once as well
    text(&server, "STOP", "SM5").await;
    assert_eq!(text(&server, "Hello?", "SM6").await, said(STOPPED));
    assert_eq!(text(&server, "YES", "SM7").await, EMPTY);
    assert!(is_stopped(&server).await);
    let minutes = SwitchName::parse("smsbot.autoreply_throttle_minutes").unwrap();
    switch::set(&server.app, minutes, Some(&SwitchValue::Number(5))).await.unwrap();
    server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(text(&server, "Hello?", "SM8").await, said(STOPPED));
    server.switch("smsbot", false).await;
    server.clock.advance(TimeDelta::days(1));
    assert_eq!(text(&server, "Hello?", "SM9").await, EMPTY);
    assert_eq!(text(&server, "JOIN", "SM10").await, EMPTY);
    assert!(!is_stopped(&server).await, "what is asked for counts, be it answered or not");
}

#[tokio::test]
async fn a_text_that_comes_again_is_the_same_text() {
    let server = TestServer::new().await;
    text(&server, "JOIN", "SM1").await;
    text(&server, "STOP", "SM2").await;
    assert_eq!(text(&server, "JOIN", "SM1").await, EMPTY);
    assert!(is_stopped(&server).await);
    // of another number it is another text
    let other = [("From", "+16175557891"), ("Body", "HELP"), ("MessageSid", "SM1")];
    assert_ne!(call(&server, INCOMING, &other).await.text(), EMPTY);
    // without an id it never is
    for body in ["JOIN", "STOP", "JOIN"] {
        call(&server, INCOMING, &[("From", PHONE), ("Body", body)]).await;
        assert_eq!(is_stopped(&server).await, body == "STOP");
    }
}

#[tokio::test]
async fn of_one_text_that_comes_twice_at_once_one_is_answered() {
    let server = TestServer::new().await;
    let (one, other) = tokio::join!(text(&server, "HELP", "SM1"), text(&server, "HELP", "SM1"));
    assert_eq!([&one, &other].into_iter().filter(|it| *it == EMPTY).count(), 1, "{one} {other}");
}

#[tokio::test]
async fn who_is_no_number_is_not_answered_nor_stored_and_nobody_is_refused() {
    let server = TestServer::new().await;
    for from in ["VOTE", "12345", "+1", "' OR 1"] {
        let answer =
            call(&server, INCOMING, &[("From", from), ("Body", "STOP"), ("MessageSid", "SM1")]).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, EMPTY), "{from}");
    }
    for fields in [&[("Body", "STOP")][..], &[("From", "")]] {
        let answer = call(&server, INCOMING, fields).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (400, ""));
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    }
    let without_text = call(&server, INCOMING, &[("From", PHONE), ("MessageSid", "SM1")]).await;
    assert_eq!(without_text.text(), said(AUTOREPLY));
    let strange = call(&server, INCOMING, &[("From", PHONE), ("Body", "a\0b"), ("MessageSid", "\0")]).await;
    assert_eq!(strange.status, 200);
}

#[tokio::test]
async fn only_what_twilio_signed_is_believed() {
    let server = TestServer::new().await;
    let fields = [("Body", "STOP"), ("From", PHONE), ("MessageSid", "SM1")];
    let url = format!("{}{INCOMING}", server.app.settings.origins.primary);
    let right = signature(TWILIO_TOKEN, &url, &fields);
    let refused = |answer: &Answer| {
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (403, "Bad twilio signature"));
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    };
    let send = |path: &'static str, signature: String, body: String| {
        server.ask("POST", path).header("x-twilio-signature", &signature).form(&body).send()
    };
    refused(&server.ask("POST", INCOMING).form(&form(&fields)).send().await);
    for wrong in [String::new(), right.to_lowercase(), signature("another token", &url, &fields)] {
        refused(&send(INCOMING, wrong, form(&fields)).await);
    }
    refused(&send(INCOMING, right.clone(), form(&[("Body", "JOIN"), fields[1], fields[2]])).await);
    refused(&send("/v1/smsbot/twilio/?a=1", right.clone(), form(&fields)).await);
    let nothing = signature(TWILIO_TOKEN, &url, &[]);
    let json = json!({ "From": PHONE, "Body": "STOP" });
    refused(&server.ask("POST", INCOMING).header("x-twilio-signature", &nothing).json(&json).send().await);
    let parts = "--x\r\nContent-Disposition: form-data; name=\"From\"\r\n\r\n+16175557890\r\n--x--\r\n";
    let multipart = server.ask("POST", INCOMING).header("x-twilio-signature", &nothing);
    refused(&multipart.body("multipart/form-data; boundary=x", parts).send().await);
    assert_eq!(number(&server).await, None);
    let status = format!("/v1/smsbot/twilio-message-status/{}/", Uuid::from_u128(1));
    refused(&server.ask("POST", &status).form("MessageStatus=sent").send().await);

    // whichever host was asked for, without the port, with a query, without the slash
    let elsewhere = server.ask("POST", INCOMING).header("x-twilio-signature", &right);
    let elsewhere = elsewhere.header("host", "127.0.0.1:80").form(&form(&fields)).send().await;
    assert_eq!(elsewhere.status, 200);
    for path in ["/v1/smsbot/twilio/", "/v1/smsbot/twilio/?a=%20b", "/v1/smsbot/twilio"] {
        let bare = signature(TWILIO_TOKEN, &format!("http://localhost{path}"), &fields);
        assert_eq!(send(path, bare, form(&fields)).await.status, 200, "{path}");
    }
    let unset = TestServer::with(|setup| setup.http.twilio_token = None).await;
    let empty = signature("", &url, &fields);
    let answer = unset.ask("POST", INCOMING).header("x-twilio-signature", &empty);
    refused(&answer.form(&form(&fields)).send().await);
    server.get(INCOMING).await.is(405, &json!({ "detail": "Method \"GET\" not allowed." }));
}

#[tokio::test]
async fn receipts_say_how_far_an_answer_has_come_and_a_late_one_undoes_nothing() {
    let server =
        TestServer::with(|setup| setup.settings.origins.primary = "https://turnout.example.org".into()).await;
    let answer = text(&server, "HELP", "SM1").await;
    let id = last_to(&server).await.unwrap().id;
    let path = format!("/v1/smsbot/twilio-message-status/{id}/");
    assert!(answer.contains(&format!("<Message action=\"https://turnout.example.org{path}\">")), "{answer}");
    let report = async |status: &str| {
        let answer = call(&server, &path, &[("MessageSid", "SM9"), ("MessageStatus", status)]).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""), "{status}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        last_to(&server).await.unwrap()
    };
    assert_eq!(report("queued").await.status, Some(MessageStatus::Queued));
    let since = server.app.now();
    server.clock.advance(TimeDelta::seconds(5));
    let delivered = report("delivered").await;
    assert_eq!(
        (delivered.status, delivered.status_at),
        (Some(MessageStatus::Delivered), Some(server.app.now()))
    );
    server.clock.advance(TimeDelta::seconds(5));
    for late in ["sent", "queued", "undelivered", "failed", "delivered", "canceled", ""] {
        let kept = report(late).await;
        assert_eq!(kept.status, Some(MessageStatus::Delivered), "{late}");
        assert_eq!(kept.status_at, Some(since + TimeDelta::seconds(5)), "{late}");
    }
    assert_eq!(report("read").await.status, Some(MessageStatus::Read));
    assert_eq!(call(&server, &path, &[]).await.status, 200);
    let unknown = MessageId(Uuid::from_u128(1)).to_string();
    for id in [unknown.as_str(), "x", "no-id"] {
        let answer =
            call(&server, &format!("/v1/smsbot/twilio-message-status/{id}/"), &[("MessageStatus", "sent")])
                .await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (404, "Message id not found"), "{id}");
    }
}

#[tokio::test]
async fn only_programs_of_first_party_subscribers_opt_numbers_out_and_in() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    for way in ["out", "in"] {
        let path = format!("/v1/smsbot/opt-{way}/");
        let nobody = server.post(&path, &json!({ "phone": PHONE })).await;
        nobody.is(401, &json!({ "detail": "Authentication credentials were not provided." }));
        // before the body is looked at
        for body in ["{", "{}"] {
            let other = server.ask("POST", &path).by(&partner).body("application/json", body).send().await;
            assert_eq!((other.status.as_u16(), other.text().as_str()), (403, ""));
            assert_eq!(other.header("content-type"), None);
        }
        server
            .ask("GET", &path)
            .by(&partner)
            .send()
            .await
            .is(405, &json!({ "detail": "Method \"GET\" not allowed." }));
    }
    assert_eq!(number(&server).await, None);
    server.change_subscriber(partner.subscriber, |it| it.is_first_party = true).await;
    for way in ["out", "in"] {
        for (body, complaint) in [
            (json!({}), json!({ "phone": ["This field is required."] })),
            (
                json!({ "phone": "12", "time": null }),
                json!({ "phone": ["Enter a valid phone number."], "time": ["This field may not be null."] }),
            ),
            (
                json!({ "phone": PHONE, "time": "yesterday" }),
                json!({ "time": ["Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."] }),
            ),
        ] {
            opt(&server, &partner, way, &body).await.is(400, &complaint);
        }
    }
    assert_eq!(number(&server).await, None);
}

#[tokio::test]
async fn who_opts_in_is_greeted_once_and_never_while_stopped() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    let body = json!({ "phone": "(617) 555-7890" });
    let answer = opt(&server, &partner, "in", &body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text().as_str(), answer.header("content-type")),
        (200, "", None)
    );
    server.work().await;
    let [greeting] = server.texts.take().try_into().unwrap_or_else(|_| panic!("one text"));
    assert_eq!(greeting.to, phone());
    assert!(greeting.text.contains("STOP"), "{}", greeting.text);
    let joined = number(&server).await.unwrap();
    assert_eq!((joined.welcomed_at, joined.opted_in_at), (Some(server.app.now()), Some(server.app.now())));
    let sent = last_to(&server).await.unwrap();
    assert_eq!((sent.id, sent.status), (greeting.id, Some(MessageStatus::Accepted)));
    assert!(sent.carrier_id.is_some());

    for way in ["in", "out", "in"] {
        server.clock.advance(TimeDelta::minutes(1));
        assert_eq!(opt(&server, &partner, way, &body).await.status, 200);
        assert_eq!(is_stopped(&server).await, way == "out");
        server.work().await;
        assert_eq!(server.texts.take().len(), 0, "{way}");
    }

    // who was stopped before we ever greeted them is not greeted
    let other = json!({ "phone": "+16175557891" });
    for way in ["out", "in"] {
        server.clock.advance(TimeDelta::minutes(1));
        assert_eq!(opt(&server, &partner, way, &other).await.status, 200);
    }
    server.work().await;
    assert_eq!(server.texts.take().len(), 0);
    let phone = Phone::parse("+16175557891").unwrap();
    let number = server.store.view().await.unwrap().messages().number(&phone).await.unwrap().unwrap();
    assert!(!number.is_stopped() && number.welcomed_at.is_none());
}

#[tokio::test]
async fn who_opts_in_by_night_is_greeted_in_the_morning_unless_stopped_by_then() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    // 23:00 in Boston
    server.clock.advance(TimeDelta::hours(8));
    opt(&server, &partner, "in", &json!({ "phone": PHONE })).await;
    opt(&server, &partner, "in", &json!({ "phone": "+16175557891" })).await;
    server.work().await;
    assert_eq!(server.texts.take().len(), 0);
    let held = last_to(&server).await.unwrap();
    assert_eq!((held.purpose, held.status), (Some(Purpose::Welcome), None));
    assert_eq!(held.rule, Some(Rule::StateHours(State::Ma)));
    assert_eq!(held.held_until, Some(server.app.now() + TimeDelta::hours(9)));
    opt(&server, &partner, "out", &json!({ "phone": "+16175557891" })).await;
    server.clock.advance(TimeDelta::hours(9) - TimeDelta::seconds(1));
    server.work().await;
    assert_eq!(server.texts.take().len(), 0);
    server.clock.advance(TimeDelta::seconds(1));
    server.work().await;
    let [greeting] = server.texts.take().try_into().unwrap_or_else(|_| panic!("one text"));
    assert_eq!(greeting.to, phone());
    let sent = last_to(&server).await.unwrap();
    assert_eq!((sent.id, sent.status), (greeting.id, Some(MessageStatus::Accepted)));
    assert_eq!((sent.rule, sent.decided_at), (Some(Rule::StateHours(State::Ma)), Some(server.app.now())));
    let other = Phone::parse("+16175557891").unwrap();
    let refused = server.store.view().await.unwrap().messages().last_to(&other).await.unwrap().unwrap();
    assert_eq!((refused.rule, refused.status), (Some(Rule::Stopped), Some(MessageStatus::Failed)));
}

#[tokio::test]
async fn every_yes_and_no_is_in_the_ledger_whatever_its_order() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    opt(&server, &partner, "in", &json!({ "phone": PHONE, "time": time(&server, -30) })).await;
    text(&server, "Por favor, no me envíen más mensajes", "SM1").await;
    assert!(is_stopped(&server).await);
    // what is late is kept, and changes nothing
    opt(&server, &partner, "in", &json!({ "phone": PHONE, "time": time(&server, -10) })).await;
    assert!(is_stopped(&server).await);
    let entries = server.store.view().await.unwrap().consents().of(Channel::Sms, PHONE).await.unwrap();
    let said: Vec<_> = entries.iter().map(|entry| (entry.mark.choice, entry.origin, entry.mark.at)).collect();
    let now = server.app.now();
    assert_eq!(
        said,
        [
            (Choice::Granted, Origin::Program, now - TimeDelta::minutes(30)),
            (Choice::Granted, Origin::Program, now - TimeDelta::minutes(10)),
            (Choice::Stopped, Origin::Text, now),
        ]
    );
    assert_eq!(entries[2].text.as_deref(), Some("Por favor, no me envíen más mensajes"));
    assert_eq!(entries[2].language.as_ref().map(ToString::to_string).as_deref(), Some("es"));
    let marks: Vec<Mark> = entries.iter().map(|entry| entry.mark).collect();
    assert_eq!(Standing::of(&marks, None, Purpose::Reminder, now), Standing::Stopped);
    // taken back by somebody who was asked to, on paper
    let about = About::read(Channel::Sms, PHONE, Scope::All).unwrap();
    let staff = UserId(Uuid::from_u128(0x57aff));
    let taken = consent::undo(&server.app, staff, &about, "asked by letter").await.unwrap();
    assert_eq!((taken.choice, taken.at), (Choice::Stopped, now));
    assert!(!is_stopped(&server).await);
    let entries = server.store.view().await.unwrap().consents().of(Channel::Sms, PHONE).await.unwrap();
    assert_eq!(entries.len(), 4);
    let undone = entries.iter().find(|entry| entry.origin == Origin::Staff).unwrap();
    assert_eq!((undone.mark.choice, undone.context.as_deref()), (Choice::Withdrawn, Some("asked by letter")));
    let marks: Vec<Mark> = entries.iter().map(|entry| entry.mark).collect();
    assert_eq!(Standing::of(&marks, None, Purpose::Reminder, now), Standing::Granted);
    server.work().await;
    assert_eq!(server.texts.take().len(), 1, "the greeting of before the stop goes after all");
}

#[tokio::test]
async fn a_number_that_is_stopped_before_its_text_goes_out_is_not_texted() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    opt(&server, &partner, "in", &json!({ "phone": PHONE })).await;
    assert_eq!(text(&server, "STOP", "SM1").await, EMPTY);
    server.work().await;
    assert_eq!(server.texts.take().len(), 0);
    assert_eq!(last_to(&server).await.unwrap().status, Some(MessageStatus::Failed));
}

#[tokio::test]
async fn the_newest_word_counts_whoever_brings_it_late() {
    let server = TestServer::new().await;
    let partner = first_party(&server).await;
    // nobody has heard of the number yet; it is remembered that it does not want texts
    opt(&server, &partner, "out", &json!({ "phone": PHONE, "time": time(&server, -10) })).await;
    assert!(is_stopped(&server).await);
    for (way, minutes, stopped) in [
        ("in", -11, true), // older than the stop
        ("in", -10, true), // at the same moment the stop counts
        ("in", -8, false),
        ("out", -9, false), // older than the start
        ("out", -8, true),
        ("in", -6, false),
        ("in", -7, false), // older than the same: nothing changes
    ] {
        opt(&server, &partner, way, &json!({ "phone": PHONE, "time": time(&server, minutes) })).await;
        assert_eq!(is_stopped(&server).await, stopped, "{way} {minutes}");
    }
    assert_eq!(number(&server).await.unwrap().opted_in_at, Some(server.app.now() - TimeDelta::minutes(6)));
    // a moment that has not come yet keeps nobody from stopping
    opt(&server, &partner, "in", &json!({ "phone": PHONE, "time": time(&server, 60) })).await;
    assert_eq!(number(&server).await.unwrap().opted_in_at, Some(server.app.now()));
    text(&server, "STOP", "SM1").await;
    assert!(is_stopped(&server).await);
    server.work().await;
    assert_eq!(server.texts.take().len(), 0);
}

#[tokio::test]
async fn what_was_said_before_a_greeting_is_left_aside() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    opt(&server, &partner, "in", &json!({ "phone": PHONE })).await;
    server.work().await;
    assert_eq!(server.texts.take().len(), 1);
    for way in ["out", "in"] {
        opt(&server, &partner, way, &json!({ "phone": PHONE, "time": time(&server, -1) })).await;
        let kept = number(&server).await.unwrap();
        assert_eq!((kept.opted_in_at, kept.opted_out_at), (Some(server.app.now()), None), "{way}");
    }
}

#[tokio::test]
async fn a_text_is_tried_again_only_when_it_has_not_left() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    let away = || ProviderError::new("carrier", ProviderErrorKind::Throttled);
    server.texts.fail_next(SmsError::NotSent(away()));
    opt(&server, &partner, "in", &json!({ "phone": PHONE })).await;
    server.work().await;
    assert_eq!((server.texts.take().len(), last_to(&server).await.unwrap().status), (0, None));
    server.clock.advance(TimeDelta::minutes(3));
    server.work().await;
    assert_eq!(server.texts.take().len(), 1);

    server.texts.fail_next(SmsError::InDoubt(away()));
    let other = json!({ "phone": "+16175557891" });
    opt(&server, &partner, "in", &other).await;
    server.work().await;
    server.clock.advance(TimeDelta::days(1));
    server.work().await;
    assert_eq!(server.texts.take().len(), 0);
    let dead: Vec<_> = server.jobs().await.into_iter().filter(|job| job.state == JobState::Dead).collect();
    let [job] = dead.try_into().unwrap_or_else(|_| panic!("one dead job"));
    assert!(job.last_error.as_deref().unwrap().contains("may have been sent"), "{:?}", job.last_error);
    let mut unit = server.store.begin().await.unwrap();
    assert!(unit.jobs_mut().cancel(job.id, server.app.now()).await.unwrap());
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn who_has_opted_out_at_the_carrier_is_stopped_here_too() {
    let server = TestServer::new().await;
    let partner = first_party_by_day(&server).await;
    server.texts.fail_next(SmsError::Stopped);
    opt(&server, &partner, "in", &json!({ "phone": PHONE })).await;
    server.work().await;
    assert!(is_stopped(&server).await);
    assert_eq!(last_to(&server).await.unwrap().status, Some(MessageStatus::Failed));
}
