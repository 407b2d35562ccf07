//! All ports in one place, for the use-cases.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::Mac;
use serde::Serialize;

use crate::{
    action::{Event, EventType},
    address::State,
    decision::Channel,
    error::ProviderError,
    file::DerivedTokens,
    ids::{ActionId, EventId, JobId, SubscriberId},
    jobs::{DEFAULT_LANE, JobKind, NewJob, Priority, Rate, Registry},
    ports::{
        Disabled,
        addresses::AddressVerifier,
        ballot_links::BallotLinksSource,
        builds::SiteBuilds,
        cache::Cache,
        cdn::CachePurger,
        chat::TeamChat,
        clock::Clock,
        crm::CrmSync,
        email::EmailSender,
        fax::FaxSender,
        file_tokens::FileTokens,
        files::FileStore,
        forms::Forms,
        geocoder::Geocoder,
        http::HttpClient,
        ids::IdSource,
        letters::LetterSender,
        links::LinkShortener,
        maps::{PollingPlaceLocator, StaticMap},
        measures::{HandOver, Measures},
        monitor::PageMonitor,
        movers::MoverSource,
        officials::OfficialsSource,
        passwords::PasswordHasher,
        public_files::PublicFiles,
        regions::RegionMatcher,
        rollouts::Rollouts,
        sms::{SmsLog, SmsSender},
        state_registrar::StateRegistrar,
        store::Store,
        throttle::{Quota, Throttle, Verdict},
        time_zones::TimeZones,
        voter_roll::VoterRoll,
        wording::Wording,
    },
    secret::SecretKey,
    settings::Settings,
    switch::Switches,
    wording::OwnWording,
};

/// Everything that the use-cases need of the world. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Rows.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn IdSource>,
    /// Bytes of files.
    pub files: Arc<dyn FileStore>,
    /// Files for everybody.
    pub public_files: Arc<dyn PublicFiles>,
    /// The tokens that open files.
    pub file_tokens: Arc<dyn FileTokens>,
    /// Filled forms.
    pub forms: Arc<dyn Forms>,
    /// E-mail.
    pub email: Arc<dyn EmailSender>,
    /// Faxes.
    pub fax: Arc<dyn FaxSender>,
    /// Text messages.
    pub sms: Arc<dyn SmsSender>,
    /// What the carrier of texts has in its list.
    pub sms_log: Arc<dyn SmsLog>,
    /// Letters.
    pub letters: Arc<dyn LetterSender>,
    /// Short links.
    pub links: Arc<dyn LinkShortener>,
    /// Where voters vote.
    pub locator: Arc<dyn PollingPlaceLocator>,
    /// The same, asked in the states in which the switch `locate_use_dnc_data` is on.
    pub own_locator: Arc<dyn PollingPlaceLocator>,
    /// Maps as pictures.
    pub map: Arc<dyn StaticMap>,
    /// What we say.
    pub wording: Arc<dyn Wording>,
    /// From an address to its election office.
    pub regions: Arc<dyn RegionMatcher>,
    /// The supplier of regions and offices.
    pub officials: Arc<dyn OfficialsSource>,
    /// Who knows of people that moved.
    pub movers: Arc<dyn MoverSource>,
    /// Who knows where offices are, the first to be asked first.
    pub geocoders: Vec<Arc<dyn Geocoder>>,
    /// Where the voters of counties ask for a ballot online.
    pub ballot_links: Arc<dyn BallotLinksSource>,
    /// The time zones of places.
    pub time_zones: Arc<dyn TimeZones>,
    /// Who is registered.
    pub voter_roll: Arc<dyn VoterRoll>,
    /// States' own rolls, where the switch `voter_state_api` has them asked too.
    pub state_rolls: Vec<Arc<dyn VoterRoll>>,
    /// Online registration, state by state.
    pub registrars: Vec<Arc<dyn StateRegistrar>>,
    /// Whether mail arrives.
    pub addresses: Arc<dyn AddressVerifier>,
    /// Which features are on.
    pub rollouts: Arc<dyn Rollouts>,
    /// Counts messages.
    pub measures: Arc<dyn Measures>,
    /// Where the team talks.
    pub chat: Arc<dyn TeamChat>,
    /// Programs of subscribers, at addresses that these chose.
    pub partners: Arc<dyn HttpClient>,
    /// Where the team hears what is wrong with data of others.
    pub data_chat: Arc<dyn TeamChat>,
    /// What a CDN keeps, forgotten.
    pub cdn: Arc<dyn CachePurger>,
    /// Whether pages of others are there.
    pub monitor: Arc<dyn PageMonitor>,
    /// Web sites, built anew.
    pub builds: Arc<dyn SiteBuilds>,
    /// Contact lists.
    pub crm: Arc<dyn CrmSync>,
    /// Bytes that may be forgotten.
    pub cache: Arc<dyn Cache>,
    /// How often something may happen.
    pub throttle: Arc<dyn Throttle>,
    /// Hashes of passwords.
    pub passwords: Arc<dyn PasswordHasher>,
    /// The kinds of jobs.
    pub jobs: Arc<Registry>,
    /// What the rules read.
    pub settings: Arc<Settings>,
    /// Signs resume tokens.
    pub secret: Arc<SecretKey>,
    /// Signed resume tokens before the last rotation.
    pub previous_secret: Option<Arc<SecretKey>>,
    /// What the secrets of API keys are hashed with; one derived from `secret` without it.
    pub api_key_pepper: Option<Arc<SecretKey>>,
    /// What a mail house signs its reports with; without it none is believed.
    pub letter_webhook_secret: Option<Arc<SecretKey>>,
    #[cfg(feature = "crash-points")]
    /// What to do at a named point between two writes.
    pub on_crash_point: Option<crate::crash::OnCrashPoint>,
}

