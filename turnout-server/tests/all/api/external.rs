//! `/v1/registration/external/request/` (`http-api.md` 3.4), and the way back by the token it hands out (3.5).

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    address::State,
    election::{FieldType, StateInformation},
    ids::{FieldTypeId, InformationId},
    person::{Gender, Title},
    ports::{clock::Clock as _, store::Store as _, throttle::Quota},
    register::{Registration, Status},
};
use url::Url;
use uuid::Uuid;

use crate::support::{Answer, Partner, TestServer};

const EXTERNAL: &str = "/v1/registration/external/request/";

/// What a partner has to say of its user.
fn user() -> Value {
    json!({
        "first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main St", "city": "Lima", "state": "OH",
        "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org", "sms_opt_in": true,
    })
}

fn user_with(changes: &Value) -> Value {
    let mut user = user();
    for (name, value) in changes.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

async fn send(server: &TestServer, partner: &Partner, body: &Value) -> Answer {
    server.ask("POST", EXTERNAL).by(partner).json(body).send().await
}

/// The ids that the token of the button by mail leads to: the registration's and the action's.
async fn resumed(server: &TestServer, answer: &Answer) -> (String, String) {
    let body = answer.json();
    let buttons = body["buttons"].as_array().unwrap();
    let url: Url = buttons.last().unwrap()["url"].as_str().unwrap().parse().unwrap();
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert_eq!(query[0], ("skip_ovr".to_owned(), "true".to_owned()));
    assert_eq!(query[1].0, "token");
    let found = server.get(&format!("/v1/registration/resume_token/?token={}", query[1].1)).await;
    let found = found.json();
    (found["uuid"].as_str().unwrap().to_owned(), found["action_id"].as_str().unwrap().to_owned())
}

async fn begun(server: &TestServer, partner: &Partner, body: &Value) -> Registration {
    let answer = send(server, partner, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (uuid, _) = resumed(server, &answer).await;
    server.registration(&uuid).await
}

/// Facts of a state.
async fn say(server: &TestServer, state: State, facts: &[(&str, &str)]) {
    let now = server.clock.now();
    let mut unit = server.store.begin().await.unwrap();
    for (number, (slug, text)) in facts.iter().enumerate() {
        let number = 5_000 + 100 * state as u128 + number as u128;
        let kind = match unit.elections().field_type(slug).await.unwrap() {
            Some(kind) => kind.id,
            None => {
                let kind = FieldType {
                    id: FieldTypeId(Uuid::from_u128(number)),
                    slug: (*slug).into(),
                    long_name: (*slug).into(),
                    help_text: None,
                    format: None,
                    created_at: now,
                    modified_at: now,
                };
                unit.elections_mut().insert_field_type(&kind).await.unwrap();
                kind.id
            }
        };
        let fact = StateInformation {
            id: InformationId(Uuid::from_u128(number)),
            state,
            field_type: kind,
            text: (*text).into(),
            notes: String::new(),
            source: String::new(),
            checked_on: None,
            created_at: now,
            modified_at: now,
        };
        unit.elections_mut().insert_information(&fact).await.unwrap();
    }
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn a_state_with_a_link_offers_both_ways_and_the_rest_is_stored() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let user = user_with(&json!({
        "title": "Mrs", "middle_name": "King", "suffix": "Jr.", "address2": "Apt 2", "phone": "617-555-7890",
        "sms_opt_in_subscriber": true,
    }));
    let answer =
        server.ask("POST", &format!("{EXTERNAL}?subscriber=default")).by(&partner).json(&user).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    let (uuid, action) = resumed(&server, &answer).await;
    let body = answer.json();
    assert!(body["message_markdown"].as_str().unwrap().starts_with("# Register to vote in Ohio\n\n"));
    let ends = server.clock.now() + TimeDelta::minutes(60);
    assert_eq!(body["buttons"].as_array().unwrap().len(), 2);
    assert_eq!(
        body["buttons"][0],
        json!({
            "message_text": "Register online", "primary": true, "url": "https://example.org/ovr",
            "event_tracking": { "action": action, "event_type": "FinishExternal" },
        })
    );
    let by_mail = &body["buttons"][1];
    assert_eq!((&by_mail["message_text"], &by_mail["primary"]), (&json!("Register by mail"), &json!(false)));
    assert_eq!(by_mail["url_expiry"], json!(ends.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()));
    assert!(
        by_mail["url"]
            .as_str()
            .unwrap()
            .starts_with("http://localhost:8000/register-to-vote/resume/?skip_ovr")
    );
    assert_eq!(by_mail.as_object().unwrap().len(), 4);

    let stored = server.registration(&uuid).await;
    assert_eq!(stored.subscriber, Some(partner.subscriber), "the key's, whatever the address says");
    assert_eq!((stored.status, stored.us_citizen), (Status::Incomplete, Some(false)));
    assert_eq!((stored.name.title, stored.gender), (Some(Title::Mrs), Some(Gender::Female)));
    let texts = [&stored.name.first, &stored.name.middle, &stored.name.last, &stored.name.suffix];
    assert_eq!(texts.map(Option::as_deref), [Some("Ada"), Some("King"), Some("Lovelace"), Some("Jr.")]);
    let address =
        [&stored.address.address1, &stored.address.address2, &stored.address.city, &stored.address.zipcode];
    assert_eq!(
        address.map(Option::as_deref),
        [Some("1 Main St"), Some("Apt 2"), Some("Lima"), Some("45801")]
    );
    assert_eq!(stored.address.state, Some(State::Oh));
    assert_eq!(stored.phone.as_ref().map(ToString::to_string).as_deref(), Some("+16175557890"));
    assert_eq!((stored.sms_opt_in, stored.sms_opt_in_subscriber), (Some(true), Some(true)));
    assert_eq!(server.events(&action).await, [EventType::StartActionApi]);
    let kept = server.store.view().await.unwrap().actions().by_id(stored.action.unwrap()).await.unwrap();
    assert!(kept.unwrap().visible_to_subscriber, "though its plan is free");
    let jobs = server.jobs().await;
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!((job.kind.as_str(), job.subscriber), ("action.check_unfinished", Some(partner.subscriber)));
    assert_eq!(job.due_at, server.clock.now() + TimeDelta::seconds(900));
}

#[tokio::test]
async fn the_followed_link_is_reported_and_the_user_goes_on_by_mail() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let answer = send(&server, &partner, &user()).await;
    let (uuid, action) = resumed(&server, &answer).await;
    let event = answer.json()["buttons"][0]["event_tracking"].clone();
    assert_eq!(server.post("/v1/event/track/", &event).await.status, 201);
    assert_eq!(server.events(&action).await, [EventType::StartActionApi, EventType::FinishExternal]);
    let complete = json!({ "us_citizen": true, "is_18_or_over": true, "state_id_number": "QX4711" });
    let path = format!("/v1/registration/register/{uuid}/");
    let answer = server.ask("PATCH", &path).json(&complete).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn a_title_tells_the_gender_where_it_tells_one() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    for (title, gender) in [
        (json!("Mr"), Some(Gender::Male)),
        (json!("Mrs"), Some(Gender::Female)),
        (json!("Miss"), Some(Gender::Female)),
        (json!("Ms"), Some(Gender::Female)),
        (json!("Mx"), None),
    ] {
        let stored = begun(&server, &partner, &user_with(&json!({ "title": title }))).await;
        assert_eq!(stored.gender, gender, "{title}");
    }
    let stored = begun(&server, &partner, &user()).await;
    assert_eq!((stored.gender, stored.sms_opt_in_subscriber, stored.phone), (None, Some(false), None));
}

#[tokio::test]
async fn the_way_and_the_words_are_those_of_the_state() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    say(
        &server,
        State::Oh,
        &[
            ("id_requirements_ovr", "A card & \"it's\" <number>"),
            ("registration_ovr_directions", "Go *there*."),
        ],
    )
    .await;
    say(&server, State::Wy, &[("registration_directions", "Visit your clerk's office.")]).await;
    let ask =
        async |state: &str| send(&server, &partner, &user_with(&json!({ "state": state }))).await.json();

    let online = ask("OH").await["message_markdown"].as_str().unwrap().to_owned();
    assert!(online.contains("A card & \"it's\" <number>"), "{online}");
    assert!(online.ends_with("\n\n## How to register online\n\nGo *there*."), "{online}");

    let print = ask("MA").await;
    assert!(
        print["message_markdown"].as_str().unwrap().starts_with("# Register to vote in Massachusetts\n\n")
    );
    assert_eq!(print["buttons"].as_array().unwrap().len(), 1);
    assert_eq!(print["buttons"][0]["message_text"], "Register by mail");
    assert_eq!(
        (&print["buttons"][0]["primary"], &print["buttons"][0]["event_tracking"]),
        (&json!(true), &Value::Null)
    );

    for state in ["ND", "NH", "WY"] {
        assert_eq!(ask(state).await["buttons"], json!([]), "{state}");
    }
    let nobody = ask("WY").await["message_markdown"].clone();
    assert_eq!(nobody, "# Register to vote in Wyoming\n\nVisit your clerk's office.");

    let own = ask("CO").await;
    let url = own["buttons"][0]["url"].as_str().unwrap();
    assert!(url.starts_with("https://www.sos.state.co.us/") && url.contains("vrdid=7"), "{url}");
}

