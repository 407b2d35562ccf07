//! Wake-ups across processes, by publishing and subscribing.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::StreamExt;
use redis::{RedisResult, cmd};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use turnout_core::ports::wake::Wake;
use uuid::Uuid;

use super::{PATIENCE, PAUSE, Redis};
use crate::in_process::LocalWake;

/// How often a connection on which nothing comes is asked whether it still is one.
const CHECK: Duration = Duration::from_secs(10);

/// Wakes a worker of this process at once, and one of each other process by Redis.
///
/// While Redis is away the others are not woken: they find their jobs by looking. When it is back, everybody is woken
/// once, for what was missed.
pub struct RedisWake {
    ring: Arc<Ring>,
    listening: watch::Receiver<bool>,
    _tasks: JoinSet<()>,
}

struct Ring {
    redis: Redis,
    channel: String,
    /// Tells our own messages from those of others.
    id: String,
    here: LocalWake,
    elsewhere: Notify,
}

impl RedisWake {
    /// Listens until it is dropped. `id` is this process's own. Waits a moment for the subscription; where Redis is away
    /// it is made later.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn open(redis: Redis, id: Uuid) -> Self {
        let channel = redis.name("wake", "jobs");
        let ring = Arc::new(Ring {
            redis,
            channel,
            id: id.to_string(),
            here: LocalWake::new(),
            elsewhere: Notify::new(),
        });
        let (told, mut listening) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&ring).publish());
        tasks.spawn(Arc::clone(&ring).listen(told));
        let _ = timeout(PATIENCE, listening.wait_for(|listens| *listens)).await;
        Self { ring, listening, _tasks: tasks }
    }

    /// Whether wake-ups of other processes arrive at present.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        *self.listening.borrow()
    }
}

impl Ring {
    /// Tells the others. Several wake-ups in a row are one.
    async fn publish(self: Arc<Self>) {
        loop {
            self.elsewhere.notified().await;
            let told = self.redis.ask(async |mut connection| {
                cmd("PUBLISH").arg(&self.channel).arg(&self.id).query_async::<()>(&mut connection).await
            });
            told.await;
        }
    }

    /// Hears the others, on a connection of its own: one that waits for messages answers nothing else in time.
    async fn listen(self: Arc<Self>, told: watch::Sender<bool>) {
        let mut is_first = true;
        loop {
            match timeout(PATIENCE, self.subscription()).await {
                Ok(Ok(subscription)) => {
                    told.send_replace(true);
                    if !std::mem::take(&mut is_first) {
                        self.here.wake();
                    }
                    self.hear(subscription).await;
                    told.send_replace(false);
                }
                Ok(Err(_)) | Err(_) => is_first = false,
            }
            sleep(PAUSE).await;
        }
    }

    async fn subscription(&self) -> RedisResult<redis::aio::PubSub> {
        let mut subscription = self.redis.0.client.get_async_pubsub().await?;
        subscription.subscribe(&self.channel).await?;
        Ok(subscription)
    }

    /// Until the connection breaks.
    async fn hear(&self, subscription: redis::aio::PubSub) {
        let (mut sink, mut messages) = subscription.split();
        loop {
            match timeout(CHECK, messages.next()).await {
                Ok(Some(message)) => {
                    if message.get_payload_bytes() != self.id.as_bytes() {
                        self.here.wake();
                    }
                }
                Ok(None) => return,
                Err(_) => match timeout(PATIENCE, sink.ping::<()>()).await {
                    Ok(Ok(())) => {}
                    _ => return,
                },
            }
        }
    }
}

#[async_trait]
impl Wake for RedisWake {
    fn wake(&self) {
        self.ring.here.wake();
        self.ring.elsewhere.notify_one();
    }

    async fn wait(&self) {
        self.ring.here.wait().await;
    }
}
