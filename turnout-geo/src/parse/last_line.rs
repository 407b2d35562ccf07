//! The last line, read from the right: country, ZIP code, state, place.
//!
//! Where the street ends and the place begins is decided by looking at both: every way to divide the words is given
//! points for how much its left side looks like a street line's end and its right side like a place of that state.

use turnout_core::address::State;

use super::{
    ends, state,
    token::{Token, Tokens},
    word::Word,
};
use crate::gazetteer::{Gazetteer, PlaceKey, PlaceReader, TITLES, Zip5};

/// What the last line says, and how many words are before it.
#[derive(Debug, Default)]
pub(super) struct LastLine<'a> {
    pub(super) words_before: usize,
    pub(super) city: &'a str,
    pub(super) state: Option<State>,
    pub(super) zip: Option<Zip5>,
    pub(super) plus4: Option<u16>,
}

/// Places of more words are not looked for.
const PLACE_WORDS: usize = 6;

/// The points for either side of a division.
mod points {
    pub(super) const PLACE_OF_ZIP: i32 = 60;
    pub(super) const KNOWN_PLACE: i32 = 55;
    pub(super) const KNOWN_WORD: i32 = 6;
    pub(super) const COMMA: i32 = 80;
    /// What a division has at most that has no comma to the right of it.
    pub(super) const MOST: i32 = 40 + PLACE_OF_ZIP + KNOWN_WORD * super::PLACE_WORDS as i32 + COMMA;
    pub(super) const NO_STREET: i32 = 5;
    pub(super) const NO_PLACE: i32 = -10;
    pub(super) const UNKNOWN_WORD: i32 = -2;
    /// An unknown place does not begin or end with `Street`,
    pub(super) const STREET_SUFFIX: i32 = -20;
    /// is not `North` alone and does not begin with `NW`,
    pub(super) const DIRECTION_FIRST: i32 = -100;
    /// is not `Park` alone,
    pub(super) const SUFFIX_ALONE: i32 = -15;
    /// nor does it begin with `Apt`.
    pub(super) const UNIT_FIRST: i32 = -60;
}

/// A ZIP code, the four digits after it, where it is, and how many words it is.
struct FoundZip {
    zip: Zip5,
    plus4: Option<u16>,
    place: Option<(State, PlaceKey)>,
    words: usize,
}

struct Reader<'t, 'a, G: ?Sized> {
    tokens: &'t Tokens<'a>,
    words: &'t [Token],
    gazetteer: &'t G,
}

pub(super) fn read<'a, G: Gazetteer + ?Sized>(tokens: &Tokens<'a>, gazetteer: &G) -> LastLine<'a> {
    let mut reader = Reader { tokens, words: tokens.all(), gazetteer };
    let mut line = LastLine::default();
    reader.cut_country();
    let mut of_zip = None;
    if let Some(found) = reader.zip() {
        (line.zip, line.plus4) = (Some(found.zip), found.plus4);
        of_zip = found.place;
        reader.cut(found.words);
    }
    let named = reader.state(line.zip.is_some(), of_zip.map(|(state, _)| state));
    let state_words = named.map_or(0, |(_, words)| words);
    let before_cut = reader.words;
    reader.cut(state_words);
    line.state = named.map(|(state, _)| state).or(of_zip.map(|(state, _)| state));
    reader.cut_county();
    let begin = match line.state {
        Some(state) => reader.divide(state, of_zip.map(|(_, place)| place)),
        None => reader.last_part(),
    };
    line.city = tokens.text(&reader.words[begin..]);
    line.words_before = begin;
    if line.city.is_empty() && state_words > 0 {
        // `123 Main St, New York 10001`: the name is the city's
        let name = &before_cut[before_cut.len() - state_words..];
        let is_city = line.state.is_some_and(|state| reader.is_place(state, name));
        if is_city && !name.iter().any(|word| word.is(Word::CODE)) {
            line.city = tokens.text(name);
        }
    }
    line
}

impl<'t, 'a, G: Gazetteer + ?Sized> Reader<'t, 'a, G> {
    fn cut(&mut self, count: usize) {
        self.words = &self.words[..self.words.len() - count];
    }

    fn word_is(&self, word: &Token, text: &str) -> bool {
        self.tokens.slice(word.start, word.end).eq_ignore_ascii_case(text)
    }

    fn cut_country(&mut self) {
        loop {
            let count = match self.words {
                [_, .., united, states] if united.is(Word::COUNTRY) && self.word_is(states, "STATES") => 2,
                [_, .., last] if last.is(Word::COUNTRY) => 1,
                _ => return,
            };
            self.cut(count);
        }
    }

