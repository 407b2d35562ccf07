//! The rules of the states, which are data: `rules/*.toml`, one file per state that is not plain county.
//!
//! A file is a list of steps, and the first that gives a region decides (`decide.rs`). Everything that a rule may say is
//! checked when the files are read.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::LazyLock};

use serde::Deserialize;
use turnout_core::address::State;

use super::{names::AreaType, template::Template};
use crate::{
    boundary::{Area, BoundaryIndex, Layer, Shape},
    data::CountyGeoid,
    point::GeoPoint,
};

/// The rules of a state.
pub(super) struct Rules {
    pub(super) steps: Vec<Step>,
    /// The areas that the rules draw themselves, numbered in the order in which they stand there.
    pub(super) drawn: Option<BoundaryIndex>,
}

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Step {
    /// Cities with an office of their own.
    City { city: Vec<City> },
    /// Towns, townships and the like.
    Municipality {
        /// Which types of area have an office.
        kinds: Vec<AreaType>,
        /// Which of these the layer of places has, too.
        places: Vec<AreaType>,
        names: Vec<Template>,
    },
    /// Counties.
    County {
        #[serde(default = "county_name")]
        names: Vec<Template>,
        /// Counties whose region is called otherwise.
        #[serde(default)]
        named: BTreeMap<Geoid, Vec<String>>,
    },
    /// Two offices of one county, of which one has an area drawn here.
    Area { county: Geoid, inside: Office, outside: Office, ring: Vec<[f64; 2]> },
    /// Offices by legislative district.
    District { plan: String, office: Vec<DistrictOffice> },
}

/// A region that is named in a rule, and the number from which a generated region has its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Office {
    pub(super) name: String,
    pub(super) geoid: Number,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct City {
    pub(super) city: String,
    pub(super) name: String,
    pub(super) geoid: Number,
    around: Vec<[f64; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistrictOffice {
    pub(super) name: String,
    pub(super) geoid: Number,
    districts: Vec<Districts>,
    /// Only addresses in one of these cities; empty for all.
    #[serde(default)]
    pub(super) cities: Vec<String>,
}

impl DistrictOffice {
    pub(super) fn has(&self, district: u16) -> bool {
        self.districts.iter().any(|districts| districts.0.contains(&district))
    }
}

/// `7` or `10-12`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Districts(RangeInclusive<u16>);

impl TryFrom<String> for Districts {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) if first <= last => Ok(Self(first..=last)),
            _ => Err(format!("{text:?} is no range of districts")),
        }
    }
}

/// The Census' number of an area, digits in quotes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Number(pub(super) u64);

impl TryFrom<String> for Number {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is no number of the Census"))
    }
}

/// A county's number, which has to be that of a county we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Geoid(pub(super) CountyGeoid);

impl TryFrom<String> for Geoid {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        CountyGeoid::parse(&text)
            .filter(|geoid| crate::data::counties().by_geoid(*geoid).is_some())
            .map(Self)
            .ok_or_else(|| format!("{text:?} is no county"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    step: Vec<Step>,
}

macro_rules! files {
    ($($state:ident $code:literal)*) => {
        /// States that are not plain county.
        const FILES: &[(State, &str)] =
            &[$((State::$state, include_str!(concat!("../../rules/", $code, ".toml"))),)*];
    };
}

files! {
    Ak "ak" Al "al" Ct "ct" Il "il" Ma "ma" Me "me" Mi "mi" Mo "mo" Nh "nh" Ny "ny" Ri "ri" Sd "sd" Vt "vt" Wi "wi"
}

static RULES: LazyLock<BTreeMap<State, Rules>> = LazyLock::new(|| {
    let read = |(state, text): &(State, &str)| {
        let rules = Rules::read(text).unwrap_or_else(|error| {
            unreachable!("rules that come with the crate are right: a test reads them all ({state}: {error})")
        });
        (*state, rules)
    };
    FILES.iter().map(read).collect()
});

static COUNTY: LazyLock<Rules> = LazyLock::new(|| Rules {
    steps: vec![Step::County { names: county_name(), named: BTreeMap::new() }],
    drawn: None,
});

fn county_name() -> Vec<Template> {
    vec![Template::full_county_name()]
}

impl Rules {
    /// The rules of a state, read at the first question.
    pub(super) fn of(state: State) -> &'static Self {
        RULES.get(&state).unwrap_or(&COUNTY)
    }

    fn read(text: &str) -> Result<Self, String> {
        let File { step: steps } = toml::from_str(text).map_err(|error| error.to_string())?;
        let rings = steps.iter().flat_map(|step| match step {
            Step::City { city } => city.iter().map(|city| &city.around).collect(),
            Step::Area { ring, .. } => vec![ring],
            _ => Vec::new(),
        });
        let shapes: Vec<Shape> = rings.map(|ring| shape(ring)).collect::<Result<_, _>>()?;
        let drawn = (!shapes.is_empty())
            .then(|| BoundaryIndex::build(&Layer::from_shapes("drawn", "", shapes)))
            .transpose()
            .map_err(|error| error.to_string())?;
        Ok(Self { steps, drawn })
    }

    /// The plan of legislative districts that the rules go by.
    pub(super) fn plan(&self) -> Option<&str> {
        self.steps.iter().find_map(|step| match step {
            Step::District { plan, .. } => Some(plan.as_str()),
            _ => None,
        })
    }
}

fn shape(ring: &[[f64; 2]]) -> Result<Shape, String> {
    let point = |[lon, lat]: &[f64; 2]| {
        GeoPoint::from_degrees(*lat, *lon).ok_or_else(|| format!("{lon} {lat} is no place on earth"))
    };
    let ring: Vec<GeoPoint> = ring.iter().map(point).collect::<Result<_, _>>()?;
    if ring.len() < 3 {
        return Err("a ring has three points at least".to_owned());
    }
    Ok(Shape { area: Area::default(), rings: vec![ring] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_rules() {
        for (state, text) in FILES {
            let rules = Rules::read(text).unwrap_or_else(|error| panic!("{state}: {error}"));
            assert!(!rules.steps.is_empty(), "{state}");
        }
        assert!(State::ALL.iter().all(|state| !Rules::of(*state).steps.is_empty()));
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "[[step]]\nby = \"weather\"",
            "[[step]]\nby = \"county\"\nnmaes = []",
            "[[step]]\nby = \"county\"\nnames = [\"{county_tpye}\"]",
            "[[step]]\nby = \"county\"\n[step.named]\n99001 = []",
            "[[step]]\nby = \"district\"\nplan = \"2013\"\n[[step.office]]\nname = \"I\"\ngeoid = \"1\"\ndistricts = [\"9-1\"]",
            "[[step]]\nby = \"city\"\n[[step.city]]\ncity = \"A\"\nname = \"A\"\ngeoid = \"1\"\naround = [[0.0, 91.0]]",
        ] {
            assert!(Rules::read(text).is_err(), "{text}");
        }
    }
}
