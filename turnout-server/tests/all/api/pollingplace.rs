//! `/v1/pollingplace/report/`

use serde_json::{Value, json};
use turnout_core::{
    action::EventType::FinishExternal,
    address::State,
    ids::{ActionId, RegionId, SubscriberId},
    polling_place::PollingPlaceLookup,
    ports::store::Store as _,
};
use uuid::Uuid;

use crate::support::TestServer;

const REPORT: &str = "/v1/pollingplace/report/";

async fn stored(server: &TestServer, action: &Value) -> PollingPlaceLookup {
    let id = ActionId::parse(action.as_str().unwrap()).unwrap();
    server.store.view().await.unwrap().polling_places().by_action(id).await.unwrap().unwrap()
}

/// What a locator answers about an address in Ohio.
fn located(county: &Value) -> Value {
    json!({"data": {
        "status": "SUCCESS", "county": county, "precinct_code": "7",
        "home_address": {
            "address_line_1": "1 Main St", "address_line_2": "Apt 2", "city": "Lima", "state": "OH", "zip": "45801",
        },
    }})
}

#[tokio::test]
async fn what_the_locator_answered_is_kept_and_googles_answer_is_not() {
    let server = TestServer::new().await;
    let body = json!({
        "unstructured_address": "1 Main St, Lima OH", "source_result": located(&json!(null)),
        "civic_status": "OK", "civic_result": {"pollingLocations": ["Xgoogle"]}, "utm_term": "place",
    });
    let answer = server.post(REPORT, &body).await;
    let said = answer.json();
    assert_eq!(answer.status, 200, "{said}");
    assert_eq!((&said["state_id"], said.as_object().unwrap().len()), (&json!("OH"), 2), "{said}");
    let kept = stored(&server, &said["action_id"]).await;
    assert_eq!(kept.subscriber, Some(SubscriberId(Uuid::from_u128(1))));
    assert_eq!(kept.unstructured_address.as_deref(), Some("1 Main St, Lima OH"));
    assert_eq!(kept.source_result, Some(located(&json!(null))));
    assert_eq!((kept.source_status.as_deref(), kept.civic_status.as_deref()), (Some("SUCCESS"), Some("OK")));
    assert_eq!((kept.address.state, kept.address.city.as_deref()), (Some(State::Oh), Some("Lima")));
    assert_eq!(kept.address.zipcode.as_deref(), Some("45801"));
    assert_eq!(kept.tracking.utm_term.as_deref(), Some("place"));
    assert_eq!(kept.sms_opt_in_subscriber, Some(false));
    assert_eq!(server.events(said["action_id"].as_str().unwrap()).await, []);
    assert_eq!(server.jobs().await, []);
}

#[tokio::test]
async fn the_region_of_the_address_is_told_where_that_is_on() {
    let server = TestServer::new().await;
    let report = async |county: Value| {
        let body = json!({"unstructured_address": "x", "source_result": located(&county)});
        server.post(REPORT, &body).await.json()
    };
    // a county of Ohio decides, however it is written, and nobody is asked
    for county in ["Allen", "ALLEN COUNTY"] {
        assert_eq!(report(json!(county)).await["region"]["external_id"], json!(1001), "{county}");
    }
    let region = report(json!("Wood")).await["region"].clone();
    assert_eq!(region, server.get("/v1/official/region/1002/").await.json());
    *server.outside.region.lock().unwrap() = Some(RegionId(1001));
    assert_eq!(
        report(json!("Nowhere")).await.get("region"),
        None,
        "a county that is no region ends the search"
    );
    // otherwise the address does
    for county in [json!(null), json!(""), json!(7)] {
        assert_eq!(report(county).await["region"]["external_id"], json!(1001));
    }
    server.switch("locator_region.OH", false).await;
    assert_eq!(report(json!("Allen")).await.get("region"), None);
    server.switch("locator_region.OH", true).await;
    server.switch("locator_region", false).await;
    assert_eq!(report(json!("Allen")).await.get("region"), None);
}

