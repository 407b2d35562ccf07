//! Senders around senders: what goes out goes to somebody else ([`RedirectedMail`], [`RedirectedTexts`]), or no faster than
//! a vendor takes it ([`ThrottledMail`], [`ThrottledTexts`]). Each is a port over the same port, so they can be put around
//! any vendor and around each other.

mod redirected;
mod throttled;

pub use redirected::{RedirectedMail, RedirectedTexts};
pub use throttled::{Pace, ThrottledMail, ThrottledTexts};
