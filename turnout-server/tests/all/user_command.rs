//! `turnout-server user`, from the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

use turnout_core::{
    App,
    account::{self, Argon2, NewSession},
    input::Input,
};
use turnout_server::system::{RandomIds, SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().env("SECRET_KEY", KEY);
    command.env("PRIMARY_ORIGIN", "https://vote.example.org").output().unwrap()
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let remark = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {remark}");
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn form(pairs: &[(&str, &str)]) -> Input {
    Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

#[tokio::test]
async fn a_superuser_is_made_sets_a_password_and_gets_lost_factors_reset() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["migrate"]);
    assert!(said(folder, &["user", "list"]).contains("No accounts: `user create --superuser EMAIL`"));
    assert!(complaint(folder, &["user", "create", "root"]).contains("is no e-mail address"));
    let made = said(folder, &["user", "create", "--superuser", "root@example.org"]);
    let twice = complaint(folder, &["user", "create", "ROOT@example.org"]);
    assert!(twice.contains("there is an account with this address already"), "{twice}");

    let link = made.lines().find(|line| line.starts_with("https://")).unwrap();
    let link = link.strip_prefix("https://vote.example.org/manage/password_reset_confirm/").unwrap();
    let [uid, token, ""] = link.split('/').collect::<Vec<_>>()[..] else { panic!("{link}") };
    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let app = App::builder(store, SystemClock, RandomIds, KEY.as_bytes()).with_passwords(Argon2).build();
    let password = form(&[("password", "nine purple lanterns"), ("password_again", "nine purple lanterns")]);
    account::reset_password(&app, uid, token, &password).await.unwrap();
    let input = form(&[("email", "root@example.org"), ("password", "nine purple lanterns")]);
    let new = NewSession { token_hash: [1; 32], agent: String::new() };
    let signed_in = account::sign_in(&app, &input, "192.0.2.7", new).await.unwrap();
    assert!(signed_in.user.is_superuser && signed_in.user.is_staff);

    said(folder, &["user", "create", "ann@example.org"]);
    let list = said(folder, &["user", "list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines[1].starts_with("root@example.org  superuser  no") && !lines[1].ends_with("never"),
        "{list}"
    );
    assert!(lines[2].starts_with("ann@example.org   -") && lines[2].ends_with("never"), "{list}");
    assert!(!list.contains("argon2"), "{list}");

    account::begin_authenticator(&app, &signed_in.session, [7; 32]).await.unwrap();
    let done = said(folder, &["user", "reset-2fa", "Root@example.org"]);
    assert!(done.contains("The second factors are void"), "{done}");
    assert!(account::sessions(&app, signed_in.user.id).await.unwrap().is_empty());
    assert!(said(folder, &["user", "reset-2fa", "root@example.org"]).contains("There was no second factor"));
    let unknown = complaint(folder, &["user", "reset-2fa", "nobody@example.org"]);
    assert!(unknown.contains("nobody has an account with this address"), "{unknown}");
}
