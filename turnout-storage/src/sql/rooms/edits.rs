//! What is proposed for facts about states.

use async_trait::async_trait;
use turnout_core::{
    election::{Proposal, StateInformation},
    ids::{InformationId, ProposalId},
    ports::store::{Edits, ReadEdits, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::{Day, Moment},
    rows::{edits::ProposalRow, elections::InformationRow},
    session::{Session, query},
    statements::edits as statements,
};

#[async_trait]
impl<D: Dialect> ReadEdits for Session<D> {
    async fn of(&mut self, information: InformationId) -> Result<Option<Proposal>, StoreError> {
        self.optional::<ProposalRow, _>(query(statements::OF).bind(information.0)).await
    }

    async fn by_id(&mut self, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
        self.optional::<ProposalRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn list(&mut self) -> Result<Vec<Proposal>, StoreError> {
        self.all::<ProposalRow, _>(query(statements::LIST)).await
    }
}

#[async_trait]
impl<D: Dialect> Edits for Session<D> {
    async fn lock(&mut self, information: InformationId) -> Result<Option<StateInformation>, StoreError> {
        self.optional::<InformationRow, _>(query(statements::LOCK).bind(information.0)).await
    }

    async fn put(&mut self, proposal: &Proposal) -> Result<(), StoreError> {
        let statement = query(statements::PUT)
            .bind(proposal.information.0)
            .bind(proposal.id.0)
            .bind(&proposal.text)
            .bind(&proposal.notes)
            .bind(&proposal.source)
            .bind(proposal.checked_on.map(Day))
            .bind(proposal.by.0)
            .bind(Moment(proposal.at))
            .bind(Moment(proposal.base));
        self.change_one("proposal", statement).await
    }

    async fn remove(&mut self, information: InformationId) -> Result<bool, StoreError> {
        Ok(self.change("proposal", query(statements::REMOVE).bind(information.0)).await? > 0)
    }
}
