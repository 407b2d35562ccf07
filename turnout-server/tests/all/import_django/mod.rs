//! `turnout-server import django`, into both databases. The documents are made of the contract's columns.

mod accounts;
#[cfg(feature = "postgres")]
mod compared;
mod contract;
mod document;
#[cfg(feature = "postgres")]
mod moving;
#[cfg(feature = "postgres")]
mod origin;
mod place;

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use turnout_core::{
    App,
    api_key::{self, AuthenticateError},
    file, jobs,
    ports::{clock::Clock as _, store::Store as _},
    seed::seed,
};
use turnout_server::system::{RandomIds, SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use accounts::{
    an_account_that_was_made_here_first_is_the_same_person,
    second_factors_come_once_and_what_was_removed_here_stays_so, somebody_signs_in_as_before,
};
use document::{Contract, id, with};
use place::{PEPPER, Place, normal};

/// A test for each database.
macro_rules! on_both {
    ($($case:ident,)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case(super::Place::sqlite()).await;
            })*
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                super::$case(super::Place::postgres().await).await;
            })*
        }
    };
}

on_both! {
    every_column_comes_over_whatever_the_order,
    the_same_document_again_changes_nothing,
    what_was_changed_here_since_stays_and_what_was_changed_there_comes,
    a_part_may_point_to_what_is_in_the_database,
    rows_of_a_fresh_installation_give_way,
    everything_that_is_wrong_is_said_at_once_and_nothing_is_written,
    scheduled_work_becomes_jobs_once,
    a_ballot_request_goes_on_the_way_it_went,
    somebody_signs_in_as_before,
    second_factors_come_once_and_what_was_removed_here_stays_so,
    an_account_that_was_made_here_first_is_the_same_person,
    a_number_from_abroad_is_recovered_from_who_points_to_it,
    a_number_that_asked_here_to_be_left_alone_stays_so,
}

/// The models that are kept here, and the columns that are made of something else.
const KEPT: [(&str, &[&str]); 36] = [
    ("multi_tenant.client", &[]),
    ("multi_tenant.subscriberslug", &[]),
    ("subscription.subscription", &[]),
    ("subscription.interest", &["search"]),
    ("subscription.product", &[]),
    ("multi_tenant.subscriberintegrationproperty", &[]),
    ("apikey.apikey", &["secret"]),
    ("accounts.user", &[]),
    ("accounts.invite", &["token"]),
    ("multi_tenant.association", &[]),
    ("multi_tenant.inviteassociation", &[]),
    ("election.state", &[]),
    ("election.stateinformationfieldtype", &[]),
    ("election.stateinformation", &[]),
    ("official.region", &[]),
    ("official.office", &[]),
    ("official.address", &["location"]),
    ("storage.storageitem", &["token"]),
    ("storage.secureuploaditem", &[]),
    ("voter.voter", &[]),
    ("action.action", &[]),
    ("register.registration", &["search"]),
    ("verifier.lookup", &["search"]),
    ("reminder.reminderrequest", &["search"]),
    ("polling_place.pollingplacelookup", &[]),
    ("absentee.ballotrequest", &["search"]),
    ("absentee.leocontactoverride", &[]),
    ("absentee.regionovbmlink", &[]),
    ("fax.fax", &[]),
    ("smsbot.number", &[]),
    ("smsbot.blast", &[]),
    ("smsbot.smsmessage", &[]),
    ("election.updatenotificationwebhook", &[]),
    ("integration.link", &[]),
    ("integration.moverlead", &[]),
    ("reporting.report", &[]),
];

/// A value as the database has it.
fn expected(column: &contract::Column, given: &Value) -> Value {
    if !column.key.contains("phone") {
        return normal(given);
    }
    let digits = given.as_str().unwrap().chars().filter(char::is_ascii_digit);
    json!(format!("+1{}", digits.collect::<String>()))
}

