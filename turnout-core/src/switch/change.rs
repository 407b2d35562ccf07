//! Writing switches.

use serde_json::Value;

use super::{Setting, SwitchName, SwitchValue};
use crate::{app::App, change::Change, ids::UserId, ports::store::StoreError};

fn setting(app: &App, name: SwitchName, value: &SwitchValue) -> Setting {
    let (feature, variable) = name.key();
    Setting {
        feature: feature.to_owned(),
        variable: variable.to_owned(),
        value: match value {
            SwitchValue::Flag(on) => (*on).into(),
            SwitchValue::Number(number) => (*number).into(),
            SwitchValue::Text(text) => text.as_str().into(),
        },
        modified_at: app.now(),
    }
}

/// Sets a switch, or with nothing takes back what was set, so that the preset counts again. In force in this process at
/// once, in others within seconds.
///
/// # Errors
/// When the store fails.
pub async fn set(app: &App, name: SwitchName, value: Option<&SwitchValue>) -> Result<(), StoreError> {
    set_by(app, None, name, value).await
}

/// The same by somebody with an account. Either way it is noted what the switch was set to before; a store that keeps no
/// log does not.
///
/// # Errors
/// When the store fails.
pub async fn set_by(
    app: &App,
    by: Option<UserId>,
    name: SwitchName,
    value: Option<&SwitchValue>,
) -> Result<(), StoreError> {
    let (feature, variable) = name.key();
    let mut unit = app.store.begin().await?;
    let before = unit.switches().get(feature, variable).await?.map(|setting| setting.value);
    let after: Option<Value> = value.map(|value| setting(app, name, value).value);
    match value {
        Some(value) => unit.switches_mut().put(&setting(app, name, value)).await?,
        None => unit.switches_mut().remove(feature, variable).await?,
    }
    if before != after {
        let act = if after.is_some() { "set" } else { "taken back" };
        let change = Change::new(app, by, "switch", name, act).from_to(before, after);
        match change.write(unit.as_mut()).await {
            Ok(()) | Err(StoreError::Absent(_)) => {}
            Err(error) => return Err(error),
        }
    }
    unit.commit().await?;
    app.rollouts.forget();
    Ok(())
}

/// Sets those of a file of first values that nobody has set yet. How many those were.
///
/// # Errors
/// When the store fails.
pub async fn add_first(app: &App, first: &[(SwitchName, SwitchValue)]) -> Result<usize, StoreError> {
    let mut unit = app.store.begin().await?;
    let mut added = 0;
    for (name, value) in first {
        added += usize::from(unit.switches_mut().add(&setting(app, *name, value)).await?);
    }
    unit.commit().await?;
    app.rollouts.forget();
    Ok(added)
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        memory::{World, world},
        ports::rollouts::Rollouts as _,
        switch::{StoredRollouts, drip, movote},
    };

    fn name(text: &str) -> SwitchName {
        SwitchName::parse(text).expect("a name of the catalogue")
    }

    #[tokio::test]
    async fn what_is_set_is_in_force_in_this_process_at_once() {
        let world = world();
        let rollouts = StoredRollouts::new(world.app.store.clone(), world.app.clock.clone());
        let app = App { rollouts: std::sync::Arc::new(rollouts), ..world.app.clone() };
        assert!(!app.switches().await.is_on(&movote::FEATURE));
        set(&app, name("movote"), Some(&SwitchValue::Flag(true))).await.expect("it is set");
        assert!(app.switches().await.is_on(&movote::FEATURE));
        set(&app, name("movote"), None).await.expect("it is taken back");
        assert!(!app.switches().await.is_on(&movote::FEATURE));
    }

    #[tokio::test]
    async fn who_set_what_is_noted_with_what_it_was() {
        use serde_json::json;

        use crate::{change::ChangeFilter, page::PageRequest, ports::store::Store as _};

        let world = world();
        let ann = Some(UserId(uuid::Uuid::from_u128(7)));
        for (by, value) in [(None, Some(false)), (ann, Some(true)), (ann, Some(true)), (ann, None)] {
            let value = value.map(SwitchValue::Flag);
            set_by(&world.app, by, name("drip"), value.as_ref()).await.expect("it is set");
            world.clock.advance(chrono::TimeDelta::seconds(1));
        }
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        let history = ChangeFilter::history("switch", "drip");
        let noted = view.changes().page(&history, &page).await.expect("a read").rows;
        let noted: Vec<_> = noted.into_iter().map(|it| (it.by, it.act, it.before, it.after)).collect();
        assert_eq!(
            noted,
            [
                (ann, "taken back".to_owned(), Some(json!(true)), None),
                (ann, "set".to_owned(), Some(json!(false)), Some(json!(true))),
                (None, "set".to_owned(), None, Some(json!(false))),
            ]
        );
    }

    #[tokio::test]
    async fn first_values_leave_alone_what_was_set() {
        let World { app, .. } = world();
        let rollouts = StoredRollouts::new(app.store.clone(), app.clock.clone());
        set(&app, name("drip"), Some(&SwitchValue::Flag(false))).await.expect("it is set");
        let first = [(name("drip"), SwitchValue::Flag(true)), (name("movote"), SwitchValue::Flag(true))];
        assert_eq!(add_first(&app, &first).await.expect("they are added"), 1);
        assert_eq!(add_first(&app, &first).await.expect("they are there"), 0);
        let switches = rollouts.switches().await;
        assert!(!switches.is_on(&drip::FEATURE) && switches.is_on(&movote::FEATURE));
    }
}
