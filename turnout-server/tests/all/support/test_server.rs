//! A server without sockets: the real store, files and throttle, a clock that stands still, and forms, regions and
//! mail carriers that answer what the test says.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use turnout_core::{
    App,
    absentee::{BallotRequest, StateForm},
    action::EventType,
    address::{Address, State},
    election::{FieldFormat, FieldType, StateInformation, StateProfile},
    error::{ProviderError, ProviderErrorKind},
    ids::{
        ActionId, BallotRequestId, FieldTypeId, InformationId, JobId, RegionId, RegistrationId, SlugId,
        SubscriberId,
    },
    jobs::{JobRecord, JobState, step},
    memory::{FaxTray, MailHouse, Outbox, QuickPasswords, TextOutbox},
    official::Region,
    page::PageRequest,
    ports::{
        addresses::{AddressVerifier, Deliverability},
        clock::Clock,
        email::Email,
        forms::{FillReport, FilledForm, FormFields, Forms, FormsError, PacketName, PacketPage, Part, Stamp},
        ids::IdSource,
        regions::{RegionMatch, RegionMatcher},
        state_registrar::StateRegistrar,
        store::Store,
        voter_roll::{RollAnswer, RollQuestion, RollVoter, VoterRoll},
    },
    register::Registration,
    settings::Settings,
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
    switch::{self, StoredRollouts, SwitchName, SwitchValue},
};
use turnout_server::{
    config::Secret,
    http::{HttpSettings, Peer, Route, TagSettings, Web},
    providers::sendgrid::EventKey,
    routes,
};
use turnout_storage::{
    files::{LocalFiles, LocalPublicFiles},
    in_process::LocalThrottle,
};
use uuid::Uuid;

use super::{
    described,
    test_store::{Address as StoreAddress, TestStore},
};

/// What Twilio signs its calls with.
pub(crate) const TWILIO_TOKEN: &str = "what Twilio knows";

/// Who signs SendGrid's calls.
static SENDGRID: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &random).unwrap()
});

fn sendgrid_key() -> EventKey {
    let head = hex::decode("3059301306072a8648ce3d020106082a8648ce3d030107034200").unwrap();
    let der = [&head[..], SENDGRID.public_key().as_ref()].concat();
    EventKey::parse(&STANDARD.encode(der)).unwrap()
}

/// What SendGrid signs a call with.
pub(crate) fn sendgrid_signature(timestamp: &str, body: &str) -> String {
    let signed = SENDGRID.sign(&SystemRandom::new(), format!("{timestamp}{body}").as_bytes());
    STANDARD.encode(signed.unwrap())
}

/// A clock that a test moves.
#[derive(Clone)]
pub(crate) struct FrozenClock(Arc<Mutex<DateTime<Utc>>>);

/// Where the clock of a [`TestServer`] stands at first.
fn beginning() -> DateTime<Utc> {
    "2026-11-03T12:00:00Z".parse().unwrap()
}

impl FrozenClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(beginning())))
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Ids that count.
struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn uuid(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        uuid::Builder::from_random_bytes((u128::from(number) << 64).to_be_bytes()).into_uuid()
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}

/// What the outside world answers.
pub(crate) struct Outside {
    pub(crate) forms_are_broken: AtomicBool,
    /// The names of the fields of the last filled form that hold a text, with the texts.
    pub(crate) filled: Mutex<Vec<(String, String)>>,
    pub(crate) deliverable: Mutex<Option<bool>>,
    pub(crate) region: Mutex<Option<RegionId>>,
    /// The regions that an address may belong to, while it belongs to none alone.
    pub(crate) regions: Mutex<Vec<RegionId>>,
    /// The packet that was filled last, and how many signatures went onto it.
    pub(crate) packet: Mutex<Option<(PacketName, usize)>>,
    /// The packets that were filled so far.
    pub(crate) packets: Mutex<Vec<PacketName>>,
    /// The texts of each.
    pub(crate) filled_all: Mutex<Vec<Vec<(String, String)>>>,
    pub(crate) state_forms: Mutex<BTreeMap<State, Arc<StateForm>>>,
    /// Whom the voter roll knows, whoever is looked for, or why it does not answer.
    pub(crate) roll: Mutex<Result<Vec<RollVoter>, ProviderErrorKind>>,
    /// Whether it is asked about finished actions.
    pub(crate) matches: AtomicBool,
    /// Whom it was asked about.
    pub(crate) asked: Mutex<Vec<RollQuestion>>,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            forms_are_broken: AtomicBool::default(),
            filled: Mutex::default(),
            deliverable: Mutex::default(),
            region: Mutex::default(),
            regions: Mutex::default(),
            packet: Mutex::default(),
            packets: Mutex::default(),
            filled_all: Mutex::default(),
            state_forms: Mutex::default(),
            roll: Mutex::new(Err(ProviderErrorKind::Disabled)),
            matches: AtomicBool::default(),
            asked: Mutex::default(),
        }
    }
}

