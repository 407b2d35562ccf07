//! `/v1/registration/…`

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType::{Finish, FinishExternal, Start},
    ids::{ActionId, RegionId},
    register::{Status, resume},
};

use crate::support::{TestServer, voter, voter_with, voter_without};

const REGISTER: &str = "/v1/registration/register/";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";
const REQUIRED: &str = "This field is required.";
const NOT_NULL: &str = "This field may not be null.";
const NOT_BLANK: &str = "This field may not be blank.";
const MINIMUM: [&str; 8] =
    ["first_name", "last_name", "address1", "city", "state", "zipcode", "date_of_birth", "email"];
const NATIONAL: [&str; 3] = ["us_citizen", "is_18_or_over", "state_id_number"];

fn not_found() -> Value {
    json!({ "detail": "Not found." })
}

fn under(name: &str, message: &str) -> Value {
    json!({ name: [message] })
}

#[tokio::test]
async fn a_complete_registration_gets_its_form_and_what_follows() {
    let server = TestServer::new().await;
    let answer = server
        .post(REGISTER, &voter_with(json!({"middle_name": "Protacio", "initial_events": ["Finish"]})))
        .await;
    let body = answer.json();
    let (uuid, action) = (body["uuid"].as_str().unwrap(), body["action_id"].as_str().unwrap());
    let expected = json!({
        "uuid": uuid, "action_id": action, "custom_ovr_link": null,
        "allow_print_and_forward": true, "request_mailing_deliverable": null,
    });
    answer.is(200, &expected);
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    assert_eq!(answer.header("vary"), Some("Cookie, Origin"));

    let stored = server.registration(uuid).await;
    assert_eq!(stored.status, Status::Pending);
    assert_eq!(stored.name.middle.as_deref(), Some("Protacio"));
    assert!(stored.result_item.is_some());
    assert_eq!(server.events(action).await, [Finish]);
    let kinds = server.job_kinds().await;
    let expected = [
        "action.check_unfinished",
        "action.finish",
        "file.discard_unclaimed",
        "register.notify",
        "register.remind",
    ];
    assert_eq!(kinds, expected);
    // the number is on the paper and nowhere else
    assert!(server.outside.filled.lock().unwrap().iter().any(|(_, text)| text == "QX4711"));
    assert!(!format!("{stored:?}").contains("QX4711"));
    assert!(server.jobs().await.iter().all(|job| !job.payload.to_string().contains("QX4711")));
    assert!(!answer.text().contains("QX4711"));
    assert_eq!(server.work().await, ["register.form"]);
    assert_eq!(server.registration(uuid).await.status, Status::SentPdf);
}

#[tokio::test]
async fn an_incomplete_registration_is_begun_and_looked_at_later() {
    let server = TestServer::new().await;
    let mut part = voter();
    for name in NATIONAL {
        part.as_object_mut().unwrap().remove(name);
    }
    let answer = server.post("/v1/registration/register/?incomplete=true", &part).await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert_eq!(server.registration(body["uuid"].as_str().unwrap()).await.status, Status::Incomplete);
    assert_eq!(server.events(body["action_id"].as_str().unwrap()).await, [Start]);
    let jobs = server.jobs().await;
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].kind, "action.check_unfinished");
    assert_eq!(jobs[0].due_at - jobs[0].created_at, TimeDelta::seconds(900));
}

#[tokio::test]
async fn only_the_exact_text_true_switches_on() {
    let server = TestServer::new().await;
    let part = voter_without("us_citizen");
    for query in ["", "?incomplete", "?incomplete=True", "?incomplete=1", "?incomplete=true&incomplete=false"]
    {
        let answer = server.post(&format!("{REGISTER}{query}"), &part).await;
        answer.is(400, &under("us_citizen", REQUIRED));
    }
    let last = server.post("/v1/registration/register/?incomplete=no&incomplete=true", &part).await;
    assert_eq!(last.status, 200);
}

