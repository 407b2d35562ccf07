//! What the room of contact links promises.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{action, at, lead, references, registration, slug, subscriber, uuid},
    crm::{ContactLink, SyncRun},
    ids::{ActionId, ContactLinkId, MoverLeadId, RegistrationId, SubscriberId, SyncRunId},
    mover::{Home, MoverLead},
    person::Phone,
    ports::{
        crm::{CrmPersonId, ListStatus},
        store::{Listed, MOST_REFUSALS, Store, Unlinked},
    },
    register::Registration,
    suppression::AddressKey,
};

/// A test for every case of the room of contact links.
#[macro_export]
macro_rules! contact_links_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            contact_links,
            [$($open)+],
            store::contact_links,
            [
                every_field_of_a_contact_link_comes_back,
                an_action_has_one_link_to_each_list,
                links_are_found_by_number_the_newest_record_first,
                the_last_link_of_somebody_is_of_one_list,
                an_action_is_missing_where_nobody_has_it_and_nobody_refused_it_for_good,
                actions_that_are_missing_come_page_by_page,
                addresses_are_found_by_the_keys_that_were_noted,
                every_field_of_a_run_comes_back,
            ]
        );
    };
}

const OURS: Option<SubscriberId> = Some(SubscriberId(Uuid::from_u128(1)));

fn person(id: &str) -> Option<CrmPersonId> {
    Some(CrmPersonId(id.to_owned()))
}

fn link(of: u128, subscriber: Option<SubscriberId>) -> ContactLink {
    ContactLink::begun(ActionId(uuid(of)), subscriber, at(60))
}

fn record(number: u128, of: u128, second: i64) -> Registration {
    Registration {
        id: RegistrationId(uuid(number)),
        action: Some(ActionId(uuid(of))),
        created_at: at(second),
        ..registration()
    }
}

