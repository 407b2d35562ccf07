//! Pennsylvania's online registration, from the API to the state's own service on loopback (`http-api.md` 3.1, `flows.md` 2.4).

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    address::State,
    conformance::state_registrar::Deed,
    file::{SecureUpload, UploadType},
    ids::{RegionId, UploadId},
    official::Region,
    ports::{clock::Clock as _, store::Store as _},
    register::Status,
};
use turnout_server::{
    config::Secret,
    providers::{http_client::Reqwest, pennsylvania::Pennsylvania},
};
use uuid::Uuid;

use crate::support::{PENNSYLVANIA_KEY, PennsylvaniaOffice, Setup, TestServer, voter_with};

const REGISTER: &str = "/v1/registration/register/";

/// A server that sends to this office, by this key; regions of Pennsylvania, and one of Ohio.
async fn server_with(office: &PennsylvaniaOffice, key: Option<&str>) -> TestServer {
    let key = key.map(|key| Secret::new(key.to_owned()));
    let http = Arc::new(Reqwest::new().unwrap());
    let registrar = Pennsylvania::new(http, &office.origin, key, TimeDelta::milliseconds(500));
    let server = TestServer::with(|setup: &mut Setup| setup.registrars.push(Arc::new(registrar))).await;
    let now = server.clock.now();
    let mut unit = server.store.begin().await.unwrap();
    for (id, name, state) in [
        (2290, "Adams County", State::Pa),
        (2340, "City of Philadelphia", State::Pa),
        (2350, "Overseas voters", State::Pa),
        (2360, "Adams County", State::Oh),
    ] {
        let region = Region {
            id: RegionId(id),
            name: Some(name.into()),
            county: None,
            municipality: None,
            municipality_type: None,
            state: Some(state),
            hidden: false,
            external_updated: None,
        };
        unit.officials_mut().put_region(&region).await.unwrap();
    }
    for (number, content_type) in [(1, "image/png"), (2, "image/jpeg")] {
        let upload = SecureUpload {
            id: UploadId(Uuid::from_u128(number)),
            kind: UploadType::Signature,
            key: format!("signature{number}"),
            content_type: content_type.into(),
            purged: None,
            created_at: now,
            modified_at: now,
        };
        unit.uploads_mut().insert(&upload).await.unwrap();
        server.app.files.put(&upload.key, Bytes::from_static(b"drawn"), content_type).await.unwrap();
    }
    unit.commit().await.unwrap();
    server
}

async fn server(office: &PennsylvaniaOffice) -> TestServer {
    server_with(office, Some(PENNSYLVANIA_KEY)).await
}

/// A voter of Adams County, with these answers to the state's questions beside the usual ones.
fn voter(fields: Value) -> Value {
    let mut all = json!({"region_id": 2290, "declaration": true});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    voter_with(json!({
        "state": "PA", "zipcode": "17325", "city": "Gettysburg", "party": "Democratic", "gender": "Female",
        "state_id_number": "99 007 069", "state_fields": all,
    }))
}

