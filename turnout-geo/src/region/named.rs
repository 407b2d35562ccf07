//! What a geocoder says of an address beside its point: the county and the municipality it is in.

use smallvec::SmallVec;
use turnout_core::{address::State, ports::geocoder::Components};

use super::{
    layers::{Known, Situation, Situations},
    list::RegionList,
    names::{AreaType, RegionKey},
};
use crate::{
    boundary::{AreaId, AreaName},
    data::{CountyGeoid, counties},
};

/// The types of area that may be a municipality with an office of its own.
const MUNICIPAL: [AreaType; 6] = [
    AreaType::City,
    AreaType::Town,
    AreaType::Village,
    AreaType::Township,
    AreaType::Borough,
    AreaType::Plantation,
];
/// The number of an area that is in no layer: its name alone is known.
const NO_LAYER: AreaId = AreaId(u32::MAX);

/// The municipality that a geocoder names. It counts where no layer of municipalities is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMunicipality {
    name: String,
    kind: Option<AreaType>,
    geoid: String,
    county: Option<CountyGeoid>,
    /// Whether there is no doubt; otherwise other municipalities stay possible.
    sure: bool,
}

impl NamedMunicipality {
    /// What the components say, if they say it. A source that only computed it from a point that is near the street, not
    /// of the house, is `sure` where the postal city has the same name: many a town line runs down a street.
    #[must_use]
    pub fn of(components: &Components, state: State, city: &str, is_exact: bool) -> Option<Self> {
        let name = components.municipality.as_deref().map(str::trim).filter(|name| !name.is_empty())?;
        let key = RegionKey::of(name);
        Some(Self {
            name: without_type(name, key.kind).to_owned(),
            kind: key.kind,
            geoid: components.municipality_geoid.clone().unwrap_or_default(),
            county: named_county(state, components),
            sure: is_exact || key.base == RegionKey::base_of(city),
        })
    }

    pub(super) fn is_sure(&self) -> bool {
        self.sure
    }

    /// Puts it where no layer says anything.
    pub(super) fn fill<'a>(
        &'a self,
        state: State,
        list: Option<&RegionList>,
        mut situations: Situations<'a>,
    ) -> Situations<'a> {
        let is_named = |situation: &Situation<'_>| Some(situation.county.geoid) == self.county;
        let share: f64 = situations.iter().filter(|situation| is_named(situation)).map(|it| it.share).sum();
        if self.sure && share > 0.0 {
            situations.retain(|situation| is_named(situation));
            situations.iter_mut().for_each(|situation| situation.share /= share);
        }
        let mut filled = Situations::new();
        for situation in situations {
            if !matches!(situation.municipality, Known::Unloaded) || !self.may_be_in(&situation) {
                filled.push(situation);
                continue;
            }
            let kinds = self.kinds(state, &situation, list);
            let share = situation.share / kinds.len() as f64;
            filled.extend(kinds.into_iter().map(|kind| {
                let name = AreaName { key: &self.geoid, name: &self.name, kind: "" };
                Situation { municipality: Known::In { id: NO_LAYER, name, kind }, share, ..situation }
            }));
        }
        filled
    }

    /// A Census' number begins with that of its county.
    fn may_be_in(&self, situation: &Situation<'_>) -> bool {
        self.geoid.is_empty() || self.geoid.starts_with(&situation.county.geoid.to_string())
    }

    /// Its type; where only the name is known, those under which the list has the name, and none if it has none.
    fn kinds(
        &self,
        state: State,
        situation: &Situation<'_>,
        list: Option<&RegionList>,
    ) -> SmallVec<[Option<AreaType>; 4]> {
        let Some(list) = list.filter(|_| self.kind.is_none()) else {
            return SmallVec::from_slice(&[self.kind]);
        };
        let base = RegionKey::base_of(&self.name);
        let in_county = list.in_county(state, situation.county.name, &MUNICIPAL).map(|region| &region.name);
        let mut kinds: SmallVec<[Option<AreaType>; 4]> = in_county
            .map(|name| RegionKey::of(name))
            .filter(|key| key.base == base)
            .map(|key| key.kind)
            .collect();
        if kinds.is_empty() {
            let listed =
                |kind: &AreaType| list.named(state, &format!("{} {kind}", self.name)).next().is_some();
            kinds.extend(MUNICIPAL.into_iter().filter(listed).map(Some));
        }
        kinds.dedup();
        if kinds.is_empty() {
            kinds.push(None);
        }
        kinds
    }
}

