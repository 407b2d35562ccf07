//! Taking over a supplier's whole list of regions and offices.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{KnownRegion, Office, OfficeAddress},
    page::{Page, PageRequest},
};

/// What this room is called.
const ROOM: &str = "office lists";

/// Reads everything there is of regions and offices, whatever the state, in the order of the numbers.
///
/// ```
/// # #[cfg(feature = "memory")]
/// # async fn run() -> Result<(), turnout_core::ports::store::StoreError> {
/// use turnout_core::{
///     ids::RegionId,
///     memory::MemoryStore,
///     official::Region,
///     page::PageRequest,
///     ports::store::{RegionFilter, Store},
///     address::State,
/// };
///
/// let region = |id, name: &str| Region {
///     id: RegionId(id), name: Some(name.into()), county: None, municipality: None, municipality_type: None,
///     state: Some(State::Fl), hidden: false, external_updated: None,
/// };
/// let store = MemoryStore::new();
/// let mut unit = store.begin().await?;
/// unit.officials_mut().put_region(&region(9_000_012_027, "DeSoto County")).await?;
/// unit.officials_mut().put_region(&region(430_666, "De Soto County")).await?;
/// let now = "2026-11-03T12:00:00Z".parse().unwrap();
/// unit.office_lists_mut().retire_region(RegionId(9_000_012_027), now, Some(RegionId(430_666))).await?;
/// unit.commit().await?;
///
/// let mut view = store.view().await?;
/// // who asks for the one gets the other
/// assert_eq!(view.officials().region(RegionId(9_000_012_027)).await?.unwrap().id, RegionId(430_666));
/// assert_eq!(view.officials().regions(State::Fl, &RegionFilter::default()).await?.len(), 1);
/// let all = view.office_lists().regions(PageRequest { after: None, limit: 100 }).await?;
/// assert_eq!(all.rows[1].gone.as_ref().unwrap().successor, Some(RegionId(430_666)));
/// # Ok(())
/// # }
/// # #[cfg(feature = "memory")]
/// # fn main() { tokio::runtime::Runtime::new().unwrap().block_on(run()).unwrap(); }
/// # #[cfg(not(feature = "memory"))]
/// # fn main() {}
/// ```
#[async_trait]
pub trait ReadOfficeLists: Send {
    /// Regions: hidden ones and those that are gone, too.
    async fn regions(
        &mut self,
        page: PageRequest<RegionId>,
    ) -> Result<Page<KnownRegion, RegionId>, StoreError>;

    /// Offices.
    async fn offices(&mut self, page: PageRequest<OfficeId>) -> Result<Page<Office, OfficeId>, StoreError>;

    /// Addresses of offices.
    async fn addresses(
        &mut self,
        page: PageRequest<OfficeAddressId>,
    ) -> Result<Page<OfficeAddress, OfficeAddressId>, StoreError>;
}

/// Takes away what a list has no more. What it has is put by [`Officials`](super::Officials).
#[async_trait]
pub trait OfficeLists: ReadOfficeLists {
    /// Notes that the region is gone: no list has it any more. Its row stays, as registrations point to it. Where another
    /// took its place, whoever asks for it is given that one and its offices. `put_region` takes the note away.
    async fn retire_region(
        &mut self,
        id: RegionId,
        at: DateTime<Utc>,
        successor: Option<RegionId>,
    ) -> Result<(), StoreError>;

    /// Deletes an office, whose addresses are deleted before.
    async fn delete_office(&mut self, id: OfficeId) -> Result<(), StoreError>;

    /// Deletes an address.
    async fn delete_address(&mut self, id: OfficeAddressId) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadOfficeLists for AbsentRoom {
    async fn regions(
        &mut self,
        _page: PageRequest<RegionId>,
    ) -> Result<Page<KnownRegion, RegionId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn offices(&mut self, _page: PageRequest<OfficeId>) -> Result<Page<Office, OfficeId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn addresses(
        &mut self,
        _page: PageRequest<OfficeAddressId>,
    ) -> Result<Page<OfficeAddress, OfficeAddressId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl OfficeLists for AbsentRoom {
    async fn retire_region(
        &mut self,
        _id: RegionId,
        _at: DateTime<Utc>,
        _successor: Option<RegionId>,
    ) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn delete_office(&mut self, _id: OfficeId) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn delete_address(&mut self, _id: OfficeAddressId) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
