//! Pages where voters ask for a ballot online, as somebody lists them by county.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    address::State,
    error::{ProviderError, ProviderErrorKind},
};

/// The page of a county, as it is listed. Nothing of it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLink {
    /// The county's name.
    pub county: String,
    /// The page.
    pub url: String,
}

/// Lists the pages of a state's counties.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{address::State, error::ProviderError, ports::ballot_links::{BallotLinksSource, ListedLink}};
///
/// /// A country whose counties have one page.
/// struct One;
/// #[async_trait]
/// impl BallotLinksSource for One {
///     async fn fetch(&self, _: State) -> Result<Vec<ListedLink>, ProviderError> {
///         Ok(vec![ListedLink { county: "Everywhere".into(), url: "https://ballots.example.org/".into() }])
///     }
/// }
/// ```
#[async_trait]
pub trait BallotLinksSource: Send + Sync {
    /// All of them, as they are at this moment.
    async fn fetch(&self, state: State) -> Result<Vec<ListedLink>, ProviderError>;
}

#[async_trait]
impl BallotLinksSource for Disabled {
    async fn fetch(&self, _state: State) -> Result<Vec<ListedLink>, ProviderError> {
        Err(ProviderError::new("ballot links", ProviderErrorKind::Disabled))
    }
}
