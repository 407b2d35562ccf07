//! A no to mails reaches the lists that have the address, and does not wait until its owner is passed on again.

use std::collections::BTreeSet;

use super::{
    jobs,
    person::{Word, word_of_email},
    sync::list_of,
};
use crate::{
    app::App,
    ids::SubscriberId,
    jobs::JobError,
    ports::{
        crm::{CrmAccount, CrmPerson, ListStatus},
        store::{StoreError, Unit, unless_absent},
    },
    suppression::{AddressKey, SuppressionReason},
};

/// Of how many it is noted in one unit by which key they are found.
const STEP: u32 = 500;

/// Tells each list that has the address of that key as subscribed that it is not to be mailed, if that is still so. A list that
/// does not have it is not given it, and nobody is subscribed. One list does not wait for the other.
pub(super) async fn tell_all(app: &App, key: AddressKey) -> Result<(), JobError> {
    note_keys(app).await?;
    let mut failed = None;
    for (account, email) in targets(app, key).await? {
        match tell(app, &account, &email).await {
            Ok(()) => {}
            // of two failures the one that is tried again
            Err(error @ JobError::GiveUp(_)) => failed = failed.or(Some(error)),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Notes by which keys those are found that came since the last time: a link in a mail says no more than a key. What was taken over
/// from another service comes the first time.
async fn note_keys(app: &App) -> Result<(), StoreError> {
    loop {
        let mut view = app.store.view().await?;
        let found = unless_absent(view.contact_links().unkeyed(STEP).await)?;
        drop(view);
        if found.is_empty() {
            return Ok(());
        }
        let mut unit = app.store.begin().await?;
        for it in found {
            let email = it.email.filter(|email| !email.trim().is_empty());
            let key = email.map(|email| AddressKey::of(app, &email));
            unit.contact_links_mut().note_key(it.of, key).await?;
        }
        unit.commit().await?;
    }
}

/// The lists that may have the address, and how it is written.
async fn targets(app: &App, key: AddressKey) -> Result<Vec<(CrmAccount, String)>, StoreError> {
    let mut view = app.store.view().await?;
    let mut found = unless_absent(view.contact_links().of_address(key).await)?;
    let mut emails = BTreeSet::new();
    for it in &found {
        let keys = AddressKey::all_of(app, &it.email);
        // not one that took the place of the address
        if keys.contains(&key) {
            emails.extend(keys.into_iter().filter(|other| *other != key));
        }
    }
    // by the key that it had before a rotation, or has since
    for other in emails {
        found.extend(unless_absent(view.contact_links().of_address(other).await)?);
    }
    found.retain(|it| AddressKey::all_of(app, &it.email).contains(&key));
    let lists: BTreeSet<(Option<SubscriberId>, String)> =
        found.into_iter().map(|it| (it.subscriber, it.email.trim().to_lowercase())).collect();
    let mut targets = Vec::new();
    for (subscriber, email) in lists {
        let account = match subscriber {
            None => Some(CrmAccount::Service).filter(|account| app.crm.has(account)),
            Some(subscriber) => list_of(app, view.as_mut(), subscriber).await?,
        };
        targets.extend(account.map(|account| (account, email)));
    }
    Ok(targets)
}

/// Says it to one list, and notes what the list says now.
async fn tell(app: &App, account: &CrmAccount, email: &str) -> Result<(), JobError> {
    let Some(known) = app.crm.by_email(account, email).await? else { return Ok(()) };
    // what is said here is read last, so that nothing that was said meanwhile is missed
    let mut view = app.store.view().await?;
    let word = word_of_email(app, view.as_mut(), email, account.subscriber()).await?;
    drop(view);
    if word != Word::No {
        return Ok(());
    }
    let there = known.email_status(email);
    let is_told = there == Some(ListStatus::Subscribed);
    if is_told {
        app.crm.set_email(account, &known.id, email, ListStatus::Unsubscribed).await?;
    }
    note(app, account, &known, if is_told { Some(ListStatus::Unsubscribed) } else { there }).await?;
    tracing::info!(
        list = account.name(),
        is_told,
        "an address that is not to be mailed was looked for on a list"
    );
    Ok(())
}

/// Notes it where it is looked up when the person is passed on: what we said ourselves is no news then. When that was last changed
/// stays, as it says how old is what was noted of the number.
async fn note(
    app: &App,
    account: &CrmAccount,
    known: &CrmPerson,
    status: Option<ListStatus>,
) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    let last = unit.contact_links().last_of(&known.id, account.subscriber()).await?;
    let Some(last) = last else { return Ok(()) };
    let mut link = unit.contact_links_mut().lock_or_insert(&last).await?;
    link.email = status;
    unit.contact_links_mut().update(&link).await?;
    unit.commit().await
}

/// Has a list told of a no that was said while the address was on its way there: nobody was found on it then.
pub(crate) async fn follow_meanwhile(
    app: &App,
    unit: &mut dyn Unit,
    email: &str,
    sender: Option<SubscriberId>,
) -> Result<(), StoreError> {
    match word_of_email(app, unit, email, sender).await? {
        Word::No => {
            jobs::follow_address(app, unit, AddressKey::of(app, email), SuppressionReason::Unsubscribe).await
        }
        Word::Yes | Word::Nothing => Ok(()),
    }
}
