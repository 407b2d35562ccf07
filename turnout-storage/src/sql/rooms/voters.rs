//! Voters whom the rolls know.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    address::State,
    ids::{ActionId, VoterId},
    person::Phone,
    ports::store::{Asked, ReadVoters, StoreError, Unmatched, Voters},
    voter::Voter,
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::{BEGINNING_OF_TIME, Moment},
    rows::voters::{AskedRow, VoterRow, bind_voter},
    session::{Session, query},
    statements::voters as statements,
};

#[async_trait]
impl<D: Dialect> ReadVoters for Session<D> {
    async fn by_id(&mut self, id: VoterId) -> Result<Option<Voter>, StoreError> {
        self.optional::<VoterRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_roll_id(&mut self, state: State, id: &str) -> Result<Option<Voter>, StoreError> {
        if is_unfindable(id) {
            return Ok(None);
        }
        let statement = query(statements::BY_ROLL_ID).bind(state.code()).bind(id.to_owned());
        self.optional::<VoterRow, _>(statement).await
    }

    async fn by_state_voter_id(&mut self, state: State, id: &str) -> Result<Option<Voter>, StoreError> {
        if is_unfindable(id) {
            return Ok(None);
        }
        let statement = query(statements::BY_STATE_VOTER_ID).bind(state.code()).bind(id.to_owned());
        self.optional::<VoterRow, _>(statement).await
    }

    async fn by_phone(&mut self, phone: &Phone) -> Result<Option<Voter>, StoreError> {
        self.optional::<VoterRow, _>(query(statements::BY_PHONE).bind(phone.e164().to_owned())).await
    }

    async fn of_action(&mut self, action: ActionId) -> Result<Option<VoterId>, StoreError> {
        let found: Vec<Uuid> = self.values(query(statements::OF_ACTION).bind(action.0)).await?;
        Ok(found.first().map(|id| VoterId(*id)))
    }

    async fn unasked(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<ActionId>, StoreError> {
        let statement = query(statements::UNASKED).bind(Moment(before)).bind(i64::from(limit));
        Ok(self.values(statement).await?.into_iter().map(ActionId).collect())
    }

    async fn unmatched(&mut self, which: &Unmatched, limit: u32) -> Result<Vec<Asked>, StoreError> {
        let (at, action) = which.after.map_or((BEGINNING_OF_TIME, Uuid::nil()), |it| (it.at, it.action.0));
        let statement = query(statements::UNMATCHED)
            .bind(Moment(which.asked_before))
            .bind(Moment(which.made_after))
            .bind(Moment(at))
            .bind(action)
            .bind(i64::from(limit));
        self.all::<AskedRow, _>(statement).await
    }
}

#[async_trait]
impl<D: Dialect> Voters for Session<D> {
    async fn hold(&mut self) -> Result<(), StoreError> {
        self.change("voter", query(statements::HOLD)).await.map(drop)
    }

    async fn insert(&mut self, voter: &Voter) -> Result<(), StoreError> {
        let statement = bind_voter(query(statements::INSERT), voter).bind(Moment(voter.created_at));
        self.change_one("voter", statement).await
    }

    async fn update(&mut self, voter: &Voter) -> Result<(), StoreError> {
        self.change_one("voter", bind_voter(query(statements::UPDATE), voter)).await
    }

    async fn link(
        &mut self,
        action: ActionId,
        voter: Option<VoterId>,
        asked_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let statement =
            query(statements::LINK).bind(action.0).bind(Moment(asked_at)).bind(voter.map(|id| id.0));
        self.change_one("action", statement).await
    }
}
