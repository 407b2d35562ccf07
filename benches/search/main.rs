//! Search of a million voters of one subscriber, and of fifty of another, on both databases: `make bench-search`.
//!
//! The last line is JSON. `TURNOUT_BENCH_VOTERS` asks for another number of voters.

mod people;
mod places;

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use turnout_core::{
    action::Action,
    conformance::rows,
    ids::{ActionId, RegistrationId, SubscriberId},
    listing::Tool,
    page::PageRequest,
    ports::store::Store,
    register::Registration,
    search::{ListKey, Listed, Packing, SearchQuery, VoterList},
};
use uuid::Uuid;

use people::People;
use places::Place;

/// What a search may take, of 1,000,000 voters.
const LIMIT: Duration = Duration::from_millis(20);
/// How often each is asked.
const TIMES: usize = 200;
/// How many voters a page shows.
const PAGE: u32 = 50;
/// How many entries are listed in one unit.
const AT_ONCE: u64 = 10_000;
/// How many registrations are timed, and how many are in one unit.
const REGISTRATIONS: u128 = 10_000;
const IN_A_UNIT: u128 = 100;

const BIG: VoterList = VoterList { subscriber: SubscriberId(Uuid::from_u128(1)), tool: Tool::Register };
const SMALL: VoterList = VoterList { subscriber: SubscriberId(Uuid::from_u128(2)), tool: Tool::Register };

/// What is asked, and by which name it is reported.
const QUERIES: [(&str, &str); 18] = [
    ("everybody", ""),
    ("one letter", "m"),
    ("a rare letter", "x"),
    ("two letters that are frequent", "j s"),
    ("two letters that are rare", "x q"),
    ("eight letters", "a b c d e j m s"),
    ("a frequent first name", "maria"),
    ("first and last name", "maria garcia"),
    ("first names that never meet", "james jennifer"),
    ("beginnings that never meet", "jam jenn"),
    ("providers that never meet", "gmail yahoo"),
    ("providers that never meet, begun", "gm ya"),
    ("frequent, rarely met", "mari zu"),
    ("three beginnings", "mar gar gma"),
    ("nobody", "christopfer"),
    ("a rare name", "okonkwo"),
    ("a whole address", "ngozi.okonkwo@example.org"),
    ("the end of an address", "maria @icloud.com"),
];

