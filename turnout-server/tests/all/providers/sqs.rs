//! From settings to the queue of a fax gateway, over real sockets.

use serde_json::json;
use turnout_core::{
    conformance::{Guarded, faxes::fax},
    error::ProviderErrorKind,
    ports::fax::FaxSender as _,
};
use turnout_server::{
    config::{Complaints, Config, Env, FaxPlace, Role},
    providers::{fax_outbox::FaxOutbox, sqs::SqsFaxes},
    wiring,
};

use crate::support::{SqsPeer, schema};

fn config(role: Role, text: &str) -> (Config, Complaints) {
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(text, &mut complaints), role, &mut complaints);
    (config, complaints)
}

async fn gateway() -> Guarded<SqsFaxes, SqsPeer> {
    let peer = SqsPeer::start().await;
    Guarded::new(SqsFaxes::open(&peer.place()).await, peer)
}
turnout_core::fax_sender_conformance!(faxes, gateway);

#[tokio::test]
async fn the_gateway_reads_what_it_is_to_fax_and_where_it_reports() {
    let folder = tempfile::tempdir().unwrap();
    let peer = SqsPeer::start().await;
    let mut text = format!("TURNOUT_DATA_DIR={}\nFAX_DISABLE=false\nENV=prod\n", folder.path().display());
    for (name, value) in peer.settings() {
        text += &format!("{name}={value}\n");
    }
    let (config, complaints) = config(Role::AllInOne, &text);
    assert!(complaints.is_empty(), "{complaints}");
    assert_eq!(config.fax.standing(), ("sqs", "real"));
    let wired = wiring::wire(&config).await.unwrap();
    wired.app.fax.send(&fax(1)).await.unwrap();
    let (messages, _) = peer.messages();
    let [message] = messages.try_into().unwrap();
    let mut expected = json!({
        "fax_id": fax(1).id, "to": "+16175557890", "pdf_url": fax(1).pdf_url,
        "callback_url": fax(1).callback_url,
    });
    assert_eq!(schema::misfits("fax-gateway-message", &expected), Vec::<String>::new());
    expected["group"] = json!("+16175557890");
    assert_eq!(message, expected);
    assert!(!folder.path().join("faxes").exists());
    wired.rows.close().await;
}

#[tokio::test]
async fn the_same_fax_is_one_message_within_five_minutes_whatever_its_link() {
    let peer = SqsPeer::start().await;
    let gateway = SqsFaxes::open(&peer.place()).await;
    gateway.send(&fax(1)).await.unwrap();
    let mut again = fax(1);
    again.pdf_url.push_str("&again=1");
    gateway.send(&again).await.unwrap();
    gateway.send(&fax(2)).await.unwrap();
    assert_eq!(peer.messages().0.len(), 2);
    peer.forgets();
    gateway.send(&again).await.unwrap();
    assert_eq!(peer.messages().0.len(), 3, "so who has its yes must not ask again");
}

#[tokio::test]
async fn what_passes_is_told_from_what_does_not_and_nothing_of_the_fax_is_said() {
    use ProviderErrorKind::{Rejected, Throttled, Unreachable};
    let peer = SqsPeer::start().await;
    let gateway = SqsFaxes::open(&peer.place()).await;
    for (answer, kind, times) in [
        ((400, "QueueDoesNotExist"), Rejected, 1),
        ((403, "AccessDenied"), Rejected, 1),
        ((400, "RequestThrottled"), Throttled, 3),
        ((500, "InternalFailure"), Unreachable, 3),
        ((503, "ServiceUnavailable"), Unreachable, 3),
    ] {
        let before = peer.messages().1;
        peer.fails(&[answer; 3]);
        let error = gateway.send(&fax(1)).await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("617555") && !said.contains("signature") && !said.contains("hush"), "{said}");
        assert_eq!((error.provider, error.kind), ("sqs", kind), "{answer:?}");
        assert!(peer.messages().1 - before <= times, "{answer:?}");
        peer.fails(&[]);
    }
    peer.fails(&[(500, "InternalFailure")]);
    gateway.send(&fax(1)).await.expect("the next try is taken");
    let mut nobody = peer.place();
    nobody.endpoint = Some("http://127.0.0.1:9".parse().unwrap());
    let error = SqsFaxes::open(&nobody).await.send(&fax(1)).await.unwrap_err();
    assert_eq!(error.kind, Unreachable);
}

