//! What is published of facts about states, and what is taken over from others, over real sockets: commands and jobs.

use std::process::Command;

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    address::State,
    election::{
        edit::{self, FactInput},
        jobs::{MonitorTools, PublishRedirects},
        webhooks::{self, CallWebhooks},
    },
    ids::UserId,
    jobs::{NewJob, step},
    memory::FrozenClock,
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::support::publishing_peer::{CLOUDFLARE_TOKEN, HOOK, I90_KEY, PublishingPeer, UPTIME_SECRET};

const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

/// A folder with a database, and services around it.
struct Place {
    folder: tempfile::TempDir,
    peer: PublishingPeer,
}

impl Place {
    async fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), peer: PublishingPeer::start().await };
        assert!(place.run(&["migrate"]).await.0);
        // what a fresh installation knows of states
        for table in ["election_stateinformation", "election_stateinformationfieldtype"] {
            place.execute(&format!("DELETE FROM {table}")).await;
        }
        place
    }

    async fn execute(&self, statement: &str) {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("var/turnout.db"));
        let mut rows = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut rows).await.unwrap();
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let peer = self.peer.origin().to_string();
        vec![
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef".into()),
            ("DEBUG", "true".into()),
            ("WWW_ORIGIN", "https://www.example.org".into()),
            ("TURNOUT_DATA_DIR", self.folder.path().join("var").display().to_string()),
            ("ENV", "prod".into()),
            ("STATE_TOOL_REDIRECT_SYNC", "true".into()),
            ("CLOUDFLARE_ENABLED", "true".into()),
            ("CLOUDFLARE_ZONE", "zone7".into()),
            ("CLOUDFLARE_TOKEN", CLOUDFLARE_TOKEN.into()),
            ("CLOUDFLARE_BASE_URL", peer.clone()),
            ("UPTIME_URL", peer.clone()),
            ("UPTIME_SECRET", UPTIME_SECRET.into()),
            ("I90_URL", peer.clone()),
            ("I90_KEY", I90_KEY.into()),
            ("STATE_INFO_URL", peer),
        ]
    }

    /// Whether the program is content, and what it says.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(self.settings());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for secret in ["hush", "0123456789abcdef"] {
            assert!(!said.contains(secret), "{said}");
        }
        (output.status.success(), said)
    }

    /// The ports of a process here, with a clock to be turned.
    async fn wired(&self) -> (Wired, FrozenClock) {
        let settings: String =
            self.settings().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        let mut complaints = Complaints::default();
        let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
        assert!(complaints.is_empty(), "{complaints}");
        let mut wired = wiring::wire(&config).await.unwrap();
        let clock = FrozenClock::at(wired.app.now());
        wired.app.clock = std::sync::Arc::new(clock.clone());
        (wired, clock)
    }

    /// Kinds of facts and facts, taken over from a file.
    async fn facts(&self, states: &Value) {
        let tools = ["external_tool_ovr", "external_tool_verify_status"];
        let fields: Vec<Value> = tools
            .iter()
            .map(|slug| json!({ "slug": slug, "long_name": format!("long {slug}"), "field_format": "URL" }))
            .collect();
        let both = json!({ "fields": fields, "states": states }).to_string();
        std::fs::write(self.folder.path().join("facts.json"), both).unwrap();
        let (done, said) = self.run(&["import", "state-info", "facts.json"]).await;
        assert!(done, "{said}");
    }
}

fn state(code: &str, facts: &[(&str, &str)]) -> Value {
    let facts: Vec<Value> =
        facts.iter().map(|(slug, text)| json!({ "field_type": slug, "text": text })).collect();
    json!({ "code": code, "name": code, "state_information": facts })
}

async fn enqueue(wired: &Wired, job: &NewJob) {
    let mut unit = wired.app.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(job).await.unwrap();
    unit.commit().await.unwrap();
}

async fn save(wired: &Wired, slug: &str, text: &str) {
    let input = FactInput { text: text.into(), ..FactInput::default() };
    edit::save(&wired.app, ACTOR, (State::Ma, slug), &input, None).await.unwrap();
}

const OVR: &str = "external_tool_ovr";
const STATUS: &str = "external_tool_verify_status";

