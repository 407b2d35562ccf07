//! A throttle in memory (GCRA).

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use chrono::TimeDelta;
use governor::{
    RateLimiter,
    clock::{Clock as GovernorClock, ReasonablyRealtime},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::keyed::DefaultKeyedStateStore,
};
use turnout_core::ports::{
    clock::Clock,
    throttle::{Quota, Throttle, Verdict},
};

/// After so many checks of one quota, keys that count nothing any more are dropped.
const CHECKS_PER_SWEEP: u64 = 1_024;

/// Our clock, as nanoseconds since 1970.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let nanos = self.0.now().timestamp_nanos_opt().unwrap_or(i64::MAX);
        Nanos::from(u64::try_from(nanos).unwrap_or(0))
    }
}

impl ReasonablyRealtime for Ticks {}

type Limiter = RateLimiter<String, DefaultKeyedStateStore<String>, Ticks, NoOpMiddleware<Nanos>>;

/// One quota's keys.
struct Lane {
    limiter: Limiter,
    checks: AtomicU64,
}

/// Counts by key and quota in this process.
pub struct LocalThrottle {
    clock: Ticks,
    lanes: Mutex<HashMap<(u32, TimeDelta), Arc<Lane>>>,
}

impl LocalThrottle {
    /// A throttle that has counted nothing.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock: Ticks(clock), lanes: Mutex::default() }
    }

    /// The quota's lane; nothing for a quota that limits nothing.
    fn lane(&self, quota: Quota) -> Option<Arc<Lane>> {
        let burst = NonZeroU32::new(quota.burst.max(1))?;
        let limit = governor::Quota::with_period(quota.every.to_std().ok()?)?.allow_burst(burst);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry((burst.get(), quota.every)).or_insert_with(|| {
            let limiter = RateLimiter::new(limit, DefaultKeyedStateStore::default(), self.clock.clone());
            Arc::new(Lane { limiter, checks: AtomicU64::new(0) })
        });
        Some(Arc::clone(lane))
    }
}

#[async_trait]
impl Throttle for LocalThrottle {
    async fn check(&self, key: &str, quota: Quota) -> Verdict {
        let Some(lane) = self.lane(quota) else { return Verdict::Allowed };
        if lane.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            lane.limiter.retain_recent();
            lane.limiter.shrink_to_fit();
        }
        match lane.limiter.check_key(&key.to_owned()) {
            Ok(()) => Verdict::Allowed,
            Err(wait) => {
                let wait = wait.wait_time_from(self.clock.now());
                Verdict::Wait(TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    struct Hand(Mutex<DateTime<Utc>>);
    impl Clock for Hand {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().expect("no test panics while it holds the clock")
        }
    }

    #[tokio::test]
    async fn keys_that_count_nothing_any_more_are_dropped() {
        let clock = Arc::new(Hand(Mutex::new(DateTime::UNIX_EPOCH + TimeDelta::days(20_000))));
        let throttle = LocalThrottle::new(clock.clone());
        let quota = Quota::per_minute(60, 2);
        for number in 0..CHECKS_PER_SWEEP - 1 {
            throttle.check(&number.to_string(), quota).await;
        }
        *clock.0.lock().expect("no test panics while it holds the clock") += TimeDelta::hours(1);
        let lane = throttle.lane(quota).expect("this quota limits");
        assert_eq!(lane.limiter.len(), 1_023);
        throttle.check("last", quota).await;
        assert_eq!(lane.limiter.len(), 1);
    }
}
