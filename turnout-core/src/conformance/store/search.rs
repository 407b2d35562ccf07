//! What the room of search promises.

use uuid::Uuid;

use super::{commit, is_conflict, unit, view};
use crate::{
    absentee::BallotRequest,
    action::Action,
    conformance::rows::{
        action, at, bare_ballot_request, bare_lookup, bare_polling_place, bare_registration, bare_reminder,
        references, slug, subscriber, uuid,
    },
    ids::{
        ActionId, BallotRequestId, LookupId, PollingPlaceLookupId, RegistrationId, ReminderId, SubscriberId,
    },
    listing::Tool,
    page::{Page, PageRequest},
    person::PersonName,
    polling_place::PollingPlaceLookup,
    ports::store::{Store, Unit, View},
    register::Registration,
    reminder::ReminderRequest,
    search::{ListKey, Listed, LookedAt, Packing, Records, SearchQuery, Terms, VoterList},
    verifier::Lookup,
};

/// A test for every case of the room of search.
#[macro_export]
macro_rules! search_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            search,
            [$($open)+],
            store::search,
            [
                all_words_have_to_be_found_each_at_the_beginning_of_a_term,
                case_and_accents_do_not_matter,
                who_is_found_comes_newest_first_page_by_page,
                no_list_shows_anybody_of_another_list,
                who_changes_the_name_is_found_by_the_new_one_only,
                who_is_taken_out_of_a_list_is_not_found,
                a_list_has_each_place_once,
                packed_entries_are_found_as_before,
                late_entries_find_their_place_among_packed_ones,
                many_of_the_same_moment_are_found_once_each,
                nothing_is_packed_before_it_is_much,
                visible_records_that_are_not_listed_are_named,
                a_dropped_unit_lists_nobody,
            ]
        );
    };
}

/// Entries that are packed from the first, in the smallest blocks.
const SMALL: Packing = Packing { from: 1, block: 4 };

const LIST: VoterList =
    VoterList { subscriber: SubscriberId(uuid::Uuid::from_u128(1)), tool: Tool::Register };

fn terms(first: &str, last: &str, email: &str) -> Terms {
    let part = |text: &str| Some(text.to_owned());
    let name = PersonName { first: part(first), last: part(last), ..PersonName::default() };
    Terms::of(&name, Some(email))
}

fn key(number: u128, second: i64) -> ListKey {
    ListKey { created_at: at(second), action: ActionId(uuid(number)) }
}

/// The person with that number, listed at the second of that number.
fn person(number: u128, first: &str, last: &str, email: &str) -> Listed {
    let second = i64::try_from(number).expect("a small number");
    Listed { list: LIST, key: key(number, second), terms: terms(first, last, email) }
}

/// Puts entries with what they point to.
async fn put(unit: &mut dyn Unit, entries: &[Listed]) {
    for entry in entries {
        point_to(unit, entry).await;
        unit.search_mut().insert(entry).await.expect("an entry");
    }
}

async fn point_to(unit: &mut dyn Unit, entry: &Listed) {
    let SubscriberId(id) = entry.list.subscriber;
    let known = unit.subscribers().by_id(entry.list.subscriber).await.expect("a read");
    if known.is_none() {
        unit.subscribers_mut().insert(&subscriber(id.as_u128(), 0)).await.expect("a subscriber");
        let name = format!("subscriber-{}", id.as_u128());
        unit.subscribers_mut().insert_slug(&slug(id.as_u128(), &name)).await.expect("a slug");
    }
    if unit.actions().by_id(entry.key.action).await.expect("a read").is_none() {
        let number = entry.key.action.0.as_u128();
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
}

async fn pack_all(store: &dyn Store, packing: Packing) -> usize {
    let mut times = 0;
    loop {
        let mut unit = unit(store).await;
        let packed = unit.search_mut().pack(packing).await.expect("a packing");
        commit(unit).await;
        if !packed {
            return times;
        }
        times += 1;
        assert!(times < 10_000, "it never ends");
    }
}

async fn page(
    view: &mut dyn View,
    list: VoterList,
    query: &str,
    after: Option<ListKey>,
    limit: u32,
) -> Page<ListKey, ListKey> {
    let page = PageRequest { after, limit };
    view.search().find(list, &SearchQuery::parse(query), page).await.expect("a search")
}

/// Everybody who is found in a list, by number, read in pages of that size.
async fn all(store: &dyn Store, list: VoterList, query: &str, limit: u32) -> Vec<u128> {
    let mut view = view(store).await;
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let found = page(view.as_mut(), list, query, after, limit).await;
        assert!(found.rows.len() <= limit as usize);
        numbers.extend(found.rows.iter().map(|key| key.action.0.as_u128()));
        match found.next {
            Some(next) => after = Some(next),
            None => return numbers,
        }
    }
}

