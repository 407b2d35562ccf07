//! From settings to ports. The only place that names a concrete vendor.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
#[cfg(feature = "http-client")]
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
#[cfg(feature = "redis")]
use turnout_core::ports::ids::IdSource as _;
#[cfg(feature = "http-client")]
use turnout_core::ports::{geocoder::Geocoder, http::HttpClient};
#[cfg(feature = "action-network")]
use turnout_core::senders::PacedHttp;
use turnout_core::{
    App,
    app::AppBuilder,
    file::DerivedTokens,
    ports::{cache::Cache, clock::Clock, forms::PacketName, store::Store, throttle::Throttle, wake::Wake},
    senders::{Pace, RedirectedFaxes, RedirectedMail, RedirectedTexts, ThrottledMail, ThrottledTexts},
    switch::StoredRollouts,
};
#[cfg(feature = "http-client")]
use turnout_geo::geocode::{Cached, Census, Geocodio, Remote, TargetSmart, Vendor};
use turnout_geo::{AddressMatcher, EmbeddedZones, Finders};
use turnout_pdf::FormLibrary;
#[cfg(feature = "s3")]
use turnout_storage::files::{PartedPublicFiles, Prefix, S3, S3Files, S3Options, S3PublicFiles};
#[cfg(feature = "redis")]
use turnout_storage::redis::{Redis, RedisCache, RedisEvent, RedisObserver, RedisThrottle, RedisWake};
use turnout_storage::{
    files::{LocalFiles, LocalPublicFiles},
    in_process::{LocalCache, LocalThrottle, LocalWake},
};
use url::Url;

#[cfg(any(feature = "redis", feature = "pennsylvania"))]
use crate::config;
#[cfg(feature = "s3")]
use crate::config::S3Place;
#[cfg(feature = "action-network")]
use crate::providers::action_network::ActionNetwork;
#[cfg(feature = "lob")]
use crate::providers::lob::Lob;
#[cfg(feature = "pennsylvania")]
use crate::providers::pennsylvania::Pennsylvania;
#[cfg(feature = "sqs")]
use crate::providers::sqs::SqsFaxes;
#[cfg(feature = "us-vote-foundation")]
use crate::providers::us_vote_foundation::UsVoteFoundation;
#[cfg(feature = "movers")]
use crate::{config::Movers, providers::movers::MoverLeads};
#[cfg(feature = "http-client")]
use crate::{
    config::{Cdn, Geocoding, Keyed, Monitor, Secret, TwilioAccount},
    providers::{
        cloudflare::Cloudflare,
        florida_list::FloridaList,
        http_client::Reqwest,
        i90::I90,
        mapbox::Mapbox,
        netlify::Netlify,
        optimizely::Optimizely,
        polling_places::{Civic, OwnLocator},
        slack::Slack,
        targetsmart,
        twilio::Twilio,
        uptime::Uptime,
    },
    rollouts::{self, Polled},
};
use crate::{
    config::{Config, FaxPlace, FilePlace, Mail, MailHouse, MailServer, Sms, SmsPlace},
    gis::GisFolder,
    http::{HttpSettings, TagSettings, Web},
    measures,
    off_thread::OffThread,
    providers::{
        fax_outbox::FaxOutbox,
        letter_outbox::LetterOutbox,
        outbox::{Outbox, TextOutbox},
        simulated::SimulatedAddresses,
        smtp::Smtp,
    },
    regions::Regions,
    rows::Rows,
    streets::StreetFolder,
    system::{RandomIds, SystemClock},
};

/// How much the cache may hold, in bytes.
const CACHE: u64 = 32 * 1024 * 1024;
/// How much of geocoders' answers is remembered, in bytes.
#[cfg(feature = "http-client")]
const GEOCODES: u64 = 8 * 1024 * 1024;
/// How long an answer of a geocoder is remembered.
#[cfg(feature = "http-client")]
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// All ports, and what the roles need beside them.
pub struct Wired {
    /// The ports.
    pub app: App,
    /// The database, to migrate, to listen to and to close.
    pub rows: Rows,
    /// What the store wakes.
    pub wake: Arc<dyn Wake>,
    /// Who finds regions, to look whether something was imported.
    pub regions: Arc<Regions>,
    /// The forms, to look whether their folder has changed.
    pub library: Arc<FormLibrary>,
    /// Who has to be asked again and again which features are on.
    #[cfg(feature = "http-client")]
    pub polled: Option<Polled>,
    /// The folders of files, whose links we answer ourselves; none where they are kept elsewhere.
    pub local_files: Option<LocalFolders>,
}

