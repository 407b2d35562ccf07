//! Wake-ups within a process.

use async_trait::async_trait;
use tokio::sync::Notify;
use turnout_core::ports::wake::Wake;

/// Wakes one waiting worker; when none waits, the next one to wait.
#[derive(Debug, Default)]
pub struct LocalWake(Notify);

impl LocalWake {
    /// Nobody was woken yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Wake for LocalWake {
    fn wake(&self) {
        self.0.notify_one();
    }

    async fn wait(&self) {
        self.0.notified().await;
    }
}
