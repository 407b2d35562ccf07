//! Looks for actions that are on no list, and stops where too much would change.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    SyncRun,
    jobs::SyncAction,
    person::Passed,
    sync::{list_of, prepare},
};
use crate::{
    app::App,
    ids::{ActionId, SubscriberId, SyncRunId},
    jobs::JobError,
    ports::{
        crm::{CrmAccount, ListStatus},
        store::{StoreError, Unlinked, View, unless_absent},
        timer::Timer,
    },
};

/// How many actions are looked at in one unit.
const STEP: u32 = 500;

/// Whether voters are passed on at all.
#[must_use]
pub fn is_on(app: &App) -> bool {
    app.settings.crm.enabled && app.crm.has(&CrmAccount::Service)
}

/// Whether a run was stopped, or is gone.
pub(super) async fn is_stopped(app: &App, id: SyncRunId) -> Result<bool, StoreError> {
    let mut view = app.store.view().await?;
    Ok(view.contact_links().run(id).await?.is_none_or(|run| run.stopped_at.is_some()))
}

/// Counts one of its people. Says whether it goes on; whoever stops it says so.
///
/// # Errors
/// [`JobError::GiveUp`] from the one who stops it, with the numbers.
pub(super) async fn counts(app: &App, id: SyncRunId, changes: bool) -> Result<bool, JobError> {
    let mut unit = app.store.begin().await?;
    let Some(mut run) = unit.contact_links_mut().lock_run(id).await? else { return Ok(false) };
    if run.stopped_at.is_some() {
        return Ok(false);
    }
    run.count(changes, app.now());
    unit.contact_links_mut().update_run(&run).await?;
    unit.commit().await?;
    if run.stopped_at.is_none() {
        return Ok(true);
    }
    let SyncRun { people, changes, most_percent, .. } = run;
    let said = format!(
        "the run over all contacts was stopped: it would change for {changes} of {people} people whether they are \
         written to, and may for {most_percent} %"
    );
    tracing::error!(run.id = %id, people, changes, most_percent, "a run over all contacts was stopped");
    if let Err(error) = app.chat.say(&said).await {
        tracing::warn!(%error, "the team was not told that a run was stopped");
    }
    Err(JobError::GiveUp(said))
}

/// Which subscribers have lists of their own that are kept up: not first-party ones, whose voters are on the list of the
/// organization that runs the service (`flows.md` 14).
#[derive(Default)]
struct Lists(BTreeMap<SubscriberId, Option<CrmAccount>>);

impl Lists {
    async fn of(
        &mut self,
        app: &App,
        view: &mut dyn View,
        subscriber: SubscriberId,
    ) -> Result<Option<CrmAccount>, StoreError> {
        if let Some(known) = self.0.get(&subscriber) {
            return Ok(known.clone());
        }
        let found = view.subscribers().by_id(subscriber).await?;
        let account = match found {
            Some(it) if !it.is_first_party => list_of(app, view, subscriber).await?,
            _ => None,
        };
        self.0.insert(subscriber, account.clone());
        Ok(account)
    }

    /// The lists on which an action still has to be.
    async fn missing(
        &mut self,
        app: &App,
        view: &mut dyn View,
        it: &Unlinked,
    ) -> Result<Vec<CrmAccount>, StoreError> {
        let mut missing = Vec::new();
        if it.of_service && app.crm.has(&CrmAccount::Service) {
            missing.push(CrmAccount::Service);
        }
        if let Some(subscriber) = it.subscriber.filter(|_| it.of_subscriber && it.is_visible) {
            missing.extend(self.of(app, view, subscriber).await?);
        }
        Ok(missing)
    }
}

/// Where a page ended.
type Place = (DateTime<Utc>, ActionId);

/// A page of actions that are old enough, with the lists on which they still have to be, and where it ended.
async fn page(
    app: &App,
    lists: &mut Lists,
    after: Option<Place>,
) -> Result<(Vec<(Unlinked, Vec<CrmAccount>)>, Option<Place>), StoreError> {
    // younger ones have their own job
    let before = app.now() - app.settings.action.check_unfinished_delay;
    let mut view = app.store.view().await?;
    let found = unless_absent(view.contact_links().unlinked(before, after, STEP).await)?;
    let end = found.last().map(|it| (it.created_at, it.action)).filter(|_| found.len() == STEP as usize);
    let mut missing = Vec::new();
    for it in found {
        let on = lists.missing(app, view.as_mut(), &it).await?;
        if !on.is_empty() {
            missing.push((it, on));
        }
    }
    Ok((missing, end))
}

