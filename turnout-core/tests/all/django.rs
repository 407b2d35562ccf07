//! The first look at a document of the Django service. What a whole takeover does is tested on the databases.

use serde_json::{Value, json};
use turnout_core::{
    django::{Record, Survey, TakeoverError},
    memory::world,
    ports::store::StoreError,
};

fn record(model: &str, pk: &Value, fields: &Value) -> Record {
    serde_json::from_value(json!({ "model": model, "pk": pk, "fields": fields })).unwrap()
}

#[test]
fn complaints_are_kept_up_to_a_bound_and_the_others_counted() {
    let mut survey = Survey::new(&world().app);
    for number in 0..1_005 {
        survey.look(&record(
            "action.action",
            &json!(number),
            &json!({ "created_at": "2020-01-01T00:00:00Z" }),
        ));
    }
    let (complaints, more) = survey.complaints();
    assert_eq!(complaints.len(), 1_000);
    // a key that is no UUID, and no time of change, of each
    assert_eq!(more, 2 * 1_005 - 1_000);
    assert_eq!(complaints[0].to_string(), "action.action 0: pk is no text");
    assert_eq!(complaints[1].to_string(), "action.action 0: modified_at may not be null");
}

#[test]
fn what_is_left_out_is_counted_by_name() {
    let mut survey = Survey::new(&world().app);
    for model in ["reversion.version", "reversion.version", "sessions.session", "made.up"] {
        survey.look(&record(model, &json!(1), &json!({})));
    }
    let report = survey.report();
    let names = |counts: &std::collections::BTreeMap<String, u64>| {
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>()
    };
    assert_eq!(names(&report.not_yet), ["reversion.version 2"]);
    assert_eq!(names(&report.left_behind), ["sessions.session 1"]);
    assert_eq!(names(&report.unknown_models), ["made.up 1"]);
    assert!(survey.complaints().0.is_empty());
}

#[tokio::test]
async fn a_store_without_the_room_says_so() {
    let world = world();
    let mut survey = Survey::new(&world.app);
    let id = "00000000-0000-4000-8000-000000000001";
    let times = json!({ "created_at": "2020-01-01T00:00:00Z", "modified_at": "2020-01-01T00:00:00Z" });
    survey.look(&record("action.action", &json!(id), &times));
    let mut takeover = survey.begin().await.unwrap();
    takeover.put(&record("action.action", &json!(id), &times)).await.unwrap();
    let refused = takeover.finish().await;
    assert!(matches!(refused, Err(TakeoverError::Store(StoreError::Absent(_)))));
}
