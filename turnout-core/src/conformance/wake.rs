//! What a [`Wake`] promises.

use super::{now_or_never, together};
use crate::ports::wake::Wake;

/// A test for every case of wake-ups within one process.
#[macro_export]
macro_rules! wake_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            wake,
            [$($open)+],
            wake,
            [
                nobody_is_woken_without_a_reason,
                who_waits_is_woken,
                a_wake_up_before_the_wait_is_not_lost,
                two_wake_ups_before_a_wait_are_one,
                a_wait_that_was_given_up_takes_no_wake_up_with_it,
            ]
        );
    };
}

/// Not even once.
pub async fn nobody_is_woken_without_a_reason(wake: &dyn Wake) {
    assert!(now_or_never(wake.wait()).await.is_none());
}

/// Waiting began first.
pub async fn who_waits_is_woken(wake: &dyn Wake) {
    for _ in 0..3 {
        let ring = async { wake.wake() };
        together(vec![Box::pin(wake.wait()) as _, Box::pin(ring) as _]).await;
    }
}

/// The wait that follows is over at once.
pub async fn a_wake_up_before_the_wait_is_not_lost(wake: &dyn Wake) {
    for _ in 0..3 {
        wake.wake();
        wake.wait().await;
    }
}

/// After one wait there is nothing left of them.
pub async fn two_wake_ups_before_a_wait_are_one(wake: &dyn Wake) {
    wake.wake();
    wake.wake();
    wake.wait().await;
    assert!(now_or_never(wake.wait()).await.is_none());
}

/// A worker waits for this or for time to pass; when time passes first, the next wake-up is for its next wait.
pub async fn a_wait_that_was_given_up_takes_no_wake_up_with_it(wake: &dyn Wake) {
    for _ in 0..3 {
        assert!(now_or_never(wake.wait()).await.is_none());
    }
    wake.wake();
    wake.wait().await;
}
