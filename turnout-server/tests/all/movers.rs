//! People who moved, over real sockets: `turnout-server sync movers` and `import movers`, and from the source by the job to a
//! letter at the mail house and the mails that follow it.

use std::{process::Command, sync::Arc};

use chrono::{DateTime, TimeDelta};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    App,
    address::State,
    conformance::http::{Behavior, Heard, HttpPeer as _},
    jobs::{JobState, NewJob, step},
    letter::{LetterReport, take_report},
    memory::FrozenClock,
    mover::jobs::{MailForms, Pull},
    page::PageRequest,
    ports::{
        http::{HttpResponse, StatusCode},
        store::{Store as _, Unit},
    },
    seed::seed,
    switch::{self, SwitchName, SwitchValue},
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::support::{LOB_KEY, LobPeer, MailPeer, TcpPeer};

/// By which the source knows us: the whole header (`flows.md` 17).
const SECRET: &str = "hush-hush";

/// Turns away who does not say it, and who wants something else than leads of this client.
fn unknown(heard: &Heard) -> Option<StatusCode> {
    let said = heard.headers.get("authorization").and_then(|said| said.to_str().ok());
    match (said == Some(SECRET), heard.path.starts_with("/clients/us%2F1/leads?")) {
        (false, _) => Some(StatusCode::UNAUTHORIZED),
        (true, false) => Some(StatusCode::NOT_FOUND),
        (true, true) => None,
    }
}

/// A folder with an empty database, and a source.
struct Place {
    folder: tempfile::TempDir,
    peer: TcpPeer,
}

impl Place {
    async fn new() -> Self {
        let peer = TcpPeer::that_refuses(unknown).await;
        let place = Self { folder: tempfile::tempdir().unwrap(), peer };
        let (done, said) = place.run(&["migrate"]).await;
        assert!(done, "{said}");
        place
    }

    /// Whether the program is content, and what it says.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        self.run_as(SECRET, arguments).await
    }

    async fn run_as(&self, secret: &str, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("SECRET_KEY", "0123456789abcdef0123456789abcdef").env("DEBUG", "true");
        let endpoint = format!("{}clients/{{client_id}}/leads", self.peer.origin());
        command.env("MOVER_LEADS_ENDPOINT", endpoint).env("MOVER_ID", "us/1").env("MOVER_SECRET", secret);
        command.env("MOVER_SOURCE", "acme");
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    async fn sync(&self, response: HttpResponse, more: &[&str]) -> (bool, String) {
        self.peer.will(Behavior::Answers(response));
        self.run(&[&["sync", "movers"], more].concat()).await
    }

    async fn emails(&self) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("var/turnout.db"));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let all = "SELECT email FROM integration_moverlead ORDER BY email";
        sqlx::query_scalar(all).fetch_all(&mut connection).await.unwrap()
    }
}

fn leads(leads: &Value) -> HttpResponse {
    HttpResponse::json(StatusCode::OK, &json!({ "leads": leads }))
}

fn lead(email: &str) -> Value {
    json!({"email": email, "created_at": "2026-10-02T12:00:00Z", "new_state": "OH", "old_state": "NY"})
}

#[tokio::test]
async fn leads_are_fetched_once_and_wrong_ones_are_said_by_their_place() {
    let place = Place::new().await;
    let all = json!([lead("ana@example.org"), lead("nobody at all"), lead("bo@example.org")]);
    let (done, said) = place.sync(leads(&all), &["--dry-run"]).await;
    assert!(done && said.contains("3 leads: 2 new, 0 known before, 1 left out as wrong."), "{said}");
    assert!(
        said.contains("lead 2: email is no e-mail address") && said.contains("Nothing was written."),
        "{said}"
    );
    assert!(!said.contains("nobody at all"), "{said}");
    assert!(place.emails().await.is_empty());
    for known in [0, 2] {
        let (done, said) = place.sync(leads(&all), &["--days", "3"]).await;
        assert!(done && said.contains(&format!("{known} known before")), "{said}");
    }
    assert_eq!(place.emails().await, ["ana@example.org", "bo@example.org"]);
    let heard = place.peer.heard();
    assert!(heard[0].path.starts_with("/clients/us%2F1/leads?hrs=2"), "{}", heard[0].path);
    assert!(heard[1].path.ends_with("/leads?days=3"), "{}", heard[1].path);
}

