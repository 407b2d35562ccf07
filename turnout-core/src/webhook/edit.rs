//! What a subscriber's people do with their endpoints. Whatever is somebody else's is not there.

use super::{
    Delivery, DeliveryStatus, Draft, Endpoint, Health, SigningSecret, Topic, Window,
    draft::no_room,
    jobs::{Deliver, Replay, all_lines},
    secret_of,
};
use crate::{
    app::App,
    change::Change,
    ids::{DeliveryId, EndpointId, SubscriberId, UserId},
    input::Input,
    ports::store::{StoreError, Unit},
    problems::Problems,
};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such endpoint, or no such delivery.
    #[error("no such endpoint")]
    NotFound,
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An endpoint, and the secret that signs from now on: the only time that it is given away.
pub struct Made {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Its secret.
    pub secret: SigningSecret,
}

/// What is to be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// To whom.
    pub endpoint: Endpoint,
    /// Of what time.
    pub window: Window,
}

/// Makes an endpoint.
///
/// # Errors
/// See [`EditError`].
pub async fn create(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    input: &Input,
) -> Result<Made, EditError> {
    let draft = Draft::read(app, input)?;
    let now = app.now();
    let endpoint = Endpoint {
        id: EndpointId(app.ids.uuid()),
        subscriber,
        address: draft.address,
        description: draft.description,
        topics: draft.topics,
        generation: 1,
        rotated_at: None,
        paused_at: None,
        off: None,
        removed_at: None,
        health: Health::default(),
        created_by: Some(actor),
        created_at: now,
        modified_at: now,
    };
    let mut unit = app.store.begin().await?;
    // two at once are one after the other
    unit.subscribers_mut().lock(subscriber).await?;
    let count = unit.webhooks().of_subscriber(subscriber).await?.len();
    if let Some(problems) = no_room(count) {
        return Err(problems.into());
    }
    unit.webhooks_mut().insert_endpoint(&endpoint).await?;
    log(app, unit.as_mut(), Some(actor), &endpoint, "created").await?;
    unit.commit().await?;
    let secret = secret_of(app, &endpoint);
    Ok(Made { endpoint, secret })
}

/// Changes address, description and topics.
///
/// # Errors
/// See [`EditError`].
pub async fn change(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
    input: &Input,
) -> Result<Endpoint, EditError> {
    let draft = Draft::read(app, input)?;
    let (mut unit, mut endpoint) = locked(app, subscriber, id).await?;
    (endpoint.address, endpoint.description, endpoint.topics) =
        (draft.address, draft.description, draft.topics);
    keep(app, unit.as_mut(), actor, &mut endpoint, "changed").await?;
    unit.commit().await?;
    Ok(endpoint)
}

/// Changes the secret. The one before signs too for [`OVERLAP`](super::OVERLAP).
///
/// # Errors
/// See [`EditError`].
pub async fn rotate(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
) -> Result<Made, EditError> {
    let (mut unit, mut endpoint) = locked(app, subscriber, id).await?;
    endpoint.generation = endpoint.generation.saturating_add(1);
    endpoint.rotated_at = Some(app.now());
    keep(app, unit.as_mut(), actor, &mut endpoint, "secret changed").await?;
    unit.commit().await?;
    let secret = secret_of(app, &endpoint);
    Ok(Made { endpoint, secret })
}

/// Has deliveries wait.
///
/// # Errors
/// See [`EditError`].
pub async fn pause(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
) -> Result<(), EditError> {
    let (mut unit, mut endpoint) = locked(app, subscriber, id).await?;
    if endpoint.paused_at.is_some() {
        return Ok(());
    }
    endpoint.paused_at = Some(app.now());
    keep(app, unit.as_mut(), actor, &mut endpoint, "paused").await?;
    Ok(unit.commit().await?)
}

/// Has what waits delivered, and whatever comes; also to an endpoint that was switched off.
///
/// # Errors
/// See [`EditError`].
pub async fn resume(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
) -> Result<(), EditError> {
    let (mut unit, mut endpoint) = locked(app, subscriber, id).await?;
    if endpoint.is_open() && !endpoint.rests(app.now()) {
        return Ok(());
    }
    (endpoint.paused_at, endpoint.off, endpoint.health) = (None, None, Health::default());
    keep(app, unit.as_mut(), actor, &mut endpoint, "resumed").await?;
    unit.webhooks_mut().queue_waiting(id, app.now()).await?;
    unit.jobs_mut().enqueue_all(&all_lines(app, &endpoint)).await?;
    Ok(unit.commit().await?)
}

