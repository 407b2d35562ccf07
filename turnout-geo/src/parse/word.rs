//! What a word can mean: one table of every word the parser knows, made when the crate is compiled.
//!
//! A word is looked up by its letters and digits alone, in upper case, so `P.O.` is `PO`. One word may mean several
//! things: `CT` is a court and Connecticut, `NE` is northeast and Nebraska.

use turnout_core::address::State;

use super::{
    direction::{DIRECTIONS, Direction},
    state,
    suffix::{STRONG, SUFFIXES, Suffix},
    unit::{UNITS, UnitKind},
};

/// The meanings of one word. Nothing is known about most words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Word {
    suffix: u8,
    direction: u8,
    unit: u8,
    state: u8,
    flags: u32,
}

impl Word {
    /// A suffix after which a street ends, nearly always.
    pub(super) const STRONG: u32 = 1;
    /// A unit's name that is seldom anything else.
    pub(super) const UNIT: u32 = 1 << 1;
    /// A state's two letters, not its name.
    pub(super) const CODE: u32 = 1 << 2;
    /// The first word of a state's name of two words, such as `NEW`.
    pub(super) const STATE_HEAD: u32 = 1 << 3;
    /// `HIGHWAY`, `ROUTE`: what follows is the road's number, whatever stands before.
    pub(super) const HIGHWAY: u32 = 1 << 4;
    /// `ROAD` and the like: a numbered road if a qualifier stands before.
    pub(super) const ROAD: u32 = 1 << 5;
    /// `COUNTY`, `US`, `OLD`: who numbers a road.
    pub(super) const QUALIFIER: u32 = 1 << 6;
    /// `I`, `SR`, `FM`: a numbered road by itself.
    pub(super) const ROAD_CODE: u32 = 1 << 7;
    /// `FIRST` to `TWELFTH`, and what else a floor is called.
    pub(super) const ORDINAL: u32 = 1 << 8;
    /// `BOX`, `DRAWER`.
    pub(super) const BOX: u32 = 1 << 9;
    /// `POBOX`: a post office box in one word.
    pub(super) const PO_BOX: u32 = 1 << 10;
    /// `PO`, `POB`.
    pub(super) const PO: u32 = 1 << 11;
    /// `RR`, `HC`: a rural or highway contract route.
    pub(super) const RURAL: u32 = 1 << 12;
    /// `USA`.
    pub(super) const COUNTRY: u32 = 1 << 13;
    /// `SAINT` and what is short for it in a town's name.
    pub(super) const SAINT: u32 = 1 << 14;
    /// `AND`.
    pub(super) const AND: u32 = 1 << 15;

    /// `NO`: a number follows.
    pub(super) const NUMBER_SIGN: u32 = 1 << 16;
    /// `THE`, which a town's name may be without.
    pub(super) const ARTICLE: u32 = 1 << 17;

    /// What a word means, by its letters and digits.
    pub(crate) fn of(text: &str) -> Self {
        Letters::of(text.as_bytes()).packed().map_or(Self::default(), Self::by)
    }

    /// What the word with these letters, packed, means.
    pub(super) fn by(letters: u128) -> Self {
        let mut at = slot(letters);
        loop {
            match INDEX[at] {
                0 => return Self::default(),
                entry => {
                    let (key, word) = ENTRIES[usize::from(entry) - 1];
                    if key == letters {
                        return word;
                    }
                }
            }
            at = (at + 1) % SLOTS;
        }
    }

    pub(super) fn is(self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn suffix(self) -> Option<Suffix> {
        self.suffix.checked_sub(1).map(Suffix::at)
    }

    pub(super) fn direction(self) -> Option<Direction> {
        self.direction.checked_sub(1).map(|index| Direction::ALL[usize::from(index)])
    }

    pub(super) fn unit(self) -> Option<UnitKind> {
        self.unit.checked_sub(1).map(UnitKind::at)
    }

    /// The state whose code or name, of one word, this is.
    pub(super) fn state(self) -> Option<State> {
        self.state.checked_sub(1).map(|index| State::ALL[usize::from(index)])
    }

    /// How the word is written out where a town's names are compared: `N` is `NORTH`, `ST` is `SAINT`,
    /// `THE` is nothing.
    pub(crate) fn spelled(self) -> Option<&'static str> {
        if self.is(Self::SAINT | Self::ARTICLE) {
            return Some(if self.is(Self::SAINT) { "SAINT" } else { "" });
        }
        if let Some(index) = self.direction.checked_sub(1) {
            return Some(DIRECTIONS[usize::from(index)].0);
        }
        self.suffix().map(Suffix::name)
    }

