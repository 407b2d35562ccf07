//! From settings to Lob, over real sockets: whether mail arrives, and letters.

use std::sync::Arc;

use turnout_core::{
    address::{Address, State},
    conformance::{
        Guarded,
        addresses::Verifiable,
        http::{Behavior, HttpPeer as _},
        letters::letter,
    },
    error::{ProviderError, ProviderErrorKind},
    ports::{
        addresses::{AddressVerifier as _, Deliverability},
        http::{HttpResponse, StatusCode},
        letters::LetterSender as _,
    },
};
use turnout_server::{
    config::{Complaints, Config, Env, MailHouse, Role, Secret},
    providers::{http_client::Reqwest, lob::Lob},
    wiring::{self, Wired},
};
use url::Url;

use crate::support::{LOB_KEY, LobPeer, TcpPeer};

fn config(role: Role, settings: &str) -> (Config, Complaints) {
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(settings, &mut complaints), role, &mut complaints);
    (config, complaints)
}

fn lob(origin: Url) -> Lob {
    Lob::new(Arc::new(Reqwest::new().unwrap()), origin, Secret::new(LOB_KEY.into()))
}

fn address(street: &str) -> Address {
    Address {
        address1: Some(street.into()),
        address2: None,
        city: Some("San Francisco".into()),
        state: Some(State::Ca),
        zipcode: Some("94107-1741".into()),
    }
}

async fn verifiable() -> Verifiable<Guarded<Lob, LobPeer>> {
    let peer = LobPeer::start().await;
    Verifiable {
        verifier: Guarded::new(lob(peer.origin()), peer),
        good: address("210 King St"),
        nearly: address("210 Kings Street"),
        bad: address("0 King St"),
    }
}
turnout_core::address_verifier_conformance!(addresses, verifiable);

async fn mail_house() -> Guarded<Lob, LobPeer> {
    let peer = LobPeer::start().await;
    Guarded::new(lob(peer.origin()), peer)
}
turnout_core::letter_sender_conformance!(letters, mail_house);

#[tokio::test]
async fn a_letter_arrives_as_it_was_handed_over() {
    let peer = LobPeer::start().await;
    lob(peer.origin()).send(&letter(1, 10)).await.unwrap();
    let [sent] = peer.letters().try_into().unwrap();
    assert_eq!(sent.pdf, letter(1, 10).pdf);
    assert_eq!(sent.fields["to[name]"], "José Q. Núñez");
    assert_eq!((sent.fields["color"].as_str(), sent.fields["double_sided"].as_str()), ("false", "false"));
    assert_eq!(sent.fields["metadata[action_uuid]"], letter(1, 10).action.to_string());
}

#[tokio::test]
async fn a_unit_that_is_not_needed_is_no_good_address() {
    let peer = LobPeer::start().await;
    let unit = Address { address2: Some("Apt 3".into()), ..address("210 King St") };
    assert_eq!(lob(peer.origin()).verify(&unit).await.unwrap(), Deliverability::Undeliverable);
}

#[tokio::test]
async fn what_lob_does_not_take_is_refused_and_nothing_of_it_is_said() {
    let peer = LobPeer::start().await;
    let mut long = letter(1, 10);
    long.to.address.address1 = Some("x".repeat(65));
    let error = lob(peer.origin()).send(&long).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert_eq!(error.kind, ProviderErrorKind::Rejected);
    assert!(shown.contains("invalid") && !shown.contains("xxx") && !shown.contains("Jose"), "{shown}");
    let stranger = Lob::new(Arc::new(Reqwest::new().unwrap()), peer.origin(), Secret::new("live_no".into()));
    let error = stranger.verify(&address("210 King St")).await.unwrap_err();
    assert_eq!(error.kind, ProviderErrorKind::Rejected);
}

/// What a process with a key makes of a vendor that behaves like this.
async fn told<T>(
    behavior: Behavior,
    ask: impl AsyncFn(&Wired) -> Result<T, ProviderError>,
) -> Option<ProviderErrorKind> {
    let (folder, peer) = (tempfile::tempdir().unwrap(), TcpPeer::start().await);
    let data = folder.path().display();
    let settings = format!("TURNOUT_DATA_DIR={data}\nLOB_KEY={LOB_KEY}\nLOB_BASE_URL={}", peer.origin());
    let (config, complaints) = config(Role::AllInOne, &settings);
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    peer.will(behavior);
    let error = ask(&wired).await.err();
    assert_eq!(peer.heard().len(), 1, "it is asked once");
    wired.rows.close().await;
    error.map(|error| {
        let said = format!("{error} {error:?}");
        assert!(!said.contains("Elm") && !said.contains("King") && !said.contains("hush"), "{said}");
        error.kind
    })
}

