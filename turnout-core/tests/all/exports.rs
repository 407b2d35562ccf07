//! Exports are asked for, made and fetched; uses of the tools are counted.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use turnout_core::{
    account::{User, UserZone},
    change::ChangeFilter,
    conformance::rows::{slug, subscriber, user, uuid},
    file::{self, Opened},
    ids::SubscriberId,
    input::Input,
    jobs::{CallOffError, JobState, call_off, step},
    listing::{self, Counted, Filter, Listing, Tool},
    memory::{MemoryFiles, World},
    page::PageRequest,
    ports::{
        files::{FileError, FileStore, FileWriter},
        store::Store,
    },
    register::Options,
    report::{self, AskedAgain, Report, ReportStatus, RequestError, jobs::Build, stats},
    search::SearchQuery,
    subscriber::{Plan, Subscriber, SubscriberStatus},
};

use crate::voter::{complete, rows, run_due, seeded_with, submit, with};

const ONE: u128 = 1;
const TWO: u128 = 2;

/// A world with two subscribers that see their voters, and somebody who works for the first.
async fn world() -> World {
    world_with(|app| app).await
}

async fn world_with(
    change: impl FnOnce(turnout_core::app::AppBuilder) -> turnout_core::app::AppBuilder,
) -> World {
    let world = seeded_with(change).await;
    rows(&world, async |unit| {
        for (number, name) in [(ONE, "one"), (TWO, "two")] {
            let (plan, status) = (Plan::Premium, SubscriberStatus::Active);
            let subscriber = Subscriber { plan, status, ..subscriber(number, 100_000_000) };
            unit.subscribers_mut().insert(&subscriber).await.unwrap();
            unit.subscribers_mut().insert_slug(&slug(number, name)).await.unwrap();
        }
        unit.accounts_mut().insert(&ann()).await.unwrap();
        unit.accounts_mut().insert(&bea()).await.unwrap();
    })
    .await;
    world
}

/// Who asks again.
fn bea() -> User {
    User { email: "bea@example.org".into(), ..user(42, 0) }
}

fn ann() -> User {
    User { email: "ann@example.org".into(), time_zone: UserZone::Eastern, ..user(41, 0) }
}

fn of(slug: &str) -> Options {
    Options { incomplete: false, match_region: false, subscriber: Some(slug.to_owned()) }
}

async fn own(world: &World, number: u128) -> Subscriber {
    world.store.view().await.unwrap().subscribers().by_id(SubscriberId(uuid(number))).await.unwrap().unwrap()
}

async fn try_ask(world: &World, pairs: &[(&str, &str)]) -> Result<Report, RequestError> {
    let input = Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    report::request(&world.app, &ann(), &own(world, ONE).await, &input).await
}

async fn ask(world: &World, pairs: &[(&str, &str)]) -> Report {
    try_ask(world, pairs).await.unwrap()
}

async fn stored(world: &World, report: &Report) -> Report {
    world.store.view().await.unwrap().reports().by_id(report.id).await.unwrap().unwrap()
}

/// Where an address of a file leads.
async fn opened(world: &World, address: &str) -> Opened {
    let address = url::Url::parse(address).unwrap();
    let id = address.path().trim_matches('/').rsplit('/').next().unwrap().to_owned();
    let token = address.query_pairs().find(|(name, _)| name == "token").map(|(_, token)| token.into_owned());
    file::open(&world.app, &id, token.as_deref(), true).await.unwrap()
}

async fn link(world: &World, of: u128, report: &Report) -> Option<String> {
    report::link(&world.app, &ann(), SubscriberId(uuid(of)), report.id).await.unwrap()
}

/// The lines of an export, without the header.
async fn lines(world: &World, report: &Report) -> Vec<String> {
    let address = link(world, ONE, report).await.expect("it is complete");
    let Opened::Bytes(bytes) = opened(world, &address).await else { panic!("it cannot be opened") };
    let bytes = world.files.open(&bytes, world.app.now()).unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.starts_with("ID,Subscriber,Time Started (UTC),"), "{text}");
    text.lines().skip(1).map(str::to_owned).collect()
}

fn named(first_name: &str) -> Value {
    with(complete(), json!({ "first_name": first_name }))
}

