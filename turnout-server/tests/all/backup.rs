//! `make backup` and `make restore`: what was kept is there again, all of it, and nothing else is touched.

use std::{path::Path, process::Command, time::Duration};

use serde_json::json;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tokio::time::{Instant, sleep};
use turnout_server::providers::outbox::Outbox;

use crate::support::{
    Database, Running,
    scripts::{said, script},
};

/// The only folder in a folder.
fn only_folder(folder: &Path) -> String {
    let entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [only] = entries.as_slice() else { panic!("not one backup: {entries:?}") };
    only.display().to_string()
}

fn whole() -> serde_json::Value {
    json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202", "us_citizen": true,
        "is_18_or_over": true, "declaration": true, "state_id_number": "ZQ-9137-4411",
    })
}

/// Path and query of the link in the only mail of an outbox.
async fn link_in_mail(folder: &Path) -> String {
    let outbox = Outbox::new(folder.join("var/outbox"));
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if let [mail] = outbox.list().unwrap().as_slice() {
            let mail = serde_json::to_value(mail).unwrap();
            let mut words = mail["text"].as_str().unwrap().split_whitespace();
            let link = words.find(|word| word.contains("/download/")).unwrap();
            return link[link.find("/download/").unwrap()..].to_owned();
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("no mail");
}

/// How many rows the tables of a file have.
async fn rows_of(file: &Path) -> Vec<(String, i64)> {
    let mut database =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap();
    let tables =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut database).await.unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM \"{table}\""));
        rows.push((table, sqlx::query_scalar(count).fetch_one(&mut database).await.unwrap()));
    }
    database.close().await.unwrap();
    rows
}

#[tokio::test]
async fn a_backup_beside_a_running_server_brings_back_every_row_and_the_voters_form() {
    let (folder, kept, again) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Running::start("all-in-one", folder.path(), &[]).await;
    let register = server.client().post(server.url("/v1/registration/register/")).json(&whole());
    assert_eq!(register.send().await.unwrap().status(), 200);
    let link = link_in_mail(folder.path()).await;

    let (data, to) = (folder.path().join("var"), kept.path().join("backups"));
    let settings = [("TURNOUT_DATA_DIR", data.to_str().unwrap()), ("TO", to.to_str().unwrap())];
    let output = script("backup.sh", &settings, "");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("secret.key"), "what is not in it is not said: {}", said(&output));
    assert_eq!(server.stop().await.code(), Some(0));

    let (data, from) = (again.path().join("var"), only_folder(&to));
    let settings = [("TURNOUT_DATA_DIR", data.to_str().unwrap()), ("FROM", &*from)];
    let output = script("restore.sh", &settings, "");
    assert!(output.status.success(), "{}", said(&output));
    let backup = rows_of(&Path::new(&from).join("rows.db")).await;
    assert_eq!(rows_of(&data.join("turnout.db")).await, backup);
    let of = |table: &str| backup.iter().find(|(name, _)| name == table).unwrap().1;
    assert_eq!((of("register_registration"), of("storage_storageitem")), (1, 1));

    // kept elsewhere
    std::fs::copy(folder.path().join("var/secret.key"), data.join("secret.key")).unwrap();
    let server = Running::start("all-in-one", again.path(), &[]).await;
    let opened = server.client().get(server.url(&link)).send().await.unwrap();
    assert_eq!(opened.status(), 302, "the link in the mail is good again");
    let place = opened.headers()["location"].to_str().unwrap();
    let place = &place[place.find("/storage/").or_else(|| place.find("/download")).unwrap_or_default()..];
    let place = if place.starts_with('/') { server.url(place) } else { place.to_owned() };
    let form = server.client().get(place).send().await.unwrap();
    assert_eq!(form.status(), 200);
    assert!(form.bytes().await.unwrap().starts_with(b"%PDF-"));
    assert_eq!(server.stop().await.code(), Some(0));

    // what is there is never overwritten
    let output = script("restore.sh", &settings, "");
    assert!(!output.status.success() && said(&output).contains("already"), "{}", said(&output));
}

/// Migrated by the program itself.
async fn migrated() -> Database {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().unwrap();
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    migrate
        .arg("migrate")
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", database.url().as_str());
    let output = migrate.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    database
}

