//! `/v1/absentee/…`

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    absentee::{
        ContactOverride, RegionLink, StateForm, SubmissionType,
        state_form::{Block, Section, SignatureBox, TextBlock},
    },
    action::EventType::{self, Download, FinishExternal, FinishLeo, FinishPrint, Start},
    address::State,
    consent::{Choice, Origin, Scope, Statement, record},
    decision::Channel,
    election::{FieldFormat, FieldType, StateInformation},
    error::ProviderErrorKind,
    fax::FaxStatus,
    ids::{ActionId, FaxId, FieldTypeId, InformationId, OfficeAddressId, OfficeId, RegionId},
    official::{Office, OfficeAddress, Region},
    person::Phone,
    ports::{forms::PacketName, store::Store},
    register::Status,
    settings::FaxSettings,
};
use uuid::Uuid;

use super::storage::PNG;
use crate::support::TestServer;

const REQUEST: &str = "/v1/absentee/request/";
const BEGIN: &str = "/v1/absentee/request/?incomplete=true";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";
const REQUIRED: &str = "This field is required.";
const NOT_NULL: &str = "This field may not be null.";
const NOT_BLANK: &str = "This field may not be blank.";
const MINIMUM: [&str; 8] =
    ["first_name", "last_name", "address1", "city", "state", "zipcode", "date_of_birth", "email"];
const TO_COMPLETE: [&str; 3] = ["us_citizen", "is_18_or_over", "region"];

fn under(name: &str, message: &str) -> Value {
    json!({ name: [message] })
}

/// A voter whose request is complete.
fn voter() -> Value {
    json!({
        "first_name": "Jose", "last_name": "McAdams-Webster", "address1": "1 Main St", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "voter@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "QX4711", "region": 1001,
    })
}

fn voter_with(changes: Value) -> Value {
    let mut voter = voter();
    for (name, value) in changes.as_object().unwrap() {
        voter[name] = value.clone();
    }
    voter
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap().to_owned()
}

/// A server where Ohio's voters sign online, Allen County has an office with everything, and both ways are allowed.
pub(super) async fn signing() -> TestServer {
    signing_with(|_| {}).await
}

async fn signing_with(change: impl FnOnce(&mut FaxSettings)) -> TestServer {
    let server = TestServer::with(|setup| {
        setup.settings.absentee.office_email_instead_to = Some("diverted@example.org".into());
        change(&mut setup.settings.fax);
    })
    .await;
    for switch in ["vbm_esign", "vbm_esign.OH"] {
        server.switch(switch, true).await;
    }
    let place = SignatureBox { x: 100, y: 100, width: 200, height: 40 };
    let form = StateForm { signatures: [(1, place)].into(), ..StateForm::default() };
    server.outside.state_forms.lock().unwrap().insert(State::Oh, Arc::new(form));
    let mut unit = server.store.begin().await.unwrap();
    let office = Office {
        id: OfficeId(7),
        region: Some(RegionId(1001)),
        hours: None,
        notes: None,
        external_updated: None,
    };
    unit.officials_mut().put_office(&office).await.unwrap();
    let address = OfficeAddress {
        id: Some(OfficeAddressId(70)),
        office: Some(OfficeId(7)),
        address: Some("Board of Elections".into()),
        city: Some("LIMA".into()),
        state: Some(State::Oh),
        zipcode: Some("45801".into()),
        email: Some("office@example.org".into()),
        fax: Phone::parse("+16175557890"),
        process_absentee_requests: true,
        ..OfficeAddress::default()
    };
    unit.officials_mut().put_address(&address).await.unwrap();
    unit.commit().await.unwrap();
    for (number, slug) in [(51, "vbm_app_submission_email"), (52, "vbm_app_submission_fax")] {
        fact(&server, number, slug, "True").await;
    }
    server
}

/// What is known of Ohio, under a slug of its own.
async fn fact(server: &TestServer, number: u128, slug: &str, text: &str) {
    let now = server.app.now();
    let field = FieldType {
        id: FieldTypeId(Uuid::from_u128(number)),
        slug: slug.into(),
        long_name: slug.into(),
        help_text: None,
        format: Some(FieldFormat::Markdown),
        created_at: now,
        modified_at: now,
    };
    let fact = StateInformation {
        id: InformationId(Uuid::from_u128(1000 * number)),
        state: State::Oh,
        field_type: field.id,
        text: text.into(),
        notes: String::new(),
        source: String::new(),
        checked_on: None,
        created_at: now,
        modified_at: now,
    };
    let mut unit = server.store.begin().await.unwrap();
    unit.elections_mut().insert_field_type(&field).await.unwrap();
    unit.elections_mut().insert_information(&fact).await.unwrap();
    unit.commit().await.unwrap();
}

async fn known_better(server: &TestServer, change: impl FnOnce(&mut ContactOverride)) {
    let now = server.app.now();
    let mut known = ContactOverride {
        region: RegionId(1001),
        method: None,
        email: None,
        phone: None,
        fax: None,
        notes: None,
        created_at: now,
        modified_at: now,
    };
    change(&mut known);
    let mut unit = server.store.begin().await.unwrap();
    unit.ballot_requests_mut().put_contact_override(&known).await.unwrap();
    unit.commit().await.unwrap();
}

