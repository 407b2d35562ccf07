//! Whether a loop still goes round.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A loop that has not gone round for so long hangs: workers look every two seconds, the scheduler every thirty.
const LONGEST: Duration = Duration::from_secs(120);

/// Felt at each round of a loop. Before the first round, and of a loop that nobody runs, it is well.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<Option<Instant>>>);

impl Pulse {
    /// A round begins.
    pub fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether the last round began a short while ago.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.since().is_none_or(|since| since < LONGEST)
    }

    fn since(&self) -> Option<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(|last| last.elapsed())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_stands_still_is_not_well() {
        let pulse = Pulse::default();
        assert!(pulse.is_well(), "it has not begun");
        pulse.beat();
        assert!(pulse.is_well());
        let Some(long_ago) = Instant::now().checked_sub(LONGEST) else { return };
        *pulse.0.lock().unwrap() = Some(long_ago);
        assert!(!pulse.is_well());
        pulse.clone().beat();
        assert!(pulse.is_well(), "clones are one");
    }
}
