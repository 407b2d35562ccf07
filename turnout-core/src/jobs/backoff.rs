//! When a failed job is tried again.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a failed job waits for its next try: twice as long each time, up to a longest wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first: TimeDelta,
    longest: TimeDelta,
}

impl Backoff {
    /// Waits `first` after the first failure, and never longer than `longest`.
    #[must_use]
    pub fn new(first: TimeDelta, longest: TimeDelta) -> Self {
        Self { first, longest: longest.max(first) }
    }

    /// When to try again after the `attempt`-th failure (from 1). `jitter` (0 to 1) shortens up to half of the wait, so
    /// that jobs that failed together do not come back together.
    #[must_use]
    pub fn retry_at(&self, now: DateTime<Utc>, attempt: u32, jitter: f64) -> DateTime<Utc> {
        // so many doublings of a microsecond are longer than any wait
        let doublings = attempt.saturating_sub(1).min(40);
        let longest = self.longest.num_microseconds().unwrap_or(i64::MAX);
        let first = self.first.num_microseconds().unwrap_or(i64::MAX);
        let wait = first.saturating_mul(1_i64 << doublings).clamp(0, longest.max(0));
        let shorten = wait as f64 * 0.5 * jitter.clamp(0.0, 1.0);
        now + TimeDelta::microseconds(wait - shorten as i64)
    }
}

/// 1, 2, 4 … 64 minutes: minutes, as was meant (quirk Q52).
impl Default for Backoff {
    fn default() -> Self {
        Self::new(TimeDelta::minutes(1), TimeDelta::minutes(64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stop_growing() {
        let (now, backoff) = (DateTime::UNIX_EPOCH, Backoff::default());
        for (attempt, minutes) in [(1, 1), (2, 2), (3, 4), (7, 64), (8, 64), (u32::MAX, 64)] {
            assert_eq!(backoff.retry_at(now, attempt, 0.0) - now, TimeDelta::minutes(minutes), "{attempt}");
        }
        assert_eq!(backoff.retry_at(now, 2, 1.0) - now, TimeDelta::minutes(1));
    }

    #[test]
    fn a_wait_is_never_longer_than_the_longest() {
        let now = DateTime::UNIX_EPOCH;
        let fast = Backoff::new(TimeDelta::seconds(3), TimeDelta::seconds(90));
        let waits: Vec<i64> = (1..8).map(|n| (fast.retry_at(now, n, 0.0) - now).num_seconds()).collect();
        assert_eq!(waits, [3, 6, 12, 24, 48, 90, 90]);
        let same = Backoff::new(TimeDelta::seconds(9), TimeDelta::seconds(1));
        assert_eq!(same.retry_at(now, 5, 0.0) - now, TimeDelta::seconds(9));
    }
}
