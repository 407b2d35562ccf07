//! What a store promises that takes rows of another service over. A store may lack this room.

use serde_json::{Value, json};

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, uuid},
    django::tables,
    election::FieldType,
    ids::{ActionId, FieldTypeId},
    ports::store::{Row, Store, Table},
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
    assert_eq!(
        view(store).await.officials().offices(crate::ids::RegionId(7)).await.expect("a read").len(),
        1
    );
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
