//! The list of election offices over real sockets: by `turnout-server sync offices`, and by the job.

use std::{process::Command, sync::Arc};

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    absentee::overrides::{OverrideInput, put_link, put_override, region_sheet},
    address::State,
    conformance::http::{Behavior, HttpPeer as _},
    ids::{RegionId, UserId},
    jobs::{NewJob, schedule, step},
    memory::FrozenClock,
    official::{OfficeWithAddresses, Region, jobs::Sync},
    ports::{
        clock::Clock as _,
        http::{HttpResponse, StatusCode},
        store::{RegionFilter, Store as _, View},
    },
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use crate::support::{TcpPeer, USVF_KEY, VoteFoundationPeer, WrongPage};

const TEST_REGION: RegionId = RegionId(999_999_999);
const SLACK: &str = "/services/T0/B0/slack-hush";

/// A folder with a database, US Vote Foundation, and the team's Slack.
struct Place {
    folder: tempfile::TempDir,
    supplier: VoteFoundationPeer,
    slack: TcpPeer,
}

impl Place {
    async fn new() -> Self {
        let supplier = VoteFoundationPeer::start().await;
        let slack =
            TcpPeer::that_refuses(|heard| (heard.path != SLACK).then_some(StatusCode::NOT_FOUND)).await;
        let place = Self { folder: tempfile::tempdir().unwrap(), supplier, slack };
        let (done, said) = place.run(&["migrate"]).await;
        assert!(done, "{said}");
        place
    }

    /// With this list taken over.
    async fn with(list: &List) -> Self {
        let place = Self::new().await;
        place.has(list);
        let (done, said) = place.sync(&[]).await;
        assert!(done, "{said}");
        place.supplier.asked();
        place
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef".into()),
            ("DEBUG", "true".into()),
            ("TURNOUT_DATA_DIR", self.folder.path().join("var").display().to_string()),
            ("USVF_SYNC", "true".into()),
            ("USVOTEFOUNDATION_KEY", USVF_KEY.into()),
            ("USVOTEFOUNDATION_BASE_URL", self.supplier.origin().to_string()),
            ("SLACK_DATA_ERROR_ENABLED", "true".into()),
            ("SLACK_DATA_ERROR_WEBHOOK", self.slack.origin().join(SLACK).unwrap().into()),
        ]
    }

    /// Whether the program is content, and what it says.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        self.run_with(&[], arguments).await
    }

    async fn run_with(&self, settings: &[(&str, &str)], arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(self.settings());
        command.envs(settings.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for secret in ["hush", "0123456789abcdef"] {
            assert!(!said.contains(secret), "{said}");
        }
        (output.status.success(), said)
    }

    async fn sync(&self, more: &[&str]) -> (bool, String) {
        self.run(&[&["sync", "offices"], more].concat()).await
    }

    fn has(&self, (regions, offices): &List) {
        self.supplier.has(regions, offices);
    }

    /// The ports of a process here, at half past six, with a clock to be turned.
    async fn wired(&self) -> (Wired, FrozenClock) {
        let settings: String =
            self.settings().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        let mut complaints = Complaints::default();
        let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
        assert!(complaints.is_empty(), "{complaints}");
        let mut wired = wiring::wire(&config).await.unwrap();
        // the day after tomorrow: what the commands made is due
        let day = wired.app.now().date_naive() + TimeDelta::days(2);
        let clock = FrozenClock::at(day.and_hms_opt(6, 30, 30).unwrap().and_utc());
        wired.app.clock = Arc::new(clock.clone());
        (wired, clock)
    }

    async fn view(&self) -> Box<dyn View> {
        let rows = self.folder.path().join("var/turnout.db");
        SqliteStore::open(rows, SqliteOptions::default()).await.unwrap().view().await.unwrap()
    }

    /// How many regions of the supplier a state has.
    async fn regions(&self, state: State) -> usize {
        let regions = self.view().await.officials().regions(state, &RegionFilter::default()).await.unwrap();
        regions.iter().filter(|region| !region.is_generated()).count()
    }

    async fn region(&self, id: RegionId) -> (Region, Vec<OfficeWithAddresses>) {
        let mut view = self.view().await;
        let region = view.officials().region(id).await.unwrap().unwrap();
        (region, view.officials().offices(id).await.unwrap())
    }

    /// What `jobs list` shows of the nightly look: the last failure of those in this state.
    async fn jobs(&self, state: &str) -> Vec<String> {
        let (done, said) =
            self.run(&["jobs", "list", "--json", "--kind", Sync::KIND, "--state", state]).await;
        assert!(done, "{said}");
        let listed: Value = serde_json::from_str(&said).unwrap();
        let why = |job: &Value| job["reason"].as_str().unwrap_or_default().to_owned();
        listed["jobs"].as_array().unwrap().iter().map(why).collect()
    }

    /// What the team heard last.
    fn heard(&self) -> String {
        let heard = self.slack.heard().pop().unwrap();
        let body: Value = serde_json::from_slice(&heard.body).unwrap();
        body["text"].as_str().unwrap().to_owned()
    }

    fn slack_answers(&self, status: StatusCode) {
        self.slack.will(Behavior::Answers(HttpResponse::new(status).with_body("ok")));
    }
}

