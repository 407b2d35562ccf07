//! Pages report events (`http-api.md` 8).

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::{EventType, TrackError, Tracked, track},
    address::State,
    election::StateInformation,
    ids::ActionId,
    memory::World,
    ports::clock::Clock,
};

use crate::voter::{INCOMPLETE, events, input, jobs, minimum, rows, run_due, seeded, submit, with};

async fn report(world: &World, body: Value, tool: Option<&str>) -> Result<Tracked, TrackError> {
    track(&world.app, &input(body), tool).await
}

async fn begun(world: &World, state: &str) -> ActionId {
    let body = with(minimum(), json!({"state": state}));
    submit(world, body, &INCOMPLETE).await.registration.action.unwrap()
}

/// When the mails about what is next are due.
async fn next_steps(world: &World) -> Vec<chrono::DateTime<chrono::Utc>> {
    let all = jobs(world).await;
    all.iter().filter(|job| job.kind == "register.next_steps").map(|job| job.due_at).collect()
}

#[tokio::test]
async fn an_event_is_recorded_under_its_action() {
    let world = seeded().await;
    let action = begun(&world, "MA").await;
    let spelled = action.0.simple().to_string().to_uppercase();
    let tracked = report(&world, json!({"action": spelled, "event_type": "Donate"}), None).await.unwrap();
    assert_eq!(tracked, Tracked { action, event_type: EventType::Donate });
    world.clock.advance(TimeDelta::seconds(1));
    report(&world, json!({"action": spelled, "event_type": "Donate"}), None).await.unwrap();
    let mut recorded = events(&world, Some(action)).await;
    recorded.sort_by_key(|event| event.wire());
    assert_eq!(recorded, [EventType::Donate, EventType::Donate, EventType::Start]);
}

#[tokio::test]
async fn everything_wrong_with_an_event_is_said_at_once_and_nothing_is_recorded() {
    let world = seeded().await;
    let action = begun(&world, "MA").await;
    let unknown = "00000000-0000-4000-8000-000000000000";
    let before = world.store.dump();
    for (body, problems) in [
        (
            json!({}),
            json!({"action": ["This field is required."], "event_type": ["This field is required."]}),
        ),
        (
            json!({"action": unknown, "event_type": "FinishLEO"}),
            json!({
                "action": [format!("Invalid pk \"{unknown}\" - object does not exist.")],
                "event_type": ["\"FinishLEO\" is not a valid choice."],
            }),
        ),
        (
            json!({"action": "zz", "event_type": "Download"}),
            json!({
                "action": ["'zz' is not a valid UUID."],
                "event_type": ["\"Download\" is not a valid choice."],
            }),
        ),
        (
            json!({"action": 5, "event_type": null}),
            json!({
                "action": ["Invalid pk \"5\" - object does not exist."],
                "event_type": ["This field may not be null."],
            }),
        ),
        (json!({"action": "", "event_type": "Start"}), json!({"action": ["This field may not be null."]})),
        (
            json!({"action": action.to_string(), "event_type": "finish"}),
            json!({"event_type": ["\"finish\" is not a valid choice."]}),
        ),
    ] {
        match report(&world, body.clone(), Some("register")).await {
            Err(TrackError::Problems(found)) => assert_eq!(found.to_json(), problems, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn the_first_visit_to_the_states_tool_is_followed_by_a_mail() {
    let world = seeded().await;
    let action = begun(&world, "MA").await;
    let external = json!({"action": action.to_string(), "event_type": "FinishExternal"});
    report(&world, external.clone(), Some("register")).await.unwrap();
    let due = world.clock.now() + TimeDelta::seconds(300);
    assert_eq!(next_steps(&world).await, [due]);
    report(&world, external, Some("register")).await.unwrap();
    assert_eq!(next_steps(&world).await, [due], "only the first one");
    world.clock.advance(TimeDelta::seconds(299));
    assert_eq!(run_due(&world).await, 0);
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(run_due(&world).await, 1);
    assert_eq!(world.outbox.tags(), ["register.next_steps"]);
}

#[tokio::test]
async fn other_tools_and_other_events_have_no_hook() {
    for (tool, kind) in [
        (None, "FinishExternal"),
        (Some("absentee"), "FinishExternal"),
        (Some("verify"), "FinishExternal"),
        (Some("nonsense"), "FinishExternal"),
        (Some("register"), "Finish"),
        (Some("register"), "FinishExternalConfirmed"),
    ] {
        let world = seeded().await;
        let action = begun(&world, "MA").await;
        let body = json!({"action": action.to_string(), "event_type": kind});
        report(&world, body, tool).await.unwrap();
        assert_eq!(events(&world, Some(action)).await.len(), 2, "{tool:?} {kind}");
        assert!(next_steps(&world).await.is_empty(), "{tool:?} {kind}");
    }
}

/// Says of a state whether every voter there gets a ballot by mail.
async fn universal(world: &World, state: State, text: &str) {
    rows(world, async |unit| {
        let kind = unit.elections().field_type("vbm_universal").await.unwrap().unwrap();
        let facts = unit.elections().information_of_state(state).await.unwrap();
        let fact = facts.into_iter().find(|it| it.field_type == kind.id).unwrap();
        let fact = StateInformation { text: text.into(), ..fact };
        unit.elections_mut().update_information(&fact).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn where_every_voter_gets_a_ballot_nobody_is_told_how_to_ask_for_one() {
    for (text, mails) in [("True", 0), ("true", 1), ("", 1)] {
        let world = seeded().await;
        universal(&world, State::Or, text).await;
        let action = begun(&world, "OR").await;
        let body = json!({"action": action.to_string(), "event_type": "FinishExternal"});
        report(&world, body, Some("register")).await.unwrap();
        assert_eq!(next_steps(&world).await.len(), mails, "{text:?}");
    }
    // it may become so while the job waits
    let world = seeded().await;
    let action = begun(&world, "OR").await;
    let body = json!({"action": action.to_string(), "event_type": "FinishExternal"});
    report(&world, body, Some("register")).await.unwrap();
    universal(&world, State::Or, "True").await;
    world.clock.advance(TimeDelta::seconds(300));
    assert_eq!(run_due(&world).await, 1);
    assert!(world.outbox.mails().is_empty());
}

#[tokio::test]
async fn an_event_costs_one_unit_and_a_refusal_none() {
    let world = seeded().await;
    let action = begun(&world, "MA").await;
    let before = world.store.units_begun();
    let _ = report(&world, json!({}), None).await;
    assert_eq!(world.store.units_begun(), before);
    report(&world, json!({"action": action.to_string(), "event_type": "Finish"}), None).await.unwrap();
    assert_eq!(world.store.units_begun(), before + 1);
}
