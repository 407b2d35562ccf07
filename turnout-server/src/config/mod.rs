//! What the environment says, as values.
//!
//! [`Env`] is the process environment over a `.env` file and the only thing here that knows either; [`table`] declares
//! every variable; one file per section reads its own; [`Complaints`] gathers everything that is wrong, so that an
//! operator sees all of it at once. What the rules read is `turnout_core::settings`, which [`Config::settings`] fills.

mod absentee;
mod accounts;
mod chat;
mod complaints;
mod contact_lists;
#[cfg(feature = "crash-points")]
mod crash;
mod database;
mod deployment;
mod email;
mod env;
mod fax;
mod features;
mod files;
mod geocoding;
mod http;
mod keeping;
mod letters;
mod limits;
mod maps;
mod movers;
mod observing;
mod officials;
mod publishing;
mod reader;
mod redis;
mod registration;
mod rollouts;
mod secret;
mod sms;
pub mod table;

use std::path::PathBuf;

pub use chat::Chat;
pub use complaints::Complaints;
pub use contact_lists::ContactLists;
#[cfg(feature = "crash-points")]
pub use crash::CrashAt;
pub use database::{Database, RowPlace, ServerPlace, Synchronous};
pub use deployment::Deployment;
pub use email::{Mail, MailServer, MailWay};
pub use env::Env;
pub use fax::{Fax, FaxPlace, FaxQueue};
pub use files::{FilePlace, Files, S3Place};
pub use geocoding::{Geocoding, Keyed};
pub use http::{Http, HttpLimits};
pub use letters::{Letters, MailHouse};
pub use maps::Maps;
pub use movers::Movers;
pub use observing::{Dsn, Observing, Traces};
pub use publishing::{Cdn, Monitor, Publishing};
pub use reader::{Shown, Source};
pub use redis::Redis;
pub use registration::Pennsylvania;
pub use rollouts::Rollouts;
pub use secret::{Secret, SigningKey};
pub use sms::{Sms, SmsPlace, TextWay, TwilioAccount};
use turnout_core::{
    settings::Settings,
    switch::{SwitchName, SwitchValue},
};
use url::Url;

use reader::Reader;
use table::Standing;

pub use crate::providers::sendgrid::EventKey;

/// How many entries a page of a list has at the most.
const MOST_ENTRIES: u32 = 1_000;

/// Which part of the whole a process plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Everything, on embedded defaults.
    AllInOne,
    /// Answers HTTP.
    Serve,
    /// Runs jobs.
    Worker,
    /// Enqueues what is due.
    Scheduler,
    /// Brings the database up to date.
    Migrate,
}

impl Role {
    /// The command that plays it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AllInOne => "all-in-one",
            Self::Serve => "serve",
            Self::Worker => "worker",
            Self::Scheduler => "scheduler",
            Self::Migrate => "migrate",
        }
    }
}

