//! `/v1/fax/…` (`http-api.md` 16).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use turnout_core::{
    absentee::BallotRequest,
    action::EventType,
    conformance::rows,
    fax::{Fax, FaxStatus, FaxThen},
    file::FileType,
    ids::{BallotRequestId, FaxId},
    ports::store::Store as _,
};
use uuid::Uuid;

use crate::support::TestServer;

const FAX: u128 = 77;
const TOKEN: &str = "00000000-0000-0000-0000-00000000004e";
const PATH: &str = "/v1/fax/gateway_callback/?token=00000000-0000-0000-0000-00000000004e";

/// A server with a fax on its way, and the action of whose request it is.
async fn faxing(then: bool) -> (TestServer, String) {
    let server = TestServer::new().await;
    let now = server.app.now();
    let (id, action) = (BallotRequestId(Uuid::from_u128(78)), rows::action(79));
    let mut request = BallotRequest::new(id, action.id, None, now);
    request.email = Some("voter@example.org".into());
    let file = rows::file(80, FileType::AbsForm, 0);
    let fax = Fax {
        id: FaxId(Uuid::from_u128(FAX)),
        token: TOKEN.parse().unwrap(),
        file: file.id,
        to: None,
        status: FaxStatus::Pending,
        status_message: None,
        status_at: None,
        then: then.then_some(FaxThen::BallotRequest(id)),
        created_at: now,
        modified_at: now,
    };
    let mut unit = server.store.begin().await.unwrap();
    unit.actions_mut().insert(&action).await.unwrap();
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    unit.files_mut().insert(&file).await.unwrap();
    unit.faxes_mut().insert(&fax).await.unwrap();
    unit.commit().await.unwrap();
    (server, action.id.to_string())
}

fn report(status: &str, timestamp: &Value) -> Value {
    json!({ "fax_id": Uuid::from_u128(FAX), "status": status, "message": "as it is", "timestamp": timestamp })
}

async fn stored(server: &TestServer) -> Fax {
    let id = FaxId(Uuid::from_u128(FAX));
    server.store.view().await.unwrap().faxes().by_id(id).await.unwrap().unwrap()
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn a_fax_that_was_sent_is_noted_and_the_voter_told_once() {
    let (server, action) = faxing(true).await;
    let answer = server.post(PATH, &report("sent", &json!(1_601_553_600.25))).await;
    answer.is(200, &json!({ "ok": true }));
    let fax = stored(&server).await;
    assert_eq!((fax.status, fax.status_message.as_deref()), (FaxStatus::Sent, Some("as it is")));
    assert_eq!(fax.status_at, moment("2020-10-01T12:00:00.25Z"));
    assert_eq!(server.work().await, ["absentee.faxed"]);
    assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxSent]);
    // the same again, at the same time and at another one
    for timestamp in [json!(1_601_553_600.25), json!(1_601_553_601)] {
        server.post(PATH, &report("sent", &timestamp)).await.is(200, &json!({ "ok": true }));
        assert_eq!(server.work().await, Vec::<&str>::new());
    }
    assert_eq!(stored(&server).await.status_at, moment("2020-10-01T12:00:01Z"));
    assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxSent]);
}

#[tokio::test]
async fn a_failure_for_good_is_told_and_a_passing_one_noted_alone() {
    let (server, action) = faxing(true).await;
    server.post(PATH, &report("tmp_fail", &json!(1))).await.is(200, &json!({ "ok": true }));
    assert_eq!(server.work().await, Vec::<&str>::new());
    assert_eq!(stored(&server).await.status, FaxStatus::TemporaryFailure);
    server.post(PATH, &report("perm_fail", &json!(2))).await.is(200, &json!({ "ok": true }));
    assert_eq!(server.work().await, ["absentee.not_faxed"]);
    assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxFailed]);
}

#[tokio::test]
async fn a_report_older_than_the_last_one_is_left_aside() {
    let (server, _) = faxing(false).await;
    server.post(PATH, &report("sent", &json!(100))).await.is(200, &json!({ "ok": true }));
    let outdated = json!({ "warning": "Outdated timestamp; ignoring" });
    server.post(PATH, &report("perm_fail", &json!(99.999_999))).await.is(200, &outdated);
    assert_eq!(stored(&server).await.status, FaxStatus::Sent);
    // at the same moment it counts
    server.post(PATH, &report("perm_fail", &json!(100))).await.is(200, &json!({ "ok": true }));
    assert_eq!(stored(&server).await.status, FaxStatus::PermanentFailure);
}

