//! What happens later to an action of any tool (`flows.md` 1).

use serde::{Deserialize, Serialize};

use super::{EventType, Source};
use crate::{
    absentee,
    app::App,
    crm,
    decision::Purpose,
    ids::ActionId,
    jobs::{JobContext, JobError, NewJob},
    ports::{
        store::{StoreError, View, unless_absent},
        wording::{FormKind, TextMessage},
    },
    register::resume_link,
    sms::{
        say::{Recipient, welcome_and_say},
        welcome::Welcome,
    },
    switch::drip,
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

/// After any of these the voter has done at the state's own tool what a form was for: nobody is reminded of the form.
pub const DONE_ELSEWHERE: [EventType; 3] =
    [EventType::FinishExternal, EventType::FinishExternalConfirmed, EventType::FinishExternalApi];

impl CheckUnfinished {
    /// The job's name.
    pub const KIND: &'static str = "action.check_unfinished";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Looks at the action's events. Of one that was not finished the voter is passed on to contact lists, looked up
    /// and, who agreed to texts, greeted and told where to go on.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        if view.actions().by_id(self.action).await?.is_none() {
            return Err(JobError::GiveUp("the action is gone".into()));
        }
        let finished = view.actions().has_event(self.action, FINISHED).await?;
        drop(view);
        if !finished {
            follow_up(app, self.action).await?;
            if app.switches().await.flag(&drip::ACTION_UNFINISHED) {
                self.text(app, context).await?;
            }
        }
        tracing::info!(action.id = %self.action, finished, "looked whether an action was finished");
        Ok(())
    }

    /// Greets the voter, and says where to go on.
    async fn text(&self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let Some(source) = view.actions().source(self.action).await? else { return Ok(()) };
        let Some(to) = Recipient::of_source(app, view.as_mut(), source).await? else { return Ok(()) };
        to.awaits_hour(app, Purpose::Unfinished)?;
        let is_partners = view.actions().has_event(self.action, &[EventType::StartActionApi]).await?;
        drop(view);
        let nag = if is_partners { None } else { nag(app, source).await? };
        let mut unit = app.store.begin().await?;
        welcome_and_say(app, unit.as_mut(), &to, source.tool(), nag.as_ref()).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        Ok(unit.commit().await?)
    }
}

/// Where the voter of a form goes on. Other tools have nothing to finish, and where every voter gets a ballot nobody has to
/// ask for one (`flows.md` 1.2).
async fn nag(app: &App, source: Source) -> Result<Option<TextMessage>, JobError> {
    let mut view = app.store.view().await?;
    match source {
        Source::Registration(id) => {
            drop(view);
            let link = resume_link(app, id);
            let link = app.links.shorten(&link).await.unwrap_or(link);
            Ok(Some(TextMessage::Unfinished(FormKind::Registration, link)))
        }
        Source::BallotRequest(id) => {
            let found = unless_absent(view.ballot_requests().by_id(id).await)?;
            let Some(request) = found else { return Ok(None) };
            if is_sent_a_ballot(view.as_mut(), &request).await? {
                return Ok(None);
            }
            drop(view);
            let link = absentee::tool_link(app, &request).await?;
            Ok(link.map(|link| TextMessage::Unfinished(FormKind::BallotRequest, link)))
        }
        Source::Lookup(_) | Source::Reminder(_) | Source::MoverLead(_) => Ok(None),
    }
}

async fn is_sent_a_ballot(
    view: &mut dyn View,
    request: &absentee::BallotRequest,
) -> Result<bool, StoreError> {
    match request.address.state {
        Some(state) => Ok(view.elections().text(state, "vbm_universal").await?.as_deref() == Some("True")),
        None => Ok(false),
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

    /// Ends the action: its voter is passed on to contact lists, looked up and, where voters are greeted, greeted later.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        if view.actions().by_id(self.action).await?.is_none() {
            return Err(JobError::GiveUp("the action is gone".into()));
        }
        drop(view);
        follow_up(app, self.action).await?;
        if app.settings.sms.welcomes {
            let mut unit = app.store.begin().await?;
            unit.jobs_mut().enqueue(&Welcome { action: self.action }.job(app)).await?;
            unit.commit().await?;
        }
        tracing::info!(action.id = %self.action, "an action was finished");
        Ok(())
    }
}

/// Has whoever did this passed on to contact lists, and the voter rolls asked, where there are some.
async fn follow_up(app: &App, action: ActionId) -> Result<(), StoreError> {
    if !voter::has_rolls(app) && !crm::is_on(app) {
        return Ok(());
    }
    let mut unit = app.store.begin().await?;
    crm::jobs::enqueue(app, unit.as_mut(), action).await?;
    if voter::has_rolls(app) {
        voter::jobs::enqueue(app, unit.as_mut(), action).await?;
    }
    unit.commit().await
}