#[tokio::test]
async fn a_vendor_that_fails_is_no_answer_whatever_it_does() {
    use Behavior::{Answers, HangsUp, SaysNothing, SpeaksNoHttp, StopsHalfway};
    let status = |code: u16| Answers(HttpResponse::new(StatusCode::from_u16(code).unwrap()));
    let garbage = Answers(HttpResponse::new(StatusCode::OK).with_body("<html>210 King St</html>"));
    for (behavior, kind) in [
        (HangsUp, ProviderErrorKind::Unreachable),
        (StopsHalfway, ProviderErrorKind::Unreachable),
        (SpeaksNoHttp, ProviderErrorKind::Unreachable),
        (status(429), ProviderErrorKind::Throttled),
        (status(401), ProviderErrorKind::Rejected),
        (status(409), ProviderErrorKind::Unreachable),
        (status(422), ProviderErrorKind::Rejected),
        (status(500), ProviderErrorKind::Unreachable),
        (status(503), ProviderErrorKind::Unreachable),
        (garbage, ProviderErrorKind::Unintelligible),
    ] {
        let shown = format!("{behavior:?}");
        let verified = told(behavior.clone(), async |wired: &Wired| {
            wired.app.addresses.verify(&address("210 King St")).await
        });
        assert_eq!(verified.await, Some(kind), "{shown}");
        let sent = told(behavior.clone(), async |wired: &Wired| wired.app.letters.send(&letter(1, 10)).await);
        assert_eq!(sent.await, Some(kind), "{shown}");
        let listed =
            told(behavior, async |wired: &Wired| wired.app.letters.of_action(letter(1, 10).action).await);
        assert_eq!(listed.await, Some(kind), "{shown}");
    }
    // a voter does not wait for long
    let silent =
        told(SaysNothing, async |wired: &Wired| wired.app.addresses.verify(&address("210 King St")).await);
    assert_eq!(silent.await, Some(ProviderErrorKind::Unreachable));
}

#[tokio::test]
async fn without_a_key_the_embedded_run_keeps_letters_and_believes_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let (config, complaints) =
        config(Role::AllInOne, &format!("TURNOUT_DATA_DIR={}", folder.path().display()));
    assert!(complaints.is_empty(), "{complaints}");
    assert!(matches!(config.letters.house, MailHouse::Outbox(_)));
    let wired = wiring::wire(&config).await.unwrap();
    let found = wired.app.addresses.verify(&address("1 Main St")).await.unwrap();
    assert_eq!(found, Deliverability::Deliverable);
    let taken = wired.app.letters.send(&letter(1, 10)).await.unwrap();
    assert_eq!(wired.app.letters.of_action(letter(1, 10).action).await.unwrap(), [taken]);
    assert_eq!(std::fs::read_dir(folder.path().join("letters")).unwrap().count(), 1);
    wired.rows.close().await;
}

#[test]
fn who_mails_forms_needs_a_vendor_and_an_address_to_which_they_come_back() {
    let refused = |role, text: &str| {
        let (_, complaints) = config(role, text);
        let names = complaints.to_string();
        names.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let serving = "SECRET_KEY=0123456789abcdef0123456789abcdef\nSENDGRID_API_KEY=x\n";
    let on = format!("{serving}PRINT_AND_FORWARD_CONFIRM=true\n");
    assert!(refused(Role::Serve, serving).is_empty());
    assert_eq!(refused(Role::Serve, &on), ["LOB_KEY", "RETURN_ADDRESS"]);
    assert_eq!(refused(Role::Serve, &format!("DEBUG=true\n{on}")), ["LOB_KEY"]);
    assert!(refused(Role::AllInOne, "PRINT_AND_FORWARD_CONFIRM=true").is_empty());
    assert!(refused(Role::Migrate, "PRINT_AND_FORWARD_CONFIRM=true").is_empty());
    let address = r#"{"name":"R","address1":"PO Box 1","city":"Lima","state":"OH","zipcode":"45801"}"#;
    let key = |key: &str| format!("{on}LOB_KEY={key}\nRETURN_ADDRESS='{address}'\n");
    let whole = key("live_1") + "ENV=prod\n";
    assert!(refused(Role::Serve, &whole).is_empty());
    // only the real service has paper mailed to people
    for environment in ["", "ENV=staging\n", "CLOUD_STACK=dev\n"] {
        for role in [Role::Serve, Role::Worker, Role::Scheduler, Role::AllInOne] {
            assert_eq!(refused(role, &(key("live_1") + environment)), ["LOB_KEY"], "{environment}");
            assert!(refused(role, &(key("test_1") + environment)).is_empty(), "{environment}");
        }
        assert!(refused(Role::Migrate, &(key("live_1") + environment)).is_empty(), "{environment}");
    }
    let (config, _) = config(Role::Serve, &whole);
    assert!(config.settings.letter.enabled);
    assert_eq!(config.settings.letter.return_address.lines(), ["PO Box 1", "Lima, OH 45801"]);
    assert_eq!(refused(Role::AllInOne, "RETURN_ADDRESS={}"), ["RETURN_ADDRESS"]);
    assert_eq!(refused(Role::AllInOne, "LOB_KEY=a b"), ["LOB_KEY"]);
}
