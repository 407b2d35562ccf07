//! Kinds of jobs of the program around us.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use turnout_core::{
    App,
    conformance::rows::action,
    ids::ActionId,
    jobs::{Backoff, JobContext, JobError, JobHandler, JobKind, JobState, step},
    memory::World,
    ports::{clock::Clock as _, store::Store as _},
};
use uuid::Uuid;

use crate::voter::{jobs, rows, run_due};

const KIND: &str = "own.insert";

/// Inserts an action with this number.
#[derive(Serialize, Deserialize)]
struct Insert {
    number: u32,
}

/// Inserts it in the unit in which the job ends, and fails so often first.
#[derive(Clone, Default)]
struct Inserts {
    runs: Arc<AtomicU32>,
    failures: u32,
    /// Says that it is done and commits nothing.
    drops: bool,
}

impl JobHandler for Inserts {
    type Payload = Insert;

    async fn run(&self, app: &App, job: Insert, context: &JobContext) -> Result<(), JobError> {
        if self.runs.fetch_add(1, Ordering::Relaxed) < self.failures {
            return Err(JobError::Retry("not yet".into()));
        }
        let mut unit = app.store.begin().await?;
        unit.actions_mut().insert(&action(job.number.into())).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        if !self.drops {
            unit.commit().await?;
        }
        Ok(())
    }
}

async fn world(handler: &Inserts, kind: impl FnOnce(JobKind) -> JobKind) -> World {
    let kind = kind(JobKind::new(KIND, handler.clone()));
    let world = World::with(|app| app.with_job(kind));
    rows(&world, async |unit| {
        assert!(unit.jobs_mut().enqueue(&world.app.job(KIND, &Insert { number: 7 })).await.unwrap());
    })
    .await;
    world
}

async fn is_inserted(world: &World) -> bool {
    let mut view = world.store.view().await.unwrap();
    view.actions().by_id(ActionId(Uuid::from_u128(7))).await.unwrap().is_some()
}

#[tokio::test]
async fn a_kind_of_ones_own_runs_beside_ours_and_ends_with_what_it_writes() {
    let handler = Inserts::default();
    let world = world(&handler, |kind| kind).await;
    let before = world.store.units_begun();
    assert_eq!(run_due(&world).await, 1);
    assert_eq!(world.store.units_begun() - before, 2, "the claim and its own");
    assert!(is_inserted(&world).await);
    assert_eq!(jobs(&world).await, []);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_has_no_effect() {
    let handler = Inserts::default();
    let world = world(&handler, |kind| kind).await;
    let slow = step::claim(&world.app, 1).await.unwrap();
    world.clock.advance(TimeDelta::hours(1));
    let next = step::claim(&world.app, 1).await.unwrap();
    step::run(&world.app, &slow[0]).await.unwrap();
    assert!(!is_inserted(&world).await);
    assert_eq!(jobs(&world).await[0].state, JobState::Running, "the next worker has it");
    step::run(&world.app, &next[0]).await.unwrap();
    assert!(is_inserted(&world).await);
    assert_eq!(jobs(&world).await, []);
}

#[tokio::test]
async fn a_job_that_did_not_commit_its_end_is_tried_again_when_its_lease_ends() {
    let world = world(&Inserts { drops: true, ..Inserts::default() }, |kind| kind).await;
    run_due(&world).await;
    assert!(!is_inserted(&world).await);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(step::claim(&world.app, 1).await.unwrap()[0].attempt, 2);
}

#[tokio::test]
async fn a_kind_has_its_own_attempts_and_waits() {
    let handler = Inserts { failures: 2, ..Inserts::default() };
    let backoff = Backoff::new(TimeDelta::seconds(3), TimeDelta::seconds(5));
    let patient = world(&handler, |kind| kind.with_attempts(3).with_backoff(backoff)).await;
    for longest in [3, 5] {
        run_due(&patient).await;
        let wait = jobs(&patient).await[0].due_at - patient.clock.now();
        assert!(wait <= TimeDelta::seconds(longest) && wait * 2 >= TimeDelta::seconds(longest), "{wait}");
        patient.clock.advance(wait);
    }
    run_due(&patient).await;
    assert!(is_inserted(&patient).await);

    let handler = Inserts { failures: 2, ..Inserts::default() };
    let impatient = world(&handler, |kind| kind.with_attempts(1)).await;
    run_due(&impatient).await;
    let dead = &jobs(&impatient).await[0];
    assert_eq!((dead.state, dead.last_error.as_deref()), (JobState::Dead, Some("not yet")));
}

#[tokio::test]
async fn a_job_that_takes_its_workers_with_it_is_given_up() {
    let handler = Inserts::default();
    let world = world(&handler, |kind| kind.with_attempts(2)).await;
    for attempt in 1..=2 {
        assert_eq!(step::claim(&world.app, 1).await.unwrap()[0].attempt, attempt);
        world.clock.advance(TimeDelta::hours(1));
    }
    run_due(&world).await;
    let dead = &jobs(&world).await[0];
    assert_eq!((dead.state, dead.last_error.as_deref()), (JobState::Dead, Some("its workers were lost")));
    assert_eq!(handler.runs.load(Ordering::Relaxed), 0);
}
