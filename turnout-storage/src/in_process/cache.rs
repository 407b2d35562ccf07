//! A cache in memory.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use moka::{Expiry, future::Cache as Moka};
use turnout_core::ports::{cache::Cache, clock::Clock};

/// What one entry costs beside its key and value, in bytes: a guess on the high side.
const OVERHEAD: usize = 128;

/// Keeps bytes in memory, up to a size; of too many, those asked for least go first.
pub struct LocalCache {
    entries: Moka<String, Entry>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Entry {
    value: Bytes,
    until: DateTime<Utc>,
    lifetime: Duration,
}

/// Lets moka drop what has ended; what a reader gets is decided by our own clock.
struct Lifetime;

impl Expiry<String, Entry> for Lifetime {
    fn expire_after_create(&self, _key: &String, entry: &Entry, _now: Instant) -> Option<Duration> {
        Some(entry.lifetime)
    }

    fn expire_after_update(
        &self,
        _key: &String,
        entry: &Entry,
        _now: Instant,
        _left: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.lifetime)
    }
}

impl LocalCache {
    /// A cache of `bytes` at the most.
    #[must_use]
    pub fn new(bytes: u64, clock: Arc<dyn Clock>) -> Self {
        let weigh = |key: &String, entry: &Entry| {
            u32::try_from(key.len() + entry.value.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let entries = Moka::builder().max_capacity(bytes).weigher(weigh).expire_after(Lifetime).build();
        Self { entries, clock }
    }

    /// Forgets everything.
    #[cfg(feature = "redis")]
    pub(crate) fn clear(&self) {
        self.entries.invalidate_all();
    }
}

#[async_trait]
impl Cache for LocalCache {
    async fn get(&self, key: &str) -> Option<Bytes> {
        let entry = self.entries.get(key).await?;
        (self.clock.now() < entry.until).then_some(entry.value)
    }

    async fn set(&self, key: &str, value: Bytes, lifetime: TimeDelta) {
        let until = self.clock.now().checked_add_signed(lifetime);
        match (until, lifetime.to_std()) {
            (Some(until), Ok(lifetime)) if !lifetime.is_zero() => {
                self.entries.insert(key.to_owned(), Entry { value, until, lifetime }).await;
            }
            _ => self.forget(key).await,
        }
    }

    async fn forget(&self, key: &str) {
        self.entries.invalidate(key).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Noon;
    impl Clock for Noon {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }
    }

    #[tokio::test]
    async fn a_full_cache_stays_within_its_size() {
        let cache = LocalCache::new(10_000, Arc::new(Noon));
        for number in 0..1_000 {
            cache.set(&number.to_string(), Bytes::from_static(&[7; 100]), TimeDelta::hours(1)).await;
        }
        cache.entries.run_pending_tasks().await;
        assert!(cache.entries.weighted_size() <= 10_000, "{}", cache.entries.weighted_size());
        assert!(cache.entries.entry_count() > 10, "{}", cache.entries.entry_count());
    }
}
