//! Wake-ups within one process, under any runtime.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

use async_trait::async_trait;

use super::locked;
use crate::ports::wake::Wake;

#[derive(Debug, Default)]
struct Bell {
    /// How often it rang.
    rung: u64,
    /// How many of these a wait has heard.
    heard: u64,
    waiting: Vec<Waker>,
}

/// Wakes everybody who waits; a ring that nobody waited for is heard by the next wait.
#[derive(Debug, Clone, Default)]
pub struct MemoryWake(Arc<Mutex<Bell>>);

impl MemoryWake {
    /// Nobody rang yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How often it rang.
    #[must_use]
    pub fn rung(&self) -> u64 {
        locked(&self.0).rung
    }
}

#[async_trait]
impl Wake for MemoryWake {
    fn wake(&self) {
        let waiting = {
            let mut bell = locked(&self.0);
            bell.rung += 1;
            std::mem::take(&mut bell.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    async fn wait(&self) {
        let since = locked(&self.0).heard;
        poll_fn(|context| {
            let mut bell = locked(&self.0);
            if bell.rung > since {
                bell.heard = bell.rung;
                return Poll::Ready(());
            }
            if !bell.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                bell.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}
