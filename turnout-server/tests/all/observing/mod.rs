//! What is told of a running process: metrics and health at a port of their own, packets, traces, failures.

mod exposition;

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener, UdpSocket},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use sqlx::Connection as _;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::SubscriberExt as _;
use turnout_core::ports::http::HttpClient;
use turnout_server::{config::Dsn, observe::alarms, providers::http_client::Reqwest};

use crate::support::{EchoPeer, Running, voter};
use exposition::Exposition;

/// What every test sets that looks at tags.
const TAGS: [(&str, &str); 6] = [
    ("ENV", "prod"),
    ("CLOUD_STACK", "blue"),
    ("CLOUD_DETAIL", "web"),
    ("SERVER_GROUP", "turnout-blue-v003"),
    ("TAG", "v1.2.3"),
    ("BUILD", "77"),
];

fn free_port() -> u16 {
    let address: SocketAddr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    address.port()
}

/// A path at a port of this machine, as soon as somebody answers there.
async fn at(port: u16, path: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..500 {
        if let Ok(answer) = client.get(format!("http://127.0.0.1:{port}{path}")).send().await {
            return (answer.status().as_u16(), answer.text().await.unwrap());
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody answers at {port}");
}

async fn register(server: &Running, query: &str, traceparent: Option<&str>) {
    let url = server.url(&format!("/v1/registration/register/{query}"));
    let mut request = server.client().post(url).json(&voter());
    if let Some(traceparent) = traceparent {
        request = request.header("traceparent", traceparent);
    }
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn metrics_are_told_at_a_port_of_their_own_in_the_format_of_prometheus() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let text = port.to_string();
    let settings: Vec<_> = TAGS.into_iter().chain([("METRICS_PORT", text.as_str())]).collect();
    let server = Running::start("all-in-one", folder.path(), &settings).await;
    register(&server, "?subscriber=nobody-at-all", None).await;
    server.client().get(server.url("/xpath/xmail@example.org/?xquery")).send().await.unwrap();
    let mut text = String::new();
    // its mail is a job
    for _ in 0..500 {
        text = at(port, "/metrics").await.1;
        if text.contains("kind=\"register.notify\"") {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    let read = Exposition::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let tags = [
        ("env", "prod"),
        ("spinnaker_stack", "blue"),
        ("spinnaker_detail", "web"),
        ("spinnaker_servergroup", "turnout-blue-v003"),
        ("image_tag", "v1.2.3"),
        ("build", "77"),
    ];
    assert_eq!(read.sum("turnout_multi_tenant_unknown_subscriber_request", &tags), Some(1.0), "{text}");
    let route = [("route", "/v1/registration/register/"), ("method", "POST"), ("status", "200")];
    assert_eq!(read.sum("turnout_http_requests_total", &route), Some(1.0));
    assert_eq!(read.sum("turnout_http_request_seconds_count", &route[..2]), Some(1.0));
    assert_eq!(read.sum("turnout_http_requests_total", &[("route", "none"), ("status", "404")]), Some(1.0));
    let notify = [("kind", "register.notify"), ("outcome", "done")];
    assert!(read.sum("turnout_jobs_total", &notify).is_some_and(|count| count >= 1.0), "{text}");
    assert_eq!(read.kinds["turnout_job_seconds"], "histogram");
    for name in [
        "turnout_jobs",
        "turnout_jobs_due",
        "turnout_jobs_oldest_due_seconds",
        "turnout_database_connections",
        "turnout_database_connections_max",
        "turnout_up_seconds",
    ] {
        assert!(read.sum(name, &tags).is_some(), "{name} is not told: {text}");
    }
    assert!(read.sum("process_resident_memory_bytes", &[]).is_some_and(|bytes| bytes > 1e6), "{text}");
    for hidden in ["xpath", "xmail", "xquery"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    // the world does not get there
    let world = server.client().get(server.url("/metrics")).send().await.unwrap();
    assert_eq!(world.status(), 404);
    assert_eq!(at(port, "/v1/election/state/").await.0, 404, "and the port has nothing else");
    assert!(server.stop().await.success());
}

#[tokio::test]
async fn roles_that_answer_nobody_can_be_probed() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/all.db", folder.path().display());
    let mut migrate = Running::spawn("migrate", folder.path(), &[("DATABASE_URL", &database)]);
    let ended = migrate.ended(Duration::from_secs(60)).await.expect("it migrates");
    assert!(ended.success());
    for role in ["worker", "scheduler"] {
        let port = free_port();
        let text = port.to_string();
        let settings = [
            ("DATABASE_URL", database.as_str()),
            ("METRICS_PORT", text.as_str()),
            ("DEBUG", "true"),
            ("SMTP_URL", "smtp://127.0.0.1:9"),
        ];
        let running = Running::spawn(role, folder.path(), &settings);
        assert_eq!(at(port, "/-/health/").await, (200, "{\"healthy\":true}".to_owned()), "{role}");
        assert_eq!(at(port, "/-/alive/").await, (200, "ok".to_owned()), "{role}");
        let metrics = at(port, "/metrics").await.1;
        Exposition::parse(&metrics).unwrap_or_else(|error| panic!("{role}: {error}\n{metrics}"));
        assert!(metrics.contains("turnout_up_seconds"), "{role}: {metrics}");
        assert!(running.stop().await.success(), "{role}");
    }
}

#[tokio::test]
async fn an_agent_of_statsd_is_told_under_the_names_of_the_django_service() {
    let (folder, agent) = (tempfile::tempdir().unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    agent.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let port = agent.local_addr().unwrap().port().to_string();
    let of_agent = [("DD_AGENT_HOST", "127.0.0.1"), ("DD_DOGSTATSD_PORT", port.as_str())];
    let settings: Vec<_> = TAGS.into_iter().chain(of_agent).collect();
    let server = Running::start("all-in-one", folder.path(), &settings).await;
    register(&server, "?subscriber=nobody-at-all", None).await;
    // what is left is told at a stop
    assert!(server.stop().await.success());
    let expected = "turnout.multi_tenant.unknown_subscriber_request:1|c|#env:prod,spinnaker_detail:web,\
                    spinnaker_servergroup:turnout-blue-v003,spinnaker_stack:blue,image_tag:v1.2.3,build:77";
    let mut heard = String::new();
    let mut packet = [0; 2048];
    while !heard.lines().any(|line| line == expected) {
        let length = agent.recv(&mut packet).unwrap_or_else(|error| panic!("{error}: {heard}"));
        heard.push_str(std::str::from_utf8(&packet[..length]).unwrap());
        heard.push('\n');
    }
}

/// The spans that a collector was told of, by their ids.
fn spans(peer: &EchoPeer) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (path, body) in peer.heard.lock().unwrap().iter() {
        assert_eq!(path, "/v1/traces");
        let body: Value = serde_json::from_str(body).unwrap();
        for scope in body["resourceSpans"][0]["scopeSpans"].as_array().unwrap() {
            for span in scope["spans"].as_array().unwrap() {
                all.insert(span["spanId"].as_str().unwrap().to_owned(), span.clone());
            }
        }
    }
    all
}

/// The names of a span and of those above it.
fn lineage(spans: &BTreeMap<String, Value>, span: &Value) -> Vec<String> {
    let mut names = vec![span["name"].as_str().unwrap().to_owned()];
    let mut above = span["parentSpanId"].as_str();
    while let Some(parent) = above.and_then(|id| spans.get(id)) {
        names.push(parent["name"].as_str().unwrap().to_owned());
        above = parent["parentSpanId"].as_str();
    }
    names
}

fn attribute<'a>(span: &'a Value, key: &str) -> &'a Value {
    let all = span["attributes"].as_array().unwrap();
    all.iter().find(|it| it["key"] == key).map_or(&Value::Null, |it| &it["value"])
}

#[tokio::test]
async fn a_trace_goes_from_the_request_to_the_store_and_on_with_the_callers() {
    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    let (folder, peer) = (tempfile::tempdir().unwrap(), EchoPeer::start().await);
    let endpoint = peer.origin().to_string();
    let settings: Vec<_> =
        TAGS.into_iter().chain([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str())]).collect();
    let server = Running::start("all-in-one", folder.path(), &settings).await;
    register(&server, "", Some(&format!("00-{TRACE}-b7ad6b7169203331-01"))).await;
    register(&server, "", Some(&format!("00-{}-b7ad6b7169203331-00", TRACE.replace('0', "1")))).await;
    register(&server, "", Some("xmail@example.org")).await;
    sleep(Duration::from_secs(1)).await;
    assert!(server.stop().await.success());
    let spans = spans(&peer);
    let names: Vec<Vec<String>> = spans.values().map(|span| lineage(&spans, span)).collect();
    let request = "POST /v1/registration/register/";
    for expected in [
        vec!["store unit", "register.submit", request],
        vec!["register.submit", request],
        vec!["job register.notify"],
    ] {
        assert!(names.iter().any(|it| *it == expected), "{expected:?} is not among {names:?}");
    }
    let callers: Vec<&Value> = spans.values().filter(|it| it["traceId"] == TRACE).collect();
    assert!(callers.len() >= 4, "{names:?}");
    let first = callers.iter().find(|span| span["name"] == request).unwrap();
    assert_eq!(first["parentSpanId"], "b7ad6b7169203331");
    assert_eq!(attribute(first, "http.response.status_code")["intValue"], "200");
    assert_eq!(attribute(first, "http.route")["stringValue"], "/v1/registration/register/");
    let (start, end) = (&first["startTimeUnixNano"], &first["endTimeUnixNano"]);
    let nanoseconds = |it: &Value| it.as_str().unwrap().parse::<u64>().unwrap();
    assert!(nanoseconds(start) < nanoseconds(end), "{first}");
    let dropped = TRACE.replace('0', "1");
    assert!(spans.values().all(|it| it["traceId"] != dropped.as_str()), "its caller does not keep it");
    let told = peer.heard.lock().unwrap();
    let (_, body) = told.first().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let resource = &body["resourceSpans"][0]["resource"];
    assert_eq!(attribute(resource, "service.name")["stringValue"], "turnout");
    assert_eq!(attribute(resource, "service.version")["stringValue"], "v1.2.3");
    for (_, body) in told.iter() {
        for hidden in ["xmail", "voter@example.org", "Rizal", "QX4711"] {
            assert!(!body.contains(hidden), "{hidden}: {body}");
        }
    }
}

/// What Sentry is told while `say` runs.
async fn told_sentry(say: impl FnOnce()) -> Vec<(String, String)> {
    let peer = EchoPeer::start().await;
    let origin = peer.origin();
    let dsn = Dsn::parse(&format!("http://k3y@127.0.0.1:{}/42", origin.port().unwrap())).unwrap();
    let tags = [("env", "prod".to_owned()), ("image_tag", "v1.2.3".to_owned())];
    let http: Arc<dyn HttpClient> = Arc::new(Reqwest::new().unwrap());
    let (failures, shipping) = alarms::to_sentry(&dsn, &tags, http);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(failures), || {
        tracing::callsite::rebuild_interest_cache();
        say();
    });
    let stop = CancellationToken::new();
    stop.cancel();
    shipping.run(stop).await;
    peer.heard.lock().unwrap().clone()
}

