//! A cache in RAM that forgets nothing early.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use super::locked;
use crate::ports::{cache::Cache, clock::Clock};

/// Keeps bytes until their lifetime ends by its clock. Unbounded: for tests.
#[derive(Clone)]
pub struct MemoryCache {
    clock: Arc<dyn Clock>,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
}

/// A value, and until when it is kept.
type Kept = (Bytes, DateTime<Utc>);

impl MemoryCache {
    /// An empty cache.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self { clock: Arc::new(clock), kept: Arc::default() }
    }

    /// The keys of everything that is kept, ended or not, in their order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = locked(&self.kept).keys().cloned().collect();
        keys.sort();
        keys
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<Bytes> {
        let now = self.clock.now();
        locked(&self.kept).get(key).filter(|(_, until)| now < *until).map(|(value, _)| value.clone())
    }

    async fn set(&self, key: &str, value: Bytes, lifetime: TimeDelta) {
        let until = self.clock.now().checked_add_signed(lifetime).unwrap_or(DateTime::<Utc>::MAX_UTC);
        locked(&self.kept).insert(key.to_owned(), (value, until));
    }

    async fn forget(&self, key: &str) {
        locked(&self.kept).remove(key);
    }
}
