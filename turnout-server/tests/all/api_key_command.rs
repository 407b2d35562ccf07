//! `turnout-server api-key`, from the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

const PEPPER: (&str, &str) = ("API_KEY_PEPPER", "a pepper that stays");

fn run(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().envs(settings.iter().copied());
    command.output().unwrap()
}

/// What a command that succeeds prints, and what it remarks.
fn said(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> (String, String) {
    let output = run(folder, settings, arguments);
    let remark = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {remark}");
    (String::from_utf8(output.stdout).unwrap(), remark)
}

fn complaint(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = run(folder, settings, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn keys_are_made_listed_and_ended() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let early = complaint(folder, &[PEPPER], &["api-key", "list"]);
    assert!(early.contains("run turnout-server migrate"), "{early}");
    said(folder, &[PEPPER], &["migrate"]);
    let nobody = complaint(folder, &[PEPPER], &["api-key", "create", "nobody"]);
    assert!(nobody.contains("no subscriber has the slug \"nobody\""), "{nobody}");
    assert_eq!(said(folder, &[PEPPER], &["api-key", "list"]).0, "No keys.\n");

    let (made, remark) =
        said(folder, &[PEPPER], &["api-key", "create", "default", "--description", "the app"]);
    assert_eq!(remark, "");
    assert!(made.contains("cannot be shown again"), "{made}");
    let of = |name: &str| made.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let (id, secret) = (of("id "), of("secret "));
    assert_eq!((id.len(), secret.len()), (36, 64));
    let (json, _) = said(folder, &[PEPPER], &["api-key", "create", "default", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_ne!(json["secret"].as_str().unwrap(), secret);

    let (all, _) = said(folder, &[PEPPER], &["api-key", "list", "default"]);
    assert!(all.lines().count() == 3 && all.contains("the app") && all.contains("open"), "{all}");
    assert!(!all.contains(&secret));
    assert!(complaint(folder, &[PEPPER], &["api-key", "list", "nobody"]).contains("no subscriber"));

    let (ended, _) = said(folder, &[PEPPER], &["api-key", "deactivate", &id]);
    assert!(ended.contains("opens nothing any more"), "{ended}");
    let (ended, _) = said(folder, &[PEPPER], &["api-key", "deactivate", &id]);
    assert!(ended.contains("was ended before: 20"), "{ended}");
    let (all, _) = said(folder, &[PEPPER], &["api-key", "list", "--json"]);
    let all: Value = serde_json::from_str(&all).unwrap();
    let mut states: Vec<&str> =
        all["keys"].as_array().unwrap().iter().map(|it| it["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["ended", "open"]);
    let unknown = "00000000-0000-4000-8000-000000000000";
    assert!(complaint(folder, &[PEPPER], &["api-key", "deactivate", unknown]).contains("there is no key"));
    assert!(
        complaint(folder, &[PEPPER], &["api-key", "deactivate", "x"]).contains("`api-key list` shows them")
    );
}

#[test]
fn a_key_is_not_made_under_a_pepper_that_no_server_knows() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &[PEPPER], &["migrate"]);
    // a server over another folder's database has another key than the one that lies here
    std::fs::create_dir(folder.join("elsewhere")).unwrap();
    let elsewhere = format!("sqlite:{}", folder.join("elsewhere/turnout.db").display());
    let refused = complaint(folder, &[("DATABASE_URL", &elsewhere)], &["api-key", "create", "default"]);
    assert!(refused.contains("set API_KEY_PEPPER"), "{refused}");
    let (_, remark) = said(folder, &[], &["api-key", "create", "default"]);
    assert!(remark.contains("ends with the present SECRET_KEY"), "{remark}");
    let key = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");
    let (_, remark) = said(folder, &[key], &["api-key", "create", "default"]);
    assert!(remark.contains("ends with the present SECRET_KEY"), "{remark}");
    let both = [PEPPER, ("API_KEY_PEEPER", "another")];
    assert!(complaint(folder, &both, &["api-key", "list"]).contains("must be the same as API_KEY_PEEPER"));
    let theirs = [("API_KEY_PEEPER", "somepepper")];
    assert_eq!(said(folder, &theirs, &["api-key", "create", "default"]).1, "");
}
