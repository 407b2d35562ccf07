//! `/v1/verification/verify/`

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::{
        EventType::{Finish, FinishExternal},
        Source,
    },
    error::ProviderErrorKind,
    ids::{ActionId, SubscriberId},
    listing::Tool,
    page::PageRequest,
    ports::{store::Store as _, voter_roll::RollVoter},
    search::{SearchQuery, VoterList},
    verifier::{Lookup, VoterStatus},
};
use uuid::Uuid;

use super::person::{bad_fields, minimum, with};
use crate::support::TestServer;

const VERIFY: &str = "/v1/verification/verify/";

async fn stored(server: &TestServer, action: &Value) -> Lookup {
    let id = ActionId::parse(action.as_str().unwrap()).unwrap();
    server.store.view().await.unwrap().lookups().by_action(id).await.unwrap().unwrap()
}

fn knows(server: &TestServer, statuses: &[VoterStatus]) {
    let voters = statuses.iter().map(|status| RollVoter { status: *status, ..RollVoter::default() });
    *server.outside.roll.lock().unwrap() = Ok(voters.collect());
}

#[tokio::test]
async fn a_voter_is_registered_when_the_roll_has_exactly_one_that_is_active() {
    let server = TestServer::new().await;
    use VoterStatus::{Active, Inactive, Unknown};
    for (roll, registered, status, too_many) in [
        (&[Active][..], true, Active, false),
        (&[Inactive], false, Inactive, false),
        (&[Unknown], false, Unknown, false),
        (&[], false, Unknown, false),
        (&[Active, Active], false, Unknown, true),
    ] {
        knows(&server, roll);
        let answer = server.post(VERIFY, &minimum()).await;
        let body = answer.json();
        assert_eq!(answer.status, 200, "{body}");
        assert_eq!(
            (&body["registered"], body.as_object().unwrap().len()),
            (&json!(registered), 2),
            "{roll:?}"
        );
        let kept = stored(&server, &body["action_id"]).await;
        assert_eq!(
            (kept.registered, kept.voter_status, kept.too_many),
            (Some(registered), Some(status), Some(too_many)),
            "{roll:?}"
        );
        assert_eq!(kept.response, Some(json!({"voters": roll.len()})));
        assert_eq!(server.events(body["action_id"].as_str().unwrap()).await, [Finish]);
    }
    assert_eq!(server.job_kinds().await, ["action.finish"; 5]);
    server.work().await;
}

#[tokio::test]
async fn the_roll_is_asked_about_the_voter_and_everything_is_kept() {
    let server = TestServer::new().await;
    knows(&server, &[VoterStatus::Active]);
    let more = json!({
        "address2": "Apt 2", "age": 36, "last_updated": "2020-10-01T12:00:00Z", "phone": "617-555-7890",
        "sms_opt_in": false, "utm_campaign": "fall",
    });
    let answer = server.post(VERIFY, &with(minimum(), &more)).await;
    let kept = stored(&server, &answer.json()["action_id"]).await;
    assert_eq!(kept.age, Some(36));
    assert_eq!(kept.last_updated, Some("2020-10-01T12:00:00Z".parse().unwrap()));
    assert_eq!(kept.voter.sms_opt_in, Some(false));
    assert_eq!(kept.voter.tracking.utm_campaign.as_deref(), Some("fall"));
    assert_eq!(kept.subscriber, Some(SubscriberId(Uuid::from_u128(1))));
    {
        let asked = server.outside.asked.lock().unwrap();
        let question = &asked[0];
        assert_eq!(question.name, kept.voter.name);
        assert_eq!(
            (question.date_of_birth, &question.address),
            (kept.voter.date_of_birth, &kept.voter.address)
        );
    }
    let mut view = server.store.view().await.unwrap();
    assert_eq!(view.actions().source(kept.action.unwrap()).await.unwrap(), Some(Source::Lookup(kept.id)));
    let list = VoterList { subscriber: kept.subscriber.unwrap(), tool: Tool::Verify };
    let other = VoterList { subscriber: SubscriberId(Uuid::from_u128(2)), ..list };
    for (list, count) in [(list, 1), (other, 0)] {
        let page = PageRequest { after: None, limit: 9 };
        let found = view.search().find(list, &SearchQuery::parse("rizal jose"), page).await.unwrap();
        assert_eq!(found.rows.len(), count);
    }
    drop(view);
    server.work().await;
}