#[tokio::test]
async fn redirects_are_published_though_rows_are_missing() {
    let place = Place::new().await;
    place
        .facts(&json!([state("MA", &[(OVR, "https://ma.example.org/ovr")]), state("OH", &[(OVR, "")])]))
        .await;
    let published = place.folder.path().join("var/public");
    let (done, said) = place.run(&["sync", "redirects", "--dry-run"]).await;
    assert!(done && said.contains("Nothing was published: this was a dry run."), "{said}");
    assert!(said.contains("state-redirect/MA/external_tool_ovr → https://ma.example.org/ovr\n"), "{said}");
    let ours =
        "state-redirect/OH/external_tool_ovr → https://www.example.org/register-to-vote/ (no tool is known)";
    assert!(said.contains(ours), "{said}");
    let (wired, _) = place.wired().await;
    let public = wired.local_files.as_ref().unwrap().public.clone();
    assert!(public.get("state-redirect/MA/external_tool_ovr").await.unwrap().is_none(), "{published:?}");
    let (done, said) = place.run(&["sync", "redirects"]).await;
    assert!(done && said.contains("255 addresses were published."), "{said}");
    for (key, to) in [
        ("state-redirect/MA/external_tool_ovr", "https://ma.example.org/ovr"),
        ("state-redirect/WY/external_tool_polling_place", "https://www.example.org/where-to-vote/"),
    ] {
        let file = public.get(key).await.unwrap().unwrap();
        assert_eq!(file.redirect.map(String::from).as_deref(), Some(to));
    }
    // the job does the same
    save(&wired, OVR, "https://ma.example.org/new").await;
    enqueue(&wired, &PublishRedirects {}.job(&wired.app)).await;
    step::run_all_due(&wired.app).await.unwrap();
    let file = public.get("state-redirect/MA/external_tool_ovr").await.unwrap().unwrap();
    assert_eq!(file.redirect.map(String::from).as_deref(), Some("https://ma.example.org/new"));
}

#[tokio::test]
async fn the_monitor_watches_what_facts_name_and_nothing_twice() {
    let place = Place::new().await;
    let shared = "https://vote.example.org/";
    let states = json!([
        state("MA", &[(OVR, shared), (STATUS, shared)]),
        state("NH", &[(OVR, shared)]),
        state("OH", &[(OVR, "https://oh.example.org/")]),
        state("WI", &[(OVR, "https://wi.example.org/")]),
    ]);
    place.facts(&states).await;
    let (done, said) = place.run(&["sync", "uptime", "--dry-run"]).await;
    assert!(done && said.contains("3 added, 0 changed, 0 stopped, 0 unchanged."), "{said}");
    assert!(place.peer.sites().is_empty());
    // one that cannot be added leaves the others to the next run
    place.peer.fail("/v1/uptime/sites/", 502, 1);
    let (done, said) = place.run(&["sync", "uptime"]).await;
    assert!(!done && said.contains("run it again"), "{said}");
    let (done, said) = place.run(&["sync", "uptime"]).await;
    assert!(done, "{said}");
    let told: Vec<(String, bool)> = place.peer.sites().into_iter().map(|(what, _, on)| (what, on)).collect();
    let both = "MA and NH Online Voter Registration and Voter Registration Status Verifier";
    let mut expected = vec![
        (both.to_owned(), true),
        ("OH Online Voter Registration".to_owned(), true),
        ("WI Online Voter Registration".to_owned(), true),
    ];
    expected.sort();
    let mut sorted = told;
    sorted.sort();
    assert_eq!(sorted, expected);
    assert_eq!(place.peer.metadata(shared)["state_ids"], json!(["MA", "NH"]));
    let (done, said) = place.run(&["sync", "uptime"]).await;
    assert!(done && said.contains("0 added, 0 changed, 0 stopped, 3 unchanged."), "{said}");

    // the job goes on where a failure left it
    let (wired, clock) = place.wired().await;
    save(&wired, OVR, "https://ma.example.org/").await;
    place.peer.fail("/v1/uptime/sites-mine/", 500, 1);
    enqueue(&wired, &MonitorTools {}.job(&wired.app)).await;
    step::run_all_due(&wired.app).await.unwrap();
    assert_eq!(place.peer.sites().len(), 3);
    clock.advance(TimeDelta::hours(1));
    step::run_all_due(&wired.app).await.unwrap();
    let sites = place.peer.sites();
    assert!(sites.iter().any(|(what, url, _)| url == "https://ma.example.org/" && what.starts_with("MA ")));
    assert_eq!(sites.len(), 4);
    drop(wired);
    place.peer.fail("/v1/uptime/", 401, 1);
    let (done, said) = place.run(&["sync", "uptime"]).await;
    assert!(!done && said.contains("nothing was changed"), "{said}");
}

#[tokio::test]
async fn a_change_is_forgotten_at_the_cdn_and_has_sites_built() {
    let place = Place::new().await;
    place.facts(&json!([state("MA", &[(OVR, "https://ma.example.org/")])])).await;
    let (wired, clock) = place.wired().await;
    let hook = format!("{}{}", place.peer.origin().as_str().trim_end_matches('/'), HOOK);
    let gone = format!("{}build_hooks/gone", place.peer.origin());
    for url in [&hook, &gone] {
        webhooks::add(&wired.app, ACTOR, "site", url).await.unwrap();
    }
    step::run_all_due(&wired.app).await.unwrap();
    place.peer.purges();
    let look = async |builds: u32| {
        enqueue(&wired, &CallWebhooks {}.job(&wired.app)).await;
        step::run_all_due(&wired.app).await.unwrap();
        assert_eq!(place.peer.builds(), builds);
        clock.advance(TimeDelta::minutes(10));
        step::run_all_due(&wired.app).await.unwrap();
    };
    look(1).await;
    look(1).await;
    place.peer.purges();
    // one that fails is asked again
    place.peer.fail("/client/", 503, 1);
    save(&wired, OVR, "https://ma.example.org/new").await;
    step::run_all_due(&wired.app).await.unwrap();
    assert!(place.peer.purges().is_empty(), "nobody waited for it");
    place.peer.fail("/build_hooks/", 500, 2);
    look(1).await;
    look(2).await;
    let purges = place.peer.purges();
    assert_eq!(purges.len(), 2, "{purges:?}");
    assert!(purges.iter().all(|tags| tags.contains(&"toprodma".to_owned()) && tags.len() == 2), "{purges:?}");
    let mut view = wired.app.store.view().await.unwrap();
    let all = view.update_webhooks().all().await.unwrap();
    drop(view);
    assert!(all.iter().any(|it| it.failed_at.is_some()) && all.iter().any(|it| it.failed_at.is_none()));
    // what is deleted by hand counts too
    let delete = "DELETE FROM election_stateinformation WHERE text = 'https://ma.example.org/new'";
    place.execute(delete).await;
    look(3).await;
    look(3).await;
}