impl Wired {
    /// Asks whoever has to be asked again and again which features are on, until `stop`.
    pub async fn follow_rollouts(&self, stop: CancellationToken) {
        #[cfg(feature = "http-client")]
        rollouts::run(self.polled.clone(), stop).await;
        #[cfg(not(feature = "http-client"))]
        drop(stop);
    }
}

/// Files in folders of this machine.
pub struct LocalFolders {
    /// Voters' documents.
    pub private: Arc<LocalFiles>,
    /// What everybody may read.
    pub public: Arc<LocalPublicFiles>,
}

/// Opens everything. Does not migrate.
///
/// # Errors
/// When a folder, the key or the database cannot be used; says what to do next.
pub async fn wire(config: &Config) -> anyhow::Result<Wired> {
    if config.is_measured() {
        measures::begin(&measures::tags(&config.deployment), None);
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let Shared { wake, cache, throttle } = shared(config, &clock).await?;
    let rows = Rows::open(&config.database.place, config.role, Arc::clone(&wake)).await?;
    let library = Arc::new(forms(config).await?);
    let app = begin(config, rows.store())?
        .with_forms(OffThread::sharing(Arc::clone(&library), processors()))
        .with_rollouts(StoredRollouts::new(rows.store(), Arc::clone(&clock)));
    let mut app = App { cache, throttle, ..app.build() };
    #[cfg(feature = "manage")]
    {
        app.passwords = Arc::new(OffThread::new(turnout_core::account::Argon2, processors()));
    }
    on_their_way(config, &mut app);
    let regions = Arc::new(Regions::new(GisFolder::new(&config.gis), Arc::clone(&app.store)));
    let local_files;
    match &config.files.place {
        FilePlace::Folders { private, public } => {
            let folders = folders(config, private, public, &app)?;
            app.files = Arc::<LocalFiles>::clone(&folders.private);
            app.public_files = Arc::<LocalPublicFiles>::clone(&folders.public);
            local_files = Some(folders);
        }
        #[cfg(feature = "s3")]
        FilePlace::S3(place) => {
            let s3 = S3::new(s3_options(place)).await;
            let public = S3PublicFiles::new(s3.clone(), &place.public_bucket, place.prefix.clone());
            app.public_files = match &place.public_host {
                Some(host) => Arc::new(public.with_host(host)),
                None => Arc::new(public),
            };
            let parts = [
                ("pa-counties", &place.counties_bucket),
                (turnout_core::election::redirects::FOLDER, &place.redirects_bucket),
                ("maps", &place.maps_bucket),
            ];
            for (part, bucket) in parts.into_iter().filter_map(|(part, it)| Some((part, it.as_ref()?))) {
                let elsewhere = Arc::new(S3PublicFiles::new(s3.clone(), bucket, Prefix::default()));
                let parted = PartedPublicFiles::new(app.public_files).with_part(part, elsewhere);
                app.public_files = Arc::new(parted);
            }
            app.files = Arc::new(S3Files::new(s3, &place.private_bucket, place.prefix.clone(), clock));
            local_files = None;
        }
        #[cfg(not(feature = "s3"))]
        FilePlace::S3(_) => anyhow::bail!("ATTACHMENT_USE_S3 needs a build with the feature s3"),
    }
    // one for all: each keeps roots and connections of its own
    #[cfg(feature = "http-client")]
    let http: Arc<dyn HttpClient> = Arc::new(Reqwest::new()?);
    let finders = Arc::<Regions>::clone(&regions);
    app.geocoders = vec![Arc::new(StreetFolder::new(&config.gis))];
    #[cfg(feature = "http-client")]
    app.geocoders.extend(vendors(config, &http, &app));
    app.regions = Arc::new(address_matcher(finders, &app));
    #[cfg(feature = "us-vote-foundation")]
    if let Some(Keyed { key, base }) = &config.officials {
        let (http, clock) = (Arc::clone(&http), Arc::new(SystemClock));
        app.officials = Arc::new(UsVoteFoundation::new(http, clock, base.clone(), key.clone()));
    }
    #[cfg(feature = "action-network")]
    if let Some(lists) = &config.contact_lists {
        let (service, subscribers) = (lists.service.clone(), lists.subscribers.clone());
        let paced = PacedHttp::new(Arc::clone(&http), &app, Arc::new(SystemClock), "actionnetwork");
        app.crm = Arc::new(ActionNetwork::new(Arc::new(paced), lists.base.clone(), service, subscribers));
    }
    #[cfg(feature = "movers")]
    if let Some(Movers { endpoint, secret }) = &config.movers {
        app.movers = Arc::new(MoverLeads::new(Arc::clone(&http), endpoint.clone(), secret.clone()));
    }
    #[cfg(feature = "pennsylvania")]
    if let Some(config::Pennsylvania { key, base, timeout }) = &config.pennsylvania {
        app.registrars.push(Arc::new(Pennsylvania::new(Arc::clone(&http), base, key.clone(), *timeout)));
    }
    #[cfg(feature = "http-client")]
    if let Some(Keyed { key, base }) = &config.geocoding.targetsmart {
        let (http, timer) = (Arc::clone(&http), Arc::new(SystemClock));
        let roll = targetsmart::TargetSmart::new(http, timer, base, key.reveal().to_owned());
        app.voter_roll = Arc::new(roll);
    }
    #[cfg(feature = "http-client")]
    maps(config, &http, &mut app);
    #[cfg(feature = "http-client")]
    {
        let any_host = config.settings.webhook.any_host;
        let partners = if any_host { Arc::clone(&http) } else { Arc::new(Reqwest::for_public_hosts()?) };
        app.partners = partners;
    }
    #[cfg(feature = "http-client")]
    chat(config, &http, &mut app)?;
    #[cfg(feature = "http-client")]
    publishing(config, &http, &mut app)?;
    mail_house(config, &mut app)?;
    fax_gateway(config, &mut app).await?;
    #[cfg(feature = "http-client")]
    {
        app.ballot_links = Arc::new(FloridaList::new(Arc::clone(&http), &config.florida_list));
    }
    #[cfg(feature = "http-client")]
    let polled = polled(config, http, &mut app);
    Ok(Wired {
        app,
        rows,
        wake,
        regions,
        library,
        local_files,
        #[cfg(feature = "http-client")]
        polled,
    })
}

/// Optimizely, where there is a key: it decides which features are on, from its first file on.
#[cfg(feature = "http-client")]
fn polled(config: &Config, http: Arc<dyn HttpClient>, app: &mut App) -> Option<Polled> {
    let rollouts = config.rollouts.as_ref()?;
    let Keyed { key, base } = &rollouts.vendor;
    let optimizely = Optimizely::new(http, base, key.reveal(), Arc::clone(&app.rollouts));
    let optimizely = optimizely.with_copy(rollouts.copy.clone());
    let optimizely = Arc::new(optimizely);
    app.rollouts = Arc::<Optimizely>::clone(&optimizely);
    Some(Polled { optimizely, every: rollouts.every })
}

/// What happens to mails and texts between us and the vendor: they wait for their turn, and may go to somebody else.
fn on_their_way(config: &Config, app: &mut App) {
    let pace = |app: &App, count| Pace::per_minute(Arc::clone(&app.throttle), Arc::new(SystemClock), count);
    if let Some(count) = config.mail_way.per_minute {
        app.email = Arc::new(ThrottledMail::new(Arc::clone(&app.email), pace(app, count)));
    }
    if let Some(to) = &config.mail_way.instead_to {
        app.email = Arc::new(RedirectedMail::new(Arc::clone(&app.email), to));
    }
    if let Some(count) = config.text_way.per_minute {
        app.sms = Arc::new(ThrottledTexts::new(Arc::clone(&app.sms), pace(app, count)));
    }
    if let Some(to) = &config.text_way.instead_to {
        let (inner, log) = (Arc::clone(&app.sms), Arc::clone(&app.sms_log));
        let redirected = Arc::new(RedirectedTexts::new(inner, log, to.clone()));
        app.sms = Arc::<RedirectedTexts>::clone(&redirected);
        app.sms_log = redirected;
    }
}

/// Who says whether mail arrives, and who prints and mails letters.
fn mail_house(config: &Config, app: &mut App) -> anyhow::Result<()> {
    match &config.letters.house {
        #[cfg(feature = "lob")]
        MailHouse::Lob(Keyed { key, base }) => {
            let http: Arc<dyn HttpClient> = Arc::new(Reqwest::new()?);
            let lob = Arc::new(Lob::new(http, base.clone(), key.clone()));
            app.addresses = Arc::<Lob>::clone(&lob);
            app.letters = lob;
        }
        #[cfg(not(feature = "lob"))]
        MailHouse::Lob(_) => anyhow::bail!("LOB_KEY needs a build with the feature lob"),
        MailHouse::Outbox(folder) => {
            let outbox = LetterOutbox::open(folder, Arc::clone(&app.clock)).with_context(|| {
                let folder = folder.display();
                format!("letters cannot be kept in {folder}: set TURNOUT_DATA_DIR, or let us write there")
            })?;
            app.letters = Arc::new(outbox);
            app.addresses = Arc::new(SimulatedAddresses);
        }
        MailHouse::Off => {}
    }
    Ok(())
}

/// Who faxes.
async fn fax_gateway(config: &Config, app: &mut App) -> anyhow::Result<()> {
    match &config.fax.place {
        #[cfg(feature = "sqs")]
        FaxPlace::Queue(queue) => app.fax = Arc::new(SqsFaxes::open(queue).await),
        #[cfg(not(feature = "sqs"))]
        FaxPlace::Queue(_) => anyhow::bail!("FAX_GATEWAY_SQS_QUEUE needs a build with the feature sqs"),
        FaxPlace::Outbox(folder) => {
            let outbox = FaxOutbox::open(folder).with_context(|| {
                let folder = folder.display();
                format!("faxes cannot be kept in {folder}: set TURNOUT_DATA_DIR, or let us write there")
            })?;
            app.fax = Arc::new(outbox);
        }
        FaxPlace::Off => {}
    }
    if let Some(to) = &config.fax.redirect_to {
        app.fax = Arc::new(RedirectedFaxes::new(Arc::clone(&app.fax), to.clone()));
    }
    Ok(())
}

/// Who matches addresses.
fn address_matcher(finders: Arc<dyn Finders>, app: &App) -> AddressMatcher {
    let matcher = AddressMatcher::new(finders, Arc::clone(&app.clock));
    let geocoders = app.geocoders.iter().map(Arc::clone);
    geocoders.fold(matcher, AddressMatcher::with_geocoder).with_observer(Arc::new(measures::matches::observe))
}

/// The geocoders that have keys. Their answers are remembered in the process and nowhere else: they are where voters
/// live.
#[cfg(feature = "http-client")]
fn vendors(config: &Config, http: &Arc<dyn HttpClient>, app: &App) -> Vec<Arc<dyn Geocoder>> {
    let cache: Arc<dyn Cache> = Arc::new(LocalCache::new(GEOCODES, Arc::clone(&app.clock)));
    let asked = Asked { http: Arc::clone(http), cache, app };
    let Geocoding { geocodio, targetsmart, census } = &config.geocoding;
    let key = |vendor: &Keyed| vendor.key.reveal().to_owned();
    let geocodio = geocodio.as_ref().map(|it| Geocodio::new(key(it)).with_base_url(it.base.clone()));
    let census = census.as_ref().map(|base| Census::new().with_base_url(base.clone()));
    let targetsmart = targetsmart.as_ref().map(|it| TargetSmart::new(key(it)).with_base_url(it.base.clone()));
    let mut geocoders = Vec::new();
    geocoders.extend(geocodio.map(|vendor| asked.through(vendor)));
    geocoders.extend(census.map(|vendor| asked.through(vendor)));
    geocoders.extend(targetsmart.map(|vendor| asked.through(vendor)));
    geocoders
}

/// What geocoders are asked through.
#[cfg(feature = "http-client")]
struct Asked<'a> {
    http: Arc<dyn HttpClient>,
    cache: Arc<dyn Cache>,
    app: &'a App,
}