/// Uploads a signature; its id.
async fn signature(server: &TestServer) -> String {
    let upload = "/v1/storage/secure_upload/?upload_type=Signature";
    let answer = server.ask("POST", upload).body("image/png", PNG).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    text(&answer.json(), "uuid")
}

#[tokio::test]
async fn a_complete_request_gets_its_form_and_what_follows() {
    let server = TestServer::new().await;
    let answer = server
        .post(
            REQUEST,
            &voter_with(
                json!({"middle_name": "Q", "submit_date": "2026-09-30", "initial_events": ["Finish"]}),
            ),
        )
        .await;
    let body = answer.json();
    let (uuid, action) = (text(&body, "uuid"), text(&body, "action_id"));
    let expected = json!({
        "uuid": uuid, "action_id": action, "region": 1001, "esign_method": "self_print",
        "allow_print_and_forward": null, "ovbm_link": null, "request_mailing_deliverable": null,
    });
    answer.is(200, &expected);
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    assert_eq!(answer.header("vary"), Some("Cookie, Origin"));

    let stored = server.ballot_request(&uuid).await;
    assert_eq!((stored.status, stored.way), (Status::Pending, Some(SubmissionType::SelfPrint)));
    assert_eq!((stored.sms_opt_in, stored.sms_opt_in_subscriber), (Some(false), Some(false)));
    assert_eq!(server.events(&action).await, [EventType::Finish]);
    // no look whether it was finished: it is
    let kinds = server.job_kinds().await;
    assert_eq!(kinds, ["absentee.notify", "absentee.remind", "action.finish", "file.discard_unclaimed"]);
    let packet =
        PacketName::BallotRequest { state: State::Oh, way: SubmissionType::SelfPrint, tracker: false };
    assert_eq!(*server.outside.packet.lock().unwrap(), Some((packet, 0)));
    // the number is on the paper and nowhere else
    assert!(server.outside.filled.lock().unwrap().iter().any(|(_, text)| text == "QX4711"));
    assert!(!format!("{stored:?}").contains("QX4711") && !answer.text().contains("QX4711"));
    assert!(server.jobs().await.iter().all(|job| !job.payload.to_string().contains("QX4711")));

    let mails = server.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.tag).collect::<Vec<_>>(), ["absentee.form"]);
    assert_eq!(mails[0].to.address, "voter@example.org");
    assert_eq!(server.ballot_request(&uuid).await.status, Status::SentPdf);
    assert_eq!(server.events(&action).await, [EventType::Finish, FinishPrint]);
    // by 9:00 tomorrow in Ohio nobody has downloaded it
    server.clock.advance(TimeDelta::hours(26));
    assert_eq!(server.work().await, ["absentee.reminder"]);
    // its download is an event, and the link leads to the form
    let link = mails[0].text.split_whitespace().find_map(|word| word.split_once("/download/")).unwrap().1;
    assert_eq!(server.get(&format!("/download/{link}")).await.status, 302);
    assert_eq!(server.events(&action).await, [EventType::Finish, FinishPrint, Download]);
}

#[tokio::test]
async fn an_incomplete_request_is_begun_and_looked_at_later() {
    let server = TestServer::new().await;
    let mut part = voter();
    for name in TO_COMPLETE.iter().chain(&["state_id_number"]) {
        part.as_object_mut().unwrap().remove(*name);
    }
    let answer = server.post(BEGIN, &part).await;
    let body = answer.json();
    let (uuid, action) = (text(&body, "uuid"), text(&body, "action_id"));
    let allen = json!({"name": "Allen County", "external_id": 1001});
    let wood = json!({"name": "Wood County", "external_id": 1002});
    let expected = json!({
        "uuid": uuid, "action_id": action, "region": null, "esign_method": null,
        "allow_print_and_forward": null, "ovbm_link": null, "request_mailing_deliverable": null,
        "regions": [allen, wood],
    });
    answer.is(200, &expected);
    assert_eq!(server.ballot_request(&uuid).await.status, Status::Incomplete);
    assert_eq!(server.events(&action).await, [Start]);
    let jobs = server.jobs().await;
    assert_eq!(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["action.check_unfinished"]);
    assert_eq!(jobs[0].due_at - jobs[0].created_at, TimeDelta::seconds(900));
    // the regions are listed when one was sent, too, null is no region, and a state without any has none
    for (changes, region, regions) in [
        (json!({"region": "1002"}), json!(1002), json!([allen, wood])),
        (json!({"region": 1003}), json!(1003), json!([allen, wood])),
        (json!({"region": null}), Value::Null, json!([allen, wood])),
        (json!({"state": "CA", "region": null}), Value::Null, json!([])),
        (json!({"state": "PR", "region": null}), Value::Null, json!([])),
    ] {
        let body = server.post(BEGIN, &voter_with(changes.clone())).await.json();
        assert_eq!((&body["region"], &body["regions"]), (&region, &regions), "{changes}");
    }
}

