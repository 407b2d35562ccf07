//! A text that a voter wrote: what it means, and what is answered (`flows.md` 8.1).

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Direction, Message, MessageStatus, Number,
    jobs::Send,
    map::{self, SendMap},
    words::words,
};
use crate::{
    app::App,
    consent::{Choice, Origin, Scope, Statement, Wish, record_entry},
    crm,
    decision::{Channel, Decision, Place, Purpose, Recipient, Whereabouts, decide},
    ids::MessageId,
    language::Language,
    person::Phone,
    ports::{
        store::{StoreError, Unit},
        throttle::Verdict,
        wording::TextMessage,
    },
    switch::{Switches, smsbot},
};

/// A text as the carrier brings it. No `Debug`, as it holds what a voter wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The sender, as the carrier writes it.
    pub from: String,
    /// What it says.
    pub text: Option<String>,
    /// What the carrier calls it. One that comes again under the same name is the same text.
    pub carrier_id: Option<String>,
    /// When it came in; now unless given.
    pub at: Option<DateTime<Utc>>,
}

/// What is answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The id of the answer.
    pub id: MessageId,
    /// What it says.
    pub text: String,
}

/// Takes a text, notes it and what it asks for, and says what is answered. Nothing is answered, or noted, where the sender
/// is no telephone number, or the text was taken before (quirk Q109). Whoever has opted out gets no more than this answer.
///
/// # Errors
/// When the store fails; nothing was noted then.
#[tracing::instrument(target = "turnout::trace", name = "sms.receive", skip_all)]
pub async fn receive(app: &App, incoming: Incoming) -> Result<Option<Reply>, StoreError> {
    take(app, incoming, false).await
}

/// The same of a text that came in a while ago and of which nobody told us: the answer is sent by us, unless it would come
/// too late.
pub(super) async fn receive_later(app: &App, incoming: Incoming) -> Result<(), StoreError> {
    take(app, incoming, true).await.map(drop)
}

async fn take(app: &App, incoming: Incoming, answers: bool) -> Result<Option<Reply>, StoreError> {
    let Some(phone) = Phone::parse(&incoming.from) else { return Ok(None) };
    let switches = app.switches().await;
    let now = app.now();
    let at = incoming.at.map_or(now, |at| at.min(now));
    let carrier_id = incoming.carrier_id.filter(|id| !id.is_empty() && !id.contains('\0'));
    // not every store keeps this sign
    let text = incoming.text.map(|text| text.replace('\0', ""));
    let voting = text.as_deref().and_then(map::command).map(|(voting, _)| voting);
    let understood = text.as_deref().filter(|_| voting.is_none()).and_then(Wish::of);
    let wish = understood.as_ref().map(|(wish, _)| *wish);

    // each map asks three services, and one of them counts
    let is_too_often = voting.is_some() && {
        let key = format!("map:{}", phone.e164());
        app.may(&key, app.settings.rate_limits.maps_per_phone).await != Verdict::Allowed
    };

    let mut unit = app.store.begin().await?;
    let mut number = unit.messages_mut().lock_or_insert(&Number::new(app, phone.clone())).await?;
    if let Some(id) = &carrier_id
        && unit.messages().is_known(&phone, id).await?
    {
        return Ok(None);
    }
    let mut message = Message::new(app, phone.clone(), Direction::In, text.clone());
    message.carrier_id = carrier_id;
    message.reach(MessageStatus::Received, now);
    unit.messages_mut().insert(&message).await?;
    let was_stopped = number.is_stopped();
    let choice = match wish {
        Some(Wish::Stop) => Some(Choice::Stopped),
        Some(Wish::Join) => Some(Choice::Granted),
        Some(Wish::Help) | None => None,
    };
    if let Some(choice) = choice {
        // what the number said later counts, whichever is heard of first; at the same moment the stop, unless we are told
        // of the texts as they come
        let is_newer = |known: Option<DateTime<Utc>>| known.is_none_or(|known| known <= at);
        match choice {
            Choice::Stopped if is_newer(number.opted_in_at) && is_newer(number.opted_out_at) => {
                number.stop(at, now);
            }
            Choice::Granted
                if is_newer(number.opted_in_at)
                    && number.opted_out_at.is_none_or(|other| other < at || (!answers && other == at)) =>
            {
                number.join(at, now);
            }
            Choice::Stopped | Choice::Granted | Choice::Withdrawn => {}
        }
        unit.messages_mut().update_number(&number).await?;
        let language = understood.as_ref().map(|(_, language)| language.clone());
        let said = Statement { text, language, ..Statement::new(choice, Scope::All, Origin::Text, at) };
        let consent = record_entry(app, unit.as_mut(), Channel::Sms, phone.e164(), said).await?;
        crm::jobs::follow(app, unit.as_mut(), choice, consent).await?;
    }
    if let Some(voting) = voting
        && !was_stopped
        && switches.is_on(&smsbot::FEATURE)
        && may_answer(app, &number, at)
    {
        if !is_too_often {
            unit.jobs_mut().enqueue(&SendMap { message: message.id, voting }.job(app)).await?;
        }
        unit.commit().await?;
        return Ok(None);
    }
    let language = number.language.clone().or_else(|| understood.map(|(_, language)| language));
    let answer = answer(app, &switches, wish, was_stopped, &language.unwrap_or_default());
    let reply = match answer {
        Some(text) if wish.is_none() && was_said(app, unit.as_mut(), &switches, &phone, &text).await? => None,
        Some(text) if may_answer(app, &number, at) => {
            let mut reply = Message::new(app, phone, Direction::Out, Some(text.clone()));
            reply.purpose = Some(Purpose::Reply);
            reply.decided(Decision::Send, now);
            unit.messages_mut().insert(&reply).await?;
            if answers {
                unit.jobs_mut().enqueue(&Send { message: reply.id }.job(app)).await?;
            }
            Some(Reply { id: reply.id, text })
        }
        Some(_) | None => None,
    };
    unit.commit().await?;
    Ok(reply)
}