struct Shared(Arc<Outside>);

#[async_trait]
impl Forms for Shared {
    async fn fill(
        &self,
        packet: PacketName,
        fields: FormFields,
        stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError> {
        if self.0.forms_are_broken.load(Ordering::Relaxed) {
            return Err(FormsError::Missing);
        }
        let texts =
            fields.iter().filter_map(|(name, _)| Some((name.to_owned(), fields.text(name)?.to_owned())));
        let texts: Vec<(String, String)> = texts.collect();
        // as everywhere, the same values give the same paper
        let pdf = match packet {
            PacketName::BallotRequest { .. } => format!("%PDF-1.7 {texts:?}").into(),
            _ => Bytes::from_static(b"%PDF-1.7 filled"),
        };
        self.0.packets.lock().unwrap().push(packet);
        self.0.filled_all.lock().unwrap().push(texts.clone());
        *self.0.filled.lock().unwrap() = texts;
        *self.0.packet.lock().unwrap() = Some((packet, stamps.len()));
        Ok(FilledForm { pdf, report: FillReport::default(), pages: 1 })
    }

    async fn pages(&self, _: PacketName) -> Result<Vec<PacketPage>, FormsError> {
        let visible = [0.0, 0.0, 612.0, 792.0];
        Ok(vec![PacketPage { part: Part::Form, number: 1, visible, turn: 0 }])
    }

    async fn state_form(&self, state: State) -> Result<Option<Arc<StateForm>>, FormsError> {
        Ok(self.0.state_forms.lock().unwrap().get(&state).cloned())
    }
}

#[async_trait]
impl AddressVerifier for Shared {
    async fn verify(&self, _: &Address) -> Result<Deliverability, ProviderError> {
        let answer = *self.0.deliverable.lock().unwrap();
        match answer {
            Some(true) => Ok(Deliverability::Deliverable),
            Some(false) => Ok(Deliverability::Undeliverable),
            None => Err(ProviderError::new("carrier", ProviderErrorKind::Unreachable)),
        }
    }
}

#[async_trait]
impl RegionMatcher for Shared {
    async fn find(&self, _: &Address) -> Result<RegionMatch, ProviderError> {
        let several = self.0.regions.lock().unwrap().clone();
        Ok(match *self.0.region.lock().unwrap() {
            Some(region) => RegionMatch::One(region),
            None if several.is_empty() => RegionMatch::None,
            None => RegionMatch::Several(several),
        })
    }
}

#[async_trait]
impl VoterRoll for Shared {
    async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        self.0.asked.lock().unwrap().push(question.clone());
        match &*self.0.roll.lock().unwrap() {
            Ok(voters) => {
                let response = Some(json!({"voters": voters.len()}));
                Ok(RollAnswer { voters: voters.clone(), response })
            }
            Err(kind) => Err(ProviderError::new("roll", *kind)),
        }
    }

    fn covers(&self, _: State) -> bool {
        self.0.matches.load(Ordering::Relaxed)
    }
}

/// The server and everything a test looks at. When a test ends, no job is due or dead, and no mail is unread:
/// [`work`](Self::work) does the one and reads the other.
pub(crate) struct TestServer {
    pub(crate) web: Web,
    pub(crate) app: App,
    pub(crate) store: Arc<TestStore>,
    pub(crate) clock: FrozenClock,
    pub(crate) outside: Arc<Outside>,
    /// Who prints and mails forms.
    pub(crate) mail_house: MailHouse,
    /// Mails; [`work`](Self::work) reads them.
    pub(crate) outbox: Outbox,
    /// Faxes that were handed over. When a test ends, all of them were taken out.
    pub(crate) faxes: FaxTray,
    /// Texts that were handed over. When a test ends, all of them were taken out.
    pub(crate) texts: TextOutbox,
    /// Jobs that may be left when a test ends: pages show them.
    pub(crate) left: Mutex<Vec<JobId>>,
    _folder: tempfile::TempDir,
}