    /// The ZIP code at the end.
    fn zip(&self) -> Option<FoundZip> {
        let [before @ .., last] = self.words else { return None };
        let text = self.tokens.slice(last.start, last.end);
        if last.is_number() && text.len() == 4 {
            let previous = before.last()?;
            if let Some(zip) = Zip5::parse(self.tokens.slice(previous.start, previous.end)) {
                let place = Some(self.gazetteer.zip(zip)?);
                return Some(FoundZip { zip, plus4: text.parse().ok(), place, words: 2 });
            }
            // `NJ 7631`: a table took the ZIP code for a number
            let zip = text.parse().ok().and_then(Zip5::new)?;
            let place = self.gazetteer.zip(zip).filter(|(state, _)| previous.word.state() == Some(*state))?;
            return Some(FoundZip { zip, plus4: None, place: Some(place), words: 1 });
        }
        if last.has(Token::HASH) || !text.is_char_boundary(5) {
            return None;
        }
        let (zip, rest) = text.split_at_checked(5)?;
        let zip = Zip5::parse(zip)?;
        let digits = rest.strip_prefix(['-', '–', '—']).unwrap_or(rest);
        let plus4 = match digits.len() {
            0 if rest.is_empty() => None,
            4 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            _ => return None,
        };
        let is_long = rest.len() > 4;
        let place = self.gazetteer.zip(zip);
        let is_known = place.is_some();
        match before {
            [] => is_known,
            [.., previous] if previous.is(Word::STRONG) => {
                (is_known || last.after_comma) && !is_number_of(before) || is_long
            }
            _ => !is_number_of(before),
        }
        .then_some(FoundZip { zip, plus4, place, words: 1 })
    }

    /// The state at the end and how many words it is.
    fn state(&self, has_zip: bool, of_zip: Option<State>) -> Option<(State, usize)> {
        let (state, count, is_sure) = self.named_state()?;
        let (before, name) = self.words.split_at(self.words.len() - count);
        let agrees = match of_zip {
            Some(of_zip) => of_zip == state || is_sure || name[0].after_comma && name[0].is(Word::CODE),
            None => {
                let is_apart = name[0].after_comma && name[0].word.direction().is_none();
                is_sure || has_zip || is_apart || self.follows_a_place(before, state)
            }
        };
        agrees.then_some((state, count))
    }

    /// The state the last words can be, how many words it is, and whether they can be nothing else.
    fn named_state(&self) -> Option<(State, usize, bool)> {
        let [.., last] = self.words else { return None };
        if let [.., first, second] = self.words {
            let pair = [first, second].map(|word| self.tokens.slice(word.start, word.end));
            if first.is(Word::STATE_HEAD)
                && let Some(state) = state::of_two_words(pair[0], pair[1])
            {
                return Some((state, 2, false));
            }
            if first.is_letter()
                && second.is_letter()
                && let Some(state) = state::of_two_letters(pair[0], pair[1])
            {
                return Some((state, 2, false));
            }
        }
        if let [.., district, of, columbia] = self.words
            && self.word_is(columbia, "COLUMBIA")
            && self.word_is(of, "OF")
            && self.word_is(district, "DISTRICT")
        {
            return Some((State::Dc, 3, true));
        }
        let word = last.word;
        let text = self.tokens.slice(last.start, last.end);
        let is_sure = last.is(Word::CODE)
            && !(is_english(text) && text.bytes().any(|byte| byte.is_ascii_lowercase()))
            && word.suffix().is_none()
            && word.direction().is_none()
            && word.unit().is_none()
            && !last.is(Word::QUALIFIER);
        Some((word.state()?, 1, is_sure))
    }

    /// Whether a street and a place of the state, or a place alone, end there.
    fn follows_a_place(&self, words: &[Token], state: State) -> bool {
        let mut reader = PlaceReader::new(state);
        for (begin, word) in words.iter().enumerate().rev().take(PLACE_WORDS) {
            if word.has(Token::DIGIT | Token::HASH | Token::JOINS) {
                return false;
            }
            reader.prepend(self.tokens.slice(word.start, word.end), word.word);
            // `Copper Creek Drive Lyndon KY`
            let is_plain =
                word.word.suffix().is_none() && word.word.direction().is_none() && word.word.unit().is_none();
            if is_plain && ends::certainty(words, begin) >= 28 {
                return true;
            }
            let is_divided = || {
                let number = words[0].has(Token::DIGIT);
                begin == 0
                    || word.after_comma
                    || begin > usize::from(number) && !self.may_end_in_suffix(words)
                    || ends::certainty(words, begin) >= 15
            };
            if self.gazetteer.has_place(reader.key()) && is_divided() {
                return true;
            }
        }
        false
    }

    /// Whether the word after `words` may be a street's suffix rather than a state.
    fn may_end_in_suffix(&self, words: &[Token]) -> bool {
        let next = &self.tokens.all()[words.len()];
        next.word.suffix().is_some() || next.word.direction().is_some() || next.word.unit().is_some()
    }

    fn is_place(&self, state: State, name: &[Token]) -> bool {
        let mut reader = PlaceReader::new(state);
        for word in name.iter().rev() {
            reader.prepend(self.tokens.slice(word.start, word.end), word.word);
        }
        self.gazetteer.has_place(reader.key())
    }

