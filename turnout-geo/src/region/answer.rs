//! What is said about an address.

use std::fmt;

use turnout_core::address::State;

use super::list::Region;
use crate::data::CountyGeoid;

/// What was found, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was found.
    pub outcome: Outcome,
    /// How, in sentences without a full stop, in the order of what was done.
    pub explanation: Vec<String>,
}

impl Answer {
    /// One answer of two for the same address: if they do not agree, the regions of either are possible.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let same = match (&self.outcome, &other.outcome) {
            (Outcome::One(one), Outcome::One(other)) => one.region.id == other.region.id,
            (_, Outcome::None(_)) => true,
            _ => false,
        };
        if same {
            return self;
        }
        let mut matches = self.outcome.matches().to_vec();
        for found in other.outcome.matches() {
            if matches.iter().all(|known| known.region.id != found.region.id) {
                matches.push(found.clone());
            }
        }
        if matches.is_empty() {
            return if matches!(self.outcome, Outcome::None(_)) { other } else { self };
        }
        let mut explanation = self.explanation;
        explanation.push("there are several places of this address".to_owned());
        explanation.extend(other.explanation);
        Self { outcome: Outcome::Ambiguous(matches), explanation }
    }
}

/// Which regions serve an address.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// This one.
    One(Match),
    /// One of these, the likeliest first; a single one where something is missing that would confirm it.
    Ambiguous(Vec<Match>),
    /// No rule fits; these have the nearest offices, the nearest first.
    Nearby(Vec<Nearby>),
    /// Nothing is known.
    None(Reason),
}

impl Outcome {
    /// The regions that serve the address or may, the likeliest first.
    #[must_use]
    pub fn matches(&self) -> &[Match] {
        match self {
            Self::One(found) => std::slice::from_ref(found),
            Self::Ambiguous(candidates) => candidates,
            Self::Nearby(_) | Self::None(_) => &[],
        }
    }
}

/// A region that serves the address, or may.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Which.
    pub region: Region,
    /// How sure it is, from 0 to 1; for a post office box at most 0.6.
    pub confidence: f32,
    /// The county that the address would be in.
    pub county: CountyGeoid,
}

/// A region with an office in the neighborhood.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearby {
    /// Which.
    pub region: Region,
    /// Meters to its office.
    pub distance_m: f64,
}

/// Why nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is neither a point nor a ZIP code that we know.
    NotLocated,
    /// The ZIP code is for mail to ships and bases abroad.
    MilitaryMail,
    /// The point is in no county: at sea, or abroad.
    NotInTheCountry,
    /// The address says one state, its point or ZIP code is in another.
    StateMismatch {
        /// The address's state.
        said: State,
        /// Where the point or ZIP code is.
        found: State,
    },
    /// The region that the rules name is not listed, or hidden.
    NotListed,
}

impl Reason {
    /// The reason in one word, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotLocated => "not_located",
            Self::MilitaryMail => "military_mail",
            Self::NotInTheCountry => "not_in_the_country",
            Self::StateMismatch { .. } => "state_mismatch",
            Self::NotListed => "not_listed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLocated => f.write_str("there is neither a point nor a known ZIP code"),
            Self::MilitaryMail => f.write_str("the ZIP code is for military mail"),
            Self::NotInTheCountry => f.write_str("the point is in no county of the United States"),
            Self::StateMismatch { said, found } => write!(f, "the address says {said}, and is in {found}"),
            Self::NotListed => f.write_str("the list of regions has none that fits"),
        }
    }
}