#[tokio::test]
async fn a_fax_that_nothing_follows_only_changes_its_status() {
    let (server, _) = faxing(false).await;
    let before: Vec<String> = server.job_kinds().await;
    server.post(PATH, &report("sent", &json!(100))).await.is(200, &json!({ "ok": true }));
    assert_eq!(server.job_kinds().await, before);
    assert_eq!(stored(&server).await.status, FaxStatus::Sent);
}

#[tokio::test]
async fn only_who_knows_the_token_is_believed() {
    let (server, _) = faxing(true).await;
    let path = "/v1/fax/gateway_callback/";
    let body = report("sent", &json!(100));
    let upper = format!("{path}?token={}", TOKEN.to_uppercase());
    let bare = format!("{path}?token={}", TOKEN.replace('-', ""));
    for (path, status, error) in [
        (path, 400, "Missing token"),
        ("/v1/fax/gateway_callback/?token=", 400, "Missing token"),
        ("/v1/fax/gateway_callback/?token=x", 403, "Token is incorrect"),
        (upper.as_str(), 403, "Token is incorrect"),
        (bare.as_str(), 403, "Token is incorrect"),
    ] {
        server.post(path, &body).await.is(status, &json!({ "error": error }));
    }
    let mut unknown = body.clone();
    unknown["fax_id"] = json!(Uuid::from_u128(5));
    server.post(path, &unknown).await.is(404, &json!({ "error": "No such fax" }));
    assert_eq!(stored(&server).await.status, FaxStatus::Pending);
}

#[tokio::test]
async fn what_is_no_report_is_refused_with_every_complaint() {
    let (server, _) = faxing(true).await;
    let required = json!(["This field is required."]);
    let all = json!({ "fax_id": required, "status": required, "message": required, "timestamp": required });
    server.post(PATH, &json!({})).await.is(400, &all);
    let refused = json!(["This field may not be null."]);
    let all = json!({ "fax_id": refused, "status": refused, "message": refused, "timestamp": refused });
    let nulls = json!({ "fax_id": null, "status": null, "message": null, "timestamp": null });
    server.post(PATH, &nulls).await.is(400, &all);
    let wrong = json!({ "fax_id": "zz", "status": "Sent", "message": "", "timestamp": "soon" });
    let complaints = json!({
        "fax_id": ["Must be a valid UUID."],
        "status": ["\"Sent\" is not a valid choice."],
        "message": ["This field may not be blank."],
        "timestamp": ["A valid number is required."],
    });
    server.post(PATH, &wrong).await.is(400, &complaints);
    for timestamp in [
        json!(true),
        json!([1]),
        json!({}),
        json!(-1),
        json!(253_402_300_800_u64),
        json!(1e300),
        json!("nan"),
    ] {
        let refused = json!({ "timestamp": ["A valid number is required."] });
        server.post(PATH, &report("sent", &timestamp)).await.is(400, &refused);
    }
    server
        .post(PATH, &json!([]))
        .await
        .is(400, &json!({ "non_field_errors": ["Invalid data. Expected a dictionary, but got list."] }));
    assert_eq!(stored(&server).await.status, FaxStatus::Pending);
}

#[tokio::test]
async fn numbers_may_be_texts_as_forms_have_them() {
    let (server, _) = faxing(false).await;
    let form =
        format!("fax_id={}&status=sent&message=ok&timestamp=1601553600.5", Uuid::from_u128(FAX).simple());
    let answer = server.ask("POST", PATH).form(&form).send().await;
    answer.is(200, &json!({ "ok": true }));
    assert_eq!(stored(&server).await.status_at, moment("2020-10-01T12:00:00.5Z"));
    server.get(PATH).await.is(405, &json!({ "detail": "Method \"GET\" not allowed." }));
}

#[tokio::test]
async fn of_two_reports_at_once_what_follows_happens_once() {
    let (server, action) = faxing(true).await;
    let body = report("sent", &json!(100));
    let (one, other) = tokio::join!(server.post(PATH, &body), server.post(PATH, &body));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert_eq!(server.work().await, ["absentee.faxed"]);
    assert_eq!(server.events(&action).await, [EventType::FinishLeoFaxSent]);
}
