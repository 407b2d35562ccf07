//! Where somebody may be: the time zones and the states whose rules count.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::state_of;
use crate::{
    address::{Address, State, Zipcode},
    app::App,
    election::StateFacts,
    ids::RegionId,
    person::Phone,
    ports::{
        store::{StoreError, View, unless_absent},
        time_zones::TimeZones,
    },
};

/// What is known of where somebody lives. Each part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The state.
    pub state: Option<State>,
    /// The ZIP code.
    pub zipcode: Option<Zipcode>,
    /// The county, by the Census' number of five digits.
    pub county: Option<u32>,
    /// The telephone number. It says where somebody lived who got it, which need not be where he lives.
    pub phone: Option<Phone>,
}

impl Place {
    /// What an address says.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        let zipcode = address.zipcode.as_deref().and_then(|text| Zipcode::parse(text.trim().get(..5)?));
        Self { state: address.state, zipcode, county: None, phone: None }
    }

    /// The same, of somebody who lives in that region: its county counts.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn in_region(
        self,
        app: &App,
        view: &mut dyn View,
        region: Option<RegionId>,
    ) -> Result<Self, StoreError> {
        let Some(region) = region else { return Ok(self) };
        let region = unless_absent(view.officials().region(region).await)?;
        let county =
            region.and_then(|it| app.time_zones.county(it.state.or(self.state)?, it.county.as_deref()?));
        Ok(Self { county, ..self })
    }

    /// The same, of somebody with this number.
    #[must_use]
    pub fn with_phone(self, phone: &Phone) -> Self {
        Self { phone: Some(phone.clone()), ..self }
    }
}

/// Where somebody may be. Whoever writes keeps to the rules of every state in every zone, which is right wherever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// The time zones; never empty when found by [`Whereabouts::of`].
    pub zones: Vec<Tz>,
    /// The states.
    pub states: Vec<State>,
}

impl Whereabouts {
    /// Where somebody of that place may be.
    ///
    /// County and ZIP code each have all zones in which they may lie, so where both are known it is one that both have; if
    /// there is none, one of them is wrong, and all count. The same of a state in which none of these zones is. Without
    /// either it is any zone of the state. A telephone number decides only where no address does, but if it is from other
    /// zones and another state than the address, those count too. Of whom nothing is known may be anywhere in the 50 states:
    /// numbers of the territories have area codes of their own.
    #[must_use]
    pub fn of(known: &dyn TimeZones, place: &Place) -> Self {
        let by_county = place.county.map(|county| known.of_county(county)).unwrap_or_default();
        let by_zip = place.zipcode.as_ref().map(|zip| known.of_zip(zip)).unwrap_or_default();
        let state = place.state.or_else(|| known.state_of_zip(place.zipcode.as_ref()?));
        let by_state = state.map(|state| StateFacts::of(state).time_zones.clone()).unwrap_or_default();
        let near = narrowest(by_county, by_zip);
        let home = match (near.is_empty(), is_apart(&near, &by_state)) {
            (true, _) => by_state,
            (false, false) => near,
            (false, true) => both(near, by_state),
        };
        let area_code = place.phone.as_ref().and_then(Phone::area_code);
        let by_phone = area_code.map(|code| known.of_area_code(code)).unwrap_or_default();
        let phone_state = area_code.and_then(state_of);
        let by_phone = match (by_phone.is_empty(), phone_state) {
            (true, Some(state)) => StateFacts::of(state).time_zones.clone(),
            _ => by_phone,
        };
        let mut zones = match (home.is_empty(), is_apart(&home, &by_phone)) {
            (true, _) => by_phone,
            (false, false) => home,
            (false, true) => both(home, by_phone),
        };
        let states: BTreeSet<State> = state.into_iter().chain(phone_state).collect();
        let mut states: Vec<State> = states.into_iter().collect();
        let mainland = || State::ALL.iter().copied().filter(|state| !state.is_territory());
        if states.is_empty() {
            states = mainland().collect();
        }
        if zones.is_empty() {
            zones = mainland().flat_map(|state| StateFacts::of(state).time_zones.iter().copied()).collect();
            zones.sort_unstable_by_key(|zone| zone.name());
            zones.dedup();
        }
        Self { zones, states }
    }
}

/// Whether both say something, and nothing that the other says.
fn is_apart(one: &[Tz], other: &[Tz]) -> bool {
    !one.is_empty() && !other.is_empty() && one.iter().all(|zone| !other.contains(zone))
}

/// The zones of both, without repeating one.
fn both(mut one: Vec<Tz>, other: Vec<Tz>) -> Vec<Tz> {
    for zone in other {
        if !one.contains(&zone) {
            one.push(zone);
        }
    }
    one
}

