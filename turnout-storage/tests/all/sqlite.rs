//! What is SQLite's own: one writer, snapshots, and units that end halfway.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use turnout_core::{
    action::{Action, Event, EventType},
    conformance::rows::job,
    ids::{ActionId, EventId, RegistrationId, SubscriberId},
    jobs::lanes::LANES,
    ports::{
        store::{Store, StoreError},
        wake::Wake,
    },
    register::Registration,
};
use turnout_storage::{
    in_process::LocalWake,
    sqlite::{SqliteOptions, SqliteStore, Synchronous},
};

use crate::world::{at, fresh, fresh_with, polled_at_most, uuid};

fn action(number: u128) -> Action {
    Action {
        id: ActionId(uuid(number)),
        visible_to_subscriber: true,
        last_voter_lookup: None,
        created_at: at(0),
        modified_at: at(0),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn units_that_read_and_then_write_never_find_the_file_busy() {
    let options = SqliteOptions::default().with_synchronous(Synchronous::Normal);
    let store = Arc::new(fresh_with(options.clone()).await);
    // two stores on one file, as two processes would be
    let second = Arc::new(SqliteStore::open(store.path(), options).await.unwrap());
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    unit.commit().await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_u128 {
        let (first, second) = (Arc::clone(&store), Arc::clone(&second));
        tasks.spawn(async move {
            let store: &SqliteStore = if task % 2 == 0 { &first } else { &second };
            for turn in 0..40_u128 {
                let mut unit = store.begin().await?;
                let before = unit.actions().events(ActionId(uuid(1))).await?.len();
                let event = Event {
                    id: EventId(uuid(1_000 + task * 40 + turn)),
                    action: ActionId(uuid(1)),
                    kind: EventType::Download,
                    created_at: at(0),
                };
                unit.actions_mut().record(&event).await?;
                assert_eq!(unit.actions().events(ActionId(uuid(1))).await?.len(), before + 1);
                unit.commit().await?;
            }
            Ok::<(), StoreError>(())
        });
    }
    let failed: Vec<_> = tasks.join_all().await.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let mut view = store.view().await.unwrap();
    assert_eq!(view.actions().events(ActionId(uuid(1))).await.unwrap().len(), 320);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_canceled_at_any_point_leaves_neither_rows_nor_locks() {
    let store = fresh_with(SqliteOptions::default().with_synchronous(Synchronous::Normal)).await;
    let (mut whole, mut canceled) = (0_u32, 0_u32);
    for turn in 0..300_u128 {
        let work = async {
            let mut unit = store.begin().await.unwrap();
            unit.actions_mut().insert(&action(2 * turn)).await.unwrap();
            unit.actions_mut().insert(&action(2 * turn + 1)).await.unwrap();
            unit.commit().await.unwrap();
        };
        // from too short for anything to long enough for everything
        let finished = polled_at_most(usize::try_from(turn).unwrap() % 30, work).await;
        *(if finished { &mut whole } else { &mut canceled }) += 1;
        let mut unit = tokio::time::timeout(Duration::from_secs(5), store.begin()).await.unwrap().unwrap();
        let first = unit.actions().by_id(ActionId(uuid(2 * turn))).await.unwrap().is_some();
        let second = unit.actions().by_id(ActionId(uuid(2 * turn + 1))).await.unwrap().is_some();
        assert_eq!(first, second, "half a unit, turn {turn}");
    }
    assert!(canceled > 0 && whole > 0, "{whole} whole, {canceled} canceled");
    // another store on the same file gets the writer as well: no lock is left
    let other = SqliteStore::open(store.path(), SqliteOptions::default()).await.unwrap();
    let mut unit = tokio::time::timeout(Duration::from_secs(5), other.begin()).await.unwrap().unwrap();
    unit.actions_mut().insert(&action(1_000_000)).await.unwrap();
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn a_view_is_one_snapshot_and_never_takes_or_awaits_the_writer() {
    let store = fresh().await;
    let before = store.writer_acquisitions();
    let mut view = store.view().await.unwrap();
    assert_eq!(store.writer_acquisitions(), before);
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    // the writer is taken: a view opens all the same
    let mut meanwhile = tokio::time::timeout(Duration::from_secs(5), store.view()).await.unwrap().unwrap();
    assert!(meanwhile.actions().by_id(ActionId(uuid(1))).await.unwrap().is_none());
    unit.commit().await.unwrap();
    assert_eq!(store.writer_acquisitions(), before + 1);
    assert!(view.actions().by_id(ActionId(uuid(1))).await.unwrap().is_none());
    assert!(store.view().await.unwrap().actions().by_id(ActionId(uuid(1))).await.unwrap().is_some());
}

#[tokio::test]
async fn workers_are_woken_after_a_commit_that_enqueued_a_due_job_and_only_then() {
    let wake = Arc::new(LocalWake::new());
    let store = fresh_with(SqliteOptions::default().with_wake(wake.clone())).await;
    let woken = async || tokio::time::timeout(Duration::from_millis(50), wake.wait()).await.is_ok();
    let mut unit = store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&job(1, 60)).await.unwrap();
    unit.commit().await.unwrap();
    assert!(!woken().await, "not due yet");
    let mut unit = store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&job(2, 0)).await.unwrap();
    drop(unit);
    assert!(!woken().await, "rolled back");
    let mut unit = store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&job(3, 0)).await.unwrap();
    assert!(!woken().await, "not committed yet");
    unit.commit().await.unwrap();
    assert!(woken().await);
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_named_by_table_and_column_without_the_value() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    unit.commit().await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.path());
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("UPDATE action_action SET created_at = 'Rosa'").execute(&pool).await.unwrap();
    let error = store.view().await.unwrap().actions().by_id(ActionId(uuid(1))).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Corrupt { table: "action_action", column: "created_at", .. }),
        "{error:?}"
    );
    assert!(!format!("{error:?} {error}").contains("Rosa"));
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
    // and the writer is free again
    store.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn what_was_committed_is_there_after_the_store_is_opened_again() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&job(1, 0)).await.unwrap();
    unit.commit().await.unwrap();
    store.close().await;
    assert!(matches!(store.begin().await.err(), Some(StoreError::Unavailable(_))));
    let again = SqliteStore::open(store.path(), SqliteOptions::default()).await.unwrap();
    let mut unit = again.begin().await.unwrap();
    let claimed = unit.jobs_mut().claim(at(0), TimeDelta::minutes(1), 10, LANES).await.unwrap();
    assert_eq!(claimed.len(), 1);
}
