//! A blast whose workers are killed while they hand it over, to a carrier that loses answers, is busy and fails: no number
//! gets two texts, none is forgotten, and the lane's rate holds. And one that somebody stops in the middle of it.
//!
//! Here are how many and how it is counted; `carrier.rs` is the carrier, `worker.rs` who works. The long form is
//! `make chaos-blast`.

mod carrier;
mod worker;

use std::{process::Command, time::Duration};

use chrono::{Datelike as _, Days, TimeDelta};
use rand::RngExt as _;
use serde::Serialize;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep},
};
use turnout_core::{
    App,
    blast::{self, Audience, BlastStatus, Draft, Listed, Micros, Outcome},
    decision::Place,
    ids::BlastId,
    jobs::{JobFilter, JobState},
    page::PageRequest,
    person::Phone,
    ports::clock::Clock as _,
};
use turnout_server::system::SystemClock;
use turnout_storage::postgres::{PgOptions, PgStore};

use carrier::Carrier;
use worker::{Task, Workers};

use crate::support::OwnPostgres;

/// Where the long form writes what it found.
const REPORT: &str = "TURNOUT_CHAOS_REPORT";

/// How much is sent, how fast, and for how long somebody waits for it.
struct Form {
    numbers: u32,
    per_second: u32,
    workers: usize,
    patience: Duration,
}

/// What was found at the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Tally {
    /// How many numbers were to get the text.
    numbers: u32,
    /// Those that the carrier has more than one text for.
    doubled: u32,
    /// Those of whom nobody knows whether they got it, which is what is shown.
    unknown: u32,
    /// Those that have none and are not shown as such, and those that have one and are shown as if they had none.
    missing: u32,
    /// The most calls in any second.
    peak_rate: u32,
    /// Calls a second, for as long as there were texts that nobody had taken up. What a worker had in its hands when it was
    /// killed comes later, as it is looked for in the carrier's list first.
    mean_rate: f64,
    /// How many workers were killed.
    kills: u32,
}

/// How far ahead of the real time a moment is at which texts may go: noon in Ohio on a Wednesday.
fn ahead() -> TimeDelta {
    let now = SystemClock.now();
    let mut days = (0..7).map(|days| now.date_naive() + Days::new(days));
    let wednesday = days.find(|day| day.weekday() == chrono::Weekday::Wed);
    let noon = wednesday.unwrap().and_hms_opt(17, 0, 0).unwrap().and_utc();
    noon + TimeDelta::days(7) - now
}

fn phone(number: u32) -> String {
    format!("+1614{}", 2_000_000 + number)
}

/// A row of each number, which agreed to texts long ago.
async fn agree(url: &str, numbers: u32) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let rows = format!(
        "INSERT INTO smsbot_number (phone, uuid, opt_in_time, created_at, modified_at) \
         SELECT '+1614' || (2000000 + i), gen_random_uuid(), now() - interval '30 days', now(), now() \
         FROM generate_series(0, {}) AS i; ANALYZE",
        numbers - 1
    );
    raw_sql(AssertSqlSafe(rows)).execute(&mut connection).await.unwrap();
}

/// Plans a blast to all of them, approves and starts it.
async fn start(app: &App, numbers: u32) -> BlastId {
    let draft = Draft {
        id: None,
        name: "Chaos".into(),
        campaign: None,
        content: "Ohio votes on November 3. Reply STOP to stop.".into(),
        map: None,
        sender: None,
        price: Micros::parse("0.01").unwrap(),
        budget: Micros::parse("100000").unwrap(),
        by: "Ann".into(),
    };
    let listed =
        |number| Listed { phone: Phone::from_stored(phone(number)), place: Place::default(), address: None };
    let plan = blast::plan(app, draft, Audience::List((0..numbers).map(listed).collect())).await.unwrap();
    assert_eq!(plan.now, u64::from(numbers), "{:?} {:?}", plan.held, plan.refused);
    let (id, seal) = (plan.blast.id, plan.blast.seal.unwrap().short());
    blast::approve(app, id, &seal, "Bob").await.unwrap();
    blast::start(app, id, "Bob").await.unwrap();
    id
}

