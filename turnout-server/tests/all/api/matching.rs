//! What follows a finished action: its voter is looked up in the rolls (`flows.md` 1.3, 9).

use std::sync::atomic::Ordering;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use turnout_core::{
    ids::ActionId,
    ports::{store::Store as _, voter_roll::RollVoter},
    verifier::VoterStatus,
    voter::Voter,
};

use crate::support::{TestServer, voter};

async fn voter_of(server: &TestServer, action: &str) -> Option<Voter> {
    let mut view = server.store.view().await.unwrap();
    let id = view.voters().of_action(ActionId::parse(action).unwrap()).await.unwrap()?;
    view.voters().by_id(id).await.unwrap()
}

fn knows(server: &TestServer, ids: &[&str]) {
    let voters = ids.iter().map(|id| RollVoter {
        id: Some((*id).to_owned()),
        status: VoterStatus::Active,
        registered: Some(true),
        registration_date: NaiveDate::from_ymd_opt(2020, 3, 4),
        record: json!({"entry": id}),
        ..RollVoter::default()
    });
    *server.outside.roll.lock().unwrap() = Ok(voters.collect());
    server.outside.matches.store(true, Ordering::Relaxed);
}

#[tokio::test]
async fn a_completed_registration_is_linked_to_its_voter() {
    let server = TestServer::new().await;
    knows(&server, &["OH-7"]);
    for _ in 0..2 {
        let body = server.post("/v1/registration/register/", &voter()).await.json();
        server.work().await;
        // a roll is asked so many times a second
        server.clock.advance(TimeDelta::seconds(1));
        server.work().await;
        let voter = voter_of(&server, body["action_id"].as_str().unwrap()).await.unwrap();
        assert_eq!(
            (voter.roll_id.as_deref(), voter.email.as_deref()),
            (Some("OH-7"), Some("voter@example.org"))
        );
        assert_eq!(
            (voter.standing.registered, voter.roll_result),
            (Some(true), Some(json!({"entry": "OH-7"})))
        );
    }
    let asked = server.outside.asked.lock().unwrap();
    assert_eq!((asked.len(), asked[0].name.last.as_deref()), (2, Some("Rizal")));
}

#[tokio::test]
async fn an_action_that_was_not_finished_is_looked_up_after_a_while() {
    let server = TestServer::new().await;
    knows(&server, &["OH-7", "OH-8"]);
    let (_, action) = server.begun().await;
    server.work().await;
    assert!(server.outside.asked.lock().unwrap().is_empty());
    server.clock.advance(TimeDelta::seconds(900));
    server.work().await;
    assert_eq!(server.outside.asked.lock().unwrap().len(), 1);
    assert_eq!(voter_of(&server, &action).await, None, "of several nobody");
}
