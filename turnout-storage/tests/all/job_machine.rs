//! The room of jobs as a state machine: whatever is asked of it in whatever order while the clock moves, the databases
//! answer as memory does.

use std::{collections::BTreeMap, fmt::Debug};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{prelude::*, test_runner::TestCaseError};
use turnout_core::{
    conformance::rows::{at, job, uuid},
    ids::{JobId, SubscriberId},
    jobs::{JobFilter, JobState, Lane, NewJob, Outcome, Priority, Rate, Settlement},
    memory::MemoryStore,
    page::PageRequest,
    ports::store::{Store, StoreError},
};

/// How many sequences are tried, fewer where each needs a database on a server; `PROPTEST_CASES` says otherwise.
const CASES: (u32, u32) = (24, 8);

const LANES: [Lane; 3] = [
    Lane { name: "free", rate: None, takes_turns: false },
    Lane { name: "slow", rate: Some(Rate::per_second(2)), takes_turns: false },
    Lane { name: "fast", rate: Some(Rate::per_second(40)), takes_turns: false },
];

/// What is asked of the room. Jobs and claims are named by a number, taken modulo how many there are.
#[derive(Debug, Clone)]
enum Step {
    Enqueue(Vec<Planned>),
    Claim { limit: u32, lanes: usize },
    Settle(Vec<(usize, Ending)>),
    Requeue(usize),
    Cancel(usize),
    Purge { age: i64, limit: u32 },
    Advance(i64),
}

#[derive(Debug, Clone)]
struct Planned {
    lane: usize,
    subscriber: Option<u128>,
    is_urgent: bool,
    key: Option<u8>,
    /// In milliseconds.
    delay: i64,
}

#[derive(Debug, Clone)]
enum Ending {
    Done,
    Retry(i64),
    Dead,
    Released,
    PutOff(i64),
    Renewed(i64),
}

fn planned() -> impl Strategy<Value = Planned> {
    let key = prop::option::weighted(0.3, 0_u8..4);
    let delay = prop_oneof![3 => Just(0), 2 => 1_i64..4000];
    let subscriber = prop::option::of(1_u128..4);
    (0..LANES.len(), subscriber, prop::bool::weighted(0.3), key, delay).prop_map(
        |(lane, subscriber, is_urgent, key, delay)| Planned { lane, subscriber, is_urgent, key, delay },
    )
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        4 => Just(Ending::Done),
        2 => (0_i64..3000).prop_map(Ending::Retry),
        2 => Just(Ending::Dead),
        1 => Just(Ending::Released),
        1 => (0_i64..3000).prop_map(Ending::PutOff),
        1 => (0_i64..3000).prop_map(Ending::Renewed),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(planned(), 1..9).prop_map(Step::Enqueue),
        5 => (0_u32..9, 0_usize..8).prop_map(|(limit, lanes)| Step::Claim { limit, lanes }),
        5 => prop::collection::vec((any::<usize>(), ending()), 1..7).prop_map(Step::Settle),
        1 => any::<usize>().prop_map(Step::Requeue),
        1 => any::<usize>().prop_map(Step::Cancel),
        1 => (0_i64..2000, 1_u32..6).prop_map(|(age, limit)| Step::Purge { age, limit }),
        4 => (1_i64..1500).prop_map(Step::Advance),
    ]
}

/// What a test knows beside the stores.
struct Knows {
    now: DateTime<Utc>,
    jobs: u128,
    /// Each claim that ever was.
    claims: Vec<(JobId, i64)>,
}

impl Knows {
    fn later(&self, millis: i64) -> DateTime<Utc> {
        self.now + TimeDelta::milliseconds(millis)
    }

    fn job(&self, number: usize) -> JobId {
        JobId(uuid(1 + number as u128 % self.jobs.max(1)))
    }

    fn new_jobs(&mut self, planned: &[Planned]) -> Vec<NewJob> {
        let new = |it: &Planned| {
            self.jobs += 1;
            NewJob {
                lane: LANES[it.lane].name,
                subscriber: it.subscriber.map(|number| SubscriberId(uuid(number))),
                priority: if it.is_urgent { Priority::High } else { Priority::Default },
                unique_key: it.key.map(|key| key.to_string()),
                due_at: self.now + TimeDelta::milliseconds(it.delay),
                created_at: self.now,
                ..job(self.jobs, 0)
            }
        };
        planned.iter().map(new).collect()
    }

    fn settlements(&self, endings: &[(usize, Ending)]) -> Vec<Settlement> {
        let mut settlements = BTreeMap::new();
        for (number, ending) in endings.iter().filter(|_| !self.claims.is_empty()) {
            let (id, fence) = self.claims[number % self.claims.len()];
            let outcome = match ending {
                Ending::Done => Outcome::Done { at: self.now },
                Ending::Retry(millis) => {
                    Outcome::Retry { due_at: self.later(*millis), reason: "later".into() }
                }
                Ending::Dead => Outcome::Dead { at: self.now, reason: "never".into() },
                Ending::Released => Outcome::Released,
                Ending::PutOff(millis) => Outcome::PutOff { until: self.later(*millis) },
                Ending::Renewed(millis) => Outcome::Renewed { until: self.later(*millis) },
            };
            settlements.insert(id, Settlement { id, fence, outcome });
        }
        settlements.into_values().collect()
    }
}

