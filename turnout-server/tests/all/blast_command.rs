//! `turnout-server blast` from the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

const ANN: &str = "ann@example.org";
const BOB: &str = "bob@example.org";
const LIST: &str = "phone,state\n+16145550001,OH\n+16145550002,OH\n(614) 555-0001,OH\n";

fn ran(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().output().unwrap()
}

/// What a command that succeeds prints.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = ran(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn read(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&said(folder, &[arguments, &["--json"]].concat())).unwrap()
}

/// What a command that fails complains about.
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = ran(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The numbers agreed to texts a minute ago.
async fn agree(folder: &Path, phones: &[&str]) {
    use turnout_core::ports::clock::Clock as _;
    use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let store = std::sync::Arc::new(store);
    let app = turnout_core::App::builder(
        std::sync::Arc::clone(&store),
        turnout_server::system::SystemClock,
        turnout_server::system::RandomIds,
        b"0123456789abcdef0123456789abcdef",
    );
    let app = app.build();
    let mut unit = app.store.begin().await.unwrap();
    for phone in phones {
        let phone = turnout_core::person::Phone::parse(phone).unwrap();
        let mut number = turnout_core::sms::Number::new(&app, phone);
        number.opted_in_at = Some(turnout_server::system::SystemClock.now() - chrono::TimeDelta::minutes(1));
        unit.messages_mut().lock_or_insert(&number).await.unwrap();
    }
    unit.commit().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_blast_is_planned_approved_started_stopped_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["migrate"]);
    for email in [ANN, BOB] {
        said(folder, &["user", "create", email]);
    }
    agree(folder, &["+16145550001"]).await;
    std::fs::write(folder.join("list.csv"), LIST).unwrap();
    assert_eq!(said(folder, &["blast", "list"]), "No such blasts.\n");
    let words = ["--name", "The day before", "--text", "It’s tomorrow. Reply STOP to stop.", "--by", ANN];
    let money = ["--budget", "1", "--price", "0.01"];
    let plan = |more: &[&'static str]| [&["blast", "plan"], &words[..], &money, more].concat();

    let planned = read(folder, &plan(&["--list", "list.csv"]));
    assert_eq!((&planned["found"], &planned["doubled"]), (&json!(3), &json!(1)));
    assert_eq!(planned["refused"], json!({"consent.none": 1}));
    assert_eq!(planned["suggestions"], json!([{"sign": "’", "instead": "'"}]));
    assert_eq!((&planned["encoding"], &planned["blast"]["cost"]), (&json!("UCS-2"), &json!("0.01")));
    assert!(!planned["sample"].to_string().contains("6145550001"));
    let id = planned["blast"]["id"].as_str().unwrap();
    let seal = planned["blast"]["plan"].as_str().unwrap();

    let approve = |by| ["blast", "approve", id, "--plan", seal, "--by", by];
    assert!(complaint(folder, &["blast", "start", id, "--by", ANN]).contains("nobody has approved"));
    // the same account, however it is written; and no name is anybody
    for own in [ANN, "Ann@Example.ORG", " ann@example.org "] {
        assert!(complaint(folder, &approve(own)).contains("somebody else has to"), "{own}");
    }
    for nobody in ["Bob", "bobby@example.org", ""] {
        let complained = complaint(folder, &approve(nobody));
        assert!(complained.contains("nobody has an account with the address"), "{complained}");
    }
    let plan_of_nobody: Vec<&str> =
        plan(&["--list", "list.csv"]).into_iter().map(|it| if it == ANN { "Ann" } else { it }).collect();
    assert!(complaint(folder, &plan_of_nobody).contains("nobody has an account"));
    let approved = said(folder, &approve(BOB));
    assert!(approved.contains(&format!("blast start {id}")), "{approved}");
    let unknown = complaint(folder, &["blast", "test", id, "--to", "+16145550002", "--by", ANN]);
    assert!(unknown.contains("consent.none") && unknown.contains("JOIN"), "{unknown}");
    assert!(complaint(folder, &["blast", "stop", id, "--by", ANN]).contains("only what runs"));
    said(folder, &["blast", "start", id, "--by", BOB]);
    said(folder, &["blast", "stop", id, "--by", "Cem"]);

    let shown = read(folder, &["blast", "show", id]);
    assert_eq!((&shown["status"], &shown["is_approved"]), (&json!("stopped"), &json!(true)));
    assert_eq!((&shown["progress"]["waiting"], &shown["progress"]["refused"]), (&json!(1), &json!(1)));
    // whoever stops one need have no account
    assert_eq!((&shown["planned"]["by"], &shown["stopped"]["by"]), (&json!(ANN), &json!("Cem")));
    let text = said(folder, &["blast", "show", id]);
    assert!(text.contains("stopped") && text.contains("consent.none"), "{text}");
    let each = said(folder, &["blast", "show", id, "--recipients"]);
    let mut lines: Vec<&str> = each.lines().collect();
    assert_eq!(lines.remove(0), "message,phone,outcome,rule,failure");
    assert!(lines.iter().any(|line| line.ends_with(",+16145550001,waiting,,")), "{each}");
    assert!(lines.iter().any(|line| line.ends_with(",+16145550002,refused,consent.none,")), "{each}");
    let listed = read(folder, &["blast", "list"]);
    assert_eq!(listed["blasts"][0]["id"], json!(id));
    assert!(said(folder, &["blast", "list"]).contains("The day before"));

    let found = said(folder, &plan(&["--where", "tool = register and opted_in and not finished"]));
    assert!(found.contains("Nobody would get it."), "{found}");
    for (arguments, expected) in [
        (plan(&["--where", "tool = regster"]), "character 8: there is no tool regster"),
        (plan(&["--where", "opted_in", "--subscriber", "nobody"]), "there is no subscriber nobody"),
        (plan(&["--list", "none.csv"]), "none.csv cannot be read"),
        (plan(&[]), "--where"),
        (vec!["blast", "show", "0b4f7c1e-0000-4000-8000-000000000000"], "there is no blast"),
    ] {
        let complained = complaint(folder, &arguments);
        assert!(complained.contains(expected), "{arguments:?}: {complained}");
    }
}
