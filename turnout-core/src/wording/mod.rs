//! Our own words: sentences from Fluent (`locales/`), frames from askama (`templates/email/`).
//!
//! A message becomes a letter whose blocks are plain text; the frames turn it into HTML and text and do
//! all escaping. A text message is one sentence or a few (`text.rs`). Nobody's voice but ours is here: an organization implements [`Wording`] itself.

mod account;
mod ballot;
mod forwarding;
mod letter;
mod markdown;
mod mentions;
mod mover;
mod sample;
mod sentences;
mod text;
mod translation;

use std::{collections::BTreeMap, sync::Arc};

pub use markdown::markdown_html;
pub(crate) use markdown::plain_text;
pub use sample::{SAMPLE_SENDER, sample, sample_texts};
pub use translation::{Flaw, LocaleError, TranslationFlaw, flaws, own_flaws, stamps};

use sentences::Sentences;

use crate::{
    language::Language,
    ports::wording::{Message, Rendered, RenderedText, TextMessage, Wording, WordingError},
};

/// The default [`Wording`]: ours, in English and Spanish, and languages that are added. Any other gets English.
#[derive(Debug, Clone, Default)]
pub struct OwnWording {
    /// By their tags in small letters.
    added: BTreeMap<String, Arc<Sentences>>,
}

impl OwnWording {
    /// The embedded texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a file of sentences of a language: one more, or others in place of some that are built in. What the
    /// file does not have is said as it is built in, or in English. A file of `pt-BR` counts for that alone, one of `pt`
    /// for every kind of it.
    ///
    /// # Errors
    /// When the file is no Fluent.
    pub fn with_language(mut self, language: &Language, source: &str) -> Result<Self, LocaleError> {
        translation::check_syntax(&language.to_string(), source)?;
        let sentences = Sentences::own(language, source);
        self.added.insert(language.to_string().to_lowercase(), Arc::new(sentences));
        Ok(self)
    }

    fn words(&self, language: &Language) -> &Sentences {
        let tag = language.to_string().to_lowercase();
        match self.added.get(&tag).or_else(|| self.added.get(language.primary())) {
            Some(added) => added,
            None => sentences::of(language),
        }
    }
}

impl Wording for OwnWording {
    fn render(&self, message: &Message, language: &Language) -> Result<Rendered, WordingError> {
        letter::compose(message, self.words(language))?.render()
    }

    fn text(
        &self,
        message: &TextMessage,
        sender: &str,
        language: &Language,
    ) -> Result<RenderedText, WordingError> {
        let words = self.words(language);
        Ok(RenderedText { text: text::say(words, message, sender)?, language: words.language.clone() })
    }

    fn languages(&self) -> Vec<Language> {
        let added = self.added.values().map(|it| it.language.as_str());
        let mut tags: Vec<&str> = sentences::BUILT_IN.into_iter().chain(added).collect();
        tags.sort_unstable();
        tags.dedup();
        tags.into_iter().filter_map(Language::parse).collect()
    }
}
