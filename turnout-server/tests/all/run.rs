//! The real binary, from the command line.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::sleep;
use turnout_server::providers::outbox::Outbox;

use crate::support::Running;

/// In a folder of its own, with these settings and no others.
fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let output = run_in(folder.path(), arguments, settings);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "looking at settings writes nothing");
    output
}

fn run_in(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().envs(settings.iter().copied());
    command.output().unwrap()
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
        ["files", "folder", "real"],
    ] {
        assert!(rows.contains(&row.to_vec()), "{row:?} is missing in {shown}");
    }
}

/// What the greeting says about a subject.
fn greeted<'a>(said: &'a str, subject: &str) -> &'a str {
    let rows = said.lines().filter_map(|line| line.strip_prefix("  "));
    rows.filter_map(|row| row.strip_prefix(subject)).next().unwrap_or_default()
}

/// A voter in the middle of the form.
fn unfinished() -> Value {
    json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202",
    })
}

#[tokio::test]
async fn all_in_one_starts_from_nothing_keeps_its_data_and_stops_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[]).await;
    let states: Vec<Value> =
        server.client().get(server.url("/v1/election/state/")).send().await.unwrap().json().await.unwrap();
    assert_eq!(states.len(), 51, "the states are seeded, the territories are not listed");
    let register = server.url("/v1/registration/register/?incomplete=true");
    let answer = server.client().post(register).json(&unfinished()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let begun: Value = answer.json().await.unwrap();
    let uuid = begun["uuid"].as_str().unwrap();
    assert!(begun["action_id"].is_string(), "{begun}");
    assert_eq!(server.stop().await.code(), Some(0));

    let server = Running::start("all-in-one", folder.path(), &[]).await;
    let again = server.url(&format!("/v1/registration/register/{uuid}/?incomplete=true"));
    let answer = server.client().patch(again).json(&unfinished()).send().await.unwrap();
    assert_eq!(answer.status(), 200, "the registration is still there");
    assert_eq!(server.stop().await.code(), Some(0));

    let said = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(said.contains("Turnout is at http://localhost:"), "{said}");
    let outbox = greeted(&said, "mail");
    assert!(outbox.contains("simulated") && outbox.contains("/dev/outbox/"), "{said}");
    assert!(greeted(&said, "forms").contains("simulated"), "{said}");
    assert!(greeted(&said, "data").contains("kept in var"), "{said}");
    assert!(greeted(&said, "book").contains("make docs"), "{said}");
    assert!(greeted(&said, "stop").contains("Ctrl-C"), "{said}");
    for private in ["José", "Núñez", "jose@example.org", "1 Main St"] {
        assert!(!said.contains(private), "{private} is in the log");
    }
}

/// The same voter, who signs.
fn finished(state_id_number: &str) -> Value {
    let mut body = unfinished();
    for field in ["us_citizen", "is_18_or_over", "declaration"] {
        body[field] = true.into();
    }
    body["state_id_number"] = state_id_number.into();
    body
}

/// The only mail of the outbox, as soon as it is there.
async fn only_mail(folder: &Path) -> Value {
    let outbox = Outbox::new(folder.join("var/outbox"));
    for _ in 0..500 {
        let mails = outbox.list().unwrap();
        if let [mail] = mails.as_slice() {
            return serde_json::to_value(mail).unwrap();
        }
        assert!(mails.is_empty(), "{} mails for one registration", mails.len());
        sleep(Duration::from_millis(20)).await;
    }
    panic!("no mail within 10 s: {}", std::fs::read_to_string(folder.join("log")).unwrap());
}

fn location(answer: &reqwest::Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Every file below a folder with its bytes.
fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

#[tokio::test]
async fn a_voter_registers_gets_a_mail_and_its_link_opens_the_filled_form() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[]).await;
    let number = "ZQ-9137-4411";
    let register = server.url("/v1/registration/register/");
    let answer = server.client().post(register).json(&finished(number)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let done: Value = answer.json().await.unwrap();
    assert!(done["uuid"].is_string() && done["action_id"].is_string(), "{done}");

    let mail = only_mail(folder.path()).await;
    assert_eq!(mail["to"]["address"], "jose@example.org");
    let words = mail["text"].as_str().unwrap();
    let begin = server.url("/download/");
    let link = words.split_whitespace().find(|word| word.starts_with(&begin)).unwrap_or_else(|| {
        panic!("no link to {begin} in the mail: {words}");
    });
    let opened = server.client().get(link).send().await.unwrap();
    assert_eq!(opened.status(), 302);
    let form = server.client().get(location(&opened)).send().await.unwrap();
    assert_eq!(form.status(), 200);
    assert_eq!(form.headers()["content-type"], "application/pdf");
    assert!(form.bytes().await.unwrap().starts_with(b"%PDF-"));

    let stale = link.replace("token=", "token=x");
    let refused = server.client().get(stale).send().await.unwrap();
    assert_eq!(refused.status(), 302);
    assert!(location(&refused).starts_with(&server.url("/download/?id=")), "{}", location(&refused));
    assert_eq!(server.stop().await.code(), Some(0));

    let kept = folder.path().join("var/files");
    let elsewhere = files_below(folder.path()).into_iter().filter(|(path, _)| !path.starts_with(&kept));
    for (path, bytes) in elsewhere {
        let holds = bytes.windows(number.len()).any(|part| part == number.as_bytes());
        assert!(!holds, "the identity number is in {}", path.display());
    }
}

