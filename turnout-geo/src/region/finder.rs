//! The finder: one address after the other, from what is known to what is said.

use turnout_core::address::State;

use super::{
    answer::{Answer, Match, Nearby, Outcome, Reason},
    decide::{Case, full_name},
    layers::{LayerKind, Layers, Situation, Situations},
    list::RegionList,
    located::Located,
    named::NamedMunicipality,
    names::{AreaType, RegionKey},
};
use crate::{
    address::{Kind, Parsed},
    boundary::BoundaryIndex,
    data::{counties, zips},
    geocode::{self, CountyOutcome, county_of},
    point::GeoPoint,
};

/// The most that is believed of a post office box: its voter lives elsewhere.
const PO_BOX: f32 = 0.6;
/// The most that is believed of the middle of a ZIP code.
const ZIP: f32 = 0.9;

/// Finds the region of an address, offline.
///
/// As it comes, it knows the counties, and generates regions from them; with a list of regions it gives those, and with
/// layers it knows towns, cities and districts.
///
/// ```
/// use turnout_geo::{data::zips, parse, region::{Outcome, RegionFinder}};
///
/// let finder = RegionFinder::default();
/// let address = parse("319 S Brevard Ave, Arcadia FL 34266", &zips());
/// let answer = finder.find(&address, None);
/// let Outcome::One(found) = &answer.outcome else { panic!("{answer:?}") };
/// assert_eq!((found.region.name.as_str(), found.region.id.0), ("DeSoto County", 9_000_012_027));
/// ```
#[derive(Debug, Default)]
pub struct RegionFinder {
    layers: Layers,
    regions: Option<RegionList>,
}

impl RegionFinder {
    /// Gives the regions of this list instead of generated ones, in the states that it has.
    #[must_use]
    pub fn with_regions(mut self, regions: RegionList) -> Self {
        self.regions = Some(regions);
        self
    }

    /// Knows this layer of a state. Its areas' kinds are codes of the Census or words ([`AreaType::read`]), their keys the
    /// Census' numbers where regions are to be generated from them. The vintage of districts is their plan's year.
    #[must_use]
    pub fn with_layer(mut self, kind: LayerKind, state: State, index: BoundaryIndex) -> Self {
        self.layers.load(kind, state, index);
        self
    }

    /// The layer that is loaded.
    pub(super) fn layer(&self, kind: LayerKind, state: State) -> Option<&BoundaryIndex> {
        self.layers.get(kind, state)
    }

    fn list_of(&self, state: State) -> Option<&RegionList> {
        self.regions.as_ref().filter(|list| list.has(state))
    }

    /// The region of an address: by the point, if there is one, else by its ZIP code.
    #[must_use]
    pub fn find(&self, address: &Parsed<'_>, at: Option<Located>) -> Answer {
        self.find_named(address, at, None)
    }

    /// The same, where a geocoder names the municipality, too.
    #[must_use]
    pub fn find_named(
        &self,
        address: &Parsed<'_>,
        at: Option<Located>,
        named: Option<&NamedMunicipality>,
    ) -> Answer {
        let mut explanation = Vec::new();
        let outcome = self.outcome(address, at, named, &mut explanation);
        if let Outcome::None(reason) = &outcome {
            explanation.push(reason.to_string());
        }
        Answer { outcome, explanation }
    }

    fn outcome(
        &self,
        address: &Parsed<'_>,
        at: Option<Located>,
        named: Option<&NamedMunicipality>,
        explanation: &mut Vec<String>,
    ) -> Outcome {
        let located = match at {
            Some(at) => self.by_point(address, &at, explanation),
            None => self.by_zip(address, explanation),
        };
        let Place { state, situations, point } = match located {
            Ok(place) => place,
            Err(reason) => return Outcome::None(reason),
        };
        let situations = match named {
            Some(named) => named.fill(state, self.list_of(state), situations),
            None => situations,
        };
        explain_counties(&situations, explanation);
        if let Some(vintage) = self.layers.other_plan(LayerKind::District, state) {
            explanation.push(format!("the districts of {vintage} are not those of the rules"));
        }
        let mut candidates = self.candidates(state, &situations, address.city, explanation);
        candidates.open |= named.is_some_and(|named| !named.is_sure());
        let by_what = if at.is_none() { ZIP } else { 1.0 };
        let most = if address.kind == Kind::PoBox { PO_BOX.min(by_what) } else { by_what };
        candidates.matches.iter_mut().for_each(|found| found.confidence = found.confidence.min(1.0) * most);
        if !candidates.matches.is_empty() {
            return candidates.outcome();
        }
        let offices = self.list_of(state).zip(point).map(|(list, point)| list.nearby(state, point));
        let near = offices.unwrap_or_default().into_iter();
        let near: Vec<Nearby> = near.map(|(region, distance_m)| Nearby { region, distance_m }).collect();
        if near.is_empty() {
            return Outcome::None(Reason::NotListed);
        }
        explanation.push("these regions have the nearest offices".to_owned());
        Outcome::Nearby(near)
    }