/// Two subscribers, and three actions with records of the same number: the second is the newest, the third is nobody's.
async fn three(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.subscribers_mut().insert(&subscriber(2, 1)).await.expect("a subscriber");
    unit.subscribers_mut().insert_slug(&slug(2, "two")).await.expect("a slug");
    for number in [2, 3, 4] {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
    unit.registrations_mut().insert(&record(501, 1, 10)).await.expect("a registration");
    unit.registrations_mut().insert(&record(502, 2, 30)).await.expect("a registration");
    let of_nobody = Registration { subscriber: None, ..record(503, 3, 20) };
    unit.registrations_mut().insert(&of_nobody).await.expect("a registration");
    commit(unit).await;
}

async fn put(store: &dyn Store, links: &[ContactLink]) {
    let mut unit = unit(store).await;
    for link in links {
        unit.contact_links_mut().lock_or_insert(link).await.expect("a link");
        unit.contact_links_mut().update(link).await.expect("an update");
    }
    commit(unit).await;
}

/// Nothing included; an update leaves what it is about.
pub async fn every_field_of_a_contact_link_comes_back(store: &dyn Store) {
    three(store).await;
    let whole = ContactLink {
        person: person("p-1"),
        email: Some(ListStatus::Complained),
        phone: Some(ListStatus::Subscribed),
        refusals: 3,
        modified_at: at(61),
        ..link(1, OURS)
    };
    put(store, &[whole.clone(), link(2, None)]).await;
    let mut view = view(store).await;
    let links = view.contact_links();
    assert_eq!(links.of(whole.action, OURS).await.expect("a read"), Some(whole.clone()));
    assert_eq!(links.of(ActionId(uuid(2)), None).await.expect("a read"), Some(link(2, None)));
    for (of, subscriber) in [(1, None), (2, OURS), (9, None), (1, Some(SubscriberId(uuid(2))))] {
        assert_eq!(links.of(ActionId(uuid(of)), subscriber).await.expect("a read"), None, "{of}");
    }
    let moved =
        ContactLink { action: ActionId(uuid(2)), subscriber: None, created_at: at(1), ..whole.clone() };
    let mut unit = unit(store).await;
    unit.contact_links_mut().update(&moved).await.expect("an update");
    commit(unit).await;
    let mut view = super::view(store).await;
    assert_eq!(view.contact_links().of(whole.action, OURS).await.expect("a read"), Some(whole));
}

/// Whoever comes first; one that another service made counts too, and of several that with a person.
pub async fn an_action_has_one_link_to_each_list(store: &dyn Store) {
    three(store).await;
    let first = ContactLink { person: person("p-1"), ..link(1, None) };
    put(store, &[first.clone(), link(1, OURS)]).await;
    let mut unit = unit(store).await;
    let again = ContactLink { person: person("p-2"), created_at: at(70), ..link(1, None) };
    assert_eq!(unit.contact_links_mut().lock_or_insert(&again).await.expect("a link"), first);
    let other = ContactLink { id: ContactLinkId(uuid(77)), ..again };
    assert_eq!(unit.contact_links_mut().lock_or_insert(&other).await.expect("a link"), first);
    let ours = unit.contact_links_mut().lock_or_insert(&link(1, OURS)).await.expect("a link");
    assert_eq!(ours, link(1, OURS));
}

/// And of no other number.
pub async fn links_are_found_by_number_the_newest_record_first(store: &dyn Store) {
    three(store).await;
    let all = [link(1, None), ContactLink { person: person("p-2"), ..link(2, None) }, link(3, None)];
    put(store, &all).await;
    let phone = registration().phone.expect("a number");
    let mut view = view(store).await;
    let found = view.contact_links().of_phone(&phone).await.expect("links");
    assert_eq!(found, [all[1].clone(), all[2].clone(), all[0].clone()]);
    let other = Phone::from_stored("+16175557891".into());
    assert_eq!(view.contact_links().of_phone(&other).await.expect("links"), []);
}

/// The one that was changed last.
pub async fn the_last_link_of_somebody_is_of_one_list(store: &dyn Store) {
    three(store).await;
    let of = |action, subscriber, second| ContactLink {
        person: person("p-1"),
        modified_at: at(second),
        ..link(action, subscriber)
    };
    put(store, &[of(1, None, 70), of(2, None, 90), of(3, None, 80), of(1, OURS, 99)]).await;
    let mut view = view(store).await;
    let (links, who) = (view.contact_links(), CrmPersonId("p-1".into()));
    assert_eq!(links.last_of(&who, None).await.expect("a read"), Some(of(2, None, 90)));
    assert_eq!(links.last_of(&who, OURS).await.expect("a read"), Some(of(1, OURS, 99)));
    let nobody = CrmPersonId("p-\0".into());
    assert_eq!(links.last_of(&nobody, None).await.expect("a read"), None);
}

/// An action without a record of a tool is nowhere missing.
pub async fn an_action_is_missing_where_nobody_has_it_and_nobody_refused_it_for_good(store: &dyn Store) {
    three(store).await;
    let missing = async || {
        let mut view = view(store).await;
        let all: Vec<Unlinked> = view.contact_links().unlinked(at(2), None, 9).await.expect("actions");
        all.into_iter().map(|it| (it.subscriber, it.of_service, it.of_subscriber)).collect::<Vec<_>>()
    };
    assert_eq!(missing().await, [(OURS, true, true), (OURS, true, true), (None, true, false)]);
    let refused = |refusals| ContactLink { refusals, ..link(2, OURS) };
    let there = ContactLink { person: person("p-1"), ..link(1, None) };
    put(store, &[there, link(1, OURS), refused(MOST_REFUSALS - 1)]).await;
    assert_eq!(missing().await, [(OURS, false, true), (OURS, true, true), (None, true, false)]);
    put(store, &[refused(MOST_REFUSALS)]).await;
    assert_eq!(missing().await, [(OURS, false, true), (OURS, true, false), (None, true, false)]);
    let mut view = view(store).await;
    assert_eq!(view.contact_links().unlinked(at(1), None, 9).await.expect("actions"), []);
}

/// Each once, oldest first.
pub async fn actions_that_are_missing_come_page_by_page(store: &dyn Store) {
    three(store).await;
    let mut view = view(store).await;
    let first = view.contact_links().unlinked(at(9), None, 2).await.expect("actions");
    let after = first.last().map(|it| (it.created_at, it.action));
    let rest = view.contact_links().unlinked(at(9), after, 2).await.expect("actions");
    let ids = |page: &[Unlinked]| page.iter().map(|it| it.action.0.as_u128()).collect::<Vec<_>>();
    assert_eq!((ids(&first), ids(&rest)), (vec![1, 2], vec![3]));
    assert!(first[0].is_visible);
}

/// Of people who moved too, each once for each list; and nothing comes again of which it was noted that there is no address.
pub async fn addresses_are_found_by_the_keys_that_were_noted(store: &dyn Store) {
    three(store).await;
    let bare = Home { region: None, ..Home::default() };
    let moved =
        |number| MoverLead { action: None, file: None, new: bare.clone(), old: bare.clone(), ..lead(number) };
    let mut writing = unit(store).await;
    let without = Registration { email: None, ..record(504, 4, 40) };
    writing.registrations_mut().insert(&without).await.expect("a registration");
    for lead in [moved(701), MoverLead { email: None, ..moved(702) }] {
        assert!(writing.movers_mut().insert(&lead).await.expect("a lead"));
    }
    commit(writing).await;
    put(store, &[link(1, None), link(1, OURS), link(2, None), link(4, None)]).await;
    let unkeyed = async |limit| {
        let mut view = view(store).await;
        let found = view.contact_links().unkeyed(limit).await.expect("a read");
        found.into_iter().map(|it| (it.of, it.email)).collect::<BTreeSet<_>>()
    };
    let (ann, moving) = (registration().email, moved(701).email);
    let of = |action, subscriber| Listed::Link(link(action, subscriber).id);
    let lead = |number| Listed::Lead(MoverLeadId(uuid(number)));
    let all = [
        (of(1, None), ann.clone()),
        (of(1, OURS), ann.clone()),
        (of(2, None), ann.clone()),
        (of(4, None), None),
        (lead(701), moving.clone()),
        (lead(702), None),
    ];
    assert_eq!(unkeyed(9).await, all.clone().into());
    assert_eq!(unkeyed(1).await.len(), 2, "one of each");
    let key = |number| AddressKey(uuid(number));
    let mut writing = unit(store).await;
    for (of, email) in &all {
        let key = email.as_ref().map(|_| if *email == ann { key(1) } else { key(2) });
        writing.contact_links_mut().note_key(*of, key).await.expect("it is noted");
    }
    let gone = Listed::Link(ContactLinkId(uuid(77)));
    writing.contact_links_mut().note_key(gone, Some(key(1))).await.expect("nothing is noted");
    commit(writing).await;
    assert_eq!(unkeyed(9).await, BTreeSet::new());
    let mut view = super::view(store).await;
    for (key, found) in [
        (key(1), vec![(None, ann.clone()), (OURS, ann)]),
        (key(2), vec![(None, moving)]),
        (key(3), Vec::new()),
        (AddressKey(Uuid::nil()), Vec::new()),
    ] {
        let its = view.contact_links().of_address(key).await.expect("a read");
        let its: BTreeSet<_> = its.into_iter().map(|it| (it.subscriber, Some(it.email))).collect();
        assert_eq!(its, found.into_iter().collect(), "{key}");
    }
}

/// What it may change is fixed.
pub async fn every_field_of_a_run_comes_back(store: &dyn Store) {
    let run = SyncRun::new(SyncRunId(uuid(1)), 7, at(1));
    let mut writing = unit(store).await;
    writing.contact_links_mut().insert_run(&run).await.expect("a run");
    commit(writing).await;
    let mut writing = unit(store).await;
    assert!(is_conflict(&writing.contact_links_mut().insert_run(&run).await));
    drop(writing);
    let counted = SyncRun { people: 12, changes: 3, stopped_at: Some(at(9)), modified_at: at(8), ..run };
    let mut writing = unit(store).await;
    writing.contact_links_mut().lock_run(counted.id).await.expect("a lock").expect("the run");
    let other = SyncRun { most_percent: 9, created_at: at(5), ..counted.clone() };
    writing.contact_links_mut().update_run(&other).await.expect("an update");
    commit(writing).await;
    let mut view = view(store).await;
    assert_eq!(view.contact_links().run(counted.id).await.expect("a read"), Some(counted));
    assert_eq!(view.contact_links().run(SyncRunId(uuid(2))).await.expect("a read"), None);
}