#[cfg(feature = "http-client")]
impl Asked<'_> {
    fn through(&self, vendor: impl Vendor + 'static) -> Arc<dyn Geocoder> {
        let (http, clock) = (Arc::clone(&self.http), Arc::clone(&self.app.clock));
        let remote = Remote::new(vendor, http, clock, Arc::new(SystemClock));
        Arc::new(Cached::new(remote, Arc::clone(&self.cache), self.app.secret.bytes(), REMEMBERED))
    }
}

fn folders(config: &Config, private: &Path, public: &Path, app: &App) -> anyhow::Result<LocalFolders> {
    let origin = Url::parse(&config.settings.origins.primary).context("PRIMARY_ORIGIN is no address")?;
    let advice = |folder: &Path| {
        format!("files cannot be kept in {}: set TURNOUT_DATA_DIR, or let us write there", folder.display())
    };
    let files = LocalFiles::open(private, origin.clone(), app.secret.bytes(), Arc::clone(&app.clock));
    let mut files = files.with_context(|| advice(private))?;
    if let Some(previous) = &config.previous_key {
        files = files.with_previous(previous.reveal().as_bytes());
    }
    let published = LocalPublicFiles::open(public, origin).with_context(|| advice(public))?;
    Ok(LocalFolders { private: Arc::new(files), public: Arc::new(published) })
}

