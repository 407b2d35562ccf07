//! What a [`CrmSync`] promises.

use chrono::TimeDelta;
use serde_json::Value;

use crate::{
    conformance::rows::uuid,
    error::ProviderErrorKind,
    ids::SubscriberId,
    person::{PersonName, Phone},
    ports::{
        clock::Clock,
        crm::{CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPerson, CrmPersonId, CrmSync, ListStatus},
    },
    secret::IntegrationKey,
};

/// A test for every case of contact lists, which are opened empty, with an account for each key, and with their clock.
#[macro_export]
macro_rules! crm_sync_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            crm,
            [
                a_form_is_made_once_and_called_what_it_is_to_be_called,
                a_form_that_is_not_to_be_made_is_not_made,
                somebody_new_is_found_with_what_was_said,
                whoever_is_entered_twice_is_there_once_and_was_entered,
                an_entry_that_says_nothing_of_it_subscribes_nobody_again,
                an_entry_that_says_so_takes_somebody_off,
                a_number_changes_alone,
                an_address_changes_alone,
                accounts_do_not_know_each_others_people,
                nobody_is_entered_on_a_form_that_is_not_there,
            ]
        );
    };
}

/// Contact lists, and what time it is there.
pub struct Lists<L, C> {
    /// The lists.
    pub lists: L,
    /// Their clock.
    pub clock: C,
}

fn account(number: u128) -> CrmAccount {
    let key = IntegrationKey::new(format!("key-{number}"));
    CrmAccount::Subscriber(SubscriberId(uuid(number)), key)
}

fn phone() -> Phone {
    Phone::from_stored("+16175557890".into())
}

fn ada() -> CrmEntry {
    CrmEntry {
        name: PersonName {
            first: Some("Ada".into()), last: Some("Nguyễn".into()), ..PersonName::default()
        },
        email: Some("Ada@Example.org".into()),
        ..CrmEntry::default()
    }
}

fn form(title: Option<&str>) -> CrmForm {
    CrmForm { identifier: "voteamerica:test_lookup".into(), title: title.map(str::to_owned) }
}

async fn made(lists: &impl CrmSync) -> CrmFormId {
    lists.form(&account(1), &form(Some("Verify"))).await.expect("an answer").expect("a form")
}

async fn entered(lists: &impl CrmSync, entry: &CrmEntry) -> CrmPersonId {
    let form = made(lists).await;
    lists.enter(&account(1), &form, entry).await.expect("somebody")
}

async fn known(lists: &impl CrmSync, id: &CrmPersonId) -> CrmPerson {
    lists.person(&account(1), id).await.expect("an answer").expect("somebody")
}

/// However often it is asked for.
pub async fn a_form_is_made_once_and_called_what_it_is_to_be_called<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let first = made(&it.lists).await;
    for title in [Some("Verify"), Some("Verify (staging)"), None] {
        let again = it.lists.form(&account(1), &form(title)).await.expect("an answer");
        assert_eq!(again.as_ref(), Some(&first), "{title:?}");
    }
    let other = CrmForm { identifier: "voteamerica:test_reminder".into(), title: Some("Reminder".into()) };
    assert_ne!(it.lists.form(&account(1), &other).await.expect("an answer"), Some(first));
}

/// Somebody has to make it.
pub async fn a_form_that_is_not_to_be_made_is_not_made<C: Clock>(it: &Lists<impl CrmSync, C>) {
    for _ in 0..2 {
        assert_eq!(it.lists.form(&account(1), &form(None)).await.expect("an answer"), None);
    }
}

/// By e-mail address, in whatever case, and by id.
pub async fn somebody_new_is_found_with_what_was_said<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let nobody = it.lists.by_email(&account(1), "ada@example.org").await.expect("an answer");
    assert!(nobody.is_none());
    let mut entry = CrmEntry { phone: Some((phone(), ListStatus::Subscribed)), ..ada() };
    entry.fields.insert("first_subscriber".into(), Value::from("acme"));
    let id = entered(&it.lists, &entry).await;
    for email in ["ada@example.org", "ADA@example.org"] {
        let found = it.lists.by_email(&account(1), email).await.expect("an answer").expect("somebody");
        assert_eq!(found.id, id);
        assert_eq!(found.email_status(email), Some(ListStatus::Subscribed));
        assert_eq!(found.phone_status(&phone()), Some(ListStatus::Subscribed));
        assert_eq!(found.fields, ["first_subscriber"]);
    }
    assert!(known(&it.lists, &id).await.phone_status(&phone()).is_some());
    let other = CrmPersonId("nobody".into());
    assert!(it.lists.person(&account(1), &other).await.expect("an answer").is_none());
}

