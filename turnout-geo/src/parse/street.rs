//! The street line: number, street, unit; boxes and routes; intersections; plus codes.

use super::{
    direction::Direction,
    ends::{self, is_id, is_ordinal, numbers_a_road},
    number,
    suffix::Suffix,
    token::{Token, Tokens},
    unit::UnitKind,
    word::Word,
};
use crate::address::{HouseNumber, Kind, NumberForm, Parsed, Street, Unit};

/// Reads the words of a street line.
pub(super) fn read<'a>(tokens: &Tokens<'a>, words: &[Token], parsed: &mut Parsed<'a>) {
    Reader { tokens }.line(words, parsed);
}

/// Reads a unit that has a field of its own.
pub(super) fn unit<'a>(tokens: &Tokens<'a>, words: &[Token]) -> Option<Unit<'a>> {
    (!words.is_empty()).then(|| Reader { tokens }.unit(words))
}

struct Reader<'t, 'a> {
    tokens: &'t Tokens<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn text(&self, word: &Token) -> &'a str {
        self.tokens.slice(word.start, word.end)
    }

    fn line(&self, words: &[Token], parsed: &mut Parsed<'a>) {
        if words.is_empty() || self.plus_code(words, parsed) || self.rural_route(words, parsed) {
            return;
        }
        if let Some((begin, end)) = self.post_office_box(words, parsed) {
            let (before, after) = (&words[..begin], &words[end..]);
            if self.number_at(before, 0).is_some() {
                self.delivery(before, parsed);
            } else {
                parsed.kind = Kind::PoBox;
                parsed.addressee = self.tokens.text(before);
                parsed.line = self.tokens.text(&words[begin..end]);
                parsed.unit = after.first().filter(|word| self.begins_unit(word)).map(|_| self.unit(after));
            }
            return;
        }
        self.delivery(words, parsed);
    }

    fn plus_code(&self, words: &[Token], parsed: &mut Parsed<'a>) -> bool {
        let [code, rest @ ..] = words else { return false };
        if !code.has(Token::MARK) || !number::is_plus_code(self.text(code)) {
            return false;
        }
        parsed.kind = Kind::PlusCode;
        parsed.street.name = self.text(code);
        parsed.line = self.text(code);
        parsed.unit = rest.first().filter(|word| self.begins_unit(word)).map(|_| self.unit(rest));
        true
    }

    /// `RR 2 Box 18`, `HC 68 Box 98`, `Rural Route 2`, `Route 5 Box 12`.
    fn rural_route(&self, words: &[Token], parsed: &mut Parsed<'a>) -> bool {
        let [first, second, ..] = words else { return false };
        let names = match first {
            first if first.is(Word::RURAL) && second.is(Word::HIGHWAY) => 2,
            first if first.is(Word::RURAL | Word::HIGHWAY | Word::ROAD) => 1,
            _ => return false,
        };
        let numbered = words.get(names).is_some_and(|word| is_id(word) || word.has(Token::HASH));
        let route = names + usize::from(numbered);
        let has_box = words.get(route).is_some_and(|word| word.is(Word::BOX));
        let is_route = has_box || first.is(Word::RURAL) && numbered && words.len() <= route + 2;
        if !is_route {
            return false;
        }
        let mut end = route;
        if has_box {
            let (number, after) = self.box_number(words, route + 1);
            parsed.box_number = number;
            end = after;
        }
        parsed.kind = Kind::RuralRoute;
        parsed.street.name = self.tokens.text(&words[..route]);
        parsed.line = self.tokens.text(&words[..end]);
        parsed.unit = words.get(end).filter(|word| self.begins_unit(word)).map(|_| self.unit(&words[end..]));
        true
    }

    /// Sets the number of a post office box. Answers where its words begin and end.
    fn post_office_box(&self, words: &[Token], parsed: &mut Parsed<'a>) -> Option<(usize, usize)> {
        for (begin, word) in words.iter().enumerate() {
            let rest = &words[begin + 1..];
            let names = match (word, rest) {
                (word, _) if word.is(Word::PO_BOX) => 1,
                (word, [next, ..]) if word.is(Word::PO) && next.is(Word::BOX) => 2,
                (word, [office, next, ..])
                    if next.is(Word::BOX)
                        && (word.is(Word::PO) && office.word.unit().is_some()
                            || word.is_letter() && office.is_letter()) =>
                {
                    3
                }
                (word, [next, ..])
                    if begin == 0 && word.is(Word::BOX | Word::PO) && next.has(Token::DIGIT) =>
                {
                    1
                }
                _ => continue,
            };
            let (number, end) = self.box_number(words, begin + names);
            if number.is_some() {
                parsed.box_number = number;
                return Some((begin, end));
            }
        }
        None
    }

