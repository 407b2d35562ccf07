//! From the files that the Census and the states publish to the layers of the finder: what a file's name says, how its
//! attributes are called, and which state each area is of.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use turnout_core::address::State;

use super::{Attributes, ImportError};
use crate::{
    boundary::{Area, BoundaryError, BoundaryIndex, Layer, Shape},
    data::{counties, state_of_fips},
    region::LayerKind,
};

/// What the name of a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// The layer that it holds, where that is one of the finder's.
    pub layer: Option<LayerKind>,
    /// The Census' word for what it holds: `cousub`.
    pub word: Option<String>,
    /// The year of its boundaries.
    pub year: Option<String>,
    /// The state it is of; none for one of the whole country.
    pub state: Option<State>,
}

/// Reads a name as the Census gives them to its files, with or without an ending.
///
/// ```
/// use turnout_core::address::State;
/// use turnout_geo::{import::layers::facts_of, region::LayerKind};
///
/// let facts = facts_of("tl_2019_55_place.zip");
/// assert_eq!((facts.layer, facts.state), (Some(LayerKind::Place), Some(State::Wi)));
/// assert_eq!(facts.year.as_deref(), Some("2019"));
/// assert_eq!(facts_of("cb_2022_us_cousub_500k.shp").layer, Some(LayerKind::Municipality));
/// ```
#[must_use]
pub fn facts_of(name: &str) -> FileFacts {
    let stem = name.split('.').next().unwrap_or_default();
    let parts: Vec<&str> = stem.split('_').collect();
    let [source @ ("tl" | "cb"), year, place, word, ..] = parts[..] else { return FileFacts::default() };
    // `rd22` is what the Census calls files made for redistricting
    let year = match (source, year.strip_prefix("rd")) {
        ("tl", Some(short)) => format!("20{short}"),
        _ => year.to_owned(),
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    FileFacts {
        layer: match word {
            "cousub" => Some(LayerKind::Municipality),
            "place" => Some(LayerKind::Place),
            "sldl" => Some(LayerKind::District),
            "county" => Some(LayerKind::County),
            _ => None,
        },
        word: Some(word.to_owned()),
        year: is_year.then_some(year),
        state: state_of_place(place),
    }
}

/// The state of a number of a state or of a county.
fn state_of_place(place: &str) -> Option<State> {
    let is_number = matches!(place.len(), 2 | 5) && place.bytes().all(|byte| byte.is_ascii_digit());
    state_of_fips(place.get(..2).filter(|_| is_number)?.parse().ok()?)
}

/// How the attributes of a kind of file are called, and what such a file holds.
struct KnownFile {
    attributes: Attributes<'static>,
    holds: Option<(LayerKind, State)>,
}

const fn known(key: &'static str, name: &'static str, kind: Option<&'static str>) -> KnownFile {
    KnownFile { attributes: Attributes { key, name, kind }, holds: None }
}

const fn of_state(file: KnownFile, layer: LayerKind, state: State) -> KnownFile {
    KnownFile { holds: Some((layer, state)), ..file }
}

const KNOWN: &[KnownFile] = &[
    known("GEOID", "NAME", Some("LSAD")),
    known("GEOID", "NAMELSAD", Some("LSAD")),
    known("GEOID20", "NAME20", Some("LSAD20")),
    known("GEOID20", "NAMELSAD20", Some("LSAD20")),
    known("GEOID10", "NAME10", Some("LSAD10")),
    known("GEOID10", "NAMELSAD10", Some("LSAD10")),
    // cities, towns and villages of Wisconsin's Legislative Technology Services Bureau
    of_state(known("MCD_FIPS", "MCD_NAME", Some("CTV")), LayerKind::Municipality, State::Wi),
    // survey towns of MassGIS
    of_state(known("TOWN_ID", "TOWN", Some("TYPE")), LayerKind::Municipality, State::Ma),
    // github.com/unitedstates/districts
    known("ocdid", "name", Some("type")),
    known("GEOID", "NAME", None),
    known("geoid", "name", None),
];

/// The areas of a file of a known kind.
#[derive(Debug)]
pub struct KnownShapes {
    /// The areas.
    pub shapes: Vec<Shape>,
    /// What the file holds, where its attributes say that.
    pub holds: Option<(LayerKind, State)>,
}

/// Reads a file whose attributes are called as in one of the files that are known; `read` is asked with one set of names
/// after the other.
///
/// # Errors
/// [`ImportError`]; [`ImportError::NoAttribute`] where no set fits.
pub fn read_known(
    mut read: impl FnMut(Attributes<'static>) -> Result<Vec<Shape>, ImportError>,
) -> Result<KnownShapes, ImportError> {
    for file in KNOWN {
        match read(file.attributes) {
            Err(ImportError::NoAttribute(_)) => {}
            shapes => return Ok(KnownShapes { shapes: shapes?, holds: file.holds }),
        }
    }
    Err(ImportError::NoAttribute("GEOID with NAME, nor those of any other file that is known".to_owned()))
}

/// The areas by state: by the Census' number, or the Open Civic Data id, that is their key. Where a state is given, areas
/// of others are left out, and those whose key says nothing are of that one.
///
/// # Errors
/// [`ImportError::NoState`] for an area of which nothing says the state.
pub fn by_state(
    shapes: Vec<Shape>,
    state: Option<State>,
) -> Result<BTreeMap<State, Vec<Shape>>, ImportError> {
    let mut states: BTreeMap<State, Vec<Shape>> = BTreeMap::new();
    for shape in shapes {
        let of = match (state_of_key(&shape.area.key), state) {
            (Some(of), Some(asked)) if of != asked => continue,
            (Some(of), _) | (None, Some(of)) => of,
            (None, None) => return Err(ImportError::NoState(shape.area.key)),
        };
        states.entry(of).or_default().push(shape);
    }
    Ok(states)
}

fn state_of_key(key: &str) -> Option<State> {
    if let Some(rest) = key.strip_prefix("ocd-division/country:us/state:") {
        return State::parse(&rest.get(..2)?.to_ascii_uppercase());
    }
    // shorter numbers are a state's own
    let fips = key.get(..2).filter(|_| key.len() >= 5)?;
    state_of_fips(fips.parse().ok()?)
}

/// That a layer of counties has others than those that come with the crate, by which rules, ZIP codes and the numbers of
/// generated regions go: Connecticut's planning regions, or some of a state's counties only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherCounties {
    state: State,
    /// Numbers that are no county's.
    unknown: BTreeSet<String>,
    /// Counties that are not there.
    missing: BTreeSet<String>,
}

impl fmt::Display for OtherCounties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |numbers: &BTreeSet<String>| {
            let shown: Vec<&str> = numbers.iter().take(3).map(String::as_str).collect();
            let more = numbers.len().saturating_sub(shown.len());
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("{}{more}", shown.join(", "))
        };
        write!(f, "{} has other counties here than in {}", self.state.code(), counties().vintage())?;
        for (what, numbers) in [("unknown", &self.unknown), ("missing", &self.missing)] {
            if !numbers.is_empty() {
                write!(f, "; {what}: {}", list(numbers))?;
            }
        }
        Ok(())
    }
}

