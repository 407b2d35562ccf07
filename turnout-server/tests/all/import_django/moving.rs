//! A database of the Django service comes over.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::{AssertSqlSafe, PgConnection};
use turnout_core::ids::{parse_uuid, small_uuid};

use super::{
    compared::{self, here},
    origin::Origin,
    place::{PEPPER, Place},
};
use crate::support::{Database, Running};

/// So many actions most tests have.
const FEW: u64 = 300;
/// And the one that counts and compares.
const MANY: u64 = 100_000;

/// A database of the Django service.
struct Theirs {
    database: Database,
    origin: Origin,
}

impl Theirs {
    async fn with(actions: u64) -> Self {
        let origin = Origin::of(actions);
        let database = Database::empty().await;
        let theirs = Self { database, origin };
        for statement in theirs.origin.statements() {
            theirs.execute(&statement).await;
        }
        theirs
    }

    async fn execute(&self, statement: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut self.database.connect().await)
            .await;
        done.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }

    fn url(&self) -> String {
        self.database.url().to_string()
    }

    fn import(&self, place: &Place, more: &[&str]) -> Result<String, String> {
        place.run(&[&["import", "django", "--from", &self.url()], more].concat())
    }
}

/// What is said of a model: there, read, new or changed, left out.
fn counts(said: &str, label: &str) -> [u64; 4] {
    let line = said.lines().find(|line| line.split_whitespace().next() == Some(label));
    let line = line.unwrap_or_else(|| panic!("{label} is not in {said}"));
    let counts: Vec<u64> = line.split_whitespace().skip(1).map(|count| count.parse().unwrap_or(0)).collect();
    counts.try_into().unwrap()
}

async fn count(connection: &mut PgConnection, table: &str) -> u64 {
    let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(format!("SELECT count(*) FROM {table}")));
    let count = count.fetch_one(connection).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    u64::try_from(count).unwrap()
}

/// Some rows of each table, by chance, field by field.
async fn compare(theirs: &Theirs, place: &Place) -> u64 {
    compared::compare(&mut theirs.database.connect().await, &theirs.origin, place).await
}

#[tokio::test]
async fn a_hundred_thousand_actions_come_over_and_nothing_is_lost() {
    let begun = std::time::Instant::now();
    let theirs = Theirs::with(MANY).await;
    let made = begun.elapsed();
    let place = Place::postgres().await;
    let seeded: BTreeMap<&str, u64> =
        BTreeMap::from([("multi_tenant_client", 2), ("multi_tenant_partnerslug", 2)]);
    let said = theirs.import(&place, &[]).unwrap_or_else(|error| panic!("{error}"));
    let took = begun.elapsed() - made;
    let (mut there, mut ours) = (theirs.database.connect().await, place.connect().await);
    for (model, rows) in theirs.origin.models() {
        let Some(table) = here(model) else { continue };
        assert_eq!(count(&mut there, &model.table).await, rows, "{}", model.table);
        let more = match table {
            "election_stateinformationfieldtype" | "election_stateinformation" | "official_region" => {
                continue;
            }
            _ => seeded.get(table).copied().unwrap_or_default(),
        };
        assert_eq!(count(&mut ours, table).await, rows + more, "{table}");
        assert_eq!(counts(&said, &model.label), [rows, rows, rows, 0], "{said}");
    }
    assert!(compare(&theirs, &place).await >= 500);
    println!("made in {made:?}, taken over in {took:?}, compared in {:?}", begun.elapsed() - made - took);

    // and what was handed out there opens here what it opened there
    let database = place.url().unwrap().to_string();
    let folder = place.folder.path();
    let settings = [
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("API_KEY_PEEPER", PEPPER),
        ("DATABASE_URL", database.as_str()),
        ("DEBUG", "true"),
    ];
    let running = Running::start("serve", folder, &settings).await;
    links_open_their_files(&theirs, &running, folder).await;
    keys_open_their_subscribers(&theirs, &running).await;
}

/// Of files that are not ended; of those that are, none.
async fn links_open_their_files(theirs: &Theirs, running: &Running, folder: &std::path::Path) {
    let items = "SELECT uuid::text, token::text, file, expires > now() FROM storage_storageitem \
                 WHERE purged IS NULL AND abs(extract(epoch FROM expires - now())) > 600 ORDER BY md5(uuid::text) LIMIT 20";
    let items: Vec<(String, String, String, bool)> =
        sqlx::query_as(items).fetch_all(&mut theirs.database.connect().await).await.unwrap();
    let mut opened = 0;
    for (id, token, file, is_valid) in items {
        let private = folder.join("var/files");
        std::fs::create_dir_all(&private).unwrap();
        std::fs::write(private.join(&file), format!("%PDF {id}")).unwrap();
        let token = small_uuid(parse_uuid(&token).unwrap());
        let url = running.url(&format!("/download/{id}/?token={token}"));
        let answer = running.client().get(url).send().await.unwrap();
        let location =
            answer.headers().get("location").and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
        let got = match location.split_once("/files/") {
            Some((_, link)) => {
                let url = running.url(&format!("/files/{link}"));
                running.client().get(url).send().await.unwrap().text().await.unwrap()
            }
            None => String::new(),
        };
        assert_eq!(got == format!("%PDF {id}"), is_valid, "{id} {} {location}", answer.status());
        opened += u32::from(is_valid);
    }
    assert!(opened > 5, "{opened}");
}