    const fn with(self, other: Self) -> Self {
        const fn either(left: u8, right: u8) -> u8 {
            if left == 0 { right } else { left }
        }
        Self {
            suffix: either(self.suffix, other.suffix),
            direction: either(self.direction, other.direction),
            unit: either(self.unit, other.unit),
            state: either(self.state, other.state),
            flags: self.flags | other.flags,
        }
    }
}

/// Letters and digits in upper case; packed into a number if they are at most sixteen and all ASCII.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Letters {
    bytes: [u8; LONGEST],
    count: usize,
}

const LONGEST: usize = 16;

impl Letters {
    const fn of(text: &[u8]) -> Self {
        let mut letters = Self { bytes: [0; LONGEST], count: 0 };
        let mut at = 0;
        while at < text.len() {
            letters.push(text[at]);
            at += 1;
        }
        letters
    }

    pub(super) const fn push(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            if self.count < LONGEST {
                self.bytes[self.count] = byte.to_ascii_uppercase();
            }
            self.count += 1;
        } else if !byte.is_ascii() {
            self.count = LONGEST + 1;
        }
    }

    /// `None` for a word that is longer, has none, or has letters beyond ASCII.
    pub(super) const fn packed(self) -> Option<u128> {
        match self.count {
            1..=LONGEST => Some(u128::from_be_bytes(self.bytes) >> (8 * (LONGEST - self.count))),
            _ => None,
        }
    }
}

/// Words with a meaning beside suffix, direction, unit and state.
#[rustfmt::skip]
const OTHERS: &[(u32, &[&str])] = &[
    (Word::HIGHWAY, &["HIGHWAY", "HWY", "HIGHWY", "HIWAY", "HIWY", "HWAY", "HGWY", "ROUTE", "RTE", "RT"]),
    (Word::ROAD, &["ROAD", "RD", "TRUNK", "LOOP", "SPUR", "BYPASS"]),
    (Word::QUALIFIER, &["COUNTY", "CNTY", "CO", "STATE", "ST", "STATES", "US", "USA", "OLD", "TOWNSHIP", "TWP", "RANCH",
                        "MARKET", "FARM", "TO", "PRIVATE", "COUNTRY"]),
    (Word::ROAD_CODE, &["I", "INTERSTATE", "SR", "CR", "CH", "SH", "FM", "RM", "TR", "FS", "CTH", "STH", "USH", "BIA"]),
    (Word::ORDINAL, &["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH",
                      "ELEVENTH", "TWELFTH", "GROUND", "LOWER", "UPPER", "TOP"]),
    (Word::BOX, &["BOX", "BX", "DRAWER"]),
    (Word::PO_BOX, &["POBOX", "POSTOFFICEBOX", "POSTBOX"]),
    (Word::PO, &["PO", "POB", "POST", "POSTOFFICE", "CALLER", "FIRM"]),
    (Word::RURAL, &["RR", "RFD", "RURAL", "HC", "HCR", "STAR"]),
    (Word::COUNTRY, &["USA", "US", "UNITED"]),
    (Word::SAINT, &["SAINT", "SAINTE", "ST", "STE"]),
    (Word::AND, &["AND"]),
    (Word::NUMBER_SIGN, &["NO", "NUM", "NBR"]),
    (Word::ARTICLE, &["THE"]),
    (Word::STATE_HEAD, &["NEW", "NORTH", "SOUTH", "N", "S", "WEST", "W", "RHODE", "PUERTO", "VIRGIN", "AMERICAN"]),
];

const SLOTS: usize = 4096;
const WORDS: usize = 1024;

const fn slot(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize
}

struct Table {
    index: [u16; SLOTS],
    entries: [(u128, Word); WORDS],
    count: usize,
}

impl Table {
    const fn with(mut self, text: &str, word: Word) -> Self {
        let Some(key) = Letters::of(text.as_bytes()).packed() else {
            panic!("a word of the table has letters")
        };
        let mut at = slot(key);
        while self.index[at] != 0 {
            let entry = self.index[at] as usize - 1;
            if self.entries[entry].0 == key {
                self.entries[entry].1 = self.entries[entry].1.with(word);
                return self;
            }
            at = (at + 1) % SLOTS;
        }
        self.entries[self.count] = (key, word);
        self.count += 1;
        self.index[at] = self.count as u16;
        self
    }

