//! What makes two spellings of a street the same, and house numbers that can be compared.

use crate::{
    RawAddress,
    address::{Kind, NumberForm, Parsed, Street},
    data::zips,
    parse::parse_fields,
};

/// Between the parts of a key; in no name.
const BETWEEN: char = '|';

/// A street's name and what stands around it, in the form of Publication 28: `MAIN|N|ST|`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StreetKey(String);

impl StreetKey {
    /// Of an address on a street or a numbered road.
    pub(super) fn of(parsed: &Parsed<'_>) -> Option<Self> {
        let bare = Parsed { number: None, unit: None, box_number: None, cross_street: None, ..*parsed };
        let Street { pre_direction, suffix, post_direction, name } = parsed.street;
        let (line, parts) = match parsed.kind {
            Kind::Street | Kind::Intersection => {
                let street = Street { name, ..Street::default() };
                let line = Parsed { kind: Kind::Street, street, ..bare }.delivery_line().to_string();
                let direction =
                    |direction: Option<crate::Direction>| direction.map_or("", |it| it.abbreviation());
                let suffix = suffix.map_or("", |suffix| suffix.abbreviation());
                (line, [direction(pre_direction), suffix, direction(post_direction)])
            }
            Kind::Highway => (bare.delivery_line().to_string(), [""; 3]),
            _ => return None,
        };
        let [pre, suffix, post] = parts;
        (!line.is_empty()).then(|| Self(format!("{line}{BETWEEN}{pre}{BETWEEN}{suffix}{BETWEEN}{post}")))
    }

    /// Of a street's name as a list has it: `N Main St`.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        // the parser knows streets by their number
        let street = format!("1 {name}");
        Self::of(&parse_fields(&RawAddress { street: &street, city: "-", ..RawAddress::default() }, &zips()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// The name with the bar after it: what all keys of streets of this name begin with.
    pub(super) fn stem(&self) -> &str {
        self.0.split_inclusive(BETWEEN).next().unwrap_or_default()
    }
}

/// The name in a key.
pub(super) fn name_in(key: &str) -> &str {
    key.split(BETWEEN).next().unwrap_or_default()
}

/// How much two keys of streets of the same name differ: nothing where they are two streets.
///
/// A part that only one of them has costs 1, another suffix 2; another direction is another street.
pub(super) fn difference(one: &str, other: &str) -> Option<u32> {
    let mut cost = 0;
    for (position, (one, other)) in one.split(BETWEEN).zip(other.split(BETWEEN)).enumerate().skip(1) {
        cost += match (one, other) {
            _ if one == other => 0,
            ("", _) | (_, "") => 1,
            _ if position == 2 => 2,
            _ => return None,
        };
    }
    Some(cost)
}

/// Which house numbers a side of a street has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// 1, 3, 5, …
    Odd,
    /// 2, 4, 6, …
    Even,
    /// All.
    Both,
}

impl Parity {
    pub(super) fn has(self, house: HouseKey) -> bool {
        match self {
            Self::Odd => house.0 % 2 == 1,
            Self::Even => house.0.is_multiple_of(2),
            Self::Both => true,
        }
    }

    /// That of both ends; both where they differ.
    #[must_use]
    pub fn of(one: HouseKey, other: HouseKey) -> Self {
        match (one.0 % 2, other.0 % 2) {
            (1, 1) => Self::Odd,
            (0, 0) => Self::Even,
            _ => Self::Both,
        }
    }
}

/// A house number that can be compared: a plain one, or one with a block before it, `71-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HouseKey(u32);

/// Marks a number with a block; the house is below it, the block above.
const BLOCK: u32 = 1 << 31;
const HOUSES: u32 = 1000;

impl HouseKey {
    /// Reads `100`, `100A`, `71-01`; nothing else has a place between two others.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((block, house)) = text.split_once('-') {
            return Self::hyphen(block.parse().ok()?, house.parse().ok()?);
        }
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        Self::plain(digits.parse().ok()?)
    }

    /// Of an address.
    #[must_use]
    pub fn of(parsed: &Parsed<'_>) -> Option<Self> {
        match parsed.number?.form {
            NumberForm::Plain(number) | NumberForm::Suffixed(number) | NumberForm::Fraction(number) => {
                Self::plain(number)
            }
            NumberForm::Range(first, _) => Self::plain(first),
            NumberForm::Hyphen(block, house) => Self::hyphen(block, house),
            NumberForm::Grid | NumberForm::Other => None,
        }
    }

    fn plain(number: u32) -> Option<Self> {
        (number < BLOCK).then_some(Self(number))
    }

    fn hyphen(block: u32, house: u32) -> Option<Self> {
        let number = block.checked_mul(HOUSES)?.checked_add(house)?;
        (house < HOUSES && number < BLOCK).then_some(Self(BLOCK | number))
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }

    pub(super) fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// Whether it is one of those from one to the other, which may be the larger one.
    pub(super) fn is_between(self, one: Self, other: Self) -> bool {
        (one.min(other)..=one.max(other)).contains(&self)
    }

    /// How far along from one to the other it is, from 0 to 1.
    pub(super) fn share(self, from: Self, to: Self) -> f64 {
        if from == to {
            return 0.5;
        }
        (f64::from(self.0) - f64::from(from.0)) / (f64::from(to.0) - f64::from(from.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_the_same_however_it_is_written() {
        let key = |name: &str| StreetKey::of_name(name).map(StreetKey::into_text);
        for (name, expected) in [
            ("Main St", "MAIN||ST|"),
            ("N. MAIN STREET", "MAIN|N|ST|"),
            ("State Hwy 360", "STATE HIGHWAY 360|||"),
            ("Ethan Allen Hwy", "ETHAN ALLEN||HWY|"),
            ("Broadway", "BROADWAY|||"),
            ("O'Brien Ave NW", "OBRIEN||AVE|NW"),
        ] {
            assert_eq!(key(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(key(""), None);
    }

    #[test]
    fn streets_differ_by_directions_and_less_by_what_is_left_out() {
        for (one, other, cost) in [
            ("MAIN|N|ST|", "MAIN|N|ST|", Some(0)),
            ("MAIN|N|ST|", "MAIN||ST|", Some(1)),
            ("MAIN||ST|", "MAIN||AVE|", Some(2)),
            ("MAIN|N|ST|", "MAIN|S|ST|", None),
            ("MAIN||ST|E", "MAIN||ST|W", None),
            ("MAIN|N||", "MAIN||ST|", Some(2)),
        ] {
            assert_eq!(difference(one, other), cost, "{one} {other}");
        }
    }

    #[test]
    fn numbers_lie_between_others_of_their_kind() {
        let house = |text| HouseKey::parse(text).expect("a house number");
        assert!(house("150").is_between(house("199"), house("101")));
        assert!(house("71-01").is_between(house("71-01"), house("71-99")));
        assert!(!house("71-01").is_between(house("7000"), house("71200")));
        assert!(!house("71001").is_between(house("71-00"), house("71-99")));
        assert_eq!(
            (HouseKey::parse("N95"), HouseKey::parse(""), HouseKey::parse("1-2-3")),
            (None, None, None)
        );
        assert!((house("25").share(house("1"), house("99")) - 0.2449).abs() < 1e-3);
        assert_eq!(Parity::of(house("1"), house("99")), Parity::Odd);
        assert!(!Parity::Odd.has(house("4")) && Parity::Both.has(house("4")));
    }
}