    /// Leaves out a county between commas, if there is more before it.
    fn cut_county(&mut self) {
        let [.., last] = self.words else { return };
        if !(self.word_is(last, "COUNTY") || self.word_is(last, "PARISH")) {
            return;
        }
        let part = self.words.iter().rposition(|word| word.after_comma).unwrap_or(0);
        if part > 0 && (1..=3).contains(&(self.words.len() - 1 - part)) {
            self.words = &self.words[..part];
        }
    }

    /// Where the place begins.
    fn divide(&self, state: State, key_of_zip: Option<PlaceKey>) -> usize {
        let words = self.words;
        let mut reader = PlaceReader::new(state);
        let mut commas = 0;
        let mut best = (words.len(), points::NO_PLACE + i32::from(ends::certainty(words, words.len())));
        for (begin, word) in words.iter().enumerate().rev().take(PLACE_WORDS) {
            if word.has(Token::DIGIT | Token::HASH | Token::JOINS) {
                break;
            }
            if best.1 >= points::MOST - commas * points::COMMA {
                break;
            }
            reader.prepend(self.tokens.slice(word.start, word.end), word.word);
            let place = &words[begin..];
            let count = place.len() as i32;
            let key = reader.key();
            let mut score = i32::from(ends::certainty(words, begin)) - commas * points::COMMA;
            score += match key {
                key if key_of_zip == Some(key) => points::PLACE_OF_ZIP + points::KNOWN_WORD * count,
                key if self.gazetteer.has_place(key) => points::KNOWN_PLACE + points::KNOWN_WORD * count,
                _ => unknown(place),
            };
            if word.after_comma {
                score += points::COMMA;
                commas += 1;
            } else if begin == 0 {
                score += points::NO_STREET;
            }
            if score > best.1 {
                best = (begin, score);
            }
        }
        self.with_title(best.0)
    }

    /// Where a place begins together with `Town of` before it.
    fn with_title(&self, begin: usize) -> usize {
        match &self.words[..begin] {
            [.., title, of]
                if self.word_is(of, "OF") && TITLES.iter().any(|word| self.word_is(title, word)) =>
            {
                begin - 2
            }
            _ => begin,
        }
    }

    /// Where the place begins that no ZIP code and no state follows: after a comma, and behind a street if there is one.
    fn last_part(&self) -> usize {
        let words = self.words;
        let commas = || {
            (1..words.len()).filter(|begin| words[*begin].after_comma && is_like_a_place(&words[*begin..]))
        };
        let after_street = commas().find(|begin| ends::certainty(words, *begin) >= 15);
        after_street.or_else(|| commas().next_back()).unwrap_or(words.len())
    }
}

/// Whether words that nothing is known of may be a place.
fn is_like_a_place(words: &[Token]) -> bool {
    let is_other =
        |word: &Token| word.has(Token::DIGIT | Token::HASH | Token::JOINS) || word.word.unit().is_some();
    let [.., last] = words else { return false };
    words.len() <= PLACE_WORDS
        && !words.iter().any(is_other)
        && !last.is(Word::STRONG)
        && !(words.len() == 1 && (last.word.direction().is_some() || last.is_letter()))
}

/// Whether a state's code is a word of English or of names as well.
fn is_english(code: &str) -> bool {
    ["AL", "AS", "DE", "HI", "ID", "IN", "LA", "MA", "ME", "OH", "OK", "OR", "PA"]
        .iter()
        .any(|word| code.eq_ignore_ascii_case(word))
}

/// Whether a number after these words belongs to them: to a unit, a box, a numbered road.
fn is_number_of(words: &[Token]) -> bool {
    let [before @ .., last] = words else { return false };
    let unit = last.word.unit().filter(|_| last.word.state().is_none());
    let named = before.last().is_some_and(|word| word.has(Token::LETTER) && !ends::numbers_a_road(word));
    last.has(Token::HASH)
        || unit.is_some_and(|unit| unit.has_number())
        || last.is(Word::BOX | Word::PO_BOX | Word::ROAD_CODE | Word::RURAL)
        || last.is(Word::HIGHWAY) && !named
}

/// The points of a place that the gazetteer does not have.
fn unknown(place: &[Token]) -> i32 {
    let first = &place[0];
    let mut score = points::UNKNOWN_WORD * (place.len() as i32 - 1);
    let direction = first.word.direction();
    if direction.is_some() && (place.len() == 1 || first.len() == 2 && !first.has(Token::MARK)) {
        score += points::DIRECTION_FIRST;
    }
    let is_suffix = |word: &Token| word.is(Word::STRONG) && !word.is(Word::SAINT);
    if is_suffix(first) || place[place.len() - 1].is(Word::STRONG) {
        score += points::STREET_SUFFIX;
    } else if place.len() == 1 && first.word.suffix().is_some() {
        score += points::SUFFIX_ALONE;
    }
    if place.iter().any(|word| word.is(Word::UNIT) && !word.is(Word::SAINT)) {
        score += points::UNIT_FIRST;
    }
    score
}
