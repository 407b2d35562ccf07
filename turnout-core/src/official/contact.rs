//! Which of a region's addresses a form is sent to, and how its office is reached.

use super::{OfficeAddress, OfficeWithAddresses};
use crate::{address::State, election::StateFacts, person::Phone, settings::Origins};

/// What somebody writes to an office for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A registration form.
    Registration,
    /// A ballot request form.
    BallotRequest,
}

/// The address for that purpose: one that processes it and is physical, else one that processes it, else any; of
/// equals the first by number (`flows.md` 3.3).
#[must_use]
pub fn best_address(offices: &[OfficeWithAddresses], purpose: Purpose) -> Option<&OfficeAddress> {
    offices.iter().flat_map(|office| &office.addresses).min_by_key(|address| score(address, purpose))
}

fn score(address: &OfficeAddress, purpose: Purpose) -> u8 {
    let processes = match purpose {
        Purpose::Registration => address.process_domestic_registrations,
        Purpose::BallotRequest => address.process_absentee_requests,
    };
    match (processes, address.is_physical) {
        (true, true) => 1,
        (true, false) => 2,
        (false, _) => 3,
    }
}

/// How a region's office is reached (`flows.md` 3.3).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contact {
    /// The best address.
    pub address: Option<OfficeAddress>,
    /// E-mail address: the first that any of the addresses has, from the best on.
    pub email: Option<String>,
    /// Telephone, likewise.
    pub phone: Option<Phone>,
    /// Fax, likewise.
    pub fax: Option<Phone>,
}

impl Contact {
    /// The contact for that purpose. What is blank is not known: imported rows have numbers without a digit.
    #[must_use]
    pub fn of(offices: &[OfficeWithAddresses], purpose: Purpose) -> Self {
        let mut addresses: Vec<&OfficeAddress> =
            offices.iter().flat_map(|office| &office.addresses).collect();
        addresses.sort_by_key(|address| score(address, purpose));
        let emails = addresses.iter().filter_map(|address| address.email.as_deref());
        Self {
            address: addresses.first().copied().cloned(),
            email: emails.map(str::trim).find(|email| !email.is_empty()).map(ToOwned::to_owned),
            phone: addresses.iter().find_map(|address| known(address.phone.as_ref())),
            fax: addresses.iter().find_map(|address| known(address.fax.as_ref())),
        }
    }
}

fn known(number: Option<&Phone>) -> Option<Phone> {
    number.filter(|number| !number.e164().trim().is_empty()).cloned()
}

/// Where election offices are listed: on the public web site, else on the state's own; empty when neither is known.
#[must_use]
pub fn directory_url(origins: &Origins, state: Option<State>) -> String {
    let page = origins.www_page("/local-election-offices/");
    let state = state.filter(|_| page.is_empty());
    match state.and_then(|state| StateFacts::of(state).election_website.clone()) {
        Some(website) => website,
        None => page,
    }
}

impl OfficeAddress {
    /// The address as lines: the non-empty ones of its three, then `City, ST zip` with the city in title case.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = [&self.address, &self.address2, &self.address3]
            .into_iter()
            .filter_map(|line| line.as_deref().map(str::trim))
            .filter(|line| !line.is_empty())
            .map(ToOwned::to_owned)
            .collect();
        lines.extend(self.city_state_zip());
        lines
    }

    /// `City, ST zip` with the city in title case; nothing when all three are unknown.
    #[must_use]
    pub fn city_state_zip(&self) -> Option<String> {
        let city = title_case(self.city.as_deref().unwrap_or_default());
        let state = self.state.map(|state| state.code()).unwrap_or_default();
        let zipcode = self.zipcode.as_deref().unwrap_or_default();
        let line = format!("{city}, {state} {zipcode}");
        let line = line.trim_matches([',', ' ']);
        (!line.is_empty()).then(|| line.to_owned())
    }
}

/// Each word with a capital letter and the rest small.
fn title_case(text: &str) -> String {
    let mut start = true;
    text.chars()
        .flat_map(|c| {
            let upper = start;
            start = !c.is_alphabetic() && c != '\'';
            if upper { c.to_uppercase().collect::<Vec<_>>() } else { c.to_lowercase().collect() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        address::State,
        ids::{OfficeAddressId, OfficeId},
        official::Office,
    };

    fn address(id: i64, processes: bool, physical: bool) -> OfficeAddress {
        OfficeAddress {
            id: Some(OfficeAddressId(id)),
            process_domestic_registrations: processes,
            is_physical: physical,
            ..OfficeAddress::default()
        }
    }

    #[test]
    fn a_place_that_takes_the_form_and_visitors_comes_first() {
        let office = |addresses| {
            let office =
                Office { id: OfficeId(1), region: None, hours: None, notes: None, external_updated: None };
            [OfficeWithAddresses { office, addresses }]
        };
        let best = |offices: &[OfficeWithAddresses]| {
            best_address(offices, Purpose::Registration).and_then(|address| address.id)
        };
        assert_eq!(best(&[]), None);
        let all = office(vec![address(1, false, true), address(2, true, false), address(3, true, true)]);
        assert_eq!(best(&all), Some(OfficeAddressId(3)));
        let equal = office(vec![address(4, true, true), address(3, true, true)]);
        assert_eq!(best(&equal), Some(OfficeAddressId(4)));
    }

    #[test]
    fn each_way_to_reach_an_office_comes_from_the_best_address_that_has_it() {
        let mail = |id, processes, email: &str, fax: Option<&str>| OfficeAddress {
            id: Some(OfficeAddressId(id)),
            process_absentee_requests: processes,
            email: Some(email.into()),
            fax: fax.and_then(Phone::parse),
            ..OfficeAddress::default()
        };
        let office =
            Office { id: OfficeId(1), region: None, hours: None, notes: None, external_updated: None };
        let addresses =
            vec![mail(1, false, "other@example.org", Some("617-555-7890")), mail(2, true, " ", None)];
        let contact = Contact::of(&[OfficeWithAddresses { office, addresses }], Purpose::BallotRequest);
        assert_eq!(contact.address.and_then(|address| address.id), Some(OfficeAddressId(2)));
        assert_eq!(contact.email.as_deref(), Some("other@example.org"));
        assert_eq!(contact.fax, Phone::parse("617-555-7890"));
        assert_eq!(contact.phone, None);
    }

    #[test]
    fn a_blank_number_of_an_import_is_not_known() {
        let imported = |id, fax: &str| OfficeAddress {
            phone: Some(Phone::from_stored(" ".into())),
            fax: Some(Phone::from_stored(fax.into())),
            ..address(id, true, true)
        };
        let office =
            Office { id: OfficeId(1), region: None, hours: None, notes: None, external_updated: None };
        let addresses = vec![imported(1, ""), imported(2, "+16175557890")];
        let contact = Contact::of(&[OfficeWithAddresses { office, addresses }], Purpose::Registration);
        assert_eq!(contact.fax, Phone::parse("617-555-7890"));
        assert_eq!(contact.phone, None);
    }

    #[test]
    fn an_address_is_lines_with_the_city_in_title_case() {
        let address = OfficeAddress {
            address: Some("1 MAIN ST".into()),
            address2: Some("  ".into()),
            city: Some("COEUR D'ALENE".into()),
            state: Some(State::Id),
            zipcode: Some("83814".into()),
            ..OfficeAddress::default()
        };
        assert_eq!(address.lines(), ["1 MAIN ST", "Coeur D'alene, ID 83814"]);
        assert!(OfficeAddress::default().lines().is_empty());
    }
}
