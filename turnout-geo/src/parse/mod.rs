//! Takes an address apart, from the right: ZIP code, state, place, unit, and what is left is the street.
//!
//! Nothing is allocated: words lie in an array on the stack, and every text of the result is a piece of the input. Words
//! with a meaning are in one table (`word.rs`) from the lists of USPS Publication 28; places come from a
//! [`Gazetteer`]. Rules are general: no address is treated by itself.

mod direction;
mod ends;
mod last_line;
mod name;
mod number;
mod standard;
mod state;
mod street;
mod suffix;
mod token;
mod unit;
mod units;
mod word;

use self::token::Tokens;
pub(crate) use self::word::Word;
pub use self::{direction::Direction, standard::DeliveryLine, suffix::Suffix, unit::UnitKind};
use crate::{
    address::{Parsed, RawAddress},
    gazetteer::{Gazetteer, Zip5},
};

/// Takes an address in one text apart, with commas, line ends, or nothing between its parts.
///
/// Never fails: what is not there is not in the result, and a text that is no address gives a [`Parsed`] with little in it.
/// A text of more than 40 words gives an empty one.
#[must_use]
pub fn parse<'a, G: Gazetteer + ?Sized>(text: &'a str, gazetteer: &G) -> Parsed<'a> {
    let mut parsed = Parsed::default();
    let Some(tokens) = Tokens::of(text) else { return parsed };
    let line = last_line::read(&tokens, gazetteer);
    (parsed.city, parsed.state) = (line.city, line.state);
    (parsed.zip, parsed.plus4) = (line.zip, line.plus4);
    street::read(&tokens, &tokens.all()[..line.words_before], &mut parsed);
    parsed
}

/// Takes an address in fields apart. Fields that are given win over what the street line says as well; a street line
/// that is the whole address is read as such.
#[must_use]
pub fn parse_fields<'a, G: Gazetteer + ?Sized>(raw: &RawAddress<'a>, gazetteer: &G) -> Parsed<'a> {
    let [city, state, zip] = [raw.city, raw.state, raw.zip].map(str::trim);
    let mut parsed = if city.is_empty() || ends_in(raw.street, zip) {
        parse(raw.street, gazetteer)
    } else {
        let mut parsed = Parsed::default();
        if let Some(tokens) = Tokens::of(raw.street) {
            street::read(&tokens, tokens.all(), &mut parsed);
        }
        parsed
    };
    if !city.is_empty() {
        parsed.city = city;
    }
    if let Some((zip, plus4)) = zip_field(zip) {
        (parsed.zip, parsed.plus4) = (Some(zip), plus4);
    }
    parsed.state = state::parse(state)
        .or(parsed.state)
        .or_else(|| parsed.zip.and_then(|zip| gazetteer.zip(zip)).map(|(state, _)| state));
    if let Some(unit) = Tokens::of(raw.unit).and_then(|tokens| street::unit(&tokens, tokens.all())) {
        parsed.unit = Some(unit);
    }
    parsed
}

fn ends_in(street: &str, zip: &str) -> bool {
    !zip.is_empty() && street.trim_end().ends_with(zip)
}

/// Five digits, or nine with or without a hyphen.
fn zip_field(text: &str) -> Option<(Zip5, Option<u16>)> {
    let (zip, rest) = text.split_at_checked(5)?;
    let rest = rest.trim_start_matches(['-', ' ']);
    let plus4 =
        (rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit())).then(|| rest.parse().ok());
    Some((Zip5::parse(zip)?, plus4.flatten()))
}