/// How a [`TestServer`] differs from the usual one.
pub(crate) struct Setup {
    pub(crate) settings: Settings,
    pub(crate) http: HttpSettings,
    pub(crate) more: Vec<Route>,
    pub(crate) registrars: Vec<Arc<dyn StateRegistrar>>,
}

impl TestServer {
    /// The usual one: no rate limits, subscribers `default` and `free`, Ohio prints and forwards.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup {
            settings: Settings::default(),
            http: HttpSettings {
                twilio_token: Some(Secret::new(TWILIO_TOKEN.into())),
                sendgrid_key: Some(sendgrid_key()),
                tags: TagSettings { env: "pytest".into(), tag: "1.2.3".into(), ..TagSettings::default() },
                ..HttpSettings::default()
            },
            more: Vec::new(),
            registrars: Vec::new(),
        };
        setup.settings.rate_limits.enabled = false;
        setup.settings.register.colorado_id = Some("7".into());
        change(&mut setup);
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(TestStore::open(folder.path(), furnish).await);
        let clock = FrozenClock::new();
        let shared_clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let origin: url::Url = "http://localhost:8000".parse().unwrap();
        let public = Arc::new(LocalPublicFiles::open(folder.path().join("public"), origin.clone()).unwrap());
        let files =
            LocalFiles::open(folder.path().join("files"), origin, b"secret", Arc::clone(&shared_clock));
        let files = Arc::new(files.unwrap());
        let outside = Arc::new(Outside::default());
        let (outbox, texts, faxes) = (Outbox::new(), TextOutbox::new(), FaxTray::new());
        let mail_house = MailHouse::new(clock.clone());
        let mut builder =
            App::builder(Arc::clone(&store), clock.clone(), CountedIds(AtomicU64::new(1)), b"secret")
                .with_email(outbox.clone())
                .with_sms(texts.clone())
                .with_fax(faxes.clone())
                .with_files(Arc::clone(&files))
                .with_public_files(Arc::clone(&public))
                .with_forms(Shared(Arc::clone(&outside)))
                .with_letters(mail_house.clone())
                .with_letter_webhook_secret(b"agreed on")
                .with_addresses(Shared(Arc::clone(&outside)))
                .with_regions(Shared(Arc::clone(&outside)))
                .with_voter_roll(Shared(Arc::clone(&outside)))
                .with_passwords(QuickPasswords)
                .with_throttle(LocalThrottle::new(Arc::clone(&shared_clock)))
                .with_rollouts(
                    StoredRollouts::new(Arc::<TestStore>::clone(&store), shared_clock)
                        .with_lifetime(TimeDelta::zero()),
                )
                .with_settings(setup.settings);
        for registrar in setup.registrars {
            builder = builder.with_registrar(registrar);
        }
        let app = builder.build();
        let mut table = routes::all();
        table.push(routes::local_files(files));
        table.push(routes::local_public_files(public));
        table.extend(setup.more);
        let web = Web::with_routes(app.clone(), setup.http, table);
        let left = Mutex::default();
        Self { web, app, store, clock, outside, mail_house, outbox, faxes, texts, left, _folder: folder }
    }

    /// A request that a client of the API would send.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let peer = Peer("192.0.2.1:4711".parse().unwrap());
        let request = Request::builder().method(method).uri(path).header("host", "localhost").extension(peer);
        Ask { server: self, request: request.body(Bytes::new()).unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send().await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path).json(body).send().await
    }

    /// Sets a switch.
    pub(crate) async fn switch(&self, name: &str, on: bool) {
        let name = SwitchName::parse(name).unwrap();
        switch::set(&self.app, name, Some(&SwitchValue::Flag(on))).await.unwrap();
    }

    /// A registration that was begun and can be completed; its id and its action's.
    pub(crate) async fn begun(&self) -> (String, String) {
        let answer = self.post("/v1/registration/register/?incomplete=true", &voter()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        (text("uuid"), text("action_id"))
    }

    /// The record behind an answer.
    pub(crate) async fn registration(&self, uuid: &str) -> Registration {
        let id = RegistrationId::parse(uuid).unwrap();
        self.store.view().await.unwrap().registrations().by_id(id).await.unwrap().unwrap()
    }

    /// The same of a ballot request.
    pub(crate) async fn ballot_request(&self, uuid: &str) -> BallotRequest {
        let id = BallotRequestId::parse(uuid).unwrap();
        self.store.view().await.unwrap().ballot_requests().by_id(id).await.unwrap().unwrap()
    }

    /// The first column of rows of the database, texts, read from outside.
    pub(crate) async fn rows(&self, statement: &'static str) -> Vec<String> {
        self.store.address().rows(statement).await
    }

    /// What happened to an action, in order.
    pub(crate) async fn events(&self, action: &str) -> Vec<EventType> {
        let id = ActionId::parse(action).unwrap();
        let events = self.store.view().await.unwrap().actions().events(id).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }

    /// All jobs that were not done yet.
    pub(crate) async fn jobs(&self) -> Vec<JobRecord> {
        let mut view = self.store.view().await.unwrap();
        view.jobs().unfinished(PageRequest { after: None, limit: 1000 }).await.unwrap().rows
    }

    /// Does what is due, as a worker would, and takes the mails of it.
    pub(crate) async fn mails(&self) -> Vec<Email> {
        step::run_all_due(&self.app).await.unwrap();
        self.outbox.take()
    }

    /// The same: their kinds, in the order of their names.
    pub(crate) async fn work(&self) -> Vec<&'static str> {
        let mut tags: Vec<&str> = self.mails().await.iter().map(|mail| mail.tag).collect();
        tags.sort_unstable();
        tags
    }

    /// The kinds of those jobs, sorted.
    pub(crate) async fn job_kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.jobs().await.into_iter().map(|job| job.kind).collect();
        kinds.sort();
        kinds
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        // the test's runtime stands still meanwhile, so the rows are read by another one, through a door of its own
        let (address, now) = (self.store.address(), self.clock.now());
        let may_be_left = std::mem::take(&mut *self.left.lock().unwrap());
        let left = thread::spawn(move || left_jobs(&address, now, &may_be_left)).join().unwrap();
        assert!(left.is_empty(), "nobody did these jobs: {left:?}");
        let unread = self.outbox.tags();
        assert!(unread.is_empty(), "nobody read these mails: {unread:?}");
        assert_eq!(self.texts.take().len(), 0, "nobody read these texts");
        assert_eq!(self.faxes.take().len(), 0, "nobody read these faxes");
    }
}

