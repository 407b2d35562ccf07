//! Every variable there is, once: its name, kind, default and meaning, and beside them the names of the Django service
//! that do nothing here, with the reason. The documents are generated from it.

use std::fmt;

use super::Role;

/// How the value of a variable is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Text that must not be shown.
    Secret,
    /// `true` or `false`, and what else `settings.md` takes for them.
    Flag,
    /// A whole number.
    Number,
    /// Parts between commas.
    List,
    /// An address with a scheme.
    Url,
    /// A folder.
    Folder,
}

impl Kind {
    /// The kind in words, for the documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secret => "secret",
            Self::Flag => "true or false",
            Self::Number => "whole number",
            Self::List => "list, by commas",
            Self::Url => "address",
            Self::Folder => "folder",
        }
    }
}

/// One variable of the environment.
#[derive(Debug)]
pub struct Variable {
    /// Its name, as in the Django service where it has one there.
    pub name: &'static str,
    /// How its value is written.
    pub kind: Kind,
    /// What counts when it is not set; empty when nothing does.
    pub default: &'static str,
    /// What counts instead in `all-in-one`, where that differs. `{LISTEN}` is the host and port we listen on.
    pub embedded: Option<&'static str>,
    /// What it is for, with its unit.
    pub meaning: &'static str,
    /// The variable that this is another name of.
    pub alias_of: Option<&'static str>,
}

impl Variable {
    const fn new(name: &'static str, kind: Kind, default: &'static str, meaning: &'static str) -> Self {
        Self { name, kind, default, embedded: None, meaning, alias_of: None }
    }

    const fn embedded(mut self, default: &'static str) -> Self {
        self.embedded = Some(default);
        self
    }

    const fn alias_of(mut self, name: &'static str) -> Self {
        self.alias_of = Some(name);
        self
    }

    /// What counts in that role when the variable is not set.
    #[must_use]
    pub fn default_in(&self, role: Role) -> &'static str {
        match self.embedded {
            Some(embedded) if role == Role::AllInOne => embedded,
            _ => self.default,
        }
    }
}

/// What becomes of a name of the Django service (`settings.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does what it did there.
    Used,
    /// It is another name of this variable of ours.
    AliasOf(&'static str),
    /// It may be set and does nothing, because of this.
    WithoutEffect(&'static str),
}

/// In words, as in the documents.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Used => f.write_str("used"),
            Self::AliasOf(name) => write!(f, "alias of {name}"),
            Self::WithoutEffect(because) => write!(f, "accepted without effect, because {because}"),
        }
    }
}

/// Names of the Django service that do nothing here, for one reason.
#[derive(Debug)]
pub struct Idle {
    /// The names.
    pub names: &'static [&'static str],
    /// Why they do nothing.
    pub standing: Standing,
}

impl Idle {
    const fn without_effect(because: &'static str, names: &'static [&'static str]) -> Self {
        Self { names, standing: Standing::WithoutEffect(because) }
    }
}

/// Variables that belong together.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The variables.
    pub variables: &'static [Variable],
    /// The names that do nothing.
    pub idle: &'static [Idle],
}

use Kind::{Flag, Folder, List, Number, Secret, Text, Url};