#[tokio::test]
async fn an_export_holds_what_its_subscriber_sees_and_its_author_is_mailed() {
    let world = world().await;
    submit(&world, named("=1+1"), &of("one")).await;
    world.clock.advance(TimeDelta::seconds(1));
    submit(&world, named("Bea"), &of("one")).await;
    submit(&world, named("Stranger"), &of("two")).await;
    world.clock.advance(TimeDelta::seconds(1));
    let report = ask(&world, &[("type", "register")]).await;
    assert_eq!((report.status, report.percent()), (ReportStatus::Pending, None));
    assert_eq!(link(&world, ONE, &report).await, None, "nothing is there yet");
    let _ = world.outbox.take();
    run_due(&world).await;

    let done = stored(&world, &report).await;
    assert_eq!(
        (done.status, done.written, done.total, done.percent()),
        (ReportStatus::Complete, 2, Some(2), Some(100))
    );
    let lines = lines(&world, &report).await;
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains(",'=1+1,"), "{}", lines[0]);
    assert!(lines[1].contains(",Bea,"), "{}", lines[1]);
    let mails = world.outbox.take();
    let mail = mails.iter().find(|mail| mail.to.address == "ann@example.org").expect("a mail to the author");
    let address = mail.text.split_whitespace().find(|word| word.contains("/download/")).expect("a link");
    assert!(matches!(opened(&world, address).await, Opened::Bytes(_)), "{address}");
}

#[tokio::test]
async fn the_name_of_the_file_says_when_of_whom_and_what() {
    let world = world().await;
    let report = ask(&world, &[("type", "absentee")]).await;
    run_due(&world).await;
    let id = stored(&world, &report).await.file.unwrap();
    let file = world.store.view().await.unwrap().files().by_id(id).await.unwrap().unwrap();
    assert_eq!(file.name, "202609011600_one_absentee-tool-export_export.csv");
    assert_eq!(file.email.as_deref(), Some("ann@example.org"));
}

