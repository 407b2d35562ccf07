//! The cache, the throttle and the wake-ups of one process.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::TimeDelta;
use turnout_core::ports::{
    cache::Cache,
    throttle::{Quota, Throttle, Verdict},
    wake::Wake,
};
use turnout_storage::in_process::{LocalCache, LocalThrottle, LocalWake};

use crate::world::{Hand, at};

#[tokio::test]
async fn the_cache_keeps_until_the_lifetime_ends_or_it_is_told_to_forget() {
    let clock = Arc::new(Hand::at(at(0)));
    let cache = LocalCache::new(1_000_000, clock.clone());
    assert_eq!(cache.get("a").await, None);
    cache.set("a", Bytes::from_static(b"1"), TimeDelta::minutes(5)).await;
    cache.set("b", Bytes::from_static(b"2"), TimeDelta::minutes(5)).await;
    clock.advance(TimeDelta::seconds(299));
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"1"[..]));
    cache.forget("a").await;
    assert_eq!(cache.get("a").await, None);
    assert_eq!(cache.get("b").await.as_deref(), Some(&b"2"[..]));
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(cache.get("b").await, None);
}

#[tokio::test]
async fn a_later_value_replaces_the_earlier_one_and_a_dead_one_removes_it() {
    let cache = LocalCache::new(1_000_000, Arc::new(Hand::at(at(0))));
    cache.set("a", Bytes::from_static(b"1"), TimeDelta::minutes(1)).await;
    cache.set("a", Bytes::from_static(b"2"), TimeDelta::minutes(1)).await;
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"2"[..]));
    cache.set("a", Bytes::from_static(b"3"), TimeDelta::zero()).await;
    assert_eq!(cache.get("a").await, None);
}

#[tokio::test]
async fn a_burst_passes_and_then_one_more_each_interval() {
    let clock = Arc::new(Hand::at(at(0)));
    let throttle = LocalThrottle::new(clock.clone());
    let quota = Quota { burst: 3, every: TimeDelta::seconds(10) };
    for _ in 0..3 {
        assert_eq!(throttle.check("a", quota).await, Verdict::Allowed);
    }
    assert_eq!(throttle.check("a", quota).await, Verdict::Wait(TimeDelta::seconds(10)));
    clock.advance(TimeDelta::seconds(4));
    // what was refused was not counted
    assert_eq!(throttle.check("a", quota).await, Verdict::Wait(TimeDelta::seconds(6)));
    clock.advance(TimeDelta::seconds(6));
    assert_eq!(throttle.check("a", quota).await, Verdict::Allowed);
    assert_eq!(throttle.check("a", quota).await, Verdict::Wait(TimeDelta::seconds(10)));
    clock.advance(TimeDelta::hours(1));
    for _ in 0..3 {
        assert_eq!(throttle.check("a", quota).await, Verdict::Allowed);
    }
    assert!(matches!(throttle.check("a", quota).await, Verdict::Wait(_)));
}

#[tokio::test]
async fn keys_and_quotas_are_counted_apart() {
    let throttle = LocalThrottle::new(Arc::new(Hand::at(at(0))));
    let (narrow, wide) = (Quota::per_minute(1, 1), Quota::per_hour(2));
    assert_eq!(throttle.check("a", narrow).await, Verdict::Allowed);
    assert_eq!(throttle.check("b", narrow).await, Verdict::Allowed);
    assert!(matches!(throttle.check("a", narrow).await, Verdict::Wait(_)));
    assert_eq!(throttle.check("a", wide).await, Verdict::Allowed);
    assert_eq!(throttle.check("a", wide).await, Verdict::Allowed);
    assert!(matches!(throttle.check("a", wide).await, Verdict::Wait(_)));
}

#[tokio::test]
async fn a_wake_up_is_not_lost_when_nobody_waits_yet() {
    let wake = LocalWake::new();
    wake.wake();
    wake.wake();
    tokio::time::timeout(Duration::from_secs(5), wake.wait()).await.unwrap();
    // two wake-ups before a wait are one
    assert!(tokio::time::timeout(Duration::from_millis(50), wake.wait()).await.is_err());
}
