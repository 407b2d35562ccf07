//! The outbox: what endpoints are to be told is written in the unit of what it tells of.

use chrono::{DateTime, Utc};

use super::{About, Delivery, Listeners, Topic, jobs::Deliver};
use crate::{
    action::{Event, Outcome},
    app::App,
    ids::{ActionId, DeliveryId, EventId},
    listing::Tool,
    ports::store::{StoreError, Unit, unless_absent},
};

/// Tools whose records are complete when they are made.
const DONE_AT_ONCE: [Tool; 2] = [Tool::Remind, Tool::Locate];

/// Tells that a voter began with a tool; the record has been written in this unit.
///
/// # Errors
/// When the store fails.
pub async fn begun(app: &App, unit: &mut dyn Unit, action: ActionId) -> Result<(), StoreError> {
    let Some(listeners) = listeners(unit, action).await? else { return Ok(()) };
    let tool = listeners.subject.tool;
    let mut topics = vec![Topic::started(tool)];
    if DONE_AT_ONCE.contains(&tool) {
        topics.push(Topic::completed(tool));
    }
    announce(app, unit, &listeners, &topics, action, None, app.now()).await
}

/// Records an event in this unit, and tells of it.
///
/// # Errors
/// When the store fails.
pub async fn happened(app: &App, unit: &mut dyn Unit, event: &Event) -> Result<(), StoreError> {
    unit.actions_mut().record(event).await?;
    let Some(listeners) = listeners(unit, event.action).await? else { return Ok(()) };
    let mut topics = Vec::new();
    if is_completed_by(unit, event, listeners.subject.tool).await? {
        topics.push(Topic::completed(listeners.subject.tool));
    }
    topics.push(Topic::ActionEvent);
    announce(app, unit, &listeners, &topics, event.action, Some(event), event.created_at).await
}

/// Who is to be told of the action, if there is anybody. The action, and with it its voter, is theirs until the unit ends: of
/// two units at once that tell of either, the one whose deliveries come first commits first.
async fn listeners(unit: &mut dyn Unit, action: ActionId) -> Result<Option<Listeners>, StoreError> {
    let found = unless_absent(unit.webhooks().listeners(action).await)?;
    if found.is_some() {
        unit.webhooks_mut().hold_action(action).await?;
    }
    Ok(found)
}

/// Whether it is the first event that says that the voter is done.
async fn is_completed_by(unit: &mut dyn Unit, event: &Event, tool: Tool) -> Result<bool, StoreError> {
    let says_so = |event: &Event| Outcome::FINISHED.contains(&event.kind);
    if DONE_AT_ONCE.contains(&tool) || !says_so(event) {
        return Ok(false);
    }
    let events = unit.actions().events(event.action).await?;
    Ok(!events.iter().any(|other| other.id != event.id && says_so(other)))
}

async fn announce(
    app: &App,
    unit: &mut dyn Unit,
    listeners: &Listeners,
    topics: &[Topic],
    action: ActionId,
    event: Option<&Event>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let subject = listeners.subject;
    let event: Option<(EventId, _)> = event.map(|event| (event.id, event.kind));
    let about = About { action, tool: subject.tool, record: subject.record, state: subject.state, event };
    let shard = super::shard_of(listeners.voter.map_or(action.0, |voter| voter.0));
    for endpoint in &listeners.endpoints {
        let wanted = topics.iter().filter(|topic| endpoint.topics.contains(topic));
        let mut is_told = false;
        for topic in wanted {
            let id = DeliveryId(app.ids.uuid());
            let delivery = Delivery { about: Some(about), shard, ..Delivery::new(id, endpoint, *topic, at) };
            unit.webhooks_mut().insert_delivery(&delivery).await?;
            is_told = true;
        }
        if is_told {
            // to one that waits or is off too: the job looks again at what it is by then
            let job = Deliver { endpoint: endpoint.id, shard };
            unit.jobs_mut().enqueue(&job.job(app, endpoint.subscriber)).await?;
        }
    }
    Ok(())
}
