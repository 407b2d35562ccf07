//! Every night.

use serde::{Deserialize, Serialize};

use super::run;
use crate::{
    app::App,
    jobs::{JobContext, JobError, NewJob},
};

/// So many rows one run deletes: far fewer than fit into the lease of a job.
const MOST_AT_ONCE: u64 = 20_000;

/// Deletes what is older than it may become.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Expire {}

impl Expire {
    /// The job's name.
    pub const KIND: &'static str = "retention.expire";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Deletes it. What is too much for one run is left to the next, which is due at once.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let outcome = run(app, Some(MOST_AT_ONCE), |_| {}).await?;
        if !outcome.is_all {
            let mut unit = app.store.begin().await?;
            unit.jobs_mut().enqueue(&Self {}.job(app)).await?;
            unit.commit().await?;
        }
        for (kind, deleted) in &outcome.deleted {
            tracing::info!(kind = kind.name(), deleted, "what is old was deleted");
        }
        Ok(())
    }
}
