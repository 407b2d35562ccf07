//! What the parser knows of the country: to which state and place a ZIP code belongs, and which places there are.

use std::fmt;

use turnout_core::address::State;

use crate::parse::Word;

/// A ZIP code of five digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zip5(u32);

impl Zip5 {
    /// Reads exactly five ASCII digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        text.parse().ok().map(Self)
    }

    /// The ZIP code of a number of at most five digits: `00501` of 501.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (number < 100_000).then_some(Self(number))
    }

    /// The five digits as a number: 501 for `00501`.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Zip5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

/// Where a ZIP code is and which places there are. [`crate::parse()`] asks it for every address.
///
/// ```
/// use std::collections::HashSet;
/// use turnout_core::address::State;
/// use turnout_geo::{Gazetteer, PlaceKey, Zip5};
///
/// /// A gazetteer of one town.
/// struct Hamlet;
///
/// impl Gazetteer for Hamlet {
///     fn zip(&self, zip: Zip5) -> Option<(State, PlaceKey)> {
///         (zip.number() == 5478).then_some((State::Vt, PlaceKey::new(State::Vt, "Saint Albans")))
///     }
///
///     fn has_place(&self, place: PlaceKey) -> bool {
///         place == PlaceKey::new(State::Vt, "Saint Albans")
///     }
/// }
///
/// let parsed = turnout_geo::parse("4416 Ethan Allen Hwy St. Albans 05478", &Hamlet);
/// assert_eq!((parsed.city, parsed.state), ("St. Albans", Some(State::Vt)));
/// ```
pub trait Gazetteer {
    /// The state of a ZIP code and the place it is called after; `None` if the ZIP code is not known.
    fn zip(&self, zip: Zip5) -> Option<(State, PlaceKey)>;

    /// Whether there is such a place.
    fn has_place(&self, place: PlaceKey) -> bool;
}

/// A place's name and state, hashed without case, blanks, punctuation, abbreviations, the article and what kind of place
/// it says it is: `St. Louis` and `Saint Louis`, `McCrory` and `Mc Crory`, `Rockingham` and `Town of Rockingham` have the
/// same key.
///
/// Keys are the same in every build of one version of this crate; they are not for storing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceKey(u64);

impl PlaceKey {
    /// The key of a place in a state.
    #[must_use]
    pub fn new(state: State, name: &str) -> Self {
        let mut reader = PlaceReader::new(state);
        for word in without_title(name).rsplit([' ', '-', ',']) {
            reader.prepend(word, Word::of(word));
        }
        reader.key()
    }

    /// The key as a well-mixed number, for tables.
    #[must_use]
    pub fn hash(self) -> u64 {
        self.0
    }
}

/// What a place may be said to be, with `of`, before its name.
pub(crate) const TITLES: [&str; 4] = ["CITY", "TOWN", "TOWNSHIP", "VILLAGE"];

/// `Rockingham` of `Town of Rockingham`.
fn without_title(name: &str) -> &str {
    let rest = name.split_once(' ').and_then(|(title, rest)| {
        let (of, rest) = rest.split_once(' ')?;
        let is_title = TITLES.iter().any(|word| title.eq_ignore_ascii_case(word));
        (is_title && of.eq_ignore_ascii_case("of")).then_some(rest)
    });
    rest.unwrap_or(name)
}

/// Makes keys of names that grow to the left, word by word: a polynomial of the letters, the last first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlaceReader {
    state: State,
    sum: u64,
    count: usize,
}

/// The powers of an odd number; names of more letters begin again, which is as good.
const POWERS: [u64; 64] = {
    let mut powers = [0x9e37_79b9_7f4a_7c15_u64; 64];
    let mut at = 1;
    while at < 64 {
        powers[at] = powers[at - 1].wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    powers
};

impl PlaceReader {
    pub(crate) fn new(state: State) -> Self {
        Self { state, sum: 0, count: 0 }
    }

    pub(crate) fn prepend(&mut self, text: &str, word: Word) {
        for byte in word.spelled().unwrap_or(text).bytes().rev() {
            if byte.is_ascii_alphanumeric() || !byte.is_ascii() {
                let power = POWERS[self.count % POWERS.len()];
                self.sum = self.sum.wrapping_add(power.wrapping_mul(u64::from(byte.to_ascii_uppercase())));
                self.count += 1;
            }
        }
    }

    pub(crate) fn key(self) -> PlaceKey {
        let mixed = (self.sum ^ self.sum >> 29 ^ self.state as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        PlaceKey(mixed ^ mixed >> 32)
    }
}

/// The keys of many places, for [`Gazetteer::has_place`].
#[derive(Debug, Clone)]
pub struct PlaceSet {
    slots: Box<[u64]>,
}

impl PlaceSet {
    /// Whether the place is one of them.
    #[must_use]
    pub fn has(&self, place: PlaceKey) -> bool {
        self.slots[self.find(place.0)] != 0
    }

    /// Where the key is, or the empty slot where it would be. At least half of the slots are empty.
    fn find(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at] != 0 && self.slots[at] != key {
            at = (at + 1) & mask;
        }
        at
    }
}

impl FromIterator<PlaceKey> for PlaceSet {
    fn from_iter<I: IntoIterator<Item = PlaceKey>>(places: I) -> Self {
        // zero marks an empty slot, so the one key in 2^64 that is zero is no place
        let keys: Vec<u64> = places.into_iter().map(|place| place.0).filter(|key| *key != 0).collect();
        let mut set = Self { slots: vec![0; (2 * keys.len() + 1).next_power_of_two()].into() };
        for key in keys {
            let at = set.find(key);
            set.slots[at] = key;
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> PlaceKey {
        PlaceKey::new(State::Mo, name)
    }

    #[test]
    fn a_place_is_the_same_however_it_is_written() {
        for (one, other) in [
            ("St. Louis", "SAINT LOUIS"),
            ("McCrory", "Mc Crory"),
            ("O'Neals", "O Neals"),
            ("N Kansas City", "North Kansas City"),
            ("Ft Leonard Wood", "Fort Leonard Wood"),
            ("The Dalles", "Dalles"),
            ("Carmel-by-the-Sea", "Carmel by the Sea"),
            ("Lee's Smt", "Lees Summit"),
            ("Town of Rockingham", "Rockingham"),
            ("village of the Branch", "Branch"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
    }

    #[test]
    fn places_of_other_names_and_states_have_other_keys() {
        assert_ne!(key("Kansas City"), key("North Kansas City"));
        assert_ne!(key("Kansas City"), PlaceKey::new(State::Ks, "Kansas City"));
    }

    #[test]
    fn a_set_has_what_was_put_into_it_and_nothing_else() {
        let set: PlaceSet = ["Kansas City", "Saint Louis", "Saint Louis"].map(key).into_iter().collect();
        assert!(set.has(key("St Louis")) && set.has(key("Kansas City")));
        assert!(!set.has(key("Columbia")));
        assert!(!PlaceSet::from_iter([]).has(key("Columbia")));
    }

    #[test]
    fn a_zip_code_is_five_digits() {
        assert_eq!(Zip5::parse("00501").map(|zip| zip.to_string()).as_deref(), Some("00501"));
        for text in ["", "501", "005010", "0050A", "０0501"] {
            assert_eq!(Zip5::parse(text), None);
        }
    }
}
