//! Languages that are added, and whether translations are whole and of the present English.
//!
//! A language is a Fluent file. Beside it may lie its stamps: for each sentence the digest of the English one that it
//! translates. A sentence whose English has changed since is stale. `turnout-server messages check` tells of both.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use fluent_bundle::FluentResource;
use sha2::{Digest, Sha256};

use super::sentences::{ENGLISH_FILES, SPANISH_FILES};

/// How many bytes of a digest make a stamp.
const STAMP: usize = 4;

/// The stamps of the Spanish that is built in.
const SPANISH_STAMPS: &str = include_str!("../../locales/es/stamps.tsv");

/// A file of sentences that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{language}, line {line}: this is no Fluent")]
pub struct LocaleError {
    /// The language, a BCP 47 tag.
    pub language: String,
    /// The line, from 1.
    pub line: usize,
}

/// What is wrong with the translation of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// There is none: English is said instead.
    Missing,
    /// There is no such sentence in English, so nobody says it.
    Unknown,
    /// It has other blanks than the English one: these are the ones that only one of the two has.
    Blanks(Vec<String>),
    /// The English sentence has changed since, or nobody said of which one this is the translation.
    Stale,
}

/// A sentence whose translation has a flaw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslationFlaw {
    /// The language, a BCP 47 tag.
    pub language: String,
    /// The sentence.
    pub key: String,
    /// What is wrong.
    pub flaw: Flaw,
}

impl fmt::Display for TranslationFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { language, key, flaw } = self;
        match flaw {
            Flaw::Missing => write!(f, "{language}: {key} is missing"),
            Flaw::Unknown => write!(f, "{language}: {key} is said by nobody"),
            Flaw::Blanks(blanks) => write!(f, "{language}: {key} differs in blanks: {}", blanks.join(", ")),
            Flaw::Stale => write!(f, "{language}: {key} is stale"),
        }
    }
}

/// What is wrong with a language's sentences: those that differ from the English ones in what they have, and, where there
/// are stamps, those that are stale. In the order of the keys.
///
/// # Errors
/// When the file is no Fluent.
pub fn flaws(
    language: &str,
    source: &str,
    stamps: Option<&str>,
) -> Result<Vec<TranslationFlaw>, LocaleError> {
    check_syntax(language, source)?;
    let english = ENGLISH_FILES.concat();
    let (english, theirs) = (entries(&english), entries(source));
    let stamped: Option<BTreeMap<&str, &str>> =
        stamps.map(|text| text.lines().filter_map(|line| line.split_once('\t')).collect());
    let keys: BTreeSet<&str> = english.keys().chain(theirs.keys()).copied().collect();
    let flaw = |key: &str| match (english.get(key), theirs.get(key)) {
        (Some(_), None) => Some(Flaw::Missing),
        (None, _) => Some(Flaw::Unknown),
        (Some(ours), Some(theirs)) => {
            let odd: Vec<String> = blanks(ours).symmetric_difference(&blanks(theirs)).cloned().collect();
            let is_stale =
                stamped.as_ref().is_some_and(|stamps| stamps.get(key).copied() != Some(&stamp(ours)));
            match (odd.is_empty(), is_stale) {
                (false, _) => Some(Flaw::Blanks(odd)),
                (true, true) => Some(Flaw::Stale),
                (true, false) => None,
            }
        }
    };
    Ok(keys
        .into_iter()
        .filter_map(|key| {
            Some(TranslationFlaw { language: language.to_owned(), key: key.to_owned(), flaw: flaw(key)? })
        })
        .collect())
}

/// The same of the translations that are built in.
///
/// # Panics
/// Never: tests read these very files.
#[must_use]
pub fn own_flaws() -> Vec<TranslationFlaw> {
    flaws("es", &SPANISH_FILES.concat(), Some(SPANISH_STAMPS)).expect("tests read these very files")
}

/// The stamps of a file that translates the present English: what lies beside it once somebody has looked.
#[must_use]
pub fn stamps() -> String {
    entries(&ENGLISH_FILES.concat()).iter().map(|(key, text)| format!("{key}\t{}\n", stamp(text))).collect()
}

