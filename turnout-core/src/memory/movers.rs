//! A source of leads in RAM.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::{fails, locked};
use crate::{
    error::{ProviderError, ProviderErrorKind},
    mover::LeadDraft,
    ports::movers::{LookBack, MoverSource},
};

/// Gives the leads that it was given, whatever it is asked; keeps how far back that was. Cheap to clone.
#[derive(Clone, Default)]
pub struct MemoryMovers {
    leads: Arc<Mutex<Vec<LeadDraft>>>,
    asked: Arc<Mutex<Vec<LookBack>>>,
    failures: Arc<Mutex<u32>>,
}

impl MemoryMovers {
    /// One without leads.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These are all from now on.
    pub fn put(&self, leads: Vec<LeadDraft>) {
        *locked(&self.leads) = leads;
    }

    /// The next `times` questions get no answer.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }

    /// How far back it was asked, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<LookBack> {
        locked(&self.asked).clone()
    }
}

#[async_trait]
impl MoverSource for MemoryMovers {
    async fn fetch(&self, back: LookBack) -> Result<Vec<LeadDraft>, ProviderError> {
        locked(&self.asked).push(back);
        if fails(&self.failures) {
            return Err(ProviderError::new("movers", ProviderErrorKind::Unreachable));
        }
        Ok(locked(&self.leads).clone())
    }
}
