//! A process that dies at any moment around the hand-over of a fax: the gateway gets one, and the voter one mail.

use std::{os::unix::process::ExitStatusExt as _, path::Path, time::Duration};

use serde_json::json;
use tokio::time::{Instant, sleep};
use turnout_core::{
    absentee::{BallotRequest, SubmissionType},
    address::State,
    conformance::rows,
    crash::FAX_POINTS,
    file::FileType,
    ids::{BallotRequestId, JobId, RegionId},
    jobs::{DEFAULT_LANE, NewJob, Priority},
    official::{Office, OfficeAddress, Region},
    ports::{clock::Clock as _, store::Store as _},
    register::Status,
};
use turnout_server::{providers::outbox::KeptMail, system::SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

use crate::support::{Running, SqsPeer, counted};

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nobody else's number.
const REGION: RegionId = RegionId(77);

async fn start(folder: &Path, gateway: &SqsPeer, crash_at: Option<&str>) -> Running {
    let settings = gateway.settings();
    let mut settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    settings.extend([("FAX_DISABLE", "false"), ("ENV", "prod")]);
    settings.extend(crash_at.map(|at| ("TURNOUT_CRASH_AT", at)));
    Running::spawn("all-in-one", folder, &settings)
}

/// A form that waits to be faxed, and the job that does it.
async fn waiting_fax(folder: &Path) {
    let path = folder.join("var/turnout.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let now = SystemClock.now();
    let (id, action) = (BallotRequestId(Uuid::from_u128(78)), rows::action(79));
    let file = rows::file(80, FileType::AbsForm, 0);
    let mut request = BallotRequest::new(id, action.id, None, now);
    request.email = Some("voter@example.org".into());
    request.name.first = Some("José".into());
    request.address.state = Some(State::Oh);
    (request.status, request.way) = (Status::Pending, Some(SubmissionType::LeoFax));
    (request.region, request.result_item) = (Some(REGION), Some(file.id));
    let region = Region { state: Some(State::Oh), ..rows::region(REGION.0, Some("Allen County")) };
    let job = NewJob {
        id: JobId(Uuid::from_u128(81)),
        kind: "absentee.fax_office",
        payload: json!({"ballot_request": id}),
        due_at: now,
        priority: Priority::High,
        lane: DEFAULT_LANE,
        unique_key: None,
        subscriber: None,
        created_at: now,
    };
    let mut unit = store.begin().await.unwrap();
    unit.officials_mut().put_region(&region).await.unwrap();
    unit.officials_mut().put_office(&Office { region: Some(REGION), ..rows::office(7) }).await.unwrap();
    let address = OfficeAddress { process_absentee_requests: true, ..rows::address(70, 7, true) };
    unit.officials_mut().put_address(&address).await.unwrap();
    unit.actions_mut().insert(&action).await.unwrap();
    unit.files_mut().insert(&file).await.unwrap();
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    unit.jobs_mut().enqueue(&job).await.unwrap();
    unit.commit().await.unwrap();
    store.close().await;
}

fn mails(folder: &Path) -> Vec<KeptMail> {
    let entries = std::fs::read_dir(folder.join("var/outbox")).into_iter().flatten();
    let whole = entries.map(|entry| entry.unwrap().path());
    let whole = whole.filter(|path| path.extension().is_some_and(|end| end == "json"));
    whole.map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn a_process_that_dies_around_a_fax_hands_it_over_once() {
    for point in FAX_POINTS {
        println!("{point}");
        let (folder, gateway) = (tempfile::tempdir().unwrap(), SqsPeer::start().await);
        let folder = folder.path();
        Running::start("all-in-one", folder, &[]).await.kill();
        waiting_fax(folder).await;

        let mut server = start(folder, &gateway, Some(*point)).await;
        let died = server.ended(PATIENCE).await.expect("it was never there");
        assert_eq!(died.signal(), Some(SIGABRT), "{point}: {died}");
        // once it is noted that the gateway has it, nobody asks the gateway to know it again
        if !matches!(*point, "fax.before_send" | "fax.after_send") {
            gateway.forgets();
        }

        // nobody else takes what the dead process had for as long as its lease
        let free =
            "UPDATE job SET lease_until = '2020-01-01T00:00:00.000000Z' WHERE state = 'running' RETURNING 1";
        if *point != "fax.after_unit" {
            assert_eq!(counted(folder, free).await, 1, "{point}");
        }
        let server = start(folder, &gateway, None).await;
        let done = "SELECT count(*) FROM job WHERE kind = 'absentee.fax_office' AND state = 'done'";
        let patience = Instant::now() + PATIENCE;
        while counted(folder, done).await != 1 {
            assert!(Instant::now() < patience, "{point}: it is not done within {PATIENCE:?}");
            sleep(Duration::from_millis(50)).await;
        }
        server.kill();
        let (messages, _) = gateway.messages();
        assert_eq!(messages.len(), 1, "{point}: {messages:?}");
        assert_eq!(messages[0]["to"], "+16175557891");
        let tags: Vec<String> = mails(folder).into_iter().map(|mail| mail.tag).collect();
        assert_eq!(tags, ["absentee.faxing"], "{point}");
        for one in [
            "SELECT count(*) FROM event_tracking_event WHERE event_type = 'FinishLEOFaxPending'",
            "SELECT count(*) FROM absentee_ballotrequest WHERE status = 'SentPDF'",
        ] {
            assert_eq!(counted(folder, one).await, 1, "{point}: {one}");
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap();
        for secret in ["voter@example.org", "617555", "token=", "hush"] {
            assert!(!log.contains(secret), "{point}: {secret}");
        }
    }
}
