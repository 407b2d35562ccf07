//! Ten thousand flows with values that differ from field to field, good, bad and hostile, with vendors that fail; and then
//! a search for each value, in whatever shape, in everything that leaves a process or is kept for operators.

mod flows;
mod needles;
mod vendors;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    net::UdpSocket,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::{Layer as _, layer::SubscriberExt as _};
use turnout_core::{
    App,
    ids::SubscriberId,
    input::Input,
    jobs::schedule,
    ports::{
        http::{HttpClient, HttpError, HttpRequest, HttpResponse, StatusCode},
        ids::IdSource,
    },
    webhook,
};
use turnout_geo::{
    AddressMatcher,
    geocode::{Geocodio, Remote},
};
use turnout_server::{
    config::{Dsn, Secret, Traces},
    gis::GisFolder,
    http::Web,
    measures,
    observe::{
        alarms,
        lines::{self, Style},
        traces,
    },
    providers::{
        action_network::ActionNetwork, i90::I90, lob::Lob, mapbox::Mapbox, movers::MoverLeads,
        polling_places::Civic, slack::Slack, targetsmart::TargetSmart, twilio::Twilio,
    },
    regions::Regions,
    routes,
    system::SystemClock,
    worker::Worker,
};
use turnout_storage::in_process::LocalWake;
use uuid::Uuid;

use crate::{
    manage::site::{OWN, Role, leave_jobs, site_with},
    support::{Setup, TestServer},
};
use needles::{Scanner, planted};
use vendors::{Mails, Vendors};

/// How many flows.
const FLOWS: u64 = 10_000;
/// How many of them at once.
const AT_ONCE: usize = 16;
/// After how many what was heard is looked through.
const BATCH: u64 = 1_000;

/// Ids that count, none of whose groups of digits is a value that is looked for.
struct Ids(AtomicU64);

impl IdSource for Ids {
    fn uuid(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let first = 0xa000_0000 | u32::try_from(number & 0xffff).unwrap() << 8;
        Uuid::from_fields(first, 0xabcd, 0x4abc, &(0xabcd_ef00_0000_0000 | number).to_be_bytes())
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}

/// What was said so far, by channel.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeMap<&'static str, Vec<u8>>>>);

impl Heard {
    fn note(&self, channel: &'static str, bytes: &[u8]) {
        let mut all = self.0.lock().unwrap();
        let said = all.entry(channel).or_default();
        said.extend_from_slice(bytes);
        said.push(b'\n');
    }

    fn take(&self) -> BTreeMap<&'static str, Vec<u8>> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn writer(&self, channel: &'static str) -> impl Fn() -> Writer + Send + Sync + 'static {
        let heard = self.clone();
        move || Writer(heard.clone(), channel)
    }
}

