//! Everything of one person is found, given away and forgotten, and nothing of anybody else; and what is old goes.

use std::collections::BTreeSet;

use sqlx::{SqlitePool, query_as, query_scalar, sqlite::SqliteConnectOptions};
use turnout_core::{
    App,
    action::EventType,
    blast::{Blast, BlastStatus, Micros, Planned, Recipient},
    conformance::rows::{self, at, uuid},
    consent::Choice,
    decision::{Channel, Whereabouts},
    file::FileType,
    ids::{
        ActionId, BallotRequestId, BlastId, ConsentId, FaxId, FileId, LetterId, LookupId, MessageId,
        MoverLeadId, PollingPlaceLookupId, RegistrationId, ReminderId, SubscriberId, UploadId, UserId,
        VoterId,
    },
    listing::Tool,
    memory::{FrozenClock, SeededIds},
    page::PageRequest,
    person::Phone,
    ports::store::Store,
    retention::{self, Kind, RetentionSettings},
    search::{ListKey, Listed, Packing, SearchQuery, Terms, VoterList},
    settings::Settings,
    subject::{self, Erasure, Fate, HOLDINGS, LEFT_OUT, Options, Person, What, of_table},
};
use turnout_storage::{
    postgres::PgOptions,
    sqlite::{SqliteOptions, SqliteStore},
};

use crate::{postgres_server, world};

const EMAIL: &str = "Ana@Example.org";
const PHONE: &str = "+16175557890";

fn app(store: impl Store, settings: Settings) -> App {
    App::builder(store, FrozenClock::at(at(1_000)), SeededIds::new(7), b"a secret of tests")
        .with_settings(settings)
        .build()
}

/// An app over each database, and what has to live as long.
async fn sqlite(settings: Settings) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("turnout.db"), SqliteOptions::default()).await.unwrap();
    store.migrate(|_| {}).await.unwrap();
    (app(store, settings), folder)
}

async fn postgres(settings: Settings) -> (App, postgres_server::Database) {
    let database = postgres_server::Database::migrated().await;
    (app(database.open(PgOptions::default()), settings), database)
}

fn person() -> Person {
    Person {
        emails: vec![EMAIL.to_owned()],
        phones: vec![Phone::from_stored(PHONE.to_owned())],
        ids: Vec::new(),
    }
}

fn list(tool: Tool) -> VoterList {
    VoterList { subscriber: SubscriberId(uuid(1)), tool }
}

