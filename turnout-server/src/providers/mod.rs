//! Vendors out: each implements one port of core and knows nothing of our URLs or pages.
//!
//! | vendor | port | feature |
//! |---|---|---|
//! | [`outbox`] (a folder instead of a vendor) | `EmailSender` | – |

pub mod outbox;