impl App {
    /// Begins an App. The store, the clock and the source of ids are needed; every other port starts as one that
    /// refuses (decision 25).
    pub fn builder(
        store: impl Store,
        clock: impl Clock + 'static,
        ids: impl IdSource + 'static,
        secret: &[u8],
    ) -> AppBuilder {
        let settings = Settings::default();
        let tokens = DerivedTokens::new(secret, chrono::TimeDelta::hours(168));
        AppBuilder(Self {
            store: Arc::new(store),
            clock: Arc::new(clock),
            ids: Arc::new(ids),
            files: Arc::new(Disabled),
            public_files: Arc::new(Disabled),
            file_tokens: Arc::new(tokens),
            forms: Arc::new(Disabled),
            email: Arc::new(Disabled),
            fax: Arc::new(Disabled),
            sms: Arc::new(Disabled),
            sms_log: Arc::new(Disabled),
            letters: Arc::new(Disabled),
            links: Arc::new(Disabled),
            locator: Arc::new(Disabled),
            own_locator: Arc::new(Disabled),
            map: Arc::new(Disabled),
            wording: Arc::new(OwnWording::new()),
            regions: Arc::new(Disabled),
            officials: Arc::new(Disabled),
            movers: Arc::new(Disabled),
            geocoders: Vec::new(),
            ballot_links: Arc::new(Disabled),
            time_zones: Arc::new(Disabled),
            voter_roll: Arc::new(Disabled),
            state_rolls: Vec::new(),
            registrars: Vec::new(),
            addresses: Arc::new(Disabled),
            rollouts: Arc::new(Disabled),
            measures: Arc::new(Disabled),
            chat: Arc::new(Disabled),
            partners: Arc::new(Disabled),
            data_chat: Arc::new(Disabled),
            cdn: Arc::new(Disabled),
            monitor: Arc::new(Disabled),
            builds: Arc::new(Disabled),
            crm: Arc::new(Disabled),
            cache: Arc::new(Disabled),
            throttle: Arc::new(Disabled),
            passwords: Arc::new(Disabled),
            jobs: Arc::new(Registry::new()),
            settings: Arc::new(settings),
            secret: Arc::new(SecretKey::new(secret)),
            previous_secret: None,
            api_key_pepper: None,
            letter_webhook_secret: None,
            #[cfg(feature = "crash-points")]
            on_crash_point: None,
        })
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new event of an action, now.
    #[must_use]
    pub fn event(&self, action: ActionId, kind: EventType) -> Event {
        Event { id: EventId(self.ids.uuid()), action, kind, created_at: self.now() }
    }

    /// Who takes registrations online in this state, if somebody does.
    #[must_use]
    pub fn registrar(&self, state: State) -> Option<&Arc<dyn StateRegistrar>> {
        self.registrars.iter().find(|it| it.state() == state)
    }

    /// Whether `quota` allows one more under `key`; always, when limits are off. The throttle is given an HMAC of the key, so
    /// that no address and no number lies where it counts.
    pub async fn may(&self, key: &str, quota: Quota) -> Verdict {
        if !self.settings.rate_limits.enabled {
            return Verdict::Allowed;
        }
        self.throttle.check(&self.counted(key), quota).await
    }

    /// What a key is counted under.
    fn counted(&self, key: &str) -> String {
        let secret = SecretKey::of_purpose(self.secret.bytes(), "turnout.limits");
        URL_SAFE_NO_PAD.encode(&secret.mac(key.as_bytes()).finalize().into_bytes()[..16])
    }

    /// A key of one purpose under which something is kept for years: of the pepper, which never changes; of the secret where
    /// there is no pepper.
    pub(crate) fn lasting_key(&self, purpose: &str) -> SecretKey {
        let root = self.api_key_pepper.as_ref().unwrap_or(&self.secret);
        SecretKey::of_purpose(root.bytes(), purpose)
    }

    /// The same before the last rotation, where that changed it.
    pub(crate) fn lasting_key_before(&self, purpose: &str) -> Option<SecretKey> {
        let before = self.previous_secret.as_ref().filter(|_| self.api_key_pepper.is_none())?;
        Some(SecretKey::of_purpose(before.bytes(), purpose))
    }

    /// Counts what a vendor said to a message.
    pub(crate) fn handed_over<T>(&self, channel: Channel, answer: &Result<T, ProviderError>) {
        let outcome = match answer {
            Ok(_) => HandOver::Taken,
            Err(error) => HandOver::Failed(error.kind.into()),
        };
        self.measures.handed_over(channel, outcome);
    }

    /// The switches in force. Not while a unit is open, as they may be read from the store.
    pub async fn switches(&self) -> Arc<Switches> {
        self.rollouts.switches().await
    }

    /// A job of that kind, due now, at the default priority, in the lane of its kind.
    ///
    /// # Panics
    /// Never for the payloads of this crate, which are structs of ids.
    #[must_use]
    pub fn job<T: Serialize>(&self, kind: &'static str, payload: &T) -> NewJob {
        let now = self.now();
        NewJob {
            id: JobId(self.ids.uuid()),
            kind,
            payload: serde_json::to_value(payload).expect("a struct of ids is JSON"),
            due_at: now,
            priority: Priority::Default,
            lane: self.jobs.kind(kind).map_or(DEFAULT_LANE, |kind| kind.lane),
            unique_key: None,
            subscriber: None,
            created_at: now,
        }
    }

    /// Tells a test that a named point between two writes was reached.
    #[inline]
    pub fn reached(&self, point: &'static str) {
        #[cfg(feature = "crash-points")]
        if let Some(crash) = &self.on_crash_point {
            crash(point);
        }
        #[cfg(not(feature = "crash-points"))]
        let _ = point;
    }
}

/// Sets ports by name.
#[must_use]
pub struct AppBuilder(App);

macro_rules! with {
    ($($(#[$doc:meta])* $name:ident $field:ident: $port:path;)*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, port: impl $port + 'static) -> Self {
            self.0.$field = Arc::new(port);
            self
        }
    )*};
}

impl AppBuilder {
    with! {
        /// Where bytes of files are kept.
        with_files files: FileStore;
        /// Where files for everybody are published.
        with_public_files public_files: PublicFiles;
        /// Another kind of file tokens.
        with_file_tokens file_tokens: FileTokens;
        /// Who fills forms.
        with_forms forms: Forms;
        /// Who sends e-mail.
        with_email email: EmailSender;
        /// Who sends faxes.
        with_fax fax: FaxSender;
        /// Who sends text messages.
        with_sms sms: SmsSender;
        /// What the carrier of texts has in its list.
        with_sms_log sms_log: SmsLog;
        /// Who prints and mails letters.
        with_letters letters: LetterSender;
        /// Who makes links short.
        with_links links: LinkShortener;
        /// Who knows where voters vote.
        with_locator locator: PollingPlaceLocator;
        /// Who knows it in states with the switch `locate_use_dnc_data`.
        with_own_locator own_locator: PollingPlaceLocator;
        /// Who draws maps.
        with_map map: StaticMap;
        /// An own voice.
        with_wording wording: Wording;
        /// Who finds election offices.
        with_regions regions: RegionMatcher;
        /// Who supplies regions and offices.
        with_officials officials: OfficialsSource;
        /// Who knows of people that moved.
        with_movers movers: MoverSource;
        /// Who lists the pages of counties.
        with_ballot_links ballot_links: BallotLinksSource;
        /// Who knows the time zones of places; the zones of states are known without.
        with_time_zones time_zones: TimeZones;
        /// Who knows who is registered.
        with_voter_roll voter_roll: VoterRoll;
        /// Who verifies addresses.
        with_addresses addresses: AddressVerifier;
        /// Who says which features are on; the presets of the catalogue otherwise.
        with_rollouts rollouts: Rollouts;
        /// Who counts messages.
        with_measures measures: Measures;
        /// Where the team talks.
        with_chat chat: TeamChat;
        /// Who calls programs of subscribers, at addresses that these chose: it has to refuse hosts that are not everybody's.
        with_partners partners: HttpClient;
        /// Where the team hears what is wrong with data of others.
        with_data_chat data_chat: TeamChat;
        /// Who has a CDN forget.
        with_cdn cdn: CachePurger;
        /// Who looks whether pages of others are there.
        with_monitor monitor: PageMonitor;
        /// Who has web sites built anew.
        with_builds builds: SiteBuilds;
        /// Who keeps contact lists.
        with_crm crm: CrmSync;
        /// A cache.
        with_cache cache: Cache;
        /// A throttle.
        with_throttle throttle: Throttle;
        /// Who hashes passwords; nobody can sign in otherwise.
        with_passwords passwords: PasswordHasher;
    }

