//! The county of an address by its ZIP code, with what speaks for it.
//!
//! A ZIP code is a route of mail, and one in five has addresses in more than one county. Where nearly all are in one, that
//! is the answer; where the address names another place than the ZIP code does, and that place is in one of the counties,
//! it is that one; otherwise the answer is all of them.

use std::{collections::HashMap, fmt, sync::LazyLock};

use smallvec::{SmallVec, smallvec};
use turnout_core::address::State;

use super::grid;
use crate::{
    address::Parsed,
    data::{CountyGeoid, ZipEntry, counties, place_counties, zip_counties, zips},
    gazetteer::{PlaceKey, Zip5},
};

/// The least share of a ZIP code's addresses that makes a county the answer: with it fewer than 0.5 % of 1,600 real
/// addresses get a wrong one.
const MOST: f64 = 0.8;
/// The least mean share that a county has of a place's ZIP codes, for the place to be in that county.
const PLACE: f64 = 0.95;

/// A county in which the address may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountyCandidate {
    /// Which.
    pub county: CountyGeoid,
    /// Its share of the ZIP code's addresses in the state; none where only the ZIP code's center is known.
    pub share: Option<f64>,
}

/// The county, or why there is not one.
#[derive(Debug, Clone, PartialEq)]
pub struct CountyMatch {
    /// What was found.
    pub outcome: CountyOutcome,
    /// Why.
    pub reason: Reason,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum CountyOutcome {
    /// This county.
    One(CountyCandidate),
    /// One of these, the likeliest first.
    Ambiguous(Vec<CountyCandidate>),
    /// Nothing.
    None,
}

/// Why it was found; displayed, a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// There is no such ZIP code.
    UnknownZip,
    /// The ZIP code is for military mail abroad.
    MilitaryMail,
    /// The ZIP code belongs to another state than the address.
    OtherState,
    /// All or nearly all of the ZIP code's addresses are in the county.
    MostAddresses,
    /// The place that the address names is in the county, and so are some of the ZIP code's addresses.
    Place,
    /// The other county that it would be ends at a street of the town's grid, and the address is beyond that street.
    Grid,
    /// The ZIP code's addresses are in several counties.
    Straddles,
    /// The ZIP code's center is in the county, and no border is near.
    Center,
    /// Only the ZIP code's center is known, and a border is near, or sources differ.
    UncertainCenter,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownZip => "the ZIP code is not known",
            Self::MilitaryMail => "the ZIP code is for military mail, which has no county",
            Self::OtherState => "the ZIP code belongs to another state than the address",
            Self::MostAddresses => "nearly all addresses of the ZIP code are in this county",
            Self::Place => {
                "the place of the address is in this county, as are some addresses of its ZIP code"
            }
            Self::Grid => {
                "by its number the address is on this side of the street that is the county's border here"
            }
            Self::Straddles => "the ZIP code has addresses in several counties",
            Self::Center => "the center of the ZIP code is in this county, far from any other",
            Self::UncertainCenter => {
                "the center of the ZIP code is all that is known of it, and other counties are near"
            }
        })
    }
}

/// The county of an address by its ZIP code, state and place, and by its number where a street of the town's grid is the border
/// of two counties. None without a ZIP code. Offline.
///
/// ```
/// use turnout_geo::{data::zips, geocode::{CountyOutcome, Reason, county_by_zip, county_of}, parse};
///
/// // south of 89th Street is Cleveland County
/// let address = parse("1217 SW 91st St, Oklahoma City, OK 73139", &zips());
/// let found = county_of(&address).unwrap();
/// assert_eq!(found.reason, Reason::Grid);
/// assert!(matches!(found.outcome, CountyOutcome::One(county) if county.county.to_string() == "40027"));
/// let by_zip = county_by_zip(address.zip.unwrap(), address.state, Some(address.city));
/// assert_eq!(by_zip.reason, Reason::Straddles);
/// ```
#[must_use]
pub fn county_of(address: &Parsed<'_>) -> Option<CountyMatch> {
    let place = Some(address.city).filter(|city| !city.is_empty());
    let excluded = |state| grid::excluded(address, state);
    Some(find(address.zip?, address.state, place, excluded))
}

/// The county of an address by its ZIP code, and by its state and place where they are given. Offline.
///
/// ```
/// use turnout_core::address::State;
/// use turnout_geo::{Zip5, geocode::{CountyOutcome, Reason, county_by_zip}};
///
/// let match_of = |zip, place| county_by_zip(Zip5::parse(zip).unwrap(), Some(State::Fl), place);
/// // Port Saint Joe's ZIP code reaches into the next county, where Mexico Beach lies
/// let straddles = match_of("32456", Some("Port St. Joe"));
/// assert!(matches!(&straddles.outcome, CountyOutcome::Ambiguous(counties) if counties.len() == 2));
/// assert_eq!(straddles.reason.to_string(), "the ZIP code has addresses in several counties");
/// let CountyOutcome::One(found) = match_of("32456", Some("Mexico Beach")).outcome else { panic!("one county") };
/// assert_eq!(found.county.to_string(), "12005");
/// assert_eq!(match_of("05478", None).reason, Reason::OtherState);
/// ```
#[must_use]
pub fn county_by_zip(zip: Zip5, state: Option<State>, place: Option<&str>) -> CountyMatch {
    find(zip, state, place, |_| None)
}