#[tokio::test]
async fn days_are_those_of_the_authors_clock() {
    let world = world().await;
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (name, made) in [
        ("Before", "2026-09-02T03:59:59Z"),
        ("First", "2026-09-02T04:00:00Z"),
        ("Last", "2026-09-03T03:59:59Z"),
        ("After", "2026-09-03T04:00:00Z"),
    ] {
        world.clock.set(moment(made));
        submit(&world, named(name), &of("one")).await;
    }
    world.clock.advance(TimeDelta::hours(1));
    for (pairs, names) in [
        (&[("from", "2026-09-02"), ("to", "2026-09-02")][..], &["First", "Last"][..]),
        (&[("from", "2026-09-02"), ("to", "")], &["First", "Last", "After"]),
        (&[("from", ""), ("to", "2026-09-01")], &["Before"]),
        (&[], &["Before", "First", "Last", "After"]),
        (&[("from", "2026-10-01")], &[]),
    ] {
        let pairs: Vec<_> = [("type", "register")].into_iter().chain(pairs.iter().copied()).collect();
        let report = ask(&world, &pairs).await;
        run_due(&world).await;
        let lines = lines(&world, &report).await;
        assert_eq!(lines.len(), names.len(), "{pairs:?}: {lines:?}");
        for (line, name) in lines.iter().zip(names) {
            assert!(line.contains(name), "{pairs:?}: {line}");
        }
        assert_eq!(stored(&world, &report).await.total, Some(names.len() as u64));
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_request_is_said_at_once() {
    let world = world().await;
    for (pairs, fields) in [
        (&[("type", "blasts"), ("from", "soon"), ("to", "2026-02-30")][..], &["from", "to", "type"][..]),
        (&[("type", "register"), ("from", "2026-09-03"), ("to", "2026-09-02")], &["to"]),
        (&[], &["type"]),
    ] {
        let Err(RequestError::Problems(problems)) = try_ask(&world, pairs).await else { panic!("{pairs:?}") };
        let mut found: Vec<&str> = problems.iter().map(|(field, _)| field).collect();
        found.sort_unstable();
        assert_eq!(found, fields, "{pairs:?}");
    }
    let page = PageRequest { after: None, limit: 50 };
    let kept = world.store.view().await.unwrap().reports().page(None, page).await.unwrap();
    assert_eq!(kept.rows, []);
}

#[tokio::test]
async fn nobody_fetches_the_export_of_another_subscriber() {
    let world = world().await;
    let report = ask(&world, &[("type", "register")]).await;
    run_due(&world).await;
    assert_eq!(link(&world, TWO, &report).await, None);
    assert!(link(&world, ONE, &report).await.is_some());
}

#[tokio::test]
async fn a_link_that_has_ended_is_made_anew_and_who_took_it_is_noted() {
    let world = world().await;
    let report = ask(&world, &[("type", "verify")]).await;
    run_due(&world).await;
    let first = link(&world, ONE, &report).await.unwrap();
    assert_eq!(link(&world, ONE, &report).await.unwrap(), first, "it is good for a while");
    world.clock.advance(TimeDelta::hours(168));
    assert!(matches!(opened(&world, &first).await, Opened::Reset(_)));
    let second = link(&world, ONE, &report).await.unwrap();
    assert!(matches!(opened(&world, &second).await, Opened::Bytes(_)));
    let filter = ChangeFilter::history(Report::KIND, report.id);
    let page = PageRequest { after: None, limit: 50 };
    let log = world.store.view().await.unwrap().changes().page(&filter, &page).await.unwrap().rows;
    let acts: Vec<&str> = log.iter().rev().map(|change| change.act.as_str()).collect();
    assert_eq!(acts, ["created", "downloaded", "downloaded", "downloaded"]);
    assert!(log.iter().all(|it| it.by == Some(ann().id) && it.subscriber == Some(SubscriberId(uuid(ONE)))));
}

/// Files whose writers fail at the end, so often, and wait before it where the gate is closed.
#[derive(Clone)]
struct Failing {
    files: MemoryFiles,
    failures: Arc<AtomicU32>,
    gate: Arc<Semaphore>,
}

impl Failing {
    fn new(failures: u32) -> Self {
        let gate = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
        Self { files: MemoryFiles::new(), failures: Arc::new(AtomicU32::new(failures)), gate }
    }

    fn closed() -> Self {
        Self { gate: Arc::new(Semaphore::new(0)), ..Self::new(0) }
    }

    /// A world that keeps its files there.
    async fn world(&self) -> World {
        let (files, failing) = (self.files.clone(), self.clone());
        World { files, ..world_with(|app| app.with_files(failing)).await }
    }
}

struct FailingWriter {
    writer: Box<dyn FileWriter>,
    failures: Arc<AtomicU32>,
    gate: Arc<Semaphore>,
}

#[async_trait]
impl FileStore for Failing {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        self.files.put(key, bytes, content_type).await
    }

    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        let writer = self.files.begin(key, content_type).await?;
        let (failures, gate) = (Arc::clone(&self.failures), Arc::clone(&self.gate));
        Ok(Box::new(FailingWriter { writer, failures, gate }))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        self.files.get(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        self.files.delete(key).await
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        self.files.link(key, name, until).await
    }
}

#[async_trait]
impl FileWriter for FailingWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.writer.write(bytes).await
    }

    async fn finish(self: Box<Self>) -> Result<(), FileError> {
        drop(self.gate.acquire().await.unwrap());
        let failed =
            self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if failed.is_ok() {
            return Err(FileError::Unavailable("told to fail".into()));
        }
        self.writer.finish().await
    }

    async fn discard(self: Box<Self>) {
        self.writer.discard().await;
    }
}

#[tokio::test]
async fn an_export_that_fails_at_the_end_begins_anew_and_no_half_of_it_is_had() {
    let failing = Failing::new(2);
    let failures = Arc::clone(&failing.failures);
    let world = failing.world().await;
    submit(&world, named("Ada"), &of("one")).await;
    world.clock.advance(TimeDelta::seconds(1));
    let report = ask(&world, &[("type", "register")]).await;
    for (left, total) in [(1, 1), (0, 2)] {
        run_due(&world).await;
        assert_eq!(failures.load(Ordering::SeqCst), left);
        let pending = stored(&world, &report).await;
        assert_eq!((pending.status, pending.total), (ReportStatus::Pending, Some(total)));
        assert_eq!(link(&world, ONE, &report).await, None);
        world.clock.advance(TimeDelta::hours(1));
        // who registers meanwhile is in it too: it begins anew
        submit(&world, named("Late"), &of("one")).await;
        world.clock.advance(TimeDelta::seconds(1));
    }
    run_due(&world).await;
    assert_eq!(lines(&world, &report).await.len(), 3);
}

