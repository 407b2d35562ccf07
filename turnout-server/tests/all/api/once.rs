//! `Idempotency-Key`: one call, one effect, one answer (`docs/parity.md`: the original has no such header).

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    App,
    action::{EventType, Options},
    input::Input,
    jobs::schedule::PurgeFinished,
    keyed_call::{CallKey, IdsOfCall, Turn, begin},
    ports::store::Store as _,
    register,
};
use turnout_server::routes;

use crate::support::{Answer, Ask, TestServer, voter, voter_with};

const REGISTER: &str = "/v1/registration/register/";
const INCOMPLETE: &str = "/v1/registration/register/?incomplete=true";

fn keyed<'a>(server: &'a TestServer, path: &str, key: &str, body: &Value) -> Ask<'a> {
    server.ask("POST", path).header("idempotency-key", key).json(body)
}

#[track_caller]
fn problem(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status.as_u16(), body["status"].as_u64()), (status, Some(u64::from(status))));
    assert_eq!((body["type"].as_str(), body["title"].as_str()), (Some("about:blank"), Some(title)));
}

async fn events(server: &TestServer, answer: &Value) -> Vec<EventType> {
    server.events(answer["action_id"].as_str().unwrap()).await
}

#[test]
fn every_route_of_the_api_that_creates_something_takes_keys() {
    // these change or mail what is there, or are webhooks, whose senders know no such header
    let others = ["/v1/storage/reset/"];
    for route in routes::all().iter().filter(|it| it.access().is_api() && it.answers(&http::Method::POST)) {
        let is_webhook =
            ["/v1/smsbot/", "/v1/fax/", "/v1/integration/"].iter().any(|it| route.path().starts_with(it));
        assert_eq!(route.is_once(), !others.contains(&route.path()) && !is_webhook, "{}", route.path());
    }
}

