//! What happens later to a text: it is handed to the carrier, once.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Direction, Message, MessageStatus, poll, receipt_url, send};
use crate::{
    app::App,
    consent::{Choice, Origin, Scope, Statement, record},
    decision::{Channel, Decision, Place, Purpose, Recipient, Rule, Whereabouts, decide},
    error::ProviderErrorKind,
    ids::MessageId,
    jobs::{JobContext, JobError, NewJob},
    ports::{
        sms::{ListedSms, OutgoingSms, SmsError},
        store::Unit,
    },
};

/// How soon after it was noted that a text is about to be handed over it has to be: a worker that slept longer leaves it,
/// as another one may look for it meanwhile.
const HAND_OVER_WITHIN: TimeDelta = TimeDelta::seconds(20);
/// When a text that may have been handed over is looked for in the carrier's list: after the longest that a hand-over takes,
/// the time that the list lags behind, and what clocks differ by.
const LOOK_AFTER: TimeDelta = TimeDelta::seconds(50);
/// How far the clocks of the carrier and ours may be apart.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(60);

/// Hands a text to the carrier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Send {
    /// The text.
    pub message: MessageId,
}

/// What goes with a text and is not kept. No `Debug`: it may say where a voter votes.
#[derive(Default)]
pub(super) struct Live {
    /// Other words than those of the row.
    pub(super) text: Option<String>,
    /// Pictures, by their addresses.
    pub(super) media: Vec<String>,
    /// When the text was written that this one answers.
    pub(super) wrote_at: Option<DateTime<Utc>>,
}

/// Asks the carrier for texts that came in and of which it did not tell us (`flows.md` 8.5), again and again until that
/// moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Poll {
    /// From when on another job does it.
    pub until: DateTime<Utc>,
}

/// What is to be done with a text.
enum Turn {
    /// Nothing: it was handed over, or must not be.
    Over,
    /// It was noted now that it is about to be handed over.
    Fresh(OutgoingSms),
    /// That was noted at this moment before, and what came of it is not known.
    Doubted(OutgoingSms, DateTime<Utc>),
}

/// What the carrier's list says of a text that may have been handed over.
enum Look {
    /// It is there.
    Found,
    /// It is not there, and was noted anew: it may be handed over again.
    NotThere,
}