async fn execute(connection: &mut PgConnection, statement: &'static str) {
    sqlx::query(statement).execute(connection).await.unwrap();
}

/// Name and number of rows of each table, and the sum of what a column holds.
async fn census(database: &Database) -> Vec<(String, i64)> {
    let mut connection = database.connect().await;
    let tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1";
    let mut rows = Vec::new();
    for table in sqlx::query(tables).fetch_all(&mut connection).await.unwrap() {
        let name: String = table.get(0);
        let count = AssertSqlSafe(format!("SELECT count(*) FROM \"{name}\""));
        let count: i64 = sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap();
        rows.push((name, count));
    }
    rows
}

#[tokio::test]
async fn a_backup_of_postgres_is_of_one_moment_while_others_write() {
    let (source, target) = (migrated().await, Database::empty().await);
    let kept = tempfile::tempdir().unwrap();
    execute(&mut source.connect().await, "CREATE TABLE busy (n bigint)").await;
    let url = source.url().to_string();
    let settings = [
        ("DATABASE_URL", url.clone()),
        ("TO", kept.path().display().to_string()),
        ("SECRET_KEY", "x".into()),
    ];
    let backup = tokio::task::spawn_blocking(move || {
        script("backup.sh", &settings.each_ref().map(|(name, value)| (*name, &**value)), "")
    });
    let mut writer = source.connect().await;
    let mut written = 0;
    while !backup.is_finished() {
        execute(&mut writer, "INSERT INTO busy SELECT generate_series(1, 100)").await;
        written += 100;
    }
    let output = backup.await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(written > 0, "nobody wrote meanwhile");

    let (from, url) = (only_folder(kept.path()), target.url().to_string());
    let data = kept.path().join("none").display().to_string();
    let settings = [("DATABASE_URL", &*url), ("FROM", &*from), ("TURNOUT_DATA_DIR", &*data)];
    let output = script("restore.sh", &settings, "");
    assert!(output.status.success(), "{}", said(&output));
    let mut expected = census(&source).await;
    expected.retain(|(name, _)| name != "busy");
    let mut restored = census(&target).await;
    restored.retain(|(name, _)| name != "busy");
    assert_eq!(restored, expected);
    assert!(expected.iter().any(|(name, rows)| name == "election_state" && *rows > 50), "{expected:?}");

    // it is a database that the program takes as its own
    let folder = tempfile::tempdir().unwrap();
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    migrate.arg("migrate").current_dir(folder.path()).env_clear().env("DATABASE_URL", &url);
    let output = migrate.output().unwrap();
    assert!(said(&output).contains("up to date: 0 migrations applied"), "{}", said(&output));

    let output = script("restore.sh", &settings, "");
    assert!(!output.status.success() && said(&output).contains("already"), "{}", said(&output));
}

#[tokio::test]
async fn a_backup_that_is_damaged_or_of_another_kind_restores_nothing() {
    let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    assert!(migrate.arg("migrate").current_dir(folder.path()).env_clear().output().unwrap().status.success());
    let data = folder.path().join("var");
    let settings = [
        ("TURNOUT_DATA_DIR", data.to_str().unwrap()),
        ("TO", kept.path().to_str().unwrap()),
        ("SECRET_KEY", "x"),
    ];
    assert!(script("backup.sh", &settings, "").status.success());
    let from = only_folder(kept.path());
    let target = Database::empty().await;
    let elsewhere = folder.path().join("elsewhere");
    let restore = |url: &str| {
        let data = elsewhere.to_str().unwrap();
        script("restore.sh", &[("FROM", &*from), ("TURNOUT_DATA_DIR", data), ("DATABASE_URL", url)], "")
    };

    let output = restore(target.url().as_str());
    assert!(
        !output.status.success() && said(&output).contains("holds the rows of SQLite"),
        "{}",
        said(&output)
    );
    // a byte of a row
    let rows = Path::new(&from).join("rows.db");
    let mut bytes = std::fs::read(&rows).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&rows, bytes).unwrap();
    let output = restore("");
    assert!(!output.status.success() && said(&output).contains("damaged"), "{}", said(&output));
    assert!(!elsewhere.exists(), "something was restored");
    std::fs::remove_file(Path::new(&from).join("SHA256SUMS")).unwrap();
    let output = restore("");
    assert!(!output.status.success() && said(&output).contains("not finished"), "{}", said(&output));
}
