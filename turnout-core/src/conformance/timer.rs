//! What a [`Timer`] promises.

use chrono::TimeDelta;

use crate::ports::{clock::Clock, timer::Timer};

/// A test for every case of a timer. The function opens a timer that is the clock it goes by, too.
#[macro_export]
macro_rules! timer_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            timer,
            [$($open)+],
            timer,
            [the_clock_has_moved_on_after_a_wait, no_time_is_not_waited_for,]
        );
    };
}

/// At least by so much.
pub async fn the_clock_has_moved_on_after_a_wait(timer: &(impl Timer + Clock)) {
    let (begun, wait) = (timer.now(), TimeDelta::milliseconds(20));
    timer.wait(wait).await;
    assert!(timer.now() - begun >= wait);
}

/// And less than none neither.
pub async fn no_time_is_not_waited_for(timer: &(impl Timer + Clock)) {
    let begun = timer.now();
    for wait in [TimeDelta::zero(), TimeDelta::hours(-1), TimeDelta::MIN] {
        timer.wait(wait).await;
    }
    assert!(timer.now() - begun < TimeDelta::minutes(1));
    assert!(timer.now() >= begun);
}
