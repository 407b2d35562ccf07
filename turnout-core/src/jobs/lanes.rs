//! Lanes: jobs that share a rate, such as those that ask one vendor.
//!
//! A lane's rate holds over all workers and processes, as the grants are noted in the store, in the unit of the claim
//! that takes them. The rule is GCRA (the generic cell rate algorithm): one moment per lane says how far ahead the grants
//! that were taken reach.

use chrono::{DateTime, TimeDelta, Utc};

/// How late a job may come to the vendor after the turn that it took itself: half of it until it is handed over, which it is
/// not any later, and half on the way.
pub const SLACK: TimeDelta = TimeDelta::milliseconds(30);
/// How late after its turn a job may hand over.
pub const LATEST: TimeDelta = TimeDelta::milliseconds(15);

/// The lane of jobs that need no other. It has no rate.
pub const DEFAULT_LANE: &str = "default";

/// How many jobs may begin in a time.
///
/// In any time `t` no more than `t` × rate + burst jobs of a lane are claimed. The burst is a tenth of a second's worth, and
/// at least one job. Each of them begins at the moment of its own grant ([`slot`](Self::slot)), so that in any second no more
/// begin than the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// From one grant to the next.
    interval: TimeDelta,
    burst: u32,
}

impl Rate {
    /// So many a second; 0 counts as 1.
    #[must_use]
    pub const fn per_second(jobs: u32) -> Self {
        let jobs = if jobs == 0 { 1 } else { jobs };
        // rounded up to what every store keeps, so that the rate is never exceeded
        let interval =
            TimeDelta::microseconds(1_000_000_i64.div_euclid(jobs as i64) + (1_000_000 % jobs != 0) as i64);
        Self { interval, burst: if jobs < 20 { 1 } else { jobs / 10 } }
    }

    /// How many jobs may be claimed at once after a rest.
    #[must_use]
    pub const fn burst(&self) -> u32 {
        self.burst
    }

    /// How many grants there are at `now`, when those that were taken reach up to `reach`.
    #[must_use]
    pub fn grants(&self, reach: Option<DateTime<Utc>>, now: DateTime<Utc>) -> u32 {
        let ahead = reach.map_or(TimeDelta::zero(), |reach| (reach - now).max(TimeDelta::zero()));
        let left = self.interval * i32::try_from(self.burst).unwrap_or(i32::MAX) - ahead;
        let (left, interval) = (left.num_microseconds(), self.interval.num_microseconds());
        let grants = left.zip(interval).map_or(0, |(left, interval)| left.div_euclid(interval));
        u32::try_from(grants).unwrap_or(0)
    }

    /// The moment of a grant, of those that are taken at `now`: the first has the number 0.
    #[must_use]
    pub fn slot(&self, reach: Option<DateTime<Utc>>, now: DateTime<Utc>, number: u32) -> DateTime<Utc> {
        self.take(reach, now, number)
    }

    /// How far the grants reach once `count` more were taken at `now`.
    #[must_use]
    pub fn take(&self, reach: Option<DateTime<Utc>>, now: DateTime<Utc>, count: u32) -> DateTime<Utc> {
        let taken = self.interval * i32::try_from(count).unwrap_or(i32::MAX);
        reach.map_or(now, |reach| reach.max(now)) + taken
    }

    /// The same rate for jobs that take their turns themselves: a little slower, so that in any second no more ask the vendor
    /// than the rate says, though each may come up to `slack` later than its turn, such as [`SLACK`].
    #[must_use]
    pub fn of_turns(self, slack: TimeDelta) -> Self {
        // rounded up, as the interval itself is
        let interval = self.interval.num_microseconds().unwrap_or(i64::MAX);
        let slack = slack.num_microseconds().unwrap_or_default();
        let interval = interval.saturating_add(interval.saturating_mul(slack).div_euclid(1_000_000) + 1);
        Self { interval: TimeDelta::microseconds(interval), ..self }
    }

    /// The moment of a turn, when the first of them is `first`: that has the number 0.
    #[must_use]
    pub fn turn(&self, first: DateTime<Utc>, number: u32) -> DateTime<Utc> {
        self.take(Some(first), first, number)
    }

