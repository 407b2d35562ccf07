//! The 50 states, the District of Columbia and the five territories.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::asked::Choice;

macro_rules! states {
    ($($variant:ident = $code:literal, $name:literal, $territory:literal;)*) => {
        /// A state, the District of Columbia or a territory, by its upper-case postal code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "UPPERCASE")]
        pub enum State {
            $(#[doc = $name] $variant,)*
        }

        impl State {
            /// All 56, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Reads an upper-case postal code; anything else is no state.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The postal code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The name in English.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether it is one of the five territories.
            #[must_use]
            pub fn is_territory(self) -> bool {
                match self { $(Self::$variant => $territory,)* }
            }
        }
    };
}

states! {
    Ak = "AK", "Alaska", false;
    Al = "AL", "Alabama", false;
    Ar = "AR", "Arkansas", false;
    As = "AS", "American Samoa", true;
    Az = "AZ", "Arizona", false;
    Ca = "CA", "California", false;
    Co = "CO", "Colorado", false;
    Ct = "CT", "Connecticut", false;
    Dc = "DC", "District of Columbia", false;
    De = "DE", "Delaware", false;
    Fl = "FL", "Florida", false;
    Ga = "GA", "Georgia", false;
    Gu = "GU", "Guam", true;
    Hi = "HI", "Hawaii", false;
    Ia = "IA", "Iowa", false;
    Id = "ID", "Idaho", false;
    Il = "IL", "Illinois", false;
    In = "IN", "Indiana", false;
    Ks = "KS", "Kansas", false;
    Ky = "KY", "Kentucky", false;
    La = "LA", "Louisiana", false;
    Ma = "MA", "Massachusetts", false;
    Md = "MD", "Maryland", false;
    Me = "ME", "Maine", false;
    Mi = "MI", "Michigan", false;
    Mn = "MN", "Minnesota", false;
    Mo = "MO", "Missouri", false;
    Mp = "MP", "Northern Mariana Islands", true;
    Ms = "MS", "Mississippi", false;
    Mt = "MT", "Montana", false;
    Nc = "NC", "North Carolina", false;
    Nd = "ND", "North Dakota", false;
    Ne = "NE", "Nebraska", false;
    Nh = "NH", "New Hampshire", false;
    Nj = "NJ", "New Jersey", false;
    Nm = "NM", "New Mexico", false;
    Nv = "NV", "Nevada", false;
    Ny = "NY", "New York", false;
    Oh = "OH", "Ohio", false;
    Ok = "OK", "Oklahoma", false;
    Or = "OR", "Oregon", false;
    Pa = "PA", "Pennsylvania", false;
    Pr = "PR", "Puerto Rico", true;
    Ri = "RI", "Rhode Island", false;
    Sc = "SC", "South Carolina", false;
    Sd = "SD", "South Dakota", false;
    Tn = "TN", "Tennessee", false;
    Tx = "TX", "Texas", false;
    Ut = "UT", "Utah", false;
    Va = "VA", "Virginia", false;
    Vi = "VI", "U.S. Virgin Islands", true;
    Vt = "VT", "Vermont", false;
    Wa = "WA", "Washington", false;
    Wi = "WI", "Wisconsin", false;
    Wv = "WV", "West Virginia", false;
    Wy = "WY", "Wyoming", false;
}

/// States whose form asks for race or ethnicity; elsewhere the answer is left off the form
/// (`pdf-forms.md` 3, 2026-11).
const ASKS_RACE: &[State] = &[State::Al, State::Fl, State::Ga, State::Nc, State::Pa, State::Sc];

impl State {
    /// Whether the state's registration form asks for race or ethnicity.
    #[must_use]
    pub fn asks_race(self) -> bool {
        ASKS_RACE.contains(&self)
    }
}

impl Choice for State {
    const EVERY: &'static [Self] = Self::ALL;

    fn spellings(self) -> [&'static str; 2] {
        [self.code(), self.name()]
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifty_states_the_district_and_five_territories() {
        assert_eq!(State::ALL.len(), 56);
        assert_eq!(State::ALL.iter().filter(|state| state.is_territory()).count(), 5);
        assert!(State::ALL.iter().all(|state| State::parse(state.code()) == Some(*state)));
        assert!(State::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    }

    #[test]
    fn codes_are_upper_case() {
        assert_eq!(State::parse("ca"), None);
        assert_eq!(State::parse("ZZ"), None);
    }
}
