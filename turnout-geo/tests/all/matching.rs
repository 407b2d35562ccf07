//! The matcher: who is asked, in which order, and which answer stands.

use std::sync::{Arc, Mutex};

use serde_json::json;
use turnout_core::{
    address::{Address, State},
    ids::RegionId,
    official,
    ports::{
        http::{HttpErrorKind, HttpResponse, StatusCode},
        regions::{RegionMatch, RegionMatcher},
    },
};
use turnout_geo::{
    AddressMatcher, MatchEvent,
    geocode::{Census, Geocodio, TargetSmart},
    region::{Answer, Outcome, Reason, RegionFinder, RegionList},
};

use crate::geocoders::{
    CENSUS, GEOCODIO, Lab, TARGETSMART, address, census_answer, geocodio_answer, targetsmart_answer,
};

fn finder(regions: &[(i64, State, &str)]) -> RegionFinder {
    let region = |(id, state, name): &(i64, State, &str)| official::Region {
        id: RegionId(*id),
        name: Some((*name).to_owned()),
        county: None,
        municipality: None,
        municipality_type: None,
        state: Some(*state),
        hidden: false,
        external_updated: None,
    };
    RegionFinder::default().with_regions(RegionList::new(regions.iter().map(region)))
}

fn richmond() -> RegionFinder {
    finder(&[(1, State::Va, "City of Richmond"), (2, State::Va, "Chesterfield County")])
}

fn vermont() -> RegionFinder {
    finder(&[(3, State::Vt, "Georgia, Franklin County"), (4, State::Vt, "Milton, Chittenden County")])
}

fn michigan() -> RegionFinder {
    finder(&[
        (5, State::Mi, "Grand Haven City, Ottawa County"),
        (6, State::Mi, "Grand Haven Township, Ottawa County"),
        (7, State::Mi, "Spring Lake Township, Ottawa County"),
    ])
}

/// A matcher that asks all three vendors, and what it was told.
fn matcher(lab: &Lab, finder: RegionFinder) -> (AddressMatcher, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&told);
    let matcher = AddressMatcher::new(Arc::new(Arc::new(finder)), Arc::new(lab.clock.clone()))
        .with_geocoder(Arc::new(lab.asks(Geocodio::new("hush".into()))))
        .with_geocoder(Arc::new(lab.asks(Census::new())))
        .with_geocoder(Arc::new(lab.asks(TargetSmart::new("hush".into()))))
        .with_observer(Arc::new(move |event: &MatchEvent<'_>| {
            noted.lock().unwrap().push(match event {
                MatchEvent::Failed(error) => error.to_string(),
                MatchEvent::Matched { source, state, .. } => {
                    format!("{state} by {}", source.unwrap_or("ZIP"))
                }
            });
        }));
    (matcher, told)
}

fn stony_point() -> Address {
    address("3004 Stony Point Rd", "Richmond", State::Va, "23235")
}

/// Where it is.
const STONY_POINT: (f64, f64) = (37.548, -77.566);

fn id(answer: &Answer) -> i64 {
    let Outcome::One(found) = &answer.outcome else { panic!("{answer:?}") };
    found.region.id.0
}

fn ids(answer: &Answer) -> Vec<i64> {
    answer.outcome.matches().iter().map(|found| found.region.id.0).collect()
}

