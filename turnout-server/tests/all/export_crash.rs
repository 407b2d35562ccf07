//! A process that dies at any moment of an export: nobody ever gets half of it, and its author gets all of it once.

use std::{os::unix::process::ExitStatusExt as _, path::Path, time::Duration};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::{Instant, sleep};
use turnout_core::{
    App,
    account::User,
    conformance::rows as samples,
    crash::REPORT_POINTS,
    ids::{ActionId, RegistrationId},
    input::Input,
    ports::{clock::Clock as _, store::Store as _},
    register::Registration,
    report,
    subscriber::{Plan, Subscriber, SubscriberStatus},
};
use turnout_server::{
    providers::outbox::KeptMail,
    system::{RandomIds, SystemClock},
};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

use crate::support::Running;

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many that an export is written in several steps.
const VOTERS: u128 = 4_500;

async fn database(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("var/turnout.db"));
    SqliteConnection::connect_with(&options.busy_timeout(PATIENCE)).await.unwrap()
}

async fn status(folder: &Path) -> (String, i64) {
    let mut database = database(folder).await;
    let statement = "SELECT r.status, s.claimed FROM reporting_report r \
                     JOIN storage_storageitem s ON s.uuid = r.result_item_id";
    let found = sqlx::query_as(statement).fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();
    found
}

/// Voters of a subscriber, and somebody who asks for an export of them.
async fn ask(folder: &Path) {
    let store = SqliteStore::open(&folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let now = SystemClock.now();
    let mut unit = store.begin().await.unwrap();
    let subscriber =
        Subscriber { plan: Plan::Premium, status: SubscriberStatus::Active, ..samples::subscriber(901, 0) };
    unit.subscribers_mut().insert(&subscriber).await.unwrap();
    unit.subscribers_mut().insert_slug(&samples::slug(901, "votenow")).await.unwrap();
    let author = User { email: "author@example.org".into(), ..samples::user(902, 0) };
    unit.accounts_mut().insert(&author).await.unwrap();
    for number in 10_000..10_000 + VOTERS {
        let action = samples::action(number);
        unit.actions_mut().insert(&action).await.unwrap();
        let row = Registration::new(
            RegistrationId(Uuid::from_u128(number)),
            ActionId(Uuid::from_u128(number)),
            Some(subscriber.id),
            now,
        );
        unit.registrations_mut().insert(&row).await.unwrap();
    }
    unit.commit().await.unwrap();
    let app = App::builder(store, SystemClock, RandomIds, b"of no use here").build();
    let input = Input::form([("type".to_owned(), "register".to_owned())]);
    report::request(&app, &author, &subscriber, &input).await.unwrap();
}

/// The mails with a link to an export.
fn mails(folder: &Path) -> Vec<KeptMail> {
    let entries = std::fs::read_dir(folder.join("var/outbox")).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let kept = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mails = kept.map(|path| serde_json::from_slice::<KeptMail>(&std::fs::read(path).unwrap()).unwrap());
    mails.filter(|mail| mail.tag == "report.ready").collect()
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < patience, "{what} within {PATIENCE:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_process_that_dies_during_an_export_leaves_no_half_of_it_and_makes_it_whole_later() {
    // the second step: half of it is written
    let points = REPORT_POINTS.iter().map(|point| match *point {
        "report.after_step" => "report.after_step:2",
        other => other,
    });
    for point in points {
        println!("{point}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        Running::start("all-in-one", path, &[]).await.kill();
        ask(path).await;
        let mut server = Running::spawn("all-in-one", path, &[("TURNOUT_CRASH_AT", point)]);
        let died = server.ended(PATIENCE).await.expect("it was never there");
        assert_eq!(died.signal(), Some(SIGABRT), "{point}: {died}");
        let is_whole = point == "report.after_unit";
        let expected = if is_whole { ("Complete", 1) } else { ("Pending", 0) };
        let (state, claimed) = status(path).await;
        assert_eq!((state.as_str(), claimed), expected, "{point}");
        assert!(mails(path).is_empty(), "{point}");

        // nobody else takes what the dead process had for as long as its lease
        let mut rows = database(path).await;
        let ended = "UPDATE job SET lease_until = '2020-01-01T00:00:00.000000Z' WHERE state = 'running'";
        sqlx::query(ended).execute(&mut rows).await.unwrap();
        rows.close().await.unwrap();
        let server = Running::start("all-in-one", path, &[]).await;
        until("a mail", async || !mails(path).is_empty()).await;
        let unfinished = "SELECT count(*) FROM job WHERE kind LIKE 'report.%' AND kind <> 'report.count' \
                          AND state <> 'done'";
        until("the end of the jobs", async || {
            let mut rows = database(path).await;
            let left: i64 = sqlx::query_scalar(unfinished).fetch_one(&mut rows).await.unwrap();
            rows.close().await.unwrap();
            left == 0
        })
        .await;
        let [mail] = mails(path).try_into().unwrap_or_else(|them: Vec<_>| panic!("{point}: {}", them.len()));
        let link = mail.text.split_whitespace().find(|word| word.contains("/download/")).unwrap();
        let (_, rest) = link.split_once("/download/").unwrap();
        let opened = server.client().get(server.url(&format!("/download/{rest}"))).send().await.unwrap();
        assert_eq!(opened.status(), 302, "{point}");
        let bytes = opened.headers()["location"].to_str().unwrap().to_owned();
        let (_, rest) = bytes.split_once("/files/").unwrap();
        let file = server.client().get(server.url(&format!("/files/{rest}"))).send().await.unwrap();
        let text = file.text().await.unwrap();
        assert_eq!(text.matches("\r\n").count() as u128, VOTERS + 1, "{point}");
        assert!(text.ends_with("\r\n"), "{point}");
        server.kill();
    }
}
