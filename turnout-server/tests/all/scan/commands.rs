//! The log of a whole process, and what its commands print: a terminal may be anybody's, and what is printed there may be
//! kept as a log is.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use turnout_core::ports::clock::Clock as _;
use turnout_server::system::SystemClock;

use super::{
    needles::{self as needle, NEEDLES, Scanner},
    vendors::{Deed, Mails, answer},
};
use crate::support::{EchoPeer, Running, SqsPeer};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// By which setting a process finds a vendor.
const PLACES: [(&str, &str); 15] = [
    ("action-network", "ACTIONNETWORK_BASE_URL"),
    ("census", "CENSUS_BASE_URL"),
    ("civic", "CIVIC_BASE_URL"),
    ("cloudflare", "CLOUDFLARE_BASE_URL"),
    ("florida", "FLORIDA_LIST_BASE_URL"),
    ("geocodio", "GEOCODIO_BASE_URL"),
    ("i90", "I90_URL"),
    ("lob", "LOB_BASE_URL"),
    ("mapbox", "MAPBOX_BASE_URL"),
    ("movers", "MOVER_LEADS_ENDPOINT"),
    ("pennsylvania", "PA_OVR_BASE_URL"),
    ("targetsmart", "TARGETSMART_BASE_URL"),
    ("twilio", "TWILIO_BASE_URL"),
    ("uptime", "UPTIME_URL"),
    ("us-vote-foundation", "USVOTEFOUNDATION_BASE_URL"),
];

/// The settings that hold a key, and what is on.
const KEYS: [&str; 14] = [
    "ACTIONNETWORK_KEY",
    "ACTIONNETWORK_SUBSCRIBERS_KEY",
    "CIVIC_KEY",
    "CLOUDFLARE_TOKEN",
    "GEOCODIO_KEY",
    "I90_KEY",
    "MAPBOX_KEY",
    "MOVER_SECRET",
    "PA_OVR_KEY",
    "TARGETSMART_KEY",
    "TWILIO_AUTH_TOKEN",
    "UPTIME_SECRET",
    "USVOTEFOUNDATION_KEY",
    "LOB_LETTER_WEBHOOK_SECRET",
];

/// A folder with a database, and everybody whom a process asks.
struct Place {
    folder: tempfile::TempDir,
    vendors: Vec<(&'static str, EchoPeer)>,
    mails: Mails,
    gateway: SqsPeer,
}

impl Place {
    async fn new() -> Self {
        let mut vendors = Vec::new();
        for (name, setting) in PLACES {
            let peer = EchoPeer::start().await;
            *peer.answer.lock().unwrap() = Some(Box::new(move |number, said| {
                // one address for both that TargetSmart offers
                let name = if said.contains("/service/district") { "targetsmart-geocoder" } else { name };
                let deed = Deed::of(name, number, said);
                let is_there = !matches!(deed, Deed::HangsUp | Deed::IsSilent);
                is_there.then(|| answer(name, deed, number, said, SystemClock.now()))
            }));
            vendors.push((setting, peer));
        }
        let gateway = SqsPeer::start().await;
        gateway.goes_wrong_one_in(2);
        Self { folder: tempfile::tempdir().unwrap(), vendors, mails: Mails::start().await, gateway }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let own = [
            ("SECRET_KEY", KEY),
            ("DEBUG", "true"),
            ("TURNOUT_LOG", "debug"),
            ("ACTIONNETWORK_SYNC", "true"),
            ("CLOUDFLARE_ENABLED", "true"),
            ("CLOUDFLARE_ZONE", "zone7"),
            ("TURNOUT_CENSUS_GEOCODER", "true"),
            ("FAX_DISABLE", "false"),
            ("FAX_REDIRECT_TO", "+16145550002"),
            ("MOVER_ID", "m1"),
            ("PRINT_AND_FORWARD_CONFIRM", "true"),
            ("TWILIO_ACCOUNT_SID", "AC1"),
            ("TWILIO_MESSAGING_SERVICE_SID", "MG1"),
            ("USVF_GEOCODE", "true"),
            ("KEEP_REGISTRATIONS_DAYS", "30"),
        ];
        let own = own.into_iter().map(|(name, value)| (name, value.to_owned()));
        let keys = KEYS.into_iter().map(|name| (name, needle::VENDOR_KEY.to_owned()));
        let places = self.vendors.iter().map(|(name, peer)| (*name, peer.origin().to_string()));
        let more = [
            ("LOB_KEY", format!("test_{}", needle::VENDOR_KEY)),
            ("TURNOUT_DATA_DIR", self.path().join("var").display().to_string()),
            ("SMTP_URL", self.mails.url.clone()),
        ];
        own.chain(keys).chain(places).chain(more).chain(self.gateway.settings()).collect()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// What a command says, on both its outputs.
    async fn run(&self, arguments: &'static [&'static str]) -> Vec<u8> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.path()).env_clear().envs(self.settings());
        command.stdin(Stdio::null());
        let output = spawn_blocking(move || command.output().unwrap()).await.unwrap();
        [output.stdout, output.stderr].concat()
    }
}

