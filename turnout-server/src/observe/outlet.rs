//! From a busy process to somebody who is told: a bounded queue, and one who empties it.
//!
//! Nothing waits for it. What does not fit, or is not taken, is dropped and counted.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use metrics::counter;
use tokio::{sync::mpsc, time::sleep};
use tokio_util::sync::CancellationToken;
use turnout_core::ports::{
    clock::Clock as _,
    http::{HttpClient, HttpError, HttpRequest, HttpResponse},
};

use crate::system::SystemClock;

/// How much may wait.
const QUEUE: usize = 8192;
/// How long somebody who does not take anything is let be, unless he says it himself.
const PAUSE: Duration = Duration::from_secs(30);
/// The longest that he may say.
const LONGEST: TimeDelta = TimeDelta::minutes(5);
/// How long handing over may take.
const PATIENCE: TimeDelta = TimeDelta::seconds(5);

/// Where things are put that are to be told.
#[derive(Debug, Clone)]
pub(super) struct Outlet<T> {
    sender: mpsc::Sender<T>,
    to: &'static str,
}

impl<T> Outlet<T> {
    /// An outlet to somebody, and its end, which is to be emptied.
    pub(super) fn new(to: &'static str) -> (Self, mpsc::Receiver<T>) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        (Self { sender, to }, receiver)
    }

    pub(super) fn put(&self, what: T) {
        if self.sender.try_send(what).is_err() {
            dropped(self.to, 1);
        }
    }
}

fn dropped(to: &'static str, count: usize) {
    counter!("turnout_telemetry_dropped_total", "to" => to)
        .increment(u64::try_from(count).unwrap_or(u64::MAX));
}

/// How things are told.
pub(super) trait Letter<T>: Send + Sync {
    /// The request that tells of these.
    fn request(&self, what: &[T]) -> Result<HttpRequest, HttpError>;
}

/// One who empties an outlet.
pub struct Shipping<T> {
    pub(super) receiver: mpsc::Receiver<T>,
    pub(super) letter: Box<dyn Letter<T>>,
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) to: &'static str,
    /// How many go at once.
    pub(super) at_once: usize,
    /// How long to wait for more.
    pub(super) linger: Duration,
}

impl<T: Send + Sync> Shipping<T> {
    /// Tells what is put in, until `stop` and until nothing is left then. Needs a tokio runtime.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut is_well = true;
        loop {
            let mut what = Vec::new();
            tokio::select! {
                biased;
                _ = self.receiver.recv_many(&mut what, self.at_once) => {
                    if what.is_empty() {
                        return;
                    }
                }
                () = stop.cancelled() => {}
            }
            if what.len() < self.at_once {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = sleep(self.linger) => {}
                }
            }
            while what.len() < self.at_once
                && let Ok(more) = self.receiver.try_recv()
            {
                what.push(more);
            }
            if what.is_empty() {
                return;
            }
            let pause = self.tell(&what).await;
            if let Some(pause) = pause {
                dropped(self.to, what.len());
                // a warning, as an error would be one more thing to tell
                if is_well {
                    tracing::warn!(to = self.to, "what is to be told is not taken; it is dropped meanwhile");
                }
                if stop.is_cancelled() {
                    return;
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = sleep(pause) => {}
                }
            }
            is_well = pause.is_none();
        }
    }

    /// How long to let be who did not take it.
    async fn tell(&self, what: &[T]) -> Option<Duration> {
        let request = self.letter.request(what).map(|it| it.with_timeout(PATIENCE));
        let answer = match request {
            Ok(request) => self.http.send(request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(HttpResponse { status, .. }) if status.is_success() => None,
            Ok(answer) => {
                let asked = answer.retry_after(SystemClock.now()).map(|it| it.min(LONGEST));
                Some(asked.and_then(|it| it.to_std().ok()).unwrap_or(PAUSE))
            }
            Err(_) => Some(PAUSE),
        }
    }
}
