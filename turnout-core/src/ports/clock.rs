//! What time it is.

use chrono::{DateTime, Utc};

/// Tells the time. Nothing in Turnout asks the machine.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use turnout_core::ports::clock::Clock;
///
/// struct Noon;
/// impl Clock for Noon {
///     fn now(&self) -> DateTime<Utc> {
///         "2026-11-03T12:00:00Z".parse().expect("a time")
///     }
/// }
/// assert_eq!(Noon.now().timestamp(), 1_793_707_200);
/// ```
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}
