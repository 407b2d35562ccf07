//! Secondary units: USPS Publication 28, appendix C2, and private mailboxes, section 284 (2024-10).

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitKind(u8);

impl UnitKind {
    /// No word says what it is: `#5`, or a number after the street.
    pub const NUMBER: Self = Self(0);

    /// Reads the name or an abbreviation in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        super::word::Word::of(text).unit()
    }

    /// How Publication 28 writes it: `APT`; `#` where no word says what it is.
    #[must_use]
    pub fn abbreviation(self) -> &'static str {
        UNITS[usize::from(self.0)].0
    }

    /// Whether Publication 28 wants a number after it: `APT 5`, but `LBBY`.
    pub(super) fn has_number(self) -> bool {
        !matches!(
            self.abbreviation(),
            "BSMT" | "FRNT" | "LBBY" | "LOWR" | "OFC" | "PH" | "REAR" | "SIDE" | "UPPR"
        )
    }

    pub(super) const fn at(index: u8) -> Self {
        Self(index)
    }
}

/// Abbreviation, spellings, and whether the word is seldom anything else.
pub(super) type Row = (&'static str, &'static [&'static str], bool);

#[rustfmt::skip]
pub(super) const UNITS: &[Row] = &[
    ("#", &[], true),
    ("APT", &["APARTMENT", "APPT", "APMT", "APRT"], true),
    ("BLDG", &["BUILDING", "BLD", "BLDNG", "BLG"], true),
    ("BSMT", &["BASEMENT", "BSM"], true),
    ("DEPT", &["DEPARTMENT"], true),
    ("FL", &["FLOOR", "FLR", "LEVEL", "LVL"], false),
    ("FRNT", &["FRONT"], false),
    ("HNGR", &["HANGER", "HANGAR"], false),
    ("KEY", &[], false),
    ("LBBY", &["LOBBY"], true),
    ("LOT", &["LT"], false),
    ("LOWR", &["LOWER"], false),
    ("OFC", &["OFFICE"], false),
    ("PH", &["PENTHOUSE"], true),
    ("PIER", &[], false),
    ("PMB", &[], true),
    ("REAR", &[], false),
    ("RM", &["ROOM"], true),
    ("SIDE", &[], false),
    ("SLIP", &[], false),
    ("SPC", &["SPACE", "SP"], false),
    ("STE", &["SUITE", "SUIT"], true),
    ("STOP", &[], false),
    ("TRLR", &["TRAILER"], false),
    ("UNIT", &["UNT"], true),
    ("UPPR", &["UPPER"], false),
];
