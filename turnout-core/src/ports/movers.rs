//! Who knows of people that moved.

use async_trait::async_trait;

use super::Disabled;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    mover::LeadDraft,
};

/// How far back a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookBack {
    /// So many hours.
    Hours(u32),
    /// So many days.
    Days(u32),
}

impl LookBack {
    /// The same in hours.
    #[must_use]
    pub fn hours(self) -> u32 {
        match self {
            Self::Hours(hours) => hours,
            Self::Days(days) => days.saturating_mul(24),
        }
    }
}

/// Gives leads about people who moved.
///
/// ```
/// use async_trait::async_trait;
/// use serde_json::json;
/// use turnout_core::{error::ProviderError, mover::LeadDraft, ports::movers::{LookBack, MoverSource}};
///
/// /// A neighborhood in which one person moved.
/// struct Neighbor;
/// #[async_trait]
/// impl MoverSource for Neighbor {
///     async fn fetch(&self, _: LookBack) -> Result<Vec<LeadDraft>, ProviderError> {
///         let lead = json!({"email": "ana@example.org", "created_at": "2026-10-02T12:00:00Z", "new_state": "OH"});
///         Ok(vec![LeadDraft::from_json(&lead)])
///     }
/// }
/// ```
#[async_trait]
pub trait MoverSource: Send + Sync {
    /// Every lead since then, or none: an answer that breaks off is an error. What is wrong with a lead is found later, by
    /// [`LeadDraft::check`].
    async fn fetch(&self, back: LookBack) -> Result<Vec<LeadDraft>, ProviderError>;
}

#[async_trait]
impl MoverSource for Disabled {
    async fn fetch(&self, _back: LookBack) -> Result<Vec<LeadDraft>, ProviderError> {
        Err(ProviderError::new("movers", ProviderErrorKind::Disabled))
    }
}
