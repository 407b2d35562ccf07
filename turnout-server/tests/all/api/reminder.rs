//! `/v1/reminder/signup/`

use serde_json::{Value, json};
use turnout_core::{
    action::{
        EventType::{Donate, FinishExternal},
        Source,
    },
    address::State,
    ids::{ActionId, SubscriberId},
    ports::store::Store as _,
    reminder::ReminderRequest,
};
use uuid::Uuid;

use super::person::{bad_fields, minimum, with};
use crate::support::TestServer;

const SIGN_UP: &str = "/v1/reminder/signup/";

async fn stored(server: &TestServer, action: &Value) -> ReminderRequest {
    let id = ActionId::parse(action.as_str().unwrap()).unwrap();
    server.store.view().await.unwrap().reminders().by_action(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_request_is_kept_and_the_action_finished() {
    let server = TestServer::new().await;
    let more = json!({
        "address2": "Apt 2", "phone": "(617) 555-7890", "sms_opt_in": true, "sms_opt_in_subscriber": true,
        "utm_source": "newsletter", "embed_url": "https://example.org/page?email=x", "session_id": Uuid::from_u128(7),
        "age": "no field of this tool", "last_updated": "neither",
    });
    let answer = server.post(SIGN_UP, &with(minimum(), &more)).await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    let kept = stored(&server, &body["action_id"]).await;
    assert_eq!(kept.subscriber, Some(SubscriberId(Uuid::from_u128(1))));
    let voter = &kept.voter;
    assert_eq!(voter.name.full(), "Jose Rizal");
    assert_eq!(voter.address.state, Some(State::Oh));
    assert_eq!(voter.address.address2.as_deref(), Some("Apt 2"));
    assert_eq!(voter.phone.as_ref().map(|phone| phone.e164()), Some("+16175557890"));
    assert_eq!((voter.sms_opt_in, voter.sms_opt_in_subscriber), (Some(true), Some(true)));
    assert_eq!(voter.tracking.embed_url.as_deref(), Some("https://example.org/page"));
    assert_eq!(voter.tracking.session_id, Some(Uuid::from_u128(7)));
    assert_eq!(server.events(body["action_id"].as_str().unwrap()).await, []);
    assert_eq!(server.job_kinds().await, ["action.finish"]);
    let source = server.store.view().await.unwrap().actions().source(kept.action.unwrap()).await.unwrap();
    assert_eq!(source, Some(Source::Reminder(kept.id)));
    assert_eq!(server.work().await, [""; 0]);
}

#[tokio::test]
async fn what_may_be_null_or_blank_may_be() {
    let server = TestServer::new().await;
    let nulls =
        json!({"address1": null, "city": null, "date_of_birth": null, "email": null, "sms_opt_in": null});
    for change in [nulls, json!({"address1": "", "city": "", "email": ""})] {
        let answer = server.post(SIGN_UP, &with(minimum(), &change)).await;
        assert_eq!(answer.status, 200, "{change}: {}", answer.text());
        let kept = stored(&server, &answer.json()["action_id"]).await.voter;
        assert_eq!((kept.email, kept.sms_opt_in_subscriber), (None, Some(false)), "{change}");
    }
    server.work().await;
}

#[tokio::test]
async fn every_complaint_comes_at_once_and_nothing_is_stored() {
    let server = TestServer::new().await;
    let required = json!(["This field is required."]);
    let names = ["first_name", "last_name", "address1", "city", "state", "zipcode", "date_of_birth", "email"];
    let all: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), required.clone())).collect();
    server.post(SIGN_UP, &json!({})).await.is(400, &Value::Object(all));
    for (change, expected) in bad_fields() {
        server.post(SIGN_UP, &with(minimum(), &change)).await.is(400, &expected);
    }
    assert_eq!(server.jobs().await, []);
}

#[tokio::test]
async fn events_of_the_page_are_recorded_and_have_no_hook() {
    let server = TestServer::new().await;
    let change = json!({"initial_events": ["Donate", "FinishExternal"]});
    let answer = server.post(SIGN_UP, &with(minimum(), &change)).await;
    let action = answer.json()["action_id"].as_str().unwrap().to_owned();
    let mut events = server.events(&action).await;
    events.sort_unstable();
    assert_eq!(events, [FinishExternal, Donate]);
    assert_eq!(server.job_kinds().await, ["action.finish"]);
    server.work().await;
}

