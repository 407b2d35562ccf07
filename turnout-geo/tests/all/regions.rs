//! From addresses to regions: the acceptance addresses, and what must never happen.

use std::io::{Cursor, Read};

use serde_json::Value;
use turnout_core::{address::State, ids::RegionId, official};
use turnout_geo::{
    GeoPoint, RawAddress,
    boundary::{Area, BoundaryIndex, Layer, Shape},
    data::{counties, zips},
    import::{Attributes, Projection, geojson, shapefile},
    parse, parse_fields,
    region::{Answer, LayerKind, Located, Match, Outcome, Reason, RegionFinder, RegionKey, RegionList},
};

use crate::support::{self, read};

fn layer(vintage: &str, shapes: Vec<Shape>) -> BoundaryIndex {
    BoundaryIndex::build(&Layer::from_shapes("test", vintage, shapes)).unwrap()
}

/// The places of a state, as the Census publishes them.
fn places(file: &str) -> BoundaryIndex {
    let archive = read(&format!("data/tiger_place/{file}"));
    let member = |end: &str| Cursor::new(support::member(&archive, end));
    let (shp, dbf) = (member(".shp"), member(".dbf"));
    layer("2019", shapefile::read(shp, dbf, Attributes::CENSUS, &Projection::DEGREES).unwrap())
}

fn places_il() -> BoundaryIndex {
    let cities = ["aurora", "bloomington", "chicago", "danville", "east-st.-louis", "galesburg", "rockford"]
        .map(|city| {
            let bytes = read(&format!("data/places_il/{city}.json"));
            geojson::read(&bytes[..], Attributes::CENSUS, &Projection::DEGREES).unwrap()
        });
    layer("2019", cities.into_iter().flatten().collect())
}

fn towns_ma() -> BoundaryIndex {
    let attributes = Attributes { key: "geoid", name: "name", kind: None };
    let bytes = read("data/ma_towns_census_75m.geojson");
    layer("2020", geojson::read(&bytes[..], attributes, &Projection::DEGREES).unwrap())
}

fn districts_ak(plan: &str) -> BoundaryIndex {
    let mut bytes = Vec::new();
    let packed = read("data/ak_house_districts_2013plan.geojson.gz");
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    let attributes = Attributes { key: "ocdid", name: "name", kind: Some("type") };
    layer(plan, geojson::read(&bytes[..], attributes, &Projection::DEGREES).unwrap())
}

/// A finder with every layer that the shared data have.
fn with_layers(finder: RegionFinder) -> RegionFinder {
    finder
        .with_layer(LayerKind::Place, State::Il, places_il())
        .with_layer(LayerKind::Place, State::Mi, places("tl_2019_26_place.zip"))
        .with_layer(LayerKind::Place, State::Mo, places("tl_2019_29_place.zip"))
        .with_layer(LayerKind::Place, State::Wi, places("tl_2019_55_place.zip"))
        .with_layer(LayerKind::Municipality, State::Ma, towns_ma())
        .with_layer(LayerKind::District, State::Ak, districts_ak("2013"))
}

/// A row of the acceptance addresses.
struct Row {
    address: Value,
    at: Located,
    expected: String,
    id: RegionId,
}

impl Row {
    fn all() -> Vec<Self> {
        let text = String::from_utf8(read("labels/region_points.jsonl")).unwrap();
        let rows = text.lines().map(|line| {
            let mut row: Value = serde_json::from_str(line).unwrap();
            let degrees = |field: &str| row[field].as_f64().unwrap();
            Self {
                at: Located::at(GeoPoint::from_degrees(degrees("lat"), degrees("lng")).unwrap()),
                expected: row["expected"].as_str().unwrap().to_owned(),
                id: RegionId(row["expected_id"].as_i64().unwrap()),
                address: row["address"].take(),
            }
        });
        rows.collect()
    }

    fn field(&self, field: &str) -> &str {
        self.address[field].as_str().unwrap()
    }

    fn state(&self) -> State {
        State::parse(self.field("state")).unwrap()
    }