/// So a try whose answer was lost is seen.
pub async fn whoever_is_entered_twice_is_there_once_and_was_entered<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let before = it.clock.now() - TimeDelta::seconds(2);
    let first = entered(&it.lists, &ada()).await;
    assert_eq!(entered(&it.lists, &ada()).await, first);
    let on = made(&it.lists).await;
    let other = CrmForm { identifier: "voteamerica:test_reminder".into(), title: Some("Reminder".into()) };
    let other = it.lists.form(&account(1), &other).await.expect("an answer").expect("a form");
    let after = it.clock.now() + TimeDelta::minutes(5);
    for (form, since, was) in [(&on, before, true), (&other, before, false), (&on, after, false)] {
        let said = it.lists.was_entered(&account(1), form, &first, since).await.expect("an answer");
        assert_eq!(said, was, "{since}");
    }
}

/// Neither by mail nor by text.
pub async fn an_entry_that_says_nothing_of_it_subscribes_nobody_again<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let stopped = CrmEntry {
        email_status: Some(ListStatus::Unsubscribed),
        phone: Some((phone(), ListStatus::Unsubscribed)),
        ..ada()
    };
    let id = entered(&it.lists, &stopped).await;
    assert_eq!(entered(&it.lists, &ada()).await, id);
    let now = known(&it.lists, &id).await;
    assert_eq!(now.email_status("ada@example.org"), Some(ListStatus::Unsubscribed));
    assert_eq!(now.phone_status(&phone()), Some(ListStatus::Unsubscribed));
}

/// Off both lists, or one.
pub async fn an_entry_that_says_so_takes_somebody_off<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let id = entered(&it.lists, &CrmEntry { phone: Some((phone(), ListStatus::Subscribed)), ..ada() }).await;
    entered(&it.lists, &CrmEntry { email_status: Some(ListStatus::Unsubscribed), ..ada() }).await;
    let now = known(&it.lists, &id).await;
    assert_eq!(now.email_status("ada@example.org"), Some(ListStatus::Unsubscribed));
    assert_eq!(now.phone_status(&phone()), Some(ListStatus::Subscribed));
}

/// And a person who is not there has none.
pub async fn a_number_changes_alone<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let id = entered(&it.lists, &ada()).await;
    for status in [ListStatus::Subscribed, ListStatus::Unsubscribed] {
        it.lists.set_phone(&account(1), &id, &phone(), status).await.expect("it is taken");
        let now = known(&it.lists, &id).await;
        assert_eq!(now.phone_status(&phone()), Some(status));
        assert_eq!(now.email_status("ada@example.org"), Some(ListStatus::Subscribed));
    }
    let nobody = CrmPersonId("nobody".into());
    let refused = it.lists.set_phone(&account(1), &nobody, &phone(), ListStatus::Unsubscribed).await;
    assert_eq!(refused.err().map(|error| error.kind), Some(ProviderErrorKind::Rejected));
}

/// And a person who is not there has none.
pub async fn an_address_changes_alone<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let mut entry = CrmEntry { phone: Some((phone(), ListStatus::Subscribed)), ..ada() };
    entry.fields.insert("first_subscriber".into(), Value::from("acme"));
    let id = entered(&it.lists, &entry).await;
    for status in [ListStatus::Unsubscribed, ListStatus::Subscribed] {
        it.lists.set_email(&account(1), &id, "ADA@example.org", status).await.expect("it is taken");
        let now = known(&it.lists, &id).await;
        assert_eq!(now.emails, [("ada@example.org".to_owned(), status)]);
        assert_eq!(now.phone_status(&phone()), Some(ListStatus::Subscribed));
        assert_eq!(now.fields, ["first_subscriber"]);
    }
    let nobody = CrmPersonId("nobody".into());
    let refused = it.lists.set_email(&account(1), &nobody, "ada@example.org", ListStatus::Unsubscribed).await;
    assert_eq!(refused.err().map(|error| error.kind), Some(ProviderErrorKind::Rejected));
}

/// Nor their forms.
pub async fn accounts_do_not_know_each_others_people<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let id = entered(&it.lists, &ada()).await;
    let other = account(2);
    assert!(it.lists.has(&other));
    assert!(it.lists.by_email(&other, "ada@example.org").await.expect("an answer").is_none());
    assert!(it.lists.person(&other, &id).await.expect("an answer").is_none());
    assert_eq!(it.lists.form(&other, &form(None)).await.expect("an answer"), None);
}

/// It is said so, and nobody is there.
pub async fn nobody_is_entered_on_a_form_that_is_not_there<C: Clock>(it: &Lists<impl CrmSync, C>) {
    let refused = it.lists.enter(&account(1), &CrmFormId("no-form".into()), &ada()).await;
    assert_eq!(refused.err().map(|error| error.kind), Some(ProviderErrorKind::Rejected));
    assert!(it.lists.by_email(&account(1), "ada@example.org").await.expect("an answer").is_none());
}