#[tokio::test]
async fn who_says_another_secret_gets_no_leads() {
    let place = Place::new().await;
    place.peer.will(Behavior::Answers(leads(&json!([lead("ana@example.org")]))));
    let (done, said) = place.run_as("another-hush", &["sync", "movers"]).await;
    assert!(!done && said.contains("rejected the request"), "{said}");
    assert!(!said.contains("hush"), "{said}");
    assert!(place.emails().await.is_empty());
    assert!(place.run(&["sync", "movers"]).await.0);
    assert_eq!(place.emails().await, ["ana@example.org"]);
}

#[tokio::test]
async fn a_source_that_fails_leaves_everything_as_it_is() {
    let place = Place::new().await;
    let cut = HttpResponse::new(StatusCode::OK).with_body("{\"leads\": [{\"email\": \"ana@example.org\", ");
    let answers = [HttpResponse::new(StatusCode::BAD_GATEWAY), HttpResponse::new(StatusCode::FORBIDDEN), cut];
    let answers =
        answers.map(Behavior::Answers).into_iter().chain([Behavior::HangsUp, Behavior::StopsHalfway]);
    for behavior in answers {
        place.peer.will(behavior);
        let (done, said) = place.run(&["sync", "movers"]).await;
        assert!(!done && said.contains("run it again"), "{said}");
        assert!(!said.contains("hush") && !said.contains("ana@"), "{said}");
    }
    assert!(place.emails().await.is_empty());
    let (done, said) = place.sync(leads(&json!([lead("ana@example.org")])), &[]).await;
    assert!(done && said.contains("1 new"), "{said}");
    let last = place.peer.heard().pop().unwrap();
    assert!(last.path.ends_with("?hrs=2"), "{}", last.path);
}

