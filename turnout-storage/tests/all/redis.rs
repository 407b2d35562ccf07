//! What processes share by Redis, and how they go on without it.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    memory::FrozenClock,
    ports::{
        cache::Cache,
        throttle::{Quota, Throttle, Verdict},
        wake::Wake,
    },
};
use turnout_storage::{
    in_process::{LocalCache, LocalThrottle},
    redis::{Redis, RedisCache, RedisEvent, RedisThrottle, RedisWake},
};
use uuid::Uuid;

use crate::{
    redis_server::{OwnServer, address, fresh},
    world::at,
};

const HOUR: TimeDelta = TimeDelta::hours(1);
const SOON: Duration = Duration::from_secs(5);
/// Two at once, then one an hour.
const TWO: Quota = Quota { burst: 2, every: HOUR };

fn clock() -> Arc<FrozenClock> {
    Arc::new(FrozenClock::at(at(0)))
}

fn cache_on(redis: Redis) -> RedisCache {
    RedisCache::new(redis, LocalCache::new(1_000_000, clock()))
}

fn throttle_on(redis: Redis) -> RedisThrottle {
    RedisThrottle::new(redis, LocalThrottle::new(clock()))
}

async fn cache() -> RedisCache {
    cache_on(fresh().0)
}
turnout_core::cache_conformance!(cache);

async fn throttle() -> RedisThrottle {
    throttle_on(fresh().0)
}
async fn timed_throttle() -> (RedisThrottle, FrozenClock) {
    let clock = FrozenClock::at(at(0));
    (throttle().await.with_clock(Arc::new(clock.clone())), clock)
}
turnout_core::throttle_conformance!(throttle, timed_throttle);

async fn wake() -> RedisWake {
    RedisWake::open(fresh().0, Uuid::from_u128(1)).await
}
turnout_core::wake_conformance!(wake);

/// What a person sees in the database.
async fn seen(command: &[&str]) -> Vec<String> {
    let client = redis::Client::open(address()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut asked = redis::cmd(command[0]);
    asked.arg(&command[1..]);
    asked.query_async(&mut connection).await.unwrap()
}

async fn is_woken(wake: &RedisWake, patience: Duration) -> bool {
    tokio::time::timeout(patience, wake.wait()).await.is_ok()
}

/// Asks again until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < SOON, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_value_ends_by_the_servers_clock() {
    let cache = cache().await;
    cache.set("short", Bytes::from_static(b"1"), TimeDelta::milliseconds(100)).await;
    cache.set("for ever", Bytes::from_static(b"1"), TimeDelta::MAX).await;
    assert!(cache.get("short").await.is_some());
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(cache.get("short").await, None);
    assert!(cache.get("for ever").await.is_some());
}

#[tokio::test]
async fn processes_share_what_they_keep_and_count() {
    let (_, prefix) = fresh();
    let process = || Redis::new(&address(), &prefix, None).unwrap();
    let (one, two) = (cache_on(process()), cache_on(process()));
    one.set("a", Bytes::from_static(b"1"), HOUR).await;
    assert_eq!(two.get("a").await.as_deref(), Some(&b"1"[..]));
    two.forget("a").await;
    assert_eq!(one.get("a").await, None);

    let (one, two) = (throttle_on(process()), throttle_on(process()));
    assert_eq!(one.check("a", TWO).await, Verdict::Allowed);
    assert_eq!(two.check("a", TWO).await, Verdict::Allowed);
    for throttle in [one, two] {
        let Verdict::Wait(wait) = throttle.check("a", TWO).await else { panic!("a third was allowed") };
        assert!(wait > TimeDelta::minutes(59) && wait <= HOUR, "{wait}");
    }
}