/// Enqueues a job for each action that is on no list though it should be, all of one run. Says how many.
///
/// # Errors
/// When the store fails; some may be enqueued then.
pub async fn pass_on_missing(app: &App, most_percent: u32) -> Result<u32, StoreError> {
    let run = SyncRun::new(SyncRunId(app.ids.uuid()), most_percent, app.now());
    let mut unit = app.store.begin().await?;
    unit.contact_links_mut().insert_run(&run).await?;
    unit.commit().await?;
    let (mut lists, mut after, mut enqueued) = (Lists::default(), None, 0);
    loop {
        let (missing, end) = page(app, &mut lists, after).await?;
        let mut unit = app.store.begin().await?;
        for (it, _) in &missing {
            let job = SyncAction { action: it.action, run: Some(run.id) }.job(app).of(it.subscriber);
            enqueued += u32::from(unit.jobs_mut().enqueue(&job).await?);
        }
        unit.commit().await?;
        after = end;
        if after.is_none() {
            tracing::info!(run.id = %run.id, actions = enqueued, "actions that are on no list are passed on");
            return Ok(enqueued);
        }
    }
}

/// What a run would do, by the number of people on all lists together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// Actions that are on no list though they should be.
    pub actions: u32,
    /// People who would be passed on.
    pub people: u32,
    /// Of them those whom the list does not have yet.
    pub new: u32,
    /// Numbers that would be subscribed.
    pub numbers_subscribed: u32,
    /// Numbers that would be unsubscribed, as they stopped here.
    pub numbers_unsubscribed: u32,
    /// E-mail addresses that would be unsubscribed, or put on the list as such.
    pub addresses_unsubscribed: u32,
    /// E-mail addresses that said no to the list, which we would learn.
    pub addresses_learned: u32,
    /// Numbers that said no to it.
    pub numbers_learned: u32,
    /// Of how many people it would change whether they are written to.
    pub changes: u32,
    /// People of whom the list said nothing.
    pub unanswered: u32,
    /// Whether the run would be stopped because of that.
    pub is_stopped: bool,
}

/// Says what a run would do that may change so much, asks the list about everybody, and changes nothing. `pause` is waited
/// after each question, so that others come to their turns; `progress` is told how many actions are done.
///
/// # Errors
/// When the store fails, or there is no such list.
pub async fn rehearse(
    app: &App,
    most_percent: u32,
    timer: &dyn Timer,
    pause: TimeDelta,
    progress: &mut (dyn FnMut(u32) + Send),
) -> Result<Rehearsal, JobError> {
    let mut run = SyncRun::new(SyncRunId(app.ids.uuid()), most_percent, app.now());
    let (mut lists, mut after, mut said) = (Lists::default(), None, Rehearsal::default());
    loop {
        let (missing, end) = page(app, &mut lists, after).await?;
        for (it, accounts) in missing {
            said.actions += 1;
            for account in accounts {
                said.one(app, it.action, &account, &mut run).await?;
                timer.wait(pause).await;
            }
            progress(said.actions);
        }
        after = end;
        if after.is_none() {
            return Ok(said);
        }
    }
}

impl Rehearsal {
    async fn one(
        &mut self,
        app: &App,
        action: ActionId,
        account: &CrmAccount,
        run: &mut SyncRun,
    ) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let passed = Passed::of(view.as_mut(), action).await?;
        drop(view);
        let is_somebody = |it: &Passed| it.email().is_some() || it.voter.phone.is_some();
        let Some(passed) = passed.filter(is_somebody) else { return Ok(()) };
        let (known, plan) = match prepare(app, &passed, account).await {
            Ok(prepared) => prepared,
            Err(JobError::Retry(_)) => {
                self.unanswered += 1;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if passed.email().is_none() && plan.entry.phone.is_none() {
            return Ok(());
        }
        let number = plan.entry.phone.as_ref().map(|(_, status)| *status);
        self.people += 1;
        self.new += u32::from(known.person.is_none());
        self.numbers_subscribed += u32::from(number == Some(ListStatus::Subscribed));
        self.numbers_unsubscribed += u32::from(number == Some(ListStatus::Unsubscribed));
        self.addresses_unsubscribed += u32::from(plan.entry.email_status.is_some());
        self.addresses_learned += u32::from(plan.learned.email.is_some());
        self.numbers_learned += u32::from(plan.learned.phone);
        self.changes += u32::from(plan.changes);
        run.count(plan.changes, app.now());
        self.is_stopped = run.stopped_at.is_some();
        Ok(())
    }
}
