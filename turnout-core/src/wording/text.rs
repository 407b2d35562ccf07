//! What text messages say (`flows.md` 8 and 11).

use fluent_bundle::FluentArgs;

use super::{
    mentions::{one_line, web_link},
    sentences::Sentences,
};
use crate::{
    ports::{
        maps::Voting,
        wording::{FormKind, MapProblem, MapWords, TextMessage, WordingError},
    },
    register::ToolName,
};

/// The longest name of a sender, in characters: the rest of a text has to fit in too.
const LONGEST_SENDER: usize = 50;
/// The longest e-mail address that a text repeats, in characters.
const LONGEST_EMAIL: usize = 60;

/// Puts a text into words.
pub(super) fn say(words: &Sentences, message: &TextMessage, sender: &str) -> Result<String, WordingError> {
    let sender: String = one_line(sender).chars().take(LONGEST_SENDER).collect();
    let plain = |key: &str| words.say_with(key, "sender", sender.trim());
    let with = |key: &str, name: &str, value: String| {
        let mut blanks = FluentArgs::new();
        blanks.set("sender", sender.trim());
        blanks.set(name, value);
        words.fill(key, Some(&blanks))
    };
    let linked = |key: &str, url: &str| match web_link(url) {
        Some(url) => with(key, "url", url.to_owned()),
        None => Err(WordingError(format!("{key} has no link").into())),
    };
    let mailed = |key: &str, email: &str| match mention(email) {
        Some(email) => with(key, "email", email.to_owned()),
        None => with(key, "email", words.say("text-your-mail")?),
    };
    match message {
        TextMessage::Welcome(tool) => plain(match tool {
            Some(ToolName::Register) => "text-welcome-register",
            Some(ToolName::Absentee) => "text-welcome-absentee",
            Some(ToolName::Verify) => "text-welcome-verify",
            Some(ToolName::Locate | ToolName::Leo) | None => "text-welcome-other",
        }),
        TextMessage::Unfinished(form, url) => {
            linked(form.choose("text-unfinished-register", "text-unfinished-absentee"), url)
        }
        TextMessage::FormReminder(form, email) => {
            mailed(form.choose("text-reminder-register", "text-reminder-absentee"), email)
        }
        TextMessage::ConfirmReminder(form, email) => {
            mailed(form.choose("text-confirm-reminder-register", "text-confirm-reminder-absentee"), email)
        }
        TextMessage::ConfirmNag(form, email) => {
            mailed(form.choose("text-nag-register", "text-nag-absentee"), email)
        }
        TextMessage::LetterMailed(form) => {
            plain(form.choose("text-letter-mailed-register", "text-letter-mailed-absentee"))
        }
        TextMessage::LetterReturned(form) => {
            plain(form.choose("text-letter-returned-register", "text-letter-returned-absentee"))
        }
        TextMessage::RegistrationNextSteps(url) => linked("text-next-register", url),
        TextMessage::BallotRequestNextSteps(tracker) => match tracker.as_deref().and_then(web_link) {
            Some(url) => linked("text-next-absentee-track", url),
            None => plain("text-next-absentee"),
        },
        TextMessage::VerifiedRegister(url) => linked("text-verified-register", url),
        TextMessage::VerifiedVoteByMail(url) => linked("text-verified-absentee", url),
        TextMessage::SignInCode(code) => with("text-sign-in-code", "code", code.clone()),
        TextMessage::Help => words.say("text-help"),
        TextMessage::JoinSuccess => words.say("text-join-success"),
        TextMessage::Joined => words.say("text-joined"),
        TextMessage::AutoReply => words.say("text-autoreply"),
        TextMessage::AutoReplyStopped => words.say("text-autoreply-stopped"),
        TextMessage::Map(map) => say_map(words, map),
        TextMessage::MapSent(Voting::ElectionDay) => words.say("text-map-sent-election-day"),
        TextMessage::MapSent(Voting::Early) => words.say("text-map-sent-early"),
        TextMessage::MapProblem(voting, problem) => {
            let command = match voting {
                Voting::ElectionDay => "PPMAP",
                Voting::Early => "EVMAP",
            };
            match (problem, voting) {
                (MapProblem::NoVoter, _) => words.say_with("text-map-no-voter", "command", command),
                (MapProblem::UnknownAddress, _) => {
                    words.say_with("text-map-unknown-address", "command", command)
                }
                (MapProblem::NoPlace, Voting::ElectionDay) => words.say("text-map-no-place-election-day"),
                (MapProblem::NoPlace, Voting::Early) => words.say("text-map-no-place-early"),
                (MapProblem::NoLocator, _) => words.say("text-map-no-locator"),
            }
        }
    }
}