#[tokio::test]
async fn the_subscriber_is_the_one_named_or_the_first_and_nobody_in_the_body() {
    let server = TestServer::new().await;
    let body = with(minimum(), &json!({"subscriber": Uuid::from_u128(2), "action": "zz"}));
    for (query, subscriber, visible) in [
        ("", 1, true),
        ("?subscriber=free", 2, false),
        ("?subscriber=nobody", 1, true),
        ("?subscriber=", 1, true),
    ] {
        let answer = server.post(&format!("{SIGN_UP}{query}"), &body).await;
        let kept = stored(&server, &answer.json()["action_id"]).await;
        assert_eq!(kept.subscriber, Some(SubscriberId(Uuid::from_u128(subscriber))), "{query}");
        let action = server.store.view().await.unwrap().actions().by_id(kept.action.unwrap()).await.unwrap();
        assert_eq!(action.unwrap().visible_to_subscriber, visible, "{query}");
    }
    server.work().await;
}

#[tokio::test]
async fn a_form_is_taken_and_other_methods_and_addresses_are_not() {
    let server = TestServer::new().await;
    let form = "first_name=A&last_name=B&address1=&city=&state=OH&zipcode=45801&date_of_birth=&email=";
    let answer = server.ask("POST", SIGN_UP).form(form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kept = stored(&server, &answer.json()["action_id"]).await.voter;
    assert_eq!((kept.sms_opt_in, kept.date_of_birth), (Some(false), None));
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        let refused = server.ask(method, SIGN_UP).send().await;
        refused.is(405, &json!({"detail": format!("Method \"{method}\" not allowed.")}));
        assert_eq!(refused.headers["allow"], "POST, OPTIONS");
    }
    assert_eq!(server.get("/v1/reminder/").await.status, 404);
    server.work().await;
}

/// A form of a page of the book: where it leads, and its fields, each with whether it has to be filled in.
fn forms_of(page: &str) -> Vec<(String, Vec<(String, bool)>)> {
    let within = |text: &str, begin: &str| Some(text.split_once(begin)?.1.split('"').next()?.to_owned());
    let form = |text: &str| {
        let text = text.split("</form>").next().unwrap();
        let inputs = text.split("<input ").skip(1).map(|input| input.split('>').next().unwrap());
        let fields = inputs.map(|it| (within(it, "name=\"").unwrap(), it.ends_with(" required")));
        (within(text, "action=\"").unwrap_or_default(), fields.collect())
    };
    page.split("<form ").skip(1).map(form).collect()
}

#[tokio::test]
async fn the_forms_of_the_book_sign_up() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/embeds.md");
    let page = std::fs::read_to_string(page).unwrap();
    let forms = forms_of(&page);
    let [(action, live), (_, copied)] = &forms[..] else { panic!("{forms:?}") };
    let server = TestServer::new().await;
    let person = minimum();
    for fields in [live, copied] {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        for name in person.as_object().unwrap().keys() {
            assert!(names.contains(&name.as_str()), "{name} has to be named: {names:?}");
        }
    }
    let path = action.strip_prefix("http://localhost:8000").unwrap();
    assert!(path.starts_with(SIGN_UP) && page.contains(&format!("fetch(\"https://api.example.org{SIGN_UP}")));
    // all of it, and what a browser asks for alone
    for every in [true, false] {
        let value =
            |name: &str, has_to_be: bool| if every || has_to_be { person[name].clone() } else { json!("") };
        // as a browser sends the live one, from the book, whose origin reads no answers of ours
        let pairs = live.iter().map(|(name, has_to_be)| (name, value(name, *has_to_be)));
        let pairs = pairs.map(|(name, value)| (name, value.as_str().unwrap().to_owned()));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let ask = server.ask("POST", path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let ask = ask.header("origin", "http://localhost:9003").header("sec-fetch-site", "cross-site");
        let answer = ask.form(&body).send().await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        let kept = stored(&server, &answer.json()["action_id"]).await.voter;
        assert_eq!((kept.name.full().as_str(), kept.email.is_some()), ("Jose Rizal", every));
        // as the script of the other one sends it
        let null = |value: Value| if value == "" { Value::Null } else { value };
        let fields = copied.iter().map(|(name, has_to_be)| (name.clone(), null(value(name, *has_to_be))));
        let answer = server.post(SIGN_UP, &Value::Object(fields.collect())).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let kept = stored(&server, &answer.json()["action_id"]).await.voter;
        assert_eq!((kept.address.city.is_some(), kept.email.is_some()), (every, every));
    }
    server.work().await;
}
