//! What happens later to deliveries.
//!
//! A job works at one line of one endpoint: its deliveries go out one after the other, those of one voter in their order.
//! So a slow endpoint keeps as many workers busy as it has lines ([`SHARDS`]), and nobody waits behind it. There is at most one
//! such job for a line. It ends when nothing is due; whatever becomes due later, or came while it ended, is found by
//! `webhook.sweep`, every minute.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Delivery, Endpoint, SHARDS, TIMEOUT, Window, body, kept_days, message_id, settle, settle::Tried,
    signature,
};
use crate::{
    account::{self, User},
    app::App,
    ids::{EndpointId, SubscriberId, UserId},
    jobs::{JobContext, JobError, NewJob},
    mail::{slug_of, speaker},
    ports::{
        http::{HeaderName, HttpError, HttpErrorKind, HttpRequest},
        store::{StoreError, Unit, unless_absent},
        wording::{Message, WebhookOffMail},
    },
    subscriber::{Subscriber, SubscriberStatus},
};

/// How many deliveries a job makes before others get their turn.
const BATCH: usize = 25;
/// How long it works before others get their turn.
const STINT: TimeDelta = TimeDelta::seconds(15);
/// The most bytes of an answer, which is not kept.
const ANSWER_LIMIT: usize = 64 * 1024;
/// How many deliveries are put in line again in one unit.
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

/// Mails somebody who works for the subscriber that an endpoint was switched off.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellOff {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Who is told.
    pub user: UserId,
}

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
        if !subscriber.as_ref().is_some_and(has_webhooks) {
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

/// Has everybody in the team told that an endpoint was switched off, in the unit that does so; each by a job of their own, so
/// that nobody hears of it again because another one's mail failed.
pub(super) async fn tell_team(app: &App, unit: &mut dyn Unit, endpoint: &Endpoint) -> Result<(), StoreError> {
    let members = unless_absent(unit.accounts().members(endpoint.subscriber).await)?;
    let tell = |user: &User| TellOff { endpoint: endpoint.id, user: user.id }.job(app, endpoint.subscriber);
    let jobs: Vec<NewJob> = members.iter().filter(|it| may_sign_in(it)).map(tell).collect();
    unit.jobs_mut().enqueue_all(&jobs).await?;
    Ok(())
}

fn may_sign_in(user: &User) -> bool {
    user.is_active && user.is_staff
}

/// Whether the subscriber's programs are called, and its people see its endpoints.
fn has_webhooks(subscriber: &Subscriber) -> bool {
    subscriber.status == SubscriberStatus::Active && subscriber.has_api_access
}

impl TellOff {
    /// The job's name.
    pub const KIND: &'static str = "webhook.tell_off";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App, subscriber: SubscriberId) -> NewJob {
        app.job(Self::KIND, self).of(Some(subscriber))
    }

    /// Mails it: S6. Not where the endpoint is on again or gone by now, or the person works there no more.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let found = view.webhooks().endpoint(self.endpoint).await?;
        let Some(endpoint) = found.filter(|it| it.removed_at.is_none()) else { return Ok(()) };
        let Some(off) = endpoint.off else { return Ok(()) };
        let team = view.subscribers().by_id(endpoint.subscriber).await?;
        let Some(team) = team.filter(has_webhooks) else { return Ok(()) };
        let Some(user) = view.accounts().by_id(self.user).await?.filter(may_sign_in) else { return Ok(()) };
        if !view.accounts().is_member(user.id, team.id).await? {
            return Ok(());
        }
        let slug = slug_of(view.as_mut(), Some(&team)).await?;
        drop(view);
        let origin = &app.settings.origins.primary;
        let address = Url::parse(&endpoint.address).ok();
        let message = Message::WebhookOff(WebhookOffMail {
            speaker: speaker(app, None),
            team: team.name,
            host: address.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned(),
            reason: off.reason,
            kept_days: kept_days(app),
            page_url: match slug {
                Some(slug) => format!("{origin}/manage/{slug}/webhooks/{}/", endpoint.id),
                None => format!("{origin}/manage/"),
            },
        });
        account::jobs::send(app, user.email, &message, context).await
    }
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
