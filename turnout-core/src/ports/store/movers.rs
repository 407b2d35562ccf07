//! People who moved.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{address::State, ids::MoverLeadId, mover::MoverLead};

/// What this room is called.
const ROOM: &str = "movers";

/// Reads leads about people who moved.
///
/// The lists of what is left to be done are in the order of the ids, and begin after one.
#[async_trait]
pub trait ReadMovers: Send {
    /// The lead, if there is one.
    async fn by_id(&mut self, id: MoverLeadId) -> Result<Option<MoverLead>, StoreError>;

    /// Whether there is a lead about the owner of this address, letter for letter, from that moment.
    async fn is_known(&mut self, email: &str, source_created_at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Up to when everything that this source has was stored; nothing when it was never asked.
    async fn pulled_until(&mut self, source: &str) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Leads of which neither region is known, and for which nobody was asked.
    async fn unlocated(
        &mut self,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError>;

    /// Leads since that moment that are on no contact list and are not left alone.
    async fn unpushed(
        &mut self,
        since: DateTime<Utc>,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError>;

    /// Leads since that moment about who rents the new home in that state, that have no letter and are not left alone.
    async fn unmailed(
        &mut self,
        state: State,
        since: DateTime<Utc>,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLead>, StoreError>;
}

/// Changes leads about people who moved.
#[async_trait]
pub trait Movers: ReadMovers {
    /// A new lead; whether it is one. There is one of each e-mail address and moment: of a second nothing is stored.
    /// Conflict when the id is taken.
    async fn insert(&mut self, lead: &MoverLead) -> Result<bool, StoreError>;

    /// The lead, held until the unit ends: nobody else changes it meanwhile.
    async fn lock(&mut self, id: MoverLeadId) -> Result<Option<MoverLead>, StoreError>;

    /// Writes what we did with a lead that was locked in this unit: regions, contact, action, file, when it was located, why
    /// it is left alone, and `modified_at`; nothing that the source said.
    async fn update(&mut self, lead: &MoverLead) -> Result<(), StoreError>;

    /// Notes up to when everything that this source has was stored.
    async fn set_pulled_until(&mut self, source: &str, until: DateTime<Utc>) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadMovers for AbsentRoom {
    async fn by_id(&mut self, _id: MoverLeadId) -> Result<Option<MoverLead>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn is_known(&mut self, _email: &str, _at: DateTime<Utc>) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn pulled_until(&mut self, _source: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unlocated(
        &mut self,
        _after: Option<MoverLeadId>,
        _limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unpushed(
        &mut self,
        _since: DateTime<Utc>,
        _after: Option<MoverLeadId>,
        _limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unmailed(
        &mut self,
        _state: State,
        _since: DateTime<Utc>,
        _after: Option<MoverLeadId>,
        _limit: u32,
    ) -> Result<Vec<MoverLead>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Movers for AbsentRoom {
    async fn insert(&mut self, _lead: &MoverLead) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: MoverLeadId) -> Result<Option<MoverLead>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _lead: &MoverLead) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn set_pulled_until(&mut self, _source: &str, _until: DateTime<Utc>) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