async fn every_column_comes_over_whatever_the_order(place: Place) {
    let contract = Contract::read();
    let mut records = contract.everything();
    records.reverse();
    let said = place.import(&records).unwrap();
    assert!(!said.contains("Unknown"), "{said}");
    for (label, otherwise) in KEPT {
        let model = contract.model(label);
        for number in [0, 1] {
            let record = contract.record(label, number);
            let key = expected(&model.key, &record["pk"]);
            let row = place.row(&model.table, &model.key.column, &key).await;
            for column in model.columns.iter().filter(|column| !otherwise.contains(&column.column.as_str())) {
                let (kept, given) = (&row[&column.column], &record["fields"][&column.field]);
                assert_eq!(normal(kept), expected(column, given), "{label} {}", column.column);
            }
        }
    }
    let events = place.rows("event_tracking_event").await;
    assert_eq!(events.len(), 2);
    let address = place.row("official_address", "external_id", &json!(100)).await;
    assert_eq!((&address["location_lat"], &address["location_lng"]), (&json!(37.799), &json!(-122.263)));
    let item = place.row("storage_storageitem", "uuid", &contract.pk("storage.storageitem", 1)).await;
    assert_eq!(item["name"], "ma-1-form.pdf");
    assert_eq!((normal(&item["generation"]), normal(&item["claimed"])), (json!(1), json!(1)));
    // what is not kept is named, with its number
    for line in [
        "  voter.tsearlyvoteandballot 2",
        "  sessions.session 2",
        "Scheduled work overdue for longer than a week, left out:\n  2",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    for model in &contract.models {
        let is_kept = KEPT.iter().any(|(label, _)| *label == model.label);
        let listed = said.contains(&format!("  {} 2\n", model.label));
        let else_kept = ["event_tracking.event", "common.delayedtask"].iter().chain(&accounts::FACTORS);
        let else_kept = else_kept.into_iter().any(|label| *label == model.label);
        assert!(is_kept || else_kept || listed, "{} is neither kept nor listed: {said}", model.label);
    }
}

async fn the_same_document_again_changes_nothing(place: Place) {
    let records = Contract::read().everything();
    place.import(&records).unwrap();
    let mut before = Vec::new();
    for (label, _) in KEPT {
        before.push(place.rows(&Contract::read().model(label).table).await);
    }
    let said = place.import(&records).unwrap();
    let counted = said.lines().skip(1).take_while(|line| !line.is_empty());
    let counted: Vec<&str> = counted.filter(|line| !line.ends_with(" 0")).collect();
    assert!(counted.is_empty(), "{counted:?}");
    for ((label, _), before) in KEPT.iter().zip(before) {
        assert_eq!(place.rows(&Contract::read().model(label).table).await.len(), before.len(), "{label}");
    }
    // the other document, too: nothing of the one is doubled by the other
    let mut other = records;
    other.reverse();
    place.import(&other).unwrap();
    assert_eq!(place.rows("event_tracking_event").await.len(), 2);
}

async fn what_was_changed_here_since_stays_and_what_was_changed_there_comes(place: Place) {
    let contract = Contract::read();
    place.import(&contract.everything()).unwrap();
    place
        .execute(
            "UPDATE register_registration SET city = 'Here', modified_at = '2021-01-01T00:00:00.000000Z'",
        )
        .await;
    let label = "register.registration";
    let changes = json!({ "city": "There", "modified_at": "2020-12-31T00:00:00Z" });
    let older = with(contract.record(label, 0), &changes);
    let changes = json!({ "city": "There", "modified_at": "2021-01-02T00:00:00Z", "first_name": null });
    let newer = with(contract.record(label, 1), &changes);
    place.import(&[older.clone(), newer.clone()]).unwrap();
    let table = "register_registration";
    assert_eq!(place.row(table, "uuid", &older["pk"]).await["city"], "Here");
    let row = place.row(table, "uuid", &newer["pk"]).await;
    assert_eq!((&row["city"], &row["first_name"]), (&json!("There"), &Value::Null));
}

async fn a_part_may_point_to_what_is_in_the_database(place: Place) {
    let contract = Contract::read();
    let event = contract.record("event_tracking.event", 0);
    let missing = place.import(std::slice::from_ref(&event)).unwrap_err();
    let action = contract.pk("action.action", 0);
    let (event_pk, action_pk) = (event["pk"].as_str().unwrap(), action.as_str().unwrap());
    let simple = turnout_core::ids::parse_uuid(action_pk).unwrap().simple().to_string();
    let line = format!(
        "event_tracking.event {event_pk}: action points to action.action {simple}, which is neither in the document nor in the database"
    );
    assert!(missing.contains(&line), "{missing}");
    assert!(place.rows("event_tracking_event").await.is_empty());
    let without_voter = json!({ "voter": null });
    place.import(&[with(contract.record("action.action", 0), &without_voter)]).unwrap();
    place.import(&[event]).unwrap();
    assert_eq!(place.rows("event_tracking_event").await.len(), 1);
    // by numbers and by codes, too
    let office = with(contract.record("official.office", 0), &json!({ "region": 999 }));
    let missing = place.import(&[office]).unwrap_err();
    assert!(missing.contains("official.office 100: region points to official.region 999,"), "{missing}");
}

async fn rows_of_a_fresh_installation_give_way(place: Place) {
    let seeded = [
        place.rows("election_stateinformationfieldtype").await.len(),
        place.rows("election_stateinformation").await.len(),
    ];
    assert!(seeded[0] > 20 && seeded[1] > 1_000, "migrate makes them: {seeded:?}");
    let contract = Contract::read();
    let label = "election.stateinformationfieldtype";
    let field =
        with(contract.record(label, 0), &json!({ "slug": "external_tool_ovr", "long_name": "Theirs" }));
    let fact = with(
        contract.record("election.stateinformation", 0),
        &json!({ "text": "https://there.example.org" }),
    );
    let subscriber = with(contract.record("multi_tenant.client", 0), &json!({ "status": "active" }));
    let slug = with(contract.record("multi_tenant.subscriberslug", 0), &json!({ "slug": "default" }));
    let state = with(contract.record("election.state", 0), &json!({ "allow_print_and_forward": true }));
    let records = [slug.clone(), fact.clone(), subscriber.clone(), state, field.clone()];
    place.import(&records).unwrap();
    place.import(&records).unwrap();

    let fields = place.rows("election_stateinformationfieldtype").await;
    assert_eq!(fields.len(), seeded[0], "none is doubled");
    let kept = place.row("election_stateinformationfieldtype", "slug", &json!("external_tool_ovr")).await;
    assert_eq!((normal(&kept["uuid"]), &kept["long_name"]), (normal(&field["pk"]), &json!("Theirs")));
    let facts = place.rows("election_stateinformation").await;
    assert_eq!(facts.len(), seeded[1], "none is doubled");
    assert_eq!(
        place.row("election_stateinformation", "uuid", &fact["pk"]).await["text"],
        "https://there.example.org"
    );
    let ohio = place.row("election_state", "code", &json!("OH")).await;
    assert_eq!((normal(&ohio["allow_print_and_forward"]), &ohio["name"]), (json!(1), &json!("name 0")));
    let kept = place.row("multi_tenant_partnerslug", "slug", &json!("default")).await;
    assert_eq!(
        (normal(&kept["uuid"]), normal(&kept["partner_id"])),
        (normal(&slug["pk"]), normal(&subscriber["pk"]))
    );
    // whom the slug led to before has none any more, and keeps its voters
    let subscribers = place.rows("multi_tenant_client").await;
    assert_eq!(subscribers.len(), 3);
    assert_eq!(subscribers.iter().filter(|row| row["default_slug_id"].is_null()).count(), 1);
    // every other slug leads where it led
    place.execute("UPDATE multi_tenant_partnerslug SET slug = 'ours' WHERE slug = 'public'").await;
    let stolen = with(contract.record("multi_tenant.subscriberslug", 0), &json!({ "slug": "ours" }));
    let refused = place.import(&[stolen]).unwrap_err();
    assert!(refused.contains("\"ours\" is that of another subscriber in the database"), "{refused}");
}

async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_written(place: Place) {
    let contract = Contract::read();
    let label = "register.registration";
    let changes =
        json!({ "status": "Perhaps", "date_of_birth": "31/12/1980", "action": null, "region": "7" });
    let mut unknown = contract.record("action.action", 0);
    unknown["pk"] = json!("zz");
    let mut by_address = contract.record("action.action", 2);
    by_address["pk"] = json!(["ann@example.org"]);
    let records = [
        contract.record("action.action", 1),
        contract.record("action.action", 1),
        with(contract.record(label, 0), &changes),
        unknown,
        with(contract.record("multi_tenant.subscriberslug", 0), &json!({ "slug": null })),
        with(contract.record("event_tracking.event", 0), &json!({ "event_type": null, "made_up": 1 })),
        by_address,
    ];
    let refused = place.import(&records).unwrap_err();
    let registration = contract.pk(label, 0);
    let registration = registration.as_str().unwrap();
    for line in [
        format!("{label} {registration}: status is none of the values that it may have"),
        format!("{label} {registration}: date_of_birth is no day, as 1980-02-29"),
        format!("{label} {registration}: region is no whole number"),
        "action.action record 4: pk is no UUID".to_owned(),
        "action.action record 7: pk is no text".to_owned(),
        format!("action.action {}: pk is there twice", contract.pk("action.action", 1).as_str().unwrap()),
        ": slug may not be null".to_owned(),
        ": event_type may not be null".to_owned(),
    ] {
        assert!(refused.contains(&line), "{line}: {refused}");
    }
    for value in ["Perhaps", "31/12", "zz", "ann@example.org"] {
        assert!(!refused.contains(value), "{value}: {refused}");
    }
    assert!(place.rows("action_action").await.is_empty());
    // what is cut off is refused before anything is written, and a look writes nothing
    let whole = Value::from(contract.everything()).to_string();
    let cut = place.import_text(&whole[..whole.len() - 10], &[]).unwrap_err();
    assert!(cut.contains("cannot be taken over; nothing was written"), "{cut}");
    let looked = place.import_text(&whole, &["--dry-run"]).unwrap();
    assert!(looked.contains("Nothing was written."), "{looked}");
    for table in ["action_action", "register_registration", "apikey_apikey"] {
        assert!(place.rows(table).await.is_empty(), "{table}");
    }
    let ids = place.rows("multi_tenant_client").await.len();
    assert_eq!(ids, 2, "those of a fresh installation");
    let unknown = json!([
        { "model": "made.up", "pk": 1, "fields": {} },
        with(contract.record("action.action", 0), &json!({ "made_up": 1, "voter": null })),
    ]);
    let said = place.import_text(&unknown.to_string(), &[]).unwrap();
    assert!(said.contains("Unknown models, left out:\n  made.up 1"), "{said}");
    assert!(said.contains("Unknown fields, left out:\n  action.action.made_up 1"), "{said}");
}

async fn scheduled_work_becomes_jobs_once(place: Place) {
    let contract = Contract::read();
    let registration = contract.pk("register.registration", 0);
    let due = (SystemClock.now() + TimeDelta::hours(5)).to_rfc3339();
    let task = |number: usize, changes: Value| {
        let task = with(contract.record("common.delayedtask", number), &json!({ "due_at": due }));
        with(task, &changes)
    };
    let named = json!({ "args": [], "kwargs": { "registration_pk": registration } });
    let records = [
        task(0, json!({})),
        with(task(1, json!({ "task_name": "register.tasks.external_tool_upsell" })), &named),
        task(2, json!({ "started_at": due })),
        task(3, json!({ "task_name": "absentee.tasks.send_mail_chase" })),
        task(4, json!({ "due_at": "2020-01-01T00:00:00Z" })),
        task(5, json!({ "task_name": "absentee.tasks.send_download_reminder" })),
        task(6, json!({ "task_name": "absentee.tasks.external_tool_upsell" })),
        task(7, json!({ "task_name": "verifier.tasks.external_tool_upsell" })),
    ];
    let said = place.import(&records).unwrap();
    place.import(&records).unwrap();
    let mut jobs = place.rows("job").await;
    jobs.retain(|job| job["kind"] != "search.complete");
    assert_eq!(jobs.len(), 5, "{jobs:#?}");
    for (number, kind, name) in [
        (0, "register.remind", "registration"),
        (1, "register.next_steps", "registration"),
        (5, "absentee.remind", "ballot_request"),
        (6, "absentee.next_steps", "ballot_request"),
        (7, "verifier.next_steps", "lookup"),
    ] {
        let job = place.row("job", "uuid", &records[number]["pk"]).await;
        assert_eq!((job["kind"].as_str(), normal(&job["due_at"])), (Some(kind), json!(micros(&due))));
        let about =
            if number == 1 { registration.clone() } else { contract.pk("register.registration", number) };
        assert_eq!(normal(&job["payload"]), json!({ name: about }));
    }
    for line in ["  absentee.tasks.send_mail_chase 1", "overdue for longer than a week, left out:\n  1"] {
        assert!(said.contains(line), "{said}");
    }
    let wrong = task(8, json!({ "args": ["x"], "due_at": due }));
    assert!(place.import(&[wrong]).unwrap_err().contains("args does not begin with a UUID"));
}

async fn a_ballot_request_goes_on_the_way_it_went(place: Place) {
    let contract = Contract::read();
    let label = "absentee.ballotrequest";
    let mut records = contract.everything();
    records.retain(|record| record["model"] != label);
    let none = json!(null);
    let changes = [
        json!({ "result_item": none }),
        json!({ "esign_method": "leo_fax" }),
        json!({ "request_mailing_address1": "", "esign_method": "leo_fax" }),
        json!({ "request_mailing_address1": none, "esign_method": none }),
        json!({ "request_mailing_address1": none, "esign_method": "leo_email", "signature": none }),
    ];
    for (number, changes) in changes.iter().enumerate() {
        // an action is that of one record
        let changed = with(contract.record(label, number), &json!({ "action": none }));
        let mut changed = with(changed, changes);
        for name in ["result_item", "signature", "result_item_mail"] {
            if changes.get(name).is_none() {
                let like = contract.record(label, number % 2);
                changed["fields"][name] = like["fields"][name].clone();
            }
        }
        for name in ["region", "subscriber", "state", "mailing_state", "request_mailing_state"] {
            changed["fields"][name] = contract.record(label, 0)["fields"][name].clone();
        }
        records.push(changed);
    }
    place.import(&records).unwrap();
    for (number, way) in
        [None, Some("print_and_forward"), Some("leo_fax"), Some("self_print"), Some("self_print")]
            .into_iter()
            .enumerate()
    {
        let row = place.row("absentee_ballotrequest", "uuid", &contract.pk(label, number)).await;
        assert_eq!(row["way"].as_str(), way, "{number}");
    }
    // an override is of a region that there is
    let nowhere = json!({ "model": "absentee.leocontactoverride", "pk": 999, "fields": {
        "created_at": "2020-01-01T00:00:00Z", "modified_at": "2020-01-01T00:00:00Z",
    } });
    let refused = place.import(&[nowhere]).unwrap_err();
    let line = "absentee.leocontactoverride 999: region points to official.region 999, which is neither";
    assert!(refused.contains(line), "{refused}");
}

async fn a_number_from_abroad_is_recovered_from_who_points_to_it(place: Place) {
    let contract = Contract::read();
    let number = |pk: &str, id: usize| {
        let mut number = contract.record("smsbot.number", id);
        number["pk"] = json!(pk);
        number
    };
    let text = |id: usize, to: &str| {
        with(contract.record("smsbot.smsmessage", id), &json!({ "phone": to, "blast": null }))
    };
    let records = [
        text(0, "+442071838750"),
        number("020 7183 8750", 0),
        number("(617) 555-1000", 1),
        text(1, "+16175551000"),
        number("030 901820", 2),
    ];
    for _ in 0..2 {
        place.import(&records).unwrap();
        let mut numbers: Vec<_> = place.rows("smsbot_number").await;
        numbers.sort_by_key(|row| row["phone"].to_string());
        let numbers: Vec<_> = numbers.iter().map(|row| row["phone"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["+16175551000", "+442071838750", "030 901820"]);
        assert_eq!(place.rows("smsbot_smsmessage").await.len(), 2);
    }
    // whom nobody knows is complained about, without the number
    let refused = place.import(&[text(2, "+442071838751")]).unwrap_err();
    assert!(refused.contains("phone points to smsbot.number of that text, which is neither"), "{refused}");
    assert!(!refused.contains("8751"), "{refused}");
}

async fn a_number_that_asked_here_to_be_left_alone_stays_so(place: Place) {
    let contract = Contract::read();
    let quiet = "INSERT INTO smsbot_number (phone, uuid, opt_out_time, created_at, modified_at) VALUES \
                 ('+16175551000', ID, '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', \
                 '2026-01-01T00:00:00.000000Z')";
    let id =
        if place.is_sqlite() { "unhex('000102030405060708090a0b0c0d0e0f')" } else { "gen_random_uuid()" };
    place.execute(&quiet.replace("ID", id)).await;
    let changes = json!({ "opt_out_time": null, "opt_in_time": "2020-01-01T00:00:00Z" });
    place.import(&[with(contract.record("smsbot.number", 0), &changes)]).unwrap();
    let row = place.row("smsbot_number", "phone", &json!("+16175551000")).await;
    assert!(!row["opt_out_time"].is_null() && row["opt_in_time"].is_null(), "{row:?}");
}

/// As a database keeps it.
fn micros(moment: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(moment).unwrap().timestamp_micros()
}

/// The program's ports over the file of a place.
async fn app(place: &Place) -> App {
    let path = place.folder.path().join("var/turnout.db");
    let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
    App::builder(store, SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef")
        .with_api_key_pepper(PEPPER.as_bytes())
        .build()
}

/// What may be null there and not here: an export of nothing, for nobody, is none.
const STRICTER: [(&str, &str); 3] =
    [("reporting.report", "status"), ("reporting.report", "type"), ("reporting.report", "subscriber")];

#[test]
fn what_may_be_null_is_what_may_be_null_there() {
    let place = Place::sqlite();
    let contract = Contract::read();
    let (mut records, mut required, mut optional) = (Vec::new(), Vec::new(), Vec::new());
    for (label, _) in KEPT {
        for (at, column) in contract.model(label).columns.iter().enumerate() {
            let record = with(contract.record(label, 10 + at), &json!({ (column.field.as_str()): null }));
            let pk = record["pk"].as_str().map_or_else(|| record["pk"].to_string(), str::to_owned);
            // a telephone number is no key to be shown
            let called = if label == "smsbot.number" { format!("record {}", records.len() + 1) } else { pk };
            let line = format!("{label} {called}: {} may not be null", column.field);
            let may_be = column.null && !STRICTER.contains(&(label, column.field.as_str()));
            if may_be { &mut optional } else { &mut required }.push(line);
            records.push(record);
        }
    }
    let refused = place.import_text(&Value::from(records).to_string(), &["--dry-run"]).unwrap_err();
    for line in required {
        assert!(refused.contains(&line), "{line}: {refused}");
    }
    for line in optional {
        assert!(!refused.contains(&line), "{line}: {refused}");
    }
}

#[tokio::test]
async fn keys_of_partners_go_on_working() {
    let mut place = Place::sqlite();
    let contract = Contract::read();
    let client = json!({ "status": "active", "has_api_access": true });
    let records = [
        with(contract.record("multi_tenant.client", 0), &client),
        with(contract.record("multi_tenant.subscriberslug", 0), &json!({})),
        with(contract.record("apikey.apikey", 0), &json!({ "deactivated_by": null, "secret": "a secret" })),
        with(
            contract.record("apikey.apikey", 1),
            &json!({ "subscriber": contract.pk("multi_tenant.client", 0), "secret": "another" }),
        ),
        with(
            contract.record("apikey.apikey", 2),
            &json!({
                "subscriber": contract.pk("multi_tenant.client", 0), "deactivated_by": ["ann@example.org"], "secret": "third",
            }),
        ),
        with(
            contract.record("apikey.apikey", 3),
            &json!({
                "subscriber": contract.pk("multi_tenant.client", 0), "deactivated_by": null, "secret": null,
            }),
        ),
    ];
    place.pepper = None;
    let refused = place.import(&records).unwrap_err();
    assert!(refused.contains("set API_KEY_PEPPER or API_KEY_PEEPER to it"), "{refused}");
    assert!(!refused.contains("a secret"), "{refused}");
    place.pepper = Some(PEPPER);
    place.import(&records).unwrap();
    let app = app(&place).await;
    let shown = |secret: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(PEPPER.as_bytes()).unwrap();
        mac.update(secret.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    };
    let key = |number: usize| records[number]["pk"].as_str().unwrap();
    let client = api_key::authenticate(&app, key(2), &shown("a secret")).await.unwrap();
    assert_eq!(client.subscriber.id.0, id(&records[0]));
    let raw = api_key::authenticate(&app, key(2), "a secret").await;
    assert!(matches!(raw, Err(AuthenticateError::WrongSecret)));
    for (number, secret) in [(3, "another"), (4, "third"), (5, "")] {
        let ended = api_key::authenticate(&app, key(number), &shown(secret)).await;
        assert!(matches!(ended, Err(AuthenticateError::NoSuchKey)), "{number}");
    }
    let row = place.row("apikey_apikey", "uuid", &records[3]["pk"]).await;
    assert_eq!(normal(&row["deactivated_at"]), normal(&records[3]["fields"]["modified_at"]));
}

#[tokio::test]
async fn links_in_mails_go_on_working_until_they_end() {
    let place = Place::sqlite();
    let contract = Contract::read();
    let later = (SystemClock.now() + TimeDelta::hours(1)).to_rfc3339();
    let item = json!({ "expires": later, "purged": null, "subscriber": null, "preview_of": null });
    let item = with(contract.record("storage.storageitem", 0), &item);
    place.import(std::slice::from_ref(&item)).unwrap();
    let app = app(&place).await;
    let mut view = app.store.view().await.unwrap();
    let stored = view.files().by_id(turnout_core::ids::FileId(id(&item))).await.unwrap().unwrap();
    let opens = |token: &str| app.file_tokens.check(&stored, token, SystemClock.now());
    assert!(opens("ABEiM0RVZneImaq7zN3u_w"));
    assert!(!opens("00112233-4455-6677-8899-aabbccddeeff"), "only its short form does");
    assert!(opens(app.file_tokens.issue(&stored).text()), "and ours beside it");
    assert_eq!(file::imported_token_hash("ABEiM0RVZneImaq7zN3u_w"), stored.imported_token_hash.unwrap());
}

#[tokio::test]
async fn voters_that_came_over_are_found() {
    let place = Place::sqlite();
    let contract = Contract::read();
    place.import(&contract.everything()).unwrap();
    let app = app(&place).await;
    jobs::step::run_all_due(&app).await.unwrap();
    let subscriber = turnout_core::ids::SubscriberId(id(&contract.record("multi_tenant.client", 0)));
    let list = turnout_core::search::VoterList { subscriber, tool: turnout_core::listing::Tool::Register };
    let query = turnout_core::search::SearchQuery::parse("person-0");
    let page = turnout_core::page::PageRequest { after: None, limit: 10 };
    let found = app.store.view().await.unwrap().search().find(list, &query, page).await.unwrap();
    assert_eq!(found.rows.len(), 1);
}

#[tokio::test]
async fn a_database_that_is_taken_over_can_be_seeded() {
    let place = Place::sqlite();
    place.import(&Contract::read().everything()).unwrap();
    let app = app(&place).await;
    seed(&app).await.unwrap();
    let again = seed(&app).await.unwrap();
    assert_eq!(again.states + again.field_types + again.information + again.subscribers, 0);
}