async fn found(store: &dyn Store, query: &str) -> Vec<u128> {
    all(store, LIST, query, 50).await
}

/// In any order; without words everybody is found.
pub async fn all_words_have_to_be_found_each_at_the_beginning_of_a_term(store: &dyn Store) {
    let mut unit = unit(store).await;
    let people = [
        person(1, "Maria", "Garcia", "mg@example.org"),
        person(2, "Mark", "Gardner", "mark.gardner@example.com"),
        person(3, "Ann Marie", "O'Hara", "ohara@mail.example.com"),
    ];
    put(unit.as_mut(), &people).await;
    commit(unit).await;
    for packed in [false, true] {
        for (query, numbers) in [
            ("", &[3, 2, 1][..]),
            ("mar", &[3, 2, 1]),
            ("m", &[3, 2, 1]),
            ("mari", &[3, 1]),
            ("gar ma", &[2, 1]),
            ("g m", &[2, 1]),
            ("o h", &[3]),
            ("o'h ann", &[3]),
            ("ohara", &[3]),
            ("mark.gardner@example.com", &[2]),
            ("mark.gardner@example.community", &[]),
            ("mg@", &[1]),
            ("@example.com", &[3, 2]),
            ("example com", &[3, 2]),
            ("aria", &[]),
            ("maria garciaz", &[]),
            ("maria gardner", &[]),
            ("zz", &[]),
            ("z", &[]),
        ] {
            assert_eq!(found(store, query).await, numbers, "{query:?}, packed: {packed}");
        }
        pack_all(store, SMALL).await;
    }
}

/// On neither side, nor does the script.
pub async fn case_and_accents_do_not_matter(store: &dyn Store) {
    let mut unit = unit(store).await;
    let people = [
        person(1, "Zoë", "Nguyễn", "zoe@example.org"),
        person(2, "JOSÉ", "Weiß", "jw@example.org"),
        person(3, "Łukasz", "Йованович", "lj@example.org"),
        person(4, "小明", "李", "xm@example.org"),
    ];
    put(unit.as_mut(), &people).await;
    commit(unit).await;
    for packed in [false, true] {
        for (query, number) in [
            ("NGUYEN zoe", 1),
            ("zoé nguyễ", 1),
            ("jose WEISS", 2),
            ("josé weiß", 2),
            ("lukasz", 3),
            ("ЙОВАН", 3),
            ("иован", 3),
            ("李", 4),
            ("小 李", 4),
        ] {
            assert_eq!(found(store, query).await, [number], "{query:?}, packed: {packed}");
        }
        pack_all(store, SMALL).await;
    }
}

/// Of the same moment, by the action's id; the last page says that it is.
pub async fn who_is_found_comes_newest_first_page_by_page(store: &dyn Store) {
    let mut unit = unit(store).await;
    let mut people: Vec<Listed> =
        (1..=11).map(|number| person(number, "Ada", "L", "a@example.org")).collect();
    for (number, second) in [(20, 3), (21, 3), (22, 11)] {
        people.push(Listed { key: key(number, second), ..person(number, "Ada", "M", "a@example.org") });
    }
    put(unit.as_mut(), &people).await;
    commit(unit).await;
    let newest_first = [22, 11, 10, 9, 8, 7, 6, 5, 4, 21, 20, 3, 2, 1];
    for _ in 0..2 {
        for limit in [1, 2, 3, 5, 13, 14, 15, 100] {
            assert_eq!(all(store, LIST, "ada", limit).await, newest_first, "{limit}");
            assert_eq!(all(store, LIST, "", limit).await, newest_first, "{limit}");
        }
        let mut view = view(store).await;
        let last = page(view.as_mut(), LIST, "ada", None, 14).await;
        assert_eq!((last.rows.len(), last.next), (14, None));
        let between = ListKey { created_at: at(10), action: ActionId(uuid(0)) };
        let rest = page(view.as_mut(), LIST, "ada", Some(between), 2).await;
        assert_eq!(rest.rows, [key(9, 9), key(8, 8)]);
        assert_eq!(rest.next, Some(key(8, 8)));
        drop(view);
        pack_all(store, SMALL).await;
    }
}

