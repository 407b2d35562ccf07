//! What the room of actions promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    action::{EventType, Source},
    conformance::rows::{action, event, references, registration, uuid},
    ids::ActionId,
    ports::store::Store,
};

/// A test for every case of the room of actions.
#[macro_export]
macro_rules! actions_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            actions,
            [$($open)+],
            store::actions,
            [
                an_action_comes_back_as_it_was_put,
                an_action_is_inserted_once,
                events_come_oldest_first,
                an_event_is_looked_for_among_several_kinds,
                an_action_leads_to_the_record_of_its_tool,
            ]
        );
    };
}

/// To the microsecond.
pub async fn an_action_comes_back_as_it_was_put(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.actions().by_id(ActionId(uuid(1))).await.expect("a read"), Some(action(1)));
    assert_eq!(view.actions().by_id(ActionId(uuid(2))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn an_action_is_inserted_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    assert!(is_conflict(&unit.actions_mut().insert(&action(1)).await));
}

/// Of the same moment, by id; those of other actions are not among them.
pub async fn events_come_oldest_first(store: &dyn Store) {
    let put = [
        event(3, EventType::Finish, 5),
        event(9, EventType::Start, 1),
        event(2, EventType::Download, 5),
        event(4, EventType::Download, 7),
    ];
    let mut unit = unit(store).await;
    for number in [1, 2] {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
    for event in &put {
        unit.actions_mut().record(event).await.expect("an event");
    }
    let mut other = event(5, EventType::Start, 0);
    other.action = ActionId(uuid(2));
    unit.actions_mut().record(&other).await.expect("an event");
    commit(unit).await;
    let [finish, start, download, again] = put;
    let mut view = view(store).await;
    let found = view.actions().events(ActionId(uuid(1))).await.expect("a read");
    assert_eq!(found, [start, download, finish, again]);
    assert_eq!(view.actions().events(ActionId(uuid(3))).await.expect("a read"), []);
}

/// Of no kind there is none.
pub async fn an_event_is_looked_for_among_several_kinds(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    unit.actions_mut().record(&event(3, EventType::FinishLeoFaxSent, 5)).await.expect("an event");
    commit(unit).await;
    let mut view = view(store).await;
    let id = ActionId(uuid(1));
    for (kinds, found) in [
        (&[EventType::LobMailed, EventType::FinishLeoFaxSent][..], true),
        (&[EventType::FinishLeoFaxPending, EventType::FinishLeo], false),
        (&[], false),
    ] {
        assert_eq!(view.actions().has_event(id, kinds).await.expect("a read"), found, "{kinds:?}");
    }
    let other = ActionId(uuid(2));
    assert!(!view.actions().has_event(other, &[EventType::FinishLeoFaxSent]).await.expect("a read"));
}

/// Within the unit that made it, too.
pub async fn an_action_leads_to_the_record_of_its_tool(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    let id = ActionId(uuid(1));
    assert_eq!(unit.actions().source(id).await.expect("a read"), None);
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let source = Some(Source::Registration(registration().id));
    assert_eq!(unit.actions().source(id).await.expect("a read"), source);
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.actions().source(id).await.expect("a read"), source);
    assert_eq!(view.actions().source(ActionId(uuid(2))).await.expect("a read"), None);
}
