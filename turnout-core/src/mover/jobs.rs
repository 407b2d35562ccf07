//! What happens when: leads are fetched, located, put onto the contact list and mailed forms; the mails that follow.

use serde::{Deserialize, Serialize};

pub use super::push::Push;
use super::{LETTERS, MoverLead, PullError, TakenIn, blank_forms, import::pull, notify, push, since};
use crate::{
    address::Address,
    app::App,
    ids::{ActionId, MoverLeadId, RegionId},
    jobs::{JobContext, JobError, NewJob},
    ports::{
        regions::RegionMatch,
        store::StoreError,
        wording::{Message, MoverMail},
    },
    switch::movers,
};

/// The lane of letters to who moved.
pub(crate) const LANE: &str = "movers";
/// How many complaints about leads are logged.
const LOGGED: usize = 20;
/// How many leads are looked at in one step.
const STEP: u32 = 500;
/// How many jobs a run enqueues for leads of former times: no more than lanes get done until the next one.
const MOST_A_RUN: usize = 10_000;

/// Fetches leads, and enqueues what is left to be done with those that there are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pull {}

/// Asks which regions the two addresses of a lead are in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Locate {
    /// Which lead.
    pub lead: MoverLeadId,
}

/// Looks for who is to get a letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailForms {}

/// Makes a letter with blank forms, and has it mailed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailLead {
    /// To which lead.
    pub lead: MoverLeadId,
}

/// Writes that the forms are about to arrive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormsMailed {
    /// To which lead.
    pub lead: MoverLeadId,
    /// The action of the letter.
    pub action: ActionId,
}

/// Writes, three days later, not to forget them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remind {
    /// To which lead.
    pub lead: MoverLeadId,
    /// The action of the letter.
    pub action: ActionId,
}

/// Writes, four weeks later, where to look what became of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Chase {
    /// To which lead.
    pub lead: MoverLeadId,
    /// The action of the letter.
    pub action: ActionId,
}

pub(super) async fn load(app: &App, id: MoverLeadId) -> Result<MoverLead, JobError> {
    let mut view = app.store.view().await?;
    let found = view.movers().by_id(id).await?;
    found.ok_or_else(|| JobError::GiveUp("the lead is gone".into()))
}

/// Enqueues a job for each lead of a list that is read in steps; no more than a run gets done.
macro_rules! enqueue_for_each {
    ($app:expr, |$view:ident, $after:ident| $list:expr, |$lead:ident| $job:expr) => {{
        let mut $after = None;
        let mut enqueued = 0;
        while enqueued < MOST_A_RUN {
            let mut $view = $app.store.view().await?;
            let found = $list;
            drop($view);
            let Some(last) = found.last() else { break };
            $after = Some(*last);
            let jobs: Vec<NewJob> = found.into_iter().map(|$lead| $job.job($app)).collect();
            enqueued += jobs.len();
            let mut unit = $app.store.begin().await?;
            unit.jobs_mut().enqueue_all(&jobs).await?;
            unit.commit().await?;
        }
    }};
}

impl Pull {
    /// The job's name.
    pub const KIND: &'static str = "mover.pull";

    /// The job, due now. There is one at a time.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// First what is left of leads that there are, so that a source that fails keeps nobody from what is next.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        enqueue_left(app).await?;
        if !app.switches().await.flag(&movers::PULL_MOVERS) {
            return Ok(());
        }
        let taken = pull(app, None, false, &mut |_, _| {}).await;
        let taken = taken.map_err(|error| match error {
            PullError::Source(error) => JobError::though_unread(error),
            PullError::Store(error) => error.into(),
        })?;
        log(&taken);
        Ok(())
    }
}

fn log(taken: &TakenIn) {
    for complaint in taken.complaints.iter().take(LOGGED) {
        tracing::warn!(%complaint, "a lead about somebody who moved is wrong, and was left out");
    }
    let TakenIn { read, added, known, wrong, .. } = taken;
    tracing::info!(read, added, known, wrong, "leads about people who moved were taken in");
}

/// Enqueues what is left to be done with leads, as the switches say.
async fn enqueue_left(app: &App) -> Result<(), StoreError> {
    let switches = app.switches().await;
    if switches.flag(&movers::GEOCODE) {
        enqueue_for_each!(app, |view, after| view.movers().unlocated(after, STEP).await?, |lead| Locate {
            lead
        });
    }
    if push::is_on(app, &switches) {
        enqueue_for_each!(app, |view, after| view.movers().unpushed(since(), after, STEP).await?, |lead| {
            Push { lead }
        });
    }
    Ok(())
}

