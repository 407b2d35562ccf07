//! What is proposed for facts about states, and facts that are about to be changed.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    election::{Proposal, StateInformation},
    ids::{InformationId, ProposalId},
};

/// What this room is called.
const ROOM: &str = "edits";

/// Reads what is proposed.
#[async_trait]
pub trait ReadEdits: Send {
    /// What is proposed for a fact.
    async fn of(&mut self, information: InformationId) -> Result<Option<Proposal>, StoreError>;

    /// The proposal, unless it was published, withdrawn or replaced by another.
    async fn by_id(&mut self, id: ProposalId) -> Result<Option<Proposal>, StoreError>;

    /// All there are, the oldest first: at most one for each fact.
    async fn list(&mut self) -> Result<Vec<Proposal>, StoreError>;
}

/// Changes what is proposed.
#[async_trait]
pub trait Edits: ReadEdits {
    /// The fact, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, information: InformationId) -> Result<Option<StateInformation>, StoreError>;

    /// Proposes, in place of what was proposed for the same fact before.
    async fn put(&mut self, proposal: &Proposal) -> Result<(), StoreError>;

    /// Forgets what is proposed for a fact. Says whether there was anything.
    async fn remove(&mut self, information: InformationId) -> Result<bool, StoreError>;
}

#[async_trait]
impl ReadEdits for AbsentRoom {
    async fn of(&mut self, _information: InformationId) -> Result<Option<Proposal>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_id(&mut self, _id: ProposalId) -> Result<Option<Proposal>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn list(&mut self) -> Result<Vec<Proposal>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Edits for AbsentRoom {
    async fn lock(&mut self, _information: InformationId) -> Result<Option<StateInformation>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn put(&mut self, _proposal: &Proposal) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove(&mut self, _information: InformationId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
