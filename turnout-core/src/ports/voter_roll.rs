//! Whether the rolls of voters know somebody.

use async_trait::async_trait;
use chrono::NaiveDate;
use serde_json::Value;

use super::Disabled;
use crate::{
    action::VoterDetails,
    address::{Address, State},
    error::{ProviderError, ProviderErrorKind},
    person::PersonName,
    verifier::VoterStatus,
};

/// Who is looked for. No `Debug`: it is about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct RollQuestion {
    /// First and last name.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Where the voter lives.
    pub address: Address,
}

impl RollQuestion {
    /// Looks for this voter.
    #[must_use]
    pub fn about(voter: &VoterDetails) -> Self {
        Self { name: voter.name.clone(), date_of_birth: voter.date_of_birth, address: voter.address.clone() }
    }
}

/// Everybody on the roll who may be the one looked for.
#[derive(Clone, PartialEq, Default)]
pub struct RollAnswer {
    /// The voters.
    pub voters: Vec<RollVoter>,
    /// The answer as the source gave it, to be kept.
    pub response: Option<Value>,
}

/// One entry of a roll. No `Debug`: it is about a person.
#[derive(Clone, PartialEq)]
pub struct RollVoter {
    /// What the source calls the entry.
    pub id: Option<String>,
    /// What the roll says of the registration.
    pub status: VoterStatus,
    /// Whether the source counts the voter as registered; not every source says.
    pub registered: Option<bool>,
    /// Since when the voter is registered.
    pub registration_date: Option<NaiveDate>,
    /// The voter's name.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Street and number, in one line.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// ZIP code.
    pub zipcode: Option<String>,
    /// The entry as the source gave it, to be kept.
    pub record: Value,
}

impl Default for RollVoter {
    /// An entry that says nothing.
    fn default() -> Self {
        Self {
            id: None,
            status: VoterStatus::Unknown,
            registered: None,
            registration_date: None,
            name: PersonName::default(),
            date_of_birth: None,
            address: None,
            city: None,
            zipcode: None,
            record: Value::Null,
        }
    }
}

/// Looks voters up in a roll.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{
///     error::ProviderError,
///     ports::voter_roll::{RollAnswer, RollQuestion, RollVoter, VoterRoll},
///     verifier::VoterStatus,
/// };
///
/// /// A village where everybody is registered.
/// struct Village;
/// #[async_trait]
/// impl VoterRoll for Village {
///     async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
///         let voter = RollVoter {
///             status: VoterStatus::Active,
///             name: question.name.clone(),
///             ..RollVoter::default()
///         };
///         Ok(RollAnswer { voters: vec![voter], response: None })
///     }
/// }
/// ```
#[async_trait]
pub trait VoterRoll: Send + Sync {
    /// Everybody who may be the one looked for; empty when the roll has nobody.
    ///
    /// # Errors
    /// When the roll gives no answer, or one that says that it failed.
    async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError>;

    /// Whether it has voters of this state. Of all states unless it says otherwise.
    fn covers(&self, _state: State) -> bool {
        true
    }
}

#[async_trait]
impl VoterRoll for Disabled {
    async fn find(&self, _question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        Err(ProviderError::new("voter roll", ProviderErrorKind::Disabled))
    }

    fn covers(&self, _state: State) -> bool {
        false
    }
}

#[async_trait]
impl<T: VoterRoll + ?Sized> VoterRoll for std::sync::Arc<T> {
    async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        (**self).find(question).await
    }

    fn covers(&self, state: State) -> bool {
        (**self).covers(state)
    }
}