#[tokio::test]
async fn an_address_is_matched_to_one_region_to_several_or_to_none() {
    let server = TestServer::new().await;
    let path = "/v1/absentee/request/?incomplete=true&match_region=true";
    let part = voter_with(json!({"region": null}));
    let allen = json!({"name": "Allen County", "external_id": 1001});
    let wood = json!({"name": "Wood County", "external_id": 1002});
    let none = server.post(path, &part).await.json();
    assert_eq!((&none["region"], &none["regions"]), (&Value::Null, &json!([allen, wood])));
    *server.outside.regions.lock().unwrap() = vec![RegionId(1001), RegionId(99)];
    let several = server.post(path, &part).await.json();
    assert_eq!((&several["region"], &several["regions"]), (&Value::Null, &json!([allen])));
    *server.outside.region.lock().unwrap() = Some(RegionId(1002));
    let one = server.post(path, &part).await.json();
    assert_eq!((&one["region"], one.get("regions")), (&json!(1002), None));
    assert_eq!(server.ballot_request(&text(&one, "uuid")).await.region, Some(RegionId(1002)));
    // only the exact text true, and only where the region is still open
    let off = server.post("/v1/absentee/request/?incomplete=true&match_region=True", &part).await.json();
    assert_eq!(off["region"], Value::Null);
    let complete = "/v1/absentee/request/?match_region=true";
    server.post(complete, &part).await.is(400, &under("region", NOT_NULL));
    assert_eq!(server.post(complete, &voter()).await.json()["region"], 1001);
    // an update is matched, too, and never answers with a list
    let uuid = text(&none, "uuid");
    let update = format!("{REQUEST}{uuid}/?incomplete=true&match_region=true");
    let updated = server.ask("PATCH", &update).json(&json!({})).send().await.json();
    assert_eq!((&updated["region"], updated.get("regions")), (&json!(1002), None));
    // a match that the store does not know is none
    *server.outside.region.lock().unwrap() = Some(RegionId(77));
    assert_eq!(server.post(path, &part).await.json()["region"], Value::Null);
    assert_eq!(server.work().await, ["absentee.form"]);
}

#[tokio::test]
async fn michigan_and_wisconsin_list_municipalities_only() {
    let server = TestServer::new().await;
    let mut unit = server.store.begin().await.unwrap();
    for (id, name, municipality, state) in [
        (1, "Lansing", Some("Lansing"), State::Mi),
        (2, "Ingham County", None, State::Mi),
        (3, "Nowhere", Some(""), State::Wi),
        (4, "Madison", Some("Madison"), State::Wi),
    ] {
        let region = Region {
            id: RegionId(id),
            name: Some(name.into()),
            county: None,
            municipality: municipality.map(Into::into),
            municipality_type: None,
            state: Some(state),
            hidden: false,
            external_updated: None,
        };
        unit.officials_mut().put_region(&region).await.unwrap();
    }
    unit.commit().await.unwrap();
    for (state, name, id) in [("MI", "Lansing", 1), ("WI", "Madison", 4)] {
        let body = server.post(BEGIN, &voter_with(json!({"state": state, "region": null}))).await.json();
        assert_eq!(body["regions"], json!([{"name": name, "external_id": id}]));
    }
}