    /// From when on there is a grant.
    #[must_use]
    pub fn next(&self, reach: DateTime<Utc>) -> DateTime<Utc> {
        reach - self.interval * i32::try_from(self.burst - 1).unwrap_or(i32::MAX)
    }
}

/// A lane: its name, and its rate if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub name: &'static str,
    /// How many of its jobs may begin; any number without one.
    pub rate: Option<Rate>,
    /// Whether its jobs take their turns themselves, right before they ask the vendor
    /// ([`Jobs::take_turns`](crate::ports::store::Jobs::take_turns)). A claim takes none then, and leaves such jobs in line
    /// while there is hardly a turn to be had.
    pub takes_turns: bool,
}

impl Lane {
    const fn paced(name: &'static str, per_second: u32) -> Self {
        Self { name, rate: Some(Rate::per_second(per_second)), takes_turns: false }
    }

    const fn with_turns(name: &'static str, per_second: u32) -> Self {
        Self { takes_turns: true, ..Self::paced(name, per_second) }
    }

    /// So few grants are not worth a claim, where jobs take their turns themselves and many at once.
    fn few(rate: &Rate) -> u32 {
        (rate.burst / 3).max(1) - 1
    }

    /// How many of its jobs may be claimed at `now`, when its grants reach up to `reach`; any number without a rate.
    #[must_use]
    pub fn open(&self, reach: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<u32> {
        let rate = self.rate?;
        let grants = rate.grants(reach, now);
        Some(if self.takes_turns && grants <= Self::few(&rate) { 0 } else { grants })
    }

    /// From when on there is something to be claimed, when its grants reach up to `reach`.
    #[must_use]
    pub fn opens(&self, reach: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let rate = self.rate?;
        let few = if self.takes_turns { Self::few(&rate) } else { 0 };
        Some(rate.next(reach) + rate.interval * i32::try_from(few).unwrap_or_default())
    }

    /// The rate of its grants that a claim takes.
    #[must_use]
    pub fn claimed_rate(&self) -> Option<Rate> {
        self.rate.filter(|_| !self.takes_turns)
    }
}

/// Our own lanes, with the rates of the contract where it has them (`flows.md` 12.2, 2026-11).
pub const LANES: &[Lane] = &[
    Lane { name: DEFAULT_LANE, rate: None, takes_turns: false },
    Lane::paced("voter", 10),
    Lane::paced("voter-wi", 1),
    // requests, of which a job makes one or many: see `senders::PacedHttp`
    Lane::with_turns("actionnetwork", 4),
    Lane::paced("movers", 5),
    Lane::paced("geocode", 10),
    Lane::paced("lob-status-updates", 10),
    // ours: what is printed and faxed costs money, and is stopped before much of it is gone
    Lane::paced("letters", 10),
    Lane::paced("faxes", 10),
    Lane { name: "webhooks", rate: None, takes_turns: false },
    Lane::with_turns("blast-mms", 14),
    Lane::with_turns("blast-sms", 300),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(micros: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::microseconds(micros)
    }

    #[test]
    fn a_burst_is_a_tenth_of_a_second_and_at_least_one() {
        for (rate, burst) in [(0, 1), (1, 1), (14, 1), (20, 2), (100, 10), (300, 30)] {
            assert_eq!(Rate::per_second(rate).burst(), burst, "{rate}");
        }
    }

    #[test]
    fn after_a_burst_grants_come_one_by_one() {
        let rate = Rate::per_second(100);
        assert_eq!(rate.grants(None, at(0)), 10);
        let reach = rate.take(None, at(0), 10);
        for (now, grants) in [(0, 0), (9_999, 0), (10_000, 1), (55_000, 5), (100_000, 10), (9_000_000, 10)] {
            assert_eq!(rate.grants(Some(reach), at(now)), grants, "{now}");
        }
        assert_eq!(rate.next(reach), at(10_000));
        assert_eq!(rate.take(Some(reach), at(9_000_000), 1), at(9_010_000));
        // a clock that stands behind grants nothing
        assert_eq!(rate.grants(Some(reach), at(-60_000_000)), 0);
    }

    #[test]
    fn jobs_that_take_turns_are_claimed_when_there_are_some_to_be_had() {
        let lane = Lane::with_turns("texts", 300);
        let rate = lane.rate.expect("a rate");
        assert_eq!(lane.open(None, at(0)), Some(30));
        let reach = rate.take(None, at(0), 30);
        let opens = lane.opens(reach).expect("a moment");
        assert_eq!(lane.open(Some(reach), opens - TimeDelta::microseconds(1)), Some(0));
        assert_eq!(lane.open(Some(reach), opens), Some(10));
        // where few are granted at all, one is enough
        let lane = Lane::with_turns("pictures", 14);
        let reach = lane.rate.expect("a rate").take(None, at(0), 1);
        assert_eq!(lane.open(Some(reach), lane.opens(reach).expect("a moment")), Some(1));
        assert_eq!((lane.claimed_rate(), Lane::paced("jobs", 2).claimed_rate().is_some()), (None, true));
    }

    proptest! {
        #[test]
        fn no_second_holds_more_than_the_rate_though_each_comes_late_as_it_likes(
            per_second in 1_u32..400,
            slack in prop::sample::select(&[50_000_i64, 200_000]),
            steps in prop::collection::vec((0_i64..300_000, 0_u32..50, 0_i64..=200_000), 1..80),
        ) {
            let rate = Rate::per_second(per_second).of_turns(TimeDelta::microseconds(slack));
            let (mut now, mut reach, mut came) = (0, None, Vec::new());
            for (step, wanted, late) in steps {
                now += step;
                let first = rate.slot(reach, at(now), 0);
                let lateness = |number: u32| TimeDelta::microseconds((late * i64::from(number + 1)) % (slack + 1));
                came.extend((0..wanted).map(|number| rate.turn(first, number) + lateness(number)));
                reach = Some(rate.take(reach, at(now), wanted));
            }
            came.sort_unstable();
            for (index, first) in came.iter().enumerate() {
                let within = came[index..].iter().take_while(|it| **it - *first < TimeDelta::seconds(1)).count();
                prop_assert!(within <= per_second as usize, "{} of {}", within, per_second);
            }
        }

        #[test]
        fn no_second_holds_more_beginnings_than_its_rate(
            per_second in 1_u32..400,
            steps in prop::collection::vec((0_i64..300_000, 0_u32..50), 1..80),
        ) {
            let rate = Rate::per_second(per_second);
            let (mut now, mut reach, mut begun) = (0, None, Vec::new());
            for (step, wanted) in steps {
                now += step;
                let count = rate.grants(reach, at(now)).min(wanted);
                begun.extend((0..count).map(|number| rate.slot(reach, at(now), number)));
                reach = Some(rate.take(reach, at(now), count));
            }
            prop_assert!(begun.is_sorted());
            for (index, first) in begun.iter().enumerate() {
                let within = begun[index..].iter().take_while(|it| **it - *first < TimeDelta::seconds(1)).count();
                prop_assert!(within <= per_second as usize, "{} of {}", within, per_second);
            }
        }

        #[test]
        fn no_window_holds_more_than_its_rate_and_the_burst(
            per_second in 1_u32..400,
            steps in prop::collection::vec((0_i64..300_000, 0_u32..50), 1..80),
        ) {
            let rate = Rate::per_second(per_second);
            let (mut now, mut reach, mut taken) = (0, None, Vec::new());
            for (step, wanted) in steps {
                now += step;
                let count = rate.grants(reach, at(now)).min(wanted);
                reach = Some(rate.take(reach, at(now), count));
                taken.push((now, count));
                let next = rate.next(reach.expect("it was taken from"));
                prop_assert_eq!(rate.grants(reach, at(now)) > 0, next <= at(now));
            }
            for from in 0..taken.len() {
                let mut sum = 0;
                for (moment, count) in &taken[from..] {
                    sum += count;
                    let window = (moment - taken[from].0) as f64 / 1e6;
                    prop_assert!(f64::from(sum) <= window * f64::from(per_second) + f64::from(rate.burst()) + 1e-6);
                }
            }
        }
    }
}
