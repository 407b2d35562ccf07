//! What the vendors' modules share: the parts of an address that are asked for, and what statuses mean.

use chrono::{DateTime, Utc};
use turnout_core::{
    address::{Address, State},
    ports::{
        geocoder::{GeocodeError, GeocodeErrorKind},
        http::{HttpResponse, Unreadable},
    },
};

use crate::RawAddress;

/// What a status means that is not one of success, in the way of most vendors; what is wrong with the key is
/// [`GeocodeErrorKind::Refused`].
pub(super) fn failed(provider: &'static str, response: &HttpResponse, now: DateTime<Utc>) -> GeocodeError {
    let kind = match response.status.as_u16() {
        401..=403 => GeocodeErrorKind::Refused,
        400 | 404 | 422 => GeocodeErrorKind::BadAddress,
        429 => GeocodeErrorKind::Throttled(response.retry_after(now)),
        408 | 425 | 500.. => GeocodeErrorKind::Unreachable,
        _ => GeocodeErrorKind::Unintelligible,
    };
    GeocodeError::new(provider, kind).because(Status(response.status.as_u16()))
}

/// What was answered is not what is documented.
pub(super) fn unintelligible(provider: &'static str, error: Unreadable) -> GeocodeError {
    GeocodeError::new(provider, GeocodeErrorKind::Unintelligible).because(error)
}

#[derive(Debug, thiserror::Error)]
#[error("the service answered {0}")]
struct Status(u16);

/// The parts of an address that a geocoder is asked for; nothing without a street, or without the state that its answer is
/// held against.
pub(super) struct Asked {
    pub(super) street: String,
    pub(super) city: String,
    pub(super) state: State,
    pub(super) zip: String,
}

impl Asked {
    pub(super) fn of(provider: &'static str, address: &Address) -> Result<Self, GeocodeError> {
        let RawAddress { street, city, zip, .. } = RawAddress::from(address);
        let street = without_number_suffix(street.trim());
        let [city, zip] = [city, zip].map(|text| text.trim().to_owned());
        match address.state {
            Some(state) if !(street.is_empty() || city.is_empty() && zip.is_empty()) => {
                Ok(Self { street, city, state, zip })
            }
            _ => Err(GeocodeError::new(provider, GeocodeErrorKind::BadAddress)),
        }
    }
}

/// `52A St Paul St` is looked for as `52 St Paul St` (`address-matching.md` 2); `5th Ave` stays.
fn without_number_suffix(street: &str) -> String {
    let (number, rest) = street.split_once(' ').unwrap_or((street, ""));
    let digits = number.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let letters = number[digits.len()..].to_ascii_lowercase();
    let is_suffixed = !matches!(letters.as_str(), "" | "st" | "nd" | "rd" | "th")
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.is_empty();
    if is_suffixed { format!("{digits} {rest}") } else { street.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_after_the_house_number_are_left_out() {
        for (street, asked) in [
            ("52A St Paul St", "52 St Paul St"),
            ("123 A St", "123 A St"),
            ("A St", "A St"),
            ("A 50B St", "A 50B St"),
            ("71-01 Parsons Blvd", "71-01 Parsons Blvd"),
            ("5th Ave", "5th Ave"),
            ("52a", "52a"),
            ("", ""),
        ] {
            assert_eq!(without_number_suffix(street), asked, "{street}");
        }
    }
}
