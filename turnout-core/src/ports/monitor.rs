//! Who looks again and again whether pages of others are there.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::Disabled;
use crate::error::{ProviderError, ProviderErrorKind};

/// A page that is to be watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedPage {
    /// Its address.
    pub url: String,
    /// What it is, for people: `MA Online Voter Registration`.
    pub description: String,
    /// The same for programs.
    pub metadata: PageMetadata,
}

/// What a watched page is, for programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageMetadata {
    /// The postal code of the state whose page it is; of the first one where several share it.
    #[serde(default)]
    pub state_id: String,
    /// The codes of all states that share it, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_ids: Vec<String>,
    /// Of what kinds the facts are that name it.
    #[serde(default)]
    pub slugs: Vec<String>,
    /// What those tools are called.
    #[serde(default)]
    pub slug_descs: Vec<String>,
}

/// A page that is watched or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonitoredPage {
    /// Its id at the monitor.
    pub id: String,
    /// Whether it is watched now.
    pub is_active: bool,
    /// What is watched. Metadata that we do not know how to read are empty ones, and so differ from ours.
    pub page: WatchedPage,
}

/// Watches pages.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{
///     error::ProviderError,
///     ports::monitor::{MonitoredPage, PageMonitor, WatchedPage},
/// };
///
/// /// Watches nothing.
/// struct Asleep;
/// #[async_trait]
/// impl PageMonitor for Asleep {
///     async fn pages(&self) -> Result<Vec<MonitoredPage>, ProviderError> { Ok(Vec::new()) }
///     async fn add(&self, _: &WatchedPage) -> Result<(), ProviderError> { Ok(()) }
///     async fn change(&self, _: &str, _: &WatchedPage) -> Result<(), ProviderError> { Ok(()) }
///     async fn stop(&self, _: &str) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait PageMonitor: Send + Sync {
    /// All pages that were ever ours to watch, watched now or not.
    async fn pages(&self) -> Result<Vec<MonitoredPage>, ProviderError>;

    /// Watches a page from now on.
    async fn add(&self, page: &WatchedPage) -> Result<(), ProviderError>;

    /// Watches the page of this id as this one, be it active or not before.
    async fn change(&self, id: &str, page: &WatchedPage) -> Result<(), ProviderError>;

    /// Watches it no more.
    async fn stop(&self, id: &str) -> Result<(), ProviderError>;
}

fn disabled() -> ProviderError {
    ProviderError::new("monitor", ProviderErrorKind::Disabled)
}

#[async_trait]
impl PageMonitor for Disabled {
    async fn pages(&self) -> Result<Vec<MonitoredPage>, ProviderError> {
        Err(disabled())
    }

    async fn add(&self, _page: &WatchedPage) -> Result<(), ProviderError> {
        Err(disabled())
    }

    async fn change(&self, _id: &str, _page: &WatchedPage) -> Result<(), ProviderError> {
        Err(disabled())
    }

    async fn stop(&self, _id: &str) -> Result<(), ProviderError> {
        Err(disabled())
    }
}
