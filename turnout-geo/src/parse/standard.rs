//! The delivery line as Publication 28 wants it: upper case, no punctuation, abbreviations of its tables.

use std::fmt::{self, Write as _};

use super::word::Word;
use crate::address::{Kind, Parsed, Street};

impl Parsed<'_> {
    /// The street line with the unit, in the form of USPS Publication 28: `1745 T ST SE APT 5`, `PO BOX 1`,
    /// `COUNTY ROAD 43`, `RR 2 BOX 18`. It is written as it is shown, without memory of its own.
    #[must_use]
    pub fn delivery_line(&self) -> DeliveryLine<'_> {
        DeliveryLine(self)
    }
}

/// See [`Parsed::delivery_line`].
#[derive(Debug, Clone, Copy)]
pub struct DeliveryLine<'a>(&'a Parsed<'a>);

impl fmt::Display for DeliveryLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parsed = self.0;
        let mut line = Line { f, is_begun: false };
        match parsed.kind {
            Kind::PoBox => {}
            Kind::RuralRoute => line.route(parsed.street.name)?,
            Kind::PlusCode => line.words(parsed.street.name)?,
            Kind::Highway => {
                line.number(parsed)?;
                line.highway(&parsed.street)?;
            }
            Kind::Place | Kind::Street | Kind::Intersection => {
                line.number(parsed)?;
                line.street(&parsed.street)?;
            }
        }
        if let Some(cross) = &parsed.cross_street {
            line.word("&")?;
            line.street(cross)?;
        }
        if let Some(number) = parsed.box_number {
            line.word(if parsed.kind == Kind::RuralRoute { "BOX" } else { "PO BOX" })?;
            line.words(number)?;
        }
        if let Some(unit) = parsed.unit {
            line.word(unit.kind.abbreviation())?;
            line.words(unit.id)?;
        }
        Ok(())
    }
}

struct Line<'f, 'g> {
    f: &'f mut fmt::Formatter<'g>,
    is_begun: bool,
}

impl Line<'_, '_> {
    fn number(&mut self, parsed: &Parsed<'_>) -> fmt::Result {
        parsed.number.map_or(Ok(()), |number| self.words(number.text))
    }

    fn street(&mut self, street: &Street<'_>) -> fmt::Result {
        self.direction(street.pre_direction)?;
        self.words(street.name)?;
        if let Some(suffix) = street.suffix {
            self.word(suffix.abbreviation())?;
        }
        self.direction(street.post_direction)
    }

    fn direction(&mut self, direction: Option<super::Direction>) -> fmt::Result {
        direction.map_or(Ok(()), |direction| self.word(direction.abbreviation()))
    }

    /// Publication 28, appendix F: the words of a numbered road are written out.
    fn highway(&mut self, street: &Street<'_>) -> fmt::Result {
        self.direction(street.pre_direction)?;
        for text in street.name.split([' ', '-']).filter(|text| !text.is_empty()) {
            if Word::of(text).is(Word::NUMBER_SIGN) {
                continue;
            }
            let is = |spelling: &str| text.trim_end_matches('.').eq_ignore_ascii_case(spelling);
            match ROAD_WORDS.iter().find(|(spelling, _)| is(spelling)) {
                Some((_, standard)) => self.word(standard)?,
                None => {
                    let suffix = Word::of(text).suffix().filter(|_| text.len() > 2 || is("RD") || is("RT"));
                    match suffix {
                        Some(suffix) => self.word(suffix.name())?,
                        None => self.words(text)?,
                    }
                }
            }
        }
        self.direction(street.post_direction)
    }

    /// `RURAL ROUTE`, `RFD` and `ROUTE` are `RR`; highway contract and star routes are `HC`.
    fn route(&mut self, name: &str) -> fmt::Result {
        let is_contract = name.starts_with(['H', 'h', 'S', 's']);
        self.word(if is_contract { "HC" } else { "RR" })?;
        let number = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        self.words(number)
    }

    /// Words in upper case without punctuation.
    fn words(&mut self, text: &str) -> fmt::Result {
        for part in text.split([' ', '\t', '\n', '\r', ',', '\u{a0}']) {
            let mut letters = part
                .chars()
                .filter(|letter| !matches!(letter, '.' | '\'' | '"' | '(' | ')' | '#'))
                .peekable();
            if letters.peek().is_some() {
                self.gap()?;
            }
            for letter in letters.flat_map(char::to_uppercase) {
                self.f.write_char(letter)?;
            }
        }
        Ok(())
    }

    fn word(&mut self, text: &str) -> fmt::Result {
        self.gap()?;
        self.f.write_str(text)
    }

    fn gap(&mut self) -> fmt::Result {
        if self.is_begun {
            self.f.write_char(' ')?;
        }
        self.is_begun = true;
        Ok(())
    }
}

/// Short spellings in the names of numbered roads, and what Publication 28 writes.
#[rustfmt::skip]
const ROAD_WORDS: &[(&str, &str)] = &[
    ("CO", "COUNTY"), ("CNTY", "COUNTY"), ("CR", "COUNTY ROAD"), ("CH", "COUNTY HIGHWAY"), ("SR", "STATE ROAD"),
    ("SH", "STATE HIGHWAY"), ("ST", "STATE"), ("I", "INTERSTATE"), ("TWP", "TOWNSHIP"), ("U.S", "US"), ("USA", "US"),
];

#[cfg(test)]
mod tests {
    use turnout_core::address::State;

    use crate::{Gazetteer, PlaceKey, Zip5};

    struct Nowhere;

    impl Gazetteer for Nowhere {
        fn zip(&self, _zip: Zip5) -> Option<(State, PlaceKey)> {
            None
        }

        fn has_place(&self, _place: PlaceKey) -> bool {
            false
        }
    }

    #[test]
    fn a_delivery_line_is_what_publication_28_wants() {
        for (text, expected) in [
            ("1745 T Street Southeast Apartment 5", "1745 T ST SE APT 5"),
            ("2455-b West Bench Road #4", "2455-B W BENCH RD # 4"),
            ("P.O. Box 11637", "PO BOX 11637"),
            ("Rural Route 2, Box 18", "RR 2 BOX 18"),
            ("RFD 2 box #18", "RR 2 BOX 18"),
            ("H.C. 68 Box 98", "HC 68 BOX 98"),
            ("36401 Co. Rd. 43", "36401 COUNTY ROAD 43"),
            ("1100 Co Rd A", "1100 COUNTY ROAD A"),
            ("5850 U.S. Hwy 431", "5850 US HIGHWAY 431"),
            ("1255 U.S. Route 5 North", "1255 US ROUTE 5 N"),
            ("Mission Street & Valencia Street", "MISSION ST & VALENCIA ST"),
            ("109 Peter's Quay", "109 PETERS QUAY"),
            ("3813 1/2 Some Road", "3813 1/2 SOME RD"),
            ("30 West 26th Street 6th Floor", "30 W 26TH ST FL 6TH"),
        ] {
            let parsed = crate::parse(text, &Nowhere);
            assert_eq!(parsed.delivery_line().to_string(), expected, "{text}: {parsed:?}");
        }
    }
}