#[tokio::test]
async fn a_roll_that_gives_no_answer_is_a_503_and_nothing_is_stored() {
    let server = TestServer::new().await;
    for kind in [
        ProviderErrorKind::Disabled,
        ProviderErrorKind::Rejected,
        ProviderErrorKind::Throttled,
        ProviderErrorKind::Unintelligible,
        ProviderErrorKind::Unreachable,
    ] {
        *server.outside.roll.lock().unwrap() = Err(kind);
        server.post(VERIFY, &minimum()).await.is(503, &json!({"error": "Error from data providers"}));
    }
    assert_eq!(server.jobs().await, []);
}

#[tokio::test]
async fn every_complaint_comes_before_the_roll_is_asked() {
    let server = TestServer::new().await;
    knows(&server, &[VoterStatus::Active]);
    let mut cases = bad_fields();
    let date_time = "Datetime has wrong format. Use one of these formats instead: \
                     YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
    for (field, value, message) in [
        ("date_of_birth", json!(null), "This field may not be null."),
        ("age", json!("old"), "A valid integer is required."),
        ("last_updated", json!("2020-10-01"), date_time),
    ] {
        cases.push((json!({field: value}), json!({field: [message]})));
    }
    for (change, expected) in cases {
        server.post(VERIFY, &with(minimum(), &change)).await.is(400, &expected);
    }
    assert!(server.outside.asked.lock().unwrap().is_empty());
    assert_eq!(server.jobs().await, []);
    for method in ["GET", "PUT", "PATCH"] {
        let refused = server.ask(method, VERIFY).send().await;
        refused.is(405, &json!({"detail": format!("Method \"{method}\" not allowed.")}));
        assert_eq!(refused.headers["allow"], "POST, OPTIONS");
    }
    assert_eq!(server.get(&format!("{VERIFY}{}/", Uuid::from_u128(1))).await.status, 404);
}

#[tokio::test]
async fn who_went_to_the_states_tool_is_written_to_once_after_a_minute() {
    let server = TestServer::new().await;
    knows(&server, &[]);
    let change = json!({"initial_events": ["FinishExternal"]});
    let answer = server.post(VERIFY, &with(minimum(), &change)).await;
    let action = answer.json()["action_id"].as_str().unwrap().to_owned();
    assert_eq!(server.events(&action).await, [Finish, FinishExternal]);
    let body = json!({"action": action, "event_type": "FinishExternal"});
    server.post("/v1/event/track/?tool=verify", &body).await.is(201, &body);
    server.post("/v1/event/track/?tool=register", &body).await.is(201, &body);
    let due: Vec<_> =
        server.jobs().await.into_iter().filter(|job| job.kind == "verifier.next_steps").collect();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].due_at - due[0].created_at, TimeDelta::seconds(60));
    assert_eq!(server.work().await, [""; 0]);
    server.clock.advance(TimeDelta::seconds(60));
    assert_eq!(server.work().await, ["verifier.next_steps"]);
}

#[tokio::test]
async fn the_first_external_finish_of_a_check_is_followed_up() {
    let server = TestServer::new().await;
    knows(&server, &[VoterStatus::Active]);
    for (tool, expected) in [("verify", 1), ("register", 0), ("nonsense", 0)] {
        let answer = server.post(VERIFY, &minimum()).await;
        let body = json!({"action": answer.json()["action_id"], "event_type": "FinishExternal"});
        for _ in 0..2 {
            server.post(&format!("/v1/event/track/?tool={tool}"), &body).await.is(201, &body);
        }
        let kinds = server.job_kinds().await;
        let followed = kinds.iter().filter(|kind| *kind == "verifier.next_steps").count();
        assert_eq!(followed, expected, "{tool}");
        server.switch("drip.verify_external", tool == "verify").await;
        server.clock.advance(TimeDelta::hours(1));
        assert_eq!(server.work().await.len(), expected, "{tool}");
    }
    server.switch("drip.verify_external", false).await;
    let change = json!({"initial_events": ["FinishExternal"]});
    server.post(VERIFY, &with(minimum(), &change)).await;
    server.clock.advance(TimeDelta::hours(1));
    assert_eq!(server.work().await, [""; 0]);
}
