//! From settings to a voter roll: TargetSmart over real sockets.

use serde_json::{Value, json};
use turnout_core::{
    address::{Address, State},
    conformance::http::{Behavior, HttpPeer as _},
    error::ProviderErrorKind,
    person::PersonName,
    ports::{
        http::{HttpResponse, StatusCode},
        voter_roll::{RollAnswer, RollQuestion},
    },
    verifier::VoterStatus,
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring,
};

use crate::support::TcpPeer;

/// What a process with a key is told when the vendor behaves like this, and how often it asked.
async fn told(behaviors: Vec<Behavior>) -> (Result<RollAnswer, ProviderErrorKind>, usize) {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let data = folder.path().display();
    let settings =
        format!("TURNOUT_DATA_DIR={data}\nTARGETSMART_KEY=hush\nTARGETSMART_BASE_URL={}", peer.origin());
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    behaviors.into_iter().for_each(|behavior| peer.will(behavior));
    let question = RollQuestion {
        name: PersonName { first: Some("Jose".into()), last: Some("Rizal".into()), ..PersonName::default() },
        date_of_birth: chrono::NaiveDate::from_ymd_opt(1990, 6, 19),
        address: Address { state: Some(State::Oh), zipcode: Some("45801".into()), ..Address::default() },
    };
    let answer = wired.app.voter_roll.find(&question).await;
    let heard = peer.heard();
    for request in &heard {
        let begin = "/voter/voter-registration-check?first_name=Jose&last_name=Rizal&";
        assert!(request.path.starts_with(begin) && request.path.contains("dob=1990*"), "{}", request.path);
        assert_eq!(request.headers["x-api-key"], "hush");
    }
    wired.rows.close().await;
    let answer = answer.map_err(|error| {
        let said = format!("{error} {error:?}");
        assert!(!said.contains("Jose") && !said.contains("hush"), "{said}");
        error.kind
    });
    (answer, heard.len())
}

fn json_answer(body: &Value) -> Behavior {
    Behavior::Answers(HttpResponse::json(StatusCode::OK, body))
}

#[tokio::test]
async fn a_voter_is_found_over_the_wire() {
    let record = json!({"vb.voterbase_id": "OH-1", "vb.vf_voter_status": "Active"});
    let (answer, asked) = told(vec![json_answer(&json!({"result": true, "result_set": [record]}))]).await;
    let voters = answer.unwrap_or_else(|kind| panic!("{kind}")).voters;
    assert_eq!((voters.len(), voters[0].status, asked), (1, VoterStatus::Active, 1));
}

#[tokio::test]
async fn a_vendor_that_fails_is_no_answer_whatever_it_does() {
    use Behavior::{Answers, HangsUp, SaysNothing, SpeaksNoHttp, StopsHalfway};
    let status = |code: u16| Answers(HttpResponse::new(StatusCode::from_u16(code).unwrap()));
    let garbage = Answers(HttpResponse::new(StatusCode::OK).with_body("<html>Jose</html>"));
    for (behaviors, kind, times) in [
        (vec![HangsUp], ProviderErrorKind::Unreachable, 1),
        (vec![StopsHalfway], ProviderErrorKind::Unreachable, 1),
        (vec![SpeaksNoHttp], ProviderErrorKind::Unreachable, 1),
        (vec![status(429)], ProviderErrorKind::Throttled, 1),
        (vec![status(401)], ProviderErrorKind::Rejected, 1),
        (vec![status(500), status(503)], ProviderErrorKind::Unreachable, 2),
        (vec![status(504), garbage.clone()], ProviderErrorKind::Unintelligible, 2),
        (vec![garbage], ProviderErrorKind::Unintelligible, 1),
        (vec![json_answer(&json!({"error": "Jose"}))], ProviderErrorKind::Rejected, 1),
        (vec![SaysNothing], ProviderErrorKind::Unreachable, 1),
    ] {
        let shown = format!("{behaviors:?}");
        let (answer, asked) = told(behaviors).await;
        assert_eq!((answer.err(), asked), (Some(kind), times), "{shown}");
    }
    let (answer, asked) = told(vec![status(502), json_answer(&json!({"result_set": []}))]).await;
    assert_eq!((answer.is_ok_and(|answer| answer.voters.is_empty()), asked), (true, 2));
}