#[tokio::test]
async fn a_table_is_imported_by_its_columns() {
    let place = Place::new().await;
    let table = "Email,Created At,New State,Score\r\nana@example.org,2026-10-02 12:00:00,OH,1\r\n\
                 bo@example.org,soon,Ohio,1\r\ncy@example.org,10/2/2026 12:00,oh\r\n";
    std::fs::write(place.folder.path().join("leads.csv"), table).unwrap();
    let (done, said) = place.run(&["import", "movers", "leads.csv", "--dry-run"]).await;
    assert!(done && said.contains("3 leads: 1 new") && said.contains("Nothing was written."), "{said}");
    let (done, said) = place.run(&["import", "movers", "leads.csv"]).await;
    assert!(done && said.contains("3 leads: 1 new, 0 known before, 2 left out as wrong."), "{said}");
    for part in [
        "asks for: Score",
        "line 3: created_at is no date",
        "line 3: new_state is not",
        "line 4: it has 3 cells",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // the same lead from the source is the same
    let (done, said) = place.sync(leads(&json!([lead("ana@example.org")])), &[]).await;
    assert!(done && said.contains("1 known before"), "{said}");
    std::fs::write(place.folder.path().join("bad.csv"), "name\nAna\n").unwrap();
    let (done, said) = place.run(&["import", "movers", "bad.csv"]).await;
    assert!(!done && said.contains("email and created_at"), "{said}");
}

/// The whole service with a source, a mail house and a mail server, on a day of its own.
struct Town {
    wired: Wired,
    app: App,
    clock: FrozenClock,
    source: TcpPeer,
    house: LobPeer,
    mails: MailPeer,
    _folder: tempfile::TempDir,
}

impl Town {
    /// In which letters go to who moved to Ohio.
    async fn new() -> Self {
        let (folder, source) = (tempfile::tempdir().unwrap(), TcpPeer::that_refuses(unknown).await);
        let (house, mails) = (LobPeer::start().await, MailPeer::start().await);
        let settings = [
            format!("TURNOUT_DATA_DIR={}", folder.path().display()),
            format!("MOVER_LEADS_ENDPOINT={}clients/{{client_id}}/leads", source.origin()),
            format!("MOVER_ID=us/1\nMOVER_SECRET={SECRET}\nMOVER_SOURCE=acme"),
            format!("LOB_KEY={LOB_KEY}\nLOB_BASE_URL={}", house.origin()),
            format!("SMTP_URL={}", mails.url),
        ];
        let mut complaints = Complaints::default();
        let env = Env::parse(&settings.join("\n"), &mut complaints);
        let config = Config::read(&env, Role::AllInOne, &mut complaints);
        assert!(complaints.is_empty(), "{complaints}");
        let wired = wiring::wire(&config).await.unwrap();
        wired.rows.migrate(|_| {}).await.unwrap();
        // noon in Ohio: what nobody asked for waits for a polite hour
        let clock = FrozenClock::at("2026-11-03T17:00:00Z".parse().unwrap());
        let mut app = wired.app.clone();
        app.clock = Arc::new(clock.clone());
        seed(&app).await.unwrap();
        // streets and lists would be asked of others
        for (name, is_on) in [
            ("movers", true),
            ("movers.blank_forms", true),
            ("movers.geocode", false),
            ("movers.push_to_actionnetwork", false),
        ] {
            let value = SwitchValue::Flag(is_on);
            switch::set(&app, SwitchName::parse(name).unwrap(), Some(&value)).await.unwrap();
        }
        let town = Self { wired, app, clock, source, house, mails, _folder: folder };
        town.rows(facts_of_ohio).await;
        town
    }

    async fn rows(&self, write: impl AsyncFnOnce(&mut dyn Unit)) {
        let mut unit = self.app.store.begin().await.unwrap();
        write(unit.as_mut()).await;
        unit.commit().await.unwrap();
    }

    /// Has a job done, and all that follows at once.
    async fn run(&self, job: NewJob) {
        self.rows(async |unit| {
            unit.jobs_mut().enqueue(&job).await.unwrap();
        })
        .await;
        self.go_on().await;
    }

    async fn go_on(&self) {
        step::run_all_due(&self.app).await.unwrap();
        // the lanes of letters give a few each second
        for _ in 0..4 {
            self.clock.advance(TimeDelta::seconds(1));
            step::run_all_due(&self.app).await.unwrap();
        }
    }

    /// The jobs about people who moved that are not done, each with when it is due and why it failed.
    async fn left(&self) -> Vec<(String, DateTime<chrono::Utc>, String)> {
        let mut view = self.app.store.view().await.unwrap();
        let page = PageRequest { after: None, limit: 100 };
        let mut left = view.jobs().unfinished(page).await.unwrap().rows;
        left.retain(|job| job.kind.starts_with("mover."));
        assert!(left.iter().all(|job| job.state == JobState::Waiting), "{left:?}");
        left.sort_by_key(|job| job.due_at);
        left.into_iter().map(|job| (job.kind, job.due_at, job.last_error.unwrap_or_default())).collect()
    }
}

/// What Ohio has to say on the cover of a letter.
async fn facts_of_ohio(unit: &mut dyn Unit) {
    for (slug, text) in [
        ("registration_nvrf_box_6", "Your driver license number"),
        ("registration_nvrf_box_7", "No party"),
        ("registration_nvrf_box_8", "Leave blank"),
        ("registration_deadline_mail", "Postmarked 30 days before Election Day."),
        ("registration_nvrf_submission_address", "Secretary of State\nPO Box 1\nColumbus, OH 43216"),
    ] {
        let field = unit.elections().field_type(slug).await.unwrap().unwrap();
        let all = unit.elections().information_of_state(State::Oh).await.unwrap();
        let mut fact = all.into_iter().find(|it| it.field_type == field.id).unwrap();
        fact.text = text.into();
        unit.elections_mut().update_information(&fact).await.unwrap();
    }
}

/// Somebody who moved from Massachusetts to Ohio.
fn ana() -> Value {
    json!({
        "created_at": "2026-11-02T12:00:00Z", "email": "ana@example.org", "first_name": "Ana",
        "last_name": "Mover", "move_date": "2026-10-20 00:00:00", "new_address1": "1 First St",
        "new_city": "Columbus", "new_state": "OH", "new_zipcode": "43215", "new_housing_tenure": "rent",
        "old_address1": "2 Second St", "old_city": "Worcester", "old_state": "MA", "old_zipcode": "01608",
        "old_housing_tenure": "own",
    })
}

#[tokio::test]
async fn from_the_source_to_a_letter_and_three_mails_whatever_goes_wrong_on_the_way() {
    let town = Town::new().await;
    for behavior in [
        Behavior::Answers(HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE)),
        Behavior::HangsUp,
        Behavior::StopsHalfway,
    ] {
        let shown = format!("{behavior:?}");
        town.source.will(behavior);
        match town.left().await.pop() {
            None => town.run(Pull {}.job(&town.app)).await,
            Some((_, due, _)) => {
                town.clock.set(due);
                town.go_on().await;
            }
        }
        let [(kind, due, why)] = town.left().await.try_into().unwrap();
        assert!(kind == "mover.pull" && due > town.app.now() && !why.is_empty(), "{shown}: {why}");
        assert!(!why.contains(SECRET) && !why.contains("ana@"), "{why}");
    }
    let homeless = json!({"created_at": "2026-11-02T12:00:01Z", "email": "bo@example.org"});
    town.source.will(Behavior::Answers(leads(&json!([ana(), homeless, ana()]))));
    town.clock.set(town.left().await[0].1);
    town.go_on().await;
    assert_eq!(town.left().await, []);
    assert_eq!(town.source.heard().len(), 4);
    // since the first question, on which nothing came, some time has passed
    let last = town.source.heard().pop().unwrap().path;
    assert!(last.starts_with("/clients/us%2F1/leads?hrs="), "{last}");

    town.run(MailForms {}.job(&town.app)).await;
    assert_eq!(town.left().await, []);
    let [letter] = town.house.letters().try_into().unwrap_or_else(|all: Vec<_>| panic!("{}", all.len()));
    let field = |name: &str| letter.fields.get(name).map(String::as_str);
    assert_eq!((field("to[name]"), field("to[address_line1]")), (Some("Ana Mover"), Some("1 First St")));
    assert_eq!((field("to[address_city]"), field("to[address_state]")), (Some("Columbus"), Some("OH")));
    assert!(letter.pdf.starts_with(b"%PDF-"));
    // nobody gets a second one
    town.run(MailForms {}.job(&town.app)).await;
    assert_eq!(town.house.letters().len(), 1);
    town.mails.mails(0).await;

    // the letter is about to arrive; the mail house says so twice
    let report =
        LetterReport { letter: letter.id.clone(), event: "letter.processed_for_delivery".to_owned() };
    let arrives = town.app.now();
    for _ in 0..2 {
        take_report(&town.app, &report).await.unwrap();
        town.go_on().await;
    }
    let mails = town.mails.mails(1).await;
    assert!(mails[0].contains("Your voter registration forms should arrive today"), "{}", mails[0]);
    let left = town.left().await;
    // both go at an hour of the day, the letter at any
    let after: Vec<(&str, i64)> = left
        .iter()
        .map(|(kind, due, _)| (kind.as_str(), (*due - arrives + TimeDelta::hours(12)).num_days()))
        .collect();
    assert_eq!(after, [("mover.remind", 3), ("mover.chase", 28)]);
    for (number, (_, due, _)) in left.iter().enumerate() {
        town.clock.set(*due);
        town.go_on().await;
        let mails = town.mails.mails(number + 2).await;
        let mail = &mails[number + 1];
        assert!(mail.contains("To: ana@example.org") || mail.contains("<ana@example.org>"), "{mail}");
        assert!(mail.contains("List-Unsubscribe:") && mail.contains("Hi Ana"), "{mail}");
    }
    assert_eq!(town.left().await, []);
    town.wired.rows.close().await;
}