#[tokio::test]
async fn two_workers_at_one_export_complete_it_once() {
    let world = world().await;
    submit(&world, named("Ada"), &of("one")).await;
    world.clock.advance(TimeDelta::seconds(1));
    let report = ask(&world, &[("type", "register")]).await;
    let again = Build { report: report.id }.job(&world.app);
    rows(&world, async |unit| {
        unit.jobs_mut().enqueue(&again).await.unwrap();
    })
    .await;
    run_due(&world).await;
    let to_author = world.outbox.mails().iter().filter(|mail| mail.to.address == "ann@example.org").count();
    assert_eq!(to_author, 1);
    assert_eq!(stored(&world, &report).await.written, 1);
}

/// A voter, and an export that is given up.
async fn failed() -> (World, Report) {
    let failing = Failing::new(u32::MAX);
    let world = failing.world().await;
    submit(&world, named("Ada"), &of("one")).await;
    world.clock.advance(TimeDelta::seconds(1));
    let report = ask(&world, &[("type", "register")]).await;
    while stored(&world, &report).await.status == ReportStatus::Pending {
        run_due(&world).await;
        world.clock.advance(TimeDelta::hours(2));
    }
    assert_eq!(stored(&world, &report).await.status, ReportStatus::Failed);
    failing.failures.store(0, Ordering::SeqCst);
    let _ = world.outbox.take();
    (world, report)
}

async fn again(world: &World, of: u128, report: &Report) -> AskedAgain {
    report::ask_again(&world.app, &bea(), SubscriberId(uuid(of)), report.id).await.unwrap()
}

/// How many jobs that make exports are neither done nor given up.
async fn building(world: &World) -> usize {
    let page = PageRequest { after: None, limit: 1_000 };
    let jobs = world.store.view().await.unwrap().jobs().unfinished(page).await.unwrap().rows;
    jobs.iter().filter(|it| it.kind == Build::KIND && it.state != JobState::Dead).count()
}

/// To whom links to exports were mailed.
fn mailed(world: &World) -> Vec<String> {
    let mails = world.outbox.take().into_iter().filter(|mail| mail.tag == "report.ready");
    mails.map(|mail| mail.to.address).collect()
}

#[tokio::test]
async fn an_export_that_failed_is_made_for_whoever_asks_again() {
    let (world, report) = failed().await;
    assert_eq!(again(&world, ONE, &report).await, AskedAgain::Begun);
    let pending = stored(&world, &report).await;
    assert_eq!((pending.status, pending.written, pending.total), (ReportStatus::Pending, 0, None));
    assert_eq!((pending.author, pending.file), (Some(bea().id), report.file));
    run_due(&world).await;
    assert_eq!(lines(&world, &report).await.len(), 1);
    // who asked at first may have left the team, and has no business with the voters then
    assert_eq!(mailed(&world), ["bea@example.org"]);
    let filter = ChangeFilter::history(Report::KIND, report.id);
    let page = PageRequest { after: None, limit: 50 };
    let log = world.store.view().await.unwrap().changes().page(&filter, &page).await.unwrap().rows;
    let acts: Vec<_> = log.iter().rev().map(|change| (change.act.as_str(), change.by)).take(2).collect();
    assert_eq!(acts, [("created", Some(ann().id)), ("asked again", Some(bea().id))]);
}

#[tokio::test]
async fn of_two_who_ask_again_at_once_one_has_it_made() {
    let (world, report) = failed().await;
    let (one, other) = tokio::join!(again(&world, ONE, &report), again(&world, ONE, &report));
    let mut both = [one, other];
    both.sort_by_key(|it| *it == AskedAgain::NotFailed);
    assert_eq!(both, [AskedAgain::Begun, AskedAgain::NotFailed]);
    assert_eq!(building(&world).await, 1);
    run_due(&world).await;
    assert_eq!(mailed(&world).len(), 1);
}

#[tokio::test]
async fn nothing_is_asked_again_that_is_made_or_there_or_of_another_subscriber() {
    let (world, report) = failed().await;
    let before = stored(&world, &report).await;
    assert_eq!(again(&world, TWO, &report).await, AskedAgain::NotFound);
    let nobodys = Report { id: turnout_core::ids::ReportId(uuid(9)), ..report.clone() };
    assert_eq!(again(&world, ONE, &nobodys).await, AskedAgain::NotFound);
    assert_eq!((stored(&world, &report).await, building(&world).await), (before, 0));
    again(&world, ONE, &report).await;
    // it waits for its turn
    assert_eq!(again(&world, ONE, &report).await, AskedAgain::NotFailed);
    assert_eq!(again(&world, TWO, &report).await, AskedAgain::NotFound);
    assert_eq!(building(&world).await, 1);
    run_due(&world).await;
    let done = stored(&world, &report).await;
    assert_eq!(done.status, ReportStatus::Complete);
    assert_eq!(again(&world, ONE, &report).await, AskedAgain::NotFailed);
    assert_eq!((stored(&world, &report).await, building(&world).await), (done, 0));
}

