//! What happens to contact lists, and when: all but the look for what is missing in a lane of its own, in which each request
//! takes a turn, four a second.

use serde::{Deserialize, Serialize};

use super::{contact, run, status, sync, unsubscribe};
use crate::{
    app::App,
    consent::Choice,
    ids::{ActionId, ConsentId, SubscriberId, SyncRunId},
    jobs::{JobContext, JobError, NewJob},
    ports::{
        crm::CrmAccount,
        store::{StoreError, Unit},
    },
    suppression::{AddressKey, SuppressionReason},
};

/// Passes on who did this.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SyncAction {
    /// The action.
    pub action: ActionId,
    /// The run that found it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<SyncRunId>,
}

/// Looks for actions that are on no list though they should be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SyncAll {
    /// Of how many in a hundred people it may change whether they are written to; what the settings say without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_percent: Option<u32>,
}

/// Puts the contact at a new subscriber on the list of those.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SyncSubscriber {
    /// The subscriber.
    pub subscriber: SubscriberId,
}

/// Tells the lists that a number asked for no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unsubscribe {
    /// Its no in the ledger of consent.
    pub consent: ConsentId,
}

/// Tells the list that a number asked to be written to, or what counts since something that it said was taken back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resubscribe {
    /// Its yes in the ledger of consent, or the taking back.
    pub consent: ConsentId,
}

/// Tells the lists that an address is not to be mailed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnsubscribeAddress {
    /// By what it is found in the list of those; nobody can tell the address by it.
    pub address: AddressKey,
}

/// Has an action passed on, where voters are.
pub(crate) async fn enqueue(app: &App, unit: &mut dyn Unit, action: ActionId) -> Result<(), StoreError> {
    if run::is_on(app) {
        unit.jobs_mut().enqueue(&SyncAction { action, run: None }.job(app)).await?;
    }
    Ok(())
}

/// Has the lists told what a number said, where there are any. Nothing of a store that keeps no such word.
pub(crate) async fn follow(
    app: &App,
    unit: &mut dyn Unit,
    said: Choice,
    consent: Option<ConsentId>,
) -> Result<(), StoreError> {
    let Some(consent) = consent.filter(|_| app.crm.has(&CrmAccount::Service)) else { return Ok(()) };
    let job = match said {
        Choice::Stopped => Unsubscribe { consent }.job(app),
        // what counts since, may be either
        Choice::Granted | Choice::Withdrawn => Resubscribe { consent }.job(app),
    };
    unit.jobs_mut().enqueue(&job).await.map(drop)
}

/// Has the lists told that an address is not to be mailed, where there are any. Whoever asked for that goes before mail that came
/// back, of which there may be much at once.
pub(crate) async fn follow_address(
    app: &App,
    unit: &mut dyn Unit,
    address: AddressKey,
    reason: SuppressionReason,
) -> Result<(), StoreError> {
    if !app.crm.has(&CrmAccount::Service) {
        return Ok(());
    }
    let job = UnsubscribeAddress { address }.job(app);
    let job = if reason == SuppressionReason::Bounce { job } else { job.high() };
    unit.jobs_mut().enqueue(&job).await.map(drop)
}

impl SyncAction {
    /// The job's name.
    pub const KIND: &'static str = "crm.sync_action";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        // once a day: one that was given up does not stand in the way for good
        let key = format!("{}:{}:{}", Self::KIND, self.action, app.now().date_naive());
        app.job(Self::KIND, self).once(key)
    }

    /// Passes it on to each list on which it is not yet. One list does not wait for the other.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut failed = None;
        for account in sync::lists(app, self.action).await? {
            match sync::pass_on(app, self.action, &account, self.run).await {
                Ok(done) => {
                    tracing::info!(action.id = %self.action, list = account.name(), ?done, "passed on")
                }
                // of two failures the one that is tried again
                Err(error @ JobError::GiveUp(_)) => failed = failed.or(Some(error)),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

impl SyncAll {
    /// The job's name.
    pub const KIND: &'static str = "crm.sync_all";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Enqueues a job for each of them.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        if !run::is_on(app) {
            return Ok(());
        }
        let most_percent = self.most_percent.unwrap_or(app.settings.crm.most_changes_percent);
        run::pass_on_missing(app, most_percent).await?;
        Ok(())
    }
}

impl SyncSubscriber {
    /// The job's name.
    pub const KIND: &'static str = "crm.sync_subscriber";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Enters the contact. Twice is once.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        contact::enter(app, self.subscriber).await
    }
}

impl Unsubscribe {
    /// The job's name.
    pub const KIND: &'static str = "crm.unsubscribe";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Tells each list that has the number as subscribed.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        follow_entry(app, self.consent).await
    }
}

impl Resubscribe {
    /// The job's name.
    pub const KIND: &'static str = "crm.resubscribe";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Tells the list of the organization that runs the service.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        follow_entry(app, self.consent).await
    }
}

impl UnsubscribeAddress {
    /// The job's name.
    pub const KIND: &'static str = "crm.unsubscribe_address";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Tells each list that has the address as subscribed.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        unsubscribe::tell_all(app, self.address).await
    }
}

async fn follow_entry(app: &App, consent: ConsentId) -> Result<(), JobError> {
    let mut view = app.store.view().await?;
    let entry = view.consents().by_id(consent).await?;
    drop(view);
    match entry {
        Some(entry) => status::follow(app, &entry).await,
        None => Err(JobError::GiveUp("what was said is gone".into())),
    }
}
