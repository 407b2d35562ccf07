//! The greeting after a finished action, as a job (`flows.md` 1.3 and 8.3).

use serde::{Deserialize, Serialize};

use super::say::{Recipient, welcome_and_say};
use crate::{
    app::App,
    ids::ActionId,
    jobs::{JobContext, JobError, NewJob},
};

/// Greets the voter of an action.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Welcome {
    /// The action.
    pub action: ActionId,
}

impl Welcome {
    /// The job's name.
    pub const KIND: &'static str = "sms.welcome";

    /// The job, due when voters are greeted, once an action.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        let due = app.now() + app.settings.sms.welcome_delay;
        app.job(Self::KIND, self).high().at(due).once(format!("{}:{}", Self::KIND, self.action))
    }

    /// Greets, unless the number was greeted, has opted in or is stopped, or the voter did not agree to texts.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let Some(source) = view.actions().source(self.action).await? else { return Ok(()) };
        let found = Recipient::of_source(app, view.as_mut(), source).await?;
        drop(view);
        let Some(to) = found else { return Ok(()) };
        let mut unit = app.store.begin().await?;
        welcome_and_say(app, unit.as_mut(), &to, source.tool(), None).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        Ok(unit.commit().await?)
    }
}