/// Regions and offices.
type List = (Vec<Value>, Vec<Value>);

fn region(id: i64, state: &str) -> Value {
    json!({ "id": id, "region_name": format!("County {id}"), "state_abbr": state })
}

fn office(id: i64, phone: &str) -> Value {
    let address = json!({
        "id": 2_000 + id, "street1": format!("{id} Main St"), "city": "Anytown", "state": "TX", "zip": "75001",
        "main_phone_number": phone, "functions": ["DOM_VR"],
    });
    json!({ "id": 1_000 + id, "region": format!("/eod/v3/regions/{id}"), "hours": "9-5", "addresses": [address] })
}

/// These regions, each with an office.
fn list(regions: &[(&str, std::ops::RangeInclusive<i64>)]) -> List {
    let all = regions.iter().flat_map(|(state, ids)| ids.clone().map(move |id| (id, *state)));
    all.map(|(id, state)| (region(id, state), office(id, "617-555-0100"))).unzip()
}

/// 160 regions: Delaware and Hawaii are no more than 5 % of them.
fn country() -> List {
    list(&[("TX", 1..=152), ("DE", 201..=203), ("HI", 301..=305)])
}

fn row(name: &str, [added, changed, unchanged, gone]: [usize; 4]) -> String {
    format!("{name:<10}{added:>8}{changed:>9}{unchanged:>11}{gone:>7}\n")
}

async fn run_due(wired: &Wired) {
    step::run_all_due(&wired.app).await.unwrap();
}

async fn enqueue(wired: &Wired, job: &NewJob) {
    let mut unit = wired.app.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(job).await.unwrap();
    unit.commit().await.unwrap();
}

/// The scheduler looks, and what is due runs.
async fn by_the_clock(wired: &Wired, clock: &FrozenClock) {
    schedule::run(&wired.app, clock.now() - TimeDelta::minutes(1)).await.unwrap();
    run_due(wired).await;
}

#[tokio::test]
async fn every_page_is_asked_for_in_three_passes_and_what_one_loses_another_has() {
    let place = Place::new().await;
    place.has(&country());
    place.supplier.loses(&[(100, "regions", 5), (73, "offices", 1_150), (67, "offices", 1_305)]);
    let (done, said) = place.sync(&["--dry-run"]).await;
    assert!(done && said.contains("+ region 5 County 5, TX\n") && said.contains("+ office 1150 "), "{said}");
    assert!(said.contains("Nothing was written: this was a dry run."), "{said}");
    assert_eq!(place.regions(State::Tx).await, 0);
    let pages: Vec<String> = ["regions", "offices"]
        .iter()
        .flat_map(|list| {
            let sizes = [("100", &["100"][..]), ("73", &["73", "146"][..]), ("67", &["67", "134"][..])];
            sizes.into_iter().flat_map(move |(size, offsets)| {
                let first = format!("/eod/v3/{list}?limit={size}");
                let rest = offsets.iter().map(move |at| format!("/eod/v3/{list}?limit={size}&offset={at}"));
                std::iter::once(first).chain(rest)
            })
        })
        .collect();
    assert_eq!(place.supplier.asked(), pages);

    let (done, said) = place.sync(&[]).await;
    let rows = ["regions", "offices", "addresses"];
    assert!(done && rows.iter().all(|name| said.contains(&row(name, [160, 0, 0, 0]))), "{said}");
    assert_eq!((place.regions(State::Tx).await, place.regions(State::De).await), (152, 3));
    // other records are lost the next time
    place.supplier.loses(&[(100, "regions", 203), (100, "offices", 1_001)]);
    let (done, said) = place.sync(&[]).await;
    assert!(done && rows.iter().all(|name| said.contains(&row(name, [0, 0, 160, 0]))), "{said}");
}

