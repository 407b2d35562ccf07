//! What the room of files' rows promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::{
        rows::{at, file, uuid},
        together,
    },
    file::{FileType, StoredFile},
    ids::FileId,
    ports::store::Store,
};

/// A test for every case of the room of files' rows.
#[macro_export]
macro_rules! files_rows_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            files_rows,
            [$($open)+],
            store::files,
            [
                every_field_of_a_file_comes_back,
                a_file_is_inserted_once,
                old_files_that_are_not_purged_are_listed_oldest_first,
                purged_files_with_a_key_are_listed_until_they_forget_it,
                an_update_changes_all_of_a_file_but_id_and_creation,
                changes_of_units_at_the_same_time_are_not_lost,
            ]
        );
    };
}

/// A test for every case of the previews of files, which a store need not have.
#[macro_export]
macro_rules! previews_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            previews,
            [$($open)+],
            store::files,
            [the_preview_of_a_file_is_the_newest_that_is_there,]
        );
    };
}

/// Claimed or not, purged or not.
pub async fn every_field_of_a_file_comes_back(store: &dyn Store) {
    let bare = StoredFile {
        email: None,
        imported_token_hash: None,
        first_download: None,
        purged: Some(at(8)),
        claimed: false,
        ..file(2, FileType::Report, 5)
    };
    let mut unit = unit(store).await;
    for file in [&file(1, FileType::RegForm, 0), &bare] {
        unit.files_mut().insert(file).await.expect("a file");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [file(1, FileType::RegForm, 0), bare] {
        assert_eq!(view.files().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.files().by_id(FileId(uuid(9))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn a_file_is_inserted_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.files_mut().insert(&file(1, FileType::RegForm, 0)).await.expect("a file");
    assert!(is_conflict(&unit.files_mut().insert(&file(1, FileType::AbsForm, 9)).await));
}

/// Of the kinds asked for, made before a moment, so many at the most; claimed or not.
pub async fn old_files_that_are_not_purged_are_listed_oldest_first(store: &dyn Store) {
    let mut unit = unit(store).await;
    for file in [
        file(1, FileType::RegForm, 20),
        StoredFile { claimed: false, ..file(2, FileType::AbsForm, 10) },
        file(3, FileType::Report, 10),
        StoredFile { purged: Some(at(9)), ..file(4, FileType::RegForm, 0) },
        file(5, FileType::RegForm, 15),
    ] {
        unit.files_mut().insert(&file).await.expect("a file");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let forms = &[FileType::RegForm, FileType::AbsForm][..];
    for (kinds, before, limit, found) in [
        (forms, 21, 10, &[2, 5, 1][..]),
        (forms, 21, 2, &[2, 5]),
        (forms, 20, 10, &[2, 5]),
        (&[FileType::Report], 21, 10, &[3]),
        (&[], 21, 10, &[]),
        (forms, 10, 10, &[]),
    ] {
        let files = view.files().unpurged(kinds, at(before), limit).await.expect("a read");
        let numbers: Vec<u128> = files.iter().map(|file| file.id.0.as_u128()).collect();
        assert_eq!(numbers, found, "{kinds:?} before {before}, {limit}");
    }
}

/// Claimed or not: they are the work that is left.
pub async fn purged_files_with_a_key_are_listed_until_they_forget_it(store: &dyn Store) {
    let mut first = unit(store).await;
    let purged = |number| StoredFile { purged: Some(at(9)), ..file(number, FileType::RegForm, 0) };
    let forgotten = StoredFile { key: String::new(), ..purged(3) };
    let unclaimed = StoredFile { claimed: false, ..purged(4) };
    let unpurged = StoredFile { purged: None, ..file(2, FileType::RegForm, 0) };
    for file in [purged(1), unpurged, forgotten, unclaimed] {
        first.files_mut().insert(&file).await.expect("a file");
    }
    commit(first).await;
    let numbers = async |limit| {
        let mut view = view(store).await;
        let found = view.files().undeleted(limit).await.expect("a read");
        let mut numbers: Vec<u128> = found.iter().map(|file| file.id.0.as_u128()).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(numbers(10).await, [1, 4]);
    assert_eq!(numbers(1).await.len(), 1);
    let mut second = unit(store).await;
    let locked = second.files_mut().lock(FileId(uuid(1))).await.expect("a lock").expect("it is there");
    second.files_mut().update(&StoredFile { key: String::new(), ..locked }).await.expect("an update");
    commit(second).await;
    assert_eq!(numbers(10).await, [4]);
}

/// The moment of creation stays.
pub async fn an_update_changes_all_of_a_file_but_id_and_creation(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.files_mut().insert(&file(1, FileType::RegForm, 20)).await.expect("a file");
    let locked = unit.files_mut().lock(FileId(uuid(1))).await.expect("a lock");
    assert_eq!(locked, Some(file(1, FileType::RegForm, 20)));
    assert_eq!(unit.files_mut().lock(FileId(uuid(2))).await.expect("a lock"), None);
    let changed = StoredFile {
        kind: FileType::BlankRegForms,
        key: "key".into(),
        name: "name".into(),
        email: None,
        generation: 4,
        imported_token_hash: None,
        expires: at(7),
        first_download: None,
        purged: Some(at(8)),
        claimed: false,
        created_at: at(99),
        modified_at: at(98),
        ..file(1, FileType::RegForm, 20)
    };
    unit.files_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = StoredFile { created_at: at(20), ..changed };
    assert_eq!(view(store).await.files().by_id(kept.id).await.expect("a read"), Some(kept));
}

/// A lock holds until the unit ends: of ten that each count one up, none is lost.
pub async fn changes_of_units_at_the_same_time_are_not_lost(store: &dyn Store) {
    let mut first = unit(store).await;
    first.files_mut().insert(&file(1, FileType::RegForm, 0)).await.expect("a file");
    commit(first).await;
    let count_up = || async {
        let mut unit = unit(store).await;
        let locked = unit.files_mut().lock(FileId(uuid(1))).await.expect("a lock");
        let file = locked.expect("the file is there");
        let file = StoredFile { generation: file.generation + 1, ..file };
        unit.files_mut().update(&file).await.expect("an update");
        commit(unit).await;
    };
    together((0..10).map(|_| Box::pin(count_up()) as _).collect()).await;
    let found = view(store).await.files().by_id(FileId(uuid(1))).await.expect("a read");
    assert_eq!(found.map(|file| file.generation), Some(3 + 10));
}

/// Neither one that nobody claimed nor one that was purged.
pub async fn the_preview_of_a_file_is_the_newest_that_is_there(store: &dyn Store) {
    let mut unit = unit(store).await;
    let others = [
        file(2, FileType::AbsForm, 10),
        file(3, FileType::AbsForm, 20),
        StoredFile { claimed: false, ..file(4, FileType::AbsForm, 30) },
        StoredFile { purged: Some(at(60)), ..file(5, FileType::AbsForm, 40) },
        file(6, FileType::AbsForm, 50),
    ];
    unit.files_mut().insert(&file(1, FileType::AbsForm, 0)).await.expect("a file");
    for other in &others {
        unit.files_mut().insert(other).await.expect("a file");
    }
    for number in [2, 3, 4, 5] {
        unit.files_mut().set_preview(FileId(uuid(number)), FileId(uuid(1))).await.expect("a preview");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.files().preview_of(FileId(uuid(1))).await.expect("a read"), Some(others[1].clone()));
    assert_eq!(view.files().preview_of(FileId(uuid(6))).await.expect("a read"), None);
}
