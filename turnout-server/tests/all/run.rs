//! The real binary, from the command line.

use std::process::{Command, Output};

/// In a folder of its own, with these settings and no others.
fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder.path()).env_clear().envs(settings.iter().copied());
    let output = command.output().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "looking at settings writes nothing");
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn config_check_names_all_that_is_wrong_and_fails() {
    let output = run(&["config", "check"], &[("PORT", "eighty"), ("FILE_EXPIRATION_HOUR", "3")]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    for name in ["PORT", "SECRET_KEY", "SMTP_URL"] {
        assert!(said.lines().any(|line| line.starts_with(name)), "{name} is not named in {said}");
    }
    assert!(said.contains("warning: FILE_EXPIRATION_HOUR has no effect"), "{said}");
    assert!(!said.contains("eighty"), "{said}");
}

#[test]
fn config_check_of_good_settings_succeeds() {
    let output = run(&["config", "check", "--role", "all-in-one"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn config_show_prints_what_is_in_force_and_masks_secrets() {
    let secrets = [("SECRET_KEY", "hush-hush"), ("SENDGRID_API_KEY", "hush-mail"), ("PORT", "9100")];
    let output = run(&["config", "show", "--role", "all-in-one"], &secrets);
    assert_eq!(output.status.code(), Some(0));
    let shown = text(&output.stdout);
    assert!(!shown.contains("hush"), "{shown}");
    let rows: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in [
        ["PORT", "set", "9100"],
        ["SECRET_KEY", "set", "********"],
        ["PRIMARY_ORIGIN", "default", "http://localhost:9100"],
        ["e-mail", "sendgrid", "real"],
    ] {
        assert!(rows.contains(&row.to_vec()), "{row:?} is missing in {shown}");
    }
}
