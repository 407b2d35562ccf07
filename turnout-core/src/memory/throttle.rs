//! A throttle in RAM.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::locked;
use crate::ports::{
    clock::Clock,
    throttle::{Quota, Throttle, Verdict},
};

/// Counts by the generic cell rate algorithm: per key and quota it keeps the moment at which everything counted so far
/// will have been paid back.
#[derive(Clone)]
pub struct MemoryThrottle {
    clock: Arc<dyn Clock>,
    paid_back: Arc<Mutex<Counted>>,
}

/// Key, burst and milliseconds per event, to the moment when all is paid back.
type Counted = HashMap<(String, u32, i64), DateTime<Utc>>;

impl MemoryThrottle {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self { clock: Arc::new(clock), paid_back: Arc::default() }
    }
}

#[async_trait]
impl Throttle for MemoryThrottle {
    async fn check(&self, key: &str, quota: Quota) -> Verdict {
        let now = self.clock.now();
        let burst = i32::try_from(quota.burst.max(1)).unwrap_or(i32::MAX);
        let key = (key.to_owned(), quota.burst, quota.every.num_milliseconds());
        let mut counted = locked(&self.paid_back);
        let paid_back = counted.get(&key).copied().unwrap_or(now).max(now) + quota.every;
        let allowed_at = paid_back - quota.every * burst;
        if now < allowed_at {
            return Verdict::Wait(allowed_at - now);
        }
        counted.insert(key, paid_back);
        Verdict::Allowed
    }
}