#[tokio::test]
async fn a_requirement_that_does_not_apply_is_left_out() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    for (state, text, code) in [(State::Oh, "n/A", "OH"), (State::Co, "", "CO")] {
        say(&server, state, &[("id_requirements_ovr", text)]).await;
        let body = send(&server, &partner, &user_with(&json!({ "state": code }))).await.json();
        let message = body["message_markdown"].as_str().unwrap();
        assert_eq!(message.split("\n\n").count(), 2, "{message}");
    }
}

#[tokio::test]
async fn every_field_is_complained_about_at_once() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let required = json!(["This field is required."]);
    let missing: serde_json::Map<String, Value> =
        user().as_object().unwrap().keys().map(|name| (name.clone(), required.clone())).collect();
    send(&server, &partner, &json!({ "extra": 1 })).await.is(400, &Value::Object(missing));
    let (long, mail) = ("x".repeat(257), format!("{}@example.org", "x".repeat(257)));
    let too_long = json!(["Ensure this field has no more than 256 characters."]);
    for (name, value, complaint) in [
        ("first_name", json!(null), json!(["This field may not be null."])),
        ("last_name", json!(" "), json!(["This field may not be blank."])),
        ("address1", json!(true), json!(["Not a valid string."])),
        ("city", json!("a\0b"), json!(["Null characters are not allowed."])),
        ("first_name", json!(long), too_long.clone()),
        ("middle_name", json!(long), too_long.clone()),
        ("suffix", json!(long), too_long.clone()),
        ("address2", json!(long), too_long.clone()),
        ("email", json!(mail), too_long.clone()),
        ("email", json!("ada"), json!(["Enter a valid email address."])),
        ("middle_name", json!(null), json!(["This field may not be null."])),
        ("suffix", json!(""), json!(["This field may not be blank."])),
        ("address2", json!(""), json!(["This field may not be blank."])),
        (
            "date_of_birth",
            json!("06/19/1990"),
            json!(["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]),
        ),
        ("state", json!("PR"), json!(["\"PR\" is not a valid choice."])),
        ("state", json!("oh"), json!(["\"oh\" is not a valid choice."])),
        ("state", json!(""), json!(["\"\" is not a valid choice."])),
        ("zipcode", json!("4580"), json!(["Zip codes are 5 digits"])),
        ("sms_opt_in", json!(false), json!(["Must be true"])),
        ("sms_opt_in", json!("maybe"), json!(["Must be a valid boolean."])),
        ("sms_opt_in_subscriber", json!(false), json!(["Must be true"])),
        ("title", json!("Mr."), json!(["\"Mr.\" is not a valid choice."])),
        ("phone", json!(6_175_557_890_u64), json!(["Enter a valid phone number."])),
        ("phone", json!("12"), json!(["Enter a valid phone number."])),
    ] {
        send(&server, &partner, &user_with(&json!({ name: value })))
            .await
            .is(400, &json!({ name: complaint }));
    }
    let most = begun(&server, &partner, &user_with(&json!({ "first_name": "x".repeat(256) }))).await;
    assert_eq!(most.name.first.unwrap().len(), 256);
    let longest =
        format!("{}@{}{}.org", "x".repeat(64), format!("{}.", "y".repeat(63)).repeat(2), "z".repeat(59));
    let stored = begun(&server, &partner, &user_with(&json!({ "email": longest }))).await;
    assert_eq!(stored.email.map(|email| email.len()), Some(256));
    assert_eq!(server.jobs().await.len(), 2, "a refused call stores nothing");
}

#[tokio::test]
async fn unknown_fields_are_refused_once_every_field_is_right() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let refusal = |text: &str| json!({ "non_field_errors": [text] });
    let gender = user_with(&json!({ "gender": "Female" }));
    send(&server, &partner, &gender).await.is(400, &refusal("Got unknown fields: {'gender'}"));
    let three = user_with(&json!({ "subscriber": null, "status": "Pending", "extra": 1 }));
    let names = refusal("Got unknown fields: {'extra', 'status', 'subscriber'}");
    send(&server, &partner, &three).await.is(400, &names);
    let form = "first_name=Ada&last_name=L&address1=1&city=Lima&state=OH&zipcode=45801&date_of_birth=1990-06-19\
                &email=ada%40example.org&sms_opt_in=on";
    let answer = server.ask("POST", EXTERNAL).by(&partner).form(&format!("{form}&utm_source=x")).send().await;
    answer.is(400, &refusal("Got unknown fields: {'utm_source'}"));
    assert_eq!(server.ask("POST", EXTERNAL).by(&partner).form(form).send().await.status, 200);
    let tennessee = user_with(&json!({ "state": "TN", "title": "Mx" }));
    send(&server, &partner, &tennessee).await.is(400, &refusal("Tennesee does not allow a title of Mx."));
    let other = user_with(&json!({ "state": "TN", "title": "Ms" }));
    assert_eq!(send(&server, &partner, &other).await.status, 200);
    assert_eq!(server.jobs().await.len(), 2);
}

