//! The interpreter of the rules: from what an address is in to the regions that may serve it.

use smallvec::{SmallVec, smallvec};
use turnout_core::address::State;

use super::{
    layers::{Known, LayerKind, Situation},
    list::{Region, RegionList},
    names::{AreaType, RegionKey},
    rules::{DistrictOffice, Number, Office, Rules, Step},
    template::{Parts, Template},
};
use crate::data::County;

/// Where a boundary is missing, how much the postal city is believed.
const HINT: f64 = 0.6;
/// How much less a county is believed that stands in for a municipality without a region.
const FALLBACK: f64 = 0.6;

/// What the rules make of one situation.
#[derive(Debug, Default)]
pub(super) struct Decision {
    /// Regions that are possible, each with its probability.
    pub(super) regions: SmallVec<[(Region, f64); 2]>,
    /// Something is missing that could rule out some of them, or bring others.
    pub(super) open: bool,
    /// What a person should know.
    pub(super) notes: SmallVec<[String; 2]>,
}

impl Decision {
    fn note(mut self, note: String) -> Self {
        self.notes.insert(0, note);
        self
    }
}

/// What the rules are applied to.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) state: State,
    pub(super) situation: &'a Situation<'a>,
    /// The city of the address, which may be that of another place's post office.
    pub(super) city: &'a str,
    /// Regions; none where they are generated.
    pub(super) list: Option<&'a RegionList>,
}