#[tokio::test]
async fn every_missing_field_is_named_at_once() {
    let server = TestServer::new().await;
    let all: Value =
        MINIMUM.iter().chain(&NATIONAL).map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    server.post(REGISTER, &json!({})).await.is(400, &all);
    let minimum: Value = MINIMUM.iter().map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    server.post("/v1/registration/register/?incomplete=true", &json!({})).await.is(400, &minimum);
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn each_field_refuses_what_its_kind_refuses() {
    let server = TestServer::new().await;
    let date = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
    let choice = |text: &str| format!("\"{text}\" is not a valid choice.");
    let phone = "Enter a valid phone number.";
    let email = "Enter a valid email address.";
    let boolean = "Must be a valid boolean.";
    for name in MINIMUM.iter().chain(&NATIONAL) {
        let answer = server.post(REGISTER, &voter_with(json!({ *name: null }))).await;
        answer.is(400, &under(name, NOT_NULL));
    }
    for (name, value, message) in [
        ("first_name", json!(""), NOT_BLANK),
        ("first_name", json!(" \r\n"), NOT_BLANK),
        ("first_name", json!(true), "Not a valid string."),
        ("first_name", json!(["x"]), "Not a valid string."),
        ("first_name", json!({"x": 1}), "Not a valid string."),
        ("first_name", json!("a\u{0}b"), "Null characters are not allowed."),
        ("suffix", json!(""), NOT_BLANK),
        ("zipcode", json!("1234"), "Zip codes are 5 digits"),
        ("zipcode", json!("12345-6789"), "Zip codes are 5 digits"),
        ("zipcode", json!(""), NOT_BLANK),
        ("mailing_zipcode", json!("x"), "Zip codes are 5 digits"),
        ("mailing_zipcode", json!(null), NOT_NULL),
        ("state", json!("ZZ"), &choice("ZZ")),
        ("state", json!("oh"), &choice("oh")),
        ("state", json!(""), &choice("")),
        ("state", json!(5), &choice("5")),
        ("state", json!(["CA"]), &choice("['CA']")),
        ("previous_state", json!(null), NOT_NULL),
        ("mailing_state", json!({}), &choice("{}")),
        ("date_of_birth", json!(""), date),
        ("date_of_birth", json!("06/19/1990"), date),
        ("date_of_birth", json!("1990-02-30"), date),
        ("date_of_birth", json!("1990-06-19T00:00:00"), date),
        ("date_of_birth", json!(19900619), date),
        ("email", json!(""), NOT_BLANK),
        ("email", json!("nobody"), email),
        ("email", json!("a@b"), email),
        ("phone", json!("123"), phone),
        ("phone", json!(6_175_557_890_u64), phone),
        ("phone", json!(true), phone),
        ("phone", json!(null), NOT_NULL),
        ("us_citizen", json!(false), "Must be true"),
        ("us_citizen", json!("no"), "Must be true"),
        ("us_citizen", json!(""), boolean),
        ("us_citizen", json!("Yes"), boolean),
        ("is_18_or_over", json!(false), "Must be true"),
        ("declaration", json!(false), "Must be true"),
        ("declaration", json!(null), NOT_NULL),
        ("title", json!("Dr"), &choice("Dr")),
        ("title", json!("mr"), &choice("mr")),
        ("title", json!(null), NOT_NULL),
        ("previous_title", json!("MR"), &choice("MR")),
        ("gender", json!("female"), &choice("female")),
        ("gender", json!(""), &choice("")),
        ("race_ethnicity", json!("Martian"), &choice("Martian")),
        ("party", json!(false), &choice("False")),
        ("referring_tool", json!("Register"), &choice("Register")),
        ("sms_opt_in", json!("maybe"), boolean),
        ("sms_opt_in_subscriber", json!(null), NOT_NULL),
        ("ignore_undeliverable", json!("x"), boolean),
        ("session_id", json!("zz"), "Must be a valid UUID."),
        ("session_id", json!(""), "Must be a valid UUID."),
        ("region", json!(99), "Invalid pk \"99\" - object does not exist."),
        ("region", json!("x"), "Incorrect type. Expected pk value, received str."),
        ("region", json!([]), "Incorrect type. Expected pk value, received list."),
        ("matched_region", json!({}), "Incorrect type. Expected pk value, received dict."),
        ("request_mailing_state", json!("ZZ"), "Invalid pk \"ZZ\" - object does not exist."),
        ("initial_events", json!("Start"), "Expected a list of items but got type \"str\"."),
        ("initial_events", json!(null), NOT_NULL),
    ] {
        let answer = server.post(REGISTER, &voter_with(json!({ name: value }))).await;
        assert_eq!(answer.status, 400, "{name} {value}: {}", answer.text());
        assert_eq!(answer.json(), under(name, message), "{name} {value}");
    }
    let events = voter_with(json!({"initial_events": ["Start", "FinishLEO", "start"]}));
    let complaint = json!({"initial_events": {"1": ["\"FinishLEO\" is not a valid choice."], "2": ["\"start\" is not a valid choice."]}});
    server.post(REGISTER, &events).await.is(400, &complaint);
    let several = json!({"email": "x", "zipcode": "1", "gender": "?"});
    let complaints =
        json!({"email": [email], "zipcode": ["Zip codes are 5 digits"], "gender": [choice("?")]});
    server.post(REGISTER, &voter_with(several)).await.is(400, &complaints);
    // a refused call stores nothing
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn each_field_takes_what_its_kind_takes() {
    let server = TestServer::new().await;
    let taken = [
        ("first_name", json!(5)),
        ("first_name", json!("x".repeat(5000))),
        ("zipcode", json!(45801)),
        ("zipcode", json!(" 45801 ")),
        ("date_of_birth", json!("1990-6-9")),
        ("date_of_birth", json!("2090-01-01")),
        ("email", json!("  Some.One@Example.org\n")),
        ("phone", json!("+442079460958")),
        ("phone", json!("617.555.7890 x5")),
        ("us_citizen", json!("YES")),
        ("us_citizen", json!(1)),
        ("title", json!("Mr.")),
        ("title", json!("Mr")),
        ("middle_name", json!(null)),
        ("middle_name", json!("")),
        ("suffix", json!(null)),
        ("suffix", json!("III, Esq.")),
        ("address2", json!("")),
        ("gender", json!(null)),
        ("race_ethnicity", json!("AAPI")),
        ("party", json!("None")),
        ("referring_tool", json!("")),
        ("sms_opt_in", json!("null")),
        ("sms_opt_in", json!("")),
        ("state_fields", json!("text")),
        ("state_fields", json!([1])),
        ("region", json!(1003)),
        ("region", json!("1001")),
        ("region", json!(null)),
        ("declaration", json!(true)),
        ("state_id_number_2", json!(null)),
        ("session_id", json!(NOBODY.replace('-', "").to_uppercase())),
        ("session_id", json!(5)),
        ("embed_url", json!("")),
        ("request_mailing_address1", json!("")),
        ("request_mailing_state", json!(null)),
        ("initial_events", json!([])),
        ("state", json!("PR")),
        ("state", json!("ND")),
        // not ours to read
        ("subscriber", json!("not a uuid")),
        ("action", json!({})),
        ("uuid", json!(5)),
        ("status", json!("Pending")),
        ("nonsense", json!(null)),
    ];
    for (name, value) in &taken {
        let answer = server.post(REGISTER, &voter_with(json!({ *name: value }))).await;
        assert_eq!(answer.status, 200, "{name} {value}: {}", answer.text());
    }
    assert_eq!(server.work().await, vec!["register.form"; taken.len()]);
}

#[tokio::test]
async fn values_are_stored_as_the_contract_says() {
    let server = TestServer::new().await;
    let changes = json!({
        "phone": "(617) 555-7890", "title": "Mr.", "session_id": 5,
        "embed_url": "HTTPS://Example.org:8443/a/b;p?q=1#f", "utm_source": 7, "email": " A@b.org ",
    });
    let body = server.post(REGISTER, &voter_with(changes)).await.json();
    let stored = server.registration(body["uuid"].as_str().unwrap()).await;
    assert_eq!(stored.phone.map(|it| it.e164().to_owned()).as_deref(), Some("+16175557890"));
    assert_eq!(stored.tracking.session_id, Some(uuid::Uuid::from_u128(5)));
    assert_eq!(stored.tracking.embed_url.as_deref(), Some("https://Example.org:8443/a/b"));
    assert_eq!(stored.tracking.utm_source.as_deref(), Some("7"));
    assert_eq!(stored.email.as_deref(), Some("A@b.org"));
    assert_eq!((stored.sms_opt_in, stored.sms_opt_in_subscriber), (None, Some(false)));
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn forms_differ_from_json_in_their_three_ways() {
    let server = TestServer::new().await;
    let body = "first_name=A&last_name=B&address1=1+St&city=X&state=OH&zipcode=45801&date_of_birth=1990-1-2\
                &email=a%40b.org&us_citizen=on&is_18_or_over=1&state_id_number=1";
    let form = |more: &str| server.ask("POST", REGISTER).form(&format!("{body}{more}")).send();
    let answer = form("").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let stored = server.registration(answer.json()["uuid"].as_str().unwrap()).await;
    assert_eq!(stored.sms_opt_in, Some(false));
    for more in
        ["&phone=", "&title=", "&mailing_state=", "&gender=", "&session_id=", "&region=", "&middle_name="]
    {
        assert_eq!(form(more).await.status, 200, "{more}");
    }
    form("&first_name=").await.is(400, &under("first_name", NOT_BLANK));
    form("&us_citizen=").await.is(400, &under("us_citizen", "Must be a valid boolean."));
    form("&declaration=").await.is(400, &under("declaration", "Must be a valid boolean."));
    form("&state_fields={").await.is(400, &under("state_fields", "Value must be valid JSON."));
    let fields = form("&state_fields=%7B%22a%22%3A1%7D").await.json();
    let stored = server.registration(fields["uuid"].as_str().unwrap()).await;
    assert_eq!(stored.state_fields, Some(json!({"a": 1})));
    assert_eq!(server.work().await, ["register.form"; 9]);
}

#[tokio::test]
async fn colorado_gets_a_link_of_its_own() {
    let server = TestServer::new().await;
    let body = server.post(REGISTER, &voter_with(json!({"state": "CO"}))).await.json();
    let link = body["custom_ovr_link"].as_str().unwrap();
    assert!(link.contains("vrdid=7") && link.contains(body["uuid"].as_str().unwrap()), "{link}");
    assert_eq!(body["allow_print_and_forward"], Value::Null);
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn a_match_answers_with_the_regions_of_the_state() {
    let server = TestServer::new().await;
    let path = "/v1/registration/register/?match_region=true";
    let listed =
        json!([{"name": "Allen County", "external_id": 1001}, {"name": "Wood County", "external_id": 1002}]);
    let none = server.post(path, &voter()).await.json();
    assert_eq!((&none["regions"], &none["matched_region"]), (&listed, &Value::Null));
    assert!(none.as_object().unwrap().contains_key("matched_region"));
    *server.outside.region.lock().unwrap() = Some(RegionId(1002));
    let one = server.post(path, &voter()).await.json();
    assert_eq!((&one["regions"], &one["matched_region"]), (&listed, &json!(1002)));
    let unasked = server.post(REGISTER, &voter()).await.json();
    assert!(unasked.get("regions").is_none() && unasked.get("matched_region").is_none());
    assert_eq!(server.work().await, ["register.form"; 3]);
}

#[tokio::test]
async fn the_subscriber_is_the_one_of_the_slug_or_the_default() {
    let server = TestServer::new().await;
    for (query, number) in [
        ("", 1),
        ("?subscriber=free", 2),
        ("?subscriber=default&subscriber=free", 2),
        ("?subscriber=FREE", 1),
        ("?subscriber=", 1),
        ("?subscriber=unknown", 1),
    ] {
        let body = voter_with(json!({"subscriber": NOBODY}));
        let answer = server.post(&format!("{REGISTER}{query}"), &body).await.json();
        let stored = server.registration(answer["uuid"].as_str().unwrap()).await;
        assert_eq!(stored.subscriber.unwrap().0.as_u128(), number, "{query}");
    }
    assert_eq!(server.work().await, ["register.form"; 6]);
}

#[tokio::test]
async fn a_first_external_finish_is_followed_up_unless_everybody_votes_by_mail() {
    let server = TestServer::new().await;
    for (state, expected) in [("OH", 1), ("CO", 1)] {
        let body =
            voter_with(json!({"state": state, "initial_events": ["FinishExternal", "FinishExternal"]}));
        let answer = server.post("/v1/registration/register/?incomplete=true", &body).await.json();
        let events = server.events(answer["action_id"].as_str().unwrap()).await;
        assert_eq!(events, [Start, FinishExternal, FinishExternal]);
        let followed = server.job_kinds().await.iter().filter(|kind| *kind == "register.next_steps").count();
        assert_eq!(followed, expected, "{state}");
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_made_leaves_the_incomplete_record_and_its_check() {
    let server = TestServer::new().await;
    server.outside.forms_are_broken.store(true, std::sync::atomic::Ordering::Relaxed);
    let answer = server.post(REGISTER, &voter()).await;
    answer.is(503, &json!({ "error": "The form cannot be made at the moment. Please try again." }));
    let kinds = server.job_kinds().await;
    assert_eq!(kinds, ["action.check_unfinished", "file.discard_unclaimed"]);
}

#[tokio::test]
async fn an_address_for_the_printed_form_needs_a_stored_state_that_allows_it() {
    let server = TestServer::new().await;
    let refusal = under(
        "non_field_errors",
        "Cannot specify request mailing address if print_and_forward is not enabled for this state",
    );
    let asked = json!({"request_mailing_address1": "1 Main St"});
    server.post(REGISTER, &voter_with(asked.clone())).await.is(400, &refusal);
    let colorado =
        server.post("/v1/registration/register/?incomplete=true", &voter_with(json!({"state": "CO"}))).await;
    let path = format!("{REGISTER}{}/?incomplete=true", colorado.json()["uuid"].as_str().unwrap());
    // the state before this call is what counts
    let moving = json!({"request_mailing_address1": "1 Main St", "state": "OH"});
    server.ask("PATCH", &path).json(&moving).send().await.is(400, &refusal);
    // fields are looked at first
    let bad = voter_with(json!({"request_mailing_address1": "1 Main St", "email": "x"}));
    server.post(REGISTER, &bad).await.is(400, &under("email", "Enter a valid email address."));
}

#[tokio::test]
async fn an_undeliverable_address_is_stored_and_refused_until_the_voter_insists() {
    let server = TestServer::new().await;
    let (uuid, action) = server.begun().await;
    let refusal = json!({
        "request_mailing_address1": "Address does not appear to be deliverable by USPS",
        "request_mailing_deliverable_not_ignored": true,
    });
    let path = format!("{REGISTER}{uuid}/");
    let patch = |query: &str, body: Value| {
        let ask = server.ask("PATCH", &format!("{path}{query}")).json(&body);
        async move { ask.send().await }
    };
    *server.outside.deliverable.lock().unwrap() = Some(false);
    patch("?incomplete=true", json!({"request_mailing_address1": "9 Nowhere", "first_name": "New"}))
        .await
        .is(400, &refusal);
    let stored = server.registration(&uuid).await;
    assert_eq!(stored.name.first.as_deref(), Some("New"));
    assert_eq!((stored.status, stored.request_mailing_deliverable), (Status::Incomplete, Some(false)));
    assert_eq!(server.events(&action).await, [Start, Start]);
    let jobs = server.job_kinds().await;
    // whatever a later body is about
    patch("?incomplete=true", json!({})).await.is(400, &refusal);
    patch("", json!({"is_18_or_over": true, "state_id_number": "1", "us_citizen": true}))
        .await
        .is(400, &refusal);
    assert_eq!(server.job_kinds().await, jobs);
    let insisting = patch("?incomplete=true", json!({"ignore_undeliverable": true})).await;
    assert_eq!(
        (insisting.status.as_u16(), &insisting.json()["request_mailing_deliverable"]),
        (200, &json!(false))
    );
    // unknown is not deliverable; deliverable is
    for (answer, status) in [(None, 400), (Some(true), 200)] {
        *server.outside.deliverable.lock().unwrap() = answer;
        let asked = patch("?incomplete=true", json!({"request_mailing_address1": "1 Main St"})).await;
        assert_eq!(asked.status, status, "{answer:?}");
    }
}

#[tokio::test]
async fn an_update_completes_with_what_was_stored_and_what_must_be_sent() {
    let server = TestServer::new().await;
    let part = json!({
        "first_name": "A", "last_name": "B", "address1": "1", "city": "C", "state": "OH", "zipcode": "45801",
        "date_of_birth": "1990-01-01", "email": "a@b.org",
    });
    let begun = server.post("/v1/registration/register/?incomplete=true", &part).await.json();
    let path = format!("{REGISTER}{}/", begun["uuid"].as_str().unwrap());
    let patch = |body: Value| server.ask("PATCH", &path).json(&body);
    let missing: Value = NATIONAL.iter().map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    patch(json!({})).send().await.is(400, &missing);
    let sent = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": "QX4711"});
    let answer = patch(sent.clone()).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["uuid"], begun["uuid"]);
    assert_eq!(answer.header("allow"), Some("PUT, PATCH, OPTIONS"));
    let kinds = server.job_kinds().await;
    assert!(kinds.iter().any(|kind| kind == "register.notify"), "{kinds:?}");
    // the stored citizenship counts, the two that are never stored do not
    let mut without = missing;
    without.as_object_mut().unwrap().remove("us_citizen");
    patch(json!({})).send().await.is(400, &without);
    // the same again makes no second mail
    let again = patch(sent).send().await;
    assert_eq!(again.status, 200);
    let notifications = |kinds: &[String]| kinds.iter().filter(|kind| *kind == "register.notify").count();
    assert_eq!(notifications(&server.job_kinds().await), 1);
    // what is incomplete leaves a completed record alone
    let later = server.ask("PATCH", &format!("{path}?incomplete=true")).json(&json!({})).send().await;
    assert_eq!(later.status, 200);
    assert_eq!(server.registration(begun["uuid"].as_str().unwrap()).await.status, Status::Pending);
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn an_update_that_is_a_whole_record_needs_the_whole_record() {
    let server = TestServer::new().await;
    let (uuid, action) = server.begun().await;
    let path = format!("{REGISTER}{uuid}/");
    let minimum: Value = MINIMUM.iter().map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    let put = server.ask("PUT", &format!("{path}?incomplete=true")).json(&json!({})).send().await;
    put.is(400, &minimum);
    let put = server.ask("PUT", &path).json(&voter_with(json!({"city": "Toledo"}))).send().await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(server.registration(&uuid).await.address.city.as_deref(), Some("Toledo"));
    for name in MINIMUM {
        let patch =
            server.ask("PATCH", &format!("{path}?incomplete=true")).json(&json!({ name: null })).send().await;
        patch.is(400, &under(name, NOT_NULL));
    }
    assert_eq!(server.events(&action).await, [Start]);
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn an_update_checks_contact_data_and_ignores_it_and_never_moves_a_record() {
    let server = TestServer::new().await;
    let (uuid, action) = server.begun().await;
    let path = format!("{REGISTER}{}/?incomplete=true&subscriber=free", uuid.replace('-', "").to_uppercase());
    let bad = server.ask("PATCH", &path).json(&json!({"email": "x", "phone": 5})).send().await;
    let complaints =
        json!({"email": ["Enter a valid email address."], "phone": ["Enter a valid phone number."]});
    bad.is(400, &complaints);
    let body = json!({"email": "new@example.org", "phone": "617-555-7890", "subscriber": NOBODY, "action": NOBODY, "status": "Pending"});
    assert_eq!(server.ask("PATCH", &path).json(&body).send().await.status, 200);
    let stored = server.registration(&uuid).await;
    assert_eq!((stored.email.as_deref(), stored.phone), (Some("voter@example.org"), None));
    assert_eq!(stored.subscriber.unwrap().0.as_u128(), 1);
    assert_eq!((stored.action, stored.status), (ActionId::parse(&action), Status::Incomplete));
    assert_eq!(server.events(&action).await, [Start, Start]);
    assert_eq!(server.job_kinds().await, ["action.check_unfinished"]);
}

#[tokio::test]
async fn an_unknown_record_is_not_found_before_its_fields_are_looked_at() {
    let server = TestServer::new().await;
    for id in [NOBODY, "zz", "5", "ABEiM0RVZneImaq7zN3u_w"] {
        for family in ["register", "status"] {
            for method in ["PUT", "PATCH"] {
                let path = format!("/v1/registration/{family}/{id}/");
                let answer = server.ask(method, &path).json(&json!({"email": 5, "status": 5})).send().await;
                answer.is(404, &not_found());
            }
        }
    }
}

#[tokio::test]
async fn a_status_can_be_set_once_and_to_one_value() {
    let server = TestServer::new().await;
    let (uuid, action) = server.begun().await;
    let path = format!("/v1/registration/status/{uuid}/");
    for (method, body, status, expected) in [
        ("PUT", json!({}), 400, under("status", REQUIRED)),
        ("PATCH", json!({}), 200, json!({"status": "Incomplete"})),
        (
            "PATCH",
            json!({"status": "Pending"}),
            400,
            under("status", "Registration status can only be ReferOVR"),
        ),
        ("PUT", json!({"status": "Invalid"}), 400, under("status", "\"Invalid\" is not a valid choice.")),
        ("PUT", json!({"status": "referovr"}), 400, under("status", "\"referovr\" is not a valid choice.")),
        ("PATCH", json!({"status": null}), 400, under("status", NOT_NULL)),
        ("PATCH", json!({"status": ""}), 400, under("status", "\"\" is not a valid choice.")),
        ("PATCH", json!({"status": "ReferOVR"}), 200, json!({"status": "ReferOVR"})),
        ("PATCH", json!({"status": "ReferOVR"}), 404, not_found()),
    ] {
        let answer = server.ask(method, &path).json(&body).send().await;
        assert_eq!((answer.status.as_u16(), answer.json()), (status, expected), "{method} {body}");
    }
    assert_eq!(server.registration(&uuid).await.status, Status::ReferOvr);
    assert_eq!(server.events(&action).await, [Start]);
    assert_eq!(server.job_kinds().await, ["action.check_unfinished"]);
}

#[tokio::test]
async fn a_registration_is_resumed_by_its_id_or_by_a_token() {
    let server = TestServer::new().await;
    let (uuid, action) = server.begun().await;
    let token = resume::issue(&server.app, ActionId::parse(&action).unwrap()).0;
    let expected = json!({
        "uuid": uuid, "state": "OH", "action_id": action, "custom_ovr_link": null, "allow_print_and_forward": true,
    });
    let get = |query: String| {
        let server = &server;
        async move { server.get(&format!("/v1/registration/resume_token/{query}")).await }
    };
    for query in [
        format!("?uuid={uuid}"),
        format!("?token={token}"),
        format!("?uuid={uuid}&token=nonsense"),
        format!("?uuid=&token={token}"),
    ] {
        get(query).await.is(200, &expected);
    }
    let none = json!({ "error": "No token or uuid given" });
    for query in ["", "?uuid=", "?uuid=&token="] {
        get(query.to_owned()).await.is(400, &none);
    }
    for query in [format!("?uuid={NOBODY}"), format!("?uuid=zz&token={token}")] {
        get(query).await.is(404, &not_found());
    }
    let unknown = resume::issue(&server.app, ActionId::parse(NOBODY).unwrap()).0;
    get(format!("?token={unknown}")).await.is(404, &not_found());
    let invalid = json!({ "error": "Invalid token" });
    let (body, _) = token.rsplit_once('.').unwrap();
    for bad in ["x", "a.b.c", &format!("{body}."), &format!("{body}.AAAA"), &token[1..]] {
        get(format!("?token={bad}")).await.is(400, &invalid);
    }
    server.clock.advance(TimeDelta::minutes(60) + TimeDelta::seconds(31));
    get(format!("?token={token}")).await.is(400, &invalid);
    assert_eq!(server.work().await, Vec::<&str>::new());
}
