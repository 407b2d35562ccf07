//! A process that dies at any moment around the hand-over of a text: the carrier, which knows no text again, gets one.

use std::{os::unix::process::ExitStatusExt as _, path::Path, time::Duration};

use serde_json::json;
use tokio::time::{Instant, sleep};
use turnout_core::{
    conformance::rows,
    crash::TEXT_POINTS,
    decision::Purpose,
    ids::{JobId, MessageId},
    jobs::{DEFAULT_LANE, NewJob, Priority},
    person::Phone,
    ports::{clock::Clock as _, store::Store as _},
    sms::{Message, Number},
};
use turnout_server::system::SystemClock;
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

use crate::support::{Running, TwilioPeer, counted};

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

fn start(folder: &Path, carrier: &TwilioPeer, crash_at: Option<&str>) -> Running {
    let settings = carrier.settings();
    let mut settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    settings.extend(crash_at.map(|at| ("TURNOUT_CRASH_AT", at)));
    Running::spawn("all-in-one", folder, &settings)
}

/// A text on its way, and the job that hands it over.
async fn waiting_text(folder: &Path) {
    let path = folder.join("var/turnout.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let now = SystemClock.now();
    let phone = Phone::from_stored("+16175557890".into());
    let number = Number { phone: phone.clone(), opted_out_at: None, opted_in_at: None, ..rows::number() };
    let message = Message {
        id: MessageId(Uuid::from_u128(90)),
        phone: Some(phone),
        text: Some("Vote.".into()),
        status: None,
        status_at: None,
        failure: None,
        carrier_id: None,
        more: None,
        // one that goes at any hour
        purpose: Some(Purpose::Reply),
        sender: None,
        whereabouts: None,
        rule: None,
        held_until: None,
        decided_at: None,
        created_at: now,
        modified_at: now,
        ..rows::message(90)
    };
    let job = NewJob {
        id: JobId(Uuid::from_u128(91)),
        kind: "sms.send",
        payload: json!({"message": message.id}),
        due_at: now,
        priority: Priority::High,
        lane: DEFAULT_LANE,
        unique_key: None,
        subscriber: None,
        created_at: now,
    };
    let mut unit = store.begin().await.unwrap();
    unit.messages_mut().lock_or_insert(&number).await.unwrap();
    unit.messages_mut().insert(&message).await.unwrap();
    unit.jobs_mut().enqueue(&job).await.unwrap();
    unit.commit().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_process_that_dies_around_a_text_sends_it_once() {
    for point in TEXT_POINTS {
        println!("{point}");
        let (folder, carrier) = (tempfile::tempdir().unwrap(), TwilioPeer::start().await);
        let folder = folder.path();
        Running::start("all-in-one", folder, &[]).await.kill();
        waiting_text(folder).await;

        let mut server = start(folder, &carrier, Some(*point));
        let died = server.ended(PATIENCE).await.expect("it was never there");
        assert_eq!(died.signal(), Some(SIGABRT), "{point}: {died}");
        assert_eq!(carrier.sent().len(), usize::from(matches!(*point, "sms.after_send" | "sms.after_unit")));

        // a lease ends after five minutes, and the list is asked after one: as if both had passed
        let free =
            "UPDATE job SET lease_until = '2020-01-01T00:00:00.000000Z' WHERE state = 'running' RETURNING 1";
        counted(folder, free).await;
        let aged = "UPDATE smsbot_smsmessage SET status_time = '2026-01-01T00:00:00.000000Z' \
                    WHERE status = 'accepted' AND twilio_sid IS NULL RETURNING 1";
        assert_eq!(counted(folder, aged).await, i64::from(*point != "sms.after_unit"), "{point}");
        let server = start(folder, &carrier, None);
        let done = "SELECT count(*) FROM job WHERE kind = 'sms.send' AND state = 'done'";
        let patience = Instant::now() + PATIENCE;
        while counted(folder, done).await != 1 {
            assert!(Instant::now() < patience, "{point}: it is not done within {PATIENCE:?}");
            sleep(Duration::from_millis(50)).await;
        }
        server.kill();
        let sent = carrier.sent();
        assert_eq!(sent.len(), 1, "{point}: {sent:?}");
        assert_eq!((sent[0].to.as_str(), sent[0].body.as_str()), ("+16175557890", "Vote."));
        let known =
            "SELECT count(*) FROM smsbot_smsmessage WHERE status = 'accepted' AND twilio_sid LIKE 'SM%'";
        assert_eq!(counted(folder, known).await, 1, "{point}");
        let log = std::fs::read_to_string(folder.join("log")).unwrap();
        for secret in ["617555", "Vote.", "hush"] {
            assert!(!log.contains(secret), "{point}: {secret}");
        }
    }
}
