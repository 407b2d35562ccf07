//! What a store promises that takes rows of another service over. A store may lack this room.

use serde_json::{Value, json};

use super::{commit, is_conflict, unit, view};
use crate::{
    address::State,
    conformance::rows::{at, references, registration, uuid},
    django::tables,
    election::FieldType,
    ids::{ActionId, FieldTypeId, RegionId, RegistrationId, SubscriberId, VoterId},
    official::Region,
    person::Phone,
    ports::store::{Carried, LeftOut, Row, Store, Table, Unit},
    register::Status,
};

/// A test for every case of the room of other services' rows.
#[macro_export]
macro_rules! bulk_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            bulk,
            [$($open)+],
            store::bulk,
            [
                rows_are_added_and_overwritten_only_by_newer_ones,
                a_row_that_was_never_changed_is_a_placeholder,
                rows_that_never_change_are_added_once,
                keys_that_no_row_has_are_missing,
                a_row_that_means_the_same_takes_the_key,
                rows_may_point_to_what_follows_in_the_unit,
                every_table_takes_a_row_of_every_column,
                rows_come_back_as_they_were_put,
                the_rooms_show_what_was_put,
                a_row_that_was_put_over_ours_keeps_what_was_not_given,
                how_far_a_model_is_is_kept_by_origin,
                what_was_left_out_is_listed_until_it_is_settled,
                nothing_is_put_by_a_dropped_unit,
            ]
        );
    };
}

fn table(name: &str) -> &'static Table {
    tables().find(|table| table.name == name).expect("a table that takes rows")
}

fn row(value: &Value) -> Row {
    value.as_object().expect("an object").clone()
}

fn key(number: u128) -> Value {
    json!(uuid(number).simple().to_string())
}