    fn by_point(
        &self,
        address: &Parsed<'_>,
        at: &Located,
        explanation: &mut Vec<String>,
    ) -> Result<Place<'_>, Reason> {
        explanation.push(format!("the point is right within {:.0} m", at.uncertainty_m));
        let found = counties().at(at.point).map(|county| county.geoid.state());
        let state = address.state.or(found).ok_or(Reason::NotInTheCountry)?;
        let situations = self.layers.around(state, at);
        if situations.is_empty() {
            let found = found.ok_or(Reason::NotInTheCountry)?;
            return Err(Reason::StateMismatch { said: state, found });
        }
        Ok(Place { state, situations, point: Some(at.point) })
    }

    fn by_zip(&self, address: &Parsed<'_>, explanation: &mut Vec<String>) -> Result<Place<'_>, Reason> {
        let zip = address.zip.ok_or(Reason::NotLocated)?;
        let entry = zips().get(zip.number());
        let found = county_of(address).ok_or(Reason::NotLocated)?;
        explanation.push(found.reason.to_string());
        let candidates = match found.outcome {
            CountyOutcome::One(county) => vec![county],
            CountyOutcome::Ambiguous(candidates) => candidates,
            CountyOutcome::None => {
                let other = address.state.zip(entry.and_then(|entry| entry.state));
                return Err(match (found.reason, other) {
                    (geocode::Reason::MilitaryMail, _) => Reason::MilitaryMail,
                    (geocode::Reason::OtherState, Some((said, found))) => {
                        Reason::StateMismatch { said, found }
                    }
                    _ => Reason::NotLocated,
                });
            }
        };
        let equal = 1.0 / candidates.len() as f64;
        let shares = candidates.iter().filter_map(|candidate| {
            Some((counties().by_geoid(candidate.county)?, candidate.share.unwrap_or(equal)))
        });
        let shares: Vec<_> = shares.collect();
        let state = shares.first().ok_or(Reason::NotLocated)?.0.geoid.state();
        let situations = self.layers.in_zip(state, zip, &shares);
        Ok(Place { state, situations, point: entry.map(|entry| entry.point) })
    }

    /// What the rules make of all situations.
    fn candidates(
        &self,
        state: State,
        situations: &[Situation<'_>],
        city: &str,
        explanation: &mut Vec<String>,
    ) -> Candidates {
        let mut candidates = Candidates::default();
        for situation in situations {
            let decision = Case { state, situation, city, list: self.list_of(state) }.decide();
            candidates.open |= decision.open || decision.regions.is_empty();
            for note in decision.notes {
                if !note.is_empty() && !explanation.contains(&note) {
                    explanation.push(note);
                }
            }
            for (region, probability) in decision.regions {
                let confidence = (situation.share * probability) as f32;
                match candidates.matches.iter_mut().find(|known| known.region.id == region.id) {
                    Some(known) => known.confidence += confidence,
                    None => {
                        candidates.matches.push(Match { region, confidence, county: situation.county.geoid })
                    }
                }
            }
        }
        candidates.matches.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
        candidates
    }

    /// The region of a county by its name, with or without its type, in any spelling: for callers who know no more.
    #[must_use]
    pub fn find_county(&self, state: State, name: &str) -> Answer {
        let key = RegionKey::of(name);
        let counties = counties().all().iter().filter(|county| county.geoid.state() == state);
        let mut named: Vec<_> =
            counties.filter(|county| RegionKey::base_of(county.name) == key.base).collect();
        // `Orleans County` for a parish; but never a city for a county of the same name
        if named.len() > 1 {
            let is_city = key.kind == Some(AreaType::City);
            named.retain(|county| (AreaType::read(county.kind) == Some(AreaType::City)) == is_city);
        }
        let mut explanation = Vec::new();
        let [county] = named[..] else {
            return Answer { outcome: Outcome::None(Reason::NotLocated), explanation };
        };
        let situation = Situation::in_county(county);
        let outcome = self.candidates(state, &[situation], "", &mut explanation).outcome();
        Answer { outcome, explanation }
    }
}

#[derive(Default)]
struct Candidates {
    matches: Vec<Match>,
    /// Whether there may be others.
    open: bool,
}

impl Candidates {
    fn outcome(mut self) -> Outcome {
        match self.matches.len() {
            0 => Outcome::None(Reason::NotListed),
            1 if !self.open => Outcome::One(self.matches.remove(0)),
            _ => Outcome::Ambiguous(self.matches),
        }
    }
}

/// Where an address may be.
struct Place<'a> {
    state: State,
    situations: Situations<'a>,
    point: Option<GeoPoint>,
}

fn explain_counties(situations: &[Situation<'_>], explanation: &mut Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    for situation in situations {
        let name = full_name(situation.county);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    explanation.push(format!("that is in {}", names.join(" or ")));
}