/// `Grand Haven` of `Grand Haven charter township`: the name without the words of its type.
fn without_type(name: &str, kind: Option<AreaType>) -> &str {
    if kind.is_none() {
        return name;
    }
    let lower = name.to_ascii_lowercase();
    for kind in MUNICIPAL {
        let word = kind.to_string().to_ascii_lowercase();
        if lower.starts_with(&format!("{word} of ")) {
            return &name[word.len() + " of ".len()..];
        }
        if let Some(rest) = lower.strip_suffix(&format!(" {word}")) {
            return &name[..rest.strip_suffix(" charter").unwrap_or(rest).len()];
        }
    }
    name
}

/// The county that a geocoder names: by its number, or by its name where only one county of the state is called so.
#[must_use]
pub fn named_county(state: State, components: &Components) -> Option<CountyGeoid> {
    if let Some(geoid) = components.county_geoid.as_deref().and_then(CountyGeoid::parse) {
        return counties().by_geoid(geoid).map(|county| county.geoid);
    }
    let key = RegionKey::of(components.county.as_deref()?);
    let named = |county: &&crate::data::County| {
        let is_city = AreaType::read(county.kind) == Some(AreaType::City);
        let asks_city = key.kind == Some(AreaType::City);
        county.geoid.state() == state
            && RegionKey::base_of(county.name) == key.base
            && (key.kind.is_none() || is_city == asks_city)
    };
    let mut found = counties().all().iter().filter(named);
    found.next().filter(|_| found.next().is_none()).map(|county| county.geoid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_is_its_name_and_type() {
        for (text, name, kind) in [
            ("Grand Haven charter township", "Grand Haven", Some(AreaType::Township)),
            ("Grand Haven city", "Grand Haven", Some(AreaType::City)),
            ("TOWN OF DRUMMOND", "DRUMMOND", Some(AreaType::Town)),
            ("GEORGIA", "GEORGIA", None),
            ("Village of Shorewood Hills", "Shorewood Hills", Some(AreaType::Village)),
            ("Land O' Lakes town", "Land O' Lakes", Some(AreaType::Town)),
        ] {
            let components = Components { municipality: Some(text.into()), ..Components::default() };
            let found = NamedMunicipality::of(&components, State::Mi, "", true).expect("it is named");
            assert_eq!((found.name.as_str(), found.kind), (name, kind), "{text}");
        }
        assert_eq!(NamedMunicipality::of(&Components::default(), State::Mi, "", true), None);
    }

    #[test]
    fn a_county_is_found_by_number_and_by_a_name_that_only_one_has() {
        let county = |state, county: Option<&str>, geoid: Option<&str>| {
            let text = |text: Option<&str>| text.map(str::to_owned);
            let components =
                Components { county: text(county), county_geoid: text(geoid), ..Components::default() };
            named_county(state, &components).map(|geoid| geoid.to_string())
        };
        assert_eq!(county(State::Mi, Some("Ottawa County"), None).as_deref(), Some("26139"));
        assert_eq!(county(State::Mi, Some("OTTAWA"), None).as_deref(), Some("26139"));
        assert_eq!(county(State::Md, Some("Baltimore city"), None).as_deref(), Some("24510"));
        assert_eq!(county(State::Md, Some("Baltimore County"), None).as_deref(), Some("24005"));
        assert_eq!(county(State::Md, Some("Baltimore"), None), None);
        assert_eq!(county(State::Va, None, Some("51760")).as_deref(), Some("51760"));
        assert_eq!(county(State::Mi, Some("Nowhere"), None), None);
    }
}
