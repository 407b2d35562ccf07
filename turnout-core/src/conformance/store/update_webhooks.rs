//! What the room of webhooks that are called when facts change promises.

use super::{commit, unit, view};
use crate::{
    back_office::{Entity, Value},
    conformance::rows::{at, uuid},
    election::webhooks::{UpdateWebhook, WebhookType},
    ids::UpdateWebhookId,
    ports::store::{Store, StoreError},
};

/// A test for every case of the room of webhooks.
#[macro_export]
macro_rules! update_webhooks_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            update_webhooks,
            [$($open)+],
            store::update_webhooks,
            [
                every_field_of_a_webhook_comes_back,
                an_id_is_taken_once,
                calls_are_noted,
                one_is_readdressed_forgotten_and_removed,
                name_and_activity_are_set_as_those_of_records,
            ]
        );
    };
}

pub(super) fn webhook(number: u128, second: i64) -> UpdateWebhook {
    UpdateWebhook {
        id: UpdateWebhookId(uuid(number)),
        name: Some("The site".into()),
        kind: Some(WebhookType::Netlify),
        url: Some("https://api.example.org/build_hooks/5f3c".into()),
        is_active: true,
        last_triggered: Some(at(3)),
        seen: Some("0f".into()),
        failed_at: Some(at(4)),
        created_at: at(second),
        modified_at: at(second + 1),
    }
}

async fn put(store: &dyn Store, webhooks: &[UpdateWebhook]) {
    let mut unit = unit(store).await;
    for webhook in webhooks {
        unit.update_webhooks_mut().insert(webhook).await.expect("a webhook");
    }
    commit(unit).await;
}

async fn all(store: &dyn Store) -> Vec<UpdateWebhook> {
    view(store).await.update_webhooks().all().await.expect("a read")
}

/// The oldest first; one that was taken over may have next to nothing.
pub async fn every_field_of_a_webhook_comes_back(store: &dyn Store) {
    let bare = UpdateWebhook {
        name: None,
        kind: None,
        url: None,
        is_active: false,
        last_triggered: None,
        seen: None,
        failed_at: None,
        ..webhook(2, 1)
    };
    put(store, &[webhook(1, 5), bare.clone()]).await;
    assert_eq!(all(store).await, [bare, webhook(1, 5)]);
}

/// Conflict otherwise.
pub async fn an_id_is_taken_once(store: &dyn Store) {
    put(store, &[webhook(1, 5)]).await;
    let error =
        unit(store).await.update_webhooks_mut().insert(&webhook(1, 6)).await.expect_err("it is taken");
    assert!(matches!(error, StoreError::Conflict { .. }), "{error:?}");
}

/// One that is taken ends a failure; one that is not leaves what was seen.
pub async fn calls_are_noted(store: &dyn Store) {
    put(store, &[webhook(1, 5), webhook(2, 6)]).await;
    let mut first = unit(store).await;
    first.update_webhooks_mut().called(UpdateWebhookId(uuid(1)), at(50), "a1").await.expect("a note");
    first.update_webhooks_mut().failed(UpdateWebhookId(uuid(2)), at(51)).await.expect("a note");
    // of one that is gone nothing is kept
    first.update_webhooks_mut().called(UpdateWebhookId(uuid(9)), at(50), "a1").await.expect("no note");
    first.update_webhooks_mut().failed(UpdateWebhookId(uuid(9)), at(50)).await.expect("no note");
    commit(first).await;
    let called = UpdateWebhook {
        last_triggered: Some(at(50)),
        seen: Some("a1".into()),
        failed_at: None,
        ..webhook(1, 5)
    };
    let failed = UpdateWebhook { failed_at: Some(at(51)), ..webhook(2, 6) };
    assert_eq!(all(store).await, [called, failed]);
}

/// And says whether there was one.
pub async fn one_is_readdressed_forgotten_and_removed(store: &dyn Store) {
    put(store, &[webhook(1, 5), webhook(2, 6)]).await;
    let (known, unknown) = (UpdateWebhookId(uuid(1)), UpdateWebhookId(uuid(9)));
    let mut first = unit(store).await;
    let room = first.update_webhooks_mut();
    let url = "https://example.org/other";
    assert!(room.readdress(known, url, at(60)).await.expect("a change"));
    assert!(!room.readdress(unknown, url, at(60)).await.expect("no change"));
    assert!(room.forget(known).await.expect("a change"));
    assert!(!room.forget(unknown).await.expect("no change"));
    assert!(room.remove(UpdateWebhookId(uuid(2))).await.expect("a removal"));
    assert!(!room.remove(UpdateWebhookId(uuid(2))).await.expect("no removal"));
    commit(first).await;
    let changed = UpdateWebhook {
        url: Some(url.into()),
        last_triggered: None,
        seen: None,
        modified_at: at(60),
        ..webhook(1, 5)
    };
    assert_eq!(all(store).await, [changed]);
}

/// And no page of records reads the address.
pub async fn name_and_activity_are_set_as_those_of_records(store: &dyn Store) {
    put(store, &[webhook(1, 5)]).await;
    let (entity, id) = (Entity::UpdateWebhooks, uuid(1).to_string());
    let mut first = unit(store).await;
    let found = first.records_mut().lock(entity, &id).await.expect("a read").expect("a record");
    assert_eq!(found.value(entity.shape(), "name"), &Value::Text("The site".into()));
    let shown = |value: &Value| value.text().is_some_and(|text| text.contains("example.org"));
    assert!(!found.values.iter().any(shown), "the address is shown");
    let name = Value::Text("Another".into());
    first.records_mut().set(entity, &id, "name", &name, at(70)).await.expect("it is set");
    first.records_mut().set(entity, &id, "active", &Value::Flag(false), at(71)).await.expect("it is set");
    assert!(first.records_mut().set(entity, &id, "trigger_url", &name, at(72)).await.is_err());
    commit(first).await;
    let changed = UpdateWebhook {
        name: Some("Another".into()),
        is_active: false,
        modified_at: at(71),
        ..webhook(1, 5)
    };
    assert_eq!(all(store).await, [changed]);
}
