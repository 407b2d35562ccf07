//! Writing switches.

use super::{Setting, SwitchName, SwitchValue};
use crate::{app::App, ports::store::StoreError};

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
    let mut unit = app.store.begin().await?;
    match value {
        Some(value) => unit.switches_mut().put(&setting(app, name, value)).await?,
        None => {
            let (feature, variable) = name.key();
            unit.switches_mut().remove(feature, variable).await?;
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
