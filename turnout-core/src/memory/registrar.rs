//! A registrar in RAM.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use super::locked;
use crate::{
    address::State,
    error::ProviderError,
    ids::{RegionId, RegistrationId},
    ports::state_registrar::{Application, County, Refused, Registered, StateRegistrar},
};

/// What a [`MemoryRegistrar`] remembers of an application: no number, no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The registration.
    pub registration: RegistrationId,
    /// The region that was chosen.
    pub region: Option<RegionId>,
    /// Whether the number of a license came with it.
    pub has_license: bool,
    /// Whether digits of a Social Security number did.
    pub has_ssn4: bool,
    /// Whether a signature did, and of what kind.
    pub signature: Option<String>,
}

/// Takes every application, but as often as it was told to refuse. Cheap to clone.
#[derive(Clone)]
pub struct MemoryRegistrar {
    state: State,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    taken: Mutex<Vec<Taken>>,
    refusals: Mutex<VecDeque<Refused>>,
    counties: Mutex<Vec<County>>,
}

impl MemoryRegistrar {
    /// The registrar of this state.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self { state, inner: Arc::default() }
    }

    /// Refuses the next application, or the one after those that are to be refused already.
    pub fn refuse(&self, refused: Refused) {
        locked(&self.inner.refusals).push_back(refused);
    }

    /// Knows these counties from now on.
    pub fn knows(&self, counties: Vec<County>) {
        *locked(&self.inner.counties) = counties;
    }

    /// Every application that was handed in, refused or not.
    #[must_use]
    pub fn applications(&self) -> Vec<Taken> {
        locked(&self.inner.taken).clone()
    }
}

#[async_trait]
impl StateRegistrar for MemoryRegistrar {
    fn state(&self) -> State {
        self.state
    }

    async fn register(&self, application: Application) -> Result<Registered, Refused> {
        let taken = Taken {
            registration: application.registration.id,
            region: application.region.map(|it| it.id),
            has_license: application.license.is_some(),
            has_ssn4: application.ssn4.is_some(),
            signature: application.signature.map(|it| it.content_type),
        };
        let mut all = locked(&self.inner.taken);
        all.push(taken);
        if let Some(refused) = locked(&self.inner.refusals).pop_front() {
            return Err(refused);
        }
        Ok(Registered { application_id: all.len().to_string(), signature_source: Some("Memory".into()) })
    }

    async fn counties(&self) -> Result<Vec<County>, ProviderError> {
        let mut counties = locked(&self.inner.counties).clone();
        counties.sort_by(|one, other| one.county_name.cmp(&other.county_name));
        Ok(counties)
    }
}
