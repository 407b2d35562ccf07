//! A process that dies at any moment of a registration or a ballot request, and what a voter has after it comes back.

use std::{
    collections::{HashMap, HashSet},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::sleep;
use turnout_core::{
    crash::{BALLOT_POINTS, POINTS},
    ports::clock::Clock as _,
    settings::JobSettings,
};
use turnout_server::{providers::outbox::KeptMail, system::SystemClock};
use uuid::Uuid;

use crate::support::Running;

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a voter hands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    Registration,
    BallotRequest,
}

/// The region whose office a ballot request goes to.
const REGION: i64 = 999;

impl Tool {
    fn path(self) -> &'static str {
        match self {
            Self::Registration => "/v1/registration/register/",
            Self::BallotRequest => "/v1/absentee/request/",
        }
    }

    fn records(self) -> &'static str {
        match self {
            Self::Registration => {
                "SELECT uuid, status, email, action_id, result_item_id FROM register_registration"
            }
            Self::BallotRequest => {
                "SELECT uuid, status, email, action_id, result_item_id FROM absentee_ballotrequest"
            }
        }
    }

    /// The job that mails the form.
    fn notify(self) -> &'static str {
        match self {
            Self::Registration => "register.notify",
            Self::BallotRequest => "absentee.notify",
        }
    }

    fn remind(self) -> &'static str {
        match self {
            Self::Registration => "register.remind",
            Self::BallotRequest => "absentee.remind",
        }
    }

    fn points(self) -> &'static [&'static str] {
        match self {
            Self::Registration => POINTS,
            Self::BallotRequest => BALLOT_POINTS,
        }
    }

    /// What completes it.
    fn rest(self) -> Value {
        let mut rest =
            json!({ "us_citizen": true, "is_18_or_over": true, "state_id_number": "ZQ-9137-4411" });
        if self == Self::BallotRequest {
            rest["region"] = json!(REGION);
        }
        rest
    }
}

/// How a voter hands in a record.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// With one POST.
    Whole,
    /// With a POST of what is known so far, and a PATCH.
    InTwo,
}

/// A record that a voter was told is stored.
struct Promise {
    record: Uuid,
    completed: bool,
}

/// What the voter got to hear before the line broke.
async fn told(request: reqwest::RequestBuilder, completed: bool) -> Option<Promise> {
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let body = answer.text().await.ok()?;
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    Some(Promise { record: body["uuid"].as_str().unwrap().parse().unwrap(), completed })
}

fn begun(voter: u32) -> Value {
    json!({
        "first_name": "José", "last_name": "Núñez", "email": format!("voter-{voter}@example.org"),
        "date_of_birth": "1990-02-03", "address1": "1 Main St", "city": "Denver", "state": "CO",
        "zipcode": "80202",
    })
}

fn whole(tool: Tool, voter: u32) -> Value {
    let mut body = begun(voter);
    body.as_object_mut().unwrap().append(tool.rest().as_object_mut().unwrap());
    body
}

/// Hands in one record at the tool's address; gives what was promised, as far as it came.
async fn hand_in(client: reqwest::Client, (tool, url): (Tool, String), voter: u32, way: Way) -> Vec<Promise> {
    match way {
        Way::Whole => told(client.post(url).json(&whole(tool, voter)), true).await.into_iter().collect(),
        Way::InTwo => {
            let first = client.post(format!("{url}?incomplete=true")).json(&begun(voter));
            let Some(first) = told(first, false).await else { return Vec::new() };
            let second = client.patch(format!("{url}{}/", first.record)).json(&tool.rest());
            let second = told(second, true).await;
            [Some(first), second].into_iter().flatten().collect()
        }
    }
}

