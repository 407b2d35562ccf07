//! `/v1/election/…`

use std::io::Read;

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{address::State, ports::store::Store};

use crate::support::TestServer;

const MOMENT: &str = "2026-11-03T12:00:00Z";
const BASE: &str = "topytestdetail_,topytesttag_123,topytestbuild_,topytestenv_pytest,topytestelection";

fn colorado() -> Value {
    json!({"code": "CO", "name": "Colorado", "state_information": [
        {"text": "https://example.org/ovr", "field_type": "external_tool_ovr", "modified_at": MOMENT},
        {"text": "True", "field_type": "vbm_universal", "modified_at": MOMENT, "value": true},
    ]})
}

fn ohio() -> Value {
    json!({"code": "OH", "name": "Ohio", "state_information": [
        {"text": "https://example.org/ovr", "field_type": "external_tool_ovr", "modified_at": MOMENT},
        {"text": "", "field_type": "vbm_universal", "modified_at": MOMENT, "value": false},
    ]})
}

#[tokio::test]
async fn states_are_listed_without_territories() {
    let server = TestServer::new().await;
    let listed = server.get("/v1/election/state/").await.json();
    let listed = listed.as_array().unwrap();
    let codes: Vec<&str> = listed.iter().map(|state| state["code"].as_str().unwrap()).collect();
    let expected: Vec<&str> =
        State::ALL.iter().filter(|state| !state.is_territory()).map(|state| state.code()).collect();
    assert_eq!(codes, expected);
    assert!(listed.contains(&colorado()) && listed.contains(&ohio()));
    server.get("/v1/election/state/CO/").await.is(200, &colorado());
    server.get("/v1/election/state/OH").await.is(200, &ohio());
    for code in ["PR", "co", "ZZ", "Colorado"] {
        let answer = server.get(&format!("/v1/election/state/{code}/")).await;
        answer.is(404, &json!({ "detail": "Not found." }));
    }
}

#[tokio::test]
async fn fields_are_listed_by_slug_and_shown_with_every_row() {
    let server = TestServer::new().await;
    let field = |slug: &str, format: Value| json!({"slug": slug, "long_name": format!("About {slug}"), "field_format": format});
    let (url, plain, boolean) = (
        field("external_tool_ovr", "URL".into()),
        field("plain", Value::Null),
        field("vbm_universal", "Boolean".into()),
    );
    server.get("/v1/election/field/").await.is(200, &json!([url, plain, boolean]));
    let mut detail = boolean;
    detail["states"] = json!([
        {"state": "CO", "text": "True", "modified_at": MOMENT, "value": true},
        {"state": "OH", "text": "", "modified_at": MOMENT, "value": false},
        {"state": "PR", "text": "", "modified_at": MOMENT, "value": false},
    ]);
    server.get("/v1/election/field/vbm_universal/").await.is(200, &detail);
    let mut empty = plain;
    empty["states"] = json!([]);
    server.get("/v1/election/field/plain/").await.is(200, &empty);
    for slug in ["unknown", "Plain", "VBM_UNIVERSAL"] {
        server.get(&format!("/v1/election/field/{slug}/")).await.is(404, &json!({ "detail": "Not found." }));
    }
}

#[tokio::test]
async fn every_answer_names_the_data_it_is_made_of() {
    let server = TestServer::new().await;
    let states: Vec<String> = State::ALL
        .iter()
        .filter(|state| !state.is_territory())
        .map(|state| format!("topytest{}", state.code().to_lowercase()))
        .collect();
    assert_eq!(states.len(), 51);
    let view = "topytestelectionapi_views";
    let state = |keys: &str| format!("{BASE},topyteststate,{view},{keys}");
    let ids = [21, 22, 23].map(|id| format!("topytest{}", uuid::Uuid::from_u128(id))).join(",");
    let fields = format!("{BASE},topyteststateinformationfieldtype,{view},{ids}");
    for (path, tags) in [
        ("/v1/election/state/", state(&states.join(","))),
        ("/v1/election/state/CO/", state("topytestco")),
        ("/v1/election/state/zz/", state("topytestzz")),
        ("/v1/election/field/", fields.clone()),
        ("/v1/election/field/plain/", fields.clone()),
        ("/v1/election/field/unknown/", fields),
    ] {
        for (method, accept) in
            [("GET", "*/*"), ("HEAD", "*/*"), ("POST", "*/*"), ("OPTIONS", "*/*"), ("GET", "text/html")]
        {
            let answer = server.ask(method, path).header("accept", accept).send().await;
            assert_eq!(answer.header("cache-tag"), Some(tags.as_str()), "{method} {path} {accept}");
        }
    }
}

#[tokio::test]
async fn every_site_may_read_what_was_found() {
    let server = TestServer::new().await;
    for path in
        ["/v1/election/state/", "/v1/election/state/CO/", "/v1/election/field/", "/v1/election/field/plain/"]
    {
        for (method, accept, expected) in [
            ("GET", "*/*", Some("*")),
            ("HEAD", "*/*", Some("*")),
            ("POST", "*/*", None),
            ("OPTIONS", "*/*", None),
            ("GET", "text/html", None),
        ] {
            let answer = server.ask(method, path).header("accept", accept).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), expected, "{method} {path} {accept}");
        }
    }
    let unknown = server.get("/v1/election/state/ZZ/").await;
    assert_eq!(unknown.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn finished_answers_are_kept_until_somebody_says_they_changed_or_a_minute_passes() {
    let server = TestServer::new().await;
    let text = || async {
        server.get("/v1/election/state/OH/").await.json()["state_information"][0]["text"].clone()
    };
    let change = |to: &'static str| async {
        let mut unit = server.store.begin().await.unwrap();
        let mut fact = unit.elections().information_of_state(State::Oh).await.unwrap().remove(0);
        fact.text = to.into();
        unit.elections_mut().update_information(&fact).await.unwrap();
        unit.commit().await.unwrap();
    };
    assert_eq!(text().await, "https://example.org/ovr");
    change("second").await;
    assert_eq!(text().await, "https://example.org/ovr");
    server.web.facts_changed();
    assert_eq!(text().await, "second");
    change("third").await;
    server.clock.advance(TimeDelta::seconds(61));
    assert_eq!(text().await, "third");
}

#[tokio::test]
async fn a_kept_answer_has_a_compressed_twin() {
    let server = TestServer::new().await;
    let mut unit = server.store.begin().await.unwrap();
    let mut fact = unit.elections().information_of_state(State::Oh).await.unwrap().remove(0);
    fact.text = "long ".repeat(1000);
    unit.elections_mut().update_information(&fact).await.unwrap();
    unit.commit().await.unwrap();
    let plain = server.get("/v1/election/state/").await;
    assert_eq!(
        (plain.header("content-encoding"), plain.header("vary")),
        (None, Some("Cookie, Origin, Accept-Encoding"))
    );
    let packed = server.ask("GET", "/v1/election/state/").header("accept-encoding", "br, gzip").send().await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("Cookie, Origin, Accept-Encoding"));
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.text());
    assert!(packed.body.len() * 5 < plain.body.len());
    let other = server.ask("GET", "/v1/election/state/").header("accept-encoding", "br").send().await;
    assert_eq!(other.header("content-encoding"), Some("br"));
    assert!(other.body.len() * 5 < plain.body.len());
}
