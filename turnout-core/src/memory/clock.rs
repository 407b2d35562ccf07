//! A clock that stands still.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::locked;
use crate::ports::{clock::Clock, timer::Timer};

/// A clock that moves only when it is told to.
///
/// ```
/// use chrono::TimeDelta;
/// use turnout_core::{memory::FrozenClock, ports::clock::Clock};
///
/// let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse().expect("a time"));
/// let before = clock.now();
/// clock.advance(TimeDelta::minutes(5));
/// assert_eq!(clock.now() - before, TimeDelta::minutes(5));
/// ```
#[derive(Debug, Clone)]
pub struct FrozenClock(Arc<Mutex<DateTime<Utc>>>);

impl FrozenClock {
    /// A clock that shows this moment.
    #[must_use]
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(moment)))
    }

    /// Shows another moment, be it later or earlier.
    pub fn set(&self, moment: DateTime<Utc>) {
        *locked(&self.0) = moment;
    }

    /// Moves on.
    pub fn advance(&self, by: TimeDelta) {
        *locked(&self.0) += by;
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> DateTime<Utc> {
        *locked(&self.0)
    }
}

/// Whoever waits moves it on, and comes back at once.
#[async_trait]
impl Timer for FrozenClock {
    async fn wait(&self, time: TimeDelta) {
        self.advance(time.max(TimeDelta::zero()));
    }
}