#[derive(sqlx::FromRow)]
struct Record {
    uuid: Uuid,
    status: String,
    email: String,
    action_id: Uuid,
    result_item_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct Job {
    uuid: Uuid,
    kind: String,
    payload: String,
    state: String,
    attempts: i64,
    last_error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct File {
    uuid: Uuid,
    file: String,
    claimed: bool,
}

/// How the process was found after its deaths.
#[derive(Debug, Default)]
struct Found {
    incomplete: usize,
    due: usize,
    claimed: u64,
    unclaimed_files: usize,
}

/// One folder with its database, which outlives the processes that work on it.
struct House {
    tool: Tool,
    folder: tempfile::TempDir,
    voters: u32,
    promised: Vec<Promise>,
    finished: HashSet<Uuid>,
    mails: HashMap<String, KeptMail>,
    mails_read: HashSet<PathBuf>,
    found: Found,
}

impl House {
    /// A new one, and the process that made it.
    async fn open(tool: Tool) -> (Self, Running) {
        let mut house = Self {
            tool,
            folder: tempfile::tempdir().unwrap(),
            voters: 0,
            promised: Vec::new(),
            finished: HashSet::new(),
            mails: HashMap::new(),
            mails_read: HashSet::new(),
            found: Found::default(),
        };
        let server = house.come_back().await;
        let region = "INSERT INTO official_region (external_id, name, state_id, hidden) VALUES ($1, 'Denver County', 'CO', 0)";
        let mut database = house.database().await;
        sqlx::query(region).bind(REGION).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        (house, server)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Each in their way, all at once.
    async fn hand_in(&mut self, server: &Running, ways: &[Way]) {
        let promised = self.hands(server, ways).await;
        self.promised.extend(promised);
    }

    fn hands(&mut self, server: &Running, ways: &[Way]) -> impl Future<Output = Vec<Promise>> + use<> {
        let all = ways.iter().map(|way| {
            self.voters += 1;
            let at = (self.tool, server.url(self.tool.path()));
            hand_in(server.client().clone(), at, self.voters, *way)
        });
        let all = join_all(all.collect::<Vec<_>>());
        async { all.await.into_iter().flatten().collect() }
    }

    /// Not kept: a database that somebody has open is not recovered by the one who opens it next.
    async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.path().join("var/turnout.db"));
        SqliteConnection::connect_with(&options.busy_timeout(PATIENCE)).await.unwrap()
    }

    /// Starts the process anew, and sees that nothing was lost and everything can be finished, and is.
    async fn come_back(&mut self) -> Running {
        let started = SystemClock.now();
        let server = Running::start("all-in-one", self.path(), &[]).await;
        let mut database = self.database().await;
        is_sound(&mut database).await;
        let stored = records(self.tool, &mut database).await;
        for Promise { record, completed } in &self.promised {
            let kept = stored.iter().find(|it| it.uuid == *record);
            let kept = kept.unwrap_or_else(|| panic!("{record} was promised and is lost"));
            assert!(kept.status != "Incomplete" || !completed, "{record} was completed and is not");
        }
        self.promised.clear();
        let incomplete = self.look_at(&mut database, &stored).await;
        let aged = end_leases(&mut database, started).await;
        self.found.claimed += aged;
        for record in incomplete {
            let path = server.url(&format!("{}{record}/", self.tool.path()));
            let finished = told(server.client().patch(path).json(&self.tool.rest()), true).await;
            assert!(finished.is_some(), "{record} cannot be finished: the line broke");
        }
        if aged > 0 {
            // a worker that rests looks when there is something new
            self.hand_in(&server, &[Way::Whole]).await;
        }
        quiet(&mut database).await;
        self.all_is_finished(&mut database, &server).await;
        database.close().await.unwrap();
        server
    }

    /// Each record is incomplete with nothing to follow, or has its form and one mail job.
    async fn look_at(&mut self, database: &mut SqliteConnection, stored: &[Record]) -> Vec<Uuid> {
        let jobs = jobs(database).await;
        let mut incomplete = Vec::new();
        for Record { uuid, status, result_item_id, .. } in stored {
            let mails = about(&jobs, self.tool.notify(), *uuid).len();
            if status == "Incomplete" {
                assert_eq!(
                    (mails, *result_item_id),
                    (0, None),
                    "{uuid} is incomplete, and something follows"
                );
                incomplete.push(*uuid);
            } else {
                assert!(result_item_id.is_some(), "{uuid} is {status} without a form");
                assert_eq!(mails, 1, "{uuid} is {status}: its mail jobs");
            }
        }
        self.found.incomplete += incomplete.len();
        self.found.due +=
            jobs.iter().filter(|job| job.kind == self.tool.notify() && job.state == "waiting").count();
        incomplete
    }

    /// Every record is finished once: one mail job, one mail, one form that its link opens.
    async fn all_is_finished(&mut self, database: &mut SqliteConnection, server: &Running) {
        is_sound(database).await;
        let stored = records(self.tool, database).await;
        let jobs = jobs(database).await;
        self.read_new_mails();
        assert_eq!(self.mails.len(), stored.len(), "mails, and records");
        for record in stored.iter().filter(|it| !self.finished.contains(&it.uuid)) {
            let Record { uuid, status, email, action_id, .. } = record;
            assert_eq!(status, "SentPDF", "{uuid}");
            let [notify] = about(&jobs, self.tool.notify(), *uuid)[..] else {
                panic!("{uuid}: its mail jobs")
            };
            assert_eq!(notify.state, "done", "{uuid}: its mail job");
            assert_eq!(about(&jobs, self.tool.remind(), *uuid).len(), 1, "{uuid}: its reminders");
            assert_eq!(about(&jobs, "action.finish", *action_id).len(), 1, "{uuid}: the ends of its action");
            let events = "SELECT count(*) FROM event_tracking_event WHERE action_id = $1 AND event_type = 'FinishPrint'";
            let events: i64 =
                sqlx::query_scalar(events).bind(action_id).fetch_one(&mut *database).await.unwrap();
            assert_eq!(events, 1, "{uuid}: how often it was finished");
            let id = notify.uuid.simple().to_string();
            let mail = self.mails.iter().find(|(message_id, _)| message_id.starts_with(&id));
            let (_, mail) = mail.unwrap_or_else(|| panic!("{uuid}: no mail of its job"));
            assert_eq!(mail.to.address, *email, "{uuid}: its mail");
            opens_a_form(server, &mail.text).await;
        }
        self.finished.extend(stored.iter().map(|it| it.uuid));
        self.every_file_is_known(database, &jobs).await;
    }

    /// A file that no record claims is going to be deleted, and there are no bytes that nobody knows of.
    async fn every_file_is_known(&mut self, database: &mut SqliteConnection, jobs: &[Job]) {
        let files = "SELECT uuid, file, claimed FROM storage_storageitem WHERE purged IS NULL";
        let files: Vec<File> = sqlx::query_as(files).fetch_all(database).await.unwrap();
        let unclaimed = files.iter().filter(|file| !file.claimed);
        for File { uuid, .. } in unclaimed.clone() {
            let discard = about(jobs, "file.discard_unclaimed", *uuid);
            assert!(
                discard.iter().any(|job| job.state == "waiting"),
                "nobody deletes the unclaimed file {uuid}"
            );
        }
        self.found.unclaimed_files = unclaimed.count();
        for entry in std::fs::read_dir(self.path().join("var/files")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let known = match name.strip_prefix(".put-") {
                Some(partial) => files.iter().any(|file| file.file == partial && !file.claimed),
                None => files.iter().any(|file| file.file == name),
            };
            assert!(known, "nobody knows of the bytes in {name}");
        }
    }

    fn read_new_mails(&mut self) {
        let folder = self.path().join("var/outbox");
        if !folder.exists() {
            return;
        }
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "json") && self.mails_read.insert(path.clone()) {
                let mail: KeptMail = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
                let twin = self.mails.insert(mail.message_id.clone(), mail);
                assert!(twin.is_none(), "two mails have one Message-ID");
            }
        }
    }

    /// Lets voters come until the process is dead.
    async fn until_dead(&mut self, mut server: Running, ways: &[Way]) -> ExitStatus {
        for _ in 0..5 {
            self.hand_in(&server, ways).await;
            if let Some(status) = server.ended(Duration::from_secs(5)).await {
                return status;
            }
        }
        panic!("it was never there");
    }
}

