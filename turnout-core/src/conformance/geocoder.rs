//! What a [`Geocoder`] promises.

use crate::{
    address::Address,
    ports::geocoder::{GeocodeErrorKind, Geocoder},
};

/// A test for every case of a geocoder. The function opens a geocoder, an address that it knows, and one that it does not.
#[macro_export]
macro_rules! geocoder_conformance {
    ($module:ident, $open:path) => {
        $crate::conformance_cases!(
            $module,
            [$open],
            geocoder,
            [
                a_known_address_has_places_on_earth_the_best_first,
                an_address_that_is_not_known_has_no_place,
                an_address_of_nothing_has_no_place,
            ]
        );
    };
}

/// A geocoder, an address that it knows, and one that it does not.
type Open<G> = (G, Address, Address);

/// Each with an uncertainty, by the geocoder's name, and where the address says it is.
pub async fn a_known_address_has_places_on_earth_the_best_first((geocoder, known, _): &Open<impl Geocoder>) {
    let found = geocoder.geocode(known).await.expect("an answer");
    assert!(!found.is_empty());
    assert!(found.is_sorted_by_key(|place| place.accuracy));
    for place in found {
        assert!(place.location.lat.abs() <= 90.0 && place.location.lng.abs() <= 180.0, "{place:?}");
        assert!(place.uncertainty_m > 0.0 && place.uncertainty_m.is_finite(), "{place:?}");
        assert_eq!(place.source, geocoder.name());
        assert!(place.components.state.is_none() || place.components.state == known.state, "{place:?}");
    }
}

/// That is no error.
pub async fn an_address_that_is_not_known_has_no_place((geocoder, _, unknown): &Open<impl Geocoder>) {
    assert_eq!(geocoder.geocode(unknown).await.expect("an answer"), []);
}

/// Whether it is unknown or no address is the geocoder's to say.
pub async fn an_address_of_nothing_has_no_place((geocoder, ..): &Open<impl Geocoder>) {
    match geocoder.geocode(&Address::default()).await {
        Ok(found) => assert_eq!(found, []),
        Err(error) => assert_eq!(error.kind, GeocodeErrorKind::BadAddress),
    }
}
