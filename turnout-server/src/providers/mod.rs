//! Vendors out: each implements one port of core and knows nothing of our URLs or pages.
//!
//! | vendor | port | feature |
//! |---|---|---|
//! | `smtp` (any mail server, SendGrid's too) | `EmailSender` | `smtp` |
//! | [`outbox`] (a folder instead of a vendor) | `EmailSender` | – |

pub mod outbox;
#[cfg(feature = "smtp")]
pub mod smtp;
