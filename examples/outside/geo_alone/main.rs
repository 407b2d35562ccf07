//! turnout-geo alone: from an address to the place whose office registers its voters.

use turnout_geo::{data::zips, parse, region::RegionFinder};

fn main() {
    let address = "319 S Brevard Ave, Arcadia FL 34266";
    let answer = RegionFinder::default().find(&parse(address, &zips()), None);
    let names: Vec<_> = answer.outcome.matches().iter().map(|it| it.region.name.clone()).collect();
    assert!(matches!(names.as_slice(), [name] if name.contains("DeSoto")), "{names:?}");
    println!("{address}: {}", names[0]);
}
