//! What we say in answers and greetings: in the words of an operator where the switches of `smsbot` have some, else in ours.

use crate::{
    app::App,
    language::Language,
    ports::wording::TextMessage,
    switch::{Switches, Text},
};

/// The operator's words, or ours in that language; nothing where ours cannot be said, which is logged.
pub(super) fn words(
    app: &App,
    switches: &Switches,
    switch: &'static Text,
    ours: &TextMessage,
    language: &Language,
) -> Option<String> {
    if let Some(text) = switches.text(switch) {
        return Some(text.to_owned());
    }
    match app.wording.text(ours, "", language) {
        Ok(words) => Some(words.text),
        Err(error) => {
            tracing::error!(text = ours.tag(), %error, "an answer cannot be put into words");
            None
        }
    }
}