/// Ends an endpoint for good.
///
/// # Errors
/// See [`EditError`].
pub async fn remove(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
) -> Result<(), EditError> {
    let (mut unit, mut endpoint) = locked(app, subscriber, id).await?;
    endpoint.removed_at = Some(app.now());
    keep(app, unit.as_mut(), actor, &mut endpoint, "deleted").await?;
    unit.webhooks_mut().give_up_waiting(id).await?;
    Ok(unit.commit().await?)
}

/// Has a message of [`Topic::Test`] sent.
///
/// # Errors
/// See [`EditError`].
pub async fn send_test(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
) -> Result<DeliveryId, EditError> {
    let (mut unit, endpoint) = locked(app, subscriber, id).await?;
    let delivery = Delivery::new(DeliveryId(app.ids.uuid()), &endpoint, Topic::Test, app.now());
    unit.webhooks_mut().insert_delivery(&delivery).await?;
    enqueue(app, unit.as_mut(), &endpoint, &delivery).await?;
    log(app, unit.as_mut(), Some(actor), &endpoint, "tested").await?;
    unit.commit().await?;
    Ok(delivery.id)
}

/// Has one delivery sent again, whatever became of it, under the id that it had.
///
/// # Errors
/// See [`EditError`].
pub async fn send_again(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: EndpointId,
    delivery: DeliveryId,
) -> Result<(), EditError> {
    let (mut unit, endpoint) = locked(app, subscriber, id).await?;
    let found = unit.webhooks_mut().lock_delivery(delivery).await?.filter(|it| it.endpoint == id);
    let Some(mut delivery) = found else { return Err(EditError::NotFound) };
    if delivery.status != DeliveryStatus::Waiting {
        delivery.queue_again(app.now());
        unit.webhooks_mut().update_delivery(&delivery).await?;
        log(app, unit.as_mut(), Some(actor), &endpoint, "sent again").await?;
    }
    enqueue(app, unit.as_mut(), &endpoint, &delivery).await?;
    Ok(unit.commit().await?)
}

/// Has the deliveries of a span of time sent again, by somebody or by a command.
///
/// # Errors
/// See [`EditError`].
pub async fn replay(
    app: &App,
    actor: Option<UserId>,
    subscriber: SubscriberId,
    id: EndpointId,
    window: Window,
) -> Result<Replayed, EditError> {
    let (mut unit, endpoint) = locked(app, subscriber, id).await?;
    let job = Replay { endpoint: id, from: window.from, to: window.to, asked_at: app.now() };
    unit.jobs_mut().enqueue(&job.job(app, subscriber)).await?;
    log(app, unit.as_mut(), actor, &endpoint, "replayed").await?;
    unit.commit().await?;
    Ok(Replayed { endpoint, window })
}

/// A unit that holds an endpoint of the subscriber which is still there.
async fn locked(
    app: &App,
    subscriber: SubscriberId,
    id: EndpointId,
) -> Result<(Box<dyn Unit>, Endpoint), EditError> {
    let mut unit = app.store.begin().await?;
    let found = unit.webhooks_mut().lock_endpoint(id).await?;
    match found.filter(|it| it.subscriber == subscriber && it.removed_at.is_none()) {
        Some(endpoint) => Ok((unit, endpoint)),
        None => Err(EditError::NotFound),
    }
}

async fn keep(
    app: &App,
    unit: &mut dyn Unit,
    actor: UserId,
    endpoint: &mut Endpoint,
    act: &str,
) -> Result<(), StoreError> {
    endpoint.modified_at = app.now();
    unit.webhooks_mut().update_endpoint(endpoint).await?;
    log(app, unit, Some(actor), endpoint, act).await
}

async fn log(
    app: &App,
    unit: &mut dyn Unit,
    actor: Option<UserId>,
    endpoint: &Endpoint,
    act: &str,
) -> Result<(), StoreError> {
    Change::new(app, actor, Endpoint::KIND, endpoint.id, act).of(endpoint.subscriber).write(unit).await
}

async fn enqueue(
    app: &App,
    unit: &mut dyn Unit,
    endpoint: &Endpoint,
    delivery: &Delivery,
) -> Result<(), StoreError> {
    let job = Deliver { endpoint: endpoint.id, shard: delivery.shard };
    unit.jobs_mut().enqueue(&job.job(app, endpoint.subscriber)).await?;
    Ok(())
}