/// All of them.
pub const TABLE: &[Group] = &[
    Group {
        title: "Core",
        variables: &[
            Variable::new("DEBUG", Flag, "false", "a machine of a developer; false means production, which refuses unsafe settings")
                .embedded("true"),
            Variable::new("SECRET_KEY", Secret, "", "signs resume tokens and is what file links are derived from; when absent outside production, one is made and kept in `TURNOUT_DATA_DIR/secret.key`"),
            Variable::new("SECRET_KEY_PREVIOUS", Secret, "", "the key before the last rotation: its links and tokens still work"),
            Variable::new("API_KEY_PEPPER", Secret, "", "what the secrets of API keys are hashed with; a new one voids every key; when absent, derived from SECRET_KEY"),
            Variable::new("API_KEY_PEEPER", Secret, "", "as the Django service calls it").alias_of("API_KEY_PEPPER"),
            Variable::new("TURNOUT_DATA_DIR", Folder, "var", "where files, outbox and key are kept, and in `all-in-one` the database"),
            Variable::new("TURNOUT_FORMS_DIR", Folder, "", "the official forms; without it our own sample form is drawn"),
            Variable::new("TURNOUT_LOCALES_DIR", Folder, "", "languages of your own for mails and texts, or other words: a Fluent file for each, such as `pt-BR.ftl`; `turnout-server messages check` says what is missing or stale"),
            Variable::new("TURNOUT_GIS_DIR", Folder, "{DATA}/gis", "the boundaries that `import gis` writes and servers read"),
            Variable::new("TURNOUT_FEATURES", Text, "", "a TOML file with first values of switches, a table for each feature: `[vbm_esign]`, below it `on = true`, `OH = true`; `migrate` and `all-in-one` set what nobody has set yet; `turnout-server features list` names them all"),
            Variable::new("TURNOUT_LOG", Text, "info", "what is logged: a level, or `target=level` parts between commas"),
            Variable::new("DJANGO_LOGGING_LEVEL", Text, "", "another name of TURNOUT_LOG, which wins: `DEBUG`, `INFO`, `WARNING`, `ERROR`, `CRITICAL`")
                .alias_of("TURNOUT_LOG"),
        ],
        idle: &[
            Idle::without_effect("it only kept the tests of the Django service on one database", &["TEST"]),
        ],
    },
    Group {
        title: "HTTP",
        variables: &[
            Variable::new("HOST", Text, "127.0.0.1", "the IP address to listen on"),
            Variable::new("PORT", Number, "8000", "the port to listen on"),
            Variable::new("DOCS_PORT", Number, "9003", "the port at which `make docs`, and `all-in-one` once the book is built, show the book"),
            Variable::new("ALLOWED_HOSTS", List, "localhost", "the Host headers we answer to; `*` is any, `.example.org` a domain with everything under it")
                .embedded("localhost,127.0.0.1,[::1]"),
            Variable::new("PRIMARY_ORIGIN", Url, "http://localhost:9001", "this server as the world sees it; HTTPS is known from it")
                .embedded("http://{LISTEN}"),
            Variable::new("WWW_ORIGIN", Url, "http://localhost:8000", "the public web site, where its tools are")
                .embedded("http://{LISTEN}"),
            Variable::new("TRUSTED_PROXIES", List, "", "networks whose X-Forwarded-For is believed: `10.0.0.0/8,192.0.2.1`"),
            Variable::new("TRUSTED_CLIENT_HEADER", Text, "", "the header in which those proxies name the client instead: `CF-Connecting-IP`"),
            Variable::new("HTTP_BODY_LIMIT_BYTES", Number, "1048576", "the most bytes of a request's body"),
            Variable::new("HTTP_REQUEST_TIMEOUT_SECONDS", Number, "30", "how many seconds an answer may take, the arrival of the body included"),
            Variable::new("HTTP_BODY_TIMEOUT_SECONDS", Number, "15", "how many seconds the body of a request may take to arrive"),
            Variable::new("HTTP_HEADER_TIMEOUT_SECONDS", Number, "15", "how many seconds the head of a request may take to arrive, and how long an idle connection is kept"),
            Variable::new("HTTP_STALL_TIMEOUT_SECONDS", Number, "30", "after how many seconds a client that takes nothing of its answer is cut"),
            Variable::new("HTTP_SHUTDOWN_DELAY_SECONDS", Number, "5", "how many seconds requests are still taken after a stop was asked for, while `/-/health/` says 503 and so load balancers send the next ones elsewhere")
                .embedded("0"),
            Variable::new("HTTP_DRAIN_TIMEOUT_SECONDS", Number, "20", "how many seconds open requests may take to end at a stop"),
            Variable::new("HTTP_CONNECTIONS", Number, "4096", "how many connections may be open at once; the next ones wait"),
            Variable::new("TURNOUT_METRICS", Flag, "false", "answers `/-/metrics/` with the process's metrics for Prometheus; keep the path from the world at the load balancer"),
            Variable::new("TURNOUT_DEV_PAGES", Flag, "false", "shows the pages under `/dev/` although HOST is beyond this machine; never in production"),
        ],
        idle: &[],
    },
    Group {
        title: "Rate limits",
        variables: &[
            Variable::new("RATE_LIMITS", Flag, "on", "whether anonymous callers are limited; production refuses `off`"),
            Variable::new("RATE_LIMIT_WRITES_PER_MINUTE", Number, "600", "writes per minute and client address"),
            Variable::new("RATE_LIMIT_WRITES_BURST", Number, "200", "writes at once per client address"),
            Variable::new("RATE_LIMIT_COMPLETIONS_PER_HOUR", Number, "10", "completions per hour and registration"),
            Variable::new("RATE_LIMIT_LINKS_PER_HOUR", Number, "5", "new download links per hour and file"),
            Variable::new("RATE_LIMIT_UPLOADS_PER_HOUR", Number, "120", "uploads of signatures per hour and client address"),
            Variable::new("RATE_LIMIT_LINKS_PER_CLIENT_PER_HOUR", Number, "60", "new download links per hour and client address"),
            Variable::new("RATE_LIMIT_LEADS_PER_HOUR", Number, "10", "wishes to subscribe per hour and client address"),
            Variable::new("RATE_LIMIT_SIGN_INS_PER_HOUR", Number, "20", "attempts to sign in per hour and account"),
            Variable::new("RATE_LIMIT_SIGN_INS_PER_CLIENT_PER_HOUR", Number, "60", "attempts to sign in or to get a new password per hour and client address"),
            Variable::new("RATE_LIMIT_CODES_PER_HOUR", Number, "20", "codes of a second factor that are looked at per hour and account; as often the present password may be given to change it"),
            Variable::new("RATE_LIMIT_CODE_TEXTS_PER_HOUR", Number, "10", "codes that are texted per hour and account"),
            Variable::new("RATE_LIMIT_ACCOUNT_MAILS_PER_HOUR", Number, "5", "links to a new password per hour and account, and mails of one invitation"),
            Variable::new("RATE_LIMIT_SENDS_PER_EMAIL_PER_HOUR", Number, "60", "forms and links that are mailed per hour to one e-mail address"),
            Variable::new("RATE_LIMIT_SENDS_PER_PHONE_PER_HOUR", Number, "60", "completions per hour that name one telephone number"),
            Variable::new("RATE_LIMIT_MAPS_PER_PHONE_PER_HOUR", Number, "10", "maps per hour to one telephone number that writes PPMAP or EVMAP; what is beyond is not answered"),
            Variable::new("RATE_LIMIT_SENDS_PER_SUBSCRIBER_PER_HOUR", Number, "20000", "forms and links that are mailed per hour in the name of one subscriber"),
        ],
        idle: &[],
    },
    Group {
        title: "Database",
        variables: &[
            Variable::new("DATABASE_URL", Url, "sqlite://var/turnout.db", "where rows are kept: `sqlite://PATH`, where a PATH that begins with `/` is absolute; or `postgres://USER:PASSWORD@HOST:5432/NAME?sslmode=verify-full` in a build that knows PostgreSQL (`postgresql://` and `postgis://` mean the same), with `pgbouncer=true` behind such a pooler")
                .embedded("sqlite://{DATA}/turnout.db"),
            Variable::new("READONLY_DATABASE_URL", Url, "", "a PostgreSQL server that is read for reports and audiences, be it a moment behind; unset is that of DATABASE_URL"),
            Variable::new("DATABASE_MAX_CONNECTIONS", Number, "4", "how many connections to each PostgreSQL server this process may have at once; a `worker` has one more, by which it is woken"),
            Variable::new("SQLITE_SYNCHRONOUS", Text, "FULL", "`FULL` survives a power cut; `NORMAL` is faster and may lose the last moments, outside production only"),
        ],
        idle: &[],
    },
    Group {
        title: "Redis",
        variables: &[
            Variable::new("REDIS_URL", Url, "", "the server by which processes share cache, rate limits and wake-ups: `redis://` or `rediss://`; needs a build with the feature `redis`; unset, each process keeps to itself"),
            Variable::new("REDIS_KEY_PREFIX", Text, "turnout", "what stands before every key there"),
        ],
        idle: &[],
    },
    Group {
        title: "Files",
        variables: &[
            Variable::new("FILE_EXPIRATION_HOURS", Number, "168", "how many hours a link to a file works"),
            Variable::new("FILE_TIMEZONE", Text, "America/Los_Angeles", "the zone of the date in file names"),
            Variable::new("FILE_TOKEN_RESET_URL", Url, "https://www.voteamerica.com/download/?id={item_id}", "where a wrong or expired link leads; must hold `{item_id}`")
                .embedded("{PRIMARY_ORIGIN}/download/?id={item_id}"),
            Variable::new("FILE_TOKEN_PURGED_URL", Url, "http://localhost:8000/download-purged/?id={item_id}&filetype={filetype}&purge_days={purge_days}", "where the link of a deleted file leads; may hold `{item_id}`, `{filetype}`, `{purge_days}`")
                .embedded("{PRIMARY_ORIGIN}/download-purged/?id={item_id}&filetype={filetype}&purge_days={purge_days}"),
            Variable::new("FILE_PURGE_DAYS", Number, "", "after how many days files are deleted; unset or 0 is never"),
            Variable::new("AWS_STORAGE_PRIVATE_URL_EXPIRATION", Number, "15", "how many seconds the link to the bytes works; on S3 604800 at the most"),
            Variable::new("ATTACHMENT_USE_S3", Flag, "false", "keeps files on S3, not in `files/` of TURNOUT_DATA_DIR; needs a build with the feature `s3`"),
            Variable::new("AWS_STORAGE_PRIVATE_BUCKET_NAME", Text, "", "the bucket of voters' documents; required with S3"),
            Variable::new("AWS_STORAGE_BUCKET_NAME", Text, "", "the bucket of public files, which everybody may read; required with S3"),
            Variable::new("ATTACHMENT_DEFAULT_S3_PATH", Text, "", "what stands before the names of objects in both buckets; unset is ENV, `/` is nothing"),
            Variable::new("AWS_S3_CUSTOM_DOMAIN", Text, "", "the host under which the world reads the public bucket; unset is the bucket's own"),
            Variable::new("AWS_DEFAULT_REGION", Text, "us-west-2", "the region of Amazon's services"),
            Variable::new("AWS_S3_REGION_NAME", Text, "", "the region of the buckets; unset is AWS_DEFAULT_REGION"),
            Variable::new("AWS_ACCESS_KEY_ID", Text, "", "whose rights are used, on S3 and SQS; unset are those of the machine's role"),
            Variable::new("AWS_SECRET_ACCESS_KEY", Secret, "", "the secret of AWS_ACCESS_KEY_ID"),
            Variable::new("AWS_ENDPOINT_URL_S3", Url, "", "another server that speaks like S3"),
        ],
        idle: &[],
    },
    Group {
        title: "Keeping",
        variables: &[
            Variable::new("KEEP_REGISTRATIONS_DAYS", Number, "", "after how many days registrations are deleted, with their actions, events, files and letters; unset or 0 is never, as for all that follow"),
            Variable::new("KEEP_BALLOT_REQUESTS_DAYS", Number, "", "the same of ballot requests"),
            Variable::new("KEEP_LOOKUPS_DAYS", Number, "", "the same of questions to the voter roll"),
            Variable::new("KEEP_REMINDERS_DAYS", Number, "", "the same of requests to be reminded"),
            Variable::new("KEEP_POLLING_PLACES_DAYS", Number, "", "the same of questions about polling places"),
            Variable::new("KEEP_MOVER_LEADS_DAYS", Number, "", "after how many days without a change leads of people who moved are deleted, with their letters; at least 90"),
            Variable::new("KEEP_VOTERS_DAYS", Number, "", "after how many days without a change voters whom the rolls know are deleted, where no action leads to them any more"),
            Variable::new("KEEP_TEXTS_DAYS", Number, "", "after how many days texts are deleted that came or went; who wants none stays noted"),
            Variable::new("KEEP_BLAST_RECIPIENTS_DAYS", Number, "", "after how many days it is deleted whom a blast was for that is done"),
            Variable::new("KEEP_HELD_MAILS_DAYS", Number, "90", "after how many days it is deleted what was decided about mails that were held"),
            Variable::new("KEEP_WEBHOOK_DELIVERIES_DAYS", Number, "30", "after how many days deliveries of webhooks are deleted, counted from when they were last put in line; as long they are seen and can be sent again; at least 7"),
            Variable::new("KEEP_CHANGES_DAYS", Number, "", "after how many days the log of the management site is deleted"),
        ],
        idle: &[],
    },
    Group {
        title: "E-mail",
        variables: &[
            Variable::new("SMTP_URL", Secret, "", "the mail server: `smtps://user:password@host:465`, or `smtp://user:password@host:587?tls=required` for STARTTLS"),
            Variable::new("SENDGRID_API_KEY", Secret, "", "sends by smtp.sendgrid.net when SMTP_URL is not set"),
            Variable::new("EMAIL_REDIRECT_TO", Text, "", "who gets every mail instead of those whom it is for, who are named to it: for staging"),
            Variable::new("EMAIL_PER_MINUTE", Number, "", "how many mails go out each minute at the most, over all processes with REDIS_URL, else of each; unset or 0 is as many as there are"),
            Variable::new("TEST_ADDRS", List, "", "who gets what `turnout-server messages send-test` sends: addresses between commas, or a JSON list of them"),
            Variable::new("SENDGRID_EVENT_WEBHOOK_KEY", Text, "", "the verification key of SendGrid's signed event webhook; what it reports of bounces, complaints and wishes keeps addresses from being mailed; unset, no report is believed"),
            Variable::new("EMAIL_SEND_TIMEOUT", Number, "60", "how many seconds a mail server may take"),
            Variable::new("DEFAULT_EMAIL_FROM", Text, "hello@voteamerica.com", "the address of transactional mail"),
            Variable::new("MANAGEMENT_NOTIFICATION_FROM", Text, "noreply@voteamerica.com", "the sender of mail without a subscriber"),
        ],
        idle: &[
            Idle::without_effect("it had none with the SMTP transport either", &["SENDGRID_SANDBOX_MODE_IN_DEBUG"]),
        ],
    },
    Group {
        title: "Actions and registrations",
        variables: &[
            Variable::new("ACTION_CHECK_UNFINISHED_DELAY", Number, "900", "after how many seconds we look whether an action was finished"),
            Variable::new("REGISTER_CO_VRD_ENABLED", Flag, "false", "links to Colorado's online registration carry REGISTER_CO_VRD_ID"),
            Variable::new("REGISTER_CO_VRD_ID", Text, "", "Colorado's id of the drive"),
            Variable::new("REGISTER_WA_VRD_ENABLED", Flag, "false", "links to Washington's online registration carry REGISTER_WA_VRD_ID"),
            Variable::new("REGISTER_WA_VRD_ID", Text, "", "Washington's id of the drive"),
            Variable::new("REGISTER_RESUME_URL", Url, "http://localhost:8000/register-to-vote/resume/", "where a voter goes on with a registration")
                .embedded("{PRIMARY_ORIGIN}/register-to-vote/resume/"),
            Variable::new("REGISTER_JWT_EXPIRATION_MINUTES", Number, "60", "how many minutes a resume token works"),
            Variable::new("VERIFIER_UPSELL_DELAY_SECONDS", Number, "60", "how many seconds after a check at the state's own tool the mail about what is next goes out"),
            Variable::new("REGISTER_UPSELL_DELAY_SECONDS", Number, "300", "how many seconds after an online registration the mail about what is next goes out"),
            Variable::new("REGISTER_LOB_CONFIRM_NAG_SECONDS", Number, "300", "how many seconds after the mail that asks whether a registration form is to be mailed a text reminds of it"),
            Variable::new("PA_OVR_KEY", Secret, "", "Pennsylvania's key for its online registration; without it such calls answer `unknown_error`, and the form on paper is open"),
            Variable::new("PA_OVR_STAGING", Flag, "true", "asks the state's test system; `false` registers voters"),
            Variable::new("PA_OVR_BASE_URL", Url, "", "where Pennsylvania is asked, for a simulator; unset is https://paovrwebapi.vote.pa.gov, or https://paovrwebapi.beta.vote.pa.gov with PA_OVR_STAGING"),
            Variable::new("PA_OVR_TIMEOUT_SECONDS", Number, "25", "how many seconds Pennsylvania may take to answer; less than HTTP_REQUEST_TIMEOUT_SECONDS, since a voter waits for it"),
            Variable::new("PA_COUNTIES_SYNC", Flag, "false", "publishes the counties and municipalities that Pennsylvania knows each day, as `pa-counties/counties.json`; `sync pa-counties` does it at once"),
            Variable::new("PA_COUNTIES_BUCKET", Text, "", "the bucket in which they are published, where it is another than AWS_STORAGE_BUCKET_NAME; needs ATTACHMENT_USE_S3"),
            Variable::new("PA_COUNTIES_CRON_HOUR", Text, "5", "the hour at which they are published, in UTC, as in a cron expression"),
            Variable::new("PA_COUNTIES_CRON_MINUTE", Text, "25", "the minute, likewise"),
        ],
        idle: &[
            Idle::without_effect("forms are filled in this process, without pdftk or a remote function", &["PDFTK_PATH", "PDF_GENERATION_LAMBDA_ENABLED", "PDF_GENERATION_LAMBDA_FUNCTION"]),
        ],
    },
    Group {
        title: "Deployment",
        variables: &[
            Variable::new("CLOUD_STACK", Text, "local", "the stack's name"),
            Variable::new("CLOUD_DETAIL", Text, "", "more about the stack"),
            Variable::new("ENV", Text, "", "the environment's name, the prefix of Cache-Tag; unset is that of CLOUD_STACK"),
            Variable::new("TAG", Text, "", "the release"),
            Variable::new("BUILD", Text, "0", "the build"),
            Variable::new("SERVER_GROUP", Text, "", "the group of servers, for metrics and traces"),
            Variable::new("OPTIMIZELY_SDK_KEY", Secret, "", "the SDK key of a data file at Optimizely, which then decides which features are on; unset, `turnout-server features` does"),
            Variable::new("OPTIMIZELY_UPDATE_INTERVAL_SECONDS", Number, "30", "how many seconds after a look at that file the next one is"),
            Variable::new("OPTIMIZELY_BASE_URL", Url, "https://cdn.optimizely.com", "where the data files are, for a simulator"),
        ],
        idle: &[
        ],
    },
    Group {
        title: "Publishing",
        variables: &[
            Variable::new("STATE_TOOL_REDIRECT_SYNC", Flag, "false", "publishes addresses that lead to the tools of the states, as `state-redirect/MA/external_tool_ovr`; `sync redirects` does it at once"),
            Variable::new("STATE_TOOL_REDIRECT_BUCKET", Text, "", "the bucket in which they are published, where it is another than AWS_STORAGE_BUCKET_NAME; needs ATTACHMENT_USE_S3"),
            Variable::new("STATE_TOOL_REDIRECT_CRON_HOUR", Text, "*/12", "the hour at which they are published, in UTC, as in a cron expression"),
            Variable::new("STATE_TOOL_REDIRECT_CRON_MINUTE", Text, "10", "the minute, likewise"),
            Variable::new("CLOUDFLARE_ENABLED", Flag, "false", "has Cloudflare forget answers with election data when it changes"),
            Variable::new("CLOUDFLARE_ZONE", Text, "", "the id of the zone"),
            Variable::new("CLOUDFLARE_TOKEN", Secret, "", "a token that may purge its cache"),
            Variable::new("CLOUDFLARE_BASE_URL", Url, "https://api.cloudflare.com", "where Cloudflare is asked, for a simulator"),
            Variable::new("UPTIME_URL", Url, "", "where the monitor is that watches the tools of the states; unset, nobody does"),
            Variable::new("UPTIME_USER", Text, "turnout", "as whom it knows us"),
            Variable::new("UPTIME_SECRET", Secret, "", "the password for it"),
            Variable::new("STATE_INFO_URL", Url, "https://api.voteamerica.com", "the server whose facts about states `import state-info` and `make importfromprod` take over, where no other is named"),
        ],
        idle: &[],
    },
    Group {
        title: "Observing",
        variables: &[
            Variable::new("METRICS_PORT", Number, "", "a port beside PORT, in every role, at which `/metrics` gives metrics for Prometheus and `/-/alive/` and `/-/health/` say how the process is; unset is none. Keep it from the world"),
            Variable::new("DD_AGENT_HOST", Text, "", "the host of an agent that is sent counts and times by statsd over UDP"),
            Variable::new("DD_DOGSTATSD_PORT", Number, "8125", "its port"),
            Variable::new("OTEL_EXPORTER_OTLP_ENDPOINT", Url, "", "a collector of traces, which are posted to `/v1/traces` there as OTLP in JSON: `http://127.0.0.1:4318`"),
            Variable::new("OTEL_EXPORTER_OTLP_HEADERS", Secret, "", "headers for it, `name=value` parts between commas: a key, mostly"),
            Variable::new("OTEL_TRACES_SAMPLER_ARG", Text, "1", "the share of requests and jobs that is traced, 0 to 1"),
            Variable::new("SENTRY_DSN", Secret, "", "the project of Sentry that is told of failures; in effect only while TAG is set"),
        ],
        idle: &[
            Idle::without_effect("traces go by OTLP to OTEL_EXPORTER_OTLP_ENDPOINT, which an agent of Datadog can be", &["DATADOG_API_KEY"]),
        ],
    },
    Group {
        title: "Jobs",
        variables: &[],
        idle: &[
            Idle::without_effect("jobs lie in the database, and no broker is needed", &["AMQP_URL"]),
            Idle::without_effect("a worker runs twice as many jobs at once as there are processors", &["CELERY_WORKER_CONCURRENCY"]),
            Idle::without_effect("the Django service did not use them either", &["BEAT_STATS_INTERVAL", "BEAT_STATS_METRIC_NAMESPACE"]),
        ],
    },
    Group {
        title: "Accounts",
        variables: &[
            Variable::new("INVITE_EXPIRATION_DAYS", Number, "7", "for how many days an invitation to an account can be accepted"),
            Variable::new("SESSION_LIFETIME_HOURS", Number, "336", "after how many hours one has to sign in again on the management site"),
            Variable::new("TWO_FACTOR_SMS_NUMBER", Text, "", "the number from which codes for signing in are texted; without it none are, and telephones are no second factor"),
            Variable::new("MANAGEMENT_ACTION_PAGINATION_SIZE", Number, "50", "how many entries a page of a list has on the management site; 1000 at the most"),
        ],
        idle: &[
            Idle::without_effect("there is no choice of engines here", &["SESSION_ENGINE"]),
            Idle::without_effect("it stood in the sample file only", &["MULTIFACTOR_ENABLED"]),
            Idle::without_effect("our cookies have names by which browsers keep others from setting them", &["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"]),
        ],
    },
    Group {
        title: "Election officials and vendors of data",
        variables: &[
            Variable::new("GEOCODIO_KEY", Secret, "", "geocod.io's key: addresses are located by it; without it ZIP codes and imported streets decide"),
            Variable::new("GEOCODIO_BASE_URL", Url, "https://api.geocod.io", "where geocod.io is asked, for a simulator"),
            Variable::new("TARGETSMART_KEY", Secret, "", "TargetSmart's key: its roll is asked who is registered; its district service is asked, in Vermont and Michigan first, elsewhere where geocod.io leaves several regions"),
            Variable::new("TARGETSMART_BASE_URL", Url, "https://api.targetsmart.com", "where TargetSmart is asked, for a simulator"),
            Variable::new("TURNOUT_CENSUS_GEOCODER", Flag, "false", "asks the geocoder of the US Census Bureau, which needs no key, after geocod.io"),
            Variable::new("CENSUS_BASE_URL", Url, "https://geocoding.geo.census.gov", "where the Census Bureau is asked, for a simulator"),
            Variable::new("USVOTEFOUNDATION_KEY", Secret, "", "US Vote Foundation's key: the list of election offices is fetched by `import offices --fetch`, and each day with USVF_SYNC"),
            Variable::new("USVOTEFOUNDATION_BASE_URL", Url, "https://api.usvotefoundation.org", "where US Vote Foundation is asked, for a simulator"),
            Variable::new("USVF_SYNC", Flag, "false", "fetches the list of election offices each day"),
            Variable::new("USVF_SYNC_HOUR", Number, "6", "the hour at which it is fetched, in UTC"),
            Variable::new("USVF_SYNC_MINUTE", Number, "30", "the minute at which it is fetched"),
            Variable::new("SLACK_DATA_ERROR_ENABLED", Flag, "false", "tells the team in Slack when the list of election offices is refused, or lacks what voters need"),
            Variable::new("SLACK_DATA_ERROR_WEBHOOK", Secret, "", "the incoming webhook of Slack by which it is told; whoever knows it can write there"),
            Variable::new("USVF_GEOCODE", Flag, "false", "asks the geocoders where the offices are whose place a list does not say, when they are new or have moved"),
        ],
        idle: &[
            Idle::without_effect("Alloy was a provider that is gone, and the Django service did not use them either", &["ALLOY_KEY", "ALLOY_SECRET", "SLACK_ALLOY_UPDATE_ENABLED", "SLACK_ALLOY_UPDATE_WEBHOOK"]),
        ],
    },
    Group {
        title: "Text messages",
        variables: &[
            Variable::new("TWILIO_ACCOUNT_SID", Text, "", "the account at Twilio that sends texts; unset, `all-in-one` keeps them in its outbox, and other roles send none"),
            Variable::new("TWILIO_AUTH_TOKEN", Secret, "", "its password, and what Twilio signs its calls with; without it none of them is believed"),
            Variable::new("TWILIO_MESSAGING_SERVICE_SID", Text, "", "the messaging service that chooses the sender's number"),
            Variable::new("TWILIO_BASE_URL", Url, "https://api.twilio.com", "where Twilio is, for a simulator"),
            Variable::new("SMS_REDIRECT_TO", Text, "", "the number that gets every text instead of those whom it is for: for staging"),
            Variable::new("SMS_PER_MINUTE", Number, "", "how many texts go out each minute at the most, over all processes with REDIS_URL, else of each; unset or 0 is as many as there are"),
            Variable::new("SMS_OPTOUT_POLL", Flag, "false", "asks Twilio for texts that came in, should one of its calls be lost; the switch `smsbot.poll` ends it while everything runs"),
            Variable::new("SMS_OPTOUT_NUMBER", Text, "", "the number of ours for which they came in"),
            Variable::new("SMS_OPTOUT_POLL_SECONDS", Number, "5", "every how many seconds Twilio is asked; a minute is the most"),
            Variable::new("SMS_OPTOUT_POLL_MAX", Number, "86400", "how many seconds back it is asked for when it is not known up to when it was"),
            Variable::new("SMS_AUTOREPLY_THROTTLE_MINUTES", Number, "720", "for how many minutes the same answer to a text is not repeated"),
            Variable::new("I90_KEY", Secret, "", "i90's key: links in texts are made short, and know the voter; without it they lead to plain pages"),
            Variable::new("I90_URL", Url, "https://go.voteamerica.com", "where i90 is, and short links lead to"),
            Variable::new("CIVIC_KEY", Secret, "", "the key of Google's Civic Information API: PPMAP and EVMAP are answered with the polling place"),
            Variable::new("CIVIC_BASE_URL", Url, "https://civicinfo.googleapis.com", "where that is asked, for a simulator"),
            Variable::new("LOCATOR_BASE_URL", Url, "https://locator-api.voteamerica.com", "where our own locator is asked, in states with the switch `locate_use_dnc_data`"),
            Variable::new("MAPBOX_KEY", Secret, "", "Mapbox's key: that answer has a map"),
            Variable::new("MAPBOX_BASE_URL", Url, "https://api.mapbox.com", "where Mapbox is asked, for a simulator"),
            Variable::new("MMS_ATTACHMENT_BUCKET", Text, "", "the bucket of these maps, which carriers fetch them from, where it is another than AWS_STORAGE_BUCKET_NAME; needs ATTACHMENT_USE_S3"),
            Variable::new("SMS_POST_SIGNUP_ALERT", Flag, "false", "greets by text who finished with a tool and agreed to texts; only numbers that were greeted, or wrote to us, get the texts of `drip`"),
            Variable::new("SMS_OPTIN_REMINDER_DELAY", Number, "600", "how many seconds after the end the greeting goes out"),
            Variable::new("SMS_OPTIN_REMINDER_RESEND_SECONDS", Number, "", "after how many seconds a number may be greeted again; unset is never"),
        ],
        idle: &[],
    },
    Group {
        title: "Absentee ballots, lookups, fax, letters",
        variables: &[
            Variable::new("ABSENTEE_LEO_EMAIL_DISABLE", Flag, "true", "diverts mail to election offices to ABSENTEE_LEO_EMAIL_OVERRIDE_ADDRESS; without that nobody is mailed, and the jobs wait to be run again"),
            Variable::new("ABSENTEE_LEO_EMAIL_OVERRIDE_ADDRESS", Text, "", "who gets mail to election offices while it is diverted"),
            Variable::new("ABSENTEE_LEO_EMAIL_FROM", Text, "transmission-staging@voteamerica.com", "the address from which election offices are mailed, and where they ask about the service"),
            Variable::new("ABSENTEE_LEO_FAX_EMAIL_FROM", Text, "", "where voters' answers to mails about faxes go; unset is ABSENTEE_LEO_EMAIL_FROM"),
            Variable::new("OVBM_SYNC", Flag, "false", "takes the pages over by which Florida's voters ask for a ballot each day, as `turnout-server sync florida-links` does"),
            Variable::new("OVBM_SYNC_HOUR", Number, "4", "the hour at which they are, in UTC"),
            Variable::new("OVBM_SYNC_MINUTE", Number, "30", "the minute at which they are"),
            Variable::new("FLORIDA_LIST_BASE_URL", Url, "https://fl.dems.vote", "where those pages are listed, for a simulator"),
            Variable::new("FAX_DISABLE", Flag, "true", "faxes to election offices go to FAX_OVERRIDE_DEST instead; without that none goes out, and the voter is told that it did"),
            Variable::new("FAX_OVERRIDE_DEST", Text, "", "the number that gets faxes to election offices while FAX_DISABLE is true"),
            Variable::new("FAX_REDIRECT_TO", Text, "", "the number that gets every fax instead of those whom it is for: for staging; has to be set where a gateway takes faxes, FAX_DISABLE is false and ENV is not `prod`"),
            Variable::new("FAX_GATEWAY_SQS_QUEUE", Url, "", "the FIFO queue of Amazon's SQS from which the fax gateway takes faxes; unset, `all-in-one` keeps them in `faxes/` of TURNOUT_DATA_DIR; needs a build with the feature `sqs`"),
            Variable::new("FAX_GATEWAY_CALLBACK_URL", Url, "", "where the gateway says what became of a fax; unset is PRIMARY_ORIGIN/v1/fax/gateway_callback/"),
            Variable::new("AWS_ENDPOINT_URL_SQS", Url, "", "another server that speaks like SQS"),
            Variable::new("PRINT_AND_FORWARD_CONFIRM", Flag, "false", "prints and mails forms to voters who say so; while it is off they are asked all the same and told that nobody does, as by the Django service, so let states allow it only where it is on"),
            Variable::new("LOB_KEY", Secret, "", "Lob: asks whether mail arrives at an address, and prints and mails; a key that begins with test_ prints nothing, and no other one is taken unless ENV is `prod`"),
            Variable::new("LOB_BASE_URL", Url, "https://api.lob.com", "where Lob is"),
            Variable::new("LOB_LETTER_WEBHOOK_SECRET", Secret, "", "what Lob signs its reports about letters with; unset, none is believed"),
            Variable::new("RETURN_ADDRESS", Text, r#"{"name": "VoteAmerica", "address1": "PO Box 00000", "city": "San Francisco", "state": "CA", "zipcode": "12345"}"#, "from whom letters are, and where they go back to: JSON with name, address1, address2 where there is one, city, state, zipcode. Must be set in production while letters are mailed"),
            Variable::new("ABSENTEE_UPSELL_DELAY_SECONDS", Number, "300", "how many seconds after an online ballot request the mail about what is next goes out"),
            Variable::new("ABSENTEE_LOB_CONFIRM_NAG_SECONDS", Number, "300", "how many seconds after the mail that asks whether a ballot request is to be mailed a text reminds of it"),
        ],
        idle: &[
            Idle::without_effect("it was for tests of the Django service", &["ABSENTEE_TEST_ONLY"]),
        ],
    },
    Group {
        title: "Management site",
        variables: &[
            Variable::new("ELECTION_SECOND_PERSON", Flag, "false", "whether a change of election data is published by another person than who made it"),
            Variable::new("SLACK_SUBSCRIBER_INTEREST_ENABLED", Flag, "false", "tells the team in Slack of each new wish to subscribe"),
            Variable::new("SLACK_SUBSCRIBER_INTEREST_WEBHOOK", Secret, "", "the incoming webhook of Slack by which it is told; whoever knows it can write there"),
        ],
        idle: &[],
    },
    Group {
        title: "People who moved",
        variables: &[
            Variable::new("MOVER_ID", Text, "", "what the source of leads about people who moved knows us by; set, it is asked and letters are made, as the switches `movers` say; needs a build with the feature `movers`"),
            Variable::new("MOVER_LEADS_ENDPOINT", Text, "", "where the source is asked; `{client_id}` stands for MOVER_ID"),
            Variable::new("MOVER_SECRET", Secret, "", "the header `Authorization` by which it lets us ask"),
            Variable::new("MOVER_SOURCE", Text, "moverleadsource", "what the source is called: the slug of the subscriber whose letters they are, and in the names of the contact list's fields"),
            Variable::new("MOVER_PULL_HOURS", Number, "1", "every how many hours it is asked (minute 5) and letters are made (minute 35)"),
        ],
        idle: &[],
    },
    Group {
        title: "Partners",
        variables: &[
            Variable::new("ACTIONNETWORK_KEY", Secret, "", "Action Network: the key of the list of everybody who uses a tool; a subscriber's own key is in its settings"),
            Variable::new("ACTIONNETWORK_SUBSCRIBERS_KEY", Secret, "", "the key of the list of contacts at subscribers, which has to have a form `voteamerica:subscriber`, or `voteamerica:staging_subscriber` unless ENV is `prod`"),
            Variable::new("ACTIONNETWORK_BASE_URL", Url, "https://actionnetwork.org", "where Action Network is"),
            Variable::new("ACTIONNETWORK_SYNC", Flag, "false", "passes voters on to the lists; without it they are only told of numbers that stop texts or ask for them again, and of addresses that are not to be mailed"),
            Variable::new("ACTIONNETWORK_SYNC_DAILY", Flag, "false", "looks each day for voters who are on no list though they should be, while ACTIONNETWORK_SYNC is true"),
            Variable::new("ACTIONNETWORK_SYNC_HOUR", Number, "5", "the hour at which it does, in UTC"),
            Variable::new("ACTIONNETWORK_SYNC_MINUTE", Number, "45", "the minute at which it does"),
            Variable::new("ACTIONNETWORK_MOST_CHANGES_PERCENT", Number, "10", "of how many in a hundred people such a look may change whether they are written to: it is stopped by more"),
            Variable::new("ACTIONNETWORK_FORM_CACHE_TIMEOUT", Number, "86400", "for how many seconds it is remembered what a list calls a form"),
        ],
        idle: &[
            Idle::without_effect("four requests a second are made, whoever makes them", &["ACTIONNETWORK_SYNC_DELAY"]),
        ],
    },
];

/// The variable of that name.
#[must_use]
pub fn variable(name: &str) -> Option<&'static Variable> {
    all().find(|variable| variable.name == name)
}