impl Send {
    /// The job's name.
    pub const KIND: &'static str = "sms.send";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Notes that the text is about to be handed over, and hands it over. No carrier knows a text again that it gets twice,
    /// so one that was noted and of which nothing more is known is *unknown*: it is looked for in the carrier's list, and
    /// only when it is certainly not there it is handed over again. Rather not sent than sent twice.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        self.hand_over(app, context, Live::default()).await
    }

    /// The same with what is not kept.
    pub(super) async fn hand_over(self, app: &App, context: &JobContext, live: Live) -> Result<(), JobError> {
        let filled = |outgoing: OutgoingSms| {
            let media = if live.media.is_empty() { outgoing.media } else { live.media };
            OutgoingSms { text: live.text.unwrap_or(outgoing.text), media, ..outgoing }
        };
        let outgoing = match self.take(app, context, live.wrote_at).await? {
            Turn::Over => return Ok(()),
            Turn::Fresh(outgoing) => filled(outgoing),
            Turn::Doubted(outgoing, since) => {
                let outgoing = filled(outgoing);
                match self.look(app, context, &outgoing, (since, live.wrote_at)).await? {
                    Some(Look::NotThere) => outgoing,
                    Some(Look::Found) | None => return Ok(()),
                }
            }
        };
        self.give(app, &outgoing).await
    }

    async fn give(&self, app: &App, outgoing: &OutgoingSms) -> Result<(), JobError> {
        let noted = app.store.view().await?.messages().by_id(self.message).await?.and_then(|it| it.status_at);
        app.reached("sms.before_send");
        if noted.is_none_or(|noted| app.now() - noted > HAND_OVER_WITHIN) {
            return Err(JobError::Retry("the worker slept before it could hand the text over".into()));
        }
        let sent = app.sms.send(outgoing).await;
        app.reached("sms.after_send");
        let mut unit = app.store.begin().await?;
        let Some(mut message) = unit.messages_mut().lock(self.message).await? else { return Ok(()) };
        let now = app.now();
        let is_open = matches!(message.status, Some(MessageStatus::Accepted | MessageStatus::Unknown));
        let outcome = match sent {
            Ok(sent) => {
                message.carrier_id = Some(sent.carrier_id);
                message.modified_at = now;
                if let Some(status) = sent.status {
                    message.reach(status, now);
                }
                Ok(())
            }
            Err(SmsError::Stopped) => {
                message.reach(MessageStatus::Failed, now);
                if let Some(mut number) = unit.messages_mut().lock_number(&outgoing.to).await? {
                    number.stop(now, now);
                    unit.messages_mut().update_number(&number).await?;
                }
                let said = Statement::new(Choice::Stopped, Scope::All, Origin::Carrier, now);
                record(app, unit.as_mut(), Channel::Sms, outgoing.to.e164(), said).await?;
                Ok(())
            }
            // it may be on its way; a receipt that came meanwhile says that it is
            Err(SmsError::InDoubt(error)) if is_open => {
                (message.status, message.modified_at) = (Some(MessageStatus::Unknown), now);
                Err(JobError::Retry(format!("{error}; it may have been sent")))
            }
            Err(SmsError::InDoubt(_)) => Ok(()),
            Err(SmsError::NotSent(error)) => {
                let outcome = JobError::from(error);
                match &outcome {
                    // nobody has seen it yet
                    JobError::Retry(_) if is_open => (message.status, message.status_at) = (None, None),
                    JobError::Retry(_) => {}
                    JobError::GiveUp(_) | JobError::PutOff(_) => {
                        message.reach(MessageStatus::Failed, now);
                    }
                }
                message.modified_at = now;
                Err(outcome)
            }
        };
        unit.messages_mut().update(&message).await?;
        unit.commit().await?;
        app.reached("sms.after_unit");
        outcome
    }

    /// The text, and what is to be done with it. One that must not go yet waits until it may, by the same unit that notes
    /// the rule.
    async fn take(
        &self,
        app: &App,
        context: &JobContext,
        wrote_at: Option<DateTime<Utc>>,
    ) -> Result<Turn, JobError> {
        let mut unit = app.store.begin().await?;
        let Some(mut message) = unit.messages_mut().lock(self.message).await? else { return Ok(Turn::Over) };
        let (true, None, Some(to), Some(text)) = (
            message.direction == Direction::Out,
            &message.carrier_id,
            message.phone.clone(),
            message.text.clone(),
        ) else {
            return Ok(Turn::Over);
        };
        let media = message.media();
        let outgoing =
            OutgoingSms { id: message.id, from: None, to, text, media, receipt_url: receipt_url(app, message.id) };
        match message.status {
            None => {}
            Some(MessageStatus::Accepted | MessageStatus::Unknown) => {
                let since = message.status_at.unwrap_or(message.created_at);
                // for everybody to see: nobody knows whether it was sent
                message.status = Some(MessageStatus::Unknown);
                message.modified_at = app.now();
                unit.messages_mut().update(&message).await?;
                unit.commit().await?;
                return Ok(Turn::Doubted(outgoing, since));
            }
            Some(_) => return Ok(Turn::Over),
        }
        let goes = may_go(app, unit.as_mut(), context, &mut message, wrote_at).await?;
        unit.messages_mut().update(&message).await?;
        unit.commit().await?;
        app.reached("sms.after_intent");
        Ok(if goes { Turn::Fresh(outgoing) } else { Turn::Over })
    }

    /// Looks for a text in the carrier's list that may have been handed over at that moment. `None` when somebody else found
    /// out meanwhile, or it must not be sent any more, or not yet.
    async fn look(
        &self,
        app: &App,
        context: &JobContext,
        outgoing: &OutgoingSms,
        (since, wrote_at): (DateTime<Utc>, Option<DateTime<Utc>>),
    ) -> Result<Option<Look>, JobError> {
        let retry = |why: &str| JobError::Retry(format!("it may have been sent; {why}"));
        if app.now() < since + LOOK_AFTER {
            return Err(JobError::PutOff(since + LOOK_AFTER));
        }
        let listed = match app.sms_log.sent_to(&outgoing.to, since - CLOCKS_APART).await {
            Ok(listed) => listed,
            Err(error) if error.kind == ProviderErrorKind::Disabled => {
                return Err(JobError::GiveUp("it may have been sent; no list of the carrier's says".into()));
            }
            Err(error) => return Err(retry(&error.to_string())),
        };
        let mut unit = app.store.begin().await?;
        let locked = unit.messages_mut().lock(self.message).await?;
        let Some(mut message) = locked.filter(|it| it.status == Some(MessageStatus::Unknown)) else {
            return Ok(None);
        };
        // of two texts to a number that are looked for at once, one is looked for first
        unit.messages_mut().lock_number(&outgoing.to).await?;
        let mut nobodys: Vec<ListedSms> = Vec::new();
        for listed in listed {
            if !unit.messages().is_known(&outgoing.to, &listed.carrier_id).await? {
                nobodys.push(listed);
            }
        }
        let now = app.now();
        let found = nobodys.iter().filter(|it| is_same(&it.text, &outgoing.text)).min_by_key(|it| it.at);
        let look = match found {
            Some(found) => {
                message.carrier_id = Some(found.carrier_id.clone());
                (message.status, message.status_at) = (None, None);
                message.reach(found.status.unwrap_or(MessageStatus::Accepted), now);
                Some(Look::Found)
            }
            // a text that nobody here knows, in other words: the carrier may have changed some signs
            None if !nobodys.is_empty() => return Err(retry("the carrier has a text that could be it")),
            None => {
                // nobody has seen it: it is decided as if for the first time
                (message.status, message.status_at, message.modified_at) = (None, None, now);
                unit.messages_mut().update(&message).await?;
                let goes = may_go(app, unit.as_mut(), context, &mut message, wrote_at).await?;
                goes.then_some(Look::NotThere)
            }
        };
        message.modified_at = now;
        unit.messages_mut().update(&message).await?;
        unit.commit().await?;
        Ok(look)
    }
}

