//! Whoever follows *By hand* of `docs/deploying.md` gets a deployment. Settings and steps are read from that page; of the
//! settings only what names somebody else's machine is replaced, by PostgreSQL, Redis, S3 and a mail server of our own.

use std::{collections::BTreeMap, net::TcpListener, process::Command, sync::Arc, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use reqwest::header::HOST;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::support::{
    Database, MailPeer, OwnRedis, Running,
    scripts::{root, run, said},
};

const ID: &str = "AKIATURNOUT";
const SECRET: &str = "a/secret+of=S3";

/// A server that speaks S3, in this process, on a folder.
struct Buckets {
    folder: tempfile::TempDir,
    endpoint: String,
    _connections: JoinSet<()>,
}

impl Buckets {
    async fn start(names: [&str; 2]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ID, SECRET));
        let service = service.build();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let builder = Arc::new(Builder::new(TokioExecutor::new()));
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (builder, service) = (Arc::clone(&builder), service.clone());
                open.spawn(async move {
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { folder, endpoint, _connections: connections }
    }

    fn objects(&self, bucket: &str) -> usize {
        fn below(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { below(&path) } else { 1 }).sum()
        }
        below(&self.folder.path().join(bucket))
    }
}

/// The lines of the page's block with this title.
fn block(title: &str) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/deploying.md")).unwrap();
    let begin = format!("```sh title=\"{title}\"\n");
    let (_, after) = page.split_once(&begin).unwrap_or_else(|| panic!("the page has no {title}"));
    after.split_once("\n```").unwrap().0.lines().map(str::to_owned).collect()
}

fn settings_of_the_page() -> BTreeMap<String, String> {
    let pairs = block("turnout.env").into_iter().map(|line| {
        let (name, value) = line.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    });
    pairs.collect()
}

/// One of the page's commands, to its end.
fn command(line: &str, settings: &BTreeMap<String, String>) -> std::process::Output {
    let folder = tempfile::tempdir().unwrap();
    let mut words = line.split(' ');
    assert_eq!(words.next(), Some("turnout-server"), "{line}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    run(command.args(words).current_dir(folder.path()).env_clear().envs(settings), "")
}

#[test]
fn the_settings_of_the_page_are_in_order_as_they_stand() {
    let settings = settings_of_the_page();
    for role in ["serve", "worker", "scheduler", "migrate"] {
        let output = command(&format!("turnout-server config check --role {role}"), &settings);
        assert!(output.status.success() && output.stderr.is_empty(), "{role}: {}", said(&output));
    }
}

fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_the_page_gets_a_deployment_that_registers_a_voter() {
    let mut settings = settings_of_the_page();
    let (private, public) =
        (settings["AWS_STORAGE_PRIVATE_BUCKET_NAME"].clone(), settings["AWS_STORAGE_BUCKET_NAME"].clone());
    let (database, mail, mut redis) = (Database::empty().await, MailPeer::start().await, OwnRedis::new());
    redis.start().await;
    let buckets = Buckets::start([&private, &public]).await;
    for (name, value) in [
        ("DATABASE_URL", database.url().to_string()),
        ("REDIS_URL", redis.address()),
        ("SMTP_URL", mail.url.clone()),
        ("AWS_ENDPOINT_URL_S3", buckets.endpoint.clone()),
        ("AWS_ACCESS_KEY_ID", ID.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("PORT", free_port()),
    ] {
        settings.insert(name.to_owned(), value);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut running: BTreeMap<String, Running> = BTreeMap::new();
    for step in block("steps") {
        let role = step.strip_prefix("turnout-server ").unwrap();
        if !["serve", "worker", "scheduler"].contains(&role) {
            let begun = Instant::now();
            loop {
                let output = command(&step, &settings);
                if output.status.success() {
                    if role.starts_with("user create") {
                        assert!(said(&output).contains("https://api.example.org/"), "{}", said(&output));
                    }
                    break;
                }
                // what was started a moment ago needs some
                let waits = role == "health" && begun.elapsed() < Duration::from_secs(30);
                assert!(waits, "{step}: {}", said(&output));
                sleep(Duration::from_millis(100)).await;
            }
            continue;
        }
        // they share a machine here
        let mut own = settings.clone();
        own.insert("METRICS_PORT".to_owned(), free_port());
        let own: Vec<(&str, &str)> = own.iter().map(|(name, it)| (&**name, &**it)).collect();
        running.insert(role.to_owned(), Running::spawn(role, folder.path(), &own));
    }

    let base = format!("http://127.0.0.1:{}", settings["PORT"]);
    let client = running["serve"].client();
    let register = client.post(format!("{base}/v1/registration/register/")).header(HOST, "api.example.org");
    let voter = json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202", "us_citizen": true,
        "is_18_or_over": true, "declaration": true, "state_id_number": "ZQ-9137-4411",
    });
    let answer = register.json(&voter).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    let [mail] = mail.mails(1).await.try_into().unwrap();
    let begin = "https://api.example.org/download/";
    let link =
        mail.split_whitespace().find_map(|word| word.strip_prefix(begin)).expect("the mail has a link");
    let opened = client.get(format!("{base}/download/{link}")).header(HOST, "api.example.org");
    let opened = opened.send().await.unwrap();
    assert_eq!(opened.status(), 302);
    let place = opened.headers()["location"].to_str().unwrap().to_owned();
    assert!(place.starts_with(&buckets.endpoint), "the form is not on S3: {place}");
    let form = client.get(place).send().await.unwrap();
    assert_eq!(form.status(), 200);
    assert!(form.bytes().await.unwrap().starts_with(b"%PDF-"));
    assert!(buckets.objects(&private) > 0);

    for (role, process) in running {
        assert_eq!(process.stop().await.code(), Some(0), "{role}");
    }
}