impl Case<'_> {
    pub(super) fn decide(&self) -> Decision {
        self.steps(&Rules::of(self.state).steps, false)
    }

    /// The first step that gives a region; `fallback` where an earlier one should have given it.
    fn steps(&self, steps: &[Step], fallback: bool) -> Decision {
        let Some((step, rest)) = steps.split_first() else { return Decision::default() };
        match step {
            Step::City { city } => {
                let (at, sure) = match (self.situation.place, self.situation.drawn) {
                    (Known::In { name, .. }, _) => {
                        let place = RegionKey::base_of(name.name);
                        (city.iter().position(|city| RegionKey::base_of(&city.city) == place), true)
                    }
                    (Known::Unloaded, Known::In { id, .. }) => (Some(id.0 as usize), false),
                    _ => (None, true),
                };
                let Some(city) = at.and_then(|at| city.get(at)) else { return self.steps(rest, fallback) };
                let found = self.office(&city.name, city.geoid);
                if found.regions.is_empty() {
                    return self.steps(rest, fallback).note(found.notes.concat());
                }
                if sure {
                    return found;
                }
                let other = self.steps(rest, fallback);
                let believed = if self.is_city(&city.city) { HINT } else { 1.0 - HINT };
                let note = format!("{} is near, and {}", city.city, self.not_loaded(LayerKind::Place));
                either(found, believed, other).note(note)
            }
            Step::Municipality { kinds, places, names } => self.municipality(kinds, places, names, rest),
            Step::County { names, named } => {
                let County { geoid, .. } = self.situation.county;
                let other =
                    named.iter().find(|(county, _)| county.0 == *geoid).map(|(_, names)| names.clone());
                let parts = Parts { name: "", kind: None, county: self.situation.county };
                let names =
                    other.unwrap_or_else(|| names.iter().filter_map(|name| name.write(parts)).collect());
                let mut found = self.named(names, Some(u64::from(geoid.number())));
                if found.regions.is_empty() {
                    return self.steps(rest, fallback).note(found.notes.concat());
                }
                if fallback {
                    found.regions.iter_mut().for_each(|(_, probability)| *probability *= FALLBACK);
                }
                found
            }
            Step::Area { county, inside, outside, .. } => {
                if county.0 != self.situation.county.geoid {
                    return self.steps(rest, fallback);
                }
                let Office { name, geoid } =
                    if matches!(self.situation.drawn, Known::In { .. }) { inside } else { outside };
                self.office(name, *geoid)
            }
            Step::District { office, plan } => self.district(office, plan),
        }
    }

    fn municipality(
        &self,
        kinds: &[AreaType],
        places: &[AreaType],
        names: &[Template],
        rest: &[Step],
    ) -> Decision {
        let Situation { municipality, place, county, .. } = *self.situation;
        let (name, kind) = match (municipality, place) {
            (Known::In { name, kind, .. }, _) if kind.is_none_or(|kind| kinds.contains(&kind)) => {
                (name, kind)
            }
            (Known::In { .. } | Known::Outside, _) => return self.steps(rest, true),
            (Known::Unloaded, Known::In { name, kind: Some(kind), .. }) if places.contains(&kind) => {
                (name, Some(kind))
            }
            (Known::Unloaded, place) => {
                let known = !matches!(place, Known::Unloaded);
                let remain = |kind: &&AreaType| !known || !places.contains(kind);
                let remaining: SmallVec<[AreaType; 4]> = kinds.iter().filter(remain).copied().collect();
                return self.unknown_municipality(&remaining, names);
            }
        };
        let parts = Parts { name: name.name, kind, county };
        let names = match (self.list, kind) {
            // a city or a town, who knows
            (None, None) => vec![name.name.to_owned()],
            _ => names.iter().filter_map(|name| name.write(parts)).collect(),
        };
        let found = self.named(names, name.key.parse().ok().filter(|_| name.key.len() >= 7));
        if !found.regions.is_empty() {
            return found;
        }
        self.steps(rest, true).note(found.notes.concat())
    }

    /// The municipalities of the county, the one that the city of the address is called after before all others.
    fn unknown_municipality(&self, kinds: &[AreaType], names: &[Template]) -> Decision {
        let Situation { county, .. } = *self.situation;
        let note = format!(
            "{} {} has offices by municipality, and {}",
            county.name,
            county.kind,
            self.not_loaded(LayerKind::Municipality)
        );
        let Some(list) = self.list else {
            let region = Region::generated(county.geoid.number().into(), full_name(county));
            return Decision { regions: smallvec![(region, 1.0)], open: true, notes: smallvec![note] };
        };
        let mut regions: SmallVec<[(Region, f64); 2]> = SmallVec::new();
        let written = kinds.iter().flat_map(|kind| {
            names.iter().filter_map(|name| name.write(Parts { name: self.city, kind: Some(*kind), county }))
        });
        for region in written.filter(|_| !self.city.is_empty()).flat_map(|name| list.named(self.state, &name))
        {
            if regions.iter().all(|(known, _)| known.id != region.id) {
                regions.push((region.clone(), HINT));
            }
        }
        let hinted = regions.len();
        for region in list.in_county(self.state, county.name, kinds) {
            if regions.iter().all(|(known, _)| known.id != region.id) {
                regions.push((region.clone(), 1.0 - HINT));
            }
        }
        let others = regions.len() - hinted;
        for (at, (_, probability)) in regions.iter_mut().enumerate() {
            *probability /= if at < hinted { hinted } else { others } as f64;
        }
        Decision { regions, open: true, notes: smallvec![note] }
    }

    fn district(&self, offices: &[DistrictOffice], plan: &str) -> Decision {
        let fits = |office: &DistrictOffice| {
            office.cities.is_empty() || office.cities.iter().any(|city| self.is_city(city))
        };
        let number = match self.situation.district {
            Known::In { name, .. } => number_at_end(name.name),
            Known::Outside => None,
            Known::Unloaded => {
                let mut all = Decision { open: true, ..Decision::default() };
                for office in offices.iter().filter(|office| fits(office)) {
                    let believed = if office.cities.is_empty() { 1.0 } else { 10.0 };
                    for (region, _) in self.office(&office.name, office.geoid).regions {
                        match all.regions.iter_mut().find(|(known, _)| known.id == region.id) {
                            Some(known) => known.1 += believed,
                            None => all.regions.push((region, believed)),
                        }
                    }
                }
                let whole: f64 = all.regions.iter().map(|(_, believed)| believed).sum();
                all.regions.iter_mut().for_each(|(_, believed)| *believed /= whole);
                return all.note(format!("{} of {plan}", self.not_loaded(LayerKind::District)));
            }
        };
        let office =
            number.and_then(|number| offices.iter().find(|office| office.has(number) && fits(office)));
        office.map_or_else(Decision::default, |office| self.office(&office.name, office.geoid))
    }

    fn office(&self, name: &str, geoid: Number) -> Decision {
        self.named(vec![name.to_owned()], Some(geoid.0))
    }

    /// The regions of the first name that there is; without a list, the one that is generated from the first name.
    fn named(&self, names: Vec<String>, geoid: Option<u64>) -> Decision {
        let mut regions: SmallVec<[(Region, f64); 2]> = SmallVec::new();
        match (self.list, geoid) {
            (Some(list), _) => {
                let found =
                    names.iter().map(|name| list.named(self.state, name).cloned().collect::<Vec<_>>());
                let first = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
                let share = 1.0 / first.len() as f64;
                regions.extend(first.into_iter().map(|region| (region, share)));
            }
            (None, Some(geoid)) => {
                regions.extend(names.first().map(|name| (Region::generated(geoid, name.clone()), 1.0)))
            }
            (None, None) => {}
        }
        let name = names.first().map_or("", String::as_str);
        let note = match regions.len() {
            0 => format!("no region is called {name}"),
            1 => format!("its office is that of {name}"),
            _ => format!("several regions are called {name}"),
        };
        Decision { open: regions.len() > 1, regions, notes: smallvec![note] }
    }

    fn is_city(&self, city: &str) -> bool {
        RegionKey::base_of(city) == RegionKey::base_of(self.city)
    }

    fn not_loaded(&self, layer: LayerKind) -> String {
        format!("no boundaries of {} are loaded for {}", layer.noun(), self.state)
    }
}

/// Both, the first with this probability.
fn either(mut first: Decision, believed: f64, second: Decision) -> Decision {
    first.regions.iter_mut().for_each(|(_, probability)| *probability *= believed);
    first
        .regions
        .extend(second.regions.into_iter().map(|(region, other)| (region, other * (1.0 - believed))));
    first.notes.extend(second.notes);
    Decision { open: true, ..first }
}

/// `Autauga County`
pub(super) fn full_name(county: &County) -> String {
    format!("{} {}", county.name, county.kind).trim_end().to_owned()
}

/// `37` and `State House District 37`
fn number_at_end(name: &str) -> Option<u16> {
    name.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