#[tokio::test]
async fn who_has_another_key_is_turned_away_and_nothing_is_written() {
    let place = Place::with(&country()).await;
    place.has(&list(&[("TX", 1..=160)]));
    let (done, said) =
        place.run_with(&[("USVOTEFOUNDATION_KEY", "another-hush")], &["sync", "offices"]).await;
    assert!(
        !done && said.contains("nothing was imported") && said.contains("rejected the request"),
        "{said}"
    );
    assert_eq!((place.supplier.asked().len(), place.regions(State::De).await), (0, 3));
    let without = [("USVOTEFOUNDATION_KEY", ""), ("USVF_SYNC", "false")];
    let (done, said) = place.run_with(&without, &["sync", "offices"]).await;
    assert!(!done && said.contains("needs USVOTEFOUNDATION_KEY"), "{said}");
}

#[tokio::test]
async fn a_page_that_cannot_be_had_is_asked_for_again_and_whoever_wants_rest_has_it() {
    let place = Place::new().await;
    place.has(&country());
    for (page, wrong) in [
        ("regions?limit=100&offset=100", WrongPage::AsksForRest(3)),
        ("regions?limit=67", WrongPage::BreaksOff),
        ("offices?limit=100", WrongPage::Fails(502)),
        ("offices?limit=73&offset=73", WrongPage::HangsUp),
        ("offices?limit=67&offset=134", WrongPage::Fails(429)),
    ] {
        place.supplier.will(page, wrong);
    }
    let (done, said) = place.sync(&[]).await;
    assert!(done && said.contains(&row("offices", [160, 0, 0, 0])), "{said}");
    assert_eq!((place.supplier.left(), place.supplier.impatient()), (0, 0));
    assert_eq!(place.supplier.asked().len(), 16, "each page once");
}

#[tokio::test]
async fn a_page_that_is_cut_leaves_everything_as_it_was_and_the_job_asks_again_later() {
    let place = Place::with(&list(&[("TX", 1..=20)])).await;
    place.has(&list(&[("TX", 1..=21)]));
    place.supplier.will("offices?limit=67", WrongPage::IsCut);
    let (done, said) = place.sync(&[]).await;
    assert!(!done && said.contains("gave an answer that cannot be read"), "{said}");
    assert_eq!(place.regions(State::Tx).await, 20);

    let (wired, clock) = place.wired().await;
    for wrong in [WrongPage::IsCut, WrongPage::AsksForRest(600)] {
        place.supplier.will("offices?limit=67", wrong);
    }
    by_the_clock(&wired, &clock).await;
    assert_eq!(place.jobs("waiting").await, ["us-vote-foundation: gave an answer that cannot be read"]);
    clock.advance(TimeDelta::hours(1));
    run_due(&wired).await;
    assert_eq!(place.jobs("waiting").await, ["us-vote-foundation: asks us to slow down"], "it is left alone");
    assert_eq!((place.regions(State::Tx).await, place.supplier.impatient()), (20, 0));
    place.supplier.has_rested();
    clock.advance(TimeDelta::hours(1));
    run_due(&wired).await;
    assert_eq!((place.jobs("waiting").await, place.jobs("done").await.len()), (vec![], 1));
    assert_eq!(place.regions(State::Tx).await, 21);
}

