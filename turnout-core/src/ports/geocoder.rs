//! From an address to where it is.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Disabled, http::HttpError};
use crate::{
    address::{Address, State},
    error::{BoxError, ProviderError, ProviderErrorKind},
    official::Location,
};

/// Where an address may be, as one source has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Geocoded {
    /// The most likely point.
    pub location: Location,
    /// The address may as well be as far away as this, in meters.
    pub uncertainty_m: f64,
    /// What the point is that of.
    pub accuracy: Accuracy,
    /// What the source understood the address to be. A source that does not say leaves it out.
    pub components: Components,
    /// Who says so.
    pub source: &'static str,
}

/// What a point is that of, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accuracy {
    /// The building or its lot.
    Rooftop,
    /// The house number's place between those of the street's ends.
    Range,
    /// The middle of the street.
    Street,
    /// The few houses of a nine-digit ZIP code.
    Zip9,
    /// The middle of a ZIP code.
    Zip,
    /// The middle of a city, town or village.
    City,
    /// The middle of a county or a state.
    Region,
}

/// The parts of an address as a source understood them, and the areas that it says the address is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Components {
    /// House number and street.
    pub street: Option<String>,
    /// The postal city.
    pub city: Option<String>,
    /// The state.
    pub state: Option<State>,
    /// Five digits.
    pub zipcode: Option<String>,
    /// The county, with or without its type: `Ottawa County`, `Ottawa`.
    pub county: Option<String>,
    /// The Census' number of the county, five digits.
    pub county_geoid: Option<String>,
    /// The city, town or township that governs there, which need not be the postal city: `Grand Haven Charter Township`.
    pub municipality: Option<String>,
    /// The Census' number of that municipality as a county subdivision, ten digits.
    pub municipality_geoid: Option<String>,
}

/// There is no answer. Its text and its causes hold nothing of the address.
#[derive(Debug, thiserror::Error)]
#[error("{provider}: {kind}")]
pub struct GeocodeError {
    /// The source, as in the configuration.
    pub provider: &'static str,
    /// What the caller can do about it.
    pub kind: GeocodeErrorKind,
    /// The cause, if there is one.
    #[source]
    pub source: Option<BoxError>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeocodeErrorKind {
    /// It is no address that the source can look for.
    BadAddress,
    /// Too many questions; ask again after so long, if the source says it.
    Throttled(Option<TimeDelta>),
    /// No answer in time, or that of a broken server; ask again later.
    Unreachable,
    /// The key is wrong, or what it pays for is used up. Somebody has to see to it.
    Refused,
    /// An answer that we do not understand.
    Unintelligible,
    /// There is no such source.
    Disabled,
}

impl GeocodeErrorKind {
    /// Whether the same question may be answered later.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Throttled(_) | Self::Unreachable)
    }
}

impl fmt::Display for GeocodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadAddress => "cannot read the address",
            Self::Throttled(_) => "asks us to slow down",
            Self::Unreachable => "cannot be reached",
            Self::Refused => "refuses our key",
            Self::Unintelligible => "gave an answer that cannot be read",
            Self::Disabled => "is not configured",
        })
    }
}

impl GeocodeError {
    /// An error without a cause.
    #[must_use]
    pub fn new(provider: &'static str, kind: GeocodeErrorKind) -> Self {
        Self { provider, kind, source: None }
    }

    /// The same error with its cause, which must hold nothing of the address.
    #[must_use]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What it means that the source could not be asked.
    #[must_use]
    pub fn of_http(provider: &'static str, error: HttpError) -> Self {
        let kind = match error.kind.at_a_vendor() {
            ProviderErrorKind::Unreachable => GeocodeErrorKind::Unreachable,
            ProviderErrorKind::Disabled => GeocodeErrorKind::Disabled,
            _ => GeocodeErrorKind::Unintelligible,
        };
        Self::new(provider, kind).because(error)
    }
}

impl From<GeocodeError> for ProviderError {
    fn from(error: GeocodeError) -> Self {
        let kind = match error.kind {
            GeocodeErrorKind::BadAddress | GeocodeErrorKind::Refused => ProviderErrorKind::Rejected,
            GeocodeErrorKind::Throttled(_) => ProviderErrorKind::Throttled,
            GeocodeErrorKind::Unreachable => ProviderErrorKind::Unreachable,
            GeocodeErrorKind::Unintelligible => ProviderErrorKind::Unintelligible,
            GeocodeErrorKind::Disabled => ProviderErrorKind::Disabled,
        };
        Self { provider: error.provider, kind, source: Some(error.into()) }
    }
}

/// Knows where addresses are.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{address::Address, official::Location};
/// use turnout_core::ports::geocoder::{Accuracy, Components, Geocoded, Geocoder, GeocodeError};
///
/// /// A country of one house.
/// struct House;
/// #[async_trait]
/// impl Geocoder for House {
///     fn name(&self) -> &'static str {
///         "house"
///     }
///
///     async fn geocode(&self, _: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
///         Ok(vec![Geocoded {
///             location: Location { lat: 38.8977, lng: -77.0365 },
///             uncertainty_m: 30.0,
///             accuracy: Accuracy::Rooftop,
///             components: Components::default(),
///             source: self.name(),
///         }])
///     }
/// }
/// ```
#[async_trait]
pub trait Geocoder: Send + Sync {
    /// The source, as in the configuration.
    fn name(&self) -> &'static str;

    /// Where the address may be, the likeliest first; empty when the source knows no such address.
    ///
    /// # Errors
    /// See [`GeocodeErrorKind`].
    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError>;
}

#[async_trait]
impl Geocoder for Disabled {
    fn name(&self) -> &'static str {
        "geocoder"
    }

    async fn geocode(&self, _address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        Err(GeocodeError::new("geocoder", GeocodeErrorKind::Disabled))
    }
}

#[async_trait]
impl<T: Geocoder + ?Sized> Geocoder for Arc<T> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        (**self).geocode(address).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::http::HttpErrorKind;

    #[test]
    fn an_error_says_whether_to_ask_again_and_keeps_its_meaning_as_a_vendors() {
        for (http, kind, transient) in [
            (HttpErrorKind::TimedOut, GeocodeErrorKind::Unreachable, true),
            (HttpErrorKind::Unconnected, GeocodeErrorKind::Unreachable, true),
            (HttpErrorKind::TooLarge, GeocodeErrorKind::Unintelligible, false),
            (HttpErrorKind::Disabled, GeocodeErrorKind::Disabled, false),
        ] {
            let error = GeocodeError::of_http("census", http.into());
            assert_eq!((error.kind, error.kind.is_transient()), (kind, transient), "{http}");
            let error = ProviderError::from(error);
            assert_eq!((error.provider, error.is_transient()), ("census", transient), "{http}");
        }
    }
}
