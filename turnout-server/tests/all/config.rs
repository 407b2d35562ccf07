//! The settings: what a role gets, what is refused, and that the documents tell the truth.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use turnout_core::{
    ports::throttle::Quota,
    retention::{Kind, RetentionSettings},
};
use turnout_server::config::{
    Complaints, Config, Env, Mail, Role, RowPlace, SigningKey, Source, Synchronous, table,
};
#[cfg(feature = "s3")]
use turnout_storage::files::Prefix;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn read(role: Role, text: &str) -> (Config, Complaints) {
    let mut complaints = Complaints::default();
    let env = Env::parse(text, &mut complaints);
    let config = Config::read(&env, role, &mut complaints);
    (config, complaints)
}

fn good(role: Role, text: &str) -> Config {
    let (config, complaints) = read(role, text);
    assert!(complaints.is_empty(), "{complaints}");
    config
}

/// The names at the beginning of the complaints.
fn refused(role: Role, text: &str) -> Vec<String> {
    let (_, complaints) = read(role, text);
    complaints.to_string().lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn the_embedded_run_needs_no_setting_and_points_to_its_own_pages() {
    let config = good(Role::AllInOne, "PORT=9100");
    assert!(config.debug && config.http.dev_pages);
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:9100");
    assert_eq!(config.settings.origins.primary, "http://localhost:9100");
    assert_eq!(config.settings.origins.www, "http://localhost:9100");
    assert_eq!(config.settings.file.reset_url, "http://localhost:9100/download/?id={item_id}");
    let purged = &config.settings.file.purged_url;
    assert!(purged.starts_with("http://localhost:9100/download-purged/?id={item_id}&"), "{purged}");
    assert_eq!(config.settings.register.resume_url, "http://localhost:9100/register-to-vote/resume/");
    assert!(matches!(&config.mail, Mail::Outbox(folder) if folder == Path::new("var/outbox")));
    assert!(matches!(&config.key, SigningKey::Kept(path) if path == Path::new("var/secret.key")));
    assert_eq!(config.database.place.shown(), "var/turnout.db");
}

#[test]
fn the_data_folder_takes_the_database_along() {
    let config = good(Role::AllInOne, "TURNOUT_DATA_DIR=/srv/turnout/");
    assert_eq!(config.database.place.shown(), "/srv/turnout/turnout.db");
}

#[test]
#[cfg(feature = "us-vote-foundation")]
fn the_list_of_offices_is_fetched_by_a_key_and_at_a_time() {
    let sync_at = |text| good(Role::AllInOne, text).settings.official.sync_at.map(|at| at.to_string());
    assert_eq!(sync_at("USVOTEFOUNDATION_KEY=abc"), None);
    assert_eq!(sync_at("USVOTEFOUNDATION_KEY=abc\nUSVF_SYNC=true").as_deref(), Some("06:30:00"));
    let late = "USVOTEFOUNDATION_KEY=abc\nUSVF_SYNC=true\nUSVF_SYNC_HOUR=23\nUSVF_SYNC_MINUTE=5";
    assert_eq!(sync_at(late).as_deref(), Some("23:05:00"));
    assert_eq!(refused(Role::AllInOne, "USVF_SYNC=true"), ["USVOTEFOUNDATION_KEY"]);
    let never = "USVOTEFOUNDATION_KEY=abc\nUSVF_SYNC_HOUR=24\nUSVF_SYNC_MINUTE=60";
    assert_eq!(refused(Role::AllInOne, never), ["USVF_SYNC_HOUR", "USVF_SYNC_MINUTE"]);
}

#[test]
#[cfg(feature = "pennsylvania")]
fn pennsylvania_is_asked_where_a_voter_can_wait_for_it() {
    let of = |text| good(Role::AllInOne, text).pennsylvania.expect("it is there");
    let unset = of("");
    assert!(unset.key.is_none() && unset.timeout == TimeDelta::seconds(25));
    assert_eq!(unset.base.as_str(), "https://paovrwebapi.beta.vote.pa.gov/");
    let real = of("PA_OVR_KEY=abc\nPA_OVR_STAGING=false");
    assert_eq!(real.key.expect("a key").reveal(), "abc");
    assert_eq!(real.base.as_str(), "https://paovrwebapi.vote.pa.gov/");
    assert_eq!(of("PA_OVR_BASE_URL=http://localhost:7000").base.as_str(), "http://localhost:7000/");
    let late = "PA_OVR_KEY=abc\nPA_OVR_TIMEOUT_SECONDS=30";
    assert_eq!(refused(Role::AllInOne, late), ["PA_OVR_TIMEOUT_SECONDS"]);
    assert!(refused(Role::AllInOne, &format!("{late}\nHTTP_REQUEST_TIMEOUT_SECONDS=31")).is_empty());

    let counties_at = |text| good(Role::AllInOne, text).settings.register.counties_at;
    assert_eq!(counties_at("PA_OVR_KEY=abc"), None);
    assert_eq!(counties_at("PA_OVR_KEY=abc\nPA_COUNTIES_SYNC=true").as_deref(), Some("25 5 * * *"));
    assert_eq!(refused(Role::AllInOne, "PA_COUNTIES_SYNC=true"), ["PA_OVR_KEY"]);
    let never = "PA_COUNTIES_CRON_HOUR=24\nPA_COUNTIES_CRON_MINUTE=5 5\nPA_OVR_KEY=a b";
    let named = ["PA_OVR_KEY", "PA_COUNTIES_CRON_HOUR", "PA_COUNTIES_CRON_MINUTE"];
    assert_eq!(refused(Role::AllInOne, never), named);
    let (_, complaints) = read(Role::AllInOne, "PA_COUNTIES_BUCKET=turnout-public");
    assert!(complaints.is_empty() && complaints.warnings()[0].contains("PA_COUNTIES_BUCKET"));
}

#[test]
fn our_own_pages_follow_an_origin_that_is_set() {
    let config = good(Role::AllInOne, "PRIMARY_ORIGIN=https://vote.example.org/");
    assert_eq!(config.settings.origins.primary, "https://vote.example.org");
    assert_eq!(config.settings.file.reset_url, "https://vote.example.org/download/?id={item_id}");
}

#[test]
fn a_role_of_its_own_has_the_defaults_of_the_contract() {
    let config = good(Role::Serve, "DEBUG=true");
    assert_eq!(config.settings.origins.primary, "http://localhost:9001");
    assert_eq!(config.settings.origins.www, "http://localhost:8000");
    assert_eq!(config.settings.file.reset_url, "https://www.voteamerica.com/download/?id={item_id}");
    assert_eq!(config.settings.file.link_lifetime, TimeDelta::seconds(15));
    assert_eq!(config.settings.file.purge_days, None);
    assert_eq!(config.files.token_lifetime, TimeDelta::hours(168));
    assert_eq!(config.settings.action.check_unfinished_delay, TimeDelta::seconds(900));
    assert_eq!(config.settings.register.resume_lifetime, TimeDelta::minutes(60));
    assert_eq!(config.http.allowed_hosts, ["localhost"]);
    assert_eq!(config.settings.rate_limits.writes_per_address, Quota::per_minute(600, 200));
    let place = &config.database.place;
    assert!(matches!(place, RowPlace::File { synchronous: Synchronous::Full, .. }), "{place:?}");
    assert!(matches!(config.mail, Mail::Off));
    assert_eq!(config.deployment.environment, "local");
}

#[test]
fn production_refuses_what_is_unsafe_all_at_once() {
    for role in [Role::Serve, Role::Worker, Role::Scheduler] {
        assert_eq!(refused(role, ""), ["SECRET_KEY", "SMTP_URL"]);
    }
    let unsafe_ones =
        "SECRET_KEY=SET_THIS_KEY\nRATE_LIMITS=off\nSQLITE_SYNCHRONOUS=NORMAL\nTURNOUT_DEV_PAGES=1";
    let expected = ["SECRET_KEY", "RATE_LIMITS", "SQLITE_SYNCHRONOUS", "SMTP_URL", "TURNOUT_DEV_PAGES"];
    assert_eq!(refused(Role::Serve, unsafe_ones), expected);
    assert_eq!(refused(Role::AllInOne, &format!("DEBUG=false\n{unsafe_ones}")), expected);
    assert!(refused(Role::Serve, &format!("DEBUG=true\n{unsafe_ones}")).is_empty());
    assert_eq!(refused(Role::Serve, "SECRET_KEY=short\nSENDGRID_API_KEY=x"), ["SECRET_KEY"]);
    assert!(refused(Role::Serve, &format!("SECRET_KEY={KEY}\nSENDGRID_API_KEY=x")).is_empty());
    assert!(refused(Role::Migrate, "").is_empty(), "a migration needs the database only");
}

#[test]
fn every_bad_value_is_named_at_once_and_none_is_repeated() {
    let bad = [
        "ACTION_CHECK_UNFINISHED_DELAY",
        "ATTACHMENT_USE_S3",
        "AWS_STORAGE_PRIVATE_URL_EXPIRATION",
        "DATABASE_URL",
        "DEBUG",
        "DEFAULT_EMAIL_FROM",
        "DJANGO_LOGGING_LEVEL",
        "DOCS_PORT",
        "EMAIL_SEND_TIMEOUT",
        "FILE_EXPIRATION_HOURS",
        "FILE_PURGE_DAYS",
        "FILE_TIMEZONE",
        "FILE_TOKEN_PURGED_URL",
        "FILE_TOKEN_RESET_URL",
        "HOST",
        "MANAGEMENT_NOTIFICATION_FROM",
        "PORT",
        "PRIMARY_ORIGIN",
        "RATE_LIMITS",
        "RATE_LIMIT_COMPLETIONS_PER_HOUR",
        "RATE_LIMIT_LINKS_PER_CLIENT_PER_HOUR",
        "RATE_LIMIT_LINKS_PER_HOUR",
        "RATE_LIMIT_SENDS_PER_EMAIL_PER_HOUR",
        "RATE_LIMIT_SENDS_PER_PHONE_PER_HOUR",
        "RATE_LIMIT_MAPS_PER_PHONE_PER_HOUR",
        "RATE_LIMIT_SENDS_PER_SUBSCRIBER_PER_HOUR",
        "RATE_LIMIT_UPLOADS_PER_HOUR",
        "RATE_LIMIT_WRITES_BURST",
        "RATE_LIMIT_WRITES_PER_MINUTE",
        "REDIS_KEY_PREFIX",
        "REDIS_URL",
        "REGISTER_CO_VRD_ENABLED",
        "REGISTER_JWT_EXPIRATION_MINUTES",
        "REGISTER_RESUME_URL",
        "REGISTER_UPSELL_DELAY_SECONDS",
        "REGISTER_WA_VRD_ENABLED",
        "SMTP_URL",
        "SQLITE_SYNCHRONOUS",
        "TRUSTED_CLIENT_HEADER",
        "TRUSTED_PROXIES",
        "TURNOUT_DEV_PAGES",
        "TURNOUT_FEATURES",
        "TURNOUT_FORMS_DIR",
        "TURNOUT_LOG",
        "TURNOUT_METRICS",
        "VERIFIER_UPSELL_DELAY_SECONDS",
        "WWW_ORIGIN",
    ];
    let text: String = bad.iter().map(|name| format!("{name}=hush hush=?\n")).collect();
    let (_, complaints) = read(Role::AllInOne, &text);
    let said = complaints.to_string();
    assert!(!said.contains("hush"), "{said}");
    let named: BTreeSet<&str> = said.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(named, BTreeSet::from(bad));
    assert_eq!(said.lines().count(), bad.len(), "{said}");
}

#[test]
fn zero_is_refused_where_it_would_stop_everything() {
    let zeros = "PORT=0\nFILE_EXPIRATION_HOURS=0\nRATE_LIMIT_LINKS_PER_HOUR=0\nFILE_PURGE_DAYS=0";
    assert_eq!(
        refused(Role::AllInOne, zeros),
        ["PORT", "RATE_LIMIT_LINKS_PER_HOUR", "FILE_EXPIRATION_HOURS"]
    );
}

#[cfg(feature = "s3")]
#[test]
fn s3_needs_two_buckets_and_both_halves_of_a_key_and_follows_the_environment() {
    use turnout_server::config::FilePlace;
    let with = |text: &str| format!("ATTACHMENT_USE_S3=true\n{text}");
    let buckets = "AWS_STORAGE_PRIVATE_BUCKET_NAME=example-private\nAWS_STORAGE_BUCKET_NAME=example-public\n";
    assert!(matches!(good(Role::AllInOne, buckets).files.place, FilePlace::Folders { .. }));
    assert_eq!(
        refused(Role::AllInOne, &with("")),
        ["AWS_STORAGE_PRIVATE_BUCKET_NAME", "AWS_STORAGE_BUCKET_NAME"]
    );
    let same = "AWS_STORAGE_PRIVATE_BUCKET_NAME=example\nAWS_STORAGE_BUCKET_NAME=example";
    assert_eq!(refused(Role::AllInOne, &with(same)), ["AWS_STORAGE_PRIVATE_BUCKET_NAME"]);
    for (setting, named) in [
        ("AWS_ACCESS_KEY_ID=AKIA1", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_SECRET_ACCESS_KEY=hush", "AWS_ACCESS_KEY_ID"),
        ("AWS_STORAGE_PRIVATE_URL_EXPIRATION=604801", "AWS_STORAGE_PRIVATE_URL_EXPIRATION"),
        ("AWS_S3_REGION_NAME=hush hush", "AWS_S3_REGION_NAME"),
        ("AWS_DEFAULT_REGION=hush hush", "AWS_DEFAULT_REGION"),
        ("AWS_S3_CUSTOM_DOMAIN=https://hush.example.org/", "AWS_S3_CUSTOM_DOMAIN"),
        ("AWS_ENDPOINT_URL_S3=hush.example.org", "AWS_ENDPOINT_URL_S3"),
        ("ATTACHMENT_DEFAULT_S3_PATH=hush hush", "ATTACHMENT_DEFAULT_S3_PATH"),
        ("ENV=hush hush", "ATTACHMENT_DEFAULT_S3_PATH"),
    ] {
        let (_, complaints) = read(Role::AllInOne, &with(&format!("{buckets}{setting}")));
        let said = complaints.to_string();
        assert!(said.starts_with(named) && said.lines().count() == 1, "{setting}: {said}");
        assert!(!said.contains("hush"), "{said}");
    }
    let config = good(Role::AllInOne, &with(&format!("{buckets}AWS_DEFAULT_REGION=us-east-2\nENV=prod")));
    let FilePlace::S3(place) = &config.files.place else { panic!("S3 is not used") };
    assert_eq!((place.region.as_str(), place.prefix.clone()), ("us-east-2", Prefix::parse("prod").unwrap()));
    assert!(place.keys.is_none() && place.endpoint.is_none() && place.public_host.is_none());
}

#[test]
fn a_password_of_redis_is_not_shown() {
    let (config, _) = read(Role::AllInOne, "REDIS_URL=rediss://me:hush@redis.example.org/1");
    assert!(!format!("{config:?}").contains("hush"));
    let shown = config.shown.iter().find(|shown| shown.name == "REDIS_URL").unwrap();
    assert_eq!(shown.value, "rediss://me:********@redis.example.org/1");
    assert_eq!(config.redis.map(|redis| redis.prefix).as_deref(), Some("turnout"));
    assert!(good(Role::AllInOne, "").redis.is_none());
}

#[cfg(feature = "http-client")]
#[test]
fn the_team_is_told_of_leads_by_a_webhook_that_is_not_shown() {
    const WEBHOOK: &str = "SLACK_SUBSCRIBER_INTEREST_WEBHOOK";
    let off = good(Role::AllInOne, &format!("{WEBHOOK}=https://hooks.example.org/hush"));
    assert!(off.chat.leads.is_none() && !off.settings.subscription.notifies_of_leads);
    let on = "SLACK_SUBSCRIBER_INTEREST_ENABLED=true\n";
    let config = good(Role::AllInOne, &format!("{on}{WEBHOOK}=https://hooks.example.org/hush"));
    assert!(config.chat.leads.is_some() && config.settings.subscription.notifies_of_leads);
    assert!(!format!("{config:?}").contains("hush"));
    let shown = config.shown.iter().find(|shown| shown.name == WEBHOOK).unwrap();
    assert_eq!(shown.value, "********");
    assert_eq!(refused(Role::AllInOne, on), [WEBHOOK]);
    assert_eq!(refused(Role::AllInOne, &format!("{on}{WEBHOOK}=hooks.example.org")), [WEBHOOK]);
}

#[test]
fn a_second_person_publishes_election_data_where_that_is_wanted() {
    let second_person = |text| good(Role::AllInOne, text).settings.election.second_person;
    assert!(!second_person(""));
    assert!(second_person("ELECTION_SECOND_PERSON=true"));
    assert_eq!(refused(Role::AllInOne, "ELECTION_SECOND_PERSON=hush"), ["ELECTION_SECOND_PERSON"]);
    let leads = |text| good(Role::AllInOne, text).settings.rate_limits.leads_per_address;
    assert_eq!(leads(""), Quota::per_hour(10));
    assert_eq!(leads("RATE_LIMIT_LEADS_PER_HOUR=3"), Quota::per_hour(3));
}

#[cfg(not(feature = "s3"))]
#[test]
fn a_build_without_s3_says_so() {
    let buckets = "AWS_STORAGE_PRIVATE_BUCKET_NAME=example-private\nAWS_STORAGE_BUCKET_NAME=example-public\n";
    assert_eq!(refused(Role::AllInOne, &format!("{buckets}ATTACHMENT_USE_S3=true")), ["ATTACHMENT_USE_S3"]);
}

#[cfg(all(feature = "otel", feature = "sentry", feature = "statsd"))]
#[test]
fn who_is_told_of_what_we_do_is_a_setting_and_its_keys_are_not_shown() {
    let off = good(Role::Worker, "DEBUG=true\nSENTRY_DSN=https://hush@sentry.example.org/1").observing;
    assert!(off.sentry.is_none(), "no release, no alarms");
    assert!(off.listen.is_none() && off.statsd.is_none() && off.traces.is_none());
    let text = "HOST=0.0.0.0\nMETRICS_PORT=9102\nTAG=v1\nSENTRY_DSN=https://hush@sentry.example.org/1\n\
                DD_AGENT_HOST=agent\nOTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318/\n\
                OTEL_EXPORTER_OTLP_HEADERS=api-key=hush, x-b=c\nOTEL_TRACES_SAMPLER_ARG=0.25";
    let config = good(Role::AllInOne, text);
    let shown: String = config.shown.iter().map(|shown| shown.value.as_str()).collect();
    assert!(!format!("{config:?}").contains("hush") && !shown.contains("hush"));
    assert!(config.is_measured());
    let observing = config.observing;
    assert_eq!(observing.listen.map(|it| it.to_string()).as_deref(), Some("0.0.0.0:9102"));
    assert_eq!(observing.statsd, Some(("agent".to_owned(), 8125)));
    let traces = observing.traces.unwrap();
    assert_eq!((traces.endpoint.as_str(), traces.share), ("http://collector:4318/v1/traces", 0.25));
    assert_eq!(traces.headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["api-key", "x-b"]);
    assert!(observing.sentry.is_some());
    for (text, name) in [
        ("METRICS_PORT=8000", "METRICS_PORT"),
        ("METRICS_PORT=0", "METRICS_PORT"),
        ("METRICS_PORT=hush", "METRICS_PORT"),
        ("DD_DOGSTATSD_PORT=0", "DD_DOGSTATSD_PORT"),
        ("SENTRY_DSN=hush\nTAG=v1", "SENTRY_DSN"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT=hush", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("OTEL_EXPORTER_OTLP_HEADERS=hush", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("OTEL_TRACES_SAMPLER_ARG=2", "OTEL_TRACES_SAMPLER_ARG"),
    ] {
        assert_eq!(refused(Role::AllInOne, text), [name], "{text}");
    }
}

#[test]
fn pages_of_developers_stay_on_this_machine_unless_asked_for() {
    let all = good(Role::AllInOne, "DOCS_PORT=9100");
    assert_eq!(all.settings.origins.book.as_deref(), Some("http://localhost:9100"));
    assert!(!good(Role::AllInOne, "HOST=0.0.0.0").http.dev_pages);
    assert_eq!(good(Role::AllInOne, "HOST=0.0.0.0").settings.origins.book, None);
    assert!(good(Role::AllInOne, "HOST=0.0.0.0\nTURNOUT_DEV_PAGES=on").http.dev_pages);
    assert!(!good(Role::AllInOne, "SMTP_URL=smtp://127.0.0.1:1025").http.dev_pages);
}

#[test]
fn a_limit_of_nothing_is_refused() {
    let text = "HTTP_BODY_LIMIT_BYTES=0\nHTTP_STALL_TIMEOUT_SECONDS=0\nHTTP_CONNECTIONS=-1";
    let names = ["HTTP_BODY_LIMIT_BYTES", "HTTP_CONNECTIONS", "HTTP_STALL_TIMEOUT_SECONDS"];
    assert_eq!(refused(Role::AllInOne, text), names);
}

#[test]
fn proxies_may_be_networks_or_single_addresses() {
    let config = good(Role::AllInOne, "TRUSTED_PROXIES=10.0.0.0/8, 192.0.2.1,2001:db8::/32");
    let shown: Vec<String> = config.http.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]);
}

#[test]
fn a_link_id_counts_only_while_it_is_enabled() {
    assert_eq!(good(Role::AllInOne, "REGISTER_CO_VRD_ID=7").settings.register.colorado_id, None);
    let config = good(Role::AllInOne, "REGISTER_CO_VRD_ID=7\nREGISTER_CO_VRD_ENABLED=1");
    assert_eq!(config.settings.register.colorado_id.as_deref(), Some("7"));
    assert_eq!(refused(Role::AllInOne, "REGISTER_WA_VRD_ENABLED=1"), ["REGISTER_WA_VRD_ID"]);
}

#[test]
fn the_level_of_python_is_understood_and_ours_wins() {
    assert_eq!(good(Role::AllInOne, "DJANGO_LOGGING_LEVEL=WARNING").log, "warn");
    assert_eq!(good(Role::AllInOne, "DJANGO_LOGGING_LEVEL=WARNING\nTURNOUT_LOG=debug").log, "debug");
}

#[test]
fn what_is_shown_and_printed_holds_no_secret() {
    let secrets = "SECRET_KEY=hush-hush\nSECRET_KEY_PREVIOUS=hush-old\nSENDGRID_API_KEY=hush-mail\nAWS_SECRET_ACCESS_KEY=hush-s3\n\
                   PORT=9100";
    let config = good(Role::AllInOne, secrets);
    assert!(!format!("{config:?}").contains("hush"));
    let port = config.shown.iter().find(|shown| shown.name == "PORT").unwrap();
    assert_eq!((port.value.as_str(), port.source), ("9100", Source::Set));
}

#[test]
fn every_variable_of_the_table_is_read_once_declared_and_has_a_meaning() {
    let config = good(Role::AllInOne, "");
    let shown: Vec<&str> = config.shown.iter().map(|shown| shown.name).collect();
    let declared: Vec<&str> = table::all().map(|variable| variable.name).collect();
    assert_eq!(shown, declared);
    assert_eq!(declared.iter().collect::<BTreeSet<_>>().len(), declared.len());
    assert!(table::all().all(|variable| !variable.meaning.is_empty()));
}

#[test]
fn the_example_is_accepted_when_all_of_it_is_uncommented() {
    let example = table::as_dotenv_example();
    let names: Vec<&str> = table::all().map(|variable| variable.name).collect();
    let is_setting = |line: &&str| line.split_once('=').is_some_and(|(name, _)| names.contains(&name));
    let lines: Vec<&str> =
        example.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting).collect();
    assert_eq!(lines.len(), names.len());
    let text = lines.join("\n").replace("DEBUG=false", "DEBUG=true");
    let (_, complaints) = read(Role::Serve, &text);
    assert!(complaints.is_empty() && complaints.warnings().is_empty(), "{complaints}");
}