    /// Who knows where offices are, to be asked after those that were given before.
    pub fn with_geocoder(mut self, geocoder: impl Geocoder + 'static) -> Self {
        self.0.geocoders.push(Arc::new(geocoder));
        self
    }

    /// A state's own roll, beside that of all states.
    pub fn with_state_roll(mut self, roll: impl VoterRoll + 'static) -> Self {
        self.0.state_rolls.push(Arc::new(roll));
        self
    }

    /// Who takes registrations online in a state. One for the same state is replaced.
    pub fn with_registrar(mut self, registrar: impl StateRegistrar + 'static) -> Self {
        self.0.registrars.retain(|it| it.state() != registrar.state());
        self.0.registrars.push(Arc::new(registrar));
        self
    }

    /// Other settings than the defaults.
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.0.settings = Arc::new(settings);
        self
    }

    /// A kind of job of one's own.
    pub fn with_job(mut self, kind: JobKind) -> Self {
        let jobs = Arc::unwrap_or_clone(self.0.jobs).with_job(kind);
        self.0.jobs = Arc::new(jobs);
        self
    }

    /// A lane of one's own, or another rate for one of ours.
    pub fn with_lane(mut self, name: &'static str, rate: Rate) -> Self {
        let jobs = Arc::unwrap_or_clone(self.0.jobs).with_lane(name, rate);
        self.0.jobs = Arc::new(jobs);
        self
    }

