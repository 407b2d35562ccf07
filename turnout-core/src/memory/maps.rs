//! Polling places and maps of a world in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use super::locked;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    official::Location,
    ports::maps::{Picture, Place, PollingPlaceLocator, StaticMap, Voting},
};

/// Knows the polling places that it is told, and draws maps that say between which points they are.
#[derive(Clone, Default)]
pub struct Atlas {
    places: Arc<Mutex<BTreeMap<bool, Place>>>,
    asked: Arc<Mutex<Vec<String>>>,
    locator_is_down: Arc<Mutex<bool>>,
    map_is_down: Arc<Mutex<bool>>,
}

impl Atlas {
    /// No place yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on everybody votes there.
    pub fn has(&self, voting: Voting, place: Place) {
        locked(&self.places).insert(voting == Voting::Early, place);
    }

    /// The addresses that were asked about.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        locked(&self.asked).clone()
    }

    /// From now on nobody is told where one votes, or is again.
    pub fn set_locator_down(&self, is_down: bool) {
        *locked(&self.locator_is_down) = is_down;
    }

    /// From now on no map is drawn, or is again.
    pub fn set_map_down(&self, is_down: bool) {
        *locked(&self.map_is_down) = is_down;
    }
}

#[async_trait]
impl PollingPlaceLocator for Atlas {
    async fn locate(&self, address: &str, voting: Voting) -> Result<Option<Place>, ProviderError> {
        locked(&self.asked).push(address.to_owned());
        if *locked(&self.locator_is_down) {
            return Err(ProviderError::new("atlas", ProviderErrorKind::Unreachable));
        }
        Ok(locked(&self.places).get(&(voting == Voting::Early)).cloned())
    }
}

#[async_trait]
impl StaticMap for Atlas {
    async fn draw(&self, home: Location, place: Location) -> Result<Picture, ProviderError> {
        if *locked(&self.map_is_down) {
            return Err(ProviderError::new("atlas", ProviderErrorKind::Unreachable));
        }
        let text = format!("{},{} to {},{}", home.lat, home.lng, place.lat, place.lng);
        Ok(Picture { bytes: text.into(), content_type: "image/png".into() })
    }
}