#[tokio::test]
async fn every_missing_field_is_named_at_once_and_nothing_stored() {
    let server = TestServer::new().await;
    let all: Value =
        MINIMUM.iter().chain(&TO_COMPLETE).map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    server.post(REQUEST, &json!({})).await.is(400, &all);
    let minimum: Value = MINIMUM.iter().map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    server.post(BEGIN, &json!({})).await.is(400, &minimum);
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn each_field_refuses_what_its_kind_refuses() {
    let server = TestServer::new().await;
    let date = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
    let choice = |text: &str| format!("\"{text}\" is not a valid choice.");
    let no_object = |key: &str| format!("Invalid pk \"{key}\" - object does not exist.");
    for name in MINIMUM.iter().chain(&TO_COMPLETE).chain(&["state_id_number", "phone"]) {
        server.post(REQUEST, &voter_with(json!({ *name: null }))).await.is(400, &under(name, NOT_NULL));
    }
    for (name, value, message) in [
        ("first_name", json!(""), NOT_BLANK),
        ("first_name", json!(true), "Not a valid string."),
        ("state_id_number", json!(""), NOT_BLANK),
        ("zipcode", json!("1234"), "Zip codes are 5 digits"),
        ("mailing_zipcode", json!(null), NOT_NULL),
        ("state", json!("oh"), &choice("oh")),
        ("mailing_state", json!(null), NOT_NULL),
        ("date_of_birth", json!("06/19/1990"), date),
        ("submit_date", json!(""), date),
        ("submit_date", json!("2026-09-30T00:00:00"), date),
        ("email", json!("nobody"), "Enter a valid email address."),
        ("phone", json!(6_175_557_890_u64), "Enter a valid phone number."),
        ("us_citizen", json!(false), "Must be true"),
        ("is_18_or_over", json!("maybe"), "Must be a valid boolean."),
        ("referring_tool", json!("Absentee"), &choice("Absentee")),
        ("sms_opt_in", json!("maybe"), "Must be a valid boolean."),
        ("sms_opt_in_subscriber", json!(null), NOT_NULL),
        ("ignore_undeliverable", json!("x"), "Must be a valid boolean."),
        ("session_id", json!(""), "Must be a valid UUID."),
        ("region", json!(99), &no_object("99")),
        ("region", json!("x"), "Incorrect type. Expected pk value, received str."),
        ("region", json!(""), NOT_NULL),
        ("signature", json!(NOBODY), &no_object(NOBODY)),
        ("signature", json!(5), &no_object("5")),
        ("signature", json!("zz"), "'zz' is not a valid UUID."),
        ("request_mailing_state", json!("ZZ"), &no_object("ZZ")),
        ("initial_events", json!("Start"), "Expected a list of items but got type \"str\"."),
    ] {
        let answer = server.post(REQUEST, &voter_with(json!({ name: value }))).await;
        assert_eq!(answer.status, 400, "{name} {value}: {}", answer.text());
        assert_eq!(answer.json(), under(name, message), "{name} {value}");
    }
    let events = voter_with(json!({"initial_events": ["Start", "FinishLEO"]}));
    let complaint = json!({"initial_events": {"1": [choice("FinishLEO")]}});
    server.post(REQUEST, &events).await.is(400, &complaint);
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn each_field_takes_what_its_kind_takes() {
    let server = TestServer::new().await;
    let taken = [
        ("first_name", json!("x".repeat(5000))),
        ("middle_name", json!(null)),
        ("suffix", json!("")),
        ("suffix", json!(null)),
        ("address2", json!("")),
        ("phone", json!("617.555.7890 x5")),
        ("mailing_city", json!(null)),
        ("mailing_state", json!("PR")),
        ("sms_opt_in", json!(null)),
        ("referring_tool", json!("")),
        ("state_fields", json!(null)),
        ("state_fields", json!({"election_general": true})),
        ("state_fields", json!("")),
        ("state_fields", json!([])),
        ("signature", json!(null)),
        ("submit_date", json!("2026-9-3")),
        ("submit_date", json!(null)),
        ("request_mailing_address1", json!("")),
        ("request_mailing_state", json!(null)),
        ("region", json!(1003)),
        ("state", json!("CA")),
        // not ours to read
        ("title", json!("Dr")),
        ("subscriber", json!("not a uuid")),
        ("action", json!({})),
        ("status", json!("Pending")),
        ("esign_method", json!("leo_fax")),
    ];
    for (name, value) in &taken {
        let answer = server.post(REQUEST, &voter_with(json!({ *name: value }))).await;
        assert_eq!(answer.status, 200, "{name} {value}: {}", answer.text());
    }
    // the number is wanted by few states
    let mut without = voter();
    without.as_object_mut().unwrap().remove("state_id_number");
    assert_eq!(server.post(REQUEST, &without).await.status, 200);
    assert_eq!(server.work().await, vec!["absentee.form"; taken.len() + 1]);
}

#[tokio::test]
async fn a_form_body_is_read_as_everywhere() {
    let server = TestServer::new().await;
    let body = "first_name=A&last_name=B&address1=1+St&city=X&state=OH&zipcode=45801&date_of_birth=1990-1-2\
                &email=a%40b.org&us_citizen=on&is_18_or_over=1&region=1001";
    let form = |more: &str| server.ask("POST", REQUEST).form(&format!("{body}{more}")).send();
    let answer = form("&signature=&submit_date=&suffix=&state_fields=%7B%22a%22%3A1%7D").await;
    let stored = server.ballot_request(&text(&answer.json(), "uuid")).await;
    assert_eq!((stored.signature, stored.submit_date), (None, None));
    assert_eq!((stored.name.suffix.as_deref(), stored.state_fields), (Some(""), Some(json!({"a": 1}))));
    form("&state_fields={").await.is(400, &under("state_fields", "Value must be valid JSON."));
    form("&region=").await.is(400, &under("region", NOT_NULL));
    assert_eq!(server.work().await, ["absentee.form"]);
}

#[tokio::test]
async fn rules_about_several_fields_come_after_the_fields() {
    let server = TestServer::new().await;
    let dict = under("non_field_errors", "state_fields must be a dict");
    for fields in [json!("text"), json!([1]), json!(7), json!(true)] {
        server.post(BEGIN, &voter_with(json!({"state_fields": fields}))).await.is(400, &dict);
    }
    let mailing = under(
        "non_field_errors",
        "Cannot specify request mailing address if print_and_forward is not enabled for this state",
    );
    let asked = json!({"request_mailing_address1": "1 Main St"});
    server.post(BEGIN, &voter_with(asked.clone())).await.is(400, &mailing);
    let both = voter_with(json!({"request_mailing_address1": "1 Main St", "email": "x"}));
    server.post(BEGIN, &both).await.is(400, &under("email", "Enter a valid email address."));
    // Ohio's permission is that of registrations
    let begun = server.post(BEGIN, &voter()).await.json();
    let path = format!("{REQUEST}{}/?incomplete=true", text(&begun, "uuid"));
    server.ask("PATCH", &path).json(&asked).send().await.is(400, &mailing);
    // there is no form for the five territories, but a request can be begun
    let no_form = under("state", "No absentee ballot request form is available for this state.");
    for state in ["AS", "GU", "MP", "PR", "VI"] {
        server.post(REQUEST, &voter_with(json!({"state": state}))).await.is(400, &no_form);
    }
    let begun = server.post(BEGIN, &voter_with(json!({"state": "PR"}))).await.json();
    let path = format!("{REQUEST}{}/", text(&begun, "uuid"));
    server.ask("PATCH", &path).json(&json!({"is_18_or_over": true})).send().await.is(400, &no_form);
    assert_eq!(server.job_kinds().await, ["action.check_unfinished"; 2]);
}

#[tokio::test]
async fn the_way_of_signing_follows_region_and_state() {
    let server = signing().await;
    let begun = server.post(BEGIN, &voter()).await.json();
    assert_eq!(begun["esign_method"], "leo_email");
    let path = format!("{REQUEST}{}/?incomplete=true", text(&begun, "uuid"));
    let method = async |body: Value| {
        let answer = server.ask("PATCH", &path).json(&body).send().await.json();
        (answer["region"].clone(), answer["esign_method"].clone())
    };
    // an office of which nothing is known
    assert_eq!(method(json!({"region": 1002})).await, (json!(1002), json!("self_print")));
    assert_eq!(method(json!({"region": null})).await, (Value::Null, Value::Null));
    assert_eq!(method(json!({"region": 1001})).await, (json!(1001), json!("leo_email")));
    assert_eq!(method(json!({"state": "CA"})).await, (json!(1001), json!("self_print")));
    assert_eq!(method(json!({"state": "OH"})).await, (json!(1001), json!("leo_email")));
    known_better(&server, |known| known.method = Some(SubmissionType::LeoFax)).await;
    assert_eq!(method(json!({"city": "Toledo"})).await, (json!(1001), json!("leo_email")));
    assert_eq!(server.post(BEGIN, &voter()).await.json()["esign_method"], "leo_fax");
    known_better(&server, |known| known.method = Some(SubmissionType::SelfPrint)).await;
    assert_eq!(server.post(BEGIN, &voter()).await.json()["esign_method"], "self_print");
}

#[tokio::test]
async fn a_request_signed_online_is_mailed_to_the_office_once() {
    let server = signing().await;
    let signature = signature(&server).await;
    let body = voter_with(json!({"signature": signature, "email": "voter@example.org"}));
    let answer = server.post(REQUEST, &body).await.json();
    assert_eq!(answer["esign_method"], "leo_email");
    let (uuid, action) = (text(&answer, "uuid"), text(&answer, "action_id"));
    let kinds = server.job_kinds().await;
    assert_eq!(kinds, ["absentee.email_office", "action.finish", "file.discard_unclaimed"]);
    let packet =
        PacketName::BallotRequest { state: State::Oh, way: SubmissionType::LeoEmail, tracker: false };
    assert_eq!(*server.outside.packet.lock().unwrap(), Some((packet, 1)));

    let mails = server.mails().await;
    let [mail] = mails.as_slice() else { panic!("{}", mails.len()) };
    assert_eq!(mail.tag, "absentee.to_office");
    assert_eq!(mail.subject, "Absentee Ballot Application from Jose McAdams-Webster");
    let sender = "transmission-staging@voteamerica.com";
    assert_eq!(
        (mail.from.name.as_deref(), mail.from.address.as_str()),
        (Some("Jose McAdams-Webster"), sender)
    );
    // mail to offices is diverted unless somebody says otherwise
    assert_eq!(mail.to.address, "diverted@example.org");
    assert!(mail.text.contains("office@example.org"), "{}", mail.text);
    let addresses = |boxes: &[turnout_core::ports::email::Mailbox]| {
        boxes.iter().map(|it| it.address.clone()).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&mail.cc), ["voter@example.org"]);
    assert_eq!(addresses(&mail.reply_to), [sender, "diverted@example.org", "voter@example.org"]);
    let [attached] = mail.attachments.as_slice() else { panic!("{}", mail.attachments.len()) };
    assert_eq!(attached.name, "ballot-request-mcadams-webster-jose.pdf");
    assert!(attached.bytes.starts_with(b"%PDF"));
    assert_eq!(server.events(&action).await, [FinishLeo]);
    assert_eq!(server.ballot_request(&uuid).await.status, Status::SentPdf);

    // the same again is not sent again; another number is, though nobody stores it
    let path = format!("{REQUEST}{uuid}/");
    for (number, sent) in [("QX4711", 0), ("QX4712", 1), ("QX4712", 0)] {
        let patch = json!({"is_18_or_over": true, "state_id_number": number});
        assert_eq!(server.ask("PATCH", &path).json(&patch).send().await.status, 200);
        assert_eq!(server.work().await, vec!["absentee.to_office"; sent], "{number}");
    }
    assert_eq!(server.events(&action).await, [FinishLeo, FinishLeo]);
}

#[tokio::test]
async fn a_request_signed_online_is_faxed_where_that_is_the_way() {
    let server = signing().await;
    known_better(&server, |known| known.method = Some(SubmissionType::LeoFax)).await;
    let signature = signature(&server).await;
    let answer = server.post(REQUEST, &voter_with(json!({"signature": signature}))).await.json();
    assert_eq!(answer["esign_method"], "leo_fax");
    let kinds = server.job_kinds().await;
    assert_eq!(kinds, ["absentee.fax_office", "action.finish", "file.discard_unclaimed"]);
    // faxes are switched off: nothing goes out, and a success is reported
    assert_eq!(server.work().await, ["absentee.faxed", "absentee.faxing"]);
    let events = server.events(&text(&answer, "action_id")).await;
    assert_eq!(events, [EventType::FinishLeoFaxPending, EventType::FinishLeoFaxSent]);
}

/// A request that is signed online.
pub(super) async fn signed_request(server: &TestServer) {
    let signature = signature(server).await;
    let answer = server.post(REQUEST, &voter_with(json!({"signature": signature}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// A request that goes by fax; its action.
async fn faxed(server: &TestServer) -> String {
    known_better(server, |known| known.method = Some(SubmissionType::LeoFax)).await;
    let signature = signature(server).await;
    let answer = server.post(REQUEST, &voter_with(json!({"signature": signature}))).await.json();
    assert_eq!(answer["esign_method"], "leo_fax");
    text(&answer, "action_id")
}

#[tokio::test]
async fn a_fax_goes_to_the_office_or_to_the_number_that_stands_in_for_it() {
    let other = Phone::parse("+16175550100");
    for (enabled, instead_to, number) in [
        (true, None, "+16175557890"),
        (true, other.clone(), "+16175557890"),
        (false, other.clone(), "+16175550100"),
    ] {
        let server = signing_with(|fax| (fax.enabled, fax.instead_to) = (enabled, instead_to)).await;
        let action = faxed(&server).await;
        assert_eq!(server.work().await, ["absentee.faxing"]);
        let [fax] = server.faxes.take().try_into().unwrap_or_else(|_| panic!("one fax"));
        assert_eq!(fax.to.e164(), number);
        let stored = server.store.view().await.unwrap().faxes().by_id(fax.id).await.unwrap().unwrap();
        assert_eq!((stored.status, stored.to), (FaxStatus::Pending, Some(fax.to)));
        assert!(fax.callback_url.ends_with(&format!("/v1/fax/gateway_callback/?token={}", stored.token)));
        let path = fax.pdf_url.strip_prefix("http://localhost:8000").unwrap();
        assert!(server.get(path).await.body.starts_with(b"%PDF"));
        assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxPending]);

        let (_, callback) = fax.callback_url.split_once("/v1/").unwrap();
        let report =
            json!({"fax_id": fax.id, "status": "sent", "message": "sent", "timestamp": 1_800_000_000});
        server.post(&format!("/v1/{callback}"), &report).await.is(200, &json!({"ok": true}));
        assert_eq!(server.work().await, ["absentee.faxed"]);
    }
}

#[tokio::test]
async fn a_fax_that_the_gateway_has_is_not_handed_over_again_when_the_mail_about_it_fails() {
    let server = signing_with(|fax| fax.enabled = true).await;
    let action = faxed(&server).await;
    server.outbox.fail_next(3);
    for _ in 0..3 {
        assert_eq!(server.work().await, Vec::<&str>::new());
        // the gateway knows a fax again for five minutes
        server.clock.advance(TimeDelta::minutes(10));
    }
    assert_eq!(server.faxes.take().len(), 1);
    assert_eq!(server.work().await, ["absentee.faxing"]);
    assert_eq!(server.faxes.take().len(), 0);
    assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxPending]);
}

#[tokio::test]
async fn an_office_that_wants_no_faxes_gets_none_and_the_voter_is_told() {
    let server = signing_with(|fax| fax.enabled = true).await;
    let said = Statement::new(Choice::Stopped, Scope::All, Origin::Staff, server.app.now());
    let mut unit = server.store.begin().await.unwrap();
    record(&server.app, unit.as_mut(), Channel::Fax, "+16175557890", said).await.unwrap();
    unit.commit().await.unwrap();
    let action = faxed(&server).await;
    let job = server.jobs().await.into_iter().find(|job| job.kind == "absentee.fax_office").unwrap();
    assert_eq!(server.work().await, ["absentee.not_faxed"]);
    assert_eq!(server.faxes.take().len(), 0);
    assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxFailed]);
    let fax = server.store.view().await.unwrap().faxes().by_id(FaxId(job.id.0)).await.unwrap().unwrap();
    assert_eq!(
        (fax.status, fax.status_message.as_deref()),
        (FaxStatus::PermanentFailure, Some("consent.stopped"))
    );
}

