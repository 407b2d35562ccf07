//! `/v1/apikey/…`, and how every route for partners' programs refuses (`http-api.md` 1.2, 1.3 and 14).

use serde_json::json;
use turnout_core::{
    api_key,
    ports::{clock::Clock as _, store::Store as _},
    subscriber::SubscriberStatus,
};

use crate::support::{Answer, TestServer, basic};

const CHECK: &str = "/v1/apikey/check/";
const EXTERNAL: &str = "/v1/registration/external/request/";
const CHALLENGE: &str = r#"Basic realm="VoteAmerica API Key ID and Secret", charset="UTF-8""#;

#[track_caller]
fn refused(answer: &Answer, detail: &str) {
    answer.is(401, &json!({ "detail": detail }));
    assert_eq!(answer.header("www-authenticate"), Some(CHALLENGE));
    assert_eq!(answer.header("vary"), Some("Origin"));
    assert_eq!(answer.header("x-frame-options"), Some("SAMEORIGIN"));
    assert!(answer.header("cache-tag").is_some());
}

async fn check(server: &TestServer, header: &str) -> Answer {
    server.ask("GET", CHECK).header("authorization", header).send().await
}

#[tokio::test]
async fn a_key_says_whose_program_it_is() {
    let server = TestServer::new().await;
    let (first, second) = (server.partner(1).await, server.partner(2).await);
    for (partner, slug) in [(&first, "partner-1"), (&second, "partner-2")] {
        let id = partner.key.id.0;
        for header in [
            partner.header(),
            partner.header().replace("Basic", "bAsIc"),
            basic(&format!(" {id} "), &format!("\t{} ", partner.secret)),
            basic(&id.simple().to_string().to_uppercase(), &partner.secret),
        ] {
            let answer = check(&server, &header).await;
            answer.is(200, &json!({ "ok": true, "subscriber": slug }));
            assert_eq!(answer.header("vary"), Some("Origin"));
            assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
            assert_eq!(answer.header("www-authenticate"), None);
        }
    }
    let head = server.ask("HEAD", "/v1/apikey/check").by(&first).send().await;
    assert_eq!((head.status.as_u16(), head.text().as_str()), (200, ""));
    // the secret is lower-case hex of 32 bytes, and nothing like it is kept
    assert!(
        first.secret.len() == 64 && first.secret.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    );
    let kept = server.store.view().await.unwrap().api_keys().by_id(first.key.id).await.unwrap().unwrap();
    assert!(!format!("{kept:?}").contains(&first.secret));
    assert_ne!(kept.hash.0.map(|byte| format!("{byte:02x}")).concat(), first.secret);
}

#[tokio::test]
async fn whoever_shows_no_key_is_told_so_whatever_the_method_and_the_body() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let (id, secret) = (partner.key.id, &partner.secret);
    for path in [CHECK, EXTERNAL] {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
            let answer = server.ask(method, path).body("text/plain", "x").send().await;
            assert_eq!(answer.status, 401, "{method} {path}");
            assert_eq!(answer.header("www-authenticate"), Some(CHALLENGE), "{method} {path}");
        }
        let query = format!("{path}?key={id}&secret={secret}");
        refused(&server.get(&query).await, "Authentication credentials were not provided.");
    }
    for header in [
        "",
        "Basic",
        "Bearer abc",
        "Basic a b",
        "Basic ???",
        // "id" without a colon
        "Basic aWQ=",
        &format!("Token {id}:{secret}"),
    ] {
        refused(&check(&server, header).await, "Authentication credentials were not provided.");
    }
    assert_eq!(server.store.view().await.unwrap().api_keys().by_id(id).await.unwrap(), Some(partner.key));
}

