//! What the room of lists promises.

use chrono::TimeDelta;

use super::{commit, unit, view};
use crate::{
    action::{Action, Event, EventType},
    address::State,
    conformance::rows::{
        action, at, ballot_request, references, registration, slug, subscriber, uuid, whole_lookup,
        whole_polling_place, whole_reminder,
    },
    ids::{
        ActionId, BallotRequestId, EventId, LookupId, PollingPlaceLookupId, RegistrationId, ReminderId,
        SubscriberId,
    },
    listing::{Entry, Filter, Listing, Record, Span, Tool, details},
    page::PageRequest,
    ports::store::{Store, Unit, View},
    search::ListKey,
};

/// A test for every case of the room of lists.
#[macro_export]
macro_rules! listings_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            listings,
            [$($open)+],
            store::listings,
            [
                a_list_shows_its_subscriber_what_is_visible_to_it_and_nothing_else,
                a_line_says_who_where_and_whether_the_voter_is_done,
                lists_come_newest_first_page_by_page,
                what_is_not_wanted_is_left_out,
                places_are_read_in_the_order_of_the_list,
                a_count_is_of_a_state_and_a_time_and_ends_where_it_is_told,
                a_record_is_shown_whole_with_what_happened_to_it,
            ]
        );
    };
}

/// Whose list is read.
const OWN: u128 = 1;
/// Another subscriber.
const OTHER: u128 = 2;

fn list(tool: Tool) -> Listing {
    Listing { subscriber: SubscriberId(uuid(OWN)), tool }
}

/// A record of a tool: with that number, which is also its action's, of a subscriber, made at that second.
struct Made {
    tool: Tool,
    number: u128,
    subscriber: u128,
    second: i64,
    is_visible: bool,
}

fn made(tool: Tool, number: u128, second: i64) -> Made {
    Made { tool, number, subscriber: OWN, second, is_visible: true }
}

async fn world(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.subscribers_mut().insert(&subscriber(OTHER, 0)).await.expect("a subscriber");
    unit.subscribers_mut().insert_slug(&slug(OTHER, "other")).await.expect("a slug");
    let upload = crate::conformance::rows::upload(1, 0);
    unit.uploads_mut().insert(&upload).await.expect("an upload");
    commit(unit).await;
}

async fn put(unit: &mut dyn Unit, it: &Made) {
    let action = Action { visible_to_subscriber: it.is_visible, ..action(it.number) };
    unit.actions_mut().insert(&action).await.expect("an action");
    insert(unit, it, Some(action.id)).await;
}

async fn insert(unit: &mut dyn Unit, it: &Made, action: Option<ActionId>) {
    let (id, created_at) = (uuid(it.number + 10_000), at(it.second));
    let subscriber = Some(SubscriberId(uuid(it.subscriber)));
    let outcome = match it.tool {
        Tool::Register => {
            let row = registration();
            let id = RegistrationId(id);
            let row = crate::register::Registration { id, action, subscriber, created_at, ..row };
            unit.registrations_mut().insert(&row).await
        }
        Tool::Absentee => {
            let row = ballot_request();
            let id = BallotRequestId(id);
            let row = crate::absentee::BallotRequest { id, action, subscriber, created_at, ..row };
            unit.ballot_requests_mut().insert(&row).await
        }
        Tool::Verify => {
            let id = LookupId(id);
            let row = crate::verifier::Lookup { id, action, subscriber, created_at, ..whole_lookup() };
            unit.lookups_mut().insert(&row).await
        }
        Tool::Remind => {
            let id = ReminderId(id);
            let row = whole_reminder();
            let row = crate::reminder::ReminderRequest { id, action, subscriber, created_at, ..row };
            unit.reminders_mut().insert(&row).await
        }
        Tool::Locate => {
            let id = PollingPlaceLookupId(id);
            let row = whole_polling_place();
            let row = crate::polling_place::PollingPlaceLookup { id, action, subscriber, created_at, ..row };
            unit.polling_places_mut().insert(&row).await
        }
    };
    outcome.expect("a record");
}

async fn happens(unit: &mut dyn Unit, number: u128, action: u128, kind: EventType) {
    let event = Event {
        id: EventId(uuid(number)),
        action: ActionId(uuid(action)),
        kind,
        created_at: at(i64::try_from(number).expect("a small number")),
    };
    unit.actions_mut().record(&event).await.expect("an event");
}

async fn all(view: &mut dyn View, list: Listing, filter: &Filter, limit: u32) -> Vec<u128> {
    let (mut numbers, mut after) = (Vec::new(), None);
    for _ in 0..100 {
        let page = PageRequest { after, limit };
        let page = view.listings().look(list, filter, page).await.expect("a page");
        assert!(page.rows.len() <= limit as usize);
        numbers.extend(page.rows.iter().map(|entry| entry.key.action.0.as_u128()));
        after = page.next;
        if after.is_none() {
            return numbers;
        }
    }
    panic!("it never ends");
}