#[tokio::test]
async fn who_unsubscribes_from_the_first_mail_gets_no_other() {
    let town = Town::new().await;
    town.source.will(Behavior::Answers(leads(&json!([ana()]))));
    town.run(Pull {}.job(&town.app)).await;
    town.run(MailForms {}.job(&town.app)).await;
    let [letter] = town.house.letters().try_into().unwrap_or_else(|all: Vec<_>| panic!("{}", all.len()));
    let report = LetterReport { letter: letter.id, event: "letter.processed_for_delivery".to_owned() };
    take_report(&town.app, &report).await.unwrap();
    town.go_on().await;
    let mail = town.mails.mails(1).await.remove(0);
    let link = mail.split(['<', '>']).find(|part| part.contains("/unsubscribe/?a=")).expect("a link");
    let url: url::Url = link.replace(['\n', ' '], "").parse().unwrap();
    let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let link = turnout_core::suppression::UnsubscribeLink {
        id: &query["a"],
        scope: &query["s"],
        token: &query["t"],
    };
    turnout_core::suppression::unsubscribe(&town.app, link).await.unwrap();
    for (_, due, _) in town.left().await {
        town.clock.set(due);
        town.go_on().await;
    }
    assert_eq!(town.left().await, []);
    town.mails.mails(1).await;
    town.wired.rows.close().await;
}
