//! `turnout-server features`, and the file of first values, from the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

fn ran(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().envs(settings.iter().copied());
    command.output().unwrap()
}

/// What a command that succeeds prints.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = ran(folder, &[], arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that fails complains about.
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = ran(folder, &[], arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A switch of `features list --json`.
fn listed(folder: &Path, feature: &str, name: &str) -> Value {
    let all: Value = serde_json::from_str(&said(folder, &["features", "list", feature, "--json"])).unwrap();
    let found = all["switches"].as_array().unwrap().iter().find(|it| it["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {all:#}")).clone()
}

#[test]
fn switches_are_listed_set_and_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let early = complaint(folder, &["features", "list"]);
    assert!(early.contains("run turnout-server migrate"), "{early}");
    said(folder, &["migrate"]);

    let all = said(folder, &["features", "list"]);
    assert!(all.starts_with("SWITCH"), "{all}");
    let line = all.lines().find(|line| line.starts_with("drip.register_external ")).unwrap();
    assert!(line.contains(" on ") && line.contains("default") && line.ends_with("state online."), "{line}");
    assert!(!all.contains("vbm_esign.OH"), "states that nobody has set would fill pages");

    assert_eq!(
        said(folder, &["features", "set", "vbm_esign.OH", "on"]),
        "vbm_esign.OH is on within seconds.\n"
    );
    assert!(said(folder, &["features", "list"]).contains("\nvbm_esign.OH "));
    let ohio = listed(folder, "vbm_esign", "vbm_esign.OH");
    assert_eq!((&ohio["value"], &ohio["default"]), (&json!(true), &json!(false)));
    assert!(ohio["set"].is_string());
    assert_eq!(listed(folder, "vbm_esign", "vbm_esign.WY")["value"], json!(false));
    assert_eq!(listed(folder, "vbm_esign", "vbm_esign")["value"], json!(false));

    said(folder, &["features", "set", "smsbot.help", "Write to us: help@example.org"]);
    assert_eq!(listed(folder, "smsbot", "smsbot.help")["value"], json!("Write to us: help@example.org"));
    let back = said(folder, &["features", "set", "smsbot.help", "--default"]);
    assert_eq!(back, "smsbot.help is not set any more.\n");
    assert_eq!(listed(folder, "smsbot", "smsbot.help")["set"], json!(null));
    let back = said(folder, &["features", "set", "vbm_esign.OH", "--default"]);
    assert_eq!(back, "vbm_esign.OH is off within seconds, as by default.\n");

    for (arguments, said) in [
        (&["drop", "on"][..], "features are vbm_esign"),
        (&["drip.register_external", "maybe"], "takes on or off"),
        (&["voter_action_check.max_check", "-3"], "unexpected argument"),
        (&["voter_action_check.check_async", "on"], "has no effect: checks are always jobs"),
        (&["drip"], "required"),
    ] {
        let refused = complaint(folder, &[&["features", "set"], arguments].concat());
        assert!(refused.contains(said), "{arguments:?}: {refused}");
    }
    assert!(complaint(folder, &["features", "list", "drop"]).contains("features are"));
}

#[test]
fn the_file_of_first_values_sets_what_nobody_has_set() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let settings = &[("TURNOUT_FEATURES", "features.toml")];
    let missing = ran(folder, settings, &["migrate"]);
    assert!(!missing.status.success());
    let missing = String::from_utf8(missing.stderr).unwrap();
    assert!(missing.contains("TURNOUT_FEATURES must be a text file that exists"), "{missing}");

    std::fs::write(folder.join("features.toml"), "[movote]\non = \"yes\"\n\n[drop]\n").unwrap();
    let wrong = String::from_utf8(ran(folder, settings, &["migrate"]).stderr).unwrap();
    assert!(wrong.contains("TURNOUT_FEATURES holds a mistake (movote takes on or off"), "{wrong}");

    let text =
        "[movote]\non = true\n\n[vbm_esign]\non = true\nOH = true\n[drip]\nregister_unfinished = true\n";
    std::fs::write(folder.join("features.toml"), text).unwrap();
    assert!(ran(folder, settings, &["migrate"]).status.success());
    assert_eq!(listed(folder, "movote", "movote")["value"], json!(true));
    assert_eq!(listed(folder, "vbm_esign", "vbm_esign.OH")["value"], json!(true));

    said(folder, &["features", "set", "movote", "off"]);
    assert!(ran(folder, settings, &["migrate"]).status.success());
    assert_eq!(listed(folder, "movote", "movote")["value"], json!(false));
}
