//! What several processes share by Redis: a cache, counts of how often something happens, and wake-ups.
//!
//! Redis may be away. Then each process goes on by itself, as [`in_process`](crate::in_process) does: the cache is
//! emptier, limits count less together, workers find their jobs by looking. Nothing is lost, as nothing is kept here
//! only.

mod cache;
mod throttle;
mod wake;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use redis::{
    Client, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::timeout;

pub use cache::RedisCache;
pub use throttle::RedisThrottle;
pub use wake::RedisWake;

/// How long one question may take, with the connection that it may need.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a server that did not answer is left alone; then one question tries again.
const PAUSE: Duration = Duration::from_secs(1);

/// Something that happened to the connection, for logs and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisEvent {
    /// Redis answers, for the first time or again.
    Up,
    /// It does not answer.
    Down,
    /// A question was not asked, or not answered: this process went on by itself.
    Missed,
}

/// Is told what happens to the connection.
pub type RedisObserver = Arc<dyn Fn(RedisEvent) + Send + Sync>;

/// The address is none of Redis.
#[derive(Debug, thiserror::Error)]
#[error("not an address of a Redis server")]
pub struct BadAddress(#[source] redis::RedisError);

/// One Redis server, for all that this process asks of it. Cheap to clone.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    client: Client,
    prefix: String,
    manager: Mutex<ConnectionManager>,
    state: Mutex<State>,
    observer: Option<RedisObserver>,
}

/// Whether the server answers.
#[derive(Clone, Copy)]
enum State {
    /// Nothing was asked yet.
    New,
    Up,
    /// It does not; the next question may be asked then.
    Down {
        retry: Instant,
    },
}

impl Redis {
    /// The server at `address` (`redis://` or `rediss://`, with user, password and number of the database). Every key
    /// begins with `prefix` and a colon. Connects at the first question, so that it may be away at a start.
    ///
    /// # Errors
    /// When the address cannot be read.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(address: &str, prefix: &str, observer: Option<RedisObserver>) -> Result<Self, BadAddress> {
        let client = Client::open(address).map_err(BadAddress)?;
        let manager = Mutex::new(connection(&client).map_err(BadAddress)?);
        let prefix = prefix.to_owned();
        Ok(Self(Arc::new(Inner { client, prefix, manager, state: Mutex::new(State::New), observer })))
    }

    /// What does not work as it should, for the health check: empty while Redis answers.
    pub async fn complaints(&self) -> Vec<String> {
        let ping =
            self.ask(async |mut connection| redis::cmd("PING").query_async::<()>(&mut connection).await);
        match ping.await {
            Some(()) => Vec::new(),
            None => vec![
                "Redis does not answer: cache, rate limits and wake-ups are each process's own".to_owned(),
            ],
        }
    }

    /// The name of a key or a channel.
    fn name(&self, room: &str, rest: &str) -> String {
        format!("{}:{room}:{rest}", self.0.prefix)
    }

    /// What Redis answers. Nothing when it does not, and at once while it is left alone.
    async fn ask<T, F>(&self, question: impl FnOnce(ConnectionManager) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        if self.is_left_alone() {
            self.tell(RedisEvent::Missed);
            return None;
        }
        let connection = locked(&self.0.manager).clone();
        match timeout(PATIENCE, question(connection)).await {
            Ok(Ok(answer)) => {
                self.note_answer();
                Some(answer)
            }
            Ok(Err(error)) => {
                if error.is_timeout() {
                    self.connect_anew();
                }
                self.note_silence(&error);
                None
            }
            Err(elapsed) => {
                self.connect_anew();
                self.note_silence(&elapsed);
                None
            }
        }
    }

    /// Whether the server is left alone at this moment.
    fn rests(&self) -> bool {
        matches!(*locked(&self.0.state), State::Down { retry } if Instant::now() < retry)
    }

    /// Of those who come after the pause, one tries.
    fn is_left_alone(&self) -> bool {
        let now = Instant::now();
        match &mut *locked(&self.0.state) {
            State::New | State::Up => false,
            State::Down { retry } if now < *retry => true,
            State::Down { retry } => {
                *retry = now + PAUSE;
                false
            }
        }
    }

    fn note_answer(&self) {
        let before = std::mem::replace(&mut *locked(&self.0.state), State::Up);
        if !matches!(before, State::Up) {
            tracing::info!("Redis answers");
            self.tell(RedisEvent::Up);
        }
    }

    fn note_silence(&self, error: &(dyn std::error::Error + 'static)) {
        let down = State::Down { retry: Instant::now() + PAUSE };
        let before = std::mem::replace(&mut *locked(&self.0.state), down);
        if !matches!(before, State::Down { .. }) {
            tracing::warn!(error, "Redis does not answer; this process goes on by itself");
            self.tell(RedisEvent::Down);
        }
        self.tell(RedisEvent::Missed);
    }

    /// A connection that is silent may be one that the network forgot: the next question gets another.
    fn connect_anew(&self) {
        match connection(&self.0.client) {
            Ok(manager) => *locked(&self.0.manager) = manager,
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "no connection to Redis"),
        }
    }

    fn tell(&self, event: RedisEvent) {
        if let Some(observer) = &self.0.observer {
            observer(event);
        }
    }
}

/// Connects at the first use, and again after a connection broke.
fn connection(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
