//! What people say of being written to goes both ways: a stop or a yes by text to the lists, a no on a list back to us.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::{
    ContactLink,
    person::{Learned, Passed, standing_of_phone},
    sync::list_of,
};
use crate::{
    app::App,
    consent::{Choice, Entry, Origin, Scope, Standing, Statement, record},
    decision::Channel,
    ids::SubscriberId,
    jobs::JobError,
    person::Phone,
    ports::{
        crm::{CrmAccount, ListStatus},
        store::{StoreError, Unit, View, unless_absent},
    },
    sms::Number,
    suppression::{AddressKey, SuppressionReason, SuppressionSource, suppress},
};

/// For how long an action that is about to be passed on is waited for.
const UNDER_WAY: TimeDelta = TimeDelta::hours(1);
/// What entries of the ledger say that were learned of a list.
const CONTEXT: &str = "contact list";

/// Notes what people said to a list: to that of the organization that runs the service, for everybody; to a subscriber's,
/// for that subscriber alone.
pub(super) async fn take(
    app: &App,
    unit: &mut dyn Unit,
    learned: Learned,
    passed: &Passed,
    account: &CrmAccount,
) -> Result<(), StoreError> {
    let now = app.now();
    let scope = account.subscriber().map_or(Scope::All, Scope::Subscriber);
    let said = || Statement {
        context: Some(CONTEXT.to_owned()),
        ..Statement::new(Choice::Stopped, scope, Origin::Import, now)
    };
    if let (Some(status), Some(email)) = (learned.email, passed.email()) {
        if scope == Scope::All {
            let reason = match status {
                ListStatus::Complained => SuppressionReason::Complaint,
                _ => SuppressionReason::Unsubscribe,
            };
            let (address, source) = (AddressKey::of(app, email), SuppressionSource::Vendor);
            suppress(app, unit, address, reason, source, now).await?;
        } else {
            record(app, unit, Channel::Email, email, said()).await?;
        }
    }
    if let Some(phone) = passed.voter.phone.as_ref().filter(|_| learned.phone) {
        if scope == Scope::All {
            let fresh = Number::new(app, phone.clone());
            let mut number = unit.messages_mut().lock_or_insert(&fresh).await?;
            number.stop(now, now);
            unit.messages_mut().update_number(&number).await?;
        }
        record(app, unit, Channel::Sms, phone.e164(), said()).await?;
    }
    tracing::info!(
        email = learned.email.is_some(),
        phone = learned.phone,
        "a no was learned of a contact list"
    );
    Ok(())
}

/// Tells the lists what a number said of texts, if it still says so to whoever a list belongs to: a stop those that have the
/// number as subscribed, a yes the list of the organization that runs the service, as it is no yes to a subscriber.
pub(super) async fn follow(app: &App, entry: &Entry) -> Result<(), JobError> {
    let phone = Phone::from_stored(entry.address.clone());
    let mut view = app.store.view().await?;
    let links = unless_absent(view.contact_links().of_phone(&phone).await)?;
    let whose: BTreeSet<Option<SubscriberId>> = links.iter().map(|link| link.subscriber).collect();
    let mut statuses = BTreeMap::new();
    for subscriber in whose {
        let standing = standing_of_phone(app, view.as_mut(), &phone, subscriber).await?;
        statuses.extend(told(entry.mark.choice, standing, subscriber).map(|status| (subscriber, status)));
    }
    let targets = targets(app, view.as_mut(), &links, &statuses).await?;
    drop(view);
    for (account, link, status) in targets {
        tell(app, &account, &link, &phone, status).await?;
    }
    let now = app.now();
    let is_under_way = |link: &&ContactLink| {
        link.person.is_none() && link.refusals == 0 && now - link.modified_at < UNDER_WAY
    };
    let is_told = |link: &&ContactLink| statuses.contains_key(&link.subscriber);
    match links.iter().filter(is_told).find(is_under_way) {
        Some(_) => Err(JobError::Retry("an action of this number is on its way to a list".into())),
        None => Ok(()),
    }
}

/// What a list is told of a number after that was said. Nothing where the number has said otherwise since, which is another
/// job, or where all that it said was taken back.
fn told(said: Choice, standing: Standing, whose: Option<SubscriberId>) -> Option<ListStatus> {
    match (said, standing) {
        (Choice::Stopped | Choice::Withdrawn, Standing::Stopped) => Some(ListStatus::Unsubscribed),
        (Choice::Granted | Choice::Withdrawn, Standing::Granted) if whose.is_none() => {
            Some(ListStatus::Subscribed)
        }
        _ => None,
    }
}

/// Of each list that is to be told, whom the number was last passed on with.
async fn targets(
    app: &App,
    view: &mut dyn View,
    links: &[ContactLink],
    statuses: &BTreeMap<Option<SubscriberId>, ListStatus>,
) -> Result<Vec<(CrmAccount, ContactLink, ListStatus)>, StoreError> {
    let mut seen = BTreeSet::new();
    let mut targets = Vec::new();
    for link in links.iter().filter(|link| link.person.is_some()) {
        let Some(status) = statuses.get(&link.subscriber).copied() else { continue };
        if !seen.insert(link.subscriber) {
            continue;
        }
        let account = match link.subscriber {
            None => Some(CrmAccount::Service).filter(|account| app.crm.has(account)),
            Some(subscriber) => list_of(app, view, subscriber).await?,
        };
        targets.extend(account.map(|account| (account, link.clone(), status)));
    }
    Ok(targets)
}

/// Says it to one list, and notes that. A number that a list does not have is not given to it to be stopped.
async fn tell(
    app: &App,
    account: &CrmAccount,
    link: &ContactLink,
    phone: &Phone,
    status: ListStatus,
) -> Result<(), JobError> {
    let Some(person) = &link.person else { return Ok(()) };
    let Some(known) = app.crm.person(account, person).await? else { return Ok(()) };
    let there = known.phone_status(phone);
    let is_told = match status {
        ListStatus::Subscribed => there != Some(ListStatus::Subscribed),
        _ => there == Some(ListStatus::Subscribed),
    };
    if is_told {
        app.crm.set_phone(account, person, phone, status).await?;
    }
    let mut unit = app.store.begin().await?;
    let mut link = unit.contact_links_mut().lock_or_insert(link).await?;
    link.phone = if is_told { Some(status) } else { there };
    link.modified_at = app.now();
    unit.contact_links_mut().update(&link).await?;
    Ok(unit.commit().await?)
}
