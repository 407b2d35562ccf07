//! A text that a voter wrote: what it means, and what is answered (`flows.md` 8.1).

use chrono::TimeDelta;

use super::{Direction, Message, MessageStatus, Number, words::words};
use crate::{
    app::App,
    ids::MessageId,
    language::Language,
    person::Phone,
    ports::{
        store::{StoreError, Unit},
        wording::TextMessage,
    },
    switch::{Switches, smsbot},
};

/// Asks not to be written to: the words of the contract, and those that 47 CFR 64.1200(a)(10) names besides (in force
/// since 2025-04-11).
const STOP: &[&str] =
    &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPT OUT", "OPT-OUT", "OPTOUT"];
const JOIN: &[&str] = &["JOIN"];
const HELP: &[&str] = &["HELP", "INFO"];

/// A text as the carrier brings it. No `Debug`, as it holds what a voter wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The sender, as the carrier writes it.
    pub from: String,
    /// What it says.
    pub text: Option<String>,
    /// What the carrier calls it. One that comes again under the same name is the same text.
    pub carrier_id: Option<String>,
}

/// What is answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The id of the answer.
    pub id: MessageId,
    /// What it says.
    pub text: String,
}

/// What a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Stop,
    Join,
    Help,
    Other,
}

impl Command {
    /// Case, blanks around it and signs at its ends do not matter: `"Stop."` is a stop.
    fn of(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ").to_uppercase();
        let text = text.trim_matches(|sign: char| !sign.is_alphanumeric());
        match text {
            text if STOP.contains(&text) => Self::Stop,
            text if JOIN.contains(&text) => Self::Join,
            text if HELP.contains(&text) => Self::Help,
            _ => Self::Other,
        }
    }
}

/// Takes a text, notes it and what it asks for, and says what is answered. Nothing is answered, or noted, where the sender
/// is no telephone number, or the text was taken before (quirk Q109). Whoever has opted out gets no more than this answer.
///
/// # Errors
/// When the store fails; nothing was noted then.
pub async fn receive(app: &App, incoming: Incoming) -> Result<Option<Reply>, StoreError> {
    let Some(phone) = Phone::parse(&incoming.from) else { return Ok(None) };
    let switches = app.switches().await;
    let now = app.now();
    let carrier_id = incoming.carrier_id.filter(|id| !id.is_empty() && !id.contains('\0'));
    // not every store keeps this sign
    let text = incoming.text.map(|text| text.replace('\0', ""));
    let command = Command::of(text.as_deref().unwrap_or_default());

    let mut unit = app.store.begin().await?;
    let mut number = unit.messages_mut().lock_or_insert(&Number::new(app, phone.clone())).await?;
    if let Some(id) = &carrier_id
        && unit.messages().is_known(&phone, id).await?
    {
        return Ok(None);
    }
    let mut message = Message::new(app, phone.clone(), Direction::In, text);
    message.carrier_id = carrier_id;
    message.reach(MessageStatus::Received, now);
    unit.messages_mut().insert(&message).await?;
    let was_stopped = number.is_stopped();
    match command {
        Command::Stop => number.stop(now, now),
        Command::Join => number.join(now, now),
        Command::Help | Command::Other => {}
    }
    if matches!(command, Command::Stop | Command::Join) {
        unit.messages_mut().update_number(&number).await?;
    }
    let answer = answer(app, &switches, command, was_stopped);
    let reply = match answer {
        Some(text)
            if command == Command::Other
                && was_said(app, unit.as_mut(), &switches, &phone, &text).await? =>
        {
            None
        }
        Some(text) => {
            let reply = Message::new(app, phone, Direction::Out, Some(text.clone()));
            unit.messages_mut().insert(&reply).await?;
            Some(Reply { id: reply.id, text })
        }
        None => None,
    };
    unit.commit().await?;
    Ok(reply)
}

/// The words of an operator, or ours. While the feature is off nobody is answered; to a stop the carrier answers by itself.
fn answer(app: &App, switches: &Switches, command: Command, was_stopped: bool) -> Option<String> {
    if !switches.is_on(&smsbot::FEATURE) {
        return None;
    }
    let (switch, ours) = match command {
        Command::Stop => return switches.text(&smsbot::STOP).map(str::to_owned),
        Command::Join => (&smsbot::JOIN_SUCCESS, TextMessage::JoinSuccess),
        Command::Help => (&smsbot::HELP, TextMessage::Help),
        Command::Other if was_stopped => (&smsbot::AUTOREPLY_OPTED_OUT, TextMessage::AutoReplyStopped),
        Command::Other => (&smsbot::AUTOREPLY, TextMessage::AutoReply),
    };
    words(app, switches, switch, &ours, &Language::default())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_understood_whatever_its_case_and_the_signs_around_it() {
        for (text, command) in [
            ("STOP", Command::Stop),
            (" stop\n", Command::Stop),
            ("\"Stop.\"", Command::Stop),
            ("stopall", Command::Stop),
            ("Opt  out!", Command::Stop),
            ("quit", Command::Stop),
            ("join", Command::Join),
            ("Help?", Command::Help),
            ("info", Command::Help),
            ("stop it", Command::Other),
            ("please do not stop", Command::Other),
            ("START", Command::Other),
            ("", Command::Other),
            ("👍", Command::Other),
        ] {
            assert_eq!(Command::of(text), command, "{text:?}");
        }
    }
}
