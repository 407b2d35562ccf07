//! What happens later to a text: it is handed to the carrier, once.

use serde::{Deserialize, Serialize};

use super::{Direction, Message, MessageStatus, receipt_url};
use crate::{
    app::App,
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
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let Some(outgoing) = self.take(app).await? else { return Ok(()) };
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
                Ok(())
            }
            // it may be on its way
            Err(SmsError::InDoubt(error)) => Err(JobError::GiveUp(format!("{error}; it may have been sent"))),
            Err(SmsError::NotSent(error)) => {
                let outcome = JobError::from(error);
                match &outcome {
                    // nobody has seen it yet
                    JobError::Retry(_) => (message.status, message.status_at) = (None, None),
                    JobError::GiveUp(_) => {
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

    /// The text, noted as about to be handed over; nothing when it was before, or must not be.
    async fn take(&self, app: &App) -> Result<Option<OutgoingSms>, JobError> {
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
        let outgoing = OutgoingSms { id: message.id, to, text, receipt_url: receipt_url(app, message.id) };
        let status = match is_stopped(unit.as_mut(), &message).await? {
            true => MessageStatus::Failed,
            false => MessageStatus::Accepted,
        };
        message.reach(status, app.now());
        unit.messages_mut().update(&message).await?;
        unit.commit().await?;
        Ok((status == MessageStatus::Accepted).then_some(outgoing))
    }
}

/// The number is held until the unit ends, so whoever stops it meanwhile does so after the text went.
async fn is_stopped(unit: &mut dyn Unit, message: &Message) -> Result<bool, JobError> {
    let Some(phone) = &message.phone else { return Ok(true) };
    let number = unit.messages_mut().lock_number(phone).await?;
    Ok(number.is_none_or(|number| number.is_stopped()))
}