/// Everything that may be said of a voter of this state.
fn voter(state: &str) -> Value {
    json!({
        "first_name": needle::FIRST_NAME, "middle_name": needle::MIDDLE_NAME, "last_name": needle::LAST_NAME,
        "address1": needle::ADDRESS, "address2": needle::ADDRESS2, "city": needle::CITY, "state": state,
        "zipcode": "45801", "date_of_birth": needle::DATE_OF_BIRTH, "email": needle::EMAIL, "phone": needle::PHONE,
        "us_citizen": true, "is_18_or_over": true, "state_id_number": needle::STATE_ID, "sms_opt_in": true,
        "utm_source": needle::UTM, "session_id": needle::SESSION, "embed_url": needle::EMBED, "party": "Democratic",
        "previous_first_name": needle::PREVIOUS_FIRST_NAME, "previous_last_name": needle::PREVIOUS_LAST_NAME,
        // the region that the Census' name of Allen County makes
        "region": 9_000_039_003_i64, "mailing_address1": needle::MAILING_ADDRESS, "mailing_city": needle::MAILING_CITY,
        "mailing_state": "OH", "mailing_zipcode": "45801",
        "state_fields": {"region_id": 1, "declaration": true}, "state_id_number_2": "9761",
    })
}

/// A command, and the needles that it is asked to show: whoever types `parse` and an address wants to see it.
type Asked = (&'static [&'static str], &'static [&'static str]);

/// What the supplier of offices says, of offices and their people and of whatever else, is for whoever compares its lists.
const OFFICES: &[&str] =
    &["OFFICE_EMAIL", "OFFICE_PHONE", "OFFICE_FAX", "OFFICIAL", "MAILING_ADDRESS", "CITY", "VENDOR"];

