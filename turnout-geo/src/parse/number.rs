//! House numbers, units and road numbers: what a word with digits can be.

use super::{direction::Direction, token::Token, unit::UnitKind, word::Word};
use crate::address::NumberForm;

/// The form of a house number; `None` if the word cannot be one.
pub(super) fn form(text: &str) -> Option<NumberForm> {
    let bytes = text.as_bytes();
    if Direction::of_letter(*bytes.first()?).is_some() {
        return is_grid(bytes).then_some(NumberForm::Grid);
    }
    let (digits, rest) = split_digits(text);
    if digits.is_empty() {
        return None;
    }
    let Ok(number) = digits.parse() else { return Some(NumberForm::Other) };
    Some(match rest.as_bytes() {
        [] => NumberForm::Plain(number),
        [b'-', tail @ ..] if !tail.is_empty() && tail.iter().all(u8::is_ascii_digit) => {
            let Ok(second) = rest[1..].parse() else { return Some(NumberForm::Other) };
            if tail.len() == digits.len() && second > number {
                NumberForm::Range(number, second)
            } else {
                NumberForm::Hyphen(number, second)
            }
        }
        [b'-', tail @ ..] if is_short_word(tail) => NumberForm::Suffixed(number),
        tail if is_short_word(tail) => NumberForm::Suffixed(number),
        _ => NumberForm::Other,
    })
}

fn is_short_word(bytes: &[u8]) -> bool {
    (1..=3).contains(&bytes.len()) && bytes.iter().all(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
}

/// `W512`, `N95W18855`, `W206N`: directions, each but the last with digits.
fn is_grid(mut bytes: &[u8]) -> bool {
    if let [_, .., before, letter] = bytes
        && before.is_ascii_digit()
        && Direction::of_letter(*letter).is_some()
    {
        bytes = &bytes[..bytes.len() - 1];
    }
    while let [letter, rest @ ..] = bytes {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if Direction::of_letter(*letter).is_none() || digits == 0 {
            return false;
        }
        bytes = &rest[digits..];
    }
    true
}

/// `1/2`.
pub(super) fn is_fraction(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1'..=b'9', b'/', b'1'..=b'9', rest @ ..] if rest.len() < 2 && rest.iter().all(u8::is_ascii_digit))
}

/// `400E`: a number of a street grid with its direction.
pub(super) fn with_direction(text: &str) -> Option<(&str, Direction)> {
    let (digits, rest) = split_digits(text);
    match rest.as_bytes() {
        [letter] if !digits.is_empty() => Direction::of_letter(*letter).map(|direction| (digits, direction)),
        _ => None,
    }
}

/// `Apt4`: a unit's name and its number in one word.
pub(super) fn glued_unit(text: &str) -> Option<(UnitKind, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, id) = text.split_at(letters);
    if name.is_empty() || id.is_empty() {
        return None;
    }
    let word = Word::of(name);
    let kind = word.unit().filter(|kind| word.is(Word::UNIT) || kind.abbreviation() == "LOT")?;
    id.starts_with(|first: char| first.is_ascii_digit()).then_some((kind, id))
}

/// `I-95`, `US-431`, `SR7`: a numbered road in one word.
pub(super) fn is_glued_road(token: &Token, text: &str) -> bool {
    if !token.has(Token::DIGIT) || !token.has(Token::LETTER) || token.has(Token::LEADS) {
        return false;
    }
    let letters = text.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'.').count();
    let (name, number) = text.split_at(letters);
    let word = Word::of(name);
    let hyphen = number.starts_with('-');
    let is_road = word.is(Word::ROAD_CODE | Word::COUNTRY) || word.state().is_some() && word.is(Word::CODE);
    // `S5` and `N262` are units and grids; a road of one letter has its hyphen
    is_road
        && (hyphen || letters > 1)
        && number.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit())
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// `RR2`: a rural route in one word.
pub(super) fn is_glued_route(token: &Token, text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, number) = text.split_at(letters);
    token.has(Token::DIGIT)
        && Word::of(name).is(Word::RURAL)
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole or short open location code.
pub(super) fn is_plus_code(text: &str) -> bool {
    let is_code =
        |part: &str| part.bytes().all(|byte| b"23456789CFGHJMPQRVWX".contains(&byte.to_ascii_uppercase()));
    text.split_once('+').is_some_and(|(area, rest)| {
        matches!(area.len(), 2 | 4 | 6 | 8) && (2..=7).contains(&rest.len()) && is_code(area) && is_code(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_house_number_is_told() {
        for (text, expected) in [
            ("8881", Some(NumberForm::Plain(8881))),
            ("0", Some(NumberForm::Plain(0))),
            ("52A", Some(NumberForm::Suffixed(52))),
            ("2455-B", Some(NumberForm::Suffixed(2455))),
            ("71-01", Some(NumberForm::Hyphen(71, 1))),
            ("227-1", Some(NumberForm::Hyphen(227, 1))),
            ("8739-8799", Some(NumberForm::Range(8739, 8799))),
            ("W512", Some(NumberForm::Grid)),
            ("n95w18855", Some(NumberForm::Grid)),
            ("12345678901", Some(NumberForm::Other)),
            ("12½", Some(NumberForm::Suffixed(12))),
            ("West", None),
            ("W", None),
            ("A12", None),
            ("", None),
        ] {
            assert_eq!(form(text), expected, "{text}");
        }
    }

    #[test]
    fn open_location_codes_are_told_from_other_words() {
        for (text, expected) in
            [("849VCWC8+R9", true), ("cwc8+r9", true), ("849VCWC8+R", false), ("A+B", false), ("1+1", false)]
        {
            assert_eq!(is_plus_code(text), expected, "{text}");
        }
    }

    #[test]
    fn roads_and_units_in_one_word_are_told() {
        assert_eq!(glued_unit("Apt4").map(|(kind, id)| (kind.abbreviation(), id)), Some(("APT", "4")));
        assert_eq!(glued_unit("N262"), None);
        assert_eq!(with_direction("400E"), Some(("400", Direction::East)));
        assert!(is_fraction("1/2") && is_fraction("3/16") && !is_fraction("12/3") && !is_fraction("/2"));
    }
}
