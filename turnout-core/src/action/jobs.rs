//! What happens later to an action of any tool (`flows.md` 1).

use serde::{Deserialize, Serialize};

use super::EventType;
use crate::{
    app::App,
    ids::ActionId,
    jobs::{JobContext, JobError, NewJob},
    ports::store::StoreError,
    voter,
};

/// Looks whether a voter who began has finished.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckUnfinished {
    /// The action.
    pub action: ActionId,
}

/// What follows a finished action.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finish {
    /// The action.
    pub action: ActionId,
}

/// After any of these nobody is asked to go on (`flows.md` 1.2; `FinishExternalAPI` by quirk Q24).
pub const FINISHED: &[EventType] = &[
    EventType::FinishPrint,
    EventType::FinishLob,
    EventType::FinishLeo,
    EventType::Finish,
    EventType::FinishLeoFaxPending,
    EventType::FinishExternalApi,
];

impl CheckUnfinished {
    /// The job's name.
    pub const KIND: &'static str = "action.check_unfinished";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Looks at the action's events. Of one that was not finished the voter is looked up; the texts that may follow belong
    /// to the room that sends them.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        if view.actions().by_id(self.action).await?.is_none() {
            return Err(JobError::GiveUp("the action is gone".into()));
        }
        let finished = view.actions().has_event(self.action, FINISHED).await?;
        drop(view);
        if !finished {
            look_up(app, self.action).await?;
        }
        tracing::info!(action.id = %self.action, finished, "looked whether an action was finished");
        Ok(())
    }
}

impl Finish {
    /// The job's name.
    pub const KIND: &'static str = "action.finish";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Ends the action: its voter is looked up. Contact lists and texts join here with their rooms.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        if view.actions().by_id(self.action).await?.is_none() {
            return Err(JobError::GiveUp("the action is gone".into()));
        }
        drop(view);
        look_up(app, self.action).await?;
        tracing::info!(action.id = %self.action, "an action was finished");
        Ok(())
    }
}

/// Has the voter rolls asked about who did this, where there are some.
async fn look_up(app: &App, action: ActionId) -> Result<(), StoreError> {
    if !voter::has_rolls(app) {
        return Ok(());
    }
    let mut unit = app.store.begin().await?;
    voter::jobs::enqueue(app, unit.as_mut(), action).await?;
    unit.commit().await
}
