//! What the room of registrations promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, bare_registration, references, registration, uuid},
    ids::{ActionId, FileId, RegistrationId, SubscriberId},
    ports::store::Store,
    register::{Registration, Status},
};

/// A test for every case of the room of registrations.
#[macro_export]
macro_rules! registrations_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            registrations,
            [$($open)+],
            store::registrations,
            [
                every_field_of_a_registration_comes_back,
                a_registration_is_found_by_its_action_and_its_forms,
                a_registration_is_inserted_once_per_id_and_action,
                an_update_changes_everything_but_what_never_changes,
                a_registration_is_locked_as_it_is,
                nothing_survives_a_dropped_unit,
            ]
        );
    };
}

/// Nothing, an empty text and JSON of every kind included.
pub async fn every_field_of_a_registration_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for registration in [registration(), bare_registration()] {
        unit.registrations_mut().insert(&registration).await.expect("a registration");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [registration(), bare_registration()] {
        assert_eq!(view.registrations().by_id(put.id).await.expect("a read"), Some(put));
    }
    let unknown = RegistrationId(uuid(9));
    assert_eq!(view.registrations().by_id(unknown).await.expect("a read"), None);
}

/// By the voter's form as well as by the mail house's.
pub async fn a_registration_is_found_by_its_action_and_its_forms(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for registration in [registration(), bare_registration()] {
        unit.registrations_mut().insert(&registration).await.expect("a registration");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let registrations = view.registrations();
    let found = registrations.by_action(ActionId(uuid(1))).await.expect("a read");
    assert_eq!(found, Some(registration()));
    assert_eq!(registrations.by_action(ActionId(uuid(2))).await.expect("a read"), None);
    for number in [1, 2] {
        let found = registrations.by_file(FileId(uuid(number))).await.expect("a read");
        assert_eq!(found, Some(registration()), "{number}");
    }
    assert_eq!(registrations.by_file(FileId(uuid(3))).await.expect("a read"), None);
}

/// Whatever else is different. Any number may have no action.
pub async fn a_registration_is_inserted_once_per_id_and_action(store: &dyn Store) {
    let mut first = unit(store).await;
    references(first.as_mut()).await;
    first.registrations_mut().insert(&registration()).await.expect("a registration");
    for number in [700, 701] {
        let without = Registration { id: RegistrationId(uuid(number)), ..bare_registration() };
        first.registrations_mut().insert(&without).await.expect("one without an action");
    }
    commit(first).await;
    for twin in [
        Registration { id: RegistrationId(uuid(600)), ..registration() },
        Registration { id: registration().id, ..bare_registration() },
    ] {
        let mut unit = unit(store).await;
        assert!(is_conflict(&unit.registrations_mut().insert(&twin).await), "{}", twin.id);
    }
}

/// Id, action, subscriber and the moment of creation never change.
pub async fn an_update_changes_everything_but_what_never_changes(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let id = registration().id;
    unit.registrations_mut().lock(id).await.expect("a lock");
    let changed = Registration {
        id,
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(99),
        modified_at: at(98),
        status: Status::ReferOvr,
        ..bare_registration()
    };
    unit.registrations_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Registration {
        action: registration().action,
        subscriber: registration().subscriber,
        created_at: registration().created_at,
        ..changed
    };
    let mut view = view(store).await;
    assert_eq!(view.registrations().by_id(id).await.expect("a read"), Some(kept));
}

/// And is not there when it is not.
pub async fn a_registration_is_locked_as_it_is(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let locked = unit.registrations_mut().lock(registration().id).await.expect("a lock");
    assert_eq!(locked, Some(registration()));
    let nobody = unit.registrations_mut().lock(bare_registration().id).await.expect("a lock");
    assert_eq!(nobody, None);
}

/// Neither an insertion nor an update.
pub async fn nothing_survives_a_dropped_unit(store: &dyn Store) {
    let mut dropped = unit(store).await;
    dropped.registrations_mut().insert(&bare_registration()).await.expect("a registration");
    drop(dropped);
    let id = bare_registration().id;
    assert_eq!(view(store).await.registrations().by_id(id).await.expect("a read"), None);
    let mut kept = unit(store).await;
    kept.registrations_mut().insert(&bare_registration()).await.expect("the id is free");
    commit(kept).await;
    let mut dropped = unit(store).await;
    dropped.registrations_mut().lock(id).await.expect("a lock");
    let changed = Registration { status: Status::SentPdf, ..bare_registration() };
    dropped.registrations_mut().update(&changed).await.expect("an update");
    drop(dropped);
    let found = view(store).await.registrations().by_id(id).await.expect("a read");
    assert_eq!(found, Some(bare_registration()));
}