/// Neither another subscriber's nor another tool's.
pub async fn no_list_shows_anybody_of_another_list(store: &dyn Store) {
    let others = VoterList { subscriber: SubscriberId(uuid(2)), ..LIST };
    let ballots = VoterList { tool: Tool::Absentee, ..LIST };
    let nobody = VoterList { subscriber: SubscriberId(uuid(3)), ..LIST };
    let mut unit = unit(store).await;
    let mut people = Vec::new();
    for number in 1..=9 {
        people.push(person(number, "Ada", "Lovelace", "ada@example.org"));
        let other = person(number + 10, "Ada", "Lovelace", "ada@example.org");
        people.push(Listed { list: others, key: key(number + 10, 5), ..other.clone() });
        people.push(Listed { list: ballots, key: key(number + 20, 5), ..other });
    }
    put(unit.as_mut(), &people).await;
    commit(unit).await;
    for _ in 0..2 {
        for query in ["", "a", "ad", "ada lovelace", "ada@example.org"] {
            for limit in [2, 50] {
                assert_eq!(all(store, LIST, query, limit).await, (1..=9).rev().collect::<Vec<_>>());
                assert_eq!(all(store, others, query, limit).await, (11..=19).rev().collect::<Vec<_>>());
                assert_eq!(all(store, ballots, query, limit).await, (21..=29).rev().collect::<Vec<_>>());
                assert_eq!(all(store, nobody, query, limit).await, [0; 0]);
            }
        }
        pack_all(store, SMALL).await;
    }
    // nor is anybody changed or taken out through another list
    let mut unit = super::unit(store).await;
    let stranger = Listed { list: others, ..person(1, "Eve", "E", "e@example.org") };
    assert!(!unit.search_mut().update(&stranger).await.expect("an update"));
    assert!(!unit.search_mut().remove(others, key(1, 1)).await.expect("a removal"));
    commit(unit).await;
    assert_eq!(all(store, LIST, "ada", 50).await.len(), 9);
    assert_eq!(all(store, others, "eve", 50).await, [0; 0]);
}

/// Packed or not, and packed again.
pub async fn who_changes_the_name_is_found_by_the_new_one_only(store: &dyn Store) {
    let mut first = unit(store).await;
    let people: Vec<Listed> = (1..=9).map(|number| person(number, "Ada", "Byron", "a@example.org")).collect();
    put(first.as_mut(), &people).await;
    commit(first).await;
    for (round, (old, new)) in
        [("Byron", "King"), ("King", "Lovelace"), ("Lovelace", "Lovelace")].into_iter().enumerate()
    {
        let mut unit = unit(store).await;
        let changed = person(3, "Ada", new, "a@example.org");
        assert!(unit.search_mut().update(&changed).await.expect("an update"));
        let unknown = person(99, "Ada", new, "a@example.org");
        assert!(!unit.search_mut().update(&unknown).await.expect("an update"));
        commit(unit).await;
        for _ in 0..2 {
            assert_eq!(found(store, new).await, [3], "{round}");
            if old != new {
                assert!(!found(store, old).await.contains(&3), "{round}");
            }
            assert_eq!(found(store, "ada a@").await.len(), 9);
            pack_all(store, SMALL).await;
        }
    }
}

/// Packed or not. A second time there is nobody.
pub async fn who_is_taken_out_of_a_list_is_not_found(store: &dyn Store) {
    let mut first = unit(store).await;
    let people: Vec<Listed> = (1..=9).map(|number| person(number, "Ada", "Byron", "a@example.org")).collect();
    put(first.as_mut(), &people).await;
    commit(first).await;
    for number in [9_u8, 1, 5] {
        let place = key(number.into(), number.into());
        let mut unit = unit(store).await;
        assert!(unit.search_mut().remove(LIST, place).await.expect("a removal"));
        assert!(!unit.search_mut().remove(LIST, place).await.expect("a removal"));
        commit(unit).await;
        for _ in 0..2 {
            assert!(!found(store, "ada").await.contains(&number.into()));
            pack_all(store, SMALL).await;
        }
    }
    assert_eq!(all(store, LIST, "byron", 2).await, [8, 7, 6, 4, 3, 2]);
}

