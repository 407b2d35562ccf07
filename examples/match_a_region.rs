//! From addresses to the offices that register their voters, offline: `cargo run -p turnout-examples --example match_a_region`.

use turnout_core::{address::State, ids::RegionId, official};
use turnout_geo::{
    GeoPoint,
    data::zips,
    parse,
    region::{Located, RegionFinder, RegionList},
};

fn main() {
    // what the crate knows by itself: counties, and regions named after them
    let finder = RegionFinder::default();
    for address in [
        "319 S Brevard Ave, Arcadia FL 34266",
        "20 W 34th St, New York NY 10001",
        "3004 Stony Point Rd, Richmond VA 23235",
        "52A St Paul St, Brookline MA 02446",
    ] {
        show(address, &finder, None);
    }

    // a geocoder's point tells more than a ZIP code
    let point = GeoPoint::from_degrees(37.548, -77.566).map(Located::at);
    show("3004 Stony Point Rd, Richmond VA 23235", &finder, point);

    // with a list of election offices, towns are known by name
    let town = |id, name: &str| official::Region {
        id: RegionId(id),
        name: Some(name.to_owned()),
        county: None,
        municipality: None,
        municipality_type: None,
        state: Some(State::Vt),
        hidden: false,
        external_updated: None,
    };
    let list =
        RegionList::new([town(438_339, "Georgia, Franklin County"), town(1, "Milton, Chittenden County")]);
    show("4416 Ethan Allen Hwy, Georgia VT 05478", &RegionFinder::default().with_regions(list), None);
}

fn show(address: &str, finder: &RegionFinder, at: Option<Located>) {
    let answer = finder.find(&parse(address, &zips()), at);
    println!("{address}");
    for found in answer.outcome.matches() {
        println!("  {:>3.0} %  {} ({})", 100.0 * found.confidence, found.region.name, found.region.id);
    }
    println!("  {}", answer.explanation.join("; "));
}
