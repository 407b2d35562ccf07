//! What the room of uploads promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, upload, uuid},
    file::{SecureUpload, UploadType},
    ids::UploadId,
    ports::store::Store,
};

/// A test for every case of the room of uploads.
#[macro_export]
macro_rules! uploads_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            uploads,
            [$($open)+],
            store::uploads,
            [
                every_field_of_an_upload_comes_back,
                an_upload_is_inserted_once,
                old_uploads_that_are_not_purged_are_listed_oldest_first,
                purged_uploads_with_a_key_are_listed_until_they_forget_it,
                an_update_changes_all_of_an_upload_but_id_and_creation,
            ]
        );
    };
}

/// Purged or not.
pub async fn every_field_of_an_upload_comes_back(store: &dyn Store) {
    let purged = SecureUpload { key: String::new(), purged: Some(at(8)), ..upload(2, 5) };
    let mut unit = unit(store).await;
    for upload in [&upload(1, 0), &purged] {
        unit.uploads_mut().insert(upload).await.expect("an upload");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [upload(1, 0), purged] {
        assert_eq!(view.uploads().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.uploads().by_id(UploadId(uuid(9))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn an_upload_is_inserted_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.uploads_mut().insert(&upload(1, 0)).await.expect("an upload");
    assert!(is_conflict(&unit.uploads_mut().insert(&upload(1, 9)).await));
}

/// Of the kinds asked for, made before a moment, so many at the most.
pub async fn old_uploads_that_are_not_purged_are_listed_oldest_first(store: &dyn Store) {
    let mut unit = unit(store).await;
    let purged = SecureUpload { purged: Some(at(9)), ..upload(3, 0) };
    for upload in [upload(1, 20), upload(2, 10), purged, upload(4, 15)] {
        unit.uploads_mut().insert(&upload).await.expect("an upload");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let all = UploadType::ALL;
    for (kinds, before, limit, found) in [
        (all, 21, 10, &[2, 4, 1][..]),
        (all, 21, 2, &[2, 4]),
        (all, 20, 10, &[2, 4]),
        (all, 10, 10, &[]),
        (&[], 21, 10, &[]),
    ] {
        let uploads = view.uploads().unpurged(kinds, at(before), limit).await.expect("a read");
        let numbers: Vec<u128> = uploads.iter().map(|upload| upload.id.0.as_u128()).collect();
        assert_eq!(numbers, found, "{kinds:?} before {before}, {limit}");
    }
}

/// They are the work that is left.
pub async fn purged_uploads_with_a_key_are_listed_until_they_forget_it(store: &dyn Store) {
    let mut first = unit(store).await;
    let purged = |number| SecureUpload { purged: Some(at(9)), ..upload(number, 0) };
    let forgotten = SecureUpload { key: String::new(), ..purged(3) };
    for upload in [purged(1), upload(2, 0), forgotten, purged(4)] {
        first.uploads_mut().insert(&upload).await.expect("an upload");
    }
    commit(first).await;
    let numbers = async |limit| {
        let mut view = view(store).await;
        let found = view.uploads().undeleted(limit).await.expect("a read");
        let mut numbers: Vec<u128> = found.iter().map(|upload| upload.id.0.as_u128()).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(numbers(10).await, [1, 4]);
    assert_eq!(numbers(1).await.len(), 1);
    let mut second = unit(store).await;
    let locked = second.uploads_mut().lock(UploadId(uuid(1))).await.expect("a lock").expect("it is there");
    second.uploads_mut().update(&SecureUpload { key: String::new(), ..locked }).await.expect("an update");
    commit(second).await;
    assert_eq!(numbers(10).await, [4]);
}

/// The moment of creation stays.
pub async fn an_update_changes_all_of_an_upload_but_id_and_creation(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.uploads_mut().insert(&upload(1, 20)).await.expect("an upload");
    let locked = unit.uploads_mut().lock(UploadId(uuid(1))).await.expect("a lock");
    assert_eq!(locked, Some(upload(1, 20)));
    assert_eq!(unit.uploads_mut().lock(UploadId(uuid(2))).await.expect("a lock"), None);
    let changed = SecureUpload {
        key: "another".into(),
        content_type: "image/jpeg".into(),
        purged: Some(at(8)),
        created_at: at(99),
        modified_at: at(98),
        ..upload(1, 20)
    };
    unit.uploads_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = SecureUpload { created_at: at(20), ..changed };
    assert_eq!(view(store).await.uploads().by_id(kept.id).await.expect("a read"), Some(kept));
}
