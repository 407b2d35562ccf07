//! What the room of switches promises.

use serde_json::json;

use super::{commit, unit, view};
use crate::{conformance::rows::at, ports::store::Store, switch::Setting};

/// A test for every case of the room of switches.
#[macro_export]
macro_rules! switches_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            switches,
            [$($open)+],
            store::switches,
            [
                every_kind_of_value_comes_back,
                settings_are_listed_by_feature_and_variable,
                what_is_put_takes_the_place_of_what_was_set,
                what_is_added_leaves_alone_what_was_set,
                what_is_removed_is_not_set,
            ]
        );
    };
}

fn setting(feature: &str, variable: &str, value: serde_json::Value) -> Setting {
    Setting { feature: feature.into(), variable: variable.into(), value, modified_at: at(7) }
}

/// A feature and variables: on and off, a number, texts.
pub async fn every_kind_of_value_comes_back(store: &dyn Store) {
    let values = [json!(true), json!(false), json!(4_294_967_295_u32), json!("ñ\n\"q\""), json!("")];
    let mut unit = unit(store).await;
    for (number, value) in values.iter().enumerate() {
        let variable = if number == 0 { String::new() } else { format!("v{number}") };
        unit.switches_mut().put(&setting("a", &variable, value.clone())).await.expect("it is put");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (number, value) in values.into_iter().enumerate() {
        let variable = if number == 0 { String::new() } else { format!("v{number}") };
        let found = view.switches().get("a", &variable).await.expect("a read");
        assert_eq!(found, Some(setting("a", &variable, value)));
    }
    assert_eq!(view.switches().get("A", "").await.expect("a read"), None);
}

/// Byte by byte, the feature itself first.
pub async fn settings_are_listed_by_feature_and_variable(store: &dyn Store) {
    let mut unit = unit(store).await;
    for (feature, variable) in [("b", ""), ("a", "z"), ("a", ""), ("a", "OH"), ("a_b", "")] {
        unit.switches_mut().put(&setting(feature, variable, json!(true))).await.expect("it is put");
    }
    commit(unit).await;
    let all = view(store).await.switches().all().await.expect("a read");
    let names: Vec<_> = all.iter().map(|it| (it.feature.as_str(), it.variable.as_str())).collect();
    assert_eq!(names, [("a", ""), ("a", "OH"), ("a", "z"), ("a_b", ""), ("b", "")]);
}

/// Of another kind too.
pub async fn what_is_put_takes_the_place_of_what_was_set(store: &dyn Store) {
    let mut unit = unit(store).await;
    let changed = Setting { modified_at: at(9), ..setting("a", "b", json!("two")) };
    for it in [&setting("a", "b", json!(1)), &changed] {
        unit.switches_mut().put(it).await.expect("it is put");
    }
    commit(unit).await;
    assert_eq!(view(store).await.switches().all().await.expect("a read"), [changed]);
}

/// And says that it did.
pub async fn what_is_added_leaves_alone_what_was_set(store: &dyn Store) {
    let mut unit = unit(store).await;
    let first = setting("a", "", json!(true));
    assert!(unit.switches_mut().add(&first).await.expect("it is added"));
    assert!(!unit.switches_mut().add(&setting("a", "", json!(false))).await.expect("it is there"));
    assert!(unit.switches_mut().add(&setting("a", "b", json!(false))).await.expect("it is added"));
    commit(unit).await;
    assert_eq!(view(store).await.switches().get("a", "").await.expect("a read"), Some(first));
}

/// Only that one, and again is no error.
pub async fn what_is_removed_is_not_set(store: &dyn Store) {
    let mut unit = unit(store).await;
    for variable in ["", "b"] {
        unit.switches_mut().put(&setting("a", variable, json!(true))).await.expect("it is put");
    }
    for _ in 0..2 {
        unit.switches_mut().remove("a", "").await.expect("it is removed");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.switches().get("a", "").await.expect("a read"), None);
    assert!(view.switches().get("a", "b").await.expect("a read").is_some());
}
