//! The unit at the end of a street line.

use super::{
    ends::{self, is_id, is_ordinal, numbers_a_road},
    name::two_letters,
    number,
    street::Reader,
    token::Token,
    unit::UnitKind,
    word::Word,
};
use crate::address::Unit;

impl<'a> Reader<'_, 'a> {
    /// Where the unit begins in the words after the house number.
    pub(super) fn unit_begins(&self, words: &[Token]) -> usize {
        for at in 1..words.len() {
            if let Some(begin) = self.named_unit(words, at) {
                return begin;
            }
        }
        self.bare_unit(words).unwrap_or(words.len())
    }

    /// Where a unit begins whose name or sign is the word at `at`.
    fn named_unit(&self, words: &[Token], at: usize) -> Option<usize> {
        let (word, previous, rest) = (&words[at], &words[at - 1], &words[at + 1..]);
        if word.has(Token::HASH) {
            return Some(if at > 1 && previous.word.unit().is_some() { at - 1 } else { at });
        }
        let is_complete = || word.after_comma || ends::certainty(words, at) >= 15;
        if let Some(kind) = word.word.unit() {
            let is_level = || {
                is_ordinal(previous)
                    || previous.has(Token::DIGIT) && rest.is_empty() && ends::certainty(words, at - 1) >= 15
            };
            if kind.abbreviation() == "FL" && at > 1 && is_level() {
                return Some(at - 1);
            }
            let has_id = match rest {
                [] => true,
                [next, ..] => {
                    next.has(Token::DIGIT | Token::HASH) || next.is_letter() || next.is(Word::NUMBER_SIGN)
                }
            };
            let is_unit = if word.is(Word::UNIT) {
                has_id && !(rest.is_empty() && word.word.suffix().is_some())
                    || is_complete() && rest.len() < 2
            } else {
                let is_numbered = || {
                    at > 1 && word.word.suffix().is_none() && rest.iter().any(|next| next.has(Token::DIGIT))
                };
                has_id
                    && rest.len() < 2
                    && (is_complete() || is_numbered())
                    && !(rest.is_empty() && word.word.suffix().is_some())
            };
            return is_unit.then_some(at);
        }
        if word.after_comma && words[at..].iter().all(is_id) {
            return Some(at);
        }
        let is_glued = word.has(Token::DIGIT)
            && word.has(Token::LETTER)
            && number::glued_unit(self.text(word)).is_some();
        if word.is(Word::NUMBER_SIGN)
            && !previous.is(Word::HIGHWAY)
            && !(previous.is(Word::ROAD) && at > 1 && numbers_a_road(&words[at - 2]))
            && rest.first().is_some_and(is_id)
            && is_complete()
        {
            return Some(at);
        }
        is_glued.then_some(at)
    }

    /// Where a unit of one or two words begins that has neither name nor sign: `108 Cuesta Dr 4`.
    fn bare_unit(&self, words: &[Token]) -> Option<usize> {
        // the name of `49 West Street` is no direction
        let has_direction = matches!(words, [first, second, _, ..]
            if first.word.direction().is_some() && (!second.is(Word::STRONG) || second.is(Word::HIGHWAY)));
        let name = usize::from(has_direction);
        for at in (words.len().saturating_sub(2)..words.len()).rev() {
            let id = words.get(at).filter(|id| is_id(id))?;
            if at <= name {
                return None;
            }
            let (previous, street) = (&words[at - 1], &words[name..at]);
            // `Hwy No 5`; a unit with this sign is found by it
            if previous.is(Word::NUMBER_SIGN) {
                return None;
            }
            // a street has one direction as a rule: in `831 W California Ave S` the other is the unit
            let may_be_direction = match &words[at..] {
                [one] => one.word.direction().is_some() && !has_direction,
                [one, two, ..] => two_letters(one, two).is_some(),
                [] => false,
            };
            if self.is_road(street, id.has(Token::DIGIT)) && !id.has(Token::MARK) {
                return None;
            }
            let after_suffix = match street {
                [road @ .., number] if is_id(number) && self.is_road(road, number.has(Token::DIGIT)) => true,
                [_, .., suffix] if suffix.word.suffix().is_some() => true,
                [_, .., suffix, direction]
                    if direction.word.direction().is_some() && suffix.word.suffix().is_some() =>
                {
                    true
                }
                [_, .., suffix, first, second] => {
                    suffix.word.suffix().is_some() && two_letters(first, second).is_some()
                }
                _ => false,
            };
            let after_name = (street.len() > 1 || has_direction)
                && id.has(Token::DIGIT)
                && previous.has(Token::LETTER)
                && previous.word.suffix().is_none()
                && previous.word.direction().is_none()
                && !numbers_a_road(previous);
            if after_suffix && !may_be_direction || after_name {
                return Some(at);
            }
        }
        None
    }

    pub(super) fn begins_unit(&self, word: &Token) -> bool {
        word.has(Token::HASH) || word.word.unit().is_some() || number::glued_unit(self.text(word)).is_some()
    }

    /// Reads the words of a unit, of which there is at least one.
    pub(super) fn unit(&self, words: &[Token]) -> Unit<'a> {
        let text = self.tokens.text(words);
        let (first, rest) = (&words[0], &words[1..]);
        if let [level, .., floor] = words
            && is_ordinal(level)
            && let Some(kind) = floor.word.unit()
        {
            return Unit { kind, id: self.tokens.text(&words[..words.len() - 1]), text };
        }
        let (mut kind, mut id) = (UnitKind::NUMBER, text);
        if let Some(found) = first.word.unit() {
            (kind, id) = (found, self.tokens.text(rest));
        } else if let Some((found, number)) = number::glued_unit(self.text(first)) {
            kind = found;
            id = &text[text.find(number).unwrap_or_default()..];
        } else if first.has(Token::HASH) {
            id = text.trim_start_matches('#').trim_start();
            let (name, number) = id.split_once(' ').unwrap_or((id, ""));
            if let Some(found) = UnitKind::parse(name) {
                (kind, id) = (found, number);
            }
        }
        let id = id.trim_start_matches(['#', ' ']);
        let id = match id.split_once(' ') {
            Some((sign, number)) if ["NO", "NO."].iter().any(|no| sign.eq_ignore_ascii_case(no)) => number,
            _ => id,
        };
        Unit { kind, id: id.trim_start_matches(['#', ' ']), text }
    }
}