/// Whether the answer goes: it is one to a text that was written just now, not a while ago.
fn may_answer(app: &App, number: &Number, wrote_at: DateTime<Utc>) -> bool {
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), &Place::default().with_phone(&number.phone));
    let now = app.now();
    let writer =
        Recipient { consent: number.marks(), wrote_at: Some(wrote_at), ..Recipient::at(whereabouts) };
    decide(&writer, Channel::Sms, Purpose::Reply, now) == Decision::Send
}

/// The words of an operator, or ours. While the feature is off nobody is answered; to a stop the carrier answers by itself.
fn answer(
    app: &App,
    switches: &Switches,
    wish: Option<Wish>,
    was_stopped: bool,
    language: &Language,
) -> Option<String> {
    if !switches.is_on(&smsbot::FEATURE) {
        return None;
    }
    let (switch, ours) = match wish {
        Some(Wish::Stop) => return switches.text(&smsbot::STOP).map(str::to_owned),
        Some(Wish::Join) => (&smsbot::JOIN_SUCCESS, TextMessage::JoinSuccess),
        Some(Wish::Help) => (&smsbot::HELP, TextMessage::Help),
        None if was_stopped => (&smsbot::AUTOREPLY_OPTED_OUT, TextMessage::AutoReplyStopped),
        None => (&smsbot::AUTOREPLY, TextMessage::AutoReply),
    };
    words(app, switches, switch, &ours, language)
}

/// Whether the last thing we said was this, not long ago.
async fn was_said(
    app: &App,
    unit: &mut dyn Unit,
    switches: &Switches,
    phone: &Phone,
    text: &str,
) -> Result<bool, StoreError> {
    let pause = switches
        .number(&smsbot::AUTOREPLY_THROTTLE_MINUTES)
        .map_or(app.settings.sms.autoreply_pause, |minutes| TimeDelta::minutes(minutes.into()));
    let last = unit.messages().last_to(phone).await?;
    Ok(last.is_some_and(|last| last.text.as_deref() == Some(text) && app.now() - last.created_at < pause))
}