    /// The box's number and where the words after it begin.
    fn box_number(&self, words: &[Token], mut at: usize) -> (Option<&'a str>, usize) {
        while let Some(word) = words.get(at) {
            let id = self.text(word).trim_start_matches('#');
            at += 1;
            if !id.is_empty() && !self.is_number_sign(word) {
                return (Some(id), at);
            }
        }
        (None, at)
    }

    /// `No.` before a number.
    fn is_number_sign(&self, word: &Token) -> bool {
        word.len() <= 3 && ["NO", "NUM", "NBR"].iter().any(|sign| self.text(word).eq_ignore_ascii_case(sign))
    }

    fn delivery(&self, words: &[Token], parsed: &mut Parsed<'a>) {
        let unit_before = self.unit_before_number(words);
        if unit_before > 0 {
            parsed.unit = Some(self.unit(&words[..unit_before]));
        }
        let words = &words[unit_before..];
        let begin = if self.number_at(words, 0).is_some() { 0 } else { self.number_after_addressee(words) };
        parsed.addressee = self.tokens.text(&words[..begin]);
        let words = &words[begin..];
        let mut rest = words;
        let mut pre_direction = None;
        if let Some((number, count)) = self.number_at(words, 0) {
            rest = &words[count..];
            parsed.number = Some(number);
            if let ([first, second], Some((digits, direction))) = (words, number::with_direction(number.text))
                && number::with_direction(self.text(second)).is_some()
            {
                // `48S 400E`
                let text = self.tokens.slice(first.start, first.start + digits.len() as u32);
                let form = number::form(text).unwrap_or(NumberForm::Other);
                parsed.number = Some(HouseNumber { text, form });
                pre_direction = Some(direction);
            }
        }
        let (street, unit) = rest.split_at(self.unit_begins(rest));
        if !unit.is_empty() {
            parsed.unit = Some(self.unit(unit));
        }
        parsed.line = self.tokens.text(&words[..words.len() - unit.len()]);
        if street.is_empty() {
            return;
        }
        if parsed.number.is_none() && self.intersection(street, parsed) {
            return;
        }
        let (mut found, is_highway) = self.street(street, pre_direction.is_some());
        found.pre_direction = pre_direction.or(found.pre_direction);
        parsed.street = found;
        parsed.kind = if is_highway { Kind::Highway } else { Kind::Street };
    }

    /// How many words a unit before the house number is: `#42 233 S Wacker Dr`, `Apt 1B 626 E Kilbourn Ave`.
    fn unit_before_number(&self, words: &[Token]) -> usize {
        let [first, second, ..] = words else { return 0 };
        let count = if first.has(Token::HASH) {
            1 + usize::from(first.len() == 1)
        } else if number::glued_unit(self.text(first)).is_some() {
            1
        } else if first.word.unit().is_some() && is_id(second) {
            2
        } else {
            return 0;
        };
        let is_followed = words.len() > count + 1 && self.number_at(words, count).is_some();
        if is_followed { count } else { 0 }
    }

    /// The house number at a word, with how many words it is.
    fn number_at(&self, words: &[Token], at: usize) -> Option<(HouseNumber<'a>, usize)> {
        let word = words.get(at)?;
        let after = &words[at + 1..];
        let text = self.text(word);
        if !word.has(Token::DIGIT) {
            let is_one = text.eq_ignore_ascii_case("one") && after.len() >= 2;
            return is_one.then_some((HouseNumber { text, form: NumberForm::Other }, 1));
        }
        if word.has(Token::ORDINAL | Token::HASH) {
            return None;
        }
        let form = number::form(text)?;
        if let NumberForm::Plain(whole) = form
            && let Some(next) = after.first().filter(|next| next.has(Token::MARK))
            && number::is_fraction(self.text(next))
        {
            let text = self.tokens.text(&words[at..at + 2]);
            return Some((HouseNumber { text, form: NumberForm::Fraction(whole) }, 2));
        }
        // `83 Street` is a street
        if at == 0 && matches!(after, [only] if only.is(Word::STRONG)) {
            return None;
        }
        Some((HouseNumber { text, form }, 1))
    }

    /// Where the house number is behind a person, an office or a building; 0 if nowhere.
    fn number_after_addressee(&self, words: &[Token]) -> usize {
        for at in 1..words.len() {
            let (previous, word) = (&words[at - 1], &words[at]);
            let rest = &words[at + 1..];
            if !word.has(Token::LEADS) || word.has(Token::ORDINAL) || self.number_at(words, at).is_none() {
                continue;
            }
            let is_other = previous.has(Token::HASH)
                || previous.has(Token::JOINS)
                || previous.is(Word::AND)
                || previous.word.unit().is_some()
                || numbers_a_road(previous) && !word.after_comma
                || self.is_number_sign(previous);
            let is_named =
                rest.first().is_some_and(|next| next.has(Token::LETTER) && next.word.unit().is_none());
            let ends = rest.iter().skip(1).any(|word| word.is(Word::STRONG));
            if !is_other && is_named && (ends || word.after_comma) {
                return at;
            }
        }
        0
    }

