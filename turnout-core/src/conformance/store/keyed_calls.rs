//! What the room of calls that carry a key promises.

use serde_json::json;
use uuid::Uuid;

use super::{commit, unit, view};
use crate::{
    conformance::rows::at,
    keyed_call::{KeptAnswer, KeyedCall},
    ports::store::Store,
};

/// A test for every case of the room of calls that carry a key.
#[macro_export]
macro_rules! keyed_calls_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            keyed_calls,
            [$($open)+],
            store::keyed_calls,
            [
                a_call_comes_back_with_its_answer,
                a_place_is_taken_once,
                a_call_without_an_answer_is_taken_over_when_its_lease_ends,
                what_is_answered_is_not_removed,
                old_calls_are_purged_oldest_first,
            ]
        );
    };
}

fn call(number: u8) -> KeyedCall {
    KeyedCall {
        place: [number; 32],
        fingerprint: [0xff; 32],
        seed: Uuid::from_u128(number.into()),
        lease_until: at(10),
        answer: None,
        created_at: at(i64::from(number)),
    }
}

/// Status and body.
pub async fn a_call_comes_back_with_its_answer(store: &dyn Store) {
    let (call, answer) = (call(1), KeptAnswer { status: 201, body: json!({"a": [1, null, "ñ"]}) });
    let mut first = unit(store).await;
    assert!(first.keyed_calls_mut().add(&call).await.expect("it is added"));
    commit(first).await;
    assert_eq!(
        view(store).await.keyed_calls().by_place(&call.place).await.expect("a read"),
        Some(call.clone())
    );
    let mut second = unit(store).await;
    second.keyed_calls_mut().answer(&call.place, &answer).await.expect("it is kept");
    second.keyed_calls_mut().answer(&[9; 32], &answer).await.expect("nobody is there");
    commit(second).await;
    let answered = KeyedCall { answer: Some(answer), ..call.clone() };
    assert_eq!(view(store).await.keyed_calls().by_place(&call.place).await.expect("a read"), Some(answered));
    assert_eq!(view(store).await.keyed_calls().by_place(&[9; 32]).await.expect("a read"), None);
}

/// Whatever the second one is.
pub async fn a_place_is_taken_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    assert!(unit.keyed_calls_mut().add(&call(1)).await.expect("it is added"));
    let other = KeyedCall { seed: Uuid::from_u128(7), ..call(1) };
    assert!(!unit.keyed_calls_mut().add(&other).await.expect("it is taken"));
    commit(unit).await;
    assert_eq!(view(store).await.keyed_calls().by_place(&[1; 32]).await.expect("a read"), Some(call(1)));
}

/// Not before, and not twice.
pub async fn a_call_without_an_answer_is_taken_over_when_its_lease_ends(store: &dyn Store) {
    let mut unit = unit(store).await;
    let calls = unit.keyed_calls_mut();
    calls.add(&call(1)).await.expect("it is added");
    calls.add(&call(2)).await.expect("it is added");
    calls.answer(&[2; 32], &KeptAnswer { status: 200, body: json!({}) }).await.expect("it is kept");
    for (place, now, taken) in [(1, 9, false), (1, 10, true), (1, 11, false), (2, 11, false), (3, 11, false)]
    {
        let took = calls.take_over(&[place; 32], at(now), at(20)).await.expect("a write");
        assert_eq!(took, taken, "{place} at {now}");
    }
    commit(unit).await;
    let found = view(store).await.keyed_calls().by_place(&[1; 32]).await.expect("a read");
    assert_eq!(found.map(|it| it.lease_until), Some(at(20)));
}

/// An answer that came meanwhile stays.
pub async fn what_is_answered_is_not_removed(store: &dyn Store) {
    let mut unit = unit(store).await;
    let calls = unit.keyed_calls_mut();
    calls.add(&call(1)).await.expect("it is added");
    calls.add(&call(2)).await.expect("it is added");
    calls.answer(&[2; 32], &KeptAnswer { status: 200, body: json!({}) }).await.expect("it is kept");
    calls.remove(&[1; 32]).await.expect("it is removed");
    calls.remove(&[2; 32]).await.expect("nothing is");
    assert!(calls.by_place(&[1; 32]).await.expect("a read").is_none());
    assert!(calls.by_place(&[2; 32]).await.expect("a read").is_some());
    calls.forget(&[2; 32], at(1)).await.expect("it is younger");
    assert!(calls.by_place(&[2; 32]).await.expect("a read").is_some());
    calls.forget(&[2; 32], at(2)).await.expect("it is forgotten");
    assert!(calls.by_place(&[2; 32]).await.expect("a read").is_none());
    commit(unit).await;
}

/// So many, and no younger ones.
pub async fn old_calls_are_purged_oldest_first(store: &dyn Store) {
    let mut unit = unit(store).await;
    let calls = unit.keyed_calls_mut();
    for number in [3, 1, 2, 4] {
        calls.add(&call(number)).await.expect("it is added");
    }
    assert_eq!(calls.purge(at(3), 2).await.expect("a write"), 2);
    assert!(calls.by_place(&[2; 32]).await.expect("a read").is_none());
    assert!(calls.by_place(&[3; 32]).await.expect("a read").is_some());
    assert_eq!(calls.purge(at(3), 2).await.expect("a write"), 1);
    assert!(calls.by_place(&[4; 32]).await.expect("a read").is_some());
    commit(unit).await;
}