fn with(mut body: Value, changes: Value) -> Value {
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

/// Asserts what is said of the state in an answer.
#[track_caller]
fn says(body: &Value, status: &str, error: Value) {
    assert_eq!((&body["state_api_status"], &body["state_api_error"]), (&json!(status), &error), "{body}");
}

/// Whether a completion brings the number of a license.
#[derive(Clone, Copy, PartialEq)]
enum Number {
    Given,
    Missing,
}

/// The answer to a completion. Without a number it takes two pages, as a whole call has to have one.
async fn completed(server: &TestServer, body: &Value, number: Number) -> Value {
    let answer = if number == Number::Given {
        server.post(REGISTER, body).await
    } else {
        let mut first = body.clone();
        first.as_object_mut().unwrap().remove("state_id_number");
        let begun = server.post(&format!("{REGISTER}?incomplete=true"), &first).await.json();
        let path = format!("{REGISTER}{}/", begun["uuid"].as_str().unwrap());
        let second = json!({"us_citizen": true, "is_18_or_over": true});
        server.ask("PATCH", &path).json(&second).send().await
    };
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn an_application_reaches_the_state_and_the_voter_is_told() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    let answer = server.post(REGISTER, &voter(json!({}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    says(&body, "success", json!(null));
    let mut names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "action_id",
            "allow_print_and_forward",
            "custom_ovr_link",
            "request_mailing_deliverable",
            "state_api_error",
            "state_api_status",
            "uuid",
        ]
    );
    let kept = server.registration(body["uuid"].as_str().unwrap()).await;
    let result = json!({
        "status": "success", "application_id": "5544332211", "signature_source": "PennDOT & none",
    });
    assert_eq!((kept.status, kept.state_api_result, kept.result_item), (Status::Pending, Some(result), None));
    assert_eq!(server.events(body["action_id"].as_str().unwrap()).await, [EventType::FinishExternalApi]);
    let kinds = ["action.check_unfinished", "action.finish", "register.confirm_online"];
    assert_eq!(server.job_kinds().await, kinds);
    let mails = server.mails().await;
    let [mail] = mails.try_into().unwrap_or_else(|_| panic!("one mail"));
    assert_eq!((mail.tag, mail.to.address.as_str()), ("register.online", "voter@example.org"));
    assert!(mail.text.contains("two weeks"), "{}", mail.text);

    let [applied] = office.applied().try_into().unwrap_or_else(|_| panic!("one application"));
    for (name, value) in [
        ("batch", "0"),
        ("FirstName", "Jose"),
        ("LastName", "Rizal"),
        ("united-states-citizen", "1"),
        ("eighteen-on-election-day", "1"),
        ("isnewregistration", "1"),
        ("name-update", "0"),
        ("DateOfBirth", "1990-06-19"),
        ("Gender", "F"),
        ("Email", "voter@example.org"),
        ("streetaddress", "1 Main St"),
        ("city", "Gettysburg"),
        ("zipcode", "17325"),
        ("county", "Adams"),
        ("drivers-license", "99007069"),
        ("ssn4", ""),
        ("continueAppSubmit", "0"),
        ("donthavebothDLandSSN", "0"),
        ("politicalparty", "D"),
        ("declaration1", "1"),
        ("ismailin", "0"),
        ("mailindeclaration", ""),
    ] {
        assert_eq!(applied[name], value, "{name}");
    }
}

#[tokio::test]
async fn everything_that_the_voter_says_goes_into_its_element() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    let more = json!({
        "middle_name": "A&<b>'\"", "suffix": "Jr.", "phone": "(617) 555-7890", "address2": "Apt 2", "party": "Other",
        "zipcode": "17325", "gender": "NonBinary", "state_id_number_2": "0451",
        "previous_first_name": "Josef", "previous_middle_name": "B", "previous_last_name": "Rizalin",
        "previous_address1": "2 Oak St", "previous_address2": "Rear", "previous_city": "Lima",
        "previous_state": "OH", "previous_zipcode": "45801",
        "mailing_address1": "PO Box 3", "mailing_address2": "c/o Ada", "mailing_city": "Trenton",
        "mailing_state": "NJ", "mailing_zipcode": "08601",
    });
    let fields = json!({
        "region_id": "02340", "signature": Uuid::from_u128(2), "party_other": "Keystone", "federal_voter": true,
        "mailin_ballot_request": true, "mailin_ballot_to_mailing_address": true,
    });
    let body = server.post(REGISTER, &with(voter(fields), more)).await.json();
    says(&body, "success", json!(null));
    let applied = office.applied().pop().unwrap();
    for (name, value) in [
        ("MiddleName", "A&<b>'\""),
        ("TitleSuffix", "JR"),
        ("Phone", "617-555-7890"),
        ("streetaddress2", "Apt 2"),
        ("zipcode", "17325"),
        ("Gender", "U"),
        ("county", "Philadelphia"),
        ("isnewregistration", "0"),
        ("name-update", "1"),
        ("address-update", "1"),
        ("ispartychange", "0"),
        ("isfederalvoter", "1"),
        ("ssn4", "0451"),
        ("signatureimage", "data:image/jpg;base64,ZHJhd24="),
        ("politicalparty", "OTH"),
        ("otherpoliticalparty", "Keystone"),
        ("previousregfirstname", "Josef"),
        ("previousregmiddlename", "B"),
        ("previousreglastname", "Rizalin"),
        ("previousregaddress", "2 Oak St Rear"),
        ("previousregcity", "Lima"),
        ("previousregstate", "OH"),
        ("previousregzip", "45801"),
        ("mailingaddress", "PO Box 3 c/o Ada"),
        ("mailingcity", "Trenton"),
        ("mailingstate", "NJ"),
        ("mailingzipcode", "08601"),
        ("ismailin", "1"),
        ("mailinaddresstype", "M"),
        ("mailinballotaddr", "PO Box 3 c/o Ada"),
        ("mailincity", "Trenton"),
        ("mailinstate", "NJ"),
        ("mailinzipcode", "08601"),
        ("mailindeclaration", "1"),
    ] {
        assert_eq!(applied[name], value, "{name}");
    }
    server.work().await;
}

#[tokio::test]
async fn a_mailed_ballot_goes_home_or_elsewhere() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    let elsewhere = json!({
        "mailin_ballot_request": true, "mailin_ballot_address": "9 Pine St", "mailin_ballot_city": "York",
        "mailin_ballot_state": "PA", "mailin_ballot_zipcode": "17401", "party_change": true,
    });
    let home = json!({"mailin_ballot_request": true, "mailin_ballot_to_registration_address": true});
    for (fields, expected) in [
        (home, ["R", "1 Main St", "Gettysburg", "PA", "17325", "1", "0"]),
        (elsewhere, ["A", "9 Pine St", "York", "PA", "17401", "0", "1"]),
    ] {
        says(&server.post(REGISTER, &voter(fields)).await.json(), "success", json!(null));
        let applied = office.applied().pop().unwrap();
        let names = [
            "mailinaddresstype",
            "mailinballotaddr",
            "mailincity",
            "mailinstate",
            "mailinzipcode",
            "isnewregistration",
            "ispartychange",
        ];
        assert_eq!(names.map(|name| applied[name].as_str()), expected);
    }
    server.work().await;
}

