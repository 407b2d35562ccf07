//! Counts of all processes together (GCRA).

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use chrono::TimeDelta;
use redis::Script;
use turnout_core::ports::{
    clock::Clock,
    throttle::{Quota, Throttle, Verdict},
};

use super::Redis;
use crate::in_process::LocalThrottle;

/// The key holds the moment at which all that was counted will have been paid back, in microseconds, and goes at that
/// moment. Gives the wait in microseconds; 0 is counted. Without a moment in `ARGV[3]` the server's clock counts, so that
/// the clocks of the processes need not agree.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local every, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000000 + time[2]
        end
        local paid_back = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + every
        local allowed_at = paid_back - every * burst
        if now < allowed_at then
            return allowed_at - now
        end
        local life = math.ceil((paid_back - now) / 1000)
        redis.call('SET', KEYS[1], string.format('%.0f', paid_back), 'PX', string.format('%.0f', life))
        return 0
        ",
    )
});

/// Counts by key and quota in Redis; while that is away, in this process alone.
pub struct RedisThrottle {
    redis: Redis,
    clock: Option<Arc<dyn Clock>>,
    alone: LocalThrottle,
}

impl RedisThrottle {
    /// Goes by the server's clock; `alone` counts while the server is away.
    #[must_use]
    pub fn new(redis: Redis, alone: LocalThrottle) -> Self {
        Self { redis, clock: None, alone }
    }

    /// Goes by this clock instead of the server's, as a test does.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }
}

#[async_trait]
impl Throttle for RedisThrottle {
    async fn check(&self, key: &str, quota: Quota) -> Verdict {
        let burst = quota.burst.max(1);
        let Some(every) = quota.every.num_microseconds().filter(|every| *every > 0) else {
            return Verdict::Allowed;
        };
        let now = self.clock.as_ref().map(|clock| clock.now().timestamp_micros().to_string());
        let name = self.redis.name("throttle", &format!("{burst}:{every}:{key}"));
        let asked = self.redis.ask(async |mut connection| {
            let mut count = COUNT.key(name);
            count.arg(every).arg(burst).arg(now.unwrap_or_default());
            count.invoke_async::<i64>(&mut connection).await
        });
        match asked.await {
            Some(0) => Verdict::Allowed,
            Some(wait) => Verdict::Wait(TimeDelta::microseconds(wait)),
            None => self.alone.check(key, quota).await,
        }
    }

    async fn complaints(&self) -> Vec<String> {
        self.redis.complaints().await
    }
}