fn find(
    zip: Zip5,
    state: Option<State>,
    place: Option<&str>,
    excluded: impl Fn(State) -> Option<CountyGeoid>,
) -> CountyMatch {
    let entry = zips().get(zip.number());
    let mut shares: Vec<(CountyGeoid, f64)> =
        zip_counties(zip.number()).map(|known| (known.county, known.share)).collect();
    if shares.is_empty() && entry.is_none() {
        return nothing(Reason::UnknownZip);
    }
    if let Some(state) = state {
        shares.retain(|(county, _)| county.state() == state);
        if shares.is_empty() && entry.is_none_or(|entry| entry.state.is_some_and(|known| known != state)) {
            return nothing(Reason::OtherState);
        }
    }
    if shares.len() > 1 && shares.iter().all(|(county, _)| county.state() == shares[0].0.state()) {
        let is_excluded = excluded(shares[0].0.state());
        let left: Vec<_> =
            shares.iter().filter(|(county, _)| Some(*county) != is_excluded).copied().collect();
        if left.len() < shares.len() {
            let found = by_shares(&left, entry, place);
            let is_decided =
                matches!(found.outcome, CountyOutcome::One(_)) && found.reason == Reason::MostAddresses;
            return if is_decided { CountyMatch { reason: Reason::Grid, ..found } } else { found };
        }
    }
    match entry {
        _ if !shares.is_empty() => by_shares(&shares, entry, place),
        Some(entry) => by_center(&entry),
        None => nothing(Reason::UnknownZip),
    }
}

fn nothing(reason: Reason) -> CountyMatch {
    CountyMatch { outcome: CountyOutcome::None, reason }
}

/// By where the ZIP code's addresses are; the largest share is the first.
fn by_shares(shares: &[(CountyGeoid, f64)], entry: Option<ZipEntry>, place: Option<&str>) -> CountyMatch {
    let all: f64 = shares.iter().map(|(_, share)| share).sum();
    let candidate =
        |(county, share): &(CountyGeoid, f64)| CountyCandidate { county: *county, share: Some(share / all) };
    let one = |found, reason| CountyMatch { outcome: CountyOutcome::One(candidate(found)), reason };
    let state = shares[0].0.state();
    let other_place = place.map(|place| PlaceKey::new(state, place)).filter(|place| {
        entry.is_none_or(|entry| entry.state != Some(state) || PlaceKey::new(state, entry.place) != *place)
    });
    let by_place = other_place.and_then(|place| {
        let counties = PLACES.get(&place)?;
        let mut possible = shares.iter().filter(|(county, _)| counties.contains(county));
        possible.next().filter(|_| possible.next().is_none())
    });
    if let Some(found) = by_place.filter(|found| found.1 < MOST * all) {
        return one(found, Reason::Place);
    }
    if shares[0].1 >= MOST * all {
        return one(&shares[0], Reason::MostAddresses);
    }
    CountyMatch {
        outcome: CountyOutcome::Ambiguous(shares.iter().map(candidate).collect()),
        reason: Reason::Straddles,
    }
}

/// By the center, of which nobody says whose addresses are around it.
fn by_center(entry: &ZipEntry) -> CountyMatch {
    if entry.state.is_none() {
        return nothing(Reason::MilitaryMail);
    }
    let near = counties().within(entry.point, f64::from(entry.uncertainty_m));
    let near =
        near.iter().map(|(county, _)| county.geoid).filter(|county| Some(county.state()) == entry.state);
    let mut candidates: Vec<CountyGeoid> = near.collect();
    // the source's county, unless it is of another vintage
    let given = entry.county.filter(|county| counties().by_geoid(*county).is_some());
    candidates.extend(given.filter(|county| !candidates.contains(county)));
    let candidate = |county: &CountyGeoid| CountyCandidate { county: *county, share: None };
    match &candidates[..] {
        [] => nothing(Reason::UnknownZip),
        [county] => CountyMatch { outcome: CountyOutcome::One(candidate(county)), reason: Reason::Center },
        _ => CountyMatch {
            outcome: CountyOutcome::Ambiguous(candidates.iter().map(candidate).collect()),
            reason: Reason::UncertainCenter,
        },
    }
}

/// The counties of places: of those that ZIP codes are called after, if these are all but wholly in one; of others, where
/// they may lie. Made at the first question, in some milliseconds.
static PLACES: LazyLock<HashMap<PlaceKey, SmallVec<[CountyGeoid; 1]>>> = LazyLock::new(|| {
    let mut shares: HashMap<PlaceKey, (f64, HashMap<CountyGeoid, f64>)> = HashMap::new();
    for entry in zips().iter() {
        let Some(state) = entry.state else { continue };
        let (count, of_place) = shares.entry(PlaceKey::new(state, entry.place)).or_default();
        let mut known = false;
        for county in zip_counties(entry.zip) {
            *of_place.entry(county.county).or_default() += county.share;
            known = true;
        }
        *count += f64::from(u8::from(known));
    }
    let of_one = |(place, (count, shares)): (PlaceKey, (f64, HashMap<CountyGeoid, f64>))| {
        let (county, _) = shares.into_iter().find(|(_, share)| *share >= PLACE * count)?;
        Some((place, smallvec![county]))
    };
    let others = place_counties().map(|place| (PlaceKey::new(place.state, place.name), place.counties));
    shares.into_iter().filter_map(of_one).chain(others).collect()
});