#[cfg(feature = "s3")]
fn s3_options(place: &S3Place) -> S3Options {
    let mut options = S3Options::new(&place.region);
    if let Some((id, secret)) = &place.keys {
        options = options.with_keys(id, secret.reveal());
    }
    if let Some(endpoint) = &place.endpoint {
        options = options.with_endpoint(endpoint.clone());
    }
    options
}

/// What processes share by Redis where there is one; otherwise each has it for itself.
struct Shared {
    wake: Arc<dyn Wake>,
    cache: Arc<dyn Cache>,
    throttle: Arc<dyn Throttle>,
}

async fn shared(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Shared> {
    let cache = LocalCache::new(CACHE, Arc::clone(clock));
    let throttle = LocalThrottle::new(Arc::clone(clock));
    #[cfg(feature = "redis")]
    if let Some(settings) = &config.redis {
        let redis = redis(settings)?;
        return Ok(Shared {
            wake: Arc::new(RedisWake::open(redis.clone(), RandomIds.uuid()).await),
            cache: Arc::new(RedisCache::new(redis.clone(), cache)),
            throttle: Arc::new(RedisThrottle::new(redis, throttle)),
        });
    }
    anyhow::ensure!(config.redis.is_none(), "REDIS_URL needs a build with the feature redis");
    Ok(Shared { wake: Arc::new(LocalWake::new()), cache: Arc::new(cache), throttle: Arc::new(throttle) })
}

/// The server may be away.
#[cfg(feature = "redis")]
fn redis(settings: &config::Redis) -> anyhow::Result<Redis> {
    choose_crypto();
    let observer: RedisObserver = Arc::new(|event| match event {
        RedisEvent::Up => metrics::gauge!("turnout_redis_up").set(1.0),
        RedisEvent::Down => metrics::gauge!("turnout_redis_up").set(0.0),
        RedisEvent::Missed => metrics::counter!("turnout_redis_missed_total").increment(1),
    });
    let redis = Redis::new(settings.address.reveal(), &settings.prefix, Some(observer));
    redis.context("mend REDIS_URL: rediss://user:password@redis.example.org:6379/0")
}

/// The library of forms, with the packet of registrations compiled, so that a form that is no form is found at a start.
async fn forms(config: &Config) -> anyhow::Result<FormLibrary> {
    let folder = config.forms.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let library = FormLibrary::open(folder.as_deref())?;
        library.packet(PacketName::Registration)?;
        Ok::<_, turnout_pdf::Error>(library)
    });
    opened
        .await?
        .context("the forms cannot be used: mend TURNOUT_FORMS_DIR, or unset it for samples of our own")
}

