//! [`Rollouts`] over the store.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Setting, Switches};
use crate::ports::{
    clock::Clock,
    rollouts::Rollouts,
    store::{Store, StoreError},
};

/// How long what was read is kept: what another process sets is in force here after that time.
const LIFETIME: TimeDelta = TimeDelta::seconds(5);

/// The switches of the store, read every five seconds at the most. While the store fails, those that were read last;
/// before, the presets of the catalogue.
pub struct StoredRollouts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    lifetime: TimeDelta,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    switches: Arc<Switches>,
    settings: Vec<Setting>,
    /// When they were read, or somebody set out to.
    read_at: Option<DateTime<Utc>>,
}

impl StoredRollouts {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, lifetime: LIFETIME, kept: Mutex::default() }
    }

    /// Keeps what was read for longer or shorter. Zero reads it every time.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: TimeDelta) -> Self {
        self.lifetime = lifetime;
        self
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept, unless it is too old. Whoever finds it too old reads it anew, and the others go on with it.
    fn fresh(&self) -> Option<Arc<Switches>> {
        let now = self.clock.now();
        let mut kept = self.kept();
        let read_at = kept.read_at?;
        if read_at > now || now - read_at >= self.lifetime {
            kept.read_at = Some(now);
            return None;
        }
        Some(Arc::clone(&kept.switches))
    }

    async fn read(&self) -> Result<Vec<Setting>, StoreError> {
        self.store.view().await?.switches().all().await
    }
}

#[async_trait]
impl Rollouts for StoredRollouts {
    async fn switches(&self) -> Arc<Switches> {
        if let Some(switches) = self.fresh() {
            return switches;
        }
        let read = self.read().await;
        let mut kept = self.kept();
        match read {
            Ok(settings) => {
                if settings != kept.settings {
                    let (switches, complaints) = Switches::from_settings(&settings);
                    for complaint in complaints.iter().filter(|complaint| !complaint.is_idle()) {
                        tracing::warn!(%complaint, "a switch in the database has no effect");
                    }
                    kept.switches = Arc::new(switches);
                    kept.settings = settings;
                }
                kept.read_at = Some(self.clock.now());
            }
            // a store without this room has nothing to say
            Err(StoreError::Absent(_)) => kept.read_at = Some(self.clock.now()),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the switches cannot be read: those from before stay in force"
                );
            }
        }
        Arc::clone(&kept.switches)
    }

    fn forget(&self) {
        self.kept().read_at = None;
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        memory::{World, world},
        switch::movote,
    };

    async fn put(world: &World, on: bool) {
        let mut unit = world.store.begin().await.expect("a unit");
        let setting = Setting {
            feature: "movote".into(),
            variable: String::new(),
            value: json!(on),
            modified_at: world.app.now(),
        };
        unit.switches_mut().put(&setting).await.expect("it is put");
        unit.commit().await.expect("it is kept");
    }

    #[tokio::test]
    async fn what_another_process_sets_is_in_force_after_five_seconds() {
        let world = world();
        let rollouts = StoredRollouts::new(world.app.store.clone(), world.app.clock.clone());
        let is_on = async || rollouts.switches().await.is_on(&movote::FEATURE);
        assert!(!is_on().await);
        put(&world, true).await;
        world.clock.advance(TimeDelta::milliseconds(4999));
        assert!(!is_on().await);
        world.clock.advance(TimeDelta::milliseconds(1));
        assert!(is_on().await);
        put(&world, false).await;
        assert!(is_on().await);
        rollouts.forget();
        assert!(!is_on().await);
    }

    #[tokio::test]
    async fn a_clock_that_was_put_back_keeps_nothing_for_longer() {
        let world = world();
        let rollouts = StoredRollouts::new(world.app.store.clone(), world.app.clock.clone());
        rollouts.switches().await;
        put(&world, true).await;
        world.clock.advance(TimeDelta::hours(-1));
        assert!(rollouts.switches().await.is_on(&movote::FEATURE));
    }

    /// A store that fails when it is told to.
    struct Failing(crate::memory::MemoryStore, std::sync::atomic::AtomicBool);

    #[async_trait]
    impl Store for Failing {
        async fn view(&self) -> Result<Box<dyn crate::ports::store::View>, StoreError> {
            if self.1.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(StoreError::Unavailable("gone".into()));
            }
            self.0.view().await
        }

        async fn begin(&self) -> Result<Box<dyn crate::ports::store::Unit>, StoreError> {
            self.0.begin().await
        }

        async fn complaints(&self) -> Vec<String> {
            Vec::new()
        }
    }

    #[tokio::test]
    async fn while_the_store_fails_what_was_read_last_stays_in_force() {
        let world = world();
        put(&world, true).await;
        let failing = Arc::new(Failing(world.store.clone(), false.into()));
        let rollouts = StoredRollouts::new(failing.clone(), world.app.clock.clone());
        assert!(rollouts.switches().await.is_on(&movote::FEATURE));
        failing.1.store(true, std::sync::atomic::Ordering::Relaxed);
        world.clock.advance(TimeDelta::seconds(6));
        assert!(rollouts.switches().await.is_on(&movote::FEATURE));
    }
}
