//! What happens later to letters: they are handed to the mail house, and what that reports is noted and followed.

use serde::{Deserialize, Serialize};

use super::{Form, Forwardable, Letter, LetterReport, News};
use crate::{
    action::{EventType, Source},
    app::App,
    decision::{
        Channel, Decision, Place, Purpose, Recipient, Whereabouts, decide, first_in_days, next_allowed,
    },
    ids::{ActionId, LetterId},
    jobs::{JobContext, JobError, NewJob},
    mail::note_held_under,
    mover,
    ports::{
        letters::{Correspondent, OutgoingLetter, TakenLetter},
        store::{StoreError, Unit},
    },
    webhook,
};

/// How many days after a letter arrived the voter is asked to look what became of the form.
const CHASE_DAYS: u64 = 14;
/// How often a report about a letter that is not known is looked at: it may overtake the answer that makes it known.
const TRIES_UNKNOWN: u32 = 4;

/// Hands a letter to the mail house.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Send {
    /// The letter.
    pub letter: LetterId,
}

/// Notes what the mail house reports, and what follows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeReport {
    /// The letter, as the mail house calls it.
    pub letter: String,
    /// What happened to it, as the mail house calls it.
    pub event: String,
}

impl Send {
    /// The job's name.
    pub const KIND: &'static str = "letter.send";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Hands the letter over, unless the mail house has it already: an earlier try may have got no answer. Then notes who
    /// has it.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let found = view.letters().by_id(self.letter).await?;
        drop(view);
        let letter = found.ok_or_else(|| JobError::GiveUp("the letter is gone".into()))?;
        if letter.external_id.is_some() {
            return Ok(());
        }
        let taken = match first_of(app, &letter).await? {
            Some(taken) => taken,
            None => {
                let outgoing = outgoing(app, &letter).await?;
                app.reached("letter.before_send");
                let taken = app.letters.send(&outgoing).await;
                app.handed_over(Channel::Letter, &taken);
                let taken = taken.map_err(JobError::though_unread)?;
                app.reached("letter.after_send");
                taken
            }
        };
        let mut unit = app.store.begin().await?;
        if let Some(mut letter) = unit.letters_mut().lock(self.letter).await? {
            letter.external_id = Some(taken.id);
            letter.modified_at = app.now();
            unit.letters_mut().update(&letter).await?;
            note_blank_forms(app, unit.as_mut(), letter.action).await?;
        }
        context.finish_in(unit.as_mut(), app.now()).await?;
        unit.commit().await?;
        app.reached("letter.after_unit");
        Ok(())
    }
}

/// Notes, once, that blank forms were sent to who moved. That others asked for their letter was noted when they did.
async fn note_blank_forms(app: &App, unit: &mut dyn Unit, action: ActionId) -> Result<(), StoreError> {
    let event = EventType::LobSendBlankRegisterForms;
    let is_mover = matches!(unit.actions().source(action).await?, Some(Source::MoverLead(_)));
    if is_mover && !unit.actions().has_event(action, &[event]).await? {
        unit.actions_mut().record(&app.event(action, event)).await?;
    }
    Ok(())
}

/// The first letter of the action that the mail house has. Later ones, which somebody else must have sent, are called off.
async fn first_of(app: &App, letter: &Letter) -> Result<Option<TakenLetter>, JobError> {
    let mut there = app.letters.of_action(letter.action).await.map_err(JobError::though_unread)?.into_iter();
    let first = there.next();
    for later in there {
        if let Err(error) = app.letters.call_off(&later.id).await {
            tracing::warn!(letter.id = %letter.id, %error, "a second letter of an action was not called off");
        }
    }
    Ok(first)
}

/// Has it decided about a letter, which the voter asked for; who moved did not. Of one that is held or refused it is noted by
/// which rule.
async fn decided(app: &App, letter: &Letter, source: Source, place: &Place) -> Result<(), JobError> {
    let (purpose, decision) = match source {
        Source::MoverLead(lead) => (Purpose::Campaign, mover::decided_letter(app, lead).await?),
        _ => {
            let whereabouts = Whereabouts::of(app.time_zones.as_ref(), place);
            let voter = Recipient { sender: letter.subscriber, ..Recipient::at(whereabouts) };
            let decision = decide(&voter, Channel::Letter, Purpose::Service, app.now());
            app.measures.decided(Channel::Letter, Purpose::Service, decision);
            (Purpose::Service, decision)
        }
    };
    note_held_under(app, letter.held_under(), purpose, letter.subscriber, decision).await?;
    match decision {
        Decision::Send => Ok(()),
        Decision::HoldUntil(until, _) => Err(JobError::PutOff(until)),
        Decision::Refuse(rule) => Err(JobError::GiveUp(format!("the letter is not mailed ({rule})"))),
    }
}