async fn keys_open_their_subscribers(theirs: &Theirs, running: &Running) {
    let keys = "SELECT k.uuid::text, k.secret, k.deactivated_by_id IS NULL FROM apikey_apikey k ORDER BY k.uuid LIMIT 30";
    let keys: Vec<(String, String, bool)> =
        sqlx::query_as(keys).fetch_all(&mut theirs.database.connect().await).await.unwrap();
    let (mut opened, mut closed) = (0, 0);
    for (id, secret, is_open) in keys {
        let mut mac = Hmac::<Sha256>::new_from_slice(PEPPER.as_bytes()).unwrap();
        mac.update(secret.as_bytes());
        let shown = hex::encode(mac.finalize().into_bytes());
        let ask = running.client().post(running.url("/v1/registration/external/request/"));
        let ask = ask.basic_auth(&id, Some(shown)).json(&json!({}));
        // whoever is let in hears that everything is missing
        let status = ask.send().await.unwrap().status().as_u16();
        assert!(matches!(status, 400 | 401 | 403), "{status}");
        let refused = status != 400;
        assert_eq!(refused, !is_open, "{id}");
        if is_open { opened += 1 } else { closed += 1 }
    }
    assert!(opened > 10 && closed > 0, "{opened} {closed}");
}

/// What is written of each table, to compare two places.
async fn everything(place: &Place, origin: &Origin) -> BTreeMap<String, Vec<Value>> {
    let mut tables = BTreeMap::new();
    for (model, _) in origin.models() {
        let Some(table) = here(model) else { continue };
        let mut rows: Vec<Value> = place.rows(table).await.into_iter().map(Value::from).collect();
        rows.sort_by_key(Value::to_string);
        tables.insert(table.to_owned(), rows);
    }
    tables
}

#[tokio::test]
async fn a_look_counts_and_writes_nothing_and_names_what_cannot_come() {
    let theirs = Theirs::with(FEW).await;
    theirs
        .execute(
            "ALTER TABLE action_action ADD COLUMN made_up text; CREATE TABLE leouptime_check (id integer)",
        )
        .await;
    theirs.execute("UPDATE register_registration SET status = 'Needle', email = 'needle@example.org' WHERE uuid IN (SELECT uuid FROM register_registration ORDER BY uuid LIMIT 2)").await;
    theirs.execute("UPDATE storage_storageitem SET app = 'Needle' WHERE uuid = (SELECT result_item_id FROM absentee_ballotrequest WHERE result_item_id IS NOT NULL LIMIT 1)").await;
    theirs.execute("ALTER TABLE event_tracking_event DROP CONSTRAINT event_tracking_event_action_id_fkey; UPDATE event_tracking_event SET action_id = md5('nobody')::uuid WHERE uuid = (SELECT min(uuid::text)::uuid FROM event_tracking_event)").await;
    let place = Place::postgres().await;
    let before = everything(&place, &theirs.origin).await;
    let said = place.command_output(&["import", "django", "--from", &theirs.url(), "--dry-run"]);
    assert!(!said.success, "what cannot come is a failure");
    let said = said.text;
    assert_eq!(counts(&said, "action.action"), [FEW, FEW, 0, 0], "{said}");
    assert!(counts(&said, "register.registration")[3] >= 2, "{said}");
    for line in [
        "register.registration: status is none of the values that it may have: 2",
        "storage.storageitem: app is none of the values that it may have: 1",
        "result_item points to a row of storage.storageitem that is not taken over",
        "event_tracking.event: action points to a row of action.action that is not taken over: 1",
        "  action_action.made_up",
        "  leouptime_check",
        "sessions.session 3: everybody signs in again",
        "Nothing was written.",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.to_lowercase().contains("needle"), "{said}");
    assert_eq!(everything(&place, &theirs.origin).await, before);
    assert!(place.rows("django_carried").await.is_empty() && place.rows("job").await.is_empty());
}

