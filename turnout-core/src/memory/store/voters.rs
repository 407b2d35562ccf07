//! Voters whom the rolls know.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    action::Action,
    address::State,
    ids::{ActionId, VoterId},
    person::Phone,
    ports::store::{Asked, ReadVoters, StoreError, Unmatched, Voters},
    voter::Voter,
};

impl Rooms {
    fn oldest_voter(&self, is_it: impl Fn(&Voter) -> bool) -> Option<Voter> {
        self.voters.values().filter(|it| is_it(it)).min_by_key(|it| (it.created_at, it.id)).cloned()
    }

    fn is_registered(&self, action: ActionId) -> bool {
        let voter = self.voter_links.get(&action).and_then(|id| self.voters.get(id));
        voter.is_some_and(|voter| voter.standing.registered == Some(true))
    }
}

#[async_trait]
impl ReadVoters for Rooms {
    async fn by_id(&mut self, id: VoterId) -> Result<Option<Voter>, StoreError> {
        Ok(self.voters.get(&id).cloned())
    }

    async fn by_roll_id(&mut self, state: State, id: &str) -> Result<Option<Voter>, StoreError> {
        Ok(self.oldest_voter(|it| it.state == Some(state) && it.roll_id.as_deref() == Some(id)))
    }

    async fn by_state_voter_id(&mut self, state: State, id: &str) -> Result<Option<Voter>, StoreError> {
        Ok(self.oldest_voter(|it| it.state == Some(state) && it.state_voter_id.as_deref() == Some(id)))
    }

    async fn by_phone(&mut self, phone: &Phone) -> Result<Option<Voter>, StoreError> {
        let theirs = self.voters.values().filter(|it| it.phone.as_ref() == Some(phone));
        Ok(theirs.max_by_key(|it| (it.modified_at, it.id)).cloned())
    }

    async fn of_action(&mut self, action: ActionId) -> Result<Option<VoterId>, StoreError> {
        Ok(self.voter_links.get(&action).copied())
    }

    async fn unasked(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<ActionId>, StoreError> {
        let is_one = |it: &&Action| it.last_voter_lookup.is_none() && it.created_at < before;
        let mut actions: Vec<_> =
            self.actions.values().filter(is_one).map(|it| (it.created_at, it.id)).collect();
        actions.sort_unstable();
        actions.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(actions.into_iter().map(|(_, id)| id).collect())
    }

    async fn unmatched(&mut self, which: &Unmatched, limit: u32) -> Result<Vec<Asked>, StoreError> {
        let made = self.actions.values().filter(|it| it.created_at > which.made_after);
        let asked = made.filter_map(|it| Some(Asked { at: it.last_voter_lookup?, action: it.id }));
        let is_one = |it: &Asked| {
            it.at < which.asked_before
                && which.after.is_none_or(|after| *it > after)
                && !self.is_registered(it.action)
        };
        let mut asked: Vec<Asked> = asked.filter(is_one).collect();
        asked.sort_unstable();
        asked.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(asked)
    }
}

#[async_trait]
impl Voters for Rooms {
    /// A unit holds everything here.
    async fn hold(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn insert(&mut self, voter: &Voter) -> Result<(), StoreError> {
        insert(&mut self.voters, voter.id, voter, "voter")
    }

    async fn update(&mut self, voter: &Voter) -> Result<(), StoreError> {
        let kept = row(&mut self.voters, &voter.id, "voter")?;
        *kept = Voter { created_at: kept.created_at, ..voter.clone() };
        Ok(())
    }

    async fn link(
        &mut self,
        action: ActionId,
        voter: Option<VoterId>,
        asked_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let kept = row(&mut self.actions, &action, "action")?;
        (kept.last_voter_lookup, kept.modified_at) = (Some(asked_at), asked_at);
        if let Some(voter) = voter {
            Arc::make_mut(&mut self.voter_links).insert(action, voter);
        }
        Ok(())
    }
}
