//! Fresh ids and random numbers.

use uuid::Uuid;

/// Makes ids and random numbers. Nothing in Turnout asks the machine.
///
/// ```
/// use turnout_core::ports::ids::IdSource;
/// use uuid::Uuid;
///
/// struct Always7;
/// impl IdSource for Always7 {
///     fn uuid(&self) -> Uuid {
///         uuid::Builder::from_random_bytes([7; 16]).into_uuid()
///     }
///     fn fraction(&self) -> f64 {
///         0.7
///     }
/// }
/// assert_eq!(Always7.uuid().get_version_num(), 4);
/// ```
pub trait IdSource: Send + Sync {
    /// A random version 4 UUID (decision 18).
    fn uuid(&self) -> Uuid;

    /// A random number from 0 up to, but not including, 1: jitter.
    fn fraction(&self) -> f64;
}
