//! The use-case: what a voter did is passed on to a list, once.

use chrono::TimeDelta;

use super::{
    ContactLink, forms,
    person::{Known, Learned, Passed, Plan, Words, plan},
    run, status, unsubscribe,
};
use crate::{
    app::App,
    error::{ProviderError, ProviderErrorKind},
    ids::{ActionId, SubscriberId, SyncRunId},
    jobs::JobError,
    person::Phone,
    ports::{
        crm::{CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPersonId, ListStatus},
        store::{StoreError, View, unless_absent},
    },
    subscription::ExternalTool,
};

/// By how much the list's clock may be behind ours.
const CLOCKS: TimeDelta = TimeDelta::minutes(1);

/// What became of passing somebody on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// The person is on the list.
    Passed,
    /// Was before.
    Before,
    /// There is nothing to find the person by, or no action of a tool.
    Nobody,
    /// The run that it belongs to was stopped.
    Stopped,
}

/// The list of a subscriber that has one.
pub(super) async fn list_of(
    app: &App,
    view: &mut dyn View,
    subscriber: SubscriberId,
) -> Result<Option<CrmAccount>, StoreError> {
    let key = view.subscriptions().integration_key(subscriber, ExternalTool::ActionNetwork).await;
    let account = unless_absent(key)?.map(|key| CrmAccount::Subscriber(subscriber, key));
    Ok(account.filter(|account| app.crm.has(account)))
}

/// The lists on which an action is to be: that of the organization that runs the service, and that of the subscriber if it
/// sees the action.
pub(super) async fn lists(app: &App, action: ActionId) -> Result<Vec<CrmAccount>, JobError> {
    let mut view = app.store.view().await?;
    let found = view.actions().by_id(action).await?;
    let is_visible =
        found.ok_or_else(|| JobError::GiveUp("the action is gone".into()))?.visible_to_subscriber;
    let passed = Passed::of(view.as_mut(), action).await?;
    let mut lists: Vec<CrmAccount> =
        Some(CrmAccount::Service).filter(|it| app.crm.has(it)).into_iter().collect();
    if let Some(subscriber) = passed.and_then(|it| it.subscriber).filter(|_| is_visible) {
        lists.extend(list_of(app, view.as_mut(), subscriber).await?);
    }
    Ok(lists)
}

/// Passes on to one list who did this, unless that was done. It is noted first that this begins: where the answer is lost, or
/// we are, the next try looks on the list whether the person arrived.
pub(super) async fn pass_on(
    app: &App,
    action: ActionId,
    account: &CrmAccount,
    of_run: Option<SyncRunId>,
) -> Result<Done, JobError> {
    let subscriber = account.subscriber();
    let mut view = app.store.view().await?;
    let Some(passed) = Passed::of(view.as_mut(), action).await? else { return Ok(Done::Nobody) };
    let known = view.contact_links().of(action, subscriber).await?;
    drop(view);
    if known.as_ref().is_some_and(|link| link.person.is_some()) {
        return Ok(Done::Before);
    }
    if passed.email().is_none() && passed.voter.phone.is_none() {
        return Ok(Done::Nobody);
    }
    if let Some(id) = of_run
        && run::is_stopped(app, id).await?
    {
        return Ok(Done::Stopped);
    }
    let is_again = known.is_some();
    let link = begin(app, action, subscriber).await?;
    // from here on whoever stops the number sees that this was begun, and waits for it
    let (known, plan) = prepare(app, &passed, account).await?;
    if passed.email().is_none() && plan.entry.phone.is_none() {
        return Ok(Done::Nobody);
    }
    if let Some(id) = of_run
        && !run::counts(app, id, plan.changes).await?
    {
        return Ok(Done::Stopped);
    }
    let form = forms::of_tool(app, passed.source, passed.slug.as_deref().filter(|_| subscriber.is_some()));
    let Some(form) = form else { return Ok(Done::Nobody) };
    let arrived = match &known.person {
        // a no that was said since is still to be told
        Some(person) if is_again && !plan.says_no() => {
            arrived(app, account, &form, &person.id, &link).await?
        }
        _ => None,
    };
    let person = match arrived {
        Some(person) => person,
        None => match enter(app, account, &form, &plan.entry).await {
            Ok(person) => person,
            Err(error) => {
                if error.kind == ProviderErrorKind::Rejected {
                    refuse(app, &link).await?;
                }
                return Err(JobError::though_unread(error));
            }
        },
    };
    note(app, &link, person, &plan, &passed, account).await?;
    app.reached("crm.after_unit");
    Ok(Done::Passed)
}

async fn begin(
    app: &App,
    action: ActionId,
    subscriber: Option<SubscriberId>,
) -> Result<ContactLink, StoreError> {
    let mut unit = app.store.begin().await?;
    let fresh = ContactLink::begun(action, subscriber, app.now());
    let link = unit.contact_links_mut().lock_or_insert(&fresh).await?;
    unit.commit().await?;
    Ok(link)
}