/// Two subscribers, all states, facts about three of them, three regions.
async fn furnish(store: Arc<dyn Store>) {
    let now = beginning();
    let mut unit = store.begin().await.unwrap();
    for (number, slug, plan, minutes) in [(1, "default", Plan::Premium, 0), (2, "free", Plan::Free, 1)] {
        let subscriber = Subscriber {
            id: SubscriberId(Uuid::from_u128(number)),
            name: "VoteAmerica".into(),
            url: "https://www.voteamerica.com/".into(),
            email: None,
            privacy_policy: Some("https://www.voteamerica.com/privacy/".into()),
            terms_of_service: None,
            sms_enabled: Some(true),
            sms_checkbox: Some(true),
            sms_checkbox_default: None,
            sms_disclaimer: None,
            language: None,
            default_slug: None,
            status: SubscriberStatus::Active,
            is_first_party: number == 1,
            has_api_access: false,
            sync_tmc: false,
            sync_bluelink: false,
            plan,
            created_at: now + TimeDelta::minutes(minutes),
            modified_at: now,
        };
        unit.subscribers_mut().insert(&subscriber).await.unwrap();
        let slug = Slug {
            id: SlugId(Uuid::from_u128(10 + number)),
            subscriber: subscriber.id,
            slug: slug.into(),
            created_at: now,
        };
        unit.subscribers_mut().insert_slug(&slug).await.unwrap();
    }
    for (number, slug, format) in [
        (21, "external_tool_ovr", Some(FieldFormat::Url)),
        (22, "plain", None),
        (23, "vbm_universal", Some(FieldFormat::Boolean)),
    ] {
        let field = FieldType {
            id: FieldTypeId(Uuid::from_u128(number)),
            slug: slug.into(),
            long_name: format!("About {slug}"),
            help_text: None,
            format,
            created_at: now,
            modified_at: now,
        };
        unit.elections_mut().insert_field_type(&field).await.unwrap();
    }
    for (number, code) in State::ALL.iter().copied().enumerate() {
        let profile = StateProfile {
            code,
            name: code.name().into(),
            allow_print_and_forward: (code == State::Oh).then_some(true),
            allow_absentee_print_and_forward: None,
            created_at: now,
            modified_at: now,
        };
        unit.elections_mut().put_state(&profile).await.unwrap();
        if ![State::Co, State::Oh, State::Pr].contains(&code) {
            continue;
        }
        let fact = |field: u128, text: &str| StateInformation {
            id: InformationId(Uuid::from_u128(1000 * field + number as u128)),
            state: code,
            field_type: FieldTypeId(Uuid::from_u128(field)),
            text: text.into(),
            notes: String::new(),
            source: String::new(),
            checked_on: None,
            created_at: now,
            modified_at: now,
        };
        let universal = if code == State::Co { "True" } else { "" };
        for fact in [fact(23, universal), fact(21, "https://example.org/ovr")] {
            unit.elections_mut().insert_information(&fact).await.unwrap();
        }
    }
    for (id, name, county, hidden) in [
        (1002, "Wood County", "Wood", false),
        (1001, "Allen County", "Allen", false),
        (1003, "Hidden", "Allen", true),
    ] {
        let region = Region {
            id: RegionId(id),
            name: Some(name.into()),
            county: Some(county.into()),
            municipality: None,
            municipality_type: None,
            state: Some(State::Oh),
            hidden,
            external_updated: None,
        };
        unit.officials_mut().put_region(&region).await.unwrap();
    }
    unit.commit().await.unwrap();
}