#[tokio::test]
async fn a_fax_that_the_gateway_does_not_take_is_handed_over_again() {
    let server = signing_with(|fax| fax.enabled = true).await;
    server.faxes.fail_next(ProviderErrorKind::Unreachable);
    faxed(&server).await;
    assert_eq!(server.work().await, Vec::<&str>::new());
    assert_eq!(server.faxes.take().len(), 0);
    server.clock.advance(TimeDelta::minutes(2));
    assert_eq!(server.work().await, ["absentee.faxing"]);
    assert_eq!(server.faxes.take().len(), 1);
}

#[tokio::test]
async fn what_cannot_carry_the_signature_is_printed_at_home() {
    let server = signing().await;
    let signature = signature(&server).await;
    let signed = voter_with(json!({"signature": signature}));
    // no signature; no place for it on the form
    assert_eq!(server.post(REQUEST, &voter()).await.json()["esign_method"], "leo_email");
    assert_eq!(server.work().await, ["absentee.form"]);
    let form = StateForm::default();
    server.outside.state_forms.lock().unwrap().insert(State::Oh, Arc::new(form));
    let answer = server.post(REQUEST, &signed).await.json();
    assert_eq!(answer["esign_method"], "leo_email");
    assert_eq!(server.work().await, ["absentee.form"]);
    assert_eq!(server.events(&text(&answer, "action_id")).await, [FinishPrint]);
}

