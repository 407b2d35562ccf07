//! What the room of polling places promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{bare_polling_place, references, uuid, whole_polling_place},
    ids::{ActionId, PollingPlaceLookupId},
    polling_place::PollingPlaceLookup,
    ports::store::Store,
};

/// A test for every case of the room of polling places.
#[macro_export]
macro_rules! polling_places_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            polling_places,
            [$($open)+],
            store::polling_places,
            [
                every_field_of_a_report_comes_back,
                a_report_is_found_by_its_action,
                a_report_is_inserted_once_per_id_and_action,
            ]
        );
    };
}

/// Nothing and an empty text included.
pub async fn every_field_of_a_report_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_polling_place(), bare_polling_place()] {
        unit.polling_places_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [whole_polling_place(), bare_polling_place()] {
        assert_eq!(view.polling_places().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.polling_places().by_id(PollingPlaceLookupId(uuid(9))).await.expect("a read"), None);
}

/// And by no other's.
pub async fn a_report_is_found_by_its_action(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_polling_place(), bare_polling_place()] {
        unit.polling_places_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let found = view.polling_places().by_action(ActionId(uuid(1))).await.expect("a read");
    assert_eq!(found, Some(whole_polling_place()));
    assert_eq!(view.polling_places().by_action(ActionId(uuid(2))).await.expect("a read"), None);
}

/// Whatever else is different. Any number may have no action.
pub async fn a_report_is_inserted_once_per_id_and_action(store: &dyn Store) {
    let mut first = unit(store).await;
    references(first.as_mut()).await;
    first.polling_places_mut().insert(&whole_polling_place()).await.expect("it is inserted");
    for number in [700, 701] {
        let without = PollingPlaceLookup { id: PollingPlaceLookupId(uuid(number)), ..bare_polling_place() };
        first.polling_places_mut().insert(&without).await.expect("one without an action");
    }
    commit(first).await;
    for twin in [
        PollingPlaceLookup { id: PollingPlaceLookupId(uuid(600)), ..whole_polling_place() },
        PollingPlaceLookup { id: whole_polling_place().id, ..bare_polling_place() },
    ] {
        let mut unit = unit(store).await;
        assert!(is_conflict(&unit.polling_places_mut().insert(&twin).await), "{}", twin.id);
    }
}