/// Whether it is Fluent.
pub(super) fn check_syntax(language: &str, source: &str) -> Result<(), LocaleError> {
    match FluentResource::try_new(source.to_owned()) {
        Ok(_) => Ok(()),
        Err((_, errors)) => {
            let at = errors.first().map_or(0, |error| error.pos.start);
            let line = source.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            Err(LocaleError { language: language.to_owned(), line })
        }
    }
}

/// The sentences of a file, by key. A sentence goes on in lines that are indented.
fn entries(source: &str) -> BTreeMap<&str, String> {
    let mut entries: BTreeMap<&str, String> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once('=') {
            Some((key, text)) if line.starts_with(|letter: char| letter.is_ascii_alphabetic()) => {
                let key = key.trim_end();
                entries.insert(key, text.trim().to_owned());
                current = Some(key);
            }
            _ => {
                if let Some(text) = current.and_then(|key| entries.get_mut(key))
                    && !line.trim().is_empty()
                {
                    text.push('\n');
                    text.push_str(line.trim());
                }
            }
        }
    }
    entries
}

/// The names of a sentence's blanks.
fn blanks(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
    };
    let is_name = |name: &String| name.starts_with(|c: char| c.is_ascii_alphabetic());
    text.split('$').skip(1).map(name).filter(is_name).collect()
}

fn stamp(english: &str) -> String {
    Sha256::digest(english.as_bytes())[..STAMP].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sentence of the English as it is, but for what `change` makes of it.
    fn changed(change: impl Fn(&str, &str) -> Option<String>) -> String {
        let english = ENGLISH_FILES.concat();
        let line = |(key, text): (&&str, &String)| {
            let text = change(key, text)?;
            Some(format!("{key} = {}\n", text.replace('\n', "\n    ")))
        };
        entries(&english).iter().filter_map(line).collect()
    }

    fn found(source: &str, stamps: Option<&str>) -> Vec<String> {
        flaws("qq", source, stamps).expect("Fluent").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_translation_of_the_present_english_has_no_flaws() {
        let same = changed(|_, text| Some(text.to_owned()));
        assert_eq!(found(&same, Some(&stamps())), [""; 0]);
        assert_eq!(found(&same, None), [""; 0]);
    }

    #[test]
    fn missing_unknown_odd_and_stale_sentences_are_named() {
        let source = changed(|key, text| match key {
            "greeting" => None,
            "form-until" => Some("Until { $day }.".to_owned()),
            _ => Some(text.to_owned()),
        });
        let source = format!("{source}nobody-says = This.\n");
        let old = stamps().replace("\nsign-off\t", "\nsign-off\t0");
        assert_eq!(
            found(&source, Some(&old)),
            [
                "qq: form-until differs in blanks: date, day",
                "qq: greeting is missing",
                "qq: nobody-says is said by nobody",
                "qq: sign-off is stale",
            ]
        );
        assert_eq!(found(&source, None).len(), 3, "without stamps nobody knows what is stale");
    }

    #[test]
    fn a_file_that_is_no_fluent_is_refused_with_its_line() {
        let error = flaws("qq", "greeting = Hi\nsign-off = { $a\n\n\nx = {", None).expect_err("no Fluent");
        assert_eq!((error.language.as_str(), error.line > 1), ("qq", true), "{error}");
    }

    #[test]
    fn the_same_english_has_the_same_stamp_however_it_is_indented() {
        let one = entries("a = { $n ->\n  [one] x\n *[other] y\n }\n");
        let other = entries("a = { $n ->\n      [one] x\n     *[other] y\n      }\n");
        assert_eq!(stamp(&one["a"]), stamp(&other["a"]));
        assert_eq!(blanks(&one["a"]), BTreeSet::from(["n".to_owned()]));
        assert_eq!(blanks("It costs $5, { $name }."), BTreeSet::from(["name".to_owned()]));
    }
}
