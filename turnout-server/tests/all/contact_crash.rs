//! A process that dies at any moment between a voter's last page and the note that a contact list has the voter: once on it.

use std::{os::unix::process::ExitStatusExt as _, time::Duration};

use serde_json::json;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::{Instant, sleep};
use turnout_core::crash::LIST_POINTS;

use crate::support::{ActionNetworkPeer, Running};

/// What a shell calls the signal of `abort`.
const SIGABRT: i32 = 6;
/// How long anything here may take that is not meant to take long, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);
const KEY: &str = "service-key";

async fn database(folder: &std::path::Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("var/turnout.db"));
    SqliteConnection::connect_with(&options.busy_timeout(PATIENCE)).await.unwrap()
}

async fn start(folder: &std::path::Path, peer: &ActionNetworkPeer, crash_at: Option<&str>) -> Running {
    let origin = peer.origin().to_string();
    let mut settings = vec![
        ("ACTIONNETWORK_KEY", KEY),
        ("ACTIONNETWORK_BASE_URL", origin.as_str()),
        ("ACTIONNETWORK_SYNC", "true"),
    ];
    settings.extend(crash_at.map(|at| ("TURNOUT_CRASH_AT", at)));
    Running::start("all-in-one", folder, &settings).await
}

#[tokio::test]
async fn a_process_that_dies_around_a_contact_list_enters_the_voter_once() {
    for point in LIST_POINTS {
        println!("{point}");
        let (folder, peer) = (tempfile::tempdir().unwrap(), ActionNetworkPeer::start(&[KEY]).await);
        let mut server = start(folder.path(), &peer, Some(*point)).await;
        let voter = json!({
            "first_name": "José", "last_name": "Núñez", "email": "voter@example.org", "state": "CO",
            "date_of_birth": "1990-02-03", "address1": "1 Main St", "city": "Denver", "zipcode": "80202",
        });
        // the line may break before the voter is told
        let _ = server.client().post(server.url("/v1/reminder/signup/")).json(&voter).send().await;
        let died = server.ended(PATIENCE).await.expect("it was never there");
        assert_eq!(died.signal(), Some(SIGABRT), "{point}: {died}");

        // nobody else takes what the dead process had for as long as its lease
        let mut rows = database(folder.path()).await;
        let ended = "UPDATE job SET lease_until = '2020-01-01T00:00:00.000000Z' WHERE state = 'running'";
        sqlx::query(ended).execute(&mut rows).await.unwrap();
        let server = start(folder.path(), &peer, None).await;
        let done = "SELECT count(*) FROM job WHERE kind = 'crm.sync_action' AND state = 'done'";
        let patience = Instant::now() + PATIENCE;
        while sqlx::query_scalar::<_, i64>(done).fetch_one(&mut rows).await.unwrap() != 1 {
            assert!(Instant::now() < patience, "{point}: not within {PATIENCE:?}");
            sleep(Duration::from_millis(20)).await;
        }
        assert_eq!((peer.posted(), peer.submitted(KEY), peer.people(KEY).len()), (1, 1, 1), "{point}");
        let linked =
            "SELECT count(*) FROM integration_link WHERE external_id <> '' AND subscriber_id IS NULL";
        assert_eq!(sqlx::query_scalar::<_, i64>(linked).fetch_one(&mut rows).await.unwrap(), 1, "{point}");
        rows.close().await.unwrap();
        server.kill();
    }
}