/// How many processors there are to work on.
#[must_use]
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The ports that do not depend on where rows and files are kept: clock, ids, keys, tokens, mail and settings.
///
/// Makes and keeps a key when the settings have none, and tidies the outbox, so it reads and writes files.
///
/// # Errors
/// When the key or mails cannot be kept, or the mail server's address cannot be used; says what to do next.
pub fn begin(config: &Config, store: impl Store) -> anyhow::Result<AppBuilder> {
    let key = config.key.obtain(rand::random()).with_context(|| {
        format!("the key cannot be kept in {}: set SECRET_KEY, or let us write there", config.data.display())
    })?;
    let key = key.reveal().as_bytes();
    let mut tokens = DerivedTokens::new(key, config.files.token_lifetime);
    let wording = crate::locales::wording(config.locales.as_deref())
        .context("the texts cannot be used: mend TURNOUT_LOCALES_DIR, or unset it for ours alone")?;
    let mut builder = App::builder(store, SystemClock, RandomIds, key)
        .with_settings(config.settings.clone())
        .with_wording(wording)
        .with_time_zones(EmbeddedZones)
        .with_measures(measures::messages::MessageMeasures);
    if let Some(previous) = &config.previous_key {
        let previous = previous.reveal().as_bytes();
        tokens = tokens.with_previous(previous);
        builder = builder.with_previous_secret(previous);
    }
    if let Some(pepper) = &config.api_key_pepper {
        builder = builder.with_api_key_pepper(pepper.reveal().as_bytes());
    }
    if let Some(secret) = &config.letters.webhook_secret {
        builder = builder.with_letter_webhook_secret(secret.reveal().as_bytes());
    }
    #[cfg(feature = "crash-points")]
    if let Some(at) = config.crash_at {
        builder = builder.with_crash_points(at.abort());
    }
    with_sms(with_mail(builder.with_file_tokens(tokens), &config.mail)?, &config.sms)
}

