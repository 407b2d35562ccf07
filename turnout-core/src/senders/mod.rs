//! Senders around senders: what goes out goes to somebody else ([`RedirectedMail`], [`RedirectedTexts`],
//! [`RedirectedFaxes`]), or no faster than
//! a vendor takes it ([`ThrottledMail`], [`ThrottledTexts`], and request by request [`PacedHttp`]). Each is a port over the
//! same port, so they can be put around any vendor and around each other.

mod paced;
mod redirected;
mod throttled;

pub use paced::PacedHttp;
pub use redirected::{RedirectedFaxes, RedirectedMail, RedirectedTexts};
pub use throttled::{Pace, ThrottledMail, ThrottledTexts};
