//! Directions: USPS Publication 28, section 233 (2024-10).

/// One of the eight directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Direction {
    North,
    Northeast,
    East,
    Southeast,
    South,
    Southwest,
    West,
    Northwest,
}

impl Direction {
    /// Reads the name or the abbreviation in any case, with or without stops: `S.E.`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        super::word::Word::of(text).direction()
    }

    /// How Publication 28 writes it: `SE`.
    #[must_use]
    pub fn abbreviation(self) -> &'static str {
        DIRECTIONS[self as usize].1[0]
    }

    pub(super) const ALL: [Self; 8] = [
        Self::North,
        Self::Northeast,
        Self::East,
        Self::Southeast,
        Self::South,
        Self::Southwest,
        Self::West,
        Self::Northwest,
    ];

    pub(super) fn of_letter(letter: u8) -> Option<Self> {
        match letter.to_ascii_uppercase() {
            b'N' => Some(Self::North),
            b'E' => Some(Self::East),
            b'S' => Some(Self::South),
            b'W' => Some(Self::West),
            _ => None,
        }
    }
}

/// Name and spellings, the abbreviation first.
#[rustfmt::skip]
pub(super) const DIRECTIONS: &[(&str, &[&str])] = &[
    ("NORTH", &["N", "NO", "NTH"]),
    ("NORTHEAST", &["NE"]),
    ("EAST", &["E"]),
    ("SOUTHEAST", &["SE"]),
    ("SOUTH", &["S", "SO", "STH"]),
    ("SOUTHWEST", &["SW"]),
    ("WEST", &["W"]),
    ("NORTHWEST", &["NW"]),
];
