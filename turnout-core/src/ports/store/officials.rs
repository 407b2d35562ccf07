//! Regions and offices.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    address::State,
    ids::RegionId,
    official::{Office, OfficeAddress, OfficeWithAddresses, Region},
};

/// Narrows a state's list of regions. Both must fit, exactly; nothing does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionFilter {
    /// The county.
    pub county: Option<String>,
    /// The municipality.
    pub municipality: Option<String>,
}

/// Reads regions and offices.
#[async_trait]
pub trait ReadOfficials: Send {
    /// The region, hidden or gone or not; of one that another took the place of, that other one.
    async fn region(&mut self, id: RegionId) -> Result<Option<Region>, StoreError>;

    /// A state's regions that are neither hidden nor gone, by name, then by id.
    async fn regions(&mut self, state: State, filter: &RegionFilter) -> Result<Vec<Region>, StoreError>;

    /// A region's offices and their addresses, each in the order of their ids; of one that another took the place of,
    /// those of the other one.
    async fn offices(&mut self, region: RegionId) -> Result<Vec<OfficeWithAddresses>, StoreError>;
}

/// Changes regions and offices.
#[async_trait]
pub trait Officials: ReadOfficials {
    /// Adds or overwrites a region, by id. It is not gone, then.
    async fn put_region(&mut self, region: &Region) -> Result<(), StoreError>;

    /// Adds or overwrites an office, by id.
    async fn put_office(&mut self, office: &Office) -> Result<(), StoreError>;

    /// Adds or overwrites an address, by id. One without id is refused with `Other`.
    async fn put_address(&mut self, address: &OfficeAddress) -> Result<(), StoreError>;
}