const COMMANDS: &[Asked] = &[
    // its name, not the key
    (&["config", "show"], &["AMAZON_KEY"]),
    (&["config", "check"], &[]),
    (&["features", "list"], &[]),
    (&["features", "set", "movers", "on"], &[]),
    (&["features", "set", "drip.nothing", needle::TEXT], &[]),
    (&["jobs", "list"], &[]),
    (&["jobs", "list", "--state", "done", "--json", "--limit", "500"], &[]),
    (&["jobs", "list", "--state", "dead", "--json"], &[]),
    (&["jobs", "retry", "--dead"], &[]),
    (&["messages", "check"], &[]),
    (&["messages", "send-test", "--to", needle::EMAIL], &["EMAIL"]),
    (&["forms", "check"], &[]),
    (&["forms", "show", "OH"], &[]),
    (&["forms", "preview", "OH", "--out", "preview.pdf"], &[]),
    (&["parse", "9317 Wyrmwood Terrace, Fluddleburg OH 45801"], &["ADDRESS", "CITY"]),
    (&["match", "9317 Wyrmwood Terrace, Fluddleburg OH 45801"], &["ADDRESS", "CITY"]),
    (&["user", "create", needle::STAFF_EMAIL], &["STAFF_EMAIL"]),
    (&["user", "create", needle::TEXT], &["TEXT"]),
    (&["user", "list"], &["STAFF_EMAIL"]),
    (&["user", "reset-2fa", needle::STAFF_EMAIL], &["STAFF_EMAIL"]),
    (&["api-key", "create", "default", "--description", needle::STAFF_NAME], &[]),
    (&["api-key", "create", needle::PATH], &["PATH"]),
    (&["api-key", "list"], &["STAFF_NAME"]),
    (&["webhooks", "list", "default"], &[]),
    (&["suppressions", "add", needle::OTHER_EMAIL], &["OTHER_EMAIL"]),
    (&["suppressions", "show", needle::OTHER_EMAIL], &["OTHER_EMAIL"]),
    (&["suppressions", "lift", needle::OTHER_EMAIL], &["OTHER_EMAIL"]),
    (&["consent", "show", "--channel", "sms", needle::PHONE], &["PHONE"]),
    (&["retention", "--dry-run"], &[]),
    (&["retention"], &[]),
    (&["election", "replace", needle::TEXT, "x"], &[]),
    (&["offices", "test-region", "--email", needle::OFFICE_EMAIL, "--fax", needle::OFFICE_FAX], OFFICES),
    (&["import", "movers", "leads.csv"], &[]),
    (&["import", "offices", "offices.json"], OFFICES),
    (&["import", "state-info", "facts.json"], &[]),
    (&["import", "subscribers", "subscribers.csv"], &[]),
    (&["import", "django", "--from", "django.json"], &[]),
    (&["import", "streets", "leads.csv"], &[]),
    (&["import", "gis", "leads.csv"], &[]),
    (
        &[
            "blast",
            "plan",
            "--name",
            needle::ORGANIZATION,
            "--text",
            needle::TEXT,
            "--list",
            "list.csv",
            "--budget",
            "1",
            "--price",
            "0.01",
            "--by",
            needle::STAFF_EMAIL,
        ],
        &["ORGANIZATION", "TEXT", "STAFF_EMAIL"],
    ),
    (
        &[
            "blast",
            "plan",
            "--name",
            "x",
            "--text",
            "y",
            "--list",
            "leads.csv",
            "--budget",
            "1",
            "--price",
            "0.01",
            "--by",
            needle::STAFF_EMAIL,
        ],
        &[],
    ),
    (&["blast", "list"], &["ORGANIZATION", "STAFF_EMAIL"]),
    (&["data-subject", "export", "--email", needle::EMAIL, "--to", "person.zip"], &[]),
    (&["data-subject", "delete", "--email", needle::EMAIL], &[]),
    (&["data-subject", "delete", "--email", needle::EMAIL, "--apply", "--receipt", "receipt.json"], &[]),
    (&["data-subject", "verify", "receipt.json", "--email", needle::EMAIL], &[]),
    (&["data-subject", "receipts"], &[]),
];

/// What asks vendors: again and again, until each went wrong in every way.
const SYNCS: &[Asked] = &[
    (&["sync", "offices"], OFFICES),
    (&["sync", "florida-links"], OFFICES),
    (&["sync", "movers"], &[]),
    (&["sync", "action-network"], &[]),
    (&["sync", "uptime"], &["VENDOR"]),
    (&["sync", "pa-counties"], &[]),
    (&["match", "9317 Wyrmwood Terrace, Fluddleburg OH 45801"], &["ADDRESS", "CITY"]),
];

