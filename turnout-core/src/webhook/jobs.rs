//! What happens later to deliveries.
//!
//! A job works at one line of one endpoint: its deliveries go out one after the other, those of one action in their order.
//! So a slow endpoint keeps as many workers busy as it has lines ([`SHARDS`]), and nobody waits behind it. There is at most one
//! such job for a line. It ends when nothing is due; whatever becomes due later, or came while it ended, is found by
//! `webhook.sweep`, every minute.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Delivery, Endpoint, KEPT, SHARDS, TIMEOUT, Window, body, message_id, settle, settle::Tried, signature,
};
use crate::{
    app::App,
    ids::{EndpointId, SubscriberId},
    jobs::{JobContext, JobError, NewJob},
    ports::{
        http::{HeaderName, HttpError, HttpErrorKind, HttpRequest},
        store::{StoreError, unless_absent},
    },
    subscriber::SubscriberStatus,
};

/// How many deliveries a job makes before others get their turn.
const BATCH: usize = 25;
/// How long it works before others get their turn.
const STINT: TimeDelta = TimeDelta::seconds(15);
/// The most bytes of an answer, which is not kept.
const ANSWER_LIMIT: usize = 64 * 1024;
/// How many deliveries are put in line again, or deleted, in one unit.
const PAGE: u32 = 500;

/// Delivers what is due in a line of an endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Deliver {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The line.
    pub shard: u8,
}

/// Has delivered whatever is due.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sweep {}

/// Has the deliveries of a span of time sent again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Replay {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Of what happened at this moment or later.
    pub from: DateTime<Utc>,
    /// Of what happened before this one.
    pub to: DateTime<Utc>,
    /// When somebody asked: what was put in line since is not put there again.
    pub asked_at: DateTime<Utc>,
}

/// Deletes old deliveries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Purge {}

impl Deliver {
    /// The job's name.
    pub const KIND: &'static str = "webhook.deliver";

    /// The job, due now: one for each line.
    #[must_use]
    pub fn job(&self, app: &App, subscriber: SubscriberId) -> NewJob {
        let key = format!("{}:{}:{}", Self::KIND, self.endpoint, self.shard);
        app.job(Self::KIND, self).of(Some(subscriber)).once(key)
    }

    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let begun = app.now();
        for _ in 0..BATCH {
            let Some((endpoint, delivery)) = self.next(app).await? else { return Ok(()) };
            app.reached("webhook.before_send");
            let tried = Tried::of(send(app, &endpoint, &delivery).await);
            app.reached("webhook.after_send");
            settle::note(app, &delivery, tried).await?;
            app.reached("webhook.after_unit");
            if app.now() - begun > STINT {
                break;
            }
        }
        Err(JobError::PutOff(app.now()))
    }

    /// What is due, if the endpoint takes anything now.
    async fn next(&self, app: &App) -> Result<Option<(Endpoint, Delivery)>, StoreError> {
        let now = app.now();
        let mut view = app.store.view().await?;
        let Some(endpoint) = view.webhooks().endpoint(self.endpoint).await? else { return Ok(None) };
        if !endpoint.is_open() || endpoint.rests(now) {
            return Ok(None);
        }
        let subscriber = view.subscribers().by_id(endpoint.subscriber).await?;
        if !subscriber.is_some_and(|it| it.status == SubscriberStatus::Active && it.has_api_access) {
            return Ok(None);
        }
        let due = view.webhooks().next_due(self.endpoint, self.shard, now).await?;
        Ok(due.map(|delivery| (endpoint, delivery)))
    }
}

/// Calls the endpoint, as the specification has it.
async fn send(
    app: &App,
    endpoint: &Endpoint,
    delivery: &Delivery,
) -> Result<crate::ports::http::HttpResponse, HttpError> {
    let now = app.now();
    let (id, body) = (message_id(delivery.id), body(delivery, endpoint.subscriber));
    let address = endpoint.address.parse().map_err(|_| HttpErrorKind::Unwritable)?;
    let signature = signature(app, endpoint, now, &id, &body);
    let request = HttpRequest::post(address)
        .with_timeout(TIMEOUT)
        .with_answer_limit(ANSWER_LIMIT)
        .with_body("application/json", body)
        .with_header(HeaderName::from_static("webhook-id"), &id)?
        .with_header(HeaderName::from_static("webhook-timestamp"), &now.timestamp().to_string())?
        .with_header(HeaderName::from_static("webhook-signature"), &signature)?;
    app.partners.send(request).await
}

/// The jobs of all lines of an endpoint.
pub(super) fn all_lines(app: &App, endpoint: &Endpoint) -> Vec<NewJob> {
    let line = |shard| Deliver { endpoint: endpoint.id, shard }.job(app, endpoint.subscriber);
    (0..SHARDS).map(line).collect()
}

impl Sweep {
    /// The job's name.
    pub const KIND: &'static str = "webhook.sweep";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let now = app.now();
        let mut view = app.store.view().await?;
        let endpoints = unless_absent(view.webhooks().open_endpoints().await)?;
        let mut jobs = Vec::new();
        for endpoint in endpoints.iter().filter(|endpoint| !endpoint.rests(now)) {
            for shard in 0..SHARDS {
                if view.webhooks().next_due(endpoint.id, shard, now).await?.is_some() {
                    jobs.push(Deliver { endpoint: endpoint.id, shard }.job(app, endpoint.subscriber));
                }
            }
        }
        drop(view);
        if !jobs.is_empty() {
            let mut unit = app.store.begin().await?;
            unit.jobs_mut().enqueue_all(&jobs).await?;
            unit.commit().await?;
        }
        Ok(())
    }
}

impl Replay {
    /// The job's name.
    pub const KIND: &'static str = "webhook.replay";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App, subscriber: SubscriberId) -> NewJob {
        app.job(Self::KIND, self).of(Some(subscriber))
    }

    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let window = Window { from: self.from, to: self.to };
        loop {
            let mut unit = app.store.begin().await?;
            let Some(endpoint) = unit.webhooks().endpoint(self.endpoint).await? else { return Ok(()) };
            let now = app.now().max(self.asked_at);
            let queued =
                unit.webhooks_mut().queue_again(self.endpoint, window, self.asked_at, now, PAGE).await?;
            if queued < u64::from(PAGE) {
                unit.jobs_mut().enqueue_all(&all_lines(app, &endpoint)).await?;
            }
            unit.commit().await?;
            if queued < u64::from(PAGE) {
                return Ok(());
            }
        }
    }
}

impl Purge {
    /// The job's name.
    pub const KIND: &'static str = "webhook.purge";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let before = app.now() - KEPT;
        loop {
            let mut unit = app.store.begin().await?;
            let purged = unless_absent(unit.webhooks_mut().purge(before, PAGE).await)?;
            unit.commit().await?;
            if purged < u64::from(PAGE) {
                return Ok(());
            }
        }
    }
}
