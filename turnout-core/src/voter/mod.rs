//! Voters: persons whom the rolls know, matched to what they did with our tools.
//!
//! The noun is here; `refresh.rs` is the rule by which what is known of a registration changes, `link.rs` asks the rolls
//! about an action and links it, `jobs.rs` says when. How a roll is asked is the business of
//! [`ports::voter_roll`](crate::ports::voter_roll). A voter belongs to no subscriber: what a subscriber may see is its
//! actions.

pub mod jobs;
mod link;
mod refresh;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

pub(crate) use link::{has_rolls, is_asked};
pub use refresh::Standing;

use crate::{
    address::State,
    ids::VoterId,
    person::{PersonName, Phone},
};

/// Somebody whom a roll knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Voter {
    /// Its id.
    pub id: VoterId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// The state of the roll.
    pub state: Option<State>,
    /// What the state's own roll calls the voter.
    pub state_voter_id: Option<String>,
    /// What the roll of all states calls the voter.
    pub roll_id: Option<String>,
    /// What is known of the registration.
    pub standing: Standing,
    /// When the state's own roll was last asked.
    pub last_state_refresh: Option<NaiveDate>,
    /// When the roll of all states was last asked.
    pub last_roll_refresh: Option<DateTime<Utc>>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<Phone>,
    /// The voter's name, as the rolls have it.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Street and number, in one line.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// ZIP code.
    pub zipcode: Option<String>,
    /// The entry of the state's own roll, as it gave it.
    pub state_result: Option<Value>,
    /// The entry of the roll of all states, as it gave it.
    pub roll_result: Option<Value>,
}

impl Voter {
    /// A voter of whom nothing is known yet.
    #[must_use]
    pub fn new(id: VoterId, state: State, now: DateTime<Utc>) -> Self {
        Self {
            id,
            created_at: now,
            modified_at: now,
            state: Some(state),
            state_voter_id: None,
            roll_id: None,
            standing: Standing::default(),
            last_state_refresh: None,
            last_roll_refresh: None,
            email: None,
            phone: None,
            name: PersonName::default(),
            date_of_birth: None,
            address: None,
            city: None,
            zipcode: None,
            state_result: None,
            roll_result: None,
        }
    }
}
