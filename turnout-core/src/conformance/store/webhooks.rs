//! What the room of webhooks promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    action::Action,
    address::State,
    conformance::rows::{
        action, at, ballot_request, bare_voter, delivery, endpoint, references, registration, subscriber,
        upload, uuid, whole_lookup, whole_polling_place, whole_reminder,
    },
    ids::{
        ActionId, BallotRequestId, DeliveryId, EndpointId, LookupId, PollingPlaceLookupId, RegistrationId,
        ReminderId, SubscriberId, VoterId,
    },
    listing::Tool,
    page::PageRequest,
    ports::store::{Store, Unit, View},
    subscriber::{Subscriber, SubscriberStatus},
    voter::Voter,
    webhook::{
        Delivery, DeliveryKey, DeliveryStatus, Endpoint, Failure, Health, Off, OffReason, Subject, Topic,
        Window,
    },
};

/// A test for every case of the room of webhooks.
#[macro_export]
macro_rules! webhooks_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            webhooks,
            [$($open)+],
            store::webhooks,
            [
                every_field_of_an_endpoint_comes_back,
                every_field_of_a_delivery_comes_back,
                endpoints_and_deliveries_are_inserted_once,
                endpoints_of_a_subscriber_are_its_own_and_not_removed,
                those_that_take_something_are_open,
                an_update_keeps_whose_an_endpoint_is,
                an_update_of_a_delivery_changes_how_far_it_is,
                whoever_listens_hears_of_its_own_visible_actions_of_every_tool,
                who_may_not_use_the_api_hears_nothing,
                deliveries_of_an_action_follow_each_other,
                a_delivery_waits_for_those_before_it,
                a_delivery_waits_for_those_of_the_same_voter_before_it,
                what_is_due_longest_is_next,
                deliveries_are_listed_newest_first,
                deliveries_are_counted_up_to_a_most,
                what_waits_is_put_in_line_anew,
                a_window_is_put_in_line_again_once,
                what_waits_for_nobody_is_given_up,
            ]
        );
    };
}