#[tokio::test]
async fn tags_of_many_facts_go_thirty_at_a_time() {
    let place = Place::new().await;
    let states: Vec<Value> = State::ALL
        .iter()
        .filter(|it| !it.is_territory())
        .map(|it| state(it.code(), &[(OVR, "https://old.example.org/")]))
        .collect();
    place.facts(&json!(states)).await;
    let (wired, _) = place.wired().await;
    step::run_all_due(&wired.app).await.unwrap();
    place.peer.purges();
    turnout_core::election::replace(&wired.app, None, "old.example", "new.example", None).await.unwrap();
    step::run_all_due(&wired.app).await.unwrap();
    let sizes: Vec<usize> = place.peer.purges().iter().map(Vec::len).collect();
    assert_eq!(sizes, [30, 22]);
}

#[tokio::test]
async fn facts_of_another_server_are_looked_at_and_taken_over() {
    let place = Place::new().await;
    let fields = json!([{ "slug": OVR, "long_name": "State tool", "field_format": "URL" }]);
    place.peer.say(fields.clone(), json!([state("MA", &[(OVR, "https://ma.example.org/")])]));
    let (done, said) = place.run(&["import", "state-info", "--dry-run"]).await;
    assert!(
        done && said.contains("+ https://ma.example.org/") && said.contains("this was a dry run"),
        "{said}"
    );
    let (wired, _) = place.wired().await;
    let text = async || wired.app.store.view().await.unwrap().elections().text(State::Ma, OVR).await.unwrap();
    assert_eq!(text().await, None);
    let base = place.peer.origin().to_string();
    let (done, said) = place.run(&["import", "state-info", &base]).await;
    assert!(done && said.contains("1 kinds of facts and 1 facts new or changed"), "{said}");
    assert_eq!(text().await.as_deref(), Some("https://ma.example.org/"));
    let (done, said) = place.run(&["import", "state-info"]).await;
    assert!(
        done && said.contains("0 kinds of facts and 0 facts new or changed, 1 facts unchanged"),
        "{said}"
    );

    // whatever goes wrong, what was there stays
    let changed = json!([state("MA", &[(OVR, "https://changed.example.org/"), ("nobodys", "x")])]);
    place.peer.say(fields, changed);
    let (done, said) = place.run(&["import", "state-info"]).await;
    assert!(!done && said.contains("no kind of fact is called nobodys"), "{said}");
    place.peer.say(json!("<html>"), json!([{ "code": "ZZ" }]));
    let (done, said) = place.run(&["import", "state-info"]).await;
    assert!(!done && said.contains("/v1/election/field/: neither kinds of facts nor states"), "{said}");
    assert!(said.contains("/v1/election/state/, record 1: \"code\" is that of no state"), "{said}");
    place.peer.fail("/v1/election/state/", 502, 1);
    assert!(!place.run(&["import", "state-info"]).await.0);
    assert!(!place.run(&["import", "state-info", "nothing.json"]).await.0);
    std::fs::write(place.folder.path().join("cut.json"), "[{\"code\": \"MA\"").unwrap();
    let (done, said) = place.run(&["import", "state-info", "cut.json"]).await;
    assert!(!done && said.contains("is no JSON"), "{said}");
    assert_eq!(text().await.as_deref(), Some("https://ma.example.org/"));
}

#[tokio::test]
async fn a_ballot_tracker_has_a_link_that_can_be_read() {
    let place = Place::new().await;
    let (wired, _) = place.wired().await;
    let tracker = "https://track.example.org/ma";
    let named = async || wired.app.links.shorten_as("track-ballot-MA", tracker).await;
    let at = |token: &str| format!("{}{token}", place.peer.origin());
    assert_eq!(named().await.unwrap(), at("track-ballot-MA"));
    assert_eq!(named().await.unwrap(), at("track-ballot-MA"), "and the same again");
    for token in ["track-ballot-OH", "track-ballot-OH-1"] {
        place.peer.link(token, "https://elsewhere.example.org/");
    }
    let other = wired.app.links.shorten_as("track-ballot-OH", tracker).await.unwrap();
    assert_eq!(other, at("track-ballot-OH-2"));
    place.peer.fail("/v1/redirect/", 500, 1);
    assert!(named().await.unwrap_err().is_transient());
}
