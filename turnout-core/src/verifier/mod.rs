//! Verification: a voter asks whether he is registered, and the voter roll is asked.
//!
//! The noun is here; `lookup.rs` is the use-case, `notify.rs` what we write to the voter, `jobs.rs` what happens later.
//! How the roll is asked is the business of [`ports::voter_roll`](crate::ports::voter_roll).

pub mod jobs;
mod lookup;
mod notify;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use lookup::{VerifyError, fields, verify};

use crate::{
    action::VoterDetails,
    ids::{ActionId, LookupId, SubscriberId},
    person::demographics::choices,
};

choices! {
    /// What a voter roll says of a registration.
    VoterStatus {
        Active = "Active", "Active";
        Inactive = "Inactive", "Inactive";
        Unknown = "Unknown", "Unknown";
    }
}

/// A voter's question whether he is registered, and the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// Its id.
    pub id: LookupId,
    /// The action it belongs to. Every question put through the API has one.
    pub action: Option<ActionId>,
    /// Whose voter this is.
    pub subscriber: Option<SubscriberId>,
    /// When it was asked.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// Who and where the voter is.
    pub voter: VoterDetails,
    /// The age that the page gave.
    pub age: Option<i64>,
    /// When the voter last changed the registration, as the page gave it.
    pub last_updated: Option<DateTime<Utc>>,
    /// Whether the roll has one such voter, with an active registration.
    pub registered: Option<bool>,
    /// Whether the roll has more than one such voter.
    pub too_many: Option<bool>,
    /// What we made of the answer.
    pub voter_status: Option<VoterStatus>,
    /// What the roll answered, as it did.
    pub response: Option<Value>,
}
