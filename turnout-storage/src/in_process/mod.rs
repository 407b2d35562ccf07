//! What one process keeps for itself: cache, throttle and wake-ups. Another process knows nothing of them.

mod cache;
mod throttle;
mod wake;

pub use cache::LocalCache;
pub use throttle::LocalThrottle;
pub use wake::LocalWake;