/// Every variable, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Variable> {
    TABLE.iter().flat_map(|group| group.variables)
}

/// Every name that does nothing, with its standing, in the order of the table.
pub fn idle() -> impl Iterator<Item = (&'static str, Standing)> {
    let all = TABLE.iter().flat_map(|group| group.idle);
    all.flat_map(|idle| idle.names.iter().map(|name| (*name, idle.standing)))
}

/// What becomes of a name; nothing when we do not know it.
#[must_use]
pub fn standing(name: &str) -> Option<Standing> {
    match variable(name) {
        Some(variable) => Some(variable.alias_of.map_or(Standing::Used, Standing::AliasOf)),
        None => idle().find(|(idle, _)| *idle == name).map(|(_, standing)| standing),
    }
}

/// `docs/configuration.md`.
#[must_use]
pub fn as_book_page() -> String {
    let mut page = "# Configuration\n\n\
        Settings come from the environment, and from `.env` in the working folder; the environment wins, and an empty\n\
        value counts as not set. Every name of the Django service is here, too; one that does nothing says why. This page\n\
        is made from `turnout-server/src/config/table.rs`.\n"
        .to_owned();
    for group in TABLE {
        page += &format!("\n## {}\n", group.title);
        if !group.variables.is_empty() {
            page += "\n| variable | kind | default | in `all-in-one` | meaning |\n|---|---|---|---|---|\n";
        }
        for Variable { name, kind, default, embedded, meaning, .. } in group.variables {
            let code = |text: &str| if text.is_empty() { "–".to_owned() } else { format!("`{text}`") };
            let embedded = embedded.map_or("the same".to_owned(), code);
            page += &format!("| `{name}` | {} | {} | {embedded} | {meaning} |\n", kind.name(), code(default));
        }
        if !group.idle.is_empty() {
            page += "\n| name of the Django service | what becomes of it |\n|---|---|\n";
        }
        for Idle { names, standing } in group.idle {
            page += &format!("| `{}` | {standing} |\n", names.join("`, `"));
        }
    }
    page + "\n`{LISTEN}` is the host and port we listen on, `{DATA}` is TURNOUT_DATA_DIR, `{PRIMARY_ORIGIN}` that \
            setting.\n\nProduction (`DEBUG` false) refuses to start without SECRET_KEY or a mail sender, and with \
            RATE_LIMITS off,\nSQLITE_SYNCHRONOUS=NORMAL or TURNOUT_DEV_PAGES.\n"
}

/// `.env.example`: every variable, commented out, with its default.
#[must_use]
pub fn as_dotenv_example() -> String {
    let mut text =
        "# Copy to .env and uncomment what you change. Made from turnout-server/src/config/table.rs.\n"
            .to_owned();
    for group in TABLE.iter().filter(|group| !group.variables.is_empty()) {
        text += &format!("\n# --- {}\n", group.title);
        for Variable { name, default, meaning, .. } in group.variables {
            text += &format!("\n# {}\n# {name}={default}\n", meaning.replace('`', ""));
        }
    }
    text
}
