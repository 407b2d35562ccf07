//! How often who may do what (`docs/parity.md`: the original had no limits of its own).

use chrono::TimeDelta;
use serde_json::json;
use turnout_core::ports::throttle::Quota;

use crate::support::{Answer, TestServer, voter};

const RESET: &str = "/v1/storage/reset/";

async fn strict(proxies: &[&str]) -> TestServer {
    TestServer::with(|setup| {
        setup.settings.rate_limits.enabled = true;
        setup.settings.rate_limits.writes_per_address = Quota::per_minute(60, 2);
        setup.http.trusted_proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
    })
    .await
}

#[track_caller]
fn throttled(answer: &Answer, seconds: u32) {
    let text = format!("Request was throttled. Expected available in {seconds} seconds.");
    answer.is(429, &json!({ "detail": text }));
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()));
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
}

#[tokio::test]
async fn writes_are_counted_per_address_and_reads_are_not() {
    let server = strict(&[]).await;
    for _ in 0..2 {
        assert_eq!(server.ask("POST", RESET).send().await.status, 400);
    }
    throttled(&server.ask("POST", RESET).send().await, 1);
    throttled(&server.ask("POST", "/v1/event/track/").body("text/plain", "x").send().await, 1);
    for _ in 0..10 {
        assert_eq!(server.get("/v1/subscriber/id/default/").await.status, 200);
        assert_eq!(server.ask("OPTIONS", RESET).send().await.status, 200);
    }
    // what no handler takes is not counted
    let (wrong, other) = (server.ask("DELETE", RESET).send().await, "192.0.2.2:1");
    assert_eq!(wrong.status, 405);
    assert_eq!(server.ask("POST", RESET).from(other).send().await.status, 400);
    server.clock.advance(TimeDelta::seconds(1));
    assert_eq!(server.ask("POST", RESET).send().await.status, 400);
    throttled(&server.ask("POST", RESET).send().await, 1);
}

#[tokio::test]
async fn a_client_does_not_get_away_by_writing_headers() {
    let server = strict(&["10.0.0.0/8"]).await;
    for turn in 0..3 {
        let ask = server.ask("POST", RESET).header("x-forwarded-for", &format!("198.51.100.{turn}"));
        let answer = ask.header("cf-connecting-ip", &format!("198.51.100.{turn}")).send().await;
        assert_eq!(answer.status, if turn < 2 { 400 } else { 429 }, "{turn}");
    }
    // behind the proxy its last word counts, whatever the client wrote before it
    for turn in 0..3 {
        let said = format!("203.0.113.{turn}, 198.51.100.77");
        let ask = server.ask("POST", RESET).from("10.0.0.1:1").header("x-forwarded-for", &said);
        assert_eq!(ask.send().await.status, if turn < 2 { 400 } else { 429 }, "{turn}");
    }
    let other = server.ask("POST", RESET).from("10.0.0.1:1").header("x-forwarded-for", "198.51.100.78");
    assert_eq!(other.send().await.status, 400);
}

