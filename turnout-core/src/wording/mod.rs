//! Our own words: sentences from Fluent (`locales/`), frames from askama (`templates/email/`).
//!
//! A message becomes a letter whose blocks are plain text; the frames turn it into HTML and text and do
//! all escaping. A text message is one sentence or a few (`text.rs`). Nobody's voice but ours is here: an organization implements [`Wording`] itself.

mod ballot;
mod forwarding;
mod letter;
mod markdown;
mod mentions;
mod sample;
mod sentences;
mod text;

pub(crate) use markdown::plain_text;
pub use sample::{sample, sample_texts};

use crate::{
    language::Language,
    ports::wording::{Message, Rendered, RenderedText, TextMessage, Wording, WordingError},
};

/// The default [`Wording`]: ours, in English and Spanish. Any other language gets English.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnWording {}

impl OwnWording {
    /// The embedded texts.
    #[must_use]
    pub fn new() -> Self {
        Self {}
    }
}

impl Wording for OwnWording {
    fn render(&self, message: &Message, language: &Language) -> Result<Rendered, WordingError> {
        letter::compose(message, sentences::of(language))?.render()
    }

    fn text(
        &self,
        message: &TextMessage,
        sender: &str,
        language: &Language,
    ) -> Result<RenderedText, WordingError> {
        let words = sentences::of(language);
        Ok(RenderedText { text: text::say(words, message, sender)?, language: words.language.to_owned() })
    }
}