#[tokio::test]
async fn a_record_that_no_pass_has_is_missed_by_the_number_of_all_of_them() {
    let place = Place::with(&country()).await;
    let lost = |list, id| [100, 73, 67].map(|size| (size, list, id));
    place.supplier.loses(&lost("offices", 1_007));
    let short = "the supplier says that it has 160 offices, of which 159 came";
    for more in [&[][..], &["--dry-run"]] {
        let (done, said) = place.sync(more).await;
        assert!(!done && said.contains(short) && said.contains("--accept-losses"), "{said}");
    }
    // it may be why other things are wrong
    place.supplier.loses(&lost("regions", 7));
    let (done, said) = place.sync(&[]).await;
    assert!(!done && said.contains("office 1007 is of region 7, which the list lacks"), "{said}");
    assert!(said.contains("the supplier says that it has 160 regions, of which 159 came"), "{said}");

    place.supplier.loses(&lost("offices", 1_007));
    let (wired, clock) = place.wired().await;
    place.slack_answers(StatusCode::OK);
    by_the_clock(&wired, &clock).await;
    assert!(place.heard().contains(short), "{}", place.heard());
    let dead = place.jobs("dead").await;
    assert!(dead.len() == 1 && dead[0].contains(short), "{dead:?}");
    assert_eq!(place.region(RegionId(7)).await.1.len(), 1, "its office is still there");
    let (done, said) = place.sync(&["--accept-losses"]).await;
    assert!(done && said.contains(&row("offices", [0, 0, 159, 1])), "{said}");
}

#[tokio::test]
async fn a_list_without_a_small_state_is_refused_by_the_command_and_by_the_job() {
    let place = Place::with(&country()).await;
    place.has(&list(&[("TX", 1..=152)]));
    let lacks = "the list lacks 3 of 3 regions, 3 of 3 offices, 3 of 3 addresses of DE; \
                 5 of 5 regions, 5 of 5 offices, 5 of 5 addresses of HI";
    let (done, said) = place.sync(&[]).await;
    assert!(!done && said.contains(lacks), "{said}");
    let (wired, clock) = place.wired().await;
    place.slack_answers(StatusCode::OK);
    by_the_clock(&wired, &clock).await;
    let dead = place.jobs("dead").await;
    assert!(dead.len() == 1 && dead[0].starts_with(lacks), "{dead:?}");
    assert!(place.heard().contains("was refused") && place.heard().contains(lacks), "{}", place.heard());
    assert_eq!((place.regions(State::De).await, place.regions(State::Hi).await), (3, 5));
    let (done, said) = place.sync(&["--accept-losses"]).await;
    assert!(done && said.contains(&row("regions", [0, 0, 152, 8])), "{said}");
    assert_eq!((place.regions(State::De).await, place.regions(State::Hi).await), (0, 0));
}

#[tokio::test]
async fn what_is_known_better_of_an_office_is_there_when_its_region_comes_back() {
    let place = Place::with(&country()).await;
    let (id, admin) = (RegionId(7), UserId(uuid::Uuid::from_u128(7)));
    let (wired, _) = place.wired().await;
    let clerk = OverrideInput {
        email: "clerk@example.org".into(),
        fax: "617-555-0123".into(),
        notes: "asks for a call first".into(),
        ..OverrideInput::default()
    };
    assert!(put_override(&wired.app, admin, id, &clerk).await.unwrap());
    assert!(put_link(&wired.app, admin, id, "https://ballots.example.org/7").await.unwrap());
    let sheet = async || {
        let mut view = wired.app.store.view().await.unwrap();
        region_sheet(view.as_mut(), id).await.unwrap().unwrap()
    };
    let before = sheet().await;
    assert!(before.known.is_some() && before.link.is_some() && before.office.phone.is_some());
    let (mut regions, mut offices) = country();
    regions.retain(|region| region["id"] != 7);
    offices.retain(|office| office["id"] != 1_007);
    place.has(&(regions, offices));
    let (done, said) = place.sync(&[]).await;
    assert!(done && said.contains(&row("regions", [0, 0, 159, 1])), "{said}");
    assert_eq!((place.regions(State::Tx).await, sheet().await.office.phone), (151, None));
    place.has(&country());
    let (done, said) = place.sync(&[]).await;
    assert!(done && said.contains(&row("regions", [1, 0, 159, 0])), "{said}");
    assert_eq!(sheet().await, before);
    assert_eq!(before.contact().email.as_deref(), Some("clerk@example.org"));
}

