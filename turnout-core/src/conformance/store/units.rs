//! What units and views promise, whatever the room.

use super::{commit, unit, view};
use crate::{
    action::EventType,
    conformance::{
        now_or_never,
        rows::{action, event, file, job, uuid},
        together,
    },
    file::FileType,
    ids::{ActionId, FileId, JobId},
    jobs::lanes::LANES,
    ports::store::Store,
};

/// A test for every case of units and views.
#[macro_export]
macro_rules! units_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            units,
            [$($open)+],
            store::units,
            [
                a_fresh_store_has_no_complaints,
                a_unit_sees_its_own_writes_and_a_view_does_not,
                a_commit_makes_all_rooms_last_together,
                a_dropped_unit_undoes_every_room,
                a_view_is_one_moment,
                the_store_goes_on_after_units_that_were_dropped_waiting,
                units_at_the_same_time_all_last,
            ]
        );
    };
}

/// It is migrated and answers.
pub async fn a_fresh_store_has_no_complaints(store: &dyn Store) {
    assert_eq!(store.complaints().await, Vec::<String>::new());
}

/// And the view does not wait for the unit.
pub async fn a_unit_sees_its_own_writes_and_a_view_does_not(store: &dyn Store) {
    let mut unit = unit(store).await;
    let id = ActionId(uuid(1));
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    assert_eq!(unit.actions().by_id(id).await.expect("a read"), Some(action(1)));
    assert_eq!(view(store).await.actions().by_id(id).await.expect("a read"), None);
    commit(unit).await;
    assert_eq!(view(store).await.actions().by_id(id).await.expect("a read"), Some(action(1)));
}

/// What was written in one room, and what follows from it in another.
pub async fn a_commit_makes_all_rooms_last_together(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    unit.actions_mut().record(&event(1, EventType::Start, 0)).await.expect("an event");
    unit.files_mut().insert(&file(1, FileType::RegForm, 0)).await.expect("a file");
    unit.jobs_mut().enqueue(&job(1, 0)).await.expect("a job");
    commit(unit).await;
    let mut view = view(store).await;
    assert!(view.actions().by_id(ActionId(uuid(1))).await.expect("a read").is_some());
    assert_eq!(view.actions().events(ActionId(uuid(1))).await.expect("a read").len(), 1);
    assert!(view.files().by_id(FileId(uuid(1))).await.expect("a read").is_some());
    assert!(view.jobs().by_id(JobId(uuid(1))).await.expect("a read").is_some());
}

/// Insertions, claims and deletions alike.
pub async fn a_dropped_unit_undoes_every_room(store: &dyn Store) {
    let mut first = unit(store).await;
    first.actions_mut().insert(&action(1)).await.expect("an action");
    first.jobs_mut().enqueue(&job(1, 0)).await.expect("a job");
    commit(first).await;
    let before = view(store).await.jobs().by_id(JobId(uuid(1))).await.expect("a read");
    let mut dropped = unit(store).await;
    dropped.actions_mut().record(&event(1, EventType::Start, 0)).await.expect("an event");
    dropped.files_mut().insert(&file(1, FileType::RegForm, 0)).await.expect("a file");
    let claimed = dropped.jobs_mut().claim(job(1, 5).due_at, chrono::TimeDelta::hours(1), 5, LANES).await;
    assert_eq!(claimed.expect("a claim").len(), 1);
    drop(dropped);
    let mut view = view(store).await;
    assert_eq!(view.actions().events(ActionId(uuid(1))).await.expect("a read"), []);
    assert_eq!(view.files().by_id(FileId(uuid(1))).await.expect("a read"), None);
    assert_eq!(view.jobs().by_id(JobId(uuid(1))).await.expect("a read"), before);
}

/// That of its first read: what is committed afterwards it does not see, in any room.
pub async fn a_view_is_one_moment(store: &dyn Store) {
    let mut view = view(store).await;
    assert_eq!(view.actions().by_id(ActionId(uuid(1))).await.expect("a read"), None);
    let mut unit = unit(store).await;
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    unit.files_mut().insert(&file(1, FileType::RegForm, 0)).await.expect("a file");
    commit(unit).await;
    assert_eq!(view.actions().by_id(ActionId(uuid(1))).await.expect("a read"), None);
    assert_eq!(view.files().by_id(FileId(uuid(1))).await.expect("a read"), None);
    let mut later = super::view(store).await;
    assert_eq!(later.actions().by_id(ActionId(uuid(1))).await.expect("a read"), Some(action(1)));
}

/// A caller that goes away while its unit has not begun leaves nothing locked.
pub async fn the_store_goes_on_after_units_that_were_dropped_waiting(store: &dyn Store) {
    let first = unit(store).await;
    for _ in 0..3 {
        // where several may write at once it begins, and is dropped then
        drop(now_or_never(store.begin()).await);
    }
    drop(first);
    let mut last = unit(store).await;
    last.actions_mut().insert(&action(1)).await.expect("an action");
    commit(last).await;
}

/// They wait for each other where they must.
pub async fn units_at_the_same_time_all_last(store: &dyn Store) {
    let write = |number: u128| async move {
        let mut unit = unit(store).await;
        unit.actions_mut().insert(&action(number)).await.expect("an action");
        unit.jobs_mut().enqueue(&job(number, 0)).await.expect("a job");
        commit(unit).await;
    };
    together((1..=20).map(|number| Box::pin(write(number)) as _).collect()).await;
    let mut view = view(store).await;
    for number in 1..=20 {
        assert!(view.actions().by_id(ActionId(uuid(number))).await.expect("a read").is_some(), "{number}");
    }
    assert_eq!(view.jobs().counts(job(1, 0).due_at).await.expect("a read").due, 20);
}
