//! The name of a street with its directions and suffix; numbered roads; intersections.

use super::{
    direction::Direction,
    ends::{is_ordinal, numbers_a_road},
    number,
    street::Reader,
    suffix::Suffix,
    token::Token,
    word::Word,
};
use crate::address::{Kind, Parsed, Street};

impl<'a> Reader<'_, 'a> {
    /// Reads two streets, if there are two.
    pub(super) fn intersection(&self, words: &[Token], parsed: &mut Parsed<'a>) -> bool {
        let is_joint = |word: &Token| word.has(Token::JOINS) || word.is(Word::AND);
        let Some(at) = words.iter().position(is_joint).filter(|at| *at > 0 && at + 1 < words.len()) else {
            return false;
        };
        let (left, right) = (&words[..at], &words[at + 1..]);
        let (mut first, _) = self.street(left, false);
        let (mut second, _) = self.street(right, false);
        let plural = second.suffix.and_then(|suffix| Suffix::parse(suffix.name().strip_suffix('S')?));
        let is_plural = first.suffix.is_none() && plural.is_some();
        if is_plural {
            (first.suffix, second.suffix) = (plural, plural);
        }
        let is_sign = words[at].has(Token::JOINS);
        let is_street = left.last().is_some_and(|last| {
            last.word.suffix().is_some()
                || last.word.direction().is_some()
                || last.has(Token::DIGIT)
                || is_ordinal(last)
        });
        if !(is_sign || is_plural || is_street) {
            return false;
        }
        parsed.kind = Kind::Intersection;
        parsed.street = first;
        parsed.cross_street = Some(second);
        true
    }

    /// Takes a street's words apart, of which there is at least one; also tells whether it is a numbered road.
    /// `in_grid`: a direction came before.
    pub(super) fn street(&self, words: &[Token], in_grid: bool) -> (Street<'a>, bool) {
        let mut street = Street::default();
        let mut words = words;
        if let Some(found) = self.highway(words) {
            return (found, true);
        }
        if let [_, _, .., first, second] = words
            && let Some(found) = two_letters(first, second)
        {
            street.post_direction = Some(found);
            words = &words[..words.len() - 2];
        } else if let [rest @ .., suffix, direction] = words
            && let Some(found) = direction.word.direction()
        {
            // `Avenue N` is a name
            if !(rest.is_empty() && suffix.is(Word::STRONG) && direction.is_letter()) {
                street.post_direction = Some(found);
                words = &words[..words.len() - 1];
            }
        }
        if let [rest @ .., last] = words
            && let Some(found) = last.word.suffix()
            && !rest.is_empty()
            && !matches!(rest, [only] if self.text(only).eq_ignore_ascii_case("the"))
        {
            street.suffix = Some(found);
            words = rest;
        }
        if let [first, second, _, ..] = words
            && let Some(found) = two_letters(first, second)
        {
            street.pre_direction = Some(found);
            words = &words[2..];
        } else if let [first, rest @ ..] = words
            && !rest.is_empty()
            && let Some(found) = first.word.direction()
        {
            street.pre_direction = Some(found);
            words = rest;
        }
        street.name = self.tokens.text(words);
        if (in_grid || street.pre_direction.is_some())
            && street.suffix.is_none()
            && street.post_direction.is_none()
            && let Some((name, direction)) = number::with_direction(street.name)
        {
            (street.name, street.post_direction) = (name, Some(direction));
        }
        (street, false)
    }

    /// Reads a numbered road: `County Road 43`, `West U.S. Hwy 50`, `Vermont 113 North`, `I-95`.
    fn highway(&self, words: &[Token]) -> Option<Street<'a>> {
        let mut street = Street::default();
        let mut words = words;
        if let [first, rest @ ..] = words
            && rest.len() > 1
            && let Some(found) = first.word.direction()
            && !(first.is(Word::STATE_HEAD) && self.two_word_state(first, &rest[0]))
        {
            street.pre_direction = Some(found);
            words = rest;
        }
        if let [rest @ .., number, last] = words
            && let Some(found) = last.word.direction()
            && (number.has(Token::DIGIT) || !rest.is_empty() && last.len() > 1)
        {
            street.post_direction = Some(found);
            words = &words[..words.len() - 1];
        }
        let (number, mut names) = words.split_last()?;
        if let [before @ .., sign] = names
            && !before.is_empty()
            && sign.is(Word::NUMBER_SIGN)
        {
            names = before;
        }
        let text = self.text(number);
        let is_road = match names {
            [] => number::is_glued_road(number, text),
            _ => {
                let is_number = number.has(Token::DIGIT) && !number.has(Token::ORDINAL | Token::HASH);
                let is_lettered =
                    number.has(Token::LETTER) && number.len() <= 2 && number.word.suffix().is_none();
                (is_number || is_lettered) && self.is_road(names, is_number)
            }
        };
        if !is_road {
            return None;
        }
        street.name = self.tokens.text(words);
        if let Some((digits, direction)) = number::with_direction(text)
            && street.post_direction.is_none()
            && names.last().is_some_and(|last| last.is(Word::HIGHWAY | Word::ROAD))
        {
            let cut = (text.len() - digits.len()) as u32;
            street.name = self.tokens.slice(words[0].start, number.end - cut);
            street.post_direction = Some(direction);
        }
        Some(street)
    }

    /// Whether a number or a letter after these words is a road's.
    pub(super) fn is_road(&self, names: &[Token], is_number: bool) -> bool {
        let [before @ .., last] = names else { return false };
        let is_qualifier = |word: &Token| word.is(Word::QUALIFIER) || word.word.state().is_some();
        let qualifier = before.last();
        if last.is(Word::HIGHWAY) {
            return before.is_empty()
                || qualifier.is_some_and(numbers_a_road)
                || self.ends_in_two_word_state(before);
        }
        if last.is(Word::ROAD) {
            return match qualifier {
                Some(word) => word.is(Word::QUALIFIER) && before.iter().all(is_qualifier),
                None => is_number,
            };
        }
        let is_numbering = last.is(Word::ROAD_CODE | Word::COUNTRY) || last.word.state().is_some();
        is_number && (is_numbering && before.iter().all(is_qualifier) || self.ends_in_two_word_state(names))
    }

    fn ends_in_two_word_state(&self, words: &[Token]) -> bool {
        matches!(words, [first, second] if self.two_word_state(first, second))
    }

    fn two_word_state(&self, first: &Token, second: &Token) -> bool {
        super::state::of_two_words(self.text(first), self.text(second)).is_some()
    }
}

/// `N E`: northeast.
pub(super) fn two_letters(first: &Token, second: &Token) -> Option<Direction> {
    if !first.is_letter() || !second.is_letter() {
        return None;
    }
    match (first.word.direction()?, second.word.direction()?) {
        (Direction::North, Direction::East) => Some(Direction::Northeast),
        (Direction::North, Direction::West) => Some(Direction::Northwest),
        (Direction::South, Direction::East) => Some(Direction::Southeast),
        (Direction::South, Direction::West) => Some(Direction::Southwest),
        _ => None,
    }
}