/// The names in the first cells of the tables of `settings.md`, and those that its section on monitoring tells of.
#[expect(clippy::disallowed_methods, reason = "where the contract lies is up to whoever runs the test")]
fn names_of_the_contract() -> BTreeSet<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("TURNOUT_SHARED").map_or(beside, PathBuf::from);
    let file = shared.join("contract/settings.md");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}. Set TURNOUT_SHARED to the folder that holds contract/.", file.display())
    });
    let is_name = |word: &&str| {
        word.len() > 2
            && word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.chars().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_')
    };
    let mut names = BTreeSet::new();
    let mut section = "";
    for line in text.lines() {
        section = line.strip_prefix("## ").unwrap_or(section);
        let told = match line.strip_prefix('|') {
            Some(row) => row.split('|').next().unwrap_or_default(),
            None if section.ends_with("Monitoring") && !line.starts_with('#') => line,
            None => "",
        };
        let words = told.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'));
        names.extend(words.filter(is_name).map(str::to_owned));
    }
    names
}

#[test]
fn every_name_of_the_contract_is_in_the_table_and_none_is_made_up() {
    let contract = names_of_the_contract();
    assert!(contract.len() > 140, "{} names were found: is settings.md written otherwise?", contract.len());
    let missing: Vec<&String> = contract.iter().filter(|name| table::standing(name).is_none()).collect();
    assert!(missing.is_empty(), "of settings.md the table lacks {missing:?}");
    let mut seen = BTreeSet::new();
    for (name, standing) in table::idle() {
        assert!(seen.insert(name), "{name} is in the table twice");
        assert!(table::variable(name).is_none(), "{name} is used and {standing}");
        assert!(contract.contains(name), "{name} is not in settings.md");
    }
}

