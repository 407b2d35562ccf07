//! Tells workers that there is something to do.

use async_trait::async_trait;

/// Wakes workers. A hint only: a worker that misses it finds the job at its next look.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::ports::wake::Wake;
///
/// /// Workers that only ever look at fixed times.
/// struct Never;
/// #[async_trait]
/// impl Wake for Never {
///     fn wake(&self) {}
///     async fn wait(&self) {
///         std::future::pending().await
///     }
/// }
/// ```
#[async_trait]
pub trait Wake: Send + Sync {
    /// There is something to do. Stores call it after a commit that enqueued a job which is due.
    fn wake(&self);

    /// Returns after the next [`wake`](Self::wake), or at once when there was one since the last wait.
    async fn wait(&self);
}