#[tokio::test]
async fn what_an_application_lacks_is_said_in_order_and_nothing_is_sent() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    use Number::{Given, Missing};
    for (fields, number, error) in [
        (json!({"region_id": null, "declaration": false}), Missing, "invalid_region_id"),
        (json!({"region_id": 4711}), Given, "invalid_region_id"),
        (json!({"region_id": 2360}), Given, "invalid_region_id"),
        (json!({"region_id": "Adams"}), Given, "invalid_region_id"),
        (json!({"region_id": 2350, "declaration": false}), Missing, "invalid_region_name"),
        (json!({"declaration": false}), Missing, "no_dl_or_signature"),
        (json!({"signature": Uuid::from_u128(9)}), Missing, "no_dl_or_signature"),
        (json!({"declaration": false}), Given, "unknown_error"),
        (json!({"declaration": "yes"}), Given, "unknown_error"),
    ] {
        let body = completed(&server, &voter(fields), number).await;
        says(&body, "failure", json!(error));
        assert_eq!(server.registration(body["uuid"].as_str().unwrap()).await.status, Status::Incomplete);
    }
    let without_party = with(voter(json!({})), json!({"party": null}));
    says(&completed(&server, &without_party, Given).await, "failure", json!("unknown_error"));
    assert_eq!(office.reached(), 0);
    assert_eq!(server.job_kinds().await, ["action.check_unfinished"; 10]);
    // a signature stands in for the number
    let signed = voter(json!({"signature": Uuid::from_u128(1)}));
    says(&completed(&server, &signed, Missing).await, "success", json!(null));
    let applied = office.applied().pop().unwrap();
    let names = ["drivers-license", "continueAppSubmit", "donthavebothDLandSSN"];
    assert_eq!(names.map(|name| applied[name].as_str()), ["", "1", "1"]);
    assert_eq!(applied["signatureimage"], "data:image/png;base64,ZHJhd24=");
    server.work().await;
}

#[tokio::test]
async fn whatever_the_state_does_the_voter_can_go_on() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    for (deed, error, remedy) in [
        (Deed::RefusesTheLicense, "dl_invalid", "ask_again"),
        (Deed::RefusesTheSignature, "signature_invalid", "ask_again"),
        (Deed::Refuses, "unknown_error", "paper"),
        (Deed::AsksForRest, "unknown_error", "later"),
        (Deed::Fails, "unknown_error", "later"),
        (Deed::IsSilent, "unknown_error", "later"),
        (Deed::Babbles, "unknown_error", "paper"),
    ] {
        office.will(deed);
        let body = server.post(REGISTER, &voter(json!({}))).await.json();
        says(&body, "failure", json!(error));
        let id = body["uuid"].as_str().unwrap();
        let kept = server.registration(id).await;
        assert_eq!(kept.status, Status::Incomplete, "{deed:?}");
        let result = kept.state_api_result.unwrap();
        assert_eq!(result["remedy"], remedy, "{deed:?}");
        assert!(!result.to_string().contains("Jose") && !result.to_string().contains("99007069"), "{result}");
        assert_eq!(server.events(body["action_id"].as_str().unwrap()).await, []);

        let path = format!("{REGISTER}{id}/");
        let confirmed = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": "99007069"});
        let again = match deed {
            // on paper
            Deed::Refuses | Deed::Babbles => with(confirmed, json!({"state_fields": null})),
            // by the signature: the number may be left out
            Deed::RefusesTheLicense => json!({
                "us_citizen": true, "is_18_or_over": true,
                "state_fields": {"region_id": 2290, "declaration": true, "signature": Uuid::from_u128(1)},
            }),
            _ => confirmed,
        };
        let answer = server.ask("PATCH", &path).json(&again).send().await;
        assert_eq!(answer.status, 200, "{deed:?}: {}", answer.text());
        let paper = matches!(deed, Deed::Refuses | Deed::Babbles);
        let kept = server.registration(id).await;
        assert_eq!((kept.status, kept.result_item.is_some()), (Status::Pending, paper), "{deed:?}");
        // what became of the last application is told as long as it is known
        let status = if paper { "failure" } else { "success" };
        let told =
            server.ask("PATCH", &format!("{path}?incomplete=true")).json(&json!({})).send().await.json();
        assert_eq!(told["state_api_status"], status, "{deed:?}");
    }
    let mails = server.work().await;
    assert_eq!(mails.iter().filter(|tag| **tag == "register.online").count(), 5);
    assert_eq!(mails.iter().filter(|tag| **tag == "register.form").count(), 2);
}