/// The database is whole.
async fn is_sound(database: &mut SqliteConnection) {
    let said: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *database).await.unwrap();
    assert_eq!(said, ["ok"]);
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(database).await.unwrap();
    assert!(dangling.is_empty(), "{} rows point nowhere", dangling.len());
}

async fn records(tool: Tool, database: &mut SqliteConnection) -> Vec<Record> {
    sqlx::query_as(tool.records()).fetch_all(database).await.unwrap()
}

async fn jobs(database: &mut SqliteConnection) -> Vec<Job> {
    let all = "SELECT uuid, kind, payload, state, attempts, last_error FROM job";
    sqlx::query_as(all).fetch_all(database).await.unwrap()
}

/// The jobs of that kind about that record.
fn about<'a>(jobs: &'a [Job], kind: &str, record: Uuid) -> Vec<&'a Job> {
    let record = record.to_string();
    jobs.iter().filter(|job| job.kind == kind && job.payload.contains(&record)).collect()
}

/// Lets the time pass in which nobody takes the jobs that the dead process had claimed; those that were claimed since
/// `started` stay. Gives how many there were.
async fn end_leases(database: &mut SqliteConnection, started: DateTime<Utc>) -> u64 {
    let theirs = text(started + JobSettings::default().lease);
    let end = "UPDATE job SET lease_until = $1 WHERE state = 'running' AND lease_until <= $2";
    let ended = sqlx::query(end).bind(text(started)).bind(theirs).execute(database).await.unwrap();
    ended.rows_affected()
}

