//! Time zones of places.

use chrono_tz::Tz;

use super::Disabled;
use crate::address::{State, Zipcode};

/// Knows the time zones of places. Where two of its sources disagree it answers with the zones of both; what it does not
/// know it answers with none, and a wider place counts then.
///
/// ```
/// use chrono_tz::Tz;
/// use turnout_core::{address::{State, Zipcode}, ports::time_zones::TimeZones};
///
/// /// Knows one island.
/// struct Island;
/// impl TimeZones for Island {
///     fn of_zip(&self, zipcode: &Zipcode) -> Vec<Tz> {
///         if zipcode.as_str() == "96743" { vec![Tz::Pacific__Honolulu] } else { Vec::new() }
///     }
///     fn of_county(&self, _: u32) -> Vec<Tz> { Vec::new() }
///     fn of_area_code(&self, _: u16) -> Vec<Tz> { Vec::new() }
///     fn state_of_zip(&self, _: &Zipcode) -> Option<State> { Some(State::Hi) }
/// }
/// ```
pub trait TimeZones: Send + Sync {
    /// The zones in which a ZIP code may lie.
    fn of_zip(&self, zipcode: &Zipcode) -> Vec<Tz>;

    /// The zones in which a county may lie, by the Census' number of five digits.
    fn of_county(&self, county: u32) -> Vec<Tz>;

    /// The Census' number of a county by its name in a state, if only one is called so. None unless the tables have names.
    fn county(&self, _state: State, _name: &str) -> Option<u32> {
        None
    }

    /// The zones of a telephone area code.
    fn of_area_code(&self, code: u16) -> Vec<Tz>;

    /// The state of a ZIP code.
    fn state_of_zip(&self, zipcode: &Zipcode) -> Option<State>;
}

/// Knows nothing: the zones of the state count, or all.
impl TimeZones for Disabled {
    fn of_zip(&self, _zipcode: &Zipcode) -> Vec<Tz> {
        Vec::new()
    }

    fn of_county(&self, _county: u32) -> Vec<Tz> {
        Vec::new()
    }

    fn of_area_code(&self, _code: u16) -> Vec<Tz> {
        Vec::new()
    }

    fn state_of_zip(&self, _zipcode: &Zipcode) -> Option<State> {
        None
    }
}
