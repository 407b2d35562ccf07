//! The pages in a real browser, against the real program: the scenarios of `tests/browser/`.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::{Running, passes};

/// The identification number of the voters in the scenarios.
const NUMBER: &[u8] = b"QX471199";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voter_registers_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    passes("register", &server, None, 90).await;
    assert!(server.stop().await.success());
    let mut read = 0;
    search(folder.path(), &mut read);
    assert!(read > 3, "log, database and mails were to be read: {read}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voter_signs_up_for_reminders_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    passes("reminders", &server, None, 60).await;
    assert!(server.stop().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voter_has_a_form_mailed_in_a_real_browser() {
    for (scenario, is_mailed, checks) in [("letter", "true", 38), ("letter_off", "false", 10)] {
        let folder = tempfile::tempdir().unwrap();
        let settings = [("RATE_LIMITS", "off"), ("PRINT_AND_FORWARD_CONFIRM", is_mailed)];
        let server = Running::start("all-in-one", folder.path(), &settings).await;
        let options = SqliteConnectOptions::new().filename(folder.path().join("var/turnout.db"));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        let ohio = "UPDATE election_state SET allow_print_and_forward = 1, allow_absentee_print_and_forward = 1 \
                    WHERE code = 'OH'";
        assert_eq!(sqlx::query(ohio).execute(&mut database).await.unwrap().rows_affected(), 1);
        database.close().await.unwrap();
        passes(scenario, &server, None, checks).await;
        assert!(server.stop().await.success());
        let mut read = 0;
        search(folder.path(), &mut read);
        assert!(read > 3, "log, database and mails were to be read: {read}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_of_the_api_is_read_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[]).await;
    passes("api", &server, None, 8).await;
    assert!(server.stop().await.success());
}

/// Every mail in each language: no fault that axe finds, in light and dark, and no sideways scrolling on a phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_can_be_read_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    passes("mails", &server, None, 150).await;
    assert!(server.stop().await.success());
}

/// No file holds the number but the forms themselves.
fn search(folder: &Path, read: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("files") {
                search(&path, read);
            }
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(NUMBER.len()).any(|part| part == NUMBER);
        assert!(!found, "the number is in {}", path.display());
        *read += 1;
    }
}
