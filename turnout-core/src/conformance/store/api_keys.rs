//! What the room of API keys promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    api_key::ApiKey,
    conformance::rows::{api_key, at, subscriber, uuid},
    ids::{ApiKeyId, SubscriberId},
    page::PageRequest,
    ports::store::{Store, Unit},
};

/// A test for every case of the room of API keys.
#[macro_export]
macro_rules! api_keys_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            api_keys,
            [$($open)+],
            store::api_keys,
            [
                every_field_of_a_key_comes_back,
                a_key_is_inserted_once,
                keys_of_a_subscriber_are_its_own_oldest_first,
                all_keys_are_listed_page_by_page,
                an_update_changes_all_of_a_key_but_id_and_creation,
            ]
        );
    };
}

/// A unit with two subscribers, to whom keys may belong.
async fn begun(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    for number in [1, 2] {
        let subscriber = crate::subscriber::Subscriber { default_slug: None, ..subscriber(number, 0) };
        unit.subscribers_mut().insert(&subscriber).await.expect("a subscriber");
    }
    unit
}

fn numbers(keys: &[ApiKey]) -> Vec<u128> {
    keys.iter().map(|key| key.id.0.as_u128()).collect()
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_a_key_comes_back(store: &dyn Store) {
    let bare = ApiKey {
        subscriber: None,
        description: None,
        created_by: None,
        deactivated_by: None,
        deactivated_at: None,
        ..api_key(12, 1, 5)
    };
    let mut unit = begun(store).await;
    for key in [&api_key(11, 1, 0), &bare] {
        unit.api_keys_mut().insert(key).await.expect("a key");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [api_key(11, 1, 0), bare] {
        assert_eq!(view.api_keys().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.api_keys().by_id(ApiKeyId(uuid(19))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn a_key_is_inserted_once(store: &dyn Store) {
    let mut unit = begun(store).await;
    unit.api_keys_mut().insert(&api_key(11, 1, 0)).await.expect("a key");
    assert!(is_conflict(&unit.api_keys_mut().insert(&api_key(11, 2, 9)).await));
}

/// Nobody else's, and those of nobody to nobody.
pub async fn keys_of_a_subscriber_are_its_own_oldest_first(store: &dyn Store) {
    let mut unit = begun(store).await;
    let nobodys = ApiKey { subscriber: None, ..api_key(15, 1, 0) };
    for key in [api_key(11, 1, 20), api_key(12, 1, 10), api_key(13, 2, 0), api_key(14, 1, 10), nobodys] {
        unit.api_keys_mut().insert(&key).await.expect("a key");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (subscriber, found) in [(1, &[12, 14, 11][..]), (2, &[13]), (3, &[])] {
        let keys = view.api_keys().of_subscriber(SubscriberId(uuid(subscriber))).await.expect("a read");
        assert_eq!(numbers(&keys), found, "of {subscriber}");
    }
}

/// By id, each once.
pub async fn all_keys_are_listed_page_by_page(store: &dyn Store) {
    let mut unit = begun(store).await;
    for number in [13, 11, 15, 12, 14] {
        unit.api_keys_mut().insert(&api_key(number, 1, 0)).await.expect("a key");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = view.api_keys().list(PageRequest { after, limit: 2 }).await.expect("a read");
        found.push(numbers(&page.rows));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, [vec![11, 12], vec![13, 14], vec![15]]);
}

/// The moment of creation stays.
pub async fn an_update_changes_all_of_a_key_but_id_and_creation(store: &dyn Store) {
    let mut unit = begun(store).await;
    unit.api_keys_mut().insert(&api_key(11, 1, 20)).await.expect("a key");
    let locked = unit.api_keys_mut().lock(ApiKeyId(uuid(11))).await.expect("a lock");
    assert_eq!(locked, Some(api_key(11, 1, 20)));
    assert_eq!(unit.api_keys_mut().lock(ApiKeyId(uuid(12))).await.expect("a lock"), None);
    let changed = ApiKey { id: ApiKeyId(uuid(11)), created_at: at(99), ..api_key(77, 2, 50) };
    unit.api_keys_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = ApiKey { created_at: at(20), ..changed };
    assert_eq!(view(store).await.api_keys().by_id(kept.id).await.expect("a read"), Some(kept));
}