/// The settings of a process.
#[derive(Debug)]
pub struct Config {
    /// The part it plays.
    pub role: Role,
    /// Whether this is a machine of a developer, `DEBUG`. Production is its opposite.
    pub debug: bool,
    /// Where the embedded run keeps what it keeps.
    pub data: PathBuf,
    /// The folder of official forms.
    pub forms: Option<PathBuf>,
    /// The folder of languages of the operator's own.
    pub locales: Option<PathBuf>,
    /// The folder of boundaries that were imported.
    pub gis: PathBuf,
    /// What switches are set to that nobody has set.
    pub first_switches: Vec<(SwitchName, SwitchValue)>,
    /// What is logged, as `tracing_subscriber::EnvFilter` takes it.
    pub log: String,
    /// Signs and derives.
    pub key: SigningKey,
    /// The key before the last rotation.
    pub previous_key: Option<Secret>,
    /// What the secrets of API keys are hashed with, where it is not derived from the key.
    pub api_key_pepper: Option<Secret>,
    /// How we are reached.
    pub http: Http,
    /// Rows.
    pub database: Database,
    /// What processes share beside the database; each keeps to itself without it.
    pub redis: Option<Redis>,
    /// Files.
    pub files: Files,
    /// Mail.
    pub mail: Mail,
    /// What is done to mails on their way.
    pub mail_way: MailWay,
    /// Who gets test messages.
    pub test_addresses: Vec<String>,
    /// What is done to texts on their way.
    pub text_way: TextWay,
    /// By which SendGrid's reports are known to be its own; without it none is believed.
    pub sendgrid_key: Option<EventKey>,
    /// Text messages.
    pub sms: Sms,
    /// Who says which features are on, if not the database.
    pub rollouts: Option<Rollouts>,
    /// Where Florida's pages for ballot requests are listed.
    pub florida_list: Url,
    /// Faxes.
    pub fax: Fax,
    /// Who is asked where an address is.
    pub geocoding: Geocoding,
    /// Who knows polling places, draws maps, and makes links short.
    pub maps: Maps,
    /// Who supplies the list of election offices.
    pub officials: Option<Keyed>,
    /// Contact lists, where there is a key.
    pub contact_lists: Option<ContactLists>,
    /// Who tells of people that moved.
    pub movers: Option<Movers>,
    /// Addresses and letters.
    pub letters: Letters,
    /// Where the team hears of things.
    pub chat: Chat,
    /// What is published of facts about states, and who watches what they name.
    pub publishing: Publishing,
    /// Who takes registrations online in Pennsylvania.
    pub pennsylvania: Option<Pennsylvania>,
    /// Which deployment this is.
    pub deployment: Deployment,
    /// How we are seen from outside.
    pub observing: Observing,
    /// What the rules read.
    pub settings: Settings,
    /// Where a test wants the process to die.
    #[cfg(feature = "crash-points")]
    pub crash_at: Option<CrashAt>,
    /// Every variable with the value in force, secrets masked.
    pub shown: Vec<Shown>,
    /// The names that are set and do nothing, with the reason.
    pub idle: Vec<(&'static str, Standing)>,
}

impl Config {
    /// Reads all sections for a role and notes everything that is wrong. The result may be used only when there is no
    /// complaint.
    #[must_use]
    pub fn read(env: &Env, role: Role, complaints: &mut Complaints) -> Self {
        let known: Vec<&str> =
            table::all().map(|it| it.name).chain(table::idle().map(|(name, _)| name)).collect();
        env.warn_of_near_names(&known, complaints);
        let idle = set_and_idle(env);

        let mut reader = Reader::new(env, role, complaints);
        let debug = reader.flag("DEBUG");
        let data = reader.given("TURNOUT_DATA_DIR");
        reader.place("DATA", data.trim_end_matches('/'));
        let data = PathBuf::from(data);
        let production = !debug && role != Role::Migrate;
        let forms = folder(&mut reader, "TURNOUT_FORMS_DIR");
        let locales = folder(&mut reader, "TURNOUT_LOCALES_DIR");
        let gis = PathBuf::from(reader.given("TURNOUT_GIS_DIR"));
        let first_switches = features::read(&mut reader);
        let log = log(&mut reader);
        let (key, previous_key) = keys(&mut reader, production, data.join("secret.key"));

        let api_key_pepper = pepper(&mut reader);

        let mut settings = Settings::default();
        let mut http = Http::read(&mut reader, &mut settings.origins);
        reader.place("PRIMARY_ORIGIN", settings.origins.primary.clone());
        settings.rate_limits = limits::read(&mut reader, production);
        let database = Database::read(&mut reader, production);
        let redis = Redis::read(&mut reader);
        let deployment = Deployment::read(&mut reader);
        let observing = Observing::read(&mut reader, http.listen, &deployment);
        keeping::read(&mut reader, &mut settings.retention);
        let files = Files::read(&mut reader, &mut settings.file, &data, &deployment.environment);
        let mail = Mail::read(&mut reader, &mut settings.email, &deployment, production, data.join("outbox"));
        let sendgrid_key = email::event_key(&mut reader);
        let mail_way = MailWay::read(&mut reader, &deployment);
        let test_addresses = email::test_addresses(&mut reader);
        let text_way = TextWay::read(&mut reader, &deployment);
        let sms = Sms::read(&mut reader, &mut settings.sms, data.join("outbox"));
        let rollouts = Rollouts::read(&mut reader, data.join("optimizely.json"));
        let florida_list = absentee::florida_list(&mut reader, &mut settings.absentee);
        let fax = Fax::read(&mut reader, &mut settings, &files, &deployment, production, data.join("faxes"));
        let geocoding = Geocoding::read(&mut reader);
        let maps = Maps::read(&mut reader);
        let officials = officials::read(&mut reader, &mut settings);
        let contact_lists = ContactLists::read(&mut reader, &mut settings.crm, &deployment.environment);
        let movers = movers::read(&mut reader, &mut settings);
        let letters =
            Letters::read(&mut reader, &mut settings.letter, &deployment, production, data.join("letters"));
        registration::read(&mut reader, &mut settings);
        let most = http.limits.request_timeout;
        let pennsylvania = Pennsylvania::read(&mut reader, &mut settings, most);
        absentee::read(&mut reader, &mut settings.absentee);
        settings.account = accounts::read(&mut reader);
        settings.election.second_person = reader.flag("ELECTION_SECOND_PERSON");
        settings.webhook.any_host = role == Role::AllInOne && !production;
        settings.listing.page_size = reader.number("MANAGEMENT_ACTION_PAGINATION_SIZE", 1).min(MOST_ENTRIES);
        let chat = Chat::read(&mut reader, &mut settings);
        let publishing = Publishing::read(&mut reader, &mut settings.election, &deployment.environment);
        #[cfg(feature = "crash-points")]
        let crash_at = CrashAt::read(env, reader.complaints);

        let simulated = matches!(mail, Mail::Outbox(_));
        http.settle_dev_pages(&mut reader, simulated, production);
        if role == Role::AllInOne && http.dev_pages {
            settings.origins.book = Some(format!("http://localhost:{}", http.docs_port));
        }
        let shown = reader.into_shown();
        Self {
            role,
            debug,
            data,
            forms,
            locales,
            gis,
            first_switches,
            log,
            key,
            previous_key,
            api_key_pepper,
            http,
            database,
            redis,
            files,
            mail,
            mail_way,
            test_addresses,
            text_way,
            sendgrid_key,
            sms,
            rollouts,
            florida_list,
            fax,
            geocoding,
            maps,
            officials,
            contact_lists,
            movers,
            letters,
            chat,
            publishing,
            pennsylvania,
            deployment,
            observing,
            settings,
            #[cfg(feature = "crash-points")]
            crash_at,
            shown,
            idle,
        }
    }
}

impl Config {
    /// Whether anybody is told what is counted and measured.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.http.metrics || self.observing.listen.is_some() || self.observing.statsd.is_some()
    }
}

