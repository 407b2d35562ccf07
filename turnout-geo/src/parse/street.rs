//! The street line: boxes, routes and plus codes; house number; then the street (`name.rs`) and the unit (`units.rs`).

use super::{
    ends::{is_id, numbers_a_road},
    number,
    token::{Token, Tokens},
    word::Word,
};
use crate::address::{HouseNumber, Kind, NumberForm, Parsed, Unit};

/// Reads the words of a street line.
pub(super) fn read<'a>(tokens: &Tokens<'a>, words: &[Token], parsed: &mut Parsed<'a>) {
    Reader { tokens }.line(words, parsed);
}

/// Reads a unit that has a field of its own.
pub(super) fn unit<'a>(tokens: &Tokens<'a>, words: &[Token]) -> Option<Unit<'a>> {
    (!words.is_empty()).then(|| Reader { tokens }.unit(words))
}

pub(super) struct Reader<'t, 'a> {
    pub(super) tokens: &'t Tokens<'a>,
}

impl<'a> Reader<'_, 'a> {
    pub(super) fn text(&self, word: &Token) -> &'a str {
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
        let is_contract = first.is(Word::HIGHWAY) && self.text(second).eq_ignore_ascii_case("contract");
        let names = match first {
            first if first.is(Word::RURAL) && second.is(Word::HIGHWAY) => 2,
            _ if is_contract => 2 + usize::from(words.get(2).is_some_and(|word| word.is(Word::HIGHWAY))),
            first if first.is(Word::RURAL | Word::HIGHWAY | Word::ROAD) => 1,
            first if number::is_glued_route(first, self.text(first)) => 0,
            _ => return false,
        };
        // `RR # 2`
        let signs =
            usize::from(words.get(names).is_some_and(|word| word.has(Token::HASH) && word.len() == 1));
        let numbered =
            words.get(names + signs).is_some_and(|word| names == 0 || is_id(word) || word.has(Token::HASH));
        let route = names + signs + usize::from(numbered);
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
                    if begin == 0
                        && word.is(Word::BOX | Word::PO)
                        && next.has(Token::DIGIT | Token::HASH) =>
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
            if !id.is_empty() && !word.is(Word::NUMBER_SIGN) {
                return (Some(id), at);
            }
        }
        (None, at)
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
        if parsed.number.is_none() && self.intersection(rest, parsed) {
            parsed.line = self.tokens.text(rest);
            return;
        }
        let (street, unit) = rest.split_at(self.unit_begins(rest));
        if !unit.is_empty() {
            parsed.unit = Some(self.unit(unit));
        }
        parsed.line = self.tokens.text(&words[..words.len() - unit.len()]);
        if street.is_empty() {
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
        // `N165 W2123`, `4922 B South Cornell Avenue`
        if let [next, third, ..] = after {
            let is_grid = form == NumberForm::Grid && number::form(self.text(next)) == Some(NumberForm::Grid);
            let is_letter = matches!(form, NumberForm::Plain(_))
                && next.is_letter()
                && next.word.direction().is_none()
                && third.word.direction().is_some()
                && after.len() > 2;
            if is_grid || is_letter {
                let form = match form {
                    NumberForm::Plain(whole) => NumberForm::Suffixed(whole),
                    form => form,
                };
                return Some((HouseNumber { text: self.tokens.text(&words[at..at + 2]), form }, 2));
            }
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
                || previous.is(Word::NUMBER_SIGN);
            let is_named = match rest {
                [next, second, ..] if next.word.unit().is_some() => {
                    !next.is(Word::UNIT) && second.word.suffix().is_some()
                }
                [next, ..] => next.has(Token::LETTER) && next.word.unit().is_none(),
                [] => false,
            };
            let ends = rest.iter().skip(1).any(|word| word.is(Word::STRONG))
                || matches!(rest, [next, second, ..] if next.word.direction().is_some() && second.has(Token::LETTER));
            if !is_other && is_named && (ends || word.after_comma) {
                return at;
            }
        }
        0
    }
}