#[tokio::test]
async fn the_state_is_echoed_as_sent_and_stored_when_it_is_one() {
    let server = TestServer::new().await;
    *server.outside.region.lock().unwrap() = Some(RegionId(1001));
    for (sent, echoed, state, has_region) in [
        (json!("OH"), json!("OH"), Some(State::Oh), true),
        (json!("oh"), json!("oh"), None, true),
        (json!("ZZ"), json!("ZZ"), None, false),
        (json!(""), json!(""), None, false),
        (json!(7), json!(null), None, false),
        (json!(null), json!(null), None, false),
    ] {
        let result = json!({"data": {"home_address": {"state": sent}}});
        let body = json!({"unstructured_address": "x", "source_result": result});
        let said = server.post(REPORT, &body).await.json();
        assert_eq!((&said["state_id"], said.get("region").is_some()), (&echoed, has_region), "{sent}");
        assert_eq!(stored(&server, &said["action_id"]).await.address.state, state, "{sent}");
    }
}

#[tokio::test]
async fn a_result_of_any_shape_is_kept_and_its_odd_parts_count_as_absent() {
    let server = TestServer::new().await;
    for result in [
        json!(null),
        json!([]),
        json!("text"),
        json!(7),
        json!({}),
        json!({"data": null}),
        json!({"data": []}),
        json!({"data": {"home_address": "1 Main St", "status": 3, "county": {}}}),
        json!({"data": {"home_address": {"address_line_1": ["x"], "city": null, "zip": 45801}}}),
    ] {
        let body = json!({"unstructured_address": null, "source_result": result});
        let answer = server.post(REPORT, &body).await;
        let said = answer.json();
        assert_eq!((answer.status.as_u16(), &said["state_id"]), (200, &json!(null)), "{result}");
        let kept = stored(&server, &said["action_id"]).await;
        assert_eq!(kept.source_result.unwrap_or_default(), result);
        assert!(kept.address.is_empty() && kept.source_status.is_none(), "{result}");
    }
    let body = json!({"unstructured_address": "x", "source_status": "NOT_FOUND", "source_result": located(&json!(1))});
    let said = server.post(REPORT, &body).await.json();
    assert_eq!(stored(&server, &said["action_id"]).await.source_status.as_deref(), Some("NOT_FOUND"));
}

#[tokio::test]
async fn everything_else_is_refused_and_nothing_stored() {
    let server = TestServer::new().await;
    let blank = json!(["This field may not be blank."]);
    for (body, expected) in [
        (json!({}), json!({"unstructured_address": ["This field is required."]})),
        (json!({"unstructured_address": ""}), json!({"unstructured_address": blank})),
        (json!({"unstructured_address": []}), json!({"unstructured_address": ["Not a valid string."]})),
        (
            json!({"unstructured_address": "x", "source_status": "", "civic_status": " "}),
            json!({"source_status": blank, "civic_status": blank}),
        ),
        (
            json!({"unstructured_address": "x", "initial_events": ["Nonsense"]}),
            json!({"initial_events": {"0": ["\"Nonsense\" is not a valid choice."]}}),
        ),
    ] {
        server.post(REPORT, &body).await.is(400, &expected);
    }
    let form = server.ask("POST", REPORT).form("unstructured_address=x&source_result=%7B").send().await;
    form.is(400, &json!({"source_result": ["Value must be valid JSON."]}));
    let refused = server.get(REPORT).await;
    refused.is(405, &json!({"detail": "Method \"GET\" not allowed."}));
    assert_eq!(refused.headers["allow"], "POST, OPTIONS");
}

#[tokio::test]
async fn events_are_recorded_without_a_hook_under_the_subscriber_that_is_named() {
    let server = TestServer::new().await;
    let body = json!({"unstructured_address": "x", "initial_events": ["FinishExternal"], "subscriber": "zz"});
    let said = server.post(&format!("{REPORT}?subscriber=free"), &body).await.json();
    let kept = stored(&server, &said["action_id"]).await;
    assert_eq!(kept.subscriber, Some(SubscriberId(Uuid::from_u128(2))));
    assert_eq!(server.events(said["action_id"].as_str().unwrap()).await, [FinishExternal]);
    assert_eq!(server.jobs().await, []);
    let source = server.store.view().await.unwrap().actions().source(kept.action.unwrap()).await.unwrap();
    assert_eq!(source, None, "no follow-up finds it by its action");
}