#[tokio::test]
async fn a_ballot_is_asked_for_online_where_the_first_that_applies_says() {
    let server = TestServer::new().await;
    server.switch("movote", true).await;
    let link =
        async |changes: Value| server.post(BEGIN, &voter_with(changes)).await.json()["ovbm_link"].clone();
    assert_eq!(link(json!({})).await, Value::Null);
    fact(&server, 53, "external_tool_vbm_application", "https://ballots.example.org/ohio").await;
    assert_eq!(link(json!({})).await, "https://ballots.example.org/ohio");
    let now = server.app.now();
    let url = "https://ballots.example.org/allen".to_owned();
    let page = RegionLink { region: RegionId(1001), url, created_at: now, modified_at: now };
    let mut unit = server.store.begin().await.unwrap();
    unit.ballot_requests_mut().put_region_link(&page).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(link(json!({})).await, "https://ballots.example.org/allen");
    assert_eq!(link(json!({"region": 1002})).await, "https://ballots.example.org/ohio");
    let missouri = link(json!({"state": "MO"})).await;
    assert!(
        missouri.as_str().unwrap().starts_with(
            "https://movote.formstack.com/forms/november3absenteeballotrequest?field95899935=Jose+McAdams-Webster\
             &field95899936M=6&field95899936D=19&field95899936Y=90&field95899939=1+Main+St"
        ),
        "{missouri}"
    );
}

