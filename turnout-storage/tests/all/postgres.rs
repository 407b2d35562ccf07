//! What is PostgreSQL's own: many writers, connections that are lost, wake-ups between processes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, PgConnection, raw_sql};
use tokio::time::timeout;
use turnout_core::{
    conformance::rows::{action, job, references, registration, uuid},
    ids::{ActionId, RegistrationId, SubscriberId},
    ports::{
        store::{Store, StoreError},
        wake::Wake as _,
    },
    register::Registration,
};
use turnout_storage::{
    error::OpenError,
    in_process::LocalWake,
    postgres::{PgOptions, PgStore},
};

use crate::{
    postgres_server::{Database, Fresh, fresh, fresh_with},
    world::{at, polled_at_most},
};

/// How long anything here may take that is not meant to take long.
const PATIENCE: Duration = Duration::from_secs(10);

/// A new database with a registration in it.
async fn with_registration() -> Fresh {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    references(unit.as_mut()).await;
    unit.registrations_mut().insert(&registration()).await.unwrap();
    unit.commit().await.unwrap();
    store
}

async fn insert_action(store: &dyn Store, number: u128) -> Result<(), StoreError> {
    let mut unit = store.begin().await?;
    unit.actions_mut().insert(&action(number)).await?;
    unit.commit().await
}

async fn has_action(store: &dyn Store, number: u128) -> bool {
    let mut view = store.view().await.unwrap();
    view.actions().by_id(ActionId(uuid(number))).await.unwrap().is_some()
}

async fn run(connection: &mut PgConnection, statement: &str) {
    raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await.unwrap();
}

