//! What a [`Throttle`] promises.

use chrono::TimeDelta;

use super::together;
use crate::{
    memory::FrozenClock,
    ports::throttle::{Quota, Throttle, Verdict},
};

/// A test for every case of a throttle. The second function, if any, opens a throttle and the [`FrozenClock`] it goes
/// by, for the cases about time.
#[macro_export]
macro_rules! throttle_conformance {
    ($open:path) => {
        $crate::conformance_cases!(
            throttle,
            [$open],
            throttle,
            [
                as_many_pass_at_once_as_the_quota_says,
                keys_and_quotas_are_counted_apart,
                of_many_at_the_same_time_no_more_pass,
            ]
        );
    };
    ($open:path, $timed:path) => {
        $crate::throttle_conformance!($open);
        $crate::conformance_cases!(
            throttle_in_time,
            [$timed],
            throttle,
            [
                one_more_passes_each_interval,
                what_was_refused_was_not_counted,
                after_a_pause_all_may_pass_at_once_again_but_no_more,
            ]
        );
    };
}

/// Three at once, then one every ten minutes.
const THREE: Quota = Quota { burst: 3, every: TimeDelta::minutes(10) };

async fn passes(throttle: &impl Throttle, key: &str, quota: Quota) -> bool {
    throttle.check(key, quota).await == Verdict::Allowed
}

/// The next has to wait, but not longer than one interval.
pub async fn as_many_pass_at_once_as_the_quota_says(throttle: &impl Throttle) {
    for quota in [THREE, Quota { burst: 1, ..THREE }, Quota::per_hour(5)] {
        let key = format!("{quota:?}");
        for _ in 0..quota.burst {
            assert!(passes(throttle, &key, quota).await, "{quota:?}");
        }
        let verdict = throttle.check(&key, quota).await;
        let Verdict::Wait(wait) = verdict else { panic!("{quota:?}") };
        assert!(wait > TimeDelta::zero() && wait <= quota.every, "{quota:?}: {wait}");
    }
}

/// The same key under another quota is another count.
pub async fn keys_and_quotas_are_counted_apart(throttle: &impl Throttle) {
    let narrow = Quota { burst: 1, every: TimeDelta::hours(1) };
    for (key, quota, pass) in [
        ("a", narrow, true),
        ("a", narrow, false),
        ("b", narrow, true),
        ("A", narrow, true),
        ("a", THREE, true),
        ("a", THREE, true),
        ("a", THREE, true),
        ("a", THREE, false),
        ("b", narrow, false),
    ] {
        assert_eq!(passes(throttle, key, quota).await, pass, "{key} {quota:?}");
    }
}

/// However they come.
pub async fn of_many_at_the_same_time_no_more_pass<T: Throttle>(throttle: &T) {
    let ask = || async { passes(throttle, "a", THREE).await };
    let passed = together((0..20).map(|_| Box::pin(ask()) as _).collect()).await;
    assert_eq!(passed.into_iter().filter(|passed| *passed).count(), 3);
}

/// And is told to the moment when.
pub async fn one_more_passes_each_interval((throttle, clock): &(impl Throttle, FrozenClock)) {
    for _ in 0..3 {
        assert!(passes(throttle, "a", THREE).await);
    }
    for _ in 0..5 {
        assert_eq!(throttle.check("a", THREE).await, Verdict::Wait(THREE.every));
        clock.advance(THREE.every - TimeDelta::seconds(1));
        assert_eq!(throttle.check("a", THREE).await, Verdict::Wait(TimeDelta::seconds(1)));
        clock.advance(TimeDelta::seconds(1));
        assert!(passes(throttle, "a", THREE).await);
    }
}

/// Asking again and again makes nobody wait longer.
pub async fn what_was_refused_was_not_counted((throttle, clock): &(impl Throttle, FrozenClock)) {
    for _ in 0..3 {
        assert!(passes(throttle, "a", THREE).await);
    }
    for _ in 0..100 {
        assert_eq!(throttle.check("a", THREE).await, Verdict::Wait(THREE.every));
    }
    clock.advance(THREE.every);
    assert!(passes(throttle, "a", THREE).await);
}

/// However long the pause was.
pub async fn after_a_pause_all_may_pass_at_once_again_but_no_more(
    (throttle, clock): &(impl Throttle, FrozenClock),
) {
    for pause in [THREE.every * 3, TimeDelta::days(400)] {
        for _ in 0..3 {
            assert!(passes(throttle, "a", THREE).await, "{pause}");
        }
        assert!(!passes(throttle, "a", THREE).await, "{pause}");
        clock.advance(pause);
    }
}
