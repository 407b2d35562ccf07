//! Slack over real sockets: a lead that somebody left, said in the room of a webhook.

use serde_json::Value;
use turnout_core::{
    conformance::http::{Behavior, HttpPeer as _},
    input::Input,
    jobs::step,
    ports::http::{HttpResponse, StatusCode},
    subscription::sign_up,
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::support::{TcpPeer, schema};

async fn wired(folder: &tempfile::TempDir, settings: &str) -> Wired {
    let settings = format!("TURNOUT_DATA_DIR={}\n{settings}", folder.path().display());
    let mut complaints = Complaints::default();
    let env = Env::parse(&settings, &mut complaints);
    let config = Config::read(&env, Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    wired.rows.migrate(|_| {}).await.unwrap();
    wired
}

fn lead() -> Input {
    let pairs = [
        ("organization_name", "Voters & <Friends>"),
        ("website", "voters.example.org"),
        ("first_name", "Ada"),
        ("last_name", "Núñez"),
        ("email", "ada@example.org"),
        ("plan", "nonprofit"),
        ("ein", "12-3456789"),
    ];
    Input::form(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

#[tokio::test]
async fn the_team_hears_of_a_lead_once_slack_answers() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let webhook = format!("{}services/T0/B0/hush", peer.origin());
    let settings = format!(
        "SLACK_SUBSCRIBER_INTEREST_ENABLED=true\nSLACK_SUBSCRIBER_INTEREST_WEBHOOK={webhook}\n\
         PRIMARY_ORIGIN=https://manage.example.org"
    );
    let wired = wired(&folder, &settings).await;
    peer.will(Behavior::Answers(HttpResponse::new(StatusCode::OK).with_body("ok")));
    let interest = sign_up(&wired.app, &lead(), "192.0.2.1").await.unwrap();
    step::run_all_due(&wired.app).await.unwrap();
    let [heard] = peer.heard().try_into().ok().unwrap();
    assert_eq!(heard.path, "/services/T0/B0/hush");
    let body: Value = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(schema::misfits("slack-webhook", &body), [""; 0]);
    let text = body["text"].as_str().unwrap();
    assert!(text.contains("Voters &amp; &lt;Friends&gt;") && text.contains("plan Nonprofit"), "{text}");
    let link = format!("https://manage.example.org/manage/subscription/leads/{}/", interest.id);
    assert!(text.contains(&link), "{text}");
    for private in ["Ada", "Núñez", "ada@", "12-3456789"] {
        assert!(!text.contains(private), "{text}");
    }
}

#[tokio::test]
async fn nobody_is_told_while_it_is_off() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let webhook = format!("{}services/T0/B0/hush", peer.origin());
    let wired = wired(&folder, &format!("SLACK_SUBSCRIBER_INTEREST_WEBHOOK={webhook}")).await;
    sign_up(&wired.app, &lead(), "192.0.2.1").await.unwrap();
    step::run_all_due(&wired.app).await.unwrap();
    assert!(peer.heard().is_empty());
}
