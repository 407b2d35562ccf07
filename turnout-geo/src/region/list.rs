//! The regions that a match may give: those of a list that was imported, or generated ones.

use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;
use turnout_core::{address::State, ids::RegionId, official};

use super::names::{AreaType, RegionKey};
use crate::point::GeoPoint;

/// How far away an office may be that is offered where nothing else is known: 100 miles.
const NEARBY_M: f64 = 160_934.4;
/// How many addresses of offices are offered.
const NEARBY_ADDRESSES: usize = 4;

/// The area that an election office serves, as an answer gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The supplier's number, or 9,000,000,000 and the Census' number of the area where there was no list.
    pub id: RegionId,
    /// Its name.
    pub name: String,
}

impl Region {
    /// The region that stands for an area of the Census.
    pub(super) fn generated(geoid: u64, name: String) -> Self {
        Self { id: RegionId(official::GENERATED.saturating_add_unsigned(geoid)), name }
    }
}

/// The regions of a supplier, found by name. Hidden and generated ones are left out.
#[derive(Debug, Default)]
pub struct RegionList {
    regions: Vec<Region>,
    states: HashSet<State>,
    by_key: HashMap<(State, RegionKey), SmallVec<[u32; 1]>>,
    /// By state and the county in their names.
    by_county: HashMap<(State, String), Vec<u32>>,
    offices: HashMap<State, Vec<(u32, GeoPoint)>>,
}

impl RegionList {
    /// The list of these regions; those without a name or a state are in none.
    ///
    /// Where two have the same name, an address of either is ambiguous.
    #[must_use]
    pub fn new(regions: impl IntoIterator<Item = official::Region>) -> Self {
        let mut list = Self::default();
        for region in regions.into_iter().filter(|region| !region.is_generated()) {
            let (Some(name), Some(state), false) = (region.name, region.state, region.hidden) else {
                continue;
            };
            let at = list.regions.len() as u32;
            let key = RegionKey::of(&name);
            if let Some(county) = &key.county {
                list.by_county.entry((state, county.clone())).or_default().push(at);
            }
            list.by_key.entry((state, key)).or_default().push(at);
            list.regions.push(Region { id: region.id, name });
            list.states.insert(state);
        }
        list
    }

    /// Where the regions' offices are, for addresses that no rule fits; those of regions that are not listed are left out.
    #[must_use]
    pub fn with_offices(mut self, offices: impl IntoIterator<Item = (RegionId, GeoPoint)>) -> Self {
        let states: HashMap<u32, State> = self
            .by_key
            .iter()
            .flat_map(|((state, _), listed)| listed.iter().map(|at| (*at, *state)))
            .collect();
        let positions: HashMap<RegionId, u32> =
            (0..).zip(&self.regions).map(|(at, region)| (region.id, at)).collect();
        for (region, point) in offices {
            if let Some(at) = positions.get(&region) {
                self.offices.entry(states[at]).or_default().push((*at, point));
            }
        }
        self
    }

    /// Whether any region of the state is listed.
    pub(super) fn has(&self, state: State) -> bool {
        self.states.contains(&state)
    }

    /// The regions of this name; several only if the list has the name several times.
    pub(super) fn named(&self, state: State, name: &str) -> impl Iterator<Item = &Region> + use<'_> {
        let listed = self.by_key.get(&(state, RegionKey::of(name)));
        listed.into_iter().flatten().map(|at| &self.regions[*at as usize])
    }

    /// The regions with this county in their names, of one of the types or of none.
    pub(super) fn in_county(
        &self,
        state: State,
        county: &str,
        kinds: &[AreaType],
    ) -> impl Iterator<Item = &Region> {
        let listed = self.by_county.get(&(state, RegionKey::base_of(county)));
        listed
            .into_iter()
            .flatten()
            .map(|at| &self.regions[*at as usize])
            .filter(move |region| RegionKey::of(&region.name).kind.is_none_or(|kind| kinds.contains(&kind)))
    }

    /// The regions of the state's nearest offices, and how many meters they are away.
    pub(super) fn nearby(&self, state: State, point: GeoPoint) -> Vec<(Region, f64)> {
        let offices = self.offices.get(&state).into_iter().flatten();
        let mut near: Vec<(u32, f64)> = offices
            .map(|(at, office)| (*at, point.distance_m(*office)))
            .filter(|(_, meters)| *meters <= NEARBY_M)
            .collect();
        near.sort_by(|one, other| one.1.total_cmp(&other.1));
        near.truncate(NEARBY_ADDRESSES);
        let mut regions: Vec<(Region, f64)> = Vec::new();
        for (at, meters) in near {
            let region = &self.regions[at as usize];
            if regions.iter().all(|(known, _)| known.id != region.id) {
                regions.push((region.clone(), meters));
            }
        }
        regions
    }
}
