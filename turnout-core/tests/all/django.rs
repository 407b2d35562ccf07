//! The first look at a document of the Django service. What a whole takeover does is tested on the databases.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use turnout_core::{
    App,
    django::{Record, Report, Survey, TakeoverError},
    ids::ActionId,
    memory::{MemoryStore, world},
    ports::store::{
        Actions, Elections, Files, Jobs, Officials, ReadActions, ReadElections, ReadFiles, ReadJobs,
        ReadOfficials, ReadRegistrations, ReadSubscribers, Registrations, Store, StoreError, Subscribers,
        Unit, View,
    },
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

const ACTION: &str = "00000000-0000-4000-8000-000000000001";

/// Takes over a document of one action.
async fn take_over(app: &App, modified: &str, visible: bool) -> Result<Report, TakeoverError> {
    let fields = json!({
        "created_at": "2020-01-01T00:00:00Z", "modified_at": modified, "visible_to_subscriber": visible,
    });
    let action = record("action.action", &json!(ACTION), &fields);
    let mut survey = Survey::new(app);
    survey.look(&action);
    let mut takeover = survey.begin().await?;
    takeover.put(&action).await?;
    takeover.finish().await
}

#[tokio::test]
async fn the_same_document_again_changes_nothing_and_a_later_one_what_it_says() {
    let world = world();
    for (modified, visible, written, is_visible) in [
        ("2020-01-02T00:00:00Z", true, 1, true),
        ("2020-01-02T00:00:00Z", false, 0, true),
        ("2020-01-03T00:00:00Z", false, 1, false),
    ] {
        let report = take_over(&world.app, modified, visible).await.unwrap();
        assert_eq!(report.written.values().sum::<u64>(), written, "{modified}");
        let mut view = world.app.store.view().await.unwrap();
        let action = view.actions().by_id(ActionId::parse(ACTION).unwrap()).await.unwrap().unwrap();
        assert_eq!(action.visible_to_subscriber, is_visible, "{modified}");
    }
}

/// A store of nothing but the required rooms.
struct Bare(MemoryStore);

struct BareUnit(Box<dyn Unit>);

macro_rules! rooms {
    ($($name:ident: $room:ident;)*) => {$(
        fn $name(&mut self) -> &mut dyn $room {
            self.0.$name()
        }
    )*};
}

impl View for BareUnit {
    rooms! {
        actions: ReadActions;
        registrations: ReadRegistrations;
        subscribers: ReadSubscribers;
        elections: ReadElections;
        officials: ReadOfficials;
        files: ReadFiles;
        jobs: ReadJobs;
    }
}

#[async_trait]
impl Unit for BareUnit {
    rooms! {
        actions_mut: Actions;
        registrations_mut: Registrations;
        subscribers_mut: Subscribers;
        elections_mut: Elections;
        officials_mut: Officials;
        files_mut: Files;
        jobs_mut: Jobs;
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

#[async_trait]
impl Store for Bare {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.0.view().await
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        Ok(Box::new(BareUnit(self.0.begin().await?)))
    }

    async fn complaints(&self) -> Vec<String> {
        self.0.complaints().await
    }
}

#[tokio::test]
async fn a_store_without_the_room_says_so() {
    let mut app = world().app;
    app.store = Arc::new(Bare(MemoryStore::new()));
    let refused = take_over(&app, "2020-01-01T00:00:00Z", true).await;
    assert!(matches!(refused, Err(TakeoverError::Store(StoreError::Absent(_)))));
}
