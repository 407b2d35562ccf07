//! Faxes that stay here.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::locked;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ports::fax::{FaxSender, OutgoingFax},
};

/// Keeps every fax that it is handed, each time.
#[derive(Clone, Default)]
pub struct FaxTray {
    faxes: Arc<Mutex<Vec<OutgoingFax>>>,
    failures: Arc<Mutex<Vec<ProviderErrorKind>>>,
}

impl FaxTray {
    /// No fax yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes all faxes out, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<OutgoingFax> {
        std::mem::take(&mut *locked(&self.faxes))
    }

    /// The next fax that is handed over fails in this way.
    pub fn fail_next(&self, kind: ProviderErrorKind) {
        locked(&self.failures).push(kind);
    }
}

#[async_trait]
impl FaxSender for FaxTray {
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError> {
        if let Some(kind) = locked(&self.failures).pop() {
            return Err(ProviderError::new("fax tray", kind));
        }
        locked(&self.faxes).push(fax.clone());
        Ok(())
    }
}
