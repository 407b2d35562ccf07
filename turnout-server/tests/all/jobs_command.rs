//! `turnout-server jobs`, from the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    App,
    jobs::{JobState, Outcome, Settlement, lanes::LANES},
    ports::store::Store as _,
};
use turnout_server::system::{RandomIds, SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

fn jobs(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear();
    command.output().unwrap()
}

/// What a command that succeeds prints.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = jobs(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that fails complains about.
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = jobs(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A dead job, a waiting one in a lane and a delayed one, and their ids.
async fn three(folder: &Path) -> [String; 3] {
    assert!(jobs(folder, &["migrate"]).status.success());
    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let app = App::builder(store, SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef").build();
    let dead = app.job("register.notify", &json!({"registration": 1}));
    let mut waiting = app.job("voter.look_up", &json!({}));
    waiting.lane = "voter";
    let delayed = app.job("register.remind", &json!({})).at(app.now() + TimeDelta::hours(1));
    let mut unit = app.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&dead).await.unwrap();
    let claimed = unit.jobs_mut().claim(app.now(), TimeDelta::hours(1), 1, LANES).await.unwrap().remove(0);
    let outcome = Outcome::Dead { at: app.now(), reason: "smtp: rejected the request".into() };
    let settlement = Settlement { id: claimed.id, fence: claimed.fence, outcome };
    unit.jobs_mut().settle(&[settlement]).await.unwrap();
    unit.jobs_mut().enqueue_all(&[waiting.clone(), delayed.clone()]).await.unwrap();
    unit.commit().await.unwrap();
    [dead.id, waiting.id, delayed.id].map(|id| id.to_string())
}

async fn state(folder: &Path, id: &str) -> JobState {
    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let id = turnout_core::ids::JobId::parse(id).unwrap();
    store.view().await.unwrap().jobs().by_id(id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn jobs_are_listed_shown_retried_and_called_off() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let early = complaint(folder, &["jobs", "list"]);
    assert!(early.contains("run turnout-server migrate"), "{early}");
    let [dead, waiting, delayed] = &three(folder).await;

    let all = said(folder, &["jobs", "list"]);
    assert!(all.starts_with("ID") && all.lines().count() == 4, "{all}");
    let line = all.lines().find(|line| line.starts_with(dead.as_str())).unwrap();
    assert!(line.contains("dead") && line.contains("smtp: rejected the request"), "{line}");
    let lane = said(folder, &["jobs", "list", "--lane", "voter"]);
    assert!(lane.contains(waiting.as_str()) && !lane.contains(dead.as_str()), "{lane}");
    assert_eq!(said(folder, &["jobs", "list", "--state", "done"]), "No such jobs.\n");

    let mut found = Vec::new();
    let mut after = Vec::new();
    loop {
        let arguments = [&["jobs", "list", "--json", "--limit", "2"], &after[..]].concat();
        let page: Value = serde_json::from_str(&said(folder, &arguments)).unwrap();
        found.extend(
            page["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        after = vec!["--after", Box::leak(next.to_owned().into_boxed_str())];
    }
    found.sort_unstable();
    let mut ids = [dead.clone(), waiting.clone(), delayed.clone()];
    ids.sort_unstable();
    assert_eq!(found, ids);

    let shown = said(folder, &["jobs", "show", dead]);
    assert!(shown.contains("register.notify") && shown.contains(r#"{"registration":1}"#), "{shown}");
    let shown: Value = serde_json::from_str(&said(folder, &["jobs", "show", "--json", dead])).unwrap();
    assert_eq!((&shown["state"], &shown["tries"]), (&json!("dead"), &json!(1)));

    // together or not at all, and why
    let refused = complaint(folder, &["jobs", "retry", dead, waiting]);
    assert!(refused.contains("is in line already") && refused.contains(waiting.as_str()), "{refused}");
    assert_eq!(state(folder, dead).await, JobState::Dead);
    assert_eq!(
        said(folder, &["jobs", "retry", "--dead", "--kind", "other.kind"]),
        "0 given-up jobs run again now.\n"
    );
    assert_eq!(said(folder, &["jobs", "retry", "--dead"]), "1 given-up jobs run again now.\n");
    assert_eq!(state(folder, dead).await, JobState::Waiting);

    assert_eq!(said(folder, &["jobs", "cancel", waiting, delayed]), "2 jobs are called off.\n");
    assert_eq!(state(folder, delayed).await, JobState::Cancelled);
    let refused = complaint(folder, &["jobs", "retry", delayed]);
    assert!(refused.contains("was called off"), "{refused}");
    let unknown = "00000000-0000-4000-8000-000000000000";
    assert!(complaint(folder, &["jobs", "cancel", unknown]).contains("`jobs list` shows those there are"));
    assert!(complaint(folder, &["jobs", "show", unknown]).contains("there is no job"));
    assert!(complaint(folder, &["jobs", "show", "seven"]).contains("`jobs list` shows them"));
    assert!(complaint(folder, &["jobs", "retry"]).contains("--dead"));
}