/// What is set and does nothing.
fn set_and_idle(env: &Env) -> Vec<(&'static str, Standing)> {
    table::idle().filter(|(name, _)| env.text(name).is_some()).collect()
}

fn folder(reader: &mut Reader<'_>, name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(reader.text(name)?);
    if !path.is_dir() {
        reader.complaints.wrong(name, "must be a folder that exists", "/srv/turnout/forms");
    }
    Some(path)
}

/// `TURNOUT_LOG`, or what Python calls its levels in `DJANGO_LOGGING_LEVEL`.
fn log(reader: &mut Reader<'_>) -> String {
    let level = reader.text("DJANGO_LOGGING_LEVEL");
    let filter = reader.given("TURNOUT_LOG");
    if filter.parse::<tracing_subscriber::filter::Targets>().is_err() {
        reader.complaints.wrong("TURNOUT_LOG", "must be a level, or target=level parts", "info,sqlx=warn");
    }
    let Some(level) = level else { return filter };
    let translated = match level.to_ascii_uppercase().as_str() {
        "DEBUG" => "debug",
        "INFO" => "info",
        "WARNING" | "WARN" => "warn",
        "ERROR" | "CRITICAL" | "FATAL" => "error",
        _ => {
            reader.complaints.wrong("DJANGO_LOGGING_LEVEL", "must be a level of Python's logging", "INFO");
            return filter;
        }
    };
    if reader.is_set("TURNOUT_LOG") { filter } else { translated.to_owned() }
}

/// The default of the Django service counts as absent (`settings.md` 1).
fn keys(reader: &mut Reader<'_>, production: bool, kept: PathBuf) -> (SigningKey, Option<Secret>) {
    const NOT_A_KEY: &str = "SET_THIS_KEY";
    let advice = "\"$(openssl rand -base64 48)\"";
    let given = reader.text("SECRET_KEY").filter(|key| key != NOT_A_KEY);
    let previous = reader.text("SECRET_KEY_PREVIOUS").map(Secret::new);
    let key = match given {
        Some(key) => {
            if production && key.len() < 32 {
                reader.complaints.wrong("SECRET_KEY", "must have at least 32 characters", advice);
            }
            SigningKey::Given(Secret::new(key))
        }
        None => {
            if production {
                reader.complaints.wrong("SECRET_KEY", "must be set when DEBUG is false", advice);
            }
            SigningKey::Kept(kept)
        }
    };
    (key, previous)
}

/// Under either name; two that differ leave open under which the keys were made.
fn pepper(reader: &mut Reader<'_>) -> Option<Secret> {
    let (ours, theirs) = (reader.text("API_KEY_PEPPER"), reader.text("API_KEY_PEEPER"));
    if ours.is_some() && theirs.is_some() && ours != theirs {
        reader.complaints.wrong("API_KEY_PEPPER", "must be the same as API_KEY_PEEPER, or the only one", "…");
    }
    ours.or(theirs).map(Secret::new)
}