/// Whether the areas are the counties of the state, all of them and no others.
///
/// # Errors
/// [`OtherCounties`]
pub fn check_counties(state: State, shapes: &[Shape]) -> Result<(), OtherCounties> {
    let there: BTreeSet<&str> = shapes.iter().map(|shape| shape.area.key.as_str()).collect();
    let known = counties().all().iter().filter(|county| county.geoid.state() == state);
    let known: BTreeSet<String> = known.map(|county| county.geoid.to_string()).collect();
    let unknown: BTreeSet<String> =
        there.iter().filter(|key| !known.contains(**key)).map(|key| (*key).to_owned()).collect();
    let missing: BTreeSet<String> =
        known.into_iter().filter(|county| !there.contains(county.as_str())).collect();
    if unknown.is_empty() && missing.is_empty() {
        Ok(())
    } else {
        Err(OtherCounties { state, unknown, missing })
    }
}

/// The index of a layer of a state. Records of one area become one; what the Census calls not defined is left out.
///
/// # Errors
/// [`BoundaryError`]
pub fn index(
    layer: LayerKind,
    state: State,
    vintage: &str,
    shapes: Vec<Shape>,
) -> Result<BoundaryIndex, BoundaryError> {
    let (mut areas, mut places): (Vec<Shape>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    for shape in shapes {
        let Shape { area: Area { key, name, kind }, rings } = shape;
        // water and other land that is in no county subdivision
        if layer == LayerKind::Municipality && key.len() == 10 && key.ends_with("00000") {
            continue;
        }
        let at = *places.entry(key.clone()).or_insert_with(|| {
            let area = Area { key, name, kind: kind_in_words(&kind).to_owned() };
            areas.push(Shape { area, rings: Vec::new() });
            areas.len() - 1
        });
        for ring in rings {
            // the same ring again, of a file that was given twice, would be a hole
            if !areas[at].rings.contains(&ring) {
                areas[at].rings.push(ring);
            }
        }
    }
    BoundaryIndex::build(&Layer::from_shapes(&layer_name(layer, state), vintage, areas))
}

/// The name of a layer, which is that of its file, too: `municipality-MA`.
#[must_use]
pub fn layer_name(layer: LayerKind, state: State) -> String {
    format!("{}-{}", layer.word(), state.code())
}

/// The states' letters for types of municipalities in words.
fn kind_in_words(kind: &str) -> &str {
    match kind.trim() {
        "C" => "city",
        "T" => "town",
        "V" => "village",
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GeoPoint;

    fn shape(key: &str, kind: &str, west: f64) -> Shape {
        let point = |lat, lon| GeoPoint::from_degrees(lat, lon).expect("a point");
        Shape {
            area: Area { key: key.to_owned(), name: format!("Area {key}"), kind: kind.to_owned() },
            rings: vec![vec![
                point(42.0, west),
                point(42.0, west + 0.5),
                point(42.5, west + 0.5),
                point(42.5, west),
            ]],
        }
    }

    #[test]
    fn names_of_files_say_what_they_hold() {
        for (name, word, year, state) in [
            ("tl_2023_25_cousub.zip", Some("cousub"), Some("2023"), Some(State::Ma)),
            ("cb_2016_us_county_500k", Some("county"), Some("2016"), None),
            ("tl_rd22_02_sldl", Some("sldl"), Some("2022"), Some(State::Ak)),
            ("tl_x_02_sldl", Some("sldl"), None, Some(State::Ak)),
            ("tl_2021_30059_addrfeat.shp", Some("addrfeat"), Some("2021"), Some(State::Mt)),
            ("TOWNSSURVEY_POLYM.shp", None, None, None),
            ("", None, None, None),
        ] {
            let facts = facts_of(name);
            assert_eq!(
                (facts.word.as_deref(), facts.year.as_deref(), facts.state),
                (word, year, state),
                "{name}"
            );
        }
    }

    #[test]
    fn areas_are_sorted_by_the_state_that_their_keys_say() {
        let shapes = || {
            vec![
                shape("2500103690", "43", -71.0),
                shape("55001", "", -90.0),
                shape("ocd-division/country:us/state:ak/sldl:1", "", -150.0),
            ]
        };
        let states = by_state(shapes(), None).expect("states");
        assert_eq!(states.keys().copied().collect::<Vec<_>>(), [State::Ak, State::Ma, State::Wi]);
        assert_eq!(by_state(shapes(), Some(State::Ma)).expect("states").len(), 1);
        let own = vec![shape("35", "T", -71.0)];
        assert_eq!(by_state(own.clone(), Some(State::Ma)).expect("states").keys().next(), Some(&State::Ma));
        assert!(matches!(by_state(own, None), Err(ImportError::NoState(key)) if key == "35"));
    }

    #[test]
    fn counties_are_those_that_are_known_and_all_of_them() {
        let shapes = |keys: &[&str]| keys.iter().map(|key| shape(key, "06", -75.0)).collect::<Vec<_>>();
        let delaware = ["10001", "10003", "10005"];
        assert_eq!(check_counties(State::De, &shapes(&delaware)), Ok(()));
        let twice = [&delaware[..], &delaware[..]].concat();
        assert_eq!(check_counties(State::De, &shapes(&twice)), Ok(()), "an island is a record of its own");
        for (keys, text) in [
            (&delaware[..2], "DE has other counties here than in 2016; missing: 10005"),
            (
                &["10001", "10003", "10005", "10007"],
                "DE has other counties here than in 2016; unknown: 10007",
            ),
            (
                &["10110"],
                "DE has other counties here than in 2016; unknown: 10110; missing: 10001, 10003, 10005",
            ),
        ] {
            assert_eq!(check_counties(State::De, &shapes(keys)).expect_err("others").to_string(), text);
        }
        let many = check_counties(State::Ct, &shapes(&["09110"])).expect_err("planning regions").to_string();
        assert!(many.ends_with("missing: 09001, 09003, 09005 and 5 more"), "{many}");
    }

    #[test]
    fn records_of_one_area_are_one_be_they_there_twice_and_what_is_not_defined_is_none() {
        let shapes = vec![
            shape("35", "T", -71.0),
            shape("35", "T", -71.0),
            shape("35", "T", -73.0),
            shape("2500100000", "00", -70.0),
        ];
        let index = index(LayerKind::Municipality, State::Ma, "2020", shapes).expect("an index");
        assert_eq!((index.area_count(), index.name(), index.vintage()), (1, "municipality-MA", "2020"));
        for west in [-71.0, -73.0] {
            let at = index.at(GeoPoint::from_degrees(42.25, west + 0.25).expect("a point"));
            assert_eq!(index.area(at[0]).expect("an area").kind, "town");
        }
        assert!(index.at(GeoPoint::from_degrees(42.25, -69.75).expect("a point")).is_empty());
    }
}