    fn ask(&self, finder: &RegionFinder, at: Option<Located>) -> Answer {
        let [street, city, state, zip] = ["street", "city", "state", "zip"].map(|field| self.field(field));
        let answer =
            finder.find(&parse_fields(&RawAddress { street, unit: "", city, state, zip }, &zips()), at);
        // the same from one text, with and without commas
        for text in [format!("{street}, {city}, {state} {zip}"), format!("{street} {city} {state} {zip}")] {
            assert_eq!(finder.find(&parse(&text, &zips()), at), answer, "{text}");
        }
        answer
    }

    /// Whether the names are equal; the file of towns of Massachusetts does not say which of them are cities.
    fn is(&self, found: &Match) -> bool {
        let (found, expected) = (RegionKey::of(&found.region.name), RegionKey::of(&self.expected));
        let untyped = RegionKey { kind: None, ..expected.clone() };
        found == expected || self.state() == State::Ma && found == untyped
    }
}

fn region(id: i64, state: State, name: &str) -> official::Region {
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

/// The regions of the acceptance addresses among those of their neighbors: all counties of the states that have offices
/// by county, cities of Illinois, and municipalities around those of Wisconsin, Michigan, Massachusetts and Vermont.
fn list() -> RegionList {
    let acceptance = Row::all();
    let expected = acceptance.iter().map(|row| region(row.id.0, row.state(), &row.expected));
    let mut regions: Vec<official::Region> = expected.collect();
    let known: Vec<(State, RegionKey)> =
        acceptance.iter().map(|row| (row.state(), RegionKey::of(&row.expected))).collect();
    for county in counties().all() {
        let state = county.geoid.state();
        let name = format!("{} {}", county.name, county.kind);
        let municipal = [State::Ak, State::Al, State::Ma, State::Vt, State::Wi].contains(&state);
        if !municipal && !known.contains(&(state, RegionKey::of(&name))) {
            regions.push(region(1_000_000 + i64::from(county.geoid.number()), state, &name));
        }
    }
    for (id, state, name) in [
        (900_001, State::Al, "Shelby County"),
        (900_002, State::Il, "City of Chicago"),
        (900_003, State::Wi, "City of Madison, Dane County"),
        (900_004, State::Wi, "Town of Madison, Dane County"),
        (900_005, State::Wi, "Town of Hudson, Saint Croix County"),
        (900_006, State::Wi, "Town of Cable, Bayfield County"),
        (900_007, State::Wi, "City of Washburn, Bayfield County"),
        (900_008, State::Wi, "Town of Conover, Vilas County"),
        (900_009, State::Mi, "Spring Lake Township, Ottawa County"),
        (900_010, State::Ma, "City of Cambridge"),
        (900_011, State::Ma, "City of Boston"),
        (900_012, State::Vt, "Milton, Chittenden County"),
        (900_013, State::Vt, "Saint Albans Town, Franklin County"),
        (900_014, State::Vt, "Saint Albans City, Franklin County"),
        (
            900_015,
            State::Ak,
            "Region I Elections Office: Southeast Alaska, Prince William Sound, Kodiak & Kenai Peninsula",
        ),
        (900_016, State::Ak, "Region II Elections Office: Matanuska-Susitna Vicinity"),
    ] {
        regions.push(region(id, state, name));
    }
    RegionList::new(regions)
}

/// No layer of the shared data has these municipalities.
const WITHOUT_LAYER: [&str; 4] = [
    "Georgia, Franklin County",
    "Town of Land O' Lakes, Vilas County",
    "Town of Drummond, Bayfield County",
    "Grand Haven Township, Ottawa County",
];

#[test]
fn every_acceptance_address_with_layers_has_its_region() {
    let finder = with_layers(RegionFinder::default().with_regions(list()));
    let mut rows = 0;
    for row in Row::all() {
        rows += 1;
        let answer = row.ask(&finder, Some(row.at));
        match &answer.outcome {
            Outcome::One(found) => assert_eq!(found.region.id, row.id, "{}: {answer:#?}", row.expected),
            Outcome::Ambiguous(candidates) if WITHOUT_LAYER.contains(&row.expected.as_str()) => {
                // the city of the address says which is the likeliest
                let first = &candidates[0];
                assert!(
                    candidates.iter().any(|found| found.region.id == row.id),
                    "{}: {answer:#?}",
                    row.expected
                );
                assert!(first.region.id == row.id && first.confidence < 0.7, "{}: {answer:#?}", row.expected);
            }
            _ => panic!("{}: {answer:#?}", row.expected),
        }
        assert!(answer.explanation.len() >= 2, "{answer:#?}");
    }
    assert_eq!(rows, 33);
}

#[test]
fn without_a_list_regions_are_generated_and_have_the_same_names() {
    let finder = with_layers(RegionFinder::default());
    for row in Row::all() {
        let answer = row.ask(&finder, Some(row.at));
        match &answer.outcome {
            Outcome::One(found) => {
                assert!(row.is(found), "{}: {answer:#?}", row.expected);
                assert!(found.region.id.0 > 9_000_000_000, "{answer:#?}");
            }
            Outcome::Ambiguous(_) => {
                assert!(WITHOUT_LAYER.contains(&row.expected.as_str()), "{}: {answer:#?}", row.expected);
            }
            _ => panic!("{}: {answer:#?}", row.expected),
        }
    }
}

#[test]
fn without_layers_and_without_points_no_acceptance_address_is_silently_wrong() {
    for finder in [RegionFinder::default(), RegionFinder::default().with_regions(list())] {
        for row in Row::all() {
            for at in [Some(row.at), None] {
                let answer = row.ask(&finder, at);
                if let Outcome::One(found) = &answer.outcome {
                    assert!(row.is(found), "{} {at:?}: {answer:#?}", row.expected);
                }
                assert!(!matches!(answer.outcome, Outcome::None(_)), "{}: {answer:#?}", row.expected);
            }
        }
    }
}

#[test]
fn names_of_counties_meet_only_without_their_types() {
    let mut names: Vec<(State, RegionKey, &str)> = counties()
        .all()
        .iter()
        .map(|county| {
            (county.geoid.state(), RegionKey::of(&format!("{} {}", county.name, county.kind)), county.name)
        })
        .collect();
    names.sort();
    for pair in names.windows(2) {
        assert_ne!((pair[0].0, &pair[0].1), (pair[1].0, &pair[1].1));
    }
    // Baltimore, Saint Louis, Fairfax, Franklin, Richmond, Roanoke
    let bases = |names: &[(State, RegionKey, &str)]| {
        let mut bases: Vec<(State, String)> =
            names.iter().map(|(state, key, _)| (*state, key.base.clone())).collect();
        bases.sort();
        bases.dedup();
        bases.len()
    };
    assert_eq!(names.len() - bases(&names), 6);
}

/// The answer for an address in one text.
fn ask(finder: &RegionFinder, text: &str, at: Option<(f64, f64)>) -> Outcome {
    let at = at.map(|(lat, lng)| Located::at(GeoPoint::from_degrees(lat, lng).unwrap()));
    finder.find(&parse(text, &zips()), at).outcome
}

fn names(outcome: &Outcome) -> Vec<&str> {
    match outcome {
        Outcome::Nearby(near) => near.iter().map(|near| near.region.name.as_str()).collect(),
        outcome => outcome.matches().iter().map(|found| found.region.name.as_str()).collect(),
    }
}

#[test]
fn every_zip_code_of_the_country_has_an_answer() {
    let finder = RegionFinder::default();
    let (mut one, mut all) = (0, 0);
    for entry in zips().iter().filter(|entry| entry.state.is_some()) {
        let text = format!("{:05}", entry.zip);
        let outcome = ask(&finder, &text, None);
        all += 1;
        one += usize::from(matches!(outcome, Outcome::One(_)));
        assert!(!names(&outcome).is_empty(), "{text}: {outcome:?}");
    }
    println!("{one} of {all} ZIP codes have one region");
    assert!(all > 40_900 && one * 2 > all);
}

#[test]
fn a_disc_over_a_border_names_both_sides() {
    let finder = RegionFinder::default();
    // Stony Point Road: Richmond to the east, Chesterfield County to the west
    let near_border = ask(&finder, "Stony Point Rd, Richmond VA 23235", None);
    let names = names(&near_border);
    assert!(names.contains(&"Richmond city") && names.contains(&"Chesterfield County"), "{near_border:?}");
    let Outcome::Ambiguous(found) = &near_border else { panic!("{near_border:?}") };
    let whole: f32 = found.iter().map(|found| found.confidence).sum();
    assert!(whole <= 1.0 && found.is_sorted_by(|one, next| one.confidence >= next.confidence));
}

#[test]
fn another_state_gives_nothing() {
    let finder = RegionFinder::default();
    let boston = Some((42.3601, -71.0589));
    let outcome = ask(&finder, "1 Main St, Springfield IL 62701", boston);
    assert_eq!(outcome, Outcome::None(Reason::StateMismatch { said: State::Il, found: State::Ma }));
    assert_eq!(ask(&finder, "1 Main St", Some((30.0, -40.0))), Outcome::None(Reason::NotInTheCountry));
    assert_eq!(ask(&finder, "1 Main St, Springfield IL", None), Outcome::None(Reason::NotLocated));
}

#[test]
fn a_post_office_box_is_never_sure() {
    let finder = RegionFinder::default();
    let with_point = ask(&finder, "PO Box 1, Kyle SD 57752", Some((43.425, -102.176)));
    assert!(matches!(&with_point, Outcome::One(found) if found.confidence <= 0.6), "{with_point:?}");
    let Outcome::One(found) = ask(&finder, "PO Box 1, Kyle SD 57752", None) else { panic!("one county") };
    assert!(found.region.name == "Oglala Lakota County" && found.confidence <= 0.6);
    // all towns of the county, where the rules want a town
    let finder = RegionFinder::default().with_regions(list());
    let towns = ask(&finder, "PO Box 1, Drummond WI 54832", None);
    assert!(towns.matches().len() >= 3, "{towns:?}");
    assert!(towns.matches().iter().all(|found| found.confidence <= 0.6));
}

#[test]
fn a_hidden_region_is_never_given() {
    let mut hidden = region(1, State::Tx, "Travis County");
    hidden.hidden = true;
    let austin = Some((30.2672, -97.7431));
    let list = || RegionList::new([hidden.clone(), region(2, State::Tx, "Hays County")]);
    let point = |lat, lng| GeoPoint::from_degrees(lat, lng).unwrap();
    let finder = RegionFinder::default().with_regions(list());
    assert_eq!(ask(&finder, "Austin TX 78701", austin), Outcome::None(Reason::NotListed));
    // nor as a neighbor: Hays County's office is 40 km away
    let offices = [(RegionId(1), point(30.27, -97.74)), (RegionId(2), point(29.88, -97.94))];
    let finder = RegionFinder::default().with_regions(list().with_offices(offices));
    let outcome = ask(&finder, "Austin TX 78701", austin);
    assert!(matches!(&outcome, Outcome::Nearby(near) if near.len() == 1 && near[0].distance_m < 50_000.0));
    assert_eq!(names(&outcome), ["Hays County"]);
}

#[test]
fn offices_farther_than_100_miles_and_of_other_states_are_not_near() {
    let list = RegionList::new([region(1, State::Nm, "Elsewhere"), region(2, State::Tx, "Far away")]);
    let point = |lat, lng| GeoPoint::from_degrees(lat, lng).unwrap();
    let list = list.with_offices([(RegionId(1), point(31.8, -106.5)), (RegionId(2), point(30.3, -97.7))]);
    let finder = RegionFinder::default().with_regions(list);
    assert_eq!(ask(&finder, "El Paso TX 79901", Some((31.76, -106.49))), Outcome::None(Reason::NotListed));
}

#[test]
fn two_regions_of_one_name_are_both_candidates() {
    let list =
        RegionList::new([region(1, State::Tx, "Travis County"), region(2, State::Tx, "TRAVIS COUNTY")]);
    let finder = RegionFinder::default().with_regions(list);
    let outcome = ask(&finder, "Austin TX 78701", Some((30.2672, -97.7431)));
    assert!(matches!(&outcome, Outcome::Ambiguous(found) if found.len() == 2), "{outcome:?}");
}

#[test]
fn districts_of_another_plan_are_not_used() {
    let finder = RegionFinder::default()
        .with_layer(LayerKind::District, State::Ak, districts_ak("2022"))
        .with_regions(list());
    let answer = finder.find(
        &parse("4101 University Dr, Anchorage AK 99508", &zips()),
        Some(Located::at(GeoPoint::from_degrees(61.1905, -149.802).unwrap())),
    );
    assert!(matches!(&answer.outcome, Outcome::Ambiguous(found) if found.len() >= 4), "{answer:#?}");
    assert!(answer.explanation.iter().any(|line| line.contains("2022")), "{answer:#?}");
}

/// The counties of Delaware with straight borders: New Castle's is south of Dover, which is in Kent.
fn counties_de() -> BoundaryIndex {
    let county = |key: &str, south, north| {
        let point = |lat, lng| GeoPoint::from_degrees(lat, lng).unwrap();
        let ring = vec![point(south, -75.8), point(south, -75.1), point(north, -75.1), point(north, -75.8)];
        let area = Area { key: key.to_owned(), name: format!("County {key}"), kind: "06".to_owned() };
        Shape { area, rings: vec![ring] }
    };
    let counties = [county("10005", 38.4, 38.8), county("10001", 38.8, 39.1), county("10003", 39.1, 39.7)];
    BoundaryIndex::build(&Layer::from_shapes("county-DE", "2024", counties.to_vec())).unwrap()
}

#[test]
fn finer_borders_of_counties_decide_where_they_are_loaded() {
    let (embedded, loaded) = (
        RegionFinder::default(),
        RegionFinder::default().with_layer(LayerKind::County, State::De, counties_de()),
    );
    let county = |finder: &RegionFinder, lat, lng| {
        let outcome = ask(finder, "Dover DE", Some((lat, lng)));
        let mut names: Vec<String> = names(&outcome).into_iter().map(str::to_owned).collect();
        names.sort();
        names
    };
    for (place, lat, lng, of_crate, of_layer) in [
        ("Dover", 39.158, -75.524, vec!["Kent County"], vec!["New Castle County"]),
        ("Georgetown", 38.690, -75.386, vec!["Sussex County"], vec!["Sussex County"]),
        ("the border", 39.1, -75.524, vec!["Kent County"], vec!["Kent County", "New Castle County"]),
        // north of what the layer has, as a coast may be
        ("Wilmington", 39.746, -75.547, vec!["New Castle County"], vec!["New Castle County"]),
    ] {
        assert_eq!(county(&embedded, lat, lng), of_crate, "{place}");
        assert_eq!(county(&loaded, lat, lng), of_layer, "{place}");
    }
    // other states go by their own
    let austin = ask(&loaded, "Austin TX 78701", Some((30.2672, -97.7431)));
    assert_eq!(names(&austin), ["Travis County"]);
}

#[test]
fn a_county_is_found_by_its_name_in_its_state_only() {
    let finder = RegionFinder::default();
    for (state, name, expected) in [
        (State::La, "Orleans", Some("Orleans Parish")),
        (State::La, "Orleans County", Some("Orleans Parish")),
        (State::Va, "Fairfax", Some("Fairfax County")),
        (State::Va, "Fairfax city", Some("Fairfax city")),
        (State::Va, "Alexandria", Some("Alexandria city")),
        (State::Ny, "Kings County", Some("New York City: Brooklyn")),
        (State::Or, "Washington County", Some("Washington County")),
        (State::Id, "WASHINGTON", Some("Washington County")),
        (State::Ma, "Washington", None),
    ] {
        let answer = finder.find_county(state, name);
        assert_eq!(names(&answer.outcome).first().copied(), expected, "{name}: {answer:?}");
    }
    let id = |state| match finder.find_county(state, "Washington County").outcome {
        Outcome::One(found) => found.region.id,
        other => panic!("{other:?}"),
    };
    assert_ne!(id(State::Or), id(State::Id));
}
