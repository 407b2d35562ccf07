//! `/v1/event/…`

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::action::EventType::{Donate, FinishExternal, Start};

use crate::support::TestServer;

const TRACK: &str = "/v1/event/track/";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

#[tokio::test]
async fn an_event_of_a_browser_is_recorded() {
    let server = TestServer::new().await;
    let (_, action) = server.begun().await;
    for (id, tool) in [(action.clone(), ""), (action.replace('-', "").to_uppercase(), "?tool=unknown")] {
        let answer =
            server.post(&format!("{TRACK}{tool}"), &json!({"action": id, "event_type": "Donate"})).await;
        answer.is(201, &json!({"event_type": "Donate", "action": action}));
    }
    let form = server.ask("POST", TRACK).form(&format!("action={action}&event_type=Start")).send().await;
    assert_eq!(form.status, 201);
    assert_eq!(server.events(&action).await, [Start, Donate, Donate, Start]);
}

#[tokio::test]
async fn the_first_external_finish_of_its_tool_is_followed_up() {
    let server = TestServer::new().await;
    let (_, action) = server.begun().await;
    let body = json!({"action": action, "event_type": "FinishExternal"});
    for (tool, expected) in [("verify", 0), ("absentee", 0), ("nonsense", 0)] {
        assert_eq!(server.post(&format!("{TRACK}?tool={tool}"), &body).await.status, 201);
        let followed = server.job_kinds().await.iter().filter(|kind| *kind == "register.next_steps").count();
        assert_eq!(followed, expected, "{tool}");
    }
    let (_, second) = server.begun().await;
    for _ in 0..2 {
        let body = json!({"action": second, "event_type": "FinishExternal"});
        assert_eq!(server.post(&format!("{TRACK}?tool=register"), &body).await.status, 201);
        let followed = server.job_kinds().await.iter().filter(|kind| *kind == "register.next_steps").count();
        assert_eq!(followed, 1);
    }
    assert_eq!(server.events(&second).await, [Start, FinishExternal, FinishExternal]);
}

#[tokio::test]
async fn an_operator_may_turn_the_follow_up_off() {
    let server = TestServer::new().await;
    let (_, action) = server.begun().await;
    let body = json!({"action": action, "event_type": "FinishExternal"});
    server.post(&format!("{TRACK}?tool=register"), &body).await.is(201, &body);
    server.switch("drip.register_external", false).await;
    server.clock.advance(TimeDelta::hours(1));
    assert_eq!(server.work().await, [""; 0]);
}

#[tokio::test]
async fn everything_else_is_refused_and_nothing_recorded() {
    let server = TestServer::new().await;
    let (_, action) = server.begun().await;
    let choice = |text: &str| json!({"event_type": [format!("\"{text}\" is not a valid choice.")]});
    let mut cases: Vec<(Value, Value)> = vec![
        (
            json!({}),
            json!({"action": ["This field is required."], "event_type": ["This field is required."]}),
        ),
        (json!({"action": action}), json!({"event_type": ["This field is required."]})),
        (json!({"action": null, "event_type": "Start"}), json!({"action": ["This field may not be null."]})),
        (
            json!({"action": action, "event_type": null}),
            json!({"event_type": ["This field may not be null."]}),
        ),
        (json!({"action": action, "event_type": ""}), choice("")),
        (json!({"action": action, "event_type": "start"}), choice("start")),
    ];
    for own in ["FinishLEO", "FinishPrint", "Download", "Nonsense"] {
        cases.push((json!({"action": action, "event_type": own}), choice(own)));
    }
    for (id, message) in [
        (json!(NOBODY), format!("Invalid pk \"{NOBODY}\" - object does not exist.")),
        (json!("zz"), "'zz' is not a valid UUID.".into()),
        (json!([]), "'[]' is not a valid UUID.".into()),
        (json!(5), "Invalid pk \"5\" - object does not exist.".into()),
        (json!(true), "Invalid pk \"True\" - object does not exist.".into()),
    ] {
        cases.push((json!({"action": id, "event_type": "Start"}), json!({"action": [message]})));
    }
    for (body, expected) in cases {
        let answer = server.post(TRACK, &body).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (400, expected), "{body}");
    }
    assert_eq!(server.events(&action).await, [Start]);
}