#[tokio::test]
async fn every_key_has_the_prefix_and_an_end() {
    let (redis, prefix) = fresh();
    cache_on(redis.clone()).set("a", Bytes::from_static(b"1"), HOUR).await;
    throttle_on(redis).check("192.0.2.1", TWO).await;
    let mut keys = seen(&["KEYS", &format!("{prefix}:*")]).await;
    keys.sort_unstable();
    let quota = format!("{prefix}:throttle:2:3600000000:192.0.2.1");
    assert_eq!(keys, [format!("{prefix}:cache:a"), quota]);
    let client = redis::Client::open(address()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    for key in keys {
        let left: i64 = redis::cmd("TTL").arg(&key).query_async(&mut connection).await.unwrap();
        assert!((3_500..=3_600).contains(&left), "{key}: {left}");
    }
}

#[tokio::test]
async fn a_wake_up_reaches_every_other_process_once() {
    let (_, prefix) = fresh();
    let process = async |number| {
        RedisWake::open(Redis::new(&address(), &prefix, None).unwrap(), Uuid::from_u128(number)).await
    };
    let (one, two, three) = (process(1).await, process(2).await, process(3).await);
    let elsewhere = RedisWake::open(fresh().0, Uuid::from_u128(4)).await;
    assert!(one.is_listening() && two.is_listening());
    for _ in 0..3 {
        let begun = Instant::now();
        one.wake();
        for woken in [&one, &two, &three] {
            assert!(is_woken(woken, SOON).await);
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        for asleep in [&one, &two, &three, &elsewhere] {
            assert!(!is_woken(asleep, Duration::from_millis(30)).await);
        }
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_once() {
    for address in ["", "http://127.0.0.1/", "redis://", "nonsense"] {
        assert!(Redis::new(address, "turnout", None).is_err(), "{address}");
    }
}

/// Everything on a server of its own, and what was told of the connection.
struct Process {
    server: OwnServer,
    redis: Redis,
    cache: RedisCache,
    throttle: RedisThrottle,
    clock: Arc<FrozenClock>,
    events: Arc<Mutex<Vec<RedisEvent>>>,
}

impl Process {
    fn on(server: OwnServer) -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&events);
        let observer = Arc::new(move |event| told.lock().unwrap().push(event));
        let redis = Redis::new(&server.address(), "turnout", Some(observer)).unwrap();
        let clock = clock();
        let alone = LocalCache::new(1_000_000, Arc::<FrozenClock>::clone(&clock) as _);
        let throttle = LocalThrottle::new(Arc::<FrozenClock>::clone(&clock) as _);
        Self {
            server,
            cache: RedisCache::new(redis.clone(), alone),
            throttle: RedisThrottle::new(redis.clone(), throttle),
            redis,
            clock,
            events,
        }
    }

    async fn is_well(&self) -> bool {
        self.redis.complaints().await.is_empty()
    }

    fn changes(&self) -> Vec<RedisEvent> {
        let events = self.events.lock().unwrap();
        events.iter().copied().filter(|event| *event != RedisEvent::Missed).collect()
    }
}

#[tokio::test]
async fn a_process_that_starts_without_redis_goes_on_by_itself_until_it_comes() {
    let mut process = Process::on(OwnServer::new());
    let begun = Instant::now();
    process.cache.set("a", Bytes::from_static(b"alone"), HOUR).await;
    assert_eq!(process.cache.get("a").await.as_deref(), Some(&b"alone"[..]));
    for _ in 0..2 {
        assert_eq!(process.throttle.check("a", TWO).await, Verdict::Allowed);
    }
    assert!(matches!(process.throttle.check("a", TWO).await, Verdict::Wait(_)), "limits hold alone, too");
    process.clock.advance(HOUR);
    assert_eq!(process.throttle.check("a", TWO).await, Verdict::Allowed);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(
        process.redis.complaints().await,
        ["Redis does not answer: cache, rate limits and wake-ups are each process's own"]
    );
    process.server.start().await;
    until("it is well again", async || process.is_well().await).await;
    assert_eq!(process.changes(), [RedisEvent::Down, RedisEvent::Up]);
    assert_eq!(process.cache.get("a").await, None, "what was kept alone was for that time");
}

#[tokio::test]
async fn what_was_replaced_or_forgotten_while_redis_was_away_does_not_come_back() {
    let mut server = OwnServer::new();
    server.start().await;
    let process = Process::on(server);
    let other = cache_on(Redis::new(&process.server.address(), "turnout", None).unwrap());
    for key in ["kept", "replaced", "forgotten"] {
        process.cache.set(key, Bytes::from_static(b"old"), HOUR).await;
    }
    process.server.signal("-STOP");
    process.cache.set("replaced", Bytes::from_static(b"new"), HOUR).await;
    process.cache.forget("forgotten").await;
    assert_eq!(process.cache.get("replaced").await.as_deref(), Some(&b"new"[..]));
    assert_eq!(process.cache.get("forgotten").await, None);
    assert_eq!(process.cache.get("kept").await, None, "it is in Redis only");
    process.server.signal("-CONT");
    until("it answers again", async || process.cache.get("kept").await.is_some()).await;
    for key in ["replaced", "forgotten"] {
        assert_eq!(process.cache.get(key).await, None, "{key}");
        assert_eq!(other.get(key).await, None, "{key}");
    }
    // and alone once more, nothing of the first time is there
    process.cache.set("replaced", Bytes::from_static(b"newest"), HOUR).await;
    process.server.signal("-STOP");
    assert_eq!(process.cache.get("replaced").await, None);
    process.server.signal("-CONT");
}

#[tokio::test]
async fn after_very_many_changes_alone_everything_in_redis_is_forgotten() {
    let mut server = OwnServer::new();
    server.start().await;
    let process = Process::on(server);
    for number in 0..2_500 {
        process.cache.set(&format!("before-{number}"), Bytes::from_static(b"old"), HOUR).await;
    }
    process.throttle.check("a", TWO).await;
    process.server.signal("-STOP");
    for number in 0..10_001 {
        process.cache.forget(&format!("away-{number}")).await;
    }
    process.server.signal("-CONT");
    until("it answers again", async || process.is_well().await).await;
    assert_eq!(process.cache.get("before-1").await, None);
    let client = redis::Client::open(process.server.address()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert_eq!(keys, ["turnout:throttle:2:3600000000:a"], "counts stay");
}

#[tokio::test]
async fn a_server_that_hangs_costs_one_question_half_a_second_and_the_next_ones_nothing() {
    let mut server = OwnServer::new();
    server.start().await;
    let process = Process::on(server);
    assert!(process.is_well().await);
    process.server.signal("-STOP");
    let begun = Instant::now();
    assert_eq!(process.cache.get("a").await, None);
    let first = begun.elapsed();
    assert!((Duration::from_millis(400)..Duration::from_secs(2)).contains(&first), "{first:?}");
    let begun = Instant::now();
    for _ in 0..100 {
        process.cache.get("a").await;
        process.throttle.check("a", TWO).await;
    }
    assert!(begun.elapsed() < Duration::from_millis(300), "{:?}", begun.elapsed());
    process.server.signal("-CONT");
    until("it answers again", async || process.is_well().await).await;
    assert_eq!(process.changes(), [RedisEvent::Up, RedisEvent::Down, RedisEvent::Up]);
}

#[tokio::test]
async fn a_restart_loses_what_was_kept_and_nothing_else() {
    let mut server = OwnServer::new();
    server.start().await;
    let mut process = Process::on(server);
    process.cache.set("a", Bytes::from_static(b"1"), HOUR).await;
    assert_eq!(process.throttle.check("a", TWO).await, Verdict::Allowed);
    for _ in 0..2 {
        process.server.stop();
        assert_eq!(process.cache.get("a").await, None);
        assert_eq!(process.throttle.check("b", TWO).await, Verdict::Allowed);
        process.server.start().await;
        until("it is well again", async || process.is_well().await).await;
    }
    // the script has to be told anew
    assert_eq!(process.throttle.check("a", TWO).await, Verdict::Allowed);
    process.cache.set("a", Bytes::from_static(b"2"), HOUR).await;
    assert_eq!(process.cache.get("a").await.as_deref(), Some(&b"2"[..]));
}

#[tokio::test]
async fn workers_are_woken_once_when_redis_is_back_and_then_as_before() {
    let mut server = OwnServer::new();
    let connect = |server: &OwnServer| Redis::new(&server.address(), "turnout", None).unwrap();
    let begun = Instant::now();
    let one = RedisWake::open(connect(&server), Uuid::from_u128(1)).await;
    let two = RedisWake::open(connect(&server), Uuid::from_u128(2)).await;
    assert!(begun.elapsed() < Duration::from_secs(2) && !one.is_listening());
    one.wake();
    assert!(is_woken(&one, SOON).await, "a process wakes its own worker all the same");
    for _ in 0..2 {
        server.start().await;
        for wake in [&one, &two] {
            assert!(is_woken(wake, SOON).await, "something may have been missed");
        }
        until("the sender has a connection", async || {
            one.wake();
            is_woken(&two, Duration::from_millis(100)).await
        })
        .await;
        server.stop();
        until("the loss is noticed", async || !one.is_listening() && !two.is_listening()).await;
        let _ = (
            is_woken(&one, Duration::from_millis(50)).await,
            is_woken(&two, Duration::from_millis(50)).await,
        );
    }
}

/// A clock of a process is not asked: the server's counts.
#[tokio::test]
async fn clocks_of_processes_need_not_agree() {
    let (_, prefix) = fresh();
    let at = |moment: DateTime<Utc>| {
        let alone = LocalThrottle::new(Arc::new(FrozenClock::at(moment)));
        RedisThrottle::new(Redis::new(&address(), &prefix, None).unwrap(), alone)
    };
    let (early, late) = (at(DateTime::UNIX_EPOCH), at(crate::world::at(1_000_000)));
    for throttle in [&early, &late] {
        assert_eq!(throttle.check("a", TWO).await, Verdict::Allowed);
    }
    for throttle in [&early, &late] {
        assert!(matches!(throttle.check("a", TWO).await, Verdict::Wait(_)));
    }
}
