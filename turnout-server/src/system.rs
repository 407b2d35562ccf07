//! The machine's own clock, timer and randomness, as ports: the only place that asks for them.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::ports::{clock::Clock, ids::IdSource, timer::Timer};
use uuid::Uuid;

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Waits on tokio's timer.
#[async_trait]
impl Timer for SystemClock {
    async fn wait(&self, time: TimeDelta) {
        tokio::time::sleep(time.to_std().unwrap_or_default()).await;
    }
}

/// Ids and numbers from the operating system's seeded generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(rand::random()).into_uuid()
    }

    fn fraction(&self) -> f64 {
        rand::random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_4_and_differ() {
        let (one, two) = (RandomIds.uuid(), RandomIds.uuid());
        assert_eq!((one.get_version_num(), two.get_version_num()), (4, 4));
        assert_ne!(one, two);
    }

    #[test]
    fn a_fraction_is_at_least_0_and_below_1() {
        assert!((0..1000).map(|_| RandomIds.fraction()).all(|number| (0.0..1.0).contains(&number)));
    }
}
