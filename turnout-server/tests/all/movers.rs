//! `turnout-server sync movers` and `import movers`, over real sockets.

use std::process::Command;

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    conformance::http::{Behavior, HttpPeer as _},
    ports::http::{HttpResponse, StatusCode},
};

use crate::support::TcpPeer;

/// A folder with an empty database, and a source.
struct Place {
    folder: tempfile::TempDir,
    peer: TcpPeer,
}

impl Place {
    async fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), peer: TcpPeer::start().await };
        let (done, said) = place.run(&["migrate"]).await;
        assert!(done, "{said}");
        place
    }

    /// Whether the program is content, and what it says.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("SECRET_KEY", "0123456789abcdef0123456789abcdef").env("DEBUG", "true");
        let endpoint = format!("{}clients/{{client_id}}/leads", self.peer.origin());
        command.env("MOVER_LEADS_ENDPOINT", endpoint).env("MOVER_ID", "us/1").env("MOVER_SECRET", "hush");
        command.env("MOVER_SOURCE", "acme");
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    async fn sync(&self, response: HttpResponse, more: &[&str]) -> (bool, String) {
        self.peer.will(Behavior::Answers(response));
        self.run(&[&["sync", "movers"], more].concat()).await
    }

    async fn emails(&self) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("var/turnout.db"));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let all = "SELECT email FROM integration_moverlead ORDER BY email";
        sqlx::query_scalar(all).fetch_all(&mut connection).await.unwrap()
    }
}

fn leads(leads: &Value) -> HttpResponse {
    HttpResponse::json(StatusCode::OK, &json!({ "leads": leads }))
}

fn lead(email: &str) -> Value {
    json!({"email": email, "created_at": "2026-10-02T12:00:00Z", "new_state": "OH", "old_state": "NY"})
}

#[tokio::test]
async fn leads_are_fetched_once_and_wrong_ones_are_said_by_their_place() {
    let place = Place::new().await;
    let all = json!([lead("ana@example.org"), lead("nobody at all"), lead("bo@example.org")]);
    let (done, said) = place.sync(leads(&all), &["--dry-run"]).await;
    assert!(done && said.contains("3 leads: 2 new, 0 known before, 1 left out as wrong."), "{said}");
    assert!(
        said.contains("lead 2: email is no e-mail address") && said.contains("Nothing was written."),
        "{said}"
    );
    assert!(!said.contains("nobody at all"), "{said}");
    assert!(place.emails().await.is_empty());
    for known in [0, 2] {
        let (done, said) = place.sync(leads(&all), &["--days", "3"]).await;
        assert!(done && said.contains(&format!("{known} known before")), "{said}");
    }
    assert_eq!(place.emails().await, ["ana@example.org", "bo@example.org"]);
    let heard = place.peer.heard();
    assert!(heard[0].path.starts_with("/clients/us%2F1/leads?hrs=2"), "{}", heard[0].path);
    assert!(heard[1].path.ends_with("/leads?days=3"), "{}", heard[1].path);
}

#[tokio::test]
async fn a_source_that_fails_leaves_everything_as_it_is() {
    let place = Place::new().await;
    let cut = HttpResponse::new(StatusCode::OK).with_body("{\"leads\": [{\"email\": \"ana@example.org\", ");
    let answers = [HttpResponse::new(StatusCode::BAD_GATEWAY), HttpResponse::new(StatusCode::FORBIDDEN), cut];
    let answers =
        answers.map(Behavior::Answers).into_iter().chain([Behavior::HangsUp, Behavior::StopsHalfway]);
    for behavior in answers {
        place.peer.will(behavior);
        let (done, said) = place.run(&["sync", "movers"]).await;
        assert!(!done && said.contains("run it again"), "{said}");
        assert!(!said.contains("hush") && !said.contains("ana@"), "{said}");
    }
    assert!(place.emails().await.is_empty());
    let (done, said) = place.sync(leads(&json!([lead("ana@example.org")])), &[]).await;
    assert!(done && said.contains("1 new"), "{said}");
    let last = place.peer.heard().pop().unwrap();
    assert!(last.path.ends_with("?hrs=2"), "{}", last.path);
}

#[tokio::test]
async fn a_table_is_imported_by_its_columns() {
    let place = Place::new().await;
    let table = "Email,Created At,New State,Score\r\nana@example.org,2026-10-02 12:00:00,OH,1\r\n\
                 bo@example.org,soon,Ohio,1\r\ncy@example.org,10/2/2026 12:00,oh\r\n";
    std::fs::write(place.folder.path().join("leads.csv"), table).unwrap();
    let (done, said) = place.run(&["import", "movers", "leads.csv", "--dry-run"]).await;
    assert!(done && said.contains("3 leads: 1 new") && said.contains("Nothing was written."), "{said}");
    let (done, said) = place.run(&["import", "movers", "leads.csv"]).await;
    assert!(done && said.contains("3 leads: 1 new, 0 known before, 2 left out as wrong."), "{said}");
    for part in [
        "asks for: Score",
        "line 3: created_at is no date",
        "line 3: new_state is not",
        "line 4: it has 3 cells",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // the same lead from the source is the same
    let (done, said) = place.sync(leads(&json!([lead("ana@example.org")])), &[]).await;
    assert!(done && said.contains("1 known before"), "{said}");
    std::fs::write(place.folder.path().join("bad.csv"), "name\nAna\n").unwrap();
    let (done, said) = place.run(&["import", "movers", "bad.csv"]).await;
    assert!(!done && said.contains("email and created_at"), "{said}");
}
