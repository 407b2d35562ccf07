//! What the room of ballot requests promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    absentee::{BallotRequest, ContactOverride, RegionLink},
    action::Source,
    conformance::rows::{
        at, ballot_request, bare_ballot_request, contact_override, references, region_link, upload, uuid,
    },
    ids::{ActionId, BallotRequestId, FileId, RegionId, SubscriberId},
    ports::store::{Store, Unit},
    register::Status,
};

/// A test for every case of the room of ballot requests.
#[macro_export]
macro_rules! ballot_requests_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            ballot_requests,
            [$($open)+],
            store::ballot_requests,
            [
                every_field_of_a_request_comes_back,
                a_request_is_found_by_its_action_and_its_forms,
                a_request_is_inserted_once_per_id_and_action,
                an_update_changes_all_of_a_request_but_what_never_changes,
                a_request_is_locked_as_it_is,
                no_request_survives_a_dropped_unit,
                what_is_known_better_of_an_office_is_put_and_forgotten,
                a_page_of_a_region_is_put_and_forgotten,
            ]
        );
    };
}

/// A unit in which everything is there that a request points to.
async fn furnished(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.uploads_mut().insert(&upload(1, 0)).await.expect("an upload");
    unit
}

/// Nothing, an empty text and JSON of every kind included.
pub async fn every_field_of_a_request_comes_back(store: &dyn Store) {
    let mut unit = furnished(store).await;
    for request in [ballot_request(), bare_ballot_request()] {
        unit.ballot_requests_mut().insert(&request).await.expect("a request");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [ballot_request(), bare_ballot_request()] {
        assert_eq!(view.ballot_requests().by_id(put.id).await.expect("a read"), Some(put));
    }
    let unknown = BallotRequestId(uuid(9));
    assert_eq!(view.ballot_requests().by_id(unknown).await.expect("a read"), None);
}

/// By the voter's form as well as by the mail house's; and the action leads back to it.
pub async fn a_request_is_found_by_its_action_and_its_forms(store: &dyn Store) {
    let mut unit = furnished(store).await;
    for request in [ballot_request(), bare_ballot_request()] {
        unit.ballot_requests_mut().insert(&request).await.expect("a request");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let action = ActionId(uuid(1));
    let source = view.actions().source(action).await.expect("a read");
    assert_eq!(source, Some(Source::BallotRequest(ballot_request().id)));
    let requests = view.ballot_requests();
    assert_eq!(requests.by_action(action).await.expect("a read"), Some(ballot_request()));
    assert_eq!(requests.by_action(ActionId(uuid(2))).await.expect("a read"), None);
    for number in [1, 2] {
        let found = requests.by_file(FileId(uuid(number))).await.expect("a read");
        assert_eq!(found, Some(ballot_request()), "{number}");
    }
    assert_eq!(requests.by_file(FileId(uuid(3))).await.expect("a read"), None);
}

/// Whatever else is different. Any number may have no action.
pub async fn a_request_is_inserted_once_per_id_and_action(store: &dyn Store) {
    let mut first = furnished(store).await;
    first.ballot_requests_mut().insert(&ballot_request()).await.expect("a request");
    for number in [700, 701] {
        let without = BallotRequest { id: BallotRequestId(uuid(number)), ..bare_ballot_request() };
        first.ballot_requests_mut().insert(&without).await.expect("one without an action");
    }
    commit(first).await;
    for twin in [
        BallotRequest { id: BallotRequestId(uuid(500)), ..ballot_request() },
        BallotRequest { id: ballot_request().id, ..bare_ballot_request() },
    ] {
        let mut unit = unit(store).await;
        assert!(is_conflict(&unit.ballot_requests_mut().insert(&twin).await), "{}", twin.id);
    }
}

/// Id, action, subscriber and the moment of creation never change.
pub async fn an_update_changes_all_of_a_request_but_what_never_changes(store: &dyn Store) {
    let mut unit = furnished(store).await;
    unit.ballot_requests_mut().insert(&ballot_request()).await.expect("a request");
    let id = ballot_request().id;
    unit.ballot_requests_mut().lock(id).await.expect("a lock");
    let changed = BallotRequest {
        id,
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(99),
        modified_at: at(98),
        status: Status::SentPdf,
        ..bare_ballot_request()
    };
    unit.ballot_requests_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = BallotRequest {
        action: ballot_request().action,
        subscriber: ballot_request().subscriber,
        created_at: ballot_request().created_at,
        ..changed
    };
    let mut view = view(store).await;
    assert_eq!(view.ballot_requests().by_id(id).await.expect("a read"), Some(kept));
}

/// And is not there when it is not.
pub async fn a_request_is_locked_as_it_is(store: &dyn Store) {
    let mut unit = furnished(store).await;
    unit.ballot_requests_mut().insert(&ballot_request()).await.expect("a request");
    let locked = unit.ballot_requests_mut().lock(ballot_request().id).await.expect("a lock");
    assert_eq!(locked, Some(ballot_request()));
    let nobody = unit.ballot_requests_mut().lock(bare_ballot_request().id).await.expect("a lock");
    assert_eq!(nobody, None);
}

/// Neither an insertion nor an update.
pub async fn no_request_survives_a_dropped_unit(store: &dyn Store) {
    let mut dropped = unit(store).await;
    dropped.ballot_requests_mut().insert(&bare_ballot_request()).await.expect("a request");
    drop(dropped);
    let id = bare_ballot_request().id;
    assert_eq!(view(store).await.ballot_requests().by_id(id).await.expect("a read"), None);
    let mut kept = unit(store).await;
    kept.ballot_requests_mut().insert(&bare_ballot_request()).await.expect("the id is free");
    commit(kept).await;
    let mut dropped = unit(store).await;
    dropped.ballot_requests_mut().lock(id).await.expect("a lock");
    let changed = BallotRequest { status: Status::SentPdf, ..bare_ballot_request() };
    dropped.ballot_requests_mut().update(&changed).await.expect("an update");
    drop(dropped);
    let found = view(store).await.ballot_requests().by_id(id).await.expect("a read");
    assert_eq!(found, Some(bare_ballot_request()));
}

/// One for each region, and the first moment of creation stays.
pub async fn what_is_known_better_of_an_office_is_put_and_forgotten(store: &dyn Store) {
    let bare = ContactOverride {
        method: None,
        email: None,
        phone: None,
        fax: None,
        notes: None,
        created_at: at(90),
        modified_at: at(91),
        ..contact_override()
    };
    let mut unit = furnished(store).await;
    unit.ballot_requests_mut().put_contact_override(&contact_override()).await.expect("an override");
    let found = unit.ballot_requests().contact_override(RegionId(1)).await.expect("a read");
    assert_eq!(found, Some(contact_override()));
    unit.ballot_requests_mut().put_contact_override(&bare).await.expect("an override");
    commit(unit).await;
    let kept = ContactOverride { created_at: contact_override().created_at, ..bare };
    let mut unit = super::unit(store).await;
    let requests = unit.ballot_requests_mut();
    assert_eq!(requests.contact_override(RegionId(1)).await.expect("a read"), Some(kept));
    assert_eq!(requests.contact_override(RegionId(5_000_000_000)).await.expect("a read"), None);
    for was_there in [true, false] {
        let removed = requests.remove_contact_override(RegionId(1)).await.expect("a removal");
        assert_eq!(removed, was_there);
    }
    assert_eq!(requests.contact_override(RegionId(1)).await.expect("a read"), None);
}

/// One for each region, and the first moment of creation stays.
pub async fn a_page_of_a_region_is_put_and_forgotten(store: &dyn Store) {
    let other = RegionLink {
        url: "https://ballots.example.org/other".into(),
        created_at: at(90),
        modified_at: at(91),
        ..region_link()
    };
    let mut unit = furnished(store).await;
    unit.ballot_requests_mut().put_region_link(&region_link()).await.expect("a page");
    let found = unit.ballot_requests().region_link(RegionId(1)).await.expect("a read");
    assert_eq!(found, Some(region_link()));
    unit.ballot_requests_mut().put_region_link(&other).await.expect("a page");
    commit(unit).await;
    let kept = RegionLink { created_at: region_link().created_at, ..other };
    let mut unit = super::unit(store).await;
    let requests = unit.ballot_requests_mut();
    assert_eq!(requests.region_link(RegionId(1)).await.expect("a read"), Some(kept));
    assert_eq!(requests.region_link(RegionId(5_000_000_000)).await.expect("a read"), None);
    for was_there in [true, false] {
        assert_eq!(requests.remove_region_link(RegionId(1)).await.expect("a removal"), was_there);
    }
    assert_eq!(requests.region_link(RegionId(1)).await.expect("a read"), None);
}
