//! What the log says of a request: one line, and nobody's name.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{TestServer, voter_with};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Requests of every outcome, all with something about a voter in them.
async fn ask(server: &TestServer) {
    let changes = json!({
        "first_name": "Xfirst", "last_name": "Xlast", "address1": "1 Xstreet", "city": "Xcity",
        "email": "xmail@example.org", "phone": "617-555-7890", "state_id_number": "X4711",
        "previous_first_name": "Xprevious", "utm_source": "Xsource",
    });
    let path = "/v1/registration/register/?email=xquery@example.org";
    let answer = server.post(path, &voter_with(changes.clone())).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let uuid = answer.json()["uuid"].as_str().unwrap().to_owned();
    let update = format!("/v1/registration/register/{uuid}/");
    server.ask("PATCH", &update).json(&changes).send().await;
    server.post(path, &voter_with(json!({"email": "xbad", "state": "Xstate"}))).await;
    server.ask("POST", path).body("application/json", "{\"email\": \"xmail@example.org").send().await;
    server.ask("GET", "/Xpath/xmail@example.org/?q=Xquery").header("user-agent", "Xagent").send().await;
}

#[tokio::test]
async fn a_request_is_one_line_and_tells_nothing_of_the_voter() {
    let server = TestServer::new().await;
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
    let guard = tracing::subscriber::set_default(subscriber.with_writer(kept.clone()).finish());
    // a place that logs and that another test's thread reaches first counts as silent; so reach all, then look anew
    ask(&server).await;
    tracing::callsite::rebuild_interest_cache();
    kept.0.lock().unwrap().clear();
    ask(&server).await;
    drop(guard);

    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ours = lines.iter().filter(|line| line["target"].as_str().unwrap().starts_with("turnout"));
    let answered: Vec<_> = ours.filter(|line| line["fields"]["message"] == "answered").collect();
    let told: Vec<_> = answered
        .iter()
        .map(|line| {
            let fields = line["fields"].as_object().unwrap();
            let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, ["message", "method", "ms", "request_id", "route", "status"]);
            (
                fields["method"].as_str().unwrap(),
                fields["route"].as_str().unwrap(),
                fields["status"].as_u64().unwrap(),
            )
        })
        .collect();
    let register = "/v1/registration/register/";
    let expected = [
        ("POST", register, 200),
        ("PATCH", "/v1/registration/register/{uuid}/", 400),
        ("POST", register, 400),
        ("POST", register, 400),
        ("GET", "", 404),
    ];
    assert_eq!(told, expected);
    for secret in [
        "Xfirst",
        "Xlast",
        "Xstreet",
        "Xcity",
        "xmail",
        "555-7890",
        "5557890",
        "X4711",
        "Xprevious",
        "Xsource",
        "xquery",
        "xbad",
        "Xstate",
        "Xpath",
        "Xquery",
        "Xagent",
    ] {
        let found = text.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret}");
    }
    assert_eq!(server.work().await, ["register.form"; 2]);
}