#[tokio::test]
async fn an_export_whose_job_is_called_off_has_failed_and_may_be_asked_for_again() {
    let world = world().await;
    submit(&world, named("Ada"), &of("one")).await;
    world.clock.advance(TimeDelta::seconds(1));
    let report = ask(&world, &[("type", "register")]).await;
    let page = PageRequest { after: None, limit: 1_000 };
    let jobs = world.store.view().await.unwrap().jobs().unfinished(page).await.unwrap().rows;
    let job = jobs.iter().find(|it| it.kind == Build::KIND).unwrap().id;
    let nobodys = turnout_core::ids::JobId(uuid(9));
    let refused = call_off(&world.app, &[job, nobodys]).await;
    assert!(matches!(refused, Err(CallOffError::NotFound(id)) if id == nobodys));
    assert_eq!((stored(&world, &report).await.status, building(&world).await), (ReportStatus::Pending, 1));

    call_off(&world.app, &[job]).await.unwrap();
    assert_eq!((stored(&world, &report).await.status, building(&world).await), (ReportStatus::Failed, 0));
    let twice = call_off(&world.app, &[job]).await;
    assert!(matches!(twice, Err(CallOffError::State(id, JobState::Cancelled)) if id == job));
    assert_eq!(again(&world, ONE, &report).await, AskedAgain::Begun);
    run_due(&world).await;
    assert_eq!(lines(&world, &report).await.len(), 1);
}

