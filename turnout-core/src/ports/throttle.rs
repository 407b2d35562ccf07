//! How often something may happen.

use async_trait::async_trait;
use chrono::TimeDelta;

use super::Disabled;

/// How often something may happen: `burst` times at once, then one more each `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many may happen at once. At least 1.
    pub burst: u32,
    /// How long until one more may.
    pub every: TimeDelta,
}

impl Quota {
    /// So many per hour, all of them at once if need be.
    #[must_use]
    pub fn per_hour(count: u32) -> Self {
        Self {
            burst: count.max(1),
            every: TimeDelta::hours(1) / i32::try_from(count.max(1)).unwrap_or(i32::MAX),
        }
    }

    /// So many per minute, `burst` of them at once.
    #[must_use]
    pub fn per_minute(count: u32, burst: u32) -> Self {
        let every = TimeDelta::minutes(1) / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
        Self { burst: burst.max(1), every }
    }
}

/// Whether something may happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may, and was counted.
    Allowed,
    /// It may in so long; nothing was counted.
    Wait(TimeDelta),
}

/// Counts how often things happen, by key (GCRA). Fails open: a broken throttle allows.
///
/// ```
/// use async_trait::async_trait;
/// use chrono::TimeDelta;
/// use turnout_core::ports::throttle::{Quota, Throttle, Verdict};
///
/// /// Nothing may happen twice a day.
/// struct Closed;
/// #[async_trait]
/// impl Throttle for Closed {
///     async fn check(&self, _key: &str, _quota: Quota) -> Verdict {
///         Verdict::Wait(TimeDelta::days(1))
///     }
/// }
/// ```
#[async_trait]
pub trait Throttle: Send + Sync {
    /// Counts one event under `key` if `quota` allows it. Keys are HMACs: they hold no personal data.
    async fn check(&self, key: &str, quota: Quota) -> Verdict;

    /// What makes it less than it should be, for the details of the health check: it works all the same. Empty is well.
    async fn complaints(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Allows everything.
#[async_trait]
impl Throttle for Disabled {
    async fn check(&self, _key: &str, _quota: Quota) -> Verdict {
        Verdict::Allowed
    }
}
