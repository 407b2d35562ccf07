//! A geocoder that remembers.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use turnout_core::{
    address::{Address, State},
    official::Location,
    ports::{
        cache::Cache,
        geocoder::{Accuracy, Components, GeocodeError, Geocoded, Geocoder},
    },
    secret::SecretKey,
};

use crate::{RawAddress, data::zips, parse_fields};

/// What the key is derived for: keys of other purposes say nothing about it.
const PURPOSE: &[u8] = b"turnout geocode cache 1";

/// Remembers what another geocoder answered; failures are not remembered.
///
/// An address never stands in a key: the key is a MAC of the source and the address in the form of Publication 28, so
/// that whoever reads the cache can neither read nor guess it. The points are in the cache, as they have to be; keep it
/// in the process where nobody else is to have them.
pub struct Cached<G> {
    geocoder: G,
    cache: Arc<dyn Cache>,
    key: SecretKey,
    lifetime: TimeDelta,
}

impl<G: Geocoder> Cached<G> {
    /// Remembers for `lifetime` what `geocoder` answers. `secret` is any secret of the deployment; what is used is derived
    /// from it.
    ///
    /// # Panics
    /// Never: a MAC takes a key of any length.
    pub fn new(geocoder: G, cache: Arc<dyn Cache>, secret: &[u8], lifetime: TimeDelta) -> Self {
        let key = mac(secret, [PURPOSE]);
        Self { geocoder, cache, key: SecretKey::new(key), lifetime }
    }

    /// Addresses that are written differently and mean the same have the same key.
    fn key_of(&self, address: &Address) -> String {
        let parsed = parse_fields(&RawAddress::from(address), &zips());
        let street = match parsed.delivery_line().to_string() {
            // what cannot be parsed is told apart by its own letters
            line if line.is_empty() => address.address1.clone().unwrap_or_default(),
            line => line,
        };
        let city = parsed.city.to_uppercase();
        let state = parsed.state.map_or("", State::code);
        let zip = parsed.zip.map(|zip| zip.to_string()).unwrap_or_default();
        let parts = [self.geocoder.name(), &street, &city, state, &zip].map(str::as_bytes);
        format!("geocode:{}", hex::encode(mac(self.key.bytes(), parts)))
    }
}

/// Each part with its length, so that no two lists of parts are the same bytes.
fn mac<'a>(key: &[u8], parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a MAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[async_trait]
impl<G: Geocoder> Geocoder for Cached<G> {
    fn name(&self) -> &'static str {
        self.geocoder.name()
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let key = self.key_of(address);
        let kept = self.cache.get(&key).await;
        if let Some(kept) = kept.and_then(|kept| serde_json::from_slice::<Vec<Kept>>(&kept).ok()) {
            let name = self.geocoder.name();
            return Ok(kept.into_iter().map(|kept| kept.read(name)).collect());
        }
        let found = self.geocoder.geocode(address).await?;
        let kept: Vec<Kept> = found.iter().map(Kept::of).collect();
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            self.cache.set(&key, Bytes::from(bytes), self.lifetime).await;
        }
        Ok(found)
    }
}

/// An answer as it lies in the cache.
#[derive(Serialize, Deserialize)]
struct Kept {
    lat: f64,
    lng: f64,
    uncertainty_m: f64,
    accuracy: Accuracy,
    components: Components,
}

impl Kept {
    fn of(found: &Geocoded) -> Self {
        let Geocoded { location, uncertainty_m, accuracy, ref components, source: _ } = *found;
        let components = components.clone();
        Self { lat: location.lat, lng: location.lng, uncertainty_m, accuracy, components }
    }

    fn read(self, source: &'static str) -> Geocoded {
        let Self { lat, lng, uncertainty_m, accuracy, components } = self;
        Geocoded { location: Location { lat, lng }, uncertainty_m, accuracy, components, source }
    }
}