    /// The secret before the last rotation.
    pub fn with_previous_secret(mut self, secret: &[u8]) -> Self {
        self.0.previous_secret = Some(Arc::new(SecretKey::new(secret)));
        self
    }

    /// What the secrets of API keys are hashed with: `API_KEY_PEPPER`. It never changes, or every key is void.
    pub fn with_api_key_pepper(mut self, pepper: &[u8]) -> Self {
        self.0.api_key_pepper = Some(Arc::new(SecretKey::new(pepper)));
        self
    }

    /// What a mail house signs its reports with: `LOB_LETTER_WEBHOOK_SECRET`.
    pub fn with_letter_webhook_secret(mut self, secret: &[u8]) -> Self {
        self.0.letter_webhook_secret = Some(Arc::new(SecretKey::new(secret)));
        self
    }

    /// What to do at a named point between two writes.
    #[cfg(feature = "crash-points")]
    pub fn with_crash_points(mut self, crash: crate::crash::OnCrashPoint) -> Self {
        self.0.on_crash_point = Some(crash);
        self
    }

    /// The App.
    #[must_use]
    pub fn build(self) -> App {
        self.0
    }
}

impl NewJob {
    /// Not before `moment`.
    #[must_use]
    pub fn at(mut self, moment: DateTime<Utc>) -> Self {
        self.due_at = moment;
        self
    }

    /// A voter waits for it.
    #[must_use]
    pub fn high(mut self) -> Self {
        self.priority = Priority::High;
        self
    }

    /// Whose work it is, for fair turns.
    #[must_use]
    pub fn of(mut self, subscriber: Option<SubscriberId>) -> Self {
        self.subscriber = subscriber;
        self
    }

    /// Not twice under this key.
    #[must_use]
    pub fn once(mut self, key: String) -> Self {
        self.unique_key = Some(key);
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::memory::world;

    #[test]
    fn nothing_of_a_key_lies_where_it_is_counted() {
        let app = world().app;
        let counted = app.counted("email:jose@example.org");
        assert_eq!(counted.len(), 22);
        assert!(!counted.contains("jose") && !counted.contains("email"));
        assert_eq!(app.counted("email:jose@example.org"), counted);
        assert_ne!(app.counted("email:jose@example.com"), counted);
    }
}
