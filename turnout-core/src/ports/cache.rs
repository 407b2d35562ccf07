//! Bytes that may be forgotten.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;

use super::Disabled;

/// Keeps bytes for a while. May forget at any time, and never fails: a broken cache is an empty one.
///
/// ```
/// # #[cfg(feature = "memory")] {
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use chrono::TimeDelta;
/// use turnout_core::ports::cache::Cache;
///
/// struct Forgetful;
/// #[async_trait]
/// impl Cache for Forgetful {
///     async fn get(&self, _: &str) -> Option<Bytes> { None }
///     async fn set(&self, _: &str, _: Bytes, _: TimeDelta) {}
///     async fn forget(&self, _: &str) {}
/// }
/// # }
/// ```
#[async_trait]
pub trait Cache: Send + Sync {
    /// What was kept under this key.
    async fn get(&self, key: &str) -> Option<Bytes>;

    /// Keeps `value` for `lifetime` at the most.
    async fn set(&self, key: &str, value: Bytes, lifetime: TimeDelta);

    /// Forgets what was kept under this key.
    async fn forget(&self, key: &str);

    /// What makes it less than it should be, for the details of the health check: it works all the same. Empty is well.
    async fn complaints(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Keeps nothing.
#[async_trait]
impl Cache for Disabled {
    async fn get(&self, _key: &str) -> Option<Bytes> {
        None
    }

    async fn set(&self, _key: &str, _value: Bytes, _lifetime: TimeDelta) {}

    async fn forget(&self, _key: &str) {}
}
