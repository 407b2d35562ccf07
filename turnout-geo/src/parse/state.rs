//! Names of states as they stand in addresses.

use turnout_core::address::State;

/// Names of one word, and traditional abbreviations beside the postal code.
#[rustfmt::skip]
pub(super) const NAMES: &[(State, &[&str])] = &[
    (State::Ak, &["ALASKA"]), (State::Al, &["ALABAMA", "ALA"]), (State::Ar, &["ARKANSAS", "ARK"]), (State::As, &[]),
    (State::Az, &["ARIZONA", "ARIZ"]), (State::Ca, &["CALIFORNIA", "CALIF", "CAL"]), (State::Co, &["COLORADO", "COLO"]),
    (State::Ct, &["CONNECTICUT", "CONN"]), (State::Dc, &[]), (State::De, &["DELAWARE", "DEL"]),
    (State::Fl, &["FLORIDA", "FLA"]), (State::Ga, &["GEORGIA"]), (State::Gu, &["GUAM"]), (State::Hi, &["HAWAII"]),
    (State::Ia, &["IOWA"]), (State::Id, &["IDAHO"]), (State::Il, &["ILLINOIS", "ILL"]), (State::In, &["INDIANA", "IND"]),
    (State::Ks, &["KANSAS", "KANS"]), (State::Ky, &["KENTUCKY"]), (State::La, &["LOUISIANA"]),
    (State::Ma, &["MASSACHUSETTS", "MASS"]), (State::Md, &["MARYLAND"]), (State::Me, &["MAINE"]),
    (State::Mi, &["MICHIGAN", "MICH"]), (State::Mn, &["MINNESOTA", "MINN"]), (State::Mo, &["MISSOURI"]), (State::Mp, &[]),
    (State::Ms, &["MISSISSIPPI", "MISS"]), (State::Mt, &["MONTANA", "MONT"]), (State::Nc, &[]), (State::Nd, &[]),
    (State::Ne, &["NEBRASKA", "NEBR", "NEB"]), (State::Nh, &[]), (State::Nj, &[]), (State::Nm, &[]),
    (State::Nv, &["NEVADA", "NEV"]), (State::Ny, &[]), (State::Oh, &["OHIO"]), (State::Ok, &["OKLAHOMA", "OKLA"]),
    (State::Or, &["OREGON", "ORE"]), (State::Pa, &["PENNSYLVANIA", "PENNA", "PENN"]), (State::Pr, &[]), (State::Ri, &[]),
    (State::Sc, &[]), (State::Sd, &[]), (State::Tn, &["TENNESSEE", "TENN"]), (State::Tx, &["TEXAS", "TEX"]),
    (State::Ut, &["UTAH"]), (State::Va, &["VIRGINIA"]), (State::Vi, &[]), (State::Vt, &["VERMONT"]),
    (State::Wa, &["WASHINGTON", "WASH"]), (State::Wi, &["WISCONSIN", "WISC", "WIS"]), (State::Wv, &[]),
    (State::Wy, &["WYOMING", "WYO"]),
];

/// The postal codes, in the order of [`NAMES`].
#[rustfmt::skip]
pub(super) const CODES: &[&str] = &[
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL", "IN", "KS", "KY",
    "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK",
    "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
];

/// Two words, and their state: the last word is compared first.
#[rustfmt::skip]
const PAIRS: &[(&str, &str, State)] = &[
    ("NEW", "YORK", State::Ny), ("NEW", "JERSEY", State::Nj), ("NEW", "MEXICO", State::Nm), ("NEW", "HAMPSHIRE", State::Nh),
    ("NORTH", "CAROLINA", State::Nc), ("SOUTH", "CAROLINA", State::Sc), ("NORTH", "DAKOTA", State::Nd),
    ("SOUTH", "DAKOTA", State::Sd), ("WEST", "VIRGINIA", State::Wv), ("RHODE", "ISLAND", State::Ri),
    ("PUERTO", "RICO", State::Pr), ("VIRGIN", "ISLANDS", State::Vi), ("AMERICAN", "SAMOA", State::As),
    ("N", "CAROLINA", State::Nc), ("S", "CAROLINA", State::Sc), ("N", "DAKOTA", State::Nd), ("S", "DAKOTA", State::Sd),
    ("W", "VIRGINIA", State::Wv),
];

/// The state whose name is these two words.
pub(super) fn of_two_words(first: &str, second: &str) -> Option<State> {
    let is = |left: &str, right: &str| left.trim_end_matches('.').eq_ignore_ascii_case(right);
    PAIRS.iter().find(|(head, tail, _)| is(second, tail) && is(first, head)).map(|(.., state)| *state)
}

/// The state whose code these two letters are, each a word: `D. C.`.
pub(super) fn of_two_letters(first: &str, second: &str) -> Option<State> {
    match (first.as_bytes(), second.as_bytes()) {
        ([one], [two]) => {
            let code = [one.to_ascii_uppercase(), two.to_ascii_uppercase()];
            std::str::from_utf8(&code).ok().and_then(State::parse)
        }
        _ => None,
    }
}

/// Reads a code or a name, in any case, with or without stops.
pub(super) fn parse(text: &str) -> Option<State> {
    let mut words = text.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(word), None, _) => super::word::Word::of(word).state(),
        (Some(first), Some(second), None) => of_two_words(first, second)
            .or_else(|| of_two_letters(first.trim_end_matches('.'), second.trim_end_matches('.'))),
        _ => State::ALL.iter().copied().find(|state| text.trim().eq_ignore_ascii_case(state.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_listed_in_their_order_and_by_their_codes() {
        assert_eq!(NAMES.len(), State::ALL.len());
        for ((state, _), (expected, code)) in NAMES.iter().zip(State::ALL.iter().zip(CODES)) {
            assert_eq!((state, state.code()), (expected, *code));
        }
    }

    #[test]
    fn every_state_is_read_by_name_and_code() {
        for state in State::ALL.iter().filter(|state| !matches!(state, State::Vi)) {
            assert_eq!(parse(state.name()), Some(*state));
            assert_eq!(parse(&state.code().to_lowercase()), Some(*state));
        }
        assert_eq!(parse("D. C."), Some(State::Dc));
        assert_eq!(parse("Virgin Islands"), Some(State::Vi));
    }
}
