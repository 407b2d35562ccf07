//! What the log of who did what promises.

use chrono::{DateTime, Utc};

use super::{commit, is_conflict, unit, view};
use crate::{
    change::{Change, ChangeFilter},
    conformance::rows::{at, change, uuid},
    ids::{ChangeId, SubscriberId, UserId},
    page::PageRequest,
    ports::store::{Store, View},
};

/// A test for every case of the log of who did what.
#[macro_export]
macro_rules! changes_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            changes,
            [$($open)+],
            store::changes,
            [
                every_field_of_an_entry_comes_back,
                an_entry_is_written_once,
                an_entry_goes_with_what_it_tells_of,
                the_newest_entries_come_first_page_by_page,
                entries_are_found_by_who_did_what_to_what,
            ]
        );
    };
}

async fn put(store: &dyn Store, changes: &[Change]) {
    let mut unit = unit(store).await;
    for change in changes {
        unit.changes_mut().insert(change).await.expect("an entry");
    }
    commit(unit).await;
}

async fn found(view: &mut dyn View, filter: &ChangeFilter) -> Vec<u128> {
    let page = view.changes().page(filter, &PageRequest { after: None, limit: 50 }).await.expect("a page");
    assert_eq!(page.next, None);
    page.rows.iter().map(|it| it.id.0.as_u128()).collect()
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_an_entry_comes_back(store: &dyn Store) {
    let bare = Change {
        by: None,
        subscriber: None,
        comment: String::new(),
        before: None,
        after: None,
        ..change(2, 0)
    };
    put(store, &[change(1, 0), bare.clone()]).await;
    let mut view = view(store).await;
    for put in [change(1, 0), bare] {
        assert_eq!(view.changes().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.changes().by_id(ChangeId(uuid(3))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn an_entry_is_written_once(store: &dyn Store) {
    put(store, &[change(1, 0)]).await;
    let mut unit = unit(store).await;
    assert!(is_conflict(&unit.changes_mut().insert(&change(1, 9)).await));
}

/// Nothing is left of it when the unit is dropped.
pub async fn an_entry_goes_with_what_it_tells_of(store: &dyn Store) {
    let mut dropped = unit(store).await;
    dropped.changes_mut().insert(&change(1, 0)).await.expect("an entry");
    assert_eq!(found(dropped.as_mut(), &ChangeFilter::default()).await, [1]);
    drop(dropped);
    assert_eq!(found(view(store).await.as_mut(), &ChangeFilter::default()).await, []);
}

/// Each once; of the same moment, the greater id first.
pub async fn the_newest_entries_come_first_page_by_page(store: &dyn Store) {
    put(store, &[(1, 0), (2, 5), (3, 5), (4, 5), (5, 3)].map(|(number, second)| change(number, second)))
        .await;
    let mut view = view(store).await;
    let filters = [
        ChangeFilter::default(),
        ChangeFilter::history("state_information", "a fact"),
        ChangeFilter { by: Some(UserId(uuid(41))), ..ChangeFilter::default() },
        ChangeFilter { subscriber: Some(SubscriberId(uuid(42))), ..ChangeFilter::default() },
        ChangeFilter { kind: Some("state_information".into()), ..ChangeFilter::default() },
    ];
    for filter in filters {
        let (mut after, mut pages) = (None::<(DateTime<Utc>, ChangeId)>, Vec::new());
        loop {
            let page = view.changes().page(&filter, &PageRequest { after, limit: 2 }).await.expect("a page");
            pages.push(page.rows.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>());
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(pages, [vec![4, 3], vec![2, 5], vec![1]], "{filter:?}");
    }
}

/// By all that is given, and nobody else's.
pub async fn entries_are_found_by_who_did_what_to_what(store: &dyn Store) {
    let other = |number, by: Option<u128>, subscriber: Option<u128>, kind: &str, subject: &str| Change {
        by: by.map(|by| UserId(uuid(by))),
        subscriber: subscriber.map(|id| SubscriberId(uuid(id))),
        kind: kind.into(),
        subject: subject.into(),
        ..change(number, i64::try_from(number).expect("it is small"))
    };
    put(
        store,
        &[
            other(1, Some(7), Some(8), "user", "a"),
            other(2, Some(7), Some(9), "user", "b"),
            other(3, None, Some(8), "invite", "a"),
            other(4, Some(6), None, "invite", "b"),
        ],
    )
    .await;
    let mut view = view(store).await;
    let filter = |by: Option<u128>, subscriber: Option<u128>, kind: Option<&str>, subject: Option<&str>| {
        ChangeFilter {
            by: by.map(|by| UserId(uuid(by))),
            subscriber: subscriber.map(|id| SubscriberId(uuid(id))),
            kind: kind.map(Into::into),
            subject: subject.map(Into::into),
        }
    };
    for (filter, numbers) in [
        (filter(None, None, None, None), &[4, 3, 2, 1][..]),
        (filter(Some(7), None, None, None), &[2, 1]),
        (filter(None, Some(8), None, None), &[3, 1]),
        (filter(Some(7), Some(8), None, None), &[1]),
        (filter(None, None, Some("invite"), None), &[4, 3]),
        (filter(None, None, None, Some("b")), &[4, 2]),
        (filter(None, None, Some("user"), Some("b")), &[2]),
        (filter(Some(6), None, Some("user"), Some("b")), &[]),
        (filter(None, Some(9), Some("user"), None), &[2]),
        (filter(Some(5), None, None, None), &[]),
        (filter(None, None, Some("us\0er"), None), &[]),
    ] {
        assert_eq!(found(view.as_mut(), &filter).await, numbers, "{filter:?}");
    }
    let kept = view.changes().by_id(ChangeId(uuid(1))).await.expect("a read").expect("it is there");
    assert_eq!(kept.at, at(1));
}
