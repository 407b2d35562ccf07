//! Ballot requests, and what is said here of the offices that take them.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    absentee::{BallotRequest, ContactOverride, RegionLink},
    ids::{ActionId, BallotRequestId, FileId, RegionId},
    ports::store::{BallotRequests, ReadBallotRequests, StoreError},
};

#[async_trait]
impl ReadBallotRequests for Rooms {
    async fn by_id(&mut self, id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError> {
        Ok(self.ballot_requests.get(&id).cloned())
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<BallotRequest>, StoreError> {
        Ok(self.ballot_requests.values().find(|it| it.action == Some(id)).cloned())
    }

    async fn by_file(&mut self, id: FileId) -> Result<Option<BallotRequest>, StoreError> {
        let mut all = self.ballot_requests.values();
        Ok(all.find(|it| it.result_item == Some(id) || it.result_item_mail == Some(id)).cloned())
    }

    async fn contact_override(&mut self, region: RegionId) -> Result<Option<ContactOverride>, StoreError> {
        Ok(self.contact_overrides.get(&region).cloned())
    }

    async fn region_link(&mut self, region: RegionId) -> Result<Option<RegionLink>, StoreError> {
        Ok(self.region_links.get(&region).cloned())
    }
}

#[async_trait]
impl BallotRequests for Rooms {
    async fn insert(&mut self, request: &BallotRequest) -> Result<(), StoreError> {
        let action = request.action;
        if action.is_some() && self.ballot_requests.values().any(|it| it.action == action) {
            return Err(StoreError::Conflict { entity: "ballot request" });
        }
        insert(&mut self.ballot_requests, request.id, request, "ballot request")
    }

    async fn lock(&mut self, id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError> {
        Ok(self.ballot_requests.get(&id).cloned())
    }

    async fn update(&mut self, request: &BallotRequest) -> Result<(), StoreError> {
        let row = row(&mut self.ballot_requests, &request.id, "ballot request")?;
        *row = BallotRequest {
            action: row.action,
            subscriber: row.subscriber,
            created_at: row.created_at,
            ..request.clone()
        };
        Ok(())
    }

    async fn lock_contact_override(
        &mut self,
        region: RegionId,
    ) -> Result<Option<ContactOverride>, StoreError> {
        Ok(self.contact_overrides.get(&region).cloned())
    }

    async fn lock_region_link(&mut self, region: RegionId) -> Result<Option<RegionLink>, StoreError> {
        Ok(self.region_links.get(&region).cloned())
    }

    async fn put_contact_override(&mut self, known: &ContactOverride) -> Result<(), StoreError> {
        let first = self.contact_overrides.get(&known.region).map_or(known.created_at, |it| it.created_at);
        let known = ContactOverride { created_at: first, ..known.clone() };
        Arc::make_mut(&mut self.contact_overrides).insert(known.region, known);
        Ok(())
    }

    async fn remove_contact_override(&mut self, region: RegionId) -> Result<bool, StoreError> {
        Ok(Arc::make_mut(&mut self.contact_overrides).remove(&region).is_some())
    }

    async fn put_region_link(&mut self, link: &RegionLink) -> Result<(), StoreError> {
        let first = self.region_links.get(&link.region).map_or(link.created_at, |it| it.created_at);
        let link = RegionLink { created_at: first, ..link.clone() };
        Arc::make_mut(&mut self.region_links).insert(link.region, link);
        Ok(())
    }

    async fn remove_region_link(&mut self, region: RegionId) -> Result<bool, StoreError> {
        Ok(Arc::make_mut(&mut self.region_links).remove(&region).is_some())
    }
}