#[test]
fn a_name_says_whether_it_is_used_an_alias_or_idle() {
    let said = |name| table::standing(name).map(|standing| standing.to_string());
    for (name, expected) in [
        ("FILE_EXPIRATION_HOURS", "used"),
        ("DJANGO_LOGGING_LEVEL", "alias of TURNOUT_LOG"),
        ("API_KEY_PEEPER", "alias of API_KEY_PEPPER"),
        ("AMQP_URL", "accepted without effect, because jobs lie in the database, and no broker is needed"),
    ] {
        assert_eq!(said(name).as_deref(), Some(expected));
    }
    assert_eq!(said("HOME"), None);
}

#[test]
fn nothing_is_deleted_while_it_is_still_of_use() {
    let config = good(Role::AllInOne, "KEEP_MOVER_LEADS_DAYS=90\nKEEP_WEBHOOK_DELIVERIES_DAYS=0");
    let days = &config.settings.retention.days;
    assert_eq!(days.get(&Kind::MoverLeads), Some(&90));
    assert_eq!(days.get(&Kind::Deliveries), None, "0 is for good");
    assert_eq!(days.get(&Kind::HeldMails), Some(&90));
    let by_itself = good(Role::AllInOne, "").settings.retention;
    assert_eq!(by_itself, RetentionSettings::default());
    for (setting, least) in [("KEEP_MOVER_LEADS_DAYS=89", 90), ("KEEP_WEBHOOK_DELIVERIES_DAYS=6", 7)] {
        let (_, complaints) = read(Role::AllInOne, setting);
        let said = complaints.to_string();
        assert!(said.contains(&format!("must be at least {least}, or 0 for never")), "{said}");
    }
}

#[test]
fn what_is_set_and_does_nothing_is_said() {
    let (config, complaints) = read(Role::AllInOne, "AMQP_URL=amqp://x\nLOB_KEY=");
    assert!(complaints.is_empty() && complaints.warnings().is_empty());
    assert_eq!(config.idle.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["AMQP_URL"]);
}

/// `TURNOUT_BLESS=1` writes them anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "a switch of this test, not a setting")]
fn the_documents_are_those_of_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let documents =
        [("docs/configuration.md", table::as_book_page()), (".env.example", table::as_dotenv_example())];
    for (name, expected) in documents {
        let path = root.join(name);
        if std::env::var("TURNOUT_BLESS").is_ok() {
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "{name} is out of date: run with TURNOUT_BLESS=1 and commit it");
    }
}
