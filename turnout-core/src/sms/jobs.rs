//! What happens later to a text: it is handed to the carrier, once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Direction, Message, MessageStatus, receipt_url, send};
use crate::{
    app::App,
    consent::{Choice, Origin, Scope, Statement, record},
    decision::{Channel, Decision, Place, Purpose, Recipient, Rule, Whereabouts, decide},
    ids::MessageId,
    jobs::{JobContext, JobError, NewJob},
    ports::{
        sms::{OutgoingSms, SmsError},
        store::Unit,
    },
};

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

impl Send {
    /// The job's name.
    pub const KIND: &'static str = "sms.send";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Notes that the text is about to be handed over, and hands it over. No carrier knows a text again that it gets twice,
    /// so one that was noted and of which nothing more is known is never tried again: rather not sent than sent twice.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        self.hand_over(app, context, Live::default()).await
    }

    /// The same with what is not kept.
    pub(super) async fn hand_over(self, app: &App, context: &JobContext, live: Live) -> Result<(), JobError> {
        let Some(mut outgoing) = self.take(app, context, live.wrote_at).await? else { return Ok(()) };
        outgoing.text = live.text.unwrap_or(outgoing.text);
        outgoing.media = live.media;
        let sent = app.sms.send(&outgoing).await;
        let mut unit = app.store.begin().await?;
        let Some(mut message) = unit.messages_mut().lock(self.message).await? else { return Ok(()) };
        let now = app.now();
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
            // it may be on its way
            Err(SmsError::InDoubt(error)) => Err(JobError::GiveUp(format!("{error}; it may have been sent"))),
            Err(SmsError::NotSent(error)) => {
                let outcome = JobError::from(error);
                match &outcome {
                    // nobody has seen it yet
                    JobError::Retry(_) => (message.status, message.status_at) = (None, None),
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
        outcome
    }

    /// The text, noted as about to be handed over; nothing when it was before, or must not be, or not yet: then the job waits
    /// until it may, by the same unit that notes the rule.
    async fn take(
        &self,
        app: &App,
        context: &JobContext,
        wrote_at: Option<DateTime<Utc>>,
    ) -> Result<Option<OutgoingSms>, JobError> {
        let mut unit = app.store.begin().await?;
        let Some(mut message) = unit.messages_mut().lock(self.message).await? else { return Ok(None) };
        let (true, None, Some(to), Some(text)) = (
            message.direction == Direction::Out,
            message.status,
            message.phone.clone(),
            message.text.clone(),
        ) else {
            return Ok(None);
        };
        let receipt_url = receipt_url(app, message.id);
        let outgoing = OutgoingSms { id: message.id, to, text, media: Vec::new(), receipt_url };
        let now = app.now();
        let decision = look_again(app, unit.as_mut(), &message, wrote_at).await?;
        message.decided(decision, now);
        match decision {
            Decision::Send => message.reach(MessageStatus::Accepted, now),
            Decision::Refuse(_) => message.reach(MessageStatus::Failed, now),
            Decision::HoldUntil(..) => false,
        };
        unit.messages_mut().update(&message).await?;
        if let Decision::HoldUntil(until, rule) = decision {
            context.put_off_in(unit.as_mut(), until).await?;
            tracing::debug!(message.id = %message.id, %rule, "a text is held");
        }
        unit.commit().await?;
        Ok((decision == Decision::Send).then_some(outgoing))
    }
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
    let recipient = send::recipient(unit, &number, message.sender, whereabouts, now).await?;
    let recipient = Recipient { wrote_at, ..recipient };
    Ok(decide(&recipient, Channel::Sms, message.purpose.unwrap_or(Purpose::Service), now))
}
