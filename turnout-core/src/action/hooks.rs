//! What follows an event that a page reports (`flows.md` 1.4, `http-api.md` 8).

use super::{EventType, Record, Source};
use crate::{
    absentee,
    app::App,
    ids::ActionId,
    jobs::NewJob,
    ports::store::{StoreError, Unit, unless_absent},
    register, verifier,
};

/// Runs the hook of a record's tool for events recorded in this unit. Only the first `FinishExternal` of an action has
/// one: the mail about what is next.
pub(super) async fn hooks(
    app: &App,
    unit: &mut dyn Unit,
    action: ActionId,
    recorded: &[EventType],
    record: Record<'_>,
) -> Result<(), StoreError> {
    if !is_first_external(unit, action, recorded).await? {
        return Ok(());
    }
    if let Some(job) = next_steps(app, unit, record).await? {
        unit.jobs_mut().enqueue(&job.of(record.subscriber())).await?;
    }
    Ok(())
}

/// Whether the action's first `FinishExternal` is among those recorded in this unit.
async fn is_first_external(
    unit: &mut dyn Unit,
    action: ActionId,
    recorded: &[EventType],
) -> Result<bool, StoreError> {
    let now = recorded.iter().filter(|kind| **kind == EventType::FinishExternal).count();
    if now == 0 {
        return Ok(false);
    }
    let events = unit.actions().events(action).await?;
    Ok(events.iter().filter(|event| event.kind == EventType::FinishExternal).count() == now)
}

/// The mail about what is next. Two calls at once may each be the first, so the job has a key.
async fn next_steps(
    app: &App,
    unit: &mut dyn Unit,
    record: Record<'_>,
) -> Result<Option<NewJob>, StoreError> {
    let (job, key, delay) = match record {
        Record::Registration(registration) => {
            if let Some(state) = registration.address.state
                && unit.elections().text(state, "vbm_universal").await?.as_deref() == Some("True")
            {
                return Ok(None);
            }
            let job = register::jobs::NextSteps { registration: registration.id }.job(app);
            (job, registration.id.to_string(), app.settings.register.next_steps_delay)
        }
        Record::BallotRequest(request) => {
            let job = absentee::jobs::NextSteps { ballot_request: request.id }.job(app);
            (job, request.id.to_string(), app.settings.absentee.next_steps_delay)
        }
    };
    let key = format!("{}:{key}", job.kind);
    Ok(Some(job.at(app.now() + delay).once(key)))
}

/// Runs the hook of the tool that reported an event; a tool that does not fit the action has none (quirk Q45). Other
/// events than `FinishExternal` have no hook, and nothing is looked for.
pub(super) async fn tool_hook(
    app: &App,
    unit: &mut dyn Unit,
    action: ActionId,
    kind: EventType,
    tool: Option<&str>,
) -> Result<(), StoreError> {
    let (Some(tool), EventType::FinishExternal) = (tool, kind) else { return Ok(()) };
    match (tool, unit.actions().source(action).await?) {
        ("register", Some(Source::Registration(id))) => match unit.registrations().by_id(id).await? {
            Some(found) => hooks(app, unit, action, &[kind], Record::Registration(&found)).await,
            None => Ok(()),
        },
        ("absentee", Some(Source::BallotRequest(id))) => {
            match unless_absent(unit.ballot_requests().by_id(id).await)? {
                Some(found) => hooks(app, unit, action, &[kind], Record::BallotRequest(&found)).await,
                None => Ok(()),
            }
        }
        ("verify", Some(Source::Lookup(id))) => {
            let found = unit.lookups().by_id(id).await?;
            if let Some(lookup) = found
                && is_first_external(unit, action, &[kind]).await?
            {
                unit.jobs_mut().enqueue(&verifier::jobs::next_steps(app, &lookup)).await?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
