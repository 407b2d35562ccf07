//! A subscription is changed: its contact by the subscriber's own people, all of it by those who look after subscribers.

use serde_json::{Value, json};

use super::{Contact, Subscription, sign_up::LONGEST_EIN};
use crate::{
    app::App,
    change::Change,
    ids::{ChangeId, SubscriberId, SubscriptionId, UserId},
    input::{Given, Input, Reader, Rules},
    ports::store::{StoreError, Unit},
    problems::Problems,
    subscriber::Plan,
};

/// The most characters of a name of a person.
pub const LONGEST_CONTACT: usize = 200;
/// The most characters of our notes.
pub(super) const LONGEST_NOTES: usize = 20_000;

/// Why a subscription was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// There is no such subscriber, or it has no subscription.
    #[error("no such subscription")]
    NotFound,
    /// Something is wrong with the input; nothing was changed.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom we speak with: four fields, whose names begin with `prefix`. The number may always be left out.
pub(super) fn contact(reader: &mut Reader<'_>, prefix: &str, rules: Rules) -> Contact {
    let filled = |given: Given<String>| given.value().filter(|text| !text.is_empty());
    let name = |part: &str| format!("{prefix}{part}");
    Contact {
        first_name: filled(reader.text(&name("first_name"), rules.at_most(LONGEST_CONTACT))),
        last_name: filled(reader.text(&name("last_name"), rules.at_most(LONGEST_CONTACT))),
        email: reader.email(&name("email"), rules).value(),
        phone: reader.phone(&name("phone"), Rules::optional().or_null().or_blank()).value(),
    }
}

/// What a subscriber's own people change of its subscription: whom we speak with.
///
/// # Errors
/// See [`ContactError`].
pub async fn change_contact(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    input: &Input,
) -> Result<Subscription, ContactError> {
    let mut reader = Reader::whole(input);
    let contact = contact(&mut reader, "primary_contact_", Rules::optional().or_null().or_blank());
    reader.into_problems().into_result()?;
    let mut unit = app.store.begin().await?;
    let Some(before) = unit.subscriptions_mut().lock(subscriber).await? else {
        return Err(ContactError::NotFound);
    };
    let after = Subscription { contact, ..before.clone() };
    put(app, Some(actor), unit, Some(before), after).await
}

/// What those who look after subscribers change: everything. A subscriber without a subscription gets one.
///
/// # Errors
/// See [`ContactError`].
pub async fn change_subscription(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    input: &Input,
) -> Result<Subscription, ContactError> {
    let optional = Rules::optional().or_null().or_blank();
    let mut reader = Reader::whole(input);
    let contact = contact(&mut reader, "primary_contact_", optional);
    let plan = reader.choice("plan", Rules::required(), Plan::parse).value();
    let ein = reader.text("ein", optional.at_most(LONGEST_EIN)).value().filter(|ein| !ein.is_empty());
    let expires = reader.date("expires", Rules::optional().or_null()).value();
    let notes = reader.text("internal_notes", optional.at_most(LONGEST_NOTES)).value();
    reader.into_problems().into_result()?;

    let mut unit = app.store.begin().await?;
    if unit.subscribers_mut().lock(subscriber).await?.is_none() {
        return Err(ContactError::NotFound);
    }
    let before = unit.subscriptions_mut().lock(subscriber).await?;
    let after = Subscription {
        plan: plan.unwrap_or(Plan::Premium),
        expires,
        contact,
        ein,
        internal_notes: notes.filter(|notes| !notes.is_empty()),
        ..before.clone().unwrap_or_else(|| bare(app, subscriber))
    };
    put(app, Some(actor), unit, before, after).await
}

/// Goes back to the plan, the end and the EIN that stood there before a change. Whom we speak with and our notes stay as they
/// are: they are in no record.
///
/// # Errors
/// See [`ContactError`]: there is none where the change is not one of this subscription, or nothing stood there before.
pub async fn restore_subscription(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    change: ChangeId,
) -> Result<Subscription, ContactError> {
    let found = app.store.view().await?.changes().by_id(change).await?;
    let mut unit = app.store.begin().await?;
    let Some(before) = unit.subscriptions_mut().lock(subscriber).await? else {
        return Err(ContactError::NotFound);
    };
    let found = found.filter(|it| it.kind == Subscription::KIND && it.subject == before.id.to_string());
    let Some(kept) = found.and_then(|it| it.before) else { return Err(ContactError::NotFound) };
    let text = |name: &str| kept.get(name).and_then(Value::as_str);
    let after = Subscription {
        plan: text("plan").and_then(Plan::parse).unwrap_or(before.plan),
        expires: text("expires").and_then(|day| day.parse().ok()),
        ein: text("ein").map(str::to_owned),
        ..before.clone()
    };
    put(app, Some(actor), unit, Some(before), after).await
}

/// A subscription of which nothing is known; the plan is the one that its subscriber has without it.
pub(super) fn bare(app: &App, subscriber: SubscriberId) -> Subscription {
    Subscription {
        id: SubscriptionId(app.ids.uuid()),
        subscriber,
        interest: None,
        product: None,
        plan: Plan::Premium,
        expires: None,
        contact: Contact::default(),
        ein: None,
        internal_notes: None,
        created_at: app.now(),
        modified_at: app.now(),
    }
}

/// Writes it, with a note of what it was, and commits. What is as it was makes no note.
async fn put(
    app: &App,
    actor: Option<UserId>,
    mut unit: Box<dyn Unit>,
    before: Option<Subscription>,
    after: Subscription,
) -> Result<Subscription, ContactError> {
    if before.as_ref() == Some(&after) {
        return Ok(after);
    }
    let after = Subscription { modified_at: app.now(), ..after };
    write(app, actor, unit.as_mut(), before.as_ref(), &after).await?;
    unit.commit().await?;
    Ok(after)
}

/// Writes it, with a note of what it was.
pub(super) async fn write(
    app: &App,
    actor: Option<UserId>,
    unit: &mut dyn Unit,
    before: Option<&Subscription>,
    after: &Subscription,
) -> Result<(), StoreError> {
    let act = match before {
        Some(_) => {
            unit.subscriptions_mut().update(after).await?;
            "changed"
        }
        None => {
            unit.subscriptions_mut().insert(after).await?;
            "created"
        }
    };
    let known = before.map_or_else(Contact::default, |it| it.contact.clone());
    Change::new(app, actor, Subscription::KIND, after.id, act)
        .of(after.subscriber)
        .because(differing(&known, &after.contact))
        .from_to(before.map(snapshot), Some(snapshot(after)))
        .write(unit)
        .await
}

/// A subscription as the record of changes has it: without the person we speak with, and without our notes, which may be
/// about persons.
fn snapshot(it: &Subscription) -> Value {
    json!({
        "plan": it.plan.wire(),
        "expires": it.expires.map(|day| day.to_string()),
        "ein": it.ein,
        "has_notes": it.internal_notes.is_some(),
    })
}

/// Which parts of the contact are others than before, by name.
fn differing(before: &Contact, after: &Contact) -> String {
    let parts = [
        ("first name", before.first_name != after.first_name),
        ("last name", before.last_name != after.last_name),
        ("e-mail", before.email != after.email),
        ("phone", before.phone != after.phone),
    ];
    let names: Vec<&str> = parts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    if names.is_empty() { String::new() } else { format!("contact: {}", names.join(", ")) }
}
