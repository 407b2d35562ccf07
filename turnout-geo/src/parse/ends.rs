//! Where a street ends: how much the words before a place in the text look like the end of a street line.

use super::{token::Token, word::Word};

/// Certainty that a street line ends before the word at `end`, from 0 to 40. What stands before `words` is not looked at.
pub(super) fn certainty(words: &[Token], end: usize) -> u8 {
    let [before @ .., last] = &words[..end] else { return 0 };
    let Some(previous) = before.last() else { return 0 };
    let earlier = before.len().checked_sub(2).map(|at| &before[at]);
    if last.has(Token::HASH) || previous.has(Token::HASH) && is_id(last) {
        return 40;
    }
    if previous.word.unit().is_some() && is_id(last) && (previous.is(Word::UNIT) || last.has(Token::DIGIT)) {
        return 40;
    }
    if let Some(kind) = last.word.unit() {
        if kind.abbreviation() == "FL" && is_ordinal(previous) {
            return 40;
        }
        if last.is(Word::UNIT) && (previous.word.suffix().is_some() || previous.word.direction().is_some()) {
            return 35;
        }
    }
    if last.is(Word::SAINT) && previous.is(Word::STRONG) {
        return 5;
    }
    if last.is(Word::STRONG) {
        // one word before it may be the house number alone: `12 Plaza`
        return if earlier.is_none() && previous.is_number() { 20 } else { 30 };
    }
    if last.word.direction().is_some() {
        return match previous {
            previous if previous.is(Word::STRONG) => 28,
            previous if previous.is_number() && earlier.is_some_and(|word| word.word.unit().is_none()) => 28,
            previous if previous.word.suffix().is_some() => 15,
            _ => 3,
        };
    }
    if last.word.suffix().is_some() {
        let has_name = !previous.is(Word::STRONG) && (!is_id(previous) || earlier.is_none());
        return if has_name { 18 } else { 5 };
    }
    if is_id(last) {
        let after_direction =
            previous.word.direction().is_some() && earlier.is_some_and(|word| word.word.suffix().is_some());
        return match previous {
            previous if previous.is(Word::STRONG) || after_direction || numbers_a_road(previous) => 30,
            previous if previous.is_letter() && last.is_letter() => 28,
            _ if last.has(Token::DIGIT) => 20,
            _ => 5,
        };
    }
    if last.has(Token::ORDINAL) {
        return 15;
    }
    0
}

/// What a unit's number looks like: has a digit, is one letter, or two with a hyphen.
pub(super) fn is_id(word: &Token) -> bool {
    word.has(Token::DIGIT) && !word.has(Token::ORDINAL)
        || word.is_letter()
        || word.has(Token::MARK) && word.len() == 3
}

pub(super) fn is_ordinal(word: &Token) -> bool {
    word.has(Token::ORDINAL) || word.is(Word::ORDINAL)
}

/// Whether a road's number may follow: `Highway`, `County`, `Vermont`.
pub(super) fn numbers_a_road(word: &Token) -> bool {
    word.is(Word::HIGHWAY | Word::ROAD | Word::QUALIFIER | Word::ROAD_CODE) || word.word.state().is_some()
}
