//! Ids that are the same at every run.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use uuid::{Builder, Uuid};

use crate::ports::ids::IdSource;

/// What the seed grows by at each number: the golden ratio, as SplitMix64 has it.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Ids and random numbers that follow from a seed (SplitMix64): well mixed, the same at every run, good for nothing
/// secret.
#[derive(Debug, Clone)]
pub struct SeededIds(Arc<AtomicU64>);

impl SeededIds {
    /// The numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed)))
    }

    fn number(&self) -> u64 {
        let mut number = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }
}

impl IdSource for SeededIds {
    fn uuid(&self) -> Uuid {
        let number = (u128::from(self.number()) << 64) | u128::from(self.number());
        Builder::from_random_bytes(number.to_be_bytes()).into_uuid()
    }

    fn fraction(&self) -> f64 {
        // 53 bits are what a fraction below 1 can hold
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_seed_gives_the_same_ids_each_time_and_never_one_twice() {
        let ids = |seed| {
            let source = SeededIds::new(seed);
            (0..10_000).map(|_| source.uuid()).collect::<Vec<_>>()
        };
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7)[0], ids(8)[0]);
        assert_eq!(ids(7).into_iter().collect::<HashSet<_>>().len(), 10_000);
        assert!(ids(7).iter().all(|id| id.get_version_num() == 4));
    }

    #[test]
    fn fractions_are_spread_below_one() {
        let source = SeededIds::new(7);
        let fractions: Vec<f64> = (0..10_000).map(|_| source.fraction()).collect();
        assert!(fractions.iter().all(|it| (0.0..1.0).contains(it)));
        let mean = fractions.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }
}