/// Whether every text of the blast was taken up by a worker, so that what is left are tries again.
async fn is_taken_up(connection: &mut PgConnection, numbers: u32) -> bool {
    let took_up = "SELECT count(*) FROM job WHERE kind = $1 AND attempts > 0";
    let count: i64 =
        sqlx::query_scalar(took_up).bind(blast::jobs::Send::KIND).fetch_one(connection).await.unwrap();
    count >= i64::from(numbers)
}

/// Whether every text of the blast was put in line, and no job has one.
async fn is_over(app: &App, id: BlastId, numbers: u32) -> bool {
    let mut view = app.store.view().await.unwrap();
    let blast = view.blasts().by_id(id).await.unwrap().unwrap();
    if blast.enqueued < u64::from(numbers) || blast.status == BlastStatus::Stopped {
        return false;
    }
    for state in [JobState::Waiting, JobState::Running] {
        let kind = Some(blast::jobs::Send::KIND.to_owned());
        let filter = JobFilter { state: Some(state), kind, ..JobFilter::default() };
        let left = view.jobs().list(&filter, PageRequest { after: None, limit: 1 }).await.unwrap();
        if !left.rows.is_empty() {
            return false;
        }
    }
    true
}

/// A blast that runs, with everything around it.
struct Running {
    postgres: OwnPostgres,
    carrier: Carrier,
    app: App,
    id: BlastId,
    workers: Workers,
}

impl Running {
    async fn begin(form: &Form) -> Self {
        let postgres = OwnPostgres::start();
        let store = PgStore::open(&postgres.url(), PgOptions::default()).unwrap();
        store.migrate(|_| {}).await.unwrap();
        agree(&postgres.url(), form.numbers).await;
        let ahead = ahead();
        let carrier = Carrier::start(ahead).await;
        let task = Task {
            database: postgres.url(),
            carrier: carrier.url(),
            ahead_ms: ahead.num_milliseconds(),
            per_second: form.per_second,
        };
        let (app, _) = task.open();
        let id = start(&app, form.numbers).await;
        let workers = Workers::start(&task, form.workers);
        Self { postgres, carrier, app, id, workers }
    }
}

async fn run(form: &Form) -> Tally {
    let Running { postgres, carrier, app, id, mut workers } = Running::begin(form).await;
    let begun = Instant::now();
    let (mut kills, mut next_kill) = (0, begun + Duration::from_secs(1));
    let mut next_look = begun + Duration::from_secs(2);
    let mut connection = PgConnection::connect(&postgres.url()).await.unwrap();
    let mut taken_up = None;
    loop {
        sleep(Duration::from_millis(20)).await;
        if Instant::now() >= next_kill {
            next_kill += Duration::from_secs(1);
            workers.kill_one(rand::rng().random());
            kills += 1;
        }
        if Instant::now() >= next_look {
            if taken_up.is_none() && is_taken_up(&mut connection, form.numbers).await {
                taken_up = Some(std::time::Instant::now());
            }
            if is_over(&app, id, form.numbers).await || begun.elapsed() > form.patience {
                break;
            }
            next_look = Instant::now() + Duration::from_millis(500);
        }
    }
    println!("it was over after {:?}", begun.elapsed());
    workers.stop().await;
    let rates = carrier.rates(taken_up.unwrap_or_else(std::time::Instant::now));
    tally(&app, id, form, &carrier, kills, rates).await
}