#[tokio::test]
async fn a_registration_is_completed_ten_times_an_hour_at_the_most() {
    let server = TestServer::with(|setup| setup.settings.rate_limits.enabled = true).await;
    let (uuid, _) = server.begun().await;
    let path = format!("/v1/registration/register/{uuid}/");
    for _ in 0..10 {
        assert_eq!(server.ask("PUT", &path).json(&voter()).send().await.status, 200);
    }
    let answer = server.ask("PUT", &path).json(&voter()).send().await;
    let text = "Request was throttled. Expected available in 360 seconds.";
    answer.is(429, &json!({ "detail": text }));
    assert_eq!(answer.header("retry-after"), Some("360"));
    let part = server.ask("PATCH", &format!("{path}?incomplete=true")).json(&json!({})).send().await;
    assert_eq!(part.status, 200);
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn a_new_link_is_given_five_times_an_hour_at_the_most() {
    let server = TestServer::with(|setup| setup.settings.rate_limits.enabled = true).await;
    let body = server.post("/v1/registration/register/", &voter()).await.json();
    let item = server.registration(body["uuid"].as_str().unwrap()).await.result_item.unwrap();
    for _ in 0..5 {
        assert_eq!(server.post(RESET, &json!({"id": item})).await.status, 201);
    }
    throttled(&server.post(RESET, &json!({"id": item})).await, 720);
    let mails = [vec!["file.new_link"; 5], vec!["register.form"]].concat();
    assert_eq!(server.work().await, mails);
}

#[tokio::test]
async fn what_vendors_report_is_never_turned_away_for_want_of_calls() {
    let server = strict(&[]).await;
    for path in [
        "/v1/integration/lob-letter-status/",
        "/v1/fax/gateway_callback/",
        "/v1/smsbot/twilio/",
        "/v1/smsbot/twilio-message-status/6a35d3b8-0001-4000-8000-000000000000/",
    ] {
        for _ in 0..4 {
            let answer = server.ask("POST", path).json(&json!({})).send().await;
            assert!([400, 403, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        }
    }
    // and counts against nobody
    assert_eq!(server.ask("POST", RESET).send().await.status, 400);
}

#[tokio::test]
async fn a_limited_route_says_how_often_it_may_be_called() {
    let server = strict(&[]).await;
    let first = server.ask("POST", RESET).send().await;
    assert_eq!(
        (first.header("ratelimit-policy"), first.header("ratelimit")),
        (Some("\"calls\";q=2;w=2"), None)
    );
    server.ask("POST", RESET).send().await;
    let refused = server.ask("POST", RESET).send().await;
    throttled(&refused, 1);
    assert_eq!(refused.header("ratelimit"), Some("\"calls\";r=0;t=1"));
    let read = server.get("/v1/subscriber/id/default/").await;
    assert_eq!(read.header("ratelimit-policy"), None);
    assert_eq!(TestServer::new().await.ask("POST", RESET).send().await.header("ratelimit-policy"), None);
}

#[tokio::test]
async fn nobody_has_us_write_to_one_person_without_end() {
    let server = TestServer::with(|setup| {
        setup.settings.rate_limits.enabled = true;
        setup.settings.rate_limits.sends_per_email = Quota::per_hour(2);
        setup.settings.rate_limits.sends_per_phone = Quota::per_hour(3);
    })
    .await;
    let path = "/v1/registration/register/";
    let to = |email: &str, phone: &str| crate::support::voter_with(json!({"email": email, "phone": phone}));
    for (email, phone, status) in [
        ("a@example.org", "(617) 555-7890", 200),
        ("A@example.org", "(617) 555-7890", 200),
        ("a@example.org", "(617) 555-7891", 429),
        ("b@example.org", "617-555-7890", 200),
        ("c@example.org", "617-555-7890", 429),
        ("c@example.org", "617-555-7892", 200),
    ] {
        let answer = server.post(path, &to(email, phone)).await;
        assert_eq!(answer.status, status, "{email} {phone}: {}", answer.text());
    }
    // what was refused was not stored, and what is not complete is not mailed
    assert_eq!(server.rows("SELECT 'one' FROM register_registration").await.len(), 4);
    let begun =
        server.post("/v1/registration/register/?incomplete=true", &to("a@example.org", "617-555-7890")).await;
    assert_eq!(begun.status, 200);
    assert_eq!(server.work().await.len(), 4);
}

#[tokio::test]
async fn advice_that_nobody_waits_for_is_left_out_where_there_was_too_much() {
    let server = TestServer::with(|setup| {
        setup.settings.rate_limits.enabled = true;
        setup.settings.rate_limits.sends_per_email = Quota::per_hour(3);
    })
    .await;
    for (tool, path) in [
        ("register", "/v1/registration/register/?incomplete=true"),
        ("absentee", "/v1/absentee/request/?incomplete=true"),
    ] {
        for _ in 0..2 {
            let begun = server.post(path, &voter()).await.json();
            let body = json!({"action": begun["action_id"], "event_type": "FinishExternal"});
            server.post(&format!("/v1/event/track/?tool={tool}"), &body).await.is(201, &body);
        }
    }
    server.clock.advance(TimeDelta::minutes(6));
    assert_eq!(server.work().await.len(), 3);
    // it is not postponed
    server.clock.advance(TimeDelta::hours(2));
    assert_eq!(server.work().await, [""; 0]);
}