/// Files that are taken in, each with something wrong.
fn write_files(place: &Place) {
    let (first, last, email) = (needle::PREVIOUS_FIRST_NAME, needle::PREVIOUS_LAST_NAME, needle::OTHER_EMAIL);
    place.write(
        "leads.csv",
        &format!(
            "created_at,email,first_name,last_name,new_address1,new_city,new_state,new_zipcode,move_date\n\
             2026-10-02T12:00:00Z,{email},{first},{last},{0},{1},OH,45801,2026-09-01\n\
             {last},{first},{email},{last},{0},{1},{1},{first},{2}\n",
            needle::ADDRESS,
            needle::CITY,
            needle::TEXT,
        ),
    );
    let line =
        |phone: &str, state: &str| format!("{phone},{state},\"{}, {}\"\n", needle::ADDRESS, needle::CITY);
    let (phone, other) = (line(needle::PHONE, "OH"), line(needle::TEXTER, "OH"));
    place.write("list.csv", &format!("phone,state,address\n{phone}{other}"));
    let office = json!({
        "id": 7, "region": 1, "hours": needle::OFFICIAL, "addresses": [{
            "id": 70, "state": needle::OFFICIAL, "main_email": needle::OFFICIAL, "main_fax_number": needle::OFFICE_EMAIL,
        }],
    });
    let region =
        json!({"id": needle::OFFICIAL, "region_name": needle::CITY, "state_abbr": needle::OFFICE_EMAIL});
    place.write("offices.json", &json!([region, office]).to_string());
    let fact = json!({"field_type": needle::TEXT, "text": needle::TEXT});
    let state = json!({"code": needle::STAFF_NAME, "name": needle::STAFF_NAME, "state_information": [fact]});
    place.write("facts.json", &json!({"fields": [needle::TEXT], "states": [state]}).to_string());
    place.write(
        "subscribers.csv",
        &format!(
            "slug,plan,first_name,last_name,email,phone\nnobody,{0},{0},{1},{2},{3}\n",
            needle::STAFF_NAME,
            needle::LAST_NAME,
            needle::TEXT,
            needle::EMAIL
        ),
    );
    let registration = json!({
        "model": "register.registration", "pk": "0b4f7c1e-0000-4000-8000-000000000000",
        "fields": {"first_name": needle::FIRST_NAME, "date_of_birth": needle::TEXT, "phone": needle::EMAIL},
    });
    place.write(
        "django.json",
        &json!([registration, {"model": needle::TEXT, "pk": 1, "fields": {}}]).to_string(),
    );
}

/// The needles that stand in a text, but for those that it is asked to show.
fn look(scanner: &Scanner, whose: &str, text: &[u8], shows: &[&str], found: &mut BTreeMap<String, String>) {
    for (pattern, at) in scanner.find(text) {
        if shows.contains(&NEEDLES[pattern.of].field) {
            continue;
        }
        let excerpt = &text[at.saturating_sub(300)..text.len().min(at + 200)];
        let excerpt = String::from_utf8_lossy(excerpt).into_owned();
        found.entry(format!("{whose}: {pattern}")).or_insert(excerpt);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_logs_and_its_commands_print_nothing_about_anybody() {
    let scanner = Scanner::new();
    let place = Place::new().await;
    write_files(&place);
    let settings = place.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let server = Running::start("all-in-one", place.path(), &settings).await;
    let mut statuses = BTreeMap::new();
    for round in 0..6 {
        let state = if round % 2 == 0 { "OH" } else { "PA" };
        for path in [
            "/v1/registration/register/",
            "/v1/absentee/request/",
            "/v1/verification/verify/",
            "/v1/reminder/signup/",
            "/v1/storage/reset/",
            "/v1/smsbot/twilio/",
        ] {
            let address = server.url(&format!("{path}?email={}", needle::EMAIL));
            let asked = server.client().post(address).header("user-agent", needle::AGENT).json(&voter(state));
            *statuses.entry(asked.send().await.unwrap().status().as_u16()).or_insert(0) += 1;
        }
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(server.stop().await.success());
    assert!(statuses.get(&200).is_some_and(|count| *count >= 8), "{statuses:?}");
    let mut found = BTreeMap::new();
    let log = std::fs::read(place.path().join("log")).unwrap();
    assert!(log.len() > 5_000, "{} bytes of log", log.len());
    look(&scanner, "the log", &log, &[], &mut found);

    let again = SYNCS.iter().cycle().take(9 * SYNCS.len());
    let mut printed = log.len();
    for (arguments, shows) in COMMANDS.iter().chain(again) {
        let said = place.run(arguments).await;
        assert!(!said.is_empty(), "{arguments:?} says nothing");
        printed += said.len();
        look(&scanner, &arguments[..2.min(arguments.len())].join(" "), &said, shows, &mut found);
    }
    println!("{} commands, {printed} bytes, {statuses:?}", COMMANDS.len() + SYNCS.len());
    let text: Vec<String> = found.iter().map(|(what, line)| format!("{what}\n    {line}")).collect();
    assert!(text.is_empty(), "{} kinds of finds:\n{}", text.len(), text.join("\n"));
}
