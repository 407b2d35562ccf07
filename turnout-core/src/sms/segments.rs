//! How many segments a text takes, and what would make it shorter.
//!
//! A text whose letters are all of the GSM 7-bit alphabet holds 160 of them in one segment, 153 in each of several; any
//! other is sent as UCS-2, with 70 and 67 (3GPP TS 23.038 17.0.0, 6.2.1, and TS 23.040 17.3.0, 9.2.3.24.1; read
//! 2026-11). One curly apostrophe more than doubles what a text costs, so the signs for which there is a plain one are
//! named.

/// The letters and signs of the alphabet that take one septet each (TS 23.038, 6.2.1), but for the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Those that take two: an escape before each (TS 23.038, 6.2.1.1).
const ESCAPED: &str = "\u{c}^{}\\[~]|€";

/// Signs that look alike, or say the same, in the GSM alphabet.
const PLAIN: &[(char, &str)] = &[
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201a}', "'"),
    ('\u{201b}', "'"),
    ('\u{2032}', "'"),
    ('`', "'"),
    ('´', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
    ('\u{201e}', "\""),
    ('\u{201f}', "\""),
    ('\u{2033}', "\""),
    ('«', "\""),
    ('»', "\""),
    ('\u{2010}', "-"),
    ('\u{2011}', "-"),
    ('\u{2012}', "-"),
    ('\u{2013}', "-"),
    ('\u{2014}', "-"),
    ('\u{2015}', "-"),
    ('\u{2212}', "-"),
    ('\u{2022}', "-"),
    ('·', "-"),
    ('\u{2026}', "..."),
    ('\u{a0}', " "),
    ('\u{2002}', " "),
    ('\u{2003}', " "),
    ('\u{2009}', " "),
    ('\u{202f}', " "),
    ('\t', " "),
    ('\u{200b}', ""),
    ('\u{feff}', ""),
    ('\u{ad}', ""),
];

/// How the letters of a text are written on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The GSM 7-bit alphabet, in septets.
    Gsm7,
    /// UCS-2, in units of 16 bits.
    Ucs2,
}

impl Encoding {
    /// How much of it a segment holds that is alone, and one of several.
    fn capacity(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    /// How much of it a letter takes.
    fn width(self, letter: char) -> usize {
        match self {
            Self::Gsm7 => 1 + usize::from(ESCAPED.contains(letter)),
            Self::Ucs2 => letter.len_utf16(),
        }
    }
}

/// What a text takes on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// How it is written.
    pub encoding: Encoding,
    /// Its length: septets of GSM 7-bit, or units of UCS-2.
    pub length: usize,
    /// The number of segments, which is what is paid for; none for no text.
    pub count: usize,
}

impl Segments {
    /// Counts those of a text. No letter is torn: one of two septets or units that does not fit begins the next segment.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let encoding = if text.chars().all(is_gsm7) { Encoding::Gsm7 } else { Encoding::Ucs2 };
        let (alone, one_of_several) = encoding.capacity();
        let length: usize = text.chars().map(|letter| encoding.width(letter)).sum();
        if length <= alone {
            return Self { encoding, length, count: usize::from(length > 0) };
        }
        let (mut count, mut filled) = (1, 0);
        for letter in text.chars() {
            let width = encoding.width(letter);
            if filled + width > one_of_several {
                (count, filled) = (count + 1, 0);
            }
            filled += width;
        }
        Self { encoding, length, count }
    }
}

fn is_gsm7(letter: char) -> bool {
    BASIC.contains(letter) || ESCAPED.contains(letter)
}

/// A sign that keeps a text out of the GSM alphabet, and what to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// The sign in the text.
    pub sign: char,
    /// What says the same; nothing where the sign says nothing.
    pub instead: &'static str,
}

