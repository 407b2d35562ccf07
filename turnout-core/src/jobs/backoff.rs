//! When a failed job is tried again.

use chrono::{DateTime, TimeDelta, Utc};

/// The first wait. Minutes, as was meant (quirk Q52).
const FIRST: TimeDelta = TimeDelta::minutes(1);
/// The longest wait.
const LONGEST: TimeDelta = TimeDelta::minutes(64);

/// When to try again after the `attempt`-th failure (from 1): 1, 2, 4 … 64 minutes, of which `jitter` (0 to 1)
/// shortens up to half, so that jobs that failed together do not come back together.
#[must_use]
pub fn retry_at(now: DateTime<Utc>, attempt: u32, jitter: f64) -> DateTime<Utc> {
    let doublings = attempt.saturating_sub(1).min(6);
    let wait = (FIRST * (1 << doublings)).min(LONGEST);
    let shorten = wait.num_milliseconds() as f64 * 0.5 * jitter.clamp(0.0, 1.0);
    now + wait - TimeDelta::milliseconds(shorten as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stop_growing() {
        let now = DateTime::UNIX_EPOCH;
        for (attempt, minutes) in [(1, 1), (2, 2), (3, 4), (7, 64), (30, 64)] {
            assert_eq!(retry_at(now, attempt, 0.0) - now, TimeDelta::minutes(minutes), "{attempt}");
        }
        assert_eq!(retry_at(now, 2, 1.0) - now, TimeDelta::minutes(1));
    }
}
