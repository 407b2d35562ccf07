//! A plan is approved, started and stopped, and its text sent to one number first.

use chrono::TimeDelta;

use super::{
    Blast, BlastStatus, By, Planned, Seal,
    jobs::{FanOut, Send},
    map::note_of,
    note,
    plan::seal_of,
};
use crate::{
    app::App,
    decision::{Decision, Place, Purpose},
    ids::{BlastId, MessageId, UserId},
    page::PageRequest,
    person::Phone,
    ports::store::{StoreError, Unit},
    sms::{Number, Text, enqueue, enqueue_by},
};

/// For how long a plan may be started: later, others have signed up, and others have finished.
const LASTS: TimeDelta = TimeDelta::hours(72);

/// Why something was not done with a blast.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no such blast.
    #[error("there is no such blast")]
    NotFound,
    /// It is not planned, was started, or is over.
    #[error("the blast is {status}: {1}", status = .0.wire())]
    Status(BlastStatus, &'static str),
    /// Whoever planned it wants to approve it.
    #[error("whoever planned a blast cannot approve it: somebody else has to")]
    OwnPlan,
    /// The plan that was named is not the present one.
    #[error("the plan is another one by now: look at it again")]
    OtherPlan,
    /// What is in the rows is not what was planned and approved.
    #[error("what was approved is not what is there now: plan it anew")]
    Changed,
    /// Nobody approved it.
    #[error("nobody has approved this plan")]
    Unapproved,
    /// The plan is too old.
    #[error("the plan is older than three days: plan it anew")]
    Stale,
    /// It costs more than it may.
    #[error("it costs more than it may")]
    OverBudget,
    /// Nobody is left to be written to.
    #[error("nobody would get it")]
    Nobody,
    /// Whoever does it has no name.
    #[error("whoever does this has a name of 1 to 100 characters")]
    Nameless,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Approves the plan that `seal` names: its first ten signs are enough. Not by whoever planned it.
///
/// # Errors
/// See [`RunError`].
pub async fn approve(app: &App, id: BlastId, seal: &str, by: impl Into<By>) -> Result<Blast, RunError> {
    let by = by.into().named().ok_or(RunError::Nameless)?;
    let user = by.user;
    let blast = app.store.view().await?.blasts().by_id(id).await?.ok_or(RunError::NotFound)?;
    let now_there = seal_of(app, &blast).await?;
    let mut unit = app.store.begin().await?;
    let mut blast = locked(unit.as_mut(), id).await?;
    let (BlastStatus::Planned | BlastStatus::Approved, Some(planned), Some(planned_seal)) =
        (blast.status, &blast.planned, blast.seal)
    else {
        return Err(RunError::Status(
            blast.status,
            "only what is planned and was not started can be approved",
        ));
    };
    if planned.may_be(&by.name, by.user) {
        return Err(RunError::OwnPlan);
    }
    if seal.len() < 10 || !planned_seal.to_string().starts_with(&seal.to_ascii_lowercase()) {
        return Err(RunError::OtherPlan);
    }
    may_go(&blast, now_there)?;
    blast.status = BlastStatus::Approved;
    blast.approved = Some(by.at(app.now()));
    blast.approved_seal = blast.seal;
    save(app, unit, blast, user, "approved").await
}

/// Starts what was approved, or goes on with what was stopped.
///
/// # Errors
/// See [`RunError`].
pub async fn start(app: &App, id: BlastId, by: impl Into<By>) -> Result<Blast, RunError> {
    let by = by.into().named().ok_or(RunError::Nameless)?;
    let user = by.user;
    let blast = app.store.view().await?.blasts().by_id(id).await?.ok_or(RunError::NotFound)?;
    let now_there = seal_of(app, &blast).await?;
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let mut blast = locked(unit.as_mut(), id).await?;
    match blast.status {
        BlastStatus::Approved | BlastStatus::Stopped => {}
        BlastStatus::Planning | BlastStatus::Planned => return Err(RunError::Unapproved),
        status => return Err(RunError::Status(status, "it cannot be started again")),
    }
    let is_second = blast.approved.as_ref().zip(blast.planned.as_ref());
    if !blast.is_approved()
        || is_second.is_none_or(|(approved, planned)| planned.may_be(&approved.by, approved.user))
    {
        return Err(RunError::Unapproved);
    }
    may_go(&blast, now_there)?;
    if blast.planned.as_ref().is_none_or(|planned| now - planned.at > LASTS) {
        return Err(RunError::Stale);
    }
    blast.status = BlastStatus::Running;
    blast.run += 1;
    blast.enqueued = 0;
    blast.started = Some(by.at(now));
    unit.jobs_mut().enqueue(&FanOut { blast: id, run: blast.run, after: None }.job(app)).await?;
    save(app, unit, blast, user, "started").await
}

/// Stops a blast: no text of it is handed over from now on, but one that is just being. Nothing is undone.
///
/// # Errors
/// See [`RunError`].
pub async fn stop(app: &App, id: BlastId, by: impl Into<By>) -> Result<Blast, RunError> {
    let by = by.into().named().ok_or(RunError::Nameless)?;
    let user = by.user;
    let mut unit = app.store.begin().await?;
    let mut blast = locked(unit.as_mut(), id).await?;
    if blast.status != BlastStatus::Running {
        return Err(RunError::Status(blast.status, "only what runs can be stopped"));
    }
    blast.status = BlastStatus::Stopped;
    blast.stopped = Some(by.at(app.now()));
    save(app, unit, blast, user, "stopped").await
}

/// Sends the text to one number, outside of the blast: as what its owner asked for, who has to have agreed to texts as
/// everybody has. Says what was decided.
///
/// # Errors
/// See [`RunError`].
pub async fn test(app: &App, id: BlastId, to: Phone, by: impl Into<By>) -> Result<Decision, RunError> {
    let by = by.into().named().ok_or(RunError::Nameless)?;
    let user = by.user;
    let mut unit = app.store.begin().await?;
    let mut blast = locked(unit.as_mut(), id).await?;
    let (BlastStatus::Planned | BlastStatus::Approved) = blast.status else {
        return Err(RunError::Status(blast.status, "only what is planned and was not started is tested"));
    };
    let number = unit.messages_mut().lock_or_insert(&Number::new(app, to)).await?;
    let text = Text {
        to: &number,
        purpose: Purpose::Service,
        sender: blast.sender,
        place: Place::default(),
        text: blast.content.clone(),
    };
    let decision = match blast.map {
        None => enqueue(app, unit.as_mut(), text).await?,
        Some(voting) => {
            let from = first_to_go(unit.as_mut(), id).await?.ok_or(RunError::Nobody)?;
            let job = |message| Send { message, map_from: Some(from) }.job(app);
            enqueue_by(app, unit.as_mut(), text, Some(note_of(voting)), job).await?
        }
    };
    if !matches!(decision, Decision::Refuse(_)) {
        blast.tested = Some(by.at(app.now()));
    }
    save(app, unit, blast, user, "tested").await?;
    Ok(decision)
}

/// The first whom the plan does not refuse: a test of a blast with maps shows the way from there.
async fn first_to_go(unit: &mut dyn Unit, id: BlastId) -> Result<Option<MessageId>, StoreError> {
    let mut after = None;
    loop {
        let page = unit.blasts().recipients(id, PageRequest { after, limit: 500 }).await?;
        let first = page.rows.iter().find(|it| it.planned != Planned::Refuse);
        if let Some(first) = first {
            return Ok(Some(first.id));
        }
        after = page.next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

/// Whether what is there is what was planned, reaches somebody, and costs no more than it may.
fn may_go(blast: &Blast, now_there: Seal) -> Result<(), RunError> {
    if blast.seal != Some(now_there) {
        return Err(RunError::Changed);
    }
    if blast.sendable == 0 {
        return Err(RunError::Nobody);
    }
    if blast.cost() > blast.budget {
        return Err(RunError::OverBudget);
    }
    Ok(())
}

async fn locked(unit: &mut dyn Unit, id: BlastId) -> Result<Blast, RunError> {
    unit.blasts_mut().lock(id).await?.ok_or(RunError::NotFound)
}

async fn save(
    app: &App,
    mut unit: Box<dyn Unit>,
    mut blast: Blast,
    by: Option<UserId>,
    act: &'static str,
) -> Result<Blast, RunError> {
    blast.modified_at = app.now();
    unit.blasts_mut().update(&blast).await?;
    note(app, unit.as_mut(), &blast, by, act).await?;
    unit.commit().await?;
    Ok(blast)
}
