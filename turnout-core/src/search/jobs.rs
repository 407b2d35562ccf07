//! What keeps the lists quick and complete.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Listed, LookedAt, Packing, Records};
use crate::{
    app::App,
    ids::{BallotRequestId, LookupId, PollingPlaceLookupId, RegistrationId, ReminderId},
    jobs::{JobContext, JobError, NewJob},
    page::PageRequest,
    ports::store::{StoreError, Unit},
};

/// How many records are looked at in one step.
const STEP: u32 = 500;
/// How many steps one run makes before the next one goes on.
const STEPS: usize = 100;

/// Packs what was listed lately, where it has become much.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pack {}

/// Lists the voters who are visible to their subscriber and not listed: those whose records were made before there was a
/// search, or put there by something else.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Complete {
    /// The records that are looked at; those of later tools follow.
    #[serde(default)]
    pub records: Records,
    /// Where the look before this one stopped.
    pub after: Option<LookedAt>,
}

/// Has [`Complete`] look at everything: after a migration there may be rows that nothing has listed.
///
/// # Errors
/// When the store fails.
pub async fn complete(app: &App) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unit.jobs_mut().enqueue(&Complete::default().job(app)).await?;
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

    /// Goes through the records in steps. What is too much for one run is left to the next, which is due at once.
    pub(crate) async fn run(mut self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut listed = 0_usize;
        for _ in 0..STEPS {
            let mut view = app.store.view().await?;
            let page = PageRequest { after: self.after, limit: STEP };
            let page = match view.search().unlisted(self.records, page).await {
                Err(StoreError::Absent(_)) => return Ok(()),
                page => page?,
            };
            drop(view);
            if !page.rows.is_empty() {
                let mut unit = app.store.begin().await?;
                for id in page.rows {
                    if let Some(entry) = held(unit.as_mut(), self.records, id).await? {
                        listed += usize::from(unit.search_mut().insert_missing(&entry).await?);
                    }
                }
                unit.commit().await?;
            }
            self.after = page.next;
            if page.next.is_none() {
                let Some(records) = self.records.next() else {
                    tracing::info!(listed, "every visible voter is listed");
                    return Ok(());
                };
                self.records = records;
            }
        }
        tracing::info!(listed, "voters were listed");
        let mut unit = app.store.begin().await?;
        unit.jobs_mut().enqueue(&self.job(app)).await?;
        Ok(unit.commit().await?)
    }
}

/// The entry of a record, which is held, so that its name cannot change in between.
async fn held(unit: &mut dyn Unit, records: Records, id: Uuid) -> Result<Option<Listed>, StoreError> {
    Ok(match records {
        Records::Registrations => {
            let record = unit.registrations_mut().lock(RegistrationId(id)).await?;
            record.as_ref().and_then(Listed::registration)
        }
        Records::BallotRequests => {
            let record = unit.ballot_requests_mut().lock(BallotRequestId(id)).await?;
            record.as_ref().and_then(Listed::ballot_request)
        }
        // a question never changes
        Records::Lookups => unit.lookups().by_id(LookupId(id)).await?.as_ref().and_then(Listed::lookup),
        // nor does a request, and what a locator said
        Records::Reminders => {
            unit.reminders().by_id(ReminderId(id)).await?.as_ref().and_then(Listed::reminder)
        }
        Records::PollingPlaces => {
            let record = unit.polling_places().by_id(PollingPlaceLookupId(id)).await?;
            record.as_ref().and_then(Listed::polling_place)
        }
    })
}