#[tokio::test]
async fn a_key_that_is_none_and_a_secret_that_is_wrong_are_told_apart() {
    let server = TestServer::new().await;
    let (partner, other) = (server.partner(1).await, server.partner(2).await);
    let id = partner.key.id.to_string();
    for name in ["", "zz", "é", "00000000-0000-4000-8000-000000000000", &format!("{{{id}}}")] {
        refused(&check(&server, &basic(name, &partner.secret)).await, "No such API key");
    }
    let upper = partner.secret.to_uppercase();
    let more = format!("{}:x", partner.secret);
    for secret in ["", "x", "é\u{1F5F3}", &upper, &more, &other.secret, &partner.secret[..63]] {
        refused(&check(&server, &basic(&id, secret)).await, "Incorrect API key secret");
    }
}

#[tokio::test]
async fn a_key_opens_nothing_once_it_was_ended() {
    let server = TestServer::new().await;
    let (partner, other) = (server.partner(1).await, server.partner(2).await);
    assert_eq!(api_key::deactivate(&server.app, partner.key.id).await.unwrap(), api_key::Deactivated::Now);
    let since = server.clock.now();
    for path in [CHECK, EXTERNAL] {
        refused(&server.ask("GET", path).by(&partner).send().await, "No such API key");
    }
    // a wrong secret is not told either
    refused(&check(&server, &basic(&partner.key.id.to_string(), "x")).await, "No such API key");
    assert_eq!(check(&server, &other.header()).await.status, 200);
    server.clock.advance(chrono::TimeDelta::hours(1));
    let again = api_key::deactivate(&server.app, partner.key.id).await.unwrap();
    assert_eq!(again, api_key::Deactivated::Before(since));
}

#[tokio::test]
async fn a_key_opens_nothing_while_its_subscriber_is_disabled_or_has_no_access() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let header = partner.header();
    server.change_subscriber(partner.subscriber, |it| it.status = SubscriberStatus::Disabled).await;
    refused(&check(&server, &header).await, "No such API key");
    server
        .change_subscriber(partner.subscriber, |it| {
            it.status = SubscriberStatus::Active;
            it.has_api_access = false;
        })
        .await;
    refused(&check(&server, &header).await, "No such API key");
    server.change_subscriber(partner.subscriber, |it| it.has_api_access = true).await;
    assert_eq!(check(&server, &header).await.status, 200);
}

#[tokio::test]
async fn with_a_key_the_method_comes_before_the_body() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    for (path, methods, allow) in [
        (CHECK, &["POST", "PUT", "PATCH", "DELETE"][..], "GET, HEAD, OPTIONS"),
        (EXTERNAL, &["GET", "PUT", "PATCH", "DELETE"], "POST, OPTIONS"),
    ] {
        for method in methods {
            let answer = server.ask(method, path).by(&partner).body("text/plain", "x").send().await;
            answer.is(405, &json!({ "detail": format!("Method \"{method}\" not allowed.") }));
            assert_eq!(answer.header("allow"), Some(allow));
            assert_eq!(answer.header("vary"), Some("Origin"));
        }
        let described = server.ask("OPTIONS", path).by(&partner).send().await;
        assert_eq!((described.status.as_u16(), described.header("allow")), (200, Some(allow)));
    }
    let body = server.ask("POST", EXTERNAL).by(&partner).body("text/plain", "x").send().await;
    body.is(415, &json!({ "detail": "Unsupported media type \"text/plain\" in request." }));
}

#[tokio::test]
async fn what_is_negotiated_comes_before_the_key() {
    let server = TestServer::new().await;
    let html = server.ask("GET", CHECK).header("accept", "text/html").send().await;
    assert_eq!((html.status.as_u16(), html.header("www-authenticate")), (406, None));
    assert_eq!(server.get("/v1/apikey/check/?format=xml").await.status, 404);
    let preflight = server.ask("OPTIONS", CHECK).header("origin", "https://voteamerica.com");
    let preflight = preflight.header("access-control-request-method", "GET").send().await;
    assert_eq!(preflight.status, 200);
}

#[tokio::test]
async fn a_key_shown_elsewhere_changes_nothing() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let with = server.ask("GET", "/v1/subscriber/id/default/").by(&partner).send().await;
    let without = server.get("/v1/subscriber/id/default/").await;
    assert_eq!((with.status, with.body), (without.status, without.body));
}
