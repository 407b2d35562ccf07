//! `turnout-server consent` from the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

const ANN: &str = "ann@example.org";
const NUMBER: &str = "(614) 555-0001";

fn ran(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.arg("consent").args(arguments).current_dir(folder).env_clear().output().unwrap()
}

/// What a command that succeeds prints, with one blank between words.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = ran(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n")
}

/// What a command that fails complains about.
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = ran(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn with_account() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["migrate"][..], &["user", "create", ANN]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        let output = command.args(arguments).current_dir(folder.path()).env_clear().output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    folder
}

#[test]
fn a_no_that_came_by_letter_is_entered_shown_and_taken_back() {
    let folder = with_account();
    let folder = folder.path();
    let show = ["show", NUMBER, "--channel", "sms"];
    assert_eq!(said(folder, &show), "Nothing was said of it.");
    let act = |verb: &'static str, scope: &'static str, reason: &'static str| {
        [verb, NUMBER, "--channel", "sms", "--scope", scope, "--reason", reason, "--by", ANN]
    };
    let stopped = said(folder, &act("stop", "all", "letter of June 2"));
    assert!(stopped.starts_with("The no is entered.") && stopped.ends_with("service stopped"), "{stopped}");
    let late = [&act("stop", "purpose:chase", "a call")[..], &["--at", "2026-01-02T03:04:05Z"]].concat();
    said(folder, &late);
    let shown = said(folder, &show);
    assert!(shown.contains("no all it counts staff") && shown.contains("letter of June 2"), "{shown}");
    assert!(shown.contains("2026-01-02T03:04:05Z no purpose:chase it counts staff"), "{shown}");

    let undone = said(folder, &act("undo", "all", "a namesake"));
    assert!(undone.starts_with("The no of 2") && undone.contains("is taken back."), "{undone}");
    assert!(undone.contains("service said nothing that counts"), "{undone}");
    assert!(undone.contains("service chase stopped"), "what was said of it alone stands: {undone}");
    let shown = said(folder, &show);
    assert!(shown.contains("no all taken back staff"), "{shown}");
    assert!(shown.contains("taken back all staff") && shown.contains("a namesake"), "{shown}");
    let again = complaint(folder, &act("undo", "all", "a namesake"));
    assert!(again.contains("nothing was said for just these messages"), "{again}");
}

#[test]
fn an_office_that_wants_no_faxes_and_a_reader_who_wants_no_mails_are_entered_too() {
    let folder = with_account();
    let folder = folder.path();
    for (channel, typed) in [("fax", "614-555-0100"), ("email", "Ada@Example.org")] {
        let more = ["--scope", "all", "--reason", "they called", "--by", ANN];
        let stopped = said(folder, &[&["stop", typed, "--channel", channel][..], &more].concat());
        assert!(stopped.ends_with("service stopped"), "{stopped}");
        let other = if channel == "email" { "ada@example.ORG" } else { "+1 614 555 0100" };
        let shown = said(folder, &["show", other, "--channel", channel]);
        assert!(shown.contains("they called"), "{shown}");
    }
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_entered() {
    let folder = with_account();
    let folder = folder.path();
    let whole = ["stop", NUMBER, "--channel", "sms", "--scope", "all", "--reason", "x", "--by", ANN];
    for (at, wrong, expected) in [
        (1, "12", "a number looks like"),
        (3, "letter", "e-mail address"),
        (5, "everybody", "a scope is all"),
        (5, "subscriber:nobody", "a scope is all"),
        (7, " ", "say why"),
        (9, "Ann", "nobody has an account"),
    ] {
        let mut words = whole;
        words[at] = wrong;
        let complained = complaint(folder, &words);
        assert!(complained.contains(expected), "{wrong}: {complained}");
    }
    let missing = complaint(folder, &whole[..8]);
    assert!(missing.contains("--by"), "{missing}");
    assert_eq!(said(folder, &["show", NUMBER, "--channel", "sms"]), "Nothing was said of it.");
}