/// The letter with its pages.
async fn outgoing(app: &App, letter: &Letter) -> Result<OutgoingLetter, JobError> {
    let gone = || JobError::GiveUp("there is nothing to mail any more".into());
    let mut view = app.store.view().await?;
    let Forwardable { source, file, to, sides, place, .. } =
        Forwardable::of_action(view.as_mut(), letter.action).await?.ok_or_else(gone)?;
    let file = view.files().by_id(file).await?.filter(|file| file.purged.is_none()).ok_or_else(gone)?;
    drop(view);
    decided(app, letter, source, &place).await?;
    let pdf = app.files.get(&file.key).await?.ok_or_else(gone)?;
    let from = Correspondent {
        name: app.settings.letter.return_name.clone(),
        address: app.settings.letter.return_address.clone(),
    };
    Ok(OutgoingLetter { id: letter.id, action: letter.action, to, from, pdf, sides })
}

impl TakeReport {
    /// The job's name, that of its lane in the Django service being `lob-status-updates`.
    pub const KIND: &'static str = "letter.take_report";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Records the event once, and with it what follows: reports come more than once (quirk Q13).
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let report = LetterReport { letter: self.letter, event: self.event };
        let Some(event) = report.event_type() else { return Ok(()) };
        let mut unit = app.store.begin().await?;
        let Some(letter) = unit.letters_mut().lock_by_external_id(&report.letter).await? else {
            if context.attempt < TRIES_UNKNOWN {
                return Err(JobError::Retry("the letter is not known yet".into()));
            }
            tracing::warn!("a report about a letter that is not ours was dropped");
            return Ok(());
        };
        if unit.actions().has_event(letter.action, &[event]).await? {
            return Ok(());
        }
        webhook::happened(app, unit.as_mut(), &app.event(letter.action, event)).await?;
        let follow_ups = follow_ups(app, unit.as_mut(), letter.action, event).await?;
        let follow_ups: Vec<NewJob> = follow_ups.into_iter().map(|job| job.of(letter.subscriber)).collect();
        unit.jobs_mut().enqueue_all(&follow_ups).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        Ok(unit.commit().await?)
    }
}

/// The mails that follow: at a polite hour that the letter is about to arrive and, two weeks later, to look what became of
/// the form; or that it came back.
async fn follow_ups(
    app: &App,
    unit: &mut dyn Unit,
    action: ActionId,
    event: EventType,
) -> Result<Vec<NewJob>, StoreError> {
    let Some(forwardable) = Forwardable::of_action(unit, action).await? else { return Ok(Vec::new()) };
    let place = forwardable.place.in_region(app, unit, forwardable.region).await?;
    let there = Whereabouts::of(app.time_zones.as_ref(), &place);
    let now = app.now();
    let polite = next_allowed(&there, Channel::Email, Purpose::Progress, now).unwrap_or(now);
    let later = first_in_days(&there, Channel::Email, Purpose::Chase, now, CHASE_DAYS);
    let source = forwardable.source;
    let jobs = match (event, Form::of(source), source) {
        (EventType::LobProcessedForDelivery, Some(form), _) => {
            vec![News::Mailed.job(app, form).at(polite), News::Chase.job(app, form).at(later)]
        }
        (EventType::LobReturned, Some(form), _) => vec![News::Returned.job(app, form).at(polite)],
        (EventType::LobProcessedForDelivery, None, Source::MoverLead(lead)) => {
            let in_days = |purpose, days| first_in_days(&there, Channel::Email, purpose, now, days);
            vec![
                mover::jobs::FormsMailed { lead, action }.job(app).at(polite),
                mover::jobs::Remind { lead, action }.job(app).at(in_days(Purpose::Reminder, 3)),
                mover::jobs::Chase { lead, action }.job(app).at(in_days(Purpose::Chase, 28)),
            ]
        }
        _ => Vec::new(),
    };
    Ok(jobs)
}