#[tokio::test]
async fn what_could_not_come_comes_when_it_was_mended() {
    let theirs = Theirs::with(FEW).await;
    let broken = "SELECT uuid FROM action_action ORDER BY uuid LIMIT 1";
    theirs.execute("UPDATE smsbot_smsmessage SET direction = 'sideways' WHERE uuid IN (SELECT uuid FROM smsbot_smsmessage ORDER BY uuid LIMIT 3)").await;
    theirs.execute("UPDATE storage_storageitem SET app = 'Odd' WHERE uuid = (SELECT result_item_id FROM register_registration WHERE result_item_id IS NOT NULL ORDER BY uuid LIMIT 1)").await;
    theirs.execute(&format!("ALTER TABLE event_tracking_event DROP CONSTRAINT event_tracking_event_action_id_fkey; CREATE TABLE kept AS SELECT * FROM event_tracking_event WHERE action_id = ({broken}); UPDATE event_tracking_event SET action_id = md5('nobody')::uuid WHERE action_id = ({broken})")).await;
    for place in [Place::postgres().await, Place::sqlite()] {
        let said = place.command_output(&["import", "django", "--from", &theirs.url()]);
        assert!(!said.success, "{}", said.text);
        assert_eq!(counts(&said.text, "smsbot.smsmessage")[3], 3, "{}", said.text);
        assert!(counts(&said.text, "event_tracking.event")[3] >= 3, "{}", said.text);
        assert!(counts(&said.text, "register.registration")[3] >= 1, "{}", said.text);
        assert!(!place.rows("django_left_out").await.is_empty());
    }
    let place = Place::postgres().await;
    place.command_output(&["import", "django", "--from", &theirs.url()]);
    theirs.execute("UPDATE smsbot_smsmessage SET direction = 'out' WHERE direction = 'sideways'; UPDATE storage_storageitem SET app = 'RegForm' WHERE app = 'Odd'; UPDATE event_tracking_event e SET action_id = k.action_id FROM kept k WHERE k.uuid = e.uuid").await;
    let said = theirs.import(&place, &[]).unwrap();
    assert!(!said.contains("Cannot be taken over"), "{said}");
    assert!(place.rows("django_left_out").await.is_empty());
    assert!(compare(&theirs, &place).await >= 300);
    for (model, rows) in theirs.origin.models().filter(|(model, _)| {
        ["register.registration", "event_tracking.event", "smsbot.smsmessage"].contains(&model.label.as_str())
    }) {
        assert_eq!(place.rows(&model.table).await.len() as u64, rows, "{}", model.table);
    }
}

#[tokio::test]
async fn a_run_that_is_killed_goes_on_where_it_was() {
    killed_and_called_again(Place::postgres().await).await;
}

#[tokio::test]
async fn a_run_into_a_file_of_sqlite_that_is_killed_goes_on_where_it_was() {
    killed_and_called_again(Place::sqlite()).await;
}

/// How many rows of a model, or a part of it, were read so far; nothing before it has begun.
async fn read_so_far(place: &Place, label: &str) -> Option<i64> {
    let carried = place.rows("django_carried").await;
    carried.iter().find(|row| row["model"] == label).map(|row| row["rows_read"].as_i64().unwrap())
}

