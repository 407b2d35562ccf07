//! Words of an address, with what can be told of each from its letters alone.

use super::word::{Letters, Word};

/// More words than an address has. Longer texts are not parsed.
const WORDS: usize = 40;

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

    pub(super) fn is(&self, flag: u32) -> bool {
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
        (u32::try_from(text.len()).is_ok() && found.read()).then_some(found)
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
            let token = match KINDS[usize::from(bytes[at])] {
                COMMA => {
                    after_comma = true;
                    at += 1;
                    continue;
                }
                BLANK => {
                    at += 1;
                    continue;
                }
                JOINT => {
                    at += 1;
                    Some(Token {
                        start: at as u32 - 1,
                        end: at as u32,
                        shape: Token::JOINS,
                        ..Token::default()
                    })
                }
                _ => word(bytes, &mut at),
            };
            let Some(token) = token else { continue };
            if self.count == WORDS {
                return false;
            }
            self.tokens[self.count] = Token { after_comma, ..token };
            self.count += 1;
            after_comma = false;
        }
        true
    }
}

// What a byte is: below `BLANK` it is inside a word, and what it adds to the word's shape.
const BLANK: u8 = 0x80;
const COMMA: u8 = 0x81;
const HASH: u8 = 0x82;
const JOINT: u8 = 0x83;

const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b' ' | b'\t' | b'"' | b'(' | b')' | b':' | b'[' | b']' | b'<' | b'>' | b'*' => BLANK,
            b',' | b';' | b'\n' | b'\r' | b'|' => COMMA,
            b'#' => HASH,
            b'&' | b'@' => JOINT,
            b'0'..=b'9' => Token::DIGIT,
            b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => Token::LETTER,
            b'-' | b'/' | b'+' => Token::MARK,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// Reads the word at a place, without the stops and quotes around it; nothing if it is made of marks alone.
fn word(bytes: &[u8], at: &mut usize) -> Option<Token> {
    let mut start = *at;
    let mut shape = 0;
    while bytes.get(*at) == Some(&b'#') {
        shape = Token::HASH;
        *at += 1;
    }
    let mut letters = Letters::default();
    while let Some(&byte) = bytes.get(*at) {
        let kind = KINDS[usize::from(byte)];
        // a blank that does not break
        if kind >= BLANK || byte == 0xc2 && bytes.get(*at + 1) == Some(&0xa0) {
            break;
        }
        shape |= kind;
        letters.push(byte);
        *at += 1;
    }
    let mut end = *at;
    if bytes.get(*at) == Some(&0xc2) {
        *at += 2;
    }
    let outside = |byte: u8| matches!(byte, b'.' | b'\'' | b'-' | b'`' | b'_');
    while start < end && outside(bytes[start]) {
        start += 1;
    }
    while start < end && outside(bytes[end - 1]) {
        end -= 1;
    }
    let word = &bytes[start..end];
    if word.first()?.is_ascii_digit() {
        shape |= Token::LEADS;
    }
    if word == b"/" {
        shape = Token::JOINS;
    }
    let mixed = Token::DIGIT | Token::LETTER;
    let mut known = Word::default();
    if shape & (mixed | Token::HASH) == Token::LETTER {
        known = letters.packed().map_or(known, Word::by);
    } else if shape & (mixed | Token::LEADS) == mixed | Token::LEADS && is_ordinal(word) {
        shape |= Token::ORDINAL;
    }
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