impl Locate {
    /// The job's name.
    pub const KIND: &'static str = "mover.locate";

    /// The job, due now, once a lead.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).once(format!("{}:{}", Self::KIND, self.lead))
    }

    /// Notes the regions where there is just one, and that it was asked; then the contact list is next.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let lead = load(app, self.lead).await?;
        let switches = app.switches().await;
        if lead.located_at.is_some() || !switches.flag(&movers::GEOCODE) {
            return Ok(());
        }
        let new = find(app, &lead.new.address).await?;
        let old = find(app, &lead.old.address).await?;
        let now = app.now();
        let mut unit = app.store.begin().await?;
        if let Some(mut lead) = unit.movers_mut().lock(self.lead).await? {
            lead.new.region = lead.new.region.or(new);
            lead.old.region = lead.old.region.or(old);
            (lead.located_at, lead.modified_at) = (Some(now), now);
            unit.movers_mut().update(&lead).await?;
            if push::is_on(app, &switches) && lead.crm_person.is_none() {
                unit.jobs_mut().enqueue(&Push { lead: self.lead }.job(app)).await?;
            }
        }
        context.finish_in(unit.as_mut(), now).await?;
        Ok(unit.commit().await?)
    }
}

/// The one region of an address, if the store knows it. Who cannot answer now is asked again later.
async fn find(app: &App, address: &Address) -> Result<Option<RegionId>, JobError> {
    if address.state.is_none() {
        return Ok(None);
    }
    let region = match app.regions.find(address).await {
        Ok(RegionMatch::One(region)) => region,
        Ok(RegionMatch::Several(_) | RegionMatch::None) => return Ok(None),
        Err(error) if error.is_transient() => return Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "an address of a lead could not be matched to a region");
            return Ok(None);
        }
    };
    // one that another took the place of is that other one
    Ok(app.store.view().await?.officials().region(region).await?.map(|region| region.id))
}

impl MailForms {
    /// The job's name.
    pub const KIND: &'static str = "mover.mail_forms";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Goes through the states that letters go to now, and enqueues a letter for each who gets one.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let switches = app.switches().await;
        let mut enqueued = 0;
        for rule in LETTERS.iter().filter(|rule| rule.is_on(&switches)) {
            let mut after = None;
            while enqueued < MOST_A_RUN {
                let mut view = app.store.view().await?;
                let found = view.movers().unmailed(rule.state, since(), after, STEP).await?;
                drop(view);
                let Some(last) = found.last() else { break };
                after = Some(last.id);
                let leads = found.iter().filter(|lead| rule.takes(lead));
                let jobs: Vec<NewJob> = leads.map(|lead| MailLead { lead: lead.id }.job(app)).collect();
                let mut unit = app.store.begin().await?;
                unit.jobs_mut().enqueue_all(&jobs).await?;
                unit.commit().await?;
                enqueued += jobs.len();
            }
        }
        tracing::info!(enqueued, "people who moved are to get blank forms");
        Ok(())
    }
}

impl MailLead {
    /// The job's name.
    pub const KIND: &'static str = "mover.mail_lead";

    /// The job, due now, once a lead: one that was given up waits for a person.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).once(format!("{}:{}", Self::KIND, self.lead))
    }

    /// Makes the letter, once.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        blank_forms::mail(app, self.lead, context).await
    }
}

/// Writes to a lead, if the action is still that of its letter (quirk Q17).
async fn write(
    app: &App,
    lead: MoverLeadId,
    action: ActionId,
    message: fn(MoverMail) -> Message,
    unique: &str,
) -> Result<(), JobError> {
    let lead = load(app, lead).await?;
    if lead.action != Some(action) {
        return Ok(());
    }
    let mail = notify::mail(app, &lead).await?;
    notify::send(app, &lead, &message(mail), unique).await
}

macro_rules! mails {
    ($($job:ident $kind:literal $message:path;)*) => {$(
        impl $job {
            /// The job's name.
            pub const KIND: &'static str = $kind;

            /// The job, due now, once a letter.
            #[must_use]
            pub fn job(&self, app: &App) -> NewJob {
                app.job(Self::KIND, self).once(format!("{}:{}", Self::KIND, self.action))
            }

            /// Writes, if it is still about this letter.
            pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
                write(app, self.lead, self.action, $message, &context.unique()).await
            }
        }
    )*};
}

mails! {
    FormsMailed "mover.forms_mailed" Message::MoverFormsMailed;
    Remind "mover.remind" Message::MoverFormsReminder;
    Chase "mover.chase" Message::MoverFormsChase;
}
