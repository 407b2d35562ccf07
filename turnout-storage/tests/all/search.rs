//! The same is found in RAM, in SQLite and in PostgreSQL, whatever is listed, changed, taken out and packed.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use turnout_core::{
    conformance::rows::{action, at, slug, subscriber, uuid},
    ids::{ActionId, SubscriberId},
    listing::Tool,
    memory::MemoryStore,
    page::PageRequest,
    person::PersonName,
    ports::store::Store,
    search::{ListKey, Listed, Packing, SearchQuery, Terms, VoterList},
};

use crate::{postgres_server, world};

/// How many lists there are in a case.
const LISTS: u128 = 2;
/// How many places a list has.
const PLACES: u8 = 40;

#[derive(Debug, Clone)]
enum Step {
    List { list: u128, place: u8, first: String, last: String, email: String },
    Rename { list: u128, place: u8, last: String },
    TakeOut { list: u128, place: u8 },
    Pack { from: u32, block: u32 },
    Find { list: u128, query: String, limit: u32 },
}

fn name() -> impl Strategy<Value = String> {
    let known = select(vec![
        "Ann",
        "Ána",
        "Anna-Lena",
        "ANNABEL",
        "Zoë",
        "O'Brien",
        "Smith",
        "Smyth-Jones",
        "Nguyễn",
        "Groß",
        "grosse",
        "李",
        "de la Cruz",
        "Łukasz",
        "Йован",
        "x",
        "",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[abáàß' -]{0,5}"]
}

fn email() -> impl Strategy<Value = String> {
    let domains = select(vec!["gmail.com", "ann.org", "example.org"]);
    ("[abn.]{1,4}", domains).prop_map(|(local, domain)| format!("{local}@{domain}"))
}

fn query() -> impl Strategy<Value = String> {
    let word = prop_oneof![4 => name(), 2 => "[abnsgzoxй李@.]{1,4}", 1 => email()];
    let word = (word, 0..8_usize).prop_map(|(word, cut)| match cut {
        0 => word,
        letters => word.chars().take(letters).collect(),
    });
    vec(word, 0..4).prop_map(|words| words.join(" "))
}

fn step() -> impl Strategy<Value = Step> {
    let place = || (0..LISTS, 0..PLACES);
    prop_oneof![
        8 => (place(), name(), name(), email())
            .prop_map(|((list, place), first, last, email)| Step::List { list, place, first, last, email }),
        2 => (place(), name()).prop_map(|((list, place), last)| Step::Rename { list, place, last }),
        1 => place().prop_map(|(list, place)| Step::TakeOut { list, place }),
        2 => (1..6_u32, 1..12_u32).prop_map(|(from, block)| Step::Pack { from, block }),
        6 => (0..LISTS, query(), 1..8_u32).prop_map(|(list, query, limit)| Step::Find { list, query, limit }),
    ]
}

/// Where each case has lists of its own, among those of the cases before it.
struct Case<'a> {
    stores: [&'a dyn Store; 3],
    number: u128,
}

impl Case<'_> {
    fn list(&self, list: u128) -> VoterList {
        VoterList { subscriber: SubscriberId(uuid(self.number * LISTS + list + 1)), tool: Tool::Register }
    }

    /// Two places of each moment.
    fn entry(&self, list: u128, place: u8, terms: Terms) -> Listed {
        let action = ActionId(uuid((self.number * LISTS + list) * 1_000 + u128::from(place) + 1));
        Listed { list: self.list(list), key: ListKey { created_at: at(i64::from(place / 2)), action }, terms }
    }

    async fn prepare(&self) {
        for store in self.stores {
            let mut unit = store.begin().await.unwrap();
            for list in 0..LISTS {
                let number = self.list(list).subscriber.0.as_u128();
                unit.subscribers_mut().insert(&subscriber(number, 0)).await.unwrap();
                unit.subscribers_mut()
                    .insert_slug(&slug(number, &format!("subscriber-{number}")))
                    .await
                    .unwrap();
                for place in 0..PLACES {
                    let key = self.entry(list, place, Terms::from_text(String::new())).key;
                    unit.actions_mut().insert(&action(key.action.0.as_u128())).await.unwrap();
                }
            }
            unit.commit().await.unwrap();
        }
    }

    async fn change(&self, step: &Step) {
        let mut outcomes = Vec::new();
        for store in self.stores {
            let mut unit = store.begin().await.unwrap();
            let search = unit.search_mut();
            outcomes.push(match step {
                Step::List { list, place, first, last, email } => {
                    let entry = self.entry(*list, *place, terms(first, last, Some(email)));
                    search.insert_missing(&entry).await.unwrap()
                }
                Step::Rename { list, place, last } => {
                    search.update(&self.entry(*list, *place, terms("Ann", last, None))).await.unwrap()
                }
                Step::TakeOut { list, place } => {
                    let entry = self.entry(*list, *place, Terms::from_text(String::new()));
                    search.remove(entry.list, entry.key).await.unwrap()
                }
                Step::Pack { from, block } => {
                    let packing = Packing { from: *from, block: *block };
                    while search.pack(packing).await.unwrap() {}
                    true
                }
                Step::Find { .. } => true,
            });
            unit.commit().await.unwrap();
        }
        assert!(outcomes.windows(2).all(|two| two[0] == two[1]), "{step:?}: {outcomes:?}");
    }

    /// What is found, read to the last page.
    async fn find(&self, list: u128, query: &str, limit: u32) -> Vec<Vec<ListKey>> {
        let mut answers = Vec::new();
        for store in self.stores {
            let mut view = store.view().await.unwrap();
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = PageRequest { after, limit };
                let page =
                    view.search().find(self.list(list), &SearchQuery::parse(query), page).await.unwrap();
                found.extend(page.rows);
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            answers.push(found);
        }
        answers
    }
}

fn terms(first: &str, last: &str, email: Option<&str>) -> Terms {
    let name = PersonName { first: Some(first.into()), last: Some(last.into()), ..PersonName::default() };
    Terms::of(&name, email)
}

#[test]
fn memory_sqlite_and_postgres_find_the_same() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (memory, sqlite, postgres) = runtime
        .block_on(async { (MemoryStore::new(), world::fresh().await, postgres_server::fresh().await) });
    let cases = AtomicU64::new(0);
    let steps = vec(step(), 20..90);
    let config = Config { failure_persistence: None, ..Config::with_cases(40) };
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        runtime.block_on(async {
            let number = cases.fetch_add(1, Ordering::Relaxed).into();
            let case = Case { stores: [&memory, &*sqlite, &*postgres], number };
            case.prepare().await;
            for step in &steps {
                case.change(step).await;
                if let Step::Find { list, query, limit } = step {
                    let answers = case.find(*list, query, *limit).await;
                    prop_assert_eq!(&answers[0], &answers[1], "SQLite: {:?}", query);
                    prop_assert_eq!(&answers[0], &answers[2], "PostgreSQL: {:?}", query);
                    prop_assert!(answers[0].is_sorted_by(|newer, older| newer > older));
                }
            }
            Ok(())
        })
    });
    runtime.block_on(postgres.close());
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