/// A unit with what rows point to, a second subscriber with the number 2, and actions with the numbers 1 to 9.
async fn begun(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    let active = |number| Subscriber { status: SubscriberStatus::Active, ..subscriber(number, 0) };
    unit.subscribers_mut().update(&active(1)).await.expect("an update");
    let other = Subscriber { default_slug: None, ..active(2) };
    unit.subscribers_mut().insert(&other).await.expect("a subscriber");
    for number in 2..10 {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
    unit
}

/// The same with the endpoints 1 and 2 of the subscribers 1 and 2.
async fn with_endpoints(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = begun(store).await;
    for number in [1, 2] {
        unit.webhooks_mut().insert_endpoint(&endpoint(number, number, 0)).await.expect("an endpoint");
    }
    unit
}

async fn put(unit: &mut dyn Unit, deliveries: &[Delivery]) {
    for delivery in deliveries {
        unit.webhooks_mut().insert_delivery(delivery).await.expect("a delivery");
    }
}

/// Waiting since that second, not tried.
fn waiting(number: u128, endpoint: u128, action: u128, second: i64) -> Delivery {
    let mut delivery = delivery(number, endpoint, action, second);
    delivery.queue_again(at(second));
    delivery
}

fn id(number: u128) -> DeliveryId {
    DeliveryId(uuid(number))
}

async fn kept(view: &mut dyn View, number: u128) -> Delivery {
    view.webhooks().delivery(id(number)).await.expect("a read").expect("a delivery")
}

/// Two voters, and of which of the actions they are.
async fn link(unit: &mut dyn Unit, links: &[(u128, u128)]) {
    for (action, voter) in links {
        let id = VoterId(uuid(*voter));
        if unit.voters().by_id(id).await.expect("a read").is_none() {
            unit.voters_mut().insert(&Voter { id, ..bare_voter() }).await.expect("a voter");
        }
        unit.voters_mut().link(ActionId(uuid(*action)), Some(id), at(0)).await.expect("it is linked");
    }
}

async fn next(view: &mut dyn View, shard: u8, second: i64) -> Option<u128> {
    let due = view.webhooks().next_due(EndpointId(uuid(1)), shard, at(second)).await.expect("a read");
    due.map(|it| it.id.0.as_u128())
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_an_endpoint_comes_back(store: &dyn Store) {
    let bare = Endpoint {
        description: None,
        topics: Vec::new(),
        rotated_at: None,
        paused_at: None,
        off: None,
        removed_at: None,
        health: Health::default(),
        created_by: None,
        ..endpoint(12, 1, 5)
    };
    let whole = Endpoint {
        paused_at: Some(at(81)),
        off: Some(Off { since: at(82), reason: OffReason::Gone }),
        removed_at: Some(at(83)),
        ..endpoint(11, 1, 0)
    };
    let mut unit = begun(store).await;
    for put in [&whole, &bare] {
        unit.webhooks_mut().insert_endpoint(put).await.expect("an endpoint");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [whole, bare] {
        assert_eq!(view.webhooks().endpoint(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.webhooks().endpoint(EndpointId(uuid(19))).await.expect("a read"), None);
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_a_delivery_comes_back(store: &dyn Store) {
    let whole = delivery(21, 1, 3, 0);
    let mut bare = Delivery { about: None, topic: Topic::Test, ..waiting(22, 1, 3, 5) };
    (bare.tried_at, bare.answer, bare.failure) = (None, None, None);
    let mut unit = with_endpoints(store).await;
    put(unit.as_mut(), &[whole.clone(), bare.clone()]).await;
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(kept(view.as_mut(), 21).await, whole);
    assert_eq!(kept(view.as_mut(), 22).await, bare);
    assert_eq!(view.webhooks().delivery(id(29)).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn endpoints_and_deliveries_are_inserted_once(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    assert!(is_conflict(&unit.webhooks_mut().insert_endpoint(&endpoint(1, 2, 9)).await));
    drop(unit);
    let mut unit = with_endpoints(store).await;
    put(unit.as_mut(), &[delivery(21, 1, 3, 0)]).await;
    assert!(is_conflict(&unit.webhooks_mut().insert_delivery(&delivery(21, 2, 4, 9)).await));
}

/// Oldest first.
pub async fn endpoints_of_a_subscriber_are_its_own_and_not_removed(store: &dyn Store) {
    let removed = Endpoint { removed_at: Some(at(9)), ..endpoint(15, 1, 0) };
    let mut unit = begun(store).await;
    for put in [endpoint(11, 1, 20), endpoint(12, 1, 10), endpoint(13, 2, 0), endpoint(14, 1, 10), removed] {
        unit.webhooks_mut().insert_endpoint(&put).await.expect("an endpoint");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (subscriber, found) in [(1, &[12, 14, 11][..]), (2, &[13]), (3, &[])] {
        let its = view.webhooks().of_subscriber(SubscriberId(uuid(subscriber))).await.expect("a read");
        let its: Vec<u128> = its.iter().map(|it| it.id.0.as_u128()).collect();
        assert_eq!(its, found, "of {subscriber}");
    }
}

/// Not paused, not off, not removed.
pub async fn those_that_take_something_are_open(store: &dyn Store) {
    let off = Off { since: at(1), reason: OffReason::Failing };
    let closed = [
        Endpoint { paused_at: Some(at(1)), ..endpoint(12, 1, 0) },
        Endpoint { off: Some(off), ..endpoint(13, 1, 0) },
        Endpoint { removed_at: Some(at(1)), ..endpoint(14, 1, 0) },
    ];
    let mut unit = begun(store).await;
    for put in closed.iter().chain(&[endpoint(15, 2, 0), endpoint(11, 1, 9)]) {
        unit.webhooks_mut().insert_endpoint(put).await.expect("an endpoint");
    }
    commit(unit).await;
    let open = view(store).await.webhooks().open_endpoints().await.expect("a read");
    assert_eq!(open.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>(), [11, 15]);
}

/// All the rest changes.
pub async fn an_update_keeps_whose_an_endpoint_is(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    let locked = unit.webhooks_mut().lock_endpoint(EndpointId(uuid(1))).await.expect("a lock");
    assert_eq!(locked, Some(endpoint(1, 1, 0)));
    assert_eq!(unit.webhooks_mut().lock_endpoint(EndpointId(uuid(9))).await.expect("a lock"), None);
    let changed = Endpoint {
        id: EndpointId(uuid(1)),
        topics: vec![Topic::ActionEvent],
        off: Some(Off { since: at(7), reason: OffReason::Failing }),
        created_by: None,
        created_at: at(99),
        ..endpoint(77, 1, 50)
    };
    unit.webhooks_mut().update_endpoint(&changed).await.expect("an update");
    commit(unit).await;
    let before = endpoint(1, 1, 0);
    let kept = Endpoint { created_by: before.created_by, created_at: before.created_at, ..changed };
    assert_eq!(view(store).await.webhooks().endpoint(kept.id).await.expect("a read"), Some(kept));
}

/// What it tells, to whom, and its place stay.
pub async fn an_update_of_a_delivery_changes_how_far_it_is(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    put(unit.as_mut(), &[delivery(21, 1, 3, 0)]).await;
    let locked = unit.webhooks_mut().lock_delivery(id(21)).await.expect("a lock");
    assert_eq!(locked, Some(delivery(21, 1, 3, 0)));
    let before = delivery(21, 1, 3, 0);
    let changed = Delivery {
        topic: Topic::Test,
        about: None,
        shard: 3 - before.shard,
        position: 9,
        status: DeliveryStatus::Waiting,
        queued_at: at(31),
        next_at: at(32),
        attempts: 7,
        tried_at: None,
        answer: None,
        failure: Some(Failure::TimedOut),
        ..delivery(21, 2, 4, 77)
    };
    unit.webhooks_mut().update_delivery(&changed).await.expect("an update");
    commit(unit).await;
    let expected = Delivery {
        endpoint: before.endpoint,
        topic: before.topic,
        about: before.about,
        occurred_at: before.occurred_at,
        shard: before.shard,
        position: before.position,
        ..changed
    };
    assert_eq!(kept(view(store).await.as_mut(), 21).await, expected);
}

/// Each tool's record is found by its action, and nobody is told of what is another's or not to be seen.
pub async fn whoever_listens_hears_of_its_own_visible_actions_of_every_tool(store: &dyn Store) {
    let one = Some(SubscriberId(uuid(1)));
    let of = |number| Some(ActionId(uuid(number)));
    let mut unit = begun(store).await;
    let unseen = Action { visible_to_subscriber: false, ..action(10) };
    unit.actions_mut().insert(&unseen).await.expect("an action");
    unit.uploads_mut().insert(&upload(1, 0)).await.expect("a signature");
    let registrations =
        [(601, 2, one), (602, 7, Some(SubscriberId(uuid(2)))), (603, 8, None), (604, 10, one)];
    for (number, action, subscriber) in registrations {
        let id = RegistrationId(uuid(number));
        let made = crate::register::Registration { id, action: of(action), subscriber, ..registration() };
        unit.registrations_mut().insert(&made).await.expect("a registration");
    }
    let id = BallotRequestId(uuid(611));
    let request = crate::absentee::BallotRequest { id, action: of(3), ..ballot_request() };
    unit.ballot_requests_mut().insert(&request).await.expect("a ballot request");
    let lookup = crate::verifier::Lookup { id: LookupId(uuid(612)), action: of(4), ..whole_lookup() };
    unit.lookups_mut().insert(&lookup).await.expect("a lookup");
    let id = ReminderId(uuid(613));
    let reminder = crate::reminder::ReminderRequest { id, action: of(5), ..whole_reminder() };
    unit.reminders_mut().insert(&reminder).await.expect("a reminder");
    let id = PollingPlaceLookupId(uuid(614));
    let place = crate::polling_place::PollingPlaceLookup { id, action: of(6), ..whole_polling_place() };
    unit.polling_places_mut().insert(&place).await.expect("a polling place");
    link(unit.as_mut(), &[(3, 900)]).await;
    let nobody = unit.webhooks().listeners(ActionId(uuid(2))).await.expect("a read");
    assert_eq!(nobody, None, "there is no endpoint yet");
    for (number, subscriber) in [(12, 1), (11, 1)] {
        let made = Endpoint { paused_at: Some(at(1)), ..endpoint(number, subscriber, 0) };
        unit.webhooks_mut().insert_endpoint(&made).await.expect("an endpoint");
    }
    let removed = Endpoint { removed_at: Some(at(1)), ..endpoint(13, 2, 0) };
    unit.webhooks_mut().insert_endpoint(&removed).await.expect("an endpoint");
    commit(unit).await;

    let mut view = view(store).await;
    let states = [
        registration().address.state,
        ballot_request().address.state,
        whole_lookup().voter.address.state,
        whole_reminder().voter.address.state,
        whole_polling_place().address.state,
    ];
    let tools = [Tool::Register, Tool::Absentee, Tool::Verify, Tool::Remind, Tool::Locate];
    let records: [(u128, u128); 5] = [(2, 601), (3, 611), (4, 612), (5, 613), (6, 614)];
    for ((tool, state), (action, record)) in tools.into_iter().zip(states).zip(records) {
        let heard = view.webhooks().listeners(ActionId(uuid(action))).await.expect("a read");
        let heard = heard.expect("somebody listens");
        let state: Option<State> = state;
        assert_eq!(heard.subject, Subject { tool, record: uuid(record), state });
        assert_eq!(heard.voter, (action == 3).then(|| VoterId(uuid(900))));
        let told: Vec<u128> = heard.endpoints.iter().map(|it| it.id.0.as_u128()).collect();
        assert_eq!(told, [11, 12], "{tool:?}");
    }
    for (action, why) in
        [(7, "its endpoint is gone"), (8, "nobody's"), (10, "not to be seen"), (9, "no record")]
    {
        let heard = view.webhooks().listeners(ActionId(uuid(action))).await.expect("a read");
        assert_eq!(heard, None, "{why}");
    }
}

/// Nor one that takes no part.
pub async fn who_may_not_use_the_api_hears_nothing(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let of = registration().action.expect("an action");
    let active = Subscriber { status: SubscriberStatus::Active, has_api_access: true, ..subscriber(1, 0) };
    let shut = Subscriber { has_api_access: false, ..active.clone() };
    let disabled = Subscriber { status: SubscriberStatus::Disabled, ..active.clone() };
    for (now, hears) in [(&active, true), (&shut, false), (&disabled, false), (&active, true)] {
        unit.subscribers_mut().update(now).await.expect("an update");
        let heard = unit.webhooks().listeners(of).await.expect("a read");
        assert_eq!(heard.is_some(), hears);
    }
}

/// Those of a voter's actions too, each endpoint's by themselves: at the position that they are handed in with, or behind.
pub async fn deliveries_of_an_action_follow_each_other(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    // of one voter are 5 and 6, of another one is 7
    link(unit.as_mut(), &[(5, 900), (6, 900), (7, 901)]).await;
    for action in [3, 5] {
        unit.webhooks_mut().hold_action(ActionId(uuid(action))).await.expect("it is held");
    }
    let handed_in =
        |number, endpoint, action, position| Delivery { position, ..waiting(number, endpoint, action, 0) };
    let test = |number| Delivery { about: None, ..handed_in(number, 1, 3, 77) };
    let all = [
        handed_in(21, 1, 3, 77),
        handed_in(22, 2, 3, 77),
        handed_in(23, 1, 3, 77),
        handed_in(24, 1, 4, 77),
        test(25),
        test(26),
        handed_in(28, 1, 5, 77),
        handed_in(29, 1, 7, 77),
    ];
    put(unit.as_mut(), &all).await;
    commit(unit).await;
    let mut unit = self::unit(store).await;
    unit.webhooks_mut().hold_action(ActionId(uuid(6))).await.expect("it is held");
    let later =
        [handed_in(27, 1, 3, 5), handed_in(30, 1, 6, 5), handed_in(31, 2, 6, 5), handed_in(32, 1, 5, 99)];
    put(unit.as_mut(), &later).await;
    commit(unit).await;
    let mut view = view(store).await;
    let of_actions = [(21, 77), (22, 77), (23, 78), (24, 77), (25, 77), (26, 77), (27, 79)];
    for (number, position) in of_actions.into_iter().chain([(28, 77), (29, 77), (30, 78), (31, 5), (32, 99)])
    {
        assert_eq!(kept(view.as_mut(), number).await.position, position, "{number}");
    }
}

/// Until they are delivered or given up.
pub async fn a_delivery_waits_for_those_before_it(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    // of another endpoint: it blocks nobody
    put(unit.as_mut(), &[waiting(20, 2, 4, 0)]).await;
    put(unit.as_mut(), &[waiting(21, 1, 4, 0), waiting(22, 1, 4, 1), waiting(23, 1, 4, 2)]).await;
    let shard = waiting(21, 1, 4, 0).shard;
    assert_eq!(next(unit.as_mut(), shard, 5).await, Some(21));
    let mut first = kept(unit.as_mut(), 21).await;
    first.next_at = at(60);
    unit.webhooks_mut().update_delivery(&first).await.expect("an update");
    assert_eq!(next(unit.as_mut(), shard, 5).await, None, "the first is tried again later");
    assert_eq!(next(unit.as_mut(), shard, 60).await, Some(21));
    first.status = DeliveryStatus::Dead;
    unit.webhooks_mut().update_delivery(&first).await.expect("an update");
    assert_eq!(next(unit.as_mut(), shard, 5).await, Some(22));
    // the first is sent again
    first.queue_again(at(3));
    unit.webhooks_mut().update_delivery(&first).await.expect("an update");
    assert_eq!(next(unit.as_mut(), shard, 5).await, Some(21));
}

/// In whichever line, and where the voter is known later than what is told; nobody else's.
pub async fn a_delivery_waits_for_those_of_the_same_voter_before_it(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    // 4 and 8 stand in one line, 5 in another
    put(unit.as_mut(), &[waiting(20, 2, 4, 0), waiting(21, 1, 4, 1)]).await;
    put(unit.as_mut(), &[waiting(22, 1, 8, 2), waiting(23, 1, 5, 3)]).await;
    let mut first = kept(unit.as_mut(), 21).await;
    first.next_at = at(60);
    unit.webhooks_mut().update_delivery(&first).await.expect("an update");
    assert_eq!((next(unit.as_mut(), 0, 9).await, next(unit.as_mut(), 1, 9).await), (Some(22), Some(23)));
    link(unit.as_mut(), &[(4, 900), (8, 901), (5, 900)]).await;
    assert_eq!((next(unit.as_mut(), 0, 9).await, next(unit.as_mut(), 1, 9).await), (Some(22), None));
    link(unit.as_mut(), &[(8, 900)]).await;
    assert_eq!((next(unit.as_mut(), 0, 9).await, next(unit.as_mut(), 1, 9).await), (None, None));
    first.status = DeliveryStatus::Delivered;
    unit.webhooks_mut().update_delivery(&first).await.expect("an update");
    assert_eq!((next(unit.as_mut(), 0, 9).await, next(unit.as_mut(), 1, 9).await), (Some(22), None));
    let second = Delivery { status: DeliveryStatus::Dead, ..kept(unit.as_mut(), 22).await };
    unit.webhooks_mut().update_delivery(&second).await.expect("an update");
    assert_eq!((next(unit.as_mut(), 0, 9).await, next(unit.as_mut(), 1, 9).await), (None, Some(23)));
}

/// In its own line, of whichever action; of those without one too.
pub async fn what_is_due_longest_is_next(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    let test = Delivery { about: None, ..waiting(25, 1, 4, 30) };
    put(unit.as_mut(), &[waiting(21, 1, 4, 20), waiting(22, 1, 8, 10), waiting(23, 1, 5, 0), test]).await;
    put(unit.as_mut(), &[delivery(24, 1, 4, 0)]).await;
    assert_eq!([waiting(1, 1, 4, 0).shard, waiting(1, 1, 8, 0).shard, waiting(1, 1, 5, 0).shard], [0, 0, 1]);
    assert_eq!(next(unit.as_mut(), 0, 9).await, None);
    assert_eq!(next(unit.as_mut(), 0, 30).await, Some(22));
    assert_eq!(next(unit.as_mut(), 1, 30).await, Some(23));
    assert_eq!(next(unit.as_mut(), 2, 30).await, None);
    for (number, then) in [(22, Some(21)), (21, Some(25)), (25, None)] {
        let done = Delivery { status: DeliveryStatus::Delivered, ..kept(unit.as_mut(), number).await };
        unit.webhooks_mut().update_delivery(&done).await.expect("an update");
        assert_eq!(next(unit.as_mut(), 0, 30).await, then);
    }
}

/// Page by page; those of one status by themselves.
pub async fn deliveries_are_listed_newest_first(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    put(unit.as_mut(), &[waiting(21, 1, 3, 0), delivery(22, 1, 4, 20), waiting(23, 1, 5, 10)]).await;
    put(unit.as_mut(), &[waiting(24, 1, 6, 10), waiting(25, 2, 7, 5)]).await;
    commit(unit).await;
    let mut view = view(store).await;
    for (status, pages) in [
        (None, &[&[22, 24][..], &[23, 21]][..]),
        (Some(DeliveryStatus::Waiting), &[&[24, 23], &[21]]),
        (Some(delivery(1, 1, 1, 0).status), &[&[22]]),
        (Some(DeliveryStatus::Delivered), &[&[]]),
    ] {
        let (mut after, mut found): (Option<DeliveryKey>, Vec<Vec<u128>>) = (None, Vec::new());
        loop {
            let page = PageRequest { after, limit: 2 };
            let page = view.webhooks().deliveries(EndpointId(uuid(1)), status, &page).await.expect("a read");
            found.push(page.rows.iter().map(|it| it.id.0.as_u128()).collect());
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, pages, "{status:?}");
    }
}

/// Of an endpoint, by status.
pub async fn deliveries_are_counted_up_to_a_most(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    put(unit.as_mut(), &[waiting(21, 1, 3, 0), waiting(22, 1, 3, 1), waiting(23, 1, 5, 2)]).await;
    put(unit.as_mut(), &[waiting(24, 2, 6, 0), delivery(25, 1, 6, 0)]).await;
    let one = EndpointId(uuid(1));
    for (most, counted) in [(10, 3), (3, 3), (2, 2)] {
        let count = unit.webhooks().count(one, DeliveryStatus::Waiting, most).await.expect("a count");
        assert_eq!(count, counted, "{most}");
    }
    let count = unit.webhooks().count(one, DeliveryStatus::Delivered, 10).await.expect("a count");
    assert_eq!(count, 0);
}

/// Of that endpoint alone.
pub async fn what_waits_is_put_in_line_anew(store: &dyn Store) {
    let tried = Delivery { attempts: 4, next_at: at(999), ..waiting(21, 1, 3, 0) };
    let mut unit = with_endpoints(store).await;
    put(
        unit.as_mut(),
        &[tried.clone(), Delivery { attempts: 4, ..waiting(22, 2, 3, 0) }, delivery(23, 1, 4, 0)],
    )
    .await;
    unit.webhooks_mut().queue_waiting(EndpointId(uuid(1)), at(50)).await.expect("an update");
    let again = Delivery { attempts: 0, next_at: at(50), queued_at: at(50), ..tried };
    assert_eq!(kept(unit.as_mut(), 21).await, again);
    assert_eq!(kept(unit.as_mut(), 22).await.attempts, 4);
    assert_eq!(kept(unit.as_mut(), 23).await, delivery(23, 1, 4, 0));
}

/// Page by page, what happened first first; nothing twice, and nothing outside it.
pub async fn a_window_is_put_in_line_again_once(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    let done = |number, endpoint, second| Delivery {
        status: DeliveryStatus::Delivered,
        queued_at: at(second),
        ..delivery(number, endpoint, 3, second)
    };
    put(
        unit.as_mut(),
        &[done(24, 1, 40), done(23, 1, 30), done(22, 1, 20), done(21, 1, 10), done(26, 2, 20)],
    )
    .await;
    put(unit.as_mut(), &[waiting(27, 1, 4, 20)]).await;
    let one = EndpointId(uuid(1));
    let window = Window { from: at(20), to: at(40) };
    for (limit, queued) in [(1, 1), (5, 1), (5, 0)] {
        let count =
            unit.webhooks_mut().queue_again(one, window, at(100), at(101), limit).await.expect("an update");
        assert_eq!(count, queued, "{limit}");
        let first = kept(unit.as_mut(), 22).await;
        assert_eq!(
            (first.status, first.queued_at, first.next_at),
            (DeliveryStatus::Waiting, at(101), at(101))
        );
    }
    let mut statuses = Vec::new();
    for number in [21, 22, 23, 24, 26] {
        statuses.push(kept(unit.as_mut(), number).await.status == DeliveryStatus::Waiting);
    }
    assert_eq!(statuses, [false, true, true, false, false]);
    // delivered again since: what was put in line after somebody asked is left
    let delivered = Delivery { status: DeliveryStatus::Delivered, ..kept(unit.as_mut(), 22).await };
    unit.webhooks_mut().update_delivery(&delivered).await.expect("an update");
    let count = unit.webhooks_mut().queue_again(one, window, at(100), at(102), 5).await.expect("an update");
    assert_eq!(count, 0);
}

/// Of that endpoint alone.
pub async fn what_waits_for_nobody_is_given_up(store: &dyn Store) {
    let mut unit = with_endpoints(store).await;
    let delivered = Delivery { status: DeliveryStatus::Delivered, ..waiting(23, 1, 4, 0) };
    put(unit.as_mut(), &[waiting(21, 1, 3, 0), waiting(22, 2, 3, 0), delivered]).await;
    unit.webhooks_mut().give_up_waiting(EndpointId(uuid(1))).await.expect("an update");
    let given_up = kept(unit.as_mut(), 21).await;
    assert_eq!((given_up.status, given_up.failure), (DeliveryStatus::Dead, Some(Failure::EndpointOff)));
    assert_eq!(kept(unit.as_mut(), 22).await.status, DeliveryStatus::Waiting);
    assert_eq!(kept(unit.as_mut(), 23).await.status, DeliveryStatus::Delivered);
}
