//! The sentences of one language, by key.

use std::{fmt, sync::LazyLock};

use chrono::{Datelike, NaiveDate};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::{language::Language, ports::wording::WordingError};

/// All sentences of a language.
pub(super) struct Sentences {
    /// The language, a BCP 47 tag.
    pub(super) language: String,
    bundle: FluentBundle<FluentResource>,
}

/// The files of a language that is built in.
macro_rules! files {
    ($tag:literal) => {
        [
            include_str!(concat!("../../locales/", $tag, "/mail.ftl")),
            include_str!(concat!("../../locales/", $tag, "/text.ftl")),
        ]
    };
}

/// The English that is built in.
pub(super) const ENGLISH_FILES: [&str; 2] = files!("en");
/// The Spanish that is built in.
pub(super) const SPANISH_FILES: [&str; 2] = files!("es");

static ENGLISH: LazyLock<Sentences> = LazyLock::new(|| Sentences::read("en", &ENGLISH_FILES));
static SPANISH: LazyLock<Sentences> = LazyLock::new(|| Sentences::read("es", &SPANISH_FILES));

/// The languages that are built in.
pub(super) const BUILT_IN: [&str; 2] = ["en", "es"];

/// The sentences of a language, whatever the region; English where we do not speak it.
pub(super) fn of(language: &Language) -> &'static Sentences {
    match language.primary() {
        "es" => &SPANISH,
        _ => &ENGLISH,
    }
}

impl fmt::Debug for Sentences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sentences").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Sentences {
    /// Those of a file, over those of the language that are built in; what neither has is said in English. The file is
    /// known to be Fluent.
    pub(super) fn own(language: &Language, source: &str) -> Self {
        let tag = language.to_string();
        match tag.as_str() {
            "en" => Self::read("en", &[ENGLISH_FILES[0], ENGLISH_FILES[1], source]),
            "es" => Self::read("es", &[SPANISH_FILES[0], SPANISH_FILES[1], source]),
            _ => Self::read(&tag, &[source]),
        }
    }

    fn read(language: &str, files: &[&str]) -> Self {
        let identifier = language.parse().expect("a language tag that was read before");
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // the marks that isolate directions are visible in some mail programs
        bundle.set_use_isolating(false);
        for source in files {
            let resource = FluentResource::try_new((*source).to_owned()).expect("it was read before");
            bundle.add_resource_overriding(resource);
        }
        Self { language: language.to_owned(), bundle }
    }

    /// A sentence without blanks to fill.
    pub(super) fn say(&self, key: &str) -> Result<String, WordingError> {
        self.fill(key, None)
    }

    /// A sentence with one blank to fill.
    pub(super) fn say_with<'a>(
        &self,
        key: &str,
        name: &'a str,
        value: impl Into<FluentValue<'a>>,
    ) -> Result<String, WordingError> {
        let mut blanks = FluentArgs::new();
        blanks.set(name, value);
        self.fill(key, Some(&blanks))
    }

    /// A sentence with blanks to fill.
    pub(super) fn fill(&self, key: &str, blanks: Option<&FluentArgs<'_>>) -> Result<String, WordingError> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|it| it.value()) else {
            return match self.language.as_str() {
                "en" => Err(WordingError(format!("no sentence for {key}").into())),
                _ => ENGLISH.fill(key, blanks),
            };
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, blanks, &mut errors).into_owned();
        match errors.into_iter().next() {
            // the error names a blank, never what was to fill it
            Some(error) => Err(WordingError(format!("{}: {key}: {error}", self.language).into())),
            None => Ok(text),
        }
    }

    /// A day in words.
    pub(super) fn day(&self, date: NaiveDate) -> Result<String, WordingError> {
        let mut blanks = FluentArgs::new();
        blanks.set("day", date.day().to_string());
        blanks.set("month", date.month());
        blanks.set("year", date.year().to_string());
        self.fill("date", Some(&blanks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_language(tag: &str) -> &'static Sentences {
        of(&Language::parse(tag).expect("a tag"))
    }

    #[test]
    fn a_region_does_not_matter_and_an_unknown_language_gets_english() {
        assert_eq!(in_language("es-MX").language, "es");
        assert_eq!(in_language("en-GB").language, "en");
        assert_eq!(in_language("vi").language, "en");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let day = |tag, month, day| {
            in_language(tag).day(NaiveDate::from_ymd_opt(2026, month, day).expect("a day")).expect("words")
        };
        assert_eq!(day("en", 12, 2), "December 2, 2026");
        assert_eq!(day("es", 1, 31), "31 de enero de 2026");
    }

    #[test]
    fn a_missing_sentence_or_blank_is_an_error_and_no_half_sentence() {
        assert!(in_language("en").say("no-such-key").is_err());
        assert!(in_language("en").say("greeting").is_err());
    }
}
