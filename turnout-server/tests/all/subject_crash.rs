//! A process that dies at any moment of forgetting somebody: nothing of it was done, or it is done when the command is called
//! again, with one receipt and without the bytes of the files. And one that dies while it deletes what is old.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::time::sleep;
use turnout_core::{
    App,
    action::Action,
    conformance::rows::{self, uuid},
    consent::Choice,
    crash::{RETENTION_POINTS, SUBJECT_POINTS},
    file::FileType,
    ids::{ActionId, BallotRequestId, ConsentId, FileId, RegistrationId, UploadId},
    page::PageRequest,
    person::Phone,
    ports::store::Unit,
    register::Registration,
    retention::Kind,
    subject::{self, Options, Person, SignedReceipt, What},
};
use turnout_server::system::{RandomIds, SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use crate::support::Running;

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);
const KEY: &str = "0123456789abcdef0123456789abcdef";

const ANA: (&str, &str) = ("ana@example.org", "+16175550143");
const BEN: (&str, &str) = ("ben@example.org", "+16175550199");
/// The files of each.
const FILES: [u128; 3] = [1, 2, 3];
const FORGET: [&str; 8] =
    ["data-subject", "delete", "--email", ANA.0, "--phone", "617-555-0143", "--apply", "--receipt=ana.json"];

fn command(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().env("SECRET_KEY", KEY);
    command.env("PRIMARY_ORIGIN", "https://vote.example.org").envs(settings.iter().copied());
    command
}

fn run(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    command(folder, arguments, settings).output().unwrap()
}