/// What to write otherwise so that the text goes as GSM 7-bit: each sign once, in the order in which it comes. Nothing when
/// the text is such already, or when a letter keeps it out for which there is no other, such as `á`: nobody is asked to
/// misspell.
#[must_use]
pub fn suggestions(text: &str) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    for sign in text.chars().filter(|letter| !is_gsm7(*letter)) {
        let Some((_, instead)) = PLAIN.iter().find(|(known, _)| *known == sign) else { return Vec::new() };
        if found.iter().all(|it| it.sign != sign) {
            found.push(Suggestion { sign, instead });
        }
    }
    found
}

/// The text with all [`suggestions`] followed.
#[must_use]
pub fn plainly(text: &str) -> String {
    let suggestions = suggestions(text);
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match suggestions.iter().find(|it| it.sign == letter) {
            Some(suggestion) => plain.push_str(suggestion.instead),
            None => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Encoding, usize, usize) {
        let Segments { encoding, length, count } = Segments::of(text);
        (encoding, length, count)
    }

    #[test]
    fn segments_are_counted_at_their_edges() {
        use Encoding::{Gsm7, Ucs2};
        for (text, expected) in [
            (String::new(), (Gsm7, 0, 0)),
            ("a".repeat(160), (Gsm7, 160, 1)),
            ("a".repeat(161), (Gsm7, 161, 2)),
            ("a".repeat(306), (Gsm7, 306, 2)),
            ("a".repeat(307), (Gsm7, 307, 3)),
            ("á".repeat(70), (Ucs2, 70, 1)),
            ("á".repeat(71), (Ucs2, 71, 2)),
            ("á".repeat(134), (Ucs2, 134, 2)),
            ("á".repeat(135), (Ucs2, 135, 3)),
            ("ñ¿é".repeat(10), (Gsm7, 30, 1)),
            ("€".repeat(80), (Gsm7, 160, 1)),
            ("👍".repeat(35), (Ucs2, 70, 1)),
        ] {
            assert_eq!(of(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_letter_of_two_units_is_not_torn() {
        // 152 septets, then one of two: it begins the second segment, and the second is full one earlier
        let text = format!("{}€{}", "a".repeat(152), "b".repeat(151));
        assert_eq!(of(&text), (Encoding::Gsm7, 305, 2));
        assert_eq!(of(&format!("{text}b")), (Encoding::Gsm7, 306, 3), "306 would fit if it could be torn");
        let text = format!("{}👍{}", "á".repeat(66), "á".repeat(65));
        assert_eq!(of(&text), (Encoding::Ucs2, 133, 2));
        assert_eq!(of(&format!("{text}á")), (Encoding::Ucs2, 134, 3));
    }

    #[test]
    fn signs_that_have_a_plain_one_are_named_once() {
        let text = "It’s “here” – it’s…";
        let expected = [('’', "'"), ('“', "\""), ('”', "\""), ('–', "-"), ('…', "...")];
        let found: Vec<(char, &str)> = suggestions(text).iter().map(|it| (it.sign, it.instead)).collect();
        assert_eq!(found, expected);
        assert_eq!(plainly(text), "It's \"here\" - it's...");
        assert_eq!(Segments::of(&plainly(text)).encoding, Encoding::Gsm7);
    }

    #[test]
    fn nobody_is_asked_to_misspell() {
        for text in ["Aquí está – ¿ya?", "Đi bầu", "👍 – yes", "plain", ""] {
            assert_eq!(suggestions(text), [], "{text}");
            assert_eq!(plainly(text), text);
        }
    }

    #[test]
    fn what_is_suggested_is_of_the_alphabet_and_what_it_replaces_is_not() {
        assert_eq!(BASIC.chars().count(), 127, "128 places, one of which is the escape");
        assert_eq!(ESCAPED.chars().count(), 10);
        for (sign, instead) in PLAIN {
            assert!(!is_gsm7(*sign), "{sign:?}");
            assert!(instead.chars().all(is_gsm7), "{sign:?}");
        }
    }
}