/// Whatever is asked: page, place, count, one record.
pub async fn a_list_shows_its_subscriber_what_is_visible_to_it_and_nothing_else(store: &dyn Store) {
    world(store).await;
    for (base, tool) in (1_u128..).map(|it| it * 100).zip(Tool::ALL.iter().copied()) {
        let mut unit = unit(store).await;
        put(unit.as_mut(), &made(tool, base, 10)).await;
        put(unit.as_mut(), &Made { subscriber: OTHER, ..made(tool, base + 1, 11) }).await;
        put(unit.as_mut(), &Made { is_visible: false, ..made(tool, base + 2, 12) }).await;
        insert(unit.as_mut(), &made(tool, base + 3, 13), None).await;
        commit(unit).await;
        let mut view = view(store).await;
        assert_eq!(all(view.as_mut(), list(tool), &Filter::default(), 50).await, [base], "{tool:?}");
        let places: Vec<ListKey> = (0..4_u32)
            .map(|it| ListKey {
                created_at: at(10 + i64::from(it)),
                action: ActionId(uuid(base + u128::from(it))),
            })
            .collect();
        let found = view.listings().at(list(tool), &places).await.expect("entries");
        let found: Vec<u128> = found.iter().map(|entry| entry.key.action.0.as_u128()).collect();
        assert_eq!(found, [base], "{tool:?}");
        let span = Span { since: Some(at(0)), before: Some(at(100)), state: None };
        let count = view.listings().count(list(tool), &span, 100).await.expect("a count");
        assert_eq!(count, 1, "{tool:?}");
        for (number, is_shown) in [(base, true), (base + 1, false), (base + 2, false), (base + 3, false)] {
            let found = details(view.as_mut(), list(tool), uuid(number + 10_000)).await.expect("a read");
            assert_eq!(found.is_some(), is_shown, "{tool:?} {number}");
        }
        // nor under another tool
        for other in Tool::ALL.iter().filter(|other| **other != tool) {
            let found = details(view.as_mut(), list(*other), uuid(base + 10_000)).await.expect("a read");
            assert_eq!(found, None, "{tool:?} as {other:?}");
        }
    }
}

/// What only one tool asks is missing in the others.
pub async fn a_line_says_who_where_and_whether_the_voter_is_done(store: &dyn Store) {
    world(store).await;
    for (base, tool) in (1_u128..).map(|it| it * 100).zip(Tool::ALL.iter().copied()) {
        let mut unit = unit(store).await;
        put(unit.as_mut(), &made(tool, base, 10)).await;
        put(unit.as_mut(), &made(tool, base + 1, 20)).await;
        happens(unit.as_mut(), base + 50, base, EventType::Start).await;
        happens(unit.as_mut(), base + 51, base, EventType::Finish).await;
        happens(unit.as_mut(), base + 52, base + 1, EventType::FinishPrint).await;
        commit(unit).await;
        let mut view = view(store).await;
        let page = PageRequest { after: None, limit: 50 };
        let page = view.listings().look(list(tool), &Filter::default(), page).await.expect("a page");
        let [second, first] = &page.rows[..] else { panic!("{tool:?}: {:?}", page.rows) };
        assert!(first.is_finished && !second.is_finished, "{tool:?}");
        assert_eq!(first.record, uuid(base + 10_000));
        assert_eq!(first.key, ListKey { created_at: at(10), action: ActionId(uuid(base)) });
        assert_eq!(first.state, Some(State::Ma));
        if tool == Tool::Locate {
            assert_eq!(first.place.as_deref(), Some("1 Main St"));
            assert_eq!((&first.email, first.date_of_birth), (&None, None));
        } else {
            assert_eq!(first.name.first.as_deref(), Some("first"));
            assert_eq!(first.name.last.as_deref(), Some("Nguyễn-Łukasz"));
            assert_eq!((&first.name.middle, first.name.title), (&None, None));
            assert_eq!(first.email.as_deref(), Some("voter@example.org"));
            assert_eq!(first.date_of_birth, registration().date_of_birth);
            assert_eq!(first.place, None);
        }
        let status = whole_lookup().voter_status.filter(|_| tool == Tool::Verify);
        assert_eq!(first.voter_status, status);
    }
}

/// Of the same moment by the action's id; nothing is skipped and nothing comes twice, whatever the page.
pub async fn lists_come_newest_first_page_by_page(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    for (number, second) in [(101, 5), (102, 7), (103, 7), (104, 7), (105, 2), (106, 9)] {
        put(unit.as_mut(), &made(Tool::Register, number, second)).await;
    }
    // between them one that is not seen
    put(unit.as_mut(), &Made { is_visible: false, ..made(Tool::Register, 107, 8) }).await;
    commit(unit).await;
    let mut view = view(store).await;
    for limit in [1, 2, 3, 50] {
        let found = all(view.as_mut(), list(Tool::Register), &Filter::default(), limit).await;
        assert_eq!(found, [106, 104, 103, 102, 101, 105], "{limit}");
    }
}