/// Who knows polling places, draws maps and makes links short, where there are keys; our own locator needs none, as a
/// switch says where it is asked.
#[cfg(feature = "http-client")]
fn maps(config: &Config, http: &Arc<dyn HttpClient>, app: &mut App) {
    if let Some(base) = &config.maps.locator {
        app.own_locator = Arc::new(OwnLocator::new(Arc::clone(http), base));
    }
    if let Some(Keyed { key, base }) = &config.maps.civic {
        app.locator = Arc::new(Civic::new(Arc::clone(http), base, key.clone()));
    }
    if let Some(Keyed { key, base }) = &config.maps.mapbox {
        app.map = Arc::new(Mapbox::new(Arc::clone(http), base.clone(), key.clone()));
    }
    if let Some(Keyed { key, base }) = &config.maps.i90 {
        app.links = Arc::new(I90::new(Arc::clone(http), base.clone(), key.clone()));
    }
}

/// Where the team hears of things.
#[cfg(feature = "http-client")]
fn chat(config: &Config, http: &Arc<dyn HttpClient>, app: &mut App) -> anyhow::Result<()> {
    let slack = |webhook: &Secret| {
        let webhook = Url::parse(webhook.reveal()).context("a webhook of Slack is no address")?;
        anyhow::Ok(Arc::new(Slack::new(Arc::clone(http), webhook)))
    };
    if let Some(webhook) = &config.chat.leads {
        app.chat = slack(webhook)?;
    }
    if let Some(webhook) = &config.chat.data_errors {
        app.data_chat = slack(webhook)?;
    }
    Ok(())
}

/// Who is told when facts about states change, and who watches what they name.
#[cfg(feature = "http-client")]
fn publishing(config: &Config, http: &Arc<dyn HttpClient>, app: &mut App) -> anyhow::Result<()> {
    if let Some(Cdn { base, zone, token }) = &config.publishing.cdn {
        app.cdn = Arc::new(Cloudflare::new(Arc::clone(http), base, zone, token.clone()));
    }
    if let Some(Monitor { base, user, password }) = &config.publishing.monitor {
        app.monitor = Arc::new(Uptime::new(Arc::clone(http), base.clone(), user, password.clone()));
    }
    // people type these addresses: in production they reach nothing that only this network can
    let client = if config.debug { Arc::clone(http) } else { Arc::new(Reqwest::for_public_hosts()?) };
    app.builds = Arc::new(Netlify::new(client));
    Ok(())
}

