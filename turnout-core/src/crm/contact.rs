//! The contacts at subscribers, on a list of their own (`flows.md` 14 and 19.3).

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    forms,
    person::{Word, word_of_email},
    sync,
};
use crate::{
    app::App,
    ids::SubscriberId,
    jobs::JobError,
    mail::{slug_of, subscriber_of},
    person::PersonName,
    ports::{
        crm::{CrmAccount, CrmEntry, ListStatus},
        store::unless_absent,
    },
    subscriber::Plan,
};

/// Enters whom we speak with at a subscriber. Nobody gave their number to be written to, so it is not passed on.
pub(super) async fn enter(app: &App, subscriber: SubscriberId) -> Result<(), JobError> {
    let account = CrmAccount::Subscribers;
    if !app.crm.has(&account) {
        return Ok(());
    }
    let mut view = app.store.view().await?;
    let found = unless_absent(view.subscriptions().by_subscriber(subscriber).await)?;
    let Some(subscription) = found else { return Ok(()) };
    let contact = subscription.contact;
    let Some(email) = contact.email.filter(|email| !email.trim().is_empty()) else { return Ok(()) };
    let word = word_of_email(app, view.as_mut(), &email, None).await?;
    let owner = subscriber_of(view.as_mut(), Some(subscriber)).await?;
    let slug = slug_of(view.as_mut(), owner.as_ref()).await?;
    drop(view);
    let fields = BTreeMap::from([
        ("subscriber_is_c3".to_owned(), Value::from(subscription.plan == Plan::Nonprofit)),
        ("subscriber_slug".to_owned(), Value::from(slug.unwrap_or_default())),
    ]);
    let entry = CrmEntry {
        name: PersonName { first: contact.first_name, last: contact.last_name, ..PersonName::default() },
        email: Some(email),
        email_status: (word == Word::No).then_some(ListStatus::Unsubscribed),
        fields,
        ..CrmEntry::default()
    };
    let form = forms::of_subscribers(app);
    sync::enter(app, &account, &form, &entry).await.map(drop).map_err(JobError::though_unread)
}
