//! How the offices of regions take requests that were signed online, and which of those went to them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    absentee::{Application, LinkOfRegion, RegionReach, SentCount, SentKey, StateReach},
    address::State,
    ids::RegionId,
    page::{Page, PageRequest},
};

/// What this room is called.
const ROOM: &str = "dashboard of signed requests";

/// Reads how offices are reached, and what went out. Of regions those that are neither hidden nor gone.
#[async_trait]
pub trait ReadEsign: Send {
    /// How many regions of each state are reached alike, in any order. A state without regions is not among them.
    async fn states(&mut self) -> Result<Vec<StateReach>, StoreError>;

    /// How each region of a state is reached, by name, then by number.
    async fn regions(&mut self, state: State) -> Result<Vec<RegionReach>, StoreError>;

    /// How many requests of one region or of each went out since `since`, and how many of them since `lately`: by the way they went,
    /// each action once. Regions of which none went out are not among them.
    async fn sent_counts(
        &mut self,
        region: Option<RegionId>,
        since: DateTime<Utc>,
        lately: DateTime<Utc>,
    ) -> Result<Vec<SentCount>, StoreError>;

    /// The requests of all subscribers that went to an office at once, of one region or of all, those first that went last.
    async fn applications(
        &mut self,
        region: Option<RegionId>,
        page: PageRequest<SentKey>,
    ) -> Result<Page<Application, SentKey>, StoreError>;

    /// The pages on which voters of regions ask for a ballot, by state, name and number of the region, which may be gone.
    async fn links(&mut self) -> Result<Vec<LinkOfRegion>, StoreError>;
}

#[async_trait]
impl ReadEsign for AbsentRoom {
    async fn states(&mut self) -> Result<Vec<StateReach>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn regions(&mut self, _state: State) -> Result<Vec<RegionReach>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn sent_counts(
        &mut self,
        _region: Option<RegionId>,
        _since: DateTime<Utc>,
        _lately: DateTime<Utc>,
    ) -> Result<Vec<SentCount>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn applications(
        &mut self,
        _region: Option<RegionId>,
        _page: PageRequest<SentKey>,
    ) -> Result<Page<Application, SentKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn links(&mut self) -> Result<Vec<LinkOfRegion>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
