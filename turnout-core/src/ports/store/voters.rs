//! Voters whom the rolls know.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    address::State,
    ids::{ActionId, VoterId},
    person::Phone,
    voter::Voter,
};

/// What this room is called.
const ROOM: &str = "voters";

/// Actions that the rolls were asked about, whose voter they did not know, or not as registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmatched {
    /// They were asked before this moment.
    pub asked_before: DateTime<Utc>,
    /// The action was made after this moment.
    pub made_after: DateTime<Utc>,
    /// Where the page before this one ended.
    pub after: Option<Asked>,
}

/// When the rolls were last asked about an action: its place among those that are asked about again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// When.
    pub at: DateTime<Utc>,
    /// The action.
    pub action: ActionId,
}

/// Reads voters, and which actions wait for one.
#[async_trait]
pub trait ReadVoters: Send {
    /// The voter, if there is one.
    async fn by_id(&mut self, id: VoterId) -> Result<Option<Voter>, StoreError>;

    /// The voter whom the roll of all states calls so; of several the oldest.
    async fn by_roll_id(&mut self, state: State, id: &str) -> Result<Option<Voter>, StoreError>;

    /// The voter whom the state's own roll calls so; of several the oldest.
    async fn by_state_voter_id(&mut self, state: State, id: &str) -> Result<Option<Voter>, StoreError>;

    /// The voter with this number; of several the one that was changed last.
    async fn by_phone(&mut self, phone: &Phone) -> Result<Option<Voter>, StoreError>;

    /// The voter of an action.
    async fn of_action(&mut self, action: ActionId) -> Result<Option<VoterId>, StoreError>;

    /// Actions that no roll was asked about, made before `before`, oldest first, `limit` at the most.
    async fn unasked(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<ActionId>, StoreError>;

    /// Actions that were asked about without success, longest ago first, `limit` at the most.
    async fn unmatched(&mut self, which: &Unmatched, limit: u32) -> Result<Vec<Asked>, StoreError>;
}

/// Changes voters, and links actions to them.
#[async_trait]
pub trait Voters: ReadVoters {
    /// Nobody else adds or changes a voter until this unit ends: two units that look for the same voter do not both make
    /// one.
    async fn hold(&mut self) -> Result<(), StoreError>;

    /// A new voter. Conflict when the id is taken.
    async fn insert(&mut self, voter: &Voter) -> Result<(), StoreError>;

    /// Writes every column but for id and `created_at`.
    async fn update(&mut self, voter: &Voter) -> Result<(), StoreError>;

    /// Notes that the rolls were asked about an action, and whom they know; nobody leaves the voter it had.
    async fn link(
        &mut self,
        action: ActionId,
        voter: Option<VoterId>,
        asked_at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadVoters for AbsentRoom {
    async fn by_id(&mut self, _id: VoterId) -> Result<Option<Voter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_roll_id(&mut self, _state: State, _id: &str) -> Result<Option<Voter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_state_voter_id(&mut self, _state: State, _id: &str) -> Result<Option<Voter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_phone(&mut self, _phone: &Phone) -> Result<Option<Voter>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of_action(&mut self, _action: ActionId) -> Result<Option<VoterId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unasked(&mut self, _before: DateTime<Utc>, _limit: u32) -> Result<Vec<ActionId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unmatched(&mut self, _which: &Unmatched, _limit: u32) -> Result<Vec<Asked>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Voters for AbsentRoom {
    async fn hold(&mut self) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert(&mut self, _voter: &Voter) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _voter: &Voter) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn link(
        &mut self,
        _action: ActionId,
        _voter: Option<VoterId>,
        _asked_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
