//! What is proposed for facts about states.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::Rooms;
use crate::{
    election::{Proposal, StateInformation},
    ids::{InformationId, ProposalId},
    ports::store::{Edits, ReadEdits, StoreError},
};

#[async_trait]
impl ReadEdits for Rooms {
    async fn of(&mut self, information: InformationId) -> Result<Option<Proposal>, StoreError> {
        Ok(self.proposals.get(&information).cloned())
    }

    async fn by_id(&mut self, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
        Ok(self.proposals.values().find(|it| it.id == id).cloned())
    }

    async fn list(&mut self) -> Result<Vec<Proposal>, StoreError> {
        let mut all: Vec<Proposal> = self.proposals.values().cloned().collect();
        all.sort_by_key(|it| (it.at, it.id));
        Ok(all)
    }
}

#[async_trait]
impl Edits for Rooms {
    async fn lock(&mut self, information: InformationId) -> Result<Option<StateInformation>, StoreError> {
        Ok(self.information.get(&information).cloned())
    }

    async fn put(&mut self, proposal: &Proposal) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.proposals).insert(proposal.information, proposal.clone());
        Ok(())
    }

    async fn remove(&mut self, information: InformationId) -> Result<bool, StoreError> {
        Ok(Arc::make_mut(&mut self.proposals).remove(&information).is_some())
    }
}
