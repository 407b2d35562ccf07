//! When rolls are asked about actions: after an action was finished, or was not; and, where switches say so, again.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::link::{link, person};
use crate::{
    address::State,
    app::App,
    ids::ActionId,
    jobs::{JobContext, JobError, NewJob},
    ports::store::{StoreError, Unit, Unmatched, unless_absent},
    switch::voter_action_check as switches,
};

/// The lane of questions to rolls.
const LANE: &str = "voter";
/// The lane of questions about voters of Wisconsin, whose own roll is slow.
const LANE_OF_WISCONSIN: &str = "voter-wi";
/// How much fewer actions of Wisconsin are checked again at each run.
const SLOWER: u32 = 10;
/// How many actions are looked at in one unit.
const STEP: u16 = 500;
/// A week, unless a switch says otherwise.
const INTERVAL: u32 = 7;
/// A quarter, unless a switch says otherwise.
const MOST: u32 = 90;

/// Asks the rolls about who did this.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookUp {
    /// The action.
    pub action: ActionId,
}

/// Has the rolls asked about actions that none was asked about yet: those of a time when there was none, or taken over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckNew {}

/// Has them asked again about actions whose voter they did not know, or not as registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recheck {}

/// Has the rolls asked about an action, where some may know its voter. Twice is once.
pub(crate) async fn enqueue(app: &App, unit: &mut dyn Unit, action: ActionId) -> Result<(), StoreError> {
    if let Some(job) = of_action(app, unit, action).await? {
        unit.jobs_mut().enqueue(&job).await?;
    }
    Ok(())
}

async fn of_action(app: &App, unit: &mut dyn Unit, action: ActionId) -> Result<Option<NewJob>, StoreError> {
    let state = person(unit, action).await?.and_then(|it| it.address.state);
    Ok(state.filter(|state| super::is_asked(app, *state)).map(|state| LookUp { action }.job(app, state)))
}

impl LookUp {
    /// The job's name.
    pub const KIND: &'static str = "voter.look_up";

    /// The job, due now, about a voter of this state.
    #[must_use]
    pub fn job(&self, app: &App, state: State) -> NewJob {
        // once a day: one that was given up does not stand in the way for good
        let key = format!("{}:{}:{}", Self::KIND, self.action, app.now().date_naive());
        let job = app.job(Self::KIND, self).once(key);
        let lane = if state == State::Wi { LANE_OF_WISCONSIN } else { LANE };
        NewJob { lane, ..job }
    }

    /// Asks, unless that is switched off.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        if !app.switches().await.is_on(&switches::FEATURE) {
            return Ok(());
        }
        link(app, self.action).await
    }
}

impl CheckNew {
    /// The job's name.
    pub const KIND: &'static str = "voter.check_new";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Enqueues a look for each of the oldest actions, as many as the switch allows: none unless it is set.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let limit = app.switches().await.number(&switches::MAX_CHECK).unwrap_or(0);
        if limit == 0 {
            return Ok(());
        }
        // younger ones have their own look
        let before = app.now() - app.settings.action.check_unfinished_delay;
        let mut view = app.store.view().await?;
        let actions = unless_absent(view.voters().unasked(before, limit).await)?;
        drop(view);
        enqueue_all(app, &actions).await?;
        tracing::info!(actions = actions.len(), "voter rolls are asked about actions for the first time");
        Ok(())
    }
}

impl Recheck {
    /// The job's name.
    pub const KIND: &'static str = "voter.recheck";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Enqueues a look for each of those that were asked about longest ago, as many as the switch allows: none unless it is
    /// set; of Wisconsin a tenth.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let set = app.switches().await;
        let limit = set.number(&switches::MAX_RECHECK).unwrap_or(0);
        if limit == 0 {
            return Ok(());
        }
        let days = |days: Option<u32>, preset: u32| TimeDelta::days(days.unwrap_or(preset).into());
        let now = app.now();
        let asked_before = now - days(set.number(&switches::RECHECK_INTERVAL_DAYS), INTERVAL);
        let made_after = now - days(set.number(&switches::RECHECK_MAX_DAYS), MOST);
        let mut which = Unmatched { asked_before, made_after, after: None };
        let mut left = Left { others: limit, of_wisconsin: limit / SLOWER };
        let mut enqueued = 0;
        while left.others > 0 {
            let mut view = app.store.view().await?;
            let page = unless_absent(view.voters().unmatched(&which, STEP.into()).await)?;
            drop(view);
            let mut unit = app.store.begin().await?;
            for asked in &page {
                match of_action(app, unit.as_mut(), asked.action).await? {
                    Some(job) if left.takes(job.lane) => {
                        enqueued += u32::from(unit.jobs_mut().enqueue(&job).await?);
                    }
                    Some(_) => {}
                    None => unit.voters_mut().link(asked.action, None, now).await?,
                }
            }
            unit.commit().await?;
            which.after = page.last().copied();
            if page.len() < usize::from(STEP) {
                break;
            }
        }
        tracing::info!(actions = enqueued, "voter rolls are asked about actions again");
        Ok(())
    }
}

/// How many looks a run may still enqueue.
struct Left {
    others: u32,
    of_wisconsin: u32,
}

impl Left {
    /// Whether there is one left in that lane, which is taken then.
    fn takes(&mut self, lane: &str) -> bool {
        let left = if lane == LANE_OF_WISCONSIN { &mut self.of_wisconsin } else { &mut self.others };
        let takes = *left > 0;
        *left = left.saturating_sub(1);
        takes
    }
}

/// A look for each of them. Of those that no roll covers it is noted that they were looked at, so that they do not come
/// again and again.
async fn enqueue_all(app: &App, actions: &[ActionId]) -> Result<(), StoreError> {
    for some in actions.chunks(STEP.into()) {
        let mut unit = app.store.begin().await?;
        let mut jobs = Vec::new();
        for action in some {
            match of_action(app, unit.as_mut(), *action).await? {
                Some(job) => jobs.push(job),
                None => unit.voters_mut().link(*action, None, app.now()).await?,
            }
        }
        unit.jobs_mut().enqueue_all(&jobs).await?;
        unit.commit().await?;
    }
    Ok(())
}
