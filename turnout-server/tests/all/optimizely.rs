//! From settings to the switches in force: Optimizely's data file over real sockets.

use std::{path::Path, sync::Arc};

use serde_json::{Value, json};
use turnout_core::{
    conformance::http::{Behavior, HttpPeer as _},
    ports::http::{HttpResponse, StatusCode},
    switch::{drip, movote},
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    providers::optimizely::{Optimizely, Refreshed},
    wiring::{self, Wired},
};

use crate::support::TcpPeer;

/// A process that asks this peer, and keeps its data there.
async fn process(folder: &Path, peer: &TcpPeer) -> (Wired, Arc<Optimizely>) {
    let (data, base) = (folder.display(), peer.origin());
    let settings = format!("TURNOUT_DATA_DIR={data}\nOPTIMIZELY_SDK_KEY=SDK7\nOPTIMIZELY_BASE_URL={base}");
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    wired.rows.migrate(|_| {}).await.unwrap();
    let polled = wired.polled.clone().unwrap();
    assert_eq!(polled.every.as_secs(), 30);
    (wired, polled.optimizely)
}

/// A data file in which one feature is on or off.
fn file(on: bool) -> Value {
    json!({
        "version": "4", "revision": "1", "accountId": "1", "projectId": "1", "experiments": [], "groups": [],
        "audiences": [], "typedAudiences": [], "attributes": [], "events": [], "variables": [],
        "featureFlags": [
            { "id": "f", "key": "movote", "rolloutId": "r", "experimentIds": [], "variables": [] },
        ],
        "rollouts": [{ "id": "r", "experiments": [{
            "id": "e", "key": "e", "status": "Running", "layerId": "r", "audienceIds": [], "forcedVariations": {},
            "trafficAllocation": [{ "entityId": "v", "endOfRange": 10_000 }],
            "variations": [{ "id": "v", "key": "v", "featureEnabled": on, "variables": [] }],
        }] }],
    })
}

fn answers(body: &Value) -> Behavior {
    Behavior::Answers(HttpResponse::json(StatusCode::OK, body))
}

#[tokio::test]
async fn a_good_file_is_in_force_whatever_comes_after_it_and_at_the_next_start() {
    use Behavior::{Answers, HangsUp, SaysNothing, SpeaksNoHttp, StopsHalfway};
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let (wired, optimizely) = process(folder.path(), &peer).await;
    let is_on = async || wired.app.switches().await.is_on(&movote::FEATURE);
    assert!(!is_on().await && wired.app.switches().await.flag(&drip::REGISTER_EXTERNAL), "as preset");
    peer.will(answers(&file(true)));
    assert_eq!(optimizely.refresh().await.unwrap(), Refreshed::Changed);
    assert!(
        is_on().await && !wired.app.switches().await.flag(&drip::REGISTER_EXTERNAL),
        "as the file has it"
    );
    let status = |code: u16| Answers(HttpResponse::new(StatusCode::from_u16(code).unwrap()));
    for broken in [
        SaysNothing,
        HangsUp,
        StopsHalfway,
        SpeaksNoHttp,
        status(500),
        status(503),
        status(429),
        status(404),
        Answers(HttpResponse::new(StatusCode::OK).with_body("<html>")),
        answers(&json!({ "version": "4" })),
        answers(&json!([])),
    ] {
        let shown = format!("{broken:?}");
        peer.will(broken);
        let error = optimizely.refresh().await.expect_err(&shown);
        assert!(!format!("{error} {error:?}").contains("SDK7"), "{error:?}");
        assert!(is_on().await, "{shown}");
    }
    assert!(peer.heard().iter().all(|request| request.path == "/datafiles/SDK7.json"));
    wired.rows.close().await;

    let (wired, optimizely) = process(folder.path(), &peer).await;
    assert!(wired.app.switches().await.is_on(&movote::FEATURE), "nobody was asked yet");
    peer.will(answers(&file(false)));
    assert_eq!(optimizely.refresh().await.unwrap(), Refreshed::Changed);
    assert!(!wired.app.switches().await.is_on(&movote::FEATURE));
    wired.rows.close().await;
}