/// Somebody of the service deletes the file of an export, and the bytes are gone.
async fn delete(world: &World, report: &Report) {
    rows(world, async |unit| {
        let mut file = unit.files_mut().lock(report.file.unwrap()).await.unwrap().unwrap();
        (file.purged, file.key) = (Some(world.app.now()), String::new());
        unit.files_mut().update(&file).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_export_whose_file_was_deleted_or_came_from_elsewhere_gets_another_one() {
    for key in ["", "exports/of the old service.csv"] {
        let (world, report) = failed().await;
        rows(&world, async |unit| {
            let mut file = unit.files_mut().lock(report.file.unwrap()).await.unwrap().unwrap();
            key.clone_into(&mut file.key);
            unit.files_mut().update(&file).await.unwrap();
        })
        .await;
        assert_eq!(again(&world, ONE, &report).await, AskedAgain::Begun);
        run_due(&world).await;
        assert_eq!(lines(&world, &report).await.len(), 1, "{key}");
        let id = stored(&world, &report).await.file.unwrap();
        assert_ne!(Some(id), report.file);
        let file = world.store.view().await.unwrap().files().by_id(id).await.unwrap().unwrap();
        assert!(file.name.ends_with("_one_register-tool-export_export.csv"), "{}", file.name);
    }
}

/// What is left of a job that runs.
type Rest<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// An export that is being made, up to where the file is to be whole.
async fn halted<'a>(failing: &Failing, world: &'a World) -> (Report, Rest<'a>) {
    submit(world, named("Ada"), &of("one")).await;
    world.clock.advance(TimeDelta::seconds(1));
    run_due(world).await;
    let report = ask(world, &[("type", "register")]).await;
    let jobs = step::claim(&world.app, 100).await.unwrap();
    let job = jobs.into_iter().find(|job| job.kind == Build::KIND).unwrap();
    let mut run: Rest<'a> = Box::pin(async move { step::run(&world.app, &job).await.unwrap() });
    let is_waiting = poll_fn(|context| Poll::Ready(run.as_mut().poll(context).is_pending())).await;
    assert!(is_waiting && failing.gate.available_permits() == 0);
    (report, run)
}

#[tokio::test]
async fn an_export_whose_file_is_deleted_while_it_is_made_leaves_no_bytes_and_has_failed() {
    let failing = Failing::closed();
    let world = failing.world().await;
    let (report, run) = halted(&failing, &world).await;
    delete(&world, &report).await;
    failing.gate.add_permits(9);
    run.await;
    assert_eq!(stored(&world, &report).await.status, ReportStatus::Failed);
    assert!(world.files.keys().iter().all(|key| !key.contains("export")), "{:?}", world.files.keys());
    assert_eq!(again(&world, ONE, &report).await, AskedAgain::Begun);
    run_due(&world).await;
    assert_eq!(lines(&world, &report).await.len(), 1);
}

#[tokio::test]
async fn a_worker_that_was_thought_lost_spoils_nothing_that_was_asked_again() {
    let failing = Failing::closed();
    let world = failing.world().await;
    let (report, run) = halted(&failing, &world).await;
    // it is given up by somebody else meanwhile, its file is deleted, and it is asked for again
    rows(&world, async |unit| {
        let mut it = unit.reports_mut().lock(report.id).await.unwrap().unwrap();
        it.status = ReportStatus::Failed;
        unit.reports_mut().update(&it).await.unwrap();
    })
    .await;
    delete(&world, &report).await;
    assert_eq!(again(&world, ONE, &report).await, AskedAgain::Begun);
    failing.gate.add_permits(9);
    run.await;
    assert_eq!(stored(&world, &report).await.status, ReportStatus::Pending, "it is not there yet");
    assert!(world.files.keys().iter().all(|key| !key.contains("export")), "{:?}", world.files.keys());
    run_due(&world).await;
    assert_eq!(lines(&world, &report).await.len(), 1);
    assert_eq!(mailed(&world), ["bea@example.org"]);
}

async fn figures(world: &World, number: u128) -> stats::Figures {
    stats::figures(&world.app, SubscriberId(uuid(number))).await.unwrap()
}

async fn count(world: &World) {
    let job = stats::Count {}.job(&world.app);
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
    run_due(world).await;
}

#[tokio::test]
async fn uses_are_counted_once_and_the_last_day_exactly() {
    let world = world().await;
    for _ in 0..3 {
        submit(&world, complete(), &of("one")).await;
    }
    submit(&world, complete(), &of("two")).await;
    let fresh = figures(&world, ONE).await;
    assert_eq!((fresh.totals.of(Tool::Register), fresh.totals.counted_to), (0, None));
    assert_eq!(fresh.last_day[&Tool::Register], 3, "they are counted when the page is shown");

    world.clock.advance(TimeDelta::minutes(2));
    count(&world).await;
    count(&world).await;
    let counted = figures(&world, ONE).await;
    assert_eq!(counted.totals.of(Tool::Register), 3);
    assert_eq!(counted.totals.of(Tool::Absentee), 0);
    assert_eq!(counted.totals.counted_to, Some(world.app.now() - TimeDelta::minutes(1)));
    assert_eq!(figures(&world, TWO).await.totals.of(Tool::Register), 1);
    assert_eq!(counted.days.len(), 30);
    let (day, of_day) = counted.days.last().unwrap();
    assert_eq!((*day, of_day.get(&Tool::Register)), (world.app.now().date_naive(), Some(&3)));

    world.clock.advance(TimeDelta::hours(24));
    let later = figures(&world, ONE).await;
    assert_eq!((later.last_day[&Tool::Register], later.totals.of(Tool::Register)), (0, 3));
}

#[tokio::test]
async fn a_list_says_how_many_there_are_where_that_is_cheap() {
    let world = world().await;
    for name in ["Ada", "Ada", "Bea"] {
        submit(&world, named(name), &of("one")).await;
    }
    submit(&world, named("Ada"), &of("two")).await;
    let list = Listing { subscriber: SubscriberId(uuid(ONE)), tool: Tool::Register };
    let ma = Filter { state: turnout_core::address::State::parse("MA"), ..Filter::default() };
    let ny = Filter { state: turnout_core::address::State::parse("NY"), ..Filter::default() };
    let later = Filter { since: Some(world.app.now() + TimeDelta::seconds(1)), ..Filter::default() };
    let done = Filter { finished: Some(true), ..Filter::default() };
    for (filter, words, counted) in [
        (Filter::default(), "", Some(3)),
        (ma, "", Some(3)),
        (ny, "", Some(0)),
        (later, "", Some(0)),
        (done, "", None),
        (Filter::default(), "bea", Some(1)),
        (Filter::default(), "nobody", Some(0)),
        (ma, "bea", None),
    ] {
        let found = listing::count(&world.app, list, &filter, &SearchQuery::parse(words)).await.unwrap();
        assert_eq!(found, counted.map(Counted::Exactly), "{filter:?} {words:?}");
    }
}