#[tokio::main]
async fn main() {
    let voters = places::number("TURNOUT_BENCH_VOTERS").unwrap_or(1_000_000);
    let mut report = Map::new();
    let mut worst = Duration::ZERO;
    for mut place in [Place::sqlite().await, Place::postgres().await] {
        println!("\n{}, {voters} voters", place.name());
        let mut outcome = fill(&place, voters).await;
        place.reopen().await;
        let slowest = measure(&place, voters, &mut outcome).await;
        outcome.insert("worst_p99_ms".into(), json!(millis(slowest)));
        worst = worst.max(slowest);
        report.insert(place.name().into(), outcome.into());
        place.close().await;
    }
    let met = worst <= LIMIT;
    println!("\nat most {} ms: {}", LIMIT.as_millis(), if met { "met" } else { "NOT met" });
    report.insert("voters".into(), voters.into());
    report.insert("met".into(), met.into());
    println!("{}", Value::Object(report));
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn micros(time: Duration, times: u128) -> f64 {
    (time.as_secs_f64() * 1e7 / times as f64).round() / 10.0
}

/// The place of the voter with that number: some seconds apart, as on a busy day.
fn place_of(number: u64) -> ListKey {
    let second = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
    let micros = i64::try_from(number).unwrap_or(0) * 7_654_321;
    ListKey {
        created_at: second + TimeDelta::microseconds(micros),
        action: ActionId(Uuid::from_u128(number.into())),
    }
}

/// Lists and packs everybody, and says what that takes.
async fn fill(place: &Place, voters: u64) -> Map<String, Value> {
    let empty = place.bytes().await;
    let mut people = People::new(1);
    let begun = Instant::now();
    for (list, count) in [(SMALL, 50), (BIG, voters)] {
        for first in (0..count).step_by(AT_ONCE as usize) {
            let mut unit = place.store().begin().await.expect("a unit");
            for number in first..count.min(first + AT_ONCE) {
                let entry = Listed { list, key: place_of(number), terms: people.terms() };
                unit.search_mut().insert(&entry).await.expect("an entry");
            }
            unit.commit().await.expect("a commit");
        }
    }
    let listed = begun.elapsed();
    let rows = place.bytes().await - empty;
    let (mut units, mut longest, begun) = (0, Duration::ZERO, Instant::now());
    loop {
        let step = Instant::now();
        let mut unit = place.store().begin().await.expect("a unit");
        let more = unit.search_mut().pack(Packing::default()).await.expect("a packing");
        unit.commit().await.expect("a commit");
        if !more {
            break;
        }
        units += 1;
        longest = longest.max(step.elapsed());
    }
    let packed = begun.elapsed();
    place.settle().await;
    let all = place.bytes().await - empty;
    let (plain, with_entry) = registrations(place.store()).await;
    println!(
        "listed in {listed:.1?}; packed in {packed:.1?}, in {units} units of {longest:.0?} at the most\n\
         bytes per voter: {} of rows, {} in all\n\
         a registration and its action: {plain} us without an entry, {with_entry} us with one",
        rows / voters,
        all / voters
    );
    let figures = json!({
        "bytes_per_voter": all / voters, "pack_longest_ms": millis(longest), "pack_s": packed.as_secs_f64(),
        "registration_us": plain, "registration_with_entry_us": with_entry,
    });
    figures.as_object().cloned().unwrap_or_default()
}

/// How many microseconds the rows of a registration take in a unit of a hundred, without an entry and with one.
async fn registrations(store: &dyn Store) -> (f64, f64) {
    let mut unit = store.begin().await.expect("a unit");
    rows::references(unit.as_mut()).await;
    unit.commit().await.expect("a commit");
    let mut took = [Duration::ZERO; 2];
    // by turns, so that neither has the quieter moment
    for first in (0..REGISTRATIONS).step_by(IN_A_UNIT as usize) {
        for (turn, took) in took.iter_mut().enumerate() {
            let begun = Instant::now();
            let mut unit = store.begin().await.expect("a unit");
            for number in first..first + IN_A_UNIT {
                let id = Uuid::from_u128(number * 2 + turn as u128 + 1_000_000);
                let action = Action { id: ActionId(id), ..rows::action(1) };
                let registration =
                    Registration { id: RegistrationId(id), action: Some(action.id), ..rows::registration() };
                unit.actions_mut().insert(&action).await.expect("an action");
                unit.registrations_mut().insert(&registration).await.expect("a registration");
                if turn == 1 {
                    let entry = Listed::registration(&registration).expect("it can be listed");
                    let list = VoterList { subscriber: SubscriberId(Uuid::from_u128(3)), ..entry.list };
                    unit.search_mut().insert(&Listed { list, ..entry }).await.expect("an entry");
                }
            }
            unit.commit().await.expect("a commit");
            *took += begun.elapsed();
        }
    }
    (micros(took[0], REGISTRATIONS), micros(took[1], REGISTRATIONS))
}

/// Asks every query, and gives the time within which 99 of 100 of the slowest are answered.
async fn measure(place: &Place, voters: u64, outcome: &mut Map<String, Value>) -> Duration {
    let mut slowest = Duration::ZERO;
    let mut queries = Map::new();
    let middle = Some(place_of(voters / 2));
    let asked = QUERIES.map(|(name, query)| (name.to_owned(), BIG, query, None)).into_iter();
    let asked = asked
        .chain(QUERIES.map(|(name, query)| (format!("{name} of fifty"), SMALL, query, None)))
        .chain([("everybody, from the middle on".to_owned(), BIG, "", middle)])
        .chain([("one letter, from the middle on".to_owned(), BIG, "m", middle)]);
    println!("{:>36} {:>6} {:>8} {:>8} {:>8} {:>8}  ms", "query", "found", "first", "p50", "p99", "max");
    for (name, list, query, after) in asked {
        let query = SearchQuery::parse(query);
        let mut times = Vec::with_capacity(TIMES);
        let mut found = 0;
        for _ in 0..TIMES {
            let begun = Instant::now();
            let mut view = place.store().view().await.expect("a view");
            let page =
                view.search().find(list, &query, PageRequest { after, limit: PAGE }).await.expect("a search");
            times.push(begun.elapsed());
            found = page.rows.len();
        }
        let first = times[0];
        times.sort_unstable();
        let (p50, p99, max) = (times[TIMES / 2], times[TIMES * 99 / 100], times[TIMES - 1]);
        println!(
            "{name:>36} {found:>6} {:>8.2} {:>8.2} {:>8.2} {:>8.2}",
            millis(first),
            millis(p50),
            millis(p99),
            millis(max)
        );
        slowest = slowest.max(p99);
        let figures = json!({
            "found": found, "first_ms": millis(first), "p50_ms": millis(p50), "p99_ms": millis(p99), "max_ms": millis(max),
        });
        queries.insert(name, figures);
    }
    outcome.insert("queries".into(), queries.into());
    slowest
}