    const fn with_all(mut self, texts: &[&str], word: Word) -> Self {
        let mut at = 0;
        while at < texts.len() {
            self = self.with(texts[at], word);
            at += 1;
        }
        self
    }
}

const NOTHING: Word = Word { suffix: 0, direction: 0, unit: 0, state: 0, flags: 0 };

const fn table() -> Table {
    let mut table = Table { index: [0; SLOTS], entries: [(0, NOTHING); WORDS], count: 0 };
    let mut at = 0;
    while at < SUFFIXES.len() {
        let (name, abbreviation, others) = SUFFIXES[at];
        let flags = if is_one_of(name, STRONG) { Word::STRONG } else { 0 };
        let word = Word { suffix: at as u8 + 1, flags, ..NOTHING };
        table = table.with(name, word).with(abbreviation, word).with_all(others, word);
        at += 1;
    }
    at = 0;
    while at < DIRECTIONS.len() {
        let word = Word { direction: at as u8 + 1, ..NOTHING };
        table = table.with(DIRECTIONS[at].0, word).with_all(DIRECTIONS[at].1, word);
        at += 1;
    }
    at = 1;
    while at < UNITS.len() {
        let (abbreviation, others, sure) = UNITS[at];
        let word = Word { unit: at as u8 + 1, flags: if sure { Word::UNIT } else { 0 }, ..NOTHING };
        table = table.with(abbreviation, word).with_all(others, word);
        at += 1;
    }
    at = 0;
    while at < state::NAMES.len() {
        let (code, names) = state::NAMES[at];
        let word = Word { state: code as u8 + 1, ..NOTHING };
        table = table.with(state::CODES[at], Word { flags: Word::CODE, ..word }).with_all(names, word);
        at += 1;
    }
    at = 0;
    while at < OTHERS.len() {
        let (flags, texts) = OTHERS[at];
        table = table.with_all(texts, Word { flags, ..NOTHING });
        at += 1;
    }
    table
}

const fn is_one_of(text: &str, list: &[&str]) -> bool {
    let mut at = 0;
    while at < list.len() {
        let (left, right) = (Letters::of(text.as_bytes()), Letters::of(list[at].as_bytes()));
        if let (Some(left), Some(right)) = (left.packed(), right.packed())
            && left == right
        {
            return true;
        }
        at += 1;
    }
    false
}

const TABLE: Table = table();
static INDEX: [u16; SLOTS] = TABLE.index;
static ENTRIES: [(u128, Word); WORDS] = TABLE.entries;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_mean_several_things() {
        let ct = Word::of("Ct.");
        assert_eq!(ct.suffix().map(Suffix::name), Some("COURT"));
        assert_eq!(ct.state(), Some(State::Ct));
        let ne = Word::of("N.E.");
        assert_eq!(ne.direction(), Some(Direction::Northeast));
        assert_eq!(ne.state(), Some(State::Ne));
        let fl = Word::of("fl");
        assert_eq!(fl.unit().map(UnitKind::abbreviation), Some("FL"));
        assert_eq!(fl.state(), Some(State::Fl));
    }

    #[test]
    fn every_suffix_is_read_by_each_of_its_spellings_and_no_spelling_is_listed_twice() {
        let mut seen = std::collections::HashMap::new();
        for (index, (name, abbreviation, others)) in SUFFIXES.iter().enumerate() {
            for spelling in [name, abbreviation].into_iter().chain(*others) {
                assert_eq!(Suffix::parse(spelling).map(Suffix::name), Some(*name), "{spelling}");
                assert_eq!(*seen.entry(spelling).or_insert(index), index, "{spelling}");
            }
        }
        assert!(STRONG.iter().all(|name| Suffix::parse(name).is_some_and(|suffix| suffix.name() == *name)));
    }

    #[test]
    fn every_state_is_read_by_its_code_and_its_name() {
        for state in State::ALL {
            assert_eq!(Word::of(state.code()).state(), Some(*state));
            assert!(Word::of(state.code()).is(Word::CODE));
            if !state.name().contains(' ') {
                assert_eq!(Word::of(state.name()).state(), Some(*state));
            }
        }
    }

    #[test]
    fn words_that_are_too_long_or_not_ascii_mean_nothing() {
        for text in ["", "...", "Supercalifragilistic", "Calle Peñón", "ｓｔ"] {
            assert_eq!(Word::of(text), Word::default());
        }
    }
}
