//! A text whose words are kept nowhere: the code that somebody signs in by. It is decided about, noted and counted as every
//! text is, in a row that does not say what it said. Rather not sent than sent twice: one asks for another.

use super::{
    Direction, Failure, Message, MessageStatus, Number,
    jobs::{count, stopped_by_carrier},
    receipt_url, send,
};
use crate::{
    app::App,
    decision::{self, Channel, Decision, Place, Purpose, Rule, Whereabouts},
    ids::MessageId,
    jobs::{JobContext, JobError},
    person::Phone,
    ports::{
        sms::{OutgoingSms, SentSms, SmsError},
        store::{StoreError, View, unless_absent},
    },
};

/// Such a text. No `Debug`: it is a secret, to somebody.
pub(crate) struct Unkept {
    /// What for.
    pub(crate) purpose: Purpose,
    /// The number that it comes from.
    pub(crate) from: Phone,
    /// Who gets it.
    pub(crate) to: Phone,
    /// What it says.
    pub(crate) text: String,
}

/// By which rule a text to that number would be refused now, if it would: so that whoever asks for it is told at once.
pub(crate) async fn refusal(
    app: &App,
    view: &mut dyn View,
    to: &Phone,
    purpose: Purpose,
) -> Result<Option<Rule>, StoreError> {
    let known = unless_absent(view.messages().number(to).await)?;
    let number = known.unwrap_or_else(|| Number::new(app, to.clone()));
    let decided = unless_no_room(decided(app, view, &number, purpose).await)?;
    Ok(decided.and_then(|decision| match decision {
        Decision::Refuse(rule) => {
            app.measures.decided(Channel::Sms, purpose, decision);
            Some(rule)
        }
        Decision::Send | Decision::HoldUntil(..) => None,
    }))
}

/// Hands it to the carrier, in a row that has the id of its job, so that there is one however often the job is tried.
pub(crate) async fn hand_over(app: &App, context: &JobContext, it: Unkept) -> Result<(), JobError> {
    let id = MessageId(context.id.0);
    if !note(app, id, &it).await? {
        return Ok(());
    }
    let outgoing = OutgoingSms {
        id,
        from: Some(it.from),
        to: it.to.clone(),
        text: it.text,
        media: Vec::new(),
        receipt_url: receipt_url(app, id),
    };
    app.reached("sms.before_send");
    let sent = app.sms.send(&outgoing).await;
    count(app, &sent);
    app.reached("sms.after_send");
    settle(app, id, &it.to, sent).await
}

/// Decides about it, and notes that it is about to be handed over. Says whether it is to be: not one that is refused, nor
/// one that may have been handed over before.
async fn note(app: &App, id: MessageId, it: &Unkept) -> Result<bool, JobError> {
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let fresh = Number::new(app, it.to.clone());
    let number = match unit.messages_mut().lock_or_insert(&fresh).await {
        Ok(number) => number,
        // a store that keeps no texts keeps nothing of this one
        Err(StoreError::Absent(_)) => return Ok(true),
        Err(error) => return Err(error.into()),
    };
    let known = unit.messages_mut().lock(id).await?;
    let is_new = known.is_none();
    let mut message = known.unwrap_or_else(|| Message {
        id,
        purpose: Some(it.purpose),
        ..Message::new(app, it.to.clone(), Direction::Out, None)
    });
    let goes = match message.status {
        None => {
            let decision = decided(app, unit.as_mut(), &number, it.purpose).await?;
            app.measures.decided(Channel::Sms, it.purpose, decision);
            message.decided(decision, now);
            match decision {
                Decision::Send => message.reach(MessageStatus::Accepted, now),
                // nobody waits for it by the time that it might go
                Decision::HoldUntil(..) | Decision::Refuse(_) => {
                    message.reach(MessageStatus::Failed, now);
                    false
                }
            }
        }
        Some(status) => {
            if status.is_doubtful() && message.carrier_id.is_none() {
                (message.status, message.modified_at) = (Some(MessageStatus::Unknown), now);
            }
            false
        }
    };
    match is_new {
        true => unit.messages_mut().insert(&message).await?,
        false => unit.messages_mut().update(&message).await?,
    }
    unit.commit().await?;
    app.reached("sms.after_intent");
    Ok(goes)
}

async fn decided(
    app: &App,
    view: &mut dyn View,
    number: &Number,
    purpose: Purpose,
) -> Result<Decision, StoreError> {
    let place = Place::default().with_phone(&number.phone);
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), &place);
    let recipient = send::recipient(view, number, None, whereabouts, app.now()).await?;
    Ok(decision::decide(&recipient, Channel::Sms, purpose, app.now()))
}

fn unless_no_room<T>(outcome: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match outcome {
        Err(StoreError::Absent(_)) => Ok(None),
        outcome => outcome.map(Some),
    }
}

/// Notes what the carrier said to it.
async fn settle(
    app: &App,
    id: MessageId,
    to: &Phone,
    sent: Result<SentSms, SmsError>,
) -> Result<(), JobError> {
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let Some(mut message) = unless_absent(unit.messages_mut().lock(id).await)? else {
        return match sent {
            Err(SmsError::NotSent(error)) => Err(error.into()),
            Ok(_) | Err(SmsError::Stopped | SmsError::InDoubt(_)) => Ok(()),
        };
    };
    // a receipt that came meanwhile says more
    let is_open = message.status.is_some_and(MessageStatus::is_doubtful);
    message.modified_at = now;
    let ended = match sent {
        Ok(sent) => {
            message.carrier_id = Some(sent.carrier_id);
            if let Some(status) = sent.status {
                message.reach(status, now);
            }
            Ok(())
        }
        Err(SmsError::Stopped) => {
            stopped_by_carrier(app, unit.as_mut(), to, now).await?;
            message.fail(Failure::Stopped, now);
            Ok(())
        }
        // nobody looks for it in the carrier's list: by then the code is void
        Err(SmsError::InDoubt(_)) => {
            if is_open {
                message.status = Some(MessageStatus::Unknown);
            }
            Ok(())
        }
        Err(SmsError::NotSent(error)) => {
            let failure = Failure::from(error.kind);
            let outcome = JobError::from(error);
            match &outcome {
                JobError::Retry(_) if is_open => (message.status, message.status_at) = (None, None),
                JobError::Retry(_) => {}
                JobError::GiveUp(_) | JobError::PutOff(_) => message.fail(failure, now),
            }
            Err(outcome)
        }
    };
    unit.messages_mut().update(&message).await?;
    unit.commit().await?;
    app.reached("sms.after_unit");
    ended
}
