//! What keeps the lists quick and complete.

use serde::{Deserialize, Serialize};

use super::{Listed, LookedAt, Packing};
use crate::{
    app::App,
    jobs::{JobContext, JobError, NewJob},
    page::PageRequest,
    ports::store::StoreError,
};

/// How many registrations are looked at in one step.
const STEP: u32 = 500;
/// How many steps one run makes before the next one goes on.
const STEPS: usize = 100;

/// Packs what was listed lately, where it has become much.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pack {}

/// Lists the registrations that are visible to their subscriber and not listed: those made before there was a search,
/// or put there by something else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Complete {
    /// Where the look before this one stopped.
    pub after: Option<LookedAt>,
}

/// Has [`Complete`] look at everything: after a migration there may be rows that nothing has listed.
///
/// # Errors
/// When the store fails.
pub async fn complete(app: &App) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unit.jobs_mut().enqueue(&Complete { after: None }.job(app)).await?;
    unit.commit().await
}

impl Pack {
    /// The job's name.
    pub const KIND: &'static str = "search.pack";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Packs, block by block, each in a unit of its own.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        loop {
            let mut unit = app.store.begin().await?;
            match unit.search_mut().pack(Packing::default()).await {
                Ok(true) => unit.commit().await?,
                Ok(false) | Err(StoreError::Absent(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Complete {
    /// The job's name.
    pub const KIND: &'static str = "search.complete";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Goes through the registrations in steps. What is too much for one run is left to the next, which is due at once.
    pub(crate) async fn run(mut self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut listed = 0_usize;
        for _ in 0..STEPS {
            let mut view = app.store.view().await?;
            let page = match view.search().unlisted(PageRequest { after: self.after, limit: STEP }).await {
                Err(StoreError::Absent(_)) => return Ok(()),
                page => page?,
            };
            drop(view);
            if !page.rows.is_empty() {
                let mut unit = app.store.begin().await?;
                for id in page.rows {
                    // held, so that its name cannot change in between
                    let registration = unit.registrations_mut().lock(id).await?;
                    if let Some(entry) = registration.as_ref().and_then(Listed::registration) {
                        listed += usize::from(unit.search_mut().insert_missing(&entry).await?);
                    }
                }
                unit.commit().await?;
            }
            if page.next.is_none() {
                tracing::info!(listed, "every visible registration is listed");
                return Ok(());
            }
            self.after = page.next;
        }
        tracing::info!(listed, "registrations were listed");
        let mut unit = app.store.begin().await?;
        unit.jobs_mut().enqueue(&self.job(app)).await?;
        Ok(unit.commit().await?)
    }
}
