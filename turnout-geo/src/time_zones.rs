//! The port `TimeZones` over the tables that come with the crate.

use chrono_tz::Tz;
use turnout_core::{
    address::{State, Zipcode},
    ports::{geocoder::Components, time_zones::TimeZones},
};

use crate::{
    data::{CountyGeoid, area_code_zones, county_zones, zip_zones, zips},
    region::named_county,
};

/// Knows the time zones of ZIP codes, counties and area codes of the United States, offline.
///
/// ```
/// use turnout_core::{address::Zipcode, ports::time_zones::TimeZones as _};
/// use turnout_geo::EmbeddedZones;
///
/// let pensacola = Zipcode::parse("32501").expect("five digits");
/// assert_eq!(EmbeddedZones.of_zip(&pensacola), [chrono_tz::America::Chicago]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct EmbeddedZones;

fn parsed(names: &[&str]) -> Vec<Tz> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

impl TimeZones for EmbeddedZones {
    fn of_zip(&self, zipcode: &Zipcode) -> Vec<Tz> {
        zipcode.as_str().parse().map_or_else(|_| Vec::new(), |zip| parsed(zip_zones(zip)))
    }

    fn of_county(&self, county: u32) -> Vec<Tz> {
        CountyGeoid::from_number(county).map_or_else(Vec::new, |geoid| parsed(county_zones(geoid)))
    }

    fn county(&self, state: State, name: &str) -> Option<u32> {
        let named = Components { county: Some(name.to_owned()), ..Components::default() };
        named_county(state, &named).map(CountyGeoid::number)
    }

    fn of_area_code(&self, code: u16) -> Vec<Tz> {
        parsed(area_code_zones(code))
    }

    fn state_of_zip(&self, zipcode: &Zipcode) -> Option<State> {
        zips().get(zipcode.as_str().parse().ok()?)?.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip(text: &str) -> Zipcode {
        Zipcode::parse(text).expect("five digits")
    }

    #[test]
    fn every_zone_of_the_tables_is_one_that_clocks_know() {
        let mut named = 0;
        for code in 0..1_000 {
            let names = area_code_zones(code);
            assert_eq!(parsed(names).len(), names.len(), "{code}");
            named += names.len();
        }
        for code in 0..100_000 {
            let names = zip_zones(code);
            assert_eq!(parsed(names).len(), names.len(), "{code}");
            named += names.len();
        }
        assert!(named > 41_000);
    }

    #[test]
    fn places_are_known_by_zip_code_county_and_area_code() {
        use chrono_tz::America::{Boise, Chicago, Los_Angeles, New_York};
        assert_eq!(EmbeddedZones.of_zip(&zip("97914")), [Boise]);
        assert_eq!(EmbeddedZones.state_of_zip(&zip("97914")), Some(State::Or));
        assert_eq!(EmbeddedZones.of_zip(&zip("36867")), [New_York, Chicago]);
        assert_eq!(EmbeddedZones.of_county(6037), [Los_Angeles]);
        assert_eq!(EmbeddedZones.county(State::Or, "MALHEUR County"), Some(41_045));
        assert_eq!(EmbeddedZones.county(State::Or, "Cuyahoga"), None);
        assert_eq!(EmbeddedZones.of_area_code(850), [Chicago, New_York]);
        assert!(EmbeddedZones.of_zip(&zip("00000")).is_empty() && EmbeddedZones.of_county(0).is_empty());
        assert_eq!(EmbeddedZones.state_of_zip(&zip("00000")), None);
    }
}
