//! What the room of reminders promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{bare_reminder, references, uuid, whole_reminder},
    ids::{ActionId, ReminderId},
    ports::store::Store,
    reminder::ReminderRequest,
};

/// A test for every case of the room of reminders.
#[macro_export]
macro_rules! reminders_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            reminders,
            [$($open)+],
            store::reminders,
            [
                every_field_of_a_request_comes_back,
                a_request_is_found_by_its_action,
                a_request_is_inserted_once_per_id_and_action,
            ]
        );
    };
}

/// Nothing and an empty text included.
pub async fn every_field_of_a_request_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_reminder(), bare_reminder()] {
        unit.reminders_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [whole_reminder(), bare_reminder()] {
        assert_eq!(view.reminders().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.reminders().by_id(ReminderId(uuid(9))).await.expect("a read"), None);
}

/// And by no other's.
pub async fn a_request_is_found_by_its_action(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_reminder(), bare_reminder()] {
        unit.reminders_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let found = view.reminders().by_action(ActionId(uuid(1))).await.expect("a read");
    assert_eq!(found, Some(whole_reminder()));
    assert_eq!(view.reminders().by_action(ActionId(uuid(2))).await.expect("a read"), None);
}

/// Whatever else is different. Any number may have no action.
pub async fn a_request_is_inserted_once_per_id_and_action(store: &dyn Store) {
    let mut first = unit(store).await;
    references(first.as_mut()).await;
    first.reminders_mut().insert(&whole_reminder()).await.expect("it is inserted");
    for number in [700, 701] {
        let without = ReminderRequest { id: ReminderId(uuid(number)), ..bare_reminder() };
        first.reminders_mut().insert(&without).await.expect("one without an action");
    }
    commit(first).await;
    for twin in [
        ReminderRequest { id: ReminderId(uuid(600)), ..whole_reminder() },
        ReminderRequest { id: whole_reminder().id, ..bare_reminder() },
    ] {
        let mut unit = unit(store).await;
        assert!(is_conflict(&unit.reminders_mut().insert(&twin).await), "{}", twin.id);
    }
}
