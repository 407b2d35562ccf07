//! What a [`Cache`] promises.

use bytes::Bytes;
use chrono::TimeDelta;

use crate::{memory::FrozenClock, ports::cache::Cache};

/// A test for every case of a cache. The second function, if any, opens a cache and the [`FrozenClock`] it goes by, for
/// the cases about time.
#[macro_export]
macro_rules! cache_conformance {
    ($open:path) => {
        $crate::conformance_cases!(
            cache,
            [$open],
            cache,
            [
                what_was_kept_is_found_until_it_is_forgotten,
                a_later_value_replaces_the_earlier_one,
                keys_are_told_apart,
                what_ends_at_once_is_not_kept,
            ]
        );
    };
    ($open:path, $timed:path) => {
        $crate::cache_conformance!($open);
        $crate::conformance_cases!(cache_in_time, [$timed], cache, [a_value_is_forgotten_at_its_end,]);
    };
}

const HOUR: TimeDelta = TimeDelta::hours(1);

fn bytes(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

/// Forgetting what is not there is nothing.
pub async fn what_was_kept_is_found_until_it_is_forgotten(cache: &impl Cache) {
    assert_eq!(cache.get("a").await, None);
    cache.set("a", bytes("1"), HOUR).await;
    assert_eq!(cache.get("a").await, Some(bytes("1")));
    for _ in 0..2 {
        cache.forget("a").await;
        assert_eq!(cache.get("a").await, None);
    }
}

/// An empty one, too.
pub async fn a_later_value_replaces_the_earlier_one(cache: &impl Cache) {
    for text in ["1", "a longer value", ""] {
        cache.set("a", bytes(text), HOUR).await;
        assert_eq!(cache.get("a").await, Some(bytes(text)));
    }
}

/// By every letter.
pub async fn keys_are_told_apart(cache: &impl Cache) {
    let keys = ["a", "A", "a:b", "a b", "é", ""];
    for key in keys {
        cache.set(key, Bytes::copy_from_slice(key.as_bytes()), HOUR).await;
    }
    cache.forget("a").await;
    assert_eq!(cache.get("a").await, None);
    for key in &keys[1..] {
        assert_eq!(cache.get(key).await.as_deref(), Some(key.as_bytes()), "{key}");
    }
}

/// And what was there before is gone.
pub async fn what_ends_at_once_is_not_kept(cache: &impl Cache) {
    for lifetime in [TimeDelta::zero(), TimeDelta::seconds(-1)] {
        cache.set("a", bytes("1"), HOUR).await;
        cache.set("a", bytes("2"), lifetime).await;
        assert_eq!(cache.get("a").await, None, "{lifetime}");
    }
}

/// Setting it again begins anew.
pub async fn a_value_is_forgotten_at_its_end((cache, clock): &(impl Cache, FrozenClock)) {
    cache.set("a", bytes("1"), HOUR).await;
    cache.set("b", bytes("1"), HOUR * 3).await;
    clock.advance(HOUR - TimeDelta::seconds(1));
    assert_eq!(cache.get("a").await, Some(bytes("1")));
    cache.set("a", bytes("2"), HOUR).await;
    clock.advance(HOUR - TimeDelta::seconds(1));
    assert_eq!(cache.get("a").await, Some(bytes("2")));
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(cache.get("a").await, None);
    assert_eq!(cache.get("b").await, Some(bytes("1")));
}