/// The longest of what a locator says, in characters.
const LONGEST_FACT: usize = 120;

/// The place, when it is open, and where there is more.
fn say_map(words: &Sentences, map: &MapWords) -> Result<String, WordingError> {
    let fact = |text: &str| one_line(text).chars().take(LONGEST_FACT).collect::<String>();
    let parts: Vec<String> =
        [fact(&map.name), fact(&map.address)].into_iter().filter(|part| !part.is_empty()).collect();
    let place = match map.voting {
        Voting::ElectionDay => "text-map-election-day",
        Voting::Early => "text-map-early",
    };
    let mut sentences = vec![words.say_with(place, "place", parts.join(", "))?];
    let hours = fact(&map.hours);
    if !hours.is_empty() {
        sentences.push(words.say_with("text-map-hours", "hours", hours)?);
    }
    if !map.picture {
        sentences.push(words.say("text-map-no-picture")?);
    }
    if let Some(url) = map.link.as_deref().and_then(web_link) {
        sentences.push(words.say_with("text-map-link", "url", url)?);
    }
    Ok(sentences.join(" "))
}

impl FormKind {
    fn choose(self, registration: &'static str, request: &'static str) -> &'static str {
        match self {
            Self::Registration => registration,
            Self::BallotRequest => request,
        }
    }
}

/// An address that a text may repeat: one that is short, and of plain signs.
fn mention(email: &str) -> Option<&str> {
    let email = email.trim();
    let is_plain = email.bytes().all(|byte| byte.is_ascii_graphic());
    (!email.is_empty() && email.len() <= LONGEST_EMAIL && is_plain).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Language, wording::sentences};

    fn english(message: &TextMessage, sender: &str) -> Result<String, WordingError> {
        say(sentences::of(&Language::english()), message, sender)
    }

    #[test]
    fn an_address_that_carries_a_message_is_not_repeated() {
        for email in ["", "a b@example.org", &format!("{}@example.org", "win".repeat(30)), "ñ@example.org"] {
            let text = english(&TextMessage::ConfirmNag(FormKind::Registration, email.to_owned()), "Us");
            let text = text.expect("words");
            assert!(text.contains("sent to your e-mail address,"), "{text}");
        }
        let text = english(&TextMessage::ConfirmNag(FormKind::Registration, "a@example.org".into()), "Us");
        assert!(text.expect("words").contains("sent to a@example.org,"));
    }

    #[test]
    fn a_text_without_its_link_is_an_error_and_not_half_a_sentence() {
        assert!(english(&TextMessage::VerifiedRegister(String::new()), "Us").is_err());
        assert!(english(&TextMessage::VerifiedRegister("javascript:x".into()), "Us").is_err());
        let untracked = english(&TextMessage::BallotRequestNextSteps(Some("N/A".into())), "Us");
        assert!(!untracked.expect("words").contains("N/A"));
    }

    #[test]
    fn a_sender_is_named_in_one_line_and_shortly() {
        let text =
            english(&TextMessage::Welcome(None), &format!("A\r\nB{}", "x".repeat(300))).expect("words");
        assert!(text.starts_with(&format!("A B{}: Thank", "x".repeat(47))), "{text}");
    }
}
