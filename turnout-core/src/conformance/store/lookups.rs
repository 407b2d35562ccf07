//! What the room of lookups promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{bare_lookup, references, uuid, whole_lookup},
    ids::{ActionId, LookupId},
    ports::store::Store,
    verifier::Lookup,
};

/// A test for every case of the room of lookups.
#[macro_export]
macro_rules! lookups_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            lookups,
            [$($open)+],
            store::lookups,
            [
                every_field_of_a_question_comes_back,
                a_question_is_found_by_its_action,
                a_question_is_inserted_once_per_id_and_action,
            ]
        );
    };
}

/// Nothing and an empty text included.
pub async fn every_field_of_a_question_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_lookup(), bare_lookup()] {
        unit.lookups_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [whole_lookup(), bare_lookup()] {
        assert_eq!(view.lookups().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.lookups().by_id(LookupId(uuid(9))).await.expect("a read"), None);
}

/// And by no other's.
pub async fn a_question_is_found_by_its_action(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_lookup(), bare_lookup()] {
        unit.lookups_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let found = view.lookups().by_action(ActionId(uuid(1))).await.expect("a read");
    assert_eq!(found, Some(whole_lookup()));
    assert_eq!(view.lookups().by_action(ActionId(uuid(2))).await.expect("a read"), None);
}

/// Whatever else is different. Any number may have no action.
pub async fn a_question_is_inserted_once_per_id_and_action(store: &dyn Store) {
    let mut first = unit(store).await;
    references(first.as_mut()).await;
    first.lookups_mut().insert(&whole_lookup()).await.expect("it is inserted");
    for number in [700, 701] {
        let without = Lookup { id: LookupId(uuid(number)), ..bare_lookup() };
        first.lookups_mut().insert(&without).await.expect("one without an action");
    }
    commit(first).await;
    for twin in [
        Lookup { id: LookupId(uuid(600)), ..whole_lookup() },
        Lookup { id: whole_lookup().id, ..bare_lookup() },
    ] {
        let mut unit = unit(store).await;
        assert!(is_conflict(&unit.lookups_mut().insert(&twin).await), "{}", twin.id);
    }
}