/// What somebody with this number leaves behind: ids begin with it, and one action has one record of every tool.
async fn live(app: &App, number: u128, email: &str, phone: &str) {
    let id = |kind: u128| uuid(number * 1_000 + kind);
    let (action, phone) = (ActionId(id(0)), Phone::from_stored(phone.to_owned()));
    let session = Some(id(9));
    let mut unit = app.store.begin().await.unwrap();
    unit.actions_mut().insert(&turnout_core::action::Action { id: action, ..rows::action(1) }).await.unwrap();
    let mut event = rows::event(1, EventType::Finish, 5);
    (event.id.0, event.action) = (id(1), action);
    unit.actions_mut().record(&event).await.unwrap();
    for (kind, of) in [(2, FileType::RegForm), (3, FileType::AbsForm)] {
        let mut file = rows::file(1, of, 5);
        (file.id, file.email) = (FileId(id(kind)), Some(email.to_owned()));
        file.key = format!("261125.{}.form.pdf", id(kind));
        unit.files_mut().insert(&file).await.unwrap();
    }
    let mut upload = rows::upload(1, 5);
    upload.id = UploadId(id(4));
    unit.uploads_mut().insert(&upload).await.unwrap();
    let mut registration = rows::registration();
    registration.id = RegistrationId(id(10));
    (registration.action, registration.email) = (Some(action), Some(email.to_owned()));
    registration.phone = Some(phone.clone());
    registration.tracking.session_id = session;
    (registration.result_item, registration.result_item_mail) = (Some(FileId(id(2))), None);
    unit.registrations_mut().insert(&registration).await.unwrap();
    let mut request = rows::ballot_request();
    request.id = BallotRequestId(id(11));
    (request.action, request.email) = (Some(action), None);
    request.phone = Some(phone.clone());
    request.signature = Some(UploadId(id(4)));
    (request.result_item, request.result_item_mail) = (Some(FileId(id(3))), None);
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    let mut lookup = rows::whole_lookup();
    (lookup.id, lookup.action) = (LookupId(id(12)), None);
    (lookup.voter.email, lookup.voter.phone) = (Some(email.to_owned()), None);
    unit.lookups_mut().insert(&lookup).await.unwrap();
    let mut reminder = rows::whole_reminder();
    (reminder.id, reminder.action) = (ReminderId(id(13)), Some(action));
    (reminder.voter.email, reminder.voter.phone) = (None, None);
    unit.reminders_mut().insert(&reminder).await.unwrap();
    let mut place = rows::whole_polling_place();
    (place.id, place.action) = (PollingPlaceLookupId(id(14)), None);
    place.tracking.session_id = session;
    unit.polling_places_mut().insert(&place).await.unwrap();
    let mut voter = rows::whole_voter();
    (voter.id, voter.email, voter.phone) = (VoterId(id(15)), None, None);
    (voter.roll_id, voter.state_voter_id) = (Some(format!("roll {number}")), None);
    unit.voters_mut().insert(&voter).await.unwrap();
    unit.voters_mut().link(action, Some(VoterId(id(15))), at(6)).await.unwrap();
    let mut fax = rows::fax(1);
    (fax.id, fax.file) = (FaxId(id(16)), FileId(id(3)));
    unit.faxes_mut().insert(&fax).await.unwrap();
    let mut letter = rows::letter(number);
    (letter.id, letter.action) = (LetterId(id(17)), action);
    unit.letters_mut().insert(&letter).await.unwrap();
    let mut contact = rows::number();
    (contact.id, contact.phone) = (id(18), phone.clone());
    unit.messages_mut().lock_or_insert(&contact).await.unwrap();
    let mut message = rows::message(1);
    (message.id, message.phone) = (MessageId(id(19)), Some(phone.clone()));
    unit.messages_mut().insert(&message).await.unwrap();
    for (kind, channel, address, choice) in [
        (20, Channel::Sms, phone.e164().to_owned(), Choice::Stopped),
        (21, Channel::Sms, phone.e164().to_owned(), Choice::Granted),
        (22, Channel::Email, email.to_lowercase(), Choice::Granted),
    ] {
        let mut entry = rows::consent(1);
        (entry.id, entry.channel, entry.address) = (ConsentId(id(kind)), channel, address);
        entry.mark.choice = choice;
        unit.consents_mut().insert(&entry).await.unwrap();
    }
    let recipient = Recipient {
        id: MessageId(id(23)),
        phone: phone.clone(),
        whereabouts: Whereabouts { zones: Vec::new(), states: Vec::new() },
        address: Some("1 Main Street".to_owned()),
        planned: Planned::Send,
        rule: None,
    };
    unit.blasts_mut().add(BlastId(uuid(90)), &[recipient]).await.unwrap();
    let mut lead = rows::lead(number);
    (lead.id, lead.email) = (MoverLeadId(id(24)), Some(email.to_owned()));
    (lead.action, lead.file) = (None, None);
    unit.movers_mut().insert(&lead).await.unwrap();
    for tool in [Tool::Register, Tool::Absentee] {
        let key = ListKey { created_at: registration.created_at, action };
        let terms = Terms::of(&registration.name, Some(email));
        unit.search_mut().insert(&Listed { list: list(tool), key, terms }).await.unwrap();
    }
    unit.commit().await.unwrap();
}

fn finished_blast() -> Blast {
    Blast {
        id: BlastId(uuid(90)),
        name: "Reminder".into(),
        campaign: None,
        content: "Vote.".into(),
        map: None,
        sender: None,
        filter: None,
        status: BlastStatus::Done,
        price: Micros(1),
        budget: Micros(1),
        segments: 1,
        sendable: 2,
        planned: None,
        seal: None,
        tested: None,
        approved: None,
        approved_seal: None,
        run: 1,
        enqueued: 2,
        started: None,
        stopped: None,
        finished_at: Some(at(7)),
        created_at: at(0),
        modified_at: at(7),
    }
}

/// Somebody, and somebody else who lives in the same house.
async fn two_people(app: &App) {
    let mut unit = app.store.begin().await.unwrap();
    rows::references(unit.as_mut()).await;
    unit.blasts_mut().insert(&finished_blast()).await.unwrap();
    unit.commit().await.unwrap();
    live(app, 1, "ana@example.org", PHONE).await;
    live(app, 2, "stranger@example.org", "+16175550002").await;
    let mut unit = app.store.begin().await.unwrap();
    while unit.search_mut().pack(Packing { from: 1, block: 100 }).await.unwrap() {}
    unit.commit().await.unwrap();
}

