//! What the room that takes over whole lists of regions and offices promises.

use super::{commit, unit, view};
use crate::{
    address::State,
    conformance::rows::{address, at, office, region, state},
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{Gone, KnownRegion, Region},
    page::PageRequest,
    ports::store::{RegionFilter, Store, StoreError, Unit},
};

/// A test for every case of the room of office lists.
#[macro_export]
macro_rules! office_lists_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            office_lists,
            [$($open)+],
            store::office_lists,
            [
                everything_is_read_page_by_page_by_number,
                a_region_that_is_gone_is_in_no_list_and_stays_by_number,
                who_asks_for_a_replaced_region_is_given_its_successor,
                a_region_that_is_put_again_is_back,
                an_office_is_deleted_with_its_addresses_before_it,
                what_is_not_there_cannot_be_taken_away,
            ]
        );
    };
}

async fn put(unit: &mut dyn Unit, regions: &[Region]) {
    unit.elections_mut().put_state(&state(State::Ma)).await.expect("a state");
    for region in regions {
        unit.officials_mut().put_region(region).await.expect("a region");
    }
}

fn known(region: Region) -> KnownRegion {
    KnownRegion { region, gone: None }
}

/// Hidden ones and those of no state, too; large numbers after small ones.
pub async fn everything_is_read_page_by_page_by_number(store: &dyn Store) {
    let hidden = Region { hidden: true, ..region(4, Some("A")) };
    let stateless = Region { state: None, ..region(11_500_000_000, None) };
    let mut unit = unit(store).await;
    put(unit.as_mut(), &[stateless.clone(), region(1, Some("B")), hidden.clone()]).await;
    for id in [30, 10, 20] {
        unit.officials_mut().put_office(&office(id)).await.expect("an office");
        unit.officials_mut().put_address(&address(100 + id, id, true)).await.expect("an address");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let lists = view.office_lists();
    let first = lists.regions(PageRequest { after: None, limit: 2 }).await.expect("a read");
    assert_eq!(first.rows, [known(region(1, Some("B"))), known(hidden)]);
    assert_eq!(first.next, Some(RegionId(4)));
    let rest = lists.regions(PageRequest { after: first.next, limit: 2 }).await.expect("a read");
    assert_eq!((rest.rows, rest.next), (vec![known(stateless)], None));
    let offices = lists.offices(PageRequest { after: Some(OfficeId(10)), limit: 5 }).await.expect("a read");
    assert_eq!((offices.rows, offices.next), (vec![office(20), office(30)], None));
    let first = lists.addresses(PageRequest { after: None, limit: 1 }).await.expect("a read");
    assert_eq!((first.rows, first.next), (vec![address(110, 10, true)], Some(OfficeAddressId(110))));
}

/// Registrations point to it.
pub async fn a_region_that_is_gone_is_in_no_list_and_stays_by_number(store: &dyn Store) {
    let mut unit = unit(store).await;
    put(unit.as_mut(), &[region(1, Some("A")), region(2, Some("B"))]).await;
    unit.officials_mut().put_office(&office(5)).await.expect("an office");
    unit.office_lists_mut().retire_region(RegionId(1), at(7), None).await.expect("it is there");
    commit(unit).await;
    let mut view = view(store).await;
    let listed = view.officials().regions(State::Ma, &RegionFilter::default()).await.expect("a read");
    assert_eq!(listed, [region(2, Some("B"))]);
    let by_number = view.officials().region(RegionId(1)).await.expect("a read");
    assert_eq!(by_number, Some(region(1, Some("A"))));
    assert_eq!(view.officials().offices(RegionId(1)).await.expect("a read").len(), 1);
    let all = view.office_lists().regions(PageRequest { after: None, limit: 9 }).await.expect("a read");
    let gone = Some(Gone { at: at(7), successor: None });
    assert_eq!(all.rows[0], KnownRegion { region: region(1, Some("A")), gone });
}

/// With its offices.
pub async fn who_asks_for_a_replaced_region_is_given_its_successor(store: &dyn Store) {
    let mut unit = unit(store).await;
    put(unit.as_mut(), &[region(9_000_025_025, Some("A")), region(1, Some("B"))]).await;
    unit.officials_mut().put_office(&office(5)).await.expect("an office");
    unit.officials_mut().put_address(&address(6, 5, true)).await.expect("an address");
    let replaced = RegionId(9_000_025_025);
    unit.office_lists_mut().retire_region(replaced, at(7), Some(RegionId(1))).await.expect("it is there");
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.officials().region(replaced).await.expect("a read"), Some(region(1, Some("B"))));
    let offices = view.officials().offices(replaced).await.expect("a read");
    assert_eq!((&offices[0].office, &offices[0].addresses), (&office(5), &vec![address(6, 5, true)]));
}

/// As itself.
pub async fn a_region_that_is_put_again_is_back(store: &dyn Store) {
    let mut first = unit(store).await;
    put(first.as_mut(), &[region(1, Some("A")), region(2, Some("B"))]).await;
    first.office_lists_mut().retire_region(RegionId(1), at(7), Some(RegionId(2))).await.expect("it is there");
    commit(first).await;
    let mut second = unit(store).await;
    put(second.as_mut(), &[region(1, Some("C"))]).await;
    commit(second).await;
    let mut view = view(store).await;
    let found = view.officials().region(RegionId(1)).await.expect("a read");
    assert_eq!(found, Some(region(1, Some("C"))));
    let all = view.office_lists().regions(PageRequest { after: None, limit: 1 }).await.expect("a read");
    assert_eq!(all.rows, [known(region(1, Some("C")))]);
}

/// The address first.
pub async fn an_office_is_deleted_with_its_addresses_before_it(store: &dyn Store) {
    let mut first = unit(store).await;
    put(first.as_mut(), &[region(1, None)]).await;
    for id in [5, 6] {
        first.officials_mut().put_office(&office(id)).await.expect("an office");
        first.officials_mut().put_address(&address(10 + id, id, true)).await.expect("an address");
    }
    commit(first).await;
    let mut second = unit(store).await;
    second.office_lists_mut().delete_address(OfficeAddressId(15)).await.expect("it is there");
    second.office_lists_mut().delete_office(OfficeId(5)).await.expect("it is there");
    commit(second).await;
    let offices = view(store).await.officials().offices(RegionId(1)).await.expect("a read");
    assert_eq!(offices.len(), 1);
    assert_eq!((&offices[0].office, &offices[0].addresses), (&office(6), &vec![address(16, 6, true)]));
}

/// Whoever takes it away has read it before.
pub async fn what_is_not_there_cannot_be_taken_away(store: &dyn Store) {
    let mut unit = unit(store).await;
    let lists = unit.office_lists_mut();
    for outcome in [
        lists.retire_region(RegionId(1), at(7), None).await,
        lists.delete_office(OfficeId(1)).await,
        lists.delete_address(OfficeAddressId(1)).await,
    ] {
        assert!(matches!(outcome, Err(StoreError::Other(_))), "{outcome:?}");
    }
}