fn with_mail(builder: AppBuilder, mail: &Mail) -> anyhow::Result<AppBuilder> {
    Ok(match mail {
        Mail::Outbox(folder) => builder.with_email(outbox(folder)?),
        Mail::Server(server) => builder.with_email(smtp(server)?),
        Mail::Off => builder,
    })
}

fn with_sms(builder: AppBuilder, sms: &Sms) -> anyhow::Result<AppBuilder> {
    Ok(match &sms.sender {
        #[cfg(feature = "http-client")]
        SmsPlace::Twilio(TwilioAccount { account, token, service, base }) => {
            let http: Arc<dyn HttpClient> = Arc::new(Reqwest::new()?);
            let twilio = Twilio::new(http, base, account.clone(), token.clone(), service.clone());
            builder.with_sms(twilio.clone()).with_sms_log(twilio)
        }
        #[cfg(not(feature = "http-client"))]
        SmsPlace::Twilio(_) => anyhow::bail!("TWILIO_ACCOUNT_SID needs a build with the feature http-client"),
        SmsPlace::Outbox(folder) => builder.with_sms(TextOutbox::new(folder)),
        SmsPlace::Off => builder,
    })
}

fn outbox(folder: &Path) -> anyhow::Result<Outbox> {
    Outbox::open(folder).with_context(|| {
        format!("mails cannot be kept in {}: set TURNOUT_DATA_DIR, or let us write there", folder.display())
    })
}

/// The crypto provider of TLS is chosen by the one who opens connections (decision 9).
fn choose_crypto() {
    // an error says that somebody chose one before, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn smtp(server: &MailServer) -> anyhow::Result<Smtp> {
    choose_crypto();
    let smtp = Smtp::new(server.name, server.url.reveal(), server.timeout);
    let smtp = smtp.context("mend SMTP_URL: smtps://user:password@host:465")?;
    Ok(match &server.smtpapi {
        Some(value) => smtp.with_smtpapi(value.clone()),
        None => smtp,
    })
}

/// The whole of HTTP over these ports.
#[must_use]
pub fn web(config: &Config, wired: &Wired) -> Web {
    let mut routes = crate::routes::all();
    if let Some(folders) = &wired.local_files {
        routes.push(crate::routes::local_files(Arc::clone(&folders.private)));
        routes.push(crate::routes::local_public_files(Arc::clone(&folders.public)));
    }
    if config.http.metrics {
        routes.push(crate::routes::metrics());
    }
    if let (Mail::Outbox(folder), true) = (&config.mail, config.http.dev_pages) {
        routes.extend(crate::routes::dev(&Outbox::new(folder), &wired.app.wording));
    }
    Web::with_routes(wired.app.clone(), http_settings(config), routes)
}

/// How HTTP is answered under these settings.
#[must_use]
pub fn http_settings(config: &Config) -> HttpSettings {
    let (deployment, limits) = (&config.deployment, &config.http.limits);
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    HttpSettings {
        allowed_hosts: config.http.allowed_hosts.clone(),
        trusted_proxies: config.http.trusted_proxies.clone(),
        trusted_client_header: config.http.client_header.clone(),
        twilio_token: config.sms.token.clone(),
        sendgrid_key: config.sendgrid_key.clone(),
        tags: TagSettings {
            env: deployment.environment.clone(),
            tag: deployment.tag.clone(),
            build: deployment.build.clone(),
            cloud_detail: deployment.detail.clone(),
        },
        body_limit: count(limits.body),
        request_timeout: limits.request_timeout,
        body_timeout: limits.body_timeout,
        header_timeout: limits.header_timeout,
        stall_timeout: limits.stall_timeout,
        shutdown_delay: limits.shutdown_delay,
        drain_timeout: limits.drain_timeout,
        connections: count(limits.connections),
    }
}