async fn is_listed(app: &App, words: &str) -> usize {
    let mut view = app.store.view().await.unwrap();
    let page = PageRequest { after: None, limit: 50 };
    view.search().find(list(Tool::Register), &SearchQuery::parse(words), page).await.unwrap().rows.len()
}

/// What is found of whom, by table.
async fn found(app: &App, person: &Person) -> BTreeSet<String> {
    let mut view = app.store.view().await.unwrap();
    let found = subject::gather(app, view.as_mut(), person, Options::default()).await.unwrap();
    found.rows.iter().map(|(holding, _)| holding.name.to_owned()).collect()
}

async fn a_person_is_forgotten_and_nobody_else(app: &App) {
    two_people(app).await;
    let mut view = app.store.view().await.unwrap();
    let kept = subject::gather(app, view.as_mut(), &person(), Options::default()).await.unwrap();
    drop(view);
    let everywhere: BTreeSet<String> = HOLDINGS
        .iter()
        .filter(|it| it.part == subject::Part::Voter)
        .map(|holding| holding.name.to_owned())
        .collect();
    let not_here =
        ["email_suppression", "search_fresh", "webhook_delivery", "reporting_report of the subscribers"];
    let expected: BTreeSet<String> =
        everywhere.into_iter().filter(|name| !not_here.contains(&name.as_str())).collect();
    let names: BTreeSet<String> = kept.rows.iter().map(|(holding, _)| holding.name.to_owned()).collect();
    assert_eq!(names, expected);
    for (holding, rows) in &kept.rows {
        let ids = rows.iter().filter_map(|row| row.get(holding.id)?.as_str());
        for id in ids {
            let number = uuid::Uuid::parse_str(id).unwrap().as_u128();
            assert!((1_000..2_000).contains(&number), "{}: {number} is somebody else's", holding.name);
        }
        let hidden = holding.hidden.iter().find(|column| rows.iter().any(|row| row.contains_key(**column)));
        assert_eq!(hidden, None, "{}", holding.name);
    }
    let registration = &kept.of("register_registration")[0];
    assert_eq!(registration["address1"], "address1");
    assert_eq!(registration["date_of_birth"], "1980-02-29");

    let Erasure::Done(receipt) =
        subject::forget(app, &person(), Options::default(), Some(UserId(uuid(5)))).await.unwrap()
    else {
        panic!("there was somebody");
    };
    assert!(receipt.is_ours(app));
    assert!(receipt.receipt.is_about(app, &person()));
    assert_eq!((receipt.receipt.what, receipt.receipt.at), (What::Deletion, app.now()));
    let registrations = &receipt.receipt.tables["register_registration"];
    assert_eq!((registrations.deleted, registrations.kept), (1, 0));
    assert_eq!(registrations.ids, [uuid(1_010).to_string()]);
    assert_eq!(receipt.receipt.tables["storage_storageitem"].kept, 2);
    let text = serde_json::to_string(&receipt).unwrap().to_lowercase();
    for needle in ["ana@example", "617555", "nguyễn", "address1", "main street"] {
        assert!(!text.contains(needle), "a receipt says {needle}");
    }

    // what stays says that nothing more is to be sent, and nothing else
    let left = found(app, &person()).await;
    assert_eq!(left, BTreeSet::from(["consent_entry".to_owned(), "smsbot_number".to_owned()]));
    let mut view = app.store.view().await.unwrap();
    let entries = view.consents().of(Channel::Sms, PHONE).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].mark.choice, Choice::Stopped);
    assert_eq!((&entries[0].text, &entries[0].context), (&None, &None));
    let number = view.messages().number(&Phone::from_stored(PHONE.to_owned())).await.unwrap().unwrap();
    assert!(number.opted_out_at.is_some() && number.welcomed_at.is_none());
    let file = view.files().by_id(FileId(uuid(1_002))).await.unwrap().unwrap();
    assert_eq!((file.email, file.name.as_str()), (None, ""));
    assert_eq!(file.purged, Some(app.now()));
    assert!(!file.key.is_empty(), "its bytes are still to be deleted");
    let upload = view.uploads().by_id(UploadId(uuid(1_004))).await.unwrap().unwrap();
    assert_eq!(upload.purged, Some(app.now()));
    let jobs = view.jobs().unfinished(PageRequest { after: None, limit: 50 }).await.unwrap();
    assert!(jobs.rows.iter().any(|job| job.kind == "file.purge"));
    assert!(view.voters().by_id(VoterId(uuid(1_015))).await.unwrap().is_none());
    drop(view);

    // the other one has everything
    assert_eq!(is_listed(app, "luk").await, 1);
    let stranger = Person {
        emails: vec!["stranger@example.org".to_owned()],
        phones: vec![Phone::from_stored("+16175550002".to_owned())],
        ids: Vec::new(),
    };
    assert_eq!(found(app, &stranger).await, expected);

    // receipts are kept, and a changed one is none of ours
    let mut view = app.store.view().await.unwrap();
    assert_eq!(view.subjects().receipt(receipt.receipt.id).await.unwrap().as_ref(), Some(&receipt));
    assert_eq!(view.subjects().receipts(5).await.unwrap(), std::slice::from_ref(&receipt));
    let mut changed = receipt.clone();
    changed.receipt.by = None;
    assert!(!changed.is_ours(app));
    assert!(!receipt.receipt.is_about(app, &stranger));
    drop(view);

    // again changes nothing, and leaves no second receipt
    for person in [person(), Person { phones: Vec::new(), ..person() }] {
        let again = subject::forget(app, &person, Options::default(), None).await.unwrap();
        let Erasure::Nothing { stays, before } = again else { panic!("it was done") };
        assert_eq!(before.as_ref(), Some(&receipt));
        assert_eq!(stays, if person.phones.is_empty() { 0 } else { 2 });
    }
    let nobody = Person { emails: vec!["nobody@example.org".to_owned()], ..Person::default() };
    assert!(matches!(
        subject::forget(app, &nobody, Options::default(), None).await.unwrap(),
        Erasure::Nothing { stays: 0, before: None }
    ));
    let mut view = app.store.view().await.unwrap();
    assert_eq!(view.subjects().receipts(5).await.unwrap().len(), 1);
    drop(view);

    // what comes later is forgotten with a receipt of its own
    let mut unit = app.store.begin().await.unwrap();
    let mut late = rows::bare_registration();
    late.email = Some(EMAIL.to_owned());
    unit.registrations_mut().insert(&late).await.unwrap();
    unit.commit().await.unwrap();
    let Erasure::Done(second) = subject::forget(app, &person(), Options::default(), None).await.unwrap()
    else {
        panic!("there was something");
    };
    assert_ne!(second.receipt.id, receipt.receipt.id);
    assert_eq!(second.receipt.tables["register_registration"].deleted, 1);
}

