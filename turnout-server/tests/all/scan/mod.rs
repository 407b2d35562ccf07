//! Ten thousand flows with values that differ from field to field, good, bad and hostile, with vendors that fail; and then
//! a search for each value, in whatever shape, in everything that leaves a process or is kept for operators.

mod amazon;
mod commands;
mod flows;
mod needles;
mod vendors;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::{Layer as _, layer::SubscriberExt as _};
use turnout_core::{
    App,
    absentee::{ContactOverride, SubmissionType},
    account,
    address::State,
    conformance::rows,
    election,
    ids::{RegionId, SubscriberId},
    input::Input,
    jobs::schedule,
    official::{Office, OfficeAddress, Region},
    person::Phone,
    ports::{
        clock::Clock,
        email::EmailSender,
        fax::FaxSender,
        geocoder::Geocoder,
        http::{HttpClient, HttpError, HttpRequest, HttpResponse, StatusCode},
        ids::IdSource,
        letters::LetterSender,
        sms::SmsSender,
        store::Store as _,
        throttle::Quota,
        timer::Timer,
    },
    retention,
    settings::PollSettings,
    switch::{self, SwitchName, SwitchValue},
    webhook,
};
use turnout_geo::{
    AddressMatcher, EmbeddedZones,
    geocode::{self, Census, Geocodio, Remote},
};
use turnout_pdf::FormLibrary;
use turnout_server::{
    config::{Dsn, Secret, Traces},
    gis::GisFolder,
    http::{Web, serve},
    measures,
    observe::{
        alarms,
        lines::{self, Style},
        traces,
    },
    off_thread::OffThread,
    providers::{
        action_network::ActionNetwork,
        cloudflare::Cloudflare,
        fax_outbox::FaxOutbox,
        florida_list::FloridaList,
        i90::I90,
        letter_outbox::LetterOutbox,
        lob::Lob,
        mapbox::Mapbox,
        movers::MoverLeads,
        netlify::Netlify,
        optimizely::Optimizely,
        outbox::{Outbox, TextOutbox},
        pennsylvania::Pennsylvania,
        polling_places::{Civic, OwnLocator},
        slack::Slack,
        sqs::SqsFaxes,
        targetsmart::TargetSmart,
        twilio::Twilio,
        uptime::Uptime,
        us_vote_foundation::UsVoteFoundation,
    },
    regions::Regions,
    rollouts::{self, Polled},
    routes,
    worker::Worker,
};
use turnout_storage::{
    files::{LocalFiles, LocalPublicFiles},
    in_process::{LocalCache, LocalThrottle, LocalWake},
    redis::{Redis, RedisCache, RedisThrottle},
};
use url::Url;
use uuid::Uuid;

use crate::{
    manage::site::{OWN, Role, leave_jobs, site_with},
    support::{OwnRedis, Setup, SqsPeer, TestServer},
};
use amazon::Buckets;
use needles::{
    BUILD_HOOK, NEEDLES, OFFICE_EMAIL, OFFICE_FAX, OFFICIAL, ORGANIZATION, STAFF_EMAIL, Scanner, VENDOR_KEY,
    planted,
};
use vendors::{COUNTIES, FLORIDA, Mails, PENNSYLVANIA, Turns, Vendors, at, county};

/// How many flows.
const FLOWS: u64 = 10_000;
/// How many of them at once.
const AT_ONCE: usize = 16;
/// After how many what was heard is looked through.
const BATCH: u64 = 1_000;
/// After how many what is due by the clock is enqueued.
const STEP: u64 = 100;
/// For how long the worker may take over what is due then.
const CATCHING_UP: Duration = Duration::from_secs(2);
/// Vendors that are asked in every run, however fast the machine is; the others are asked by jobs that may be behind.
const ASKED: [&str; 16] = [
    "action-network",
    "census",
    "civic",
    "cloudflare",
    "florida",
    "geocodio",
    "i90",
    "lob",
    "movers",
    "netlify",
    "optimizely",
    "partner",
    "pennsylvania",
    "slack",
    "targetsmart",
    "twilio",
];
/// In which batches Redis is away.
const WITHOUT_REDIS: std::ops::Range<u64> = 4..6;
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

