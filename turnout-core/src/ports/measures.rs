//! What is counted of messages and calls.

use super::Disabled;
use crate::{
    address::State,
    decision::{Channel, Decision, Purpose},
    sms::Failure,
};

/// What came of handing a message to whoever carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOver {
    /// It was taken.
    Taken,
    /// It was not; why.
    Failed(Failure),
    /// Nobody knows.
    InDoubt,
}

/// Counts messages, by what was decided and what came of them, and what else the Django service counts (`flows.md` 26).
/// It is told of none whose it is, nor what it says.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use turnout_core::decision::{Channel, Decision, Purpose};
/// use turnout_core::ports::measures::{HandOver, Measures};
///
/// /// Counts what was refused.
/// struct Refused(AtomicU32);
/// impl Measures for Refused {
///     fn decided(&self, _: Channel, _: Purpose, decision: Decision) {
///         self.0.fetch_add(u32::from(matches!(decision, Decision::Refuse(_))), Ordering::Relaxed);
///     }
///     fn handed_over(&self, _: Channel, _: HandOver) {}
/// }
/// ```
pub trait Measures: Send + Sync {
    /// It was decided whether a message goes; again for one that was held.
    fn decided(&self, channel: Channel, purpose: Purpose, decision: Decision);

    /// A message was handed over, or was to be; again for one that is tried again.
    fn handed_over(&self, channel: Channel, outcome: HandOver);

    /// A call that creates something named a subscriber that is not there, or takes no part any more. Not counted unless
    /// implemented.
    fn unknown_subscriber(&self) {}

    /// The voter roll was asked, and has the voter of that state as registered, or not. Not counted unless implemented.
    fn looked_up(&self, _state: Option<State>, _registered: bool) {}
}

/// Counts nothing.
impl Measures for Disabled {
    fn decided(&self, _channel: Channel, _purpose: Purpose, _decision: Decision) {}

    fn handed_over(&self, _channel: Channel, _outcome: HandOver) {}
}
