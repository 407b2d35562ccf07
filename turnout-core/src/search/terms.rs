//! Terms and words: what of a text is compared.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::person::PersonName;

/// How many characters of a term or word count.
const LENGTH: usize = 64;
/// How many terms a person has at the most.
const TERMS: usize = 32;
/// How many words of a query count.
const WORDS: usize = 8;

/// What a person is found by: the parts of the name, the e-mail address and its parts, in lower case and without
/// accents.
///
/// A term with which another one begins is left out: whatever finds it finds the longer one.
///
/// ```
/// use turnout_core::{
///     person::PersonName,
///     search::{SearchQuery, Terms},
/// };
///
/// let name = PersonName {
///     first: Some("Zoë".into()),
///     last: Some("O'Brien-Groß".into()),
///     ..PersonName::default()
/// };
/// let terms = Terms::of(&name, Some("Zoe.Brien@example.org"));
/// assert_eq!(terms.text(), "brien example gross obriengross org zoe.brien@example.org");
/// for found in ["zoe", "ZOË GROSS", "obrien", "o'brien", "zoe.brien@exa", "@example.org"] {
///     assert!(SearchQuery::parse(found).finds(&terms), "{found}");
/// }
/// for other in ["oe", "zoes", "zoe smith", "brien@example.org"] {
///     assert!(!SearchQuery::parse(other).finds(&terms), "{other}");
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(String);

/// The words of a query, all of which have to be found.
///
/// A word is a run of letters and digits, or a whole address from its first letter to beyond its `@`. A word with which
/// another one begins says nothing and is left out. Without words everybody is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchQuery(Vec<String>);

impl Terms {
    /// The terms of a person.
    #[must_use]
    pub fn of(name: &PersonName, email: Option<&str>) -> Self {
        let mut terms = Vec::new();
        if let Some(email) = email {
            let email = plain(email);
            terms.extend(parts(&email).map(cut));
            terms.push(cut(&unspaced(&email)));
        }
        for part in [&name.last, &name.first, &name.middle].into_iter().flatten() {
            take_words(&mut terms, part);
        }
        terms.truncate(TERMS);
        Self(longest(terms).join(" "))
    }

    /// The terms of texts: of an address, where nobody's name is known.
    pub fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut terms = Vec::new();
        for text in texts {
            take_words(&mut terms, text);
        }
        terms.truncate(TERMS);
        Self(longest(terms).join(" "))
    }

    /// As one text, in order, each term once, a space between.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// As [`text`](Self::text) gave it.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// Each term.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|term| !term.is_empty())
    }
}

impl SearchQuery {
    /// Reads what somebody typed. What is too much of it does not count: words after the eighth, characters of a word
    /// after the sixty-fourth.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = plain(text);
        let words = text.split_whitespace().flat_map(|word| match word.find('@') {
            Some(at) if at > 0 => vec![cut(&unspaced(word))],
            _ => parts(word).map(cut).collect(),
        });
        Self(longest(words.take(WORDS).collect()))
    }

    /// The words, in order.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether a person with these terms is found: each word at the beginning of a term.
    #[must_use]
    pub fn finds(&self, terms: &Terms) -> bool {
        self.0.iter().all(|word| terms.iter().any(|term| term.starts_with(word.as_str())))
    }
}

/// The parts of each word, and each word joined.
fn take_words(terms: &mut Vec<String>, text: &str) {
    for word in plain(text).split_whitespace() {
        let joined: String = parts(word).collect();
        terms.extend(parts(word).map(cut));
        terms.push(cut(&joined));
    }
}

/// In lower case, without accents, compatible characters as one (`ﬁ` as `fi`), letters that Unicode does not take apart
/// as people type them without their key.
fn plain(text: &str) -> String {
    let letters =
        text.nfkd().flat_map(char::to_lowercase).nfkd().filter(|letter| !is_combining_mark(*letter));
    let mut plain = String::with_capacity(text.len());
    for letter in letters {
        match letter {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ł' => plain.push('l'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            'ŋ' => plain.push('n'),
            'ŧ' => plain.push('t'),
            'ς' => plain.push('σ'),
            other => plain.push(other),
        }
    }
    plain
}

