//! People who moved.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    address::State,
    ids::MoverLeadId,
    mover::MoverLead,
    ports::store::{Movers, ReadMovers, StoreError},
};

impl Rooms {
    /// Leads after one that are of a kind, in the order of their ids.
    fn leads(
        &self,
        after: Option<MoverLeadId>,
        limit: u32,
        is_one: impl Fn(&MoverLead) -> bool,
    ) -> impl Iterator<Item = &MoverLead> {
        let after = move |lead: &&MoverLead| after.is_none_or(|after| lead.id > after);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.movers.values().filter(after).filter(move |lead| is_one(lead)).take(limit)
    }
}

fn is_since(lead: &MoverLead, since: DateTime<Utc>) -> bool {
    lead.source_created_at.unwrap_or(lead.created_at) >= since
}

#[async_trait]
impl ReadMovers for Rooms {
    async fn by_id(&mut self, id: MoverLeadId) -> Result<Option<MoverLead>, StoreError> {
        Ok(self.movers.get(&id).cloned())
    }

    async fn is_known(&mut self, email: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let is_it =
            |lead: &MoverLead| lead.email.as_deref() == Some(email) && lead.source_created_at == Some(at);
        Ok(self.movers.values().any(is_it))
    }

    async fn pulled_until(&mut self, source: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.pulled_movers.get(source).copied())
    }

    async fn unlocated(
        &mut self,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError> {
        let is_one =
            |it: &MoverLead| it.new.region.is_none() && it.old.region.is_none() && it.located_at.is_none();
        Ok(self.leads(after, limit, is_one).map(|lead| lead.id).collect())
    }

    async fn unpushed(
        &mut self,
        since: DateTime<Utc>,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError> {
        let is_one =
            |it: &MoverLead| it.crm_person.is_none() && it.left_alone.is_none() && is_since(it, since);
        Ok(self.leads(after, limit, is_one).map(|lead| lead.id).collect())
    }

    async fn unmailed(
        &mut self,
        state: State,
        since: DateTime<Utc>,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLead>, StoreError> {
        let is_one = |it: &MoverLead| {
            it.action.is_none()
                && it.left_alone.is_none()
                && it.new.address.state == Some(state)
                && it.new.tenure.as_deref() == Some("rent")
                && is_since(it, since)
        };
        Ok(self.leads(after, limit, is_one).cloned().collect())
    }
}

#[async_trait]
impl Movers for Rooms {
    async fn insert(&mut self, lead: &MoverLead) -> Result<bool, StoreError> {
        if let (Some(email), Some(at)) = (&lead.email, lead.source_created_at)
            && self.is_known(email, at).await?
        {
            return Ok(false);
        }
        insert(&mut self.movers, lead.id, lead, "lead").map(|()| true)
    }

    async fn lock(&mut self, id: MoverLeadId) -> Result<Option<MoverLead>, StoreError> {
        Ok(self.movers.get(&id).cloned())
    }

    async fn update(&mut self, lead: &MoverLead) -> Result<(), StoreError> {
        let row = row(&mut self.movers, &lead.id, "lead")?;
        (row.new.region, row.old.region) = (lead.new.region, lead.old.region);
        row.crm_person.clone_from(&lead.crm_person);
        (row.action, row.file) = (lead.action, lead.file);
        (row.located_at, row.left_alone) = (lead.located_at, lead.left_alone);
        row.modified_at = lead.modified_at;
        Ok(())
    }

    async fn set_pulled_until(&mut self, source: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.pulled_movers).insert(source.to_owned(), until);
        Ok(())
    }
}
