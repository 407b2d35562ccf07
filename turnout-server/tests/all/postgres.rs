//! The real binary over PostgreSQL: roles of their own that share a server.

use std::{path::Path, process::Command, time::Duration};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::support::{Database, MailPeer, Running};

/// What every role is given.
struct Deployment {
    folder: tempfile::TempDir,
    database: Database,
    mail: MailPeer,
}

impl Deployment {
    async fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            database: Database::empty().await,
            mail: MailPeer::start().await,
        }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        // as the Django service had it
        let url = self.database.url().to_string().replacen("postgres://", "postgis://", 1);
        vec![
            ("DEBUG", "true".to_owned()),
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
            ("DATABASE_URL", url),
            ("SMTP_URL", self.mail.url.clone()),
        ]
    }

    fn run(&self, command: &str) -> (Option<i32>, String) {
        let mut run = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        run.arg(command).current_dir(self.folder.path()).env_clear().envs(self.settings());
        let output = run.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    fn role(&self, role: &str) -> Running {
        let settings = self.settings();
        let settings: Vec<(&str, &str)> =
            settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Running::spawn(role, self.folder.path(), &settings)
    }

    async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(&mut self.database.connect().await).await.unwrap()
    }
}

async fn health(server: &Running) -> Option<(StatusCode, String)> {
    let answer = server.client().get(server.url("/-/health/")).send().await.ok()?;
    Some((answer.status(), answer.text().await.unwrap()))
}

/// Asks until it is so.
async fn until_health_is(server: &Running, expected: StatusCode) -> String {
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        match health(server).await {
            Some((status, said)) if status == expected => return said,
            other => assert!(Instant::now() < patience, "{other:?} instead of {expected}"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}

fn voter() -> Value {
    json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202", "us_citizen": true,
        "is_18_or_over": true, "declaration": true, "state_id_number": "ZQ-9137-4411",
    })
}

fn location(answer: &reqwest::Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_voter_registers_over_servers_workers_and_schedulers_that_share_a_database() {
    let deployment = Deployment::new().await;
    for role in ["worker", "scheduler"] {
        let (code, said) = deployment.run(role);
        assert!(code == Some(1) && said.contains("run turnout-server migrate"), "{said}");
    }
    let web = deployment.role("serve");
    let said = until_health_is(&web, StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(said.contains("database migrations pending"), "{said}");
    let (code, said) = deployment.run("migrate");
    assert!(code == Some(0) && said.contains("is up to date") && said.contains("migrating"), "{said}");
    assert!(!said.contains(deployment.database.url().password().unwrap()), "{said}");
    let (code, said) = deployment.run("migrate");
    assert!(code == Some(0) && said.contains("0 migrations applied"), "{said}");
    until_health_is(&web, StatusCode::OK).await;

    let others: Vec<Running> =
        ["worker", "worker", "scheduler", "scheduler", "serve"].map(|role| deployment.role(role)).into();
    let second = others.last().unwrap();
    until_health_is(second, StatusCode::OK).await;
    let register = web.url("/v1/registration/register/");
    let answer = web.client().post(register).json(&voter()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let [mail] = deployment.mail.mails(1).await.try_into().unwrap();
    assert!(mail.contains("jose@example.org"), "{mail}");
    let begin = "http://localhost:9001/download/";
    let link = mail.split_whitespace().find_map(|word| word.strip_prefix(begin)).unwrap();
    // whichever server is asked
    let opened = second.client().get(second.url(&format!("/download/{link}"))).send().await.unwrap();
    assert_eq!(opened.status(), 302, "{link}");
    let bytes = location(&opened).replacen("http://localhost:9001", &web.url(""), 1);
    let form = web.client().get(bytes).send().await.unwrap();
    assert_eq!(form.status(), 200);
    assert!(form.bytes().await.unwrap().starts_with(b"%PDF-"));

    let ticks = deployment.count("SELECT count(*) FROM cron_tick").await;
    assert!(ticks > 0, "the schedulers looked back a day");
    assert_eq!(deployment.count("SELECT count(*) FROM job WHERE state = 'dead'").await, 0);
    for role in others.into_iter().chain([web]) {
        assert_eq!(role.stop().await.code(), Some(0), "{}", log(deployment.folder.path()));
    }
    assert_eq!(deployment.mail.mails(1).await.len(), 1);
    let said = log(deployment.folder.path());
    for private in ["José", "Núñez", "jose@example.org", "1 Main St", "ZQ-9137-4411"] {
        assert!(!said.contains(private), "{private} is in the log");
    }
}

#[tokio::test]
async fn all_in_one_keeps_its_rows_on_a_server_too() {
    let deployment = Deployment::new().await;
    let server = deployment.role("all-in-one");
    until_health_is(&server, StatusCode::OK).await;
    assert!(deployment.count("SELECT count(*) FROM election_state").await > 50);
    let said = log(deployment.folder.path());
    assert!(said.contains("rows in turnout_server_") && !said.contains("PASSWORD"), "{said}");
    assert!(!deployment.folder.path().join("var/turnout.db").exists());
    assert_eq!(server.stop().await.code(), Some(0));
}

#[test]
fn a_server_that_is_down_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://turnout:hush@{nobody}/votes");
    for (command, advice) in [("migrate", "check that it is up"), ("worker", "is it up")] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        run.arg(command).current_dir(folder.path()).env_clear();
        let output = run.env("DEBUG", "true").env("DATABASE_URL", &url).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(advice) && !said.contains("hush"), "{said}");
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_calls_to_two_processes_with_one_key_one_has_an_effect() {
    let deployment = Deployment::new().await;
    let (code, said) = deployment.run("migrate");
    assert_eq!(code, Some(0), "{said}");
    let servers = [deployment.role("serve"), deployment.role("serve")];
    for server in &servers {
        until_health_is(server, StatusCode::OK).await;
    }
    for key in ["one", "two"] {
        let calls =
            (0..24).map(|number| {
                let server = &servers[number % 2];
                let path = server.url("/v1/registration/register/?incomplete=true");
                let call = server.client().post(path).header("idempotency-key", key).json(&voter());
                async move {
                    call.send().await.unwrap().error_for_status().unwrap().json::<Value>().await.unwrap()
                }
            });
        let answers = futures_util::future::join_all(calls).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    assert_eq!(deployment.count("SELECT count(*) FROM register_registration").await, 2);
    assert_eq!(deployment.count("SELECT count(*) FROM action_action").await, 2);
    for server in servers {
        assert!(server.stop().await.success());
    }
}