#[tokio::test]
async fn without_a_key_or_with_a_wrong_one_the_form_on_paper_is_open() {
    let office = PennsylvaniaOffice::open().await;
    for (key, checked) in [(None, "invalid_region_id"), (Some("wrong"), "invalid_region_id")] {
        let server = server_with(&office, key).await;
        says(&server.post(REGISTER, &voter(json!({"region_id": 1}))).await.json(), "failure", json!(checked));
        let body = server.post(REGISTER, &voter(json!({}))).await.json();
        says(&body, "failure", json!("unknown_error"));
        let path = format!("{REGISTER}{}/", body["uuid"].as_str().unwrap());
        let paper = json!({
            "us_citizen": true, "is_18_or_over": true, "state_id_number": "99007069", "state_fields": {},
        });
        let answer = server.ask("PATCH", &path).json(&paper).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(server.work().await, ["register.form"]);
    }
    assert_eq!(office.reached(), 0);
}

#[tokio::test]
async fn regions_are_offered_until_one_is_chosen_and_kept_nowhere() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    let begun = voter_with(json!({"state": "PA", "state_fields": {"declaration": true}}));
    let incomplete = format!("{REGISTER}?incomplete=true");
    let body = server.post(&incomplete, &begun).await.json();
    let all = json!([
        {"name": "Adams County", "external_id": 2290},
        {"name": "City of Philadelphia", "external_id": 2340},
        {"name": "Overseas voters", "external_id": 2350},
    ]);
    assert_eq!(body["state_api_regions"], all);
    assert_eq!(body.get("state_api_status"), None);
    assert_eq!(server.registration(body["uuid"].as_str().unwrap()).await.state_api_result, None);
    *server.outside.regions.lock().unwrap() = vec![RegionId(2340), RegionId(2290)];
    let several = server.post(&incomplete, &begun).await.json()["state_api_regions"].clone();
    assert_eq!(several[0]["external_id"], 2340);
    *server.outside.region.lock().unwrap() = Some(RegionId(2290));
    let one = server.post(&incomplete, &begun).await.json()["state_api_regions"].clone();
    assert_eq!(one, json!([{"name": "Adams County", "external_id": 2290}]));
    for state_fields in [json!({"region_id": 2290}), json!(null), json!([1])] {
        let begun = voter_with(json!({"state": "PA", "state_fields": state_fields}));
        assert_eq!(server.post(&incomplete, &begun).await.json().get("state_api_regions"), None);
    }
}

#[tokio::test]
async fn a_call_that_says_nothing_new_is_not_sent_again() {
    let office = PennsylvaniaOffice::open().await;
    let server = server(&office).await;
    let body = server.post(REGISTER, &voter(json!({}))).await.json();
    let path = format!("{REGISTER}{}/", body["uuid"].as_str().unwrap());
    let again = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": "99007069"});
    for _ in 0..2 {
        says(&server.ask("PATCH", &path).json(&again).send().await.json(), "success", json!(null));
    }
    assert_eq!(office.reached(), 1);
    let moved = with(again, json!({"city": "York"}));
    says(&server.ask("PATCH", &path).json(&moved).send().await.json(), "success", json!(null));
    assert_eq!(office.reached(), 2);
    server.work().await;
}