#[tokio::test]
async fn without_a_queue_the_embedded_run_keeps_faxes() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("TURNOUT_DATA_DIR={}\nFAX_DISABLE=false", folder.path().display());
    let (config, complaints) = config(Role::AllInOne, &text);
    assert!(complaints.is_empty(), "{complaints}");
    assert!(matches!(config.fax.place, FaxPlace::Outbox(_)));
    let wired = wiring::wire(&config).await.unwrap();
    wired.app.fax.send(&fax(1)).await.unwrap();
    assert_eq!(FaxOutbox::open(folder.path().join("faxes")).unwrap().list().unwrap().len(), 1);
    wired.rows.close().await;
}

#[tokio::test]
async fn no_deployment_but_the_real_one_faxes_election_offices() {
    let folder = tempfile::tempdir().unwrap();
    let peer = SqsPeer::start().await;
    let mut text = format!("TURNOUT_DATA_DIR={}\nFAX_DISABLE=false\n", folder.path().display());
    for (name, value) in peer.settings() {
        text += &format!("{name}={value}\n");
    }
    for environment in ["", "ENV=staging\n", "ENV=dev\n", "ENV=Prod\n"] {
        let (_, complaints) = config(Role::AllInOne, &format!("{text}{environment}"));
        let complained = complaints.to_string();
        assert!(complained.contains("FAX_REDIRECT_TO must name a machine of yours"), "{complained}");
    }
    let (config, complaints) =
        config(Role::AllInOne, &format!("{text}ENV=staging\nFAX_REDIRECT_TO=617-555-0100\n"));
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    wired.app.fax.send(&fax(1)).await.unwrap();
    let (messages, _) = peer.messages();
    let [message] = messages.try_into().unwrap();
    assert_eq!((&message["to"], &message["fax_id"]), (&json!("+16175550100"), &json!(fax(1).id)));
    wired.rows.close().await;
}

#[test]
fn who_faxes_needs_a_queue_and_says_what_is_wrong_with_it() {
    let refused = |role, text: &str| {
        let (_, complaints) = config(role, text);
        let names = complaints.to_string();
        names.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let queue = "FAX_GATEWAY_SQS_QUEUE=https://sqs.eu-west-1.amazonaws.com/123456789012/faxes.fifo\n";
    let serving = "SECRET_KEY=0123456789abcdef0123456789abcdef\nSENDGRID_API_KEY=x\n";
    assert!(refused(Role::Worker, serving).is_empty());
    for on in ["FAX_DISABLE=false\n", "FAX_OVERRIDE_DEST=617-555-7890\n"] {
        assert_eq!(refused(Role::Worker, &format!("{serving}{on}")), ["FAX_GATEWAY_SQS_QUEUE"], "{on}");
        assert!(refused(Role::Worker, &format!("{serving}{on}{queue}ENV=prod")).is_empty(), "{on}");
        assert!(refused(Role::Migrate, on).is_empty(), "{on}");
        assert!(refused(Role::AllInOne, on).is_empty(), "{on}");
    }
    for (wrong, name) in [
        ("FAX_OVERRIDE_DEST=12", "FAX_OVERRIDE_DEST"),
        ("FAX_GATEWAY_SQS_QUEUE=https://sqs.us-west-2.amazonaws.com/1/faxes", "FAX_GATEWAY_SQS_QUEUE"),
        ("FAX_GATEWAY_SQS_QUEUE=faxes.fifo", "FAX_GATEWAY_SQS_QUEUE"),
        ("FAX_GATEWAY_CALLBACK_URL=https://example.org/?a=b", "FAX_GATEWAY_CALLBACK_URL"),
        ("AWS_ENDPOINT_URL_SQS=sqs", "AWS_ENDPOINT_URL_SQS"),
        (&format!("{queue}AWS_ACCESS_KEY_ID=AKIA1"), "AWS_SECRET_ACCESS_KEY"),
    ] {
        assert_eq!(refused(Role::AllInOne, wrong), [name], "{wrong}");
    }
    let (config, _) = config(Role::AllInOne, &format!("{queue}FAX_OVERRIDE_DEST=617-555-7890"));
    let FaxPlace::Queue(place) = &config.fax.place else { panic!("{:?}", config.fax) };
    assert_eq!(place.region, "eu-west-1");
    assert_eq!(config.settings.fax.instead_to.as_ref().map(|it| it.e164()), Some("+16175557890"));
    assert_eq!(config.settings.fax.callback_url, "http://localhost:8000/v1/fax/gateway_callback/");
}
