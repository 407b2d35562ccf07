//! What happens later to a question: the mail after the state's own tool was used.

use serde::{Deserialize, Serialize};

use super::{Lookup, notify};
use crate::{
    action::Sending,
    app::App,
    ids::LookupId,
    jobs::{JobContext, JobError, NewJob},
    switch::drip,
};

/// Writes what is next to a voter who checked a registration at the state's tool.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NextSteps {
    /// Whose question.
    pub lookup: LookupId,
}

/// The mail about what is next, once a question.
pub(crate) fn next_steps(app: &App, lookup: &Lookup) -> NewJob {
    NextSteps { lookup: lookup.id }
        .job(app)
        .of(lookup.subscriber)
        .at(app.now() + app.settings.verifier.next_steps_delay)
        .once(format!("{}:{}", NextSteps::KIND, lookup.id))
}

impl NextSteps {
    /// The job's name.
    pub const KIND: &'static str = "verifier.next_steps";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        if !app.switches().await.flag(&drip::VERIFY_EXTERNAL) {
            return Ok(());
        }
        let found = app.store.view().await?.lookups().by_id(self.lookup).await?;
        let lookup = found.ok_or_else(|| JobError::GiveUp("the question is gone".into()))?;
        let sending = Sending {
            email: lookup.voter.email.as_deref(),
            phone: lookup.voter.phone.as_ref(),
            subscriber: lookup.subscriber,
        };
        if !sending.is_welcome(app).await {
            return Ok(());
        }
        notify::next_steps(app, &lookup, context).await
    }
}