/// The kinds of the jobs that are due, running or dead, but for those.
fn left_jobs(address: &StoreAddress, now: DateTime<Utc>, may_be_left: &[JobId]) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = address.open().await;
        let mut view = store.view().await.unwrap();
        let page = view.jobs().unfinished(PageRequest { after: None, limit: 1000 }).await.unwrap();
        let is_left = |job: &JobRecord| {
            (job.state != JobState::Waiting || job.due_at <= now) && !may_be_left.contains(&job.id)
        };
        page.rows.into_iter().filter(is_left).map(|job| job.kind).collect()
    })
}

/// A voter whose registration is complete.
pub(crate) fn voter() -> Value {
    json!({
        "first_name": "Jose", "last_name": "Rizal", "address1": "1 Main St", "city": "Lima", "state": "OH",
        "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "voter@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "QX4711",
    })
}

/// The same with `changes` over it; null takes a name away when `drop_nulls`.
pub(crate) fn voter_with(changes: Value) -> Value {
    let mut voter = voter();
    for (name, value) in changes.as_object().unwrap() {
        voter[name] = value.clone();
    }
    voter
}

/// The same without a name.
pub(crate) fn voter_without(name: &str) -> Value {
    let mut voter = voter();
    voter.as_object_mut().unwrap().remove(name);
    voter
}

/// A request that is about to be sent.
#[must_use]
pub(crate) struct Ask<'a> {
    server: &'a TestServer,
    request: Request<Bytes>,
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let headers = self.request.headers_mut();
        if name == "host" {
            headers.remove(name);
        }
        headers.append(name, value.parse().unwrap());
        self
    }

    pub(crate) fn without_host(mut self) -> Self {
        self.request.headers_mut().remove("host");
        self
    }

    pub(crate) fn from(mut self, peer: &str) -> Self {
        self.request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        self
    }

    pub(crate) fn body(mut self, kind: &str, body: impl Into<Bytes>) -> Self {
        *self.request.body_mut() = body.into();
        self.header("content-type", kind)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", body.to_owned())
    }

    pub(crate) async fn send(self) -> Answer {
        let (method, path) = (self.request.method().clone(), self.request.uri().path().to_owned());
        let request = self.request.map(Full::new);
        let (head, body) = self.server.web.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        described::check(&method, &path, head.status, &head.headers, &body);
        Answer { status: head.status, headers: head.headers, body }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON, which the content type has to say.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts status and body.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &Value) {
        assert_eq!((self.status.as_u16(), self.json()), (status, body.clone()));
    }
}