fn hosts(lab: &Lab) -> Vec<String> {
    lab.http.requests().iter().map(|request| request.url.host_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_first_point_that_is_in_one_region_decides_and_nobody_else_is_asked() {
    let lab = Lab::new();
    let (matcher, told) = matcher(&lab, richmond());
    let (lat, lng) = STONY_POINT;
    lab.answers(GEOCODIO, &geocodio_answer("rooftop", 1.0, lat, lng, "Richmond city", "VA"));
    // its ZIP code's middle is in the next county
    assert_eq!(id(&matcher.match_address(&stony_point()).await.unwrap()), 1);
    assert_eq!(hosts(&lab), [GEOCODIO]);
    assert_eq!(*told.lock().unwrap(), ["VA by geocodio"]);
}

#[tokio::test]
async fn a_failure_leaves_the_question_to_the_next_one_and_all_failures_to_the_zip_code() {
    let lab = Lab::new();
    let (matcher, told) = matcher(&lab, richmond());
    let (lat, lng) = STONY_POINT;
    lab.http.answer(GEOCODIO, HttpResponse::new(StatusCode::FORBIDDEN));
    let subdivision = ["5176090000", "Richmond city"];
    lab.answers(CENSUS, &census_answer(lat, lng, "VA", ["51760", "Richmond city"], subdivision));
    assert_eq!(id(&matcher.match_address(&stony_point()).await.unwrap()), 1);
    assert_eq!(*told.lock().unwrap(), ["geocodio: refuses our key", "VA by census"]);

    let answer = matcher.match_address(&stony_point()).await.unwrap();
    assert!(matches!(answer.outcome, Outcome::Ambiguous(_)), "{answer:?}");
    assert_eq!(ids(&answer).len(), 2, "the ZIP code is in both: {answer:?}");
    assert_eq!(told.lock().unwrap().last().unwrap(), "VA by ZIP");
}

#[tokio::test]
async fn the_first_answer_stands_where_nobody_knows_better() {
    let lab = Lab::new();
    let (matcher, told) = matcher(&lab, richmond());
    // on the border
    let on_border = geocodio_answer("street_center", 1.0, 37.5375, -77.5625, "Richmond city", "VA");
    lab.answers(GEOCODIO, &on_border);
    lab.answers(CENSUS, &json!({ "result": { "addressMatches": [] } }));
    lab.http.fail(TARGETSMART, HttpErrorKind::Unwritable);
    let answer = matcher.match_address(&stony_point()).await.unwrap();
    let mut found = ids(&answer);
    found.sort_unstable();
    assert_eq!(found, [1, 2], "{answer:?}");
    assert_eq!(told.lock().unwrap().last().unwrap(), "VA by geocodio");
    assert_eq!(hosts(&lab), [GEOCODIO, CENSUS, TARGETSMART]);
}

#[tokio::test]
async fn an_address_that_is_found_in_another_state_is_not_matched_unless_another_finds_it_in_its_own() {
    let lab = Lab::new();
    let (matcher, _) = matcher(&lab, richmond());
    let elsewhere = geocodio_answer("rooftop", 1.0, 39.0, -77.0, "Montgomery County", "MD");
    lab.answers(GEOCODIO, &elsewhere);
    lab.answers(CENSUS, &json!({ "result": { "addressMatches": [] } }));
    lab.answers(TARGETSMART, &json!({ "match_found": false }));
    let answer = matcher.match_address(&stony_point()).await.unwrap();
    let said = Reason::StateMismatch { said: State::Va, found: State::Md };
    assert_eq!(answer.outcome, Outcome::None(said));
    lab.answers(GEOCODIO, &elsewhere);
    assert_eq!(matcher.find(&stony_point()).await.unwrap(), RegionMatch::None);

    lab.clock.advance(chrono::TimeDelta::minutes(1));
    lab.answers(GEOCODIO, &elsewhere);
    let (lat, lng) = STONY_POINT;
    let subdivision = ["5176090000", "Richmond city"];
    lab.answers(CENSUS, &census_answer(lat, lng, "VA", ["51760", "Richmond city"], subdivision));
    assert_eq!(id(&matcher.match_address(&stony_point()).await.unwrap()), 1);
}

#[tokio::test]
async fn the_district_service_is_asked_first_where_municipalities_decide() {
    let lab = Lab::new();
    let (matcher, told) = matcher(&lab, vermont());
    // its mail comes from Milton, in the next county
    let georgia = address("4416 Ethan Allen Hwy", "Milton", State::Vt, "05468");
    lab.answers(TARGETSMART, &targetsmart_answer("VT", "FRANKLIN", "GEORGIA", Some(["44.73", "-73.113"])));
    assert_eq!(id(&matcher.match_address(&georgia).await.unwrap()), 3);
    assert_eq!(hosts(&lab), [TARGETSMART]);
    assert_eq!(*told.lock().unwrap(), ["VT by targetsmart"]);
}

#[tokio::test]
async fn a_municipality_without_type_is_the_one_that_is_listed_and_ambiguous_where_there_are_two() {
    let lab = Lab::new();
    let (matcher, _) = matcher(&lab, michigan());
    let point = Some(["43.0631", "-86.2284"]);
    lab.answers(TARGETSMART, &targetsmart_answer("MI", "OTTAWA", "SPRING LAKE", point));
    let spring_lake = address("100 Exchange St", "Spring Lake", State::Mi, "49456");
    assert_eq!(id(&matcher.match_address(&spring_lake).await.unwrap()), 7);

    lab.answers(TARGETSMART, &targetsmart_answer("MI", "OTTAWA", "GRAND HAVEN", point));
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    lab.answers(CENSUS, &json!({ "result": { "addressMatches": [] } }));
    let grand_haven = address("2101 168th Ave", "Grand Haven", State::Mi, "49417");
    let answer = matcher.match_address(&grand_haven).await.unwrap();
    let mut found = ids(&answer);
    found.sort_unstable();
    assert_eq!(found, [5, 6], "{answer:?}");

    lab.answers(TARGETSMART, &targetsmart_answer("MI", "OTTAWA", "GRAND HAVEN TOWNSHIP", point));
    assert_eq!(id(&matcher.match_address(&grand_haven).await.unwrap()), 6);
}

#[tokio::test]
async fn a_municipality_of_the_census_decides_where_the_postal_city_agrees_and_is_a_candidate_elsewhere() {
    let lab = Lab::new();
    let (matcher, _) = matcher(&lab, michigan());
    let subdivision = ["2613933340", "Grand Haven city"];
    let census = census_answer(43.0631, -86.2284, "MI", ["26139", "Ottawa County"], subdivision);
    for (city, expected) in [("Grand Haven", true), ("Spring Lake", false)] {
        lab.answers(TARGETSMART, &json!({ "match_found": false }));
        lab.answers(GEOCODIO, &json!({ "results": [] }));
        lab.answers(CENSUS, &census);
        let answer = matcher.match_address(&address("301 S 5th St", city, State::Mi, "49417")).await.unwrap();
        assert_eq!(matches!(answer.outcome, Outcome::One(_)), expected, "{city}: {answer:?}");
        assert_eq!(ids(&answer)[0], 5, "{city}: {answer:?}");
    }
    // without a list, its region is generated from the Census' number
    lab.answers(TARGETSMART, &json!({ "match_found": false }));
    lab.answers(GEOCODIO, &json!({ "results": [] }));
    lab.answers(CENSUS, &census);
    let matcher = self::matcher(&lab, RegionFinder::default()).0;
    let answer = matcher.match_address(&address("301 S 5th St", "Grand Haven", State::Mi, "49417")).await;
    assert_eq!(id(&answer.unwrap()), 9_000_000_000 + 2_613_933_340);
}

#[tokio::test]
async fn places_that_are_as_good_as_the_first_have_to_agree() {
    let lab = Lab::new();
    let (matcher, _) = matcher(&lab, richmond());
    let (lat, lng) = STONY_POINT;
    let mut both = geocodio_answer("rooftop", 1.0, lat, lng, "Richmond city", "VA");
    let other = geocodio_answer("rooftop", 1.0, 37.40, -77.60, "Chesterfield County", "VA");
    both["results"].as_array_mut().unwrap().push(other["results"][0].clone());
    lab.answers(GEOCODIO, &both);
    lab.answers(CENSUS, &json!({ "result": { "addressMatches": [] } }));
    lab.answers(TARGETSMART, &json!({ "match_found": false }));
    let answer = matcher.match_address(&stony_point()).await.unwrap();
    assert_eq!(ids(&answer), [1, 2], "{answer:?}");
    // candidates are in the order of their names
    lab.answers(GEOCODIO, &both);
    let several = matcher.find(&stony_point()).await.unwrap();
    assert_eq!(several, RegionMatch::Several(vec![RegionId(2), RegionId(1)]));
}

#[tokio::test]
async fn a_post_office_box_is_nobodys_business() {
    let lab = Lab::new();
    let (matcher, told) = matcher(&lab, RegionFinder::default());
    let kyle = address("PO Box 1", "Kyle", State::Sd, "57752");
    let answer = matcher.match_address(&kyle).await.unwrap();
    assert_eq!(id(&answer), 9_000_046_102);
    assert!(lab.http.requests().is_empty());
    assert_eq!(*told.lock().unwrap(), ["SD by ZIP"]);
}

#[tokio::test]
async fn nobody_is_asked_any_more_when_the_time_is_over() {
    let lab = Lab::new();
    let matcher = matcher(&lab, richmond()).0.with_budget(chrono::TimeDelta::seconds(1));
    // its repetitions take the time
    let answer = matcher.match_address(&stony_point()).await.unwrap();
    assert!(matches!(answer.outcome, Outcome::Ambiguous(_)), "{answer:?}");
    assert!(hosts(&lab).iter().all(|host| host == GEOCODIO), "{:?}", hosts(&lab));
}

#[tokio::test]
async fn an_address_without_a_state_is_not_located() {
    let lab = Lab::new();
    let (matcher, _) = matcher(&lab, richmond());
    let nowhere = Address { address1: Some("1 Main St".into()), ..Address::default() };
    let answer = matcher.match_address(&nowhere).await.unwrap();
    assert_eq!(answer.outcome, Outcome::None(Reason::NotLocated));
    // the ZIP code says it
    let (lat, lng) = STONY_POINT;
    lab.answers(GEOCODIO, &geocodio_answer("rooftop", 1.0, lat, lng, "Richmond city", "VA"));
    let without = Address { state: None, ..stony_point() };
    assert_eq!(id(&matcher.match_address(&without).await.unwrap()), 1);
}
