//! A process that is asked to stop while it is busy, and one that has no place to listen.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::support::Running;

/// How long anything here may take that is not meant to take long.
const PATIENCE: Duration = Duration::from_secs(10);

fn begun() -> Value {
    json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202",
    })
}

fn whole() -> Value {
    let mut body = begun();
    for (field, value) in [
        ("us_citizen", true.into()),
        ("is_18_or_over", true.into()),
        ("state_id_number", "ZQ-9137-4411".into()),
    ] {
        body[field] = value;
    }
    body
}

/// A mail server that takes its time.
struct SlowMail {
    url: String,
    /// Ends when it has the mail and owes an answer.
    has_it: oneshot::Receiver<()>,
    /// Lets it answer.
    answer: oneshot::Sender<()>,
    _talk: JoinHandle<()>,
}

/// Takes one mail, and says so when it is allowed to.
#[expect(clippy::disallowed_methods, reason = "the peer of a test, whose runtime ends with it")]
async fn slow_mail() -> SlowMail {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let ((has_it, got), (answer, allowed)) = (oneshot::channel(), oneshot::channel());
    let talk = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 peer\r\n").await.unwrap();
        let (mut in_data, mut once) = (false, Some((has_it, allowed)));
        while let Ok(Some(line)) = lines.next_line().await {
            let reply = match line.as_str() {
                "." => {
                    in_data = false;
                    if let Some((has_it, allowed)) = once.take() {
                        // nobody listens any more when the test is over
                        let _ = has_it.send(());
                        let _ = allowed.await;
                    }
                    "250 taken"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    "354 go on"
                }
                "QUIT" => "221 bye",
                _ => "250 peer",
            };
            if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                break;
            }
        }
    });
    SlowMail { url, has_it: got, answer, _talk: talk }
}

/// A request whose first half the server has read, as it asked for the other.
struct HalfSent {
    stream: TcpStream,
    rest: String,
}

impl HalfSent {
    async fn open(server: &Running, path: &str, body: &Value) -> Self {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let body = body.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Expect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut go_on = [0; 25];
        timeout(PATIENCE, stream.read_exact(&mut go_on)).await.unwrap().unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        Self { stream, rest: body }
    }

    /// Sends the rest; the answer.
    async fn finish(mut self) -> String {
        self.stream.write_all(self.rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, self.stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }
}

/// Nobody is let in any more.
async fn is_closed(server: &Running) -> bool {
    for _ in 0..500 {
        if TcpStream::connect(server.address()).await.is_err() {
            return true;
        }
        sleep(Duration::from_millis(10)).await;
    }
    false
}

async fn ask(folder: &Path, question: &'static str) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(folder.join("var/turnout.db")).read_only(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let answer = sqlx::query_scalar(question).fetch_all(&mut database).await.unwrap();
    database.close().await.unwrap();
    answer
}

#[tokio::test]
async fn a_stop_answers_the_open_request_lets_the_job_end_and_takes_nobody_new() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mail = slow_mail().await;
        let settings = [("SMTP_URL", mail.url.as_str())];
        let mut server = Running::start("all-in-one", folder.path(), &settings).await;
        let register = server.url("/v1/registration/register/");
        let answer = server.client().post(register).json(&whole()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        timeout(PATIENCE, mail.has_it).await.expect("the mail is sent").unwrap();
        let open = HalfSent::open(&server, "/v1/registration/register/?incomplete=true", &begun()).await;

        server.signal(signal);
        assert!(is_closed(&server).await, "{signal}: a stopping server takes connections");
        assert_eq!(server.ended(Duration::from_millis(200)).await, None, "{signal}: it did not wait");
        let answer = open.finish().await;
        assert!(
            answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\"uuid\""),
            "{signal}: {answer}"
        );
        assert_eq!(server.ended(Duration::from_millis(200)).await, None, "{signal}: it left the job");
        mail.answer.send(()).unwrap();
        let status = server.ended(PATIENCE).await.expect("it did not stop");
        assert_eq!(status.code(), Some(0), "{signal}");

        assert!(!folder.path().join("var/turnout.db-wal").exists(), "{signal}: the database was not closed");
        let mail = "SELECT state || ' ' || attempts FROM job WHERE kind = 'register.notify'";
        assert_eq!(ask(folder.path(), mail).await, ["done 1"], "{signal}");
        let running = "SELECT kind FROM job WHERE state = 'running'";
        assert!(ask(folder.path(), running).await.is_empty(), "{signal}: a job is held by nobody");
        let voters = "SELECT status FROM register_registration ORDER BY created_at";
        assert_eq!(ask(folder.path(), voters).await, ["SentPDF", "Incomplete"], "{signal}");
    }
}

#[tokio::test]
async fn a_second_ctrl_c_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start("all-in-one", folder.path(), &[]).await;
    let _open = HalfSent::open(&server, "/v1/registration/register/?incomplete=true", &begun()).await;
    server.signal("INT");
    assert!(is_closed(&server).await);
    assert_eq!(server.ended(Duration::from_millis(100)).await, None, "it did not wait");
    server.signal("INT");
    let status = server.ended(Duration::from_secs(2)).await.expect("it still waits");
    assert_eq!(status.code(), Some(130));
}

#[tokio::test]
async fn a_second_instance_on_the_same_port_says_what_to_do_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[]).await;
    let port = server.address().port().to_string();
    let second = Command::new(env!("CARGO_BIN_EXE_turnout-server"))
        .arg("all-in-one")
        .current_dir(folder.path())
        .env_clear()
        .env("PORT", &port)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains(&port) && said.contains("choose another PORT"), "{said}");
    assert!(
        second.stdout.is_empty(),
        "it said that it is there: {}",
        String::from_utf8_lossy(&second.stdout)
    );

    let register = server.url("/v1/registration/register/");
    let answer = server.client().post(register).json(&whole()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(server.stop().await.code(), Some(0));
}
