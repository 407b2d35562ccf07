//! What the room of regions and offices promises.

use super::{commit, unit, view};
use crate::{
    address::State,
    conformance::rows::{BYTEWISE, address, at, office, region, state},
    ids::RegionId,
    official::{Office, OfficeAddress, Region},
    ports::store::{RegionFilter, Store, StoreError, Unit},
};

/// A test for every case of the room of regions and offices.
#[macro_export]
macro_rules! officials_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            officials,
            [$($open)+],
            store::officials,
            [
                regions_come_by_name_and_hidden_ones_by_number_alone,
                names_of_regions_are_sorted_by_their_bytes,
                a_list_of_regions_is_narrowed_exactly,
                offices_come_with_their_addresses_by_number,
                what_is_put_again_is_overwritten,
                an_address_without_a_number_is_refused,
            ]
        );
    };
}

async fn massachusetts(unit: &mut dyn Unit, regions: &[Region]) {
    unit.elections_mut().put_state(&state(State::Ma)).await.expect("a state");
    for region in regions {
        unit.officials_mut().put_region(region).await.expect("a region");
    }
}

/// Of the same name, by number; one without a name comes first.
pub async fn regions_come_by_name_and_hidden_ones_by_number_alone(store: &dyn Store) {
    let hidden = Region { hidden: true, ..region(4, Some("A")) };
    let big = region(5_000_000_000, Some("B"));
    let put = [big.clone(), hidden.clone(), region(2, Some("B")), region(7, Some("A")), region(9, None)];
    let mut unit = unit(store).await;
    massachusetts(unit.as_mut(), &put).await;
    commit(unit).await;
    let mut view = view(store).await;
    let all = view.officials().regions(State::Ma, &RegionFilter::default()).await.expect("a read");
    assert_eq!(all, [region(9, None), region(7, Some("A")), region(2, Some("B")), big]);
    let elsewhere = view.officials().regions(State::Ny, &RegionFilter::default()).await.expect("a read");
    assert_eq!(elsewhere, []);
    assert_eq!(view.officials().region(RegionId(4)).await.expect("a read"), Some(hidden));
    assert_eq!(view.officials().region(RegionId(1)).await.expect("a read"), None);
}

/// Whatever the language of the database.
pub async fn names_of_regions_are_sorted_by_their_bytes(store: &dyn Store) {
    let mut unit = unit(store).await;
    let put: Vec<Region> =
        (0..).zip(BYTEWISE.into_iter().rev()).map(|(id, name)| region(id, Some(name))).collect();
    massachusetts(unit.as_mut(), &put).await;
    commit(unit).await;
    let found =
        view(store).await.officials().regions(State::Ma, &RegionFilter::default()).await.expect("a read");
    let names: Vec<_> = found.iter().filter_map(|region| region.name.as_deref()).collect();
    assert_eq!(names, BYTEWISE);
}

/// By county and municipality, both when both are given.
pub async fn a_list_of_regions_is_narrowed_exactly(store: &dyn Store) {
    let boston = region(1, Some("Boston"));
    let worcester = Region { county: Some("Worcester".into()), ..region(2, Some("Worcester")) };
    let county = Region { municipality: None, ..region(3, Some("County")) };
    let mut unit = unit(store).await;
    massachusetts(unit.as_mut(), &[boston.clone(), worcester.clone(), county.clone()]).await;
    commit(unit).await;
    let mut view = view(store).await;
    for (county_is, municipality_is, found) in [
        (Some("Suffolk"), None, vec![boston.clone(), county]),
        (None, Some("Boston"), vec![boston.clone(), worcester.clone()]),
        (Some("Worcester"), Some("Boston"), vec![worcester]),
        (Some("Worcester"), Some("Worcester"), vec![]),
        (Some("suffolk"), None, vec![]),
        (Some(""), None, vec![]),
        (Some("Suffolk\0"), None, vec![]),
        (None, Some("\0"), vec![]),
    ] {
        let filter =
            RegionFilter { county: county_is.map(Into::into), municipality: municipality_is.map(Into::into) };
        let regions = view.officials().regions(State::Ma, &filter).await.expect("a read");
        assert_eq!(regions, found, "{filter:?}");
    }
}

/// Every field of both, in the order of the numbers; an office without addresses, too.
pub async fn offices_come_with_their_addresses_by_number(store: &dyn Store) {
    let bare = OfficeAddress {
        id: address(9, 10, true).id,
        office: address(9, 10, true).office,
        ..OfficeAddress::default()
    };
    let elsewhere = Office { region: Some(RegionId(2)), ..office(5) };
    let mut unit = unit(store).await;
    massachusetts(unit.as_mut(), &[region(1, None), region(2, None)]).await;
    for office in [&office(30), &office(20), &office(10), &elsewhere] {
        unit.officials_mut().put_office(office).await.expect("an office");
    }
    for address in [&address(8, 20, true), &bare, &address(7, 20, false), &address(6, 5, true)] {
        unit.officials_mut().put_address(address).await.expect("an address");
    }
    commit(unit).await;
    let found = view(store).await.officials().offices(RegionId(1)).await.expect("a read");
    let found: Vec<_> = found.into_iter().map(|it| (it.office, it.addresses)).collect();
    assert_eq!(
        found,
        [
            (office(10), vec![bare]),
            (office(20), vec![address(7, 20, false), address(8, 20, true)]),
            (office(30), vec![]),
        ]
    );
    assert_eq!(view(store).await.officials().offices(RegionId(3)).await.expect("a read"), []);
}

/// Region, office and address alike: an office may move to another region, an address to another office.
pub async fn what_is_put_again_is_overwritten(store: &dyn Store) {
    let mut first = unit(store).await;
    massachusetts(first.as_mut(), &[region(1, Some("A")), region(2, Some("B"))]).await;
    for number in [1, 2] {
        first.officials_mut().put_office(&office(number)).await.expect("an office");
    }
    first.officials_mut().put_address(&address(1, 1, true)).await.expect("an address");
    commit(first).await;
    let renamed = Region {
        name: Some("C".into()),
        county: None,
        hidden: true,
        external_updated: Some(at(70)),
        ..region(1, None)
    };
    let moved = Office { region: Some(RegionId(2)), hours: None, ..office(2) };
    let mut second = unit(store).await;
    second.officials_mut().put_region(&renamed).await.expect("a region");
    second.officials_mut().put_office(&moved).await.expect("an office");
    let there = OfficeAddress { location: None, phone: None, ..address(1, 2, false) };
    second.officials_mut().put_address(&there).await.expect("an address");
    commit(second).await;
    let mut view = view(store).await;
    assert_eq!(view.officials().region(RegionId(1)).await.expect("a read"), Some(renamed));
    let of_first = view.officials().offices(RegionId(1)).await.expect("a read");
    assert_eq!(of_first.len(), 1);
    assert!(of_first[0].addresses.is_empty());
    let of_second = view.officials().offices(RegionId(2)).await.expect("a read");
    assert_eq!((&of_second[0].office, &of_second[0].addresses), (&moved, &vec![there]));
}

/// It could never be changed again.
pub async fn an_address_without_a_number_is_refused(store: &dyn Store) {
    let mut unit = unit(store).await;
    let outcome = unit.officials_mut().put_address(&OfficeAddress::default()).await;
    assert!(matches!(outcome, Err(StoreError::Other(_))), "{outcome:?}");
}
