//! What the room of subscriptions promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, integration, interest, subscriber, subscription, uuid},
    ids::{InterestId, SubscriberId, SubscriptionId},
    page::PageRequest,
    ports::store::{Store, Unit},
    secret::IntegrationKey,
    subscriber::{Plan, SmsMode, Subscriber},
    subscription::{Contact, ExternalTool, Integration, Interest, InterestStatus, Subscription},
};

/// A test for every case of the room of subscriptions.
#[macro_export]
macro_rules! subscriptions_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            subscriptions,
            [$($open)+],
            store::subscriptions,
            [
                every_field_of_a_subscription_comes_back_and_to_its_subscriber_alone,
                a_subscriber_has_one_subscription,
                the_plan_of_a_subscriber_is_that_of_its_subscription,
                an_update_changes_all_of_a_subscription_but_whose_it_is_and_creation,
                every_field_of_a_wish_comes_back,
                wishes_are_listed_by_status_newest_first_page_by_page,
                an_update_changes_all_of_a_wish_but_id_and_creation,
                a_key_takes_the_place_of_the_one_before_and_is_nobody_elses,
            ]
        );
    };
}

/// A unit with three subscribers and a wish that each came of.
async fn begun(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    for number in [1, 2, 3] {
        let subscriber = Subscriber { default_slug: None, ..subscriber(number, 0) };
        unit.subscribers_mut().insert(&subscriber).await.expect("a subscriber");
        unit.subscriptions_mut().insert_interest(&interest(number, 0)).await.expect("a wish");
    }
    unit
}

fn bare(number: u128) -> Subscription {
    Subscription {
        interest: None,
        plan: Plan::Free,
        expires: None,
        contact: Contact::default(),
        ein: None,
        internal_notes: None,
        ..subscription(number)
    }
}

