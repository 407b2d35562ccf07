//! The Census' numbers of states and counties.

use std::fmt;

use turnout_core::address::State;

/// FIPS codes of the states (ANSI INCITS 38:2009).
const STATES: [(u8, State); 56] = [
    (1, State::Al),
    (2, State::Ak),
    (4, State::Az),
    (5, State::Ar),
    (6, State::Ca),
    (8, State::Co),
    (9, State::Ct),
    (10, State::De),
    (11, State::Dc),
    (12, State::Fl),
    (13, State::Ga),
    (15, State::Hi),
    (16, State::Id),
    (17, State::Il),
    (18, State::In),
    (19, State::Ia),
    (20, State::Ks),
    (21, State::Ky),
    (22, State::La),
    (23, State::Me),
    (24, State::Md),
    (25, State::Ma),
    (26, State::Mi),
    (27, State::Mn),
    (28, State::Ms),
    (29, State::Mo),
    (30, State::Mt),
    (31, State::Ne),
    (32, State::Nv),
    (33, State::Nh),
    (34, State::Nj),
    (35, State::Nm),
    (36, State::Ny),
    (37, State::Nc),
    (38, State::Nd),
    (39, State::Oh),
    (40, State::Ok),
    (41, State::Or),
    (42, State::Pa),
    (44, State::Ri),
    (45, State::Sc),
    (46, State::Sd),
    (47, State::Tn),
    (48, State::Tx),
    (49, State::Ut),
    (50, State::Vt),
    (51, State::Va),
    (53, State::Wa),
    (54, State::Wv),
    (55, State::Wi),
    (56, State::Wy),
    (60, State::As),
    (66, State::Gu),
    (69, State::Mp),
    (72, State::Pr),
    (78, State::Vi),
];

/// The FIPS code of a state: 1 for Alabama.
#[must_use]
pub fn fips_of(state: State) -> u8 {
    STATES.iter().find(|(_, known)| *known == state).map_or(0, |(fips, _)| *fips)
}

/// The state of a FIPS code.
#[must_use]
pub fn state_of_fips(fips: u8) -> Option<State> {
    STATES.iter().find(|(known, _)| *known == fips).map(|(_, state)| *state)
}

/// The Census' number of a county: two digits of state, three of county.
///
/// ```
/// use turnout_core::address::State;
/// use turnout_geo::data::CountyGeoid;
///
/// let autauga = CountyGeoid::parse("01001").unwrap();
/// assert_eq!((autauga.state(), autauga.to_string()), (State::Al, "01001".to_owned()));
/// assert!(CountyGeoid::parse("99001").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountyGeoid(u32);

impl CountyGeoid {
    /// The county of this number in a state.
    #[must_use]
    pub fn new(state: State, county: u16) -> Option<Self> {
        (county < 1000).then(|| Self(u32::from(fips_of(state)) * 1000 + u32::from(county)))
    }

    /// Reads five digits of which the first two are a state's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::from_number(text.parse().ok()?)
    }

    /// The county whose five digits are this number: 1001 for `01001`.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        let fips = u8::try_from(number / 1000).ok()?;
        state_of_fips(fips).map(|_| Self(number))
    }

    /// The five digits as a number: 1001 for `01001`.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }

    /// The state.
    #[must_use]
    pub fn state(self) -> State {
        state_of_fips((self.0 / 1000) as u8).expect("a number is made of a state's only")
    }
}

impl fmt::Display for CountyGeoid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_code() {
        for state in State::ALL {
            assert_eq!(state_of_fips(fips_of(*state)), Some(*state));
        }
    }
}
