//! Who registers is found by the subscriber, and by nobody else.

use serde_json::json;
use turnout_core::{
    conformance::rows::{action, at, bare_registration, slug, subscriber, uuid},
    ids::{ActionId, RegistrationId, SubscriberId},
    listing::Tool,
    memory::World,
    page::PageRequest,
    ports::store::Store,
    register::{Options, Registration},
    search::{self, SearchQuery, VoterList},
    subscriber::{Plan, Subscriber, SubscriberStatus},
};

use crate::voter::{complete, kinds, minimum, patch, rows, run_due, seeded, submit, with};

/// A world with a subscriber that sees its voters, and one that does not.
async fn world() -> World {
    let world = seeded().await;
    rows(&world, async |unit| {
        for (number, name, plan) in [(1, "one", Plan::Premium), (2, "two", Plan::Free)] {
            let status = SubscriberStatus::Active;
            let subscriber = Subscriber { plan, status, ..subscriber(number, 100_000_000) };
            unit.subscribers_mut().insert(&subscriber).await.unwrap();
            unit.subscribers_mut().insert_slug(&slug(number, name)).await.unwrap();
        }
    })
    .await;
    world
}

fn of(subscriber: &str, incomplete: bool) -> Options {
    Options { incomplete, match_region: false, subscriber: Some(subscriber.to_owned()) }
}

async fn found(world: &World, subscriber: u128, query: &str) -> Vec<ActionId> {
    let list = VoterList { subscriber: SubscriberId(uuid(subscriber)), tool: Tool::Register };
    let mut view = world.store.view().await.unwrap();
    let page = PageRequest { after: None, limit: 50 };
    let found = view.search().find(list, &SearchQuery::parse(query), page).await.unwrap();
    found.rows.into_iter().map(|key| key.action).collect()
}

#[tokio::test]
async fn who_registers_is_found_by_the_subscriber_that_sees_its_voters() {
    let world = world().await;
    let action = submit(&world, complete(), &of("one", false)).await.registration.action.unwrap();
    assert_eq!(found(&world, 1, "NGUYEN a").await, [action]);
    assert_eq!(found(&world, 1, "ada@example.org").await, [action]);
    assert_eq!(found(&world, 1, "boston").await, []);
    submit(&world, complete(), &of("two", false)).await;
    assert_eq!(found(&world, 2, "").await, [], "a free plan sees nobody");
    submit(&world, complete(), &of("nobody", false)).await;
    assert_eq!(found(&world, 1, "").await, [action]);
}

#[tokio::test]
async fn who_goes_on_under_another_name_is_found_by_that() {
    let world = world().await;
    let begun = submit(&world, minimum(), &of("one", true)).await.registration;
    let action = begun.action.unwrap();
    assert_eq!(found(&world, 1, "nguyen").await, [action]);
    patch(&world, begun.id, json!({"last_name": "Brontë"}), &of("one", true)).await;
    assert_eq!(found(&world, 1, "nguyen").await, []);
    assert_eq!(found(&world, 1, "bronte ada").await, [action]);
    patch(&world, begun.id, with(complete(), json!({"last_name": "Austen"})), &of("one", false)).await;
    assert_eq!(found(&world, 1, "bronte").await, []);
    assert_eq!(found(&world, 1, "austen").await, [action]);
}

#[tokio::test]
async fn what_nothing_has_listed_is_listed_once() {
    let world = world().await;
    let count = 1_203_u128;
    rows(&world, async |unit| {
        for number in 10..10 + count {
            unit.actions_mut().insert(&action(number)).await.unwrap();
            let registration = Registration {
                id: RegistrationId(uuid(number)),
                action: Some(ActionId(uuid(number))),
                subscriber: Some(SubscriberId(uuid(1))),
                created_at: at(i64::try_from(number / 2).unwrap()),
                email: Some(format!("voter{number}@example.org")),
                ..bare_registration()
            };
            unit.registrations_mut().insert(&registration).await.unwrap();
        }
    })
    .await;
    assert_eq!(found(&world, 1, "").await, []);
    for _ in 0..2 {
        search::jobs::complete(&world.app).await.unwrap();
        assert_eq!(run_due(&world).await, 1);
        assert_eq!(kinds(&world).await, [""; 0]);
        for number in [10, 700, 9 + count] {
            assert_eq!(found(&world, 1, &format!("voter{number}@")).await, [ActionId(uuid(number))]);
        }
        assert_eq!(found(&world, 1, "example").await.len(), 50);
    }
}
