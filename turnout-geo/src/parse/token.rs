//! Words of an address, with what can be told of each from its letters alone.

use super::word::{Letters, Word};

/// More words than an address has. Longer texts are not parsed.
const WORDS: usize = 64;

/// One word: where it is, what it may mean, what it is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) word: Word,
    shape: u8,
    /// A comma or a line's end stands before.
    pub(super) after_comma: bool,
}

impl Token {
    /// Has a digit.
    pub(super) const DIGIT: u8 = 1;
    /// Has a letter.
    pub(super) const LETTER: u8 = 1 << 1;
    /// Begins with a digit.
    pub(super) const LEADS: u8 = 1 << 2;
    /// Begins with `#`.
    pub(super) const HASH: u8 = 1 << 3;
    /// `&`, `@` or a slash alone.
    pub(super) const JOINS: u8 = 1 << 4;
    /// `83rd`.
    pub(super) const ORDINAL: u8 = 1 << 5;
    /// Has a hyphen, a slash or a plus sign.
    pub(super) const MARK: u8 = 1 << 6;

    pub(super) fn has(&self, shape: u8) -> bool {
        self.shape & shape != 0
    }

    /// Digits and nothing else.
    pub(super) fn is_number(&self) -> bool {
        self.shape & (Self::DIGIT | Self::LETTER | Self::HASH | Self::MARK) == Self::DIGIT
    }

    pub(super) fn is(&self, flag: u16) -> bool {
        self.word.is(flag)
    }

    pub(super) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// One letter.
    pub(super) fn is_letter(&self) -> bool {
        self.len() == 1 && self.has(Self::LETTER)
    }
}

/// The words of a text, on the stack.
pub(super) struct Tokens<'a> {
    text: &'a str,
    tokens: [Token; WORDS],
    count: usize,
}

impl<'a> Tokens<'a> {
    /// `None` for a text of more words or bytes than any address has.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let mut found = Self { text, tokens: [Token::default(); WORDS], count: 0 };
        if u32::try_from(text.len()).is_err() || !found.read() {
            return None;
        }
        Some(found)
    }

    pub(super) fn all(&self) -> &[Token] {
        &self.tokens[..self.count]
    }

    /// The text from a word's beginning to another's end.
    pub(super) fn text(&self, tokens: &[Token]) -> &'a str {
        match tokens {
            [] => "",
            [first, ..] => {
                let last = tokens.last().unwrap_or(first);
                self.slice(first.start, last.end)
            }
        }
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn read(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let (mut at, mut after_comma) = (0, false);
        while at < bytes.len() {
            match class(bytes, at) {
                Class::Blank(length) => at += length,
                Class::Comma => {
                    after_comma = true;
                    at += 1;
                }
                kind => {
                    let start = at;
                    at += 1;
                    if kind != Class::Joint {
                        while at < bytes.len() && class(bytes, at) == Class::Inside
                            || kind == Class::Hash && bytes.get(at) == Some(&b'#')
                        {
                            at += 1;
                        }
                    }
                    let Some(token) = token(bytes, start, at, kind) else { continue };
                    if self.count == WORDS {
                        return false;
                    }
                    self.tokens[self.count] = Token { after_comma, ..token };
                    self.count += 1;
                    after_comma = false;
                }
            }
        }
        true
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// So many bytes between words.
    Blank(usize),
    Comma,
    Hash,
    Joint,
    Inside,
}

fn class(bytes: &[u8], at: usize) -> Class {
    match bytes[at] {
        b' ' | b'\t' | b'"' | b'(' | b')' | b':' | b'[' | b']' | b'<' | b'>' | b'*' => Class::Blank(1),
        b',' | b';' | b'\n' | b'\r' | b'|' => Class::Comma,
        b'#' => Class::Hash,
        b'&' | b'@' => Class::Joint,
        // a blank that does not break
        0xc2 if bytes.get(at + 1) == Some(&0xa0) => Class::Blank(2),
        _ => Class::Inside,
    }
}

/// The word between two places, without the stops and quotes around it; nothing if it is made of marks alone.
fn token(bytes: &[u8], mut start: usize, mut end: usize, kind: Class) -> Option<Token> {
    let outside = |byte: u8| matches!(byte, b'.' | b'\'' | b'-' | b'`' | b'_');
    while start < end && outside(bytes[start]) {
        start += 1;
    }
    while start < end && outside(bytes[end - 1]) {
        end -= 1;
    }
    let mut shape = match kind {
        Class::Hash => Token::HASH,
        Class::Joint => Token::JOINS,
        _ => 0,
    };
    let word = &bytes[start..end];
    let first = word.first()?;
    if first.is_ascii_digit() {
        shape |= Token::LEADS;
    }
    for byte in word {
        shape |= match byte {
            b'0'..=b'9' => Token::DIGIT,
            b'-' | b'/' | b'+' => Token::MARK,
            b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => Token::LETTER,
            _ => 0,
        };
    }
    if word == b"/" {
        shape = Token::JOINS;
    }
    let mixed = Token::DIGIT | Token::LETTER;
    if shape & (mixed | Token::LEADS) == mixed | Token::LEADS && is_ordinal(word) {
        shape |= Token::ORDINAL;
    }
    let known = if shape & (mixed | Token::HASH) == Token::LETTER {
        Letters::of(word).map_or(Word::default(), Word::by)
    } else {
        Word::default()
    };
    Some(Token { start: start as u32, end: end as u32, word: known, shape, after_comma: false })
}

/// Digits with the ending of an ordinal number.
fn is_ordinal(word: &[u8]) -> bool {
    let Some((digits, ending)) = word.split_last_chunk::<2>().filter(|(digits, _)| !digits.is_empty()) else {
        return false;
    };
    let ending = ending.map(|byte| byte.to_ascii_lowercase());
    matches!(&ending, b"st" | b"nd" | b"rd" | b"th") && digits.iter().all(u8::is_ascii_digit)
}