fn said(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let output = run(folder, arguments, settings);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The database of a folder, opened for one look or one change.
async fn with<T>(folder: &Path, work: impl AsyncFnOnce(&App) -> T) -> T {
    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let store = Arc::new(store);
    let app = App::builder(store.clone(), SystemClock, RandomIds, KEY.as_bytes()).build();
    let done = work(&app).await;
    drop(app);
    store.close().await;
    done
}

fn named((email, phone): (&str, &str)) -> Person {
    Person {
        emails: vec![email.to_owned()],
        phones: vec![Phone::from_stored(phone.to_owned())],
        ids: Vec::new(),
    }
}

/// Somebody with two forms, a signature, a fax, a yes and a no.
async fn live(unit: &mut dyn Unit, number: u128, (email, phone): (&str, &str)) {
    let id = |kind: u128| uuid(number * 1_000 + kind);
    let (action, phone) = (ActionId(id(0)), Phone::from_stored(phone.to_owned()));
    unit.actions_mut().insert(&Action { id: action, ..rows::action(1) }).await.unwrap();
    for (kind, of) in [(1, FileType::RegForm), (2, FileType::AbsForm)] {
        let mut file = rows::file(1, of, 5);
        (file.id, file.key, file.email) = (FileId(id(kind)), key(number, kind), Some(email.to_owned()));
        unit.files_mut().insert(&file).await.unwrap();
    }
    let mut upload = rows::upload(1, 5);
    (upload.id, upload.key) = (UploadId(id(3)), key(number, 3));
    unit.uploads_mut().insert(&upload).await.unwrap();
    let mut registration = rows::bare_registration();
    (registration.id, registration.action) = (RegistrationId(id(10)), Some(action));
    (registration.email, registration.phone) = (Some(email.to_owned()), Some(phone.clone()));
    registration.result_item = Some(FileId(id(1)));
    unit.registrations_mut().insert(&registration).await.unwrap();
    let mut request = rows::bare_ballot_request();
    (request.id, request.phone) = (BallotRequestId(id(11)), Some(phone.clone()));
    (request.result_item, request.signature) = (Some(FileId(id(2))), Some(UploadId(id(3))));
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    let mut fax = rows::fax(number);
    fax.file = FileId(id(2));
    unit.faxes_mut().insert(&fax).await.unwrap();
    let mut contact = rows::number();
    (contact.id, contact.phone) = (id(12), phone.clone());
    unit.messages_mut().lock_or_insert(&contact).await.unwrap();
    for (kind, choice) in [(13, Choice::Granted), (14, Choice::Stopped)] {
        let mut entry = rows::consent(1);
        (entry.id, entry.address) = (ConsentId(id(kind)), phone.e164().to_owned());
        entry.mark.choice = choice;
        unit.consents_mut().insert(&entry).await.unwrap();
    }
}

fn key(number: u128, kind: u128) -> String {
    format!("261129.{number}-{kind}.pdf")
}

/// A folder with two people in it, to be copied.
async fn two_people() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    said(folder.path(), &["migrate"], &[]);
    with(folder.path(), async |app| {
        let mut unit = app.store.begin().await.unwrap();
        rows::references(unit.as_mut()).await;
        live(unit.as_mut(), 7, ANA).await;
        live(unit.as_mut(), 8, BEN).await;
        unit.commit().await.unwrap();
    })
    .await;
    let files = folder.path().join("var/files");
    fs::create_dir_all(&files).unwrap();
    for number in [7, 8] {
        for kind in FILES {
            fs::write(files.join(key(number, kind)), format!("%PDF of {number}")).unwrap();
        }
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// What there is of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    ana: BTreeMap<String, usize>,
    ben: BTreeMap<String, usize>,
    /// How many files and uploads there are rows of whose bytes are to be deleted.
    undeleted: usize,
    purges: usize,
    bytes: BTreeSet<String>,
    receipts: Vec<SignedReceipt>,
}

impl Found {
    async fn in_folder(folder: &Path) -> Self {
        let entries = fs::read_dir(folder.join("var/files")).unwrap();
        let bytes = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        with(folder, async |app| {
            let mut view = app.store.view().await.unwrap();
            let mut of = async |whom| {
                let all = Options::default();
                let found = subject::gather(app, view.as_mut(), &named(whom), all).await.unwrap();
                let rows = found.rows.iter().map(|(holding, rows)| (holding.name.to_owned(), rows.len()));
                rows.collect::<BTreeMap<String, usize>>()
            };
            let (ana, ben) = (of(ANA).await, of(BEN).await);
            let undeleted = view.files().undeleted(50).await.unwrap().len()
                + view.uploads().undeleted(50).await.unwrap().len();
            let jobs = view.jobs().unfinished(PageRequest { after: None, limit: 50 }).await.unwrap();
            let purges = jobs.rows.iter().filter(|job| job.kind == "file.purge").count();
            let receipts = view.subjects().receipts(50).await.unwrap();
            Self { ana, ben, undeleted, purges, bytes, receipts }
        })
        .await
    }

    /// What there has to be of them when one is forgotten, and whether the bytes are gone too.
    fn is_forgotten(&self, before: &Self, at: &str) -> bool {
        let stays = [("consent_entry", 1), ("smsbot_number", 1)].map(|(name, rows)| (name.to_owned(), rows));
        assert_eq!(self.ana, BTreeMap::from(stays), "{at}");
        assert_eq!(self.ben, before.ben, "{at}");
        assert_eq!(self.purges, 1, "{at}");
        let [receipt] = &self.receipts[..] else { panic!("{at}: {} receipts", self.receipts.len()) };
        assert_eq!(receipt.receipt.what, What::Deletion, "{at}");
        assert_eq!(receipt.receipt.tables["register_registration"].deleted, 1, "{at}");
        assert_eq!(receipt.receipt.tables["storage_storageitem"].kept, 2, "{at}");
        for kind in FILES {
            assert!(self.bytes.contains(&key(8, kind)), "{at}: a file of somebody else");
        }
        self.undeleted == 0
    }
}

/// The receipt that was written, if there is one: never a part of it.
fn written(folder: &Path) -> Option<SignedReceipt> {
    let text = fs::read_to_string(folder.join("ana.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// Calls the command again, and sees that all is done then, once.
async fn to_the_end(folder: &Path, before: &Found, at: &str) {
    let begun = Found::in_folder(folder).await.receipts;
    for _ in 0..2 {
        let text = said(folder, &FORGET, &[]);
        let found = Found::in_folder(folder).await;
        assert!(found.is_forgotten(before, at), "{at}: bytes are still to be deleted");
        let bens: BTreeSet<String> = FILES.map(|kind| key(8, kind)).into();
        assert_eq!(found.bytes, bens, "{at}");
        assert_eq!(written(folder).as_ref(), Some(&found.receipts[0]), "{at}");
        assert!(text.contains(&found.receipts[0].receipt.id.to_string()), "{at}: {text}");
        assert!(begun.iter().all(|receipt| *receipt == found.receipts[0]), "{at}");
        assert!(!folder.join("ana.json.part").exists(), "{at}");
    }
    let verified = said(folder, &["data-subject", "verify", "ana.json", "--email", ANA.0], &[]);
    assert!(verified.contains("ours and unchanged") && verified.contains("about this person"), "{verified}");
}

#[tokio::test]
async fn a_process_that_dies_while_it_forgets_somebody_did_nothing_or_is_done_when_called_again() {
    let template = two_people().await;
    let before = Found::in_folder(template.path()).await;
    assert_eq!((before.bytes.len(), before.undeleted, before.purges), (6, 0, 0));
    assert!(before.receipts.is_empty() && before.ana.len() == before.ben.len() && before.ana.len() > 7);
    let committed = SUBJECT_POINTS.iter().position(|it| *it == "subject.forget.after_unit").unwrap();
    for (place, point) in SUBJECT_POINTS.iter().enumerate() {
        println!("{point}");
        let folder = tempfile::tempdir().unwrap();
        copy(template.path(), folder.path());
        let died = run(folder.path(), &FORGET, &[("TURNOUT_CRASH_AT", point)]);
        assert_eq!(died.status.signal(), Some(SIGABRT), "{point}: {}", died.status);
        let found = Found::in_folder(folder.path()).await;
        if place < committed {
            assert_eq!(found, before, "{point}");
        } else {
            let is_deleted = found.is_forgotten(&before, point);
            assert_eq!(is_deleted, place > committed + 2, "{point}");
            let anas = found.bytes.len() - FILES.len();
            assert_eq!(anas, if place > committed + 1 { 0 } else { FILES.len() }, "{point}");
        }
        let receipt = written(folder.path());
        assert_eq!(receipt.is_some(), *point == "subject.receipt.after_file", "{point}");
        to_the_end(folder.path(), &before, point).await;
    }
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_forgets_somebody_did_nothing_or_is_done_when_called_again() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let template = two_people().await;
    let before = Found::in_folder(template.path()).await;
    let rehearsal = tempfile::tempdir().unwrap();
    copy(template.path(), rehearsal.path());
    let begin = Instant::now();
    said(rehearsal.path(), &FORGET, &[]);
    let takes = begin.elapsed();
    let mut was_done = [0, 0];
    for round in 1..=20 {
        let folder = tempfile::tempdir().unwrap();
        copy(template.path(), folder.path());
        let moment = takes.mul_f64(random.random_range(0.2..1.1));
        let mut child =
            command(folder.path(), &FORGET, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(moment).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let found = Found::in_folder(folder.path()).await;
        let is_done = !found.receipts.is_empty();
        println!("kill {round} after {moment:?} of {takes:?}: {is_done}");
        was_done[usize::from(is_done)] += 1;
        if is_done {
            found.is_forgotten(&before, "after a kill");
        } else {
            assert_eq!(found, before);
        }
        written(folder.path());
        to_the_end(folder.path(), &before, "after a kill").await;
    }
    println!("nothing was done, all was done: {was_done:?}");
}

#[tokio::test]
async fn a_receipt_that_was_not_printed_is_printed_by_the_next_call() {
    let folder = two_people().await;
    let printed = &FORGET[..FORGET.len() - 1];
    let died = run(folder.path(), printed, &[("TURNOUT_CRASH_AT", "subject.forget.after_unit")]);
    assert_eq!(died.status.signal(), Some(SIGABRT));
    let text = said(folder.path(), printed, &[]);
    let found = Found::in_folder(folder.path()).await;
    let (_, receipt) = text.split_once('{').expect("the receipt is printed");
    let receipt: SignedReceipt = serde_json::from_str(&format!("{{{receipt}")).unwrap();
    assert_eq!(found.receipts, [receipt]);
    // a file that is another one's receipt, or none, is not written over
    fs::write(folder.path().join("ana.json"), "{}").unwrap();
    let refused = run(folder.path(), &FORGET, &[]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("must not be there yet"));
    assert_eq!(fs::read_to_string(folder.path().join("ana.json")).unwrap(), "{}");
}

#[tokio::test]
async fn the_bytes_go_without_a_second_call_where_a_worker_runs() {
    let folder = two_people().await;
    let died = run(folder.path(), &FORGET, &[("TURNOUT_CRASH_AT", "file.purge.before_bytes")]);
    assert_eq!(died.status.signal(), Some(SIGABRT));
    let server = Running::start("all-in-one", folder.path(), &[("SECRET_KEY", KEY)]).await;
    let patience = Instant::now() + PATIENCE;
    while fs::read_dir(folder.path().join("var/files")).unwrap().count() > FILES.len() {
        assert!(Instant::now() < patience, "the files are still there after {PATIENCE:?}");
        sleep(Duration::from_millis(20)).await;
    }
    server.stop().await;
    let found = Found::in_folder(folder.path()).await;
    assert_eq!((found.undeleted, found.receipts.len()), (0, 1));
}

/// How many of them are there, and how many actions.
async fn registered(folder: &Path) -> (u64, usize) {
    with(folder, async |app| {
        let mut view = app.store.view().await.unwrap();
        let old = view.subjects().count_older(Kind::Registrations, app.now()).await.unwrap();
        let mut actions = 0;
        for number in 10_000..10_000 + OLD {
            actions += usize::from(view.actions().by_id(ActionId(uuid(number))).await.unwrap().is_some());
        }
        (old, actions)
    })
    .await
}

/// So many that they do not go at once.
const OLD: u128 = 600;

#[tokio::test]
async fn a_process_that_dies_while_it_deletes_what_is_old_leaves_no_half_and_goes_on() {
    let template = tempfile::tempdir().unwrap();
    said(template.path(), &["migrate"], &[]);
    with(template.path(), async |app| {
        let mut unit = app.store.begin().await.unwrap();
        for number in 10_000..10_000 + OLD {
            let action = ActionId(uuid(number));
            unit.actions_mut().insert(&Action { id: action, ..rows::action(1) }).await.unwrap();
            let made = app.now() - TimeDelta::days(200);
            let row = Registration::new(RegistrationId(uuid(number)), action, None, made);
            unit.registrations_mut().insert(&row).await.unwrap();
        }
        unit.commit().await.unwrap();
    })
    .await;
    let kept = ("KEEP_REGISTRATIONS_DAYS", "30");
    for point in RETENTION_POINTS {
        for (hit, gone) in [(1, 500), (2, OLD as usize)] {
            let at = format!("{point}:{hit}");
            println!("{at}");
            let folder = tempfile::tempdir().unwrap();
            copy(template.path(), folder.path());
            let died = run(folder.path(), &["retention"], &[kept, ("TURNOUT_CRASH_AT", &at)]);
            assert_eq!(died.status.signal(), Some(SIGABRT), "{at}: {}", died.status);
            let gone = match (*point, hit) {
                ("retention.before_commit", 1) => 0,
                ("retention.before_commit", _) => 500,
                _ => gone,
            };
            let left = OLD as usize - gone;
            assert_eq!(registered(folder.path()).await, (left as u64, left), "{at}: each with its action");
            said(folder.path(), &["retention"], &[kept]);
            assert_eq!(registered(folder.path()).await, (0, 0), "{at}");
        }
    }
}
