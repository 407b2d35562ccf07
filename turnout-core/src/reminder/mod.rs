//! Reminders: a voter asks to be told of elections. The request is kept, and the contact lists learn of it.
//!
//! The noun is here; `submit.rs` is the use-case.

mod submit;

use chrono::{DateTime, Utc};

pub use submit::{SubmitError, fields, submit};

use crate::{
    action::VoterDetails,
    ids::{ActionId, ReminderId, SubscriberId},
};

/// A voter's request to be reminded of elections.
#[derive(Debug, Clone, PartialEq)]
pub struct ReminderRequest {
    /// Its id.
    pub id: ReminderId,
    /// The action it belongs to. Every request made through the API has one.
    pub action: Option<ActionId>,
    /// Whose voter this is.
    pub subscriber: Option<SubscriberId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// Who and where the voter is.
    pub voter: VoterDetails,
}