#[tokio::test]
async fn a_token_ends_and_is_no_use_for_another_program() {
    let server = TestServer::new().await;
    let partner = server.partner(1).await;
    let answer = send(&server, &partner, &user()).await;
    let body = answer.json();
    let url: Url = body["buttons"][1]["url"].as_str().unwrap().parse().unwrap();
    let token = url.query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned();
    let path = format!("/v1/registration/resume_token/?token={token}");
    server.clock.advance(TimeDelta::seconds(3_630));
    assert_eq!(server.get(&path).await.status, 200);
    server.clock.advance(TimeDelta::seconds(1));
    server.get(&path).await.is(400, &json!({ "error": "Invalid token" }));
    assert!(server.work().await.is_empty());
}

#[tokio::test]
async fn two_partners_users_are_kept_apart() {
    let server = TestServer::new().await;
    let (first, second) = (server.partner(1).await, server.partner(2).await);
    for partner in [&first, &second] {
        let stored = begun(&server, partner, &user()).await;
        assert_eq!(stored.subscriber, Some(partner.subscriber));
    }
}

#[tokio::test]
async fn writes_are_counted_per_key_and_not_per_address() {
    let server = TestServer::with(|setup| {
        setup.settings.rate_limits.enabled = true;
        setup.settings.rate_limits.writes_per_address = Quota::per_minute(60, 2);
    })
    .await;
    let (first, second) = (server.partner(1).await, server.partner(2).await);
    for _ in 0..2 {
        assert_eq!(send(&server, &first, &json!({})).await.status, 400);
    }
    assert_eq!(send(&server, &first, &json!({})).await.status, 429);
    let elsewhere = server.ask("POST", EXTERNAL).by(&first).from("192.0.2.9:1").send().await;
    assert_eq!(elsewhere.status, 429);
    assert_eq!(send(&server, &second, &json!({})).await.status, 400);
}