/// A second entry is a conflict, or left out where that is wanted.
pub async fn a_list_has_each_place_once(store: &dyn Store) {
    let mut first = unit(store).await;
    let entry = person(1, "Ada", "Byron", "a@example.org");
    put(first.as_mut(), std::slice::from_ref(&entry)).await;
    commit(first).await;
    let again = person(1, "Ada", "King", "a@example.org");
    let mut second = unit(store).await;
    assert!(!second.search_mut().insert_missing(&again).await.expect("an insertion"));
    let new = person(2, "Ada", "Milbanke", "a@example.org");
    point_to(second.as_mut(), &new).await;
    assert!(second.search_mut().insert_missing(&new).await.expect("an insertion"));
    commit(second).await;
    assert_eq!(found(store, "ada").await, [2, 1]);
    assert_eq!(found(store, "king").await, [0; 0]);
    for packed in [false, true] {
        if packed {
            pack_all(store, SMALL).await;
        }
        let mut third = unit(store).await;
        assert!(!third.search_mut().insert_missing(&again).await.expect("an insertion"), "packed: {packed}");
        assert!(is_conflict(&third.search_mut().insert(&again).await), "packed: {packed}");
    }
}

/// Whether they are packed all at once, or as they come.
pub async fn packed_entries_are_found_as_before(store: &dyn Store) {
    let last_names = ["Smith", "Smyth", "Small", "Jones", "Jonas"];
    for round in 0..6_u8 {
        let mut unit = unit(store).await;
        let people: Vec<Listed> = (0..7_u8)
            .map(|turn| {
                let number = u128::from(round) * 7 + u128::from(turn) + 1;
                person(number, "Ada", last_names[usize::from(turn % 5)], &format!("ada{number}@example.org"))
            })
            .collect();
        put(unit.as_mut(), &people).await;
        commit(unit).await;
        let mut seen = Vec::new();
        for _ in 0..2 {
            let mut answers = Vec::new();
            for query in ["s", "sm", "smi", "smith", "smithe", "j ada", "ada1", "ada12@", "jo sm"] {
                answers.push(all(store, LIST, query, 3).await);
            }
            seen.push(answers);
            pack_all(store, SMALL).await;
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0][1].len() + seen[0][5].len(), usize::from(round + 1) * 7, "{seen:?}");
    }
}

/// Older than all, newer than all, and in between.
pub async fn late_entries_find_their_place_among_packed_ones(store: &dyn Store) {
    let mut numbers = Vec::new();
    for step in [10, 90, 50, 5, 95, 51, 49, 30, 70, 1] {
        let mut unit = unit(store).await;
        for number in [step, step + 200, step + 400] {
            put(unit.as_mut(), &[person(number, "Ada", "Byron", "a@example.org")]).await;
            numbers.push(number);
        }
        commit(unit).await;
        pack_all(store, SMALL).await;
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(all(store, LIST, "ada", 4).await, numbers);
        assert_eq!(all(store, LIST, "", 7).await, numbers);
    }
}

/// However small the blocks are.
pub async fn many_of_the_same_moment_are_found_once_each(store: &dyn Store) {
    let mut unit = unit(store).await;
    let people: Vec<Listed> = (1..=30)
        .map(|number| Listed { key: key(number, 7), ..person(number, "Ada", "Byron", "a@example.org") })
        .collect();
    put(unit.as_mut(), &people).await;
    commit(unit).await;
    let expected: Vec<u128> = (1..=30).rev().collect();
    for _ in 0..2 {
        for limit in [1, 4, 29, 30] {
            assert_eq!(all(store, LIST, "ada byron", limit).await, expected, "{limit}");
        }
        pack_all(store, SMALL).await;
    }
}

/// A list that is short is not packed, and is searched all the same.
pub async fn nothing_is_packed_before_it_is_much(store: &dyn Store) {
    let mut unit = unit(store).await;
    let people: Vec<Listed> = (1..=5).map(|number| person(number, "Ada", "Byron", "a@example.org")).collect();
    put(unit.as_mut(), &people).await;
    commit(unit).await;
    assert_eq!(pack_all(store, Packing { from: 6, block: 100 }).await, 0);
    assert_eq!(found(store, "ada").await, [5, 4, 3, 2, 1]);
}