#[tokio::test]
async fn pages_of_developers_are_shown_on_this_machine_only_and_our_own_pages_always() {
    let beyond = [("HOST", "0.0.0.0")];
    for (settings, expected) in [(&[][..], 200), (&beyond[..], 404)] {
        let folder = tempfile::tempdir().unwrap();
        let server = Running::start("all-in-one", folder.path(), settings).await;
        for path in ["/dev/outbox/", "/dev/outbox.json"] {
            let answer = server.client().get(server.url(path)).send().await.unwrap();
            assert_eq!(answer.status(), expected, "{path}");
        }
        for path in ["/", "/download/?id=f1226a11-4206-4633-b191-2867fe43d29d", "/download-purged/"] {
            let answer = server.client().get(server.url(path)).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
        }
    }
}

#[tokio::test]
async fn the_book_is_served_beside_the_rest_once_it_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("target/book");
    std::fs::create_dir_all(book.join("assets")).unwrap();
    std::fs::write(book.join("index.html"), "<h1>The book</h1>").unwrap();
    std::fs::write(book.join("assets/a.css"), "h1 {}").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();

    let server = Running::start("all-in-one", folder.path(), &[("DOCS_PORT", &free)]).await;
    let said = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let address = format!("http://localhost:{free}");
    assert!(greeted(&said, "book").ends_with(&address), "{said}");
    let page = server.client().get(&address).send().await.unwrap();
    assert_eq!((page.status().as_u16(), page.text().await.unwrap().as_str()), (200, "<h1>The book</h1>"));
    let style = server.client().get(format!("{address}/assets/a.css")).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    let outside =
        server.client().get(format!("{address}/%2e%2e/%2e%2e/var/secret.key")).send().await.unwrap();
    assert_eq!(outside.status(), 404);
    assert_eq!(server.stop().await.code(), Some(0));

    let port = taken.local_addr().unwrap().port().to_string();
    let server = Running::start("all-in-one", folder.path(), &[("DOCS_PORT", &port)]).await;
    assert_eq!(server.stop().await.code(), Some(0));
    let said = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(said.contains("is taken") && said.contains("DOCS_PORT"), "{said}");
}

#[tokio::test]
async fn roles_of_their_own_share_a_database_that_migrate_made() {
    let folder = tempfile::tempdir().unwrap();
    let debug = ("DEBUG", "true");
    std::fs::create_dir(folder.path().join("var")).unwrap();
    for role in ["worker", "scheduler"] {
        let early = run_in(folder.path(), &[role], &[debug]);
        assert_eq!(early.status.code(), Some(1));
        assert!(text(&early.stderr).contains("run turnout-server migrate"), "{}", text(&early.stderr));
    }
    for _ in 0..2 {
        let migrated = run_in(folder.path(), &["migrate"], &[]);
        assert_eq!(migrated.status.code(), Some(0), "{}", text(&migrated.stderr));
    }
    let server = Running::start("serve", folder.path(), &[debug]).await;
    assert_eq!(server.stop().await.code(), Some(0));
}

#[test]
fn a_role_refuses_to_start_on_unsafe_settings_and_names_them() {
    for role in ["serve", "worker", "scheduler"] {
        let output = run(&[role], &[("RATE_LIMITS", "off")]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        for name in ["SECRET_KEY", "RATE_LIMITS", "SMTP_URL"] {
            assert!(said.lines().any(|line| line.starts_with(name)), "{name} is not named in {said}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for place in ["file", "file/var"] {
        let output = run_in(folder.path(), &["all-in-one"], &[("TURNOUT_DATA_DIR", place)]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        assert!(said.contains(place) && said.contains("TURNOUT_DATA_DIR"), "{said}");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone_and_the_way_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(folder.path(), &["migrate"], &[]).status.code(), Some(0));
    let file = SqliteConnectOptions::new().filename(folder.path().join("var/turnout.db"));
    let mut database = SqliteConnection::connect_with(&file).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of the future', TRUE, x'00', 0)";
    sqlx::query(newer).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    for role in ["all-in-one", "migrate"] {
        let output = run_in(folder.path(), &[role], &[]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        assert!(said.contains("9999") && said.contains("run that version"), "{said}");
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let output = run_in(folder.path(), &["all-in-one"], &[("PORT", &port)]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("choose another PORT") && said.contains(&port), "{said}");
}
