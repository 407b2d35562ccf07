//! From settings to a region: the whole of it, with vendors over real sockets.

use serde_json::{Value, json};
use turnout_core::{
    address::{Address, State},
    conformance::http::{Behavior, Heard, HttpPeer as _},
    ids::RegionId,
    ports::{
        http::{HttpResponse, StatusCode},
        regions::RegionMatch,
    },
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::support::TcpPeer;

/// The regions of an address that is in Richmond, and whose ZIP code is in Chesterfield County as well.
const RICHMOND: RegionId = RegionId(9_000_051_760);
const CHESTERFIELD: RegionId = RegionId(9_000_051_041);

fn stony_point() -> Address {
    Address {
        address1: Some("3004 Stony Point Rd".into()),
        address2: Some("Apt 4".into()),
        city: Some("Richmond".into()),
        state: Some(State::Va),
        zipcode: Some("23235".into()),
    }
}

fn config(settings: &str) -> Config {
    let mut complaints = Complaints::default();
    let env = Env::parse(settings, &mut complaints);
    let config = Config::read(&env, Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    config
}

/// A process with these settings, its vendors all at the peer.
async fn wired(folder: &tempfile::TempDir, peer: &TcpPeer, settings: &str) -> Wired {
    let (data, origin) = (folder.path().display(), peer.origin());
    let bases = ["GEOCODIO", "CENSUS", "TARGETSMART"].map(|name| format!("{name}_BASE_URL={origin}"));
    let settings = format!("TURNOUT_DATA_DIR={data}\n{}\n{settings}", bases.join("\n"));
    wiring::wire(&config(&settings)).await.unwrap()
}

fn answers(peer: &TcpPeer, body: &Value) {
    peer.will(Behavior::Answers(HttpResponse::json(StatusCode::OK, body)));
}

fn geocodio() -> Value {
    json!({ "results": [{
        "address_components": { "city": "Richmond", "county": "Richmond city", "state": "VA", "zip": "23235" },
        "location": { "lat": 37.548, "lng": -77.566 },
        "accuracy": 1,
        "accuracy_type": "rooftop",
    }] })
}

fn paths(peer: &TcpPeer) -> Vec<String> {
    let path = |heard: Heard| heard.path.split('?').next().unwrap().to_owned();
    peer.heard().into_iter().map(path).collect()
}

#[tokio::test]
async fn without_a_key_nobody_is_asked_and_the_zip_code_decides() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let wired = wired(&folder, &peer, "").await;
    let RegionMatch::Several(mut found) = wired.app.regions.find(&stony_point()).await.unwrap() else {
        panic!("the ZIP code is in two");
    };
    found.sort();
    assert_eq!(found, [CHESTERFIELD, RICHMOND]);
    let arcadia = Address {
        address1: Some("319 S Brevard Ave".into()),
        city: Some("Arcadia".into()),
        state: Some(State::Fl),
        zipcode: Some("34266".into()),
        ..Address::default()
    };
    let found = wired.app.regions.find(&arcadia).await.unwrap();
    assert_eq!(found, RegionMatch::One(RegionId(9_000_012_027)));
    assert!(peer.heard().is_empty());
}

#[tokio::test]
async fn with_a_key_the_point_decides_and_is_asked_for_once() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let wired = wired(&folder, &peer, "GEOCODIO_KEY=hush").await;
    answers(&peer, &geocodio());
    for _ in 0..3 {
        assert_eq!(wired.app.regions.find(&stony_point()).await.unwrap(), RegionMatch::One(RICHMOND));
    }
    let heard = peer.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(
        heard[0].path,
        "/v1.5/geocode?street=3004+Stony+Point+Rd&city=Richmond&state=VA&postal_code=23235&api_key=hush"
    );
}

#[tokio::test]
async fn vendors_are_asked_one_after_the_other_and_a_broken_one_stops_nobody() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let settings = "GEOCODIO_KEY=hush\nTARGETSMART_KEY=secret\nTURNOUT_CENSUS_GEOCODER=true";
    let wired = wired(&folder, &peer, settings).await;
    peer.will(Behavior::Answers(HttpResponse::new(StatusCode::FORBIDDEN)));
    peer.will(Behavior::SpeaksNoHttp);
    (0..2).for_each(|_| peer.will(Behavior::HangsUp));
    answers(
        &peer,
        &json!({ "match_found": true, "match_data": {
            "vb.vf_reg_cass_state": "VA", "vb.vf_county_name": "RICHMOND CITY",
            "vb.vf_municipal_district": "", "vb.vf_township": "",
            "z9_latitude": "37.548", "z9_longitude": "-77.566",
        } }),
    );
    assert_eq!(wired.app.regions.find(&stony_point()).await.unwrap(), RegionMatch::One(RICHMOND));
    let census = "/geocoder/geographies/address";
    assert_eq!(paths(&peer), ["/v1.5/geocode", census, census, census, "/service/district"]);
    assert_eq!(peer.heard()[4].headers["x-api-key"], "secret");
    // who failed is let be, and who answered is remembered
    assert_eq!(wired.app.regions.find(&stony_point()).await.unwrap(), RegionMatch::One(RICHMOND));
    assert_eq!(peer.heard().len(), 5);
}