/// The runs of letters and digits.
fn parts(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// Without what cannot be part of a term.
fn unspaced(plain: &str) -> String {
    plain.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control()).collect()
}

fn cut(term: &str) -> String {
    term.chars().take(LENGTH).collect()
}

/// In order, without those with which another one begins.
fn longest(mut terms: Vec<String>) -> Vec<String> {
    terms.sort_unstable();
    // whatever begins with a term follows it
    let mut kept: Vec<String> = Vec::with_capacity(terms.len());
    for term in terms.into_iter().rev().filter(|term| !term.is_empty()) {
        if kept.last().is_none_or(|longer| !longer.starts_with(&term)) {
            kept.push(term);
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(first: &str, last: &str) -> PersonName {
        PersonName { first: Some(first.into()), last: Some(last.into()), ..PersonName::default() }
    }

    #[test]
    fn letters_are_compared_without_case_and_accents() {
        for (typed, compared) in [
            ("NGUYỄN", "nguyen"),
            ("Ångström", "angstrom"),
            ("Łukasz", "lukasz"),
            ("Grosse", "grosse"),
            ("GROẞE", "grosse"),
            ("Þór", "thor"),
            ("Ærø", "aero"),
            ("İpek", "ipek"),
            ("ﬁnn", "finn"),
            ("Ｊｏ", "jo"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
            ("Οδυσσεύς", "οδυσσευσ"),
            ("Йозеф", "иозеф"),
            ("李", "李"),
        ] {
            assert_eq!(plain(typed), compared, "{typed}");
        }
    }

    #[test]
    fn a_query_is_cut_to_its_words() {
        for (typed, words) in [
            ("", &[][..]),
            (" ' - ", &[]),
            ("Anna", &["anna"]),
            ("anna ann Anna", &["anna"]),
            ("O'Brien", &["brien", "o"]),
            ("smith-jones mary", &["jones", "mary", "smith"]),
            ("ann@ex.org", &["ann@ex.org"]),
            ("@ex.org", &["ex", "org"]),
            ("a b c d e f g h i j", &["a", "b", "c", "d", "e", "f", "g", "h"]),
        ] {
            assert_eq!(SearchQuery::parse(typed).words(), words, "{typed:?}");
        }
    }

    #[test]
    fn nobody_has_more_terms_than_fit() {
        let many: String = (0..100).map(|number| format!("a{number:03}-")).collect();
        let terms = Terms::of(&person(&many, &"x".repeat(1_000)), Some("a@example.org"));
        assert!(terms.iter().count() <= TERMS);
        assert!(terms.iter().all(|term| term.chars().count() <= LENGTH));
        assert!(SearchQuery::parse("a@example.org").finds(&terms), "the address comes first");
        assert!(SearchQuery::parse(&"x".repeat(2_000)).finds(&terms));
    }

    #[test]
    fn a_name_without_letters_has_no_terms() {
        assert_eq!(Terms::of(&person(" . ", ""), Some("")).text(), "");
        assert!(SearchQuery::parse("?").finds(&Terms::of(&person("", ""), None)));
    }

    proptest! {
        #[test]
        fn a_text_that_is_plain_stays_as_it_is(text in "\\PC{0,20}") {
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once);
        }

        #[test]
        fn everybody_is_found_by_name_and_address(
            first in "[a-zA-ZÀ-ɏά-ώА-я李 '.-]{0,12}", last in "[a-zA-ZÀ-ɏά-ώА-я李 '.-]{0,12}", email in "[a-zé.+]{1,9}@[a-z]{1,5}\\.[a-z]{2}"
        ) {
            let terms = Terms::of(&person(&first, &last), Some(&email));
            for query in [first.clone(), last.to_uppercase(), email.clone(), format!("{last} {first} {email}")] {
                prop_assert!(SearchQuery::parse(&query).finds(&terms), "{:?} in {:?}", query, terms);
            }
        }

        #[test]
        fn the_shortened_terms_find_what_all_terms_find(words in prop::collection::vec("[ab]{1,3}", 1..6)) {
            let all = longest(words.clone());
            for word in &words {
                prop_assert!(all.iter().any(|term| term.starts_with(word.as_str())));
            }
            prop_assert!(all.is_sorted());
            prop_assert!(all.iter().all(|term| words.contains(term)));
        }
    }
}
