//! Waiting.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;

/// Waits for a while. Nothing in Turnout's libraries knows how threads or tasks sleep.
///
/// ```
/// use async_trait::async_trait;
/// use chrono::TimeDelta;
/// use turnout_core::ports::timer::Timer;
///
/// /// Never waits.
/// struct Impatient;
/// #[async_trait]
/// impl Timer for Impatient {
///     async fn wait(&self, _: TimeDelta) {}
/// }
/// ```
#[async_trait]
pub trait Timer: Send + Sync {
    /// Comes back after `time`, at once when it is not positive.
    async fn wait(&self, time: TimeDelta);
}

#[async_trait]
impl<T: Timer + ?Sized> Timer for Arc<T> {
    async fn wait(&self, time: TimeDelta) {
        (**self).wait(time).await;
    }
}