/// Those that both have; if there are none, all; if one is silent, the other's.
fn narrowest(one: Vec<Tz>, other: Vec<Tz>) -> Vec<Tz> {
    let common: Vec<Tz> = one.iter().copied().filter(|zone| other.contains(zone)).collect();
    if common.is_empty() { both(one, other) } else { common }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Disabled;

    /// Knows three ZIP codes, a county and an area code.
    struct Few;

    impl TimeZones for Few {
        fn of_zip(&self, zipcode: &Zipcode) -> Vec<Tz> {
            match zipcode.as_str() {
                "32501" => vec![Tz::America__Chicago],
                "36867" => vec![Tz::America__New_York, Tz::America__Chicago],
                "97914" => vec![Tz::America__Boise],
                _ => Vec::new(),
            }
        }

        fn of_county(&self, county: u32) -> Vec<Tz> {
            match county {
                12033 => vec![Tz::America__Chicago],
                12045 => vec![Tz::America__New_York, Tz::America__Chicago],
                _ => Vec::new(),
            }
        }

        fn county(&self, state: State, name: &str) -> Option<u32> {
            (state == State::Fl && name == "Escambia").then_some(12033)
        }

        fn of_area_code(&self, code: u16) -> Vec<Tz> {
            match code {
                808 => vec![Tz::Pacific__Honolulu],
                850 => vec![Tz::America__New_York, Tz::America__Chicago],
                _ => Vec::new(),
            }
        }

        fn state_of_zip(&self, zipcode: &Zipcode) -> Option<State> {
            (zipcode.as_str() == "97914").then_some(State::Or)
        }
    }

    fn place(state: Option<State>, zip: &str, county: u32, phone: &str) -> Place {
        let phone = (!phone.is_empty()).then(|| Phone::from_stored(phone.into()));
        Place { state, zipcode: Zipcode::parse(zip), county: Some(county).filter(|it| *it > 0), phone }
    }

    #[cfg(feature = "memory")]
    #[tokio::test]
    async fn the_county_of_a_region_says_where_somebody_is() {
        use crate::{memory::World, official::Region, ports::store::Store as _};

        let world = World::with(|app| app.with_time_zones(Few));
        let mut unit = world.store.begin().await.expect("a unit");
        let region = |id, county: &str| Region {
            id: RegionId(id),
            name: None,
            county: Some(county.into()),
            municipality: None,
            municipality_type: None,
            state: Some(State::Fl),
            hidden: false,
            external_updated: None,
        };
        for region in [region(1, "Escambia"), region(2, "Atlantis")] {
            unit.officials_mut().put_region(&region).await.expect("a region");
        }
        unit.commit().await.expect("a commit");
        let mut view = world.store.view().await.expect("a view");
        let home = || Place { state: Some(State::Fl), ..Place::default() };
        for (region, zones) in [
            (Some(1), vec![Tz::America__Chicago]),
            (Some(2), StateFacts::of(State::Fl).time_zones.clone()),
            (Some(3), StateFacts::of(State::Fl).time_zones.clone()),
            (None, StateFacts::of(State::Fl).time_zones.clone()),
        ] {
            let place = home().in_region(&world.app, view.as_mut(), region.map(RegionId)).await;
            assert_eq!(Whereabouts::of(&Few, &place.expect("a place")).zones, zones, "{region:?}");
        }
    }

    #[test]
    fn the_nearest_source_decides_and_where_two_disagree_both_count() {
        let (boise, central) = (Tz::America__Boise, Tz::America__Chicago);
        let (eastern, hawaii) = (Tz::America__New_York, Tz::Pacific__Honolulu);
        let (florida, alabama, ohio) = (Some(State::Fl), Some(State::Al), Some(State::Oh));
        for (place, zones, states) in [
            (place(florida, "32501", 0, ""), vec![central], vec![State::Fl]),
            (place(florida, "", 0, ""), vec![eastern, central], vec![State::Fl]),
            (place(florida, "32501", 12045, ""), vec![central], vec![State::Fl]),
            (place(florida, "", 12045, ""), vec![eastern, central], vec![State::Fl]),
            // custom keeps other hours than the law
            (place(alabama, "36867", 0, ""), vec![eastern, central], vec![State::Al]),
            // a ZIP code of another state
            (place(ohio, "32501", 0, ""), vec![central, eastern], vec![State::Oh]),
            // a county of another zone than the ZIP code
            (place(None, "97914", 12033, ""), vec![central, boise], vec![State::Or]),
            // a number agrees, is from elsewhere, or is all there is
            (place(florida, "32501", 0, "+18505550123"), vec![central], vec![State::Fl]),
            (place(ohio, "", 0, "+18085550123"), vec![eastern, hawaii], vec![State::Hi, State::Oh]),
            (place(None, "", 0, "+18505550123"), vec![eastern, central], vec![State::Fl]),
            (place(None, "", 0, "+12125550123"), vec![eastern], vec![State::Ny]),
        ] {
            let found = Whereabouts::of(&Few, &place);
            assert_eq!(
                (found.zones, found.states),
                (zones, states),
                "{:?} {:?}",
                place.zipcode,
                place.county
            );
        }
    }

    #[test]
    fn of_whom_nothing_is_known_may_be_anywhere() {
        let anywhere = Whereabouts::of(&Disabled, &Place::default());
        assert_eq!(anywhere.states.len(), 51);
        for zone in
            [Tz::America__New_York, Tz::America__Los_Angeles, Tz::Pacific__Honolulu, Tz::America__Adak]
        {
            assert!(anywhere.zones.contains(&zone), "{zone}");
        }
        let abroad = Place::default().with_phone(&Phone::from_stored("+442071838750".into()));
        assert_eq!(Whereabouts::of(&Disabled, &abroad), anywhere);
    }

    #[test]
    fn an_address_is_a_place_whatever_its_zip_code_looks_like() {
        for (text, zip) in
            [("02139", Some("02139")), (" 02139-1234", Some("02139")), ("2139", None), ("", None)]
        {
            let address = Address { zipcode: Some(text.into()), ..Address::default() };
            assert_eq!(Place::of(&address).zipcode.as_ref().map(Zipcode::as_str), zip, "{text:?}");
        }
    }
}
