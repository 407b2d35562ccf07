//! Polling places, and maps to them.

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::Disabled;
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
    official::Location,
};

/// Where somebody wants to vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voting {
    /// On Election Day.
    ElectionDay,
    /// Early.
    Early,
}

impl Voting {
    /// Its name in rows.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::ElectionDay => "election_day",
            Self::Early => "early",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::ElectionDay, Self::Early].into_iter().find(|voting| voting.wire() == text)
    }
}

/// Where one votes. No `Debug`: it says where a voter lives.
#[derive(Clone, PartialEq)]
pub struct Place {
    /// What it is called; may be empty.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// When it is open, as the source says it; may be empty.
    pub hours: String,
    /// Where it is, if the source says it.
    pub location: Option<Location>,
}

/// Knows where a voter votes.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{address::Address, error::ProviderError};
/// use turnout_core::ports::maps::{Place, PollingPlaceLocator, Voting};
///
/// /// A village with one hall.
/// struct Village;
/// #[async_trait]
/// impl PollingPlaceLocator for Village {
///     async fn locate(&self, _: &str, _: Voting) -> Result<Option<Place>, ProviderError> {
///         let (name, hours) = ("The hall".to_owned(), "8 to 20".to_owned());
///         Ok(Some(Place { name, address: Address::default(), hours, location: None }))
///     }
/// }
/// ```
#[async_trait]
pub trait PollingPlaceLocator: Send + Sync {
    /// The place of a voter with this address, in one line; nothing where none is known. What it says may not be stored: not
    /// every source allows that.
    async fn locate(&self, address: &str, voting: Voting) -> Result<Option<Place>, ProviderError>;
}

/// A picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its bytes.
    pub bytes: Bytes,
    /// What it is: `image/png`.
    pub content_type: String,
}

/// Draws maps.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, official::Location, ports::maps::{Picture, StaticMap}};
///
/// /// A map of nothing.
/// struct Blank;
/// #[async_trait]
/// impl StaticMap for Blank {
///     async fn draw(&self, _: Location, _: Location) -> Result<Picture, ProviderError> {
///         Ok(Picture { bytes: "".into(), content_type: "image/png".into() })
///     }
/// }
/// ```
#[async_trait]
pub trait StaticMap: Send + Sync {
    /// A map with two points: the voter's home, and where one votes.
    async fn draw(&self, home: Location, place: Location) -> Result<Picture, ProviderError>;
}

#[async_trait]
impl PollingPlaceLocator for Disabled {
    async fn locate(&self, _address: &str, _voting: Voting) -> Result<Option<Place>, ProviderError> {
        Err(ProviderError::new("locator", ProviderErrorKind::Disabled))
    }
}

#[async_trait]
impl StaticMap for Disabled {
    async fn draw(&self, _home: Location, _place: Location) -> Result<Picture, ProviderError> {
        Err(ProviderError::new("map", ProviderErrorKind::Disabled))
    }
}
