//! The nightly look at the supplier's list.

use serde::{Deserialize, Serialize};

use super::sync::{self, SyncError, SyncOptions};
use crate::{
    app::App,
    jobs::{JobContext, JobError, NewJob},
};

/// How many complaints about a list are logged.
const LOGGED: usize = 20;

/// Takes over the supplier's list as it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sync {}

impl Sync {
    /// The job's name.
    pub const KIND: &'static str = "official.sync";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Fetches the list, and takes it over. A list that is broken, or lacks much of what there is, waits for a person: the
    /// offices stay as they are.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let draft = app.officials.fetch().await?;
        let list = draft.check().map_err(|complaints| {
            for complaint in complaints.iter().take(LOGGED) {
                tracing::error!(%complaint, "the list of election offices is wrong");
            }
            JobError::GiveUp(format!("the list of election offices is wrong in {} places", complaints.len()))
        })?;
        match sync::take_over(app, &list, &SyncOptions::default()).await {
            Ok(synced) => {
                let (regions, offices, addresses) = (synced.regions, synced.offices, synced.addresses);
                tracing::info!(?regions, ?offices, ?addresses, "the list of election offices was taken over");
                Ok(())
            }
            Err(SyncError::Store(error)) => Err(error.into()),
            Err(error) => Err(JobError::GiveUp(error.to_string())),
        }
    }
}