/// Those of each tool by subscriber and time, in steps; not those without an action, and not those that are hidden.
pub async fn visible_records_that_are_not_listed_are_named(store: &dyn Store) {
    let mut first = unit(store).await;
    references(first.as_mut()).await;
    first.subscribers_mut().insert(&subscriber(2, 0)).await.expect("a subscriber");
    first.subscribers_mut().insert_slug(&slug(2, "two")).await.expect("a slug");
    commit(first).await;
    let every = [
        Records::Registrations,
        Records::BallotRequests,
        Records::Lookups,
        Records::Reminders,
        Records::PollingPlaces,
    ];
    for (tool, records) in every.into_iter().enumerate() {
        let mut first = unit(store).await;
        let mut expected = Vec::new();
        for (number, subscriber, second, visible) in [
            (11, 2, 5, true),
            (12, 1, 9, true),
            (13, 1, 8, false),
            (14, 1, 7, true),
            (15, 1, 7, true),
            (16, 2, 1, true),
        ] {
            let number = number + 100 * (tool as u128 + 1);
            let action = Action { visible_to_subscriber: visible, ..action(number) };
            first.actions_mut().insert(&action).await.expect("an action");
            let place = LookedAt {
                subscriber: SubscriberId(uuid(subscriber)),
                created_at: at(second),
                record: uuid(number),
            };
            let entry = put_record(first.as_mut(), records, place, Some(action.id)).await;
            expected.extend(visible.then_some((place, entry)));
        }
        let nobodys = LookedAt {
            subscriber: SubscriberId(uuid(1)),
            created_at: at(6),
            record: uuid(17 + 100 * (tool as u128 + 1)),
        };
        assert_eq!(put_record(first.as_mut(), records, nobodys, None).await, None);
        commit(first).await;
        expected.sort_by_key(|(place, _)| *place);
        let ids: Vec<Uuid> = expected.iter().map(|(place, _)| place.record).collect();
        for limit in [1, 2, 6, 50] {
            assert_eq!(unlisted(store, records, limit).await, ids, "{records:?} {limit}");
        }
        let mut second = unit(store).await;
        let entry = expected[1].1.as_ref().expect("it can be listed");
        second.search_mut().insert(entry).await.expect("an entry");
        commit(second).await;
        assert_eq!(unlisted(store, records, 2).await, [&ids[..1], &ids[2..]].concat(), "{records:?}");
    }
}

/// A record of a tool, and its entry.
async fn put_record(
    unit: &mut dyn Unit,
    records: Records,
    place: LookedAt,
    action: Option<ActionId>,
) -> Option<Listed> {
    let LookedAt { subscriber, created_at, record } = place;
    let subscriber = Some(subscriber);
    match records {
        Records::Registrations => {
            let id = RegistrationId(record);
            let it = Registration { id, action, subscriber, created_at, ..bare_registration() };
            unit.registrations_mut().insert(&it).await.expect("a registration");
            Listed::registration(&it)
        }
        Records::BallotRequests => {
            let id = BallotRequestId(record);
            let it = BallotRequest { id, action, subscriber, created_at, ..bare_ballot_request() };
            unit.ballot_requests_mut().insert(&it).await.expect("a ballot request");
            Listed::ballot_request(&it)
        }
        Records::Lookups => {
            let it = Lookup { id: LookupId(record), action, subscriber, created_at, ..bare_lookup() };
            unit.lookups_mut().insert(&it).await.expect("a question");
            Listed::lookup(&it)
        }
        Records::Reminders => {
            let it =
                ReminderRequest { id: ReminderId(record), action, subscriber, created_at, ..bare_reminder() };
            unit.reminders_mut().insert(&it).await.expect("a request");
            Listed::reminder(&it)
        }
        Records::PollingPlaces => {
            let id = PollingPlaceLookupId(record);
            let it = PollingPlaceLookup { id, action, subscriber, created_at, ..bare_polling_place() };
            unit.polling_places_mut().insert(&it).await.expect("a question");
            Listed::polling_place(&it)
        }
    }
}

async fn unlisted(store: &dyn Store, records: Records, limit: u32) -> Vec<Uuid> {
    let mut view = view(store).await;
    let (mut ids, mut after) = (Vec::new(), None::<LookedAt>);
    loop {
        let page = view.search().unlisted(records, PageRequest { after, limit }).await.expect("a look");
        ids.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return ids,
        }
    }
}

/// Nor does it take anybody out or pack anything.
pub async fn a_dropped_unit_lists_nobody(store: &dyn Store) {
    let mut dropped = unit(store).await;
    put(dropped.as_mut(), &[person(1, "Ada", "Byron", "a@example.org")]).await;
    drop(dropped);
    assert_eq!(found(store, "").await, [0; 0]);
    let mut kept = unit(store).await;
    put(kept.as_mut(), &[person(1, "Ada", "Byron", "a@example.org")]).await;
    commit(kept).await;
    let mut dropped = unit(store).await;
    dropped.search_mut().remove(LIST, key(1, 1)).await.expect("a removal");
    drop(dropped);
    let mut dropped = unit(store).await;
    dropped.search_mut().pack(SMALL).await.expect("a packing");
    drop(dropped);
    assert_eq!(found(store, "byron").await, [1]);
    pack_all(store, SMALL).await;
    assert_eq!(found(store, "byron").await, [1]);
}