async fn somebody_is_found_by_an_id_and_by_the_voter(app: &App) {
    two_people(app).await;
    let by_id = Person { ids: vec![uuid(1_010)], ..Person::default() };
    let names = found(app, &by_id).await;
    assert!(names.contains("register_registration") && names.contains("event_tracking_event"), "{names:?}");
    assert!(!names.contains("smsbot_number") && !names.contains("consent_entry"), "{names:?}");
    // the stranger is the same voter as far as the roll knows
    let mut unit = app.store.begin().await.unwrap();
    unit.voters_mut().link(ActionId(uuid(2_000)), Some(VoterId(uuid(1_015))), at(8)).await.unwrap();
    unit.commit().await.unwrap();
    let count = async |options: Options| {
        let mut view = app.store.view().await.unwrap();
        let found = subject::gather(app, view.as_mut(), &person(), options).await.unwrap();
        (found.of("register_registration").len(), found.of("action_action.voter_id").len())
    };
    assert_eq!(count(Options::default()).await, (1, 2));
    assert_eq!(count(Options { same_voter: true, ..Options::default() }).await, (2, 2));
    subject::forget(app, &person(), Options::default(), None).await.unwrap();
    let mut view = app.store.view().await.unwrap();
    assert_eq!(view.voters().of_action(ActionId(uuid(2_000))).await.unwrap(), None);
    assert!(view.registrations().by_id(RegistrationId(uuid(2_010))).await.unwrap().is_some());
}

fn keeping(days: u32) -> Settings {
    let kinds = Kind::ALL.into_iter().map(|kind| (kind, days));
    Settings { retention: RetentionSettings { days: kinds.collect() }, ..Settings::default() }
}