struct Writer(Heard, &'static str);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.note(self.1, bytes.trim_ascii_end());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes what exporters send, and keeps it.
struct Collector(Heard, &'static str);

#[async_trait]
impl HttpClient for Collector {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let HttpRequest { url, headers, body, .. } = &request;
        self.0.note(self.1, format!("{url} {headers:?}").as_bytes());
        self.0.note(self.1, body);
        Ok(HttpResponse::new(StatusCode::OK))
    }
}

/// Everything that a process tells, into one place.
struct Ears {
    heard: Heard,
    stop: CancellationToken,
    tells: Vec<tokio::task::JoinHandle<()>>,
}

impl Ears {
    #[expect(clippy::disallowed_methods, reason = "they end with the test")]
    fn open() -> Self {
        let heard = Heard::default();
        let tags = vec![("env", "scan".to_owned()), ("image_tag", "1.2.3".to_owned())];
        let endpoint = "http://collector.example.org/v1/traces".parse().unwrap();
        let settings = Traces { endpoint, headers: Vec::new(), share: 1.0 };
        let (spans, ship_spans) =
            traces::to_collector(&settings, &tags, Arc::new(Collector(heard.clone(), "traces")));
        let dsn = Dsn::parse("https://key@sentry.example.org/1").unwrap();
        let (failures, ship_failures) =
            alarms::to_sentry(&dsn, &tags, Arc::new(Collector(heard.clone(), "sentry")));
        let style = |readable| Style { readable, colors: false };
        let subscriber = tracing_subscriber::registry().with(vec![
            lines::layer(style(false), "debug", heard.writer("log")),
            lines::layer(style(true), "debug", heard.writer("readable log")),
            spans.boxed(),
            failures.boxed(),
        ]);
        tracing::subscriber::set_global_default(subscriber).expect("each test is a process of its own");
        let statsd = measures::statsd::Statsd::default();
        measures::begin(&tags, Some(statsd.clone()));
        let agent = UdpSocket::bind("127.0.0.1:0").unwrap();
        agent.set_nonblocking(true).unwrap();
        let address = ("127.0.0.1".to_owned(), agent.local_addr().unwrap().port());
        let agent = tokio::net::UdpSocket::from_std(agent).unwrap();
        let (stop, packets) = (CancellationToken::new(), heard.clone());
        let (until, told) = (stop.clone(), stop.clone());
        let tells = vec![
            tokio::spawn(ship_spans.run(stop.clone())),
            tokio::spawn(ship_failures.run(stop.clone())),
            tokio::spawn(async move {
                let mut packet = [0; 2048];
                loop {
                    tokio::select! {
                        Ok(length) = agent.recv(&mut packet) => packets.note("statsd", &packet[..length]),
                        () = told.cancelled() => break,
                    }
                }
                // what was sent with the stop
                while let Ok(Ok(length)) =
                    tokio::time::timeout(Duration::from_millis(500), agent.recv(&mut packet)).await
                {
                    packets.note("statsd", &packet[..length]);
                }
            }),
            tokio::spawn(async move { statsd.run(&address, &tags, until).await }),
        ];
        Self { heard, stop, tells }
    }

    /// The last of it.
    async fn close(self) -> Heard {
        self.stop.cancel();
        for tells in self.tells {
            tells.await.unwrap();
        }
        self.heard
    }
}

/// A server of every role, whose vendors are those of a deployment.
async fn server() -> TestServer {
    let mut server = site_with(|setup: &mut Setup| {
        setup.settings.jobs.attempts = 3;
        setup.settings.crm.enabled = true;
        setup.settings.crm.daily_at = chrono::NaiveTime::from_hms_opt(5, 45, 0);
        setup.settings.mover.pull_hours = Some(1);
        setup.settings.webhook.any_host = true;
    })
    .await;
    let vendors: Arc<dyn HttpClient> = Arc::new(Vendors::start().await);
    let base: url::Url = "https://vendor.example.org".parse().unwrap();
    let key = || Secret::new("vendorkey".into());
    let lob = Arc::new(Lob::new(Arc::clone(&vendors), base.clone(), key()));
    let twilio = Arc::new(Twilio::new(Arc::clone(&vendors), &base, "AC1".into(), key(), "MG1".into()));
    let timer = Arc::new(SystemClock);
    let finders = Arc::new(Regions::new(GisFolder::new("no/such/folder"), Arc::clone(&server.app.store)));
    let geocodio = Remote::new(
        Geocodio::new("k".into()).with_base_url(base.clone()),
        Arc::clone(&vendors),
        Arc::clone(&server.app.clock),
        Arc::new(SystemClock),
    );
    let matcher = AddressMatcher::new(finders, Arc::clone(&server.app.clock))
        .with_geocoder(Arc::new(geocodio))
        .with_observer(Arc::new(measures::matches::observe));
    server.app = App {
        ids: Arc::new(Ids(AtomicU64::new(1))),
        email: Arc::new(Mails::start().await),
        sms: Arc::<Twilio>::clone(&twilio),
        sms_log: twilio,
        addresses: Arc::<Lob>::clone(&lob),
        letters: lob,
        voter_roll: Arc::new(TargetSmart::new(Arc::clone(&vendors), timer, &base, "k".into())),
        locator: Arc::new(Civic::new(Arc::clone(&vendors), &base, key())),
        map: Arc::new(Mapbox::new(Arc::clone(&vendors), base.clone(), key())),
        links: Arc::new(I90::new(Arc::clone(&vendors), base.clone(), key())),
        chat: Arc::new(Slack::new(Arc::clone(&vendors), base.clone())),
        data_chat: Arc::new(Slack::new(Arc::clone(&vendors), base.clone())),
        crm: Arc::new(ActionNetwork::new(Arc::clone(&vendors), base.clone(), Some(key()), Some(key()))),
        movers: Arc::new(MoverLeads::new(Arc::clone(&vendors), base, key())),
        partners: vendors,
        regions: Arc::new(matcher),
        measures: Arc::new(measures::messages::MessageMeasures),
        ..server.app.clone()
    };
    server.web = Web::with_routes(server.app.clone(), server.web.settings().clone(), routes::all());
    let told = json!({
        "address": "https://partner.example.org/hook", "action.event": true, "registration.completed": true,
        "ballot_request.started": true,
    });
    let input = Input::json(told.as_object().unwrap().clone());
    let subscriber = SubscriberId(Uuid::from_u128(OWN));
    assert!(webhook::create(&server.app, Role::Member.id(), subscriber, &input).await.is_ok());
    server
}

/// Rows of jobs: what is kept of those that are done, dead or still wait.
async fn jobs(server: &TestServer) -> Vec<String> {
    server
        .rows(
            "SELECT kind || ' ' || payload || ' ' || coalesce(unique_key, '') || ' ' || state || ' ' || \
             coalesce(last_error, '') FROM job",
        )
        .await
}

/// Every place in which something was found, a line for each kind of find.
fn look(scanner: &Scanner, heard: &BTreeMap<&'static str, Vec<u8>>, found: &mut BTreeMap<String, String>) {
    for (channel, bytes) in heard {
        for (pattern, at) in scanner.find(bytes) {
            let from = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |it| it + 1);
            let to = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |it| at + it);
            let excerpt = &bytes[from.max(at.saturating_sub(600))..to.min(at + 300)];
            let excerpt = String::from_utf8_lossy(excerpt).into_owned();
            found.entry(format!("{channel}: {pattern}")).or_insert(excerpt);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[expect(clippy::disallowed_methods, reason = "the worker ends with the test")]
async fn ten_thousand_flows_tell_nobody_who_somebody_is() {
    let scanner = Arc::new(Scanner::new());
    let ears = Ears::open();
    let server = server().await;

    // the search finds what is there
    let mut expected = BTreeSet::new();
    for (pattern, text) in planted() {
        expected.insert(pattern.to_string());
        tracing::debug!(target: "turnout_core::planted", "planted {text} here");
    }
    let mut found = BTreeMap::new();
    look(&scanner, &ears.heard.take(), &mut found);
    // what stands in the one as it is has another shape in the other
    let is_found =
        |it: &String| ["log", "readable log"].iter().any(|log| found.contains_key(&format!("{log}: {it}")));
    let missed: Vec<&String> = expected.iter().filter(|it| !is_found(it)).collect();
    assert!(missed.is_empty(), "planted and not found: {missed:?}");

    let begun = Instant::now();
    let stop = CancellationToken::new();
    let worker = Worker::new(server.app.clone(), Arc::new(LocalWake::new()), 8)
        .with_longest_rest(Duration::from_millis(20));
    let working = tokio::spawn(worker.run(stop.clone()));
    let partner = server.partner(7).await;
    let mut found = BTreeMap::new();
    let mut sizes: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut statuses: BTreeMap<u16, u64> = BTreeMap::new();
    let (mut since, mut kinds) = (server.app.now(), BTreeSet::new());
    for batch in 0..FLOWS / BATCH {
        let site = flows::Site::of(&server, &partner).await;
        let done: Vec<Vec<u16>> = futures_util::stream::iter(batch * BATCH..(batch + 1) * BATCH)
            .map(|number| {
                server.clock.advance(TimeDelta::seconds(90));
                flows::flow(&site, number)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for status in done.into_iter().flatten() {
            *statuses.entry(status).or_default() += 1;
        }
        let now = server.app.now();
        schedule::run(&server.app, since).await.unwrap();
        since = now;
        for row in jobs(&server).await {
            kinds.insert(row.split(' ').next().unwrap().to_owned());
            ears.heard.note("jobs", row.as_bytes());
        }
        ears.heard.note("metrics", measures::text().as_bytes());
        let heard = ears.heard.take();
        for (channel, bytes) in &heard {
            *sizes.entry(channel).or_default() += bytes.len();
        }
        let looking = Arc::clone(&scanner);
        let more = spawn_blocking(move || {
            let mut found = BTreeMap::new();
            look(&looking, &heard, &mut found);
            found
        });
        found.extend(more.await.unwrap());
    }
    // what is due in the next days, reminders among it
    for _ in 0..6 {
        server.clock.advance(TimeDelta::hours(12));
        schedule::run(&server.app, since).await.unwrap();
        since = server.app.now();
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    stop.cancel();
    working.await.unwrap();
    for row in jobs(&server).await {
        ears.heard.note("jobs", row.as_bytes());
    }
    let last = ears.close().await.take();
    for (channel, bytes) in &last {
        *sizes.entry(channel).or_default() += bytes.len();
    }
    look(&scanner, &last, &mut found);
    println!(
        "{} flows in {:?}; bytes: {sizes:?}; statuses: {statuses:?}; jobs: {kinds:?}",
        FLOWS,
        begun.elapsed()
    );
    drop(server.faxes.take());
    leave_jobs(&server).await;
    for kind in ["action.finish", "register.notify"] {
        assert!(kinds.contains(kind), "no job was {kind}: {kinds:?}");
    }
    for channel in ["jobs", "log", "metrics", "readable log", "sentry", "statsd", "traces"] {
        assert!(
            sizes.get(channel).is_some_and(|size| *size > 1_000),
            "nothing was heard of {channel}: {sizes:?}"
        );
    }
    // most of them come to something
    assert!(statuses[&200] > 3_000, "{statuses:?}");
    for status in [200, 303, 400, 401, 403, 404, 405] {
        assert!(statuses.contains_key(&status), "no flow came to {status}: {statuses:?}");
    }
    let text: Vec<String> = found.iter().map(|(what, line)| format!("{what}\n    {line}")).collect();
    assert!(text.is_empty(), "{} kinds of finds:\n{}", text.len(), text.join("\n"));
}