#[tokio::test]
async fn a_repeated_call_has_one_effect_and_the_same_answer() {
    let server = TestServer::new().await;
    let (_, action) = server.begun().await;
    let address = json!({"unstructured_address": "1 Main St, Lima, OH"});
    let person = json!({"first_name": "Jose", "last_name": "Rizal", "address1": "1 Main St", "city": "Lima", "state": "OH",
                        "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "voter@example.org"});
    for (path, body) in [
        (INCOMPLETE, voter()),
        ("/v1/absentee/request/?incomplete=true", voter()),
        ("/v1/reminder/signup/", person),
        ("/v1/pollingplace/report/", address),
    ] {
        let first = keyed(&server, path, "a key", &body).send().await;
        assert_eq!(first.status, 200, "{}", first.text());
        let (jobs, happened) = (server.jobs().await.len(), events(&server, &first.json()).await);
        for key in ["a key", "\"a key\""] {
            let again = keyed(&server, path, key, &body).send().await;
            again.is(200, &first.json());
            assert_eq!(again.header("allow"), first.header("allow"));
        }
        assert_eq!(server.jobs().await.len(), jobs, "{path}");
        assert_eq!(events(&server, &first.json()).await, happened, "{path}");
        // without a key it is another call
        assert_ne!(server.post(path, &body).await.json()["action_id"], first.json()["action_id"]);
    }
    let event = json!({"action": action, "event_type": "Donate"});
    for _ in 0..3 {
        let body = json!({"action": action, "event_type": "Donate"});
        keyed(&server, "/v1/event/track/", "a key", &event).send().await.is(201, &body);
    }
    assert_eq!(server.events(&action).await, [EventType::Start, EventType::Donate]);
    server.work().await;
}

#[tokio::test]
async fn a_completed_registration_is_mailed_once_and_its_number_is_no_part_of_what_is_compared() {
    let server = TestServer::new().await;
    let body = voter_with(json!({"state": "CO", "zipcode": "80202"}));
    let first = keyed(&server, REGISTER, "k", &body).send().await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert!(first.json()["custom_ovr_link"].is_string());
    let other_number = voter_with(json!({"state": "CO", "zipcode": "80202", "state_id_number": "QX0815"}));
    keyed(&server, REGISTER, "k", &other_number).send().await.is(200, &first.json());
    assert_eq!(server.work().await.len(), 1);
    // the link holds what the voter said, and is made anew each time
    let stored = server.rows("SELECT CAST(body AS text) FROM keyed_call").await;
    assert_eq!(stored.len(), 1);
    for private in ["QX4711", "QX0815", "Rizal", "1990", "http"] {
        assert!(!stored[0].contains(private), "{private} in {}", stored[0]);
    }
}

#[tokio::test]
async fn the_same_key_with_something_else_in_it_is_refused() {
    let server = TestServer::new().await;
    let first = keyed(&server, INCOMPLETE, "k", &voter()).send().await;
    assert_eq!(first.status, 200);
    let title = "The Idempotency-Key is used already.";
    problem(
        &keyed(&server, INCOMPLETE, "k", &voter_with(json!({"city": "Toledo"}))).send().await,
        422,
        title,
    );
    problem(&keyed(&server, REGISTER, "k", &voter()).send().await, 422, title);
    // the order of the query and of the body says nothing
    let path = "/v1/registration/register/?match_region=true&incomplete=true";
    let turned = "/v1/registration/register/?incomplete=true&match_region=true";
    let one = keyed(&server, path, "l", &voter()).send().await;
    keyed(&server, turned, "l", &voter()).send().await.is(200, &one.json());
}

#[tokio::test]
async fn a_key_is_a_short_printable_text() {
    let server = TestServer::new().await;
    let long = "x".repeat(256);
    for key in ["", "\"\"", "a\tb", long.as_str()] {
        let answer = keyed(&server, INCOMPLETE, key, &voter()).send().await;
        problem(&answer, 400, "The Idempotency-Key is not valid.");
    }
    assert_eq!(keyed(&server, INCOMPLETE, &long[1..], &voter()).send().await.status, 200);
}

#[tokio::test]
async fn refused_calls_are_not_remembered() {
    let server = TestServer::new().await;
    let refused = keyed(&server, INCOMPLETE, "k", &voter_with(json!({"zipcode": "x"}))).send().await;
    refused.is(400, &json!({"zipcode": ["Zip codes are 5 digits"]}));
    let nothing = server.ask("POST", INCOMPLETE).header("idempotency-key", "k").body("application/json", "{");
    assert_eq!(nothing.send().await.status, 400);
    assert_eq!(keyed(&server, INCOMPLETE, "k", &voter()).send().await.status, 200);
    // nor is a failure
    server.outside.forms_are_broken.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(keyed(&server, REGISTER, "l", &voter()).send().await.status, 503);
    server.outside.forms_are_broken.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(keyed(&server, REGISTER, "l", &voter()).send().await.status, 200);
    server.work().await;
}

#[tokio::test]
async fn callers_do_not_meet_each_others_keys() {
    let server = TestServer::new().await;
    let (one, two) = (server.partner(1).await, server.partner(2).await);
    let mut body = voter_with(json!({"sms_opt_in": true}));
    for name in ["us_citizen", "is_18_or_over", "state_id_number"] {
        body.as_object_mut().unwrap().remove(name);
    }
    let path = "/v1/registration/external/request/";
    let mut told = Vec::new();
    for partner in [&one, &two, &one] {
        let ask = keyed(&server, path, "k", &body).header("authorization", &partner.header());
        let answer = ask.send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        told.push(answer.json()["buttons"][0]["event_tracking"]["action"].clone());
    }
    assert_ne!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
    for stored in server.rows("SELECT CAST(body AS text) FROM keyed_call").await {
        assert!(!stored.contains("token") && !stored.contains("http"), "{stored}");
    }
    let of = |slug: &str| format!("{INCOMPLETE}&subscriber={slug}");
    let default = keyed(&server, &of("default"), "k", &voter()).send().await.json();
    let free = keyed(&server, &of("free"), "k", &voter()).send().await.json();
    assert_ne!(default["uuid"], free["uuid"]);
}

#[tokio::test]
async fn a_call_is_forgotten_after_a_day() {
    let server = TestServer::new().await;
    let first = keyed(&server, INCOMPLETE, "k", &voter()).send().await.json();
    server.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(keyed(&server, INCOMPLETE, "k", &voter()).send().await.json(), first);
    server.clock.advance(TimeDelta::seconds(1));
    let mut unit = server.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&PurgeFinished {}.job(&server.app)).await.unwrap();
    unit.commit().await.unwrap();
    server.work().await;
    assert!(server.rows("SELECT 'one' FROM keyed_call").await.is_empty());
    assert_ne!(keyed(&server, INCOMPLETE, "k", &voter()).send().await.json()["uuid"], first["uuid"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_calls_at_the_same_time_with_one_key_one_has_an_effect() {
    let server = TestServer::new().await;
    let calls = (0..24).map(|_| async { keyed(&server, INCOMPLETE, "k", &voter()).send().await });
    let answers = futures_util::future::join_all(calls).await;
    let first = answers[0].json();
    for answer in &answers {
        answer.is(200, &first);
    }
    assert_eq!(server.rows("SELECT 'one' FROM register_registration").await.len(), 1);
    assert_eq!(events(&server, &first).await, [EventType::Start]);
}

#[tokio::test]
async fn a_call_is_made_to_its_end_though_its_caller_has_gone() {
    let server = TestServer::new().await;
    // the caller goes as soon as there is something to wait for
    let call = keyed(&server, REGISTER, "k", &voter()).send();
    assert!(tokio::time::timeout(Duration::ZERO, call).await.is_err());
    for tries in 0.. {
        if server.rows("SELECT 'one' FROM keyed_call WHERE status = 200").await.len() == 1 {
            break;
        }
        assert!(tries < 1000, "nobody goes on with it");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let answer = keyed(&server, REGISTER, "k", &voter()).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(server.rows("SELECT 'one' FROM register_registration").await.len(), 1);
    assert_eq!(server.work().await.len(), 1);
}

#[tokio::test]
async fn a_call_that_a_crash_broke_off_is_not_made_twice() {
    let server = TestServer::new().await;
    let sent = |body: &Value| {
        let input = Input::parse_json(body.to_string().as_bytes()).unwrap();
        [b"incomplete=true\n".as_slice(), &input.normalized()].concat()
    };
    let call = CallKey::new(&server.app, REGISTER, "slug:", "k", &sent(&voter()));
    let Ok(Turn::Yours { seed, .. }) = begin(&server.app, &call, TimeDelta::zero()).await else {
        panic!("it is new")
    };
    // the process that began it stored the registration, and went before it kept its answer
    let ids = Arc::new(IdsOfCall::new(&server.app, seed));
    let app = App { ids, ..server.app.clone() };
    let input = Input::parse_json(voter().to_string().as_bytes()).unwrap();
    let options = Options { incomplete: true, ..Options::default() };
    register::submit(&app, &input, &options).await.unwrap();
    let again = keyed(&server, INCOMPLETE, "k", &voter()).send().await;
    problem(&again, 409, "The call with this Idempotency-Key was broken off.");
    assert_eq!(server.rows("SELECT 'one' FROM register_registration").await.len(), 1);
}