#[tokio::test]
async fn sentry_is_told_of_a_failure_and_of_nobodys_data() {
    let told = told_sentry(|| {
        let job = tracing::info_span!(target: "turnout_server::measures", "job", kind = "register.notify", id = "4711");
        job.in_scope(|| {
            let error = std::io::Error::other("mailbox <ann@example.org> of (617) 555-7890 is full");
            tracing::error!(
                target: "turnout_core::jobs",
                error = &error as &dyn std::error::Error,
                voter = "Ann Example",
                "a job was given up"
            );
            tracing::warn!(target: "turnout_core::jobs", "a job is tried again");
        });
    })
    .await;
    assert_eq!(told.len(), 1, "{told:?}");
    let (path, body) = &told[0];
    assert_eq!(path, "/api/42/envelope/");
    let lines: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [head, kind, event] = lines.as_slice() else { panic!("{body}") };
    assert_eq!(head["event_id"], event["event_id"]);
    assert_eq!(kind["type"], "event");
    assert_eq!(kind["length"].as_u64().unwrap(), body.lines().nth(2).unwrap().len() as u64);
    assert_eq!(event["logentry"]["formatted"], "a job was given up");
    assert_eq!((&event["release"], &event["environment"]), (&"v1.2.3".into(), &"prod".into()));
    assert_eq!(event["extra"]["error"], "mailbox [e-mail] of (617) [number] is full");
    assert_eq!(
        (&event["extra"]["job.kind"], &event["extra"]["job.id"]),
        (&"register.notify".into(), &"4711".into())
    );
    assert!(!body.contains("Ann") && !body.contains("ann@") && !body.contains("7890"), "{body}");
    assert!(event.get("user").is_none() && event.get("request").is_none());
}

#[tokio::test]
async fn a_release_tells_sentry_of_a_failure_and_other_builds_do_not() {
    for (tag, count) in [("v1.2.3", 1), ("", 0)] {
        let (folder, peer) = (tempfile::tempdir().unwrap(), EchoPeer::start().await);
        let dsn = format!("http://k3y@127.0.0.1:{}/42", peer.origin().port().unwrap());
        let server =
            Running::start("all-in-one", folder.path(), &[("SENTRY_DSN", dsn.as_str()), ("TAG", tag)]).await;
        // a worker that cannot read its jobs any more is an error of ours
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("var/turnout.db"));
        let mut database = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("ALTER TABLE job RENAME TO job_gone").execute(&mut database).await.unwrap();
        for _ in 0..300 {
            if !peer.heard.lock().unwrap().is_empty() || count == 0 {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        if count == 0 {
            sleep(Duration::from_secs(4)).await;
        }
        drop(server);
        let told = peer.heard.lock().unwrap().clone();
        assert_eq!(usize::from(!told.is_empty()), count, "{told:?}");
        if let Some((_, body)) = told.first() {
            assert!(body.contains("\"release\":\"v1.2.3\""), "{body}");
        }
    }
}
