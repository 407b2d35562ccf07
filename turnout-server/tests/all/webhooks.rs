//! Webhooks over real sockets: what a receiver sees, what it may do to us, and a process that dies on the way.

use std::{os::unix::process::ExitStatusExt as _, path::Path, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::{Instant, sleep};
use turnout_core::{
    App,
    conformance::{
        http::{Behavior, Heard, HttpPeer as _},
        rows,
    },
    crash::WEBHOOK_POINTS,
    ids::EndpointId,
    jobs::step,
    page::PageRequest,
    ports::{
        clock::Clock as _,
        http::{HeaderValue, HttpResponse, StatusCode, header},
        store::Store,
    },
    webhook::{self, Delivery, DeliveryStatus, Endpoint, Failure, Health, OffReason, Topic, jobs::Sweep},
};
use turnout_server::{providers::http_client::Reqwest, system::SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
use url::Url;
use uuid::Uuid;

use crate::support::{Running, TcpPeer, TestServer, counted, voter};

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

const ENDPOINT: EndpointId = EndpointId(Uuid::from_u128(0x29));

fn answer(status: u16) -> Behavior {
    Behavior::Answers(HttpResponse::new(StatusCode::from_u16(status).unwrap()))
}

/// What has to be signed of it, by the secret that was shown (`docs/webhooks.md`).
fn signature(heard: &Heard, secret: &str) -> String {
    let text = |name: &str| heard.headers[name].to_str().unwrap().to_owned();
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", text("webhook-id"), text("webhook-timestamp")).as_bytes());
    mac.update(&heard.body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// As an integrator verifies it.
fn is_signed(heard: &Heard, secret: &str) -> bool {
    let given = heard.headers["webhook-signature"].to_str().unwrap();
    given.split(' ').any(|it| it == signature(heard, secret))
}

fn body(heard: &Heard) -> Value {
    serde_json::from_slice(&heard.body).unwrap()
}

/// An endpoint of the default subscriber, which may use the API then.
async fn listen(store: &dyn Store, address: &Url) -> Endpoint {
    let mut unit = store.begin().await.unwrap();
    let mut own = unit.subscribers().default().await.unwrap().unwrap();
    own.has_api_access = true;
    unit.subscribers_mut().update(&own).await.unwrap();
    let endpoint = Endpoint {
        id: ENDPOINT,
        subscriber: own.id,
        address: address.join("hook?a=b").unwrap().to_string(),
        generation: 1,
        rotated_at: None,
        health: Health::default(),
        topics: Topic::offered().collect(),
        ..rows::endpoint(1, 1, 0)
    };
    unit.webhooks_mut().insert_endpoint(&endpoint).await.unwrap();
    unit.commit().await.unwrap();
    endpoint
}

/// A server whose app calls real sockets, its endpoint, and who listens there.
async fn begun() -> (TestServer, App, Endpoint, TcpPeer) {
    let (server, peer) = (TestServer::new().await, TcpPeer::start().await);
    let mut app = server.app.clone();
    app.partners = Arc::new(Reqwest::new().unwrap());
    let endpoint = listen(&*server.store, &peer.origin()).await;
    (server, app, endpoint, peer)
}

async fn newest(server: &TestServer) -> Delivery {
    let page = PageRequest { after: None, limit: 1 };
    let mut view = server.store.view().await.unwrap();
    view.webhooks().deliveries(ENDPOINT, None, &page).await.unwrap().rows.remove(0)
}

async fn kept(server: &TestServer) -> Endpoint {
    server.store.view().await.unwrap().webhooks().endpoint(ENDPOINT).await.unwrap().unwrap()
}

async fn test(app: &App, endpoint: &Endpoint) {
    webhook::send_test(app, rows::user(1, 0).id, endpoint.subscriber, endpoint.id).await.unwrap();
    step::run_all_due(app).await.unwrap();
}

async fn later(server: &TestServer, app: &App) {
    server.clock.advance(TimeDelta::minutes(70));
    let mut unit = server.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&Sweep {}.job(app)).await.unwrap();
    unit.commit().await.unwrap();
    step::run_all_due(app).await.unwrap();
}

#[tokio::test]
async fn a_registration_is_told_signed_and_in_order() {
    let (server, app, endpoint, peer) = begun().await;
    let secret = webhook::secret_of(&app, &endpoint).reveal().to_string();
    (0..4).for_each(|_| peer.will(answer(204)));
    let made = server.post("/v1/registration/register/?incomplete=true", &voter()).await.json();
    let event = json!({"action": made["action_id"], "event_type": "FinishExternal"});
    assert_eq!(server.post("/v1/event/track/", &event).await.status, 201);
    step::run_all_due(&app).await.unwrap();
    let heard = peer.heard();
    let types: Vec<Value> = heard.iter().map(|it| body(it)["type"].clone()).collect();
    assert_eq!(
        types,
        ["registration.started", "action.event", "registration.completed", "action.event"].map(Value::from)
    );
    for call in &heard {
        assert!(is_signed(call, &secret));
        assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/hook?a=b"));
        assert_eq!(call.headers["content-type"], "application/json");
        let data = &body(call)["data"];
        assert_eq!((&data["action"], &data["record"]), (&made["action_id"], &made["uuid"]));
        assert_eq!(data["tool"], "register");
    }
    let mut forged = heard[0].clone();
    forged.body = b"{}".to_vec().into();
    assert!(!is_signed(&forged, &secret));
    assert!(!is_signed(&heard[0], "whsec_AAAA"));
}

/// The one block of that language on the page for those who are called.
fn block_of(language: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/webhooks.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks: Vec<&str> = page.split(&format!("```{language}\n")).skip(1).collect();
    assert_eq!(blocks.len(), 1, "{language}");
    let (block, _) = blocks[0].split_once("\n```\n").expect("it ends");
    format!("{block}\n")
}

const IN_PYTHON: &str = "
import json, sys
told = json.load(sys.stdin)
calls = [(call['headers'], bytes.fromhex(call['body'])) for call in told['calls']]
print(json.dumps([is_ours(told['secret'], headers, body) for headers, body in calls]))
";

const IN_JAVASCRIPT: &str = "
import { readFileSync } from 'node:fs';
const told = JSON.parse(readFileSync(0, 'utf8'));
const verdict = (call) => isOurs(told.secret, call.headers, Buffer.from(call.body, 'hex'));
console.log(JSON.stringify(told.calls.map(verdict)));
";

/// What a program says of calls that reads them all and prints a truth of each.
fn verdicts(program: &str, file: &Path, secret: &str, calls: &[Heard]) -> Vec<bool> {
    let told = calls.iter().map(|call| {
        let header = |name: &'static str| (name, call.headers[name].to_str().unwrap());
        let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(header);
        let body: String = call.body.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({"headers": std::collections::BTreeMap::from(headers), "body": body})
    });
    let told = json!({"secret": secret, "calls": told.collect::<Vec<_>>()}).to_string();
    let (input, output) = (std::process::Stdio::piped(), std::process::Stdio::piped());
    let started = std::process::Command::new(program).arg(file).stdin(input).stdout(output).spawn();
    let mut running = started.unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    std::io::Write::write_all(&mut running.stdin.take().unwrap(), told.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn the_verifiers_on_the_page_take_what_was_sent_and_nothing_that_was_forged() {
    let (_server, mut app, endpoint, peer) = begun().await;
    // they look at the clock on the wall
    app.clock = Arc::new(SystemClock);
    let secret = webhook::secret_of(&app, &endpoint).reveal().to_string();
    (0..2).for_each(|_| peer.will(answer(204)));
    test(&app, &endpoint).await;
    let made = webhook::rotate(&app, rows::user(1, 0).id, endpoint.subscriber, endpoint.id).await.unwrap();
    test(&app, &endpoint).await;
    let [heard, by_both]: [Heard; 2] = peer.heard().try_into().unwrap();

    let with = |headers: &[(&'static str, String)]| {
        let mut call = heard.clone();
        for (name, value) in headers {
            call.headers.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        call
    };
    let right = signature(&heard, &secret);
    let now = SystemClock.now().timestamp();
    // rightly signed, at another moment
    let at = |seconds: i64| {
        let call = with(&[("webhook-timestamp", (now + seconds).to_string())]);
        with(&[
            ("webhook-timestamp", (now + seconds).to_string()),
            ("webhook-signature", signature(&call, &secret)),
        ])
    };
    let signed = |value: String| with(&[("webhook-signature", value)]);
    let table = [
        ("as it was heard", heard.clone(), true),
        ("signed by the secret of before too", by_both.clone(), true),
        ("a minute old", at(-60), true),
        ("the right one among others", signed(format!("v1,AAAA v2,AAAA {right}")), true),
        ("another body", Heard { body: b"{}".to_vec().into(), ..heard.clone() }, false),
        ("another id", with(&[("webhook-id", "msg_00".into())]), false),
        ("another moment", with(&[("webhook-timestamp", (now + 1).to_string())]), false),
        ("an old call again", at(-310), false),
        ("one of later", at(310), false),
        ("another version", signed(right.replace("v1,", "v2,")), false),
        ("a part of it", signed(right[..right.len() - 4].to_owned()), false),
        ("nothing", signed("v1,".into()), false),
        ("no version", signed(right.replace("v1,", "")), false),
        ("another secret", signed(signature(&heard, "whsec_AAAA")), false),
    ];
    let calls: Vec<Heard> = table.iter().map(|(_, call, _)| call.clone()).collect();
    let folder = tempfile::tempdir().unwrap();
    for (program, name, language, more) in
        [("python3", "verify.py", "python", IN_PYTHON), ("node", "verify.mjs", "javascript", IN_JAVASCRIPT)]
    {
        let file = folder.path().join(name);
        std::fs::write(&file, block_of(language) + more).unwrap();
        let found = verdicts(program, &file, &secret, &calls);
        assert_eq!(found.len(), table.len());
        for ((what, _, expected), found) in table.iter().zip(found) {
            assert_eq!(found, *expected, "{program}: {what}");
        }
        let new = made.secret.reveal().to_string();
        let calls = [by_both.clone(), heard.clone()];
        assert_eq!(verdicts(program, &file, &new, &calls), [true, false], "{program}: the new secret");
    }
}

#[tokio::test]
async fn whatever_a_receiver_does_is_judged_and_tried_again() {
    let (server, app, endpoint, peer) = begun().await;
    let moved = HttpResponse::new(StatusCode::TEMPORARY_REDIRECT);
    let elsewhere = HeaderValue::from_str(peer.nobody().as_str()).unwrap();
    let long = HttpResponse::new(StatusCode::OK).with_body(vec![b'x'; 70 * 1024]);
    let table = [
        (answer(500), Some(500), Failure::Answer),
        (Behavior::HangsUp, None, Failure::Broken),
        (Behavior::Answers(moved.with_header(header::LOCATION, elsewhere)), Some(307), Failure::Answer),
        (Behavior::Answers(long), None, Failure::TooLarge),
        (Behavior::SpeaksNoHttp, None, Failure::Broken),
        (Behavior::SaysNothing, None, Failure::TimedOut),
    ];
    peer.will(answer(404));
    test(&app, &endpoint).await;
    for (number, (behavior, status, failure)) in table.into_iter().enumerate() {
        peer.will(behavior);
        later(&server, &app).await;
        let now = newest(&server).await;
        assert_eq!((now.status, now.answer, now.failure), (DeliveryStatus::Waiting, status, Some(failure)));
        assert_eq!(usize::try_from(now.attempts).unwrap(), number + 2);
    }
    assert_eq!(kept(&server).await.health.failures, 7);
    peer.will(answer(202));
    later(&server, &app).await;
    let now = newest(&server).await;
    assert_eq!((now.status, now.answer, now.failure), (DeliveryStatus::Delivered, Some(202), None));
    assert_eq!(kept(&server).await.health, Health::default());
    let heard = peer.heard();
    assert!(heard.iter().all(|it| it.headers["webhook-id"] == heard[0].headers["webhook-id"]));
    assert_eq!(heard.len(), 8);
}

#[tokio::test]
async fn gone_ends_it() {
    let (server, app, endpoint, peer) = begun().await;
    peer.will(answer(410));
    test(&app, &endpoint).await;
    assert_eq!(kept(&server).await.off.map(|off| off.reason), Some(OffReason::Gone));
    later(&server, &app).await;
    assert_eq!(peer.heard().len(), 1);
}

#[tokio::test]
async fn a_client_for_partners_does_not_reach_this_network() {
    let (server, mut app, endpoint, peer) = begun().await;
    app.partners = Arc::new(Reqwest::for_public_hosts().unwrap());
    test(&app, &endpoint).await;
    assert_eq!(newest(&server).await.failure, Some(Failure::Forbidden));
    assert_eq!(peer.heard().len(), 0);
}

/// A folder of an embedded run with an endpoint.
async fn furnish(folder: &Path, address: &Url) {
    Running::start("all-in-one", folder, &[]).await.kill();
    let store = SqliteStore::open(&folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    listen(&store, address).await;
    store.close().await;
}

async fn until(folder: &Path, statement: &'static str, count: i64) {
    let patience = Instant::now() + PATIENCE;
    while counted(folder, statement).await != count {
        assert!(Instant::now() < patience, "{statement} is not {count} within {PATIENCE:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_process_that_dies_around_a_call_makes_it_again_under_the_same_id() {
    for point in WEBHOOK_POINTS {
        println!("{point}");
        let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
        let folder = folder.path();
        furnish(folder, &peer.origin()).await;
        (0..8).for_each(|_| peer.will(answer(200)));
        let mut server = Running::start("all-in-one", folder, &[("TURNOUT_CRASH_AT", *point)]).await;
        let url = server.url("/v1/registration/register/?incomplete=true");
        // it may die before the answer has gone
        let _ = server.client().post(url).json(&voter()).send().await;
        let died = server.ended(PATIENCE).await.expect("it was never there");
        assert_eq!(died.signal(), Some(SIGABRT), "{point}: {died}");
        let told = "SELECT count(*) FROM webhook_delivery";
        assert_eq!(
            counted(folder, told).await,
            2,
            "{point}: what is told was committed with the registration"
        );
        // a lease ends after five minutes: as if it had passed
        let free =
            "UPDATE job SET lease_until = '2020-01-01T00:00:00.000000Z' WHERE state = 'running' RETURNING 1";
        counted(folder, free).await;
        let server = Running::start("all-in-one", folder, &[]).await;
        until(folder, "SELECT count(*) FROM webhook_delivery WHERE status = 'delivered'", 2).await;
        server.kill();
        let heard = peer.heard();
        let is_twice = *point == "webhook.after_send";
        assert_eq!(heard.len(), if is_twice { 3 } else { 2 }, "{point}");
        if is_twice {
            assert_eq!(heard[0].headers["webhook-id"], heard[1].headers["webhook-id"]);
            assert_eq!(heard[0].body, heard[1].body);
        }
        let types: Vec<Value> = heard.iter().map(|it| body(it)["type"].clone()).collect();
        assert_eq!(types.last(), Some(&json!("action.event")), "{point}");
        let log = std::fs::read_to_string(folder.join("log")).unwrap();
        for needle in ["Núñez", "example.org", "whsec_", "/hook"] {
            assert!(!log.contains(needle), "{point}: {needle}");
        }
    }
}

#[tokio::test]
async fn endpoints_are_listed_and_a_time_is_sent_again_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let peer = TcpPeer::start().await;
    furnish(folder, &peer.origin()).await;
    let run = |arguments: &[&str]| {
        let database = format!("sqlite://{}", folder.join("var/turnout.db").display());
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_turnout-server"))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("DATABASE_URL", database)
            .output()
            .unwrap();
        (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
    };
    let slug = {
        let store =
            SqliteStore::open(&folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
        let mut view = store.view().await.unwrap();
        let own = view.subscribers().default().await.unwrap().unwrap();
        let slug = view.subscribers().slug(own.default_slug.unwrap()).await.unwrap().unwrap().slug;
        drop(view);
        store.close().await;
        slug
    };
    let (is_well, listed) = run(&["webhooks", "list", &slug]);
    assert!(is_well && listed.contains(&ENDPOINT.to_string()) && listed.contains("on"), "{listed}");
    let (is_well, refused) = run(&["webhooks", "replay", &ENDPOINT.to_string(), "--from", "yesterday"]);
    assert!(!is_well && refused.contains("--from"), "{refused}");
    let from = (SystemClock.now() - TimeDelta::hours(2)).format("%Y-%m-%dT%H:%M").to_string();
    let (is_well, told) = run(&["webhooks", "replay", &ENDPOINT.to_string(), "--from", &from]);
    assert!(is_well && told.contains("is sent again"), "{told}");
    assert_eq!(counted(folder, "SELECT count(*) FROM job WHERE kind = 'webhook.replay'").await, 1);
    let nobody = EndpointId(Uuid::from_u128(7)).to_string();
    assert!(!run(&["webhooks", "replay", &nobody, "--from", &from]).0);
}