#[tokio::test]
async fn the_test_region_outlasts_every_list() {
    let place = Place::with(&country()).await;
    let put =
        ["offices", "test-region", "--state", "de", "--email", "me@example.org", "--fax", "617-555-0188"];
    let (done, said) = place.run(&put).await;
    assert!(done && said.contains("by e-mail and fax. It is new."), "{said}");
    assert!(said.contains("Lists of offices leave it alone") && !said.contains("takes it away"), "{said}");
    let before = place.region(TEST_REGION).await;
    let address = &before.1[0].addresses[0];
    assert_eq!(address.email.as_deref(), Some("me@example.org"));
    assert_eq!(address.fax.as_ref().map(|fax| fax.e164()), Some("+16175550188"));
    assert!(before.0.hidden && before.0.state == Some(State::De));

    let (done, said) = place.sync(&["--dry-run"]).await;
    assert!(done && !said.contains("99999999"), "{said}");
    assert!(place.sync(&[]).await.0);
    assert_eq!(place.region(TEST_REGION).await, before);
    // also where nothing else of its state is left
    place.has(&list(&[("TX", 1..=152)]));
    let (done, said) = place.sync(&["--accept-losses"]).await;
    assert!(done && said.contains(&row("regions", [0, 0, 152, 8])), "{said}");
    assert_eq!(place.region(TEST_REGION).await, before);
    let (done, said) = place.run(&["offices", "test-region", "--state", "DE"]).await;
    assert!(done && said.contains("by nothing but paper") && said.contains("It is changed."), "{said}");
}

#[tokio::test]
async fn offices_are_compared_before_they_are_taken_over_and_the_team_hears_what_is_lacking() {
    let place = Place::new().await;
    let (regions, mut offices) = list(&[("TX", 1..=20)]);
    offices.pop();
    place.has(&(regions.clone(), offices.clone()));
    assert!(place.sync(&[]).await.0);
    offices[0] = office(1, "617-555-0199");
    place.has(&(regions, offices));
    let (done, said) = place.sync(&["--dry-run"]).await;
    let phone = "~ address 2001 1 Main St\n    phone: \"+16175550100\" → \"+16175550199\"";
    assert!(done && said.contains(phone), "{said}");

    let (wired, clock) = place.wired().await;
    place.slack_answers(StatusCode::OK);
    run_due(&wired).await;
    for lacking in [
        "1 regions have no address: TX County 20.",
        "1 regions have neither e-mail address nor telephone nor fax: TX County 20.",
    ] {
        assert!(place.heard().contains(lacking), "{}", place.heard());
    }

    // a truncated answer is refused, whoever asks; and the team hears it though it was away
    place.has(&list(&[("TX", 1..=10)]));
    let lacks = "the list lacks 10 of 20 regions, 9 of 19 offices, 9 of 19 addresses in all; \
                 10 of 20 regions, 9 of 19 offices, 9 of 19 addresses of TX";
    let (done, said) = place.sync(&[]).await;
    assert!(!done && said.contains(lacks), "{said}");
    enqueue(&wired, &Sync {}.job(&wired.app)).await;
    place.slack_answers(StatusCode::SERVICE_UNAVAILABLE);
    run_due(&wired).await;
    place.slack_answers(StatusCode::OK);
    clock.advance(TimeDelta::hours(1));
    run_due(&wired).await;
    assert!(place.heard().contains("was refused") && place.heard().contains(lacks), "{}", place.heard());
    assert_eq!(place.regions(State::Tx).await, 20);
}