#[tokio::test]
async fn an_update_completes_with_what_was_stored_and_what_must_be_sent() {
    let server = TestServer::new().await;
    let part = json!({
        "first_name": "A", "last_name": "B", "address1": "1", "city": "C", "state": "OH", "zipcode": "45801",
        "date_of_birth": "1990-01-01", "email": "a@b.org",
    });
    let begun = server.post(BEGIN, &part).await.json();
    let path = format!("{REQUEST}{}/", text(&begun, "uuid"));
    let patch = |body: Value| server.ask("PATCH", &path).json(&body);
    let missing: Value = TO_COMPLETE.iter().map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    patch(json!({})).send().await.is(400, &missing);
    let boxes = json!({"us_citizen": true, "is_18_or_over": true});
    patch(boxes.clone()).send().await.is(400, &under("region", REQUIRED));
    let null = json!({"us_citizen": true, "is_18_or_over": true, "region": null});
    patch(null).send().await.is(400, &under("region", NOT_NULL));
    assert_eq!(server.ballot_request(&text(&begun, "uuid")).await.us_citizen, Some(false));
    let answer = patch(json!({"us_citizen": true, "is_18_or_over": true, "region": 1001})).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.json().get("regions").is_none());
    assert_eq!(answer.header("allow"), Some("PUT, PATCH, OPTIONS"));
    // citizenship and region count when stored, age does not; the same again makes no second mail
    patch(json!({})).send().await.is(400, &under("is_18_or_over", REQUIRED));
    assert_eq!(patch(json!({"is_18_or_over": true})).send().await.status, 200);
    let later = server.ask("PATCH", &format!("{path}?incomplete=true")).json(&json!({})).send().await;
    assert_eq!(later.status, 200);
    assert_eq!(server.ballot_request(&text(&begun, "uuid")).await.status, Status::Pending);
    assert_eq!(server.work().await, ["absentee.form"]);
    assert_eq!(server.events(&text(&begun, "action_id")).await, [Start, Start, FinishPrint]);
    // a whole record needs the whole record
    let all: Value =
        MINIMUM.iter().chain(&TO_COMPLETE).map(|name| ((*name).to_owned(), json!([REQUIRED]))).collect();
    server.ask("PUT", &path).json(&json!({})).send().await.is(400, &all);
    let put = server.ask("PUT", &path).json(&voter_with(json!({"city": "Toledo"}))).send().await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(server.work().await, ["absentee.form"]);
}

#[tokio::test]
async fn an_update_checks_contact_data_and_ignores_it_and_never_moves_a_record() {
    let server = TestServer::new().await;
    let begun = server.post(BEGIN, &voter()).await.json();
    let (uuid, action) = (text(&begun, "uuid"), text(&begun, "action_id"));
    let path = format!("{REQUEST}{}/?incomplete=true&subscriber=free", uuid.replace('-', "").to_uppercase());
    let bad = server.ask("PATCH", &path).json(&json!({"email": "x", "phone": 5})).send().await;
    bad.is(
        400,
        &json!({"email": ["Enter a valid email address."], "phone": ["Enter a valid phone number."]}),
    );
    let body =
        json!({"email": "new@example.org", "phone": "617-555-7890", "subscriber": NOBODY, "action": NOBODY});
    assert_eq!(server.ask("PATCH", &path).json(&body).send().await.status, 200);
    let stored = server.ballot_request(&uuid).await;
    assert_eq!((stored.email.as_deref(), stored.phone), (Some("voter@example.org"), None));
    assert_eq!((stored.subscriber.unwrap().0.as_u128(), stored.action), (1, ActionId::parse(&action)));
    for (query, number) in [("&subscriber=free", 2), ("&subscriber=FREE", 1)] {
        let body = server.post(&format!("{BEGIN}{query}"), &voter()).await.json();
        let stored = server.ballot_request(&text(&body, "uuid")).await;
        assert_eq!(stored.subscriber.unwrap().0.as_u128(), number, "{query}");
    }
    for id in [NOBODY, "zz", "ABEiM0RVZneImaq7zN3u_w"] {
        for method in ["PUT", "PATCH"] {
            let answer =
                server.ask(method, &format!("{REQUEST}{id}/")).json(&json!({"email": 5})).send().await;
            answer.is(404, &json!({ "detail": "Not found." }));
        }
    }
    assert_eq!(server.get(REQUEST).await.status, 405);
}