fn moment(second: i64) -> Value {
    json!(at(second).format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
}

/// An action as another service has it.
fn action(number: u128, created: i64, modified: i64, visible: bool) -> Row {
    row(&json!({
        "uuid": key(number), "visible_to_subscriber": visible,
        "created_at": moment(created), "modified_at": moment(modified),
    }))
}

async fn put(store: &dyn Store, name: &str, rows: &[Row]) -> u64 {
    let mut unit = unit(store).await;
    let count = unit.bulk_mut().put(table(name), rows).await.expect("rows");
    commit(unit).await;
    count
}

async fn is_visible(store: &dyn Store, number: u128) -> bool {
    let found = view(store).await.actions().by_id(ActionId(uuid(number))).await.expect("a read");
    found.expect("it is there").visible_to_subscriber
}

/// Counted by what was written.
pub async fn rows_are_added_and_overwritten_only_by_newer_ones(store: &dyn Store) {
    let name = "action_action";
    assert_eq!(put(store, name, &[]).await, 0);
    assert_eq!(put(store, name, &[action(1, 0, 10, true), action(2, 0, 10, true)]).await, 2);
    assert_eq!(put(store, name, &[action(1, 0, 10, false), action(2, 0, 9, false)]).await, 0);
    assert!(is_visible(store, 1).await && is_visible(store, 2).await);
    assert_eq!(put(store, name, &[action(1, 0, 11, false), action(3, 0, 1, false)]).await, 2);
    assert!(!is_visible(store, 1).await && !is_visible(store, 3).await);
}

/// Whatever its time; but not by the row that it is itself.
pub async fn a_row_that_was_never_changed_is_a_placeholder(store: &dyn Store) {
    let name = "action_action";
    put(store, name, &[action(1, 50, 50, true)]).await;
    assert_eq!(put(store, name, &[action(1, 50, 40, false)]).await, 0);
    assert_eq!(put(store, name, &[action(1, 10, 40, false)]).await, 1);
    assert!(!is_visible(store, 1).await);
}

/// Again is no conflict.
pub async fn rows_that_never_change_are_added_once(store: &dyn Store) {
    let event = row(&json!({
        "uuid": key(5), "action_id": key(1), "event_type": "Start", "created_at": moment(1), "modified_at": moment(1),
    }));
    put(store, "action_action", &[action(1, 0, 10, true)]).await;
    assert_eq!(put(store, "event_tracking_event", std::slice::from_ref(&event)).await, 1);
    assert_eq!(put(store, "event_tracking_event", &[event]).await, 0);
}

/// As they were given, by every kind of key.
pub async fn keys_that_no_row_has_are_missing(store: &dyn Store) {
    put(store, "action_action", &[action(1, 0, 10, true)]).await;
    let region = row(&json!({ "external_id": 7, "created_at": moment(0), "modified_at": moment(0) }));
    put(store, "official_region", &[region]).await;
    let state =
        row(&json!({ "code": "OH", "name": "Ohio", "created_at": moment(0), "modified_at": moment(0) }));
    put(store, "election_state", &[state]).await;
    let mut unit = unit(store).await;
    for (name, keys, missing) in [
        ("action_action", vec![key(1), key(2)], vec![key(2)]),
        ("official_region", vec![json!(7), json!(8)], vec![json!(8)]),
        ("election_state", vec![json!("OH"), json!("MA")], vec![json!("MA")]),
        ("election_state", Vec::new(), Vec::new()),
    ] {
        assert_eq!(unit.bulk_mut().missing(table(name), &keys).await.expect("a read"), missing, "{name}");
    }
}

/// And so do the rows that point to it.
pub async fn a_row_that_means_the_same_takes_the_key(store: &dyn Store) {
    let kind = FieldType {
        id: FieldTypeId(uuid(1)),
        slug: "a-slug".into(),
        long_name: "Ours".into(),
        help_text: None,
        format: None,
        created_at: at(9),
        modified_at: at(9),
    };
    let state =
        row(&json!({ "code": "OH", "name": "Ohio", "created_at": moment(0), "modified_at": moment(0) }));
    put(store, "election_state", &[state]).await;
    let mut first = unit(store).await;
    first.elections_mut().insert_field_type(&kind).await.expect("a field type");
    let fact = row(&json!({
        "uuid": key(4), "state_id": "OH", "field_type_id": key(1), "text": "", "notes": "",
        "created_at": moment(9), "modified_at": moment(9),
    }));
    first.bulk_mut().put(table("election_stateinformation"), &[fact]).await.expect("a fact");
    let theirs = row(&json!({
        "uuid": key(2), "slug": "a-slug", "long_name": "Theirs", "created_at": moment(1), "modified_at": moment(2),
    }));
    let name = "election_stateinformationfieldtype";
    for _ in 0..2 {
        first.bulk_mut().take_key(table(name), &theirs).await.expect("the key");
    }
    assert_eq!(first.bulk_mut().put(table(name), &[theirs]).await.expect("a row"), 1);
    commit(first).await;
    let mut view = view(store).await;
    let kept = view.elections().field_type("a-slug").await.expect("a read").expect("it is there");
    assert_eq!((kept.id, kept.long_name.as_str()), (FieldTypeId(uuid(2)), "Theirs"));
    let facts = view.elections().information_of_field("a-slug").await.expect("a read");
    assert_eq!(facts.iter().map(|fact| fact.field_type).collect::<Vec<_>>(), [FieldTypeId(uuid(2))]);
    // another key of the same meaning is a conflict until it was taken
    let other = row(&json!({
        "uuid": key(3), "slug": "a-slug", "long_name": "X", "created_at": moment(1), "modified_at": moment(2),
    }));
    let mut unit = unit(store).await;
    assert!(is_conflict(&unit.bulk_mut().put(table(name), &[other]).await));
}

/// The order of a document does not matter.
pub async fn rows_may_point_to_what_follows_in_the_unit(store: &dyn Store) {
    let mut unit = unit(store).await;
    let office = row(&json!({
        "external_id": 1, "region_id": 7, "created_at": moment(0), "modified_at": moment(0),
    }));
    unit.bulk_mut().put(table("official_office"), &[office]).await.expect("an office");
    let region = row(&json!({ "external_id": 7, "created_at": moment(0), "modified_at": moment(0) }));
    unit.bulk_mut().put(table("official_region"), &[region]).await.expect("a region");
    commit(unit).await;
    assert_eq!(view(store).await.officials().offices(RegionId(7)).await.expect("a read").len(), 1);
}

/// Each kind of value fits its column.
pub async fn every_table_takes_a_row_of_every_column(store: &dyn Store) {
    use crate::ports::store::ColumnKind::{Boolean, Bytes, Day, Integer, Json, Moment, Real, Text, Uuid};
    for table in tables() {
        let mut unit = unit(store).await;
        let value = |kind| match kind {
            Text => json!("OH"),
            Boolean => json!(true),
            Integer => json!(3),
            Real => json!(1.5),
            Uuid => key(9),
            Bytes => json!("00ff".repeat(16)),
            Moment => moment(3),
            Day => json!("1980-02-29"),
            Json => json!({ "a": null }),
        };
        let full = table.columns.iter().map(|it| (it.name.to_owned(), value(it.kind))).collect();
        let count = unit.bulk_mut().put(table, &[full]).await;
        assert_eq!(count.unwrap_or_else(|error| panic!("{}: {error:?}", table.name)), 1, "{}", table.name);
        // what it points to is not there, so nothing of it is kept
    }
}

async fn rows(unit: &mut dyn Unit, name: &str, keys: &[Value]) -> Vec<Row> {
    unit.bulk_mut().rows(table(name), keys).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// Whichever table; without the columns that are empty, and of the asked keys those that are there.
pub async fn rows_come_back_as_they_were_put(store: &dyn Store) {
    let mut unit = unit(store).await;
    let region = row(&json!({
        "external_id": 7, "name": "Boston", "external_updated": moment(3), "created_at": moment(1),
        "modified_at": moment(2),
    }));
    let address = row(&json!({
        "external_id": 8, "location_lat": 42.25, "location_lng": -71.5, "is_physical": true,
        "is_regular_mail": false, "phone": "+16175557890", "created_at": moment(1), "modified_at": moment(2),
    }));
    let voter = row(&json!({
        "uuid": key(3), "date_of_birth": "1980-02-29", "ts_result": { "a": [1, null, "é"] }, "alloy_person_id": 4,
        "phone_id": key(5), "created_at": moment(1), "modified_at": moment(2),
    }));
    let user = row(&json!({
        "uuid": key(6), "email": "Ada@Example.org", "password": "a hash", "first_name": "", "last_name": "L",
        "is_superuser": true, "is_staff": false, "is_active": true, "timezone": "US/Hawaii",
        "created_at": moment(1), "modified_at": moment(2),
    }));
    let device = row(&json!({
        "uuid": key(7), "user_id": key(6), "secret": "00ff10", "last_step": 5, "confirmed_at": moment(2),
        "created_at": moment(1),
    }));
    let number = row(&json!({
        "phone": "+16175557895", "uuid": key(8), "opt_out_time": moment(4), "created_at": moment(1),
        "modified_at": moment(2),
    }));
    let blast = row(&json!({
        "uuid": key(9), "description": "Primary", "sql": "SELECT 1", "blast_type": "sms", "created_at": moment(1),
        "modified_at": moment(2),
    }));
    let event = row(&json!({
        "uuid": key(10), "action_id": key(11), "event_type": "Download", "created_at": moment(1),
        "modified_at": moment(2),
    }));
    for (name, given, asked) in [
        ("official_region", &region, json!(7)),
        ("official_address", &address, json!(8)),
        ("voter_voter", &voter, key(3)),
        ("accounts_user", &user, key(6)),
        ("account_authenticator", &device, key(7)),
        ("smsbot_number", &number, json!("+16175557895")),
        ("smsbot_blast", &blast, key(9)),
        ("event_tracking_event", &event, key(10)),
    ] {
        assert_eq!(unit.bulk_mut().put(table(name), std::slice::from_ref(given)).await.expect(name), 1);
        let nobody = if asked.is_number() { json!(99) } else { key(99) };
        let mut kept = rows(unit.as_mut(), name, &[asked, nobody]).await;
        assert_eq!(kept.len(), 1, "{name}");
        let mut kept = kept.remove(0);
        // what may be unknown there is known here
        kept.retain(|column, value| given.contains_key(column) || *value != json!(false));
        assert_eq!(&kept, given, "{name}");
    }
    assert!(rows(unit.as_mut(), "official_region", &[]).await.is_empty());
}

/// As if they had been made here.
pub async fn the_rooms_show_what_was_put(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    let theirs = row(&json!({
        "uuid": key(601), "action_id": key(1), "partner_id": key(1), "first_name": "Ana", "last_name": "Núñez",
        "date_of_birth": "1980-02-29", "email": "ana@example.org", "phone": "+16175557890", "status": null,
        "state_id": "MA", "city": "Boston", "us_citizen": true, "region_id": 5_000_000_000_i64,
        "result_item_id": key(2), "state_fields": { "a": 1 }, "session_id": key(77), "utm_source": "mail",
        "created_at": moment(1), "modified_at": moment(2),
    }));
    unit.bulk_mut().put(table("register_registration"), &[theirs]).await.expect("a registration");
    let voter = row(&json!({
        "uuid": key(3), "state_id": "MA", "registered": true, "created_at": moment(1), "modified_at": moment(2),
    }));
    unit.bulk_mut().put(table("voter_voter"), &[voter]).await.expect("a voter");
    let linked = row(&json!({
        "uuid": key(5), "visible_to_subscriber": true, "voter_id": key(3), "created_at": moment(1),
        "modified_at": moment(2),
    }));
    unit.bulk_mut().put(table("action_action"), &[linked]).await.expect("an action");
    let region = row(&json!({ "external_id": 9, "name": "Ohio County", "created_at": moment(0) }));
    unit.bulk_mut().put(table("official_region"), &[region]).await.expect("a region");
    commit(unit).await;
    let mut view = view(store).await;
    let shown = view.registrations().by_id(RegistrationId(uuid(601))).await.expect("a read");
    let shown = shown.expect("it is there");
    assert_eq!((shown.action, shown.subscriber), (Some(ActionId(uuid(1))), Some(SubscriberId(uuid(1)))));
    assert_eq!(shown.name.first.as_deref(), Some("Ana"));
    assert_eq!(shown.date_of_birth, registration().date_of_birth);
    assert_eq!(shown.email.as_deref(), Some("ana@example.org"));
    assert_eq!(shown.phone, Some(Phone::from_stored("+16175557890".into())));
    assert_eq!((shown.status, shown.us_citizen), (Status::Incomplete, Some(true)));
    assert_eq!((shown.address.state, shown.address.city.as_deref()), (Some(State::Ma), Some("Boston")));
    assert_eq!(shown.region, Some(RegionId(5_000_000_000)));
    assert_eq!(shown.state_fields, Some(json!({ "a": 1 })));
    assert_eq!(
        (shown.tracking.session_id, shown.tracking.utm_source.as_deref()),
        (Some(uuid(77)), Some("mail"))
    );
    assert_eq!((shown.created_at, shown.modified_at), (at(1), at(2)));
    assert_eq!((shown.sms_opt_in, shown.name.middle), (None, None));
    let voter = view.voters().of_action(ActionId(uuid(5))).await.expect("a read");
    assert_eq!(voter, Some(VoterId(uuid(3))));
    let known = view.voters().by_id(VoterId(uuid(3))).await.expect("a read").expect("it is there");
    assert_eq!(known.standing.registered, Some(true));
    let region = view.officials().region(RegionId(9)).await.expect("a read");
    let expected = Region {
        id: RegionId(9),
        name: Some("Ohio County".into()),
        county: None,
        municipality: None,
        municipality_type: None,
        state: None,
        hidden: false,
        external_updated: None,
    };
    assert_eq!(region, Some(expected));
}

/// The columns that the other service does not know are ours.
pub async fn a_row_that_was_put_over_ours_keeps_what_was_not_given(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let mut theirs = rows(unit.as_mut(), "register_registration", &[key(500)]).await.remove(0);
    theirs.insert("city".into(), json!("Salem"));
    theirs.remove("zipcode");
    theirs.insert("modified_at".into(), moment(12));
    let name = "register_registration";
    assert_eq!(unit.bulk_mut().put(table(name), &[theirs]).await.expect("a row"), 1);
    commit(unit).await;
    let shown = view(store).await.registrations().by_id(registration().id).await.expect("a read");
    let mut expected = registration();
    // the voter's language is a column that the other service has not
    (expected.address.city, expected.address.zipcode) = (Some("Salem".into()), None);
    expected.modified_at = at(12);
    assert_eq!(shown, Some(expected));
}

/// Of each model what was noted last.
pub async fn how_far_a_model_is_is_kept_by_origin(store: &dyn Store) {
    let first = Carried {
        model: "voter.voter".into(),
        floor: None,
        began: Some(12),
        after: Some("a key".into()),
        read: 5_000_000_000,
        written: 3,
    };
    let other = Carried { model: "action.action".into(), ..Carried::default() };
    let later = Carried { floor: Some(12), began: None, after: None, read: 5_000_000_001, ..first.clone() };
    let mut unit = unit(store).await;
    assert!(unit.bulk_mut().carried("here").await.expect("a read").is_empty());
    for carried in [&first, &other, &later] {
        unit.bulk_mut().put_carried("here", carried).await.expect("it is noted");
    }
    unit.bulk_mut().put_carried("there", &first).await.expect("it is noted");
    commit(unit).await;
    let mut unit = self::unit(store).await;
    assert_eq!(unit.bulk_mut().carried("here").await.expect("a read"), [other, later]);
    unit.bulk_mut().forget_carried("here").await.expect("it is forgotten");
    assert!(unit.bulk_mut().carried("here").await.expect("a read").is_empty());
    assert_eq!(unit.bulk_mut().carried("there").await.expect("a read"), [first]);
}

/// By key, some at a time.
pub async fn what_was_left_out_is_listed_until_it_is_settled(store: &dyn Store) {
    let out = |key: &str, why: &str| LeftOut { key: key.into(), why: why.into() };
    let mut unit = unit(store).await;
    let all = [out("b", "one"), out("c", "two"), out("a", "three")];
    for (origin, model) in [("here", "voter.voter"), ("here", "action.action"), ("there", "voter.voter")] {
        unit.bulk_mut().settle_left_out(origin, model, &[], &all).await.expect("they are noted");
    }
    let listed = async |unit: &mut dyn Unit, after: &str, limit: u32| {
        let rows = unit.bulk_mut().left_out("here", "voter.voter", after, limit).await.expect("a read");
        rows.into_iter().map(|row| (row.key, row.why)).collect::<Vec<_>>()
    };
    let pair = |key: &str, why: &str| (key.to_owned(), why.to_owned());
    assert_eq!(listed(unit.as_mut(), "", 2).await, [pair("a", "three"), pair("b", "one")]);
    assert_eq!(listed(unit.as_mut(), "b", 2).await, [pair("c", "two")]);
    // two were looked at again: one is in now, of the other something else is wrong
    let looked_at = ["a".to_owned(), "b".to_owned()];
    let still = [out("b", "four")];
    unit.bulk_mut().settle_left_out("here", "voter.voter", &looked_at, &still).await.expect("it is noted");
    assert_eq!(listed(unit.as_mut(), "", 9).await, [pair("b", "four"), pair("c", "two")]);
    for (origin, model, count) in [("here", "action.action", 3), ("there", "voter.voter", 3)] {
        let rows = unit.bulk_mut().left_out(origin, model, "", 9).await.expect("a read");
        assert_eq!(rows.len(), count, "{origin}, {model}");
    }
    unit.bulk_mut().forget_carried("here").await.expect("it is forgotten");
    assert!(listed(unit.as_mut(), "", 9).await.is_empty());
    let rows = unit.bulk_mut().left_out("there", "voter.voter", "", 9).await.expect("a read");
    assert_eq!(rows.len(), 3);
}

/// As all that is done in a unit.
pub async fn nothing_is_put_by_a_dropped_unit(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.bulk_mut().put(table("action_action"), &[action(1, 0, 10, true)]).await.expect("an action");
    unit.bulk_mut().put_carried("here", &Carried::default()).await.expect("it is noted");
    drop(unit);
    let mut unit = self::unit(store).await;
    assert!(unit.actions().by_id(ActionId(uuid(1))).await.expect("a read").is_none());
    assert!(unit.bulk_mut().carried("here").await.expect("a read").is_empty());
}