async fn tally(
    app: &App,
    id: BlastId,
    form: &Form,
    carrier: &Carrier,
    kills: u32,
    (peak_rate, mean_rate): (u32, f64),
) -> Tally {
    let (mut unknown, mut missing, mut doubled) = (0, 0, 0);
    let mut after = None;
    let mut seen = 0;
    let mut view = app.store.view().await.unwrap();
    loop {
        let page = PageRequest { after, limit: 1_000 };
        let page = view.blasts().reached(id, app.now(), page).await.unwrap();
        for (recipient, reached) in &page.rows {
            seen += 1;
            let texts = carrier.texts_to(recipient.phone.e164());
            let outcome = Outcome::of(reached);
            doubled += u32::from(texts > 1);
            match outcome {
                Outcome::Unknown => unknown += 1,
                Outcome::Sent | Outcome::Delivered if texts > 0 => {}
                other => {
                    println!("{}: {texts} texts, {other:?}", recipient.id);
                    missing += 1;
                }
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, form.numbers);
    println!("{:?}", blast::progress(app, id).await.unwrap());
    println!("{}", carrier.story());
    Tally { numbers: form.numbers, doubled, unknown, missing, peak_rate, mean_rate, kills }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_gets_two_texts_of_a_blast_whose_workers_are_killed() {
    let form = Form { numbers: 300, per_second: 50, workers: 3, patience: Duration::from_secs(240) };
    let tally = run(&form).await;
    println!("{tally:?}");
    assert_eq!((tally.doubled, tally.missing), (0, 0), "{tally:?}");
    // what is in the hands of a worker that is killed; the long form wants the rate of the lane
    assert!(tally.unknown <= tally.kills && tally.kills > 2, "{tally:?}");
}

/// `blast stop`, as somebody types it who has seen enough.
async fn stop_by_command(database: &str, id: BlastId) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(["blast", "stop", &id.to_string(), "--by", "Cem"]).current_dir(folder.path()).env_clear();
    command.env("DATABASE_URL", database);
    let stopped = spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(stopped.status.success(), "{}", String::from_utf8_lossy(&stopped.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_handed_over_five_seconds_after_somebody_stops_a_blast() {
    let form = Form { numbers: 6_000, per_second: 100, workers: 4, patience: Duration::from_secs(120) };
    let Running { postgres, carrier, app, id, workers } = Running::begin(&form).await;
    let begun = Instant::now();
    // in the middle of it: every worker has its hands full
    while carrier.calls() < 300 {
        assert!(begun.elapsed() < form.patience, "only {} texts were handed over", carrier.calls());
        sleep(Duration::from_millis(20)).await;
    }
    let typed = std::time::Instant::now();
    stop_by_command(&postgres.url(), id).await;
    let (answered, before) = (typed.elapsed(), carrier.calls());
    // longer than any text could be in the air
    sleep(Duration::from_secs(10)).await;
    let last = carrier.last_call().saturating_duration_since(typed);
    let calls = carrier.calls();
    println!("stopped: it was said after {answered:?}, the last text was handed over after {last:?}");
    println!("{calls} calls, {} of them after the command had ended", calls - before);
    assert!(last < Duration::from_secs(5), "the last text was handed over {last:?} after the command");
    assert!(calls < form.numbers as usize / 2, "{calls} of {}", form.numbers);
    // the workers have gone on with everything else
    workers.stop().await;
    let stopped = app.store.view().await.unwrap().blasts().by_id(id).await.unwrap().unwrap();
    assert_eq!(stopped.status, BlastStatus::Stopped);
    let progress = blast::progress(&app, id).await.unwrap();
    assert!(progress.named("waiting") > u64::from(form.numbers) / 2, "{progress:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make chaos-blast runs it"]
async fn at_length() {
    let form = Form { numbers: 20_000, per_second: 300, workers: 4, patience: Duration::from_secs(900) };
    let tally = run(&form).await;
    std::fs::write(worker::variable(REPORT), serde_json::to_string(&tally).unwrap()).unwrap();
    assert_eq!((tally.doubled, tally.missing), (0, 0), "{tally:?}");
    assert!(tally.unknown <= form.numbers / 1_000, "{tally:?}");
    assert!(tally.peak_rate <= form.per_second, "{tally:?}");
    assert!(tally.mean_rate >= 0.9 * f64::from(form.per_second), "{tally:?}");
}