#[tokio::test]
async fn an_undeliverable_address_is_stored_and_refused_until_the_voter_insists() {
    let server = TestServer::new().await;
    let mut unit = server.store.begin().await.unwrap();
    let mut ohio = unit.elections().state(State::Oh).await.unwrap().unwrap();
    ohio.allow_absentee_print_and_forward = Some(true);
    unit.elections_mut().put_state(&ohio).await.unwrap();
    unit.commit().await.unwrap();
    let begun = server.post(BEGIN, &voter()).await.json();
    assert_eq!(begun["allow_print_and_forward"], true);
    let (uuid, action) = (text(&begun, "uuid"), text(&begun, "action_id"));
    let refusal = json!({
        "request_mailing_address1": "Address does not appear to be deliverable by USPS",
        "request_mailing_deliverable_not_ignored": true,
    });
    let path = format!("{REQUEST}{uuid}/");
    let patch = |query: &str, body: Value| {
        let ask = server.ask("PATCH", &format!("{path}{query}")).json(&body);
        async move { ask.send().await }
    };
    *server.outside.deliverable.lock().unwrap() = Some(false);
    let asked = json!({"request_mailing_address1": "9 Nowhere", "first_name": "New"});
    patch("?incomplete=true", asked).await.is(400, &refusal);
    let stored = server.ballot_request(&uuid).await;
    assert_eq!(
        (stored.name.first.as_deref(), stored.request_mailing_deliverable),
        (Some("New"), Some(false))
    );
    assert_eq!(server.events(&action).await, [Start, Start]);
    let complete = json!({"is_18_or_over": true});
    patch("", complete).await.is(400, &refusal);
    assert_eq!(server.job_kinds().await, ["action.check_unfinished"]);
    let insisting = json!({"is_18_or_over": true, "ignore_undeliverable": true});
    assert_eq!(patch("", insisting).await.json()["request_mailing_deliverable"], false);
    assert_eq!(server.work().await, ["absentee.confirm"]);
}

#[tokio::test]
async fn a_form_that_cannot_be_made_leaves_the_incomplete_record() {
    let server = TestServer::new().await;
    server.outside.forms_are_broken.store(true, std::sync::atomic::Ordering::Relaxed);
    let answer = server.post(REQUEST, &voter()).await;
    answer.is(503, &json!({ "error": "The form cannot be made at the moment. Please try again." }));
    assert_eq!(server.job_kinds().await, ["file.discard_unclaimed"]);
}

#[tokio::test]
async fn the_first_external_finish_of_the_tool_is_followed_up() {
    let server = TestServer::new().await;
    let begun = server.post(BEGIN, &voter_with(json!({"state": "CO"}))).await.json();
    let action = text(&begun, "action_id");
    let body = json!({"action": action, "event_type": "FinishExternal"});
    let followed = async || {
        let jobs = server.jobs().await;
        jobs.into_iter().filter(|job| job.kind == "absentee.next_steps").collect::<Vec<_>>()
    };
    // the tool that does not fit has no hook, but its event was the first
    let other = text(&server.post(BEGIN, &voter()).await.json(), "action_id");
    for (tool, action) in [("register", &other), ("absentee", &other)] {
        let body = json!({"action": action, "event_type": "FinishExternal"});
        assert_eq!(server.post(&format!("/v1/event/track/?tool={tool}"), &body).await.status, 201);
    }
    assert_eq!(followed().await.len(), 0);
    for _ in 0..2 {
        assert_eq!(server.post("/v1/event/track/?tool=absentee", &body).await.status, 201);
    }
    let jobs = followed().await;
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].due_at - jobs[0].created_at, TimeDelta::seconds(300));
    assert_eq!(server.events(&action).await, [Start, FinishExternal, FinishExternal]);
    server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(server.work().await, ["absentee.next_steps"]);
}

#[tokio::test]
async fn a_state_says_what_it_asks() {
    let server = TestServer::new().await;
    let question = TextBlock { slug: "reason".into(), required: true, ..TextBlock::default() };
    let section = Section {
        label: Some("Your reason".into()),
        content: Some(vec![Block::Text(question)]),
        ..Section::default()
    };
    let asking = StateForm {
        pages: 1,
        signature_statement: Some("I am who I say.".into()),
        sections: Some(vec![section]),
        ..StateForm::default()
    };
    let forms = [(State::Ma, asking), (State::Al, StateForm { pages: 2, ..StateForm::default() })];
    server.outside.state_forms.lock().unwrap().extend(forms.map(|(state, form)| (state, Arc::new(form))));
    let answer = server.get("/v1/absentee/state/MA/").await;
    let fields = json!([{
        "type": "section", "label": "Your reason",
        "content": [{"type": "text", "slug": "reason", "required": true}],
    }]);
    answer.is(200, &json!({"signature_statement": "I am who I say.", "form_fields": fields}));
    assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    let bare = json!({"signature_statement": null, "form_fields": null});
    server.get("/v1/absentee/state/AL").await.is(200, &bare);
    for code in ["ma", "CA", "PR", "ZZ", "M", "MAA"] {
        let answer = server.get(&format!("/v1/absentee/state/{code}/")).await;
        answer.is(404, &json!({ "detail": "Not found." }));
    }
    let refused = server.post("/v1/absentee/state/MA/", &json!({})).await;
    refused.is(403, &json!({ "detail": "Authentication credentials were not provided." }));
}