async fn killed_and_called_again(place: Place) {
    let theirs = Theirs::with(3_000).await;
    // killed where some of these are here and others are not
    for label in ["storage.storageitem of others", "event_tracking.event"] {
        let mut child = place.spawn(&["import", "django", "--from", &theirs.url()]);
        while read_so_far(&place, label).await.is_none() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before {label}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // what was on its way to be committed may still be
    let (read, there) = loop {
        let read = read_so_far(&place, "event_tracking.event").await;
        let there = place.rows("event_tracking_event").await.len();
        if read_so_far(&place, "event_tracking.event").await == read {
            break (read.unwrap(), there);
        }
    };
    assert!(read > 0, "some of them are here");
    assert_eq!(i64::try_from(there).unwrap(), read, "and no others");
    // rows that are written there meanwhile come too, whatever was read already, and point to such rows
    theirs.execute("INSERT INTO action_action (uuid, created_at, modified_at) SELECT md5('late ' || i)::uuid, now(), now() FROM generate_series(1, 50) AS i; \
        INSERT INTO event_tracking_event (uuid, event_type, action_id, created_at, modified_at) SELECT md5('late event ' || i)::uuid, 'Start', md5('late ' || i)::uuid, now(), now() FROM generate_series(1, 50) AS i").await;
    let said = theirs.import(&place, &[]).unwrap();
    assert!(
        counts(&said, "event_tracking.event")[1] <= 9_100 - 2_000,
        "what was read is not read again: {said}"
    );
    for (model, rows) in theirs.origin.models() {
        let Some(table) = here(model).filter(|table| {
            ![
                "multi_tenant_client",
                "multi_tenant_partnerslug",
                "election_stateinformationfieldtype",
                "election_stateinformation",
                "official_region",
            ]
            .contains(table)
        }) else {
            continue;
        };
        let late = if ["action_action", "event_tracking_event"].contains(&table) { 50 } else { 0 };
        assert_eq!(place.rows(table).await.len() as u64, rows + late, "{table}");
    }
    assert!(compare(&theirs, &place).await >= 500);
    // and jobs are there once
    let waiting = theirs.origin.rows("common.delayedtask") / 2;
    let jobs = place.rows("job").await;
    assert_eq!(jobs.iter().filter(|job| job["kind"] == "register.remind").count() as u64, waiting);
}

#[tokio::test]
async fn a_later_run_reads_what_was_written_there_since() {
    let theirs = Theirs::with(FEW).await;
    let place = Place::postgres().await;
    theirs.import(&place, &[]).unwrap();
    let said = theirs.import(&place, &[]).unwrap();
    assert_eq!(counts(&said, "event_tracking.event"), [FEW * 3, 0, 0, 0], "{said}");
    let before = everything(&place, &theirs.origin).await;

    place.execute("UPDATE register_registration SET city = 'Here', modified_at = now() + interval '1 hour' WHERE uuid = md5('register.registration 1')::uuid").await;
    theirs.execute("UPDATE register_registration SET city = 'There', modified_at = now() WHERE uuid IN (md5('register.registration 1')::uuid, md5('register.registration 2')::uuid); \
        UPDATE common_delayedtask SET started_at = now() WHERE uuid = md5('common.delayedtask 1')::uuid; \
        UPDATE smsbot_number SET opt_out_time = now(), modified_at = now() WHERE uuid = (SELECT uuid FROM smsbot_number ORDER BY uuid LIMIT 1); \
        INSERT INTO reversion_revision (id, date_created, comment) VALUES (9000, now(), 'why'); \
        INSERT INTO reversion_version (id, object_id, format, serialized_data, object_repr, content_type_id, revision_id, db) \
        SELECT 9000, object_id, 'json', replace(serialized_data, 'name ', 'new name '), 'x', 1, 9000, 'default' FROM reversion_version WHERE id = 1").await;
    let said = theirs.import(&place, &[]).unwrap();
    assert_eq!(counts(&said, "register.registration"), [FEW * 4 / 10, 2, 1, 0], "{said}");
    assert_eq!(counts(&said, "smsbot.number")[1..3], [1, 1], "{said}");
    assert!(said.contains("Scheduled work that was done there meanwhile, called off here: 1"), "{said}");
    // md5 of their names
    for (id, city) in
        [("ccb2df499a1a1847201bc544ffd97041", "Here"), ("0aea70ea53af38bc8371fb1cc38ec3c8", "There")]
    {
        assert_eq!(place.row("register_registration", "uuid", &json!(id)).await["city"], json!(city));
    }
    let job = place.row("job", "uuid", &json!("b4511d242ad8cccfedc8381fbea3b53c")).await;
    assert_eq!(job["state"], json!("done"), "{job:?}");
    // the history goes on: what is new has before it what was the newest
    let entry =
        place.rows("change_entry").await.into_iter().find(|row| row["comment"] == json!("why")).unwrap();
    assert_eq!((&entry["kind"], &entry["act"]), (&json!("subscriber"), &json!("changed")));
    assert_eq!(entry["after"]["name"], json!("new name 1"));
    assert_eq!(entry["before"]["name"], json!("name 251"));
    let after = everything(&place, &theirs.origin).await;
    assert_eq!(after["event_tracking_event"], before["event_tracking_event"]);
    // from the beginning: everything is read, and nothing is doubled
    let said = theirs.import(&place, &["--again"]).unwrap();
    assert_eq!(counts(&said, "event_tracking.event"), [FEW * 3, FEW * 3, 0, 0], "{said}");
    assert_eq!(everything(&place, &theirs.origin).await["action_action"], after["action_action"]);
}

#[tokio::test]
async fn what_is_no_database_of_the_service_is_refused() {
    let place = Place::postgres().await;
    let ours = place.url().unwrap().to_string();
    let refused = place.run(&["import", "django", "--from", &ours]).unwrap_err();
    assert!(refused.contains("it is one of Turnout's own"), "{refused}");
    let empty = Database::empty().await;
    let refused = place.run(&["import", "django", "--from", empty.url().as_str()]).unwrap_err();
    assert!(refused.contains("lacks tables"), "{refused}");
    let theirs = Theirs::with(FEW).await;
    theirs.execute("ALTER TABLE action_action DROP COLUMN modified_at").await;
    let refused = theirs.import(&place, &["--dry-run"]).unwrap_err();
    assert!(refused.contains("these columns are not there: action_action.modified_at"), "{refused}");
    let nowhere =
        place.run(&["import", "django", "--from", "postgres://somebody:hush@127.0.0.1:1/none"]).unwrap_err();
    assert!(nowhere.contains("does not answer") && !nowhere.contains("hush"), "{nowhere}");
}
