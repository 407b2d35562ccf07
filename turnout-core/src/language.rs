//! The language in which somebody is spoken to.

use std::fmt;

use unic_langid::LanguageIdentifier;

/// A language by its BCP 47 tag, such as `en` or `es-MX`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(LanguageIdentifier);

impl Language {
    /// English, the language everything exists in.
    #[must_use]
    pub fn english() -> Self {
        Self(unic_langid::LanguageIdentifier::default()).or_english()
    }

    fn or_english(self) -> Self {
        Self("en".parse().unwrap_or(self.0))
    }

    /// Reads a BCP 47 tag; what is none gives nothing.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        if tag.trim().is_empty() {
            return None;
        }
        let language: LanguageIdentifier = tag.trim().parse().ok()?;
        (!language.language.is_empty()).then_some(Self(language))
    }

    /// The primary language alone: `es` of `es-MX`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.language.as_str()
    }

    /// The identifier, for a formatter.
    #[must_use]
    pub fn identifier(&self) -> &LanguageIdentifier {
        &self.0
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::english()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_nonsense_is_not() {
        assert_eq!(Language::parse("es-MX").expect("a tag").primary(), "es");
        assert_eq!(Language::parse(" en ").expect("a tag"), Language::english());
        for nonsense in ["", "1", "no language at all", "x"] {
            assert_eq!(Language::parse(nonsense), None, "{nonsense}");
        }
    }
}
