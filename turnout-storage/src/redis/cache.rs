//! A cache that all processes share.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use redis::cmd;
use turnout_core::ports::cache::Cache;

use super::{Redis, locked};
use crate::in_process::LocalCache;

/// The longest that a value is kept: Redis takes no time without an end.
const LONGEST: TimeDelta = TimeDelta::days(3_650);
/// Of so many keys that could not be forgotten each is forgotten later; of more, all there are.
const MOST_OWED: usize = 10_000;

/// Keeps bytes in Redis; while that is away, in this process.
///
/// What was set or forgotten meanwhile is forgotten in Redis before it is read again, so that nothing comes back which
/// this process has replaced.
pub struct RedisCache {
    redis: Redis,
    alone: LocalCache,
    was_away: AtomicBool,
    owed: Mutex<Owed>,
    /// Held by the one who forgets what is owed.
    settling: tokio::sync::Mutex<()>,
}

/// What is to be forgotten once Redis answers.
#[derive(Default)]
struct Owed {
    keys: BTreeSet<String>,
    everything: bool,
}

impl Owed {
    fn add(&mut self, more: Self) {
        self.keys.extend(more.keys);
        self.everything |= more.everything;
        if self.everything || self.keys.len() > MOST_OWED {
            *self = Self { keys: BTreeSet::new(), everything: true };
        }
    }
}

impl RedisCache {
    /// `alone` keeps what is set while the server is away.
    #[must_use]
    pub fn new(redis: Redis, alone: LocalCache) -> Self {
        Self {
            redis,
            alone,
            was_away: AtomicBool::new(false),
            owed: Mutex::default(),
            settling: tokio::sync::Mutex::default(),
        }
    }

    fn name(&self, key: &str) -> String {
        self.redis.name("cache", key)
    }

    /// Whether Redis may be asked: after it was away, what is owed comes first. Meanwhile the others go on alone.
    async fn is_settled(&self) -> bool {
        if !self.was_away.load(Ordering::Acquire) {
            return true;
        }
        let Ok(_settling) = self.settling.try_lock() else { return false };
        if self.redis.rests() {
            return false;
        }
        let owed = std::mem::take(&mut *locked(&self.owed));
        let is_forgotten = if owed.everything {
            self.forget_everything().await
        } else {
            self.forget_in_redis(|| owed.keys.iter().map(|key| self.name(key)).collect()).await
        };
        if is_forgotten {
            self.alone.clear();
            self.settle()
        } else {
            locked(&self.owed).add(owed);
            false
        }
    }

    /// Unless something came to be owed meanwhile.
    fn settle(&self) -> bool {
        let owed = locked(&self.owed);
        let is_settled = owed.keys.is_empty() && !owed.everything;
        if is_settled {
            self.was_away.store(false, Ordering::Release);
        }
        is_settled
    }

    fn owe(&self, key: Option<&str>) {
        let mut owed = locked(&self.owed);
        owed.add(Owed { keys: key.map(str::to_owned).into_iter().collect(), everything: false });
        self.was_away.store(true, Ordering::Release);
    }

    /// Whether these keys are there no more. With none, whether Redis answers.
    async fn forget_in_redis(&self, names: impl FnOnce() -> Vec<String> + Send) -> bool {
        let asked = self.redis.ask(async |mut connection| match &names()[..] {
            [] => cmd("PING").query_async::<()>(&mut connection).await,
            names => cmd("UNLINK").arg(names).query_async::<()>(&mut connection).await,
        });
        asked.await.is_some()
    }

    async fn forget_everything(&self) -> bool {
        let pattern = self.name("*");
        let mut cursor = 0_u64;
        loop {
            let asked = self.redis.ask(async |mut connection| {
                let mut scan = cmd("SCAN");
                scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(1_000);
                scan.query_async::<(u64, Vec<String>)>(&mut connection).await
            });
            let Some((next, names)) = asked.await else { return false };
            if !names.is_empty() && !self.forget_in_redis(|| names).await {
                return false;
            }
            if next == 0 {
                return true;
            }
            cursor = next;
        }
    }
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, key: &str) -> Option<Bytes> {
        if self.is_settled().await {
            let name = self.name(key);
            let asked = self.redis.ask(async |mut connection| {
                cmd("GET").arg(name).query_async::<Option<Vec<u8>>>(&mut connection).await
            });
            if let Some(found) = asked.await {
                return found.map(Bytes::from);
            }
            self.owe(None);
        }
        self.alone.get(key).await
    }

    async fn set(&self, key: &str, value: Bytes, lifetime: TimeDelta) {
        let milliseconds = lifetime.min(LONGEST).num_milliseconds();
        if milliseconds <= 0 {
            return self.forget(key).await;
        }
        if self.is_settled().await {
            let name = self.name(key);
            let asked = self.redis.ask(async |mut connection| {
                let mut set = cmd("SET");
                set.arg(name).arg(&value[..]).arg("PX").arg(milliseconds);
                set.query_async::<()>(&mut connection).await
            });
            if asked.await.is_some() {
                return;
            }
        }
        self.owe(Some(key));
        self.alone.set(key, value, lifetime).await;
    }

    async fn forget(&self, key: &str) {
        if self.is_settled().await && self.forget_in_redis(|| vec![self.name(key)]).await {
            return;
        }
        self.owe(Some(key));
        self.alone.forget(key).await;
    }

    async fn complaints(&self) -> Vec<String> {
        self.redis.complaints().await
    }
}