/// The lanes of a set of bits, beginning with another one each time.
fn lanes(bits: usize) -> Vec<Lane> {
    let mut lanes: Vec<Lane> =
        LANES.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1).map(|(_, lane)| *lane).collect();
    let by = bits % lanes.len().max(1);
    lanes.rotate_left(by);
    lanes
}

/// Does one step and says what came of it, the claims apart.
async fn take(
    store: &dyn Store,
    knows: &Knows,
    step: &Step,
    jobs: &[NewJob],
) -> Result<(String, Vec<(JobId, i64)>), StoreError> {
    let mut unit = store.begin().await?;
    let rows = unit.jobs_mut();
    let mut claims = Vec::new();
    let said = match step {
        Step::Enqueue(_) => said(&rows.enqueue_all(jobs).await?),
        Step::Claim { limit, lanes: bits } => {
            let lease = TimeDelta::milliseconds(900);
            let claimed = rows.claim(knows.now, lease, *limit, &lanes(*bits)).await?;
            claims = claimed.iter().map(|job| (job.id, job.fence)).collect();
            said(&claimed)
        }
        Step::Settle(endings) => {
            let mut held = rows.settle(&knows.settlements(endings)).await?;
            held.sort_unstable();
            said(&held)
        }
        Step::Requeue(number) => said(&rows.requeue(knows.job(*number), knows.now).await?),
        Step::Cancel(number) => said(&rows.cancel(knows.job(*number), knows.now).await?),
        Step::Purge { age, limit } => said(&rows.purge(knows.later(-age), *limit).await?),
        Step::Advance(_) => String::new(),
    };
    unit.commit().await?;
    Ok((said, claims))
}

fn said(it: &impl Debug) -> String {
    format!("{it:?}")
}

/// Everything that can be seen of the room.
async fn seen(store: &dyn Store, knows: &Knows) -> Result<String, StoreError> {
    let mut view = store.view().await?;
    let rows = view.jobs();
    let mut text = said(&rows.counts(knows.now).await?);
    text += &said(&rows.depths(knows.now).await?);
    for bits in [1, 6, 7] {
        text += &said(&rows.next_due(&lanes(bits)).await?);
    }
    for state in [None, Some(JobState::Done), Some(JobState::Cancelled)] {
        let filter = JobFilter { state, ..JobFilter::default() };
        let page = rows.list(&filter, PageRequest { after: None, limit: 1000 }).await?;
        for row in page.rows {
            text += &format!("\n{row:?}");
        }
    }
    Ok(text)
}

/// Goes the same way with the store and with memory.
async fn go(store: &dyn Store, steps: &[Step]) -> Result<(), TestCaseError> {
    let memory = MemoryStore::new();
    let failed = |error: StoreError| TestCaseError::fail(format!("{error:?}"));
    let mut knows = Knows { now: at(0), jobs: 0, claims: Vec::new() };
    for (index, step) in steps.iter().enumerate() {
        if let Step::Advance(millis) = step {
            knows.now = knows.later(*millis);
        }
        let jobs = if let Step::Enqueue(planned) = step { knows.new_jobs(planned) } else { Vec::new() };
        let (expected, _) = take(&memory, &knows, step, &jobs).await.map_err(failed)?;
        let (found, claims) = take(store, &knows, step, &jobs).await.map_err(failed)?;
        prop_assert_eq!(found, expected, "step {}: {:?}", index, step);
        knows.claims.extend(claims);
        let (expected, found) = (seen(&memory, &knows).await, seen(store, &knows).await);
        prop_assert_eq!(
            found.map_err(failed)?,
            expected.map_err(failed)?,
            "after step {}: {:?}",
            index,
            step
        );
    }
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    // 256 is what it is when nobody says otherwise
    let cases = if given.cases == 256 { cases } else { given.cases };
    ProptestConfig { cases, max_shrink_iters: 400, ..given }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[cfg(feature = "sqlite")]
#[test]
fn jobs_in_sqlite_go_the_way_of_those_in_memory() {
    let runtime = runtime();
    proptest!(config(CASES.0), |(steps in prop::collection::vec(step(), 1..40))| {
        runtime.block_on(async { go(&*crate::world::fresh().await, &steps).await })?;
    });
}

#[cfg(feature = "postgres")]
#[test]
fn jobs_in_postgres_go_the_way_of_those_in_memory() {
    let runtime = runtime();
    proptest!(config(CASES.1), |(steps in prop::collection::vec(step(), 1..40))| {
        runtime.block_on(async { go(&*crate::postgres_server::fresh().await, &steps).await })?;
    });
}
