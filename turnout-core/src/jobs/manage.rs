//! What a person does with a job: has it run again, drops it, or calls it off.

use super::{JobError, JobFilter, JobRecord, JobState};
use crate::{
    app::App,
    change::Change,
    ids::{JobId, UserId},
    page::PageRequest,
    ports::store::StoreError,
};

/// So many jobs are run again in one unit.
const AT_ONCE: u32 = 500;

/// Why nothing was done with a job.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// There is no such job.
    #[error("there is no such job any more")]
    NotFound,
    /// It is not as far as that.
    #[error("{0}")]
    State(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why jobs were not called off.
#[derive(Debug, thiserror::Error)]
pub enum CallOffError {
    /// There is no such job. Nothing was changed.
    #[error("there is no job {0}")]
    NotFound(JobId),
    /// This one is as far as that. Nothing was changed.
    #[error("the job {0} neither waits nor was given up")]
    State(JobId, JobState),
    /// All are called off, and what follows from this one cannot be noted.
    #[error("the jobs are called off, and what follows from the job {0} cannot be noted: {1}")]
    Unnoted(JobId, JobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has a job run again: one that was given up or waits runs now, with all its attempts before it; of one that is done,
/// another one with the same arguments runs. Gives the id of the job that runs.
///
/// # Errors
/// See [`ManageError`].
pub async fn run_again(app: &App, actor: UserId, id: JobId) -> Result<JobId, ManageError> {
    let job = app.store.view().await?.jobs().by_id(id).await?.ok_or(ManageError::NotFound)?;
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let runs = match job.state {
        JobState::Dead | JobState::Waiting => {
            if !unit.jobs_mut().requeue(id, now).await? {
                return Err(ManageError::State("it runs, or waits in line already"));
            }
            id
        }
        JobState::Done | JobState::Cancelled => {
            let kind = app.jobs.name(&job.kind);
            let kind = kind.ok_or(ManageError::State("no job is called so any more"))?;
            let again = app.job(kind, &job.payload).of(job.subscriber);
            unit.jobs_mut().enqueue(&again).await?;
            again.id
        }
        JobState::Running => return Err(ManageError::State("it runs at this moment")),
    };
    noted(app, actor, &job, "run again").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(runs)
}

/// Drops a job that was given up: it is called off, and its unique key is free.
///
/// # Errors
/// See [`ManageError`].
pub async fn drop_dead(app: &App, actor: UserId, id: JobId) -> Result<(), ManageError> {
    let mut unit = app.store.begin().await?;
    let job = unit.jobs().by_id(id).await?.ok_or(ManageError::NotFound)?;
    if job.state != JobState::Dead || !unit.jobs_mut().cancel(id, app.now()).await? {
        return Err(ManageError::State("only what was given up is dropped"));
    }
    noted(app, actor, &job, "dropped").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

/// Calls off jobs that wait or were given up: all of them or none. Of one that waited it is noted then what follows, as of one
/// that is given up: whoever asked for an export sees that it failed, and may ask again.
///
/// # Errors
/// See [`CallOffError`].
pub async fn call_off(app: &App, ids: &[JobId]) -> Result<(), CallOffError> {
    let mut unit = app.store.begin().await?;
    let mut waited = Vec::new();
    for id in ids {
        let job = unit.jobs().by_id(*id).await?.ok_or(CallOffError::NotFound(*id))?;
        if !unit.jobs_mut().cancel(*id, app.now()).await? {
            let state = unit.jobs().by_id(*id).await?.map_or(job.state, |it| it.state);
            return Err(CallOffError::State(*id, state));
        }
        // of one that was given up it is noted already
        if job.state != JobState::Dead {
            waited.push(job);
        }
    }
    unit.commit().await?;
    for job in waited {
        let Some(kind) = app.jobs.kind(&job.kind) else { continue };
        let noted = kind.give_up(app, job.payload, "it was called off").await;
        noted.map_err(|error| CallOffError::Unnoted(job.id, error))?;
    }
    Ok(())
}

/// Has all jobs run again that were given up, or those of a kind and a lane. Says how many those are: of each unit's there
/// is one entry in the log.
///
/// # Errors
/// When the store fails: those of the units before run then.
pub async fn run_dead_again(
    app: &App,
    actor: UserId,
    kind: Option<&str>,
    lane: Option<&str>,
) -> Result<u64, StoreError> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let filter = JobFilter { state: Some(JobState::Dead), kind: owned(kind), lane: owned(lane) };
    let (mut all, mut after) = (0, None);
    loop {
        let page = PageRequest { after, limit: AT_ONCE };
        let page = app.store.view().await?.jobs().list(&filter, page).await?;
        let mut unit = app.store.begin().await?;
        let mut count = 0_u64;
        for job in &page.rows {
            count += u64::from(unit.jobs_mut().requeue(job.id, app.now()).await?);
        }
        if count > 0 {
            let which = [kind, lane].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let change = Change::new(app, Some(actor), "job", "given up", "run again").because(which);
            change.from_to(None, Some(serde_json::json!({ "jobs": count }))).write(unit.as_mut()).await?;
            unit.commit().await?;
            all += count;
        }
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// An entry of the log. Of which kind it was is no secret, and a payload has ids only.
fn noted(app: &App, actor: UserId, job: &JobRecord, act: &str) -> Change {
    let change = Change::new(app, Some(actor), "job", job.id, act).because(&*job.kind);
    Change { subscriber: job.subscriber, ..change }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        change::ChangeFilter,
        jobs::{Ended, JobFilter, step},
        memory::{World, world},
        page::PageRequest,
        ports::store::Store as _,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

    /// A job that is given up at once: its payload is none.
    async fn dead(world: &World) -> JobId {
        let job = world.app.job(crate::file::jobs::SendLink::KIND, &serde_json::json!({"no": "payload"}));
        let mut unit = world.store.begin().await.expect("a unit");
        unit.jobs_mut().enqueue(&job).await.expect("it is enqueued");
        unit.commit().await.expect("it is kept");
        step::run_all_due(&world.app).await.expect("it is run");
        job.id
    }

    async fn state(world: &World, id: JobId) -> JobState {
        let mut view = world.store.view().await.expect("a view");
        view.jobs().by_id(id).await.expect("a read").expect("a job").state
    }

    #[tokio::test]
    async fn what_was_given_up_is_run_again_or_dropped_and_both_are_noted() {
        let world = world();
        let (first, second) = (dead(&world).await, dead(&world).await);
        assert_eq!(state(&world, first).await, JobState::Dead);

        assert_eq!(run_again(&world.app, ACTOR, first).await.expect("it waits"), first);
        assert_eq!(state(&world, first).await, JobState::Waiting);
        let waits = drop_dead(&world.app, ACTOR, first).await;
        assert!(matches!(waits, Err(ManageError::State(_))));

        drop_dead(&world.app, ACTOR, second).await.expect("it is dropped");
        assert_eq!(state(&world, second).await, JobState::Cancelled);
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        assert_eq!(view.jobs().ended(Ended::Dead, None, &page).await.expect("a read").rows, []);

        let again = run_again(&world.app, ACTOR, second).await.expect("another one runs");
        assert_ne!(again, second);
        let filter = JobFilter { state: Some(JobState::Waiting), ..JobFilter::default() };
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        let waiting = view.jobs().list(&filter, page).await.expect("a read").rows;
        assert_eq!(waiting.len(), 2);
        assert!(waiting.iter().all(|job| job.payload == serde_json::json!({"no": "payload"})));

        let gone = run_again(&world.app, ACTOR, JobId(uuid::Uuid::nil())).await;
        assert!(matches!(gone, Err(ManageError::NotFound)));
        let page = PageRequest { after: None, limit: 9 };
        let noted = view.changes().page(&ChangeFilter::default(), &page).await.expect("a read").rows;
        let mut noted: Vec<&str> = noted.iter().map(|it| it.act.as_str()).collect();
        noted.sort_unstable();
        assert_eq!(noted, ["dropped", "run again", "run again"]);
    }

    #[tokio::test]
    async fn all_that_was_given_up_runs_again_at_once_and_it_is_noted_how_many() {
        let world = world();
        let (first, second) = (dead(&world).await, dead(&world).await);
        let none =
            run_dead_again(&world.app, ACTOR, Some("register.notify"), None).await.expect("it is done");
        assert_eq!((none, state(&world, first).await), (0, JobState::Dead));
        let kind = crate::file::jobs::SendLink::KIND;
        assert_eq!(run_dead_again(&world.app, ACTOR, Some(kind), None).await.expect("it is done"), 2);
        for id in [first, second] {
            assert_eq!(state(&world, id).await, JobState::Waiting);
        }
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        let noted = view.changes().page(&ChangeFilter::default(), &page).await.expect("a read").rows;
        assert_eq!(noted.len(), 1, "where nothing ran, nothing is noted");
        assert_eq!(
            (noted[0].comment.as_str(), &noted[0].after),
            (kind, &Some(serde_json::json!({"jobs": 2})))
        );
    }

    #[test]
    fn a_state_is_read_as_it_is_named() {
        for it in JobState::ALL {
            assert_eq!(JobState::parse(it.name()), Some(it));
        }
        assert_eq!(JobState::parse("lost"), None);
    }
}
