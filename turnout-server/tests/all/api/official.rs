//! `/v1/official/…`

use serde_json::json;
use turnout_core::{
    address::State,
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{Location, Office, OfficeAddress},
    person::Phone,
    ports::store::Store,
};

use crate::support::TestServer;

#[tokio::test]
async fn a_state_lists_its_visible_regions_by_name() {
    let server = TestServer::new().await;
    let allen = json!({ "name": "Allen County", "external_id": 1001 });
    let wood = json!({ "name": "Wood County", "external_id": 1002 });
    for (path, body) in [
        ("OH/", json!([allen, wood])),
        ("OH", json!([allen, wood])),
        ("OH/?county=&municipality=", json!([allen, wood])),
        ("OH/?county=Wood", json!([wood])),
        ("OH/?county=Allen", json!([allen])),
        ("OH/?county=wood", json!([])),
        ("OH/?county=Wood&municipality=Perrysburg", json!([])),
        ("CA/", json!([])),
        ("oh/", json!([])),
        ("ZZ/", json!([])),
        ("PR/", json!([])),
    ] {
        server.get(&format!("/v1/official/state/{path}")).await.is(200, &body);
    }
}

#[tokio::test]
async fn a_region_shows_its_offices_and_their_addresses() {
    let server = TestServer::new().await;
    let mut unit = server.store.begin().await.unwrap();
    for id in [8, 7] {
        let office = Office {
            id: OfficeId(id),
            region: Some(RegionId(1001)),
            hours: Some("9-5".into()),
            notes: None,
            external_updated: None,
        };
        unit.officials_mut().put_office(&office).await.unwrap();
    }
    let address = OfficeAddress {
        id: Some(OfficeAddressId(70)),
        office: Some(OfficeId(7)),
        address: Some("Board of Elections".into()),
        city: Some("Lima".into()),
        state: Some(State::Oh),
        zipcode: Some("45801".into()),
        phone: Phone::parse("+16175557890"),
        fax: Some(Phone::from_stored(String::new())),
        location: Some(Location { lat: 37.799, lng: -122.263 }),
        is_physical: true,
        process_domestic_registrations: true,
        ..OfficeAddress::default()
    };
    unit.officials_mut().put_address(&address).await.unwrap();
    unit.commit().await.unwrap();
    let body = json!({
        "external_id": 1001, "name": "Allen County", "county": "Allen", "municipality": null,
        "offices": [
            {"hours": "9-5", "notes": null, "addresses": [{
                "address": "Board of Elections", "address2": null, "address3": null, "city": "Lima", "state": "OH",
                "zipcode": "45801", "location": "SRID=4326;POINT (-122.263 37.799)", "website": null, "email": null,
                "phone": "(617) 555-7890", "fax": "", "is_physical": true, "is_regular_mail": false,
                "process_domestic_registrations": true, "process_absentee_requests": false,
                "process_absentee_ballots": false, "process_overseas_requests": false,
                "process_overseas_ballots": false, "lat": 37.799, "lng": -122.263,
            }]},
            {"hours": "9-5", "notes": null, "addresses": []},
        ],
    });
    for id in ["1001", "01001", "0000000000000001001"] {
        server.get(&format!("/v1/official/region/{id}/")).await.is(200, &body);
    }
    let hidden = server.get("/v1/official/region/1003/").await;
    assert_eq!((hidden.json()["name"].as_str(), &hidden.json()["offices"]), (Some("Hidden"), &json!([])));
}

#[tokio::test]
async fn what_is_no_region_is_not_found() {
    let server = TestServer::new().await;
    for id in ["9", "-1001", "+1001", "x", "1001x", "%201001", "99999999999999999999999", "%D9%A1"] {
        server.get(&format!("/v1/official/region/{id}/")).await.is(404, &json!({ "detail": "Not found." }));
    }
}

#[tokio::test]
async fn the_list_of_addresses_is_switched_off() {
    let server = TestServer::new().await;
    let answer = server.get("/v1/official/address/").await;
    answer.is(404, &json!({ "alert": "This resource has been disabled." }));
    assert_eq!(answer.header("allow"), Some("GET, OPTIONS"));
}
