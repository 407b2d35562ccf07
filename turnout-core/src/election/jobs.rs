//! What happens by the clock: where the tools of the states are is published, and who watches them is told.

use serde::{Deserialize, Serialize};

use super::{
    monitors::{self, MonitorError},
    redirects,
};
use crate::{
    app::App,
    jobs::{JobContext, JobError, NewJob},
    ports::files::FileError,
};

/// Publishes the addresses that lead to the tools of the states.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishRedirects {}

impl PublishRedirects {
    /// The job's name.
    pub const KIND: &'static str = "election.publish_redirects";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Publishes them. Those that lead to a page of ours, as the fact is no address, are logged.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let all = redirects::redirects(app).await?;
        let wrong = all.iter().filter(|it| it.fallback == Some(redirects::Fallback::NoAddress));
        for redirect in wrong {
            tracing::warn!(key = redirect.key(), "the fact is no address that visitors can be sent to");
        }
        redirects::publish(app, &all, |_| {}).await.map_err(|error| match error {
            FileError::Disabled => JobError::GiveUp(error.to_string()),
            error => JobError::Retry(error.to_string()),
        })?;
        tracing::info!(redirects = all.len(), "addresses of tools of the states were published");
        Ok(())
    }
}

/// Has the monitor watch the tools of the states.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MonitorTools {}

impl MonitorTools {
    /// The job's name.
    pub const KIND: &'static str = "election.monitor_tools";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Tells it what differs.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let done = async {
            let changes = monitors::compare(app).await?;
            monitors::carry_out(app, &changes).await?;
            Ok(changes)
        };
        let changes = done.await.map_err(|error| match error {
            MonitorError::Provider(error) => JobError::from(error),
            MonitorError::Store(error) => error.into(),
        })?;
        let (added, changed, stopped) = (changes.added.len(), changes.changed.len(), changes.stopped.len());
        tracing::info!(added, changed, stopped, changes.unchanged, "the tools of the states are watched");
        Ok(())
    }
}
