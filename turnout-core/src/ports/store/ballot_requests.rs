//! Ballot requests, and what is said here of the offices that take them.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    absentee::{BallotRequest, ContactOverride, RegionLink},
    ids::{ActionId, BallotRequestId, FileId, RegionId},
};

/// What this room is called.
const ROOM: &str = "ballot requests";

/// Reads ballot requests.
#[async_trait]
pub trait ReadBallotRequests: Send {
    /// The request, if there is one.
    async fn by_id(&mut self, id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError>;

    /// The request of an action.
    async fn by_action(&mut self, id: ActionId) -> Result<Option<BallotRequest>, StoreError>;

    /// The request whose form this file is, be it the voter's or the mail house's.
    async fn by_file(&mut self, id: FileId) -> Result<Option<BallotRequest>, StoreError>;

    /// What an administrator knows better about the office of a region.
    async fn contact_override(&mut self, region: RegionId) -> Result<Option<ContactOverride>, StoreError>;

    /// Where the voters of a region ask for a ballot online.
    async fn region_link(&mut self, region: RegionId) -> Result<Option<RegionLink>, StoreError>;
}

/// Changes ballot requests.
#[async_trait]
pub trait BallotRequests: ReadBallotRequests {
    /// A new request. Conflict when the id or the action is taken.
    async fn insert(&mut self, request: &BallotRequest) -> Result<(), StoreError>;

    /// The request, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError>;

    /// Writes every column of a request that was locked in this unit, but for id, action, subscriber and `created_at`,
    /// which no call changes.
    async fn update(&mut self, request: &BallotRequest) -> Result<(), StoreError>;

    /// What is known better about the office of a region, held until the unit ends where there is anything.
    async fn lock_contact_override(
        &mut self,
        region: RegionId,
    ) -> Result<Option<ContactOverride>, StoreError>;

    /// Where the voters of a region ask for a ballot online, held until the unit ends where there is anything.
    async fn lock_region_link(&mut self, region: RegionId) -> Result<Option<RegionLink>, StoreError>;

    /// Adds or overwrites what is known better about a region's office. `created_at` stays that of the first.
    async fn put_contact_override(&mut self, known: &ContactOverride) -> Result<(), StoreError>;

    /// Forgets it. Says whether there was any.
    async fn remove_contact_override(&mut self, region: RegionId) -> Result<bool, StoreError>;

    /// Adds or overwrites a region's page. `created_at` stays that of the first.
    async fn put_region_link(&mut self, link: &RegionLink) -> Result<(), StoreError>;

    /// Forgets it. Says whether there was any.
    async fn remove_region_link(&mut self, region: RegionId) -> Result<bool, StoreError>;
}

#[async_trait]
impl ReadBallotRequests for AbsentRoom {
    async fn by_id(&mut self, _id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_action(&mut self, _id: ActionId) -> Result<Option<BallotRequest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_file(&mut self, _id: FileId) -> Result<Option<BallotRequest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn contact_override(&mut self, _region: RegionId) -> Result<Option<ContactOverride>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn region_link(&mut self, _region: RegionId) -> Result<Option<RegionLink>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl BallotRequests for AbsentRoom {
    async fn insert(&mut self, _request: &BallotRequest) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _request: &BallotRequest) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_contact_override(
        &mut self,
        _region: RegionId,
    ) -> Result<Option<ContactOverride>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_region_link(&mut self, _region: RegionId) -> Result<Option<RegionLink>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn put_contact_override(&mut self, _known: &ContactOverride) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove_contact_override(&mut self, _region: RegionId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn put_region_link(&mut self, _link: &RegionLink) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove_region_link(&mut self, _region: RegionId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
