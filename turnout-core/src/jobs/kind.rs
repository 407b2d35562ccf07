//! One kind of job: its name, what it does, and how patiently.

use std::{future::Future, pin::Pin, sync::Arc};

use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Backoff, DEFAULT_LANE, JobContext, JobError};
use crate::app::App;

/// What a kind of job does.
///
/// A job may run twice: after a crash between doing and noting, the same job comes back with the same `context.id`.
/// What it writes to our store is written once all the same when it ends in its own unit, by
/// [`finish_in`](JobContext::finish_in); what it asks of others carries [`unique`](JobContext::unique) as the key by
/// which they know it again.
///
/// ```
/// # #[cfg(feature = "memory")]
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use chrono::TimeDelta;
/// use serde::{Deserialize, Serialize};
/// use turnout_core::{
///     App,
///     ids::SubscriberId,
///     jobs::{Backoff, JobContext, JobError, JobHandler, JobKind, Rate, step},
///     memory::World,
/// };
///
/// /// Deletes a subscriber's cached pages. The payload holds ids only.
/// #[derive(Serialize, Deserialize)]
/// struct Forget {
///     subscriber: SubscriberId,
/// }
///
/// /// The handler may hold what it works with, such as a client.
/// struct Forgets;
///
/// impl JobHandler for Forgets {
///     type Payload = Forget;
///
///     async fn run(&self, app: &App, job: Forget, context: &JobContext) -> Result<(), JobError> {
///         app.cache.forget(&format!("pages:{}", job.subscriber.0)).await;
///         let mut unit = app.store.begin().await?;
///         // rows of our own would be written here
///         context.finish_in(unit.as_mut(), app.now()).await?;
///         unit.commit().await?;
///         Ok(())
///     }
/// }
///
/// let kind = JobKind::new("pages.forget", Forgets)
///     .in_lane("pages")
///     .with_attempts(5)
///     .with_backoff(Backoff::new(TimeDelta::seconds(10), TimeDelta::minutes(5)));
/// let app = World::with(|app| app.with_job(kind).with_lane("pages", Rate::per_second(20))).app;
///
/// let subscriber = SubscriberId(app.ids.uuid());
/// let mut unit = app.store.begin().await?;
/// unit.jobs_mut().enqueue(&app.job("pages.forget", &Forget { subscriber })).await?;
/// unit.commit().await?;
/// // elsewhere the worker does this
/// assert_eq!(step::run_all_due(&app).await?, 1);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "memory"))] fn main() {}
/// ```
pub trait JobHandler: Send + Sync + 'static {
    /// What the job is enqueued with: ids only, never a person's data, as it is a row that people may read.
    type Payload: DeserializeOwned + Send;

    /// Does it. `?` on an error of a port decides by itself whether to try again.
    fn run(
        &self,
        app: &App,
        job: Self::Payload,
        context: &JobContext,
    ) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Does several that were claimed at once, where the kind runs [`together`](JobKind::together): what became of each, in
    /// their order. One after the other unless the handler knows better.
    fn run_all(
        &self,
        app: &App,
        jobs: Vec<(Self::Payload, &JobContext)>,
    ) -> impl Future<Output = Vec<Result<(), JobError>>> + Send {
        async move {
            let mut ended = Vec::with_capacity(jobs.len());
            for (job, context) in jobs {
                ended.push(self.run(app, job, context).await);
            }
            ended
        }
    }

    /// Notes what follows from a job that is given up, before it is dead: nothing unless the handler knows better. When this
    /// fails the job is not dead yet.
    fn give_up(
        &self,
        _app: &App,
        _job: Self::Payload,
        _reason: &str,
    ) -> impl Future<Output = Result<(), JobError>> + Send {
        async { Ok(()) }
    }
}

/// A kind of job: its name, its handler, and how it is treated.
#[derive(Clone)]
pub struct JobKind {
    pub(super) name: &'static str,
    pub(crate) lane: &'static str,
    pub(super) attempts: Option<u32>,
    pub(super) backoff: Backoff,
    pub(super) lease: Option<TimeDelta>,
    pub(super) is_together: bool,
    handler: Arc<dyn Erased>,
}

