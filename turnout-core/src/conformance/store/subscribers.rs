//! What the room of subscribers promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, slug, subscriber, uuid},
    ids::{SlugId, SubscriberId},
    page::PageRequest,
    ports::store::Store,
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
};

/// A test for every case of the room of subscribers.
#[macro_export]
macro_rules! subscribers_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            subscribers,
            [$($open)+],
            store::subscribers,
            [
                every_field_of_a_subscriber_comes_back,
                a_slug_is_case_sensitive_and_leads_to_subscribers_of_any_status,
                the_subscriber_made_first_is_the_default,
                a_subscriber_and_a_slug_are_inserted_once,
                an_update_changes_all_of_a_subscriber_but_plan_and_creation,
                all_subscribers_are_listed_newest_first_page_by_page,
                a_subscriber_is_locked_as_it_is,
            ]
        );
    };
}

async fn insert(store: &dyn Store, subscribers: &[(Subscriber, &str)]) {
    let mut unit = unit(store).await;
    for (subscriber, text) in subscribers {
        unit.subscribers_mut().insert(subscriber).await.expect("a subscriber");
        // its default slug follows later in the unit
        let slug = Slug { subscriber: subscriber.id, ..slug(subscriber.id.0.as_u128(), text) };
        unit.subscribers_mut().insert_slug(&slug).await.expect("a slug");
    }
    commit(unit).await;
}

/// The plan included, whatever it is.
pub async fn every_field_of_a_subscriber_comes_back(store: &dyn Store) {
    let free = Subscriber { plan: Plan::Free, ..subscriber(1, 1) };
    let bare = Subscriber {
        email: None,
        privacy_policy: None,
        terms_of_service: None,
        sms_enabled: None,
        sms_checkbox: None,
        sms_checkbox_default: Some(true),
        sms_disclaimer: None,
        language: None,
        status: SubscriberStatus::Active,
        is_first_party: false,
        has_api_access: false,
        sync_tmc: false,
        sync_bluelink: false,
        plan: Plan::Nonprofit,
        ..subscriber(2, 2)
    };
    insert(store, &[(free.clone(), "one"), (bare.clone(), "two"), (subscriber(3, 3), "three")]).await;
    let mut view = view(store).await;
    for put in [free, bare, subscriber(3, 3)] {
        assert_eq!(view.subscribers().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.subscribers().by_id(SubscriberId(uuid(9))).await.expect("a read"), None);
    let id = SlugId(uuid(1_002));
    assert_eq!(view.subscribers().slug(id).await.expect("a read"), Some(slug(2, "two")));
    assert_eq!(view.subscribers().slug(SlugId(uuid(9))).await.expect("a read"), None);
}

/// The caller decides what a disabled one is good for.
pub async fn a_slug_is_case_sensitive_and_leads_to_subscribers_of_any_status(store: &dyn Store) {
    let active = Subscriber { status: SubscriberStatus::Active, ..subscriber(2, 2) };
    insert(store, &[(subscriber(1, 1), "Vote"), (active.clone(), "vote")]).await;
    let mut view = view(store).await;
    for (text, found) in [
        ("Vote", Some(subscriber(1, 1))),
        ("vote", Some(active)),
        ("VOTE", None),
        ("", None),
        ("vote ", None),
        ("vo%", None),
        ("vote\0", None),
    ] {
        assert_eq!(view.subscribers().by_slug(text).await.expect("a read"), found, "{text}");
    }
}

/// Of the same moment, the one with the smallest id. Without any there is none.
pub async fn the_subscriber_made_first_is_the_default(store: &dyn Store) {
    assert_eq!(view(store).await.subscribers().default().await.expect("a read"), None);
    insert(store, &[(subscriber(1, 5), "one"), (subscriber(3, 2), "three"), (subscriber(2, 2), "two")]).await;
    let found = view(store).await.subscribers().default().await.expect("a read");
    assert_eq!(found, Some(subscriber(2, 2)));
}

/// A slug is taken by whomever has it.
pub async fn a_subscriber_and_a_slug_are_inserted_once(store: &dyn Store) {
    insert(store, &[(subscriber(1, 1), "one"), (subscriber(2, 1), "two")]).await;
    let mut again = unit(store).await;
    assert!(is_conflict(&again.subscribers_mut().insert(&subscriber(1, 7)).await));
    drop(again);
    let mut taken = unit(store).await;
    let slug = Slug { id: SlugId(uuid(9)), ..slug(2, "one") };
    assert!(is_conflict(&taken.subscribers_mut().insert_slug(&slug).await));
}

/// Id, plan and the moment of creation stay.
pub async fn an_update_changes_all_of_a_subscriber_but_plan_and_creation(store: &dyn Store) {
    insert(store, &[(Subscriber { plan: Plan::Free, ..subscriber(1, 1) }, "one")]).await;
    let changed = Subscriber {
        name: "n".into(),
        url: "u".into(),
        email: None,
        privacy_policy: None,
        terms_of_service: None,
        sms_enabled: None,
        sms_checkbox: Some(true),
        sms_checkbox_default: Some(true),
        sms_disclaimer: None,
        language: None,
        default_slug: None,
        status: SubscriberStatus::Active,
        is_first_party: false,
        has_api_access: false,
        sync_tmc: false,
        sync_bluelink: false,
        plan: Plan::Nonprofit,
        created_at: at(77),
        modified_at: at(78),
        ..subscriber(1, 1)
    };
    let mut unit = unit(store).await;
    unit.subscribers_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Subscriber { plan: Plan::Free, created_at: at(1), ..changed };
    assert_eq!(view(store).await.subscribers().by_id(kept.id).await.expect("a read"), Some(kept));
}

/// Each once; of the same moment, the greater id first.
pub async fn all_subscribers_are_listed_newest_first_page_by_page(store: &dyn Store) {
    insert(
        store,
        &[
            (subscriber(1, 5), "one"),
            (subscriber(2, 9), "two"),
            (subscriber(3, 5), "three"),
            (subscriber(4, 1), "four"),
            (subscriber(5, 5), "five"),
        ],
    )
    .await;
    let mut view = view(store).await;
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = view.subscribers().newest(&PageRequest { after, limit: 2 }).await.expect("a read");
        found.push(page.rows.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, [vec![2, 5], vec![3, 1], vec![4]]);
}

/// With its plan.
pub async fn a_subscriber_is_locked_as_it_is(store: &dyn Store) {
    let free = Subscriber { plan: Plan::Free, ..subscriber(1, 1) };
    insert(store, &[(free.clone(), "one")]).await;
    let mut unit = unit(store).await;
    assert_eq!(unit.subscribers_mut().lock(free.id).await.expect("a lock"), Some(free));
    assert_eq!(unit.subscribers_mut().lock(SubscriberId(uuid(9))).await.expect("a lock"), None);
}
