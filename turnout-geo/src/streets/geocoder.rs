//! The streets of several states as a geocoder.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use turnout_core::{
    address::{Address, State},
    official::Location,
    ports::geocoder::{Accuracy, Components, GeocodeError, GeocodeErrorKind, Geocoded, Geocoder},
};

use super::{StreetIndex, StreetPlace};
use crate::{RawAddress, data::zips, parse_fields};

const NAME: &str = "streets";

/// Finds addresses in the indexes of their states, offline. It knows no address of any other state.
#[derive(Debug, Clone, Default)]
pub struct Streets(HashMap<State, Arc<StreetIndex>>);

impl Streets {
    /// No state yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows the streets of this state.
    #[must_use]
    pub fn with_state(mut self, state: State, index: Arc<StreetIndex>) -> Self {
        self.0.insert(state, index);
        self
    }
}

#[async_trait]
impl Geocoder for Streets {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let parsed = parse_fields(&RawAddress::from(address), &zips());
        let state = parsed.state.ok_or_else(|| GeocodeError::new(NAME, GeocodeErrorKind::BadAddress))?;
        let Some(index) = self.0.get(&state) else { return Ok(Vec::new()) };
        Ok(index.find(&parsed).into_iter().map(|place| located(place, state)).collect())
    }
}

fn located(place: StreetPlace, state: State) -> Geocoded {
    Geocoded {
        location: Location { lat: place.point.lat_degrees(), lng: place.point.lon_degrees() },
        uncertainty_m: place.uncertainty_m,
        accuracy: if place.has_number { Accuracy::Range } else { Accuracy::Street },
        components: Components {
            street: Some(place.street),
            state: Some(state),
            zipcode: Some(place.zip.to_string()),
            ..Components::default()
        },
        source: NAME,
    }
}