/// Whether a text is to be handed over now, which is noted in it: then it is about to be. One that has to wait does so until
/// it may, by the job, in this unit; one of a blast that does not run is left as it is.
async fn may_go(
    app: &App,
    unit: &mut dyn Unit,
    context: &JobContext,
    message: &mut Message,
    wrote_at: Option<DateTime<Utc>>,
) -> Result<bool, JobError> {
    if is_stopped(unit, message).await? {
        return Ok(false);
    }
    let now = app.now();
    let decision = look_again(app, unit, message, wrote_at).await?;
    message.decided(decision, now);
    match decision {
        Decision::Send => {
            message.reach(MessageStatus::Accepted, now);
        }
        Decision::Refuse(_) => {
            message.reach(MessageStatus::Failed, now);
        }
        Decision::HoldUntil(until, rule) => {
            context.put_off_in(unit, until).await?;
            tracing::debug!(message.id = %message.id, %rule, "a text is held");
        }
    }
    Ok(decision == Decision::Send)
}

/// Whether a text is of a blast that does not run: it goes when that is started again, which puts it in line anew.
async fn is_stopped(unit: &mut dyn Unit, message: &Message) -> Result<bool, JobError> {
    match message.blast {
        Some(blast) => Ok(!unit.blasts().is_running(blast).await?),
        None => Ok(false),
    }
}

/// Whether a text in the carrier's list is this one: blanks at its ends are the carrier's to keep or not.
fn is_same(listed: &Option<String>, ours: &str) -> bool {
    listed.as_deref().is_some_and(|listed| listed.trim() == ours.trim())
}

/// The number is held until the unit ends, so whoever stops it meanwhile does so after the text went, and of two texts the
/// second knows of the first.
async fn look_again(
    app: &App,
    unit: &mut dyn Unit,
    message: &Message,
    wrote_at: Option<DateTime<Utc>>,
) -> Result<Decision, JobError> {
    let number = match &message.phone {
        Some(phone) => unit.messages_mut().lock_number(phone).await?,
        None => None,
    };
    let Some(number) = number else { return Ok(Decision::Refuse(Rule::NoConsent)) };
    let whereabouts = message.whereabouts.clone().unwrap_or_else(|| {
        Whereabouts::of(app.time_zones.as_ref(), &Place::default().with_phone(&number.phone))
    });
    let now = app.now();
    let purpose = message.purpose.unwrap_or(Purpose::Service);
    let recipient = send::recipient(unit, &number, message.sender, whereabouts, now).await?;
    // an answer is written down as soon as what it answers is heard of
    let wrote_at = wrote_at.or((purpose == Purpose::Reply).then_some(message.created_at));
    Ok(decide(&Recipient { wrote_at, ..recipient }, Channel::Sms, purpose, now))
}

impl Poll {
    /// The job's name.
    pub const KIND: &'static str = "sms.poll";
    /// For how long one job and those that follow it do it; then the clock begins anew.
    const TURN: TimeDelta = TimeDelta::seconds(60);

    /// The job, due now.
    #[must_use]
    pub fn first(app: &App) -> NewJob {
        app.job(Self::KIND, &Self { until: app.now() + Self::TURN })
    }

    /// Takes what came in, and enqueues the next one. Once it fails the clock begins anew.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let Some(settings) = &app.settings.sms.poll else { return Ok(()) };
        if let Err(error) = poll::take_new(app, settings).await {
            // what is lost is what the next one begins with
            tracing::warn!(error = &error as &dyn std::error::Error, "the carrier cannot be asked for texts");
            return Ok(());
        }
        let next = app.now() + settings.every;
        if next >= self.until {
            return Ok(());
        }
        let mut unit = app.store.begin().await?;
        unit.jobs_mut().enqueue(&app.job(Self::KIND, &self).at(next)).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        Ok(unit.commit().await?)
    }
}
