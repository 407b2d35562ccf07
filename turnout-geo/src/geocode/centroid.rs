//! The middle of a ZIP code: the point of an address of which no more is known, offline.

use async_trait::async_trait;
use turnout_core::{
    address::Address,
    official::Location,
    ports::geocoder::{Accuracy, Components, GeocodeError, GeocodeErrorKind, Geocoded, Geocoder},
};

use crate::{
    data::{ZipEntry, zips},
    gazetteer::Zip5,
};

/// The ZIP codes that come with the crate, as a geocoder. Its points are for maps and distances: a ZIP code's counties are
/// better told by [`county_by_zip`](super::county_by_zip), which knows where its addresses are.
///
/// ```
/// use turnout_core::{address::Address, ports::geocoder::{Accuracy, Geocoder}};
/// use turnout_geo::geocode::ZipCentroids;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let address = Address { zipcode: Some("05478-1234".into()), ..Address::default() };
/// let found = ZipCentroids.geocode(&address).await.expect("an answer");
/// assert_eq!(found[0].accuracy, Accuracy::Zip);
/// assert!(found[0].uncertainty_m > 1_000.0);
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ZipCentroids;

#[async_trait]
impl Geocoder for ZipCentroids {
    fn name(&self) -> &'static str {
        "zip"
    }

    /// Empty for a ZIP code that is not known, or not the state's.
    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let zip = address.zipcode.as_deref().and_then(|zip| Zip5::parse(zip.trim().get(..5)?));
        let zip = zip.ok_or_else(|| GeocodeError::new(self.name(), GeocodeErrorKind::BadAddress))?;
        let fits = |entry: &ZipEntry| {
            entry.state.is_some() && address.state.is_none_or(|state| entry.state == Some(state))
        };
        Ok(zips().get(zip.number()).filter(fits).map(|entry| self.found(&entry)).into_iter().collect())
    }
}

impl ZipCentroids {
    fn found(self, entry: &ZipEntry) -> Geocoded {
        Geocoded {
            location: Location { lat: entry.point.lat_degrees(), lng: entry.point.lon_degrees() },
            uncertainty_m: entry.uncertainty_m.into(),
            accuracy: Accuracy::Zip,
            components: Components {
                city: Some(entry.place.to_owned()),
                state: entry.state,
                zipcode: Some(format!("{:05}", entry.zip)),
                ..Components::default()
            },
            source: self.name(),
        }
    }
}