impl JobKind {
    /// A kind with its name, `room.verb`, and what it does.
    #[must_use]
    pub fn new(name: &'static str, handler: impl JobHandler) -> Self {
        Self {
            name,
            lane: DEFAULT_LANE,
            attempts: None,
            backoff: Backoff::default(),
            lease: None,
            is_together: false,
            handler: Arc::new(handler),
        }
    }

    /// Which jobs it shares a rate with. Those of [`DEFAULT_LANE`] unless set; one that nobody gave a rate by
    /// [`with_lane`](crate::app::AppBuilder::with_lane) has none.
    #[must_use]
    pub fn in_lane(mut self, lane: &'static str) -> Self {
        self.lane = lane;
        self
    }

    /// How often it is tried before it is given up, at least once; as often as
    /// [`JobSettings::attempts`](crate::settings::JobSettings::attempts) says unless set.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
        self
    }

    /// How long it waits after a failure. 1, 2, 4 … 64 minutes unless set.
    #[must_use]
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// After how long without a word of its worker another one takes it; as
    /// [`JobSettings::lease`](crate::settings::JobSettings::lease) says unless set. A worker that lives keeps its jobs for
    /// as long as they run.
    #[must_use]
    pub fn with_lease(mut self, lease: TimeDelta) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Those that a worker claims at once run together, by [`run_all`](JobHandler::run_all): they share what they ask the
    /// store for.
    #[must_use]
    pub fn together(mut self) -> Self {
        self.is_together = true;
        self
    }

    /// The kind with another handler.
    pub(super) fn with_handler(mut self, handler: impl JobHandler) -> Self {
        self.handler = Arc::new(handler);
        self
    }

    pub(super) async fn run_all(
        &self,
        app: &App,
        jobs: Vec<(Value, &JobContext)>,
    ) -> Vec<Result<(), JobError>> {
        self.handler.run_all(app, jobs).await
    }

    pub(super) async fn give_up(&self, app: &App, payload: Value, reason: &str) -> Result<(), JobError> {
        self.handler.give_up(app, payload, reason).await
    }
}

type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Any handler, whatever its payload.
trait Erased: Send + Sync {
    fn run_all<'a>(
        &'a self,
        app: &'a App,
        jobs: Vec<(Value, &'a JobContext)>,
    ) -> Running<'a, Vec<Result<(), JobError>>>;

    fn give_up<'a>(
        &'a self,
        app: &'a App,
        payload: Value,
        reason: &'a str,
    ) -> Running<'a, Result<(), JobError>>;
}

impl<H: JobHandler> Erased for H {
    fn run_all<'a>(
        &'a self,
        app: &'a App,
        jobs: Vec<(Value, &'a JobContext)>,
    ) -> Running<'a, Vec<Result<(), JobError>>> {
        Box::pin(async move {
            let mut readable = Vec::with_capacity(jobs.len());
            let mut ended: Vec<Option<Result<(), JobError>>> = Vec::with_capacity(jobs.len());
            for (payload, context) in jobs {
                match serde_json::from_value(payload) {
                    Ok(payload) => {
                        readable.push((payload, context));
                        ended.push(None);
                    }
                    Err(_) => ended.push(Some(Err(JobError::GiveUp("the payload cannot be read".into())))),
                }
            }
            let mut ran = JobHandler::run_all(self, app, readable).await.into_iter();
            let forgotten = || Err(JobError::Retry("nobody said what became of it".into()));
            ended.into_iter().map(|it| it.unwrap_or_else(|| ran.next().unwrap_or_else(forgotten))).collect()
        })
    }

    fn give_up<'a>(
        &'a self,
        app: &'a App,
        payload: Value,
        reason: &'a str,
    ) -> Running<'a, Result<(), JobError>> {
        Box::pin(async move {
            match serde_json::from_value(payload) {
                Ok(payload) => JobHandler::give_up(self, app, payload, reason).await,
                Err(_) => Ok(()),
            }
        })
    }
}
