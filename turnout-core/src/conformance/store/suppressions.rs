//! What the room of addresses that are not mailed promises.

use uuid::Uuid;

use super::{commit, unit, view};
use crate::{
    conformance::rows::{at, suppression},
    ports::store::Store,
    suppression::{AddressKey, Suppression, SuppressionReason, SuppressionSource},
};

/// A test for every case of the room of addresses that are not mailed.
#[macro_export]
macro_rules! suppressions_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            suppressions,
            [$($open)+],
            store::suppressions,
            [
                every_field_of_a_suppression_comes_back,
                an_address_has_a_row_for_each_reason,
                a_suppression_that_is_there_is_not_made_anew,
                an_update_of_a_suppression_changes_its_source_and_times_alone,
            ]
        );
    };
}

fn lifted() -> Suppression {
    let (reason, source) = (SuppressionReason::Complaint, SuppressionSource::Operator);
    Suppression { reason, source, lifted_at: Some(at(60)), ..suppression() }
}

/// Whether it was lifted or not.
pub async fn every_field_of_a_suppression_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    for put in [suppression(), lifted()] {
        assert_eq!(unit.suppressions_mut().lock(put.address, put.reason).await.expect("a lock"), None);
        assert_eq!(unit.suppressions_mut().lock_or_insert(&put).await.expect("a row"), put);
        assert_eq!(unit.suppressions_mut().lock(put.address, put.reason).await.expect("a lock"), Some(put));
    }
    commit(unit).await;
    let found = view(store).await.suppressions().of(suppression().address).await.expect("a read");
    assert_eq!(found, [suppression(), lifted()]);
}

/// By the names of the reasons; those of another address are not among them.
pub async fn an_address_has_a_row_for_each_reason(store: &dyn Store) {
    let mut unit = unit(store).await;
    let (one, other) = (suppression().address, AddressKey(Uuid::from_u128(2)));
    for address in [other, one] {
        for reason in SuppressionReason::ALL.iter().rev() {
            let put = Suppression { address, reason: *reason, ..suppression() };
            unit.suppressions_mut().lock_or_insert(&put).await.expect("a row");
        }
    }
    let found = unit.suppressions().of(one).await.expect("a read");
    assert!(found.iter().all(|row| row.address == one));
    let reasons: Vec<&str> = found.iter().map(|row| row.reason.wire()).collect();
    assert_eq!(reasons, ["bounce", "complaint", "unsubscribe"]);
    assert_eq!(unit.suppressions().of(AddressKey(Uuid::from_u128(3))).await.expect("a read"), []);
}

/// What is there is given back.
pub async fn a_suppression_that_is_there_is_not_made_anew(store: &dyn Store) {
    let mut first = unit(store).await;
    first.suppressions_mut().lock_or_insert(&suppression()).await.expect("a row");
    commit(first).await;
    let fresh = Suppression { since: at(90), created_at: at(91), ..suppression() };
    let mut second = unit(store).await;
    assert_eq!(second.suppressions_mut().lock_or_insert(&fresh).await.expect("a row"), suppression());
    commit(second).await;
    let found = view(store).await.suppressions().of(fresh.address).await.expect("a read");
    assert_eq!(found, [suppression()]);
}

/// When it was made stays.
pub async fn an_update_of_a_suppression_changes_its_source_and_times_alone(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.suppressions_mut().lock_or_insert(&suppression()).await.expect("a row");
    let changed = Suppression {
        source: SuppressionSource::Reader,
        since: at(70),
        lifted_at: Some(at(71)),
        created_at: at(72),
        modified_at: at(73),
        ..suppression()
    };
    unit.suppressions_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Suppression { created_at: suppression().created_at, ..changed };
    let found = view(store).await.suppressions().of(kept.address).await.expect("a read");
    assert_eq!(found, [kept]);
}