/// With everything in it, and with as little as possible. Who has none is given nobody else's.
pub async fn every_field_of_a_subscription_comes_back_and_to_its_subscriber_alone(store: &dyn Store) {
    let mut unit = begun(store).await;
    for put in [subscription(1), bare(2)] {
        unit.subscriptions_mut().insert(&put).await.expect("a subscription");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (number, found) in [(1, Some(subscription(1))), (2, Some(bare(2))), (3, None), (9, None)] {
        let id = SubscriberId(uuid(number));
        assert_eq!(view.subscriptions().by_subscriber(id).await.expect("a read"), found, "{number}");
    }
}

/// The second one is a conflict.
pub async fn a_subscriber_has_one_subscription(store: &dyn Store) {
    let mut unit = begun(store).await;
    unit.subscriptions_mut().insert(&subscription(1)).await.expect("a subscription");
    let other = Subscription { id: SubscriptionId(uuid(77)), ..subscription(1) };
    assert!(is_conflict(&unit.subscriptions_mut().insert(&other).await));
}

/// It is premium without one. A subscriber that is inserted with another plan has a subscription of it.
pub async fn the_plan_of_a_subscriber_is_that_of_its_subscription(store: &dyn Store) {
    let mut unit = begun(store).await;
    unit.subscriptions_mut().insert(&bare(2)).await.expect("a subscription");
    let fourth = Subscriber { default_slug: None, plan: Plan::Free, ..subscriber(4, 1) };
    unit.subscribers_mut().insert(&fourth).await.expect("a subscriber");
    let made = unit.subscriptions_mut().lock(fourth.id).await.expect("a lock").expect("a subscription");
    assert_eq!((made.plan, &made.contact), (Plan::Free, &Contact::default()));
    let raised = Subscription { plan: Plan::Nonprofit, ..made };
    unit.subscriptions_mut().update(&raised).await.expect("an update");
    commit(unit).await;
    let mut view = view(store).await;
    for (number, plan) in [(1, Plan::Premium), (2, Plan::Free), (4, Plan::Nonprofit)] {
        let found = view.subscribers().by_id(SubscriberId(uuid(number))).await.expect("a read");
        assert_eq!(found.map(|it| it.plan), Some(plan), "{number}");
    }
}

/// Another's stays as it was.
pub async fn an_update_changes_all_of_a_subscription_but_whose_it_is_and_creation(store: &dyn Store) {
    let mut unit = begun(store).await;
    for put in [subscription(1), subscription(2)] {
        unit.subscriptions_mut().insert(&put).await.expect("a subscription");
    }
    let locked = unit.subscriptions_mut().lock(SubscriberId(uuid(1))).await.expect("a lock");
    assert_eq!(locked, Some(subscription(1)));
    assert_eq!(unit.subscriptions_mut().lock(SubscriberId(uuid(3))).await.expect("a lock"), None);
    let changed = Subscription { created_at: at(99), modified_at: at(100), ..bare(1) };
    unit.subscriptions_mut().update(&changed).await.expect("an update");
    let others = Subscription { subscriber: SubscriberId(uuid(3)), ..changed.clone() };
    assert!(unit.subscriptions_mut().update(&others).await.is_err());
    commit(unit).await;
    let mut view = view(store).await;
    let kept = Subscription { created_at: at(7), ..changed };
    for kept in [kept, subscription(2)] {
        let found = view.subscriptions().by_subscriber(kept.subscriber).await.expect("a read");
        assert_eq!(found, Some(kept));
    }
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_a_wish_comes_back(store: &dyn Store) {
    let bare = Interest {
        organization_name: None,
        website: None,
        contact: Contact::default(),
        plan: Plan::Free,
        ein: None,
        sms_mode: SmsMode::None,
        status: InterestStatus::AwaitingPayment,
        reject_reason: None,
        nonprofit: None,
        ..interest(12, 3)
    };
    let mut unit = unit(store).await;
    for put in [&interest(11, 2), &bare] {
        unit.subscriptions_mut().insert_interest(put).await.expect("a wish");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [interest(11, 2), bare] {
        assert_eq!(view.subscriptions().interest(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.subscriptions().interest(InterestId(uuid(13))).await.expect("a read"), None);
    assert_eq!(view.subscriptions().products(5).await.expect("a read"), []);
}

/// Each once; of the same moment, the greater id first.
pub async fn wishes_are_listed_by_status_newest_first_page_by_page(store: &dyn Store) {
    let mut unit = unit(store).await;
    for (number, second) in [(11, 5), (12, 9), (13, 5), (14, 1), (15, 5)] {
        unit.subscriptions_mut().insert_interest(&interest(number, second)).await.expect("a wish");
    }
    let rejected = Interest { status: InterestStatus::Rejected, ..interest(16, 5) };
    unit.subscriptions_mut().insert_interest(&rejected).await.expect("a wish");
    commit(unit).await;
    let mut view = view(store).await;
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = PageRequest { after, limit: 2 };
        let page = view.subscriptions().interests(InterestStatus::Pending, &page).await.expect("a read");
        found.push(page.rows.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, [vec![12, 15], vec![13, 11], vec![14]]);
    let all = PageRequest { after: None, limit: 9 };
    let found = view.subscriptions().interests(InterestStatus::Rejected, &all).await.expect("a read");
    assert_eq!(found.rows, [rejected]);
}

/// The moment of creation stays.
pub async fn an_update_changes_all_of_a_wish_but_id_and_creation(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.subscriptions_mut().insert_interest(&interest(11, 2)).await.expect("a wish");
    let locked = unit.subscriptions_mut().lock_interest(InterestId(uuid(11))).await.expect("a lock");
    assert_eq!(locked, Some(interest(11, 2)));
    let none = unit.subscriptions_mut().lock_interest(InterestId(uuid(12))).await.expect("a lock");
    assert_eq!(none, None);
    let changed = Interest {
        organization_name: None,
        website: None,
        contact: Contact::default(),
        plan: Plan::Nonprofit,
        ein: None,
        sms_mode: SmsMode::AutoOptIn,
        status: InterestStatus::Subscribed,
        reject_reason: None,
        nonprofit: Some(false),
        ..interest(11, 70)
    };
    unit.subscriptions_mut().update_interest(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Interest { created_at: at(2), ..changed };
    assert_eq!(view(store).await.subscriptions().interest(kept.id).await.expect("a read"), Some(kept));
}

/// Neither by being put nor by being taken away does it touch another subscriber's, or one of another service.
pub async fn a_key_takes_the_place_of_the_one_before_and_is_nobody_elses(store: &dyn Store) {
    let (one, two, three) = (SubscriberId(uuid(1)), SubscriberId(uuid(2)), SubscriberId(uuid(3)));
    let lob = Integration { tool: ExternalTool::Lob, ..integration(24, 1, "of lob", 1) };
    let mut unit = begun(store).await;
    for put in
        [integration(21, 1, "old", 5), integration(22, 2, "other", 1), lob, integration(23, 1, "new", 2)]
    {
        unit.subscriptions_mut().put_integration(&put).await.expect("a key");
    }
    commit(unit).await;
    let keys = async |expected: [(SubscriberId, ExternalTool, Option<&str>); 4]| {
        let mut view = view(store).await;
        for (subscriber, tool, key) in expected {
            let found = view.subscriptions().integration_key(subscriber, tool).await.expect("a read");
            assert_eq!(found.as_ref().map(IntegrationKey::reveal), key, "{subscriber}");
        }
    };
    let network = ExternalTool::ActionNetwork;
    keys([
        (one, network, Some("new")),
        (two, network, Some("other")),
        (three, network, None),
        (one, ExternalTool::Lob, Some("of lob")),
    ])
    .await;
    let mut unit = store.begin().await.expect("a unit begins");
    assert_eq!(unit.subscriptions_mut().remove_integration(one, network).await.expect("a removal"), 1);
    assert_eq!(unit.subscriptions_mut().remove_integration(one, network).await.expect("a removal"), 0);
    commit(unit).await;
    keys([
        (one, network, None),
        (two, network, Some("other")),
        (three, network, None),
        (one, ExternalTool::Lob, Some("of lob")),
    ])
    .await;
}
