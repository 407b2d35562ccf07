//! Whose turn it is to make a call.

use chrono::TimeDelta;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{CallKey, KEPT, KeptAnswer, KeyedCall};
use crate::{
    app::App,
    ports::store::{StoreError, unless_absent},
};

/// What to do with a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// Make it, with ids of this seed.
    Yours {
        /// What its ids are made of.
        seed: Uuid,
        /// Whether somebody began it and was broken off, so that its records may be there.
        begun: bool,
    },
    /// It was made: this is its answer.
    Answered(KeptAnswer),
    /// Somebody is making it.
    Busy,
    /// The key belongs to a call with something else in it.
    Another,
}

/// Asks for the turn, and writes the call down when it is new. `lease` is how long one may be at work on it: then somebody
/// else may make it again, with the same ids.
///
/// # Errors
/// When the store fails.
pub async fn begin(app: &App, key: &CallKey, lease: TimeDelta) -> Result<Turn, StoreError> {
    let now = app.now();
    let mut view = app.store.view().await?;
    let found = view.keyed_calls().by_place(&key.place).await?;
    drop(view);
    let old = now - KEPT;
    if let Some(call) = found.as_ref().filter(|call| call.created_at > old) {
        if !bool::from(call.fingerprint.ct_eq(&key.fingerprint)) {
            return Ok(Turn::Another);
        }
        if let Some(answer) = &call.answer {
            return Ok(Turn::Answered(answer.clone()));
        }
        if now < call.lease_until {
            return Ok(Turn::Busy);
        }
    }
    let fresh = KeyedCall {
        place: key.place,
        fingerprint: key.fingerprint,
        seed: app.ids.uuid(),
        lease_until: now + lease,
        answer: None,
        created_at: now,
    };
    let mut unit = app.store.begin().await?;
    let turn = match found {
        // it was broken off: whoever is first goes on with it
        Some(call) if call.created_at > old => {
            let taken = unit.keyed_calls_mut().take_over(&key.place, now, fresh.lease_until).await?;
            taken.then_some(Turn::Yours { seed: call.seed, begun: true })
        }
        _ => {
            unit.keyed_calls_mut().forget(&key.place, old).await?;
            let is_new = unit.keyed_calls_mut().add(&fresh).await?;
            is_new.then_some(Turn::Yours { seed: fresh.seed, begun: false })
        }
    };
    unit.commit().await?;
    Ok(turn.unwrap_or(Turn::Busy))
}

/// Keeps the answer of a call.
///
/// # Errors
/// When the store fails.
pub async fn finish(app: &App, key: &CallKey, answer: &KeptAnswer) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unit.keyed_calls_mut().answer(&key.place, answer).await?;
    unit.commit().await
}

/// Forgets a call that was refused or failed, and so may be made again, with something else in it, too.
///
/// # Errors
/// When the store fails.
pub async fn break_off(app: &App, key: &CallKey) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unit.keyed_calls_mut().remove(&key.place).await?;
    unit.commit().await
}

/// So many calls are forgotten at once.
const AT_ONCE: u32 = 1000;

/// Forgets calls that are older than [`KEPT`]; says how many.
///
/// # Errors
/// When the store fails.
pub async fn forget_old(app: &App) -> Result<u64, StoreError> {
    let before = app.now() - KEPT;
    let mut forgotten = 0;
    loop {
        let mut unit = app.store.begin().await?;
        let some = unless_absent(unit.keyed_calls_mut().purge(before, AT_ONCE).await)?;
        unit.commit().await?;
        forgotten += some;
        if some < u64::from(AT_ONCE) {
            return Ok(forgotten);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::memory::world;

    const LEASE: TimeDelta = TimeDelta::minutes(1);

    fn key(app: &App, sent: &[u8]) -> CallKey {
        CallKey::new(app, "/v1/event/track/", "", "a key", sent)
    }

    #[tokio::test]
    async fn a_call_is_made_once_and_then_answered_for_a_day() {
        let world = world();
        let app = world.app.clone();
        let key = key(&app, b"a");
        assert!(matches!(begin(&app, &key, LEASE).await, Ok(Turn::Yours { begun: false, .. })));
        assert_eq!(begin(&app, &key, LEASE).await.ok(), Some(Turn::Busy));
        let answer = KeptAnswer { status: 200, body: json!({"uuid": 1}) };
        finish(&app, &key, &answer).await.expect("it is kept");
        for _ in 0..2 {
            assert_eq!(begin(&app, &key, LEASE).await.ok(), Some(Turn::Answered(answer.clone())));
        }
        assert_eq!(begin(&app, &self::key(&app, b"b"), LEASE).await.ok(), Some(Turn::Another));
        world.clock.advance(KEPT);
        assert!(matches!(begin(&app, &key, LEASE).await, Ok(Turn::Yours { begun: false, .. })));
    }

    #[tokio::test]
    async fn a_call_that_was_broken_off_is_made_again_with_the_same_ids_by_one() {
        let world = world();
        let app = world.app.clone();
        let key = key(&app, b"a");
        let Ok(Turn::Yours { seed, .. }) = begin(&app, &key, LEASE).await else { panic!("it is new") };
        world.clock.advance(LEASE);
        assert_eq!(begin(&app, &key, LEASE).await.ok(), Some(Turn::Yours { seed, begun: true }));
        assert_eq!(begin(&app, &key, LEASE).await.ok(), Some(Turn::Busy));
    }

    #[tokio::test]
    async fn a_call_that_was_refused_may_be_made_with_something_else() {
        let app = world().app;
        assert!(matches!(begin(&app, &key(&app, b"a"), LEASE).await, Ok(Turn::Yours { .. })));
        break_off(&app, &key(&app, b"a")).await.expect("it is forgotten");
        assert!(matches!(begin(&app, &key(&app, b"b"), LEASE).await, Ok(Turn::Yours { .. })));
    }
}