/// What is around the server of the scan.
pub(super) struct Surroundings {
    vendors: Arc<Vendors>,
    buckets: Buckets,
    gateway: SqsPeer,
    redis: OwnRedis,
    /// Where it takes connections.
    address: SocketAddr,
    /// The endpoint of a partner's program.
    endpoint: String,
    /// The site that is built anew when facts change.
    build: String,
    ended: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Drop for Surroundings {
    fn drop(&mut self) {
        self.ended.cancel();
    }
}

/// Everything is on, and everything that happens by the clock happens.
fn wants_everything(setup: &mut Setup) {
    let at = |hour| NaiveTime::from_hms_opt(hour, 45, 0);
    let settings = &mut setup.settings;
    settings.jobs.attempts = 3;
    settings.rate_limits.enabled = true;
    settings.rate_limits.sends_per_email = Quota::per_hour(100_000);
    settings.rate_limits.sends_per_phone = Quota::per_hour(100_000);
    settings.rate_limits.maps_per_phone = Quota::per_hour(100_000);
    settings.rate_limits.leads_per_address = Quota::per_hour(1);
    settings.crm.enabled = true;
    settings.crm.daily_at = at(5);
    settings.mover.pull_hours = Some(1);
    settings.webhook.any_host = true;
    settings.letter.enabled = true;
    settings.absentee.email_offices = true;
    settings.absentee.links_sync_at = at(6);
    settings.fax.enabled = true;
    settings.sms.welcomes = true;
    settings.sms.poll = Some(PollSettings {
        number: Phone::parse("+16145550000").unwrap(),
        every: TimeDelta::minutes(10),
        look_back: TimeDelta::hours(1),
    });
    settings.official.sync_at = at(7);
    settings.official.geocode = true;
    settings.official.notifies_of_gaps = true;
    settings.register.counties_at = Some("25 */6 * * *".to_owned());
    settings.election.redirects_at = Some("10 */6 * * *".to_owned());
    settings.election.monitors_tools = true;
    settings.election.cdn_environment = Some("scan".to_owned());
    settings.subscription.notifies_of_leads = true;
    settings.account.code_number = Phone::parse("+16145550001");
    settings.file.purge_days = Some(3);
    settings.retention.days = retention::Kind::ALL.into_iter().map(|kind| (kind, 5)).collect();
}

/// A server of every role, whose vendors are those of a deployment.
#[expect(clippy::disallowed_methods, reason = "it ends with the test")]
async fn server() -> (TestServer, Surroundings) {
    // an error says that another test chose one before
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut server = site_with(wants_everything).await;
    let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::clone(&server.app.clock));
    let vendors = Arc::new(Vendors::start(Arc::clone(&clock)).await);
    let http: Arc<dyn HttpClient> = Arc::<Vendors>::clone(&vendors);
    let http = || Arc::clone(&http);
    let (buckets, gateway, mut redis) = (Buckets::start().await, SqsPeer::start().await, OwnRedis::new());
    gateway.goes_wrong_one_in(4);
    redis.start().await;
    let connection = Redis::new(&redis.address(), "scan", None).unwrap();
    let cache = RedisCache::new(connection.clone(), LocalCache::new(1 << 24, Arc::clone(&clock)));
    let throttle = RedisThrottle::new(connection, LocalThrottle::new(Arc::clone(&clock)));
    let origin: Url = "http://localhost:8000".parse().unwrap();
    let files = LocalFiles::open(folder.path().join("files"), origin.clone(), b"secret", Arc::clone(&clock));
    let files = Arc::new(files.unwrap());
    let public = Arc::new(LocalPublicFiles::open(folder.path().join("public"), origin).unwrap());
    let key = || Secret::new(VENDOR_KEY.into());
    let lob = Arc::new(Lob::new(http(), at("lob"), key()));
    let twilio = Arc::new(Twilio::new(http(), &at("twilio"), "AC1".into(), key(), "MG1".into()));
    let timer = || Arc::new(Hurried(Arc::clone(&clock)));
    let asked = Asked { clock: Arc::clone(&clock), http: http() };
    let geocoders = vec![
        asked.through(Geocodio::new(VENDOR_KEY.into()).with_base_url(at("geocodio"))),
        asked.through(Census::new().with_base_url(at("census"))),
        asked.through(geocode::TargetSmart::new(VENDOR_KEY.into()).with_base_url(at("targetsmart-geocoder"))),
    ];
    let finders = Arc::new(Regions::new(GisFolder::new("no/such/folder"), Arc::clone(&server.app.store)));
    let matcher = AddressMatcher::new(finders, Arc::clone(&clock));
    let matcher = geocoders.iter().map(Arc::clone).fold(matcher, AddressMatcher::with_geocoder);
    let matcher = matcher.with_observer(Arc::new(measures::matches::observe));
    let mails: Arc<dyn EmailSender> = Arc::new(Mails::start().await);
    let faxes: Arc<dyn FaxSender> = Arc::new(SqsFaxes::open(&gateway.place()).await);
    let texts: Arc<dyn SmsSender> = Arc::<Twilio>::clone(&twilio);
    let letters: Arc<dyn LetterSender> = Arc::<Lob>::clone(&lob);
    let times = Arc::clone(&clock);
    let roll = TargetSmart::new(http(), timer(), &at("targetsmart"), VENDOR_KEY.into());
    let offices = UsVoteFoundation::new(http(), timer(), at("us-vote-foundation"), key());
    let pennsylvania = Pennsylvania::new(http(), &at("pennsylvania"), Some(key()), TimeDelta::seconds(5));
    server.app = App {
        ids: Arc::new(Ids(AtomicU64::new(1))),
        cache: Arc::new(cache),
        throttle: Arc::new(throttle.with_clock(Arc::clone(&clock))),
        files: Arc::new(buckets.files(Arc::<LocalFiles>::clone(&files), Arc::clone(&clock)).await),
        public_files: Arc::new(buckets.public_files(Arc::<LocalPublicFiles>::clone(&public)).await),
        forms: Arc::new(OffThread::new(FormLibrary::open(None).unwrap(), 2)),
        email: Arc::new(Turns::new(mails, |folder| Arc::new(Outbox::open(folder).unwrap()))),
        fax: Arc::new(Turns::new(faxes, |folder| Arc::new(FaxOutbox::open(folder).unwrap()))),
        sms: Arc::new(Turns::new(texts, |folder| Arc::new(TextOutbox::new(folder)))),
        sms_log: twilio,
        addresses: lob,
        letters: Arc::new(Turns::new(letters, move |folder| {
            Arc::new(LetterOutbox::open(folder, Arc::clone(&times)).unwrap())
        })),
        voter_roll: Arc::new(roll),
        locator: Arc::new(Civic::new(http(), &at("civic"), key())),
        own_locator: Arc::new(OwnLocator::new(http(), &at("locator"))),
        map: Arc::new(Mapbox::new(http(), at("mapbox"), key())),
        links: Arc::new(I90::new(http(), at("i90"), key())),
        chat: Arc::new(Slack::new(http(), at("slack"))),
        data_chat: Arc::new(Slack::new(http(), at("slack"))),
        crm: Arc::new(ActionNetwork::new(http(), at("action-network"), Some(key()), Some(key()))),
        movers: Arc::new(MoverLeads::new(http(), at("movers"), key())),
        officials: Arc::new(offices),
        registrars: vec![Arc::new(pennsylvania)],
        ballot_links: Arc::new(FloridaList::new(http(), &at("florida"))),
        cdn: Arc::new(Cloudflare::new(http(), &at("cloudflare"), "zone7", key())),
        monitor: Arc::new(Uptime::new(http(), at("uptime"), "turnout", key())),
        builds: Arc::new(Netlify::new(http())),
        partners: http(),
        time_zones: Arc::new(EmbeddedZones),
        geocoders,
        regions: Arc::new(matcher),
        measures: Arc::new(measures::messages::MessageMeasures),
        ..server.app.clone()
    };
    let mut table = routes::all();
    table.push(routes::local_files(files));
    table.push(routes::local_public_files(public));
    server.web = Web::with_routes(server.app.clone(), server.web.settings().clone(), table);
    furnish(&server).await;
    let (endpoint, build) = listeners(&server).await;
    // that it says what is on makes no difference here: it is asked, and fails
    let optimizely = Optimizely::new(http(), &at("optimizely"), VENDOR_KEY, Arc::clone(&server.app.rollouts));
    let optimizely = Arc::new(optimizely.with_copy(folder.path().join("optimizely.json")));
    let ended = CancellationToken::new();
    let polled = Polled { optimizely, every: Duration::from_millis(200) };
    tokio::spawn(rollouts::run(Some(polled), ended.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(server.web.clone(), listener, ended.clone().cancelled_owned()));
    let around =
        Surroundings { vendors, buckets, gateway, redis, address, endpoint, build, ended, _folder: folder };
    (server, around)
}

/// Waits for nobody.
struct Hurried(Arc<dyn Clock>);

impl Clock for Hurried {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

#[async_trait]
impl Timer for Hurried {
    async fn wait(&self, _: TimeDelta) {}
}

/// What geocoders are asked through.
struct Asked {
    clock: Arc<dyn Clock>,
    http: Arc<dyn HttpClient>,
}

impl Asked {
    fn through(&self, vendor: impl geocode::Vendor + 'static) -> Arc<dyn Geocoder> {
        Arc::new(Remote::new(
            vendor,
            Arc::clone(&self.http),
            Arc::clone(&self.clock),
            Arc::new(Hurried(Arc::clone(&self.clock))),
        ))
    }
}

/// Switches, regions with their offices, and who works here.
async fn furnish(server: &TestServer) {
    for name in SwitchName::all().filter(|name| !name.is_state()) {
        if let Some(SwitchValue::Flag(_)) = name.preset() {
            switch::set(&server.app, name, Some(&SwitchValue::Flag(true))).await.unwrap();
        }
    }
    for (name, value) in [
        ("vbm_esign.OH", SwitchValue::Flag(true)),
        ("voter_action_check.max_check", SwitchValue::Number(5)),
        ("voter_action_check.max_recheck", SwitchValue::Number(5)),
        ("voter_action_check.recheck_internal_days", SwitchValue::Number(1)),
    ] {
        switch::set(&server.app, SwitchName::parse(name).unwrap(), Some(&value)).await.unwrap();
    }
    let now = server.app.now();
    let mut unit = server.store.begin().await.unwrap();
    for (first, state) in [(PENNSYLVANIA, State::Pa), (FLORIDA, State::Fl)] {
        for number in 0..COUNTIES {
            let name = county(state, number);
            let region = Region { state: Some(state), ..rows::region(first + number, Some(&name)) };
            unit.officials_mut().put_region(&region).await.unwrap();
        }
    }
    for (office, region, method) in [(7, 1001, SubmissionType::LeoEmail), (8, 1002, SubmissionType::LeoFax)] {
        let region = RegionId(region);
        unit.officials_mut()
            .put_office(&Office { region: Some(region), ..rows::office(office) })
            .await
            .unwrap();
        let address = OfficeAddress {
            address: Some(OFFICIAL.to_owned()),
            email: Some(OFFICE_EMAIL.to_owned()),
            fax: Phone::parse(OFFICE_FAX),
            process_absentee_requests: true,
            ..rows::address(10 * office, office, true)
        };
        unit.officials_mut().put_address(&address).await.unwrap();
        let known = ContactOverride {
            region,
            method: Some(method),
            email: None,
            phone: None,
            fax: None,
            notes: Some(OFFICIAL.to_owned()),
            created_at: now,
            modified_at: now,
        };
        unit.ballot_requests_mut().put_contact_override(&known).await.unwrap();
    }
    let mut ohio = unit.elections().state(State::Oh).await.unwrap().unwrap();
    ohio.allow_absentee_print_and_forward = Some(true);
    unit.elections_mut().put_state(&ohio).await.unwrap();
    for (number, slug) in [(51, "vbm_app_submission_email"), (52, "vbm_app_submission_fax")] {
        unit.elections_mut().insert_field_type(&rows::field_type(number, slug, None)).await.unwrap();
        let fact = rows::fact(1000 * number, State::Oh, number, "True");
        unit.elections_mut().insert_information(&fact).await.unwrap();
    }
    unit.commit().await.unwrap();
    account::create_user(&server.app, STAFF_EMAIL, false).await.unwrap();
}

/// Who hears what happens: the endpoint of a partner, and a site that is built anew.
async fn listeners(server: &TestServer) -> (String, String) {
    let told = json!({
        "address": at("partner").join("hook").unwrap().as_str(), "action.event": true, "registration.completed": true,
        "ballot_request.started": true,
    });
    let input = Input::json(told.as_object().unwrap().clone());
    let subscriber = SubscriberId(Uuid::from_u128(OWN));
    let made = webhook::create(&server.app, Role::Member.id(), subscriber, &input).await;
    let Ok(made) = made else { panic!("an endpoint") };
    let hook = at("netlify").join(&format!("build_hooks/{BUILD_HOOK}")).unwrap();
    let build = election::webhooks::add(&server.app, Role::Superuser.id(), ORGANIZATION, hook.as_str()).await;
    (made.endpoint.id.to_string(), build.unwrap().to_string())
}

/// Rows of jobs: what is kept of those that are done, dead or still wait.
async fn jobs(server: &TestServer) -> Vec<String> {
    server
        .rows(
            "SELECT kind || ' ' || CAST(payload AS text) || ' ' || coalesce(unique_key, '') || ' ' || state || \
             ' ' || coalesce(last_error, '') FROM job",
        )
        .await
}

/// Waits until the worker has done nearly all that is due, or does not get further. Time goes on meanwhile, as lanes have
/// their rates.
async fn catch_up(server: &TestServer) {
    let begun = Instant::now();
    while begun.elapsed() < CATCHING_UP {
        let counts = server.store.view().await.unwrap().jobs().counts(server.app.now()).await.unwrap();
        if counts.due + counts.running < 10 {
            return;
        }
        server.clock.advance(TimeDelta::milliseconds(200));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
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
    let (server, mut around) = server().await;

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
    let worker = Worker::new(server.app.clone(), Arc::new(LocalWake::new()), 16)
        .with_longest_rest(Duration::from_millis(20));
    let working = tokio::spawn(worker.run(stop.clone()));
    let partner = server.partner(7).await;
    let mut found = BTreeMap::new();
    let mut sizes: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut statuses: BTreeMap<u16, u64> = BTreeMap::new();
    let (mut since, mut kinds) = (server.app.now(), BTreeSet::new());
    for batch in 0..FLOWS / BATCH {
        match batch {
            batch if batch == WITHOUT_REDIS.start => around.redis.stop(),
            batch if batch == WITHOUT_REDIS.end => around.redis.start().await,
            _ => {}
        }
        // every other time our own locator knows the polling places
        let own_locator = SwitchName::parse("locate_use_dnc_data.OH").unwrap();
        let is_own = SwitchValue::Flag(batch % 2 == 1);
        switch::set(&server.app, own_locator, Some(&is_own)).await.unwrap();
        let site = flows::Site::of(&server, &around, &partner).await;
        for step in batch * BATCH / STEP..(batch + 1) * BATCH / STEP {
            let done: Vec<Vec<u16>> = futures_util::stream::iter(step * STEP..(step + 1) * STEP)
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
            catch_up(&server).await;
        }
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
    // what is due in the next days, reminders among it; a machine that is behind gets more of them
    let unasked = || {
        let tally = around.vendors.tally();
        ASKED.into_iter().filter(|name| !tally.keys().any(|(asked, _)| asked == name)).collect::<Vec<_>>()
    };
    for round in 0..40 {
        if round >= 6 && unasked().is_empty() {
            break;
        }
        server.clock.advance(TimeDelta::hours(12));
        schedule::run(&server.app, since).await.unwrap();
        since = server.app.now();
        catch_up(&server).await;
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
    let tally = around.vendors.tally();
    println!(
        "{FLOWS} flows in {:?}, {} answers of 200; {} needles in {} patterns\nbytes: {sizes:?}\nstatuses: {statuses:?}\n\
         {} kinds of jobs: {kinds:?}\nvendors: {tally:?}\ns3: {:?}\nfax queue: {:?}",
        begun.elapsed(),
        statuses[&200],
        NEEDLES.len(),
        scanner.patterns.len(),
        kinds.len(),
        around.buckets.tally(),
        (around.gateway.messages().0.len(), around.gateway.messages().1),
    );
    leave_jobs(&server).await;
    let text: Vec<String> = found.iter().map(|(what, line)| format!("{what}\n    {line}")).collect();
    assert!(text.is_empty(), "{} kinds of finds:\n{}", text.len(), text.join("\n"));

    let unseen = server.app.jobs.kind_names().filter(|kind| !kinds.contains(*kind));
    let unseen: Vec<String> = unseen.map(|kind| format!("no flow leads to {kind}")).collect();
    let rare = [vendors::missed(&tally), amazon::missed(&around.buckets.tally()), unseen].concat();
    println!("not met this time: {}", rare.join("; "));
    let mut missed: Vec<String> = unasked().iter().map(|name| format!("nobody asked {name}")).collect();
    for kind in [
        "action.finish",
        "register.notify",
        "register.confirm_online",
        "absentee.fax_office",
        "official.sync",
    ] {
        if !kinds.contains(kind) {
            missed.push(format!("no flow leads to {kind}"));
        }
    }
    for channel in ["jobs", "log", "metrics", "readable log", "sentry", "statsd", "traces"] {
        if sizes.get(channel).is_none_or(|size| *size < 1_000) {
            missed.push(format!("nothing was heard of {channel}"));
        }
    }
    for status in [200, 303, 400, 401, 403, 404, 405] {
        if !statuses.contains_key(&status) {
            missed.push(format!("no flow came to {status}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    // most of them come to something
    assert!(statuses[&200] > 4_000, "{statuses:?}");
    assert!(around.gateway.messages().0.len() > 10, "few faxes got through");
}