/// As moments are stored.
fn text(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// Waits until every job that is due was done.
async fn quiet(database: &mut SqliteConnection) {
    let patience = Instant::now() + PATIENCE;
    loop {
        let open = "SELECT count(*) FROM job WHERE state = 'running' OR (state = 'waiting' AND due_at <= $1)";
        let now = text(SystemClock.now());
        let open: i64 = sqlx::query_scalar(open).bind(now).fetch_one(&mut *database).await.unwrap();
        if open == 0 {
            break;
        }
        if Instant::now() > patience {
            let jobs = jobs(database).await;
            for Job { kind, state, attempts, last_error, .. } in jobs.iter().filter(|job| job.state != "done")
            {
                println!("{kind}: {state} after {attempts} tries, {last_error:?}");
            }
            panic!("{open} jobs are not done within {PATIENCE:?}");
        }
        sleep(Duration::from_millis(10)).await;
    }
    let failed = "SELECT count(*) FROM job WHERE state = 'dead' OR last_error IS NOT NULL";
    let failed: i64 = sqlx::query_scalar(failed).fetch_one(database).await.unwrap();
    assert_eq!(failed, 0, "jobs that failed");
}

/// The link of a mail gives a whole PDF. The mail may be of an earlier process, on another port.
async fn opens_a_form(server: &Running, mail: &str) {
    let link = mail.split_whitespace().find(|word| word.contains("/download/")).expect("a mail has a link");
    let path = link.find("/download/").unwrap();
    let opened = server.client().get(server.url(&link[path..])).send().await.unwrap();
    assert_eq!(opened.status(), 302, "{}", &link[path..path + 47]);
    let bytes = opened.headers()["location"].to_str().unwrap();
    let form = server.client().get(bytes).send().await.unwrap();
    assert_eq!(form.status(), 200);
    let form = form.bytes().await.unwrap();
    assert!(form.starts_with(b"%PDF-") && form.trim_ascii_end().ends_with(b"%%EOF"), "{} bytes", form.len());
}

#[tokio::test]
async fn a_process_that_dies_between_any_two_writes_loses_and_doubles_nothing() {
    dies_at_every_point(Tool::Registration).await;
}

#[tokio::test]
async fn a_process_that_dies_between_any_two_writes_of_a_ballot_request_loses_and_doubles_nothing() {
    dies_at_every_point(Tool::BallotRequest).await;
}

async fn dies_at_every_point(tool: Tool) {
    let (mut house, server) = House::open(tool).await;
    server.kill();
    for point in tool.points() {
        let on_the_way = point.ends_with(".before_first_unit") || point.ends_with(".after_first_unit");
        // in the PATCH rather than the POST before it
        let second = if on_the_way { 2 } else { 1 };
        for (hit, ways) in
            [(1, &[Way::Whole][..]), (second, &[Way::InTwo]), (2, &[Way::Whole, Way::InTwo, Way::Whole])]
        {
            let at = format!("{point}:{hit}");
            println!("{at} with {ways:?}");
            let armed = [("TURNOUT_CRASH_AT", at.as_str())];
            let died = match Running::try_start("all-in-one", house.path(), &armed).await {
                Ok(server) => house.until_dead(server, ways).await,
                Err(status) => status,
            };
            assert_eq!(died.signal(), Some(SIGABRT), "{at}: {died}");
            house.come_back().await.kill();
        }
    }
    println!("{} voters; {:?}", house.voters, house.found);
}

#[tokio::test]
async fn a_process_that_is_killed_at_fifty_random_moments_loses_and_doubles_nothing() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let ways = [Way::Whole, Way::InTwo, Way::Whole];
    let (mut house, mut server) = House::open(Tool::Registration).await;
    let mut takes = Duration::ZERO;
    for _ in 0..2 {
        let begin = Instant::now();
        house.hand_in(&server, &ways).await;
        let mut database = house.database().await;
        quiet(&mut database).await;
        takes = begin.elapsed();
        database.close().await.unwrap();
    }
    for round in 1..=50 {
        let moment = takes.mul_f64(random.random_range(0.0..1.1));
        let voters = random.random_range(1..=ways.len());
        println!("kill {round}: {voters} voters, after {moment:?} of {takes:?}");
        let hands = house.hands(&server, &ways[..voters]);
        let death = async {
            sleep(moment).await;
            server.kill();
        };
        let (promised, ()) = tokio::join!(hands, death);
        house.promised.extend(promised);
        server = house.come_back().await;
    }
    println!("{} voters; {:?}", house.voters, house.found);
    let Found { incomplete, due, claimed, .. } = house.found;
    assert!(
        incomplete > 0 && due as u64 + claimed > 0,
        "no moment was between two writes: {:?}",
        house.found
    );
}
