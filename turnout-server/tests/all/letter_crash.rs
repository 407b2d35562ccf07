//! A process that dies at any moment between a voter's yes and the note that the mail house has the letter: one letter.

use std::{os::unix::process::ExitStatusExt as _, path::Path, time::Duration};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::{Instant, sleep};
use turnout_core::crash::LETTER_POINTS;
use turnout_server::providers::outbox::KeptMail;

use crate::support::{LOB_KEY, LobPeer, Running};

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with its database, which outlives the processes that work on it, and the mail house.
struct House {
    folder: tempfile::TempDir,
    lob: LobPeer,
}

impl House {
    async fn start(&self, crash_at: Option<&str>) -> Running {
        let origin = self.lob.origin().to_string();
        let mut settings = vec![
            ("LOB_KEY", LOB_KEY),
            ("LOB_BASE_URL", origin.as_str()),
            ("PRINT_AND_FORWARD_CONFIRM", "true"),
        ];
        settings.extend(crash_at.map(|at| ("TURNOUT_CRASH_AT", at)));
        Running::start("all-in-one", self.folder.path(), &settings).await
    }

    async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("var/turnout.db"));
        SqliteConnection::connect_with(&options.busy_timeout(PATIENCE)).await.unwrap()
    }

    async fn run(&self, statement: &'static str) {
        let mut database = self.database().await;
        sqlx::query(statement).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }

    async fn count(&self, statement: &'static str) -> i64 {
        let mut database = self.database().await;
        let count = sqlx::query_scalar(statement).fetch_one(&mut database).await.unwrap();
        database.close().await.unwrap();
        count
    }

    /// Waits until `statement` counts one.
    async fn until_one(&self, statement: &'static str) {
        let patience = Instant::now() + PATIENCE;
        while self.count(statement).await != 1 {
            assert!(Instant::now() < patience, "{statement} within {PATIENCE:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn asked(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A voter has a form made to be mailed; the path of the confirmation in the mail.
async fn form_to_mail(house: &House, server: &Running) -> String {
    let register = server.url("/v1/registration/register/");
    let begun = json!({
        "first_name": "José", "last_name": "Núñez", "email": "voter@example.org",
        "date_of_birth": "1990-02-03", "address1": "1 Main St", "city": "Denver", "state": "CO",
        "zipcode": "80202",
    });
    let client = server.client();
    let begun = asked(client.post(format!("{register}?incomplete=true")).json(&begun)).await;
    let rest = json!({
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "ZQ-9137-4411",
        "request_mailing_address1": "210 King St", "request_mailing_city": "San Francisco",
        "request_mailing_state": "CA", "request_mailing_zipcode": "94107",
    });
    let path = format!("{register}{}/", begun["uuid"].as_str().unwrap());
    let done = asked(client.patch(path).json(&rest)).await;
    assert_eq!(done["request_mailing_deliverable"], true);
    let mail = mail(house.folder.path(), "register.confirm").await;
    let link = mail.text.split_whitespace().find(|word| word.contains("/confirm/?id=")).unwrap();
    let (_, query) = link.split_once("?id=").unwrap();
    let (action, token) = query.split_once("&token=").unwrap();
    format!("/v1/registration/confirm-print-and-forward/{action}/?token={token}")
}

async fn mail(folder: &Path, tag: &str) -> KeptMail {
    let patience = Instant::now() + PATIENCE;
    loop {
        let entries = std::fs::read_dir(folder.join("var/outbox")).into_iter().flatten();
        for entry in entries.map(|entry| entry.unwrap().path()) {
            if entry.extension().is_some_and(|end| end == "json") {
                let mail: KeptMail = serde_json::from_slice(&std::fs::read(entry).unwrap()).unwrap();
                if mail.tag == tag {
                    return mail;
                }
            }
        }
        assert!(Instant::now() < patience, "no mail {tag} within {PATIENCE:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_process_that_dies_around_a_letter_mails_it_once() {
    for point in LETTER_POINTS {
        println!("{point}");
        let house = House { folder: tempfile::tempdir().unwrap(), lob: LobPeer::start().await };
        // as when it comes back a day later
        house.lob.forgets_keys();
        let server = house.start(None).await;
        house.run("UPDATE election_state SET allow_print_and_forward = 1 WHERE code = 'CO'").await;
        let confirm = form_to_mail(&house, &server).await;
        server.kill();

        let mut server = house.start(Some(*point)).await;
        // the line may break before the voter is told
        let _ = server.client().put(server.url(&confirm)).send().await;
        let died = server.ended(PATIENCE).await.expect("it was never there");
        assert_eq!(died.signal(), Some(SIGABRT), "{point}: {died}");

        // nobody else takes what the dead process had for as long as its lease
        house.run("UPDATE job SET lease_until = '2020-01-01T00:00:00.000000Z' WHERE state = 'running'").await;
        let server = house.start(None).await;
        let again = asked(server.client().put(server.url(&confirm))).await;
        assert!(again["send_date"].is_string(), "{again}");
        house.until_one("SELECT count(*) FROM job WHERE kind = 'letter.send' AND state = 'done'").await;
        let [letter] =
            house.lob.letters().try_into().unwrap_or_else(|them: Vec<_>| panic!("{point}: {them:?}"));
        assert_eq!(letter.fields["to[address_line1]"], "210 King St");
        assert!(letter.pdf.starts_with(b"%PDF-"));
        for one in [
            "SELECT count(*) FROM integration_link WHERE external_id LIKE 'ltr_%'",
            "SELECT count(*) FROM integration_link",
            "SELECT count(*) FROM event_tracking_event WHERE event_type = 'FinishLobConfirm'",
            "SELECT count(*) FROM job WHERE kind = 'letter.send'",
        ] {
            assert_eq!(house.count(one).await, 1, "{point}: {one}");
        }
        server.kill();
        let log = std::fs::read_to_string(house.folder.path().join("log")).unwrap();
        for secret in ["Núñez", "King St", "voter@example.org", "ZQ-9137", "9137-4411", "hush"] {
            assert!(!log.contains(secret), "{secret}");
        }
    }
}