/// What the list knows of the voter, what is known here, and what it is told because of both. Changes nothing.
pub(super) async fn prepare(
    app: &App,
    passed: &Passed,
    account: &CrmAccount,
) -> Result<(Known, Plan), JobError> {
    let mut known = Known::default();
    if let Some(email) = passed.email() {
        known.person = app.crm.by_email(account, email).await?;
    }
    let subscriber = account.subscriber();
    let mut view = app.store.view().await?;
    if let Some(phone) = &passed.voter.phone {
        known.last_of_other = last_with(view.as_mut(), phone, subscriber).await?;
    }
    if let Some(person) = &known.person {
        known.last = view.contact_links().last_of(&person.id, subscriber).await?;
    }
    drop(view);
    let other = known.last_of_other.as_ref().and_then(|link| link.person.clone());
    if let Some(other) = other.filter(|id| known.person.as_ref().is_none_or(|person| person.id != *id)) {
        known.other = app.crm.person(account, &other).await?;
    }
    // what is said here is read last, so that nothing that was said meanwhile is missed
    let mut view = app.store.view().await?;
    let words = Words::of(app, view.as_mut(), passed, account).await?;
    if let Some(phone) = &passed.voter.phone {
        let number = unless_absent(view.messages().number(phone).await)?;
        let joined = number.and_then(|number| number.opted_in_at);
        let noted = [&known.last, &known.last_of_other].into_iter().flatten().map(|it| it.modified_at).max();
        known.joined_since = joined.zip(noted).is_some_and(|(joined, noted)| joined > noted);
    }
    let plan = plan(passed, words, account, &known);
    Ok((known, plan))
}

/// The person on that list whom the number was last passed on with.
async fn last_with(
    view: &mut dyn View,
    phone: &Phone,
    subscriber: Option<SubscriberId>,
) -> Result<Option<ContactLink>, StoreError> {
    let links = view.contact_links().of_phone(phone).await?;
    Ok(links.into_iter().find(|link| link.subscriber == subscriber && link.person.is_some()))
}

/// The person, if an earlier try brought him to the list.
async fn arrived(
    app: &App,
    account: &CrmAccount,
    form: &CrmForm,
    person: &CrmPersonId,
    link: &ContactLink,
) -> Result<Option<CrmPersonId>, JobError> {
    let Some(id) = forms::find(app, account, form).await? else { return Ok(None) };
    let since = link.created_at - CLOCKS;
    Ok(app.crm.was_entered(account, &id, person, since).await?.then(|| person.clone()))
}

/// Enters the person. A form that is not there any more is looked for again.
pub(super) async fn enter(
    app: &App,
    account: &CrmAccount,
    form: &CrmForm,
    entry: &CrmEntry,
) -> Result<CrmPersonId, ProviderError> {
    let id = found(forms::find(app, account, form).await?)?;
    app.reached("crm.before_enter");
    let entered = match app.crm.enter(account, &id, entry).await {
        Err(error) if error.kind == ProviderErrorKind::Rejected => {
            forms::forget(app, account, form).await;
            match forms::find(app, account, form).await? {
                Some(other) if other != id => app.crm.enter(account, &other, entry).await,
                _ => Err(error),
            }
        }
        entered => entered,
    };
    app.reached("crm.after_enter");
    entered
}

/// A form that somebody has to make is no form.
pub(super) fn found(form: Option<CrmFormId>) -> Result<CrmFormId, ProviderError> {
    let is_missing = "the form is not there: somebody has to make it";
    form.ok_or_else(|| ProviderError::new("contact list", ProviderErrorKind::Disabled).because(is_missing))
}

/// Notes that the list did not take the person.
async fn refuse(app: &App, link: &ContactLink) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    let mut link = unit.contact_links_mut().lock_or_insert(link).await?;
    link.refusals = link.refusals.saturating_add(1);
    link.modified_at = app.now();
    unit.contact_links_mut().update(&link).await?;
    unit.commit().await
}

/// Notes whom the list has now, and what we learned of him.
async fn note(
    app: &App,
    link: &ContactLink,
    person: CrmPersonId,
    plan: &Plan,
    passed: &Passed,
    account: &CrmAccount,
) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    let mut link = unit.contact_links_mut().lock_or_insert(link).await?;
    (link.person, link.email, link.phone) = (Some(person), plan.email, plan.phone);
    link.modified_at = app.now();
    unit.contact_links_mut().update(&link).await?;
    if plan.learned != Learned::default() {
        status::take(app, unit.as_mut(), plan.learned, passed, account).await?;
    }
    if let Some(email) = passed.email().filter(|_| plan.email == Some(ListStatus::Subscribed)) {
        unsubscribe::follow_meanwhile(app, unit.as_mut(), email, account.subscriber()).await?;
    }
    unit.commit().await
}