async fn what_is_old_goes_with_what_hangs_on_it(app: &App, clock: &FrozenClock) {
    two_people(app).await;
    let counts = retention::count(app).await.unwrap();
    assert_eq!(counts.values().sum::<u64>(), 0, "{counts:?}");
    clock.advance(chrono::TimeDelta::days(31));
    let counts = retention::count(app).await.unwrap();
    assert_eq!(counts[&Kind::Registrations], 2);
    assert_eq!(counts[&Kind::Recipients], 2);
    assert_eq!(counts[&Kind::MoverLeads], 2);
    assert_eq!(counts[&Kind::Voters], 0, "actions lead to them");
    let outcome = retention::run(app, None, |_| {}).await.unwrap();
    assert!(outcome.is_all);
    assert_eq!(outcome.deleted[&Kind::Registrations], 2);
    assert_eq!(outcome.deleted[&Kind::Voters], 2, "no action leads to them any more");
    let left = found(app, &person()).await;
    let expected = ["consent_entry", "smsbot_number"].map(str::to_owned);
    assert_eq!(left, BTreeSet::from(expected));
    assert_eq!(is_listed(app, "luk").await, 0);
    assert_eq!(retention::run(app, None, |_| {}).await.unwrap().deleted.len(), 0);
}

/// Both databases.
macro_rules! on_both {
    ($($case:ident, $settings:expr;)*) => {$(
        mod $case {
            #[tokio::test]
            async fn on_sqlite() {
                let (app, _folder) = super::sqlite($settings).await;
                super::$case(&app).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let (app, _database) = super::postgres($settings).await;
                super::$case(&app).await;
            }
        }
    )*};
}

on_both! {
    a_person_is_forgotten_and_nobody_else, turnout_core::settings::Settings::default();
    somebody_is_found_by_an_id_and_by_the_voter, turnout_core::settings::Settings::default();
}

#[tokio::test]
async fn old_records_go_from_sqlite() {
    let (mut app, _folder) = sqlite(keeping(30)).await;
    let clock = FrozenClock::at(at(1_000));
    app.clock = std::sync::Arc::new(clock.clone());
    what_is_old_goes_with_what_hangs_on_it(&app, &clock).await;
}

#[tokio::test]
async fn old_records_go_from_postgres() {
    let (mut app, _database) = postgres(keeping(30)).await;
    let clock = FrozenClock::at(at(1_000));
    app.clock = std::sync::Arc::new(clock.clone());
    what_is_old_goes_with_what_hangs_on_it(&app, &clock).await;
}

/// A new table is either searched for a person, or left out for a reason.
#[tokio::test]
async fn every_table_is_in_the_catalogue_or_left_out_for_a_reason() {
    let store = world::fresh().await;
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(store.path())).await.unwrap();
    let tables: Vec<String> = query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' \
         AND name NOT GLOB '_sqlx_*' ORDER BY name",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let left_out = |table: &str| LEFT_OUT.iter().any(|(name, why)| *name == table && !why.is_empty());
    let unknown: Vec<&String> =
        tables.iter().filter(|it| of_table(it).next().is_none() && !left_out(it)).collect();
    assert!(unknown.is_empty(), "in subject/catalogue.rs neither held nor left out: {unknown:?}");
    for name in HOLDINGS.iter().map(|it| it.table).chain(LEFT_OUT.iter().map(|(name, _)| *name)) {
        assert!(tables.iter().any(|table| table == name), "there is no table {name} any more");
    }
    // a table that is left out has no column that looks like a person's
    for (table, _) in LEFT_OUT {
        let columns: Vec<(String,)> =
            query_as("SELECT name FROM pragma_table_info($1)").bind(table).fetch_all(&pool).await.unwrap();
        let personal = ["first_name", "last_name", "date_of_birth", "phone_id", "state_voter_id"];
        let found: Vec<_> = columns.iter().filter(|(it,)| personal.contains(&it.as_str())).collect();
        assert!(found.is_empty(), "{table} is left out and has {found:?}");
    }
    // where rows stay, every column is cleared, hidden from nobody, or known to tell nothing
    for holding in HOLDINGS {
        let (Fate::Cleared(cleared) | Fate::Discarded(cleared)) = &holding.fate else { continue };
        let columns: Vec<(String,)> = query_as("SELECT name FROM pragma_table_info($1)")
            .bind(holding.table)
            .fetch_all(&pool)
            .await
            .unwrap();
        for (column, _) in *cleared {
            assert!(columns.iter().any(|(it,)| it == column), "{} has no {column}", holding.table);
        }
    }
}