/// Cuts every connection to the database but this one, and waits until they are gone. How many there were.
async fn cut(connection: &mut PgConnection) -> usize {
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let cut = format!("SELECT pg_terminate_backend(pid, 5000) {others}");
    let cut: Vec<bool> = sqlx::query_scalar(AssertSqlSafe(cut)).fetch_all(connection).await.unwrap();
    assert!(cut.iter().all(|gone| *gone), "{cut:?}");
    cut.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_canceled_at_any_point_leaves_neither_rows_nor_locks() {
    let store = fresh_with(PgOptions::default().with_connections(2)).await;
    let (mut whole, mut canceled) = (0, 0);
    for turn in 0..100_u128 {
        let work = async {
            let mut unit = store.begin().await.unwrap();
            unit.actions_mut().insert(&action(2 * turn)).await.unwrap();
            unit.actions_mut().insert(&action(2 * turn + 1)).await.unwrap();
            unit.commit().await.unwrap();
        };
        let finished = polled_at_most(usize::try_from(turn).unwrap() % 20, work).await;
        *(if finished { &mut whole } else { &mut canceled }) += 1;
        let (first, second) = (has_action(&*store, 2 * turn).await, has_action(&*store, 2 * turn + 1).await);
        assert_eq!(first, second, "half a unit, turn {turn}");
        assert!(second || !finished, "a unit that ended is not there, turn {turn}");
        // what a canceled unit held is free
        let again = async {
            let mut unit = store.begin().await.unwrap();
            if !second {
                unit.actions_mut().insert(&action(2 * turn)).await.unwrap();
            }
        };
        timeout(PATIENCE, again).await.unwrap();
    }
    assert!(canceled > 0 && whole > 0, "{whole} whole, {canceled} canceled");
}

#[tokio::test]
async fn a_view_never_waits_for_a_unit_and_a_unit_only_for_its_own_rows() {
    let store = with_registration().await;
    let id = registration().id;
    let mut holder = store.begin().await.unwrap();
    assert!(holder.registrations_mut().lock(id).await.unwrap().is_some());
    let others = async {
        let mut view = store.view().await.unwrap();
        assert!(view.registrations().by_id(id).await.unwrap().is_some());
        drop(view);
        insert_action(&*store, 900).await.unwrap();
        // what points to the row does not change it
        let mut unit = store.begin().await.unwrap();
        let event = turnout_core::conformance::rows::event(1, turnout_core::action::EventType::Start, 0);
        unit.actions_mut().record(&event).await.unwrap();
        unit.commit().await.unwrap();
    };
    timeout(PATIENCE, others).await.unwrap();
    let mut second = store.begin().await.unwrap();
    let waits = timeout(Duration::from_millis(200), second.registrations_mut().lock(id)).await;
    assert!(waits.is_err(), "the row is held");
    drop(holder);
}

#[tokio::test]
async fn who_waits_too_long_for_a_row_is_told_to_come_again() {
    for pooled in ["false", "true"] {
        let database = Database::migrated().await;
        let options = PgOptions::default().with_lock_timeout(Duration::from_millis(100));
        let store = PgStore::open(&database.url_with(&[("pgbouncer", pooled)]), options).unwrap();
        let mut unit = store.begin().await.unwrap();
        references(unit.as_mut()).await;
        unit.registrations_mut().insert(&registration()).await.unwrap();
        unit.commit().await.unwrap();
        let mut holder = store.begin().await.unwrap();
        holder.registrations_mut().lock(registration().id).await.unwrap();
        let mut second = store.begin().await.unwrap();
        let error = second.registrations_mut().lock(registration().id).await.unwrap_err();
        assert!(error.is_transient(), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_units_in_each_others_way_one_goes_on_and_one_is_told_to_come_again() {
    let store = Arc::new(fresh().await);
    for number in [1, 2] {
        let mut unit = store.begin().await.unwrap();
        let file = turnout_core::conformance::rows::file(number, turnout_core::file::FileType::RegForm, 0);
        unit.files_mut().insert(&file).await.unwrap();
        unit.commit().await.unwrap();
    }
    let both = Arc::new(tokio::sync::Barrier::new(2));
    let mut tasks = tokio::task::JoinSet::new();
    for [first, second] in [[1, 2], [2, 1]] {
        let (store, both) = (Arc::clone(&store), Arc::clone(&both));
        tasks.spawn(async move {
            let mut unit = store.begin().await.unwrap();
            unit.files_mut().lock(turnout_core::ids::FileId(uuid(first))).await.unwrap();
            both.wait().await;
            unit.files_mut().lock(turnout_core::ids::FileId(uuid(second))).await.map(drop)
        });
    }
    let outcomes = timeout(PATIENCE, tasks.join_all()).await.unwrap();
    let failed: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(matches!(failed.as_slice(), [error] if error.is_transient()), "{failed:?}");
}

#[tokio::test]
async fn a_store_whose_connections_were_all_cut_goes_on_with_new_ones() {
    let store = fresh_with(PgOptions::default().with_connections(3)).await;
    let mut outside = store.database.connect().await;
    // three connections that rest in the pool
    let open = [store.begin().await.unwrap(), store.begin().await.unwrap(), store.begin().await.unwrap()];
    for unit in open {
        unit.commit().await.unwrap();
    }
    assert_eq!(cut(&mut outside).await, 3);
    insert_action(&*store, 1).await.unwrap();
    assert!(has_action(&*store, 1).await);
    assert_eq!(store.complaints().await, [""; 0]);
}

#[tokio::test]
async fn a_unit_whose_connection_is_cut_is_undone_and_worth_another_try() {
    let store = fresh().await;
    let mut outside = store.database.connect().await;
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    assert!(cut(&mut outside).await > 0);
    let error = unit.actions_mut().insert(&action(2)).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert!(unit.commit().await.is_err());
    assert!(!has_action(&*store, 1).await);
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(3)).await.unwrap();
    assert!(cut(&mut outside).await > 0);
    let error = unit.commit().await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert!(!has_action(&*store, 3).await);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_unavailable_in_time() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let options = PgOptions::default().with_patience(Duration::from_millis(300));
    let store = PgStore::open(&format!("postgres://turnout:hush@127.0.0.1:{port}/turnout"), options).unwrap();
    let begun = Instant::now();
    for error in [store.begin().await.err().unwrap(), store.view().await.err().unwrap()] {
        assert!(error.is_transient(), "{error:?}");
    }
    assert_eq!(store.complaints().await, ["database unavailable"]);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    let error = store.migrate(|_| {}).await.unwrap_err();
    assert!(matches!(&error, OpenError::Reach { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hush"));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_being_repeated() {
    for url in [
        "mysql://a:hush@b/c",
        "postgres:hush",
        "postgres://a:hush@b:port/c",
        "postgres://b/hush?sslmode=never",
    ] {
        let error = PgStore::open(url, PgOptions::default()).err().unwrap();
        assert!(matches!(error, OpenError::Address), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}

/// Whether somebody is woken soon.
async fn is_woken(wake: &LocalWake) -> bool {
    timeout(Duration::from_millis(500), wake.wait()).await.is_ok()
}

#[tokio::test]
async fn workers_of_other_processes_are_woken_after_a_commit_that_enqueued_a_due_job_and_only_then() {
    let wake = Arc::new(LocalWake::new());
    let store = fresh().await;
    let other = store.database.open(PgOptions::default().with_wake(wake.clone()));
    let listening = async {
        assert!(is_woken(&wake).await, "it begins to listen, and somebody may have called before");
        let mut unit = store.begin().await.unwrap();
        unit.jobs_mut().enqueue(&job(1, 60)).await.unwrap();
        unit.commit().await.unwrap();
        assert!(!is_woken(&wake).await, "not due yet");
        let mut unit = store.begin().await.unwrap();
        unit.jobs_mut().enqueue(&job(2, 0)).await.unwrap();
        drop(unit);
        assert!(!is_woken(&wake).await, "rolled back");
        let mut unit = store.begin().await.unwrap();
        unit.jobs_mut().enqueue(&job(3, 0)).await.unwrap();
        assert!(!is_woken(&wake).await, "not committed yet");
        let begun = Instant::now();
        unit.commit().await.unwrap();
        assert!(is_woken(&wake).await);
        assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
        assert!(!is_woken(&wake).await, "once");
    };
    tokio::select! {
        () = listening => {}
        never = other.listen() => match never {},
    }
}

#[tokio::test]
async fn who_listens_goes_on_when_the_connection_was_cut() {
    let wake = Arc::new(LocalWake::new());
    let store = fresh().await;
    let other = store.database.open(PgOptions::default().with_wake(wake.clone()));
    let mut outside = store.database.connect().await;
    let listening = async {
        assert!(is_woken(&wake).await);
        for number in 1..=3 {
            assert!(cut(&mut outside).await > 0);
            // what was called out meanwhile is made up for
            timeout(PATIENCE, wake.wait()).await.unwrap();
            let mut unit = store.begin().await.unwrap();
            unit.jobs_mut().enqueue(&job(number, 0)).await.unwrap();
            unit.commit().await.unwrap();
            assert!(is_woken(&wake).await, "{number}");
        }
    };
    tokio::select! {
        () = listening => {}
        never = other.listen() => match never {},
    }
}

#[tokio::test]
async fn a_process_wakes_its_own_workers_without_listening() {
    let wake = Arc::new(LocalWake::new());
    let store = fresh_with(PgOptions::default().with_wake(wake.clone())).await;
    let mut unit = store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&job(1, 0)).await.unwrap();
    unit.commit().await.unwrap();
    assert!(is_woken(&wake).await);
}

#[tokio::test]
async fn behind_a_pooler_rows_are_kept_and_migrations_refused() {
    let database = Database::migrated().await;
    let options = PgOptions::default().with_connections(1);
    let store = PgStore::open(&database.url_with(&[("pgbouncer", "true")]), options).unwrap();
    assert!(!store.hears_others());
    assert_eq!(store.complaints().await, [""; 0]);
    for number in 1..=3 {
        insert_action(&store, number).await.unwrap();
        let mut unit = store.begin().await.unwrap();
        unit.jobs_mut().enqueue(&job(number, 0)).await.unwrap();
        unit.commit().await.unwrap();
    }
    assert!(has_action(&store, 2).await);
    assert!(matches!(store.migrate(|_| {}).await, Err(OpenError::Pooled)));
}

#[tokio::test]
async fn reports_are_read_where_they_are_to_be_read() {
    let replica = fresh().await;
    insert_action(&*replica, 7).await.unwrap();
    let store = fresh_with(PgOptions::default().with_reports(&replica.database.url())).await;
    assert!(!has_action(&*store, 7).await);
    let mut reports = store.report_view().await.unwrap();
    assert!(reports.actions().by_id(ActionId(uuid(7))).await.unwrap().is_some());
    drop(reports);
    // and at home where no other place is named
    let mut reports = replica.report_view().await.unwrap();
    assert!(reports.actions().by_id(ActionId(uuid(7))).await.unwrap().is_some());
}

#[tokio::test]
async fn connections_are_encrypted_and_the_server_is_known_by_its_certificate() {
    #[expect(clippy::disallowed_methods, reason = "where scripts/servers.sh puts it")]
    let authority = std::env::var("TURNOUT_TEST_POSTGRES_CA").unwrap();
    let database = Database::migrated().await;
    let known = database.url_with(&[("sslmode", "verify-full"), ("sslrootcert", &authority)]);
    let store = PgStore::open(&known, PgOptions::default().with_application_name("encrypted")).unwrap();
    insert_action(&store, 1).await.unwrap();
    let mut outside = database.connect().await;
    let encrypted: Vec<bool> = sqlx::query_scalar(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'encrypted'",
    )
    .fetch_all(&mut outside)
    .await
    .unwrap();
    assert_eq!(encrypted, [true]);
    // signed by nobody whom the world knows
    let unknown = database.url_with(&[("sslmode", "verify-full")]);
    let store = PgStore::open(&unknown, PgOptions::default()).unwrap();
    assert!(store.begin().await.is_err());
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_named_by_table_and_column_without_the_value() {
    let store = with_registration().await;
    let mut outside = store.database.connect().await;
    run(&mut outside, "UPDATE register_registration SET status = 'Rosa'").await;
    let mut view = store.view().await.unwrap();
    let error = view.registrations().by_id(registration().id).await.unwrap_err();
    let named = matches!(error, StoreError::Corrupt { table: "register_registration", column: "status", .. });
    assert!(named, "{error:?}");
    assert!(!format!("{error:?} {error}").contains("Rosa"));
}

#[tokio::test]
async fn a_moment_or_a_day_that_never_ends_cannot_be_read() {
    let store = with_registration().await;
    let mut outside = store.database.connect().await;
    for endless in ["infinity", "-infinity"] {
        run(&mut outside, &format!("UPDATE action_action SET created_at = '{endless}'")).await;
        run(&mut outside, &format!("UPDATE register_registration SET date_of_birth = '{endless}'")).await;
        let mut view = store.view().await.unwrap();
        let error = view.actions().by_id(ActionId(uuid(1))).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { column: "created_at", .. }), "{error:?}");
        let mut view = store.view().await.unwrap();
        let error = view.registrations().by_id(registration().id).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { column: "date_of_birth", .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_registration_of_an_unknown_subscriber_does_not_last() {
    let store = fresh().await;
    let orphan =
        Registration::new(RegistrationId(uuid(2)), ActionId(uuid(1)), Some(SubscriberId(uuid(9))), at(0));
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    // what it points to may follow later in the unit
    unit.registrations_mut().insert(&orphan).await.unwrap();
    assert!(unit.commit().await.is_err());
    assert_eq!(store.view().await.unwrap().registrations().by_id(orphan.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_closed_store_is_unavailable_and_what_it_committed_is_there() {
    let store = fresh().await;
    insert_action(&*store, 1).await.unwrap();
    store.close().await;
    assert!(matches!(store.begin().await.err(), Some(StoreError::Unavailable(_))));
    assert!(has_action(&store.database.open(PgOptions::default()), 1).await);
}
