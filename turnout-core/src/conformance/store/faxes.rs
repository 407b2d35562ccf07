//! What the room of faxes promises.

use uuid::Uuid;

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, fax, references, uuid},
    fax::{Fax, FaxStatus},
    ids::{FaxId, FileId},
    ports::store::Store,
};

/// A test for every case of the room of faxes.
#[macro_export]
macro_rules! faxes_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            faxes,
            [$($open)+],
            store::faxes,
            [
                every_field_of_a_fax_comes_back,
                a_fax_is_inserted_once,
                an_update_of_a_fax_changes_what_was_reported_alone,
            ]
        );
    };
}

fn bare() -> Fax {
    Fax {
        id: FaxId(uuid(2)),
        to: None,
        status: FaxStatus::Pending,
        status_message: None,
        status_at: None,
        then: None,
        ..fax(1)
    }
}

/// Nothing included.
pub async fn every_field_of_a_fax_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for fax in [fax(1), bare()] {
        unit.faxes_mut().insert(&fax).await.expect("a fax");
        assert_eq!(unit.faxes_mut().lock(fax.id).await.expect("a lock"), Some(fax));
    }
    assert_eq!(unit.faxes_mut().lock(FaxId(uuid(9))).await.expect("a lock"), None);
    commit(unit).await;
    let mut view = view(store).await;
    for put in [fax(1), bare()] {
        assert_eq!(view.faxes().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.faxes().by_id(FaxId(uuid(9))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn a_fax_is_inserted_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.faxes_mut().insert(&fax(1)).await.expect("a fax");
    assert!(is_conflict(&unit.faxes_mut().insert(&fax(1)).await));
}

/// The document, the number, the token and what follows stay.
pub async fn an_update_of_a_fax_changes_what_was_reported_alone(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.faxes_mut().insert(&fax(1)).await.expect("a fax");
    let reported = Fax {
        token: Uuid::nil(),
        file: FileId(uuid(2)),
        to: None,
        status: FaxStatus::Sent,
        status_message: None,
        status_at: Some(at(40)),
        then: None,
        created_at: at(41),
        modified_at: at(42),
        ..fax(1)
    };
    unit.faxes_mut().lock(reported.id).await.expect("a lock");
    unit.faxes_mut().update(&reported).await.expect("an update");
    commit(unit).await;
    let kept = Fax {
        status: FaxStatus::Sent,
        status_message: None,
        status_at: Some(at(40)),
        modified_at: at(42),
        ..fax(1)
    };
    assert_eq!(view(store).await.faxes().by_id(kept.id).await.expect("a read"), Some(kept));
}
