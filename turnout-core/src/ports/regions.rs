//! From an address to its election office.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
    ids::RegionId,
    official::Region,
};

/// Which regions an address may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionMatch {
    /// This one.
    One(RegionId),
    /// One of these, sorted by name.
    Several(Vec<RegionId>),
    /// Nothing is known.
    None,
}

/// Finds the region that serves an address.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{address::Address, error::ProviderError, ids::RegionId};
/// use turnout_core::ports::regions::{RegionMatch, RegionMatcher};
///
/// /// A country with one election office.
/// struct Everywhere;
/// #[async_trait]
/// impl RegionMatcher for Everywhere {
///     async fn find(&self, _: &Address) -> Result<RegionMatch, ProviderError> {
///         Ok(RegionMatch::One(RegionId(1)))
///     }
/// }
/// ```
#[async_trait]
pub trait RegionMatcher: Send + Sync {
    /// The regions of an address. A failure is no match for the caller, never an error for the voter.
    async fn find(&self, address: &Address) -> Result<RegionMatch, ProviderError>;

    /// Which of the listed regions takes the place of each generated one, by their names: pairs of old and new, of those
    /// for which there is exactly one. Who cannot say knows none.
    fn successors(&self, _generated: &[Region], _listed: &[Region]) -> Vec<(RegionId, RegionId)> {
        Vec::new()
    }
}

#[async_trait]
impl RegionMatcher for Disabled {
    async fn find(&self, _address: &Address) -> Result<RegionMatch, ProviderError> {
        Err(ProviderError::new("regions", ProviderErrorKind::Disabled))
    }
}
