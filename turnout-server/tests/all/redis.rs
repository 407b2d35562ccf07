//! A product whose Redis goes away and comes back.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::time::sleep;
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring,
};

use crate::support::{OwnRedis, Running};

/// How long anything here may take that is not meant to take long.
const PATIENCE: Duration = Duration::from_secs(10);

/// A voter with an address of her own, as nobody is mailed too often.
fn voter() -> Value {
    static VOTERS: AtomicU32 = AtomicU32::new(0);
    let email = format!("jose-{}@example.org", VOTERS.fetch_add(1, Ordering::Relaxed));
    json!({
        "first_name": "José", "last_name": "Núñez", "email": email, "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "ZQ-9137-4411",
    })
}

/// Registers a voter; how long that took.
async fn register(server: &Running) -> Duration {
    let begun = Instant::now();
    let asked = server.client().post(server.url("/v1/registration/register/")).json(&voter());
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    begun.elapsed()
}

async fn mails(server: &Running) -> usize {
    let answer = server.client().get(server.url("/dev/outbox.json")).send().await.unwrap();
    answer.json::<Vec<Value>>().await.unwrap().len()
}

async fn health(server: &Running) -> Value {
    let answer = server.client().get(server.url("/-/health/")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "it serves all the same");
    answer.json().await.unwrap()
}

/// A metric, if there is one.
async fn measured(server: &Running, name: &str) -> Option<f64> {
    let answer = server.client().get(server.url("/-/metrics/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    // the tags of the deployment stand between
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('{')?.split_once("} "))?.1;
    value.parse().ok()
}

/// Registers voters, one after the other, until the health check says so.
async fn until_health_is(server: &Running, expected: &Value, slowest: &mut Duration) -> usize {
    let begun = Instant::now();
    let mut registered = 0;
    while health(server).await != *expected {
        assert!(begun.elapsed() < PATIENCE, "the health is not {expected}");
        *slowest = register(server).await.max(*slowest);
        registered += 1;
        sleep(Duration::from_millis(50)).await;
    }
    registered
}

#[tokio::test]
async fn requests_and_jobs_go_on_while_redis_is_away_and_it_comes_back_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = OwnRedis::new();
    redis.start().await;
    let settings = [("REDIS_URL", &*redis.address()), ("TURNOUT_METRICS", "on")];
    let server = Running::start("all-in-one", folder.path(), &settings).await;
    let well = json!({ "healthy": true });
    let degraded = json!({
        "healthy": true,
        "degraded": ["Redis does not answer: cache, rate limits and wake-ups are each process's own"],
    });
    assert_eq!(health(&server).await, well);
    assert_eq!(measured(&server, "turnout_redis_up").await, Some(1.0));
    let (mut registered, mut slowest) = (0, Duration::ZERO);
    for _ in 0..2 {
        redis.stop();
        registered += until_health_is(&server, &degraded, &mut slowest).await;
        assert_eq!(measured(&server, "turnout_redis_up").await, Some(0.0));
        for _ in 0..10 {
            slowest = register(&server).await.max(slowest);
            registered += 1;
        }
        redis.start().await;
        registered += until_health_is(&server, &well, &mut slowest).await;
        assert_eq!(measured(&server, "turnout_redis_up").await, Some(1.0));
        slowest = register(&server).await.max(slowest);
        registered += 1;
    }
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
    let missed = measured(&server, "turnout_redis_missed_total").await;
    assert!(missed.is_some_and(|missed| missed >= 20.0), "{missed:?}");
    let begun = Instant::now();
    while mails(&server).await < registered {
        assert!(begun.elapsed() < PATIENCE, "{} of {registered} mails", mails(&server).await);
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(mails(&server).await, registered, "each voter has one mail");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert_eq!(log.matches("Redis does not answer").count(), 2, "{log}");
    assert!(server.stop().await.success());
}

#[tokio::test]
async fn a_start_does_not_wait_for_redis() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = OwnRedis::new();
    let server = Running::start("all-in-one", folder.path(), &[("REDIS_URL", &redis.address())]).await;
    let mut slowest = Duration::ZERO;
    assert!(health(&server).await["degraded"].is_array());
    let metrics = server.client().get(server.url("/-/metrics/")).send().await.unwrap();
    assert_eq!(metrics.status(), 404, "nobody asked for it");
    register(&server).await;
    redis.start().await;
    until_health_is(&server, &json!({ "healthy": true }), &mut slowest).await;
    assert!(server.stop().await.success());
}

fn config(folder: &Path, redis: &OwnRedis) -> Config {
    let mut complaints = Complaints::default();
    let settings = format!("TURNOUT_DATA_DIR={}\nREDIS_URL={}", folder.display(), redis.address());
    let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    config
}

#[tokio::test]
async fn processes_share_cache_limits_and_wake_ups() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = OwnRedis::new();
    redis.start().await;
    let config = config(folder.path(), &redis);
    let (one, two) = (wiring::wire(&config).await.unwrap(), wiring::wire(&config).await.unwrap());
    one.app.cache.set("a", "1".into(), chrono::TimeDelta::hours(1)).await;
    assert_eq!(two.app.cache.get("a").await.as_deref(), Some(&b"1"[..]));
    let quota = one.app.settings.rate_limits.links_per_file;
    for _ in 0..5 {
        assert_eq!(one.app.may("link:1", quota).await, turnout_core::ports::throttle::Verdict::Allowed);
    }
    assert_ne!(two.app.may("link:1", quota).await, turnout_core::ports::throttle::Verdict::Allowed);
    one.wake.wake();
    tokio::time::timeout(PATIENCE, two.wake.wait()).await.unwrap();
}