/// By state, time, and whether the voter is done; all at once, too.
pub async fn what_is_not_wanted_is_left_out(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    for number in 101..=106 {
        put(unit.as_mut(), &made(Tool::Remind, number, i64::try_from(number).expect("small"))).await;
    }
    for number in [102, 104] {
        happens(unit.as_mut(), number + 100, number, EventType::Finish).await;
    }
    commit(unit).await;
    let mut view = view(store).await;
    let (second, everything) = (TimeDelta::seconds(1), Filter::default());
    for (filter, numbers) in [
        (everything, &[106, 105, 104, 103, 102, 101][..]),
        (Filter { state: Some(State::Ma), ..everything }, &[106, 105, 104, 103, 102, 101]),
        (Filter { state: Some(State::Ny), ..everything }, &[]),
        (Filter { since: Some(at(104)), ..everything }, &[106, 105, 104]),
        (Filter { before: Some(at(104)), ..everything }, &[103, 102, 101]),
        (Filter { since: Some(at(103)), before: Some(at(103) + second), ..everything }, &[103]),
        (Filter { finished: Some(true), ..everything }, &[104, 102]),
        (Filter { finished: Some(false), ..everything }, &[106, 105, 103, 101]),
        (
            Filter {
                state: Some(State::Ma),
                since: Some(at(102)),
                before: Some(at(104)),
                finished: Some(true),
            },
            &[102],
        ),
    ] {
        for limit in [1, 4, 50] {
            let found = all(view.as_mut(), list(Tool::Remind), &filter, limit).await;
            assert_eq!(found, numbers, "{filter:?} {limit}");
        }
    }
}

/// Each once, in whatever order they are asked for; a place that is none is nothing.
pub async fn places_are_read_in_the_order_of_the_list(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    for number in 101..=104 {
        put(unit.as_mut(), &made(Tool::Verify, number, i64::try_from(number).expect("small"))).await;
    }
    commit(unit).await;
    let key = |number: u128, second: i64| ListKey { created_at: at(second), action: ActionId(uuid(number)) };
    let places = [key(102, 102), key(104, 104), key(101, 101), key(103, 99), key(999, 103)];
    let mut view = view(store).await;
    let found: Vec<Entry> = view.listings().at(list(Tool::Verify), &places).await.expect("entries");
    let found: Vec<u128> = found.iter().map(|entry| entry.key.action.0.as_u128()).collect();
    assert_eq!(found, [104, 102, 101]);
    assert!(view.listings().at(list(Tool::Verify), &[]).await.expect("entries").is_empty());
}

/// Nothing set: everything.
pub async fn a_count_is_of_a_state_and_a_time_and_ends_where_it_is_told(store: &dyn Store) {
    world(store).await;
    for (base, tool) in (1_u128..).map(|it| it * 100).zip(Tool::ALL.iter().copied()) {
        let mut unit = unit(store).await;
        for number in 0..5_u8 {
            put(unit.as_mut(), &made(tool, base + u128::from(number), i64::from(number))).await;
        }
        commit(unit).await;
        let mut view = view(store).await;
        let first = all(view.as_mut(), list(tool), &Filter::default(), 50).await;
        assert_eq!(first.len(), 5);
        let one = PageRequest { after: None, limit: 1 };
        let entries = view.listings().look(list(tool), &Filter::default(), one).await.expect("a page");
        let state = entries.rows[0].state;
        let other = State::ALL.iter().copied().find(|it| state != Some(*it));
        let time = |since: Option<i64>, before: Option<i64>| Span {
            since: since.map(at),
            before: before.map(at),
            state: None,
        };
        for (span, most, expected) in [
            (Span::default(), 50, 5),
            (Span::default(), 3, 3),
            (Span::default(), 0, 0),
            (Span { state, ..Span::default() }, 50, 5),
            (Span { state, ..Span::default() }, 2, 2),
            (Span { state: other, ..Span::default() }, 50, 0),
            (time(Some(1), Some(3)), 50, 2),
            (time(Some(4), None), 50, 1),
            (time(None, Some(4)), 50, 4),
        ] {
            let count = view.listings().count(list(tool), &span, most).await.expect("a count");
            assert_eq!(count, expected, "{tool:?} {span:?} {most}");
        }
    }
}

/// In the order of time.
pub async fn a_record_is_shown_whole_with_what_happened_to_it(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    put(unit.as_mut(), &made(Tool::Register, 101, 10)).await;
    for (number, kind) in [(31, EventType::Download), (30, EventType::FinishPrint), (29, EventType::Start)] {
        happens(unit.as_mut(), number, 101, kind).await;
    }
    commit(unit).await;
    let mut view = view(store).await;
    let found = details(view.as_mut(), list(Tool::Register), uuid(10_101)).await.expect("a read");
    let found = found.expect("the record");
    let Record::Registration(record) = &found.record else { panic!("{:?}", found.record) };
    assert_eq!(record.email, registration().email);
    let kinds: Vec<EventType> = found.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventType::Start, EventType::FinishPrint, EventType::Download]);
    assert!(found.outcome.is_finished && found.outcome.is_self_print);
    assert_eq!((found.outcome.downloads, found.outcome.latest), (Some(1), Some(at(31))));
}
