//! Polling places, maps and short links over real sockets: a text that asks for a map, answered by a process with its
//! vendors all at a peer that refuses what they do not take.

use serde_json::{Map, Value, json};
use turnout_core::{
    conformance::http::{Behavior, Heard, HttpPeer as _},
    jobs::step,
    official::Location,
    ports::{
        http::{HttpResponse, StatusCode, header},
        maps::Voting,
    },
    sms::{self, Incoming},
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    providers::outbox::{KeptMail, Outbox},
    wiring::{self, Wired},
};

use crate::support::{TcpPeer, schema};

const PHONE: &str = "+16175557890";

/// A process with these settings, its vendors all at the peer, and texts in its outbox.
async fn wired(folder: &tempfile::TempDir, peer: &TcpPeer, settings: &str) -> Wired {
    let (data, origin) = (folder.path().display(), peer.origin());
    let bases = ["GEOCODIO_BASE_URL", "CIVIC_BASE_URL", "LOCATOR_BASE_URL", "MAPBOX_BASE_URL", "I90_URL"];
    let bases = bases.map(|name| format!("{name}={origin}")).join("\n");
    let settings =
        format!("TURNOUT_DATA_DIR={data}\nWWW_ORIGIN=https://www.example.org\n{bases}\n{settings}");
    let mut complaints = Complaints::default();
    let env = Env::parse(&settings, &mut complaints);
    let config = Config::read(&env, Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    wired.rows.migrate(|_| {}).await.unwrap();
    wired
}

fn answers(peer: &TcpPeer, body: &Value) {
    peer.will(Behavior::Answers(HttpResponse::json(StatusCode::OK, body)));
}

fn geocodio() -> Value {
    json!({ "results": [{
        "address_components": { "city": "Springfield", "state": "IL", "zip": "62704" },
        "location": { "lat": 39.80, "lng": -89.65 },
        "accuracy": 1,
        "accuracy_type": "rooftop",
    }] })
}

fn civic() -> Value {
    json!({ "pollingLocations": [{
        "address": { "locationName": "Public Library", "line1": "326 S 7th St", "city": "Springfield",
            "state": "IL", "zip": "62701" },
        "pollingHours": "6am - 7pm", "latitude": 39.79, "longitude": -89.64,
    }] })
}

/// The query of a request, with its path, as a schema reads it.
fn query(heard: &Heard) -> Value {
    let url = format!("http://peer{}", heard.path).parse::<url::Url>().unwrap();
    let mut all: Map<String, Value> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect();
    all.insert("path".to_owned(), json!(url.path()));
    Value::Object(all)
}

/// What was texted, after everything ran that is due.
async fn texted(wired: &Wired, folder: &tempfile::TempDir, text: &str) -> KeptMail {
    let incoming = Incoming { from: PHONE.into(), text: Some(text.into()), carrier_id: None, at: None };
    assert!(sms::receive(&wired.app, incoming).await.unwrap().is_none());
    step::run_all_due(&wired.app).await.unwrap();
    let mut kept = Outbox::new(folder.path().join("outbox")).list().unwrap();
    assert_eq!(kept.len(), 1);
    kept.remove(0)
}

#[tokio::test]
async fn a_text_that_asks_for_a_map_is_answered_by_every_vendor_in_its_turn() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let keys = "GEOCODIO_KEY=hush\nCIVIC_KEY=civic-key\nMAPBOX_KEY=map-key\nI90_KEY=link-key";
    let wired = wired(&folder, &peer, keys).await;
    answers(&peer, &geocodio());
    answers(&peer, &civic());
    let mut picture = HttpResponse::new(StatusCode::OK).with_body("a picture");
    picture.headers.insert(header::CONTENT_TYPE, "image/png".parse().unwrap());
    peer.will(Behavior::Answers(picture));
    answers(&peer, &json!({"short_url": "https://go.example.org/x1"}));
    let text = texted(&wired, &folder, "PPMAP 1 Main St, Springfield, IL 62704").await.text;
    assert!(text.starts_with("Your polling place on Election Day: PUBLIC LIBRARY, 326 S 7TH ST"), "{text}");
    assert!(text.contains("More: https://go.example.org/x1") && text.contains("/maps/"), "{text}");

    let heard = peer.heard();
    assert_eq!(heard.len(), 4);
    assert_eq!(schema::misfits("geocodio-geocode", &query(&heard[0])), [""; 0]);
    assert_eq!(query(&heard[0])["street"], "1 Main St");
    assert_eq!(schema::misfits("civic-voter-info", &query(&heard[1])), [""; 0]);
    assert_eq!(query(&heard[1])["address"], "1 Main St, Springfield, IL 62704");
    assert_eq!(schema::misfits("mapbox-static-image", &query(&heard[2])), [""; 0]);
    let body: Value = serde_json::from_slice(&heard[3].body).unwrap();
    assert_eq!(schema::misfits("i90-conceive", &body), [""; 0]);
    assert_eq!(heard[3].headers["x-api-key"], "link-key");
}

#[tokio::test]
async fn a_vendor_that_fails_has_its_own_short_answer() {
    for (behaviors, part) in [
        (
            vec![Behavior::Answers(HttpResponse::json(StatusCode::OK, &json!({"results": []})))],
            "We could not find that address.",
        ),
        (
            vec![
                Behavior::Answers(HttpResponse::json(StatusCode::OK, &geocodio())),
                Behavior::Answers(HttpResponse::new(StatusCode::NOT_FOUND)),
            ],
            "We do not know where you vote on Election Day.",
        ),
        (
            vec![Behavior::Answers(HttpResponse::json(StatusCode::OK, &geocodio())), Behavior::HangsUp],
            "We cannot look up polling places right now.",
        ),
        (
            vec![
                Behavior::Answers(HttpResponse::json(StatusCode::OK, &geocodio())),
                Behavior::Answers(HttpResponse::json(StatusCode::OK, &civic())),
                Behavior::Answers(HttpResponse::new(StatusCode::UNAUTHORIZED)),
            ],
            "We could not draw a map.",
        ),
    ] {
        let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
        let keys = "GEOCODIO_KEY=hush\nCIVIC_KEY=civic-key\nMAPBOX_KEY=map-key";
        let wired = wired(&folder, &peer, keys).await;
        behaviors.into_iter().for_each(|behavior| peer.will(behavior));
        let text = texted(&wired, &folder, "PPMAP 1 Main St, Springfield, IL 62704").await.text;
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn our_own_locator_is_asked_without_a_key() {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let wired = wired(&folder, &peer, "").await;
    answers(
        &peer,
        &json!({ "data": { "early_vote_locations": [
            { "location_name": "Clerk", "address_line_1": "200 S 9th St", "lat": 39.8, "lon": -89.6 },
        ] } }),
    );
    let place =
        wired.app.own_locator.locate("1 Main St, Springfield, IL", Voting::Early).await.unwrap().unwrap();
    assert_eq!(place.name, "Clerk");
    assert!(place.location == Some(Location { lat: 39.8, lng: -89.6 }));
    assert_eq!(schema::misfits("locator-lookup", &query(&peer.heard()[0])), [""; 0]);
    assert!(wired.app.locator.locate("1 Main St", Voting::Early).await.is_err(), "Google has no key");
}
