//! The regions that are made of the Census' names where there is no list, and what becomes of them when there is one.

use std::collections::{BTreeMap, btree_map::Entry};

use turnout_core::{address::State, ids::RegionId, official};

use super::{
    decide::{Case, Decision, full_name},
    finder::RegionFinder,
    layers::{Known, LayerKind, Situation},
    list::RegionList,
    rules::Rules,
};
use crate::{
    boundary::{AreaId, BoundaryIndex},
    data::counties,
};

impl RegionFinder {
    /// The regions that an answer may have where there is no list, by number: for a store that lists them. Their numbers
    /// are the Census', and stay when layers are added; a municipality's is another one than its county's. A place that
    /// stands in for a municipality, as no layer of these is loaded, is none of them.
    #[must_use]
    pub fn generated(&self) -> Vec<official::Region> {
        let mut regions: BTreeMap<RegionId, official::Region> = BTreeMap::new();
        self.every_situation(|state, situation| {
            for (region, _) in decide(state, situation, None).regions {
                let county = Some(full_name(situation.county));
                let (municipality, municipality_type) = municipality(situation);
                match regions.entry(region.id) {
                    Entry::Vacant(vacant) => {
                        vacant.insert(official::Region {
                            id: region.id,
                            name: Some(region.name),
                            county,
                            municipality,
                            municipality_type,
                            state: Some(state),
                            hidden: false,
                            external_updated: None,
                        });
                    }
                    // of several counties: of none
                    Entry::Occupied(mut known) if known.get().county != county => {
                        known.get_mut().county = None
                    }
                    Entry::Occupied(_) => {}
                }
            }
        });
        regions.into_values().collect()
    }

    /// Which region of a list takes the place of each generated one: that which the rules name for the same situations,
    /// where it is always the same one.
    #[must_use]
    pub fn successors(&self, list: &RegionList) -> Vec<(RegionId, RegionId)> {
        let mut found: BTreeMap<RegionId, Option<RegionId>> = BTreeMap::new();
        self.every_situation(|state, situation| {
            if !list.has(state) {
                return;
            }
            let (generated, listed) = (decide(state, situation, None), decide(state, situation, Some(list)));
            // the same rule names both; one that is open has something of its county instead
            let alike = generated.regions.len() == listed.regions.len();
            if !alike || listed.open && generated.regions.len() == 1 {
                return;
            }
            for ((old, _), (new, _)) in generated.regions.iter().zip(&listed.regions) {
                found
                    .entry(old.id)
                    .and_modify(|known| *known = known.filter(|known| *known == new.id))
                    .or_insert(Some(new.id));
            }
        });
        found.into_iter().filter_map(|(old, new)| Some((old, new?))).collect()
    }

    /// Calls for every county, every municipality and place of the layers, and every area that the rules draw.
    fn every_situation(&self, mut call: impl FnMut(State, &Situation<'_>)) {
        for county in counties().all() {
            let state = county.geoid.state();
            if state.is_territory() {
                continue;
            }
            let mut situation = Situation::in_county(county);
            for (known, kind) in [
                (&mut situation.municipality, LayerKind::Municipality),
                (&mut situation.place, LayerKind::Place),
            ] {
                if self.layer(kind, state).is_some() {
                    *known = Known::Outside;
                }
            }
            let drawn = Rules::of(state).drawn.as_ref();
            if drawn.is_some() {
                situation.drawn = Known::Outside;
            }
            call(state, &situation);
            for drawn in drawn.into_iter().flat_map(areas) {
                // as if places were not known, so that a city that is drawn is one
                call(state, &Situation { drawn, place: Known::Unloaded, ..situation });
            }
        }
        for state in State::ALL.iter().copied().filter(|state| !state.is_territory()) {
            for municipality in self.layer(LayerKind::Municipality, state).into_iter().flat_map(areas) {
                let Known::In { name, .. } = municipality else { continue };
                let Some(county) = super::layers::county_of(name.key) else { continue };
                let place = match self.layer(LayerKind::Place, state) {
                    Some(_) => Known::Outside,
                    None => Known::Unloaded,
                };
                call(state, &Situation { municipality, place, ..Situation::in_county(county) });
            }
        }
    }
}

/// Every area of a layer.
fn areas(layer: &BoundaryIndex) -> impl Iterator<Item = Known<'_>> {
    (0..layer.area_count()).filter_map(|number| super::layers::known(layer, AreaId(number)))
}

fn decide(state: State, situation: &Situation<'_>, list: Option<&RegionList>) -> Decision {
    Case { state, situation, city: "", list }.decide()
}

fn municipality(situation: &Situation<'_>) -> (Option<String>, Option<String>) {
    match situation.municipality {
        Known::In { name, kind, .. } => {
            (Some(name.name.to_owned()), kind.map(|kind| kind.to_string().to_lowercase()))
        }
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: i64, state: State, name: &str) -> official::Region {
        official::Region {
            id: RegionId(id),
            name: Some(name.to_owned()),
            county: None,
            municipality: None,
            municipality_type: None,
            state: Some(state),
            hidden: false,
            external_updated: None,
        }
    }

    #[test]
    fn every_state_has_regions_and_each_its_own_number() {
        let regions = RegionFinder::default().generated();
        for state in State::ALL.iter().filter(|state| !state.is_territory()) {
            assert!(regions.iter().any(|region| region.state == Some(*state)), "{state}");
        }
        let of = |state| regions.iter().filter(move |region| region.state == Some(state));
        assert_eq!(of(State::Ak).count(), 5);
        // 102 counties and seven cities; 66 counties and the two halves of Jefferson
        assert_eq!((of(State::Il).count(), of(State::Al).count()), (109, 68));
        let names: Vec<_> = of(State::Md).filter_map(|region| region.name.as_deref()).collect();
        assert!(names.contains(&"Baltimore city") && names.contains(&"Baltimore County"), "{names:?}");
        assert!(regions.iter().all(|region| region.is_generated()));
    }

    #[test]
    fn the_region_of_a_list_that_the_same_rule_names_takes_the_place() {
        let offices = [
            listed(1, State::Il, "City of Chicago"),
            listed(2, State::Il, "Cook County"),
            listed(3, State::Al, "Jefferson County, Bessemer Division"),
            listed(4, State::Md, "Baltimore City"),
            listed(5, State::Ma, "Town of Brookline"),
            listed(6, State::Ny, "New York City: Brooklyn"),
        ];
        let successors = RegionFinder::default().successors(&RegionList::new(offices));
        let pairs = [
            (9_000_017_031, 2),
            (9_000_024_510, 4),
            (9_000_036_047, 6),
            (9_001_714_000, 1),
            (9_000_000_000 + 107_300_001, 3),
        ];
        // a town is not its county
        assert_eq!(successors, pairs.map(|(old, new)| (RegionId(old), RegionId(new))));
    }
}