    /// Where the unit begins in the words after the house number.
    fn unit_begins(&self, words: &[Token]) -> usize {
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
        let is_complete = || word.after_comma || ends::certainty(self.tokens, words, at) >= 15;
        if let Some(kind) = word.word.unit() {
            if kind.abbreviation() == "FL" && at > 1 && is_ordinal(previous) {
                return Some(at - 1);
            }
            let has_id = match rest {
                [] => true,
                [next, ..] => {
                    next.has(Token::DIGIT | Token::HASH) || next.is_letter() || self.is_number_sign(next)
                }
            };
            let is_unit = if word.is(Word::UNIT) {
                has_id && !(rest.is_empty() && word.word.suffix().is_some())
                    || is_complete() && rest.len() < 2
            } else {
                has_id
                    && rest.len() < 2
                    && is_complete()
                    && !(rest.is_empty() && word.word.suffix().is_some())
            };
            return is_unit.then_some(at);
        }
        if word.after_comma && words[at..].iter().all(is_id) {
            return Some(at);
        }
        let is_glued = word.has(Token::DIGIT) && number::glued_unit(self.text(word)).is_some();
        (is_glued && is_complete()).then_some(at)
    }

    /// Where a unit of one or two words begins that has neither name nor sign: `108 Cuesta Dr 4`.
    fn bare_unit(&self, words: &[Token]) -> Option<usize> {
        let has_direction = words.len() > 2 && words[0].word.direction().is_some();
        let name = usize::from(has_direction);
        for at in (words.len().saturating_sub(2)..words.len()).rev() {
            let id = words.get(at).filter(|id| is_id(id))?;
            if at <= name {
                return None;
            }
            let (previous, street) = (&words[at - 1], &words[name..at]);
            // a street has one direction as a rule: in `831 W California Ave S` the other is the unit
            let may_be_direction = id.word.direction().is_some() && at + 1 == words.len() && !has_direction;
            let after_suffix = match street {
                [.., qualifier, road] if road.is(Word::HIGHWAY | Word::ROAD) && !id.has(Token::MARK) => {
                    !numbers_a_road(qualifier)
                }
                [_, .., suffix] if suffix.word.suffix().is_some() => true,
                [_, .., suffix, direction] => {
                    direction.word.direction().is_some() && suffix.word.suffix().is_some()
                }
                _ => false,
            };
            let after_name = street.len() > 1
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

    fn begins_unit(&self, word: &Token) -> bool {
        word.has(Token::HASH) || word.word.unit().is_some() || number::glued_unit(self.text(word)).is_some()
    }

    /// Reads the words of a unit, of which there is at least one.
    fn unit(&self, words: &[Token]) -> Unit<'a> {
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

    /// Reads two streets, if there are two.
    fn intersection(&self, words: &[Token], parsed: &mut Parsed<'a>) -> bool {
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
    fn street(&self, words: &[Token], in_grid: bool) -> (Street<'a>, bool) {
        let mut street = Street::default();
        let mut words = words;
        if let Some(found) = self.highway(words) {
            return (found, true);
        }
        if let [rest @ .., suffix, direction] = words
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
            && let Some(found) = self.direction_in_two_letters(first, second)
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

    /// `N E 5th`: northeast.
    fn direction_in_two_letters(&self, first: &Token, second: &Token) -> Option<Direction> {
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
        let (number, names) = words.split_last()?;
        let text = self.text(number);
        let is_road = match names {
            [] => number::is_glued_road(number, text),
            [.., last] => {
                let is_number = number.has(Token::DIGIT) && !number.has(Token::ORDINAL | Token::HASH);
                let is_lettered =
                    number.has(Token::LETTER) && number.len() <= 2 && number.word.suffix().is_none();
                (is_number || is_lettered) && self.is_road(names, last, is_number)
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

    fn is_road(&self, names: &[Token], last: &Token, is_number: bool) -> bool {
        let before = &names[..names.len() - 1];
        let qualifier = before.last();
        if last.is(Word::HIGHWAY) {
            return before.is_empty()
                || qualifier.is_some_and(numbers_a_road)
                || self.ends_in_two_word_state(before);
        }
        if last.is(Word::ROAD) {
            return qualifier.is_some_and(|word| word.is(Word::QUALIFIER) || word.word.state().is_some());
        }
        if !is_number {
            return false;
        }
        let is_numbering = last.is(Word::ROAD_CODE | Word::COUNTRY) || last.word.state().is_some();
        is_numbering && before.iter().all(|word| word.is(Word::QUALIFIER))
            || self.ends_in_two_word_state(names)
    }

    fn ends_in_two_word_state(&self, words: &[Token]) -> bool {
        matches!(words, [first, second] if self.two_word_state(first, second))
    }

    fn two_word_state(&self, first: &Token, second: &Token) -> bool {
        super::state::of_two_words(self.text(first), self.text(second)).is_some()
    }
}
